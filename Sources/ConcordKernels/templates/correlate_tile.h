// The direct correlation of one tile, register-blocked. Needs T, S (the suffix), ISA, LANES,
// VECTORS (vectors in a block's width) and the vector type NAME(vector).
//
// A block of ROWS x VECTORS accumulators stays in registers. A source vector is loaded once and
// serves up to ROWS output rows, each with its own kernel row. Taps are taken in groups of at most
// GROUP, whose partial sums are added to the output, so that the rounding error of a large kernel
// grows with GROUP + taps / GROUP and not with taps.

#define GROUP 128

// One source row's contribution to output rows LOW...HIGH; acc[r] uses kernel row s - r.
#define NAME_SOURCE_ROW(WIDE, LOW, HIGH)                                                      \
  for (ptrdiff_t k = first; k < last; k++) {                                                  \
    NAME(vector) value[WIDE];                                                                 \
    for (int q = 0; q < WIDE; q++)                                                            \
      value[q] = *(const NAME(vector) *)(row + k + q * LANES);                                \
    for (int r = LOW; r <= HIGH; r++) {                                                       \
      const T tap = weights[(s - r) * width + k];                                             \
      for (int q = 0; q < WIDE; q++) acc[r][q] += tap * value[q];                             \
    }                                                                                         \
  }

// Four output rows, WIDE vectors each; only the lanes from `skipped` on are written.
#define NAME_BLOCK4(SUFFIX, WIDE)                                                             \
  static inline __attribute__((always_inline)) void NAME(SUFFIX)(                             \
      const T *source, ptrdiff_t row_stride, const T *weights, ptrdiff_t height,              \
      ptrdiff_t width, ptrdiff_t first, ptrdiff_t last, int fresh, T *out,                    \
      ptrdiff_t out_stride, ptrdiff_t skipped) {                                              \
    NAME(vector) acc[4][WIDE] = {0};                                                          \
    if (!fresh)                                                                               \
      for (int r = 0; r < 4; r++)                                                             \
        for (int q = 0; q < WIDE; q++)                                                        \
          acc[r][q] = *(const NAME(vector) *)(out + r * out_stride + q * LANES);              \
    for (ptrdiff_t s = 0; s < height + 3; s++) {                                              \
      const T *row = source + s * row_stride;                                                 \
      const ptrdiff_t low = s < height ? 0 : s - height + 1;                                  \
      const ptrdiff_t high = s < 3 ? s : 3;                                                   \
      switch (low * 4 + high) {                                                               \
        case 0: NAME_SOURCE_ROW(WIDE, 0, 0) break;                                            \
        case 1: NAME_SOURCE_ROW(WIDE, 0, 1) break;                                            \
        case 2: NAME_SOURCE_ROW(WIDE, 0, 2) break;                                            \
        case 3: NAME_SOURCE_ROW(WIDE, 0, 3) break;                                            \
        case 5: NAME_SOURCE_ROW(WIDE, 1, 1) break;                                            \
        case 6: NAME_SOURCE_ROW(WIDE, 1, 2) break;                                            \
        case 7: NAME_SOURCE_ROW(WIDE, 1, 3) break;                                            \
        case 10: NAME_SOURCE_ROW(WIDE, 2, 2) break;                                           \
        case 11: NAME_SOURCE_ROW(WIDE, 2, 3) break;                                           \
        case 15: NAME_SOURCE_ROW(WIDE, 3, 3) break;                                           \
      }                                                                                       \
    }                                                                                         \
    for (int r = 0; r < 4; r++)                                                               \
      for (int q = 0; q < WIDE; q++)                                                          \
        NAME(store_from)(acc[r][q], q == 0 ? skipped : 0, out + r * out_stride + q * LANES);  \
  }

// Writes the lanes from `skipped` on.
static inline __attribute__((always_inline)) void NAME(store_from)(NAME(vector) value,
                                                                    ptrdiff_t skipped, T *out) {
  if (skipped == 0) {
    *(NAME(vector) *)out = value;
    return;
  }
  T lanes[LANES];
  *(NAME(vector) *)lanes = value;
  memcpy(out + skipped, lanes + skipped, (size_t)(LANES - skipped) * sizeof(T));
}

NAME_BLOCK4(block4, VECTORS)
NAME_BLOCK4(block4_pair, 2)
NAME_BLOCK4(block4_narrow, 1)
#undef NAME_BLOCK4
#undef NAME_SOURCE_ROW

// One output row, WIDE vectors at a time; only the lanes from `skipped` on are written.
#define NAME_BLOCK1(SUFFIX, WIDE)                                                             \
  static inline __attribute__((always_inline)) void NAME(SUFFIX)(                             \
      const T *source, ptrdiff_t row_stride, const T *weights, ptrdiff_t height,              \
      ptrdiff_t width, ptrdiff_t first, ptrdiff_t last, int fresh, T *out,                    \
      ptrdiff_t skipped) {                                                                    \
    NAME(vector) acc[WIDE] = {0};                                                             \
    if (!fresh)                                                                               \
      for (int q = 0; q < WIDE; q++) acc[q] = *(const NAME(vector) *)(out + q * LANES);       \
    for (ptrdiff_t j = 0; j < height; j++) {                                                  \
      const T *row = source + j * row_stride;                                                 \
      for (ptrdiff_t k = first; k < last; k++) {                                              \
        const T tap = weights[j * width + k];                                                 \
        for (int q = 0; q < WIDE; q++)                                                        \
          acc[q] += tap * *(const NAME(vector) *)(row + k + q * LANES);                       \
      }                                                                                       \
    }                                                                                         \
    for (int q = 0; q < WIDE; q++)                                                            \
      NAME(store_from)(acc[q], q == 0 ? skipped : 0, out + q * LANES);                        \
  }
NAME_BLOCK1(block1_wide, 6)
NAME_BLOCK1(block1, 1)
#undef NAME_BLOCK1

// The sum of products of `count` taps and values, in vectors of taps.
static inline T NAME(dot)(const T *taps, const T *values, ptrdiff_t count) {
  NAME(vector) partial[2] = {{0}, {0}};
  T sum = 0;
  ptrdiff_t k = 0;
  for (; k + 2 * LANES <= count; k += 2 * LANES)
    for (int q = 0; q < 2; q++)
      partial[q] += *(const NAME(vector) *)(taps + k + q * LANES) *
                    *(const NAME(vector) *)(values + k + q * LANES);
  for (; k + LANES <= count; k += LANES)
    partial[0] += *(const NAME(vector) *)(taps + k) * *(const NAME(vector) *)(values + k);
  for (; k < count; k++) sum += taps[k] * values[k];
  partial[0] += partial[1];
  for (int lane = 0; lane < LANES; lane++) sum += partial[0][lane];
  return sum;
}

// A tile narrower than a vector, output by output; partial sums of a few thousand taps at most are
// added up in double.
static void NAME(correlate_narrow)(const concord_tile *tile, const T *source, const T *weights,
                                   T *out) {
  const concord_extents kernel = tile->kernel, extents = tile->out;
  const ptrdiff_t piece = 4096;
  for (ptrdiff_t p = 0; p < extents.planes; p++)
    for (ptrdiff_t r = 0; r < extents.rows; r++)
      for (ptrdiff_t c = 0; c < extents.columns; c++) {
        double sum = 0;
        for (ptrdiff_t i = 0; i < kernel.planes; i++)
          for (ptrdiff_t j = 0; j < kernel.rows; j++) {
            const T *taps = weights + (i * kernel.rows + j) * kernel.columns;
            const T *from = source + (p + i) * tile->source_plane_stride +
                            (r + j) * tile->source_row_stride + c;
            for (ptrdiff_t k = 0; k < kernel.columns; k += piece) {
              const ptrdiff_t left = kernel.columns - k;
              sum += NAME(dot)(taps + k, from + k, left < piece ? left : piece);
            }
          }
        out[p * tile->out_plane_stride + r * tile->out_row_stride + c] = (T)sum;
      }
}

// Adds the taps first..<last of kernel rows 0..<height (already offset) to every output row, or begins
// with them if the sums are fresh. What is
// left of a row when no more vectors fit is done by the vector that ends with the row, of which only
// the new lanes are written.
static void NAME(add_taps)(const T *source, ptrdiff_t row_stride, const T *weights,
                           ptrdiff_t height, ptrdiff_t width, ptrdiff_t first, ptrdiff_t last,
                           int fresh, T *out, ptrdiff_t out_stride, ptrdiff_t rows,
                           ptrdiff_t columns) {
#define TAPS row_stride, weights, height, width, first, last, fresh
  ptrdiff_t r = 0;
  for (; r + 4 <= rows; r += 4) {
    const T *from = source + r * row_stride;
    T *to = out + r * out_stride;
    ptrdiff_t c = 0;
    for (; c + VECTORS * LANES <= columns; c += VECTORS * LANES)
      NAME(block4)(from + c, TAPS, to + c, out_stride, 0);
    for (; c + 2 * LANES <= columns; c += 2 * LANES)
      NAME(block4_pair)(from + c, TAPS, to + c, out_stride, 0);
    for (; c + LANES <= columns; c += LANES)
      NAME(block4_narrow)(from + c, TAPS, to + c, out_stride, 0);
    if (c < columns) {
      const ptrdiff_t d = columns - LANES;
      NAME(block4_narrow)(from + d, TAPS, to + d, out_stride, c - d);
    }
  }
  for (; r < rows; r++) {
    const T *from = source + r * row_stride;
    T *to = out + r * out_stride;
    ptrdiff_t c = 0;
    for (; c + 6 * LANES <= columns; c += 6 * LANES)
      NAME(block1_wide)(from + c, TAPS, to + c, 0);
    for (; c + LANES <= columns; c += LANES) NAME(block1)(from + c, TAPS, to + c, 0);
    if (c < columns) {
      const ptrdiff_t d = columns - LANES;
      NAME(block1)(from + d, TAPS, to + d, c - d);
    }
  }
#undef TAPS
}

#include "correlate_low.h"

// Bits of an output depend on where it stands in its tile only through the order of its sums, which
// is the same in every block above as long as tiles are as wide; so they may be cut between rows.
void NAME(correlate_tile)(const concord_tile *tile, const T *source, const T *weights, T *out) {
  const concord_extents kernel = tile->kernel, extents = tile->out;
  if (extents.columns < LANES) {
    NAME(correlate_narrow)(tile, source, weights, out);
    return;
  }
  if (NAME(is_low)(tile)) {
    NAME(correlate_low)(tile, source, weights, out);
    return;
  }
  for (ptrdiff_t p = 0; p < extents.planes; p++) {
    T *plane = out + p * tile->out_plane_stride;
    int fresh = 1;
    for (ptrdiff_t i = 0; i < kernel.planes; i++) {
      const T *from = source + (p + i) * tile->source_plane_stride;
      const T *taps = weights + i * kernel.rows * kernel.columns;
      for (ptrdiff_t first = 0; first < kernel.columns; first += GROUP) {
        const ptrdiff_t left = kernel.columns - first;
        const ptrdiff_t last = first + (left < GROUP ? left : GROUP);
        const ptrdiff_t group_rows = GROUP / (last - first) > 0 ? GROUP / (last - first) : 1;
        for (ptrdiff_t j = 0; j < kernel.rows; j += group_rows) {
          const ptrdiff_t height =
              kernel.rows - j < group_rows ? kernel.rows - j : group_rows;
          NAME(add_taps)(from + j * tile->source_row_stride, tile->source_row_stride,
                         taps + j * kernel.columns, height, kernel.columns, first, last, fresh,
                         plane, tile->out_row_stride, extents.rows, extents.columns);
          fresh = 0;
        }
      }
    }
  }
}

#undef GROUP
