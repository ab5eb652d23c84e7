// The direct correlation of one tile with a kernel of few rows and at most GROUP taps: loops over
// kernel rows are unrolled. Needs what correlate_tile.h needs.
//
// A block of LOW_ROWS x LOW_VECTORS accumulators takes column after column of the kernel. Kernel rows
// come in parts of PART at most: of source rows that are a power of two apart no more than eight fit
// into the first-level cache, and every column of the kernel reads them again. Parts are the same for
// all output rows, so that where an output stands in a block doesn't change its bits.

#define LOW_ROWS 4
#define LOW_VECTORS (VECTOR_BYTES == 64 ? 4 : 2)
#define LOWEST 2
#define HIGHEST 11
#define PART 5
#define EACH(i, from, to) _Pragma("clang loop unroll(full)") for (int i = from; i < (to); i++)

typedef T NAME(aligned_vector) __attribute__((vector_size(VECTOR_BYTES)));

// What a row of blocks shares; taps[k * height + j] is the tap of column k and row j.
typedef struct {
  ptrdiff_t row_stride, out_stride, width;
  const T *taps;
  // Whether results go past the caches: their lines must begin where vectors of 64 bytes do.
  int streams;
} NAME(low);

// `rows` output rows, `wide` vectors each. What the blocks below and beside will need is fetched.
static inline __attribute__((always_inline)) void NAME(low_block)(const int height, const int rows,
                                                                  const int wide,
                                                                  const NAME(low) * low,
                                                                  const T *source, T *out) {
  const ptrdiff_t row_stride = low->row_stride, out_stride = low->out_stride;
  const int parts = (height + PART - 1) / PART, part = (height + parts - 1) / parts;
  NAME(vector) acc[LOW_ROWS][LOW_VECTORS] = {0};
  EACH(r, 0, rows) EACH(q, 0, wide) {
    __builtin_prefetch(source + (height + rows - 1 + r) * row_stride + (q + 1) * LANES, 0, 2);
    if (!low->streams) __builtin_prefetch(out + r * out_stride + (q + wide) * LANES, 1, 3);
  }
  EACH(p, 0, parts) {
    const int count = part < height - p * part ? part : height - p * part;
    const T *from = source + p * part * row_stride, *taps = low->taps + p * part;
    for (ptrdiff_t k = 0; k < low->width; k++, from++, taps += height) {
      EACH(s, 0, count + rows - 1) {
        EACH(q, 0, wide) {
          const NAME(vector) value =
              *(const NAME(vector) *)(from + s * row_stride + q * LANES);
          EACH(r, s < count ? 0 : s - count + 1, s < rows ? s + 1 : rows)
            acc[r][q] += taps[s - r] * value;
        }
      }
    }
  }
  EACH(r, 0, rows) EACH(q, 0, wide) {
    T *to = out + r * out_stride + q * LANES;
    if (low->streams)
      __builtin_nontemporal_store((NAME(aligned_vector))acc[r][q], (NAME(aligned_vector) *)to);
    else
      *(NAME(vector) *)to = acc[r][q];
  }
}

// LOW_ROWS rows, or one, of any length from LANES on. The vector that ends with the rows may do some
// outputs again, to the same bits.
static inline __attribute__((always_inline)) void NAME(low_rows)(const int height, const int rows,
                                                                 const NAME(low) * low,
                                                                 const T *source, T *out,
                                                                 ptrdiff_t columns) {
  ptrdiff_t c = 0;
  for (; c + LOW_VECTORS * LANES <= columns; c += LOW_VECTORS * LANES)
    NAME(low_block)(height, rows, LOW_VECTORS, low, source + c, out + c);
  NAME(low) rest = *low;
  for (; c < columns; c += LANES) {
    const ptrdiff_t last = columns - LANES, at = c < last ? c : last;
    if (at < c) rest.streams = 0;
    NAME(low_block)(height, rows, 1, &rest, source + at, out + at);
  }
}

#define LOW(HEIGHT)                                                                           \
  static __attribute__((noinline)) void NAME(low_rows##HEIGHT)(                               \
      const NAME(low) * low, const T *source, T *out, ptrdiff_t columns, int rows) {          \
    if (rows == 1)                                                                            \
      NAME(low_rows)(HEIGHT, 1, low, source, out, columns);                                   \
    else                                                                                      \
      NAME(low_rows)(HEIGHT, LOW_ROWS, low, source, out, columns);                            \
  }
#define EACH_LOW(CASE) \
  CASE(2) CASE(3) CASE(4) CASE(5) CASE(6) CASE(7) CASE(8) CASE(9) CASE(10) CASE(11)
EACH_LOW(LOW)
#undef LOW

static int NAME(is_low)(const concord_tile *tile) {
  const concord_extents kernel = tile->kernel;
  return kernel.planes == 1 && kernel.rows >= LOWEST && kernel.rows <= HIGHEST &&
         kernel.rows * kernel.columns <= GROUP && tile->out.columns >= LANES;
}

// The last rows may be done again as well.
static void NAME(correlate_low)(const concord_tile *tile, const T *source, const T *weights,
                                T *out) {
  const ptrdiff_t height = tile->kernel.rows, width = tile->kernel.columns;
  T taps[GROUP];
  for (ptrdiff_t k = 0; k < width; k++)
    for (ptrdiff_t j = 0; j < height; j++) taps[k * height + j] = weights[j * width + k];
  const int is_aligned =
      (uintptr_t)out % 64 == 0 &&
      (tile->out_row_stride | tile->out_plane_stride) * (ptrdiff_t)sizeof(T) % 64 == 0;
  const NAME(low) low = {tile->source_row_stride, tile->out_row_stride, width, taps,
                         tile->streams && is_aligned};
  const int rows = tile->out.rows < LOW_ROWS ? 1 : LOW_ROWS;
  for (ptrdiff_t p = 0; p < tile->out.planes; p++)
    for (ptrdiff_t r = 0; r < tile->out.rows; r += rows) {
      const ptrdiff_t last = tile->out.rows - rows, at = r < last ? r : last;
      const T *from = source + p * tile->source_plane_stride + at * tile->source_row_stride;
      T *to = out + p * tile->out_plane_stride + at * tile->out_row_stride;
#define CASE(HEIGHT) \
  case HEIGHT: NAME(low_rows##HEIGHT)(&low, from, to, tile->out.columns, rows); break;
      switch (height) { EACH_LOW(CASE) }
#undef CASE
    }
  if (low.streams) concord_stream_end();
}

#undef EACH_LOW
#undef EACH
#undef PART
#undef HIGHEST
#undef LOWEST
#undef LOW_VECTORS
#undef LOW_ROWS
