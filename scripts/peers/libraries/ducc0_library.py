import ducc0
import numpy

from problems import methods
from spectral import add_methods, match

METHODS, method = methods()


def version():
    return f"ducc0 {ducc0.__version__}"


def set_threads(threads):
    """Each call has its own number of threads."""


class Transforms:
    @staticmethod
    def fast(n):
        return ducc0.fft.good_size(n, True)

    def __init__(self, lengths, dtype, threads, axes=None):
        self.axes = axes or tuple(range(len(lengths)))
        self.last = lengths[-1]
        self.threads = threads
        halved = lengths[:-1] + (lengths[-1] // 2 + 1,)
        self.buffer = numpy.zeros(lengths, dtype)
        self.spectrum = numpy.zeros(halved, numpy.result_type(dtype, numpy.complex64))
        self.out = numpy.zeros(lengths, dtype)

    def forward(self):
        return ducc0.fft.r2c(
            self.buffer, axes=self.axes, out=self.spectrum, nthreads=self.threads)

    def backward(self):
        return ducc0.fft.c2r(
            self.spectrum, axes=self.axes, lastsize=self.last, forward=False, inorm=2,
            out=self.out, nthreads=self.threads, allow_overwriting_input=True)


class Batch(Transforms):
    def __init__(self, rows, length, dtype, threads):
        super().__init__((rows, length), dtype, threads, axes=(1,))


add_methods(method, Transforms, Batch)
method("whole, box sums", lambda p: p.operation == "match")(
    lambda p, image, other, threads: match(p, image, other, threads, Transforms))
