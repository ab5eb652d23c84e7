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

// Windows that are selected from side by side, and how many elements a window may have for it.
#define ABREAST 32
#define MOST_FORGETFUL 400

// The smaller of two to the first, the larger to the second, for all windows.
static inline __attribute__((always_inline)) void NAME(order)(T *restrict a, T *restrict b) {
  for (int l = 0; l < ABREAST; l++) {
    const T low = LESSER(a[l], b[l]);
    b[l] = GREATER(a[l], b[l]);
    a[l] = low;
  }
}

// Medians of ABREAST windows beside each other by forgetful selection: of half of the elements and
// two more, neither the smallest nor the largest can be the median, so both make room for one that
// is still to come. taps: how far from the first each element of a window lies.
static void NAME(median_abreast)(const T *source, const ptrdiff_t *taps, ptrdiff_t count,
                                 T *restrict out) {
  T held[MOST_FORGETFUL / 2 + 2][ABREAST];
  ptrdiff_t size = count / 2 + 2 < count ? count / 2 + 2 : count, next = size;
  for (ptrdiff_t i = 0; i < size; i++)
    memcpy(held[i], source + taps[i], ABREAST * sizeof(T));
  while (size > 2) {
    for (ptrdiff_t i = 0; i < size / 2; i++) NAME(order)(held[i], held[size - 1 - i]);
    for (ptrdiff_t i = 1; i < (size + 1) / 2; i++) NAME(order)(held[0], held[i]);
    for (ptrdiff_t i = size / 2; i < size - 1; i++) NAME(order)(held[i], held[size - 1]);
    size--;
    if (next < count)
      memcpy(held[0], source + taps[next++], ABREAST * sizeof(T));
    else
      memcpy(held[0], held[--size], ABREAST * sizeof(T));
  }
  if (count % 2 == 1) {
    memcpy(out, held[0], ABREAST * sizeof(T));
  } else {
    NAME(order)(held[0], held[1]);
    for (int l = 0; l < ABREAST; l++) out[l] = (T)0.5 * held[0][l] + (T)0.5 * held[1][l];
  }
}

#undef LESSER
#undef GREATER
#undef ORDER

// One window at a time, which may hold NaN.
static T NAME(median_one)(const concord_tile *tile, const T *source, T *scratch) {
  const concord_extents window = tile->kernel;
  T *next = scratch;
  for (ptrdiff_t p = 0; p < window.planes; p++)
    for (ptrdiff_t j = 0; j < window.rows; j++) {
      memcpy(next, source + p * tile->source_plane_stride + j * tile->source_row_stride,
             (size_t)window.columns * sizeof(T));
      next += window.columns;
    }
  return MEDIAN(scratch, next - scratch);
}

void NAME(median_tile)(const concord_tile *tile, const T *source, int holds_nan, T *scratch,
                       T *out) {
  const concord_extents size = tile->out, window = tile->kernel;
  const ptrdiff_t stride = tile->source_row_stride;
  const ptrdiff_t count = window.planes * window.rows * window.columns;
  const int is_3x3 = window.planes == 1 && window.rows == 3 && window.columns == 3;
  const int is_abreast = !holds_nan && count <= MOST_FORGETFUL && size.columns >= ABREAST;
  ptrdiff_t taps[MOST_FORGETFUL], tap = 0;
  for (ptrdiff_t p = 0; is_abreast && p < window.planes; p++)
    for (ptrdiff_t j = 0; j < window.rows; j++)
      for (ptrdiff_t k = 0; k < window.columns; k++)
        taps[tap++] = p * tile->source_plane_stride + j * stride + k;
  for (ptrdiff_t r = 0; r < size.rows; r++) {
    T *row = out + r * tile->out_row_stride;
    const T *from = source + r * stride;
    ptrdiff_t c = 0;
    if (is_3x3 && !holds_nan) {
      NAME(median_row_3x3)(from, from + stride, from + 2 * stride, size.columns, row);
      c = size.columns;
    } else if (is_abreast) {
      for (; c + ABREAST <= size.columns; c += ABREAST)
        NAME(median_abreast)(from + c, taps, count, row + c);
      // The last windows once more, together with some that are done.
      const ptrdiff_t last = size.columns - ABREAST;
      if (c < size.columns) NAME(median_abreast)(from + last, taps, count, row + last);
      c = size.columns;
    }
    for (; c < size.columns; c++) row[c] = NAME(median_one)(tile, from + c, scratch);
  }
}

#undef ABREAST
#undef MOST_FORGETFUL
