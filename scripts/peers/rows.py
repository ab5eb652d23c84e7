"""What several libraries do to rows of numbers."""

import numpy


def standardized(rows):
    """Rows whose product with their own transpose is the matrix of Pearson's coefficients."""
    centred = rows - rows.mean(axis=1, keepdims=True)
    centred /= numpy.sqrt(numpy.einsum("ij,ij->i", centred, centred))[:, None]
    return centred
