// As many multiply-adds as this processor can do at a time, on numbers that never leave the
// registers: what the other kernels are measured against.

enum { NAME(chains) = 12 };

// At least `count` multiply-adds; the mean, which goes to 1, keeps a compiler from leaving them out.
T NAME(multiply_adds)(ptrdiff_t count) {
  NAME(vector) sums[NAME(chains)];
  const NAME(vector) factor = {0};
  NAME(vector) near_one = factor + (T)0.999;
  NAME(vector) step = factor + (T)0.001;
  for (int chain = 0; chain < NAME(chains); chain++) sums[chain] = step * (T)chain;
  for (ptrdiff_t done = 0; done < count; done += NAME(chains) * LANES) {
#pragma clang loop unroll(full)
    for (int chain = 0; chain < NAME(chains); chain++)
      sums[chain] = sums[chain] * near_one + step;
  }
  T sum = 0;
  for (int chain = 0; chain < NAME(chains); chain++)
    for (int lane = 0; lane < LANES; lane++) sum += sums[chain][lane];
  return sum / (T)(NAME(chains) * LANES);
}
