"""Fingerprints and facts of files, in ``.covidxr/likeness/``, so that nothing is decoded twice.

This module owns that file's form: a small database that several processes may use at once. What was
seen is kept by the SHA-256 of the bytes, and which bytes a file holds by its stamp. All of it can
be made again, so a damaged one is thrown away, one of another version is emptied, and where it
cannot be read or written things merely take longer. It knows nothing of what names stand for.
"""

from __future__ import annotations

import contextlib
import sqlite3
from dataclasses import dataclass
from typing import TYPE_CHECKING

from covidxr import factsform
from covidxr.disk import WORK, keep_out_of_git
from covidxr.errors import CollectionError
from covidxr.imaging import likeness
from covidxr.imaging.likeness import BITS, SIDE, Fingerprint

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from pathlib import Path
    from typing import TypeVar

    from covidxr.filelook import Looked
    from covidxr.model import ImageFacts

    Given = TypeVar("Given")

FILE = f"{WORK}/likeness/fingerprints.sqlite"
"""Path of the database, relative to the collection's root."""

# Seconds that another process is waited for; it writes some hundred rows at a time.
_PATIENCE_SECONDS = 5.0
_TABLES = (
    "DROP TABLE IF EXISTS files",
    "DROP TABLE IF EXISTS prints",
    "CREATE TABLE files (name TEXT PRIMARY KEY, stamp TEXT NOT NULL, sha256 TEXT NOT NULL)",
    "CREATE TABLE prints (sha256 TEXT PRIMARY KEY, pixels TEXT, bits BLOB, thumbnail BLOB)",
    "DROP TABLE IF EXISTS facts",
    "CREATE TABLE facts (sha256 TEXT PRIMARY KEY, said TEXT NOT NULL)",
)
# Either's change makes all of it void.
VERSION = 1000 * likeness.VERSION + factsform.VERSION
_COLUMNS = "prints.sha256, pixels, bits, thumbnail"


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What was seen of a file: at most 4.6 kB.

    Parameters
    ----------
    sha256 : str
        Of its bytes; empty where they could not be read.
    pixels : str
        Hash of its pixels; empty where it cannot be shown.
    fingerprint : Fingerprint or None
        None also for a picture of one tone.
    """

    sha256: str
    pixels: str = ""
    fingerprint: Fingerprint | None = None


def recall(root: Path, stamps: Mapping[str, str]) -> dict[str, Seen]:
    """Give what is remembered of files that did not change.

    Parameters
    ----------
    root : Path
        The collection's folder.
    stamps : mapping of str to str
        What changes with a file, by its name.

    Returns
    -------
    dict of str to Seen
        By name; what changed, or was never seen, is not in it.
    """

    def ask(database: sqlite3.Connection) -> dict[str, Seen]:
        found = {}
        for name, stamp in stamps.items():
            seen = _one(
                database.execute(
                    f"SELECT {_COLUMNS} FROM files JOIN prints ON prints.sha256 = files.sha256 "  # noqa: S608 - columns' names
                    "WHERE name = ? AND stamp = ?",
                    (name, stamp),
                )
            )
            if seen is not None:
                found[name] = seen
        return found

    return _with(root, ask, {}) if stamps else {}


def recall_bytes(root: Path, sha256: str) -> Seen | None:
    """Give what is remembered of any file with these bytes, such as a candidate that was taken."""

    def ask(database: sqlite3.Connection) -> Seen | None:
        query = f"SELECT {_COLUMNS} FROM prints WHERE sha256 = ?"  # noqa: S608 - columns' names
        return _one(database.execute(query, (sha256,)))

    return _with(root, ask, None)


def keep(root: Path, found: Mapping[str, tuple[str, Seen]]) -> bool:
    """Remember what was seen of files.

    Parameters
    ----------
    root : Path
        The collection's folder.
    found : mapping of str to (str, Seen)
        Stamp and what was seen, by name.

    Returns
    -------
    bool
        Whether it is kept; all of it or nothing is.
    """
    whole = {name: (stamp, seen) for name, (stamp, seen) in found.items() if seen.sha256}

    def write(database: sqlite3.Connection) -> bool:
        with database:
            database.execute("BEGIN IMMEDIATE")
            database.executemany(
                _KEEP_PRINT,
                [_record(seen) for _, seen in whole.values()],
            )
            database.executemany(
                "INSERT OR REPLACE INTO files VALUES (?, ?, ?)",
                [(name, stamp, seen.sha256) for name, (stamp, seen) in whole.items()],
            )
        return True

    return _with(root, write, otherwise=False, make=True) if whole else True


def forget_others(root: Path, names: Iterable[str]) -> bool:
    """Forget all files but some: an image that was taken down leaves no thumbnail behind.

    Parameters
    ----------
    root : Path
        The collection's folder.
    names : iterable of str
        The files that are there.

    Returns
    -------
    bool
        Whether they are forgotten.
    """

    def write(database: sqlite3.Connection) -> bool:
        known = {name for (name,) in database.execute("SELECT name FROM files")}
        gone = known.difference(names)
        with database:
            database.execute("BEGIN IMMEDIATE")
            database.executemany("DELETE FROM files WHERE name = ?", [(name,) for name in gone])
            for table in ("prints", "facts"):
                database.execute(
                    f"DELETE FROM {table} WHERE sha256 NOT IN (SELECT sha256 FROM files)",  # noqa: S608 - one of two
                )
        if gone:
            # Else the deleted thumbnails stand in the file until others are written over them.
            database.execute("VACUUM")
        return True

    return not (root / FILE).exists() or _with(root, write, otherwise=False)


@dataclass(frozen=True, slots=True)
class Remembered:
    """A collection's memory of its files, as :class:`covidxr.filelook.Memory` asks for it.

    Parameters
    ----------
    root : Path
        The collection's folder.
    """

    root: Path

    def is_empty(self) -> bool:
        """Tell whether no facts are remembered."""
        count = "SELECT EXISTS (SELECT 1 FROM facts)"
        return not _with(self.root, lambda database: database.execute(count).fetchone()[0], 0)

    def recall(self, stamps: Mapping[str, str]) -> dict[str, ImageFacts]:
        """Give facts of files whose stamp is the one that was kept."""
        query = (
            "SELECT said FROM files JOIN facts ON facts.sha256 = files.sha256 "
            "WHERE name = ? AND stamp = ?"
        )
        return _with(self.root, lambda database: _facts(database, query, stamps.items()), {})

    def recall_bytes(self, sums: Mapping[str, str]) -> dict[str, ImageFacts]:
        """Give facts of files by the SHA-256 of their bytes."""
        query = "SELECT said FROM facts WHERE ? != '' AND sha256 = ?"
        return _with(self.root, lambda database: _facts(database, query, sums.items()), {})

    def keep(self, found: Mapping[str, tuple[str, Looked]]) -> None:
        """Remember facts, and what pictures are compared by, where it was looked for."""

        def write(database: sqlite3.Connection) -> bool:
            with database:
                database.execute("BEGIN IMMEDIATE")
                for name, (stamp, looked) in found.items():
                    facts = looked.facts
                    said = factsform.facts_text(facts)
                    kept = (name, stamp, facts.sha256)
                    database.execute("INSERT OR REPLACE INTO files VALUES (?, ?, ?)", kept)
                    row = (facts.sha256, said)
                    database.execute("INSERT OR REPLACE INTO facts VALUES (?, ?)", row)
                    if facts.pixels is not None and (looked.fingerprint or not facts.pixels.hash):
                        print_ = Seen(
                            sha256=facts.sha256,
                            pixels=facts.pixels.digest,
                            fingerprint=looked.fingerprint,
                        )
                        database.execute(_KEEP_PRINT, _record(print_))
            return True

        if found:
            _with(self.root, write, otherwise=False, make=True)


_KEEP_PRINT = "INSERT OR REPLACE INTO prints VALUES (?, ?, ?, ?)"


def _facts(
    database: sqlite3.Connection, query: str, asked: Iterable[tuple[str, str]]
) -> dict[str, ImageFacts]:
    found = {}
    for path, other in asked:
        for (said,) in database.execute(query, (path, other)):
            facts = factsform.read_facts(said, path)
            if facts is not None:
                found[path] = facts
    return found


def _record(seen: Seen) -> tuple[str, str, bytes | None, bytes | None]:
    if seen.fingerprint is None:
        return seen.sha256, seen.pixels, None, None
    return seen.sha256, seen.pixels, seen.fingerprint.bits, seen.fingerprint.thumbnail


def _one(rows: Iterable[tuple[str, str, bytes | None, bytes | None]]) -> Seen | None:
    """Read the only row; None where there is none, or an odd one."""
    for sha256, pixels, bits, thumbnail in rows:
        if bits is None or thumbnail is None:
            return Seen(sha256=sha256, pixels=pixels)
        if (len(bits), len(thumbnail)) == (BITS // 8, SIDE * SIDE):
            of = Fingerprint(bits=bits, thumbnail=thumbnail)
            return Seen(sha256=sha256, pixels=pixels, fingerprint=of)
    return None


def _with(
    root: Path,
    work: Callable[[sqlite3.Connection], Given],
    otherwise: Given,
    *,
    make: bool = False,
) -> Given:
    """Do something with the database, or give something else where that cannot be done."""
    path = root / FILE
    try:
        if not make and not path.exists():
            return otherwise
        try:
            with _opened(path, root / WORK) as database:
                return work(database)
        except sqlite3.OperationalError:
            # It is held by another process, or nobody may write here.
            return otherwise
        except sqlite3.DatabaseError:
            _throw_away(path)
            with _opened(path, root / WORK) as database:
                return work(database)
    except (sqlite3.Error, OSError, ValueError, CollectionError):
        return otherwise


@contextlib.contextmanager
def _opened(path: Path, work: Path) -> Iterator[sqlite3.Connection]:
    path.parent.mkdir(parents=True, exist_ok=True)
    keep_out_of_git(work)
    database = sqlite3.connect(path, timeout=_PATIENCE_SECONDS, isolation_level=None)
    try:
        if _version(database) != VERSION:
            _make_tables(database)
        yield database
    finally:
        database.close()


def _version(database: sqlite3.Connection) -> int:
    return int(database.execute("PRAGMA user_version").fetchone()[0])


def _make_tables(database: sqlite3.Connection) -> None:
    with database:
        database.execute("BEGIN IMMEDIATE")
        # Another process may have made them while this one waited; there may be something in them.
        if _version(database) != VERSION:
            for each in _TABLES:
                database.execute(each)
            database.execute(f"PRAGMA user_version = {VERSION}")


def _throw_away(path: Path) -> None:
    for each in (path, path.with_name(f"{path.name}-journal")):
        each.unlink(missing_ok=True)
