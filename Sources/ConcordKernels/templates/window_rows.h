// The second half of window sums: along columns, with rows as lanes, and what becomes of the sums.
// Needs ISA_NAME, WIDE and window_squares.h.
//
// Sums along the axis of rows arrive as turned squares in a ring, one vector a column. A group is WIDE
// elements, and the last that is read for WIDE windows ends WIDE - 1 elements after the first of them.
// So the core that they share is made of the groups read before that: whole ones, which are summed
// after van Herk and Gil-Werman, and the last few elements of one more. The cost is the same for all
// windows, and nothing is ever subtracted.

// What rows are summed of; images hold a and b, and shifts are subtracted where the name says so.
enum { OF_A, OF_CENTRED_A, OF_CENTRED_B, OF_AA, OF_BB, OF_AB, OF_DIFFERENCE, OF_EACH, OF_PRODUCT };

// Parts of what memory takes at once, 64 bytes, would each be written for themselves.
#define STREAMS(TILE) (WIDE == 8 && (TILE)->streams)

// How windows are taken: `block` at a time, whose core is `groups` groups and `rest` elements.
typedef struct {
  ptrdiff_t window, groups, rest;
  int block;
} ISA_NAME(split);

static ISA_NAME(split) ISA_NAME(split_window)(ptrdiff_t window) {
  int block = WIDE;
  while (block > window) block /= 2;
  const ptrdiff_t core = window - (block - 1);
  const ptrdiff_t groups = block == WIDE ? core / WIDE : 0;
  return (ISA_NAME(split)){window, groups, core - groups * WIDE, block};
}

typedef struct {
  const concord_window *tile;
  ISA_NAME(split) split;
  // Columns that the ring holds, a power of two; the first WIDE are there again after the last.
  ptrdiff_t ring;
  V *columns;
  // Sums of the last groups, which become suffix sums block by block, and the sum since.
  V *groups;
  V since[CONCORD_WINDOW_SUMS];
  // Sums of the last `rest` elements of the last groups + 1 groups.
  V *rests;
  ptrdiff_t position, rest_position;
  // Of windows of few columns, instead: sums of windows of rows, WIDE lines for each, from a column on;
  // and what becomes of a line.
  double *lines, *results;
  ptrdiff_t line_stride, line_first;
  // The tile's output row that lane 0 is, and how many of the lanes are rows of it.
  ptrdiff_t row, live;
  V row_counts;
  int rows_are_whole;
  // Of whole windows: 1 / n, and 1 / (n - ddof) or NaN.
  double inverse, unbiased;
  float stage[2 * WIDE * WIDE] __attribute__((aligned(64)));
} ISA_NAME(row_pass);

INLINE const V *ISA_NAME(ring_at)(const ISA_NAME(row_pass) *p, int sum, ptrdiff_t column) {
  return p->columns + sum * (p->ring + WIDE) + (column & (p->ring - 1));
}

// The sums of WIDE windows, the first of which begins at `column`.
INLINE void ISA_NAME(window_row)(ISA_NAME(row_pass) *p, int sum, ptrdiff_t column, V *sums) {
  const ptrdiff_t rest = p->split.rest, groups = p->split.groups;
  const V *before = ISA_NAME(ring_at)(p, sum, column);
  const V *next = ISA_NAME(ring_at)(p, sum, column + p->split.window);
  V core = (V){0}, after[WIDE];
  UNROLL for (int l = 0; l < WIDE; l++) after[l] = next[l];
  V *kept = p->rests + sum * (groups + 1) + p->rest_position;
  if (rest) core = *kept, *kept = ISA_NAME(tail)(after, rest);
  if (groups) {
    V *group = p->groups + sum * groups + p->position;
    V since = (V){0};
    if (p->position > 0)
      since = p->since[sum];
    else  // Sums of the last groups become sums of each and all after it.
      for (ptrdiff_t k = groups - 2; k >= 0; k--) group[k] += group[k + 1];
    core += *group + since;
    *group = ISA_NAME(total)(after);
    p->since[sum] = since + *group;
  }
  ISA_NAME(spread)(WIDE, core, before, after, sums);
}

typedef __typeof__((V){0} < (V){0}) ISA_NAME(mask);

INLINE V ISA_NAME(select)(ISA_NAME(mask) condition, V yes, V no) {
  return (V)((condition & (ISA_NAME(mask))yes) | (~condition & (ISA_NAME(mask))no));
}

// The energy about the mean of windows whose sums and sums of squares are given; NaN where it is, and
// 0 where it is no more than what rounding leaves of equal sums.
INLINE V ISA_NAME(energy)(V sum, V squares, V inverse) {
  const V energy = squares - sum * sum * inverse;
  return ISA_NAME(select)(energy < squares * (16 * 0x1p-52), (V){0}, energy);
}

// Whether contrast is more than what rounding leaves of the elements, and of the sums.
INLINE V ISA_NAME(contrast)(const concord_window *tile, V energy, V squares, V mean, V count) {
  const V deviation = mean * tile->resolution;
  const V floor = count * deviation * deviation, noise = squares * (32 * 0x1p-52);
  return ISA_NAME(select)(energy > floor, ISA_NAME(select)(energy > noise, energy, (V){0}), (V){0});
}

INLINE V ISA_NAME(correlation)(const concord_window *tile, const V *s, V count, V inverse) {
  const V nan = s[0] + s[1] + s[2] + s[3] + s[4];
  const V a = ISA_NAME(contrast)(tile, s[2] - s[0] * s[0] * inverse, s[2],
                                 s[0] * inverse + tile->shifts[0], count);
  const V b = ISA_NAME(contrast)(tile, s[3] - s[1] * s[1] * inverse, s[3],
                                 s[1] * inverse + tile->shifts[1], count);
  const V scale = __builtin_elementwise_sqrt(a) * __builtin_elementwise_sqrt(b);
  V r = (s[4] - s[0] * s[1] * inverse) / scale;
  r = ISA_NAME(select)(r > 1, (V){0} + 1, r);
  r = ISA_NAME(select)(r < -1, (V){0} - 1, r);
  r = ISA_NAME(select)(scale > 0, r, (V){0} + tile->flat);
  return ISA_NAME(select)(nan - nan == 0, r, (V){0} + __builtin_nan(""));
}

// What becomes of the sums of the windows of one column; the result replaces the first sum.
INLINE V ISA_NAME(result)(const concord_window *tile, const int sums, const V *s, V count, V inverse,
                          V unbiased) {
  if (sums == 2) {
    const V variance = ISA_NAME(energy)(s[0], s[1], inverse) * unbiased;
    return tile->result == CONCORD_DEVIATION ? __builtin_elementwise_sqrt(variance) : variance;
  }
  if (sums == 3) return (s[2] - s[0] * s[1] * inverse) * unbiased;
  if (sums == 5) return ISA_NAME(correlation)(tile, s, count, inverse);
  return s[0] * inverse;
}

// Writes WIDE columns of the rows at hand, which come as one vector a column.
INLINE void ISA_NAME(emit)(ISA_NAME(row_pass) *p, int sum, ptrdiff_t column, V *values) {
  const concord_window *tile = p->tile;
  if (!tile->out_is_float) {
    double *to = (double *)tile->outs[sum] + p->row * tile->out_stride + column;
    ISA_NAME(turn_wide)(values);
    if (p->live == WIDE && column + WIDE <= tile->columns) {
      typedef double aligned __attribute__((vector_size(WIDE * 8)));
      if (STREAMS(tile))
        UNROLL for (int i = 0; i < WIDE; i++)
          __builtin_nontemporal_store((aligned)values[i], (aligned *)(to + i * tile->out_stride));
      else
        UNROLL for (int i = 0; i < WIDE; i++) *(V *)(to + i * tile->out_stride) = values[i];
    } else {
      const ptrdiff_t count = tile->columns - column < WIDE ? tile->columns - column : WIDE;
      // A copy of its own, so that what has no address stays in registers.
      V kept[WIDE];
      UNROLL for (int i = 0; i < WIDE; i++) kept[i] = values[i];
      for (ptrdiff_t i = 0; i < p->live; i++)
        memcpy(to + i * tile->out_stride, kept + i, (size_t)count * sizeof(double));
    }
    return;
  }
  SLICE slices[WIDE];
  UNROLL for (int i = 0; i < WIDE; i++) slices[i] = __builtin_convertvector(values[i], SLICE);
  ISA_NAME(turn_narrow)(slices);
  // Two slices make a vector, which with 64 bytes is what memory takes at once.
  const int isSecond = (int)(column / WIDE & 1);
  SLICE *stage = (SLICE *)p->stage;
  if (!isSecond && column + WIDE < tile->columns) {
    UNROLL for (int i = 0; i < WIDE; i++) stage[2 * i] = slices[i];
    return;
  }
  column -= isSecond * WIDE;
  float *to = (float *)tile->outs[sum] + p->row * tile->out_stride + column;
  const ptrdiff_t stride = tile->out_stride, count = tile->columns - column;
  if (p->live < WIDE || count < 2 * WIDE) {
    UNROLL for (int i = 0; i < WIDE; i++) stage[2 * i + isSecond] = slices[i];
    const size_t bytes = (size_t)(count < 2 * WIDE ? count : 2 * WIDE) * sizeof(float);
    for (ptrdiff_t i = 0; i < p->live; i++) memcpy(to + i * stride, stage + 2 * i, bytes);
  } else if (STREAMS(tile)) {
    typedef float line __attribute__((vector_size(WIDE * 8)));
    UNROLL for (int i = 0; i < WIDE; i++)
      __builtin_nontemporal_store((line)ISA_NAME(joined)(stage[2 * i], slices[i]),
                                  (line *)(to + i * stride));
  } else {
    UNROLL for (int i = 0; i < WIDE; i++)
      *(ISA_NAME(line) *)(to + i * stride) = ISA_NAME(joined)(stage[2 * i], slices[i]);
  }
}

// Turns sums into results, and writes them.
INLINE void ISA_NAME(finish)(ISA_NAME(row_pass) *p, const int sums, ptrdiff_t column,
                             V s[][WIDE]) {
  const concord_window *tile = p->tile;
  if (tile->result == CONCORD_SUMS) {
    UNROLL for (int k = 0; k < sums; k++) ISA_NAME(emit)(p, k, column, s[k]);
    return;
  }
  V count = (V){0} + tile->count, inverse = (V){0} + p->inverse, unbiased = (V){0} + p->unbiased;
  const int whole = !tile->column_counts ||
                    (p->rows_are_whole && column >= tile->whole_columns[0] &&
                     column + WIDE <= tile->whole_columns[1]);
  if (whole && sums == 1) {
    UNROLL for (int c = 0; c < WIDE; c++) s[0][c] *= inverse;
  } else {
    V kept[CONCORD_WINDOW_SUMS][WIDE];
    UNROLL for (int k = 0; k < sums; k++)
      UNROLL for (int c = 0; c < WIDE; c++) kept[k][c] = s[k][c];
    for (int c = 0; c < WIDE; c++) {
      if (!whole) {
        const ptrdiff_t at = column + c < tile->columns ? column + c : tile->columns - 1;
        count = p->row_counts * tile->column_counts[at];
        inverse = 1 / count;
        unbiased = ISA_NAME(select)(count > tile->ddof, 1 / (count - tile->ddof),
                                    (V){0} + __builtin_nan(""));
      }
      V of[CONCORD_WINDOW_SUMS];
      UNROLL for (int k = 0; k < sums; k++) of[k] = kept[k][c];
      kept[0][c] = ISA_NAME(result)(tile, sums, of, count, inverse, unbiased);
    }
    UNROLL for (int c = 0; c < WIDE; c++) s[0][c] = kept[0][c];
  }
  ISA_NAME(emit)(p, 0, column, s[0]);
}

// Sums groups of columns `first` ..< `end`, of which those below 0 only prepare what follows.
INLINE void ISA_NAME(sum_rows)(ISA_NAME(row_pass) *p, const int sums, ptrdiff_t first,
                               ptrdiff_t end) {
  const ptrdiff_t groups = p->split.groups;
  ptrdiff_t h = first;
  for (; h < end && h < 0; h++)
    for (int k = 0; k < sums; k++) {
      const V *group = ISA_NAME(ring_at)(p, k, h * WIDE + p->split.window);
      if (h >= -groups) p->groups[k * groups + h + groups] = ISA_NAME(total)(group);
      if (p->split.rest)
        p->rests[k * (groups + 1) + h + groups + 1] = ISA_NAME(tail)(group, p->split.rest);
    }
  for (; h < end; h++) {
    V s[CONCORD_WINDOW_SUMS][WIDE];
    UNROLL for (int k = 0; k < sums; k++)
      ISA_NAME(window_row)(p, k, h * WIDE, s[k]);
    if (++p->position >= groups) p->position = 0;
    if (++p->rest_position > groups) p->rest_position = 0;
    ISA_NAME(finish)(p, sums, h * WIDE, s);
  }
}

#define ROWS(SUMS)                                                                             \
  static void ISA_NAME(rows_##SUMS)(ISA_NAME(row_pass) * p, ptrdiff_t first, ptrdiff_t end) {  \
    ISA_NAME(sum_rows)(p, SUMS, first, end);                                                   \
  }
ROWS(1)
ROWS(2)
ROWS(3)
ROWS(5)
#undef ROWS

static void ISA_NAME(all_rows)(ISA_NAME(row_pass) *p, int sums, ptrdiff_t first, ptrdiff_t end) {
  switch (sums) {
    case 1: ISA_NAME(rows_1)(p, first, end); break;
    case 2: ISA_NAME(rows_2)(p, first, end); break;
    case 3: ISA_NAME(rows_3)(p, first, end); break;
    default: ISA_NAME(rows_5)(p, first, end);
  }
}
#undef STREAMS
