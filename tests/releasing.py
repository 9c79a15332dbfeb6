"""A small collection that is clean, committed, and ready to be released."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from tests import build
from tests.gitrepo import committed

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

SETTINGS = """\
# what we are
[collection]
name = "ours"
title = "Our images"
makers = [{ name = "The curators" }]
"""


def picture(shade: int) -> bytes:
    """A PNG of 512 x 512 pixels that no other shade's is like."""
    import numpy as np
    from PIL import Image

    out = io.BytesIO()
    noise = np.random.default_rng(shade).integers(0, 256, (512, 512), dtype=np.uint8)
    image = Image.fromarray(noise)
    image.paste(shade, (shade, 0, shade + 200, 512))
    image.save(out, "PNG")
    return out.getvalue()


def write(root: Path, *changes: Mapping[str, str]) -> None:
    """Write a table of good rows, and a picture for each that has none."""
    made = build.rows(*changes)
    (root / "metadata.csv").write_text(build.csv_text(made))
    (root / "images").mkdir(exist_ok=True)
    for number, row in enumerate(made):
        path = root / "images" / row["filename"]
        if not path.exists():
            path.write_bytes(picture(40 * number + 10))


def collection(root: Path) -> Path:
    """Make a collection of three rows, committed once."""
    root.mkdir(parents=True, exist_ok=True)
    write(root, {}, {}, {})
    (root / "covidxr.toml").write_text(SETTINGS)
    committed(root, "three rows")
    return root
