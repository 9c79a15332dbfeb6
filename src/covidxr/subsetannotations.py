"""What of ``annotations/`` goes into a subset: files of its images, and others without the rest.

This module reads files and decides which stay and what is cut out of them; it writes nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from covidxr import annotationedit, annotationfiles, annotationpins, takedownfiles
from covidxr.annotating import Source
from covidxr.annotationedit import Gone
from covidxr.errors import CollectionError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from pathlib import Path

    from covidxr.annotated import AnnotationFile
    from covidxr.annotationnames import Names
    from covidxr.table import Table


@dataclass(slots=True, kw_only=True)
class Kept:
    """What goes along.

    Attributes
    ----------
    copies : list of str
        Files that go as they are.
    texts : dict of str to bytes
        Files of which a part was cut out.
    cut : dict of str to int
        How many entries or lines were cut out of each.
    left_out : list of str
        Files that are about no image of the subset.
    problems : list of (str, str)
        Files that could not be cut and were left out, and why.
    licences : set of str
        Licences of the files that go along, as they word them.
    """

    copies: list[str] = field(default_factory=list)
    texts: dict[str, bytes] = field(default_factory=dict)
    cut: dict[str, int] = field(default_factory=dict)
    left_out: list[str] = field(default_factory=list)
    problems: list[tuple[str, str]] = field(default_factory=list)
    licences: set[str] = field(default_factory=set)

    @property
    def paths(self) -> frozenset[str]:
        """Every file that goes along."""
        return frozenset((*self.copies, *self.texts))


def kept(root: Path, whole: Table, part: Table, gone_paths: Collection[str]) -> Kept:
    """Choose the annotations of a subset.

    Parameters
    ----------
    root : Path
        The collection's folder.
    whole, part : Table
        The collection's rows, and the subset's.
    gone_paths : collection of str
        Files of ``images/`` and ``volumes/`` that no row of the subset names.

    Raises
    ------
    CollectionError
        If the folder cannot be listed, or its pins are damaged.
    """
    files = annotationfiles.read(root, whole, pixels=False)
    return _Choosing(root, part, files, _gone(whole, part, gone_paths, files)).kept()


def _gone(
    whole: Table,
    part: Table,
    paths: Collection[str],
    files: Collection[AnnotationFile],
) -> Gone:
    """Say which images are not in the subset, those among them that no row ever named."""
    staying = {name.strip() for name in part.values("filename")} - {""}
    orphans = {
        f"images/{image.image}" for file in files for image in file.images if image.row is None
    }
    patients = {text.strip() for text in whole.values("patientid")} - {
        text.strip() for text in part.values("patientid")
    }
    return Gone(
        paths=frozenset(paths) | frozenset(orphans),
        kept=frozenset(staying),
        patients=frozenset(patients - {""}),
    )


class _Choosing:
    """Goes through the files, and then through the notes and pins that follow from them."""

    def __init__(
        self, root: Path, part: Table, files: Collection[AnnotationFile], gone: Gone
    ) -> None:
        self.root, self.gone, self.found = root, gone, Kept()
        self.names: Names = annotationfiles.names_of(part)
        self.licences = {each.path: each.licence for each in files}
        # Of a folder's files each is about one image.
        self.of_one = {
            image.file: image.image for file in files for image in file.images if image.file
        }

    def kept(self) -> Kept:
        notes = []
        for path in takedownfiles.annotation_files(self.root):
            if path == annotationpins.NAME:
                continue
            if annotationfiles.is_note(path):
                notes.append(path)
            elif path in self.of_one:
                self._one(path)
            else:
                self._several(path)
        self._notes(notes)
        self._pins()
        return self.found

    def _one(self, path: str) -> None:
        if self.names.find(self.of_one[path])[1] is None:
            self.found.left_out.append(path)
        else:
            self._take(path)

    def _take(self, path: str, data: bytes | None = None) -> None:
        """Take a file along, as it is or in part."""
        reason = takedownfiles.why_not(self.root, path)
        if reason:
            self.found.problems.append((path, reason))
            return
        if data is None:
            self.found.copies.append(path)
        else:
            self.found.texts[path] = data
        folder = path.rpartition("/")[0]
        self.found.licences.add(self.licences.get(path) or self.licences.get(folder) or "")

    def _several(self, path: str) -> None:
        """Cut what is gone out of a file; one in which nothing is left does not go along."""
        try:
            data = takedownfiles.contents(self.root, path) or b""
        except CollectionError as error:
            self.found.problems.append((path, str(error).removeprefix(f"{path} ")))
            return
        if self.gone.owns(path.rpartition("/")[2]):
            self.found.left_out.append(path)
            return
        new = annotationedit.edited(path, data, self.gone)
        if new.problem:
            self.found.problems.append((path, new.problem))
            return
        left = data if new.data is None else new.data
        if not self._says_something(path, left):
            self.found.left_out.append(path)
            return
        self._take(path, new.data)
        if new.data is not None:
            self.found.cut[path] = new.entries

    def _says_something(self, path: str, data: bytes) -> bool:
        """Tell whether a file is still about an image of the subset, or is of no known format."""
        read = annotationfiles.read_file(Source(path, data, self.names, pixels=False))
        if not read.format:
            return not annotationedit.named_in(data, self.gone.names)
        return any(image.row is not None for image in read.images)

    def _notes(self, notes: Collection[str]) -> None:
        """Take notes along that lie beside, or above, something that goes along."""
        taken = self.found.paths
        for path in notes:
            folder = path.rpartition("/")[0]
            if any(each.startswith(f"{folder}/") for each in taken):
                self._take(path)
            else:
                self.found.left_out.append(path)

    def _pins(self) -> None:
        data = takedownfiles.contents(self.root, annotationpins.NAME)
        if data is None:
            return
        book = annotationpins.Book(data)
        gone = set(self._gone_pins(book))
        if len(gone) == len({(each.annotation, each.filename) for each in book.pins}):
            self.found.left_out.append(annotationpins.NAME)
        elif gone:
            self.found.texts[annotationpins.NAME] = book.without(gone)
            self.found.cut[annotationpins.NAME] = len(gone)
        else:
            self.found.copies.append(annotationpins.NAME)

    def _gone_pins(self, book: annotationpins.Book) -> Iterator[tuple[str, str]]:
        taken = self.found.paths
        for each in book.pins:
            if each.annotation not in taken or self.names.find(each.filename)[1] is None:
                yield each.annotation, each.filename
