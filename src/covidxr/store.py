"""The collection on the disk: reading it, and writing so that nothing is lost.

It decides nothing about data: what is wrong inside a file becomes
facts, what keeps it from being read becomes a :class:`CollectionError`.
"""

from __future__ import annotations

import contextlib
import dataclasses
import mmap
import os
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from covidxr import csvread, transaction
from covidxr.dataset import Dataset
from covidxr.disk import UNRESOLVED, read_bytes, read_text, why, write_bytes
from covidxr.errors import CollectionError
from covidxr.filelook import Memory, Work, look_at_files
from covidxr.levels import ImageDepth
from covidxr.places import Folder
from covidxr.table import Table

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Iterable, Mapping
    from concurrent.futures import Executor

    from covidxr.csvtext import CsvText
    from covidxr.model import ImageFacts
    from covidxr.places import Place
    from covidxr.settings import Settings

_Parsed = TypeVar("_Parsed")

TABLE = "metadata.csv"
PROVENANCE = "provenance.csv"
FOLDERS = ("images", "volumes", "annotations")
DOCUMENTS = ("README.md", "SCHEMA.md", "LICENSES.md")
SETTINGS = ("covidxr.toml", "pyproject.toml")

# Processes of their own pay off where reading takes longer than importing pandera, some 0.5 s; a
# second reads about 100 MB.
_LARGE_TABLE = 16_000_000

_ANNOTATION_TEXTS = frozenset({".json", ".csv", ".tsv", ".txt", ".xml", ".yaml", ".yml"})


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Contents:
    """What to read of a collection.

    Parameters
    ----------
    depth : ImageDepth
        How closely files are looked at.
    as_of : datetime.date or None
        Passed on to the dataset.
    workers : Executor or None
        Looks at files side by side; None looks at them one after the other.
    progress : callable or None
        Told how many files are done and how many there are.
    memory : Memory or None
        What was seen of files before; None looks at every file.
    place : Place or None
        Where the files lie, if not in the collection's folder.
    """

    depth: ImageDepth = ImageDepth.NONE
    as_of: dt.date | None = None
    workers: Executor | None = None
    progress: Callable[[int, int], None] | None = None
    memory: Memory | None = None
    place: Place | None = None

    @property
    def work(self) -> Work:
        """How the files are looked at."""
        return Work(
            depth=self.depth, workers=self.workers, progress=self.progress, memory=self.memory
        )


def read_collection(root: Path, contents: Contents | None = None) -> Dataset:
    """Read a collection.

    Parameters
    ----------
    root : Path
        The folder that holds ``metadata.csv``.
    contents : Contents, optional
        What to read besides the table; by default its documents and nothing of its files.

    Returns
    -------
    Dataset
        Read-only; cells as they stand.

    Raises
    ------
    CollectionError
        If the table is not there or cannot be read as one.
    """
    return start_reading(root, contents or Contents())()


def has_table(root: Path) -> bool:
    """Tell whether a folder holds a collection's table."""
    return (root / TABLE).exists()


def published_addresses(root: Path) -> dict[str, str]:
    """Give the address of every page that a collection has taken or turned down images of.

    Parameters
    ----------
    root : Path
        The collection's folder.

    Returns
    -------
    dict of str to str
        Address, as it is written, to the file that names it: the table's ``url``, or the
        ``page_url`` of ``provenance.csv``, which remembers what was rejected too.

    Raises
    ------
    CollectionError
        If a file is there and cannot be read.
    """
    found: dict[str, str] = {}
    for name, column in ((PROVENANCE, "page_url"), (TABLE, "url")):
        table = read_table(root, name)
        if table is not None and table.position(column) is not None:
            found |= dict.fromkeys(table.values(column), name)
    found.pop("", None)
    return found


def stamp(root: Path, name: str) -> tuple[int, int, int] | None:
    """Give what changes with a file whenever it is written anew; None where there is none."""
    try:
        return _stamp((root / name).stat())
    except FileNotFoundError:
        return None
    except OSError as error:
        msg = f"{root / name} cannot be read: {why(error)}"
        raise CollectionError(msg) from error


def file_bytes(root: Path, name: str) -> bytes | None:
    """Read one of the collection's own files, or None where there is none of that name."""
    return read_bytes(root / name) if (root / name).exists() else None


def copies_of(root: Path, sha256: str, size: int) -> tuple[str, ...]:
    """Give the paths of the collection's files that hold exactly these bytes."""
    import hashlib

    found = []
    for path in Folder(root).paths():
        with contextlib.suppress(OSError):
            if (root / path).stat().st_size == size:
                data = (root / path).read_bytes()
                if hashlib.sha256(data).hexdigest() == sha256:
                    found.append(path)
    return tuple(found)


def read_table(root: Path, name: str = TABLE) -> Table | None:
    """Read one table of a collection, or None where there is none of that name.

    Raises
    ------
    CollectionError
        If it is there and cannot be read as one.
    """
    transaction.finish(root)
    path = root / name
    if not path.exists():
        return None
    data = _read_table(path)
    return Table(_named(path, lambda: csvread.parse(data)))


def files_there(root: Path) -> frozenset[str]:
    """Give the path of every file below ``images/`` and ``volumes/``, relative to the root."""
    return frozenset(Folder(root).paths())


def start_reading(root: Path, contents: Contents) -> Callable[[], Dataset]:
    """Begin to read a collection; what is returned waits for the rest and gives the dataset.

    A large table is read by processes of their own meanwhile, so that the caller can import what
    it needs. Parameters and errors are those of `read_collection`; errors may come at either call.
    """
    transaction.finish(root)
    path = root / TABLE
    data = _read_table(path)
    parse: Callable[[], CsvText] = lambda: csvread.parse(data)  # noqa: E731 - one of two
    if len(data) > _LARGE_TABLE:
        parse = _named(path, lambda: _parse_elsewhere(path, data))

    def finish() -> Dataset:
        folders = frozenset(name for name in FOLDERS if (root / name).is_dir())
        files: Mapping[str, ImageFacts] = {}
        if contents.depth is not ImageDepth.NONE:
            files = look_at_files(contents.place or Folder(root), contents.work)
        text = _named(path, parse)
        return Dataset(
            table=Table(text),
            files=files,
            folders=folders,
            depth=contents.depth,
            documents=_read_documents(root),
            as_of=contents.as_of,
        )

    return finish


def parse_table(data: bytes, where: str) -> Table:
    """Read a table that is already in memory, such as one of an earlier revision."""
    return Table(_named(Path(where), lambda: csvread.parse(data)))


def _named(path: Path, parse: Callable[[], _Parsed]) -> _Parsed:
    try:
        return parse()
    except CollectionError as error:
        msg = f"{path}: {error}"
        raise CollectionError(msg) from None


def _parse_elsewhere(path: Path, data: bytes | mmap.mmap) -> Callable[[], CsvText]:
    """Begin to read a table in stretches, each by a process of its own."""
    import multiprocessing
    from concurrent.futures import BrokenExecutor, ProcessPoolExecutor

    if csvread.has_lone_returns(data):
        # Such a file has no line feeds to cut it at.
        return lambda: csvread.parse(data)
    text = csvread.parse_header(data, lone_returns=False)
    processes = min(os.cpu_count() or 1, len(data) // (_LARGE_TABLE // 2))
    between = csvread.cuts(data, processes)
    begins = [text.header_record.stop, *(cut for cut in between if cut > text.header_record.stop)]
    methods = multiprocessing.get_all_start_methods()
    # A forked process starts at once; where there is none, a fresh one imports this module.
    context = multiprocessing.get_context("fork" if "fork" in methods else None)
    pool = ProcessPoolExecutor(len(begins), mp_context=context, initializer=_end_silently)
    pending = [
        pool.submit(_read_part, path, start, stop, len(text.header))
        for start, stop in zip(begins, [*begins[1:], len(data)], strict=True)
    ]
    pool.shutdown(wait=False)

    def finish() -> CsvText:
        try:
            parts = [part.result() for part in pending]
        except BrokenExecutor:
            # A process was ended from outside, for want of memory perhaps.
            return csvread.parse(data)
        if all(part.whole for part in parts[:-1]):
            return csvread.joined(text, parts)
        # A quote inside an unquoted cell led to a cut in the middle of a record.
        return csvread.parse(data)

    return finish


def _end_silently() -> None:
    """Let Ctrl-C, which reaches every process of a terminal, end this one without a word."""
    import signal

    signal.signal(signal.SIGINT, signal.SIG_DFL)


def _read_part(path: Path, start: int, stop: int, width: int) -> csvread.Part:
    return csvread.read_part(_read_table(path), start, stop, width)


class _Mapped(mmap.mmap):
    """A mapped table; it shows what others write into the file, so it says when that began."""

    stamp: tuple[int, int, int]


def _stamp(status: os.stat_result) -> tuple[int, int, int]:
    return status.st_ino, status.st_size, status.st_mtime_ns


def _read_table(path: Path) -> bytes | mmap.mmap:
    try:
        _check_table(path)
        with path.open("rb") as file:
            status = os.fstat(file.fileno())
            if not status.st_size:
                msg = f"{path} is empty: its first line must name the columns"
                raise CollectionError(msg)
            if status.st_size <= _LARGE_TABLE:
                return file.read()
            data = _Mapped(file.fileno(), 0, access=mmap.ACCESS_READ)
            data.stamp = _stamp(status)
            return data
    except OSError as error:
        msg = f"{path} cannot be read: {error.strerror}"
        raise CollectionError(msg) from error


def _check_table(path: Path) -> None:
    if path.is_symlink() and not path.exists():
        msg = f"{path} is a link to {path.readlink()}, which is not there"
        raise CollectionError(msg)
    if path.is_dir():
        msg = f"{path} is a folder; the collection's table must be a file of that name"
        raise CollectionError(msg)
    if not path.exists():
        msg = f"there is no {path}; name the collection's folder with --root"
        raise CollectionError(msg)
    if not path.is_file():
        msg = f"{path} is a pipe or a device; the collection's table must be a file"
        raise CollectionError(msg)


def _read_documents(root: Path) -> dict[str, str]:
    return {name: read_text(root / name) for name in DOCUMENTS if (root / name).is_file()}


def read_settings(root: Path, file: Path | None = None) -> Settings:
    """Read the settings that hold for a collection.

    Parameters
    ----------
    root : Path
        The collection's folder.
    file : Path, optional
        The settings' file; by default ``covidxr.toml`` or ``pyproject.toml`` in the collection's
        folder or the nearest one above it, up to the top of the git repository.

    Returns
    -------
    Settings
        Defaults where nothing is set.
    """
    from covidxr.settings import Settings, parse_settings

    if file is not None:
        return parse_settings(read_text(file), where=str(file)) or Settings()
    try:
        return _nearest_settings(root.resolve())
    except UNRESOLVED as error:
        msg = f"{root} cannot be read: {why(error)}"
        raise CollectionError(msg) from error


def _nearest_settings(start: Path) -> Settings:
    from covidxr.settings import Settings, parse_settings

    for folder in (start, *start.parents):
        for name in SETTINGS:
            path = folder / name
            if path.is_file():
                found = parse_settings(read_text(path), where=str(path))
                if found is not None:
                    return found
        if (folder / ".git").exists():
            break
    return Settings()


def annotations_naming(root: Path, names: Iterable[str]) -> list[tuple[str, str]]:
    """Find annotation files whose text holds the name of an image.

    Returns
    -------
    list of (str, str)
        Path of the annotation file relative to `root`, and the name.
    """
    wanted = dict.fromkeys(names)
    if not wanted:
        return []
    found = []
    for folder, _, files in os.walk(root / "annotations"):
        for file in sorted(files):
            path = Path(folder, file)
            if path.suffix.lower() in _ANNOTATION_TEXTS:
                text = read_text(path)
                where = path.relative_to(root).as_posix()
                found += [(where, name) for name in wanted if name in text]
    return found


def write_table(root: Path, old: CsvText, new: bytes, renames: Mapping[str, str]) -> None:
    """Write the table and rename files together, or change nothing.

    Parameters
    ----------
    root : Path
        The collection's folder.
    old : CsvText
        What was read; the file must still be that.
    new : bytes
        The whole new table.
    renames : mapping of str to str
        Files to rename, old path to new, relative to `root`.

    Raises
    ------
    CollectionError
        If the table was changed since it was read, a name is taken, or the disk refuses.
    """
    path = root / TABLE
    if _changed(path, old):
        msg = f"{path} was changed by someone else meanwhile; nothing was written, run again"
        raise CollectionError(msg)
    was_file = _file_number(path)
    begun: list[tuple[Path, Path]] = []
    try:
        for source, target in renames.items():
            _check_free(root / source, root / target)
            # Noted before it is done: Ctrl-C can come right behind either.
            begun.append((root / source, root / target))
            _rename(root / source, root / target)
        write_bytes(path, new)
    except BaseException:
        # The new table may be in place already, and names the files as they are called now.
        if _file_number(path) == was_file:
            for was, is_now in reversed(begun):
                with contextlib.suppress(OSError):
                    is_now.rename(was)
        raise


def _file_number(path: Path) -> int | None:
    """The number of a file on its disk; a file that is written anew gets another."""
    with contextlib.suppress(OSError):
        return path.stat().st_ino
    return None


def _changed(path: Path, old: CsvText) -> bool:
    try:
        if isinstance(old.data, _Mapped):
            return _stamp(path.stat()) != old.data.stamp
        return path.read_bytes() != old.data
    except OSError as error:
        msg = f"{path} cannot be read any more: {error.strerror} (nothing was changed)"
        raise CollectionError(msg) from error


def _check_free(source: Path, target: Path) -> None:
    try:
        # Two names that differ only by case are one file on some systems.
        free = not target.exists() or source.samefile(target)
    except OSError as error:
        msg = f"{source} cannot be renamed: {error.strerror} (nothing was changed)"
        raise CollectionError(msg) from error
    if not free:
        msg = f"{source} cannot be renamed: {target.name} is already there (nothing was changed)"
        raise CollectionError(msg)


def _rename(source: Path, target: Path) -> None:
    try:
        source.rename(target)
    except OSError as error:
        msg = f"{source} cannot be renamed: {error.strerror} (nothing was changed)"
        raise CollectionError(msg) from error
