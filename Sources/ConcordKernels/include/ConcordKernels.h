// The loops that decide Concord's speed, in C: compiled once per instruction set, chosen at run
// time. Every function exists for float (_f32) and double (_f64); extents count elements, strides
// count elements too. No function allocates, and none writes outside what its comment names.

#ifndef CONCORD_KERNELS_H
#define CONCORD_KERNELS_H

#include <stddef.h>
#include <stdint.h>

// The rules by which an array goes on beyond its edges.
enum concord_boundary {
  CONCORD_CONSTANT = 0,   // kkk|abcd|kkk
  CONCORD_REPLICATE = 1,  // aaa|abcd|ddd
  CONCORD_SYMMETRIC = 2,  // cba|abcd|dcb
  CONCORD_REFLECT = 3,    // dcb|abcd|cba
  CONCORD_WRAP = 4,       // bcd|abcd|abc
};

// The position inside 0..<extent that `index` stands for, or -1 where the rule gives a constant.
ptrdiff_t concord_boundary_index(ptrdiff_t index, ptrdiff_t extent, int rule);

// How sums are stored: over what is there, on top of it, or past the caches, which
// concord_stream_end() completes.
enum concord_store {
  CONCORD_WRITE = 0,
  CONCORD_ADD = 1,
  CONCORD_STREAM = 2,
};

// What correlation coefficients are made of besides the sums x of windows and of their squares.
typedef struct {
  // 1 over the elements of a window, what was subtracted from them, and what products and sums are
  // multiplied with.
  double inverse_count, shift, gain, residue;
  // An energy, the sum of squares minus that of the mean, is at least so much of the sum of squares, of the
  // square of the mean with the shift, and of 1, and at most so much.
  double least_share, least_contrast, least_energy, most_energy;
} concord_coefficient_terms;

// The three axes of a tile and its source: plane, row, column.
typedef struct {
  ptrdiff_t planes, rows, columns;
} concord_extents;

// A correlation of one tile: out[p,r,c] = sum over (i,j,k) of weights[i,j,k] * source[p+i,r+j,c+k].
// The source holds (out + kernel - 1) elements along each axis. Strides are those of rows and planes.
typedef struct {
  concord_extents out, kernel;
  ptrdiff_t source_row_stride, source_plane_stride;
  ptrdiff_t out_row_stride, out_plane_stride;
  // Whether results may go past the caches.
  int streams;
} concord_tile;

// The transform along one axis of a tile: `length` is the product of the radices (2, 3, 4, 5 or 8).
// Twiddles follow each other pass after pass: for each j below extent / radix, exp(-2 pi i j q /
// extent) for q in 1..<radix, where extent is the length divided by the radices of earlier passes.
//
// The transform of a tile of complex values in two arrays, real and imaginary parts. Rows (unless the
// twist joins them) and planes are transformed with columns as lanes, columns with rows as lanes: so
// rows and columns are multiples of 16. Backward, only the first kept planes, rows and columns count.
// The twist, for a line laid out as a tile, multiplies with exp(-2 pi i k n / (rows * columns)) between
// both transforms, k being the frequency that the row holds; it is laid out as a spectrum, and NULL
// else. A spectrum's layout is that of the work: for each plane and each `lanes` rows, for each
// column, the real and then the imaginary parts of those rows.
#define CONCORD_DECLARE_TRANSFORM(T, S) \
  typedef struct {                      \
    ptrdiff_t length, passes;           \
    const int32_t *radices;             \
    const T *twiddles;                  \
  } concord_axis_##S;                   \
  typedef struct {                      \
    concord_axis_##S planes, rows, columns; \
    ptrdiff_t row_stride, plane_stride; \
    concord_extents kept;               \
    const T *twist;                     \
  } concord_transform_##S;
// What concord_filter_part_* does, one after the other.
enum { CONCORD_FILTER_FORWARD, CONCORD_FILTER_MULTIPLY, CONCORD_FILTER_BACKWARD };

CONCORD_DECLARE_TRANSFORM(float, f32)
CONCORD_DECLARE_TRANSFORM(double, f64)
#undef CONCORD_DECLARE_TRANSFORM

#define CONCORD_DECLARE(T, S)                                                                    \
  /* The spectrum of a tile, scaled, and conjugated if asked; re and im are used up.               \
     scratch: 32 * the longest axis. */                                                          \
  void concord_transform_tile_##S(const concord_transform_##S *tile, T *re, T *im, T scale,      \
                                  int conjugate, T *scratch, T *spectrum);                       \
  /* Replaces a tile by the inverse transform (not scaled) of its spectrum times another. */     \
  void concord_filter_tile_##S(const concord_transform_##S *tile, T *re, T *im,                  \
                               const T *spectrum, T *scratch);                                   \
  /* A stage of the same for a tile of one plane: columns, or rows where it multiplies, from a        \
     multiple of lanes to another. Parts of a stage may be done in any order, or at once. */       \
  void concord_filter_part_##S(const concord_transform_##S *tile, int stage, ptrdiff_t first,    \
                               ptrdiff_t end, T *re, T *im, const T *spectrum, T *scratch);      \
  /* A tile from the sum over channels of products of spectra: those of the image's channels follow    \
     each other, and so do those of the kernel's. */                                             \
  void concord_restore_tile_##S(const concord_transform_##S *tile, ptrdiff_t channels,           \
                                const T *spectra, const T *kernels, T *re, T *im, T *scratch);   \
  /* Inverse transforms of products: of one complex line's spectrum with each of `count` real      \
     lines' spectra, whose rows are lanes. The first `kept` values of each, real parts in rows of   \
     `first`, imaginary parts in rows of `second`, or nowhere if NULL. scratch: 2 * lanes * length. */ \
  void concord_correlate_rows_##S(const concord_axis_##S *axis, const T *pair, const T *rows,    \
                                  ptrdiff_t count, ptrdiff_t kept, T *first, T *second,          \
                                  T *scratch);                                                   \
  /* Two tiles of one plane, each holding an image as real and a kernel as imaginary part, whose      \
     columns from `used` (a multiple of lanes) on count as zeros. The correlation of the first pair \
     is left in re, that of the second in im, 4 * scale times as large as it should be (times     \
     rows and columns). half: for each row frequency from 0 to half, where it and its opposite      \
     stand. other_re and other_im may be NULL. scratch: 4 * lanes * columns, 2 * lanes * rows. */    \
  void concord_correlate_pair_##S(const concord_transform_##S *tile, const int32_t *half,        \
                                  ptrdiff_t used, T scale, T *re, T *im, T *other_re,            \
                                  T *other_im, T *scratch);                                      \
  /* How many rows a spectrum keeps together. */                                                 \
  int concord_tile_lanes_##S(void);                                                              \
  /* Correlates a tile with the kernel. */                                                       \
  void concord_correlate_tile_##S(const concord_tile *tile, const T *source, const T *weights,   \
                                  T *out);                                                       \
  /* out[c] = sum over k of taps[k] * source[c + k]. Columns are rounded up to a multiple of 64      \
     bytes, of which source (with count - 1 elements more) and out must have room. */            \
  void concord_filter_row_##S(const T *source, const T *taps, ptrdiff_t count, T *out,           \
                              ptrdiff_t columns);                                                \
  /* out[c] = sum over k of taps[k] * rows[k][c], for any number of columns. */                  \
  void concord_blend_rows_##S(const T *const *rows, const T *taps, ptrdiff_t count, T *out,      \
                              ptrdiff_t columns);                                                \
  /* out[r, c] = sum over k of taps[r * count + k] * source[k, c]: as concord_filter_columns, but    \
     every row has taps of its own and the same source. */                                       \
  int concord_interpolate_rows_##S(const T *source, ptrdiff_t stride, const T *taps,             \
                                   ptrdiff_t count, int store, T *out, ptrdiff_t out_stride,     \
                                   ptrdiff_t rows, ptrdiff_t columns);                           \
  /* out[p, j] = source[j * factor + p], for `count` elements of the source. */                  \
  void concord_split_row_##S(const T *source, ptrdiff_t count, ptrdiff_t factor, T *out,         \
                             ptrdiff_t stride);                                                  \
  /* out[j * factor + p] = source[p, j], for `count` elements of the result. */                  \
  void concord_join_row_##S(const T *source, ptrdiff_t stride, ptrdiff_t factor,                 \
                            ptrdiff_t count, T *out);                                            \
  /* out[r, c] = sum over k of taps[k] * source[r + k, c]; rounded up alike, but for the lanes in   \
     the padding. Returns whether all sums are finite. At most 128 taps, and rows of out that      \
     begin at multiples of 64 bytes and end there, if they are streamed. */                      \
  int concord_filter_columns_##S(const T *source, ptrdiff_t stride, const T *taps,               \
                                 ptrdiff_t count, int store, T *out, ptrdiff_t out_stride,       \
                                 ptrdiff_t rows, ptrdiff_t columns);                             \
  /* Copies `count` elements past the caches; concord_stream_end() completes them. */            \
  void concord_stream_row_##S(const T *source, ptrdiff_t count, T *out);                         \
  /* Copies `count` elements of a row, starting at `start` (which may lie outside). */           \
  void concord_gather_row_##S(const T *row, ptrdiff_t extent, ptrdiff_t start, ptrdiff_t count,  \
                              int rule, T constant, T *out);                                     \
  /* Interleaves two real rows as the real and imaginary parts of one complex row. */            \
  void concord_pack_pair_##S(const T *first, const T *second, ptrdiff_t count, T *out);          \
  /* From the transform of such a pair, the half spectra of each row (length/2 + 1 bins). */     \
  void concord_unpack_pair_spectrum_##S(const T *packed, ptrdiff_t length, T *first, T *second); \
  /* The reverse: two half spectra into the full spectrum of the packed pair. */                 \
  void concord_pack_pair_spectrum_##S(const T *first, const T *second, ptrdiff_t length,         \
                                      T *packed);                                                \
  /* Writes re and im of `count` packed values, scaled, to two rows. */                          \
  void concord_split_pair_##S(const T *packed, ptrdiff_t count, T scale, T *first, T *second);   \
  /* out[c * out_stride + r] = source[r * source_stride + c], complex elements. */               \
  void concord_transpose_complex_##S(const T *source, ptrdiff_t source_stride, ptrdiff_t rows,   \
                                     ptrdiff_t columns, T *out, ptrdiff_t out_stride);           \
  /* x *= y, or x *= conj(y); `count` complex elements. */                                       \
  void concord_multiply_spectrum_##S(T *x, const T *y, ptrdiff_t count, int conjugate);          \
  /* y += a * x */                                                                               \
  void concord_add_scaled_##S(T a, const T *x, T *y, ptrdiff_t count);                           \
  /* x -= a */                                                                                   \
  void concord_shift_##S(T a, T *x, ptrdiff_t count);                                            \
  /* x *= a */                                                                                   \
  void concord_scale_##S(T a, T *x, ptrdiff_t count);                                            \
  /* At least so many multiply-adds in registers, to see how fast they can be. */                \
  T concord_multiply_adds_##S(ptrdiff_t count);                                                  \
  /* Sum and sum of squares of x - shift, accumulated in double. */                              \
  void concord_moments_##S(const T *x, ptrdiff_t count, double shift, double *sum,               \
                           double *sum_of_squares);                                              \
  /* Smallest and largest finite element; returns how many were finite. */                       \
  ptrdiff_t concord_finite_range_##S(const T *x, ptrdiff_t count, T *low, T *high);              \
  /* Whether each of the elements is finite. */                                                  \
  int concord_all_finite_##S(const T *x, ptrdiff_t count);                                       \
  /* scores = (gain * score - residue * sum) * contrast, cut off at -1 and 1; NaN stays. */        \
  void concord_scale_by_contrasts_##S(const double *sums, const double *contrasts, double gain,  \
                                      double residue, ptrdiff_t count, T *scores);               \
  /* Where sign * score is above the best one, it takes its place and the label that of its label. \
     Returns the largest sign * score; NaN is no score. */                                       \
  T concord_take_best_##S(const T *scores, T sign, int label, ptrdiff_t count, T *best,          \
                          int *labels);                                                          \
  /* Turns sums of products into (gain * product - residue * sum) / sqrt(energy), cut off at -1    \
     and 1. Returns 0, and leaves all as it is, if an energy is not within its limits, or a      \
     product not finite. */                                                                      \
  int concord_coefficients_##S(const concord_coefficient_terms *terms, const double *sums,       \
                               const double *squares, ptrdiff_t count, T *scores);               \
  /* The median of every window of a tile; the window's extents are those of the kernel, and       \
     scratch holds one window. `holds_nan` says whether the source may hold NaN. */              \
  void concord_median_tile_##S(const concord_tile *tile, const T *source, int holds_nan,         \
                               T *scratch, T *out);                                              \
  /* In place along the middle axis of values[outer][extent][inner]: the smallest (sign 1) or       \
     largest (sign -1) of every `window` elements, NaN if any is. The first                      \
     extent - window + 1 of each line are results, the rest is left over. */                     \
  void concord_window_extremes_##S(T *values, ptrdiff_t outer, ptrdiff_t extent,                 \
                                   ptrdiff_t inner, ptrdiff_t window, T sign);                   \
  /* The median of `count` elements, which are reordered; NaN if any is NaN. */                  \
  T concord_median_##S(T *x, ptrdiff_t count);

CONCORD_DECLARE(float, f32)
CONCORD_DECLARE(double, f64)
#undef CONCORD_DECLARE

// What is summed over windows: functions of the elements a and b of one or two images. A shift is
// subtracted first from each element of those that have squares or more than one sum.
enum concord_window_term {
  CONCORD_SUM_A = 0,           // a
  CONCORD_SUM_SQUARES = 1,     // a, a^2
  CONCORD_SUM_DIFFERENCE = 2,  // a^2 - b^2, without shifts
  CONCORD_SUM_JOINT = 3,       // a, b, a b
  CONCORD_SUM_MOMENTS = 4,     // a, b, a^2, b^2, a b
  CONCORD_SUM_EACH = 5,        // the elements of up to five images, which are sums already
  CONCORD_SUM_PRODUCT = 6,     // a b, without shifts
};
#define CONCORD_WINDOW_SUMS 5

// What becomes of the sums of a window of n elements.
enum concord_window_result {
  CONCORD_SUMS = 0,         // each sum, one output for each
  CONCORD_MEAN = 1,         // sum / n
  CONCORD_VARIANCE = 2,     // (sum of squares - sum^2 / n) / (n - ddof), of SQUARES
  CONCORD_DEVIATION = 3,    // its root
  CONCORD_COVARIANCE = 4,   // (sum of products - product of sums / n) / (n - ddof), of JOINT
  CONCORD_CORRELATION = 5,  // Pearson's coefficient, of MOMENTS
};

// The windows of one tile of rows and columns. Sums are in double.
typedef struct {
  // Images of equal extents, whose rows follow each other without gaps.
  const void *images[CONCORD_WINDOW_SUMS];
  int images_count;
  ptrdiff_t image_rows, image_columns;
  // Where the first output's window begins; it may lie outside.
  ptrdiff_t row, column;
  // 0; or for images of one row, by how much each of the tile's rows begins further along it.
  ptrdiff_t line_step;
  // Outputs, and elements of a window, along each axis.
  ptrdiff_t rows, columns, window_rows, window_columns;
  int boundary;
  // What stands outside each image under the rule `constant`; what is subtracted from a and b.
  double constants[CONCORD_WINDOW_SUMS], shifts[2];
  int term, result;
  // Elements of a window, unless it shrinks: then the outputs' rows and columns outside these ranges
  // have windows of row_counts[row] * column_counts[column] elements.
  double count, ddof;
  ptrdiff_t whole_rows[2], whole_columns[2];
  const double *row_counts, *column_counts;
  // Of correlations: the deviation that counts as none, relative to the mean, and what flat windows
  // score.
  double resolution, flat;
  // One output for each sum, or one; floats if asked, which serves one output.
  void *outs[CONCORD_WINDOW_SUMS];
  ptrdiff_t out_stride;
  int out_is_float;
  // Whether results are to be written past the cache: rows of the output are aligned to 64 bytes.
  int streams;
} concord_window;

// Computes a tile of float or double images. The scratch memory has as many doubles as asked for.
void concord_window_tile_f32(const concord_window *tile, double *scratch);
void concord_window_tile_f64(const concord_window *tile, double *scratch);
ptrdiff_t concord_window_scratch_f32(const concord_window *tile);
ptrdiff_t concord_window_scratch_f64(const concord_window *tile);

// Asks for what will be read soon; any address will do.
static inline void concord_fetch(const void *from, ptrdiff_t bytes) {
  for (ptrdiff_t i = 0; i < bytes; i += 64) __builtin_prefetch((const char *)from + i, 0, 2);
}

// Makes what the calling thread streamed visible to other threads before anything it stores later.
void concord_stream_end(void);

// The name of the instruction set in use: "baseline", "avx2", "avx512" or "neon".
const char *concord_instruction_set(void);

#endif
