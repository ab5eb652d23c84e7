// FFTW's single (fftwf_) and double (fftw_) interfaces, with the threads library.
#include <fftw3.h>
