"""Boxes in a CSV file, a line a box, by a small mapping of columns."""

from __future__ import annotations

from typing import TYPE_CHECKING

from covidxr.annotated import Annotated, AnnotationFile, AnnotationProblem, Region
from covidxr.annotating import adapter
from covidxr.errors import CollectionError
from covidxr.notedtable import NotedTable, header_of, looks_like_one
from covidxr.scoresheet import NAMING, number

if TYPE_CHECKING:
    from collections.abc import Mapping

    from covidxr.annotating import Source
    from covidxr.notedtable import Cell

# Columns of boxes as they were published (RSNA, VinDr, NIH, tables like Pascal's), lower case.
_COLUMNS: dict[str, tuple[str, ...]] = {
    "filename": (*NAMING, "image index", "patientid"),
    "label": ("label", "class", "class_name", "finding", "finding label", "category", "target"),
    "left": ("x", "left", "xmin", "x_min", "x1", "bbox [x"),
    "top": ("y", "top", "ymin", "y_min", "y1"),
    "width": ("width", "w"),
    "height": ("height", "h", "h]"),
    "right": ("right", "xmax", "x_max", "x2"),
    "bottom": ("bottom", "ymax", "y_max", "y2"),
    "image_width": ("image_width", "img_width"),
    "image_height": ("image_height", "img_height"),
}
_SIZES = (("left", "top", "right", "bottom"), ("left", "top", "width", "height"))


def _mapped(header: tuple[str, ...], said: str) -> dict[str, int]:
    """Give the position of each part; what the file's own mapping says comes first."""
    found = {}
    for pair in said.split(","):
        part, _, column = pair.partition("=")
        if part.strip().lower() in _COLUMNS and column.strip().lower() in header:
            found[part.strip().lower()] = header.index(column.strip().lower())
    for part, names in _COLUMNS.items():
        at = next((header.index(name) for name in names if name in header), None)
        if at is not None:
            found.setdefault(part, at)
    if all(part in found for part in _SIZES[0]):
        # Beside right and bottom, `width` and `height` are the picture's, as in tables that
        # TensorFlow's examples made common.
        for part in ("width", "height"):
            if part in found:
                found.setdefault(f"image_{part}", found.pop(part))
    return found


def _is_whole(mapped: Mapping[str, int]) -> bool:
    return "filename" in mapped and any(all(part in mapped for part in size) for size in _SIZES)


def _knows(source: Source) -> bool:
    if not looks_like_one(source):
        return False
    header = header_of(source)
    return bool(header) and _is_whole(_mapped(header, NotedTable(source).said("columns")))


@adapter("boxes", title="Boxes (CSV)", since="0.1", knows=_knows)
def boxes(source: Source) -> AnnotationFile:
    """Read a box a line: image, label, left, top, and width and height or right and bottom.

    Usual names of columns are known; others are named in a comment before the header, such as
    ``## columns: filename=img, left=bx, top=by, width=bw, height=bh, label=what``. Lines without
    numbers say that nothing is marked in the image.
    """
    table = NotedTable(source)
    try:
        header = tuple(cell.text.lower() for cell in table.header)
    except CollectionError as error:
        problem = AnnotationProblem(message=str(error))
        return AnnotationFile(path=source.path, format="boxes", problems=(problem,))
    mapped = _mapped(header, table.said("columns"))
    problems = [AnnotationProblem(message=why, line=line) for line, why in table.odd()]
    found: dict[str, list[tuple[Cell, ...]]] = {}
    for cells in table.rows():
        named = cells[mapped["filename"]]
        if named.text:
            found.setdefault(named.text, []).append(cells)
        else:
            problems.append(AnnotationProblem(message="it names no image", line=cells[0].line))
    images = tuple(_image(source, lines, mapped) for lines in found.values())
    labels = dict.fromkeys(each.label for image in images for each in image.regions if each.label)
    return AnnotationFile(
        path=source.path,
        format="boxes",
        images=images,
        licence=table.said("license", "licence"),
        citation=table.said("citation", "cite", "cite as", "reference"),
        labels=tuple(labels),
        problems=tuple(sorted(problems, key=lambda each: each.line or 0)),
    )


def _image(source: Source, lines: list[tuple[Cell, ...]], mapped: Mapping[str, int]) -> Annotated:
    named = lines[0][mapped["filename"]]
    image, row = source.names.find(named.text)
    if row is None:
        image, row = source.names.by_stem(image)
    sizes = [_number(lines[0], mapped, part) for part in ("image_width", "image_height")]
    width, height = (int(each) if each and each > 0 else None for each in sizes)
    return Annotated(
        image=image,
        written=named.text,
        row=row,
        line=named.line,
        column=named.column,
        width=width,
        height=height,
        regions=tuple(each for cells in lines if (each := _region(cells, mapped)) is not None),
    )


def _number(cells: tuple[Cell, ...], mapped: Mapping[str, int], part: str) -> float | None:
    return number(cells[mapped[part]].text) if part in mapped else None


def _region(cells: tuple[Cell, ...], mapped: Mapping[str, int]) -> Region | None:
    """Give a line's box; None for a line that says that nothing is marked."""
    parts = next(size for size in _SIZES if all(part in mapped for part in size))
    if not any(cells[mapped[part]].text for part in parts):
        return None
    left, top, third, fourth = (_number(cells, mapped, part) for part in parts)
    width, height = third, fourth
    if parts[2] == "right":
        width = third - left if third is not None and left is not None else None
        height = fourth - top if fourth is not None and top is not None else None
    label = cells[mapped["label"]].text if "label" in mapped else ""
    return Region(label=label, box=(left, top, width, height), line=cells[mapped["filename"]].line)
