"""Places that `concord match` finds, beside those of scikit-image.

    python peaks.py --program concord [FOLDER]

Six cases for each of four images: three parts of it as templates, at two distances. The same distance is
given as neighbourhood, minimum distance and excluded border, which is what peak_local_max means by
min_distance. Scores of scikit-image are computed in double precision.
"""

import argparse
import json
import pathlib
import subprocess
import sys
import tempfile

import numpy
import skimage
import skimage.data
import skimage.feature
import skimage.io

IMAGES = ("camera", "coins", "text", "moon")
# Row and column as parts of what is left, and extents.
PARTS = ((0.3, 0.4, 24, 32), (0.55, 0.2, 41, 23), (0.1, 0.75, 16, 16))
CASES = ((4, 0.5), (11, 0.2))
# Places whose scores differ by less may come in any order.
ROUNDING = 1e-6


def theirs(image, template, distance, threshold):
    scores = skimage.feature.match_template(image, template)
    places = skimage.feature.peak_local_max(
        scores, min_distance=distance, threshold_abs=threshold, exclude_border=distance)
    return [(int(y), int(x), float(scores[y, x])) for y, x in places]


def ours(program, image, template, distance, threshold):
    """Places by the program, of files of single precision."""
    with tempfile.TemporaryDirectory() as folder:
        names = [str(pathlib.Path(folder) / name) for name in ("scene.npy", "template.npy")]
        for name, array in zip(names, (image, template)):
            numpy.save(name, array.astype(numpy.float32))
        answer = subprocess.run(
            [program, "match", *names, "--top", "100000", "--threshold", str(threshold),
             "--min-distance", str(distance), "--neighborhood", str(distance),
             "--exclude-border", str(distance), "--json"],
            check=True, capture_output=True, text=True)
    return [(p["row"], p["column"], p["score"]) for p in json.loads(answer.stdout)["peaks"]]


def difference(ours, theirs):
    """What is different, in words; nothing if it is but the order of equal scores."""
    mine, yours = ({p[:2]: p[2] for p in places} for places in (ours, theirs))
    only = [f"only ours: {p}" for p in mine.keys() - yours.keys()]
    only += [f"only theirs: {p}" for p in yours.keys() - mine.keys()]
    worst = max((abs(mine[p] - yours[p]) for p in mine.keys() & yours.keys()), default=0)
    if worst > 1e-5:
        only.append(f"scores differ by {worst:.1e}")
    ranked = list(mine)
    for first, second in zip(ranked, ranked[1:]):
        if first in yours and second in yours and yours[first] < yours[second] - ROUNDING:
            only.append(f"{first} before {second}")
    return only


def main():
    parser = argparse.ArgumentParser(description="Compares places with scikit-image's.")
    parser.add_argument("folder", nargs="?", type=pathlib.Path)
    parser.add_argument("--program", default="concord")
    arguments = parser.parse_args()
    print(f"scikit-image {skimage.__version__}")
    wrong = 0
    for name in IMAGES:
        if arguments.folder:
            image = skimage.io.imread(arguments.folder / f"{name}.png", as_gray=True)
        else:
            image = getattr(skimage.data, name)()
        image = image.astype(float)
        for down, across, rows, columns in PARTS:
            top = int(down * (image.shape[0] - rows))
            left = int(across * (image.shape[1] - columns))
            template = image[top:top + rows, left:left + columns]
            for distance, threshold in CASES:
                expected = theirs(image, template, distance, threshold)
                found = ours(arguments.program, image, template, distance, threshold)
                faults = difference(found, expected)
                wrong += bool(faults)
                print(f"{name}: {rows} x {columns} at {top}, {left}, distance {distance}, threshold "
                      f"{threshold}: {len(expected)} places, "
                      + ("the same" if not faults else "; ".join(faults[:5])))
    total = len(IMAGES) * len(PARTS) * len(CASES)
    print(f"{total - wrong} of {total} cases agree")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
