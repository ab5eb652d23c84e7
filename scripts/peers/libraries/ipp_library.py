"""Intel IPP, called from C's interface. Its functions use one thread: an image is cut into as many
strips of rows as threads are asked for."""

import concurrent.futures
import ctypes
import importlib.metadata
import os
import sys

import numpy

from problems import methods

METHODS, method = methods()
FOLDER = os.path.join(sys.prefix, "lib")


def load(name):
    """A library; its variants for processors are looked for by names that the package lacks."""
    for variant in ("k0", "l9", "y8"):
        file = f"lib{name}{variant}.so.12"
        wanted = os.path.join(FOLDER, file + ".1")
        if os.path.exists(os.path.join(FOLDER, file)) and not os.path.exists(wanted):
            os.symlink(file, wanted)
    return ctypes.CDLL(os.path.join(FOLDER, f"lib{name}.so.12"), mode=ctypes.RTLD_GLOBAL)


CORE, VECTOR_MATH, SIGNALS, CONVERSIONS, IMAGES, VISION = (
    load(name) for name in ("ippcore", "ippvm", "ipps", "ippcc", "ippi", "ippcv"))
CORE.ippInit()
TYPES = {numpy.float32: (13, "32f"), numpy.float64: (19, "64f")}
MIRROR, CONSTANT, IN_MEMORY_ABOVE, IN_MEMORY_BELOW = 3, 6, 0x10, 0x20
VALID, NORM_COEFFICIENT = 0x10000, 0x200


class Size(ctypes.Structure):
    _fields_ = [("width", ctypes.c_int), ("height", ctypes.c_int)]


def version():
    return f"IPP {importlib.metadata.version('ipp')}"


def set_threads(threads):
    """Strips are cut when a problem is prepared."""


def check(status):
    if status < 0:
        raise RuntimeError(f"IPP answers {status}")


def sizes(function, *arguments, count):
    """The numbers of bytes that a function asks for."""
    numbers = [ctypes.c_int() for _ in range(count)]
    check(function(*arguments, *map(ctypes.byref, numbers)))
    return [number.value for number in numbers]


def block(size):
    return ctypes.create_string_buffer(size + 64)


def border(p):
    return MIRROR if p.boundary == "reflect" else CONSTANT


def address(array, row):
    return ctypes.c_void_p(array.ctypes.data + row * array.strides[0])


class Strips:
    """Calls a function for strips of rows, each with memory of its own."""

    def __init__(self, image, threads, prepare):
        """`prepare(rows, columns, border flags)` returns a function of source and target rows."""
        rows = image.shape[0]
        cuts = [rows * part // threads for part in range(threads + 1)]
        self.image = image
        self.out = numpy.empty_like(image)
        self.calls = []
        for first, last in zip(cuts, cuts[1:]):
            flags = (IN_MEMORY_ABOVE if first else 0) | (IN_MEMORY_BELOW if last < rows else 0)
            self.calls.append((first, prepare(Size(image.shape[1], last - first), flags)))
        self.pool = concurrent.futures.ThreadPoolExecutor(threads)

    def _call(self, call):
        first, function = call
        check(function(address(self.image, first), self.image.strides[0],
                       address(self.out, first), self.out.strides[0]))

    def __call__(self):
        if len(self.calls) == 1:
            self._call(self.calls[0])
        else:
            list(self.pool.map(self._call, self.calls))
        return self.out


def in_reach(p):
    """Whether IPP's borders mean what is asked for."""
    return p.axes == 2 and p.mode == "same" and p.boundary in ("zero", "reflect")


@method("FilterBorder", lambda p: p.is_dense and in_reach(p) and p.products < 3e11)
def filter_border(p, image, other, threads):
    number, suffix = TYPES[p.dtype]
    kernel = p.weights(other)
    mask = Size(kernel.shape[1], kernel.shape[0])
    zero = numpy.zeros(1, p.dtype)
    run = getattr(IMAGES, f"ippiFilterBorder_{suffix}_C1R")

    def prepare(size, flags):
        spec_size, work_size = sizes(
            IMAGES.ippiFilterBorderGetSize, mask, size, number, number, 1, count=2)
        spec, work = block(spec_size), block(work_size)
        check(getattr(IMAGES, f"ippiFilterBorderInit_{suffix}")(
            kernel.ctypes, mask, number, 1, 1, spec))
        return lambda source, step, target, out_step: run(
            source, step, target, out_step, size, border(p) | flags, zero.ctypes, spec, work)
    return Strips(image, threads, prepare)


@method("FilterBoxBorder", lambda p: (p.operation == "box-mean" and in_reach(p)
                                      and p.dtype == numpy.float32))
def box(p, image, other, threads):
    mask = Size(p.kernel[1], p.kernel[0])
    zero = numpy.zeros(1, p.dtype)

    def prepare(size, flags):
        work = block(sizes(
            IMAGES.ippiFilterBoxBorderGetBufferSize, size, mask, 13, 1, count=1)[0])
        return lambda source, step, target, out_step: IMAGES.ippiFilterBoxBorder_32f_C1R(
            source, step, target, out_step, size, mask, border(p) | flags, zero.ctypes, work)
    return Strips(image, threads, prepare)


@method("FilterGaussianBorder", lambda p: (p.operation == "gaussian" and in_reach(p)
                                           and p.dtype == numpy.float32))
def gaussian(p, image, other, threads):
    def prepare(size, flags):
        spec_size, work_size = sizes(
            VISION.ippiFilterGaussianGetBufferSize, size, p.kernel[0], 13, 1, count=2)
        spec, work = block(spec_size), block(work_size)
        check(VISION.ippiFilterGaussianInit(
            size, p.kernel[0], ctypes.c_float(p.sigma), border(p) | flags, 13, 1, spec, work))
        return lambda source, step, target, out_step: VISION.ippiFilterGaussianBorder_32f_C1R(
            source, step, target, out_step, size, ctypes.c_float(0), spec, work)
    return Strips(image, threads, prepare)


@method("FilterMedianBorder", lambda p: (p.operation == "median" and p.boundary == "replicate"
                                         and p.dtype == numpy.float32))
def median(p, image, other, threads):
    mask = Size(p.kernel[1], p.kernel[0])

    def prepare(size, flags):
        work = block(sizes(
            IMAGES.ippiFilterMedianBorderGetBufferSize, size, mask, 13, 1, count=1)[0])
        return lambda source, step, target, out_step: IMAGES.ippiFilterMedianBorder_32f_C1R(
            source, step, target, out_step, size, mask, 1 | flags, ctypes.c_float(0), work)
    return Strips(image, threads, prepare)


@method("CrossCorrNorm", lambda p: p.operation == "match" and p.dtype == numpy.float32,
        threaded=False)
def match(p, image, other, threads):
    out = numpy.empty(p.output, p.dtype)
    scene, template = (Size(a.shape[1], a.shape[0]) for a in (image, other))
    kind = VALID | NORM_COEFFICIENT
    work = block(sizes(IMAGES.ippiCrossCorrNormGetBufferSize, scene, template, kind, count=1)[0])

    def run():
        check(IMAGES.ippiCrossCorrNorm_32f_C1R(
            image.ctypes, image.strides[0], scene, other.ctypes, other.strides[0], template,
            out.ctypes, out.strides[0], kind, work))
        return out
    return run


@method("FIRSR", lambda p: (p.is_dense and p.axes == 1 and p.mode == "same"
                            and p.boundary == "zero"), threaded=False)
def fir(p, image, other, threads):
    number, suffix = TYPES[p.dtype]
    taps = numpy.ascontiguousarray(p.weights(other)[::-1])
    count = len(taps)
    # The filter is causal: the first outputs come before the ones that are wanted.
    start = count - 1 - count // 2
    out = numpy.empty(len(image) + start, p.dtype)
    after = numpy.zeros(start + 1, p.dtype)
    delay = numpy.zeros(count, p.dtype)
    spec_size, work_size = sizes(SIGNALS.ippsFIRSRGetSize, count, number, count=2)
    spec, work = block(spec_size), block(work_size)
    check(getattr(SIGNALS, f"ippsFIRSRInit_{suffix}")(taps.ctypes, count, 0, spec))
    call = getattr(SIGNALS, f"ippsFIRSR_{suffix}")

    def run():
        check(call(image.ctypes, out.ctypes, len(image), spec, None, delay.ctypes, work))
        if start:
            check(call(after.ctypes, address(out, len(image)), start, spec, delay.ctypes, None, work))
        return out[start:]
    return run
