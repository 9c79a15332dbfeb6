"""COCO JSON: boxes, outlines and run-length masks."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any

from covidxr.annotated import Annotated, AnnotationFile, AnnotationProblem, Mask, Region
from covidxr.annotating import adapter
from covidxr.cocoruns import unpacked
from covidxr.columns import resolve
from covidxr.jsonspans import container

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from covidxr.annotating import Source
    from covidxr.jsonspans import Part

_BOX = 4
# Two points are no area.
_FEWEST_NUMBERS = 6
# Members of `info` that say how the file wants to be cited, or whom to credit; the first holds.
_CITATION = ("citation", "cite", "reference", "contributor", "creator", "author")


def _knows(source: Source) -> bool:
    if not source.name.lower().endswith(".json"):
        return False
    # Either may stand behind very many others.
    return '"images"' in source.text and '"annotations"' in source.text


@adapter("coco", title="COCO JSON", since="0.1", knows=_knows)
def coco(source: Source) -> AnnotationFile:
    """Read boxes, outlines and masks of a COCO file.

    ``images`` name files and sizes, ``annotations`` hold ``bbox`` and ``segmentation`` in pixels,
    ``categories`` their labels. A box of nulls is kept as such. What an image's ``metadata``
    repeats of its row is kept for comparison.
    """
    try:
        whole = json.loads(source.text)
        top = container(source.text)
    except (ValueError, RecursionError) as error:
        return _unread(source, f"it cannot be read as JSON: {str(error)[:100]}")
    if top is None or not isinstance(whole, dict):
        return _unread(source, "it is JSON, but no object with images and annotations")
    parts = {
        part.key: _parts(source, part)
        for part in top.parts
        if part.key in {"images", "annotations"}
    }
    labels = _labels(whole.get("categories"))
    problems: list[AnnotationProblem] = []
    marks = _marks(source, parts.get("annotations", ()), labels, problems)
    images = tuple(_images(source, parts.get("images", ()), marks, problems))
    problems += [
        AnnotationProblem(
            message=f"an annotation is of image {image!r}, which the file does not list", line=line
        )
        for found in marks.values()
        for line, _, image in found
    ]
    return AnnotationFile(
        path=source.path,
        format="coco",
        images=images,
        licence=_licence(whole),
        citation=_citation(whole.get("info")),
        labels=tuple(labels.values()),
        problems=tuple(sorted(problems, key=lambda each: each.line or 0)),
    )


_Mark = tuple[int, "Region | Mask", object]


def _unread(source: Source, message: str) -> AnnotationFile:
    problem = AnnotationProblem(message=message)
    return AnnotationFile(path=source.path, format="coco", problems=(problem,))


def _parts(source: Source, part: Part) -> Sequence[Part]:
    found = container(source.text, part.value_start)
    return () if found is None else found.parts


def _labels(categories: object) -> dict[object, str]:
    listed = categories if isinstance(categories, list) else []
    return {
        _key(each.get("id")): str(each.get("name", "")) for each in listed if isinstance(each, dict)
    }


def _key(value: object) -> object:
    """Something to look up by; what cannot be one stands for itself as text."""
    return value if isinstance(value, str | int | float | bool | None) else repr(value)


def _marks(
    source: Source,
    parts: Sequence[Part],
    labels: Mapping[object, str],
    problems: list[AnnotationProblem],
) -> dict[object, list[_Mark]]:
    """Give the marks by the id of their image."""
    found: dict[object, list[_Mark]] = {}
    for part in parts:
        line = source.line(part.start)
        if not isinstance(part.value, dict):
            problems.append(AnnotationProblem(message="an annotation is no object", line=line))
            continue
        image = _key(part.value.get("image_id"))
        label = labels.get(_key(part.value.get("category_id")), "")
        for mark in _read(part.value, label, line, problems):
            found.setdefault(image, []).append((line, mark, image))
    return found


def _read(
    value: Mapping[str, Any],
    label: str,
    line: int,
    problems: list[AnnotationProblem],
) -> Iterator[Region | Mask]:
    segmentation = value.get("segmentation")
    box = _box(value.get("bbox"))
    outlines: tuple[tuple[float, ...], ...] = ()
    if isinstance(segmentation, dict):
        try:
            yield _mask(segmentation, label)
            # The box of a mask is around it, and no mark of its own; one that is none is told.
            if box is not None and None not in box:
                box = None
        except ValueError as error:
            problems.append(AnnotationProblem(message=f"a mask cannot be read: {error}", line=line))
    elif isinstance(segmentation, list):
        outlines = tuple(filter(None, map(_outline, segmentation)))
        if len(outlines) < len(segmentation):
            problems.append(
                AnnotationProblem(message="an outline is no list of points, x and y", line=line)
            )
    if box is not None or outlines:
        yield Region(label=label, box=box, outlines=outlines, line=line)
    elif not isinstance(segmentation, dict):
        problems.append(
            AnnotationProblem(message="an annotation has neither bbox nor segmentation", line=line)
        )


def _box(value: object) -> tuple[float | None, float | None, float | None, float | None] | None:
    if value is None or value == []:
        return None
    numbers = value if isinstance(value, list) and len(value) == _BOX else [None] * _BOX
    left, top, width, height = map(_number, numbers)
    return left, top, width, height


def _number(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) if abs(value) <= sys.float_info.max else None


def _outline(value: object) -> tuple[float, ...]:
    numbers = [_number(each) for each in value] if isinstance(value, list) else []
    whole = [each for each in numbers if each is not None]
    fits = len(whole) == len(numbers) >= _FEWEST_NUMBERS and len(whole) % 2 == 0
    return tuple(whole) if fits else ()


def _mask(value: Mapping[str, Any], label: str) -> Mask:
    size, counts = value.get("size"), value.get("counts")
    if not (isinstance(size, list) and len(size) == 2 and all(map(_whole, size))):  # noqa: PLR2004
        raise ValueError("it says no size")
    height, width = size
    runs = unpacked(counts) if isinstance(counts, str) else tuple(_counted(counts))
    if any(run < 0 for run in runs) or sum(runs) != height * width:
        raise ValueError(f"its runs do not make {width} x {height} pixels")
    inside, outside = any(runs[1::2]), any(runs[::2])
    values = ((0,) if outside else ()) + ((1,) if inside else ())
    return Mask(path="", label=label, width=width, height=height, values=values, runs=runs)


def _counted(counts: object) -> list[int]:
    if not isinstance(counts, list) or not all(map(_whole, counts)):
        raise ValueError("its counts are no whole numbers")
    return counts


def _whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _images(
    source: Source,
    parts: Sequence[Part],
    marks: dict[object, list[_Mark]],
    problems: list[AnnotationProblem],
) -> Iterator[Annotated]:
    for part in parts:
        line = source.line(part.start)
        value = part.value if isinstance(part.value, dict) else {}
        written = value.get("file_name")
        if not isinstance(written, str) or not written.strip():
            problems.append(AnnotationProblem(message="an image has no file_name", line=line))
            continue
        image, row = source.names.find(written)
        own = marks.pop(_key(value.get("id")), [])
        copies = _copies(source, part)
        at = source.text.find(json.dumps("file_name"), part.start, part.stop)
        yield Annotated(
            image=image,
            written=written,
            row=row,
            line=source.line(at if at >= 0 else part.start),
            column=source.column(at) if at >= 0 else None,
            width=_size(value.get("width")),
            height=_size(value.get("height")),
            copies=tuple(copy for copy, _ in copies),
            places=tuple(place for _, place in copies),
            regions=tuple(each for _, each, _ in own if isinstance(each, Region)),
            masks=tuple(each for _, each, _ in own if isinstance(each, Mask)),
        )


def _size(value: object) -> int | None:
    return value if isinstance(value, int) and _whole(value) and value > 0 else None


def _copies(source: Source, image: Part) -> list[tuple[tuple[str, str], tuple[int, int]]]:
    """Give what is repeated of the row, by today's column names, and where it stands."""
    value = image.value if isinstance(image.value, dict) else {}
    if not value.get("metadata"):
        return []
    within = [each for each in _parts(source, image) if each.key == "metadata"]
    copies = _parts(source, within[-1]) if within else ()
    names = resolve(tuple(str(each.key) for each in copies))
    return [
        ((name, text), (source.line(each.start), source.column(each.start)))
        for name, each in zip(names, copies, strict=True)
        if name and (text := _text(each.value)).strip()
    ]


def _text(value: object) -> str:
    if isinstance(value, list):
        return ", ".join(map(_text, value))
    return "" if value is None or isinstance(value, dict) else str(value)


def _licence(whole: Mapping[str, Any]) -> str:
    listed = whole.get("licenses")
    found = []
    for each in listed if isinstance(listed, list) else []:
        if isinstance(each, dict):
            words = [_text(each.get(name)).strip() for name in ("name", "url")]
            found.append(", ".join(filter(None, words)))
    info = whole.get("info")
    own = _text(info.get("license")).strip() if isinstance(info, dict) else ""
    return "; ".join(filter(None, found)) or own


def _citation(info: object) -> str:
    if not isinstance(info, dict):
        return ""
    return next((text for name in _CITATION if (text := _text(info.get(name)).strip())), "")
