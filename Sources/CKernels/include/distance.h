#pragma once
// Distances that BLAS has no call for, or none that threads may share. Each kernel states the plain sum
// it computes; the fastest form the processor can run is chosen when the program is loaded. `..._with`
// runs a form by number, so that every one can be checked against the plain sum.
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// distances[r] = sum over i of (rows[r * dimensions + i] - query[i])^2, for r in 0 ..< row_count.
void distance_squared_euclidean_rows(const float *rows, size_t row_count, size_t dimensions,
                                     const float *query, float *distances);

/// The same for rows that are scattered: row numbers[n] starts at rows + numbers[n] * dimensions.
void distance_squared_euclidean_scattered(const float *rows, size_t dimensions, const uint32_t *numbers,
                                          size_t count, const float *query, float *distances);

/// products[r] = sum over i of rows[r * dimensions + i] * query[i], for r in 0 ..< row_count. A row's sum
/// does not depend on the rows beside it.
void distance_dot_rows(const float *rows, size_t row_count, size_t dimensions, const float *query,
                       float *products);

/// products[n] = sum over i of rows[numbers[n] * dimensions + i] * query[i].
void distance_dot_scattered(const float *rows, size_t dimensions, const uint32_t *numbers, size_t count,
                            const float *query, float *products);

/// codes[i] = 128 + the nearest whole number to values[i] * scale, held to -127 ... 127.
void distance_encode(const float *values, size_t count, float scale, uint8_t *codes);

/// The sum of some numbers, and of their squares.
typedef struct {
  int32_t sum, squares;
} distance_sums;

/// signed_codes[i] = codes[i] - 128; returns their sums. `stride` is a multiple of 64.
distance_sums distance_signed(const uint8_t *codes, size_t stride, int8_t *signed_codes);

// Nibbles: the upper halves of 8-bit codes, two in a byte. Of each 64 bytes the lower halves hold 64
// components and the upper halves the next 64, so that unpacking is a mask and a shift.

/// Packs the upper halves of 2 * stride codes into `stride` bytes, a multiple of 64.
void distance_pack_nibbles(const uint8_t *codes, size_t stride, uint8_t *nibbles);

/// signed_codes[i] = 16 * nibble i + 8 - 128, the middle of the codes it stands for; returns their sums.
distance_sums distance_signed_nibbles(const uint8_t *nibbles, size_t stride, int8_t *signed_codes);

/// Rows to multiply: row numbers[n] starts at codes + numbers[n] * stride; `stride` is a multiple of 64.
/// Those of `next` are on their way into the cache when the call returns.
typedef struct {
  const uint8_t *codes;
  size_t stride;
  const uint32_t *numbers;
  size_t count;
  const uint32_t *next;
  size_t next_count;
} distance_rows;

/// products[n] = sum over i of byte i of row numbers[n] * query[i], for i in 0 ..< stride
/// (of 32 bits no sum overflows: 255 * 127 * 4096 is far below 2^31).
void distance_dot_codes(distance_rows rows, const int8_t *query, int32_t *products);

/// products[n] = sum over i of nibble i of row numbers[n] * query[i], for i in 0 ..< 2 * stride.
void distance_dot_nibbles(distance_rows rows, const int8_t *query, int32_t *products);

/// The forms of both products: 0 is plain C; a form this processor cannot run has no name (NULL).
enum { distance_form_count = 4 };
const char *distance_form_name(int form);
void distance_dot_codes_with(int form, distance_rows rows, const int8_t *query, int32_t *products);
void distance_dot_nibbles_with(int form, distance_rows rows, const int8_t *query, int32_t *products);

/// Asks for `bytes` at `address` to be on their way into the cache.
static inline void distance_prefetch(const void *address, size_t bytes) {
  for (size_t i = 0; i < bytes; i += 64) __builtin_prefetch((const char *)address + i);
}
