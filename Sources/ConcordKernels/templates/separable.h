// Passes along one axis, for kernels that are products of one factor for each axis. Needs T, S (the
// suffix), ISA, LANES, VECTORS (vectors in a block's width) and the vector type NAME(vector).
//
// Whole vectors are read and written: rows are padded to a multiple of LANES, and what stands in the
// padding has no meaning. Taps are taken in groups of GROUP, whose partial sums are added to the
// output, so that the rounding error of a long factor grows with GROUP + taps / GROUP.

#define GROUP 128

// Where sums go: over what is there, on top of it, or past the caches.
static inline __attribute__((always_inline)) void NAME(put)(NAME(vector) value, int store, T *out) {
  typedef T aligned_vector __attribute__((vector_size(VECTOR_BYTES)));
  if (store == CONCORD_STREAM)
    __builtin_nontemporal_store((aligned_vector)value, (aligned_vector *)out);
  else
    *(NAME(vector) *)out = value;
}

// WIDE vectors of one row; source[c + k * step] is tap k's element, for rows and for columns alike.
// doubt becomes NaN where a sum is not finite.
#define NAME_PASS(SUFFIX, WIDE)                                                               \
  static inline __attribute__((always_inline)) void NAME(SUFFIX)(                             \
      const T *source, ptrdiff_t step, const T *taps, ptrdiff_t count, int store, T *out,     \
      NAME(vector) *doubt) {                                                                  \
    NAME(vector) sum[WIDE];                                                                   \
    for (int q = 0; q < WIDE; q++)                                                            \
      sum[q] = store == CONCORD_ADD ? *(const NAME(vector) *)(out + q * LANES)                \
                                    : (NAME(vector)){0};                                      \
    for (ptrdiff_t k = 0; k < count; k++) {                                                   \
      const T tap = taps[k];                                                                  \
      for (int q = 0; q < WIDE; q++)                                                          \
        sum[q] += tap * *(const NAME(vector) *)(source + k * step + q * LANES);               \
    }                                                                                         \
    for (int q = 0; q < WIDE; q++) {                                                          \
      NAME(put)(sum[q], store, out + q * LANES);                                              \
      *doubt += sum[q] - sum[q];                                                              \
    }                                                                                         \
  }
NAME_PASS(pass_wide, 6)
NAME_PASS(pass, 1)
#undef NAME_PASS

// One source row's contribution to output rows LOW...HIGH, whose tap is s - r.
#define NAME_SOURCE_ROW(WIDE, LOW, HIGH)                                                      \
  for (int r = LOW; r <= HIGH; r++) {                                                         \
    const T tap = taps[s - r];                                                                \
    for (int q = 0; q < WIDE; q++) sum[r][q] += tap * value[q];                               \
  }

// Four output rows of WIDE vectors: a source vector is loaded once and serves all of them.
#define NAME_FOUR(SUFFIX, WIDE)                                                               \
  static inline __attribute__((always_inline)) void NAME(SUFFIX)(                             \
      const T *source, ptrdiff_t stride, const T *taps, ptrdiff_t count, int store, T *out,   \
      ptrdiff_t out_stride, NAME(vector) *doubt) {                                            \
    NAME(vector) sum[4][WIDE];                                                                \
    for (int r = 0; r < 4; r++)                                                               \
      for (int q = 0; q < WIDE; q++)                                                          \
        sum[r][q] = store == CONCORD_ADD                                                      \
                        ? *(const NAME(vector) *)(out + r * out_stride + q * LANES)           \
                        : (NAME(vector)){0};                                                  \
    for (ptrdiff_t s = 0; s < count + 3; s++) {                                               \
      NAME(vector) value[WIDE];                                                               \
      for (int q = 0; q < WIDE; q++)                                                          \
        value[q] = *(const NAME(vector) *)(source + s * stride + q * LANES);                  \
      const ptrdiff_t low = s < count ? 0 : s - count + 1;                                    \
      const ptrdiff_t high = s < 3 ? s : 3;                                                   \
      if (low == 0 && high == 3) {                                                            \
        NAME_SOURCE_ROW(WIDE, 0, 3)                                                           \
        continue;                                                                             \
      }                                                                                       \
      if (low <= 0 && high >= 0) NAME_SOURCE_ROW(WIDE, 0, 0)                                  \
      if (low <= 1 && high >= 1) NAME_SOURCE_ROW(WIDE, 1, 1)                                  \
      if (low <= 2 && high >= 2) NAME_SOURCE_ROW(WIDE, 2, 2)                                  \
      if (low <= 3 && high >= 3) NAME_SOURCE_ROW(WIDE, 3, 3)                                  \
    }                                                                                         \
    for (int r = 0; r < 4; r++)                                                               \
      for (int q = 0; q < WIDE; q++) {                                                        \
        NAME(put)(sum[r][q], store, out + r * out_stride + q * LANES);                        \
        *doubt += sum[r][q] - sum[r][q];                                                      \
      }                                                                                       \
  }
NAME_FOUR(pass_four_wide, VECTORS)
NAME_FOUR(pass_four, 1)
#undef NAME_FOUR
#undef NAME_SOURCE_ROW

void NAME(filter_row)(const T *source, const T *taps, ptrdiff_t count, T *out,
                      ptrdiff_t columns) {
  NAME(vector) doubt = {0};
  for (ptrdiff_t first = 0; first < count; first += GROUP) {
    const ptrdiff_t some = count - first < GROUP ? count - first : GROUP;
    const int store = first > 0 ? CONCORD_ADD : CONCORD_WRITE;
    const T *from = source + first;
    ptrdiff_t c = 0;
    for (; c + 5 * LANES < columns; c += 6 * LANES)
      NAME(pass_wide)(from + c, 1, taps + first, some, store, out + c, &doubt);
    for (; c < columns; c += LANES)
      NAME(pass)(from + c, 1, taps + first, some, store, out + c, &doubt);
  }
}

// One group of taps. Rows within columns, so that what a vector of columns reads stays close.
static inline __attribute__((always_inline)) void NAME(filter_group)(
    const T *source, ptrdiff_t stride, const T *taps, ptrdiff_t count, int store, T *out,
    ptrdiff_t out_stride, ptrdiff_t rows, ptrdiff_t columns, NAME(vector) *doubt) {
  for (ptrdiff_t c = 0; c < columns;) {
    const int wide = c + (VECTORS - 1) * LANES < columns;
    ptrdiff_t r = 0;
    for (; r + 4 <= rows; r += 4) {
      const T *from = source + r * stride + c;
      T *to = out + r * out_stride + c;
      if (wide)
        NAME(pass_four_wide)(from, stride, taps, count, store, to, out_stride, doubt);
      else
        NAME(pass_four)(from, stride, taps, count, store, to, out_stride, doubt);
    }
    for (; r < rows; r++)
      for (int q = 0; q < (wide ? VECTORS : 1); q++)
        NAME(pass)(source + r * stride + c + q * LANES, stride, taps, count, store,
                   out + r * out_stride + c + q * LANES, doubt);
    c += (wide ? VECTORS : 1) * LANES;
  }
}

int NAME(filter_columns)(const T *source, ptrdiff_t stride, const T *taps, ptrdiff_t count,
                         int store, T *out, ptrdiff_t out_stride, ptrdiff_t rows,
                         ptrdiff_t columns) {
  NAME(vector) doubt = {0};
  if (store == CONCORD_STREAM) {
    NAME(filter_group)(source, stride, taps, count, CONCORD_STREAM, out, out_stride, rows, columns,
                       &doubt);
  } else {
    for (ptrdiff_t first = 0; first < count; first += GROUP) {
      const ptrdiff_t some = count - first < GROUP ? count - first : GROUP;
      const T *from = source + first * stride;
      if (store == CONCORD_ADD || first > 0)
        NAME(filter_group)(from, stride, taps + first, some, CONCORD_ADD, out, out_stride, rows,
                           columns, &doubt);
      else
        NAME(filter_group)(from, stride, taps + first, some, CONCORD_WRITE, out, out_stride, rows,
                           columns, &doubt);
    }
  }
  for (int q = 0; q < LANES; q++)
    if (doubt[q] != doubt[q]) return 0;
  return 1;
}

// Past the caches, which a large result would only sweep clean, and without reading the memory first.
void NAME(stream_row)(const T *source, ptrdiff_t count, T *out) {
  typedef T aligned_vector __attribute__((vector_size(VECTOR_BYTES)));
  ptrdiff_t i = 0;
  for (; i < count && (uintptr_t)(out + i) % VECTOR_BYTES != 0; i++) out[i] = source[i];
  for (; i + LANES <= count; i += LANES) {
    const NAME(vector) value = *(const NAME(vector) *)(source + i);
    __builtin_nontemporal_store((aligned_vector)value, (aligned_vector *)(out + i));
  }
  for (; i < count; i++) out[i] = source[i];
}

#undef GROUP
