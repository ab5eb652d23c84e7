// Medians over the windows of one tile. Needs T, S, NAME and MEDIAN, the function for one window.

#define LESSER(a, b) ((a) < (b) ? (a) : (b))
#define GREATER(a, b) ((a) < (b) ? (b) : (a))
#define ORDER(i, j)                    \
  {                                    \
    const T low = LESSER(v[i], v[j]);  \
    v[j] = GREATER(v[i], v[j]);        \
    v[i] = low;                        \
  }

// Three by three: nineteen exchanges leave the median of nine in the middle (Paeth, Graphics Gems,
// 1990). No branch depends on a value, so whole vectors of windows are done at once.
static void NAME(median_row_3x3)(const T *restrict a, const T *restrict b, const T *restrict c,
                                 ptrdiff_t count, T *restrict out) {
  for (ptrdiff_t i = 0; i < count; i++) {
    T v[9] = {a[i], a[i + 1], a[i + 2], b[i], b[i + 1], b[i + 2], c[i], c[i + 1], c[i + 2]};
    ORDER(1, 2) ORDER(4, 5) ORDER(7, 8) ORDER(0, 1) ORDER(3, 4) ORDER(6, 7)
    ORDER(1, 2) ORDER(4, 5) ORDER(7, 8) ORDER(0, 3) ORDER(5, 8) ORDER(4, 7)
    ORDER(3, 6) ORDER(1, 4) ORDER(2, 5) ORDER(4, 7) ORDER(4, 2) ORDER(6, 4) ORDER(4, 2)
    out[i] = v[4];
  }
}

#undef LESSER
#undef GREATER
#undef ORDER

void NAME(median_tile)(const concord_tile *tile, const T *source, int holds_nan, T *scratch,
                       T *out) {
  const concord_extents size = tile->out, window = tile->kernel;
  const ptrdiff_t stride = tile->source_row_stride;
  const int is_3x3 = window.planes == 1 && window.rows == 3 && window.columns == 3;
  for (ptrdiff_t r = 0; r < size.rows; r++) {
    T *row = out + r * tile->out_row_stride;
    const T *from = source + r * stride;
    if (is_3x3 && !holds_nan) {
      NAME(median_row_3x3)(from, from + stride, from + 2 * stride, size.columns, row);
      continue;
    }
    for (ptrdiff_t c = 0; c < size.columns; c++) {
      T *next = scratch;
      for (ptrdiff_t p = 0; p < window.planes; p++)
        for (ptrdiff_t j = 0; j < window.rows; j++) {
          memcpy(next, from + p * tile->source_plane_stride + j * stride + c,
                 (size_t)window.columns * sizeof(T));
          next += window.columns;
        }
      row[c] = MEDIAN(scratch, next - scratch);
    }
  }
}
