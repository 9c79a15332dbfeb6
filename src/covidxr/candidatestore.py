"""Candidates on the disk: whole cases that wait for review, each in a folder of its own.

A case appears in one piece: its folder is filled under another name and then given its own. What an
ended run left half-done is removed by the next one. One run at a time works on a source.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

import filelock

from covidxr import casefile
from covidxr.disk import WORK, keep_out_of_git, why
from covidxr.errors import CollectionError
from covidxr.filenames import safe_folder

if TYPE_CHECKING:
    from collections.abc import Iterator

    from covidxr.casefile import StoredCase

_PART, _OLD = ".part-", ".old-"


@dataclass(frozen=True, slots=True)
class Filling:
    """A case's folder while it is filled.

    Parameters
    ----------
    folder : Path
        Where it stands until it is whole.
    """

    folder: Path

    def write(self, name: str, data: bytes) -> None:
        """Add one file.

        Raises
        ------
        CollectionError
            If the disk refuses.
        """
        path = self.folder / name
        with _telling(path):
            _write(path, data)


@dataclass(frozen=True, slots=True)
class Candidates:
    """The folder of all candidates.

    Parameters
    ----------
    folder : Path
        One folder a source below it, one folder a case below that.
    work : Path
        Where locks and pages that could not be read are kept.
    """

    folder: Path
    work: Path

    @contextlib.contextmanager
    def working_on(self, source: str) -> Iterator[None]:
        """Hold a source for one run, and put its folder in order first.

        Raises
        ------
        CollectionError
            If another run holds it, or the folders cannot be written.
        """
        with _telling(self.folder):
            top = self.folder / source
            top.mkdir(parents=True, exist_ok=True)
            locks = self.work / "locks"
            locks.mkdir(parents=True, exist_ok=True)
            keep_out_of_git(self.work)
            lock = filelock.FileLock(locks / f"{source}.lock", timeout=0)
            try:
                lock.acquire()
            except filelock.Timeout:
                msg = (
                    f"another covidxr is working on {source} here; wait for it to end "
                    f"(it holds {lock.lock_file})"
                )
                raise CollectionError(msg) from None
        try:
            with _telling(top):
                _put_in_order(top)
            yield
        finally:
            lock.release()

    @contextlib.contextmanager
    def filling(self, source: str, case: str) -> Iterator[Filling]:
        """Fill a case's folder, which appears whole when the block ends, or not at all.

        Parameters
        ----------
        source, case : str
            Key of the source; the source's name of the case, of any letters. A case of that name
            is replaced.

        Yields
        ------
        Filling
            Takes files one by one, so that a large case does not have to fit in memory.

        Raises
        ------
        CollectionError
            If the disk refuses.
        """
        target = self.folder / source / safe_folder(case)
        with _telling(target):
            part = Path(tempfile.mkdtemp(prefix=_PART, dir=target.parent))
        try:
            yield Filling(part)
            with _telling(target):
                # mkdtemp makes private folders; this one gets the usual mode.
                part.chmod(target.parent.stat().st_mode & 0o777)
                _take_place(part, target)
        except BaseException:
            shutil.rmtree(part, ignore_errors=True)
            raise

    def cases(self, source: str | None = None, *, damaged: bool = False) -> Iterator[StoredCase]:
        """Give every case that waits, by source and name.

        Parameters
        ----------
        source : str, optional
            Only those of one source.
        damaged : bool
            Whether records that cannot be read are passed over.

        Raises
        ------
        CollectionError
            If a ``case.json`` cannot be read, named with what to do.
        """
        with _telling(self.folder):
            tops = [self.folder / source] if source else _folders(self.folder)
            for top in tops:
                for folder in _folders(top):
                    try:
                        stored = self._stored(folder)
                    except CollectionError:
                        if not damaged:
                            raise
                        continue
                    yield stored

    def count(self, source: str, case: str) -> int:
        """Count the files of a case beside its record; 0 where there is no such case."""
        folder = self.folder / source / safe_folder(case)
        with _telling(folder):
            if not folder.is_dir():
                return 0
            return sum(path.name != casefile.NAME for path in folder.iterdir())

    def record(self, path: str) -> tuple[str, Path]:
        """Give the text of a case's record and the case's folder.

        Parameters
        ----------
        path : str
            As in :class:`covidxr.casefile.StoredCase`.
        """
        folder = self.folder.joinpath(*PurePosixPath(path).parts)
        with _telling(folder):
            return (folder / casefile.NAME).read_text("utf-8"), folder

    def stamps(self) -> dict[str, tuple[int, int]]:
        """Give each case's path with size and time of its record, which change with it."""
        found = {}
        with _telling(self.folder):
            for top in _folders(self.folder):
                # Asked for each image that is shown: paths as objects take five times as long.
                for name in sorted(_names_of_folders(top)):
                    # A case that is replaced just now has no record for a moment.
                    with contextlib.suppress(FileNotFoundError):
                        status = os.stat(f"{top}/{name}/{casefile.NAME}")  # noqa: PTH116
                        found[f"{top.name}/{name}"] = (status.st_size, status.st_mtime_ns)
        return found

    def file(self, path: str, name: str) -> bytes:
        """Give the bytes of one of a case's files.

        Parameters
        ----------
        path : str
            As in :class:`covidxr.casefile.StoredCase`.
        name : str
            Below the case's folder, with ``/``.

        Raises
        ------
        CollectionError
            If there is no such file within the folder.
        """
        folder = self.folder.joinpath(*PurePosixPath(path).parts)
        file = folder.joinpath(*PurePosixPath(name).parts)
        with _telling(file):
            inside = file.resolve().is_relative_to(self.folder.resolve())
            if ".." in PurePosixPath(path).parts + PurePosixPath(name).parts or not inside:
                msg = f"{file} lies outside of the candidates"
                raise CollectionError(msg)
            return file.read_bytes()

    def drop(self, path: str) -> None:
        """Remove a case and all its files."""
        folder = self.folder.joinpath(*PurePosixPath(path).parts)
        with _telling(folder):
            # Out of the way in one step; what is left of it then is removed with time.
            gone = folder.with_name(f"{_PART}dropped-{folder.name}")
            folder.rename(gone)
            shutil.rmtree(gone)

    def keep_unread(self, source: str, name: str, body: bytes) -> Path:
        """Keep a page that no markup fits, so that it can be sent along with a report."""
        path = self.work / "unread" / source / name
        with _telling(path):
            path.parent.mkdir(parents=True, exist_ok=True)
            keep_out_of_git(self.work)
            _write(path, body)
        return path

    def _stored(self, folder: Path) -> StoredCase:
        path = folder.relative_to(self.folder).as_posix()
        file = folder / casefile.NAME
        try:
            return _of_its_folder(casefile.stored_case(file.read_text("utf-8"), path))
        except (OSError, ValueError) as error:
            msg = (
                f"{file} cannot be read: {why(error)}; remove {folder} and scrape the case again, "
                "or read it with the covidxr that wrote it"
            )
            raise CollectionError(msg) from error


def _of_its_folder(case: StoredCase) -> StoredCase:
    """Refuse a record that names another source than its folder: what it says is anybody's text."""
    if case.source != case.path.partition("/")[0]:
        raise ValueError(f"it says that it is of {case.source!r}")
    return case


def candidates_of(root: Path, output: Path | None) -> Candidates:
    """Say where candidates are.

    Parameters
    ----------
    root : Path
        The collection's folder.
    output : Path or None
        Another folder for them, where the user names one.
    """
    if output is not None:
        return Candidates(folder=output, work=output / WORK)
    return Candidates(folder=root / WORK / "candidates", work=root / WORK)


def cache_file(root: Path, *, collection: bool) -> Path:
    """Give the file that keeps what was fetched; its folder is made.

    Parameters
    ----------
    root : Path
        The collection's folder.
    collection : bool
        Whether there is one; without, the cache is the user's.
    """
    import platformdirs

    folder = root / WORK if collection else Path(platformdirs.user_cache_dir("covidxr"))
    with _telling(folder):
        folder.mkdir(parents=True, exist_ok=True)
        if collection:
            keep_out_of_git(folder)
    return folder / "http.sqlite"


def _folders(top: Path) -> list[Path]:
    """Give the folders in a folder by name, without those that are half-done."""
    if not top.is_dir():
        return []
    return sorted(path for path in top.iterdir() if path.is_dir() and path.name[0] != ".")


def _names_of_folders(top: Path) -> list[str]:
    with os.scandir(top) as found:
        return [each.name for each in found if each.name[0] != "." and each.is_dir()]


def _write(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _take_place(part: Path, target: Path) -> None:
    """Give a filled folder its name; an earlier one of that name goes when the new one stands."""
    old = target.with_name(_OLD + target.name)
    if target.exists():
        target.rename(old)
    part.rename(target)
    shutil.rmtree(old, ignore_errors=True)


def _put_in_order(top: Path) -> None:
    """Undo what a run that was ended left behind."""
    for path in sorted(top.iterdir()):
        if not path.is_dir():
            continue
        if path.name.startswith(_OLD):
            target = path.with_name(path.name.removeprefix(_OLD))
            if target.exists():
                shutil.rmtree(path)
            else:
                path.rename(target)
        elif path.name.startswith(_PART):
            shutil.rmtree(path)


@contextlib.contextmanager
def _telling(path: Path) -> Iterator[None]:
    """Turn what the disk refuses into words."""
    try:
        yield
    except OSError as error:
        where = error.filename or path
        msg = f"{where} cannot be written or read: {why(error)} (nothing half-done is left)"
        raise CollectionError(msg) from error
