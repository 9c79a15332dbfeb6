"""Annotations as text, CSV and JSON. Returns strings, prints nothing."""

from __future__ import annotations

import csv
import dataclasses
import io
import json
from typing import TYPE_CHECKING, TypeVar

from covidxr.cli.render.aligned import aligned
from covidxr.cli.render.diagnostics import escaped

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from covidxr.annotated import Annotated, AnnotationFile, Pin
    from covidxr.annotationconvert import Converted
    from covidxr.annotations import Pinning

_Thing = TypeVar("_Thing")

_HEAD = ("file", "format", "images", "without row", "marks", "licence")
_SHOWN = 10
_NAMED = 3


def text(
    files: Sequence[AnnotationFile],
    count: Callable[[Iterable[Annotated]], Mapping[str, int]],
    covered: int,
    rows: int,
) -> str:
    """Give a line a file, and how much of the collection is annotated."""
    if not files:
        return "No annotations: there is nothing below annotations/.\n"
    lines = [_line(each, count(each.images)) for each in files]
    problems = sum(len(each.problems) for each in files)
    more = f" {problems:,} parts cannot be read: covidxr annotations check." if problems else ""
    table = aligned(_HEAD, lines, right=("images", "without row"))
    return f"{table}\n{covered:,} of {rows:,} rows are annotated.{more}\n"


def _line(each: AnnotationFile, marks: Mapping[str, int]) -> tuple[str, ...]:
    told = ", ".join(f"{number:,} {what}" for what, number in marks.items() if number)
    without = sum(image.row is None for image in each.images)
    licence = each.licence or "not said"
    return (
        each.path,
        each.format or "unknown",
        f"{len(each.images):,}",
        f"{without:,}",
        told,
        licence,
    )


def csv_text(files: Sequence[AnnotationFile], count: Callable[..., Mapping[str, int]]) -> str:
    """Give a line a file."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    kinds = ("boxes", "outlines", "masks", "scores")
    writer.writerow(["file", "format", "images", "without_row", *kinds, "license", "citation"])
    for each in files:
        marks = count(each.images)
        without = sum(image.row is None for image in each.images)
        writer.writerow(
            [each.path, each.format, len(each.images), without]
            + [marks[kind] for kind in kinds]
            + [each.licence, each.citation]
        )
    return out.getvalue()


def json_text(files: Sequence[AnnotationFile]) -> str:
    """Give everything that the files say, as a list of objects; masks as COCO's runs."""
    return json.dumps([dataclasses.asdict(each) for each in files], indent=1) + "\n"


def of_image(name: str, found: Sequence[tuple[AnnotationFile, Annotated]]) -> str:
    """Say all that is known of one image."""
    if not found:
        return f"Nothing is said of {escaped(name)}.\n"
    lines = [escaped(name)]
    for file, image in found:
        where = image.file or file.path
        at = f", line {image.line}" if image.line else ""
        lines.append(f"  {escaped(where)}{at}:")
        lines += [f"    {escaped(each)}" for each in _said(image)]
    return "\n".join(lines) + "\n"


def _said(image: Annotated) -> Iterable[str]:
    for region in image.regions:
        what = region.label or "box"
        if region.box is not None:
            numbers = [f"{each:g}" if each is not None else "null" for each in region.box]
            yield f"{what}: left {numbers[0]}, top {numbers[1]}, {numbers[2]} x {numbers[3]}"
        for outline in region.outlines:
            yield f"{what}: outline of {len(outline) // 2} points"
    for mask in image.masks:
        share = mask.area / (mask.width * mask.height) if mask.width and mask.height else 0
        yield f"{mask.label or 'mask'}: {mask.width} x {mask.height}, {share:.0%} marked"
    for score in image.scores:
        yield f"{score.name}: {score.text or 'blank'}"


def of_images_json(found: Sequence[tuple[AnnotationFile, Annotated]]) -> str:
    """Give the same of one or several images as a list of objects."""
    said = [
        {**dataclasses.asdict(image), "file": image.file or file.path, "format": file.format}
        for file, image in found
    ]
    return json.dumps(said, indent=1) + "\n"


def pinned(pinning: Pinning, *, dry_run: bool) -> str:
    """Say what was pinned."""
    would = "would be " if dry_run else ""
    new = len(pinning.made)
    lines = [f"{new:,} {would}pinned, {pinning.kept:,} hold as they are."]
    if pinning.renewed:
        lines.append(f"{len(pinning.renewed):,} {would}pinned again:")
        lines += _named(pinning.renewed)
    if pinning.removed:
        lines.append(f"{len(pinning.removed):,} {would}removed, of what is gone:")
        lines += _named(pinning.removed)
    if pinning.changed:
        lines.append(
            f"{len(pinning.changed):,} left: the image changed since. Look with `covidxr "
            "annotations show`, then pin it with --again FILENAME."
        )
        lines += _named(pinning.changed)
    if pinning.unread:
        lines.append(f"{len(pinning.unread):,} images are not there or cannot be read:")
        lines += [f"  {escaped(path)}" for path in _first(pinning.unread)]
    return "\n".join(lines) + "\n"


def _named(pins: Sequence[Pin]) -> list[str]:
    return [escaped(f"  {each.filename} ({each.annotation})") for each in _first(pins)]


def _first(things: Sequence[_Thing]) -> Sequence[_Thing]:
    return things[:_SHOWN]


def converted(made: Converted, lost: Sequence[Mapping[str, object]], form: str) -> str:
    """Say what was converted, what each step lost, and what was left out."""
    if form == "json":
        told = {"marks": made.marks, "files": len(made.files), "steps": lost}
        for name, pairs in (("notes", made.notes), ("left_out", made.left_out)):
            told[name] = [{"image": image, "reason": why} for image, why in pairs]
        return json.dumps(told, indent=1) + "\n"
    files = len(made.files)
    lines = [f"{made.marks:,} marks and scores in {files:,} {'file' if files == 1 else 'files'}"]
    lines += [
        (
            f"{each['step']}: {each['marks']:,} marks, overlap {each['median_overlap']} in the "
            f"median and {each['worst_overlap']} at worst ({each['worst_image']}, "
            f"{each['worst_pixels']:,} pixels); at most {each['greatest_distance']} pixels away"
        )
        for each in lost
    ]
    lines += _by_reason(made.notes)
    if made.left_out:
        lines += [f"{len(made.left_out):,} left out:", *_by_reason(made.left_out)]
    return "\n".join(map(escaped, lines)) + "\n"


def _by_reason(pairs: Sequence[tuple[str, str]]) -> list[str]:
    """Give a line a reason, so that one that is common hides no other."""
    reasons: dict[str, list[str]] = {}
    for image, why in pairs:
        reasons.setdefault(why, []).append(image)
    lines = [
        f"  {why}: {', '.join(images[:_NAMED])}"
        + (f" and {len(images) - _NAMED:,} more" if len(images) > _NAMED else "")
        for why, images in reasons.items()
    ]
    more = [f"  and {len(lines) - _SHOWN:,} more reasons; --format json tells all"]
    return lines[:_SHOWN] + (more if len(lines) > _SHOWN else [])
