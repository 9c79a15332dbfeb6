"""Masks: a PNG file of an image's size in which what is not black is marked."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from covidxr.annotated import Annotated, AnnotationFile
from covidxr.annotating import adapter
from covidxr.imaging.maskread import read_mask

if TYPE_CHECKING:
    from covidxr.annotating import Source

# `<stem>_mask.png`, or with what is marked before or behind: `<stem>_lung_mask.png`,
# `<stem>_mask_left.png`. Four masks that were published end in `_mask.png.png`.
NAME = re.compile(
    r"(.+?)[_-]mask(?:[_-]([A-Za-z0-9]+(?:[_-][A-Za-z0-9]+)*))?(?:\.png)+", re.IGNORECASE
)
_PNG = b"\x89PNG\r\n\x1a\n"


def _knows(source: Source) -> bool:
    return source.data[:8] == _PNG and NAME.fullmatch(source.name) is not None


@adapter("masks", title="Masks (PNG)", since="0.1", knows=_knows, by_folder=True)
def masks(source: Source) -> AnnotationFile:
    """Read one mask, ``<stem>_mask.png`` for the image of that name without extension.

    Every pixel that is not 0 is marked. A label may stand behind: ``<stem>_mask_left.png``.
    """
    match = NAME.fullmatch(source.name)
    bare, label = (match[1], match[2] or "") if match else (source.name, "")
    image, row = source.names.by_stem(bare)
    mask = read_mask(source.path, source.data, label.replace("_", " "), pixels=source.pixels)
    annotated = Annotated(
        image=image, written=source.name, row=row, file=source.path, masks=(mask,)
    )
    return AnnotationFile(
        path=source.path,
        format="masks",
        images=(annotated,),
        labels=(mask.label,) if mask.label else (),
    )
