#include "distance.h"

#if defined(__x86_64__)
#include <immintrin.h>
#elif defined(__aarch64__)
#include <arm_neon.h>
#endif

// Products of whole numbers. Memory is what bounds these: while rows are multiplied, the next are fetched.

#define INLINE static inline __attribute__((always_inline))

// A form from the product of one row, `row_product(row, stride, query)`.
#define ROW_BY_ROW(attributes, name, row_product)                                                   \
  attributes static void name(distance_rows rows, const int8_t *query, int32_t *products) {         \
    for (size_t n = 0; n < rows.count; n++) {                                                       \
      if (n < rows.next_count) distance_fetch(rows, n);                                             \
      products[n] = row_product(rows.codes + rows.numbers[n] * rows.stride, rows.stride, query);    \
    }                                                                                               \
    for (size_t n = rows.count; n < rows.next_count; n++) distance_fetch(rows, n);                  \
  }

INLINE void distance_fetch(distance_rows rows, size_t n) {
  distance_prefetch(rows.codes + rows.next[n] * rows.stride, rows.stride);
}

INLINE int32_t codes_plain(const uint8_t *row, size_t stride, const int8_t *query) {
  int32_t sum = 0;
  for (size_t i = 0; i < stride; i++) sum += row[i] * query[i];
  return sum;
}
ROW_BY_ROW(, dot_codes_plain, codes_plain)

INLINE int32_t nibbles_plain(const uint8_t *row, size_t stride, const int8_t *query) {
  int32_t sum = 0;
  for (size_t line = 0; line < stride; line += 64)
    for (size_t i = 0; i < 64; i++)
      sum += (row[line + i] & 15) * query[2 * line + i] + (row[line + i] >> 4) * query[2 * line + 64 + i];
  return sum;
}
ROW_BY_ROW(, dot_nibbles_plain, nibbles_plain)

#if defined(__x86_64__)

#define AVX2 __attribute__((target("avx2")))
#define VNNI __attribute__((target("avx512f,avx512bw,avx512vnni")))

AVX2 INLINE int32_t sum_of_eight(__m256i sums) {
  __m128i half = _mm_add_epi32(_mm256_castsi256_si128(sums), _mm256_extracti128_si256(sums, 1));
  half = _mm_add_epi32(half, _mm_shuffle_epi32(half, 0x4e));
  half = _mm_add_epi32(half, _mm_shuffle_epi32(half, 0xb1));
  return _mm_cvtsi128_si32(half);
}

// 16-bit products: the 8-bit multiply of AVX2 saturates, so both sides are widened first.
AVX2 INLINE int32_t codes_avx2(const uint8_t *row, size_t stride, const int8_t *query) {
  __m256i even = _mm256_setzero_si256(), odd = even;
  for (size_t i = 0; i < stride; i += 32) {
    __m256i a = _mm256_cvtepu8_epi16(_mm_loadu_si128((const __m128i *)(row + i)));
    __m256i b = _mm256_cvtepi8_epi16(_mm_loadu_si128((const __m128i *)(query + i)));
    even = _mm256_add_epi32(even, _mm256_madd_epi16(a, b));
    a = _mm256_cvtepu8_epi16(_mm_loadu_si128((const __m128i *)(row + i + 16)));
    b = _mm256_cvtepi8_epi16(_mm_loadu_si128((const __m128i *)(query + i + 16)));
    odd = _mm256_add_epi32(odd, _mm256_madd_epi16(a, b));
  }
  return sum_of_eight(_mm256_add_epi32(even, odd));
}
ROW_BY_ROW(AVX2, dot_codes_avx2, codes_avx2)

// Of nibbles it cannot saturate: four products are at most 4 * 15 * 128, far below 2^15.
AVX2 INLINE int32_t nibbles_avx2(const uint8_t *row, size_t stride, const int8_t *query) {
  const __m256i low = _mm256_set1_epi8(15), ones = _mm256_set1_epi16(1);
  __m256i sums = _mm256_setzero_si256();
  for (size_t i = 0; i < stride; i += 32) {
    const int8_t *q = query + 2 * (i & ~(size_t)63) + (i & 32);
    __m256i both = _mm256_loadu_si256((const __m256i *)(row + i));
    __m256i first = _mm256_maddubs_epi16(_mm256_and_si256(both, low), _mm256_loadu_si256((const __m256i *)q));
    __m256i second = _mm256_maddubs_epi16(_mm256_and_si256(_mm256_srli_epi16(both, 4), low),
                                          _mm256_loadu_si256((const __m256i *)(q + 64)));
    sums = _mm256_add_epi32(sums, _mm256_madd_epi16(_mm256_add_epi16(first, second), ones));
  }
  return sum_of_eight(sums);
}
ROW_BY_ROW(AVX2, dot_nibbles_avx2, nibbles_avx2)

// VNNI multiplies 64 unsigned by 64 signed bytes and adds them up in 16 lanes, in one instruction.
VNNI INLINE __m512i add_line(bool nibbles, __m512i sum, const uint8_t *row, const int8_t *query, size_t i) {
  __m512i line = _mm512_loadu_si512(row + i);
  if (!nibbles) return _mm512_dpbusd_epi32(sum, line, _mm512_loadu_si512(query + i));
  const __m512i low = _mm512_set1_epi8(15);
  sum = _mm512_dpbusd_epi32(sum, _mm512_and_si512(line, low), _mm512_loadu_si512(query + 2 * i));
  line = _mm512_and_si512(_mm512_srli_epi16(line, 4), low);
  return _mm512_dpbusd_epi32(sum, line, _mm512_loadu_si512(query + 2 * i + 64));
}

// The sums of four times 16 lanes, added up together.
VNNI INLINE __m128i sums_of_four(__m512i a, __m512i b, __m512i c, __m512i d) {
  __m512i ab = _mm512_add_epi32(_mm512_unpacklo_epi32(a, b), _mm512_unpackhi_epi32(a, b));
  __m512i cd = _mm512_add_epi32(_mm512_unpacklo_epi32(c, d), _mm512_unpackhi_epi32(c, d));
  __m512i all = _mm512_add_epi32(_mm512_unpacklo_epi64(ab, cd), _mm512_unpackhi_epi64(ab, cd));
  __m256i half = _mm256_add_epi32(_mm512_castsi512_si256(all), _mm512_extracti64x4_epi64(all, 1));
  return _mm_add_epi32(_mm256_castsi256_si128(half), _mm256_extracti128_si256(half, 1));
}

// Four rows at a time, line by line, and a line of each of the next four fetched: in one go the fetches would
// fill all the processor's buffers for them, and the products would wait.
VNNI INLINE void dot_vnni(bool nibbles, distance_rows rows, const int8_t *query, int32_t *products) {
  size_t n = 0;
  for (; n + 4 <= rows.count; n += 4) {
    const uint8_t *row[4], *next[4];
    __m512i sums[4];
    for (size_t k = 0; k < 4; k++) {
      row[k] = rows.codes + rows.numbers[n + k] * rows.stride;
      next[k] = n + k < rows.next_count ? rows.codes + rows.next[n + k] * rows.stride : row[k];
      sums[k] = _mm512_setzero_si512();
    }
    for (size_t i = 0; i < rows.stride; i += 64) {
      for (size_t k = 0; k < 4; k++) sums[k] = add_line(nibbles, sums[k], row[k], query, i);
      for (size_t k = 0; k < 4; k++) __builtin_prefetch(next[k] + i);
    }
    _mm_storeu_si128((__m128i *)(products + n), sums_of_four(sums[0], sums[1], sums[2], sums[3]));
  }
  size_t fetched = n;
  for (; n < rows.count; n++) {
    const uint8_t *row = rows.codes + rows.numbers[n] * rows.stride;
    __m512i sum = _mm512_setzero_si512();
    for (size_t i = 0; i < rows.stride; i += 64) sum = add_line(nibbles, sum, row, query, i);
    products[n] = _mm512_reduce_add_epi32(sum);
  }
  for (; fetched < rows.next_count; fetched++) distance_fetch(rows, fetched);
}

VNNI static void dot_codes_vnni(distance_rows rows, const int8_t *query, int32_t *products) {
  dot_vnni(false, rows, query, products);
}

VNNI static void dot_nibbles_vnni(distance_rows rows, const int8_t *query, int32_t *products) {
  dot_vnni(true, rows, query, products);
}

#elif defined(__aarch64__)

// Both sides are widened to 16 bits: 255 * -128 fits no signed 16-bit product pair otherwise.
INLINE int32_t codes_neon(const uint8_t *row, size_t stride, const int8_t *query) {
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
  return vaddvq_s32(vaddq_s32(even, odd));
}
ROW_BY_ROW(, dot_codes_neon, codes_neon)

// Two products of nibbles fit 16 bits: 2 * 15 * 128 is far below 2^15.
INLINE int32_t nibbles_neon(const uint8_t *row, size_t stride, const int8_t *query) {
  const uint8x16_t low = vdupq_n_u8(15);
  int32x4_t sums = vdupq_n_s32(0);
  for (size_t i = 0; i < stride; i += 16) {
    const int8_t *q = query + 2 * (i & ~(size_t)63) + (i & 48);
    uint8x16_t both = vld1q_u8(row + i);
    int8x16_t first = vreinterpretq_s8_u8(vandq_u8(both, low)), query_first = vld1q_s8(q);
    int8x16_t second = vreinterpretq_s8_u8(vshrq_n_u8(both, 4)), query_second = vld1q_s8(q + 64);
    int16x8_t near = vmull_s8(vget_low_s8(first), vget_low_s8(query_first));
    near = vmlal_s8(near, vget_low_s8(second), vget_low_s8(query_second));
    int16x8_t far = vmull_high_s8(first, query_first);
    far = vmlal_high_s8(far, second, query_second);
    sums = vpadalq_s16(vpadalq_s16(sums, near), far);
  }
  return vaddvq_s32(sums);
}
ROW_BY_ROW(, dot_nibbles_neon, nibbles_neon)

#endif

typedef void dot_form(distance_rows, const int8_t *, int32_t *);

static struct {
  const char *name;
  dot_form *codes, *nibbles;
} forms[distance_form_count] = {{"plain", dot_codes_plain, dot_nibbles_plain}};

static dot_form *fastest_codes = dot_codes_plain, *fastest_nibbles = dot_nibbles_plain;

static void choose(int form, const char *name, dot_form *codes, dot_form *nibbles) {
  forms[form].name = name;
  forms[form].codes = fastest_codes = codes;
  forms[form].nibbles = fastest_nibbles = nibbles;
}

__attribute__((constructor)) static void choose_form(void) {
#if defined(__x86_64__)
  __builtin_cpu_init();
  if (__builtin_cpu_supports("avx2")) choose(1, "AVX2", dot_codes_avx2, dot_nibbles_avx2);
  if (__builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vnni"))
    choose(2, "AVX-512 VNNI", dot_codes_vnni, dot_nibbles_vnni);
#elif defined(__aarch64__)
  choose(3, "NEON", dot_codes_neon, dot_nibbles_neon);
#endif
}

const char *distance_form_name(int form) {
  return form >= 0 && form < distance_form_count ? forms[form].name : NULL;
}

void distance_dot_codes_with(int form, distance_rows rows, const int8_t *query, int32_t *products) {
  if (distance_form_name(form)) forms[form].codes(rows, query, products);
}

void distance_dot_nibbles_with(int form, distance_rows rows, const int8_t *query, int32_t *products) {
  if (distance_form_name(form)) forms[form].nibbles(rows, query, products);
}

void distance_dot_codes(distance_rows rows, const int8_t *query, int32_t *products) {
  fastest_codes(rows, query, products);
}

void distance_dot_nibbles(distance_rows rows, const int8_t *query, int32_t *products) {
  fastest_nibbles(rows, query, products);
}
