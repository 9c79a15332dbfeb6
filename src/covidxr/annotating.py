"""The contract that an adapter meets: one format of annotations, from bytes to records.

An adapter opens no file and judges nothing: what a file says is given as it says it, and what
cannot be read is told with its place. The folder :mod:`covidxr.adapters` is the registry.
"""

from __future__ import annotations

import inspect
import re
from bisect import bisect_right
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from covidxr.annotated import AnnotationFile
    from covidxr.annotationnames import Names

ADAPTERS = "covidxr.adapters"

_BESIDE = "put a line {!r} into a README.md beside its files"
_BEFORE = "put a comment '## {}' before its header"
PLACES = {
    "coco": "put it into its info, as `license` or `citation`",
    "masks": _BESIDE,
    "voc": _BESIDE,
    "severity": _BEFORE,
    "brixia": _BEFORE,
    "boxes": _BEFORE,
}
"""Where each format says licence and citation, for a suggestion; takes the line."""


@dataclass(frozen=True)
class Source:
    """One file below ``annotations/``, as an adapter receives it.

    Parameters
    ----------
    path : str
        Relative to the collection's root, with ``/``.
    data : bytes
        The whole file.
    names : Names
        The images that it may mean.
    pixels : bool
        Whether pictures are decoded; else their headers are read.
    """

    path: str
    data: bytes
    names: Names
    pixels: bool = True

    @property
    def name(self) -> str:
        """The file's name without folder."""
        return self.path.rpartition("/")[2]

    @cached_property
    def text(self) -> str:
        """The file as text; bytes that are not UTF-8 become U+FFFD, a byte order mark goes."""
        return self.data.decode("utf-8-sig", "replace")

    @cached_property
    def head(self) -> str:
        """Its first 64 KiB as text, to tell what it is."""
        return self.data[: 1 << 16].decode("utf-8-sig", "replace")

    @cached_property
    def _starts(self) -> list[int]:
        return [0, *(found.end() for found in re.finditer("\n", self.text))]

    def line(self, at: int) -> int:
        """1-based line of a place in `text`."""
        return bisect_right(self._starts, at)

    def column(self, at: int) -> int:
        """1-based column, in characters, of a place in `text`."""
        return at - self._starts[self.line(at) - 1] + 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Adapter:
    """One format of annotations.

    Parameters
    ----------
    key : str
        What users see: ``"coco"``.
    title : str
        Its name in words.
    since : str
        Version of covidxr that brought it.
    knows : callable
        Tells whether a file is of this format; looks at its name and its head.
    by_folder : bool
        Whether the files of one folder are one set, as masks are.
    page : str
        Its documentation: the function's docstring.
    read : callable
        Gives what a file says.
    """

    key: str
    title: str
    since: str
    knows: Callable[[Source], bool]
    by_folder: bool
    page: str
    read: Callable[[Source], AnnotationFile]


def adapter(
    key: str,
    *,
    title: str,
    since: str,
    knows: Callable[[Source], bool],
    by_folder: bool = False,
) -> Callable[[Callable[[Source], AnnotationFile]], Adapter]:
    """Make a function over a file into an adapter.

    Parameters
    ----------
    key : str
        What users see, and the name of the file that defines it.
    title : str
        Its name in words.
    since : str
        Version that brings it.
    knows : callable
        Tells whether a file is of this format.
    by_folder : bool
        Whether the files of one folder are one set.

    Returns
    -------
    callable
        The decorator; the adapter's page is the function's docstring.
    """

    def decorate(read: Callable[[Source], AnnotationFile]) -> Adapter:
        return Adapter(
            key=key,
            title=title,
            since=since,
            knows=knows,
            by_folder=by_folder,
            page=inspect.getdoc(read) or "",
            read=read,
        )

    return decorate
