#include "harness.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

enum { MARK = 0xA5, MOST_ROOMS = 4096 };

typedef struct {
  unsigned char *base;
  size_t before, total;
} Room;

static Room rooms[MOST_ROOMS];
static int room_count;

void *room(size_t bytes) {
  const size_t page = (size_t)sysconf(_SC_PAGESIZE);
  const size_t inside = (bytes + 64 + page - 1) / page * page;
  unsigned char *base =
      mmap(NULL, inside + page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (base == MAP_FAILED || room_count == MOST_ROOMS ||
      mprotect(base + inside, page, PROT_NONE) != 0) {
    fprintf(stderr, "No memory left.\n");
    exit(1);
  }
  memset(base, MARK, inside - bytes);
  memset(base + inside - bytes, 0xFF, bytes);
  rooms[room_count++] = (Room){base, inside - bytes, inside + page};
  return base + inside - bytes;
}

void leave_rooms(void) {
  for (int i = 0; i < room_count; i++) {
    for (size_t k = 0; k < rooms[i].before; k++)
      if (rooms[i].base[k] != MARK) {
        fprintf(stderr, "Something was written before the memory of a call.\n");
        fflush(stdout);
        exit(1);
      }
    munmap(rooms[i].base, rooms[i].total);
  }
  room_count = 0;
}

double uniform(void) {
  static uint64_t state = 20;
  uint64_t z = state += 0x9E3779B97F4A7C15u;
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
  z ^= z >> 31;
  return ((double)(z >> 41) - 0x1p22) * 0x1p-22;
}

void record(const char *function, double bound, ptrdiff_t count, const ptrdiff_t *label,
            int label_count) {
  printf("%s ", function);
  for (int i = 0; i < label_count; i++) printf(i > 0 ? ",%td" : "%td", label[i]);
  printf(" %.17g %td\n", bound, count);
}

void value(double x) { fwrite(&x, sizeof x, 1, stdout); }
