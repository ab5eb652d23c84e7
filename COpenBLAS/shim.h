// CBLAS as OpenBLAS provides it. A preloaded library with the same interface serves as well.
#include <cblas.h>
