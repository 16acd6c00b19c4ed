#pragma once

/// What Swift cannot say to libcurl by itself: its variadic calls, its message union, and the
/// sockets and addresses its callbacks hand out. No decision is taken here.

#include <curl/curl.h>
#include <stdint.h>

typedef size_t (*ccurl_data_callback)(char *bytes, size_t size, size_t count, void *context);
typedef curl_socket_t (*ccurl_socket_callback)(
  void *context, curlsocktype purpose, struct curl_sockaddr *address);
typedef int (*ccurl_request_callback)(
  void *context, char *peer, char *local, int peer_port, int local_port);

CURLcode ccurl_set_long(CURL *easy, CURLoption option, long value);
CURLcode ccurl_set_text(CURL *easy, CURLoption option, const char *text);
CURLcode ccurl_set_list(CURL *easy, CURLoption option, struct curl_slist *list);

/// Copies `count` bytes as the request's body.
CURLcode ccurl_set_body(CURL *easy, const void *bytes, size_t count);

/// Sets the four callbacks and the one context that each of them receives.
CURLcode ccurl_set_callbacks(
  CURL *easy, ccurl_data_callback body, ccurl_data_callback header, ccurl_socket_callback socket,
  ccurl_request_callback request, void *context);

CURLMcode ccurl_multi_set_long(CURLM *multi, CURLMoption option, long value);

/// Takes one finished transfer off the multi handle's queue; 0 when there is none.
int ccurl_multi_next_done(CURLM *multi, CURL **easy, CURLcode *result);

/// Writes the address in network order and returns its length: 4, 16, or 0 for any other family.
int ccurl_address_bytes(const struct curl_sockaddr *address, uint8_t bytes[16]);

/// Opens the socket that libcurl asked for; closed in programs this process starts.
curl_socket_t ccurl_open_socket(const struct curl_sockaddr *address);
