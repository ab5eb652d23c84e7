#ifndef CONCORD_HDF5_INTERNAL_H
#define CONCORD_HDF5_INTERNAL_H

#include "include/hdf5_shim.h"

#include <hdf5.h>

/* This machine's type for a kind of element; negative if there is none. */
hid_t concord_hdf5_native(concord_hdf5_kind kind);

/* Keeps the message of a failure: every further call of HDF5 clears its error stack. */
void concord_hdf5_keep_message(void);

#endif
