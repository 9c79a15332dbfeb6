"""What annotations a collection carries, and pinning them to the bytes of their images.

This workflow joins annotation files, the table and the images' hashes. It judges nothing: the rules
of family ANN do. It prints nothing.
"""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from covidxr import annotationfiles, store, takedownfiles, transaction
from covidxr.annotated import Pin
from covidxr.annotationpins import NAME, Book
from covidxr.errors import UsageError
from covidxr.filelook import Sum
from covidxr.places import Folder
from covidxr.table import Row
from covidxr.transaction import Change

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from covidxr.annotated import Annotated, AnnotationFile
    from covidxr.table import Table


@dataclass(frozen=True, slots=True, kw_only=True)
class Pinning:
    """What a run of pinning did, or would do.

    Parameters
    ----------
    made : tuple of Pin
        New ones.
    renewed : tuple of Pin
        Those that take an older one's place.
    removed : tuple of Pin
        Those of annotations or images that are gone.
    changed : tuple of Pin
        Those whose image has other bytes now and that were left as they are.
    kept : int
        Pins that hold.
    unread : tuple of str
        Images that could not be read.
    """

    made: tuple[Pin, ...] = ()
    renewed: tuple[Pin, ...] = ()
    removed: tuple[Pin, ...] = ()
    changed: tuple[Pin, ...] = ()
    kept: int = 0
    unread: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which pins to set.

    Parameters
    ----------
    again : tuple of str
        File names of images whose pins are renewed, changed or not.
    stale : bool
        Whether pins of what is gone are removed.
    dry_run : bool
        Whether nothing is written.
    """

    again: tuple[str, ...] = ()
    stale: bool = False
    dry_run: bool = False


def listed(root: Path) -> tuple[AnnotationFile, ...]:
    """Read every annotation file of a collection; masks are not decoded.

    Raises
    ------
    CollectionError
        If there is no collection, or it cannot be read.
    """
    return annotationfiles.read(root, _table(root), pixels=False)


def of_images(
    root: Path, names: Sequence[str]
) -> dict[str, tuple[tuple[AnnotationFile, Annotated], ...]]:
    """Give all that is said of some images, by their file names; masks are decoded.

    Parameters
    ----------
    root : Path
        The collection's folder.
    names : sequence of str
        The images' file names, with or without folder or extension.

    Raises
    ------
    UsageError
        If no row has such a name.
    """
    table = _table(root)
    wanted = [known_image(table, name) for name in names]
    files = annotationfiles.read(root, table)
    return {
        image: tuple((file, each) for file in files for each in file.images if each.image == image)
        for image in wanted
    }


def of_image(root: Path, name: str) -> tuple[tuple[AnnotationFile, Annotated], ...]:
    """Give all that is said of one image, as `of_images` does of several.

    Raises
    ------
    UsageError
        If no row has that name.
    """
    return next(iter(of_images(root, [name]).values()))


def known_image(table: Table, name: str) -> str:
    """Give the file name that a name on the command line means.

    Raises
    ------
    UsageError
        If no row has it; names that are near are told.
    """
    names = annotationfiles.names_of(table)
    image, row = names.find(name)
    if row is None:
        image, row = names.by_stem(name)
    if row is None:
        near = difflib.get_close_matches(image, [each.strip() for each in names.filenames], n=3)
        hint = f"; is it {' or '.join(near)}?" if near else ""
        raise UsageError(f"no row names {image!r}{hint}")
    return image


def pin(root: Path, wanted: Wanted) -> Pinning:
    """Write down the bytes of all annotated images that are not pinned yet.

    Parameters
    ----------
    root : Path
        The collection's folder.
    wanted : Wanted
        Which.

    Raises
    ------
    UsageError
        If a name is no image's.
    CollectionError
        If the disk refuses; then nothing was changed.
    """
    table = _table(root)
    again = frozenset(known_image(table, name) for name in wanted.again)
    files = annotationfiles.read(root, table, pixels=False)
    rows = {
        (image.file or file.path, image.image): image.row
        for file in files
        for image in file.images
        if image.row is not None
    }
    with transaction.holding(root):
        book = Book(takedownfiles.contents(root, NAME))
        pinning = _pinning(root, table, rows, book, again, stale=wanted.stale)
        if not wanted.dry_run:
            _write(root, book, pinning)
    return pinning


def _table(root: Path) -> Table:
    return store.read_collection(root).table


def _pinning(
    root: Path,
    table: Table,
    rows: dict[tuple[str, str], int],
    book: Book,
    again: frozenset[str],
    *,
    stale: bool,
) -> Pinning:
    old = {(each.annotation, each.filename): each for each in book.pins}
    paths = {key: Row(table, row).path for key, row in rows.items()}
    sums = Sum(Folder(root))(sorted(set(paths.values())))
    made, renewed, changed, kept = [], [], [], 0
    for (annotation, filename), path in sorted(paths.items()):
        was = old.get((annotation, filename))
        sha256 = sums.get(path)
        if sha256 is None:
            continue
        new = Pin(annotation=annotation, filename=filename, sha256=sha256)
        if was is None:
            made.append(new)
        elif was.sha256 == sha256:
            kept += 1
        elif filename in again:
            renewed.append(new)
        else:
            changed.append(was)
    return Pinning(
        made=tuple(made),
        renewed=tuple(renewed),
        removed=tuple(each for key, each in old.items() if stale and key not in rows),
        changed=tuple(changed),
        kept=kept,
        unread=tuple(sorted({path for path in paths.values() if path not in sums})),
    )


def _write(root: Path, book: Book, pinning: Pinning) -> None:
    gone = {(each.annotation, each.filename) for each in pinning.removed}
    new = (*pinning.made, *pinning.renewed)
    if not new and not gone:
        return
    data = Book(book.without(gone)).with_pins(new)
    transaction.commit(root, [Change(path=NAME, data=data, was=book.data)])


def marks(images: Iterable[Annotated]) -> dict[str, int]:
    """Count what is marked: boxes, outlines, masks and scores that are not blank."""
    found = {"boxes": 0, "outlines": 0, "masks": 0, "scores": 0}
    for image in images:
        found["boxes"] += sum(each.box is not None for each in image.regions)
        found["outlines"] += sum(len(each.outlines) for each in image.regions)
        found["masks"] += len(image.masks)
        found["scores"] += sum(each.value is not None for each in image.scores)
    return found


def covered(files: Sequence[AnnotationFile]) -> int:
    """Count the images that any file is about and that have a row."""
    return len(annotationfiles.named_paths(files))
