#pragma once
// Distances that BLAS has no call for. Each kernel states the plain sum it computes; the best form
// for the processor is chosen when the program is loaded.
#include <stddef.h>
#include <stdint.h>

/// distances[r] = sum over i of (rows[r * dimensions + i] - query[i])^2, for r in 0 ..< row_count.
void distance_squared_euclidean_rows(const float *rows, size_t row_count, size_t dimensions,
                                     const float *query, float *distances);
