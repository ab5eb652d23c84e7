// What gains nothing from wider vectors: index rules, fences, gathering, medians and ranges.

#include <math.h>
#include <string.h>

#include "ConcordKernels.h"

void concord_stream_end(void) {
#if defined(__x86_64__)
  __builtin_ia32_sfence();
#endif
}

ptrdiff_t concord_boundary_index(ptrdiff_t index, ptrdiff_t extent, int rule) {
  if (index >= 0 && index < extent) return index;
  switch (rule) {
    case CONCORD_REPLICATE:
      return index < 0 ? 0 : extent - 1;
    case CONCORD_WRAP: {
      const ptrdiff_t m = index % extent;
      return m < 0 ? m + extent : m;
    }
    case CONCORD_SYMMETRIC: {
      const ptrdiff_t period = 2 * extent;
      ptrdiff_t m = index % period;
      if (m < 0) m += period;
      return m < extent ? m : period - 1 - m;
    }
    case CONCORD_REFLECT: {
      if (extent == 1) return 0;
      const ptrdiff_t period = 2 * extent - 2;
      ptrdiff_t m = index % period;
      if (m < 0) m += period;
      return m < extent ? m : period - m;
    }
    default:
      return -1;
  }
}

#define DEFINE(T, S)                                                                             \
  void concord_gather_row_##S(const T *row, ptrdiff_t extent, ptrdiff_t start, ptrdiff_t count,  \
                              int rule, T constant, T *out) {                                    \
    ptrdiff_t i = 0;                                                                             \
    for (; i < count && start + i < 0; i++) {                                                    \
      const ptrdiff_t at = concord_boundary_index(start + i, extent, rule);                      \
      out[i] = at < 0 ? constant : row[at];                                                      \
    }                                                                                            \
    const ptrdiff_t inside = extent - (start + i) < count - i ? extent - (start + i) : count - i;\
    if (inside > 0) {                                                                            \
      memcpy(out + i, row + start + i, (size_t)inside * sizeof(T));                              \
      i += inside;                                                                               \
    }                                                                                            \
    for (; i < count; i++) {                                                                     \
      const ptrdiff_t at = concord_boundary_index(start + i, extent, rule);                      \
      out[i] = at < 0 ? constant : row[at];                                                      \
    }                                                                                            \
  }                                                                                              \
                                                                                                 \
  ptrdiff_t concord_finite_range_##S(const T *x, ptrdiff_t count, T *low, T *high) {             \
    T smallest = 0, largest = 0;                                                                 \
    ptrdiff_t finite = 0;                                                                        \
    for (ptrdiff_t i = 0; i < count; i++) {                                                      \
      if (!isfinite(x[i])) continue;                                                             \
      if (finite == 0 || x[i] < smallest) smallest = x[i];                                       \
      if (finite == 0 || x[i] > largest) largest = x[i];                                         \
      finite++;                                                                                  \
    }                                                                                            \
    *low = smallest;                                                                             \
    *high = largest;                                                                             \
    return finite;                                                                               \
  }                                                                                              \
                                                                                                 \
  /* Hoare's selection of the k-th smallest, in place. */                                        \
  static T select_##S(T *x, ptrdiff_t count, ptrdiff_t k) {                                      \
    ptrdiff_t low = 0, high = count - 1;                                                         \
    while (low < high) {                                                                         \
      const T pivot = x[low + (high - low) / 2];                                                 \
      ptrdiff_t i = low, j = high;                                                               \
      while (i <= j) {                                                                           \
        while (x[i] < pivot) i++;                                                                \
        while (pivot < x[j]) j--;                                                                \
        if (i <= j) {                                                                            \
          const T t = x[i];                                                                      \
          x[i++] = x[j];                                                                         \
          x[j--] = t;                                                                            \
        }                                                                                        \
      }                                                                                          \
      if (k <= j)                                                                                \
        high = j;                                                                                \
      else if (k >= i)                                                                           \
        low = i;                                                                                 \
      else                                                                                       \
        break;                                                                                   \
    }                                                                                            \
    return x[k];                                                                                 \
  }                                                                                              \
                                                                                                 \
  T concord_median_##S(T *x, ptrdiff_t count) {                                                  \
    for (ptrdiff_t i = 0; i < count; i++)                                                        \
      if (isnan(x[i])) return x[i];                                                              \
    const T upper = select_##S(x, count, count / 2);                                             \
    if (count % 2 == 1) return upper;                                                            \
    /* After selection everything before the middle is no larger than it. */                     \
    T lower = x[0];                                                                              \
    for (ptrdiff_t i = 1; i < count / 2; i++)                                                    \
      if (x[i] > lower) lower = x[i];                                                            \
    /* Halved first: neither large nor equal infinite values overflow. */                        \
    return (T)0.5 * lower + (T)0.5 * upper;                                                      \
  }

DEFINE(float, f32)
DEFINE(double, f64)
