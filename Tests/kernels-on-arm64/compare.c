// Compares what main.c printed: `compare functions reference other...`, where `functions` lists what
// must have been called. Prints how many functions agree, or where they don't, and then fails.

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_FUNCTIONS = 200, MOST_REPORTS = 20 };

typedef struct {
  char name[80], label[160];
  double bound;
  long count;
} Record;

static char functions[MOST_FUNCTIONS][80];
static int was_called[MOST_FUNCTIONS], function_count, differences;

_Noreturn static void fail(const char *what, const char *where) {
  fprintf(stderr, "%s: %s\n", what, where);
  exit(1);
}

static FILE *opened(const char *path) {
  FILE *file = fopen(path, "r");
  if (!file) fail("Can't be read", path);
  return file;
}

static void read_functions(const char *path) {
  FILE *file = opened(path);
  while (function_count < MOST_FUNCTIONS && fscanf(file, "%79s", functions[function_count]) == 1)
    function_count++;
  fclose(file);
}

static int read_record(FILE *file, Record *record) {
  return fscanf(file, "%79s %159s %lf %ld", record->name, record->label, &record->bound,
                &record->count) == 4 &&
         fgetc(file) == '\n';
}

static void mark_called(const char *name) {
  for (int i = 0; i < function_count; i++)
    if (!strcmp(functions[i], name)) was_called[i] = 1;
}

// The part of what is allowed that two values differ by.
static double difference(double a, double b, double bound) {
  if (isnan(a) || isnan(b)) return isnan(a) && isnan(b) ? 0 : INFINITY;
  if (a == b) return 0;
  return bound > 0 ? fabs(a - b) / bound : INFINITY;
}

// Returns the largest difference.
static double compare_values(FILE *reference, FILE *other, const Record *record, const char *set) {
  double largest = 0;
  for (long i = 0; i < record->count; i++) {
    double a, b;
    if (fread(&a, sizeof a, 1, reference) != 1 || fread(&b, sizeof b, 1, other) != 1)
      fail("The output ends within", record->name);
    const double part = difference(a, b, record->bound);
    if (part > largest) largest = part;
    if (part > 1 && differences++ < MOST_REPORTS)
      fprintf(stderr, "%s: %s (%s), value %ld is %.17g instead of %.17g, allowed +-%.2g\n", set,
              record->name, record->label, i, b, a, record->bound);
  }
  return largest;
}

static void compare(const char *reference_path, const char *path) {
  FILE *reference = opened(reference_path), *other = opened(path);
  char reference_set[80], set[80], worst[80] = "";
  if (fscanf(reference, "%79s", reference_set) != 1 || fscanf(other, "%79s", set) != 1)
    fail("Nothing was printed", path);
  Record a, b;
  long calls = 0, values = 0;
  double largest = 0;
  while (read_record(reference, &a)) {
    if (!read_record(other, &b)) fail("The output ends before", a.name);
    if (strcmp(a.name, b.name) || strcmp(a.label, b.label) || a.count != b.count)
      fail("The output is of another call", b.name);
    mark_called(a.name);
    const double part = compare_values(reference, other, &a, set);
    if (part > largest) {
      largest = part;
      strcpy(worst, a.name);
    }
    calls++;
    values += a.count;
  }
  if (read_record(other, &b)) fail("The output goes on with", b.name);
  fprintf(stderr, "%s beside %s: %ld calls, %ld values, at most %.2f of what rounding may leave (%s)\n",
          set, reference_set, calls, values, largest, worst);
  fclose(reference);
  fclose(other);
}

int main(int count, char **paths) {
  if (count < 4) fail("Usage", "compare functions reference other...");
  read_functions(paths[1]);
  for (int i = 3; i < count; i++) compare(paths[2], paths[i]);
  int missing = 0;
  for (int i = 0; i < function_count; i++)
    if (!was_called[i]) {
      fprintf(stderr, "No call of %s is compared.\n", functions[i]);
      missing++;
    }
  if (differences > 0) fprintf(stderr, "%d values differ.\n", differences);
  if (differences > 0 || missing > 0) return 1;
  printf("%d functions agree\n", function_count);
  return 0;
}
