// Chooses the widest instruction set that this processor has, once. CONCORD_INSTRUCTION_SET
// (baseline, avx2, avx512) asks for a narrower one, which tests use to reach every variant.

#include <stdlib.h>
#include <string.h>

#include "ConcordKernels.h"

enum { BASELINE, AVX2, AVX512 };

static int widest_available(void) {
#if defined(__x86_64__)
  __builtin_cpu_init();
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&
      __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512bw"))
    return AVX512;
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) return AVX2;
#endif
  return BASELINE;
}

// Every caller computes the same value, so a race to store it is harmless.
static int instruction_set(void) {
  static _Atomic int chosen = -1;
  int set = chosen;
  if (set >= 0) return set;
  set = widest_available();
  const char *wish = getenv("CONCORD_INSTRUCTION_SET");
  if (wish && !strcmp(wish, "baseline")) set = BASELINE;
  if (wish && !strcmp(wish, "avx2") && set > AVX2) set = AVX2;
  chosen = set;
  return set;
}

const char *concord_instruction_set(void) {
  switch (instruction_set()) {
    case AVX512: return "avx512";
    case AVX2: return "avx2";
  }
#if defined(__aarch64__)
  return "neon";
#else
  return "baseline";
#endif
}

#if defined(__x86_64__)
#define CALL(R, name, parameters, arguments)                 \
  R name##_baseline parameters;                              \
  R name##_avx2 parameters;                                  \
  R name##_avx512 parameters;                                \
  R name parameters {                                        \
    switch (instruction_set()) {                             \
      case AVX512: return name##_avx512 arguments;           \
      case AVX2: return name##_avx2 arguments;               \
    }                                                        \
    return name##_baseline arguments;                        \
  }
#else
#define CALL(R, name, parameters, arguments) \
  R name##_baseline parameters;              \
  R name parameters { return name##_baseline arguments; }
#endif

#define DISPATCH(T, S)                                                                           \
  CALL(void, concord_correlate_tile_##S,                                                         \
       (const concord_tile *tile, const T *source, const T *weights, T *out),                    \
       (tile, source, weights, out))                                                             \
  CALL(void, concord_filter_row_##S,                                                             \
       (const T *source, const T *taps, ptrdiff_t count, T *out, ptrdiff_t columns),             \
       (source, taps, count, out, columns))                                                      \
  CALL(int, concord_filter_columns_##S,                                                          \
       (const T *source, ptrdiff_t stride, const T *taps, ptrdiff_t count, int store, T *out,    \
        ptrdiff_t out_stride, ptrdiff_t rows, ptrdiff_t columns),                                \
       (source, stride, taps, count, store, out, out_stride, rows, columns))                      \
  CALL(void, concord_blend_rows_##S,                                                             \
       (const T *const *rows, const T *taps, ptrdiff_t count, T *out, ptrdiff_t columns),        \
       (rows, taps, count, out, columns))                                                        \
  CALL(int, concord_interpolate_rows_##S,                                                        \
       (const T *source, ptrdiff_t stride, const T *taps, ptrdiff_t count, int store, T *out,    \
        ptrdiff_t out_stride, ptrdiff_t rows, ptrdiff_t columns),                                \
       (source, stride, taps, count, store, out, out_stride, rows, columns))                     \
  CALL(void, concord_split_row_##S,                                                              \
       (const T *source, ptrdiff_t count, ptrdiff_t factor, T *out, ptrdiff_t stride),           \
       (source, count, factor, out, stride))                                                     \
  CALL(void, concord_join_row_##S,                                                               \
       (const T *source, ptrdiff_t stride, ptrdiff_t factor, ptrdiff_t count, T *out),           \
       (source, stride, factor, count, out))                                                     \
  CALL(void, concord_stream_row_##S, (const T *source, ptrdiff_t count, T *out),                 \
       (source, count, out))                                                                     \
  CALL(void, concord_pack_pair_##S, (const T *first, const T *second, ptrdiff_t count, T *out),  \
       (first, second, count, out))                                                              \
  CALL(void, concord_unpack_pair_spectrum_##S,                                                   \
       (const T *packed, ptrdiff_t length, T *first, T *second), (packed, length, first, second))\
  CALL(void, concord_pack_pair_spectrum_##S,                                                     \
       (const T *first, const T *second, ptrdiff_t length, T *packed),                           \
       (first, second, length, packed))                                                          \
  CALL(void, concord_split_pair_##S,                                                             \
       (const T *packed, ptrdiff_t count, T scale, T *first, T *second),                         \
       (packed, count, scale, first, second))                                                    \
  CALL(void, concord_transpose_complex_##S,                                                      \
       (const T *source, ptrdiff_t source_stride, ptrdiff_t rows, ptrdiff_t columns, T *out,     \
        ptrdiff_t out_stride),                                                                   \
       (source, source_stride, rows, columns, out, out_stride))                                  \
  CALL(void, concord_multiply_spectrum_##S, (T *x, const T *y, ptrdiff_t count, int conjugate),  \
       (x, y, count, conjugate))                                                                 \
  CALL(void, concord_add_scaled_##S, (T a, const T *x, T *y, ptrdiff_t count), (a, x, y, count)) \
  CALL(void, concord_shift_##S, (T a, T *x, ptrdiff_t count), (a, x, count))                     \
  CALL(void, concord_scale_##S, (T a, T *x, ptrdiff_t count), (a, x, count))                     \
  CALL(T, concord_multiply_adds_##S, (ptrdiff_t count), (count))                                 \
  CALL(void, concord_moments_##S,                                                                \
       (const T *x, ptrdiff_t count, double shift, double *sum, double *sum_of_squares),         \
       (x, count, shift, sum, sum_of_squares))                                                   \
  CALL(int, concord_all_finite_##S, (const T *x, ptrdiff_t count), (x, count))                   \
  CALL(void, concord_scale_by_contrasts_##S,                                                     \
       (const double *sums, const double *contrasts, double gain, double residue,                \
        ptrdiff_t count, T *scores),                                                             \
       (sums, contrasts, gain, residue, count, scores))                                          \
  CALL(T, concord_take_best_##S,                                                                 \
       (const T *scores, T sign, int label, ptrdiff_t count, T *best, int *labels),              \
       (scores, sign, label, count, best, labels))                                               \
  CALL(int, concord_coefficients_##S,                                                            \
       (const concord_coefficient_terms *terms, const double *sums, const double *squares,       \
        ptrdiff_t count, T *scores),                                                             \
       (terms, sums, squares, count, scores))                                                    \
  CALL(void, concord_median_tile_##S,                                                            \
       (const concord_tile *tile, const T *source, int holds_nan, T *scratch, T *out),           \
       (tile, source, holds_nan, scratch, out))                                                  \
  CALL(void, concord_window_extremes_##S,                                                        \
       (T *values, ptrdiff_t outer, ptrdiff_t extent, ptrdiff_t inner, ptrdiff_t window, T sign),\
       (values, outer, extent, inner, window, sign))                                             \
  CALL(void, concord_transform_tile_##S,                                                         \
       (const concord_transform_##S *tile, T *re, T *im, T scale, int conjugate, T *scratch,     \
        T *spectrum),                                                                            \
       (tile, re, im, scale, conjugate, scratch, spectrum))                                      \
  CALL(void, concord_filter_tile_##S,                                                            \
       (const concord_transform_##S *tile, T *re, T *im, const T *spectrum, T *scratch),         \
       (tile, re, im, spectrum, scratch))                                                        \
  CALL(void, concord_filter_part_##S,                                                            \
       (const concord_transform_##S *tile, int stage, ptrdiff_t first, ptrdiff_t end, T *re,     \
        T *im, const T *spectrum, T *scratch),                                                   \
       (tile, stage, first, end, re, im, spectrum, scratch))                                     \
  CALL(void, concord_restore_tile_##S,                                                           \
       (const concord_transform_##S *tile, ptrdiff_t channels, const T *spectra,                 \
        const T *kernels, T *re, T *im, T *scratch),                                             \
       (tile, channels, spectra, kernels, re, im, scratch))                                      \
  CALL(void, concord_correlate_rows_##S,                                                         \
       (const concord_axis_##S *axis, const T *pair, const T *rows, ptrdiff_t count,             \
        ptrdiff_t kept, T *first, T *second, T *scratch),                                        \
       (axis, pair, rows, count, kept, first, second, scratch))                                  \
  CALL(void, concord_correlate_pair_##S,                                                         \
       (const concord_transform_##S *tile, const int32_t *half, ptrdiff_t used, T scale, T *re,  \
        T *im, T *other_re, T *other_im, T *scratch),                                            \
       (tile, half, used, scale, re, im, other_re, other_im, scratch))                           \
  CALL(int, concord_tile_lanes_##S, (void), ())                                                 \
  CALL(void, concord_window_tile_##S, (const concord_window *tile, double *scratch),             \
       (tile, scratch))                                                                          \
  CALL(ptrdiff_t, concord_window_scratch_##S, (const concord_window *tile), (tile))

DISPATCH(float, f32)
DISPATCH(double, f64)
