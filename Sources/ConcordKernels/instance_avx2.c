// AVX2 and FMA: 16 registers of 32 bytes.
#if defined(__x86_64__)
#include <stddef.h>
#include <string.h>

#include "ConcordKernels.h"

#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)
#define ISA avx2
#define VECTOR_BYTES 32
#define BLOCK_VECTORS 2
#include "templates/instance.h"
#pragma clang attribute pop
#else
typedef int concord_no_avx2;
#endif
