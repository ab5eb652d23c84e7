// Coefficients of windows from sums of products and the sums of the windows. Needs T, NAME, ISA_NAME, V,
// WIDE and window_rows.h.

typedef T NAME(score_slice) __attribute__((vector_size(WIDE * sizeof(T)), aligned(sizeof(T))));

// The coefficients of WIDE windows; whether each may be spoilt by rounding.
INLINE V NAME(coefficients)(const concord_contrast *rule, V sum, V squares, V products,
                            ISA_NAME(mask) *spoilt) {
  const V product = products * rule->unit + rule->added - sum * rule->residue;
  const V mean = sum * rule->inverse_count;
  const V energy = squares - sum * mean, level = mean + rule->shift;
  const V power = level * level * rule->count;
  const ISA_NAME(mask) finite = squares - squares == 0;
  const ISA_NAME(mask) contrast =
      (energy > power * rule->floor) & (energy > squares * (32 * 0x1p-52));
  V value = product / (__builtin_elementwise_sqrt(energy) * rule->norm);
  value = ISA_NAME(select)(value > 1, (V){0} + 1, value);
  value = ISA_NAME(select)(value < -1, (V){0} - 1, value);
  const V error = (squares * rule->share + rule->source) * rule->error;
  const ISA_NAME(mask) certain = (product - product == 0) &
                                 (squares * (8 * 0x1p-52) <= energy * rule->tolerance) &
                                 (error <= energy * (rule->tolerance * rule->tolerance));
  *spoilt = finite & contrast & ~certain;
  value = ISA_NAME(select)(contrast, value, (V){0} + rule->flat);
  return ISA_NAME(select)(finite, value, (V){0} + __builtin_nan(""));
}

ptrdiff_t NAME(contrast_scores)(const concord_contrast *rule, const double *sums,
                                const double *squares, ptrdiff_t count, T *scores,
                                int32_t *spoilt) {
  ptrdiff_t found = 0;
  for (ptrdiff_t i = 0; i < count; i += WIDE) {
    const ptrdiff_t live = count - i < WIDE ? count - i : WIDE;
    V sum = {0}, square = {0};
    NAME(score_slice) slice = {0};
    if (live == WIDE) {
      sum = *(const V *)(sums + i), square = *(const V *)(squares + i);
      slice = *(const NAME(score_slice) *)(scores + i);
    } else {
      memcpy(&sum, sums + i, (size_t)live * sizeof(double));
      memcpy(&square, squares + i, (size_t)live * sizeof(double));
      memcpy(&slice, scores + i, (size_t)live * sizeof(T));
    }
    ISA_NAME(mask) mask;
    const V values =
        NAME(coefficients)(rule, sum, square, __builtin_convertvector(slice, V), &mask);
    slice = __builtin_convertvector(values, NAME(score_slice));
    if (live == WIDE)
      *(NAME(score_slice) *)(scores + i) = slice;
    else
      memcpy(scores + i, &slice, (size_t)live * sizeof(T));
    if (__builtin_reduce_or(mask))
      for (ptrdiff_t l = 0; l < live; l++)
        if (mask[l]) spoilt[found++] = (int32_t)(i + l);
  }
  return found;
}
