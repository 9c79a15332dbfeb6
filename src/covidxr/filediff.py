"""What differs between the files of two states of a collection, and whose annotations do.

This module compares what it is given; it opens no file.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from covidxr.comparison import AnnotationDiff, FileDiff

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from covidxr.annotated import Annotated, AnnotationFile


def compare_files(old: Mapping[str, str], new: Mapping[str, str]) -> FileDiff:
    """Compare two lists of files.

    Parameters
    ----------
    old, new : mapping of str to str
        What tells the content, by path.

    Returns
    -------
    FileDiff
        A file that went and one that came are the same file, renamed, where they have the same
        bytes and no third has.
    """
    removed = sorted(path for path in old if path not in new)
    added = sorted(path for path in new if path not in old)
    went, came = _by_content(removed, old), _by_content(added, new)
    renamed = [
        pair
        for content, first in went.items()
        if len(first) == len(came.get(content, ()))
        for pair in zip(first, came[content], strict=True)
    ]
    moved = {path for pair in renamed for path in pair}
    return FileDiff(
        added=tuple(path for path in added if path not in moved),
        removed=tuple(path for path in removed if path not in moved),
        changed=tuple(sorted(path for path in new if old.get(path, new[path]) != new[path])),
        renamed=tuple(sorted(renamed)),
    )


def _by_content(paths: Iterable[str], contents: Mapping[str, str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for path in paths:
        found.setdefault(contents[path], []).append(path)
    return found


def compare_annotations(
    old: Iterable[AnnotationFile], new: Iterable[AnnotationFile]
) -> tuple[AnnotationDiff, ...]:
    """Compare what annotation files say of images.

    Parameters
    ----------
    old, new : iterable of AnnotationFile
        The files that differ; a mask alone, not its folder.

    Returns
    -------
    tuple of AnnotationDiff
        By path. A folder's masks are put together. A file that differs in bytes and not in what it
        says names no image.
    """
    before, after = _by_place(old), _by_place(new)
    found = []
    for place in sorted(before.keys() | after.keys()):
        was, now = _said(before.get(place, ())), _said(after.get(place, ()))
        both = was.keys() & now.keys()
        found.append(
            AnnotationDiff(
                path=place[0],
                format=place[1],
                added=tuple(sorted(now.keys() - was.keys())),
                removed=tuple(sorted(was.keys() - now.keys())),
                changed=tuple(sorted(image for image in both if was[image] != now[image])),
            )
        )
    return tuple(found)


_Place = tuple[str, str]


def _by_place(files: Iterable[AnnotationFile]) -> dict[_Place, list[AnnotationFile]]:
    found: dict[_Place, list[AnnotationFile]] = {}
    for each in files:
        folder = each.path.rpartition("/")[0] if each.format == "masks" else each.path
        found.setdefault((folder, each.format), []).append(each)
    return found


def _said(files: Iterable[AnnotationFile]) -> dict[str, list[object]]:
    """What is said of each image, without the places in the file."""
    found: dict[str, list[object]] = {}
    for file in files:
        for image in file.images:
            found.setdefault(image.image, []).append(_without_places(image))
    return found


def _without_places(image: Annotated) -> object:
    return (
        image.width,
        image.height,
        image.copies,
        [(region.label, region.box, region.outlines) for region in image.regions],
        [(mask.label, mask.width, mask.height, mask.runs) for mask in image.masks],
        [(score.name, score.text) for score in image.scores],
    )
