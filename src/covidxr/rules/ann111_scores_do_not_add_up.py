"""ANN111: a Brixia score is not the sum of its zones."""

from __future__ import annotations

from typing import TYPE_CHECKING

from covidxr import annotationhits
from covidxr.annotated import SUM, ZONES
from covidxr.model import Severity
from covidxr.plugins import Need, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from covidxr.annotated import Annotated, Score
    from covidxr.dataset import Dataset
    from covidxr.model import Hit


# Means of readers are published with one decimal, each rounded by itself.
_ROUNDING = 0.35


@rule("ANN111", severity=Severity.ERROR, since="0.1", needs=(Need.ANNOTATIONS,))
def scores_do_not_add_up(dataset: Dataset) -> Iterator[Hit]:
    """Report a Brixia score that is not the sum of its six zones.

    What it checks
    --------------
    Where all six zones of a reader and a sum are given, the sum is theirs.

    Why it matters
    --------------
    One of the seven numbers is wrong, and nobody can tell which.

    Example
    -------
    Zones 0, 1, 1, 0, 1, 2 and a score of 6.

    How to fix
    ----------
    Look it up where the scores were published, and correct it.

    Source
    ------
    Borghesi and Maroldi 2020, doi:10.1007/s11547-020-01200-3: the sum of the six zones, 0 to
    18.
    """
    for file, image in annotationhits.images(dataset):
        for total, zones in _readers(image):
            if total.value is not None and len(zones) == len(ZONES):
                summed = sum(zones)
                if abs(total.value - summed) > _ROUNDING:
                    yield annotationhits.hit(
                        file,
                        image,
                        f"{total.written} of {image.image} is {total.text}, its zones make "
                        f"{summed:g}",
                        at=(total.line, total.column),
                        field=total.written,
                        suggestion="one of the seven numbers is wrong: look them up",
                    )


def _readers(image: Annotated) -> Iterator[tuple[Score, list[float]]]:
    """Give each sum with the zones before it: readers stand side by side."""
    zones: dict[str, float] = {}
    for score in image.scores:
        if score.name in ZONES and score.value is not None:
            zones[score.name] = score.value
        elif score.name == SUM:
            yield score, list(zones.values())
            zones = {}
