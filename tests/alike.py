"""Collections with copies in them, and a search that compares all with all, for tests."""

from __future__ import annotations

import hashlib
import io
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image
from tests import build, candidates

from covidxr.imaging.likeness import NEAR_BITS

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from numpy.typing import NDArray


def near(hashes: NDArray[np.uint8]) -> tuple[list[int], list[int], list[int]]:
    """Compare every hash with every other."""
    bits = np.unpackbits(hashes, axis=1)
    found = [
        (one, other, int((bits[one] != bits[other]).sum()))
        for one in range(len(bits))
        for other in range(one + 1, len(bits))
    ]
    close = [each for each in found if each[2] <= NEAR_BITS]
    return [one for one, _, _ in close], [two for _, two, _ in close], [far for *_, far in close]


def smaller(data: bytes) -> bytes:
    """The same picture, smaller and coded again."""
    written = io.BytesIO()
    Image.open(io.BytesIO(data)).resize((200, 190)).save(written, "JPEG", quality=60)
    return written.getvalue()


def recoded(data: bytes) -> bytes:
    """The same pixels in other bytes."""
    written = io.BytesIO()
    Image.open(io.BytesIO(data)).save(written, "BMP")
    return written.getvalue()


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def collection(root: Path, files: Mapping[str, bytes], *rows: Mapping[str, str]) -> Path:
    """Write files below ``images/``, and the rows."""
    (root / "images").mkdir(parents=True, exist_ok=True)
    for name, data in files.items():
        (root / "images" / name).write_bytes(data)
    (root / "metadata.csv").write_text(build.csv_text(build.rows(*rows)))
    return root


ONE, TWO = candidates.picture(1), candidates.picture(2)
"""Two pictures that nobody takes for the same."""


def leaking(root: Path) -> Path:
    """Two patients share an image, one has another twice, and a file is in no row."""
    return collection(
        root,
        {
            "a.png": ONE,
            "b.jpg": smaller(ONE),
            "c.png": TWO,
            "d.bmp": recoded(TWO),
            "left.jpg": smaller(TWO),
            "other.png": candidates.picture(3),
        },
        {"patientid": "7", "filename": "a.png"},
        {"patientid": "8", "filename": "b.jpg"},
        {"patientid": "9", "filename": "c.png", "offset": "0"},
        {"patientid": "9", "filename": "d.bmp", "offset": "4"},
        {"patientid": "10", "filename": "other.png"},
    )
