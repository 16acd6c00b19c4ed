#define CURL_DISABLE_TYPECHECK
#define _GNU_SOURCE
#include "CCurl.h"

#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>

CURLcode ccurl_set_long(CURL *easy, CURLoption option, long value) {
  return curl_easy_setopt(easy, option, value);
}

CURLcode ccurl_set_text(CURL *easy, CURLoption option, const char *text) {
  return curl_easy_setopt(easy, option, text);
}

CURLcode ccurl_set_list(CURL *easy, CURLoption option, struct curl_slist *list) {
  return curl_easy_setopt(easy, option, list);
}

CURLcode ccurl_set_body(CURL *easy, const void *bytes, size_t count) {
  CURLcode result = curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)count);
  if (result != CURLE_OK) return result;
  return curl_easy_setopt(easy, CURLOPT_COPYPOSTFIELDS, count ? (const char *)bytes : "");
}

CURLcode ccurl_set_callbacks(
  CURL *easy, ccurl_data_callback body, ccurl_data_callback header, ccurl_socket_callback socket,
  ccurl_request_callback request, void *context) {
  CURLcode result = CURLE_OK;
#define SET(option, value) if (result == CURLE_OK) result = curl_easy_setopt(easy, option, value)
  SET(CURLOPT_WRITEFUNCTION, body);
  SET(CURLOPT_WRITEDATA, context);
  SET(CURLOPT_HEADERFUNCTION, header);
  SET(CURLOPT_HEADERDATA, context);
  SET(CURLOPT_OPENSOCKETFUNCTION, socket);
  SET(CURLOPT_OPENSOCKETDATA, context);
  SET(CURLOPT_PREREQFUNCTION, request);
  SET(CURLOPT_PREREQDATA, context);
#undef SET
  return result;
}

CURLMcode ccurl_multi_set_long(CURLM *multi, CURLMoption option, long value) {
  return curl_multi_setopt(multi, option, value);
}

int ccurl_multi_next_done(CURLM *multi, CURL **easy, CURLcode *result) {
  int remaining = 0;
  CURLMsg *message;
  while ((message = curl_multi_info_read(multi, &remaining))) {
    if (message->msg != CURLMSG_DONE) continue;
    *easy = message->easy_handle;
    *result = message->data.result;
    return 1;
  }
  return 0;
}

int ccurl_address_bytes(const struct curl_sockaddr *address, uint8_t bytes[16]) {
  const struct sockaddr *peer = &address->addr;
  if (address->family == AF_INET) {
    memcpy(bytes, &((const struct sockaddr_in *)peer)->sin_addr, 4);
    return 4;
  }
  if (address->family == AF_INET6) {
    memcpy(bytes, &((const struct sockaddr_in6 *)peer)->sin6_addr, 16);
    return 16;
  }
  return 0;
}

curl_socket_t ccurl_open_socket(const struct curl_sockaddr *address) {
  return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}
