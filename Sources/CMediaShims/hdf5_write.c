#include "hdf5_internal.h"

int64_t concord_hdf5_create(const char *path) {
  hid_t file = H5Fcreate(path, H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT);
  if (file < 0) concord_hdf5_keep_message();
  return file;
}

int concord_hdf5_write(
    int64_t file, const char *name, concord_hdf5_kind kind, int rank,
    const uint64_t *extents, const uint64_t *chunk, int deflate, const void *elements) {
  hsize_t shape[32], pieces[32];
  for (int axis = 0; axis < rank && axis < 32; axis++) {
    shape[axis] = extents[axis];
    pieces[axis] = chunk == NULL ? 0 : chunk[axis];
  }
  hid_t space = rank == 0 ? H5Screate(H5S_SCALAR) : H5Screate_simple(rank, shape, NULL);
  hid_t creation = H5Pcreate(H5P_DATASET_CREATE);
  hid_t links = H5Pcreate(H5P_LINK_CREATE);
  H5Pset_create_intermediate_group(links, 1);
  int done = space >= 0;
  if (chunk != NULL) {
    done = done && H5Pset_chunk(creation, rank, pieces) >= 0;
  }
  if (deflate >= 0) {
    done = done && H5Pset_deflate(creation, (unsigned)deflate) >= 0;
  }
  hid_t dataset = -1;
  if (done) {
    dataset = H5Dcreate2(file, name, concord_hdf5_native(kind), space, links, creation, H5P_DEFAULT);
  }
  done = dataset >= 0;
  if (done && elements != NULL) {
    done = H5Dwrite(dataset, concord_hdf5_native(kind), H5S_ALL, H5S_ALL, H5P_DEFAULT, elements) >= 0;
  }
  if (!done) concord_hdf5_keep_message();
  if (dataset >= 0) H5Dclose(dataset);
  H5Pclose(links);
  H5Pclose(creation);
  if (space >= 0) H5Sclose(space);
  return done;
}
