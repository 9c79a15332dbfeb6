"""DCM101: a DICOM file says another view than its row."""

from __future__ import annotations

from typing import TYPE_CHECKING

from covidxr.columns import VIEW_MODALITY
from covidxr.dicomrows import meant, tagged
from covidxr.model import Severity
from covidxr.plugins import Need, rule

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from collections.abc import Set as AbstractSet

    from covidxr.dataset import Dataset
    from covidxr.model import Hit

    # What the header says, and the views that fit it.
    Said = tuple[str, AbstractSet[str]]

_FRONTAL, _LATERAL = frozenset({"PA", "AP", "AP Supine"}), frozenset({"L"})
_POSITIONS = {
    "PA": frozenset({"PA"}),
    "AP": frozenset({"AP", "AP Supine"}),
    "LL": _LATERAL,
    "RL": _LATERAL,
    "LAT": _LATERAL,
    "LATERAL": _LATERAL,
}
# Where the rows of a picture run to, its columns running to feet or head.
_ACROSS = {"L": _FRONTAL, "R": _FRONTAL, "A": _LATERAL, "P": _LATERAL}
# Cosine of 18 degrees: slices of a tilted gantry are axial.
_STRAIGHT = 0.95


@rule("DCM101", severity=Severity.WARNING, since="0.1", needs=(Need.IMAGES,))
def dicom_view_differs(dataset: Dataset) -> Iterator[Hit]:
    """Report a row whose view is not what its DICOM file says.

    What it checks
    --------------
    Where the header is plain, the row's view fits it. Of a radiograph: ViewPosition PA is PA, AP is
    AP or AP Supine, LL, RL and LATERAL are L; without one of these, PatientOrientation tells a
    frontal from a lateral view. Of a CT slice: ImageOrientationPatient tells the plane, unless it
    is oblique or a localiser. Decubitus and oblique views, and other words, say nothing.

    Why it matters
    --------------
    Front and side, or AP and PA, look different to a model: the heart is larger in AP. Users of
    collections like this one complain often about views that were entered wrongly.

    Example
    -------
    view ``PA``, while the file has ViewPosition ``LL``.

    How to fix
    ----------
    Look at the image. Technicians leave ViewPosition as the machine had it, so the row may be
    right; keep it in the baseline then.

    Source
    ------
    DICOM PS3.3, C.8.1.3 and C.8.11.5 (View Position), C.7.6.1.1.1 (Patient Orientation),
    C.7.6.2.1.1 (Image Orientation).
    """
    for row, tags in tagged(dataset, "view"):
        said = _projection(tags) or _plane(tags)
        view = meant(row, "view")
        if said is not None and view in VIEW_MODALITY and view not in said[1]:
            yield row.at(
                "view",
                f"the view is {row['view']}, but the file says {said[0]}",
                suggestion="look at the image: one of the two is wrong",
            )


def _projection(tags: Mapping[str, str]) -> Said | None:
    """Read the view of a radiograph; None for a CT, and where nothing is plain."""
    if tags.get("Modality", "").upper() == "CT":
        return None
    word = tags.get("ViewPosition", "").upper()
    if word:
        views = _POSITIONS.get(word)
        return None if views is None else (f"ViewPosition {word}", views)
    directions = tuple(part[:1] for part in tags.get("PatientOrientation", "").upper().split("\\"))
    if len(directions) != 2 or directions[1] not in {"F", "H"}:  # noqa: PLR2004 - rows, columns
        return None
    views = _ACROSS.get(directions[0])
    shown = tags["PatientOrientation"].replace("\\", "/")
    return None if views is None else (f"PatientOrientation {shown}", views)


def _plane(tags: Mapping[str, str]) -> Said | None:
    """Read the plane of a CT slice; None where it is askew, or a localiser."""
    if tags.get("Modality", "").upper() != "CT" or "LOCALIZER" in tags.get("ImageType", "").upper():
        return None
    try:
        x1, y1, z1, x2, y2, z2 = map(float, tags.get("ImageOrientationPatient", "").split("\\"))
    except ValueError:
        return None
    normal = (y1 * z2 - z1 * y2, z1 * x2 - x1 * z2, x1 * y2 - y1 * x2)
    planes = [
        plane
        for plane, part in zip(("Sagittal", "Coronal", "Axial"), normal, strict=True)
        if abs(part) > _STRAIGHT
    ]
    return ("an ImageOrientationPatient that is " + planes[0], {planes[0]}) if planes else None
