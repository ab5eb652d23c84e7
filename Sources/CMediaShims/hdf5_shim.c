#include "hdf5_internal.h"

#include <stdio.h>
#include <string.h>

enum { most_listed = 40, most_visited = 4000, most_levels = 8 };

/* Every call of HDF5 clears the error stack: its message is kept before anything is closed. */
static char message[200];

static herr_t keep_first(unsigned index, const H5E_error2_t *error, void *unused) {
  (void)unused;
  if (index == 0 && error->desc != NULL) {
    snprintf(message, sizeof message, "%s", error->desc);
  }
  return 0;
}

void concord_hdf5_keep_message(void) {
  message[0] = 0;
  H5Ewalk2(H5E_DEFAULT, H5E_WALK_UPWARD, keep_first, NULL);
}

void concord_hdf5_message(char *text, size_t size) { snprintf(text, size, "%s", message); }

void concord_hdf5_silence(void) {
  H5Eset_auto2(H5E_DEFAULT, NULL, NULL);
  message[0] = 0;
}

hid_t concord_hdf5_native(concord_hdf5_kind kind) {
  switch (kind) {
    case CONCORD_HDF5_UINT8: return H5T_NATIVE_UINT8;
    case CONCORD_HDF5_UINT16: return H5T_NATIVE_UINT16;
    case CONCORD_HDF5_UINT32: return H5T_NATIVE_UINT32;
    case CONCORD_HDF5_UINT64: return H5T_NATIVE_UINT64;
    case CONCORD_HDF5_INT8: return H5T_NATIVE_INT8;
    case CONCORD_HDF5_INT16: return H5T_NATIVE_INT16;
    case CONCORD_HDF5_INT32: return H5T_NATIVE_INT32;
    case CONCORD_HDF5_INT64: return H5T_NATIVE_INT64;
    case CONCORD_HDF5_FLOAT32: return H5T_NATIVE_FLOAT;
    case CONCORD_HDF5_FLOAT64: return H5T_NATIVE_DOUBLE;
    case CONCORD_HDF5_BOOL: return H5T_NATIVE_INT8;
    case CONCORD_HDF5_OTHER: break;
  }
  return -1;
}

int64_t concord_hdf5_open(const char *path) {
  hid_t access = H5Pcreate(H5P_FILE_ACCESS);
  if (access < 0) {
    return -1;
  }
  H5Pset_file_locking(access, 0, 1);
  hid_t file = H5Fopen(path, H5F_ACC_RDONLY, access);
  if (file < 0) concord_hdf5_keep_message();
  H5Pclose(access);
  return file;
}

int64_t concord_hdf5_open_dataset(int64_t file, const char *name) {
  hid_t dataset = H5Dopen2(file, name, H5P_DEFAULT);
  if (dataset < 0) concord_hdf5_keep_message();
  return dataset;
}

static concord_hdf5_kind integer_kind(size_t bytes, int is_signed) {
  switch (bytes) {
    case 1: return is_signed ? CONCORD_HDF5_INT8 : CONCORD_HDF5_UINT8;
    case 2: return is_signed ? CONCORD_HDF5_INT16 : CONCORD_HDF5_UINT16;
    case 4: return is_signed ? CONCORD_HDF5_INT32 : CONCORD_HDF5_UINT32;
    case 8: return is_signed ? CONCORD_HDF5_INT64 : CONCORD_HDF5_UINT64;
    default: return CONCORD_HDF5_OTHER;
  }
}

static void describe_type(hid_t type, concord_hdf5_layout *layout) {
  static const char *const names[] = {"integer", "float",   "time",      "string", "bit field",
                                      "opaque",  "compound", "reference", "enum",   "variable length",
                                      "array"};
  H5T_class_t class = H5Tget_class(type);
  size_t bytes = H5Tget_size(type);
  const char *name = class >= 0 && class < 11 ? names[class] : "unknown";
  snprintf(
      layout->type_name, sizeof layout->type_name, "%s of %zu bytes", name, bytes);
  layout->kind = CONCORD_HDF5_OTHER;
  if (class == H5T_INTEGER) {
    layout->kind = integer_kind(bytes, H5Tget_sign(type) == H5T_SGN_2);
  } else if (class == H5T_FLOAT && bytes <= 4) {
    layout->kind = CONCORD_HDF5_FLOAT32;
    layout->half = bytes == 2;
  } else if (class == H5T_FLOAT && bytes == 8) {
    layout->kind = CONCORD_HDF5_FLOAT64;
  } else if (class == H5T_ENUM && bytes == 1 && H5Tget_nmembers(type) == 2) {
    /* h5py stores Bool as an enumeration of FALSE and TRUE. */
    layout->kind = CONCORD_HDF5_BOOL;
  }
}

/* Names the first filter that this HDF5 cannot undo; empty if there is none. */
static void find_missing_filter(hid_t creation, concord_hdf5_layout *layout) {
  int filters = H5Pget_nfilters(creation);
  for (int index = 0; index < filters; index++) {
    unsigned flags, settings;
    size_t values = 0;
    char name[40] = "";
    H5Z_filter_t filter = H5Pget_filter2(
        creation, (unsigned)index, &flags, &values, NULL, sizeof name, name, &settings);
    if (filter >= 0 && H5Zfilter_avail(filter) <= 0) {
      snprintf(
          layout->missing_filter, sizeof layout->missing_filter, "%d %s", (int)filter, name);
      return;
    }
  }
}

/* Older versions of HDF5 run into wrong memory where these parts of a damaged file disagree. */
static void describe_storage(hid_t creation, size_t element_bytes, concord_hdf5_layout *layout) {
  H5D_layout_t kind = H5Pget_layout(creation);
  uint64_t bytes = element_bytes;
  layout->consistent = element_bytes > 0;
  for (int axis = 0; axis < layout->rank; axis++) {
    if (__builtin_mul_overflow(bytes, layout->extents[axis], &bytes)) {
      layout->consistent = 0;
    }
  }
  layout->chunked = kind == H5D_CHUNKED;
  if (kind == H5D_COMPACT) {
    layout->consistent = layout->consistent && layout->stored_bytes == bytes;
  } else if (kind == H5D_CONTIGUOUS) {
    int is_empty = layout->stored_bytes == 0;
    layout->consistent = layout->consistent && (is_empty || layout->stored_bytes >= bytes);
  } else if (kind == H5D_CHUNKED) {
    hsize_t chunk[32] = {0};
    int axes = H5Pget_chunk(creation, 32, chunk);
    layout->consistent = layout->consistent && axes == layout->rank && axes > 0;
    layout->chunk_bytes = element_bytes;
    for (int axis = 0; axis < axes && axis < 32; axis++) {
      if (chunk[axis] == 0 ||
          __builtin_mul_overflow(layout->chunk_bytes, chunk[axis], &layout->chunk_bytes)) {
        layout->consistent = 0;
      }
    }
  }
}

int concord_hdf5_describe(int64_t dataset, concord_hdf5_layout *layout) {
  memset(layout, 0, sizeof *layout);
  hid_t space = H5Dget_space(dataset);
  hid_t type = H5Dget_type(dataset);
  hid_t creation = H5Dget_create_plist(dataset);
  int done = space >= 0 && type >= 0 && creation >= 0;
  if (done) {
    hsize_t extents[32] = {0};
    layout->rank = H5Sget_simple_extent_ndims(space);
    done = layout->rank >= 0 && layout->rank <= 32 && H5Sget_simple_extent_type(space) != H5S_NULL;
    done = done && H5Sget_simple_extent_dims(space, extents, NULL) >= 0;
    for (int axis = 0; done && axis < layout->rank; axis++) {
      layout->extents[axis] = extents[axis];
    }
  }
  if (done) {
    describe_type(type, layout);
    layout->stored_bytes = H5Dget_storage_size(dataset);
    find_missing_filter(creation, layout);
    describe_storage(creation, H5Tget_size(type), layout);
  }
  if (!done) concord_hdf5_keep_message();
  if (creation >= 0) H5Pclose(creation);
  if (type >= 0) H5Tclose(type);
  if (space >= 0) H5Sclose(space);
  return done;
}

int concord_hdf5_read(
    int64_t dataset, const concord_hdf5_layout *layout, const uint64_t *start,
    const uint64_t *count, void *elements) {
  hid_t memory_type = concord_hdf5_native(layout->kind);
  hid_t own_type = -1;
  if (layout->kind == CONCORD_HDF5_BOOL) {
    hid_t stored = H5Dget_type(dataset);
    own_type = H5Tget_native_type(stored, H5T_DIR_DEFAULT);
    memory_type = own_type;
    H5Tclose(stored);
  }
  hid_t space = H5Dget_space(dataset);
  hid_t memory = H5S_ALL;
  int done = space >= 0 && memory_type >= 0;
  if (done && layout->rank > 0) {
    hsize_t first[32], extent[32];
    for (int axis = 0; axis < layout->rank; axis++) {
      first[axis] = start[axis];
      extent[axis] = count[axis];
    }
    memory = H5Screate_simple(layout->rank, extent, NULL);
    done = memory >= 0 &&
           H5Sselect_hyperslab(space, H5S_SELECT_SET, first, NULL, extent, NULL) >= 0;
  }
  done = done && H5Dread(dataset, memory_type, memory, space, H5P_DEFAULT, elements) >= 0;
  if (!done) concord_hdf5_keep_message();
  if (memory > 0 && memory != H5S_ALL) H5Sclose(memory);
  if (space >= 0) H5Sclose(space);
  if (own_type >= 0) H5Tclose(own_type);
  return done;
}

void concord_hdf5_close_dataset(int64_t dataset) { H5Dclose(dataset); }
void concord_hdf5_close(int64_t file) { H5Fclose(file); }

typedef struct {
  char *text;
  size_t size;
  size_t used;
  int listed;
  int visited;
} listing;

static void append(listing *list, const char *line) {
  int more = snprintf(list->text + list->used, list->size - list->used, "%s\n", line);
  if (more > 0 && (size_t)more < list->size - list->used) {
    list->used += (size_t)more;
  } else {
    list->text[list->used] = 0;
    list->visited = most_visited;
  }
}

/* Links may form cycles: levels and visits are limited. */
static void visit(hid_t group, const char *prefix, int level, listing *list) {
  H5G_info_t info;
  if (level > most_levels || H5Gget_info(group, &info) < 0) {
    return;
  }
  for (hsize_t index = 0; index < info.nlinks && list->visited < most_visited; index++) {
    char name[256], path[1024];
    list->visited++;
    ssize_t length = H5Lget_name_by_idx(
        group, ".", H5_INDEX_NAME, H5_ITER_INC, index, name, sizeof name, H5P_DEFAULT);
    if (length <= 0 || (size_t)length >= sizeof name ||
        snprintf(path, sizeof path, "%s/%s", prefix, name) >= (int)sizeof path) {
      continue;
    }
    hid_t object = H5Oopen(group, name, H5P_DEFAULT);
    if (object < 0) {
      continue;
    }
    H5I_type_t type = H5Iget_type(object);
    if (type == H5I_DATASET && list->listed < most_listed) {
      list->listed++;
      append(list, path);
    } else if (type == H5I_DATASET) {
      append(list, "…");
      list->visited = most_visited;
    } else if (type == H5I_GROUP) {
      visit(object, path, level + 1, list);
    }
    H5Oclose(object);
  }
}

void concord_hdf5_list(int64_t file, char *text, size_t size) {
  listing list = {text, size, 0, 0, 0};
  text[0] = 0;
  hid_t root = H5Gopen2(file, "/", H5P_DEFAULT);
  if (root >= 0) {
    visit(root, "", 0, &list);
    H5Gclose(root);
  }
}
