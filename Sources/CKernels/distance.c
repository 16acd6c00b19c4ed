#include "distance.h"

// Floats: one plain loop (`..._loop`), compiled once for each instruction set; which of them runs is
// chosen below. Sums may be reassociated, so that the compiler can add in lanes: as written they are
// one long chain of additions.
#define LOOP static inline __attribute__((always_inline))
#if defined(__x86_64__)
#define FORM(target_name, result, name, level, parameters, arguments) \
  __attribute__((target(target_name))) static result name##_##level parameters { return name##_loop arguments; }
#define FOR_EACH_PROCESSOR(result, name, parameters, arguments)       \
  static result name##_plain parameters { return name##_loop arguments; } \
  FORM("arch=x86-64-v3", result, name, v3, parameters, arguments)     \
  FORM("arch=x86-64-v4", result, name, v4, parameters, arguments)     \
  static result (*name##_fastest) parameters = name##_plain;          \
  result distance_##name parameters { return name##_fastest arguments; }
#else
#define FOR_EACH_PROCESSOR(result, name, parameters, arguments) \
  result distance_##name parameters { return name##_loop arguments; }
#endif

LOOP float squared_difference(const float *a, const float *b, size_t dimensions) {
#pragma clang fp reassociate(on) contract(fast)
  float sum = 0;
  for (size_t i = 0; i < dimensions; i++) sum += (a[i] - b[i]) * (a[i] - b[i]);
  return sum;
}

LOOP float product(const float *a, const float *b, size_t dimensions) {
#pragma clang fp reassociate(on) contract(fast)
  float sum = 0;
  for (size_t i = 0; i < dimensions; i++) sum += a[i] * b[i];
  return sum;
}

LOOP void squared_euclidean_rows_loop(const float *rows, size_t row_count, size_t dimensions,
                                      const float *query, float *distances) {
  for (size_t r = 0; r < row_count; r++)
    distances[r] = squared_difference(rows + r * dimensions, query, dimensions);
}
FOR_EACH_PROCESSOR(void, squared_euclidean_rows,
                   (const float *rows, size_t row_count, size_t dimensions, const float *query,
                    float *distances),
                   (rows, row_count, dimensions, query, distances))

LOOP void dot_rows_loop(const float *rows, size_t row_count, size_t dimensions, const float *query,
                        float *products) {
  for (size_t r = 0; r < row_count; r++) products[r] = product(rows + r * dimensions, query, dimensions);
}
FOR_EACH_PROCESSOR(void, dot_rows,
                   (const float *rows, size_t row_count, size_t dimensions, const float *query,
                    float *products),
                   (rows, row_count, dimensions, query, products))

LOOP void squared_euclidean_scattered_loop(const float *rows, size_t dimensions, const uint32_t *numbers,
                                           size_t count, const float *query, float *distances) {
  for (size_t n = 0; n < count; n++) {
    if (n + 2 < count) distance_prefetch(rows + numbers[n + 2] * dimensions, dimensions * sizeof(float));
    distances[n] = squared_difference(rows + numbers[n] * dimensions, query, dimensions);
  }
}
FOR_EACH_PROCESSOR(void, squared_euclidean_scattered,
                   (const float *rows, size_t dimensions, const uint32_t *numbers, size_t count,
                    const float *query, float *distances),
                   (rows, dimensions, numbers, count, query, distances))

LOOP void dot_scattered_loop(const float *rows, size_t dimensions, const uint32_t *numbers, size_t count,
                             const float *query, float *products) {
  for (size_t n = 0; n < count; n++) {
    if (n + 2 < count) distance_prefetch(rows + numbers[n + 2] * dimensions, dimensions * sizeof(float));
    products[n] = product(rows + numbers[n] * dimensions, query, dimensions);
  }
}
FOR_EACH_PROCESSOR(void, dot_scattered,
                   (const float *rows, size_t dimensions, const uint32_t *numbers, size_t count,
                    const float *query, float *products),
                   (rows, dimensions, numbers, count, query, products))

LOOP void encode_loop(const float *values, size_t count, float scale, uint8_t *codes) {
  for (size_t i = 0; i < count; i++) {
    float scaled = values[i] * scale;
    scaled = scaled < -127 ? -127 : scaled > 127 ? 127 : scaled;
    codes[i] = (uint8_t)(128 + (int32_t)__builtin_rintf(scaled));
  }
}
FOR_EACH_PROCESSOR(void, encode, (const float *values, size_t count, float scale, uint8_t *codes),
                   (values, count, scale, codes))

LOOP distance_sums signed_loop(const uint8_t *codes, size_t stride, int8_t *signed_codes) {
  distance_sums sums = {0, 0};
  for (size_t i = 0; i < stride; i++) {
    int32_t value = signed_codes[i] = (int8_t)(codes[i] ^ 0x80);
    sums.sum += value;
    sums.squares += value * value;
  }
  return sums;
}
FOR_EACH_PROCESSOR(distance_sums, signed, (const uint8_t *codes, size_t stride, int8_t *signed_codes),
                   (codes, stride, signed_codes))

LOOP distance_sums signed_nibbles_loop(const uint8_t *nibbles, size_t stride, int8_t *signed_codes) {
  distance_sums sums = {0, 0};
  for (size_t line = 0; line < stride; line += 64) {
    for (size_t i = 0; i < 64; i++) {
      uint8_t both = nibbles[line + i];
      int32_t low = 16 * (both & 15) - 120, high = 16 * (both >> 4) - 120;
      signed_codes[2 * line + i] = (int8_t)low;
      signed_codes[2 * line + 64 + i] = (int8_t)high;
      sums.sum += low + high;
      sums.squares += low * low + high * high;
    }
  }
  return sums;
}
FOR_EACH_PROCESSOR(distance_sums, signed_nibbles,
                   (const uint8_t *nibbles, size_t stride, int8_t *signed_codes),
                   (nibbles, stride, signed_codes))

LOOP void pack_nibbles_loop(const uint8_t *codes, size_t stride, uint8_t *nibbles) {
  for (size_t line = 0; line < stride; line += 64)
    for (size_t i = 0; i < 64; i++)
      nibbles[line + i] = (uint8_t)(codes[2 * line + i] >> 4 | (codes[2 * line + 64 + i] & 0xf0));
}
FOR_EACH_PROCESSOR(void, pack_nibbles, (const uint8_t *codes, size_t stride, uint8_t *nibbles),
                   (codes, stride, nibbles))

#define CHOOSE(level)                                                      \
  squared_euclidean_rows_fastest = squared_euclidean_rows_##level;           \
  squared_euclidean_scattered_fastest = squared_euclidean_scattered_##level; \
  dot_rows_fastest = dot_rows_##level;                                       \
  dot_scattered_fastest = dot_scattered_##level;                             \
  encode_fastest = encode_##level;                                           \
  signed_fastest = signed_##level;                                           \
  signed_nibbles_fastest = signed_nibbles_##level;                           \
  pack_nibbles_fastest = pack_nibbles_##level;

#if defined(__x86_64__)
__attribute__((constructor)) static void choose_forms(void) {
  __builtin_cpu_init();
  if (__builtin_cpu_supports("x86-64-v3")) { CHOOSE(v3) }
  if (__builtin_cpu_supports("x86-64-v4")) { CHOOSE(v4) }
}
#endif
