"""What is true of the phantoms: lung boxes, severity scores and Brixia scores, as file texts.

Owns the annotation files' layout and the rules by which scores follow from the opacity that was
drawn. Opens no file.
"""

from __future__ import annotations

import csv
import json
from dataclasses import dataclass
from io import StringIO
from typing import TYPE_CHECKING

import numpy as np
from tools.phantom_opacity import degree, extent
from tools.phantom_raster import Mask, Pixels, bounding_box

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

LICENCE = "CC0-1.0"
LICENCE_URL = "https://creativecommons.org/publicdomain/zero/1.0/"
MAKER = "Drawn by tools/draw_collection.py; synthetic phantoms, not patients."
ZONES = ("A", "B", "C", "D", "E", "F")
SEVERITY_COLUMNS = ("filename", "geographic_extent_mean", "opacity_mean")
MASKS_NOTE = f"""# Lung masks

Both lungs of some of the synthetic frontal radiographs, exact by construction: 255 in the lungs, 0
elsewhere. {MAKER}

License: {LICENCE}, {LICENCE_URL}
Citation: The covidxr developers, synthetic reference collection.
"""
BRIXIA_COLUMNS = ("filename", *ZONES, "brixia_score")


@dataclass(frozen=True, slots=True, kw_only=True)
class Truth:
    """The lungs of one frontal radiograph, and the density of the opacity in them."""

    filename: str
    right: Mask
    left: Mask
    opacity: Pixels


def lung_boxes(truths: Sequence[Truth]) -> str:
    """Return the COCO file of lung bounding boxes: x, y, width and height in whole pixels."""
    images: list[dict[str, object]] = []
    annotations: list[dict[str, object]] = []
    for number, truth in enumerate(truths, start=1):
        height, width = truth.right.shape
        images.append(
            {
                "id": number,
                "file_name": truth.filename,
                "width": width,
                "height": height,
                "license": 1,
            }
        )
        for category, mask in ((1, truth.right), (2, truth.left)):
            box = bounding_box(mask)
            annotations.append(
                {
                    "id": len(annotations) + 1,
                    "image_id": number,
                    "category_id": category,
                    "bbox": list(box),
                    "area": box[2] * box[3],
                    "iscrowd": 0,
                }
            )
    content = {
        "info": {
            "description": f"Bounding boxes of the lungs, exact by construction. {MAKER}",
            "version": "1",
            "contributor": "The covidxr developers",
            "license": LICENCE,
        },
        "licenses": [{"id": 1, "name": LICENCE, "url": LICENCE_URL}],
        "categories": [
            {"id": 1, "name": "Right Lung", "supercategory": "Lung"},
            {"id": 2, "name": "Left Lung", "supercategory": "Lung"},
        ],
        "images": images,
        "annotations": annotations,
    }
    return json.dumps(content, indent=1, ensure_ascii=False) + "\n"


def severity(truth: Truth) -> tuple[int, int]:
    """Score extent (0-8) and opacity (0-6): both lungs together, 0-4 and 0-3 for each.

    The scale is that of Cohen et al., Predicting COVID-19 pneumonia severity on chest X-ray with
    deep learning, 2020.
    """
    lungs = (truth.right, truth.left)
    return (
        sum(extent(truth.opacity, lung) for lung in lungs),
        sum(degree(truth.opacity, lung) for lung in lungs),
    )


def brixia(truth: Truth) -> tuple[int, ...]:
    """Score the zones A-F, 0-3 each: upper, middle and lower third of the right, then left lung.

    The scale is that of Borghesi and Maroldi, COVID-19 outbreak in Italy, Radiol Med 2020; thirds
    of the lung's height stand for its anatomical landmarks.
    """
    scores = []
    for lung in (truth.right, truth.left):
        _, top, _, height = bounding_box(lung)
        rows = (np.arange(lung.shape[0]) - top) * 3 // height
        scores += [degree(truth.opacity, lung & (rows == zone)[:, None]) for zone in range(3)]
    return tuple(scores)


def severity_table(truths: Iterable[Truth]) -> str:
    """Return the table of severity scores."""
    preamble = [
        "Severity scores of the synthetic frontal radiographs, computed from the opacity drawn.",
        "geographic_extent_mean: 0-8, both lungs; 0-4 each: none, then each quarter begun.",
        "opacity_mean: 0-6, both lungs; 0-3 each: none, ground glass, mixed, consolidation.",
        "The scale is that of Cohen et al. 2020, arXiv:2005.11856; the scores are not theirs.",
    ]
    rows = [(truth.filename, *(f"{score:.1f}" for score in severity(truth))) for truth in truths]
    return _table(preamble, SEVERITY_COLUMNS, rows)


def brixia_table(truths: Iterable[Truth]) -> str:
    """Return the table of Brixia scores, with their sum."""
    preamble = [
        "Brixia scores of the synthetic frontal radiographs, computed from the opacity drawn.",
        "A, B, C: right lung, upper, middle, lower zone; D, E, F: left lung; 0-3 each.",
        "brixia_score: their sum, 0-18.",
        "The scale is that of Borghesi and Maroldi 2020, doi:10.1007/s11547-020-01200-3.",
    ]
    rows = []
    for truth in truths:
        scores = brixia(truth)
        rows.append((truth.filename, *map(str, scores), str(sum(scores))))
    return _table(preamble, BRIXIA_COLUMNS, rows)


def _table(preamble: Sequence[str], header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    about = [*preamble, MAKER, f"License: {LICENCE}, {LICENCE_URL}"]
    about.append("Citation: The covidxr developers, synthetic reference collection.")
    buffer = StringIO()
    buffer.writelines(f"## {line}\n" for line in about)
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return buffer.getvalue()


def pins(
    truths: Sequence[Truth],
    tables: Iterable[str],
    hashes: Mapping[str, str],
    masks: Mapping[str, str],
) -> str:
    """Return the table of the bytes that each image had when it was annotated.

    Parameters
    ----------
    truths : sequence of Truth
        Images that every table is about.
    tables : iterable of str
        Paths of tables.
    hashes : mapping of str to str
        SHA-256 by image.
    masks : mapping of str to str
        Image by the path of its mask.
    """
    lines = [(path, truth.filename) for path in tables for truth in truths]
    lines += list(masks.items())
    buffer = StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(("annotation", "filename", "sha256"))
    writer.writerows((path, name, hashes[name]) for path, name in sorted(lines))
    return buffer.getvalue()
