"""What is to be computed, and the methods that can do it."""

import math

import numpy


class Problem:
    """Correlations are written as out[p] = sum over t of weights[t] * image[p + t + first]."""

    def __init__(self, fields):
        self.operation = fields["operation"]
        self.image = tuple(fields["image"])
        self.kernel = tuple(fields["kernel"])
        self.mode = "valid" if self.operation in ("match", "match-many") else fields["mode"]
        self.count = fields.get("count") or 1
        self.boundary = fields["boundary"]
        self.sigma = fields.get("sigma")
        self.dtype = numpy.float32 if fields["precision"] == "float" else numpy.float64

    @property
    def output(self):
        if self.compares_rows:
            return (self.image[0], self.kernel[0])
        return tuple({"full": n + m - 1, "same": n, "valid": n - m + 1}[self.mode]
                     for n, m in zip(self.image, self.kernel))

    @property
    def compares_rows(self):
        return self.operation in ("row-pearson", "own-row-pearson")

    @property
    def axes(self):
        return len(self.image)

    @property
    def is_filter(self):
        """Whether it is a sum with weights: convolution, correlation or Gaussian."""
        return self.operation in ("convolve", "correlate", "gaussian")

    @property
    def is_dense(self):
        return self.operation in ("convolve", "correlate")

    @property
    def products(self):
        """How many products the definition takes."""
        if self.compares_rows:
            return math.prod(self.output) * self.image[1]
        return math.prod(self.output) * math.prod(self.kernel)

    @property
    def disc(self):
        """What counts of a template."""
        rows, columns = self.kernel
        y = (2 * numpy.arange(rows) + 1 - rows) * columns
        x = (2 * numpy.arange(columns) + 1 - columns) * rows
        return y[:, None] ** 2 + x ** 2 <= (rows * columns) ** 2

    @staticmethod
    def frame_mask(shape):
        """What counts of frames, which have holes."""
        rows, columns = (numpy.arange(extent) // 16 for extent in shape)
        return (rows[:, None] + columns) % 8 != 0

    def weights(self, other):
        """The weights in the order in which a correlation takes them."""
        if self.operation == "gaussian":
            taps = self.gaussian_taps()
            return (taps if self.axes == 1 else numpy.outer(taps, taps)).astype(self.dtype)
        kernel = numpy.flip(other) if self.operation == "convolve" else other
        return numpy.ascontiguousarray(kernel)

    def gaussian_taps(self):
        radius = self.kernel[0] // 2
        taps = numpy.exp(-0.5 * (numpy.arange(-radius, radius + 1) / self.sigma) ** 2)
        return taps / taps.sum()


class Method:
    """One way to compute some problems.

    `prepare(problem, image, other, threads)` returns a function that computes the result.
    """

    def __init__(self, name, serves, prepare, threaded=True):
        self.name = name
        self.serves = serves
        self.prepare = prepare
        self.threaded = threaded


def methods():
    """A list of methods, and a decorator that adds to it."""
    known = []

    def method(name, serves, threaded=True):
        def add(prepare):
            known.append(Method(name, serves, prepare, threaded))
            return prepare
        return add
    return known, method
