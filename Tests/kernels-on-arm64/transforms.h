// Calls of the transforms of tiles, whose spectra are compared in an order that doesn't depend on how
// many lanes a vector has. Needs sums.h, AXIS and TILE.

// An axis of the given radices.
static AXIS NAME(axis)(const char *digits) {
  AXIS axis = {.length = 1, .passes = (ptrdiff_t)strlen(digits)};
  int32_t *radices = room((size_t)axis.passes * sizeof(int32_t));
  for (ptrdiff_t k = 0; k < axis.passes; k++) axis.length *= radices[k] = digits[k] - '0';
  ptrdiff_t count = 0, extent = axis.length;
  for (ptrdiff_t k = 0; k < axis.passes; extent /= radices[k++])
    count += 2 * (radices[k] - 1) * (extent / radices[k]);
  T *twiddles = NAME(fresh)(count), *next = twiddles;
  extent = axis.length;
  for (ptrdiff_t k = 0; k < axis.passes; extent /= radices[k++])
    for (ptrdiff_t j = 0; j < extent / radices[k]; j++)
      for (ptrdiff_t q = 1; q < radices[k]; q++) {
        const double angle = -2 * PI * (double)(j * q % extent) / (double)extent;
        *next++ = (T)cos(angle);
        *next++ = (T)sin(angle);
      }
  axis.radices = radices;
  axis.twiddles = twiddles;
  return axis;
}

// The frequency that stands at a position of a transform's output.
static ptrdiff_t NAME(frequency)(const AXIS *axis, ptrdiff_t position) {
  ptrdiff_t frequency = 0, weight = 1, extent = axis->length;
  for (ptrdiff_t k = 0; k < axis->passes; k++) {
    extent /= axis->radices[k];
    frequency += position / extent * weight;
    position %= extent;
    weight *= axis->radices[k];
  }
  return frequency;
}

// Where the real part of an element stands in spectra; the imaginary part is `lanes` further.
static ptrdiff_t NAME(place)(ptrdiff_t line, ptrdiff_t column, ptrdiff_t columns) {
  const ptrdiff_t lanes = CALL(tile_lanes)();
  return 2 * (line / lanes * columns + column) * lanes + line % lanes;
}

static T *NAME(twist)(const AXIS *rows, ptrdiff_t columns) {
  T *twist = NAME(fresh)(2 * rows->length * columns);
  for (ptrdiff_t r = 0; r < rows->length; r++)
    for (ptrdiff_t c = 0; c < columns; c++) {
      const ptrdiff_t at = NAME(place)(r, c, columns);
      const double turns =
          (double)(NAME(frequency)(rows, r) * c) / (double)(rows->length * columns);
      twist[at] = (T)cos(-2 * PI * turns);
      twist[at + CALL(tile_lanes)()] = (T)sin(-2 * PI * turns);
    }
  return twist;
}

static TILE NAME(tile)(const char *planes, const char *rows, const char *columns, int is_line) {
  TILE tile = {NAME(axis)(planes), NAME(axis)(rows), NAME(axis)(columns), 0, 0, {0, 0, 0}, NULL};
  tile.row_stride = tile.columns.length + 16;
  tile.plane_stride = tile.rows.length * tile.row_stride + 16;
  tile.kept = (concord_extents){(tile.planes.length + 1) / 2, tile.rows.length - 3,
                                tile.columns.length - 5};
  if (is_line) tile.twist = NAME(twist)(&tile.rows, tile.columns.length);
  return tile;
}

static ptrdiff_t NAME(size)(const TILE *tile) {
  return tile->planes.length * tile->rows.length * tile->columns.length;
}

static ptrdiff_t NAME(longest)(const TILE *tile) {
  const ptrdiff_t outer =
      tile->planes.length > tile->rows.length ? tile->planes.length : tile->rows.length;
  return outer > tile->columns.length ? outer : tile->columns.length;
}

// What two orders of the sums of a transform of numbers below 1 may differ by.
static double NAME(transform_bound)(ptrdiff_t size) {
  return 4 * EPSILON * sqrt((double)size) * log2((double)size);
}

// One part of a tile: numbers in the first columns of its rows, NaN beside them.
static T *NAME(part)(const TILE *tile, ptrdiff_t columns) {
  T *part = NAME(fresh)(tile->planes.length * tile->plane_stride);
  for (ptrdiff_t p = 0; p < tile->planes.length; p++)
    for (ptrdiff_t r = 0; r < tile->rows.length; r++)
      for (ptrdiff_t c = 0; c < columns; c++)
        part[p * tile->plane_stride + r * tile->row_stride + c] = (T)uniform();
  return part;
}

static void NAME(kept)(const TILE *tile, const T *part) {
  for (ptrdiff_t p = 0; p < tile->kept.planes; p++)
    NAME(rows_of_values)(part + p * tile->plane_stride, tile->kept.rows, tile->row_stride,
                         tile->kept.columns);
}

static void NAME(spectrum)(const TILE *tile, T scale, int conjugate, T *spectrum) {
  const ptrdiff_t columns = tile->columns.length;
  T *re = NAME(part)(tile, columns), *im = NAME(part)(tile, columns);
  CALL(transform_tile)(tile, re, im, scale, conjugate, NAME(fresh)(32 * NAME(longest)(tile)),
                       spectrum);
}

static void NAME(transform)(const TILE *tile, ptrdiff_t label) {
  const ptrdiff_t size = NAME(size)(tile), columns = tile->columns.length;
  const double bound = NAME(transform_bound)(size);
  const ptrdiff_t kept = 2 * tile->kept.planes * tile->kept.rows * tile->kept.columns;
  T *kernels = NAME(fresh)(3 * 2 * size), *spectra = NAME(fresh)(3 * 2 * size);
  for (int k = 0; k < 3; k++) {
    NAME(spectrum)(tile, 1 / (T)size, 1, kernels + k * 2 * size);
    NAME(spectrum)(tile, 1, 0, spectra + k * 2 * size);
  }
  RECORD(transform_tile, bound, 2 * size, label);
  for (ptrdiff_t line = 0; line < size / columns; line++)
    for (ptrdiff_t c = 0; c < columns; c++) {
      const T *at = spectra + NAME(place)(line, c, columns);
      value((double)at[0]);
      value((double)at[CALL(tile_lanes)()]);
    }
  T *re = NAME(part)(tile, columns), *im = NAME(part)(tile, columns);
  T *scratch = NAME(fresh)(32 * NAME(longest)(tile));
  CALL(filter_tile)(tile, re, im, kernels, scratch);
  RECORD(filter_tile, 2 * bound, kept, label);
  NAME(kept)(tile, re);
  NAME(kept)(tile, im);
  if (tile->planes.length == 1) {
    re = NAME(part)(tile, columns);
    im = NAME(part)(tile, columns);
    for (int stage = CONCORD_FILTER_FORWARD; stage <= CONCORD_FILTER_BACKWARD; stage++) {
      const ptrdiff_t count = stage == CONCORD_FILTER_MULTIPLY ? tile->rows.length : columns;
      for (ptrdiff_t first = (count - 1) / 16 * 16; first >= 0; first -= 16)
        CALL(filter_part)(tile, stage, first, first + 16, re, im, kernels, scratch);
    }
    RECORD(filter_part, 2 * bound, kept, label);
    NAME(kept)(tile, re);
    NAME(kept)(tile, im);
  }
  re = NAME(part)(tile, 0);
  im = NAME(part)(tile, 0);
  CALL(restore_tile)(tile, 3, spectra, kernels, re, im, scratch);
  RECORD(restore_tile, 6 * bound, kept, label);
  NAME(kept)(tile, re);
  NAME(kept)(tile, im);
  leave_rooms();
}

// Every radix first, between others, and last, where the product is taken.
static void NAME(transforms)(void) {
  static const char *const tiles[][3] = {{"", "44", "44"},   {"", "48", "443"},  {"", "445", "88"},
                                         {"3", "44", "442"}, {"5", "28", "82"},  {"24", "44", "48"},
                                         {"", "82", "2835"}, {"", "4453", "53224"}};
  for (ptrdiff_t k = 0; k < (ptrdiff_t)COUNT_OF(tiles); k++)
    for (int is_line = 0; is_line <= (tiles[k][0][0] == 0); is_line++) {
      const TILE tile = NAME(tile)(tiles[k][0], tiles[k][1], tiles[k][2], is_line);
      NAME(transform)(&tile, 2 * k + is_line);
    }
  // Rows that no transform joins, as for pairs of rows.
  TILE tile = NAME(tile)("", "", "4453", 0);
  tile.rows.length = 16;
  tile.kept.rows = 13;
  tile.plane_stride = 16 * tile.row_stride;
  NAME(transform)(&tile, 2 * COUNT_OF(tiles));
}

static void NAME(correlate_rows)(const char *digits, ptrdiff_t count, ptrdiff_t kept,
                                 int has_second) {
  const AXIS axis = NAME(axis)(digits);
  const ptrdiff_t length = axis.length, padded = rounded_up(count, 16);
  const T *pair = NAME(numbers)(2 * length);
  T *rows = NAME(fresh)(2 * padded * length);
  for (ptrdiff_t r = 0; r < padded; r++)
    for (ptrdiff_t c = 0; c < length; c++) {
      const ptrdiff_t at = NAME(place)(r, c, length);
      rows[at] = (T)uniform();
      rows[at + CALL(tile_lanes)()] = (T)uniform();
    }
  T *first = NAME(fresh)(count * kept), *second = has_second ? NAME(fresh)(count * kept) : NULL;
  T *scratch = NAME(fresh)(2 * CALL(tile_lanes)() * length);
  CALL(correlate_rows)(&axis, pair, rows, count, kept, first, second, scratch);
  RECORD(correlate_rows, 2 * NAME(transform_bound)(length), (has_second ? 2 : 1) * count * kept,
         length, count, kept, has_second);
  NAME(values)(first, count * kept);
  if (has_second) NAME(values)(second, count * kept);
  leave_rooms();
}

static void NAME(rows_of_pairs)(void) {
  static const char *const axes[] = {"44", "443", "2445"};
  static const ptrdiff_t counts[] = {1, 13, 16, 21};
  for (size_t a = 0; a < COUNT_OF(axes); a++)
    for (size_t k = 0; k < COUNT_OF(counts); k++)
      for (int has_second = 0; has_second < 2; has_second++) {
        NAME(correlate_rows)(axes[a], counts[k], 1, has_second);
        NAME(correlate_rows)(axes[a], counts[k], 11, has_second);
        NAME(correlate_rows)(axes[a], counts[k], 16, has_second);
      }
}

static void NAME(correlate_pair)(const char *rows, const char *columns, ptrdiff_t used,
                                 int has_other) {
  const TILE tile = NAME(tile)("", rows, columns, 0);
  const ptrdiff_t count = tile.rows.length, lanes = CALL(tile_lanes)();
  int32_t *half = room((size_t)(count / 2 + 1) * 2 * sizeof(int32_t));
  for (ptrdiff_t at = 0; at < count; at++) {
    const ptrdiff_t frequency = NAME(frequency)(&tile.rows, at);
    if (frequency <= count / 2) half[2 * frequency] = (int32_t)at;
    const ptrdiff_t opposite = (count - frequency) % count;
    if (opposite <= count / 2) half[2 * opposite + 1] = (int32_t)at;
  }
  T *re = NAME(part)(&tile, used), *im = NAME(part)(&tile, used);
  T *other_re = has_other ? NAME(part)(&tile, used) : NULL;
  T *other_im = has_other ? NAME(part)(&tile, used) : NULL;
  const ptrdiff_t along = 4 * lanes * tile.columns.length, across = 2 * lanes * count;
  T *scratch = NAME(fresh)(along > across ? along : across);
  const ptrdiff_t size = NAME(size)(&tile);
  CALL(correlate_pair)(&tile, half, used, 1 / (4 * (T)size), re, im, other_re, other_im, scratch);
  RECORD(correlate_pair, 2 * NAME(transform_bound)(size),
         (has_other ? 2 : 1) * tile.kept.rows * tile.kept.columns, count, tile.columns.length, used,
         has_other);
  NAME(kept)(&tile, re);
  if (has_other) NAME(kept)(&tile, im);
  leave_rooms();
}

static void NAME(call_transforms)(void) {
  NAME(transforms)();
  NAME(rows_of_pairs)();
  for (int has_other = 0; has_other < 2; has_other++) {
    NAME(correlate_pair)("44", "44", 16, has_other);
    NAME(correlate_pair)("445", "443", 32, has_other);
    NAME(correlate_pair)("4453", "2445", 160, has_other);
  }
}
