"""Draw the synthetic reference collection: `python tools/draw_collection.py [--root DIR]`.

Writes `metadata.csv`, `images/`, `volumes/` and `annotations/`, the same bytes every time with the
same library versions. Owns which file holds what, and the writing; the phantoms themselves are
drawn in the `phantom*` modules beside it. No file of the collection is edited by hand.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import sys
from dataclasses import replace
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tools import (
    phantom,
    phantom_build,
    phantom_cases,
    phantom_ct,
    phantom_files,
    phantom_truth,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tools.phantom_cases import Patient, Picture
    from tools.phantom_raster import Pixels

REPOSITORY = Path(__file__).resolve().parent.parent
MASKS_OF_PATIENTS = frozenset({1, 2, 4, 7, 9, 10, 11, 16, 21, 24, 28, 33})
DICOM_SHAPE = (272, 256)  # small, since its pixels are not compressed
SPACING_MM = {4: (5.5, 5.5, 8.0), 24: (5.0, 5.0, 7.5)}  # by patient
FLIPPED = frozenset({24})  # stored from right to left, as scanners do


def files() -> Iterator[tuple[str, bytes]]:
    """Draw everything.

    Yields
    ------
    tuple of str and bytes
        A path relative to the collection's root, with / between folders, and its content.
    """
    truths: list[phantom_truth.Truth] = []
    hashes: dict[str, str] = {}
    masks: dict[str, str] = {}
    for patient in phantom_cases.PATIENTS:
        for picture in patient.pictures:
            name = phantom_cases.filename(patient, picture)
            if picture.kind == "nii.gz":
                yield f"volumes/{name}", _volume(patient)
            elif picture.is_radiograph:
                radiograph = _radiograph(patient, picture)
                data = _encoded(patient, picture, radiograph.pixels)
                hashes[name] = hashlib.sha256(data).hexdigest()
                yield f"images/{name}", data
                truths += _truth(name, radiograph)
            else:
                yield f"images/{name}", _encoded(patient, picture, _slice(patient, picture))
            if picture.is_radiograph and patient.number in MASKS_OF_PATIENTS:
                for path, mask in _masks(truths, name):
                    masks[path] = name
                    yield path, mask
    tables = {
        "annotations/lung_bounding_boxes.json": phantom_truth.lung_boxes(truths),
        "annotations/severity-scores.csv": phantom_truth.severity_table(truths),
        "annotations/brixia-scores.csv": phantom_truth.brixia_table(truths),
    }
    for path, text in tables.items():
        yield path, text.encode()
    yield "annotations/lung-masks/README.md", phantom_truth.MASKS_NOTE.encode()
    pins = phantom_truth.pins(truths, tables, hashes, masks)
    yield "annotations/pinned.csv", pins.encode()
    yield "metadata.csv", metadata().encode()


def metadata() -> str:
    """Return the text of `metadata.csv`: one row an image, in the patients' order."""
    buffer = StringIO()
    writer = csv.DictWriter(buffer, phantom_cases.HEADER, lineterminator="\n")
    writer.writeheader()
    for patient in phantom_cases.PATIENTS:
        writer.writerows(phantom_cases.row(patient, picture) for picture in patient.pictures)
    return buffer.getvalue()


def draw(root: Path) -> int:
    """Write the collection below `root` and return how many files it has.

    Files of an earlier collection that have another name now are left where they are.
    """
    count = 0
    for name, content in files():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        count += 1
    return count


def main(arguments: Sequence[str] | None = None) -> int:
    """Draw the collection and say so."""
    parser = argparse.ArgumentParser(description="Draw the synthetic reference collection.")
    parser.add_argument(
        "--root", type=Path, default=REPOSITORY, help="where to write it (default: the repository)"
    )
    root: Path = parser.parse_args(arguments).root
    print(f"drew {draw(root)} files below {root}")
    return 0


def _radiograph(patient: Patient, picture: Picture) -> phantom.Radiograph:
    build = phantom_build.build_of(patient.name, is_female=patient.person.startswith("F"))
    if picture.kind == "dcm":
        build = replace(build, shape=DICOM_SHAPE)
    is_tubed, is_in_icu = (answer == "Y" for answer in picture.state)
    exposure = phantom.Exposure(
        key=f"{picture.day} {picture.view}",
        view=picture.view,
        pattern=patient.pattern,
        severity=picture.severity,
        has_tube=is_tubed,
        has_wires=is_in_icu,
        is_marked=picture.kind != "dcm",
    )
    return phantom.draw(build, exposure)


def _encoded(patient: Patient, picture: Picture, pixels: Pixels) -> bytes:
    if picture.kind == "dcm":
        identity = phantom_files.Identity(
            patient=patient.name,
            sex=patient.person[0],
            age_years=int(patient.person[1:]),
            study_date=picture.date.replace("-", ""),
            view=picture.view,
            description=phantom_cases.CREDIT[:64],
        )
        return phantom_files.dicom(pixels, identity)
    encoders = {
        "jpg": phantom_files.jpeg,
        "png": phantom_files.png,
        "16.png": phantom_files.deep_png,
    }
    return encoders[picture.kind](pixels)


def _thorax(patient: Patient) -> phantom_ct.Thorax:
    return phantom_ct.thorax_of(patient.name, patient.pattern)


def _slice(patient: Patient, picture: Picture) -> Pixels:
    return phantom_ct.slice_of(_thorax(patient), picture.view, picture.at or 0.0)


def _volume(patient: Patient) -> bytes:
    spacing, is_flipped = SPACING_MM[patient.number], patient.number in FLIPPED
    voxels = phantom_ct.volume_of(_thorax(patient), spacing, is_flipped=is_flipped)
    affine = phantom_ct.affine_of(spacing, is_flipped=is_flipped)
    return phantom_files.nifti(voxels, affine, "Synthetic phantom, not a patient; HU")


def _truth(name: str, radiograph: phantom.Radiograph) -> Iterator[phantom_truth.Truth]:
    """Yield the truth of a frontal radiograph; nothing for a lateral one."""
    if radiograph.lungs is not None:
        right, left, opacity = radiograph.lungs
        yield phantom_truth.Truth(filename=name, right=right, left=left, opacity=opacity)


def _masks(truths: Sequence[phantom_truth.Truth], name: str) -> Iterator[tuple[str, bytes]]:
    for truth in truths[-1:]:
        if truth.filename == name:
            mask = phantom_files.mask_png(truth.right | truth.left, phantom_truth.LICENCE)
            yield f"annotations/lung-masks/{Path(name).stem}_mask.png", mask


if __name__ == "__main__":
    sys.exit(main())
