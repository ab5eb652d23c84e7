// Calls every kernel with seeded numbers and prints what came of it, for compare.c.

#include <stdio.h>

#include "harness.h"

#define JOIN_(a, b) a##_##b
#define JOIN(a, b) JOIN_(a, b)
#define NAME(x) JOIN(x, S)
#define CALL_(x, suffix) concord_##x##_##suffix
#define CALL__(x, suffix) CALL_(x, suffix)
#define CALL(x) CALL__(x, S)

#define T float
#define S f32
#define EPSILON ((double)FLT_EPSILON)
#define AXIS concord_axis_f32
#define TILE concord_transform_f32
#include "sums.h"
#include "rows.h"
#include "transforms.h"
#include "windows.h"
#undef LINE
#undef T
#undef S
#undef EPSILON
#undef AXIS
#undef TILE

#define T double
#define S f64
#define EPSILON DBL_EPSILON
#define AXIS concord_axis_f64
#define TILE concord_transform_f64
#include "sums.h"
#include "rows.h"
#include "transforms.h"
#include "windows.h"

static void call_boundaries(void) {
  for (int rule = CONCORD_CONSTANT; rule <= CONCORD_WRAP; rule++)
    for (ptrdiff_t extent = 1; extent < 9; extent++) {
      record("concord_boundary_index", 0, 61, NUMBERS(rule, extent), 2);
      for (ptrdiff_t i = -30; i <= 30; i++) value((double)concord_boundary_index(i, extent, rule));
    }
}

int main(void) {
  printf("%s\n", concord_instruction_set());
  call_boundaries();
  call_sums_f32();
  call_rows_f32();
  call_transforms_f32();
  call_windows_f32();
  call_sums_f64();
  call_rows_f64();
  call_transforms_f64();
  call_windows_f64();
  return 0;
}
