"""CSV112: characters of a text were lost."""

from __future__ import annotations

import re
from itertools import filterfalse
from typing import TYPE_CHECKING

from covidxr.columns import BY_NAME
from covidxr.model import Hit, Severity
from covidxr.plugins import rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from covidxr.dataset import Dataset
    from covidxr.grouping import Cells

_REPLACEMENT = "\ufffd"
# Nearly all texts have neither; a search for a plain letter is the quickest way to tell.
_MARKED = re.compile("[?\ufffd]").search
_WORD = re.compile(r"\S*[?\ufffd]\S*")
# A question mark with a letter on either side: an encoder's stand-in. "found?Then" is a sentence's
# end without the blank behind it.
_INSIDE = re.compile(r"(?P<before>[^\W\d_])\?(?P<after>[^\W\d_])")
_ADDRESS = re.compile(r"://|\bwww\.|=")
_PUNCTUATION = ",.;:()[]"
_SHOWN = 3
_LONGEST = 40


@rule("CSV112", severity=Severity.INFO, since="0.1")
def lost_characters(dataset: Dataset) -> Iterator[Hit]:
    """Hint at a text that has lost letters to a change of encoding.

    What it checks
    --------------
    No cell holds the replacement character U+FFFD. In location, the notes and columns without a
    name, no question mark stands between two letters; addresses in the text are passed over.

    Why it matters
    --------------
    The letter is gone for good: no change of encoding brings it back. Authors whose names a
    licence asks for are named wrongly, and a place is not found by its name.

    Example
    -------
    ``Zo? Lund?n`` where the source has ``Zoë Lundén``.

    How to fix
    ----------
    Look the word up at the page that url or doi names and write it anew. The rule never guesses.

    Source
    ------
    The Unicode Standard on U+FFFD, section 23.8; ``?`` is what encoders put for a letter that
    the target encoding lacks.
    """
    for name in dataset.table.labels:
        prose = not name.strip() or (name in BY_NAME and BY_NAME[name].kind == "text")
        for cells in dataset.holding(name, _MARKED) if prose else _replaced(dataset, name):
            words = _words(cells.text, prose=prose)
            if words:
                yield cells.at(name, _message(words), suggestion="look the words up at the source")


def _replaced(dataset: Dataset, name: str) -> Iterator[Cells]:
    other = filterfalse(str.isascii, dataset.table.texts(name).known)
    found = {text for text in other if _REPLACEMENT in text}
    return dataset.holding(name, found.__contains__) if found else iter(())


def _words(text: str, *, prose: bool) -> list[str]:
    """The words that have lost something, once each, those with a letter left first."""
    found = [word for word in _WORD.findall(text) if _lost(word, prose=prose)]
    bare = dict.fromkeys(word.strip(_PUNCTUATION) for word in found)
    return sorted(bare, key=lambda word: not any(map(str.isalnum, word)))


def _lost(word: str, *, prose: bool) -> bool:
    if _REPLACEMENT in word:
        return True
    if not prose or _ADDRESS.search(word):
        return False
    return any(
        match["before"].isupper() or match["after"].islower() for match in _INSIDE.finditer(word)
    )


def _message(words: list[str]) -> str:
    shown = ", ".join(repr(word[:_LONGEST]) for word in words[:_SHOWN])
    more = f" and {len(words) - _SHOWN:,} more words" if len(words) > _SHOWN else ""
    return f"characters seem to be lost in {shown}{more}"
