"""ZIP and tar archives that somebody sent: their members one by one, never unpacked to the disk.

Everything in an archive is its sender's: names, sizes, links. What is an attack refuses the whole
archive before anything of it is used; what is only odd refuses one member. At most one member is
held in memory, and no more of it than `Limits` permit.
"""

from __future__ import annotations

import gzip
import io
import posixpath
import stat
import tarfile
import zipfile
import zlib
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING

from covidxr.imaging.formats import PEEK, inflate_beginning, recognise
from covidxr.ingesting import UnfitError
from covidxr.ingestnames import attack, bomb, is_ignored, oddity, twice

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from covidxr.ingestnames import Limits

_PIECE = 1 << 20
# No header of a tar archive is longer: names have a few hundred bytes.
_LONGEST_READ = 4 << 20
# A ZIP member's own header without its name: PKWARE's APPNOTE.TXT, 4.3.7.
_LOCAL_HEADER = 30
_ENCRYPTED = 0x1
# Linux takes no longer path (PATH_MAX).
_LONGEST_TARGET = 4096
_TAR = (257, b"ustar")
"""Where POSIX tar (IEEE Std 1003.1, "ustar") has its magic; archives before 1988 have none."""

_DAMAGE = (
    *(zipfile.BadZipFile, tarfile.TarError, zlib.error, EOFError, OSError, ValueError),
    # Encrypted, packed in a way that is not known here, numbers that fit into nothing.
    *(RuntimeError, NotImplementedError, OverflowError, IndexError, KeyError, MemoryError),
)


class HostileArchiveError(Exception):
    """The whole archive is refused; never leaves this module's callers.

    Parameters
    ----------
    reason : str
        Why.
    """


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """One file of a contribution.

    Parameters
    ----------
    name : str
        Path as the contributor has it, with ``/``, the folder or archive in front.
    read : callable
        Gives all its bytes; raises `UnfitError` where they cannot be had.
    """

    name: str
    read: Callable[[], bytes]


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """A file or an archive that is not read.

    Parameters
    ----------
    name : str
        As in `Member`.
    reason : str
        Why.
    """

    name: str
    reason: str


def archive_kind(head: bytes) -> str:
    """Name the kind of an archive by its content.

    Parameters
    ----------
    head : bytes
        Its first bytes, `covidxr.imaging.formats.PEEK` of them or all.

    Returns
    -------
    str
        ``"zip"``, ``"tar"``, ``"tar.gz"``; empty for what is none.
    """
    kind = recognise(head[:PEEK])
    at, magic = _TAR
    if kind == "ZIP":
        return "zip"
    if kind == "GZIP" and inflate_beginning(head)[at:].startswith(magic):
        return "tar.gz"
    return "tar" if not kind and head[at:].startswith(magic) else ""


def members(
    file: IO[bytes], kind: str, packed: int, where: str, limits: Limits
) -> Iterator[Member | Refused]:
    """Give the files of an archive, in its order.

    Parameters
    ----------
    file : binary file
        The archive; stays open for as long as members are read.
    kind : str
        From `archive_kind`.
    packed : int
        Its bytes.
    where : str
        What the archive is called.
    limits : Limits
        How much is taken.

    Yields
    ------
    Member or Refused
        One `Refused` alone for an archive that is an attack, or damaged.
    """
    listing = _zip if kind == "zip" else _tar
    if kind == "tar.gz":
        file = gzip.GzipFile(fileobj=file)  # type: ignore[assignment] # a binary file like others
    try:
        listed = list(listing(file, packed, limits))
    except HostileArchiveError as refusal:
        yield Refused(name=where, reason=f"the whole archive is refused: {refusal}")
        return
    except _DAMAGE as error:
        reason = f"the archive is damaged, or of a kind that is not read here ({_words(error)})"
        yield Refused(name=where, reason=reason)
        return
    doubled = twice(name for name, _, _ in listed)
    for name, why_not, read in listed:
        if is_ignored(name):
            continue
        full = f"{where}/{name}"
        reason = why_not or oddity(name) or ("several members have its name" * (name in doubled))
        yield Refused(name=full, reason=reason) if reason else Member(name=full, read=read)


_Listed = tuple[str, str, "Callable[[], bytes]"]


def _zip(file: IO[bytes], packed: int, limits: Limits) -> Iterator[_Listed]:
    archive = zipfile.ZipFile(file)
    infos = archive.infolist()
    _check_count(len(infos), limits)
    if reason := bomb(packed, sum(info.file_size for info in infos), limits):
        raise HostileArchiveError(reason)
    _check_overlaps(infos)
    for info in infos:
        # What zipfile calls `filename` ends at a NUL already.
        if reason := attack(info.orig_filename):
            raise HostileArchiveError(reason)
        if _is_zip_link(info):
            _check_link(info.filename, _zip_target(archive, info))
    for info in infos:
        if not info.is_dir():
            reader = _Reader(_read_zip, archive, info, limits.file_bytes)
            yield info.orig_filename.removeprefix("./"), _zip_oddity(info, limits), reader


def _zip_oddity(info: zipfile.ZipInfo, limits: Limits) -> str:
    if _is_zip_link(info):
        return "it is a link, which is not followed"
    if info.flag_bits & _ENCRYPTED:
        return "it is encrypted: unpack the archive with its password first"
    return _too_large(info.file_size, limits)


def _is_zip_link(info: zipfile.ZipInfo) -> bool:
    # Unix writes a file's mode into the upper half (APPNOTE.TXT 4.4.15).
    return stat.S_ISLNK(info.external_attr >> 16)


def _zip_target(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> str:
    """Give where a link leads, which a ZIP archive keeps as the member's contents."""
    if info.file_size > _LONGEST_TARGET:
        raise HostileArchiveError(f"a link in it is {info.file_size:,} letters long")
    return _read_zip(archive, info, _LONGEST_TARGET).decode("utf-8", "replace")


def _check_overlaps(infos: list[zipfile.ZipInfo]) -> None:
    """Refuse members that share their packed bytes, as those of a bomb do.

    Source: D. Fifield, "A better zip bomb", WOOT 2019.
    """
    end = 0
    for info in sorted(infos, key=lambda each: each.header_offset):
        if info.header_offset < end:
            raise HostileArchiveError("its members overlap, as in an archive made to fill a disk")
        end = info.header_offset + _LOCAL_HEADER + len(info.filename) + info.compress_size


def _read_zip(archive: zipfile.ZipFile, info: zipfile.ZipInfo, most: int) -> bytes:
    with archive.open(info) as stream:
        return _bounded(stream, most)


def _tar(file: IO[bytes], packed: int, limits: Limits) -> Iterator[_Listed]:
    metered = _Metered(file, packed, limits)
    archive = tarfile.open(fileobj=metered, mode="r:")  # noqa: SIM115 - read later, with its file
    infos: list[tarfile.TarInfo] = []
    for info in archive:
        infos.append(info)
        _check_count(len(infos), limits)
        if reason := attack(info.name) or bomb(packed, info.offset_data + info.size, limits):
            raise HostileArchiveError(reason)
        if info.isdev():
            raise HostileArchiveError(f"{info.name} is a device or a pipe")
        if info.issym() or info.islnk():
            _check_link(info.name if info.issym() else "", info.linkname)
    for info in infos:
        if not info.isdir():
            reader = _Reader(_read_tar, archive, info, limits.file_bytes)
            yield info.name.removeprefix("./"), _tar_oddity(info, limits), reader


def _tar_oddity(info: tarfile.TarInfo, limits: Limits) -> str:
    if info.issym() or info.islnk():
        return "it is a link, which is not followed"
    if not info.isreg() or info.issparse():
        return "it is no plain file"
    return _too_large(info.size, limits)


def _read_tar(archive: tarfile.TarFile, info: tarfile.TarInfo, most: int) -> bytes:
    stream = archive.extractfile(info)
    if stream is None:
        raise UnfitError("it is no plain file")
    with stream:
        data = _bounded(stream, most)
    if len(data) != info.size:
        raise UnfitError("the archive ends within it")
    return data


@dataclass(frozen=True, slots=True)
class _Reader:
    """Reads one member when it is asked for."""

    how: Callable[..., bytes]
    archive: object
    info: object
    most: int

    def __call__(self) -> bytes:
        try:
            return self.how(self.archive, self.info, self.most)
        except HostileArchiveError as refusal:
            raise UnfitError(f"{refusal}") from None
        except _DAMAGE as error:
            raise UnfitError(f"it cannot be unpacked ({_words(error)})") from None


def _bounded(stream: IO[bytes], most: int) -> bytes:
    kept = io.BytesIO()
    while piece := stream.read(_PIECE):
        if kept.tell() + len(piece) > most:
            raise UnfitError(f"it unpacks to more than {most >> 20:,} MiB")
        kept.write(piece)
    return kept.getvalue()


def _check_count(count: int, limits: Limits) -> None:
    if count > limits.files:
        raise HostileArchiveError(f"it has more than {limits.files:,} members")


def _check_link(name: str, target: str) -> None:
    """Refuse a link that leads out of the archive."""
    end = posixpath.normpath(posixpath.join(posixpath.dirname(name), target))
    if attack(target.lstrip("./")) or target.startswith("/") or end.startswith(".."):
        raise HostileArchiveError("a link in it leads out of it")


def _too_large(size: int, limits: Limits) -> str:
    if size > limits.file_bytes:
        return f"it has {size >> 20:,} MiB; more than {limits.file_bytes >> 20:,} are not taken"
    return ""


def _words(error: BaseException) -> str:
    """Name what is wrong; a message may quote what stands in the archive."""
    return type(error).__name__


class _Metered(io.RawIOBase):
    """A stream that ends with an error before more comes out of it than is taken.

    A compressed tar has no list of its members: going through it unpacks all of it, so that what
    it comes to is counted on the way.
    """

    def __init__(self, file: IO[bytes], packed: int, limits: Limits) -> None:
        self._file, self._packed, self._limits = file, packed, limits

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._file.tell()

    def read(self, size: int = -1) -> bytes:
        if not 0 <= size <= _LONGEST_READ:
            raise HostileArchiveError("one of its headers claims to be megabytes long")
        data = self._file.read(size)
        self._count(self._file.tell())
        return data

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        if whence == io.SEEK_SET:
            self._count(offset)
        return self._file.seek(offset, whence)

    def _count(self, position: int) -> None:
        if reason := bomb(self._packed, position, self._limits):
            raise HostileArchiveError(reason)
