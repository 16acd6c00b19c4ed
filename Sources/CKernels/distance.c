#include "distance.h"

// One plain loop, compiled once for each instruction set and picked by the loader. Reassociation is
// allowed so that the compiler may sum in lanes: without it a float sum is one long chain of additions.
#if defined(__x86_64__)
#define FOR_EACH_PROCESSOR __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define FOR_EACH_PROCESSOR
#endif

FOR_EACH_PROCESSOR
void distance_squared_euclidean_rows(const float *rows, size_t row_count, size_t dimensions,
                                     const float *query, float *distances) {
#pragma clang fp reassociate(on) contract(fast)
  for (size_t r = 0; r < row_count; r++) {
    const float *row = rows + r * dimensions;
    float sum = 0;
    for (size_t i = 0; i < dimensions; i++) {
      float difference = row[i] - query[i];
      sum += difference * difference;
    }
    distances[r] = sum;
  }
}
