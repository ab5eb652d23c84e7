// Transforms of LANES columns at once: index n of all of them is one vector. Needs T, NAME, LANES and
// butterflies.h.
//
// Forward, passes decimate in frequency: natural order in, digits reversed out. Backward, they
// decimate in time from that order, so nothing is ever reordered; a product of two spectra does not
// mind the order. Backward is the forward transform with real and imaginary parts exchanged.

// Where the vectors of a transform lie: index n at re + n * stride and im + n * stride.
typedef struct {
  T *re, *im;
  ptrdiff_t stride;
} NAME(columns);

#define LOAD(p) (*(const V *)(p))
#define STORE(p) (*(V *)(p))

// One pass of radix R: `extent` is the length of the transforms that it splits in R.
#define PASS(R)                                                                                \
  static void NAME(decimate_frequency##R)(NAME(columns) in, NAME(columns) out, ptrdiff_t length, \
                                          ptrdiff_t extent, const T *twiddles) {               \
    const ptrdiff_t part = extent / R;                                                         \
    for (ptrdiff_t j = 0; j < part; j++, twiddles += 2 * (R - 1))                              \
      for (ptrdiff_t n = j; n < length; n += extent) {                                         \
        V re[R], im[R];                                                                        \
        for (int q = 0; q < R; q++) {                                                          \
          re[q] = LOAD(in.re + (n + q * part) * in.stride);                                    \
          im[q] = LOAD(in.im + (n + q * part) * in.stride);                                    \
        }                                                                                      \
        NAME(butterfly##R)(re, im);                                                            \
        STORE(out.re + n * out.stride) = re[0];                                                \
        STORE(out.im + n * out.stride) = im[0];                                                \
        for (int q = 1; q < R; q++) {                                                          \
          const T c = twiddles[2 * q - 2], s = twiddles[2 * q - 1];                            \
          STORE(out.re + (n + q * part) * out.stride) = re[q] * c - im[q] * s;                 \
          STORE(out.im + (n + q * part) * out.stride) = re[q] * s + im[q] * c;                 \
        }                                                                                      \
      }                                                                                        \
  }                                                                                            \
  static void NAME(decimate_time##R)(NAME(columns) in, NAME(columns) out, ptrdiff_t length,    \
                                     ptrdiff_t extent, const T *twiddles) {                    \
    const ptrdiff_t part = extent / R;                                                         \
    for (ptrdiff_t j = 0; j < part; j++, twiddles += 2 * (R - 1))                              \
      for (ptrdiff_t n = j; n < length; n += extent) {                                         \
        V re[R], im[R];                                                                        \
        re[0] = LOAD(in.re + n * in.stride);                                                   \
        im[0] = LOAD(in.im + n * in.stride);                                                   \
        for (int q = 1; q < R; q++) {                                                          \
          const T c = twiddles[2 * q - 2], s = twiddles[2 * q - 1];                            \
          const V x = LOAD(in.re + (n + q * part) * in.stride);                                \
          const V y = LOAD(in.im + (n + q * part) * in.stride);                                \
          re[q] = x * c - y * s;                                                               \
          im[q] = x * s + y * c;                                                               \
        }                                                                                      \
        NAME(butterfly##R)(re, im);                                                            \
        for (int q = 0; q < R; q++) {                                                          \
          STORE(out.re + (n + q * part) * out.stride) = re[q];                                 \
          STORE(out.im + (n + q * part) * out.stride) = im[q];                                 \
        }                                                                                      \
      }                                                                                        \
  }                                                                                            \
  /* The last pass forward, the product with a spectrum and the first pass back, in one visit. */ \
  static void NAME(multiply##R)(T *x, const T *spectrum, ptrdiff_t length) {                   \
    for (ptrdiff_t n = 0; n < length; n += R) {                                                \
      V re[R], im[R];                                                                          \
      T *from = x + n * 2 * LANES;                                                             \
      const T *by = spectrum + n * 2 * LANES;                                                  \
      for (int q = 0; q < R; q++) {                                                            \
        re[q] = LOAD(from + q * 2 * LANES);                                                    \
        im[q] = LOAD(from + q * 2 * LANES + LANES);                                            \
      }                                                                                        \
      NAME(butterfly##R)(re, im);                                                              \
      for (int q = 0; q < R; q++) {                                                            \
        const V c = LOAD(by + q * 2 * LANES), s = LOAD(by + q * 2 * LANES + LANES);            \
        const V r = re[q] * c - im[q] * s;                                                     \
        im[q] = re[q] * s + im[q] * c;                                                         \
        re[q] = r;                                                                             \
      }                                                                                        \
      NAME(butterfly##R)(im, re);                                                              \
      for (int q = 0; q < R; q++) {                                                            \
        STORE(from + q * 2 * LANES) = re[q];                                                   \
        STORE(from + q * 2 * LANES + LANES) = im[q];                                           \
      }                                                                                        \
    }                                                                                          \
  }

PASS(2)
PASS(3)
PASS(4)
PASS(5)
PASS(8)
#undef PASS

#define EACH_RADIX(CASE) CASE(2) CASE(3) CASE(4) CASE(5) CASE(8)

static void NAME(pass_forward)(int radix, NAME(columns) in, NAME(columns) out, ptrdiff_t length,
                               ptrdiff_t extent, const T *twiddles) {
#define CASE(R) case R: NAME(decimate_frequency##R)(in, out, length, extent, twiddles); break;
  switch (radix) { EACH_RADIX(CASE) }
#undef CASE
}

static void NAME(pass_backward)(int radix, NAME(columns) in, NAME(columns) out, ptrdiff_t length,
                                ptrdiff_t extent, const T *twiddles) {
#define CASE(R) case R: NAME(decimate_time##R)(in, out, length, extent, twiddles); break;
  switch (radix) { EACH_RADIX(CASE) }
#undef CASE
}

static void NAME(pass_multiply)(int radix, T *x, const T *spectrum, ptrdiff_t length) {
#define CASE(R) case R: NAME(multiply##R)(x, spectrum, length); break;
  switch (radix) { EACH_RADIX(CASE) }
#undef CASE
}
#undef EACH_RADIX

// The values of a pass's twiddles.
static inline ptrdiff_t NAME(twiddle_count)(ptrdiff_t extent, int radix) {
  return 2 * (radix - 1) * (extent / radix);
}

// All passes forward, the first reading `from`, the last writing `to`, those between in `between`.
static void NAME(transform_forward)(const AXIS *axis, NAME(columns) from, NAME(columns) between,
                                    NAME(columns) to) {
  ptrdiff_t extent = axis->length;
  const T *twiddles = axis->twiddles;
  for (ptrdiff_t k = 0; k < axis->passes; k++) {
    const int radix = axis->radices[k];
    const NAME(columns) out = k + 1 == axis->passes ? to : between;
    NAME(pass_forward)(radix, from, out, axis->length, extent, twiddles);
    twiddles += NAME(twiddle_count)(extent, radix);
    extent /= radix;
    from = out;
  }
}

// The first `passes` passes' reversal, the last of them first; `between` may be `from`.
static void NAME(transform_backward)(const AXIS *axis, ptrdiff_t passes, NAME(columns) from,
                                     NAME(columns) between, NAME(columns) to) {
  ptrdiff_t extent = axis->length;
  const T *twiddles = axis->twiddles;
  for (ptrdiff_t k = 0; k < passes; k++) {
    twiddles += NAME(twiddle_count)(extent, axis->radices[k]);
    extent /= axis->radices[k];
  }
  for (ptrdiff_t k = passes - 1; k >= 0; k--) {
    const int radix = axis->radices[k];
    const NAME(columns) out = k == 0 ? to : between;
    extent *= radix;
    twiddles -= NAME(twiddle_count)(extent, radix);
    // Exchanged parts make the inverse of a forward transform.
    const NAME(columns) in = {from.im, from.re, from.stride};
    const NAME(columns) back = {out.im, out.re, out.stride};
    NAME(pass_backward)(radix, in, back, axis->length, extent, twiddles);
    from = out;
  }
}
