"""Filters composed by hand from a library's transforms, with the kernel's spectrum kept.

What an expert would write: buffers are allocated and transforms planned once, only the image's part
of a padded buffer is written again, zeros that both ends share are counted once, and copies and
products use as many threads as the transforms. The result is a view of the last buffer.
"""

import concurrent.futures

import numpy


def smooth(least, primes, step):
    """The smallest multiple of `step` from `least` on that has no other factors than some primes."""
    length = -(-least // step) * step
    while True:
        rest = length
        for prime in primes:
            while rest % prime == 0:
                rest //= prime
        if rest == 1:
            return length
        length += step


class Layout:
    """Where an image lies in a periodic buffer, and where the outputs are found."""

    def __init__(self, problem, fast):
        self.axes = [self._axis(problem, axis, fast) for axis in range(problem.axes)]
        self.mirrors = problem.mode == "same" and problem.boundary == "reflect"
        self.lengths = tuple(axis[1] for axis in self.axes)
        self.image = tuple(slice(before, before + n)
                           for (before, _, _), n in zip(self.axes, problem.image))
        self.crop = tuple(slice(start, start + count)
                          for (_, _, start), count in zip(self.axes, problem.output))

    @staticmethod
    def serves(problem):
        if problem.mode != "same" or problem.boundary == "zero":
            return True
        return problem.boundary == "reflect" and all(
            m // 2 < n for n, m in zip(problem.image, problem.kernel))

    @staticmethod
    def _axis(problem, axis, fast):
        """How much stands before the image, the period, and the first output."""
        n, m = problem.image[axis], problem.kernel[axis]
        if problem.mode == "full":
            return 0, fast(n + m - 1), 0
        if problem.mode == "valid":
            return 0, fast(n), m - 1
        if problem.boundary == "reflect":
            return m // 2, fast(n + m - 1), m - 1
        start = m - 1 - m // 2
        return 0, fast(max(n + m - 1 - start, n + start)), start

    def place(self, image, buffer, pool):
        pool.copy(image, buffer[self.image])
        if self.mirrors:
            for axis, (before, _, last) in enumerate(self.axes):
                self._mirror(numpy.moveaxis(buffer, axis, 0), before, last - before,
                             image.shape[axis])

    @staticmethod
    def _mirror(buffer, before, after, extent):
        end = before + extent
        if before:
            buffer[:before] = buffer[2 * before:before:-1]
        if after:
            buffer[end:end + after] = buffer[end - 2:end - 2 - after:-1]


class Pool:
    """Copies and products of arrays by rows, in as many threads as asked for."""

    def __init__(self, threads):
        self.threads = threads
        self.executor = concurrent.futures.ThreadPoolExecutor(threads) if threads > 1 else None

    def _each(self, count, work):
        if self.executor is None or count < self.threads:
            return work(slice(0, count))
        cuts = [count * part // self.threads for part in range(self.threads + 1)]
        list(self.executor.map(work, [slice(a, b) for a, b in zip(cuts, cuts[1:])]))

    def copy(self, source, target):
        self._each(len(target), lambda part: numpy.copyto(target[part], source[part]))

    def multiply(self, target, factor):
        self._each(len(target),
                   lambda part: numpy.multiply(target[part], factor[part], out=target[part]))


def whole_image(problem, image, other, threads, transforms):
    """One transform of the whole image, there and back.

    `transforms(lengths, dtype, threads)` has `fast`, `buffer`, `forward()` and `backward()`.
    """
    layout = Layout(problem, transforms.fast)
    pool = Pool(threads)
    transform = transforms(layout.lengths, problem.dtype, threads)
    kernel = numpy.flip(problem.weights(other))
    transform.buffer[...] = 0
    transform.buffer[tuple(slice(0, m) for m in kernel.shape)] = kernel
    spectrum = transform.forward().copy()
    transform.buffer[...] = 0

    def run():
        layout.place(image, transform.buffer, pool)
        product = transform.forward()
        pool.multiply(product, spectrum)
        return transform.backward()[layout.crop]
    return run


def blocks(problem, image, other, threads, batch):
    """Overlap-save of a signal: many blocks are transformed at a time, as long as caches hold them.

    `batch(rows, length, dtype, threads)` transforms the rows of `buffer`.
    """
    taps = problem.weights(other)[::-1]
    count = len(taps)
    length = _block_length(count, problem.output[0])
    hop = length - count + 1
    rows = max(2, min(64, (1 << 18) // length))
    transform = batch(rows, length, problem.dtype, threads)
    transform.buffer[...] = 0
    transform.buffer[0, :count] = taps
    spectrum = transform.forward()[0].copy()
    pool = Pool(threads)
    outputs = problem.output[0]
    chunks = -(-outputs // (rows * hop))
    before = count // 2 if problem.mode == "same" else count - 1
    padded = numpy.zeros(chunks * rows * hop + length, problem.dtype)
    frames = numpy.lib.stride_tricks.as_strided(
        padded, (chunks * rows, length), (hop * padded.itemsize, padded.itemsize))
    result = numpy.empty(chunks * rows * hop, problem.dtype)
    spectra = numpy.broadcast_to(spectrum, (rows, len(spectrum)))

    def run():
        padded[before:before + len(image)] = image
        for chunk in range(chunks):
            pool.copy(frames[chunk * rows:(chunk + 1) * rows], transform.buffer)
            product = transform.forward()
            pool.multiply(product, spectra)
            part = result[chunk * rows * hop:(chunk + 1) * rows * hop].reshape(rows, hop)
            pool.copy(transform.backward()[:, count - 1:], part)
        return result[:outputs]
    return run


def _block_length(taps, outputs):
    """The power of two that takes the fewest operations for an output."""
    lengths = [1 << bits for bits in range(8, 25)]
    fitting = [n for n in lengths if n >= 2 * taps or n >= taps + outputs]
    return min(fitting, key=lambda n: n * n.bit_length() / (n - taps + 1) * (1 + n / (1 << 20)))


def match(problem, image, other, threads, transforms):
    """Normalized cross-correlation: transforms for the products, OpenCV's boxes for the sums."""
    import cv2
    cv2.setNumThreads(threads)
    template = other - other.mean()
    energy = float(numpy.sum(template.astype(float) ** 2))
    centred = numpy.empty_like(image)
    correlate = whole_image(problem, centred, template, threads, transforms)
    rows, columns = problem.output
    h, w = problem.kernel

    def box(sums):
        return sums[h // 2:h // 2 + rows, w // 2:w // 2 + columns]

    def run():
        numpy.subtract(image, image.mean(), out=centred)
        products = correlate()
        # Even windows are anchored at half their extent.
        sums = box(cv2.boxFilter(centred, cv2.CV_64F, (w, h), normalize=False))
        squares = box(cv2.sqrBoxFilter(centred, cv2.CV_64F, (w, h), normalize=False))
        deviation = cv2.sqrt(numpy.maximum(squares - sums * sums / (h * w), 0) * energy)
        return (products / deviation).astype(problem.dtype)
    return run


def add_methods(method, transforms, batch, prefix="", threaded=True):
    """Adds the hand-composed filters over a library's transforms to its methods."""
    method(prefix + "whole", lambda p: p.is_filter and Layout.serves(p), threaded)(
        lambda p, image, other, threads: whole_image(p, image, other, threads, transforms))
    if batch:
        method(prefix + "blocks",
               lambda p: (p.is_filter and p.axes == 1 and 4 * p.kernel[0] <= p.image[0]
                          and (p.boundary == "zero" or p.mode == "full")), threaded)(
            lambda p, image, other, threads: blocks(p, image, other, threads, batch))
