#!/usr/bin/env python3
"""Writes golden.txt: what NumPy, SciPy and OpenCV answer on small inputs.

    python3 make-golden.py > golden.txt      (numpy 2.4, scipy 1.17, opencv 5.0)

Lines:  NAME SHAPE VALUES [# the peer's call]      lists are joined by commas
        taps|SIGMA|TRUNCATE|ORDER                  taps of a correlation
        gaussian|BOUNDARY|SIGMA;SIGMA|ORDER;ORDER
        window|STATISTIC|BOUNDARY|ROWS;COLUMNS|ORIGIN;ORIGIN
        filter2D|BOUNDARY
        pairs|MEASURE and self|MEASURE
"""
import itertools

import cv2
import numpy as np
import scipy.ndimage as ndi
from scipy.ndimage._filters import _gaussian_kernel1d
from scipy.spatial.distance import cdist
from scipy.stats import spearmanr

IMAGE = np.array([[3, 1, 4, 1, 5, 9, 2], [6, 5, 3, 5, 8, 9, 7], [9, 3, 2, 3, 8, 4, 6],
                  [2, 6, 4, 3, 3, 8, 3], [2, 7, 9, 5, 0, 2, 8.0], [8, 4, 1, 9, 7, 1, 6]])
ROWS = np.array([[1, 2, 3, 4, 5, 6], [6, 5, 4, 3, 2, 1], [2, 2, 7, 1, 7, 2], [0, -3, 8, 2, 2, 5],
                 [4, 4, 4, 4, 4, 4], [1.5, -2, 0.25, 9, 9, -4]])
OTHERS = np.array([[3, 1, 4, 1, 5, 9], [2, 2, 2, 5, 5, 5], [0, 0, 0, 0, 0, 0.0]])
ASYMMETRIC = np.array([[-2, -1, 0], [-1, 1, 1], [0, 1, 2.0]])
MODES = {"zero": dict(mode="constant"), "constant:2.5": dict(mode="constant", cval=2.5),
         "replicate": dict(mode="nearest"), "symmetric": dict(mode="reflect"),
         "reflect": dict(mode="mirror"), "wrap": dict(mode="wrap")}
OPENCV = {"zero": cv2.BORDER_CONSTANT, "replicate": cv2.BORDER_REPLICATE,
          "symmetric": cv2.BORDER_REFLECT, "reflect": cv2.BORDER_REFLECT_101}


def line(name, values, call=""):
    values = np.asarray(values, float)
    numbers = ",".join("nan" if np.isnan(v) else repr(float(v)).removesuffix(".0")
                       for v in values.ravel())
    print(name.replace(" ", ""), ",".join(map(str, values.shape)), numbers,
          f"# {call}" if call else "")


def joined(values):
    return ";".join(map(str, values))


def gaussians():
    for sigma, truncate, order in itertools.product((0.3, 1, 2.5), (4, 2), range(4)):
        radius = int(truncate * sigma + 0.5)
        # gaussian_filter1d reverses the taps because it correlates.
        line(f"taps|{sigma}|{truncate}|{order}", _gaussian_kernel1d(sigma, order, radius)[::-1],
             "scipy.ndimage._filters._gaussian_kernel1d")
    for (mode, rule), (sigma, order) in itertools.product(
            MODES.items(), (((1, 1), (0, 0)), ((0.7, 1.5), (0, 0)), ((1, 1), (0, 1)),
                            ((1, 2), (2, 0)), ((1.2, 1.2), (1, 1)), ((0, 1), (0, 3)))):
        line(f"gaussian|{mode}|{joined(sigma)}|{joined(order)}",
             ndi.gaussian_filter(IMAGE, sigma, order, **rule), "scipy.ndimage.gaussian_filter")


def windows():
    statistics = {"mean": np.mean, "variance": np.var, "median": np.median, "sum": np.sum}
    for (statistic, function), (mode, rule), (window, origin) in itertools.product(
            statistics.items(), MODES.items(),
            (((3, 3), (0, 0)), ((2, 5), (0, 0)), ((4, 3), (1, -1)), ((9, 11), (0, 0)))):
        out = ndi.generic_filter(IMAGE, function, size=window, origin=origin, **rule)
        line(f"window|{statistic}|{mode}|{joined(window)}|{joined(origin)}", out,
             "scipy.ndimage.generic_filter")
        if statistic == "mean":
            assert np.allclose(out, ndi.uniform_filter(IMAGE, window, origin=origin, **rule))
        if statistic == "median" and window == (3, 3):
            assert np.allclose(out, ndi.median_filter(IMAGE, window, origin=origin, **rule))


def pairs():
    with np.errstate(divide="ignore", invalid="ignore"):
        n = len(ROWS)
        pearson = np.corrcoef(ROWS, OTHERS)[:n, n:]
        line("pairs|dot", ROWS @ OTHERS.T, "numpy.dot(a, b.T)")
        line("pairs|pearson", pearson, "numpy.corrcoef")
        line("pairs|distance", 1 - pearson, "1 - numpy.corrcoef")
        line("pairs|cosine", 1 - cdist(ROWS, OTHERS, "cosine"), "scipy cdist cosine")
        line("pairs|spearman", [[spearmanr(a, b).statistic for b in OTHERS] for a in ROWS],
             "scipy.stats.spearmanr")
        line("self|dot", ROWS @ ROWS.T, "numpy.dot(a, a.T)")
        line("self|pearson", np.corrcoef(ROWS), "numpy.corrcoef")
        line("self|spearman", [[spearmanr(a, b).statistic for b in ROWS] for a in ROWS],
             "scipy.stats.spearmanr")


def main():
    line("image", IMAGE)
    line("rows", ROWS)
    line("others", OTHERS)
    line("asymmetric", ASYMMETRIC)
    gaussians()
    windows()
    for mode, border in OPENCV.items():
        line(f"filter2D|{mode}", cv2.filter2D(IMAGE, cv2.CV_64F, ASYMMETRIC, borderType=border),
             "cv2.filter2D")
    pairs()


if __name__ == "__main__":
    import warnings
    warnings.simplefilter("ignore")
    main()
