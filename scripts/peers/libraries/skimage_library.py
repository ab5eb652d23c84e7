import skimage
import skimage.feature
from skimage.registration._masked_phase_cross_correlation import cross_correlate_masked

from problems import methods

METHODS, method = methods()


def version():
    return f"scikit-image {skimage.__version__}"


def set_threads(threads):
    """match_template has no threads to set."""


@method("match_template", lambda p: p.operation == "match", threaded=False)
def match(p, image, other, threads):
    return lambda: skimage.feature.match_template(image, other)


@method("cross_correlate_masked", lambda p: p.operation == "masked-correlation", threaded=False)
def masked(p, image, other, threads):
    mask = p.frame_mask(p.image)
    return lambda: cross_correlate_masked(
        image, other, mask, mask, mode="full", axes=(0, 1), overlap_ratio=0.3)
