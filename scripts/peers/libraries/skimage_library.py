import skimage
import skimage.feature

from problems import methods

METHODS, method = methods()


def version():
    return f"scikit-image {skimage.__version__}"


def set_threads(threads):
    """match_template has no threads to set."""


@method("match_template", lambda p: p.operation == "match", threaded=False)
def match(p, image, other, threads):
    return lambda: skimage.feature.match_template(image, other)
