"""What a name means that somebody wants taken down: a page, a paper, a patient or a file.

This module finds rows, files and candidates by the name and refuses what could be two things. It
touches no disk.
"""

from __future__ import annotations

import difflib
from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING

from covidxr.errors import UsageError
from covidxr.identifiers import canonical_url, doi_key, is_case_page, read_doi
from covidxr.table import Row

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Sequence

    from covidxr.provenance import Ledger, Line
    from covidxr.table import Table
    from covidxr.takedowncases import Waiting

KINDS = ("url", "doi", "patientid", "filename")
"""What can be written before a name and ``=``, where the name alone could be two things."""

# difflib compares with each text in turn, some ten thousand a second.
_MOST_COMPARED = 20_000
_CLOSE = 3
_SHOWN = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What there is to be taken down.

    Parameters
    ----------
    table : Table
        The collection's.
    files : frozenset of str
        Paths below ``images/`` and ``volumes/``.
    ledger : Ledger
        ``provenance.csv``.
    cases : tuple of Waiting
        The candidates.
    """

    table: Table
    files: frozenset[str]
    ledger: Ledger
    cases: tuple[Waiting, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Meant:
    """What a name means.

    Parameters
    ----------
    rows : frozenset of int
        Positions of rows.
    files : frozenset of str
        Paths of files, whether a row names them or not.
    cases : frozenset of str
        Candidates that go as a whole, as ``source/case``.
    images : frozenset of str
        Ids of images of other candidates.
    """

    rows: frozenset[int] = field(default_factory=frozenset)
    files: frozenset[str] = field(default_factory=frozenset)
    cases: frozenset[str] = field(default_factory=frozenset)
    images: frozenset[str] = field(default_factory=frozenset)

    def __or__(self, other: Meant) -> Meant:
        """Give what either means."""
        return Meant(
            **{
                each.name: getattr(self, each.name) | getattr(other, each.name)
                for each in fields(self)
            }
        )

    def __bool__(self) -> bool:
        """Tell whether there is anything."""
        return any(getattr(self, each.name) for each in fields(self))


def meant(name: str, known: Known) -> Meant:
    """Find what a name means.

    Parameters
    ----------
    name : str
        An address or a DOI in any form, a patientid, a file name, or a path such as
        ``images/one.png``; ``patientid=7`` and the like where it could be two things.
    known : Known
        What there is.

    Raises
    ------
    UsageError
        If there is nothing of that name, or it could be two things.
    """
    kind, equals, rest = name.partition("=")
    only = kind if equals and kind in KINDS else ""
    wanted = (rest if only else name).strip()
    finders: dict[str, Callable[[str, Known], Meant]] = {
        "url": _at_address,
        "doi": _of_paper,
        "patientid": _of_patient,
        "filename": _of_file,
    }
    chosen = (only,) if only else KINDS
    found = {each: what for each in chosen if wanted and (what := finders[each](wanted, known))}
    if "url" in found and "doi" in found:
        # The address of a DOI is both, and means one paper.
        found["url"] |= found.pop("doi")
    if not found:
        raise UsageError(_nothing(wanted, known))
    if len(set(map(_key, found.values()))) > 1:
        choices = " or ".join(f"{each}={wanted} ({_told(what)})" for each, what in found.items())
        raise UsageError(f"{wanted!r} can be two things: name {choices}")
    return next(iter(found.values()))


def _at_address(name: str, known: Known) -> Meant:
    key = canonical_url(name)
    if not key:
        return Meant()
    table = known.table
    rows = _rows(table, "url", lambda text: canonical_url(text) == key)
    lines = [each for each in _accepted_lines(known) if key in _line_addresses(each)]
    return _whole(
        Meant(rows=rows) | _accepted(lines, known), known, lambda case: key in case.pages
    ) | Meant(
        images=frozenset(
            image.id
            for case in known.cases
            for image in case.images
            if canonical_url(image.provenance.image_url) == key
        )
    )


def _of_paper(name: str, known: Known) -> Meant:
    doi = read_doi(name).doi
    if doi is None:
        return Meant()
    key = doi_key(doi)
    rows = _rows(known.table, "doi", lambda text: _doi_key(text) == key)
    rows |= _rows(known.table, "url", lambda text: _doi_key(text) == key)
    lines = [each for each in _accepted_lines(known) if _doi_key(each.doi) == key]
    found = Meant(rows=rows) | _accepted(lines, known)
    return _whole(found, known, lambda case: case.doi == key)


def _of_patient(name: str, known: Known) -> Meant:
    rows = _rows(known.table, "patientid", lambda text: text == name)
    urls = {Row(known.table, row)["url"] for row in rows}
    # A case page is about one patient; that of a paper may be about many.
    pages = {canonical_url(url) for url in urls if is_case_page(url)}
    return _whole(Meant(rows=rows), known, lambda case: bool(pages & case.pages))


def _of_file(name: str, known: Known) -> Meant:
    table, plain = known.table, name.replace("\\", "/").removeprefix("./")
    if "/" in plain:
        return _files([plain], known)
    paths = _paths_named(plain, known)
    if len(paths) > 1:
        raise UsageError(f"{name!r} can be two things: name {' or '.join(paths)}")
    found = _files(paths, known)
    # A row can name a file that is not there.
    return found | Meant(rows=_rows(table, "filename", lambda text: text == plain))


def _paths_named(name: str, known: Known) -> list[str]:
    rows = _rows(known.table, "filename", lambda text: text == name)
    paths = {Row(known.table, row).path for row in rows}
    return sorted(paths | {path for path in known.files if path.rpartition("/")[2] == name})


def _files(paths: Collection[str], known: Known) -> Meant:
    rows = frozenset(row for path in paths for row in known.table.rows_of(path))
    return Meant(rows=rows, files=known.files.intersection(paths))


def _accepted_lines(known: Known) -> Iterable[Line]:
    return known.ledger.accepted.values()


def _accepted(lines: Sequence[Line], known: Known) -> Meant:
    """Give rows and files of lines of provenance."""
    found = Meant()
    for line in lines:
        paths = _paths_named(line.filename, known)
        if len(paths) > 1:
            raise UsageError(
                f"{line.filename} is there as {' and '.join(paths)}, and provenance.csv does not "
                "say which is meant; name the file"
            )
        found |= _files(paths, known)
    return found


def _whole(found: Meant, known: Known, fits: Callable[[Waiting], bool]) -> Meant:
    return found | Meant(cases=frozenset(case.path for case in known.cases if fits(case)))


def _rows(table: Table, column: str, fits: Callable[[str], bool]) -> frozenset[int]:
    """Give the rows whose cell, without blanks around, fits; each distinct text is asked once."""
    wanted = {text for text in table.values(column) if text.strip() and fits(text.strip())}
    held = table.rows_by_text(column, wanted)
    return frozenset(row for rows in held.values() for row in rows)


def _line_addresses(line: Line) -> tuple[str, str]:
    return canonical_url(line.page_url), canonical_url(line.image_url)


def _doi_key(text: str) -> str:
    doi = read_doi(text).doi
    return doi_key(doi) if doi else ""


def _key(what: Meant) -> tuple[frozenset[int], frozenset[str], frozenset[str]]:
    # A row and its file are one thing, however it was found.
    return what.rows, what.cases, what.images


def _told(what: Meant) -> str:
    counts = {"row": len(what.rows), "file": len(what.files), "candidate": len(what.cases)}
    return ", ".join(f"{n} {word}{'' if n == 1 else 's'}" for word, n in counts.items() if n)


def _nothing(name: str, known: Known) -> str:
    lines = [
        line
        for line in known.ledger.lines
        if name == line.filename
        or canonical_url(name) in {*_line_addresses(line)} - {""}
        or _doi_key(name) in {_doi_key(line.doi)} - {""}
    ]
    if lines:
        last = lines[-1]
        reason = f": {last.reason}" if last.reason else ""
        return (
            f"nothing of {name!r} is here any more; provenance.csv knows it "
            f"({last.decision}, {last.decided_at or 'no date'}{reason})"
        )
    close = difflib.get_close_matches(name[:_SHOWN], list(_names(known)), n=_CLOSE)
    hint = f"; did you mean {' or '.join(close)}?" if close else ""
    shown = name if len(name) <= _SHOWN else f"{name[:_SHOWN]}…"
    return f"there is no page, paper, patient or file {shown!r}{hint}"


def _names(known: Known) -> Iterator[str]:
    names: dict[str, None] = {}
    for column in ("patientid", "filename", "url", "doi"):
        names |= dict.fromkeys(text.strip() for text in known.table.values(column))
    for case in known.cases:
        names |= dict.fromkeys(case.pages)
    names.pop("", None)
    yield from list(names)[:_MOST_COMPARED]
