import numpy

import threadpoolctl

from problems import methods
from rows import standardized
from spectral import add_methods, smooth

METHODS, method = methods()


def version():
    return f"NumPy {numpy.__version__}"


def set_threads(threads):
    """NumPy's transforms and np.convolve use one thread; its matrix products are OpenBLAS's."""
    threadpoolctl.threadpool_limits(threads)


@method("convolve", lambda p: (p.is_dense and p.axes == 1 and p.products < 2e10
                               and (p.boundary == "zero" or p.mode == "full")), threaded=False)
def convolve(p, image, other, threads):
    kernel = numpy.ascontiguousarray(p.weights(other)[::-1])
    return lambda: numpy.convolve(image, kernel, p.mode)


@method("standardized product", lambda p: p.compares_rows)
def standardized_product(p, image, other, threads):
    if p.operation == "own-row-pearson":
        def run():
            rows = standardized(image)
            return rows @ rows.T
        return run
    return lambda: standardized(image) @ standardized(other).T


@method("corrcoef", lambda p: p.compares_rows)
def corrcoef(p, image, other, threads):
    if p.operation == "own-row-pearson":
        return lambda: numpy.corrcoef(image, dtype=p.dtype)
    count = len(image)
    return lambda: numpy.corrcoef(image, other, dtype=p.dtype)[:count, count:]


class Transforms:
    @staticmethod
    def fast(n):
        return smooth(n, primes=(2, 3, 5, 7, 11), step=1)

    def __init__(self, lengths, dtype, threads):
        self.lengths = lengths
        self.axes = tuple(range(len(lengths)))
        self.buffer = numpy.zeros(lengths, dtype)

    def forward(self):
        self.spectrum = numpy.fft.rfftn(self.buffer, axes=self.axes)
        return self.spectrum

    def backward(self):
        return numpy.fft.irfftn(self.spectrum, self.lengths, axes=self.axes)


add_methods(method, Transforms, None, "fft ", threaded=False)
