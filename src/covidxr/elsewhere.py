"""Collections that lie elsewhere: in S3, in memory, wherever fsspec reaches. They are only read.

This module owns all use of fsspec. The table and the texts beside it are copied to this machine
each time, into the user's cache, and annotations with them; images and volumes are read where they
lie, one at a time, and what was seen of them is remembered in the same cache.
"""

from __future__ import annotations

import contextlib
import hashlib
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from covidxr.disk import why, write_bytes
from covidxr.errors import CollectionError, UsageError
from covidxr.places import LOOKED_AT, UnopenedError, is_image_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

# A path has made one slash of two by the time it is looked at; a letter alone is a drive.
_ADDRESS = re.compile(r"([A-Za-z][A-Za-z0-9+.-]+):/+(.*)", re.DOTALL)
# What is copied: the books, and what says how they are read.
_COPIED = (
    *("metadata.csv", "provenance.csv", "covidxr.toml", "pyproject.toml"),
    "duplicate-decisions.csv",
    *("README.md", "SCHEMA.md", "LICENSES.md"),
)
_FOLDERS = (*LOOKED_AT, "annotations")
# An annotation that is larger is not read here either.
_MOST_COPIED = 512 << 20
# Of fewer files each is asked for; of more the whole listing is read.
_ASKED_ONE_BY_ONE = 8
# What file systems call the things that change with a file.
_CHANGING = ("ETag", "LastModified", "mtime", "created", "md5", "checksum")


def address_of(root: Path) -> str:
    """Read an address such as ``s3://bucket/collection`` back from a path; empty where it is none.

    ``file://`` is a path of this machine, and no address: `local_path` gives it.
    """
    found = _ADDRESS.fullmatch(str(root))
    if found is None or found[1].lower() == "file":
        return ""
    return f"{found[1].lower()}://{found[2].rstrip('/')}"


def local_path(root: Path) -> Path:
    """Give the path that a ``file://`` address means; any other path as it is."""
    found = _ADDRESS.fullmatch(str(root))
    return Path("/", found[2]) if found is not None and found[1].lower() == "file" else root


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """Where a collection's files lie; a :class:`covidxr.places.Place`.

    Parameters
    ----------
    address : str
        Of the collection, such as ``s3://bucket/collection``.
    """

    address: str

    def paths(self) -> list[str]:
        """List files as `Place` says."""
        return list(self._listing())

    def stamps(self, paths: Iterable[str]) -> dict[str, str]:
        """Give stamps as `Place` says: whatever the file system calls a change."""
        wanted = list(paths)
        if len(wanted) > _ASKED_ONE_BY_ONE:
            listing = self._listing()
            return {path: _stamp(listing[path]) for path in wanted if path in listing}
        files, base = _opened(self.address)
        found = {}
        for path in wanted:
            with contextlib.suppress(Exception):
                found[path] = _stamp(files.info(f"{base}/{path}"))
        return found

    @contextlib.contextmanager
    def opened(self, path: str, most: int | None = None) -> Iterator[tuple[bytes, int]]:
        """Read a file as `Place` says: a volume of some GB takes as much memory."""
        try:
            files, base = _opened(self.address)
            size = int(files.info(f"{base}/{path}")["size"])
            # Some file systems take an end behind the end amiss, and nothing for nothing.
            end = size if most is None else min(most, size)
            data = bytes(files.cat_file(f"{base}/{path}", start=0, end=end)) if end else b""
        except Exception as error:
            raise UnopenedError(f"cannot be read: {_words(error)}") from error
        yield data, size

    def _listing(self) -> dict[str, dict[str, Any]]:
        files, base = _opened(self.address)
        found: dict[str, dict[str, Any]] = {}
        for folder in LOOKED_AT:
            for name, info in sorted(_find(files, f"{base}/{folder}", self.address).items()):
                path = name.strip("/").removeprefix(base.strip("/")).lstrip("/")
                hidden = any(part.startswith(".") for part in path.split("/"))
                if not hidden and is_image_name(path.rpartition("/")[2]):
                    found[path] = info
        return found


def copied(address: str, cache: Path) -> Path:
    """Copy a collection's table and texts to this machine.

    Parameters
    ----------
    address : str
        Of the collection.
    cache : Path
        The user's folder for what can be made again.

    Returns
    -------
    Path
        A folder that reads like the collection, but for its images and volumes.

    Raises
    ------
    UsageError
        If nothing that is installed reads such addresses.
    CollectionError
        If there is no table, or it cannot be read.
    """
    files, base = _opened(address)
    folder = cache / "elsewhere" / hashlib.sha256(address.encode()).hexdigest()[:16]
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name in _FOLDERS:
            _copy_folder(files, base, name, folder, address)
        for name in _COPIED:
            _copy(files, f"{base}/{name}", folder / name, address)
    except OSError as error:
        raise CollectionError(f"{folder} cannot be written: {why(error)}") from error
    if not (folder / "metadata.csv").exists():
        raise CollectionError(f"there is no {address}/metadata.csv")
    return folder


def _copy_folder(files: Any, base: str, name: str, folder: Path, address: str) -> None:
    """Make a folder where there is one there, and copy annotations, of which rules read all.

    What is gone there goes here, too: a mask that was taken down is not judged again.
    """
    listing = _find(files, f"{base}/{name}", address)
    if listing:
        (folder / name).mkdir(exist_ok=True)
    wanted: dict[Path, str] = {}
    for path, info in listing.items():
        inner = path.strip("/").removeprefix(base.strip("/")).lstrip("/")
        safe = ".." not in inner.split("/") and "\\" not in inner
        if name == "annotations" and safe and int(info.get("size") or 0) <= _MOST_COPIED:
            wanted[folder / inner] = path
    # Before anything is copied: what was a file may be a folder now, and the other way round.
    for old in sorted((folder / name).rglob("*"), reverse=True):
        if old.is_dir():
            with contextlib.suppress(OSError):
                old.rmdir()
        elif old not in wanted:
            old.unlink()
    for target, path in wanted.items():
        target.parent.mkdir(parents=True, exist_ok=True)
        _copy(files, path, target, address)


def _copy(files: Any, path: str, target: Path, address: str) -> None:
    try:
        data = bytes(files.cat_file(path))
    except FileNotFoundError:
        target.unlink(missing_ok=True)
        return
    except Exception as error:
        raise CollectionError(f"{address}: {path} cannot be read: {_words(error)}") from error
    if not target.exists() or target.read_bytes() != data:
        write_bytes(target, data)


def _find(files: Any, path: str, address: str) -> dict[str, dict[str, Any]]:
    try:
        return dict(files.find(path, detail=True))
    except FileNotFoundError:
        return {}
    except Exception as error:
        raise CollectionError(f"{address} cannot be listed: {_words(error)}") from error


def _opened(address: str) -> tuple[Any, str]:
    """Give the file system and the path in it; fsspec keeps one of each kind."""
    from fsspec.core import url_to_fs

    try:
        files, base = url_to_fs(address)
    except (ImportError, ValueError) as error:
        more = "; `pip install covidxr[s3]` reads s3://" if address.startswith("s3:") else ""
        raise UsageError(f"{address} cannot be opened: {_words(error)}{more}") from error
    except Exception as error:
        raise CollectionError(f"{address} cannot be opened: {_words(error)}") from error
    # What another run changed meanwhile is seen.
    files.invalidate_cache()
    return files, str(base).rstrip("/")


def _stamp(info: dict[str, Any]) -> str:
    values = [info[each] for each in _CHANGING if each in info]
    # Some file systems give a time as such where one file is asked for, and as seconds in lists.
    texts = [str(each.timestamp() if hasattr(each, "timestamp") else each) for each in values]
    said = "|".join(texts).replace(":", "")
    return f"{said}:{int(info.get('size') or 0)}"


def _words(error: BaseException) -> str:
    return " ".join(str(error).split())[:200] or type(error).__name__
