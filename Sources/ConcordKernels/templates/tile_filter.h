// Filters a tile by a product of spectra: transforms along planes and rows with columns as lanes,
// then along columns with rows as lanes, where the product is taken, and back. Needs T, NAME, LANES,
// lane_transform.h and turn.h.
//
// A line is filtered as a tile as well: index n is row n / columns and column n % columns, and the
// twist between the two transforms makes one transform of both.

// x *= y, or x *= conj(y), for `count` vectors of each part.
static void NAME(twist)(T *x, const T *y, ptrdiff_t count, T sign) {
  for (ptrdiff_t n = 0; n < count; n++, x += 2 * LANES, y += 2 * LANES) {
    const V re = LOAD(x), im = LOAD(x + LANES), c = LOAD(y), s = sign * LOAD(y + LANES);
    STORE(x) = re * c - im * s;
    STORE(x + LANES) = re * s + im * c;
  }
}

// Transforms columns `first` ..< `end` of a plane along rows, in place.
static void NAME(rows_forward)(const TILE *tile, ptrdiff_t plane, ptrdiff_t first, ptrdiff_t end,
                               T *re, T *im, T *scratch) {
  const NAME(columns) between = {scratch, scratch + LANES, 2 * LANES};
  for (ptrdiff_t c = first; c < end; c += LANES) {
    const ptrdiff_t at = plane * tile->plane_stride + c;
    const NAME(columns) strip = {re + at, im + at, tile->row_stride};
    NAME(transform_forward)(&tile->rows, strip, between, strip);
  }
}

// The reverse.
static void NAME(rows_backward)(const TILE *tile, ptrdiff_t plane, ptrdiff_t first, ptrdiff_t end,
                                T *re, T *im, T *scratch) {
  const NAME(columns) between = {scratch, scratch + LANES, 2 * LANES};
  for (ptrdiff_t c = first; c < end; c += LANES) {
    const ptrdiff_t at = plane * tile->plane_stride + c;
    const NAME(columns) strip = {re + at, im + at, tile->row_stride};
    NAME(transform_backward)(&tile->rows, tile->rows.passes, strip, between, strip);
  }
}

// Transforms the outer axes of a tile, in place.
static void NAME(outer_forward)(const TILE *tile, T *re, T *im, T *scratch) {
  const NAME(columns) between = {scratch, scratch + LANES, 2 * LANES};
  const ptrdiff_t rows = tile->rows.length, columns = tile->columns.length;
  if (tile->planes.length > 1)
    for (ptrdiff_t r = 0; r < rows; r++)
      for (ptrdiff_t c = 0; c < columns; c += LANES) {
        const ptrdiff_t at = r * tile->row_stride + c;
        const NAME(columns) strip = {re + at, im + at, tile->plane_stride};
        NAME(transform_forward)(&tile->planes, strip, between, strip);
      }
  for (ptrdiff_t p = 0; p < tile->planes.length; p++)
    NAME(rows_forward)(tile, p, 0, columns, re, im, scratch);
}

// The reverse, where only the first kept planes, rows and columns are wanted.
static void NAME(outer_backward)(const TILE *tile, T *re, T *im, T *scratch) {
  const NAME(columns) between = {scratch, scratch + LANES, 2 * LANES};
  for (ptrdiff_t p = 0; p < tile->planes.length; p++)
    NAME(rows_backward)(tile, p, 0, tile->kept.columns, re, im, scratch);
  if (tile->planes.length == 1) return;
  for (ptrdiff_t r = 0; r < tile->kept.rows; r++)
    for (ptrdiff_t c = 0; c < tile->kept.columns; c += LANES) {
      const ptrdiff_t at = r * tile->row_stride + c;
      const NAME(columns) strip = {re + at, im + at, tile->plane_stride};
      NAME(transform_backward)(&tile->planes, tile->planes.passes, strip, between, strip);
    }
}

// Transforms rows `first` ..< `end` of a plane along columns, multiplies, and transforms back.
static void NAME(multiply_rows)(const TILE *tile, ptrdiff_t plane, ptrdiff_t first, ptrdiff_t end,
                                T *re, T *im, const T *spectrum, T *scratch) {
  const ptrdiff_t columns = tile->columns.length;
  const NAME(columns) vectors = {scratch, scratch + LANES, 2 * LANES};
  const ptrdiff_t last = tile->columns.passes - 1;
  // Columns come out by whole vectors.
  const ptrdiff_t kept = (tile->kept.columns + LANES - 1) / LANES * LANES;
  for (ptrdiff_t r = first; r < end; r += LANES) {
    const ptrdiff_t at = plane * tile->plane_stride + r * tile->row_stride;
    const T *by = spectrum + 2 * (plane * tile->rows.length + r) * columns;
    const T *twist = tile->twist ? tile->twist + 2 * r * columns : NULL;
    NAME(turn_rows_in)(re + at, tile->row_stride, columns, scratch);
    NAME(turn_rows_in)(im + at, tile->row_stride, columns, scratch + LANES);
    if (twist) NAME(twist)(scratch, twist, columns, 1);
    ptrdiff_t extent = columns;
    const T *twiddles = tile->columns.twiddles;
    for (ptrdiff_t k = 0; k < last; k++) {
      const int radix = tile->columns.radices[k];
      NAME(pass_forward)(radix, vectors, vectors, columns, extent, twiddles);
      twiddles += NAME(twiddle_count)(extent, radix);
      extent /= radix;
    }
    NAME(pass_multiply)(tile->columns.radices[last], scratch, by, columns);
    NAME(transform_backward)(&tile->columns, last, vectors, vectors, vectors);
    if (twist) NAME(twist)(scratch, twist, columns, -1);
    NAME(turn_rows_out)(scratch, re + at, tile->row_stride, kept);
    NAME(turn_rows_out)(scratch + LANES, im + at, tile->row_stride, kept);
  }
}

void NAME(filter_tile)(const TILE *tile, T *re, T *im, const T *spectrum, T *scratch) {
  NAME(outer_forward)(tile, re, im, scratch);
  for (ptrdiff_t p = 0; p < tile->planes.length; p++)
    NAME(multiply_rows)(tile, p, 0, tile->rows.length, re, im, spectrum, scratch);
  NAME(outer_backward)(tile, re, im, scratch);
}

void NAME(filter_part)(const TILE *tile, int stage, ptrdiff_t first, ptrdiff_t end, T *re, T *im,
                       const T *spectrum, T *scratch) {
  switch (stage) {
    case CONCORD_FILTER_FORWARD: NAME(rows_forward)(tile, 0, first, end, re, im, scratch); break;
    case CONCORD_FILTER_MULTIPLY:
      NAME(multiply_rows)(tile, 0, first, end, re, im, spectrum, scratch);
      break;
    default: {
      const ptrdiff_t kept = tile->kept.columns;
      NAME(rows_backward)(tile, 0, first, end < kept ? end : kept, re, im, scratch);
    }
  }
}

void NAME(transform_tile)(const TILE *tile, T *re, T *im, T scale, int conjugate, T *scratch,
                          T *spectrum) {
  const ptrdiff_t columns = tile->columns.length;
  const T sign = conjugate ? -scale : scale;
  NAME(outer_forward)(tile, re, im, scratch);
  for (ptrdiff_t p = 0; p < tile->planes.length; p++)
    for (ptrdiff_t r = 0; r < tile->rows.length; r += LANES) {
      const ptrdiff_t at = p * tile->plane_stride + r * tile->row_stride;
      T *to = spectrum + 2 * (p * tile->rows.length + r) * columns;
      const NAME(columns) vectors = {to, to + LANES, 2 * LANES};
      NAME(turn_rows_in)(re + at, tile->row_stride, columns, to);
      NAME(turn_rows_in)(im + at, tile->row_stride, columns, to + LANES);
      if (tile->twist) NAME(twist)(to, tile->twist + 2 * r * columns, columns, 1);
      NAME(transform_forward)(&tile->columns, vectors, vectors, vectors);
      for (ptrdiff_t n = 0; n < columns; n++) {
        STORE(to + n * 2 * LANES) = scale * LOAD(to + n * 2 * LANES);
        STORE(to + n * 2 * LANES + LANES) = sign * LOAD(to + n * 2 * LANES + LANES);
      }
    }
}

int NAME(tile_lanes)(void) { return LANES; }
