"""CLN109: an oxygen saturation that hardly anyone survives."""

from __future__ import annotations

from typing import TYPE_CHECKING

from covidxr.columns import BY_NAME
from covidxr.model import Severity
from covidxr.plugins import rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from covidxr.dataset import Dataset
    from covidxr.model import Hit

# Below it pulse oximeters are not calibrated (ISO 80601-2-61 asks for 70 % to 100 %), and
# consciousness is lost.
_LOW = 50


@rule("CLN109", severity=Severity.WARNING, since="0.1")
def saturation_implausibly_low(dataset: Dataset) -> Iterator[Hit]:
    """Report an oxygen saturation below 50 %.

    What it checks
    --------------
    pO2_saturation is 50 or more. A value up to 1 is probably a fraction, another one a partial
    pressure in mmHg, which is below 50 in many of the severely ill.

    Why it matters
    --------------
    A saturation of 40 % and an oxygen pressure of 40 mmHg (a saturation of about 75 %) are two
    different patients. Where one value of a source is a pressure, all of that source may be, and
    those from 50 to 100 look right.

    Example
    -------
    ``35`` beside ``130`` from the same source: both are mmHg.

    How to fix
    ----------
    Look at what the source measured. Move a pressure to other_notes; write 0.93 as 93.

    Source
    ------
    ISO 80601-2-61 on the range of pulse oximeters; the oxygen dissociation curve
    (J. W. Severinghaus, J. Appl. Physiol. 46, 1979) on pressures and saturations.
    """
    column = BY_NAME["pO2_saturation"]
    for cells in dataset.cells(column.name):
        if not cells.text or column.judge(cells.text) is not None:
            continue
        value = float(cells.text)
        if value <= 1:
            suggestion = f"a fraction? then write {value * 100:g}"
        else:
            suggestion = "a pO2 in mmHg? then look at the other values of this source too"
        if value < _LOW:
            yield cells.at(
                column.name,
                f"an oxygen saturation of {cells.text} % is hardly compatible with life",
                suggestion=suggestion,
            )
