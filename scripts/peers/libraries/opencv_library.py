import cv2
import numpy

from problems import methods

METHODS, method = methods()
BORDERS = {"zero": cv2.BORDER_CONSTANT, "reflect": cv2.BORDER_REFLECT_101,
           "symmetric": cv2.BORDER_REFLECT, "replicate": cv2.BORDER_REPLICATE}


def version():
    return f"OpenCV {cv2.__version__}" + (" with IPP" if cv2.ipp.useIPP() else "")


def set_threads(threads):
    cv2.setNumThreads(threads)


def as_image(array):
    return array.reshape(1, -1) if array.ndim == 1 else array


def has_border(p):
    return p.mode == "same" and p.boundary in BORDERS


@method("filter2D", lambda p: p.is_dense and has_border(p))
def filter2d(p, image, other, threads):
    image, weights = as_image(image), as_image(p.weights(other))
    out = numpy.empty_like(image)
    return lambda: cv2.filter2D(image, -1, weights, out, borderType=BORDERS[p.boundary])


@method("GaussianBlur", lambda p: p.operation == "gaussian" and p.axes == 2 and has_border(p))
def gaussian(p, image, other, threads):
    out = numpy.empty_like(image)
    size = (p.kernel[1], p.kernel[0])
    return lambda: cv2.GaussianBlur(image, size, p.sigma, out, borderType=BORDERS[p.boundary])


@method("sepFilter2D", lambda p: p.operation == "gaussian" and p.axes == 2 and has_border(p))
def separable(p, image, other, threads):
    out = numpy.empty_like(image)
    taps = p.gaussian_taps().astype(p.dtype)
    return lambda: cv2.sepFilter2D(image, -1, taps, taps, out, borderType=BORDERS[p.boundary])


@method("boxFilter", lambda p: p.operation == "box-mean" and has_border(p))
def box(p, image, other, threads):
    out = numpy.empty_like(image)
    size = (p.kernel[1], p.kernel[0])
    return lambda: cv2.boxFilter(image, -1, size, out, borderType=BORDERS[p.boundary])


@method("boxFilter((a - b)(a + b))", lambda p: p.operation == "square-difference" and has_border(p))
def square_difference(p, image, other, threads):
    out, first, second = (numpy.empty_like(image) for _ in range(3))
    size = (p.kernel[1], p.kernel[0])

    def run():
        cv2.subtract(image, other, first)
        cv2.add(image, other, second)
        cv2.multiply(first, second, first)
        return cv2.boxFilter(
            first, -1, size, out, normalize=False, borderType=BORDERS[p.boundary])
    return run


@method("boxFilter(a*a - b*b)", lambda p: p.operation == "square-difference" and has_border(p))
def squares_difference(p, image, other, threads):
    out, first, second = (numpy.empty_like(image) for _ in range(3))
    size = (p.kernel[1], p.kernel[0])

    def run():
        cv2.multiply(image, image, first)
        cv2.multiply(other, other, second)
        cv2.subtract(first, second, first)
        return cv2.boxFilter(
            first, -1, size, out, normalize=False, borderType=BORDERS[p.boundary])
    return run


@method("medianBlur", lambda p: (p.operation == "median" and p.boundary == "replicate"
                                 and p.kernel in ((3, 3), (5, 5)) and p.dtype == numpy.float32))
def median(p, image, other, threads):
    out = numpy.empty_like(image)
    return lambda: cv2.medianBlur(image, p.kernel[0], out)


@method("matchTemplate TM_CCOEFF_NORMED",
        lambda p: p.operation == "match" and p.dtype == numpy.float32)
def match(p, image, other, threads):
    return lambda: cv2.matchTemplate(image, other, cv2.TM_CCOEFF_NORMED)


@method("matchTemplate TM_CCOEFF_NORMED, looped",
        lambda p: p.operation == "match-many" and p.dtype == numpy.float32)
def match_many(p, image, other, threads):
    """The best of all templates at each place, as the others make it."""
    templates = other.reshape((p.count,) + p.kernel)

    def run():
        best = cv2.matchTemplate(image, templates[0], cv2.TM_CCOEFF_NORMED)
        for template in templates[1:]:
            cv2.max(best, cv2.matchTemplate(image, template, cv2.TM_CCOEFF_NORMED), best)
        return best
    return run


@method("matchTemplate TM_CCOEFF_NORMED with a mask",
        lambda p: p.operation == "masked-match" and p.dtype == numpy.float32)
def masked_match(p, image, other, threads):
    mask = p.disc.astype(numpy.float32)
    return lambda: cv2.matchTemplate(image, other, cv2.TM_CCOEFF_NORMED, mask=mask)


@method("matchTemplate TM_CCORR_NORMED with a mask",
        lambda p: p.operation == "masked-cosine" and p.dtype == numpy.float32)
def masked_cosine(p, image, other, threads):
    mask = p.disc.astype(numpy.float32)
    return lambda: cv2.matchTemplate(image, other, cv2.TM_CCORR_NORMED, mask=mask)


@method("matchTemplate TM_CCORR", lambda p: (p.operation == "correlate" and p.axes == 2
                                             and p.mode == "full" and p.dtype == numpy.float32))
def full(p, image, other, threads):
    rows, columns = (m - 1 for m in p.kernel)

    def run():
        wide = cv2.copyMakeBorder(image, rows, rows, columns, columns, cv2.BORDER_CONSTANT, value=0)
        return cv2.matchTemplate(wide, other, cv2.TM_CCORR)
    return run
