"""All annotations of a collection, as records: files found, told apart, read, and put together.

This module joins the disk with the adapters. What no adapter knows is a file of no format, which
the rules report; nothing is judged here.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from covidxr import annotationpins, takedownfiles
from covidxr.annotated import AnnotationFile, AnnotationProblem
from covidxr.annotating import ADAPTERS, Adapter, Source
from covidxr.annotationedit import stem
from covidxr.annotationnames import Names
from covidxr.errors import CollectionError
from covidxr.notedtable import said_in
from covidxr.plugins import discover

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence
    from pathlib import Path

    from covidxr.annotated import Annotated, Pin
    from covidxr.table import Table

PINS = annotationpins.NAME
"""Path of the file of pins, relative to the collection's root."""

# What people put beside annotations to say what they are.
_NOTES = ("license", "licence", "readme", "copying", "notice")
_NOTE_EXTENSIONS = frozenset({"", "md", "txt", "rst"})
# What stands for a licence that an earlier note may have said.
_UNKNOWN = "as the note said then"
# A text of annotations that is larger is told, not read: COCO's own largest file has 470 MB.
MOST_BYTES = 512 << 20


def adapters() -> Mapping[str, Adapter]:
    """Give every adapter by its key."""
    return discover(ADAPTERS, Adapter)


def names_of(table: Table) -> Names:
    """Give the images of a table, as annotation files may name them."""
    values = table.values("filename")
    return Names([values[code] for code in table.codes("filename")])


def read(root: Path, table: Table, *, pixels: bool = True) -> tuple[AnnotationFile, ...]:
    """Read all annotations of a collection.

    Parameters
    ----------
    root : Path
        The collection's folder.
    table : Table
        The rows that they are about.
    pixels : bool
        Whether masks are decoded; else their headers alone are read.

    Returns
    -------
    tuple of AnnotationFile
        By path; empty where there is no ``annotations/``.

    Raises
    ------
    CollectionError
        If the folder cannot be listed.
    """
    names = names_of(table)
    found: list[AnnotationFile] = []
    notes: dict[str, str] = {}
    for path in takedownfiles.annotation_files(root):
        if path == annotationpins.NAME:
            continue
        data = _contents(root, path)
        if isinstance(data, AnnotationFile):
            found.append(data)
        elif is_note(path):
            folder = path.rpartition("/")[0]
            notes[folder] = "\n".join(filter(None, (notes.get(folder), _text(data))))
        else:
            found.append(read_file(Source(path, data, names, pixels)))
    return _gathered(found, notes)


def pins(root: Path) -> tuple[Pin, ...]:
    """Read the bytes that images had when they were annotated.

    Raises
    ------
    CollectionError
        If the file is damaged.
    """
    return annotationpins.Book(takedownfiles.contents(root, annotationpins.NAME)).pins


def read_file(source: Source) -> AnnotationFile:
    """Read one file with the adapter that knows it.

    Returns
    -------
    AnnotationFile
        One of no format where no adapter does.
    """
    for each in adapters().values():
        if each.knows(source):
            return each.read(source)
    problem = AnnotationProblem(
        message="it is of no format that is read",
        suggestion="COCO JSON, Pascal VOC XML, <image>_mask.png, and tables of scores or boxes are",
    )
    return AnnotationFile(path=source.path, format="", problems=(problem,))


def is_note(path: str) -> bool:
    """Tell whether a file says something about the annotations beside it, and holds none."""
    name = path.rpartition("/")[2].lower()
    bare, _, extension = name.partition(".")
    return extension in _NOTE_EXTENSIONS and bare.startswith(_NOTES)


def _contents(root: Path, path: str) -> bytes | AnnotationFile:
    try:
        data = takedownfiles.contents(root, path) or b""
    except CollectionError as error:
        why = str(error).removeprefix(f"{path} ")
        return AnnotationFile(path=path, format="", problems=(AnnotationProblem(message=why),))
    if len(data) > MOST_BYTES:
        why = f"it has {len(data) >> 20:,} MiB; more than {MOST_BYTES >> 20:,} are not read"
        return AnnotationFile(path=path, format="", problems=(AnnotationProblem(message=why),))
    return data


def _text(data: bytes) -> str:
    return data.decode("utf-8", "replace")


def _gathered(
    found: Sequence[AnnotationFile], notes: Mapping[str, str]
) -> tuple[AnnotationFile, ...]:
    """Put the files of one folder together that are one set, and give each what notes say."""
    by_folder = {key for key, each in adapters().items() if each.by_folder}
    sets: dict[tuple[str, str], list[AnnotationFile]] = {}
    for each in found:
        folder = each.path.rpartition("/")[0]
        key = (folder, each.format) if each.format in by_folder else (each.path, "")
        sets.setdefault(key, []).append(each)
    whole = [
        _together(folder, files) if form else files[0] for (folder, form), files in sets.items()
    ]
    return tuple(sorted((_noted(each, notes) for each in whole), key=lambda each: each.path))


def _together(folder: str, files: Sequence[AnnotationFile]) -> AnnotationFile:
    return AnnotationFile(
        path=folder,
        format=files[0].format,
        images=tuple(image for each in files for image in each.images),
        labels=tuple(dict.fromkeys(label for each in files for label in each.labels)),
        problems=tuple(_of_file(each, problem) for each in files for problem in each.problems),
    )


def _of_file(file: AnnotationFile, problem: AnnotationProblem) -> AnnotationProblem:
    return replace(problem, file=file.path)


def _noted(file: AnnotationFile, notes: Mapping[str, str]) -> AnnotationFile:
    """Fill in licence and citation from the note beside a file, where it says none itself."""
    # A note speaks for the files beside it, and for none in a folder of their own.
    folder = _folder(file)
    if folder not in notes or not file.format:
        return file
    return replace(
        file,
        licence=file.licence or said_in(notes[folder], "license", "licence"),
        citation=file.citation or said_in(notes[folder], "citation", "cite", "cite as"),
    )


def of_rows(
    files: Iterable[AnnotationFile], names: Names, *, without: Collection[str] = ()
) -> tuple[AnnotationFile, ...]:
    """Give the same annotations as they are about the rows of another table.

    Parameters
    ----------
    files : iterable of AnnotationFile
        As `read` gives them.
    names : Names
        The other table's images.
    without : collection of str
        Paths of files that are left out. Of a note beside annotations what it says is left out,
        so that what is not said today counts as new.
    """
    noted = {path.rpartition("/")[0] for path in without if is_note(path)}
    return tuple(
        replace(
            each,
            images=tuple(
                _of_table(image, names, bare=each.format != "coco")
                for image in each.images
                if image.file not in without
            ),
            licence=_UNKNOWN if _folder(each) in noted else each.licence,
            citation=_UNKNOWN if _folder(each) in noted else each.citation,
            problems=tuple(one for one in each.problems if one.file not in without),
        )
        for each in files
        if each.path not in without
    )


def _folder(file: AnnotationFile) -> str:
    """Give the folder in which a file, or the files of a set, lie."""
    adapter = adapters().get(file.format)
    return file.path if adapter and adapter.by_folder else file.path.rpartition("/")[0]


def _of_table(image: Annotated, names: Names, *, bare: bool) -> Annotated:
    """Find an image among another table's, as its adapter would."""
    name, row = names.find(image.image)
    if row is None and bare:
        name, row = names.by_stem(stem(name) if image.row is not None else name)
    return replace(image, image=name, row=row)


def named_paths(files: Iterable[AnnotationFile]) -> tuple[str, ...]:
    """Give the file names of all images that files are about, once each, in order."""
    return tuple(
        dict.fromkeys(
            image.image for each in files for image in each.images if image.row is not None
        )
    )
