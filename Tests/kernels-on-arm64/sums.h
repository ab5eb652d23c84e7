// Calls of the weighted sums: tiles, rows, columns, and passes between two rates. Needs T, S, NAME and
// EPSILON.

// Whole vectors of the widest instruction set.
#define LINE ((ptrdiff_t)(64 / sizeof(T)))

static T *NAME(fresh)(ptrdiff_t count) { return room((size_t)count * sizeof(T)); }

static T *NAME(numbers)(ptrdiff_t count) {
  T *x = NAME(fresh)(count);
  for (ptrdiff_t i = 0; i < count; i++) x[i] = (T)uniform();
  return x;
}

static void NAME(values)(const T *x, ptrdiff_t count) {
  for (ptrdiff_t i = 0; i < count; i++) value((double)x[i]);
}

static void NAME(rows_of_values)(const T *x, ptrdiff_t rows, ptrdiff_t stride, ptrdiff_t columns) {
  for (ptrdiff_t r = 0; r < rows; r++) NAME(values)(x + r * stride, columns);
}

// What two orders of a sum of products of numbers below 1 may differ by.
static double NAME(sum_bound)(ptrdiff_t terms) { return 4 * EPSILON * (double)(terms + 1); }

static void NAME(correlate_tile)(concord_extents out, concord_extents kernel, ptrdiff_t gap) {
  const ptrdiff_t rows = out.rows + kernel.rows - 1, columns = out.columns + kernel.columns - 1;
  const ptrdiff_t planes = out.planes + kernel.planes - 1;
  // Asked for where it can be had or not: lines need not begin where vectors do.
  concord_tile tile = {.out = out, .kernel = kernel, .streams = gap == 0};
  tile.source_row_stride = columns + gap;
  tile.source_plane_stride = rows * tile.source_row_stride + gap;
  tile.out_row_stride = out.columns + gap;
  tile.out_plane_stride = out.rows * tile.out_row_stride;
  const ptrdiff_t taps = kernel.planes * kernel.rows * kernel.columns;
  // To the last element that is read or written, and no further.
  const T *source = NAME(numbers)((planes - 1) * tile.source_plane_stride +
                                  (rows - 1) * tile.source_row_stride + columns);
  const T *weights = NAME(numbers)(taps);
  T *to = NAME(fresh)((out.planes - 1) * tile.out_plane_stride +
                      (out.rows - 1) * tile.out_row_stride + out.columns);
  CALL(correlate_tile)(&tile, source, weights, to);
  RECORD(correlate_tile, NAME(sum_bound)(taps), out.planes * out.rows * out.columns, out.planes,
         out.rows, out.columns, kernel.planes, kernel.rows, kernel.columns, gap);
  for (ptrdiff_t p = 0; p < out.planes; p++)
    NAME(rows_of_values)(to + p * tile.out_plane_stride, out.rows, tile.out_row_stride,
                         out.columns);
  leave_rooms();
}

static void NAME(correlate_tiles)(void) {
  static const concord_extents outs[] = {{1, 1, 1},  {1, 5, 3},  {1, 4, 16}, {1, 9, 67},
                                         {2, 6, 37}, {3, 5, 131}, {1, 9, 64}};
  static const concord_extents kernels[] = {
      {1, 1, 1}, {1, 2, 2},  {1, 3, 3},   {1, 4, 6},   {1, 5, 5},   {1, 6, 2},    {1, 7, 5},  {1, 8, 3},
      {1, 9, 9}, {1, 10, 4}, {1, 11, 11}, {1, 12, 10}, {2, 3, 4},   {1, 1, 300},  {1, 140, 2}, {3, 2, 33}};
  for (size_t o = 0; o < COUNT_OF(outs); o++)
    for (size_t k = 0; k < COUNT_OF(kernels); k++)
      for (ptrdiff_t gap = 0; gap < 6; gap += 5) NAME(correlate_tile)(outs[o], kernels[k], gap);
}

static void NAME(filter_rows)(void) {
  static const ptrdiff_t counts[] = {1, 2, 7, 31, 128, 129, 300};
  static const ptrdiff_t columns[] = {1, 5, 16, 33, 97, 200};
  for (size_t k = 0; k < COUNT_OF(counts); k++)
    for (size_t c = 0; c < COUNT_OF(columns); c++) {
      const ptrdiff_t padded = rounded_up(columns[c], LINE);
      const T *source = NAME(numbers)(padded + counts[k] - 1), *taps = NAME(numbers)(counts[k]);
      T *out = NAME(fresh)(padded);
      CALL(filter_row)(source, taps, counts[k], out, columns[c]);
      RECORD(filter_row, NAME(sum_bound)(counts[k]), columns[c], counts[k], columns[c]);
      NAME(values)(out, columns[c]);
      leave_rooms();
    }
}

static void NAME(filter_column)(ptrdiff_t count, int store, ptrdiff_t rows, ptrdiff_t columns,
                                int is_infinite) {
  const ptrdiff_t padded = rounded_up(columns, LINE), stride = padded + LINE;
  const ptrdiff_t source_rows = rows + count - 1;
  T *source = NAME(numbers)((source_rows - 1) * (stride + 1) + padded);
  const T *taps = NAME(numbers)(count);
  T *out = store == CONCORD_ADD ? NAME(numbers)(rows * stride) : NAME(fresh)(rows * stride);
  if (is_infinite) source[(source_rows / 2) * (stride + 1) + columns / 2] = (T)INFINITY;
  const int is_finite = CALL(filter_columns)(source, stride + 1, taps, count, store, out, stride,
                                             rows, columns);
  concord_stream_end();
  RECORD(filter_columns, NAME(sum_bound)(count), rows * columns + 1, count, store, rows, columns,
         is_infinite);
  value(is_finite);
  NAME(rows_of_values)(out, rows, stride, columns);
  leave_rooms();
}

static void NAME(filter_columns)(void) {
  static const ptrdiff_t counts[] = {1, 2, 3, 4, 7, 128, 130};
  static const ptrdiff_t rows[] = {1, 4, 7, 12}, columns[] = {1, 7, 16, 45, 96};
  for (size_t k = 0; k < COUNT_OF(counts); k++)
    for (size_t r = 0; r < COUNT_OF(rows); r++)
      for (size_t c = 0; c < COUNT_OF(columns); c++)
        for (int store = CONCORD_WRITE; store <= CONCORD_STREAM; store++) {
          if (store == CONCORD_STREAM && (counts[k] > 128 || columns[c] % LINE != 0)) continue;
          NAME(filter_column)(counts[k], store, rows[r], columns[c], 0);
          NAME(filter_column)(counts[k], store, rows[r], columns[c], 1);
        }
}

static void NAME(blend_rows)(void) {
  static const ptrdiff_t counts[] = {1, 3, 14}, columns[] = {1, 5, 16, 47, 203};
  for (size_t k = 0; k < COUNT_OF(counts); k++)
    for (size_t c = 0; c < COUNT_OF(columns); c++) {
      const T *rows[16], *taps = NAME(numbers)(counts[k]);
      for (ptrdiff_t i = 0; i < counts[k]; i++) rows[i] = NAME(numbers)(columns[c]);
      T *out = NAME(fresh)(columns[c]);
      CALL(blend_rows)(rows, taps, counts[k], out, columns[c]);
      RECORD(blend_rows, NAME(sum_bound)(counts[k]), columns[c], counts[k], columns[c]);
      NAME(values)(out, columns[c]);
      leave_rooms();
    }
}

static void NAME(interpolate)(ptrdiff_t count, int store, ptrdiff_t rows, ptrdiff_t columns,
                              ptrdiff_t stride, int is_infinite) {
  const ptrdiff_t padded = rounded_up(columns, LINE);
  T *source = NAME(numbers)((count - 1) * stride + padded);
  const T *taps = NAME(numbers)(rows * count);
  T *out = NAME(fresh)(rows * padded);
  if (is_infinite) source[columns / 2] = -(T)INFINITY;
  const int is_finite =
      CALL(interpolate_rows)(source, stride, taps, count, store, out, padded, rows, columns);
  concord_stream_end();
  RECORD(interpolate_rows, NAME(sum_bound)(count), rows * columns + 1, count, store, rows, columns,
         stride, is_infinite);
  value(is_finite);
  NAME(rows_of_values)(out, rows, padded, columns);
  leave_rooms();
}

static void NAME(interpolate_rows)(void) {
  static const ptrdiff_t counts[] = {1, 3, 14}, rows[] = {1, 2, 4, 7}, columns[] = {3, 16, 48, 75};
  for (size_t k = 0; k < COUNT_OF(counts); k++)
    for (size_t r = 0; r < COUNT_OF(rows); r++)
      for (size_t c = 0; c < COUNT_OF(columns); c++)
        for (int i = 0; i < 2; i++) {
          NAME(interpolate)(counts[k], CONCORD_WRITE, rows[r], columns[c], 1, i);
          NAME(interpolate)(counts[k], CONCORD_WRITE, rows[r], columns[c], columns[c] + 20, i);
          if (columns[c] % LINE == 0)
            NAME(interpolate)(counts[k], CONCORD_STREAM, rows[r], columns[c], columns[c], i);
        }
}

static void NAME(call_sums)(void) {
  NAME(correlate_tiles)();
  NAME(filter_rows)();
  NAME(filter_columns)();
  NAME(blend_rows)();
  NAME(interpolate_rows)();
}
