"""What git knows of the collection at an earlier revision.

This module asks git and changes nothing.
"""

from __future__ import annotations

import subprocess
from dataclasses import dataclass
from typing import TYPE_CHECKING

from covidxr.errors import RevisionError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Blob:
    """One file as a revision has it.

    Parameters
    ----------
    id : str
        Under which git keeps its bytes: the same for the same bytes.
    size : int
        In bytes.
    """

    id: str
    size: int


def file_at(root: Path, revision: str, name: str) -> bytes | None:
    """Read a file of the collection as a revision has it.

    Parameters
    ----------
    root : Path
        The collection's folder.
    revision : str
        Anything that git takes for a commit.
    name : str
        Path relative to `root`.

    Returns
    -------
    bytes or None
        None where the revision has no such file.

    Raises
    ------
    RevisionError
        If `root` is not under git or git does not know the revision.
    """
    _check(root, revision)
    shown = _git(root, "show", f"{revision}:./{name}")
    return shown.stdout if shown.returncode == 0 else None


def changed_files(root: Path, revision: str) -> frozenset[str]:
    """List what differs between a revision and the working tree.

    Returns
    -------
    frozenset of str
        Paths relative to `root`, with ``/``: changed, new and deleted files; a renamed file with
        both its names.
    """
    _check(root, revision)
    differing = _git(
        root, "diff", "--name-only", "--relative", "--no-renames", "-z", revision, "--", "."
    )
    new = _git(root, "ls-files", "--others", "--exclude-standard", "-z", "--", ".")
    names = (differing.stdout + new.stdout).decode("utf-8", "surrogateescape").split("\0")
    return frozenset(name for name in names if name)


def tree(root: Path, revision: str, names: Iterable[str]) -> dict[str, Blob]:
    """List the files of a revision.

    Parameters
    ----------
    root : Path
        The collection's folder.
    revision : str
        Anything that git takes for a commit.
    names : iterable of str
        Files and folders, relative to `root`; what the revision has not is passed over.

    Returns
    -------
    dict of str to Blob
        By path relative to `root`, with ``/``, in git's order; a link as the text of its target.

    Raises
    ------
    RevisionError
        If `root` is not under git or git does not know the revision.
    """
    _check(root, revision)
    listed = _git(root, "ls-tree", "-r", "-l", "-z", revision, "--", *names)
    found = {}
    for entry in listed.stdout.decode("utf-8", "surrogateescape").split("\0"):
        about, _, path = entry.partition("\t")
        if not path:
            continue
        _mode, kind, name, size = about.split()
        if kind == "blob":
            found[path] = Blob(id=name, size=int(size))
    return found


def blobs(root: Path, ids: Iterable[str]) -> Mapping[str, bytes]:
    """Read the bytes of files by the ids that `tree` gives, in one process.

    Raises
    ------
    RevisionError
        If git does not hold them, as in a clone without its files.
    """
    wanted = list(dict.fromkeys(ids))
    if not wanted:
        return {}
    told = _git(root, "cat-file", "--batch", given="".join(f"{each}\n" for each in wanted).encode())
    found: dict[str, bytes] = {}
    at = 0
    for each in wanted:
        end = told.stdout.find(b"\n", at)
        words = told.stdout[at:end].split()
        # "<id> blob <size>", or "<id> missing".
        if end < 0 or len(words) != 3:  # noqa: PLR2004
            msg = f"git does not hold the file {each} here; fetch the whole history first"
            raise RevisionError(msg)
        size = int(words[2])
        found[each] = told.stdout[end + 1 : end + 1 + size]
        at = end + 1 + size + 1
    return found


def tags(root: Path) -> tuple[str, ...]:
    """Give the names of all tags; empty where `root` is not under git, or there is no git."""
    try:
        told = _git(root, "tag", "--list")
    except RevisionError:
        return ()
    return tuple(told.stdout.decode("utf-8", "surrogateescape").split())


def user_name(root: Path) -> str:
    """Give the name under which git commits here; empty where it has none, or there is no git."""
    try:
        told = _git(root, "config", "user.name")
    except (RevisionError, OSError):
        return ""
    return told.stdout.decode("utf-8", "replace").strip() if told.returncode == 0 else ""


def _check(root: Path, revision: str) -> None:
    if revision.startswith("-"):
        msg = f"{revision!r} is not a revision"
        raise RevisionError(msg)
    inside = _git(root, "rev-parse", "--show-toplevel")
    if inside.returncode != 0:
        reason = inside.stderr.decode("utf-8", "replace").strip().splitlines()
        msg = f"{root} is not under git: {reason[0] if reason else 'git gave no reason'}"
        raise RevisionError(msg)
    known = _git(root, "rev-parse", "--verify", "--quiet", f"{revision}^{{commit}}")
    if known.returncode != 0:
        msg = (
            f"git knows no revision {revision!r} here; "
            "in a pull request's checkout fetch the base first (fetch-depth: 0)"
        )
        raise RevisionError(msg)


def _git(root: Path, *words: str, given: bytes | None = None) -> subprocess.CompletedProcess[bytes]:
    try:
        return subprocess.run(
            ["git", "-C", str(root), *words],
            input=given,
            capture_output=True,
            check=False,
            timeout=120,
        )
    except FileNotFoundError:
        msg = "git is not installed, and it is asked what changed"
        raise RevisionError(msg) from None
