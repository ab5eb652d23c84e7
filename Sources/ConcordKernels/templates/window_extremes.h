// The smallest (sign 1) or largest (sign -1) of every run of `window` elements along an axis; NaN if
// the run holds any. Needs T and NAME.
//
// An extreme of a run is that of two shorter runs that cover it, so runs of 1, 2, 4 … elements are
// combined in place until two of them, overlapping, make the window: log2(window) passes of whole
// vectors.

#define WORSE(a, b) (sign * (a) > sign * (b) || (b) != (b))

static void NAME(combine)(T *restrict to, const T *from, ptrdiff_t count, T sign) {
  for (ptrdiff_t i = 0; i < count; i++) to[i] = WORSE(to[i], from[i]) ? from[i] : to[i];
}

// Combines element i with element i + distance, for the first `count` of a line.
static void NAME(combine_runs)(T *line, ptrdiff_t inner, ptrdiff_t count, ptrdiff_t distance,
                               T sign) {
  if (inner == 1) {
    for (ptrdiff_t i = 0; i < count; i++)
      line[i] = WORSE(line[i], line[i + distance]) ? line[i + distance] : line[i];
  } else {
    for (ptrdiff_t i = 0; i < count; i++)
      NAME(combine)(line + i * inner, line + (i + distance) * inner, inner, sign);
  }
}

void NAME(window_extremes)(T *values, ptrdiff_t outer, ptrdiff_t extent, ptrdiff_t inner,
                           ptrdiff_t window, T sign) {
  for (ptrdiff_t o = 0; o < outer; o++) {
    T *line = values + o * extent * inner;
    ptrdiff_t run = 1;
    // Element i becomes the extreme of i ..< i + run; it reads only elements at or after itself.
    for (; 2 * run <= window; run *= 2)
      NAME(combine_runs)(line, inner, extent - 2 * run + 1, run, sign);
    if (run < window)
      NAME(combine_runs)(line, inner, extent - window + 1, window - run, sign);
  }
}

#undef WORSE
