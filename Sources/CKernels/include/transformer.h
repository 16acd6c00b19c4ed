#pragma once

#include <stddef.h>

/// The parts of a BERT encoder that BLAS has no call for. All matrices are dense, row-major, 32-bit
/// floats; nothing here allocates. Each function is compiled for AVX-512, AVX2 and the baseline, and
/// the loader picks one.

/// x = x/2 · (1 + erf(x/√2)), the exact GELU, in place.
void transformer_gelu(float *x, size_t count);

/// Each row of `columns` scores, times `scale`, becomes its softmax, in place.
void transformer_softmax(float *scores, size_t rows, size_t columns, float scale);

/// Each row: x = normalize(x + addend) · gain + shift, with the biased variance over the columns.
/// `addend` may be NULL.
void transformer_add_normalize(
    float *x, const float *addend, const float *gain, const float *shift, size_t rows, size_t columns,
    float epsilon);
