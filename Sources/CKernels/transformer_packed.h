// The packed kernels, written once for any register width. Included by transformer.c with
//   LANES   floats per register
//   ROWS    rows of a tile: ROWS × 2 sums, two registers of weights and one of input must fit the
//           processor's registers (32 with AVX-512, 16 with AVX2)
//   NAME(x) the name of x in this instantiation
//
// A tile is ROWS rows of x times one panel of weights. Its sums never leave the registers while the
// inputs run by: for each input, two loads of weights, and for each row one broadcast and two
// multiply-adds. That is what makes the product compute-bound (Goto and van de Geijn 2008, "Anatomy of
// high-performance matrix multiplication"). Strides of x are compile-time constants, so that the rows
// of a tile are addressed from one pointer.

#define PANEL (2 * LANES)

typedef float NAME(vector) __attribute__((ext_vector_type(LANES), aligned(4)));

INLINE void NAME(tile)(
    int rows, const float *x, size_t x_stride, const float *panel, size_t inputs, const float *bias,
    float scale, float *y, size_t y_stride) {
  NAME(vector) sums[ROWS][2];
#pragma clang loop unroll(full)
  for (int r = 0; r < rows; r++) {
    sums[r][0] = bias ? *(const NAME(vector) *)bias : 0;
    sums[r][1] = bias ? *(const NAME(vector) *)(bias + LANES) : 0;
  }
  for (size_t k = 0; k < inputs; k++) {
    NAME(vector) first = *(const NAME(vector) *)(panel + k * PANEL);
    NAME(vector) second = *(const NAME(vector) *)(panel + k * PANEL + LANES);
#pragma clang loop unroll(full)
    for (int r = 0; r < rows; r++) {
      float input = x[r * x_stride + k];
      sums[r][0] += input * first;
      sums[r][1] += input * second;
    }
  }
#pragma clang loop unroll(full)
  for (int r = 0; r < rows; r++) {
    *(NAME(vector) *)(y + r * y_stride) = sums[r][0] * scale;
    *(NAME(vector) *)(y + r * y_stride + LANES) = sums[r][1] * scale;
  }
}

/// Picks the tile for a number of rows from 1 to ROWS, each compiled on its own.
INLINE void NAME(any_tile)(
    size_t rows, const float *x, size_t x_stride, const float *panel, size_t inputs, const float *bias,
    float scale, float *y, size_t y_stride) {
#define CASE(n) \
  case n: \
    NAME(tile)(n < ROWS ? n : ROWS, x, x_stride, panel, inputs, bias, scale, y, y_stride); \
    break;
  switch (rows) {
    CASE(1) CASE(2) CASE(3) CASE(4) CASE(5) CASE(6)
#if ROWS > 6
    CASE(7) CASE(8) CASE(9) CASE(10) CASE(11) CASE(12) CASE(13) CASE(14)
#endif
  }
#undef CASE
}

/// Rows of each tile when `rows` are dealt out evenly: 20 rows go as 10 and 10, not as 14 and 6.
INLINE size_t NAME(even_rows)(size_t rows) {
  size_t tiles = (rows + ROWS - 1) / ROWS;
  return (rows + tiles - 1) / tiles;
}

INLINE void NAME(strided_product)(
    const float *x, size_t rows, size_t inputs, const float *panels, const float *bias, size_t outputs,
    float *y, size_t y_stride) {
  size_t step = NAME(even_rows)(rows);
  for (size_t column = 0; column < outputs; column += PANEL) {
    for (size_t row = 0; row < rows; row += step) {
      NAME(any_tile)(
          rows - row < step ? rows - row : step, x + row * inputs, inputs, panels + column * inputs, inputs,
          bias + column, 1, y + row * y_stride + column, y_stride);
    }
  }
}

static void NAME(product)(
    const float *x, size_t rows, size_t inputs, const float *panels, const float *bias, size_t outputs,
    float *y, size_t y_stride) {
  if (inputs == transformer_width) {
    NAME(strided_product)(x, rows, transformer_width, panels, bias, outputs, y, y_stride);
  } else if (inputs == 4 * transformer_width) {
    NAME(strided_product)(x, rows, 4 * transformer_width, panels, bias, outputs, y, y_stride);
  } else {
    NAME(strided_product)(x, rows, inputs, panels, bias, outputs, y, y_stride);
  }
}

/// One head's keys as panels of PANEL keys for the scores, zeros after the last key; its values as
/// panels of PANEL columns for the context.
INLINE void NAME(pack_head)(const float *keys, const float *values, size_t rows, float *key_panels, float *value_panels) {
  size_t padded = (rows + PANEL - 1) / PANEL * PANEL;
  for (size_t row = 0; row < padded; row++) {
    float *panel = key_panels + row / PANEL * PANEL * transformer_head_width + row % PANEL;
    for (size_t i = 0; i < transformer_head_width; i++) {
      panel[i * PANEL] = row < rows ? keys[row * 3 * transformer_width + i] : 0;
    }
  }
  for (size_t column = 0; column < transformer_head_width; column += PANEL) {
    for (size_t row = 0; row < rows; row++) {
      const float *value = values + row * 3 * transformer_width + column;
      float *panel = value_panels + column * rows + row * PANEL;
      for (size_t i = 0; i < PANEL; i++) panel[i] = value[i];
    }
  }
}

static void NAME(attention)(const float *qkv, size_t rows, float *context, float *scratch) {
  enum { qkv_stride = 3 * transformer_width, score_stride = transformer_longest_text };
  float *key_panels = scratch;
  float *value_panels = key_panels + transformer_head_width * transformer_longest_text;
  float *scores = value_panels + transformer_head_width * transformer_longest_text;
  size_t step = NAME(even_rows)(rows);

  for (size_t head = 0; head < transformer_heads; head++) {
    const float *queries = qkv + head * transformer_head_width;
    NAME(pack_head)(
        queries + transformer_width, queries + 2 * transformer_width, rows, key_panels, value_panels);
    for (size_t row = 0; row < rows; row += step) {
      size_t count = rows - row < step ? rows - row : step;
      for (size_t key = 0; key < rows; key += PANEL) {
        NAME(any_tile)(
            count, queries + row * qkv_stride, qkv_stride, key_panels + key * transformer_head_width,
            transformer_head_width, NULL, 0.176776695f, scores + key, score_stride);
      }
      for (size_t r = 0; r < count; r++) softmax(scores + r * score_stride, rows, 1);
      for (size_t column = 0; column < transformer_head_width; column += PANEL) {
        NAME(any_tile)(
            count, scores, score_stride, value_panels + column * rows, rows, NULL, 1,
            context + row * transformer_width + head * transformer_head_width + column, transformer_width);
      }
    }
  }
}

#undef PANEL
