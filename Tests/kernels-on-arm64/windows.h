// Calls of window sums and what is made of them: every term, result, boundary rule and way of writing.
// Needs sums.h.

typedef struct {
  int term, result, images, outs;
} NAME(formula);

// What a tile is made from.
typedef struct {
  NAME(formula) formula;
  ptrdiff_t rows, columns, window_rows, window_columns, image_rows, image_columns, line_step;
  int boundary, shrinks, out_is_float, streams;
} NAME(window_case);

// Images whose elements are what the formula sums, with a part where they are all equal.
static void NAME(fill_images)(const NAME(window_case) *c, concord_window *tile) {
  const ptrdiff_t count = c->image_rows * c->image_columns;
  const int is_each = c->formula.term == CONCORD_SUM_EACH;
  T *images[CONCORD_WINDOW_SUMS];
  for (int k = 0; k < c->formula.images; k++) tile->images[k] = images[k] = NAME(fresh)(count);
  for (ptrdiff_t i = 0; i < count; i++) {
    const double a = i > count / 2 ? 0.25 : uniform(), b = 0.5 * uniform();
    const double each[][CONCORD_WINDOW_SUMS] = {
        {a}, {a, a * a}, {a, b, a * b}, {a, b, a * b}, {a, b, a * a, b * b, a * b}};
    for (int k = 0; k < c->formula.images; k++)
      images[k][i] = (T)(is_each ? each[c->formula.images - 1][k] : k ? b : a);
  }
}

// How many of a window's elements lie inside, for each output along an axis.
static const double *NAME(window_counts)(ptrdiff_t outputs, ptrdiff_t window, ptrdiff_t first,
                                         ptrdiff_t extent, ptrdiff_t *whole) {
  double *counts = room((size_t)outputs * sizeof(double));
  whole[0] = outputs;
  whole[1] = 0;
  for (ptrdiff_t o = 0; o < outputs; o++) {
    ptrdiff_t inside = 0;
    for (ptrdiff_t i = 0; i < window; i++)
      inside += first + o + i >= 0 && first + o + i < extent;
    counts[o] = (double)inside;
    if (inside < window) continue;
    if (o < whole[0]) whole[0] = o;
    whole[1] = o + 1;
  }
  return counts;
}

// Sums of a window differ by the order of its sums; quotients and roots of small differences by more.
static double NAME(window_bound)(const NAME(window_case) *c) {
  const double elements = (double)(c->window_rows * c->window_columns);
  double bound = 16 * DBL_EPSILON * (elements + 1);
  if (c->formula.result == CONCORD_DEVIATION) bound = 1e-9;
  if (c->formula.result == CONCORD_CORRELATION) bound = 1e-7;
  return c->out_is_float ? bound + 4 * (double)FLT_EPSILON * elements : bound;
}

static void NAME(window_tile)(const NAME(window_case) *c) {
  concord_window tile = {.image_rows = c->image_rows, .image_columns = c->image_columns};
  NAME(fill_images)(c, &tile);
  tile.images_count = c->formula.images;
  tile.row = c->line_step ? 0 : -(c->window_rows / 2);
  tile.column = -(c->window_columns / 2);
  tile.line_step = c->line_step;
  tile.rows = c->rows;
  tile.columns = c->columns;
  tile.window_rows = c->window_rows;
  tile.window_columns = c->window_columns;
  tile.boundary = c->boundary;
  tile.shifts[0] = 0.25;
  tile.shifts[1] = 0.125;
  for (int k = 0; k < CONCORD_WINDOW_SUMS; k++)
    tile.constants[k] = c->shrinks ? (k < 2 ? tile.shifts[k] : 0) : 0.5;
  tile.term = c->formula.term;
  tile.result = c->formula.result;
  tile.count = (double)(c->window_rows * c->window_columns);
  tile.ddof = c->formula.result == CONCORD_CORRELATION ? 0 : 1;
  if (c->shrinks) {
    tile.row_counts = NAME(window_counts)(c->rows, c->window_rows, tile.row, c->image_rows,
                                          tile.whole_rows);
    tile.column_counts = NAME(window_counts)(c->columns, c->window_columns, tile.column,
                                             c->image_columns, tile.whole_columns);
  }
  tile.resolution = 1e-8;
  tile.flat = 0.125;
  tile.out_is_float = c->out_is_float;
  tile.streams = c->streams;
  tile.out_stride = c->streams ? rounded_up(c->columns, 16) : c->columns + 1;
  const size_t bytes = (size_t)(c->rows * tile.out_stride) * (c->out_is_float ? 4 : 8);
  for (int k = 0; k < c->formula.outs; k++) tile.outs[k] = room(bytes);
  CALL(window_tile)(&tile, room((size_t)CALL(window_scratch)(&tile) * sizeof(double)));
  RECORD(window_tile, NAME(window_bound)(c), c->formula.outs * c->rows * c->columns,
         c->formula.term, c->formula.result, c->formula.images, c->rows, c->columns, c->window_rows,
         c->window_columns, c->line_step, c->boundary, c->shrinks, c->out_is_float, c->streams);
  for (int k = 0; k < c->formula.outs; k++)
    for (ptrdiff_t r = 0; r < c->rows; r++)
      for (ptrdiff_t i = 0; i < c->columns; i++) {
        const ptrdiff_t at = r * tile.out_stride + i;
        value(c->out_is_float ? (double)((float *)tile.outs[k])[at] : ((double *)tile.outs[k])[at]);
      }
  leave_rooms();
}

static const NAME(formula) NAME(formulas)[] = {
    {CONCORD_SUM_A, CONCORD_SUMS, 1, 1},
    {CONCORD_SUM_A, CONCORD_MEAN, 1, 1},
    {CONCORD_SUM_SQUARES, CONCORD_SUMS, 1, 2},
    {CONCORD_SUM_SQUARES, CONCORD_VARIANCE, 1, 1},
    {CONCORD_SUM_SQUARES, CONCORD_DEVIATION, 1, 1},
    {CONCORD_SUM_DIFFERENCE, CONCORD_SUMS, 2, 1},
    {CONCORD_SUM_DIFFERENCE, CONCORD_MEAN, 2, 1},
    {CONCORD_SUM_JOINT, CONCORD_SUMS, 2, 3},
    {CONCORD_SUM_JOINT, CONCORD_COVARIANCE, 2, 1},
    {CONCORD_SUM_MOMENTS, CONCORD_SUMS, 2, 5},
    {CONCORD_SUM_MOMENTS, CONCORD_CORRELATION, 2, 1},
    {CONCORD_SUM_EACH, CONCORD_SUMS, 1, 1},
    {CONCORD_SUM_EACH, CONCORD_MEAN, 1, 1},
    {CONCORD_SUM_EACH, CONCORD_SUMS, 2, 2},
    {CONCORD_SUM_EACH, CONCORD_VARIANCE, 2, 1},
    {CONCORD_SUM_EACH, CONCORD_SUMS, 3, 3},
    {CONCORD_SUM_EACH, CONCORD_COVARIANCE, 3, 1},
    {CONCORD_SUM_EACH, CONCORD_SUMS, 5, 5},
    {CONCORD_SUM_EACH, CONCORD_CORRELATION, 5, 1},
    {CONCORD_SUM_PRODUCT, CONCORD_SUMS, 2, 1},
    {CONCORD_SUM_PRODUCT, CONCORD_MEAN, 2, 1},
};

static void NAME(call_windows)(void) {
  // Windows of fewer rows or columns than a vector, of whole groups, and of a few more.
  static const ptrdiff_t windows[][2] = {{1, 1}, {2, 3}, {3, 2}, {4, 6}, {8, 8}, {9, 17}, {21, 30}};
  static const ptrdiff_t outs[][2] = {{1, 1}, {5, 7}, {13, 37}, {20, 80}};
  for (size_t f = 0; f < COUNT_OF(NAME(formulas)); f++)
    for (size_t w = 0; w < COUNT_OF(windows); w++)
      for (size_t o = 0; o < COUNT_OF(outs); o++) {
        NAME(window_case) c = {.formula = NAME(formulas)[f], .image_rows = 19, .image_columns = 61};
        c.window_rows = windows[w][0];
        c.window_columns = windows[w][1];
        c.rows = outs[o][0];
        c.columns = outs[o][1];
        c.boundary = (int)((f + w + o) % 5);
        NAME(window_tile)(&c);
        c.out_is_float = c.formula.outs == 1;
        NAME(window_tile)(&c);
        if (o == 3) {
          c.streams = 1;
          NAME(window_tile)(&c);
          c.out_is_float = 0;
          NAME(window_tile)(&c);
          c.streams = 0;
        }
        if (c.formula.result != CONCORD_SUMS && o == 2) {
          c.shrinks = 1;
          c.boundary = CONCORD_CONSTANT;
          c.columns = 61;
          NAME(window_tile)(&c);
          c.shrinks = 0;
        }
        if (o == 1) {
          c.image_rows = 1;
          c.line_step = 9;
          NAME(window_tile)(&c);
        }
      }
}
