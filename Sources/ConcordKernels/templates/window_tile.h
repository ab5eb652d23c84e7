// Sums over the windows of one tile, and what becomes of them. Needs T, S, NAME, ISA_NAME, WIDE, GATHER,
// window_rows.h and window_columns.h.

typedef struct {
  ISA_NAME(split) rows, columns;
  // Vectors of columns after which the first window is complete; padded columns; the source's rows.
  ptrdiff_t lag, width, height, ring, stride, copied_rows;
  // Columns that are summed and written at a time: they stay in the first-level cache. Doubles of a
  // line, if sums are not turned.
  ptrdiff_t chunk, line_stride;
  int inputs, sums;
} NAME(window_plan);

static NAME(window_plan) NAME(plan_window)(const concord_window *tile) {
  static const int inputs[] = {1, 1, 2, 2, 2, 0, 2}, sums[] = {1, 2, 1, 3, 5, 0, 1};
  NAME(window_plan) p;
  p.rows = ISA_NAME(split_window)(tile->window_rows);
  p.columns = ISA_NAME(split_window)(tile->window_columns);
  p.lag = (tile->window_columns + WIDE - 1) / WIDE;
  p.width = ((tile->columns + WIDE - 1) / WIDE + p.lag) * WIDE;
  p.height = tile->rows + tile->window_rows - 1;
  p.inputs = tile->term == CONCORD_SUM_EACH ? tile->images_count : inputs[tile->term];
  p.sums = tile->term == CONCORD_SUM_EACH ? tile->images_count : sums[tile->term];
  const int takesLines = tile->window_columns <= LINE_WINDOW;
  p.chunk = (takesLines && p.sums == 1 ? 24 : 8) * WIDE;
  for (p.ring = 2 * WIDE; p.ring < tile->window_columns + p.chunk + 2 * WIDE;) p.ring *= 2;
  // An odd number of cache lines between rows.
  p.line_stride = takesLines ? ((p.chunk + LINE_WINDOW + (LINE_VECTORS + 2) * WIDE) / 8 | 1) * 8 : 0;
  p.stride = (p.width * (ptrdiff_t)sizeof(T) / 64 | 1) * 64 / (ptrdiff_t)sizeof(T);
  if (p.stride < p.width) p.stride += 128 / sizeof(T);
  p.copied_rows = tile->window_rows + WIDE;
  return p;
}

ptrdiff_t NAME(window_scratch)(const concord_window *tile) {
  const NAME(window_plan) p = NAME(plan_window)(tile);
  const ptrdiff_t along = p.line_stride ? (WIDE + 1) * p.line_stride
                                        : WIDE * (p.ring + WIDE + 2 * p.columns.groups + 1);
  const ptrdiff_t across = p.width * (2 * p.rows.groups + 2);
  const ptrdiff_t copies = p.inputs * p.copied_rows * p.stride * (ptrdiff_t)sizeof(T) / 8;
  return p.sums * (along + across) + p.width + copies + 16;
}

static void NAME(allot)(NAME(window_state) *s, const NAME(window_plan) *p, double *scratch) {
  if (p->line_stride) {
    s->pass.lines = scratch;
    s->pass.results = scratch + p->sums * WIDE * p->line_stride;
    s->groups = s->pass.results + p->sums * p->line_stride;
  } else {
    s->pass.columns = (V *)scratch;
    s->pass.groups = s->pass.columns + p->sums * (p->ring + WIDE);
    s->pass.rests = s->pass.groups + p->sums * p->columns.groups;
    s->groups = (double *)(s->pass.rests + p->sums * (p->columns.groups + 1));
  }
  s->pass.line_stride = p->line_stride;
  s->rests = s->groups + p->sums * p->width * p->rows.groups;
  s->since = s->rests + p->sums * p->width * (p->rows.groups + 1);
  s->sources = (ptrdiff_t *)(s->since + p->sums * p->width);
  T *copies = (T *)(((uintptr_t)(s->sources + p->width) + 63) / 64 * 64);
  for (int k = 0; k < p->inputs; k++) s->copies[k] = copies + k * p->copied_rows * p->stride;
}

// Where the copy of a row is kept.
INLINE T *NAME(copy_of)(const NAME(window_state) *s, int image, ptrdiff_t row) {
  return s->copies[image] + row % s->copied_rows * s->stride;
}

// Copies columns of a row by the boundary rule. The row is NULL where the rule gives a constant.
static void NAME(gather_columns)(const NAME(window_state) *s, int image, const T *from,
                                 ptrdiff_t column, T *to, ptrdiff_t first, ptrdiff_t end) {
  const concord_window *tile = s->pass.tile;
  const T value = (T)tile->constants[image];
  if (!from) {
    for (ptrdiff_t c = first; c < end; c++) to[c] = value;
    return;
  }
  if (tile->line_step) {
    GATHER(from, tile->image_columns, column + first, end - first, tile->boundary, value,
           to + first);
    return;
  }
  // Columns inside, unless there are none.
  ptrdiff_t low = -column > first ? -column : first;
  ptrdiff_t high = tile->image_columns - column < end ? tile->image_columns - column : end;
  if (low >= high) low = high = end;
  for (ptrdiff_t c = first; c < low; c++)
    to[c] = s->sources[c] >= 0 ? from[s->sources[c]] : value;
  memcpy(to + low, from + column + low, (size_t)(high - low) * sizeof(T));
  for (ptrdiff_t c = high; c < end; c++)
    to[c] = s->sources[c] >= 0 ? from[s->sources[c]] : value;
}

// Rows that are to be copied: where they come from, where their first column stands, where they go.
typedef struct {
  const T *from[WIDE];
  ptrdiff_t columns[WIDE];
  T *to[WIDE];
  int count;
} NAME(fresh_rows);

// Up to WIDE rows. Rows after the source's last serve outputs that nobody wants.
static NAME(fresh_rows) NAME(fresh)(const NAME(window_state) *s, int image, ptrdiff_t height,
                                    ptrdiff_t row, ptrdiff_t count) {
  const concord_window *tile = s->pass.tile;
  const T *pixels = (const T *)tile->images[image];
  NAME(fresh_rows) fresh = {.count = 0};
  for (int l = 0; l < WIDE; l++) fresh.to[l] = NAME(copy_of)(s, image, row + l);
  for (; fresh.count < count && row < height; fresh.count++, row++) {
    const ptrdiff_t at = tile->line_step ? 0
                                         : concord_boundary_index(tile->row + row, tile->image_rows,
                                                                  tile->boundary);
    fresh.from[fresh.count] = at < 0 ? NULL : pixels + at * tile->image_columns;
    fresh.columns[fresh.count] = tile->column + row * tile->line_step;
  }
  return fresh;
}

// Copies `first` ..< `end` of the rows, by whole vectors.
static void NAME(copy_columns)(const NAME(window_state) *s, const NAME(fresh_rows) *rows, int image,
                               ptrdiff_t first, ptrdiff_t end) {
  const ptrdiff_t extent = s->pass.tile->image_columns;
  for (int l = 0; l < rows->count; l++) {
    const ptrdiff_t column = rows->columns[l];
    if (rows->from[l] && column + first >= 0 && column + end <= extent) {
      const T *from = rows->from[l] + column;
      ptrdiff_t c = first;
      for (; c + LANES <= end; c += LANES)
        *(NAME(vector) *)(rows->to[l] + c) = *(const NAME(vector) *)(from + c);
      for (; c < end; c += WIDE)
        *(NAME(slice) *)(rows->to[l] + c) = *(const NAME(slice) *)(from + c);
    } else {
      NAME(gather_columns)(s, image, rows->from[l], column, rows->to[l], first, end);
    }
  }
}

// Says where columns `first` ..< `end` of the new rows are to be read: where they are, or where they
// have been gathered to. Those that are no rows of the source are read where they would be.
static void NAME(find_fresh)(NAME(window_state) *s, const NAME(fresh_rows) *rows, int image,
                             ptrdiff_t first, ptrdiff_t end) {
  const ptrdiff_t extent = s->pass.tile->image_columns;
  for (int l = 0; l < WIDE; l++) {
    T *to = rows->to[l];
    s->fresh[image][l] = to;
    if (l >= rows->count) continue;
    const ptrdiff_t column = rows->columns[l];
    if (rows->from[l] && column + first >= 0 && column + end <= extent)
      s->fresh[image][l] = rows->from[l] + column;
    else
      NAME(gather_columns)(s, image, rows->from[l], column, to, first, end);
  }
}

// Sums of the last groups of rows become sums of each and all after it.
static void NAME(accumulate)(NAME(window_state) *s) {
  for (int k = 0; k < s->sums; k++)
    for (ptrdiff_t g = s->split.groups - 2; g >= 0; g--) {
      double *to = s->groups + (k * s->split.groups + g) * s->width;
      for (ptrdiff_t c = 0; c < s->width; c += WIDE) *(V *)(to + c) += *(V *)(to + s->width + c);
    }
}

// Sums along columns and writes what is complete, once sums of rows are there up to `end`. Returns up to
// where that is done.
static ptrdiff_t NAME(second_half)(NAME(window_state) *s, const NAME(window_plan) *p, ptrdiff_t done,
                                   ptrdiff_t end) {
  const ptrdiff_t columns = s->pass.tile->columns;
  if (p->line_stride) {
    const ptrdiff_t whole = end - s->pass.tile->window_columns + 1, step = LINE_VECTORS * WIDE;
    const ptrdiff_t ready = whole >= columns ? columns : whole / step * step;
    if (ready <= done) return done;
    ISA_NAME(finish_lines)(&s->pass, s->sums, done, ready);
    if (ready < columns) ISA_NAME(keep_lines)(&s->pass, s->sums, ready, end);
    return ready;
  }
  const ptrdiff_t outputs = (columns + WIDE - 1) / WIDE;
  const ptrdiff_t ready = end / WIDE - p->lag < outputs ? end / WIDE - p->lag : outputs;
  if (ready <= done) return done;
  ISA_NAME(all_rows)(&s->pass, s->sums, done, ready);
  return ready;
}

// Sums of the windows of WIDE rows of the output; of a group below 0, what prepares them.
static void NAME(row_group)(NAME(window_state) *s, const NAME(window_plan) *p, ptrdiff_t group) {
  const ptrdiff_t row = group * WIDE;
  const int grouped = s->split.block == WIDE;
  // Windows of fewer than WIDE rows are summed from all rows; others from their first and from the
  // rows that follow the first window.
  const ptrdiff_t fresh = row + s->split.window - !grouped;
  const int before = grouped ? WIDE - 1 : (int)(WIDE + s->split.window - 1);
  NAME(fresh_rows) rows[CONCORD_WINDOW_SUMS];
  for (int k = 0; k < s->inputs; k++) {
    rows[k] = NAME(fresh)(s, k, p->height, fresh, WIDE);
    if (group >= 0)
      for (int i = 0; i < before; i++) s->rows[k][i] = NAME(copy_of)(s, k, row + i);
    if (grouped)
      for (int i = 0; i < WIDE; i++) s->rows[k][before + i] = NAME(copy_of)(s, k, fresh + i);
  }
  ptrdiff_t done = p->line_stride ? 0 : -p->columns.groups - 1;
  s->pass.line_first = 0;
  for (ptrdiff_t c = 0, end; c < p->width; c = end) {
    end = c + p->chunk < p->width ? c + p->chunk : p->width;
    for (int k = 0; k < s->inputs; k++)
      if (group < 0)
        NAME(copy_columns)(s, &rows[k], k, c, end);
      else
        NAME(find_fresh)(s, &rows[k], k, c, end);
    for (int k = 0; k < s->sums; k++) NAME(all_columns)(s, k, group, c, end);
    if (group >= 0) done = NAME(second_half)(s, p, done, end);
  }
}

void NAME(window_tile)(const concord_window *tile, double *scratch) {
  const NAME(window_plan) p = NAME(plan_window)(tile);
  NAME(window_state) s;
  memset(&s, 0, sizeof s);
  s.split = p.rows;
  s.width = p.width;
  s.inputs = p.inputs;
  s.sums = p.sums;
  s.copied_rows = p.copied_rows;
  s.stride = p.stride;
  s.pass.tile = tile;
  s.pass.split = p.columns;
  s.pass.ring = p.ring;
  s.pass.inverse = 1 / tile->count;
  s.pass.unbiased =
      tile->count > tile->ddof ? 1 / (tile->count - tile->ddof) : __builtin_nan("");
  NAME(allot)(&s, &p, scratch);
  for (ptrdiff_t c = 0; c < p.width; c++)
    s.sources[c] =
        concord_boundary_index(tile->column + c, tile->image_columns, tile->boundary);
  const int grouped = s.split.block == WIDE;
  const ptrdiff_t first = grouped ? -p.rows.groups - (p.rows.rest > 0) : 0;
  for (int k = 0; k < p.inputs; k++) {
    const ptrdiff_t before = first * WIDE + p.rows.window - !grouped;
    const NAME(fresh_rows) rows = NAME(fresh)(&s, k, p.height, 0, before);
    NAME(copy_columns)(&s, &rows, k, 0, p.width);
  }
  for (ptrdiff_t g = first; g * WIDE < tile->rows; g++) {
    if (g >= 0) {
      const ptrdiff_t row = g * WIDE;
      if (s.position == 0) NAME(accumulate)(&s);
      s.pass.row = row;
      s.pass.live = tile->rows - row < WIDE ? tile->rows - row : WIDE;
      s.pass.position = s.pass.rest_position = 0;
      s.pass.rows_are_whole =
          row >= tile->whole_rows[0] && row + s.pass.live <= tile->whole_rows[1];
      for (int l = 0; l < WIDE; l++)
        s.pass.row_counts[l] =
            tile->row_counts ? tile->row_counts[l < s.pass.live ? row + l : row] : 0;
    }
    NAME(row_group)(&s, &p, g);
    if (g < 0) continue;
    if (++s.position >= p.rows.groups) s.position = 0;
    if (++s.rest_position > p.rows.groups) s.rest_position = 0;
  }
  // Written past the cache, results must have arrived before anyone is told.
  if (tile->streams) concord_stream_end();
}
