// Passes between two sampling rates. Needs what separable.h needs, and comes after it.

// WIDE vectors of a weighted sum of rows.
#define NAME_BLEND(SUFFIX, WIDE)                                                              \
  static inline __attribute__((always_inline)) void NAME(SUFFIX)(                             \
      const T *const *rows, const T *taps, ptrdiff_t count, ptrdiff_t c, T *out) {            \
    NAME(vector) sum[WIDE] = {0};                                                             \
    for (ptrdiff_t k = 0; k < count; k++) {                                                   \
      const T tap = taps[k];                                                                  \
      const T *row = rows[k] + c;                                                             \
      for (int q = 0; q < WIDE; q++)                                                          \
        sum[q] += tap * *(const NAME(vector) *)(row + q * LANES);                             \
    }                                                                                         \
    for (int q = 0; q < WIDE; q++) *(NAME(vector) *)(out + c + q * LANES) = sum[q];           \
  }
NAME_BLEND(blend_wide, 6)
NAME_BLEND(blend, 1)
#undef NAME_BLEND

void NAME(blend_rows)(const T *const *rows, const T *taps, ptrdiff_t count, T *out,
                      ptrdiff_t columns) {
  ptrdiff_t c = 0;
  for (; c + 6 * LANES <= columns; c += 6 * LANES) NAME(blend_wide)(rows, taps, count, c, out);
  for (; c + LANES <= columns; c += LANES) NAME(blend)(rows, taps, count, c, out);
  for (; c < columns; c++) {
    T sum = 0;
    for (ptrdiff_t k = 0; k < count; k++) sum += taps[k] * rows[k][c];
    out[c] = sum;
  }
}

// ROWS output rows of WIDE vectors, each with taps of its own, from the same source.
#define NAME_INTERPOLATE(SUFFIX, ROWS, WIDE)                                                  \
  static inline __attribute__((always_inline)) void NAME(SUFFIX)(                             \
      const T *source, ptrdiff_t stride, const T *taps, ptrdiff_t count, int store, T *out,   \
      ptrdiff_t out_stride, NAME(vector) *doubt) {                                            \
    NAME(vector) sum[ROWS][WIDE] = {0};                                                       \
    for (ptrdiff_t k = 0; k < count; k++) {                                                   \
      NAME(vector) value[WIDE];                                                               \
      for (int q = 0; q < WIDE; q++)                                                          \
        value[q] = *(const NAME(vector) *)(source + k * stride + q * LANES);                  \
      for (int r = 0; r < ROWS; r++) {                                                        \
        const T tap = taps[r * count + k];                                                    \
        for (int q = 0; q < WIDE; q++) sum[r][q] += tap * value[q];                           \
      }                                                                                       \
    }                                                                                         \
    for (int r = 0; r < ROWS; r++)                                                            \
      for (int q = 0; q < WIDE; q++) {                                                        \
        NAME(put)(sum[r][q], store, out + r * out_stride + q * LANES);                        \
        *doubt += sum[r][q] - sum[r][q];                                                      \
      }                                                                                       \
  }
NAME_INTERPOLATE(interpolate_four_wide, 4, VECTORS)
NAME_INTERPOLATE(interpolate_four, 4, 1)
NAME_INTERPOLATE(interpolate_wide, 1, VECTORS)
NAME_INTERPOLATE(interpolate, 1, 1)
#undef NAME_INTERPOLATE

static inline __attribute__((always_inline)) void NAME(interpolate_all)(
    const T *source, ptrdiff_t stride, const T *taps, ptrdiff_t count, int store, T *out,
    ptrdiff_t out_stride, ptrdiff_t rows, ptrdiff_t columns, NAME(vector) *doubt) {
  for (ptrdiff_t c = 0; c < columns;) {
    const int wide = c + (VECTORS - 1) * LANES < columns;
    ptrdiff_t r = 0;
    for (; r + 4 <= rows; r += 4) {
      T *to = out + r * out_stride + c;
      if (wide)
        NAME(interpolate_four_wide)(source + c, stride, taps + r * count, count, store, to,
                                    out_stride, doubt);
      else
        NAME(interpolate_four)(source + c, stride, taps + r * count, count, store, to, out_stride,
                               doubt);
    }
    for (; r < rows; r++) {
      T *to = out + r * out_stride + c;
      if (wide)
        NAME(interpolate_wide)(source + c, stride, taps + r * count, count, store, to, out_stride,
                               doubt);
      else
        NAME(interpolate)(source + c, stride, taps + r * count, count, store, to, out_stride,
                          doubt);
    }
    c += (wide ? VECTORS : 1) * LANES;
  }
}

int NAME(interpolate_rows)(const T *source, ptrdiff_t stride, const T *taps, ptrdiff_t count,
                           int store, T *out, ptrdiff_t out_stride, ptrdiff_t rows,
                           ptrdiff_t columns) {
  NAME(vector) doubt = {0};
  if (store == CONCORD_STREAM)
    NAME(interpolate_all)(source, stride, taps, count, CONCORD_STREAM, out, out_stride, rows,
                          columns, &doubt);
  else
    NAME(interpolate_all)(source, stride, taps, count, CONCORD_WRITE, out, out_stride, rows,
                          columns, &doubt);
  for (int q = 0; q < LANES; q++)
    if (doubt[q] != doubt[q]) return 0;
  return 1;
}

// With the factor as a constant, the compiler turns these loops into shuffles.
#define NAME_FACTORS(BODY)          \
  switch (factor) {                 \
    case 2: BODY(2) break;          \
    case 3: BODY(3) break;          \
    case 4: BODY(4) break;          \
    case 6: BODY(6) break;          \
    case 8: BODY(8) break;          \
    default: BODY(factor) break;    \
  }

#define NAME_SPLIT(FACTOR)                                                       \
  for (ptrdiff_t j = 0; j < count / FACTOR; j++)                                 \
    for (ptrdiff_t p = 0; p < FACTOR; p++) out[p * stride + j] = source[j * FACTOR + p];
void NAME(split_row)(const T *restrict source, ptrdiff_t count, ptrdiff_t factor, T *restrict out,
                     ptrdiff_t stride) {
  NAME_FACTORS(NAME_SPLIT)
  for (ptrdiff_t i = count / factor * factor; i < count; i++)
    out[i % factor * stride + i / factor] = source[i];
}
#undef NAME_SPLIT

#define NAME_JOIN(FACTOR)                                                        \
  for (ptrdiff_t j = 0; j < count / FACTOR; j++)                                 \
    for (ptrdiff_t p = 0; p < FACTOR; p++) out[j * FACTOR + p] = source[p * stride + j];
void NAME(join_row)(const T *restrict source, ptrdiff_t stride, ptrdiff_t factor, ptrdiff_t count,
                    T *restrict out) {
  NAME_FACTORS(NAME_JOIN)
  for (ptrdiff_t i = count / factor * factor; i < count; i++)
    out[i] = source[i % factor * stride + i / factor];
}
#undef NAME_JOIN
#undef NAME_FACTORS
