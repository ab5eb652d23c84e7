import numpy
import pyfftw

from problems import methods
from spectral import add_methods, match

METHODS, method = methods()
# Beyond this FFTW's planner takes what it has found so far.
SECONDS = 5


def version():
    return f"pyFFTW {pyfftw.__version__} (FFTW measured)"


def set_threads(threads):
    """Each plan has its own number of threads."""


def plans(shape, axes, dtype, threads):
    halved = shape[:-1] + (shape[-1] // 2 + 1,)
    buffer = pyfftw.zeros_aligned(shape, dtype)
    spectrum = pyfftw.zeros_aligned(halved, numpy.result_type(dtype, numpy.complex64))
    out = pyfftw.zeros_aligned(shape, dtype)
    options = dict(axes=axes, threads=threads, planning_timelimit=SECONDS)
    forward = pyfftw.FFTW(buffer, spectrum, **options)
    backward = pyfftw.FFTW(spectrum, out, direction="FFTW_BACKWARD", **options)
    return buffer, forward, backward


class Transforms:
    @staticmethod
    def fast(n):
        return pyfftw.next_fast_len(n)

    def __init__(self, lengths, dtype, threads):
        axes = tuple(range(len(lengths)))
        self.buffer, self.plan, self.inverse = plans(lengths, axes, dtype, threads)
        # The scale goes into the kernel's spectrum, which is transformed first.
        self.scale = numpy.array(1 / numpy.prod(lengths), dtype)
        self.is_first = True

    def forward(self):
        spectrum = self.plan.execute() or self.plan.output_array
        if self.is_first:
            spectrum *= self.scale
            self.is_first = False
        return spectrum

    def backward(self):
        self.inverse.execute()
        return self.inverse.output_array


class Batch(Transforms):
    def __init__(self, rows, length, dtype, threads):
        self.buffer, self.plan, self.inverse = plans((rows, length), (1,), dtype, threads)
        self.scale = numpy.array(1 / length, dtype)
        self.is_first = True


add_methods(method, Transforms, Batch)
method("whole, box sums", lambda p: p.operation == "match")(
    lambda p, image, other, threads: match(p, image, other, threads, Transforms))
