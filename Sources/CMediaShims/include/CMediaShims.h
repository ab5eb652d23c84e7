#ifndef CMEDIA_SHIMS_H
#define CMEDIA_SHIMS_H
#endif
