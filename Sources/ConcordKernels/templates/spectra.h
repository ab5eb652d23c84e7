// Loops over rows of samples and spectra. Needs T, S and NAME. Complex values are interleaved.

void NAME(pack_pair)(const T *restrict first, const T *restrict second, ptrdiff_t count,
                     T *restrict out) {
  for (ptrdiff_t i = 0; i < count; i++) {
    out[2 * i] = first[i];
    out[2 * i + 1] = second[i];
  }
}

// With z = a + i b, A[k] = (Z[k] + conj Z[n-k]) / 2 and B[k] = (Z[k] - conj Z[n-k]) / 2i.
void NAME(unpack_pair_spectrum)(const T *restrict packed, ptrdiff_t length, T *restrict first,
                                T *restrict second) {
  first[0] = packed[0];
  first[1] = 0;
  second[0] = packed[1];
  second[1] = 0;
  const T half = (T)0.5;
  const T *mirror = packed + 2 * length;
  for (ptrdiff_t k = 1; k <= length / 2; k++) {
    const T re = packed[2 * k], im = packed[2 * k + 1];
    const T mre = mirror[-2 * k], mim = mirror[-2 * k + 1];
    first[2 * k] = half * (re + mre);
    first[2 * k + 1] = half * (im - mim);
    second[2 * k] = half * (im + mim);
    second[2 * k + 1] = half * (mre - re);
  }
}

// Z[k] = A[k] + i B[k] below the middle, and conj A[k] + i conj B[k] at n - k.
void NAME(pack_pair_spectrum)(const T *restrict first, const T *restrict second,
                              ptrdiff_t length, T *restrict packed) {
  packed[0] = first[0];
  packed[1] = second[0];
  T *mirror = packed + 2 * length;
  for (ptrdiff_t k = 1; k <= (length - 1) / 2; k++) {
    const T are = first[2 * k], aim = first[2 * k + 1];
    const T bre = second[2 * k], bim = second[2 * k + 1];
    packed[2 * k] = are - bim;
    packed[2 * k + 1] = aim + bre;
    mirror[-2 * k] = are + bim;
    mirror[-2 * k + 1] = bre - aim;
  }
  if (length % 2 == 0 && length > 1) {
    packed[length] = first[length];
    packed[length + 1] = second[length];
  }
}

void NAME(split_pair)(const T *restrict packed, ptrdiff_t count, T scale, T *restrict first,
                      T *restrict second) {
  for (ptrdiff_t i = 0; i < count; i++) {
    first[i] = packed[2 * i] * scale;
    second[i] = packed[2 * i + 1] * scale;
  }
}

void NAME(multiply_spectrum)(T *restrict x, const T *restrict y, ptrdiff_t count, int conjugate) {
  const T sign = conjugate ? (T)-1 : (T)1;
  for (ptrdiff_t i = 0; i < count; i++) {
    const T a = x[2 * i], b = x[2 * i + 1];
    const T c = y[2 * i], d = sign * y[2 * i + 1];
    x[2 * i] = a * c - b * d;
    x[2 * i + 1] = a * d + b * c;
  }
}

void NAME(add_scaled)(T a, const T *restrict x, T *restrict y, ptrdiff_t count) {
  for (ptrdiff_t i = 0; i < count; i++) y[i] += a * x[i];
}

void NAME(shift)(T a, T *restrict x, ptrdiff_t count) {
  for (ptrdiff_t i = 0; i < count; i++) x[i] -= a;
}

void NAME(scale)(T a, T *restrict x, ptrdiff_t count) {
  for (ptrdiff_t i = 0; i < count; i++) x[i] *= a;
}

void NAME(moments)(const T *restrict x, ptrdiff_t count, double shift, double *sum,
                   double *sum_of_squares) {
  // Sixteen partial sums, as vectors: left to itself, clang takes doubles one by one on Arm.
  typedef double sums __attribute__((vector_size(64), aligned(8)));
  typedef T elements __attribute__((vector_size(8 * sizeof(T)), aligned(sizeof(T))));
  sums s[2] = {0}, q[2] = {0};
  ptrdiff_t i = 0;
  for (; i + 16 <= count; i += 16)
    for (int l = 0; l < 2; l++) {
      const elements *from = (const elements *)(x + i + 8 * l);
      const sums d = __builtin_convertvector(*from, sums) - shift;
      s[l] += d;
      q[l] += d * d;
    }
  for (; i < count; i++) {
    const double d = (double)x[i] - shift;
    s[0][0] += d;
    q[0][0] += d * d;
  }
  double total = 0, squares = 0;
  for (int l = 0; l < 16; l++) {
    total += s[l / 8][l % 8];
    squares += q[l / 8][l % 8];
  }
  *sum = total;
  *sum_of_squares = squares;
}

int NAME(all_finite)(const T *x, ptrdiff_t count) {
  // x - x is 0 for a finite x and NaN otherwise; NaN survives the addition.
  T probe[16] = {0};
  ptrdiff_t i = 0;
  for (; i + 16 <= count; i += 16)
    for (int l = 0; l < 16; l++) probe[l] += x[i + l] - x[i + l];
  for (; i < count; i++) probe[0] += x[i] - x[i];
  T total = 0;
  for (int l = 0; l < 16; l++) total += probe[l];
  return total == 0;
}
