// The second half of window sums for windows of few columns: along rows as they lie, without turning
// them. Needs ISA_NAME, WIDE and window_rows.h.
//
// Vectors added to themselves, shifted, are sums of 2, 4, 8 … elements that follow each other. A window
// is made of one of each that its extent has a bit for, so one of w elements takes 2 log2(w) additions
// and shifts at the most, and neighbouring windows share them.

// What is written at a time, in vectors, and the columns of the longest window.
#define LINE_VECTORS (WIDE == 8 ? 4 : 2)
#define LINE_WINDOW (2 * WIDE)
#define LINE_LEVELS 5

// What begins `offset` elements after the first of some vectors, the last of which has an index.
INLINE V ISA_NAME(shifted)(const V *x, const int offset, const int last) {
  // As integers, for which compilers find the instruction that shifts two vectors.
  typedef long long integers __attribute__((vector_size(WIDE * 8), aligned(8)));
  const int index = offset / WIDE;
  const integers a = (integers)x[index < last ? index : last];
  const integers b = (integers)x[index < last ? index + 1 : last];
#if WIDE == 8
#define SHIFT(N) \
  case N: return (V)SHUFFLE(a, b, N, N + 1, N + 2, N + 3, N + 4, N + 5, N + 6, N + 7);
  switch (offset % WIDE) { SHIFT(1) SHIFT(2) SHIFT(3) SHIFT(4) SHIFT(5) SHIFT(6) SHIFT(7) }
#elif WIDE == 4
#define SHIFT(N) \
  case N: return (V)SHUFFLE(a, b, N, N + 1, N + 2, N + 3);
  switch (offset % WIDE) { SHIFT(1) SHIFT(2) SHIFT(3) }
#else
#define SHIFT(N) \
  case N: return (V)SHUFFLE(a, b, N, N + 1);
  switch (offset % WIDE) { SHIFT(1) }
#endif
#undef SHIFT
  return (V)a;
}

// Elements as they are, `offset` after others. Shifting two vectors is quicker than a load that reaches
// into the next line of the cache, unless there is much to be shifted and to be added already.
INLINE V ISA_NAME(element_at)(const int window, const double *from, const V *x, const int offset,
                              const int last) {
  return window > 3 ? *(const V *)(from + offset) : ISA_NAME(shifted)(x, offset, last);
}

// The sums of n vectors of windows. Elements beyond the last window are read, and make no difference.
INLINE void ISA_NAME(sums_along)(const int window, const int n, const double *from, V *sums) {
  const int count = n + (window + WIDE - 2) / WIDE, last = count - 1;
  V parts[LINE_LEVELS][LINE_VECTORS + 2];
  UNROLL for (int i = 0; i < count; i++) parts[0][i] = *(const V *)(from + i * WIDE);
  if (window > 1)
    UNROLL for (int i = 0; i < count; i++)
      parts[1][i] = parts[0][i] + ISA_NAME(element_at)(window, from, parts[0], i * WIDE + 1, last);
  UNROLL for (int level = 2; level < LINE_LEVELS; level++)
    if (window >> level)
      UNROLL for (int i = 0; i < count; i++)
        parts[level][i] = parts[level - 1][i] + ISA_NAME(shifted)(parts[level - 1],
                                                                  i * WIDE + (1 << (level - 1)), last);
  UNROLL for (int i = 0; i < n; i++)
    UNROLL for (int level = LINE_LEVELS - 1; level >= 0; level--)
      if (window >> level & 1) {
        const int offset = i * WIDE + (window >> (level + 1) << (level + 1));
        const V part = level ? ISA_NAME(shifted)(parts[level], offset, last)
                             : ISA_NAME(element_at)(window, from, parts[0], offset, last);
        sums[i] = window >> (level + 1) ? sums[i] + part : part;
      }
}

// Sums times a factor.
INLINE void ISA_NAME(line_sums)(const int window, const double *from, double factor, double *to,
                                ptrdiff_t vectors) {
  ptrdiff_t i = 0;
  for (; i + LINE_VECTORS <= vectors; i += LINE_VECTORS) {
    V s[LINE_VECTORS];
    ISA_NAME(sums_along)(window, LINE_VECTORS, from + i * WIDE, s);
    UNROLL for (int k = 0; k < LINE_VECTORS; k++) *(V *)(to + (i + k) * WIDE) = s[k] * factor;
  }
  for (; i < vectors; i++) {
    V s[1];
    ISA_NAME(sums_along)(window, 1, from + i * WIDE, s);
    *(V *)(to + i * WIDE) = s[0] * factor;
  }
}

typedef float ISA_NAME(memory_line) __attribute__((vector_size(WIDE * 8)));

INLINE void ISA_NAME(write_floats)(float *to, V first, V second, int streams) {
  const ISA_NAME(line) line = ISA_NAME(joined)(__builtin_convertvector(first, SLICE),
                                               __builtin_convertvector(second, SLICE));
  if (streams)
    __builtin_nontemporal_store((ISA_NAME(memory_line))line, (ISA_NAME(memory_line) *)to);
  else
    *(ISA_NAME(line) *)to = line;
}

// The same to where floats are wanted, by LINE_VECTORS vectors.
INLINE void ISA_NAME(line_floats)(const int window, const double *from, double factor, float *to,
                                  ptrdiff_t vectors, int streams) {
  for (ptrdiff_t i = 0; i < vectors; i += LINE_VECTORS) {
    V s[LINE_VECTORS];
    ISA_NAME(sums_along)(window, LINE_VECTORS, from + i * WIDE, s);
    UNROLL for (int k = 0; k < LINE_VECTORS; k += 2)
      ISA_NAME(write_floats)(to + (i + k) * WIDE, s[k] * factor, s[k + 1] * factor, streams);
  }
}

#if WIDE == 8
#define EACH_LINE(M)                                                                              \
  M(1) M(2) M(3) M(4) M(5) M(6) M(7) M(8) M(9) M(10) M(11) M(12) M(13) M(14) M(15) M(16)
#elif WIDE == 4
#define EACH_LINE(M) M(1) M(2) M(3) M(4) M(5) M(6) M(7) M(8)
#else
#define EACH_LINE(M) M(1) M(2) M(3) M(4)
#endif

#define SUMS(W)                                                                                   \
  static void ISA_NAME(line_sums_##W)(const double *from, double factor, double *to,              \
                                      ptrdiff_t vectors) {                                        \
    ISA_NAME(line_sums)(W, from, factor, to, vectors);                                            \
  }                                                                                               \
  static void ISA_NAME(line_floats_##W)(const double *from, double factor, float *to,             \
                                        ptrdiff_t vectors, int streams) {                         \
    if (WIDE == 8 && streams)                                                                     \
      ISA_NAME(line_floats)(W, from, factor, to, vectors, 1);                                     \
    else                                                                                          \
      ISA_NAME(line_floats)(W, from, factor, to, vectors, 0);                                     \
  }
EACH_LINE(SUMS)
#undef SUMS

#define SUMS(W) ISA_NAME(line_sums_##W),
#define FLOATS(W) ISA_NAME(line_floats_##W),
static void (*const ISA_NAME(all_line_sums)[])(const double *, double, double *, ptrdiff_t) = {
    EACH_LINE(SUMS)};
static void (*const ISA_NAME(all_line_floats)[])(const double *, double, float *, ptrdiff_t, int) = {
    EACH_LINE(FLOATS)};
#undef SUMS
#undef FLOATS
#undef EACH_LINE

// Writes elements `column` ..< `end` of a row.
static void ISA_NAME(write_line)(const concord_window *tile, int sum, ptrdiff_t row,
                                 ptrdiff_t column, ptrdiff_t end, const double *values) {
  const ptrdiff_t at = row * tile->out_stride + column, count = end - column;
  const int streams = WIDE == 8 && tile->streams;
  ptrdiff_t i = 0;
  if (tile->out_is_float) {
    float *to = (float *)tile->outs[sum] + at;
    for (; i + 2 * WIDE <= count; i += 2 * WIDE)
      ISA_NAME(write_floats)(to + i, *(const V *)(values + i), *(const V *)(values + i + WIDE), streams);
    for (; i < count; i++) to[i] = (float)values[i];
  } else {
    typedef double aligned __attribute__((vector_size(WIDE * 8)));
    double *to = (double *)tile->outs[sum] + at;
    for (; streams && i + WIDE <= count; i += WIDE)
      __builtin_nontemporal_store((aligned)*(const V *)(values + i), (aligned *)(to + i));
    memcpy(to + i, values + i, (size_t)(count - i) * sizeof(double));
  }
}

// What becomes of the sums of windows in a row, in place of the first of them.
INLINE void ISA_NAME(line_formula)(const ISA_NAME(row_pass) *p, const int sums, ptrdiff_t row,
                                   ptrdiff_t column, ptrdiff_t end, int isWhole) {
  const concord_window *tile = p->tile;
  V count = (V){0} + tile->count, inverse = (V){0} + p->inverse, unbiased = (V){0} + p->unbiased;
  for (ptrdiff_t c = column; c < end; c += WIDE) {
    if (!isWhole) {
      const ptrdiff_t live = end - c < WIDE ? end - c : WIDE;
      count = (V){0} + 1;
      memcpy(&count, tile->column_counts + c, (size_t)live * sizeof(double));
      count *= tile->row_counts[p->row + row];
      inverse = 1 / count;
      unbiased = ISA_NAME(select)(count > tile->ddof, 1 / (count - tile->ddof),
                                  (V){0} + __builtin_nan(""));
    }
    V of[CONCORD_WINDOW_SUMS];
    UNROLL for (int k = 0; k < sums; k++)
      of[k] = *(const V *)(p->results + k * p->line_stride + (c - column));
    *(V *)(p->results + (c - column)) =
        ISA_NAME(result)(tile, sums, of, count, inverse, unbiased);
  }
}

// Results of one row that are not merely written as floats.
static void ISA_NAME(line_results)(const ISA_NAME(row_pass) *p, int sums, ptrdiff_t row,
                                   ptrdiff_t column, ptrdiff_t end, int isWhole) {
  const concord_window *tile = p->tile;
  const int keepsSums = tile->result == CONCORD_SUMS, isScaled = sums == 1 && isWhole && !keepsSums;
  for (int k = 0; k < sums; k++)
    ISA_NAME(all_line_sums)[tile->window_columns - 1](
        p->lines + (k * WIDE + row) * p->line_stride + (column - p->line_first),
        isScaled ? p->inverse : 1, p->results + k * p->line_stride,
        (end - column + WIDE - 1) / WIDE);
  if (!keepsSums && !isScaled) switch (sums) {
      case 1: ISA_NAME(line_formula)(p, 1, row, column, end, isWhole); break;
      case 2: ISA_NAME(line_formula)(p, 2, row, column, end, isWhole); break;
      case 3: ISA_NAME(line_formula)(p, 3, row, column, end, isWhole); break;
      default: ISA_NAME(line_formula)(p, 5, row, column, end, isWhole);
    }
  for (int k = 0; k < (keepsSums ? sums : 1); k++)
    ISA_NAME(write_line)(tile, k, p->row + row, column, end, p->results + k * p->line_stride);
}

// Results of columns `first` ..< `end` of the rows at hand.
static void ISA_NAME(finish_lines)(const ISA_NAME(row_pass) *p, int sums, ptrdiff_t first,
                                   ptrdiff_t end) {
  const concord_window *tile = p->tile;
  const int keepsSums = tile->result == CONCORD_SUMS;
  const int isWhole = keepsSums || !tile->column_counts ||
                      (p->rows_are_whole && first >= tile->whole_columns[0] &&
                       end <= tile->whole_columns[1]);
  for (ptrdiff_t row = 0; row < p->live; row++) {
    ptrdiff_t column = first;
    if (sums == 1 && tile->out_is_float && isWhole) {
      const ptrdiff_t vectors = (end - first) / (LINE_VECTORS * WIDE) * LINE_VECTORS;
      ISA_NAME(all_line_floats)[tile->window_columns - 1](
          p->lines + row * p->line_stride + (first - p->line_first), keepsSums ? 1 : p->inverse,
          (float *)tile->outs[0] + (p->row + row) * tile->out_stride + first, vectors, tile->streams);
      column += vectors * WIDE;
    }
    if (column < end) ISA_NAME(line_results)(p, sums, row, column, end, isWhole);
  }
}

// Keeps what windows that follow need of columns up to `end`.
static void ISA_NAME(keep_lines)(ISA_NAME(row_pass) *p, int sums, ptrdiff_t done, ptrdiff_t end) {
  for (int k = 0; k < sums * WIDE; k++) {
    double *line = p->lines + k * p->line_stride;
    memmove(line, line + (done - p->line_first), (size_t)(end - done) * sizeof(double));
  }
  p->line_first = done;
}
