// Squares of values in registers: turned, so that rows become lanes, and summed over windows, so that
// neighbouring windows share what they share. Needs ISA_NAME and WIDE, the doubles of a vector.
//
// LANES windows of w elements that follow each other have a core of w - LANES + 1 elements in common.
// Half of them also have the LANES / 2 elements before the core, the other half those after it, and so
// on with halves of halves: some 22 additions for 8 windows, three of them one after the other.

#define INLINE static inline __attribute__((always_inline))
#define UNROLL _Pragma("clang loop unroll(full)")
#define V ISA_NAME(wide)
#define SLICE ISA_NAME(narrow)
#define SHUFFLE __builtin_shufflevector

typedef double V __attribute__((vector_size(WIDE * 8), aligned(8)));
typedef float SLICE __attribute__((vector_size(WIDE * 4), aligned(4)));
typedef float ISA_NAME(line) __attribute__((vector_size(WIDE * 8), aligned(4)));

// Neighbours are paired first, as that has an instruction of its own on every processor.
#if WIDE == 8
INLINE void ISA_NAME(turn_wide)(V *r) {
  V s[8], t[8];
  UNROLL for (int i = 0; i < 8; i += 2) {
    s[i] = SHUFFLE(r[i], r[i + 1], 0, 8, 2, 10, 4, 12, 6, 14);
    s[i + 1] = SHUFFLE(r[i], r[i + 1], 1, 9, 3, 11, 5, 13, 7, 15);
  }
  UNROLL for (int i = 0; i < 8; i += 4)
    UNROLL for (int o = 0; o < 2; o++) {
      t[i + o] = SHUFFLE(s[i + o], s[i + 2 + o], 0, 1, 2, 3, 8, 9, 10, 11);
      t[i + 2 + o] = SHUFFLE(s[i + o], s[i + 2 + o], 4, 5, 6, 7, 12, 13, 14, 15);
    }
  UNROLL for (int i = 0; i < 4; i += 2)
    UNROLL for (int o = 0; o < 2; o++) {
      r[2 * i + o] = SHUFFLE(t[i + o], t[i + 4 + o], 0, 1, 4, 5, 8, 9, 12, 13);
      r[2 * i + 2 + o] = SHUFFLE(t[i + o], t[i + 4 + o], 2, 3, 6, 7, 10, 11, 14, 15);
    }
}

INLINE void ISA_NAME(turn_narrow)(SLICE *r) {
  SLICE s[8], t[8];
  UNROLL for (int i = 0; i < 8; i += 2) {
    s[i] = SHUFFLE(r[i], r[i + 1], 0, 8, 1, 9, 4, 12, 5, 13);
    s[i + 1] = SHUFFLE(r[i], r[i + 1], 2, 10, 3, 11, 6, 14, 7, 15);
  }
  UNROLL for (int i = 0; i < 8; i += 4)
    UNROLL for (int o = 0; o < 2; o++) {
      t[i + 2 * o] = SHUFFLE(s[i + o], s[i + 2 + o], 0, 1, 8, 9, 4, 5, 12, 13);
      t[i + 2 * o + 1] = SHUFFLE(s[i + o], s[i + 2 + o], 2, 3, 10, 11, 6, 7, 14, 15);
    }
  UNROLL for (int i = 0; i < 4; i++) {
    r[i] = SHUFFLE(t[i], t[i + 4], 0, 1, 2, 3, 8, 9, 10, 11);
    r[i + 4] = SHUFFLE(t[i], t[i + 4], 4, 5, 6, 7, 12, 13, 14, 15);
  }
}
#elif WIDE == 4
INLINE void ISA_NAME(turn_wide)(V *r) {
  V s[4];
  UNROLL for (int i = 0; i < 4; i += 2) {
    s[i] = SHUFFLE(r[i], r[i + 1], 0, 4, 2, 6);
    s[i + 1] = SHUFFLE(r[i], r[i + 1], 1, 5, 3, 7);
  }
  UNROLL for (int o = 0; o < 2; o++) {
    r[o] = SHUFFLE(s[o], s[2 + o], 0, 1, 4, 5);
    r[2 + o] = SHUFFLE(s[o], s[2 + o], 2, 3, 6, 7);
  }
}

INLINE void ISA_NAME(turn_narrow)(SLICE *r) {
  SLICE s[4];
  UNROLL for (int i = 0; i < 4; i += 2) {
    s[i] = SHUFFLE(r[i], r[i + 1], 0, 4, 1, 5);
    s[i + 1] = SHUFFLE(r[i], r[i + 1], 2, 6, 3, 7);
  }
  UNROLL for (int o = 0; o < 2; o++) {
    r[2 * o] = SHUFFLE(s[o], s[2 + o], 0, 1, 4, 5);
    r[2 * o + 1] = SHUFFLE(s[o], s[2 + o], 2, 3, 6, 7);
  }
}
#else
INLINE void ISA_NAME(turn_wide)(V *r) {
  const V a = r[0], b = r[1];
  r[0] = SHUFFLE(a, b, 0, 2);
  r[1] = SHUFFLE(a, b, 1, 3);
}

INLINE void ISA_NAME(turn_narrow)(SLICE *r) {
  const SLICE a = r[0], b = r[1];
  r[0] = SHUFFLE(a, b, 0, 2);
  r[1] = SHUFFLE(a, b, 1, 3);
}
#endif

INLINE ISA_NAME(line) ISA_NAME(joined)(SLICE low, SLICE high) {
#if WIDE == 8
  return SHUFFLE(low, high, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
#elif WIDE == 4
  return SHUFFLE(low, high, 0, 1, 2, 3, 4, 5, 6, 7);
#else
  return SHUFFLE(low, high, 0, 1, 2, 3);
#endif
}

// The sums of n windows, a power of two. Before the core of the last window stand the n - 1 elements
// of `before`; after the core of the first, those of `after`.
INLINE void ISA_NAME(spread)(const int n, V core, const V *before, const V *after, V *sums) {
  // Sums of 1, 2, 4 … elements, aligned; `before` counts from 1, so that it is aligned as `after` is.
  V a[4][WIDE], b[4][WIDE];
  UNROLL for (int i = 0; i < n - 1; i++) a[0][i + 1] = before[i], b[0][i] = after[i];
  UNROLL for (int level = 1; level < 3; level++)
    UNROLL for (int i = 0; i + (1 << level) < n; i += 1 << level) {
      const int half = 1 << (level - 1), top = i + (1 << level);
      a[level][top] = a[level - 1][top] + a[level - 1][top + half];
      b[level][i] = b[level - 1][i] + b[level - 1][i + half];
    }
  sums[0] = core;
  UNROLL for (int level = 2; level >= 0; level--)
    UNROLL for (int i = 0; i + (1 << level) < n; i += 2 << level) {
      const V both = sums[i];
      sums[i] = both + a[level][i + (1 << level)];
      sums[i + (1 << level)] = both + b[level][i];
    }
}

// The sum of WIDE elements.
INLINE V ISA_NAME(total)(const V *x) {
  V s[WIDE];
  UNROLL for (int i = 0; i < WIDE; i++) s[i] = x[i];
  UNROLL for (int step = 1; step < WIDE; step *= 2)
    UNROLL for (int i = 0; i < WIDE; i += 2 * step) s[i] += s[i + step];
  return s[0];
}

// The sum of the last `count` of WIDE elements, fewer than WIDE and at least one.
INLINE V ISA_NAME(tail)(const V *x, ptrdiff_t count) {
#define LAST(N) (x[WIDE - N] + x[WIDE - N + 1])
  switch (count) {
    case 1: return x[WIDE - 1];
#if WIDE > 2
    case 2: return LAST(2);
    case 3: return x[WIDE - 3] + LAST(2);
#endif
#if WIDE > 4
    case 4: return LAST(4) + LAST(2);
    case 5: return x[WIDE - 5] + (LAST(4) + LAST(2));
    case 6: return LAST(6) + (LAST(4) + LAST(2));
    default: return (x[WIDE - 7] + LAST(6)) + (LAST(4) + LAST(2));
#endif
  }
#undef LAST
  return x[WIDE - 1];
}
