// Butterflies of small transforms, exp(-i), over arrays of vectors: each lane holds a transform of its
// own, so no value ever crosses a lane. Needs T, NAME and the vector type NAME(vector).

#define V NAME(vector)
#define INLINE static inline __attribute__((always_inline))

INLINE void NAME(butterfly2)(V *re, V *im) {
  const V ar = re[0], ai = im[0];
  re[0] = ar + re[1], im[0] = ai + im[1];
  re[1] = ar - re[1], im[1] = ai - im[1];
}

INLINE void NAME(butterfly3)(V *re, V *im) {
  const T sine = (T)0.86602540378443864676;
  const V sr = re[1] + re[2], si = im[1] + im[2];
  const V dr = (re[1] - re[2]) * sine, di = (im[1] - im[2]) * sine;
  const V mr = re[0] - sr * (T)0.5, mi = im[0] - si * (T)0.5;
  re[0] += sr, im[0] += si;
  re[1] = mr + di, im[1] = mi - dr;
  re[2] = mr - di, im[2] = mi + dr;
}

INLINE void NAME(butterfly4)(V *re, V *im) {
  const V ar = re[0] + re[2], ai = im[0] + im[2], br = re[0] - re[2], bi = im[0] - im[2];
  const V cr = re[1] + re[3], ci = im[1] + im[3], dr = re[1] - re[3], di = im[1] - im[3];
  re[0] = ar + cr, im[0] = ai + ci;
  re[1] = br + di, im[1] = bi - dr;
  re[2] = ar - cr, im[2] = ai - ci;
  re[3] = br - di, im[3] = bi + dr;
}

INLINE void NAME(butterfly5)(V *re, V *im) {
  const T c1 = (T)0.30901699437494742410, c2 = (T)-0.80901699437494742410;
  const T s1 = (T)0.95105651629515357212, s2 = (T)0.58778525229247312917;
  const V ar = re[1] + re[4], ai = im[1] + im[4], br = re[1] - re[4], bi = im[1] - im[4];
  const V cr = re[2] + re[3], ci = im[2] + im[3], dr = re[2] - re[3], di = im[2] - im[3];
  const V xr = re[0] + ar * c1 + cr * c2, xi = im[0] + ai * c1 + ci * c2;
  const V yr = re[0] + ar * c2 + cr * c1, yi = im[0] + ai * c2 + ci * c1;
  const V ur = br * s1 + dr * s2, ui = bi * s1 + di * s2;
  const V vr = br * s2 - dr * s1, vi = bi * s2 - di * s1;
  re[0] += ar + cr, im[0] += ai + ci;
  re[1] = xr + ui, im[1] = xi - ur;
  re[2] = yr + vi, im[2] = yi - vr;
  re[3] = yr - vi, im[3] = yi + vr;
  re[4] = xr - ui, im[4] = xi + ur;
}

INLINE void NAME(butterfly8)(V *re, V *im) {
  const T half = (T)0.70710678118654752440;
  V er[4], ei[4], dr[4], di[4];
  for (int q = 0; q < 4; q++) {
    er[q] = re[q] + re[q + 4], ei[q] = im[q] + im[q + 4];
    dr[q] = re[q] - re[q + 4], di[q] = im[q] - im[q + 4];
  }
  const V r1 = dr[1], i1 = di[1], r2 = dr[2], r3 = dr[3], i3 = di[3];
  dr[1] = (r1 + i1) * half, di[1] = (i1 - r1) * half;
  dr[2] = di[2], di[2] = -r2;
  dr[3] = (i3 - r3) * half, di[3] = -(r3 + i3) * half;
  NAME(butterfly4)(er, ei);
  NAME(butterfly4)(dr, di);
  for (int q = 0; q < 4; q++) {
    re[2 * q] = er[q], im[2 * q] = ei[q];
    re[2 * q + 1] = dr[q], im[2 * q + 1] = di[q];
  }
}
