#ifndef CMEDIA_SHIMS_H
#define CMEDIA_SHIMS_H

#include "png_shim.h"
#include "tiff_shim.h"
#include "hdf5_shim.h"

#endif
