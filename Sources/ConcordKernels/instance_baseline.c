// Baseline x86-64 (SSE2), or NEON on 64-bit Arm: what every processor of its kind has.
#define ISA baseline
#define VECTOR_BYTES 16
#define BLOCK_VECTORS 2
#include "templates/instance.h"
