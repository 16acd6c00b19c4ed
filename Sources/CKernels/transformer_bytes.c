// The products of an encoder in 8 bits: weights rounded once, each output to its own scale, inputs as they
// come, each row to its own scale and lowest value. With u for a row's codes, w for a matrix' and s for scales:
//
//   x ≈ low + s_x · u,   W ≈ s_w · w,   so   x · Wᵀ ≈ s_w · (s_x · Σ u·w + low · Σ w)
//
// The sums are whole numbers, so every form computes the same, to the last bit but the last few operations.
#include "transformer.h"

#include <stdint.h>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

#define INLINE static inline __attribute__((always_inline))
#define ROWS 14
#define PANEL transformer_byte_panel
// Weights are asked for this many bytes before they are needed, as in transformer_packed.h.
#define PREFETCH (64 * 4 * PANEL)

void transformer_bytes_pack(
    const float *weight, size_t outputs, size_t inputs, int8_t *panels, float *scales, float *sums) {
  for (size_t output = 0; output < outputs; output++) {
    const float *row = weight + output * inputs;
    float most = 0;
    for (size_t i = 0; i < inputs; i++) most = __builtin_fmaxf(most, __builtin_fabsf(row[i]));
    float scale = most / 127;
    int8_t *target = panels + output / PANEL * PANEL * inputs + output % PANEL * 4;
    int32_t sum = 0;
    for (size_t i = 0; i < inputs; i++) {
      int8_t code = scale > 0 ? (int8_t)__builtin_rintf(row[i] / scale) : 0;
      target[i / 4 * 4 * PANEL + i % 4] = code;
      sum += code;
    }
    scales[output] = scale;
    sums[output] = scale * (float)sum;
  }
}

/// One row of x as codes from 0 to 255; tells what they stand for.
INLINE void encode(const float *x, size_t inputs, uint8_t *codes, float *low, float *scale) {
  float least[16], most[16];
  for (size_t lane = 0; lane < 16; lane++) least[lane] = most[lane] = x[lane];
  for (size_t i = 16; i < inputs; i += 16) {
    for (size_t lane = 0; lane < 16; lane++) {
      least[lane] = x[i + lane] < least[lane] ? x[i + lane] : least[lane];
      most[lane] = x[i + lane] > most[lane] ? x[i + lane] : most[lane];
    }
  }
  float bottom = least[0], top = most[0];
  for (size_t lane = 1; lane < 16; lane++) {
    bottom = least[lane] < bottom ? least[lane] : bottom;
    top = most[lane] > top ? most[lane] : top;
  }
  float step = (top - bottom) / 255, steps = step > 0 ? 1 / step : 0;
  for (size_t i = 0; i < inputs; i++) codes[i] = (uint8_t)(int32_t)((x[i] - bottom) * steps + 0.5f);
  *low = bottom;
  *scale = step;
}

INLINE void encode_rows(
    const float *x, size_t rows, size_t inputs, uint8_t *codes, float *lows, float *scales) {
  for (size_t row = 0; row < rows; row++)
    encode(x + row * inputs, inputs, codes + row * inputs, lows + row, scales + row);
}

// Plain C, for every processor.

__attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
static void product_plain(
    const float *x, size_t rows, size_t inputs, const struct transformer_bytes *matrix, float *y,
    uint8_t *codes) {
  float low, scale;
  for (size_t row = 0; row < rows; row++) {
    encode(x + row * inputs, inputs, codes, &low, &scale);
    for (size_t column = 0; column < matrix->outputs; column += PANEL) {
      int32_t sums[PANEL] = {0};
      const int8_t *panel = matrix->panels + column * inputs;
      for (size_t i = 0; i < inputs; i += 4, panel += 4 * PANEL) {
        for (size_t o = 0; o < PANEL; o++)
          sums[o] += codes[i] * panel[4 * o] + codes[i + 1] * panel[4 * o + 1] +
                     codes[i + 2] * panel[4 * o + 2] + codes[i + 3] * panel[4 * o + 3];
      }
      for (size_t o = 0; o < PANEL; o++) {
        size_t output = column + o;
        y[row * matrix->outputs + output] = matrix->bias[output] + low * matrix->sums[output] +
                                            scale * matrix->scales[output] * (float)sums[o];
      }
    }
  }
}

#if defined(__x86_64__)

// VNNI multiplies four unsigned by four signed bytes and adds them up, in sixteen lanes, in one instruction. A
// tile is as in transformer_packed.h: up to 14 rows times 32 outputs whose sums stay in registers.

#pragma clang attribute push(__attribute__((target("avx512f,avx512bw,avx512vl,avx512vnni"))), apply_to = function)

INLINE void tile(
    int rows, const uint8_t *codes, const float *lows, const float *row_scales, size_t inputs,
    const struct transformer_bytes *matrix, size_t column, float *y) {
  __m512i sums[ROWS][2];
  const int8_t *panel = matrix->panels + column * inputs;
#pragma clang loop unroll(full)
  for (int r = 0; r < rows; r++) sums[r][0] = sums[r][1] = _mm512_setzero_si512();
#pragma clang loop unroll(disable)
  for (size_t i = 0; i < inputs; i += 4, panel += 4 * PANEL) {
    __builtin_prefetch(panel + PREFETCH);
    __builtin_prefetch(panel + PREFETCH + 64);
    __m512i first = _mm512_loadu_si512(panel), second = _mm512_loadu_si512(panel + 64);
#pragma clang loop unroll(full)
    for (int r = 0; r < rows; r++) {
      __m512i four = _mm512_set1_epi32(*(const int32_t *)(codes + r * inputs + i));
      sums[r][0] = _mm512_dpbusd_epi32(sums[r][0], four, first);
      sums[r][1] = _mm512_dpbusd_epi32(sums[r][1], four, second);
    }
  }
#pragma clang loop unroll(full)
  for (int r = 0; r < rows; r++) {
    for (int half = 0; half < 2; half++) {
      size_t output = column + 16 * (size_t)half;
      __m512 all = _mm512_mul_ps(_mm512_cvtepi32_ps(sums[r][half]), _mm512_set1_ps(row_scales[r]));
      __m512 result = _mm512_fmadd_ps(
          all, _mm512_loadu_ps(matrix->scales + output), _mm512_loadu_ps(matrix->bias + output));
      result = _mm512_fmadd_ps(_mm512_set1_ps(lows[r]), _mm512_loadu_ps(matrix->sums + output), result);
      _mm512_storeu_ps(y + (size_t)r * matrix->outputs + output, result);
    }
  }
}

static __attribute__((noinline)) void tile_of(
    size_t rows, const uint8_t *codes, const float *lows, const float *scales, size_t inputs,
    const struct transformer_bytes *matrix, size_t column, float *y) {
#define CASE(n) \
  case n: tile(n, codes, lows, scales, inputs, matrix, column, y); break;
  switch (rows) {
    CASE(1) CASE(2) CASE(3) CASE(4) CASE(5) CASE(6) CASE(7)
    CASE(8) CASE(9) CASE(10) CASE(11) CASE(12) CASE(13) CASE(14)
  }
#undef CASE
}

static void product_vnni(
    const float *x, size_t rows, size_t inputs, const struct transformer_bytes *matrix, float *y,
    uint8_t *codes) {
  enum { most = transformer_byte_rows };
  float lows[most], scales[most];
  for (size_t start = 0; start < rows; start += most) {
    size_t count = rows - start < most ? rows - start : most;
    encode_rows(x + start * inputs, count, inputs, codes, lows, scales);
    size_t tiles = (count + ROWS - 1) / ROWS, step = (count + tiles - 1) / tiles;
    for (size_t column = 0; column < matrix->outputs; column += PANEL) {
      for (size_t row = 0; row < count; row += step) {
        tile_of(
            count - row < step ? count - row : step, codes + row * inputs, lows + row, scales + row, inputs,
            matrix, column, y + (start + row) * matrix->outputs);
      }
    }
  }
}

#pragma clang attribute pop

bool transformer_bytes_fast(void) {
  return __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl") &&
         __builtin_cpu_supports("avx512vnni");
}

#else

bool transformer_bytes_fast(void) { return false; }

#endif

void transformer_bytes_product(
    bool fast, const float *x, size_t rows, size_t inputs, const struct transformer_bytes *matrix, float *y,
    uint8_t *codes) {
#if defined(__x86_64__)
  if (fast) return product_vnni(x, rows, inputs, matrix, y, codes);
#endif
  product_plain(x, rows, inputs, matrix, y, codes);
}
