// AVX-512: 32 registers of 64 bytes.
#if defined(__x86_64__)
#include <stddef.h>
#include <string.h>

#include "ConcordKernels.h"

#pragma clang attribute push(__attribute__((target("avx512f,avx512dq,avx512vl,avx512bw,avx2,fma"))), apply_to = function)
#define ISA avx512
#define VECTOR_BYTES 64
#define BLOCK_VECTORS 3
#include "templates/instance.h"
#pragma clang attribute pop
#else
typedef int concord_no_avx512;
#endif
