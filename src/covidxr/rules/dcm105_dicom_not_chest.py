"""DCM105: a DICOM file shows another part of the body."""

from __future__ import annotations

from typing import TYPE_CHECKING

from covidxr.model import Severity
from covidxr.plugins import Need, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from covidxr.dataset import Dataset
    from covidxr.model import Hit

_FAR = frozenset(
    {
        *("ANKLE", "ARM", "BLADDER", "BRAIN", "BREAST", "CALCANEUS", "CALF", "COCCYX", "EAR"),
        *("ELBOW", "EXTREMITY", "EYE", "FACE", "FEMUR", "FINGER", "FOOT", "FOREARM", "HAND"),
        *("HEAD", "HIP", "JAW", "KNEE", "LEG", "MAXILLA", "ORBIT", "PELVIS", "PROSTATE"),
        *("RECTUM", "SINUS", "SKULL", "SSPINE", "TESTIS", "THIGH", "THUMB", "TIBIA FIBULA"),
        *("TOE", "UTERUS", "WRIST", "ZYGOMA"),
    }
)


@rule("DCM105", severity=Severity.WARNING, since="0.1", needs=(Need.IMAGES,))
def dicom_not_chest(dataset: Dataset) -> Iterator[Hit]:
    """Report a DICOM file whose BodyPartExamined is not the chest.

    What it checks
    --------------
    BodyPartExamined is none of the parts that lie far from the chest: head, limbs, pelvis, breast
    and the like. Parts beside it (neck, shoulder, spine, heart, abdomen), the whole body and words
    that are in no list of DICOM's pass.

    Why it matters
    --------------
    An image of a knee among chests was put there by mistake, or is mislabelled.

    Example
    -------
    BodyPartExamined ``KNEE``.

    How to fix
    ----------
    Look at the image. Machines keep the part of the last examination; if it shows a chest, keep the
    file in the baseline.

    Source
    ------
    DICOM PS3.16, annex L, table L-1, Body Part Examined.
    """
    for path, facts in dataset.files.items():
        part = dict(facts.tags).get("BodyPartExamined", "").upper()
        if part in _FAR:
            yield dataset.at_file(
                path,
                f"{path} shows another part of the body: BodyPartExamined {part}",
                suggestion="look at the image: is it a chest?",
            )
