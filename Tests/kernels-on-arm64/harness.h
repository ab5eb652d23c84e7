// What the calls of all kernels share: memory whose neighbourhood is watched, seeded numbers, and
// records of results that can be compared between machines.

#ifndef KERNELS_HARNESS_H
#define KERNELS_HARNESS_H

#include <float.h>
#include <math.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "ConcordKernels.h"

#define COUNT_OF(list) (sizeof(list) / sizeof((list)[0]))
#define PI 3.14159265358979323846

// Memory that ends where a page begins that nobody may touch, filled with NaN. So it starts at a
// multiple of 64 bytes if it has a multiple of 64 bytes.
void *room(size_t bytes);
// Gives all of it back. Ends the program if something was written before any of it.
void leave_rooms(void);

// From -1 to 1, by steps that float holds exactly: the same sequence everywhere.
double uniform(void);

// Begins the record of a call of `function`: a line of text with a label made of numbers, and by how
// much each of the `count` values may differ that follow as they are in memory.
void record(const char *function, double bound, ptrdiff_t count, const ptrdiff_t *label,
            int label_count);
void value(double x);

#define TEXT_(x) #x
#define TEXT(x) TEXT_(x)
#define NUMBERS(...) (const ptrdiff_t[]){__VA_ARGS__}
#define RECORD(FUNCTION, BOUND, COUNT, ...)                                      \
  record("concord_" #FUNCTION "_" TEXT(S), BOUND, COUNT, NUMBERS(__VA_ARGS__),   \
         (int)(sizeof(NUMBERS(__VA_ARGS__)) / sizeof(ptrdiff_t)))

static inline ptrdiff_t rounded_up(ptrdiff_t count, ptrdiff_t step) {
  return (count + step - 1) / step * step;
}

#endif
