"""List, show and drop the candidates that wait for review.

This workflow finds candidates by name; it prints nothing.
"""

from __future__ import annotations

import json
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any

from covidxr import candidatestore
from covidxr.errors import UsageError

if TYPE_CHECKING:
    from pathlib import Path

    from covidxr.candidatestore import Candidates
    from covidxr.casefile import StoredCase


def listed(root: Path, output: Path | None, source: str | None = None) -> list[StoredCase]:
    """Give every candidate, by source and name.

    Parameters
    ----------
    root : Path
        The collection's folder.
    output : Path or None
        Folder for candidates, where it is not the collection's own.
    source : str, optional
        Only those of one source.
    """
    return list(candidatestore.candidates_of(root, output).cases(source))


def records(root: Path, output: Path | None, names: list[str]) -> list[tuple[dict[str, Any], Path]]:
    """Give the whole records of candidates, with their folders.

    Parameters
    ----------
    root, output : Path
        As in `listed`.
    names : list of str
        As in `chosen`.
    """
    candidates = candidatestore.candidates_of(root, output)
    found = []
    for case in chosen(candidates, names):
        text, folder = candidates.record(case.path)
        found.append((json.loads(text), folder))
    return found


def drop(root: Path, output: Path | None, names: list[str]) -> list[StoredCase]:
    """Remove candidates and their files.

    Parameters
    ----------
    root, output : Path
        As in `listed`.
    names : list of str
        As in `chosen`.

    Returns
    -------
    list of StoredCase
        Those that are gone.

    Raises
    ------
    CollectionError
        If a run works on one of their sources.
    """
    candidates = candidatestore.candidates_of(root, output)
    gone = chosen(candidates, names)
    for source in dict.fromkeys(case.source for case in gone):
        with candidates.working_on(source):
            for case in gone:
                if case.source == source:
                    candidates.drop(case.path)
    return gone


def chosen(candidates: Candidates, names: list[str]) -> list[StoredCase]:
    """Find candidates by name.

    Parameters
    ----------
    candidates : Candidates
        Where to look.
    names : list of str
        ``source/case``, the case alone where no other source has it, the address of its page, or a
        pattern with ``*``.

    Raises
    ------
    UsageError
        If a name fits none, or one without ``*`` fits several.
    """
    known = list(candidates.cases())
    found: dict[str, StoredCase] = {}
    for name in names:
        fitting = [case for case in known if _fits(case, name)]
        if not fitting:
            msg = f"there is no candidate {name!r}; `covidxr candidates` lists them"
            raise UsageError(msg)
        if len(fitting) > 1 and "*" not in name:
            several = ", ".join(case.path for case in fitting)
            msg = f"{name!r} can be {several}; name one of them"
            raise UsageError(msg)
        found |= {case.path: case for case in fitting}
    return list(found.values())


def _fits(case: StoredCase, name: str) -> bool:
    names = (case.path, case.id, f"{case.source}/{case.id}", *case.addresses)
    return name in names or ("*" in name and any(fnmatchcase(each, name) for each in names))
