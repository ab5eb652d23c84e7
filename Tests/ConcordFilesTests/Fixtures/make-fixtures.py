"""Makes GoldenFiles.swift: tiny files written by the Python packages that our users use.

Needs: pip install numpy pillow tifffile imagecodecs h5py
Run it in this folder; its output is committed, so tests need no Python.
Every element follows one rule, which the tests know too (see `pattern`).
"""

import base64
import io
import struct
import zlib

import h5py
import numpy as np
import tifffile
from PIL import Image


def pattern(shape, dtype="u1", channels=1):
    """100 plane + 20 row + 3 column + 7 channel, channels last."""
    index = np.indices(shape + (channels,))
    planes = index[0] if len(shape) == 3 else 0
    values = 100 * planes + 20 * index[-3] + 3 * index[-2] + 7 * index[-1]
    kind = np.dtype(dtype).kind
    if dtype in ("u2", ">u2"):
        values = values * 100
    elif kind == "i":
        values = values - 50
    elif kind == "f":
        values = values * 0.25 - 10
    values = values.astype(dtype)
    return values[..., 0] if channels == 1 else values


def chunk(name, data):
    body = name + data
    return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))


def png(columns, rows, bits, color, raw, interlaced=0, extra=b""):
    """A PNG file from rows that are filtered already."""
    header = struct.pack(">IIBBBBB", columns, rows, bits, color, 0, 0, interlaced)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + extra
        + chunk(b"IDAT", zlib.compress(raw, 9)) + chunk(b"IEND", b"")
    )


def plain(pixels):
    return b"".join(b"\0" + row.tobytes() for row in pixels)


def adam7(pixels):
    raw = b""
    steps = [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)]
    for left, top, across, down in steps:
        part = pixels[top::down, left::across]
        if part.size:
            raw += plain(part)
    return raw


def pngs():
    shape, size = (5, 6), (6, 5)
    yield "pngGrey8", png(*size, 8, 0, plain(pattern(shape)))
    yield "pngGrey16", png(*size, 16, 0, plain(pattern(shape, ">u2")))
    yield "pngGreyAlpha8", png(*size, 8, 4, plain(pattern(shape, channels=2)))
    yield "pngColor8", png(*size, 8, 2, plain(pattern(shape, channels=3)))
    yield "pngColor16", png(*size, 16, 2, plain(pattern(shape, ">u2", 3)))
    yield "pngColorAlpha8", png(*size, 8, 6, plain(pattern(shape, channels=4)))
    yield "pngInterlacedGrey16", png(*size, 16, 0, adam7(pattern(shape, ">u2")), 1)
    yield "pngInterlacedColor8", png(*size, 8, 2, adam7(pattern(shape, channels=3)), 1)
    # Rows 0 1 0 1 0 1, 1 0 1 0 1 0, …
    bits = np.add.outer(np.arange(5), np.arange(6)) % 2
    yield "pngBits", png(*size, 1, 0, b"".join(b"\0" + np.packbits(r.astype("u1")).tobytes() for r in bits))
    # Indices 0 1 2 3 along each row; the second colour is half transparent, the third fully.
    indices = b"\0" + bytes([0b00011011])
    palette = chunk(b"PLTE", bytes([10, 20, 30, 40, 50, 60, 70, 80, 90, 100, 110, 120]))
    yield "pngPalette", png(4, 2, 2, 3, indices * 2, extra=palette)
    transparency = chunk(b"tRNS", bytes([255, 128, 0]))
    yield "pngPaletteAlpha", png(4, 2, 2, 3, indices * 2, extra=palette + transparency)
    target = io.BytesIO()
    Image.fromarray(pattern(shape, channels=3)).save(target, "png")
    yield "pngPillow", target.getvalue()


def tiff(pixels, **options):
    target = io.BytesIO()
    options.setdefault("photometric", "minisblack")
    tifffile.imwrite(target, pixels, metadata=None, software=False, **options)
    return target.getvalue()


def tiffs():
    shape = (5, 6)
    for name in ("u1", "u2", "u4", "i1", "i2", "i4", "f2", "f4", "f8"):
        yield "tiff" + name.upper(), tiff(pattern(shape, name))
    yield "tiffBigEndian", tiff(pattern(shape, "u2"), byteorder=">")
    yield "tiffBig", tiff(pattern(shape, "f4"), bigtiff=True)
    yield "tiffPages", tiff(pattern((2,) + shape), byteorder="<")
    yield "tiffPagesBigEndian", tiff(pattern((3,) + shape, "f4"), byteorder=">", compression="zlib")
    yield "tiffLZW", tiff(pattern(shape, "u2"), compression="lzw", predictor=True)
    yield "tiffDeflate", tiff(pattern(shape, "f4"), compression="zlib", predictor=True)
    yield "tiffPackBits", tiff(pattern(shape), compression="packbits", rowsperstrip=2)
    yield "tiffTiles", tiff(pattern((20, 18), "u2"), tile=(16, 16), compression="zlib")
    color = pattern(shape, channels=3)
    yield "tiffColor", tiff(color, photometric="rgb")
    yield "tiffColorPlanes", tiff(np.moveaxis(color, 2, 0), photometric="rgb", planarconfig="separate")
    yield "tiffColorAlpha", tiff(pattern(shape, channels=4), photometric="rgb", extrasamples=["unassalpha"])
    tiles = pattern((20, 18), "f4", channels=3)
    yield "tiffColorTiles", tiff(
        np.moveaxis(tiles, 2, 0), photometric="rgb", planarconfig="separate", tile=(16, 16), compression="zlib")
    yield "tiffWhiteIsZero", tiff(pattern(shape), photometric="miniswhite")
    target = io.BytesIO()
    with tifffile.TiffWriter(target) as writer:
        writer.write(pattern((8, 8)), metadata=None, software=False)
        writer.write(pattern((4, 4)), metadata=None, software=False, subfiletype=1)
    yield "tiffPyramid", target.getvalue()
    target = io.BytesIO()
    with tifffile.TiffWriter(target) as writer:
        writer.write(pattern((5, 6)), metadata=None, software=False)
        writer.write(pattern((6, 5)), metadata=None, software=False)
    yield "tiffUnequalPages", target.getvalue()
    palette = Image.new("P", (4, 2))
    palette.putpalette([10, 20, 30, 40, 50, 60, 70, 80, 90, 100, 110, 120])
    palette.putdata([0, 1, 2, 3] * 2)
    target = io.BytesIO()
    palette.save(target, "tiff")
    yield "tiffPalette", target.getvalue()
    target = io.BytesIO()
    Image.fromarray(np.add.outer(np.arange(5), np.arange(6)) % 2 == 1).save(target, "tiff", compression="group4")
    yield "tiffFax", target.getvalue()
    yield "tiffJPEG", tiff(np.full((16, 16, 3), 100, "u1"), photometric="rgb", compression="jpeg")


def hdf5(*datasets, **options):
    target = io.BytesIO()
    with h5py.File(target, "w", **options) as file:
        for name, data, layout in datasets:
            file.create_dataset(name, data=data, **layout)
    return target.getvalue()


def hdf5s():
    compact = dict(libver=("v110", "v110"))
    shape = (3, 4, 5)
    packed = dict(chunks=(1, 2, 5), compression="gzip", shuffle=True)
    yield "hdf5Contiguous", hdf5(("x", pattern(shape, "f4"), {}), **compact)
    yield "hdf5Old", hdf5(("g/x", pattern(shape, "f4"), {}))
    yield "hdf5Packed", hdf5(("g/x", pattern(shape, "i2"), packed), **compact)
    yield "hdf5OldPacked", hdf5(("g/x", pattern(shape, "u2"), packed))
    checked = dict(packed, fletcher32=True)
    yield "hdf5Checked", hdf5(("g/x", pattern(shape, "f8"), checked), **compact)
    big = pattern((4, 5), "i2").astype(">i2")
    yield "hdf5Kinds", hdf5(
        ("big", big, {}), ("half", pattern((4, 5), "f2"), {}), ("bool", pattern((4, 5)) % 2 == 1, {}),
        ("scalar", 3.5, {}), ("leading", pattern((4, 5)).reshape(1, 1, 4, 5), {}),
        ("complex", np.ones(2, "c8"), {}), ("text", "abc", {}), ("many", np.zeros((2, 2, 2, 2)), {}), **compact)


def literal(data):
    """Runs of zero bytes are left out: lists of offset and base64."""
    parts, start = [], 0
    while start < len(data):
        if data[start] == 0:
            start += 1
            continue
        end = start
        while end < len(data) and any(data[end : end + 12]):
            end += 1
        parts.append((start, data[start:end]))
        start = end
    return parts


def main():
    lines = ["// Made by make-fixtures.py; do not edit.", "", "enum GoldenFiles {"]
    names = []
    for name, data in [*pngs(), *tiffs(), *hdf5s()]:
        names.append(name)
        lines.append(f"  static let {name} = GoldenFile(")
        lines.append(f'    "{name}", bytes: {len(data)},')
        lines.append("    parts: [")
        for offset, part in literal(data):
            text = base64.b64encode(part).decode()
            pieces = [text[i : i + 76] for i in range(0, len(text), 76)]
            joined = '"\n          + "'.join(pieces)
            lines.append(f'      ({offset}, "{joined}"),')
        lines.append("    ])")
        lines.append("")
    lines.append("  static let all = [")
    row = "   "
    for name in names:
        if len(row) + len(name) > 96:
            lines.append(row)
            row = "   "
        row += f" {name},"
    lines += [row, "  ]", "}", ""]
    with open("GoldenFiles.swift", "w") as file:
        file.write("\n".join(lines))


if __name__ == "__main__":
    main()
