#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// The parts of a small BERT encoder that BLAS has no call for. All matrices are row-major, 32-bit
/// floats; nothing here allocates, and everything may be called from any number of threads at once.

enum {
  transformer_width = 384,
  transformer_heads = 12,
  transformer_head_width = 32,
  transformer_longest_text = 256,
  /// Working memory of `transformer_attention`: one head's keys and values, and a tile of scores.
  transformer_attention_floats = transformer_longest_text * (2 * transformer_head_width + 14),
};

/// Floats per register of the widest packed kernels this processor runs: 16 (AVX-512), 8 (AVX2 with
/// FMA), or 0 for none. Each smaller width but 0 runs as well.
int transformer_lanes(void);

/// Rearranges a weight matrix (a row an output, a column an input) for `transformer_product`: panels of
/// 2 · lanes outputs, in each an input's weights side by side. `outputs` is a multiple of 32.
void transformer_pack(int lanes, const float *weight, size_t outputs, size_t inputs, float *panels);

/// y = x · Wᵀ + bias for W packed with the same lanes. `x` is rows × inputs (384 or 1536), dense; `y` is
/// rows × outputs with `y_stride` floats from row to row.
void transformer_product(
    int lanes, const float *x, size_t rows, size_t inputs, const float *panels, const float *bias,
    size_t outputs, float *y, size_t y_stride);

/// softmax(Q · Kᵀ / √32) · V for the twelve heads of one text of at most 256 rows. `qkv` has 1,152 floats
/// a row (queries, keys, values), `context` 384, `scratch` `transformer_attention_floats` in all.
void transformer_attention(int lanes, const float *qkv, size_t rows, float *context, float *scratch);

/// x = x/2 · (1 + erf(x/√2)), the exact GELU, in place.
void transformer_gelu(float *x, size_t count);

/// Each row of `columns` scores, times `scale`, becomes its softmax, in place.
void transformer_softmax(float *scores, size_t rows, size_t columns, float scale);

/// Each row of `columns`: x = normalize(x + addend) · gain + shift, with the biased variance over the
/// columns. `addend` may be NULL.
void transformer_add_normalize(
    float *x, const float *addend, const float *gain, const float *shift, size_t rows, size_t columns,
    float epsilon);

// The same products in 8 bits.

enum {
  /// Outputs of a panel of packed weights.
  transformer_byte_panel = 32,
  /// Rows that are rounded together: their codes take this many times the inputs, in bytes.
  transformer_byte_rows = 84,
};

/// A matrix W rounded to whole numbers from -127 to 127, each output (row) to its own scale.
struct transformer_bytes {
  size_t outputs;
  /// Panels of 32 outputs, in each four inputs of every output side by side.
  const int8_t *panels;
  /// What one step of an output stands for, and what its weights add up to.
  const float *scales, *sums;
  const float *bias;
};

/// Rounds and packs a matrix. `outputs` is a multiple of 32, `inputs` of 16.
void transformer_bytes_pack(
    const float *weight, size_t outputs, size_t inputs, int8_t *panels, float *scales, float *sums);

/// Whether this processor multiplies bytes (AVX-512 VNNI).
bool transformer_bytes_fast(void);

/// y = x · Wᵀ + bias, with each row of x rounded to 256 steps from its least to its greatest value. `x` is rows ×
/// inputs, `y` rows × outputs, dense; `codes` is working memory of `transformer_byte_rows` × inputs bytes. `fast`
/// only where the processor can.
void transformer_bytes_product(
    bool fast, const float *x, size_t rows, size_t inputs, const struct transformer_bytes *matrix, float *y,
    uint8_t *codes);
