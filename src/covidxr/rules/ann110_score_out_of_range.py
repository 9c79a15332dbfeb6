"""ANN110: a score is not on its scale."""

from __future__ import annotations

from typing import TYPE_CHECKING

from covidxr import annotationhits
from covidxr.annotated import MOST
from covidxr.model import Severity
from covidxr.plugins import Need, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from covidxr.annotated import Score
    from covidxr.dataset import Dataset
    from covidxr.model import Hit


@rule("ANN110", severity=Severity.ERROR, since="0.1", needs=(Need.ANNOTATIONS,))
def score_out_of_range(dataset: Dataset) -> Iterator[Hit]:
    """Report a score that is no number or not on its scale.

    What it checks
    --------------
    Geographic extent is 0 to 8, opacity 0 to 6, a Brixia zone a whole number from 0 to 3, their
    sum one from 0 to 18; a mean of readers may have decimals. A blank score is not looked at.

    Why it matters
    --------------
    It cannot be true, and one such value moves a regression.

    Example
    -------
    ``opacity_mean`` of 7.3.

    How to fix
    ----------
    Look it up where the scores were published, and correct it.

    Source
    ------
    Cohen et al. 2020, arXiv:2005.11856 (extent 0 to 4 and opacity 0 to 3 for each lung);
    Borghesi and Maroldi 2020, doi:10.1007/s11547-020-01200-3.
    """
    for file, image in annotationhits.images(dataset):
        for score in image.scores:
            why = _why(score)
            if why:
                yield annotationhits.hit(
                    file,
                    image,
                    f"{score.written} of {image.image} is {score.text}, {why}",
                    at=(score.line, score.column),
                    field=score.written,
                    suggestion="look it up where the scores were published",
                )


def _why(score: Score) -> str:
    most = MOST.get(score.name)
    if not score.text or most is None:
        return ""
    if score.value is None:
        return "which is no number"
    if not 0 <= score.value <= most:
        return f"and the scale is 0 to {most}"
    return ""
