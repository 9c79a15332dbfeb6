"""What a review keeps in ``.covidxr/``: the decisions, in order, and drafts that wait for one.

This module owns both files' form. The log is what `undo` goes by; what the collection holds is told
by its own files. A draft is kept as soon as a field changes, so that nothing is lost with a window.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING

from covidxr.disk import WORK, keep_out_of_git, read_text_if_there, why, write_text
from covidxr.errors import CollectionError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

LOG = f"{WORK}/review/decisions.jsonl"
"""Path of the log, relative to the collection's root."""

_DRAFTS = f"{WORK}/review/drafts"


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One decision, or the undoing of one.

    Parameters
    ----------
    verdict : str
        ``"accept"``, ``"reject"``, ``"defer"`` or ``"undo"``.
    id : str
        Of the candidate image.
    reason, by, at : str
        Why, who, and when (UTC, ISO 8601).
    of : int
        For an undo: position in the log of the decision that it takes back; else -1.
    filename, path, sha256, patientid : str
        For an accept: name and path of the new file, the hash of its bytes, the row's patient.
    record : str
        For an accept: the row as it was written, without its line end.
    line : mapping of str to str
        For an accept or a reject: the line of ``provenance.csv``, by column.
    ended, made, made_table : bool
        For an accept or a reject: whether the table's last line had an end before, and whether
        ``provenance.csv`` and the table were made for it.
    files : sequence of (str, str, str)
        For accepted annotations: path of each file that changed, and the SHA-256 of its bytes
        before and after, empty where there was none.
    """

    verdict: str
    id: str
    reason: str = ""
    by: str = ""
    at: str = ""
    of: int = -1
    filename: str = ""
    path: str = ""
    sha256: str = ""
    patientid: str = ""
    record: str = ""
    line: Mapping[str, str] = field(default_factory=dict)
    ended: bool = True
    made: bool = False
    made_table: bool = False
    files: Sequence[tuple[str, str, str]] = ()

    def __post_init__(self) -> None:
        """Make tuples of what JSON gives as lists, so that an event read is the event written."""
        object.__setattr__(self, "files", tuple((path, old, new) for path, old, new in self.files))


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What a curator has filled in so far.

    Parameters
    ----------
    cells : mapping of str to str
        Fields that differ from what the source filled in.
    version : int
        How often it changed.
    """

    cells: Mapping[str, str] = field(default_factory=dict)
    version: int = 0


UNDO = "undo"
"""The verdict of an event that takes another back."""


def read_log(data: bytes, where: str) -> tuple[str, tuple[Event, ...]]:
    """Read the log.

    Parameters
    ----------
    data : bytes
        The file; empty where there is none.
    where : str
        Its path, for messages.

    Returns
    -------
    (str, tuple of Event)
        Its text, without a last line that was cut off, and its events in order.

    Raises
    ------
    CollectionError
        If it cannot be read; the message says what to do.
    """
    text = data.decode("utf-8", "replace")
    whole = text[: text.rfind("\n") + 1]
    try:
        return whole, tuple(Event(**json.loads(line)) for line in whole.splitlines())
    except (ValueError, TypeError) as error:
        raise CollectionError(
            f"{where} cannot be read: {error}; move it away to go on without undo "
            "(no row and no decision of provenance.csv is lost by that)"
        ) from error


def with_event(text: str, event: Event) -> str:
    """Give the log with one event more."""
    return f"{text}{json.dumps(asdict(event), ensure_ascii=True)}\n"


def read_drafts(root: Path, case: str) -> dict[str, Draft]:
    """Read the drafts of a case's images, by id; a damaged file counts as none.

    Parameters
    ----------
    root : Path
        The collection's folder.
    case : str
        ``source/case``.
    """
    text = read_text_if_there(_draft_file(root, case))
    if text is None:
        return {}
    try:
        return {
            str(id_): Draft(
                cells={str(name): str(cell) for name, cell in each["cells"].items()},
                version=int(each["version"]),
            )
            for id_, each in json.loads(text).items()
        }
    except (ValueError, KeyError, TypeError, AttributeError):
        return {}


def write_draft(root: Path, case: str, id_: str, draft: Draft) -> None:
    """Keep the draft of one image.

    Raises
    ------
    CollectionError
        If the disk refuses.
    """
    drafts = {**read_drafts(root, case), id_: draft}
    path = _draft_file(root, case)
    _make_folder(root, path)
    record = {
        id_: {"cells": dict(each.cells), "version": each.version} for id_, each in drafts.items()
    }
    write_text(path, json.dumps(record, indent=1) + "\n")


def _draft_file(root: Path, case: str) -> Path:
    source, _, name = case.partition("/")
    return root / _DRAFTS / source / f"{name}.json"


def _make_folder(root: Path, path: Path) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        keep_out_of_git(root / WORK)
    except OSError as error:
        raise CollectionError(f"{path} cannot be written: {why(error)}") from error
