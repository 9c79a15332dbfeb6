"""What every export has in common: its words, its notice, its licences, and the files it carries.

This module draws on the table and on what was seen of files; it opens none, and says "not stated"
where the collection does not say.
"""

from __future__ import annotations

import csv
import hashlib
import io
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from covidxr.about import NOTICE
from covidxr.licences import LICENCES, read_licence
from covidxr.model import Artifact

if TYPE_CHECKING:
    from collections.abc import Iterator

    from covidxr.dataset import Dataset
    from covidxr.model import ImageFacts

NOT_STATED = "not stated"
TABLE = "metadata.csv"
FILES = "files.csv"
"""Path of the list of an export's files: what they weigh, their hash, their part of a split."""
FILES_HEADER = ("path", "filename", "bytes", "sha256", "format", "width", "height")
TERMS = "LICENSES.md"
BIASES = (
    "Published cases are the unusual and the severe ones; sources differ in diseases, devices and "
    "the way they show an image, so that the source alone can give a finding away."
)
"""What every collection of published cases has in common; `covidxr report` measures it."""
_PIECE = 1 << 16
_ANNOTATIONS = "annotations/"


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """A licence, and how many rows stand under it.

    Parameters
    ----------
    text : str
        As the rows have it; empty where they say none.
    images : int
        How many rows.
    spdx : str
        Its id in the SPDX License List; empty where it has none: one of the collection's own
        (``LicenseRef-``), a family without a version, free text, or nothing.
    title : str
        In full where the id is known, else the text.
    url : str
        Where its words stand; empty where that is not known.
    """

    text: str
    images: int
    spdx: str = ""
    title: str = ""
    url: str = ""


def terms(dataset: Dataset) -> tuple[Terms, ...]:
    """Give the licences of a collection's rows, the commonest first.

    Returns
    -------
    tuple of Terms
        Two spellings of one licence are one; nothing is completed by guess.
    """
    counts: dict[str, int] = {}
    for cells in dataset.cells("license"):
        reading = read_licence(cells.text) if cells.text else None
        text = (reading.spdx if reading else None) or cells.text
        counts[text] = counts.get(text, 0) + len(cells.rows)
    return tuple(
        _terms(text, images)
        for text, images in sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    )


def _terms(text: str, images: int) -> Terms:
    known = LICENCES.get(text)
    if known is None:
        return Terms(text=text, images=images, title=text or NOT_STATED)
    return Terms(text=text, images=images, spdx=text, title=known.title, url=known.url)


def said_of(found: tuple[Terms, ...]) -> str:
    """Sum licences up in one sentence."""
    told = "; ".join(f"{each.text or NOT_STATED}: {counted(each.images, 'row')}" for each in found)
    return f"The licence is each row's own ({told})." if told else "There are no rows."


def counted(number: int, noun: str) -> str:
    """Write a number and its noun.

    >>> counted(1, "row"), counted(1200, "row")
    ('1 row', '1,200 rows')
    """
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def title(dataset: Dataset) -> str:
    """Give what the collection calls itself."""
    return dataset.about.title or dataset.about.name


def description(dataset: Dataset) -> str:
    """Say what the collection is, how large it is, under which licences, and the notice."""
    about = dataset.about
    patients = {cells.text for cells in dataset.cells("patientid")} - {""}
    size = f"{counted(len(dataset.table), 'image')} of {counted(len(patients), 'patient')}."
    parts = (about.description, size, said_of(terms(dataset)), NOTICE)
    return " ".join(part for part in parts if part)


def carried(dataset: Dataset) -> tuple[ImageFacts, ...]:
    """Give the files that rows name and that are there, in the order of their first row.

    A file that no row names has no licence, and is never handed on.
    """
    return tuple(
        dataset.files[path] for path in dict.fromkeys(_paths(dataset)) if path in dataset.files
    )


def _paths(dataset: Dataset) -> Iterator[str]:
    if not len(dataset.table):
        return
    # Without `Dataset.cells`: there are as many as rows, and nobody asks where they stand.
    for folder, name in dataset.table.index(("folder", "filename")).texts():
        if name:
            yield f"{folder or 'images'}/{name}"


def without_file(dataset: Dataset) -> int:
    """Count the rows whose file is not there, or that name none."""
    table = dataset.table
    here = sum(len(table.rows_of(facts.path)) for facts in carried(dataset))
    return len(table) - here


def annotated(dataset: Dataset) -> tuple[ImageFacts, ...]:
    """Give the files below ``annotations/``, by path; empty where they were not looked at."""
    return tuple(
        facts for path, facts in sorted(dataset.files.items()) if path.startswith(_ANNOTATIONS)
    )


def companions(dataset: Dataset) -> Iterator[Artifact]:
    """Yield copies of what a whole export carries: table, terms, images, volumes, annotations."""
    yield Artifact(path=TABLE, copy_of=TABLE)
    if TERMS in dataset.documents:
        yield Artifact(path=TERMS, copy_of=TERMS)
    for facts in (*carried(dataset), *annotated(dataset)):
        yield Artifact(path=facts.path, copy_of=facts.path)


def table_weight(dataset: Dataset) -> tuple[int, str]:
    """Give the size in bytes of ``metadata.csv``, and its SHA-256."""
    data = dataset.table.text.data
    return len(data), hashlib.sha256(data).hexdigest()


def files_header(dataset: Dataset) -> tuple[str, ...]:
    """Give the columns of the list of files; ``part`` only where there is a split."""
    return (*FILES_HEADER, "part") if dataset.parts else FILES_HEADER


def files_pieces(dataset: Dataset) -> Iterator[bytes]:
    """Yield the list of an export's images, volumes and annotations, piece by piece."""
    written = io.StringIO()
    out = csv.writer(written, lineterminator="\n")
    out.writerow(files_header(dataset))
    for facts in (*carried(dataset), *annotated(dataset)):
        cells = [facts.path, facts.path.partition("/")[2], facts.bytes, facts.sha256]
        cells += [facts.format, facts.width, facts.height]
        out.writerow([*cells, dataset.parts.get(facts.path, "")] if dataset.parts else cells)
        if written.tell() > _PIECE:
            yield written.getvalue().encode("utf-8", "surrogateescape")
            written.seek(0)
            written.truncate()
    yield written.getvalue().encode("utf-8", "surrogateescape")


def weight(pieces: Iterator[bytes]) -> tuple[int, str]:
    """Give the size in bytes of what comes piece by piece, and its SHA-256."""
    size, digest = 0, hashlib.sha256()
    for piece in pieces:
        size += len(piece)
        digest.update(piece)
    return size, digest.hexdigest()


def sites(dataset: Dataset) -> tuple[tuple[str, int], ...]:
    """Give the host of every page that images come from and how many rows, the commonest first."""
    counts: dict[str, int] = {}
    for cells in dataset.cells("url"):
        host = _host(cells.text)
        if host:
            counts[host] = counts.get(host, 0) + len(cells.rows)
    return tuple(sorted(counts.items(), key=lambda item: (-item[1], item[0])))


def _host(url: str) -> str:
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
    except ValueError:
        return ""
    plain = host.isascii() and host.replace(".", "").replace("-", "").isalnum()
    return host if parts.scheme in {"http", "https"} and plain else ""
