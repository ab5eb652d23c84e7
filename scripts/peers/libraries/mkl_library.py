# MKL exports FFTW's names: nothing else that calls FFTW may be loaded here.
import ctypes
import importlib.metadata

import mkl_fft
import numpy

from problems import methods
from spectral import add_methods, match, smooth

METHODS, method = methods()
RUNTIME = ctypes.CDLL("libmkl_rt.so.3")


def version():
    return f"mkl_fft {mkl_fft.__version__}, MKL {importlib.metadata.version('mkl')}"


def set_threads(threads):
    RUNTIME.MKL_Set_Num_Threads(threads)


def arrays(shape, dtype):
    """A buffer, its half spectrum and the buffer that comes back."""
    spectrum = numpy.zeros(
        shape[:-1] + (shape[-1] // 2 + 1,), numpy.result_type(dtype, numpy.complex64))
    return numpy.zeros(shape, dtype), spectrum, numpy.zeros(shape, dtype)


class Transforms:
    @staticmethod
    def fast(n):
        # Odd lengths, and many with 11 or 13, take two and three times as long.
        return smooth(n, primes=(2, 3, 5, 7), step=4)

    def __init__(self, lengths, dtype, threads):
        self.lengths = lengths
        self.axes = tuple(range(len(lengths)))
        self.buffer, self.spectrum, self.out = arrays(lengths, dtype)

    def forward(self):
        return mkl_fft.rfftn(self.buffer, axes=self.axes, out=self.spectrum)

    def backward(self):
        return mkl_fft.irfftn(self.spectrum, s=self.lengths, axes=self.axes, out=self.out)


class Batch:
    def __init__(self, rows, length, dtype, threads):
        self.length = length
        self.buffer, self.spectrum, self.out = arrays((rows, length), dtype)

    def forward(self):
        return mkl_fft.rfft(self.buffer, axis=1, out=self.spectrum)

    def backward(self):
        return mkl_fft.irfft(self.spectrum, self.length, axis=1, out=self.out)


add_methods(method, Transforms, Batch)
method("whole, box sums", lambda p: p.operation == "match")(
    lambda p, image, other, threads: match(p, image, other, threads, Transforms))
