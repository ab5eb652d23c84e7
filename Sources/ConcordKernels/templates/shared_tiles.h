// What one spectrum serves more than once, and pairs of small tiles. Needs T, NAME, LANES, V, TILE,
// AXIS, lane_transform.h, turn.h and tile_filter.h.

// The sum over `channels` of products of spectra, of `count` vectors a part.
static void NAME(sum_products)(ptrdiff_t channels, ptrdiff_t distance, const T *x, const T *y,
                               ptrdiff_t count, T *out) {
  for (ptrdiff_t n = 0; n < count; n++, x += 2 * LANES, y += 2 * LANES, out += 2 * LANES) {
    V re = {0}, im = {0};
    for (ptrdiff_t k = 0; k < channels; k++) {
      const T *s = x + k * distance, *t = y + k * distance;
      const V a = LOAD(s), b = LOAD(s + LANES), c = LOAD(t), d = LOAD(t + LANES);
      re += a * c - b * d;
      im += a * d + b * c;
    }
    STORE(out) = re;
    STORE(out + LANES) = im;
  }
}

void NAME(restore_tile)(const TILE *tile, ptrdiff_t channels, const T *spectra, const T *kernels,
                        T *re, T *im, T *scratch) {
  const ptrdiff_t rows = tile->rows.length, columns = tile->columns.length;
  const ptrdiff_t distance = 2 * tile->planes.length * rows * columns;
  const NAME(columns) vectors = {scratch, scratch + LANES, 2 * LANES};
  const ptrdiff_t kept = (tile->kept.columns + LANES - 1) / LANES * LANES;
  for (ptrdiff_t p = 0; p < tile->planes.length; p++)
    for (ptrdiff_t r = 0; r < rows; r += LANES) {
      const ptrdiff_t at = p * tile->plane_stride + r * tile->row_stride;
      const ptrdiff_t from = 2 * (p * rows + r) * columns;
      NAME(sum_products)(channels, distance, spectra + from, kernels + from, columns, scratch);
      NAME(transform_backward)(&tile->columns, tile->columns.passes, vectors, vectors, vectors);
      if (tile->twist) NAME(twist)(scratch, tile->twist + 2 * r * columns, columns, -1);
      NAME(turn_rows_out)(scratch, re + at, tile->row_stride, kept);
      NAME(turn_rows_out)(scratch + LANES, im + at, tile->row_stride, kept);
    }
  NAME(outer_backward)(tile, re, im, scratch);
}

// Vectors become `rows` rows of exactly `count` values.
static void NAME(turn_exactly)(const T *vectors, T *out, ptrdiff_t stride, ptrdiff_t rows,
                               ptrdiff_t count) {
  for (ptrdiff_t c = 0; c < count; c += LANES) {
    const ptrdiff_t width = count - c < LANES ? count - c : LANES;
    V r[LANES];
    // Beyond the last there may be none to read.
    for (int i = 0; i < LANES; i++)
      r[i] = LOAD(vectors + (c + (i < width ? i : 0)) * 2 * LANES);
    NAME(turn)(r);
    if (width == LANES && rows == LANES) {
      for (int i = 0; i < LANES; i++) STORE(out + i * stride + c) = r[i];
    } else {
      T lanes[LANES * LANES];
      for (int i = 0; i < LANES; i++) STORE(lanes + i * LANES) = r[i];
      for (ptrdiff_t i = 0; i < rows; i++)
        memcpy(out + i * stride + c, lanes + i * LANES, (size_t)width * sizeof(T));
    }
  }
}

void NAME(correlate_rows)(const AXIS *axis, const T *pair, const T *rows, ptrdiff_t count,
                          ptrdiff_t kept, T *first, T *second, T *scratch) {
  const NAME(columns) vectors = {scratch, scratch + LANES, 2 * LANES};
  for (ptrdiff_t r = 0; r < count; r += LANES) {
    const T *by = rows + 2 * r * axis->length;
    for (ptrdiff_t n = 0; n < axis->length; n++) {
      const T a = pair[2 * n], b = pair[2 * n + 1];
      const V c = LOAD(by + n * 2 * LANES), d = LOAD(by + n * 2 * LANES + LANES);
      STORE(scratch + n * 2 * LANES) = a * c - b * d;
      STORE(scratch + n * 2 * LANES + LANES) = a * d + b * c;
    }
    NAME(transform_backward)(axis, axis->passes, vectors, vectors, vectors);
    const ptrdiff_t wanted = count - r < LANES ? count - r : LANES;
    NAME(turn_exactly)(scratch, first + r * kept, kept, wanted, kept);
    if (second) NAME(turn_exactly)(scratch + LANES, second + r * kept, kept, wanted, kept);
  }
}

// The lines of up to LANES entries of a pair of tiles, for correlate_pair.
typedef struct {
  ptrdiff_t at[LANES], opposite[LANES];
  int tile[LANES];
} NAME(lines);

// Lines of `count` values, followed by zeros, become vectors.
static void NAME(turn_lines_in)(const T *const *parts, const int *tiles, const ptrdiff_t *at,
                                ptrdiff_t count, ptrdiff_t columns, T *vectors) {
  const V zero = {0};
  for (ptrdiff_t c = 0; c < count; c += LANES) {
    V r[LANES];
    for (int i = 0; i < LANES; i++) r[i] = LOAD(parts[tiles[i]] + at[i] + c);
    NAME(turn)(r);
    for (int i = 0; i < LANES; i++) STORE(vectors + (c + i) * 2 * LANES) = r[i];
  }
  for (ptrdiff_t c = (count + LANES - 1) / LANES * LANES; c < columns; c++)
    STORE(vectors + c * 2 * LANES) = zero;
}

// From z = a + ib and its opposite line, the spectra of a and b along the lines, their product
// with the conjugate of b, and the way back along the lines.
static void NAME(multiply_lines)(const AXIS *axis, T *x, T *y, T scale) {
  const NAME(columns) first = {x, x + LANES, 2 * LANES}, second = {y, y + LANES, 2 * LANES};
  for (ptrdiff_t n = 0; n < axis->length * 2 * LANES; n += 2 * LANES) {
    const V xr = LOAD(x + n), xi = LOAD(x + n + LANES), yr = LOAD(y + n), yi = LOAD(y + n + LANES);
    STORE(x + n) = xr + yr;
    STORE(x + n + LANES) = xi - yi;
    STORE(y + n) = xi + yi;
    STORE(y + n + LANES) = yr - xr;
  }
  NAME(transform_forward)(axis, first, first, first);
  NAME(transform_forward)(axis, second, second, second);
  for (ptrdiff_t n = 0; n < axis->length * 2 * LANES; n += 2 * LANES) {
    const V a = scale * LOAD(x + n), b = scale * LOAD(x + n + LANES);
    const V c = LOAD(y + n), d = LOAD(y + n + LANES);
    STORE(x + n) = a * c + b * d;
    STORE(x + n + LANES) = b * c - a * d;
  }
  NAME(transform_backward)(axis, axis->passes, first, first, first);
}

// Puts the lines of the first pair down as real parts of the result's spectrum, and adds those of
// the second as imaginary parts; opposite lines are conjugates.
static void NAME(put_lines)(const T *vectors, const NAME(lines) *lines, int count, T *re, T *im,
                            ptrdiff_t columns) {
  for (ptrdiff_t c = 0; c < columns; c += LANES) {
    V r[LANES], s[LANES];
    for (int i = 0; i < LANES; i++) r[i] = LOAD(vectors + (c + i) * 2 * LANES);
    for (int i = 0; i < LANES; i++) s[i] = LOAD(vectors + (c + i) * 2 * LANES + LANES);
    NAME(turn)(r);
    NAME(turn)(s);
    for (int i = 0; i < count; i++) {
      const ptrdiff_t at = lines->at[i] + c, opposite = lines->opposite[i] + c;
      if (lines->tile[i] == 0) {
        STORE(re + opposite) = r[i];
        STORE(im + opposite) = -s[i];
        STORE(re + at) = r[i];
        STORE(im + at) = s[i];
      } else {
        if (opposite != at) {
          STORE(re + opposite) = LOAD(re + opposite) + s[i];
          STORE(im + opposite) = LOAD(im + opposite) + r[i];
        }
        STORE(re + at) = LOAD(re + at) - s[i];
        STORE(im + at) = LOAD(im + at) + r[i];
      }
    }
  }
}

void NAME(correlate_pair)(const TILE *tile, const int32_t *half, ptrdiff_t used, T scale, T *re,
                          T *im, T *other_re, T *other_im, T *scratch) {
  const ptrdiff_t rows = tile->rows.length, columns = tile->columns.length;
  const ptrdiff_t wanted = rows / 2 + 1, entries = other_re ? 2 * wanted : wanted;
  const NAME(columns) between = {scratch, scratch + LANES, 2 * LANES};
  T *x = scratch, *y = scratch + 2 * LANES * columns;
  const T *reals[2] = {re, other_re}, *imaginaries[2] = {im, other_im};
  for (ptrdiff_t c = 0; c < used; c += LANES) {
    const NAME(columns) strip = {re + c, im + c, tile->row_stride};
    NAME(transform_forward)(&tile->rows, strip, between, strip);
    if (!other_re) continue;
    const NAME(columns) other = {other_re + c, other_im + c, tile->row_stride};
    NAME(transform_forward)(&tile->rows, other, between, other);
  }
  const ptrdiff_t kept = (tile->kept.columns + LANES - 1) / LANES * LANES;
  for (ptrdiff_t e = 0; e < entries; e += LANES) {
    const int count = entries - e < LANES ? (int)(entries - e) : LANES;
    NAME(lines) lines;
    for (int i = 0; i < LANES; i++) {
      const ptrdiff_t entry = i < count ? e + i : e;
      lines.tile[i] = entry >= wanted;
      lines.at[i] = half[2 * (entry % wanted)] * tile->row_stride;
      lines.opposite[i] = half[2 * (entry % wanted) + 1] * tile->row_stride;
    }
    NAME(turn_lines_in)(reals, lines.tile, lines.at, used, columns, x);
    NAME(turn_lines_in)(imaginaries, lines.tile, lines.at, used, columns, x + LANES);
    NAME(turn_lines_in)(reals, lines.tile, lines.opposite, used, columns, y);
    NAME(turn_lines_in)(imaginaries, lines.tile, lines.opposite, used, columns, y + LANES);
    NAME(multiply_lines)(&tile->columns, x, y, scale);
    NAME(put_lines)(x, &lines, count, re, im, kept);
  }
  NAME(outer_backward)(tile, re, im, scratch);
}

#undef LOAD
#undef STORE
#undef V
#undef INLINE
