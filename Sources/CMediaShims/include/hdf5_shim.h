#ifndef CONCORD_HDF5_SHIM_H
#define CONCORD_HDF5_SHIM_H

#include <stddef.h>
#include <stdint.h>

/* HDF5's constants are macros that call functions, which Swift cannot see. Identifiers are hid_t;
   a negative one is a failure. HDF5 as packaged is not thread-safe: callers hold a lock. */

typedef enum {
  CONCORD_HDF5_UINT8,
  CONCORD_HDF5_UINT16,
  CONCORD_HDF5_UINT32,
  CONCORD_HDF5_UINT64,
  CONCORD_HDF5_INT8,
  CONCORD_HDF5_INT16,
  CONCORD_HDF5_INT32,
  CONCORD_HDF5_INT64,
  CONCORD_HDF5_FLOAT32,
  CONCORD_HDF5_FLOAT64,
  CONCORD_HDF5_BOOL,
  CONCORD_HDF5_OTHER
} concord_hdf5_kind;

typedef struct {
  int rank;
  uint64_t extents[32];
  uint64_t stored_bytes;
  uint64_t chunk_bytes;
  concord_hdf5_kind kind;
  int half;
  int chunked;
  /* Whether the parts of the description fit one another. */
  int consistent;
  char type_name[40];
  char missing_filter[60];
} concord_hdf5_layout;

/* Keeps HDF5 from printing its error stack, and forgets the last message. */
void concord_hdf5_silence(void);

/* Opens for reading, without locking the file. */
int64_t concord_hdf5_open(const char *path);
int64_t concord_hdf5_open_dataset(int64_t file, const char *name);

/* Describes a dataset; 0 on failure. */
int concord_hdf5_describe(int64_t dataset, concord_hdf5_layout *layout);

/* Reads a box of a dataset into elements of its kind; 0 on failure. */
int concord_hdf5_read(
    int64_t dataset, const concord_hdf5_layout *layout, const uint64_t *start,
    const uint64_t *count, void *elements);

void concord_hdf5_close_dataset(int64_t dataset);
void concord_hdf5_close(int64_t file);

/* Lists the paths of datasets, one a line; the last line is "…" if some were left out. */
void concord_hdf5_list(int64_t file, char *text, size_t size);

/* What made the last call fail, as the innermost part of HDF5 describes it. */
void concord_hdf5_message(char *text, size_t size);

/* Writing, for tests and small files: groups on the way are made; chunk 0 means contiguous, a
   deflate level of -1 means none. NULL elements leave the dataset unwritten. */
int64_t concord_hdf5_create(const char *path);
int concord_hdf5_write(
    int64_t file, const char *name, concord_hdf5_kind kind, int rank,
    const uint64_t *extents, const uint64_t *chunk, int deflate, const void *elements);

#endif
