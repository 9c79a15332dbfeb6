"""Annotated collections for tests, described as data."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests import build

from covidxr.annotated import Annotated, AnnotationFile, Mask, Pin, Region, Score

if TYPE_CHECKING:
    from covidxr.dataset import Dataset

FILE = "annotations/boxes.json"


def image(**more: Any) -> Annotated:
    """An image of the first row, named at line 3 of the annotation file."""
    known = {"image": "image-1.png", "written": "image-1.png", "row": 0, "line": 3, "column": 5}
    return Annotated(**{**known, **more})


def box(left: Any, top: Any, width: Any, height: Any, **more: Any) -> Region:
    return Region(box=(left, top, width, height), **{"label": "Left Lung", "line": 9, **more})


def mask(**more: Any) -> Mask:
    """A mask of the size of the image whose half is marked."""
    half = 512 * 256
    known = {"path": "annotations/lungs/image-1_mask.png", "width": 512, "height": 512}
    return Mask(**{**known, "values": (0, 255), "runs": (half, half), **more})


def score(name: str, text: str, **more: Any) -> Score:
    from covidxr.scoresheet import number

    known = {"written": name, "value": number(text), "line": 7, "column": 20}
    return Score(name=name, text=text, **{**known, **more})


def file(*images: Annotated, **more: Any) -> AnnotationFile:
    known = {"path": FILE, "format": "coco", "licence": "CC0-1.0", "citation": "A. Reader"}
    return AnnotationFile(**{**known, "images": images, **more})


def data(*files: AnnotationFile, pins: tuple[Pin, ...] = (), **more: Any) -> Dataset:
    """A good row, its image of 512 x 512 pixels, and annotation files."""
    return build.dataset({}, annotations=files, pins=pins, **more)


def said(code: str, *files: AnnotationFile, **more: Any) -> list[tuple[int, str]]:
    """Lines and messages of one rule."""
    return [(line, message) for line, _, message in build.hits(code, data(*files, **more))]
