"""The secret that pseudonyms are made with: one a collection, outside of every repository.

Whoever has it can tell which pseudonym a PatientID gets, by trying. So it is made once, kept in the
user's own folder with no right for others, and never written into a collection; no table of
pseudonyms is kept at all. This module owns where it is and how it is made.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
from pathlib import Path
from typing import TYPE_CHECKING

from covidxr.disk import UNRESOLVED, why
from covidxr.errors import CollectionError, UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

_BYTES = 32
_FEWEST = 16
"""Bytes below which a secret could be tried out: 128 bits (NIST SP 800-131A)."""


def read_secret(root: Path, file: Path | None, *, keep: bool) -> tuple[bytes, str]:
    """Give a collection's secret; it is made at first use.

    Parameters
    ----------
    root : Path
        The collection's folder.
    file : Path or None
        Where the user keeps it; None for the place below the user's settings.
    keep : bool
        Whether a new one is written; for a dry run it is not.

    Returns
    -------
    (bytes, str)
        The secret, and what is to be said of it; empty where it was there.

    Raises
    ------
    UsageError
        If it stands within the collection's folder or its repository, or is too short.
    CollectionError
        If the disk refuses.
    """
    path = file or default_file(root)
    try:
        _refuse_inside(root, path)
        if path.exists():
            return _read(path), ""
        if not keep:
            return secrets.token_bytes(_BYTES), ""
        return _make(path), (
            f"a secret for pseudonyms was made in {path}: keep a copy in a safe place, since "
            "without it the same patient gets another pseudonym"
        )
    except UNRESOLVED as error:
        msg = f"{path} cannot be read or written: {why(error)}"
        raise CollectionError(msg) from error


def default_file(root: Path) -> Path:
    """Say where a collection's secret is kept: by the path of the collection's folder."""
    import platformdirs

    try:
        place = str(root.resolve())
    except UNRESOLVED:
        place = str(root)
    key = hashlib.sha256(place.encode("utf-8", "surrogateescape")).hexdigest()[:16]
    return Path(platformdirs.user_config_dir("covidxr")) / "secrets" / f"{key}.secret"


def pseudonym(secret: bytes, kind: str, parts: Sequence[str]) -> str:
    """Make a name that says nothing of what it stands for.

    Parameters
    ----------
    secret : bytes
        The collection's.
    kind : str
        What it is made for, so that the same words give another name for another purpose.
    parts : sequence of str
        What it stands for.

    Returns
    -------
    str
        Sixteen hex digits; the same each time. Two of a million names are equal with a chance of
        one in 37 million.
    """
    text = "\x1f".join((kind, *parts)).encode("utf-8", "surrogatepass")
    return hmac.new(secret, text, hashlib.sha256).hexdigest()[:16]


def of_contributor(secret: bytes, contributor: str) -> bytes:
    """Give the secret for the files of one contributor.

    Parameters
    ----------
    secret : bytes
        The collection's.
    contributor : str
        Who; case and blanks do not count.

    Returns
    -------
    bytes
        32 bytes: two hospitals both have a patient 1, who must not get the same pseudonym.
    """
    whom = " ".join(contributor.split()).casefold()
    return hmac.new(
        secret, b"contributor\x1f" + whom.encode("utf-8", "surrogatepass"), hashlib.sha256
    ).digest()


def _refuse_inside(root: Path, path: Path) -> None:
    top = _repository(root.resolve())
    place = path.resolve()
    if place.is_relative_to(top):
        raise UsageError(
            f"{path} lies within {top}, which is shared: keep the secret elsewhere, and name it "
            "with --secret-file"
        )


def _repository(folder: Path) -> Path:
    """The top of the git repository that a folder is in; the folder itself where it is in none."""
    return next((each for each in (folder, *folder.parents) if (each / ".git").exists()), folder)


def _read(path: Path) -> bytes:
    secret = path.read_bytes().strip()
    if len(secret) < _FEWEST:
        raise UsageError(f"{path} holds {len(secret)} bytes; a secret has {_FEWEST} at least")
    return secret


def _make(path: Path) -> bytes:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    secret = secrets.token_hex(_BYTES).encode()
    # Never anybody else's to read, and never in the place of one that was made meanwhile.
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(secret + b"\n")
        file.flush()
        os.fsync(file.fileno())
    return secret
