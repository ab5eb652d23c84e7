# MKL exports FFTW's names: nothing else that calls FFTW may be loaded here.
import ctypes
import importlib.metadata

import mkl_fft
import numpy

from problems import methods
from rows import standardized
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


ROW_MAJOR, AS_IT_IS, TRANSPOSED, UPPER = 101, 111, 112, 121
PRODUCTS = {numpy.float32: ("cblas_sgemm", "cblas_ssyrk", ctypes.c_float),
            numpy.float64: ("cblas_dgemm", "cblas_dsyrk", ctypes.c_double)}


@method("standardized, gemm", lambda p: p.compares_rows)
def standardized_product(p, image, other, threads):
    name, _, number = PRODUCTS[p.dtype]
    multiply = getattr(RUNTIME, name)
    (m, n), k = p.output, p.image[1]
    out = numpy.empty(p.output, p.dtype)

    def run():
        first = standardized(image)
        second = first if p.operation == "own-row-pearson" else standardized(other)
        multiply(ROW_MAJOR, AS_IT_IS, TRANSPOSED, m, n, k, number(1), first.ctypes, k,
                 second.ctypes, k, number(0), out.ctypes, n)
        return out
    return run


@method("standardized, syrk", lambda p: p.operation == "own-row-pearson")
def standardized_square(p, image, other, threads):
    _, name, number = PRODUCTS[p.dtype]
    multiply = getattr(RUNTIME, name)
    n, k = p.image
    out = numpy.empty(p.output, p.dtype)

    def run():
        rows = standardized(image)
        multiply(ROW_MAJOR, UPPER, AS_IT_IS, n, k, number(1), rows.ctypes, k, number(0),
                 out.ctypes, n)
        for row in range(1, n):
            out[row, :row] = out[:row, row]
        return out
    return run


add_methods(method, Transforms, Batch)
method("whole, box sums", lambda p: p.operation == "match")(
    lambda p, image, other, threads: match(p, image, other, threads, Transforms))
