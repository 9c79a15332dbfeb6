"""``split.csv``: which image is in which part, with what it takes to make it again and to trust it.

This module owns the file's form: a preamble of ``## name: value`` lines, then a CSV of one line an
image, in the order of the table. It opens no file and decides no part.

The preamble's ``sha256`` is that of every other line of the file, so that
``grep -v '^## sha256' split.csv | sha256sum`` repeats it, and each line ends with a short check of
its own, so that an edited line is named. Line ends do not count: git may change them.
"""

from __future__ import annotations

import csv
import hashlib
import io
import zlib
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, NamedTuple

from covidxr.errors import CollectionError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

NAME = "split.csv"
"""What such a file is usually called."""

METHOD = "covidxr split 1"
"""How parts are chosen; another number would choose others from the same rows and seed."""

PARTS = (("train", 0.7), ("val", 0.1), ("test", 0.2))
"""Parts where none are asked for."""

STRATA = ("finding", "view", "source")
"""What is balanced where nothing else is asked for."""

_SIGN = "## "
_FIELDS = ("filename", "folder", "patientid", "group", "part")
_MOST_LINES = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What a split is made by.

    Parameters
    ----------
    seed : int
        Chooses among equally good splits.
    parts : tuple of (str, float)
        Name and share of each part, 0 to 1; together 1.
    folds : int
        How many folds every part is cut into; 0 for none.
    stratify : tuple of str
        What is balanced: some of `STRATA`.
    by_hash : bool
        Whether a group's part depends on its name and the seed alone, and nothing is balanced.
    duplicates : bool
        Whether images that show the same were looked for and are in one group.
    pages : bool
        Whether all images of one page are in one group.
    """

    seed: int = 0
    parts: tuple[tuple[str, float], ...] = PARTS
    folds: int = 0
    stratify: tuple[str, ...] = STRATA
    by_hash: bool = False
    duplicates: bool = True
    pages: bool = False


class Line(NamedTuple):
    """One image.

    Parameters
    ----------
    filename, folder : str
        As the table has them, without blanks around; a blank folder means ``images``.
    patientid : str
        Blank where the table does not say.
    group : str
        What is never parted: one name for all images of it.
    part : str
        Blank where it has none.
    fold : int or None
        From 0; None where there are no folds.
    """

    filename: str
    folder: str
    patientid: str
    group: str
    part: str
    fold: int | None = None

    @property
    def path(self) -> str:
        """Path of the image, relative to the collection's root."""
        return f"{self.folder or 'images'}/{self.filename}"


@dataclass(frozen=True, kw_only=True)
class Split:
    """A split of a collection.

    Parameters
    ----------
    plan : Plan
        What it was made by.
    lines : tuple of Line
        In the order of the table.
    table_sha256 : str
        Of the bytes of ``metadata.csv`` of which it was made; empty where that is not known.
    sha256 : str
        Of the file; empty for a split that is not written yet.
    edits : tuple of str
        Where the file is not as covidxr wrote it, in a curator's words; empty where it is.
    """

    plan: Plan
    lines: tuple[Line, ...]
    table_sha256: str = ""
    sha256: str = ""
    edits: tuple[str, ...] = field(default=())

    def parts(self) -> dict[str, str]:
        """Part of each image by its path, as :class:`covidxr.dataset.Dataset` has it."""
        return {line.path: line.part for line in self.lines if line.part}

    def folds(self) -> dict[str, int]:
        """Fold of each image by its path; empty where there are none."""
        return {line.path: line.fold for line in self.lines if line.fold is not None}


def fold_name(fold: int) -> str:
    """Give what a fold is called where parts have names."""
    return f"fold {fold}"


def is_split(data: bytes) -> bool:
    """Tell whether a file is one that `write` made, edited or not."""
    return data.removeprefix(b"\xef\xbb\xbf").startswith(b"## covidxr split")


def write(split: Split) -> bytes:
    """Give the file of a split; the same split gives the same bytes."""
    return finished(split)[0]


def finished(split: Split) -> tuple[bytes, Split]:
    """Give the file of a split, and the split with the file's sum."""
    body = io.StringIO()
    out = csv.writer(body, lineterminator="\n")
    folds = bool(split.plan.folds)
    out.writerow([*_FIELDS, *(["fold"] if folds else []), "check"])
    out.writerows(_cells(line, folds=folds) for line in split.lines)
    before = "".join(f"{_SIGN}{line}\n" for line in _preamble(split))
    after = body.getvalue()
    total = _sum([before, after])
    data = f"{before}{_SIGN}sha256: {total}\n{after}".encode("utf-8", "surrogateescape")
    return data, replace(split, sha256=total, edits=())


def read(data: bytes, where: str = NAME) -> Split:
    """Read a split.

    Parameters
    ----------
    data : bytes
        The file.
    where : str
        Its path, for messages.

    Returns
    -------
    Split
        With what somebody changed by hand in `edits`; the changes hold.

    Raises
    ------
    CollectionError
        If it is no such file, or a line of it is none.
    """
    text = data.decode("utf-8", "surrogateescape").removeprefix("\ufeff").replace("\r\n", "\n")
    if not is_split(data):
        raise CollectionError(f"{where} does not begin with “## covidxr split”: another file?")
    said, before, after = _parted(text)
    numbered = [*_lines(after, before.count("\n") + 2, where)]
    total = _sum([before, after])
    edits = [f"line {at} was edited" for at, _, sound in numbered if not sound]
    if total != said.get("sha256", "") and not edits:
        edits = [_elsewhere(said, len(numbered))]
    return Split(
        plan=_plan(said, where),
        lines=tuple(line for _, line, _ in numbered),
        table_sha256=said.get("table", ""),
        sha256=total,
        edits=tuple(edits),
    )


def parse_parts(text: str) -> tuple[tuple[str, float], ...]:
    """Read parts such as ``train=0.7,val=0.1,test=0.2``.

    Raises
    ------
    ValueError
        If a share is no number above 0, a name is given twice, or they are not 1 together.
    """
    found = []
    for each in text.split(","):
        name, _, share = each.partition("=")
        if not name.strip() or not share.strip():
            raise ValueError(f"{each.strip()!r} is not a name and a share, such as test=0.2")
        found.append((name.strip(), float(share)))
    names = [name for name, _ in found]
    if len(set(names)) < len(names):
        raise ValueError("a part is named twice")
    if not all(0 < share <= 1 for _, share in found):
        raise ValueError("every share is above 0 and at most 1")
    # Shares are written with few digits: thirds are 0.333 three times.
    if abs(sum(share for _, share in found) - 1) > 0.01:  # noqa: PLR2004
        raise ValueError(f"the shares are {sum(share for _, share in found):g} together, not 1")
    return tuple(found)


def written_parts(parts: Iterable[tuple[str, float]]) -> str:
    """Write parts as `parse_parts` reads them."""
    return ",".join(f"{name}={share!r}" for name, share in parts)


def _preamble(split: Split) -> Iterator[str]:
    plan = split.plan
    yield f"{METHOD}: covidxr split --check tells whether this file or its table was changed"
    yield f"seed: {plan.seed}"
    yield f"parts: {written_parts(plan.parts)}"
    yield f"folds: {plan.folds}"
    yield f"stratify: {','.join(plan.stratify)}"
    yield f"by-hash: {_YES[plan.by_hash]}"
    yield f"duplicates: {_YES[plan.duplicates]}"
    yield f"pages: {_YES[plan.pages]}"
    yield f"table: {split.table_sha256}"
    yield f"rows: {len(split.lines)}"


_YES = {True: "yes", False: "no"}


def _cells(line: Line, *, folds: bool) -> list[str]:
    cells = [*line[:5]]
    if folds:
        cells.append("" if line.fold is None else str(line.fold))
    return [*cells, _check(cells)]


def _check(cells: Iterable[str]) -> str:
    joined = "\0".join(cells).encode("utf-8", "surrogateescape")
    return f"{zlib.crc32(joined) & 0xFFFF:04x}"


def _sum(texts: Iterable[str]) -> str:
    found = hashlib.sha256()
    for text in texts:
        found.update(text.encode("utf-8", "surrogateescape"))
    return found.hexdigest()


def _parted(text: str) -> tuple[dict[str, str], str, str]:
    """What the preamble says, its lines but the sum's, and all that comes after it."""
    said: dict[str, str] = {}
    kept: list[str] = []
    start = 0
    while text.startswith(_SIGN, start) and len(kept) <= _MOST_LINES:
        stop = text.find("\n", start) + 1 or len(text)
        line = text[start:stop]
        name, _, value = line.removeprefix(_SIGN).rstrip("\n").partition(": ")
        said[name] = value
        if name != "sha256":
            kept.append(line)
        start = stop
    return said, "".join(kept), text[start:]


def _lines(text: str, first: int, where: str) -> Iterator[tuple[int, Line, bool]]:
    """Line number, what it says, and whether its check still holds."""
    reader = csv.reader(io.StringIO(text))
    header = next(reader, [])
    folds = "fold" in header
    wanted = [*_FIELDS, *(["fold"] if folds else []), "check"]
    if header != wanted:
        raise CollectionError(f"{where}: line {first} is not {','.join(wanted)}")
    for cells in reader:
        at = first + reader.line_num - 1
        if len(cells) != len(wanted) or (folds and cells[5] and not cells[5].isdecimal()):
            raise CollectionError(f"{where}: line {at} is not of the form {','.join(wanted)}")
        fold = int(cells[5]) if folds and cells[5] else None
        name, folder, patient, group, part = cells[:5]
        sound = cells[-1] == _check(cells[:-1])
        yield at, Line(name, folder, patient, group, part, fold), sound


def _elsewhere(said: dict[str, str], lines: int) -> str:
    """Say what was changed where every line is one that covidxr wrote."""
    if not said.get("sha256"):
        return "the line “## sha256: …” is gone"
    if said.get("rows") != str(lines):
        return f"it has {lines:,} lines, and had {said.get('rows') or 'another number'}"
    return "its preamble was edited, or lines stand in another order"


def _plan(said: dict[str, str], where: str) -> Plan:
    try:
        return Plan(
            seed=int(said["seed"]),
            parts=parse_parts(said["parts"]),
            folds=int(said["folds"]),
            stratify=tuple(filter(None, said["stratify"].split(","))),
            by_hash=said["by-hash"] == "yes",
            duplicates=said["duplicates"] == "yes",
            pages=said["pages"] == "yes",
        )
    except KeyError as missing:
        raise CollectionError(f"{where}: the preamble has no line {missing}") from None
    except ValueError as error:
        raise CollectionError(f"{where}: the preamble cannot be read: {error}") from None
