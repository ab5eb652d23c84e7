#!/usr/bin/env python3
"""Writes golden.txt: what NumPy, SciPy, OpenCV and scikit-image answer on small inputs.

    python3 make-golden.py > golden.txt      (numpy 2.4, scipy 1.17, opencv 5.0, scikit-image 0.26)

Lines:  array NAME SHAPE VALUES
        filter KIND MODE BOUNDARY CENTRING IMAGE KERNEL SHAPE VALUES       # the peer's call
        complex KIND MODE IMAGE KERNEL SHAPE REAL-VALUES IMAGINARY-VALUES  # the peer's call
        window STATISTIC EDGES IMAGE WINDOW SHAPE VALUES                   # the peer's call
        zncc IMAGE TEMPLATE SHAPE VALUES                                   # the peer's call
Lists are joined by commas.
"""
import itertools

import cv2
import numpy as np
import scipy.ndimage as ndi
import scipy.signal as sig
from skimage.feature import match_template

ARRAYS = {
    "s5": np.array([3, -1, 4, 1, 5.0]),
    "s4": np.array([2, 7, 1, 8.0]),
    "s1": np.array([6.0]),
    "k1": np.array([2.0]),
    "k2": np.array([1, -3.0]),
    "k3": np.array([2, -1, 3.0]),
    "k4": np.array([1, 3, -2, 4.0]),
    "k7": np.array([1, -2, 3, 5, -1, 2, 4.0]),
    "i34": np.array([[3, 1, 4, 1], [5, 9, 2, 6], [-5, 3, 5, 8.0]]),
    "i22": np.array([[2, 7], [1, 8.0]]),
    "k22": np.array([[1, -2], [3, 5.0]]),
    "k23": np.array([[1, 0, -2], [4, 2, 1.0]]),
    "k32": np.array([[2, 1], [-1, 3], [0, 4.0]]),
    "k33": np.array([[-2, -1, 0], [-1, 1, 1], [0, 1, 2.0]]),
    "k45": np.array([[1, 2, 0, -1, 3], [0, 4, 1, 2, -2], [5, 0, 1, 1, 2], [1, -3, 2, 0, 7.0]]),
    "v232": np.array([[[1, 2], [0, 3], [-1, 4]], [[5, 1], [2, -2], [3, 6.0]]]),
    "k222": np.array([[[1, 0], [2, -1]], [[3, 1], [0, 4.0]]]),
    "k132": np.array([[[1, 2], [-1, 3], [4, 1.0]]]),
}
PAIRS = [pair.split() for pair in (
    "s5 k1", "s5 k2", "s5 k3", "s5 k7", "s4 k3", "s4 k4", "s1 k3", "i34 k22", "i34 k23", "i34 k32",
    "i34 k33", "i22 k45", "v232 k222", "v232 k132")]
COMPLEX = {"c5": ("s5", [1, 2, -2, 0, 3.0]), "c2": ("k2", [4, 1.0]), "c3": ("k3", [-1, 2, 1.0])}
NDIMAGE = {"constant:2.5": dict(mode="constant", cval=2.5), "replicate": dict(mode="nearest"),
           "symmetric": dict(mode="reflect"), "reflect": dict(mode="mirror"),
           "wrap": dict(mode="wrap"), "zero": dict(mode="constant")}
NUMPY = {"constant:2.5": dict(mode="constant", constant_values=2.5), "replicate": dict(mode="edge"),
         "symmetric": dict(mode="symmetric"), "reflect": dict(mode="reflect"),
         "wrap": dict(mode="wrap")}
PLANE = {"zero": dict(boundary="fill"), "constant:2.5": dict(boundary="fill", fillvalue=2.5),
         "wrap": dict(boundary="wrap"), "symmetric": dict(boundary="symm")}
OPENCV = {"zero": cv2.BORDER_CONSTANT, "replicate": cv2.BORDER_REPLICATE,
          "symmetric": cv2.BORDER_REFLECT, "reflect": cv2.BORDER_REFLECT_101}


def numbers(values):
    return ",".join("nan" if np.isnan(v) else repr(float(v)).removesuffix(".0")
                    for v in np.ravel(values))


def extents(array):
    return ",".join(map(str, np.shape(array)))


def line(*words, out, call):
    print(*words, extents(out), numbers(out), "#", call)


def dominates(a, b):
    return all(x >= y for x, y in zip(a.shape, b.shape))


def signal(f, k):
    a, b = ARRAYS[f], ARRAYS[k]
    for mode in ("full", "same", "valid"):
        if mode == "valid" and not dominates(a, b) and not dominates(b, a):
            continue
        line("filter convolution", mode, "zero scipy", f, k,
             out=sig.convolve(a, b, mode, "direct"), call="scipy.signal.convolve")
        line("filter correlation", mode, "zero scipy", f, k,
             out=sig.correlate(a, b, mode, "direct"), call="scipy.signal.correlate")


def plane(f, k):
    a, b = ARRAYS[f], ARRAYS[k]
    if a.ndim != 2 or not dominates(a, b):  # scipy#12685: wrong for larger kernels
        return
    for mode, (name, rule) in itertools.product(("full", "same"), PLANE.items()):
        line("filter convolution", mode, name, "correlate2d", f, k,
             out=sig.convolve2d(a, b, mode, **rule), call="scipy.signal.convolve2d")
        line("filter correlation", mode, name, "correlate2d", f, k,
             out=sig.correlate2d(a, b, mode, **rule), call="scipy.signal.correlate2d")


def ndimage(f, k):
    a, b = ARRAYS[f], ARRAYS[k]
    origins = {(0,) * b.ndim, tuple(-(m // 2) for m in b.shape), tuple((m - 1) // 2 for m in b.shape)}
    for origin, (name, rule) in itertools.product(sorted(origins), NDIMAGE.items()):
        if any(origin) and name in ("zero", "wrap", "reflect"):
            continue
        centring = "ndimage:" + ",".join(map(str, origin))
        line("filter correlation same", name, centring, f, k,
             out=ndi.correlate(a, b, origin=origin, **rule), call="scipy.ndimage.correlate")
        line("filter convolution same", name, centring, f, k,
             out=ndi.convolve(a, b, origin=origin, **rule), call="scipy.ndimage.convolve")


def opencv(f, k):
    a, b = ARRAYS[f], ARRAYS[k]
    if a.ndim != 2 or not dominates(a, b):
        return
    for name, border in OPENCV.items():
        line("filter correlation same", name, "opencv", f, k,
             out=cv2.filter2D(a, cv2.CV_64F, b, borderType=border), call="cv2.filter2D")


def padded_full(f, k):
    a, b = ARRAYS[f], ARRAYS[k]
    for name, rule in NUMPY.items():
        padded = np.pad(a, [(m - 1, m - 1) for m in b.shape], **rule)
        line("filter convolution full", name, "scipy", f, k,
             out=sig.convolve(padded, b, "valid", "direct"), call="convolve of numpy.pad")
        line("filter correlation full", name, "scipy", f, k,
             out=sig.correlate(padded, b, "valid", "direct"), call="correlate of numpy.pad")


def renormalized(f, k):
    a, b = ARRAYS[f], ARRAYS[k]
    for mode, kind in itertools.product(("full", "same"), ("convolution", "correlation")):
        weights = b if kind == "convolution" else b[(slice(None, None, -1),) * b.ndim]
        total = sig.convolve(a, weights, mode, "direct")
        inside = sig.convolve(np.ones_like(a), weights, mode, "direct").round()
        if mode == "same" and kind == "correlation":
            ends = [(m // 2, m - 1 - m // 2) for m in b.shape]
            total = sig.correlate(np.pad(a, ends), b, "valid", "direct")
            inside = sig.correlate(np.pad(np.ones_like(a), ends), b, "valid", "direct").round()
        with np.errstate(divide="ignore", invalid="ignore"):
            out = np.where(inside == 0, np.nan, total * b.sum() / inside)
        line("filter", kind, mode, "renormalize scipy", f, k, out=out, call="normalized convolution")


def complexes():
    made = {name: ARRAYS[real] + 1j * np.array(imaginary)
            for name, (real, imaginary) in COMPLEX.items()}
    for name, values in made.items():
        print("array", name + "re", extents(values), numbers(values.real))
        print("array", name + "im", extents(values), numbers(values.imag))
    for (f, a), (k, b) in itertools.product(made.items(), made.items()):
        for mode in ("full", "same", "valid"):
            for kind, call in (("convolution", sig.convolve), ("correlation", sig.correlate)):
                if mode == "same" and b.size > a.size:
                    continue
                out = call(a, b, mode, "direct")
                print("complex", kind, mode, f, k, extents(out), numbers(out.real),
                      numbers(out.imag), "# scipy.signal", call.__name__)


def windows():
    filters = {"mean": np.mean, "variance": np.var, "median": np.median, "sum": np.sum,
               "minimum": np.min, "maximum": np.max}
    for (f, window), (statistic, function), (name, rule) in itertools.product(
            (("s5", (4,)), ("i34", (3, 2)), ("v232", (2, 3, 1))), filters.items(), NDIMAGE.items()):
        out = ndi.generic_filter(ARRAYS[f], function, size=window, **rule)
        line("window", statistic, name, f, ",".join(map(str, window)), out=out,
             call="scipy.ndimage.generic_filter")
    for f, window in (("s5", (2,)), ("i34", (2, 3))):
        views = np.lib.stride_tricks.sliding_window_view(ARRAYS[f], window)
        for statistic, function in filters.items():
            out = function(views, axis=tuple(range(len(window), 2 * len(window))))
            line("window", statistic, "valid", f, ",".join(map(str, window)), out=out,
                 call="numpy.lib.stride_tricks.sliding_window_view")


def main():
    for name, values in ARRAYS.items():
        print("array", name, extents(values), numbers(values))
    for f, k in PAIRS:
        for write in (signal, plane, ndimage, opencv, padded_full, renormalized):
            write(f, k)
    complexes()
    windows()
    for f, k in (("i34", "k22"), ("i34", "k33"), ("v232", "k222")):
        line("zncc", f, k, out=match_template(ARRAYS[f], ARRAYS[k]), call="skimage match_template")


main()
