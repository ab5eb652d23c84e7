// Builds every templated kernel for float and double with the instruction set ISA, whose vectors
// have VECTOR_BYTES bytes and whose register file holds BLOCK_VECTORS vectors beside a block row.

#include <stddef.h>
#include <string.h>

#include "ConcordKernels.h"

#define JOIN3_(a, b, c) concord_##a##_##b##_##c
#define JOIN3(a, b, c) JOIN3_(a, b, c)
#define NAME(x) JOIN3(x, S, ISA)
#define VECTORS BLOCK_VECTORS

#define JOIN2_(a, b) concord_##a##_##b
#define JOIN2(a, b) JOIN2_(a, b)
#define ISA_NAME(x) JOIN2(x, ISA)
#define WIDE (VECTOR_BYTES / 8)
#include "window_squares.h"
#include "window_rows.h"
#include "window_lines.h"
#undef INLINE
#undef V

#define T float
#define S f32
#define LANES (VECTOR_BYTES / 4)
#define PAIRS 8
#define MEDIAN concord_median_f32
#define AXIS concord_axis_f32
#define TILE concord_transform_f32
typedef float NAME(vector) __attribute__((vector_size(VECTOR_BYTES), aligned(4)));
#include "correlate_tile.h"
#include "separable.h"
#include "multirate.h"
#include "spectra.h"
#include "coefficients.h"
#include "transpose.h"
#include "median.h"
#include "peak.h"
#include "window_extremes.h"
#include "butterflies.h"
#include "lane_transform.h"
#include "turn.h"
#include "tile_filter.h"
#include "shared_tiles.h"
#define V ISA_NAME(wide)
#define INLINE static inline __attribute__((always_inline))
#define GATHER JOIN2(gather_row, S)
#include "window_columns.h"
#include "window_tile.h"
#undef GATHER
#undef V
#undef INLINE
#undef T
#undef S
#undef LANES
#undef PAIRS
#undef MEDIAN
#undef AXIS
#undef TILE

#define T double
#define S f64
#define LANES (VECTOR_BYTES / 8)
#define PAIRS 4
#define MEDIAN concord_median_f64
#define AXIS concord_axis_f64
#define TILE concord_transform_f64
typedef double NAME(vector) __attribute__((vector_size(VECTOR_BYTES), aligned(8)));
#include "correlate_tile.h"
#include "separable.h"
#include "multirate.h"
#include "spectra.h"
#include "coefficients.h"
#include "transpose.h"
#include "median.h"
#include "peak.h"
#include "window_extremes.h"
#include "butterflies.h"
#include "lane_transform.h"
#include "turn.h"
#include "tile_filter.h"
#include "shared_tiles.h"
#define V ISA_NAME(wide)
#define INLINE static inline __attribute__((always_inline))
#define GATHER JOIN2(gather_row, S)
#include "window_columns.h"
#include "window_tile.h"
#undef GATHER
#undef V
#undef INLINE
#undef T
#undef S
#undef LANES
#undef PAIRS
#undef MEDIAN
#undef AXIS
#undef TILE

#undef WIDE
#undef ISA_NAME
#undef JOIN2
#undef JOIN2_
#undef UNROLL
#undef SLICE
#undef SHUFFLE
#undef LINE_VECTORS
#undef LINE_WINDOW
#undef LINE_LEVELS
#undef ISA
#undef VECTOR_BYTES
#undef BLOCK_VECTORS
#undef VECTORS
