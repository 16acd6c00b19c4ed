#include "distance.h"

#if defined(__x86_64__)
#include <immintrin.h>
#elif defined(__aarch64__)
#include <arm_neon.h>
#endif

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

LOOP int32_t signed_loop(const uint8_t *codes, size_t stride, int8_t *signed_codes) {
  int32_t sum = 0;
  for (size_t i = 0; i < stride; i++) {
    int8_t value = (int8_t)(codes[i] ^ 0x80);
    signed_codes[i] = value;
    sum += value;
  }
  return sum;
}
FOR_EACH_PROCESSOR(int32_t, signed, (const uint8_t *codes, size_t stride, int8_t *signed_codes),
                   (codes, stride, signed_codes))

// 8-bit codes. Memory is what bounds these: while four rows are multiplied, the next four are fetched.

static void dot_codes_plain(const uint8_t *codes, size_t stride, const uint32_t *numbers, size_t count,
                            const int8_t *query, int32_t *products) {
  for (size_t n = 0; n < count; n++) {
    const uint8_t *row = codes + numbers[n] * stride;
    int32_t sum = 0;
    for (size_t i = 0; i < stride; i++) sum += row[i] * query[i];
    products[n] = sum;
  }
}

#if defined(__x86_64__)

// 16-bit products: the 8-bit multiply of AVX2 saturates, so both sides are widened first.
__attribute__((target("avx2"))) static void dot_codes_avx2(const uint8_t *codes, size_t stride,
                                                           const uint32_t *numbers, size_t count,
                                                           const int8_t *query, int32_t *products) {
  for (size_t n = 0; n < count; n++) {
    const uint8_t *row = codes + numbers[n] * stride;
    if (n + 2 < count) distance_prefetch(codes + numbers[n + 2] * stride, stride);
    __m256i even = _mm256_setzero_si256(), odd = _mm256_setzero_si256();
    for (size_t i = 0; i < stride; i += 32) {
      __m256i a = _mm256_cvtepu8_epi16(_mm_loadu_si128((const __m128i *)(row + i)));
      __m256i b = _mm256_cvtepi8_epi16(_mm_loadu_si128((const __m128i *)(query + i)));
      even = _mm256_add_epi32(even, _mm256_madd_epi16(a, b));
      a = _mm256_cvtepu8_epi16(_mm_loadu_si128((const __m128i *)(row + i + 16)));
      b = _mm256_cvtepi8_epi16(_mm_loadu_si128((const __m128i *)(query + i + 16)));
      odd = _mm256_add_epi32(odd, _mm256_madd_epi16(a, b));
    }
    __m256i sums = _mm256_add_epi32(even, odd);
    __m128i half = _mm_add_epi32(_mm256_castsi256_si128(sums), _mm256_extracti128_si256(sums, 1));
    half = _mm_add_epi32(half, _mm_shuffle_epi32(half, 0x4e));
    half = _mm_add_epi32(half, _mm_shuffle_epi32(half, 0xb1));
    products[n] = _mm_cvtsi128_si32(half);
  }
}

// VNNI multiplies 64 unsigned by 64 signed bytes and adds them up in 16 lanes, in one instruction.
__attribute__((target("avx512f,avx512bw,avx512vnni"))) static void dot_codes_vnni(
    const uint8_t *codes, size_t stride, const uint32_t *numbers, size_t count, const int8_t *query,
    int32_t *products) {
  size_t n = 0;
  for (; n + 4 <= count; n += 4) {
    const uint8_t *a = codes + numbers[n] * stride, *b = codes + numbers[n + 1] * stride;
    const uint8_t *c = codes + numbers[n + 2] * stride, *d = codes + numbers[n + 3] * stride;
    size_t left = count - n - 4;
    const uint8_t *next_a = left > 0 ? codes + numbers[n + 4] * stride : a;
    const uint8_t *next_b = left > 1 ? codes + numbers[n + 5] * stride : a;
    const uint8_t *next_c = left > 2 ? codes + numbers[n + 6] * stride : a;
    const uint8_t *next_d = left > 3 ? codes + numbers[n + 7] * stride : a;
    __m512i sum_a = _mm512_setzero_si512(), sum_b = sum_a, sum_c = sum_a, sum_d = sum_a;
    for (size_t i = 0; i < stride; i += 64) {
      __m512i q = _mm512_loadu_si512(query + i);
      sum_a = _mm512_dpbusd_epi32(sum_a, _mm512_loadu_si512(a + i), q);
      sum_b = _mm512_dpbusd_epi32(sum_b, _mm512_loadu_si512(b + i), q);
      sum_c = _mm512_dpbusd_epi32(sum_c, _mm512_loadu_si512(c + i), q);
      sum_d = _mm512_dpbusd_epi32(sum_d, _mm512_loadu_si512(d + i), q);
      __builtin_prefetch(next_a + i);
      __builtin_prefetch(next_b + i);
      __builtin_prefetch(next_c + i);
      __builtin_prefetch(next_d + i);
    }
    products[n] = _mm512_reduce_add_epi32(sum_a);
    products[n + 1] = _mm512_reduce_add_epi32(sum_b);
    products[n + 2] = _mm512_reduce_add_epi32(sum_c);
    products[n + 3] = _mm512_reduce_add_epi32(sum_d);
  }
  for (; n < count; n++) {
    const uint8_t *row = codes + numbers[n] * stride;
    __m512i sum = _mm512_setzero_si512();
    for (size_t i = 0; i < stride; i += 64)
      sum = _mm512_dpbusd_epi32(sum, _mm512_loadu_si512(row + i), _mm512_loadu_si512(query + i));
    products[n] = _mm512_reduce_add_epi32(sum);
  }
}

#elif defined(__aarch64__)

// Both sides are widened to 16 bits: 255 * -128 fits no signed 16-bit product pair otherwise.
static void dot_codes_neon(const uint8_t *codes, size_t stride, const uint32_t *numbers, size_t count,
                           const int8_t *query, int32_t *products) {
  for (size_t n = 0; n < count; n++) {
    const uint8_t *row = codes + numbers[n] * stride;
    if (n + 2 < count) distance_prefetch(codes + numbers[n + 2] * stride, stride);
    int32x4_t even = vdupq_n_s32(0), odd = vdupq_n_s32(0);
    for (size_t i = 0; i < stride; i += 16) {
      uint8x16_t a = vld1q_u8(row + i);
      int8x16_t b = vld1q_s8(query + i);
      int16x8_t a_low = vreinterpretq_s16_u16(vmovl_u8(vget_low_u8(a))), b_low = vmovl_s8(vget_low_s8(b));
      int16x8_t a_high = vreinterpretq_s16_u16(vmovl_high_u8(a)), b_high = vmovl_high_s8(b);
      even = vmlal_s16(even, vget_low_s16(a_low), vget_low_s16(b_low));
      odd = vmlal_high_s16(odd, a_low, b_low);
      even = vmlal_s16(even, vget_low_s16(a_high), vget_low_s16(b_high));
      odd = vmlal_high_s16(odd, a_high, b_high);
    }
    products[n] = vaddvq_s32(vaddq_s32(even, odd));
  }
}

#endif

typedef void dot_codes_form(const uint8_t *, size_t, const uint32_t *, size_t, const int8_t *, int32_t *);

static struct {
  const char *name;
  dot_codes_form *run;
} forms[distance_form_count] = {{"plain", dot_codes_plain}};

static dot_codes_form *fastest = dot_codes_plain;

#define CHOOSE(level)                                                      \
  squared_euclidean_rows_fastest = squared_euclidean_rows_##level;           \
  squared_euclidean_scattered_fastest = squared_euclidean_scattered_##level; \
  dot_rows_fastest = dot_rows_##level;                                       \
  dot_scattered_fastest = dot_scattered_##level;                             \
  encode_fastest = encode_##level;                                           \
  signed_fastest = signed_##level;

__attribute__((constructor)) static void choose_forms(void) {
#if defined(__x86_64__)
  __builtin_cpu_init();
  if (__builtin_cpu_supports("x86-64-v3")) { CHOOSE(v3) }
  if (__builtin_cpu_supports("x86-64-v4")) { CHOOSE(v4) }
  if (__builtin_cpu_supports("avx2")) {
    forms[1].name = "AVX2";
    forms[1].run = fastest = dot_codes_avx2;
  }
  if (__builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vnni")) {
    forms[2].name = "AVX-512 VNNI";
    forms[2].run = fastest = dot_codes_vnni;
  }
#elif defined(__aarch64__)
  forms[3].name = "NEON";
  forms[3].run = fastest = dot_codes_neon;
#endif
}

const char *distance_form_name(int form) {
  return form >= 0 && form < distance_form_count ? forms[form].name : NULL;
}

void distance_dot_codes_with(int form, const uint8_t *codes, size_t stride, const uint32_t *numbers,
                             size_t count, const int8_t *query, int32_t *products) {
  if (distance_form_name(form)) forms[form].run(codes, stride, numbers, count, query, products);
}

void distance_dot_codes(const uint8_t *codes, size_t stride, const uint32_t *numbers, size_t count,
                        const int8_t *query, int32_t *products) {
  fastest(codes, stride, numbers, count, query, products);
}
