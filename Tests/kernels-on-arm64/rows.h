// Calls of what moves, combines and orders the elements of rows. Needs sums.h.

static void NAME(split_and_join)(void) {
  static const ptrdiff_t counts[] = {1, 5, 16, 101};
  for (ptrdiff_t factor = 1; factor <= 9; factor++)
    for (size_t k = 0; k < COUNT_OF(counts); k++) {
      const ptrdiff_t count = counts[k], stride = count / factor + 2, whole = factor * stride;
      const T *source = NAME(numbers)(count), *parts = NAME(numbers)(whole);
      T *split = NAME(fresh)(whole), *joined = NAME(fresh)(count);
      CALL(split_row)(source, count, factor, split, stride);
      RECORD(split_row, 0, whole, factor, count);
      NAME(values)(split, whole);
      CALL(join_row)(parts, stride, factor, count, joined);
      RECORD(join_row, 0, count, factor, count);
      NAME(values)(joined, count);
      leave_rooms();
    }
}

static void NAME(stream_rows)(void) {
  static const ptrdiff_t counts[] = {0, 1, 3, 16, 50, 129};
  // With some elements between them and the end of a page, rows begin and end at every distance from a
  // whole vector. What lies behind stays as it is.
  for (size_t k = 0; k < COUNT_OF(counts); k++)
    for (ptrdiff_t behind = 0; behind < 5; behind++) {
      const T *source = NAME(numbers)(counts[k]);
      T *out = NAME(fresh)(counts[k] + behind);
      CALL(stream_row)(source, counts[k], out);
      concord_stream_end();
      RECORD(stream_row, 0, counts[k] + behind, counts[k], behind);
      NAME(values)(out, counts[k] + behind);
      leave_rooms();
    }
}

static void NAME(gather_rows)(void) {
  static const ptrdiff_t extents[] = {1, 2, 7, 40}, starts[] = {-95, -3, 0, 3, 39, 60};
  static const ptrdiff_t counts[] = {1, 9, 100};
  for (int rule = CONCORD_CONSTANT; rule <= CONCORD_WRAP; rule++)
    for (size_t e = 0; e < COUNT_OF(extents); e++)
      for (size_t s = 0; s < COUNT_OF(starts); s++)
        for (size_t k = 0; k < COUNT_OF(counts); k++) {
          const T *row = NAME(numbers)(extents[e]);
          T *out = NAME(fresh)(counts[k]);
          CALL(gather_row)(row, extents[e], starts[s], counts[k], rule, (T)0.75, out);
          RECORD(gather_row, 0, counts[k], rule, extents[e], starts[s], counts[k]);
          NAME(values)(out, counts[k]);
          leave_rooms();
        }
}

static void NAME(pairs)(void) {
  static const ptrdiff_t lengths[] = {1, 2, 3, 8, 15, 64, 101};
  for (size_t k = 0; k < COUNT_OF(lengths); k++) {
    const ptrdiff_t n = lengths[k], bins = 2 * (n / 2 + 1);
    const T *a = NAME(numbers)(n), *b = NAME(numbers)(n), *z = NAME(numbers)(2 * n);
    T *out = NAME(fresh)(2 * n), *first = NAME(fresh)(bins), *second = NAME(fresh)(bins);
    CALL(pack_pair)(a, b, n, out);
    RECORD(pack_pair, 0, 2 * n, n);
    NAME(values)(out, 2 * n);
    CALL(unpack_pair_spectrum)(z, n, first, second);
    RECORD(unpack_pair_spectrum, 0, 2 * bins, n);
    NAME(values)(first, bins);
    NAME(values)(second, bins);
    CALL(pack_pair_spectrum)(first, second, n, out);
    RECORD(pack_pair_spectrum, 0, 2 * n, n);
    NAME(values)(out, 2 * n);
    T *x = NAME(fresh)(n), *y = NAME(fresh)(n);
    CALL(split_pair)(z, n, (T)0.3, x, y);
    RECORD(split_pair, 0, 2 * n, n);
    NAME(values)(x, n);
    NAME(values)(y, n);
    leave_rooms();
  }
}

static void NAME(transpose)(void) {
  static const ptrdiff_t extents[] = {1, 3, 8, 17, 44};
  for (size_t r = 0; r < COUNT_OF(extents); r++)
    for (size_t c = 0; c < COUNT_OF(extents); c++) {
      const ptrdiff_t rows = extents[r], columns = extents[c];
      const T *source = NAME(numbers)(2 * ((rows - 1) * (columns + 3) + columns));
      T *out = NAME(fresh)(2 * ((columns - 1) * (rows + 1) + rows));
      CALL(transpose_complex)(source, columns + 3, rows, columns, out, rows + 1);
      RECORD(transpose_complex, 0, 2 * rows * columns, rows, columns);
      NAME(rows_of_values)(out, columns, 2 * (rows + 1), 2 * rows);
      leave_rooms();
    }
}

static void NAME(elementwise)(void) {
  static const ptrdiff_t counts[] = {0, 1, 3, 16, 39, 100};
  for (size_t k = 0; k < COUNT_OF(counts); k++) {
    const ptrdiff_t n = counts[k];
    for (int conjugate = 0; conjugate < 2; conjugate++) {
      T *x = NAME(numbers)(2 * n);
      CALL(multiply_spectrum)(x, NAME(numbers)(2 * n), n, conjugate);
      RECORD(multiply_spectrum, 4 * EPSILON, 2 * n, n, conjugate);
      NAME(values)(x, 2 * n);
    }
    if (k == 0) {
      const T mean = CALL(multiply_adds)(1 << 22);
      // Rounding goes round a thousand times before it is forgotten.
      RECORD(multiply_adds, 4000 * EPSILON, 1, 1);
      value((double)mean);
    }
    T *x = NAME(numbers)(n);
    CALL(add_scaled)((T)0.7, NAME(numbers)(n), x, n);
    RECORD(add_scaled, 2 * EPSILON, n, n);
    NAME(values)(x, n);
    x = NAME(numbers)(n);
    CALL(shift)((T)0.3, x, n);
    RECORD(shift, 0, n, n);
    NAME(values)(x, n);
    CALL(scale)((T)0.3, x, n);
    RECORD(scale, 0, n, n);
    NAME(values)(x, n);
    double sum = 0, squares = 0;
    CALL(moments)(x, n, 0.1, &sum, &squares);
    RECORD(moments, 4 * DBL_EPSILON * (double)(n + 1), 2, n);
    value(sum);
    value(squares);
    leave_rooms();
  }
}

static void NAME(coefficients)(void) {
  static const ptrdiff_t counts[] = {1, 7, 8, 23, 100};
  const concord_coefficient_terms terms = {1.0 / 64, 0.5, 0.3, 0.01, 1e-6, 1e-9, 1e-3, 1e30};
  for (size_t k = 0; k < COUNT_OF(counts); k++)
    // One window without energy, and one product that isn't finite, leave all as it is.
    for (int spoilt = 0; spoilt < 3; spoilt++) {
      const ptrdiff_t n = counts[k];
      double *sums = room((size_t)n * sizeof(double)), *squares = room((size_t)n * sizeof(double));
      for (ptrdiff_t i = 0; i < n; i++) {
        sums[i] = uniform();
        squares[i] = 2 + uniform();
      }
      T *x = NAME(numbers)(n);
      if (spoilt == 1) squares[n / 2] = 0;
      if (spoilt == 2) x[n - 1] = (T)INFINITY;
      const int made = CALL(coefficients)(&terms, sums, squares, n, x);
      RECORD(coefficients, 0, 1, n, spoilt);
      value(made);
      RECORD(coefficients, 8 * EPSILON, n, n, spoilt);
      NAME(values)(x, n);
      leave_rooms();
    }
}

static void NAME(best)(void) {
  static const ptrdiff_t counts[] = {1, 7, 8, 23, 100};
  for (size_t k = 0; k < COUNT_OF(counts); k++)
    for (int sign = -1; sign < 2; sign += 2) {
      const ptrdiff_t n = counts[k];
      double *sums = room((size_t)n * sizeof(double)), *contrasts = room((size_t)n * sizeof(double));
      int *labels = room((size_t)n * sizeof(int));
      T *best = NAME(numbers)(n), *x = NAME(numbers)(n);
      for (ptrdiff_t i = 0; i < n; i++) {
        sums[i] = uniform();
        contrasts[i] = i % 9 == 4 ? NAN : 1.5 + uniform();
        labels[i] = 3;
      }
      CALL(scale_by_contrasts)(sums, contrasts, 1.25, 0.01, n, x);
      RECORD(scale_by_contrasts, 8 * EPSILON, n, n, sign);
      NAME(values)(x, n);
      x = NAME(numbers)(n);
      x[n / 2] = (T)NAN;
      const T top = CALL(take_best)(x, (T)sign, 7, n, best, labels);
      RECORD(take_best, 0, 2 * n + 1, n, sign);
      value((double)top);
      NAME(values)(best, n);
      for (ptrdiff_t i = 0; i < n; i++) value(labels[i]);
      leave_rooms();
    }
}

static void NAME(finite)(void) {
  static const ptrdiff_t counts[] = {0, 1, 16, 37, 100};
  const T odd[] = {0, (T)NAN, (T)INFINITY, -(T)INFINITY};
  for (size_t k = 0; k < COUNT_OF(counts); k++)
    for (size_t o = 0; o < COUNT_OF(odd); o++)
      for (ptrdiff_t at = 0; at < counts[k]; at += 1 + counts[k] / 3) {
        T *x = NAME(numbers)(counts[k]), low = 0, high = 0;
        x[at] = odd[o];
        const ptrdiff_t finite = CALL(finite_range)(x, counts[k], &low, &high);
        RECORD(finite_range, 0, 3, counts[k], (ptrdiff_t)o, at);
        value((double)finite);
        value((double)low);
        value((double)high);
        RECORD(all_finite, 0, 1, counts[k], (ptrdiff_t)o, at);
        value(CALL(all_finite)(x, counts[k]));
        leave_rooms();
      }
}

static void NAME(median_tile)(concord_extents out, concord_extents window, int holds_nan) {
  const ptrdiff_t rows = out.rows + window.rows - 1, columns = out.columns + window.columns - 1;
  const concord_tile tile = {out, window, columns, rows * columns, out.columns + 1, 0, 0};
  const ptrdiff_t count = window.planes * rows * columns;
  T *source = NAME(numbers)(count);
  // Some elements are equal.
  for (ptrdiff_t i = 0; i < count; i += 3) source[i] = (T)0.125 * (T)(i % 7 - 3);
  if (holds_nan) source[count / 2] = (T)NAN;
  T *scratch = NAME(fresh)(window.planes * window.rows * window.columns);
  T *to = NAME(fresh)(out.rows * tile.out_row_stride);
  CALL(median_tile)(&tile, source, holds_nan, scratch, to);
  RECORD(median_tile, 0, out.rows * out.columns, out.rows, out.columns, window.planes, window.rows,
         window.columns, holds_nan);
  NAME(rows_of_values)(to, out.rows, tile.out_row_stride, out.columns);
  leave_rooms();
}

static void NAME(medians)(void) {
  static const concord_extents outs[] = {{1, 1, 1}, {1, 3, 32}, {1, 2, 77}};
  static const concord_extents windows[] = {{1, 1, 1}, {1, 1, 2}, {1, 3, 3},
                                            {2, 3, 4}, {1, 5, 7}, {1, 21, 20}};
  for (size_t o = 0; o < COUNT_OF(outs); o++)
    for (size_t w = 0; w < COUNT_OF(windows); w++)
      for (int holds_nan = 0; holds_nan < 2; holds_nan++)
        NAME(median_tile)(outs[o], windows[w], holds_nan);
  for (ptrdiff_t count = 1; count < 40; count++)
    for (int holds_nan = 0; holds_nan < 2; holds_nan++) {
      T *x = NAME(numbers)(count);
      if (holds_nan) x[count / 2] = (T)NAN;
      RECORD(median, 0, 1, count, holds_nan);
      value((double)CALL(median)(x, count));
      leave_rooms();
    }
}

static void NAME(extremes)(void) {
  static const ptrdiff_t inners[] = {1, 5, 35}, windows[] = {1, 2, 5, 8, 29};
  for (size_t i = 0; i < COUNT_OF(inners); i++)
    for (size_t w = 0; w < COUNT_OF(windows); w++)
      for (int kind = 0; kind < 4; kind++) {
        const ptrdiff_t outer = 3, extent = 29, inner = inners[i], count = outer * extent * inner;
        T *x = NAME(numbers)(count);
        if (kind >= 2) x[count / 2] = (T)NAN;
        CALL(window_extremes)(x, outer, extent, inner, windows[w], kind % 2 ? -1 : 1);
        const ptrdiff_t results = (extent - windows[w] + 1) * inner;
        RECORD(window_extremes, 0, outer * results, inner, windows[w], kind);
        NAME(rows_of_values)(x, outer, extent * inner, results);
        leave_rooms();
      }
}

static void NAME(call_rows)(void) {
  NAME(split_and_join)();
  NAME(stream_rows)();
  NAME(gather_rows)();
  NAME(pairs)();
  NAME(transpose)();
  NAME(elementwise)();
  NAME(coefficients)();
  NAME(best)();
  NAME(finite)();
  NAME(medians)();
  NAME(extremes)();
}
