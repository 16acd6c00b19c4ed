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

// Weights are asked for this many inputs before they are needed (8 KB with AVX-512): the panels follow
// each other in memory, and a short batch reads each only once, from the third-level cache or beyond.
#define PREFETCH_INPUTS 64

typedef float NAME(vector) __attribute__((ext_vector_type(LANES), aligned(4)));

INLINE void NAME(tile)(
    int rows, const float *x, size_t x_stride, const float *panel, size_t inputs, const float *bias,
    const float *scales, float *y, size_t y_stride) {
  NAME(vector) sums[ROWS][2];
#pragma clang loop unroll(full)
  for (int r = 0; r < rows; r++) {
    sums[r][0] = bias ? *(const NAME(vector) *)bias : 0;
    sums[r][1] = bias ? *(const NAME(vector) *)(bias + LANES) : 0;
  }
#pragma clang loop unroll(disable)
  for (size_t k = 0; k < inputs; k++) {
    __builtin_prefetch(panel + (k + PREFETCH_INPUTS) * PANEL);
    if (PANEL > 16) __builtin_prefetch(panel + (k + PREFETCH_INPUTS) * PANEL + 16);
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
    float scale = scales ? scales[r] : 1;
    *(NAME(vector) *)(y + r * y_stride) = sums[r][0] * scale;
    *(NAME(vector) *)(y + r * y_stride + LANES) = sums[r][1] * scale;
  }
}

/// Picks the tile for a number of rows from 1 to ROWS, each compiled on its own.
INLINE void NAME(tile_of)(
    size_t rows, const float *x, size_t x_stride, const float *panel, size_t inputs, const float *bias,
    const float *scales, float *y, size_t y_stride) {
#define CASE(n) \
  case n: \
    NAME(tile)(n < ROWS ? n : ROWS, x, x_stride, panel, inputs, bias, scales, y, y_stride); \
    break;
  switch (rows) {
    CASE(1) CASE(2) CASE(3) CASE(4) CASE(5) CASE(6)
#if ROWS > 6
    CASE(7) CASE(8) CASE(9) CASE(10) CASE(11) CASE(12) CASE(13) CASE(14)
#endif
  }
#undef CASE
}

// One function for each stride of x that occurs, apart from its callers, whose variables would cost
// the tiles registers.
#define TILES(stride) \
  static __attribute__((noinline)) void NAME(tile_##stride)( \
      size_t rows, const float *x, const float *panel, size_t inputs, const float *bias, \
      const float *scales, float *y, size_t y_stride) { \
    NAME(tile_of)(rows, x, stride, panel, inputs, bias, scales, y, y_stride); \
  }
TILES(256)   // attention scores
TILES(384)   // hidden states
TILES(1152)  // queries, keys and values
TILES(1536)  // inner layer
#undef TILES

/// Rows of each tile when `rows` are dealt out evenly: 20 rows go as 10 and 10, not as 14 and 6.
INLINE size_t NAME(even_rows)(size_t rows) {
  size_t tiles = (rows + ROWS - 1) / ROWS;
  return (rows + tiles - 1) / tiles;
}

/// `inputs` is 384 or 1536.
static void NAME(product)(
    const float *x, size_t rows, size_t inputs, const float *panels, const float *bias, size_t outputs,
    float *y, size_t y_stride) {
  size_t step = NAME(even_rows)(rows);
  for (size_t column = 0; column < outputs; column += PANEL) {
    for (size_t row = 0; row < rows; row += step) {
      (inputs == 384 ? NAME(tile_384) : NAME(tile_1536))(
          rows - row < step ? rows - row : step, x + row * inputs, panels + column * inputs, inputs,
          bias + column, NULL, y + row * y_stride + column, y_stride);
    }
  }
}

/// One head's keys as panels of PANEL keys for the scores, zeros after the last key; its values as
/// panels of PANEL columns for the context.
INLINE void NAME(pack_head)(
    const float *keys, const float *values, size_t rows, float *key_panels, float *value_panels) {
  size_t padded = (rows + PANEL - 1) / PANEL * PANEL;
  for (size_t row = 0; row < padded; row++) {
    float *panel = key_panels + row / PANEL * PANEL * transformer_head_width + row % PANEL;
#pragma clang loop vectorize(disable) unroll_count(8)  // a vector of scattered stores is slower
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
        NAME(tile_1152)(
            count, queries + row * qkv_stride, key_panels + key * transformer_head_width,
            transformer_head_width, NULL, NULL, scores + key, score_stride);
      }
      float shares[ROWS];
      for (size_t r = 0; r < count; r++) {
        shares[r] = 1 / exponentials(scores + r * score_stride, rows, 0.176776695f);
      }
      for (size_t column = 0; column < transformer_head_width; column += PANEL) {
        NAME(tile_256)(
            count, scores, value_panels + column * rows, rows, NULL, shares,
            context + row * transformer_width + head * transformer_head_width + column, transformer_width);
      }
    }
  }
}

#undef PANEL
#undef PREFETCH_INPUTS
