"""COCO JSON of a whole collection: images, what is marked in them, and what is known of them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from covidxr import cocoform, exportcontents
from covidxr.about import NOTICE
from covidxr.labels import read_finding
from covidxr.licences import LICENCES, read_licence
from covidxr.model import Artifact
from covidxr.plugins import exporter

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from covidxr.annotated import Annotated, AnnotationFile
    from covidxr.cocoform import Instances
    from covidxr.dataset import Dataset
    from covidxr.model import ImageFacts
    from covidxr.table import Row

    _Found = tuple[AnnotationFile, Annotated]

# Of a row, what says something of the image; clinical numbers stand in the table beside it.
_CARRIED = ("patientid", "offset", "view", "modality", "finding", "url", "doi", "license")


@exporter("coco", title="COCO JSON", since="0.1")
def coco(dataset: Dataset) -> Iterator[Artifact]:
    """Write instances.json beside the images, for COCO's tools, Detectron2, CVAT and FiftyOne.

    Boxes, outlines and masks of every annotation file become annotations, each with the file that
    it is from; scores, findings, views and licences become ``attributes`` of their image. Images
    have the number of their row, the first is 1: new rows at the table's end change no number, nor
    does a file that comes later. What is no picture, and what cannot be drawn into its picture, is
    left out and counted in ``info.left_out``.
    """
    yield Artifact(path="instances.json", parts=lambda: _pieces(dataset))
    yield from exportcontents.companions(dataset)


def _pieces(dataset: Dataset) -> Iterator[bytes]:
    for text in _instances(dataset).parts():
        yield text.encode("utf-8", "replace")


def _instances(dataset: Dataset) -> Instances:
    left: dict[str, int] = {}
    made = cocoform.Instances(info=_info(dataset, left))
    licences = _Licences(made)
    marked = _marked(dataset)
    seen: set[str] = set()
    for row in dataset.rows:
        path = row.path
        facts = dataset.files.get(path)
        why = "twice in the table" if path in seen else _why_not(facts)
        if facts is None or not facts.width or not facts.height or why:
            _count(left, f"rows: {why or 'size not known'}")
            continue
        seen.add(path)
        found = marked.get(row.index, [])
        told = _told(dataset, row, found)
        more = {"license": licences.number(row["license"]), "attributes": told}
        size = (facts.width, facts.height)
        number = made.image(path, size, more, number=row.index + 1)
        for file, image in found:
            _mark(made, number, (file, image, size), left)
    return made


def _info(dataset: Dataset, left: dict[str, int]) -> dict[str, Any]:
    about = dataset.about
    said = {
        "description": exportcontents.description(dataset),
        "version": about.version,
        "date_created": about.released_on,
        "url": about.url,
        "contributor": ", ".join(each.spoken for each in about.makers),
        "citation": about.citation,
        "notice": NOTICE,
    }
    # Filled while the images are gone through, which is before anything is written.
    return {**{name: text for name, text in said.items() if text}, "left_out": left}


def _marked(dataset: Dataset) -> dict[int, list[_Found]]:
    """Give what annotation files say, by the position of the row."""
    marked: dict[int, list[_Found]] = {}
    for file in dataset.annotations:
        for image in file.images:
            if image.row is not None:
                marked.setdefault(image.row, []).append((file, image))
    return marked


def _why_not(facts: ImageFacts | None) -> str:
    if facts is None:
        return "file not there"
    return "" if facts.path.startswith("images/") else "volume"


def _told(dataset: Dataset, row: Row, found: Sequence[_Found]) -> dict[str, Any]:
    """Give an image's attributes; the same score of two files is named after its file."""
    told: dict[str, Any] = {name: row[name] for name in _CARRIED if row[name]}
    told["labels"] = sorted(read_finding(row["finding"]).labels)
    if row.path in dataset.parts:
        told["part"] = dataset.parts[row.path]
    for file, image in found:
        for name, value in cocoform.scores(image.scores).items():
            clear = told.get(name, value) == value
            told[name if clear else f"{name} ({image.file or file.path})"] = value
    return told


def _mark(
    made: Instances,
    number: int,
    found: tuple[AnnotationFile, Annotated, tuple[int, int]],
    left: dict[str, int],
) -> None:
    file, image, size = found
    more = {"attributes": {"file": image.file or file.path}}
    for region in image.regions:
        # Outlines hold without a box that is not whole.
        whole = region.box is not None and None not in region.box
        usable = region if whole else replace(region, box=None)
        if usable.box is None and not usable.outlines:
            _count(left, "annotations: box of nulls")
        else:
            made.region(number, usable, more)
    for mask in image.masks:
        if not mask.runs:
            _count(left, "annotations: mask that cannot be read")
        elif (mask.width, mask.height) != size:
            _count(left, "annotations: mask of another size than its picture")
        else:
            made.mask(number, mask, more)


def _count(left: dict[str, int], why: str) -> None:
    left[why] = left.get(why, 0) + 1


class _Licences:
    """Numbers licences as they come."""

    def __init__(self, made: Instances) -> None:
        self._made = made
        self._numbers: dict[str, int] = {}

    def number(self, text: str) -> int:
        spdx = (read_licence(text).spdx if text else None) or text
        if spdx not in self._numbers:
            known = LICENCES.get(spdx)
            self._numbers[spdx] = len(self._numbers) + 1
            entry: dict[str, Any] = {"id": self._numbers[spdx]}
            entry["name"] = spdx or exportcontents.NOT_STATED
            entry["url"] = known.url if known else ""
            self._made.licenses.append(entry)
        return self._numbers[spdx]
