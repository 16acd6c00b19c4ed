#pragma once

#include <stddef.h>
#include <stdint.h>

/// One file of the page, carried in the program's read-only data: it needs no file at run time, cannot be
/// changed by one, and lives as long as the process does.
typedef struct {
  /// Where it is asked for, with a leading slash: "/screens/chat.js". Zero-terminated ASCII.
  const char *path;
  /// What it is sent as. Zero-terminated ASCII.
  const char *media_type;
  const uint8_t *bytes;
  size_t length;
} cweb_asset;

/// How many assets there are.
size_t cweb_asset_count(void);

/// Asset `index`, in the order of their paths; an empty one (`path` is NULL) from `cweb_asset_count()` on.
cweb_asset cweb_asset_at(size_t index);

/// A number that changes when the bytes do (FNV-1a, 64 bits): the asset's entity tag. Linear in its length,
/// so it is worth keeping.
uint64_t cweb_asset_hash(cweb_asset asset);

/// The bytes as gzip (RFC 1952), at its best and slowest; to be freed. NULL when there is no memory for it, or
/// they are more than 2 GB.
uint8_t *cweb_gzip(const uint8_t *bytes, size_t length, size_t *compressed_length);
