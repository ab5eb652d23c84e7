// Sums of every run of `window` elements along an axis, after van Herk and Gil-Werman: the axis is
// cut in blocks of `window`; a window is the end of one block and the beginning of the next, whose
// sums are running suffix and prefix sums. Needs NAME. Doubles only.

// One strip of up to CONCORD_STRIP neighbouring columns, `stride` apart along the axis.
static void NAME(strip_sums)(const double *source, ptrdiff_t stride, ptrdiff_t extent,
                             ptrdiff_t lanes, ptrdiff_t window, double *out, double *suffix,
                             double *prefix) {
  for (ptrdiff_t block = 0; block < extent; block += window) {
    const ptrdiff_t end = block + window < extent ? block + window : extent;
    for (ptrdiff_t i = block; i < end; i++) {
      const double *x = source + i * stride;
      double *p = prefix + i * lanes;
      if (i == block)
        for (ptrdiff_t l = 0; l < lanes; l++) p[l] = x[l];
      else
        for (ptrdiff_t l = 0; l < lanes; l++) p[l] = p[l - lanes] + x[l];
    }
    for (ptrdiff_t i = end - 1; i >= block; i--) {
      const double *x = source + i * stride;
      double *s = suffix + i * lanes;
      if (i == end - 1)
        for (ptrdiff_t l = 0; l < lanes; l++) s[l] = x[l];
      else
        for (ptrdiff_t l = 0; l < lanes; l++) s[l] = s[l + lanes] + x[l];
    }
  }
  for (ptrdiff_t i = 0; i + window <= extent; i++) {
    double *y = out + i * stride;
    const double *s = suffix + i * lanes;
    if (i % window == 0) {
      for (ptrdiff_t l = 0; l < lanes; l++) y[l] = s[l];
    } else {
      const double *p = prefix + (i + window - 1) * lanes;
      for (ptrdiff_t l = 0; l < lanes; l++) y[l] = s[l] + p[l];
    }
  }
}

// Along contiguous rows, by doubling: the sums of 2^k neighbours from those of 2^(k-1), and the
// window from the powers of two it is made of. Whole rows are added at a time.
static void NAME(row_sums)(const double *source, ptrdiff_t extent, ptrdiff_t window, double *out,
                           double *power) {
  const ptrdiff_t count = extent - window + 1;
  const double *sums = source;
  ptrdiff_t span = 1, done = 0;
  for (ptrdiff_t left = window; left > 0; left >>= 1) {
    if (left & 1) {
      if (done == 0)
        for (ptrdiff_t i = 0; i < count; i++) out[i] = sums[i];
      else
        for (ptrdiff_t i = 0; i < count; i++) out[i] += sums[i + done];
      done += span;
    }
    if (left > 1) {
      if (span == 1)
        for (ptrdiff_t i = 0; i + 2 <= extent; i++) power[i] = source[i] + source[i + 1];
      else  // In place: element i reads only elements at or after i.
        for (ptrdiff_t i = 0; i + 2 * span <= extent; i++) power[i] += power[i + span];
      sums = power;
      span *= 2;
    }
  }
}

void NAME(window_sums)(const double *source, ptrdiff_t outer, ptrdiff_t extent, ptrdiff_t inner,
                       ptrdiff_t window, double *out, double *scratch) {
  const ptrdiff_t count = extent - window + 1;
  for (ptrdiff_t o = 0; o < outer; o++) {
    const double *from = source + o * extent * inner;
    double *to = out + o * count * inner;
    if (inner == 1) {
      NAME(row_sums)(from, extent, window, to, scratch);
      continue;
    }
    for (ptrdiff_t first = 0; first < inner; first += CONCORD_STRIP) {
      const ptrdiff_t lanes = inner - first < CONCORD_STRIP ? inner - first : CONCORD_STRIP;
      NAME(strip_sums)(from + first, inner, extent, lanes, window, to + first, scratch,
                       scratch + extent * lanes);
    }
  }
}
