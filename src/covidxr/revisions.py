"""What git knows of the collection at an earlier revision.

This module asks git and changes nothing.
"""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

from covidxr.errors import RevisionError

if TYPE_CHECKING:
    from pathlib import Path


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


def _git(root: Path, *words: str) -> subprocess.CompletedProcess[bytes]:
    try:
        return subprocess.run(
            ["git", "-C", str(root), *words], capture_output=True, check=False, timeout=120
        )
    except FileNotFoundError:
        msg = "git is not installed, and --since asks it what changed"
        raise RevisionError(msg) from None
