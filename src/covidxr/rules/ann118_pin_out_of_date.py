"""ANN118: a pin says nothing any more."""

from __future__ import annotations

from typing import TYPE_CHECKING

from covidxr import annotationhits
from covidxr.annotationpins import NAME as PINS
from covidxr.annotationpins import SHA256
from covidxr.model import Hit, Severity
from covidxr.plugins import Need, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from covidxr.dataset import Dataset


@rule("ANN118", severity=Severity.WARNING, since="0.1", needs=(Need.ANNOTATIONS,))
def pin_out_of_date(dataset: Dataset) -> Iterator[Hit]:
    """Report a pin of an annotation that is gone.

    What it checks
    --------------
    Each line of ``annotations/pinned.csv`` names an annotation file that is there, an image
    that it is about, and a SHA-256.

    Why it matters
    --------------
    A pin of something that is gone guards nothing; a damaged hash would report every image as
    changed, or none.

    Example
    -------
    Line 4 pins ``a.png`` for ``boxes.json``, which does not name it any more.

    How to fix
    ----------
    ``covidxr annotations pin --stale`` removes such lines.

    Source
    ------
    ``docs/annotations.md``; SHA-256 (FIPS 180-4).
    """
    named = {
        (image.file or file.path, image.image) for file, image in annotationhits.images(dataset)
    }
    for pin in dataset.pins:
        why = ""
        if (pin.annotation, pin.filename) not in named:
            why = f"{pin.annotation} says nothing of {pin.filename}"
        elif not SHA256.fullmatch(pin.sha256):
            why = f"{pin.sha256!r} is no SHA-256"
        if why:
            yield Hit(
                message=f"the pin of {pin.filename} guards nothing: {why}",
                file=PINS,
                line=pin.line,
                field="annotation",
                value=f"{pin.annotation} {pin.filename}",
                suggestion="`covidxr annotations pin --stale` removes such lines",
            )
