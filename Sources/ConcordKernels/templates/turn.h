// Turns squares of LANES x LANES values in registers, so that rows become the lanes of a transform.
// Needs T, NAME and LANES.

#if LANES == 16
#define LOW8 0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23
#define HIGH8 8, 9, 10, 11, 12, 13, 14, 15, 24, 25, 26, 27, 28, 29, 30, 31
#define LOW4 0, 1, 2, 3, 16, 17, 18, 19, 8, 9, 10, 11, 24, 25, 26, 27
#define HIGH4 4, 5, 6, 7, 20, 21, 22, 23, 12, 13, 14, 15, 28, 29, 30, 31
#define LOW2 0, 1, 16, 17, 4, 5, 20, 21, 8, 9, 24, 25, 12, 13, 28, 29
#define HIGH2 2, 3, 18, 19, 6, 7, 22, 23, 10, 11, 26, 27, 14, 15, 30, 31
#define LOW1 0, 16, 2, 18, 4, 20, 6, 22, 8, 24, 10, 26, 12, 28, 14, 30
#define HIGH1 1, 17, 3, 19, 5, 21, 7, 23, 9, 25, 11, 27, 13, 29, 15, 31
#elif LANES == 8
#define LOW4 0, 1, 2, 3, 8, 9, 10, 11
#define HIGH4 4, 5, 6, 7, 12, 13, 14, 15
#define LOW2 0, 1, 8, 9, 4, 5, 12, 13
#define HIGH2 2, 3, 10, 11, 6, 7, 14, 15
#define LOW1 0, 8, 2, 10, 4, 12, 6, 14
#define HIGH1 1, 9, 3, 11, 5, 13, 7, 15
#elif LANES == 4
#define LOW2 0, 1, 4, 5
#define HIGH2 2, 3, 6, 7
#define LOW1 0, 4, 2, 6
#define HIGH1 1, 5, 3, 7
#else
#define LOW1 0, 2
#define HIGH1 1, 3
#endif

// Exchanges the off-diagonal halves of all squares of 2H x 2H values.
#define EXCHANGE(H)                                        \
  _Pragma("clang loop unroll(full)") for (int i = 0; i < LANES; i++) \
    if (!(i & H)) {                                        \
      const V a = r[i], b = r[i + H];                      \
      r[i] = __builtin_shufflevector(a, b, LOW##H);        \
      r[i + H] = __builtin_shufflevector(a, b, HIGH##H);   \
    }

INLINE void NAME(turn)(V *r) {
#if LANES >= 16
  EXCHANGE(8)
#endif
#if LANES >= 8
  EXCHANGE(4)
#endif
#if LANES >= 4
  EXCHANGE(2)
#endif
  EXCHANGE(1)
}

#undef EXCHANGE
#undef LOW8
#undef HIGH8
#undef LOW4
#undef HIGH4
#undef LOW2
#undef HIGH2
#undef LOW1
#undef HIGH1

// LANES rows of `count` values, `stride` apart, become vectors 2 * LANES apart.
static void NAME(turn_rows_in)(const T *rows, ptrdiff_t stride, ptrdiff_t count, T *vectors) {
  for (ptrdiff_t c = 0; c < count; c += LANES) {
    V r[LANES];
    for (int i = 0; i < LANES; i++) r[i] = LOAD(rows + i * stride + c);
    NAME(turn)(r);
    for (int i = 0; i < LANES; i++) STORE(vectors + (c + i) * 2 * LANES) = r[i];
  }
}

static void NAME(turn_rows_out)(const T *vectors, T *rows, ptrdiff_t stride, ptrdiff_t count) {
  for (ptrdiff_t c = 0; c < count; c += LANES) {
    V r[LANES];
    for (int i = 0; i < LANES; i++) r[i] = LOAD(vectors + (c + i) * 2 * LANES);
    NAME(turn)(r);
    for (int i = 0; i < LANES; i++) STORE(rows + i * stride + c) = r[i];
  }
}
