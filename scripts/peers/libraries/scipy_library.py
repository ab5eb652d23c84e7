import numpy
import scipy
import scipy.fft
import scipy.ndimage
import scipy.signal
import scipy.spatial.distance

from problems import methods
from spectral import Layout, add_methods

METHODS, method = methods()
NDIMAGE = {"zero": "constant", "reflect": "mirror", "symmetric": "reflect", "replicate": "nearest",
           "wrap": "wrap"}
# What the loops of ndimage and lfilter may take before they are left out: some ten seconds.
PATIENCE = 2e9


def version():
    return f"SciPy {scipy.__version__}"


def set_threads(threads):
    """Workers are set by each call."""


def with_workers(threads, compute):
    def run():
        with scipy.fft.set_workers(threads):
            return compute()
    return run


def extended(p, image):
    """The image as far as windows see it, and the mode that is then asked for."""
    if p.mode != "same" or p.boundary == "zero":
        return (lambda: image), p.mode
    mode = {"reflect": "reflect", "symmetric": "symmetric"}[p.boundary]
    pads = [(m // 2, m - 1 - m // 2) for m in p.kernel]
    return (lambda: numpy.pad(image, pads, mode)), "valid"


def by(function):
    """A function of scipy.signal that convolves."""
    def prepare(p, image, other, threads):
        source, mode = extended(p, image)
        kernel = numpy.ascontiguousarray(numpy.flip(p.weights(other)))
        return with_workers(threads, lambda: function(source(), kernel, mode))
    return prepare


method("signal.fftconvolve", lambda p: p.is_dense)(by(scipy.signal.fftconvolve))
method("signal.oaconvolve", lambda p: p.is_dense)(by(scipy.signal.oaconvolve))


@method("signal.correlate", lambda p: p.operation == "correlate" and p.mode == "full")
def correlate(p, image, other, threads):
    return with_workers(
        threads, lambda: scipy.signal.correlate(image, other, p.mode, method="fft"))


@method("ndimage.correlate", lambda p: p.is_dense and p.mode == "same" and p.products < PATIENCE,
        threaded=False)
def ndimage_correlate(p, image, other, threads):
    weights = p.weights(other)
    return lambda: scipy.ndimage.correlate(image, weights, mode=NDIMAGE[p.boundary])


@method("ndimage.uniform_filter", lambda p: p.operation == "box-mean", threaded=False)
def uniform(p, image, other, threads):
    return lambda: scipy.ndimage.uniform_filter(image, p.kernel, mode=NDIMAGE[p.boundary])


@method("ndimage.uniform_filter(a*a - b*b)", lambda p: p.operation == "square-difference",
        threaded=False)
def square_difference(p, image, other, threads):
    area = p.dtype(numpy.prod(p.kernel))
    return lambda: area * scipy.ndimage.uniform_filter(
        image * image - other * other, p.kernel, mode=NDIMAGE[p.boundary])


@method("ndimage.gaussian_filter", lambda p: p.operation == "gaussian", threaded=False)
def gaussian(p, image, other, threads):
    return lambda: scipy.ndimage.gaussian_filter(
        image, p.sigma, mode=NDIMAGE[p.boundary], truncate=4)


@method("ndimage.median_filter", lambda p: p.operation == "median", threaded=False)
def median(p, image, other, threads):
    return lambda: scipy.ndimage.median_filter(image, p.kernel, mode=NDIMAGE[p.boundary])


@method("spatial.distance.cdist", lambda p: p.operation == "row-pearson" and p.products < PATIENCE,
        threaded=False)
def row_distances(p, image, other, threads):
    return lambda: 1 - scipy.spatial.distance.cdist(image, other, "correlation")


class Transforms:
    @staticmethod
    def fast(n):
        return scipy.fft.next_fast_len(n, real=True)

    def __init__(self, lengths, dtype, threads):
        self.lengths = lengths
        self.threads = threads
        self.buffer = numpy.zeros(lengths, dtype)

    def forward(self):
        self.spectrum = scipy.fft.rfftn(self.buffer, workers=self.threads)
        return self.spectrum

    def backward(self):
        return scipy.fft.irfftn(
            self.spectrum, self.lengths, workers=self.threads, overwrite_x=True)


class Batch:
    def __init__(self, rows, length, dtype, threads):
        self.threads = threads
        self.length = length
        self.buffer = numpy.zeros((rows, length), dtype)

    def forward(self):
        self.spectrum = scipy.fft.rfft(self.buffer, workers=self.threads)
        return self.spectrum

    def backward(self):
        return scipy.fft.irfft(self.spectrum, self.length, workers=self.threads, overwrite_x=True)


add_methods(method, Transforms, Batch, "fft ")
