// Transposes matrices of complex values. Needs T, S, NAME and PAIRS: how many complex values fill 64
// bytes. Blocks of PAIRS x PAIRS values are turned in registers, so that whole cache lines are read
// and written; values are moved as doubles, which never changes their bits.

typedef double NAME(line) __attribute__((vector_size(64), aligned(8)));

#define SHUFFLE __builtin_shufflevector
#define LOAD(i) (*(const NAME(line) *)(source + 2 * (i) * source_stride))
#define STORE(i) (*(NAME(line) *)(out + 2 * (i) * out_stride))

static inline __attribute__((always_inline)) void NAME(transpose_block)(
    const T *source, ptrdiff_t source_stride, T *out, ptrdiff_t out_stride) {
#if PAIRS == 8
  NAME(line) t[8], u[8];
  for (int i = 0; i < 8; i += 2) {
    const NAME(line) a = LOAD(i), b = LOAD(i + 1);
    t[i] = SHUFFLE(a, b, 0, 8, 2, 10, 4, 12, 6, 14);
    t[i + 1] = SHUFFLE(a, b, 1, 9, 3, 11, 5, 13, 7, 15);
  }
  for (int i = 0; i < 8; i += 4)
    for (int j = 0; j < 2; j++) {
      u[i + j] = SHUFFLE(t[i + j], t[i + j + 2], 0, 1, 8, 9, 4, 5, 12, 13);
      u[i + j + 2] = SHUFFLE(t[i + j], t[i + j + 2], 2, 3, 10, 11, 6, 7, 14, 15);
    }
  for (int i = 0; i < 4; i++) {
    STORE(i) = SHUFFLE(u[i], u[i + 4], 0, 1, 2, 3, 8, 9, 10, 11);
    STORE(i + 4) = SHUFFLE(u[i], u[i + 4], 4, 5, 6, 7, 12, 13, 14, 15);
  }
#else
  const NAME(line) r0 = LOAD(0), r1 = LOAD(1), r2 = LOAD(2), r3 = LOAD(3);
  const NAME(line) a0 = SHUFFLE(r0, r1, 0, 1, 8, 9, 4, 5, 12, 13);
  const NAME(line) a1 = SHUFFLE(r0, r1, 2, 3, 10, 11, 6, 7, 14, 15);
  const NAME(line) b0 = SHUFFLE(r2, r3, 0, 1, 8, 9, 4, 5, 12, 13);
  const NAME(line) b1 = SHUFFLE(r2, r3, 2, 3, 10, 11, 6, 7, 14, 15);
  STORE(0) = SHUFFLE(a0, b0, 0, 1, 2, 3, 8, 9, 10, 11);
  STORE(1) = SHUFFLE(a1, b1, 0, 1, 2, 3, 8, 9, 10, 11);
  STORE(2) = SHUFFLE(a0, b0, 4, 5, 6, 7, 12, 13, 14, 15);
  STORE(3) = SHUFFLE(a1, b1, 4, 5, 6, 7, 12, 13, 14, 15);
#endif
}

#undef LOAD
#undef STORE
#undef SHUFFLE

// The part first_row..<last_row, first_column..<last_column, value by value.
static void NAME(transpose_edge)(const T *source, ptrdiff_t source_stride, ptrdiff_t first_row,
                                 ptrdiff_t last_row, ptrdiff_t first_column, ptrdiff_t last_column,
                                 T *out, ptrdiff_t out_stride) {
  for (ptrdiff_t j = first_column; j < last_column; j++)
    for (ptrdiff_t i = first_row; i < last_row; i++) {
      out[2 * (j * out_stride + i)] = source[2 * (i * source_stride + j)];
      out[2 * (j * out_stride + i) + 1] = source[2 * (i * source_stride + j) + 1];
    }
}

void NAME(transpose_complex)(const T *source, ptrdiff_t source_stride, ptrdiff_t rows,
                             ptrdiff_t columns, T *out, ptrdiff_t out_stride) {
  const ptrdiff_t whole_rows = rows - rows % PAIRS, whole_columns = columns - columns % PAIRS;
  // The long side is the outer loop: what lies side by side is then moved together, and lines of
  // rows to come, each on a page of its own, are asked for ahead of time.
  if (rows >= columns) {
    for (ptrdiff_t r = 0; r < whole_rows; r += PAIRS) {
      if (r + 3 * PAIRS <= rows)
        for (ptrdiff_t i = r + 2 * PAIRS; i < r + 3 * PAIRS; i++)
          for (ptrdiff_t c = 0; c < columns; c += PAIRS)
            __builtin_prefetch(source + 2 * (i * source_stride + c));
      for (ptrdiff_t c = 0; c < whole_columns; c += PAIRS)
        NAME(transpose_block)(source + 2 * (r * source_stride + c), source_stride,
                              out + 2 * (c * out_stride + r), out_stride);
    }
  } else {
    for (ptrdiff_t c = 0; c < whole_columns; c += PAIRS)
      for (ptrdiff_t r = 0; r < whole_rows; r += PAIRS)
        NAME(transpose_block)(source + 2 * (r * source_stride + c), source_stride,
                              out + 2 * (c * out_stride + r), out_stride);
  }
  NAME(transpose_edge)(source, source_stride, whole_rows, rows, 0, columns, out, out_stride);
  NAME(transpose_edge)(source, source_stride, 0, whole_rows, whole_columns, columns, out,
                       out_stride);
}
