"""Which image an annotation file means: by its name, its path, or its name without extension.

This module owns names and no file. A name that could be two images' is nobody's.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from covidxr.annotationedit import stem

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True)
class Names:
    """The file names of a table, looked up in the ways in which annotation files write them.

    Parameters
    ----------
    filenames : sequence of str
        The column ``filename``, row by row; blanks around are passed over.
    """

    filenames: Sequence[str]

    @cached_property
    def _rows(self) -> dict[str, int]:
        found: dict[str, int] = {}
        for row, name in enumerate(self.filenames):
            if name.strip():
                found.setdefault(name.strip(), row)
        return found

    @cached_property
    def _stems(self) -> dict[str, str]:
        counted = Counter(map(stem, self._rows))
        return {stem(name): name for name in self._rows if counted[stem(name)] == 1}

    def find(self, written: str) -> tuple[str, int | None]:
        """Find the image that a file means.

        Parameters
        ----------
        written : str
            As the file writes it: a name, or a path with either slash.

        Returns
        -------
        (str, int or None)
            The image's file name and its first row; the words themselves, without folders, and
            None where no row has that name.

        Examples
        --------
        >>> Names(["a.png", "b.jpg"]).find("images/b.jpg")
        ('b.jpg', 1)
        """
        name = written.strip().replace("\\", "/").rpartition("/")[2]
        row = self._rows.get(name)
        return name, row

    def by_stem(self, bare: str) -> tuple[str, int | None]:
        """Find the one image whose name without extension this is.

        Parameters
        ----------
        bare : str
            Such as what stands before ``_mask.png``; a whole name of an image is found, too.

        Returns
        -------
        (str, int or None)
            As `find` gives it; the words themselves where there is none, or more than one.
        """
        name = self._stems.get(bare.strip(), bare.strip())
        return name, self._rows.get(name)
