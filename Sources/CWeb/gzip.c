#include "CWeb.h"

#include <stdlib.h>
#include <zlib.h>

/// 15 bits of window, and the 16 that ask zlib for gzip's frame (RFC 1952).
static const int gzip_window_bits = 15 + 16;

uint8_t *cweb_gzip(const uint8_t *bytes, size_t length, size_t *compressed_length) {
  z_stream stream = {0};
  if (length > UINT32_MAX / 2 ||
      deflateInit2(&stream, Z_BEST_COMPRESSION, Z_DEFLATED, gzip_window_bits, MAX_MEM_LEVEL,
                   Z_DEFAULT_STRATEGY) != Z_OK) {
    return NULL;
  }
  uLong bound = deflateBound(&stream, (uLong)length);
  uint8_t *compressed = malloc(bound);
  stream.next_in = (Bytef *)bytes;
  stream.avail_in = (uInt)length;
  stream.next_out = compressed;
  stream.avail_out = (uInt)bound;
  int status = compressed ? deflate(&stream, Z_FINISH) : Z_MEM_ERROR;
  *compressed_length = stream.total_out;
  deflateEnd(&stream);
  if (status == Z_STREAM_END) return compressed;
  free(compressed);
  return NULL;
}
