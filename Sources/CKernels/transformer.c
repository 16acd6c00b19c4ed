#include "transformer.h"

#include <stdint.h>
#include <string.h>

#define EACH_PROCESSOR __attribute__((target_clones("avx512f", "arch=x86-64-v3", "default")))
#define INLINE static inline __attribute__((always_inline))

// Sums may be taken in any order and products fused: that is what lets the loops become vectors.
#pragma clang fp reassociate(on) contract(fast)

/// e^x for x <= 88, relative error below 2e-7; 0 for x < -87.
/// x = n·ln2 + r with |r| <= ln2/2; e^r by its Taylor polynomial of degree 6, 2^n by the exponent bits.
INLINE float exponential(float x) {
  float clamped = x < -87.0f ? -87.0f : x;
  float shifted = clamped * 1.44269504f + 12582912.0f;  // adding 1.5 · 2^23 rounds to an integer
  int32_t exponent;
  memcpy(&exponent, &shifted, sizeof exponent);
  float n;
  {
#pragma clang fp reassociate(off)
    n = shifted - 12582912.0f;
  }
  float r = clamped - n * 0.693145752f - n * 1.42860677e-6f;
  float p = 1.0f / 720;
  p = p * r + 1.0f / 120;
  p = p * r + 1.0f / 24;
  p = p * r + 1.0f / 6;
  p = p * r + 0.5f;
  p = p * r + 1.0f;
  p = p * r + 1.0f;
  uint32_t bits;
  memcpy(&bits, &p, sizeof bits);
  bits += (uint32_t)exponent << 23;
  memcpy(&p, &bits, sizeof p);
  return x < -87.0f ? 0.0f : p;
}

/// Φ(x) · x with erf by Abramowitz and Stegun 7.1.26, absolute error below 1.5e-7.
INLINE float gelu(float x) {
  float z = x < 0 ? -x : x;
  z *= 0.707106781f;
  float t = 1.0f / (1.0f + 0.3275911f * z);
  float p = 1.061405429f;
  p = p * t - 1.453152027f;
  p = p * t + 1.421413741f;
  p = p * t - 0.284496736f;
  p = p * t + 0.254829592f;
  float tail = 0.5f * p * t * exponential(-z * z);  // 1 - Φ(|x|)
  return x < 0 ? x * tail : x - x * tail;
}

/// The largest of x. Sixteen maxima side by side become one register; a single one would stay scalar,
/// since the compiler may not reorder comparisons that could meet a NaN.
INLINE float highest(const float *x, size_t count) {
  float lanes[16];
  for (size_t lane = 0; lane < 16; lane++) lanes[lane] = x[0];
  size_t i = 0;
  for (; i + 16 <= count; i += 16) {
    for (size_t lane = 0; lane < 16; lane++) {
      lanes[lane] = x[i + lane] > lanes[lane] ? x[i + lane] : lanes[lane];
    }
  }
  for (; i < count; i++) lanes[0] = x[i] > lanes[0] ? x[i] : lanes[0];
  for (size_t lane = 1; lane < 16; lane++) lanes[0] = lanes[lane] > lanes[0] ? lanes[lane] : lanes[0];
  return lanes[0];
}

/// Each x becomes e^(scale · (x - the largest)); returns their sum, at least 1.
INLINE float exponentials(float *x, size_t count, float scale) {
  float offset = highest(x, count);
  float sum = 0;
  for (size_t i = 0; i < count; i++) {
    x[i] = exponential((x[i] - offset) * scale);
    sum += x[i];
  }
  return sum;
}

EACH_PROCESSOR void transformer_gelu(float *x, size_t count) {
  for (size_t i = 0; i < count; i++) x[i] = gelu(x[i]);
}

EACH_PROCESSOR void transformer_softmax(float *scores, size_t rows, size_t columns, float scale) {
  for (size_t row = 0; row < rows; row++) {
    float *x = scores + row * columns;
    float share = 1.0f / exponentials(x, columns, scale);
    for (size_t i = 0; i < columns; i++) x[i] *= share;
  }
}

EACH_PROCESSOR void transformer_add_normalize(
    float *x, const float *addend, const float *gain, const float *shift, size_t rows, size_t columns,
    float epsilon) {
  for (size_t row = 0; row < rows; row++) {
    float *y = x + row * columns;
    if (addend) {
      const float *a = addend + row * columns;
      for (size_t i = 0; i < columns; i++) y[i] += a[i];
    }
    float sum = 0;
    for (size_t i = 0; i < columns; i++) sum += y[i];
    float mean = sum / columns;
    float squares = 0;
    for (size_t i = 0; i < columns; i++) squares += (y[i] - mean) * (y[i] - mean);
    float factor = 1.0f / __builtin_sqrtf(squares / columns + epsilon);
    for (size_t i = 0; i < columns; i++) y[i] = (y[i] - mean) * factor * gain[i] + shift[i];
  }
}

#if defined(__x86_64__)

#pragma clang attribute push(__attribute__((target("avx512f"))), apply_to = function)
#define LANES 16
#define ROWS 14
#define NAME(x) x##_avx512
#include "transformer_packed.h"
#undef LANES
#undef ROWS
#undef NAME
#pragma clang attribute pop

#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)
#define LANES 8
#define ROWS 6
#define NAME(x) x##_avx2
#include "transformer_packed.h"
#pragma clang attribute pop

int transformer_lanes(void) {
  if (__builtin_cpu_supports("avx512f")) return 16;
  return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") ? 8 : 0;
}

void transformer_product(
    int lanes, const float *x, size_t rows, size_t inputs, const float *panels, const float *bias,
    size_t outputs, float *y, size_t y_stride) {
  if (rows == 0) return;
  if (lanes == 16) return product_avx512(x, rows, inputs, panels, bias, outputs, y, y_stride);
  product_avx2(x, rows, inputs, panels, bias, outputs, y, y_stride);
}

void transformer_attention(int lanes, const float *qkv, size_t rows, float *context, float *scratch) {
  if (rows == 0 || rows > transformer_longest_text) return;
  if (lanes == 16) return attention_avx512(qkv, rows, context, scratch);
  attention_avx2(qkv, rows, context, scratch);
}

#else

int transformer_lanes(void) { return 0; }

void transformer_product(
    int lanes, const float *x, size_t rows, size_t inputs, const float *panels, const float *bias,
    size_t outputs, float *y, size_t y_stride) {}

void transformer_attention(int lanes, const float *qkv, size_t rows, float *context, float *scratch) {}

#endif

void transformer_pack(int lanes, const float *weight, size_t outputs, size_t inputs, float *panels) {
  size_t width = 2 * (size_t)lanes;
  for (size_t output = 0; output < outputs; output += width) {
    for (size_t input = 0; input < inputs; input++) {
      for (size_t i = 0; i < width; i++) *panels++ = weight[(output + i) * inputs + input];
    }
  }
}
