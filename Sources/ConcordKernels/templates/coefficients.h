// Correlation coefficients of windows whose sums are known.

typedef double NAME(eight_sums) __attribute__((vector_size(64), aligned(8)));
typedef T NAME(eight) __attribute__((vector_size(8 * sizeof(T)), aligned(sizeof(T))));

// Eight elements from `i` on; of fewer that there are, the last one stands for the rest.
#define EIGHT(V, from)                                                           \
  V from##_8;                                                                    \
  if (i + 8 <= count)                                                            \
    from##_8 = *(const V *)(from + i);                                           \
  else                                                                           \
    for (int l = 0; l < 8; l++) from##_8[l] = from[i + l < count ? i + l : count - 1];

int NAME(coefficients)(const concord_coefficient_terms *terms, const double *restrict sums,
                       const double *restrict squares, ptrdiff_t count, T *restrict scores) {
  typedef long long bits __attribute__((vector_size(64)));
  const double inverse = terms->inverse_count;
  bits certain = {-1, -1, -1, -1, -1, -1, -1, -1};
  // x - x is 0 for a finite x and NaN otherwise; NaN survives the addition.
  NAME(eight) probe = {0};
  for (ptrdiff_t i = 0; i < count; i += 8) {
    EIGHT(NAME(eight_sums), sums)
    EIGHT(NAME(eight_sums), squares)
    EIGHT(NAME(eight), scores)
    const NAME(eight_sums) mean = sums_8 * inverse, energy = squares_8 - sums_8 * mean;
    const NAME(eight_sums) level = mean + terms->shift;
    // NaN is not at least anything.
    certain &= energy >= squares_8 * terms->least_share;
    certain &= energy >= level * level * terms->least_contrast;
    certain &= energy >= terms->least_energy;
    certain &= energy <= terms->most_energy;
    probe += scores_8 - scores_8;
  }
  for (int l = 0; l < 8; l++)
    if (!certain[l] || probe[l] != 0) return 0;
  for (ptrdiff_t i = 0; i < count; i += 8) {
    EIGHT(NAME(eight_sums), sums)
    EIGHT(NAME(eight_sums), squares)
    EIGHT(NAME(eight), scores)
    const NAME(eight_sums) energy = squares_8 - sums_8 * (sums_8 * inverse);
    const NAME(eight_sums) products =
        __builtin_convertvector(scores_8, NAME(eight_sums)) * terms->gain -
        sums_8 * terms->residue;
    const NAME(eight) root =
        __builtin_elementwise_sqrt(__builtin_convertvector(energy, NAME(eight)));
    NAME(eight) score = __builtin_convertvector(products, NAME(eight)) / root;
    const NAME(eight) one = (NAME(eight)){0} + 1;
    score = __builtin_elementwise_max(__builtin_elementwise_min(score, one), -one);
    if (i + 8 <= count)
      *(NAME(eight) *)(scores + i) = score;
    else
      for (int l = 0; i + l < count; l++) scores[i + l] = score[l];
  }
  return 1;
}

typedef __typeof__((NAME(eight)){0} > (NAME(eight)){0}) NAME(eight_bits);

// Elements of a where `which` is set, and of b elsewhere; no function, as its arguments would be vectors.
#define EITHER(which, a, b) \
  (NAME(eight))(((which) & (NAME(eight_bits))(a)) | (~(which) & (NAME(eight_bits))(b)))

void NAME(scale_by_contrasts)(const double *restrict sums, const double *restrict contrasts,
                              double gain, double residue, ptrdiff_t count, T *restrict scores) {
  const NAME(eight) one = (NAME(eight)){0} + 1;
  for (ptrdiff_t i = 0; i < count; i += 8) {
    EIGHT(NAME(eight_sums), sums)
    EIGHT(NAME(eight_sums), contrasts)
    EIGHT(NAME(eight), scores)
    const NAME(eight_sums) products =
        __builtin_convertvector(scores_8, NAME(eight_sums)) * gain - sums_8 * residue;
    NAME(eight) score = __builtin_convertvector(products * contrasts_8, NAME(eight));
    // NaN is to stay.
    score = EITHER(score > one, one, score);
    score = EITHER(score < -one, -one, score);
    if (i + 8 <= count)
      *(NAME(eight) *)(scores + i) = score;
    else
      for (int l = 0; i + l < count; l++) scores[i + l] = score[l];
  }
}

T NAME(take_best)(const T *restrict scores, T sign, int label, ptrdiff_t count, T *restrict best,
                  int *restrict labels) {
  typedef int numbers __attribute__((vector_size(32), aligned(4)));
  NAME(eight) top = (NAME(eight)){0} - (T)__builtin_inf();
  ptrdiff_t i = 0;
  for (; i + 8 <= count; i += 8) {
    const NAME(eight) score = *(const NAME(eight) *)(scores + i) * sign;
    NAME(eight) *const b = (NAME(eight) *)(best + i);
    numbers *const n = (numbers *)(labels + i);
    // NaN is better than nothing.
    const NAME(eight_bits) better = score > *b;
    const numbers which = __builtin_convertvector(better, numbers);
    *b = EITHER(better, score, *b);
    *n = (which & label) | (~which & *n);
    top = EITHER(score > top, score, top);
  }
  T most = top[0];
  for (int l = 1; l < 8; l++)
    if (top[l] > most) most = top[l];
  for (; i < count; i++) {
    const T score = scores[i] * sign;
    if (score > best[i]) {
      best[i] = score;
      labels[i] = label;
    }
    if (score > most) most = score;
  }
  return most;
}

#undef EIGHT
#undef EITHER
