"""Conditions on rows, such as ``view in PA,AP and age >= 18``: read, checked, and asked of a table.

This module owns the small language of ``--where``. What is asked of a cell that is blank, or that
cannot be read as its column says, is not known, and what is not known is not kept: neither by a
condition nor by its ``not``. Only ``is blank`` asks for blanks.

::

    either    = both {"or" both}
    both      = single {"and" single}
    single    = "not" single | "(" either ")" | condition
    condition = column ("=" | "!=" | "<" | "<=" | ">" | ">=" | "~" | "contains" | "under") value
              | column ["not"] "in" value {"," value}
              | column ["is"] ["not"] ("blank" | "known")
    value     = text in quotes | words without quotes, as far as the next keyword, comma or bracket
"""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from covidxr import columns
from covidxr.errors import UsageError
from covidxr.wherecells import Said, Value, comparison, known

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from covidxr.table import Table

    Truth = NDArray[np.int8]
    """Per row 1 for true, -1 for false, 0 for not known."""

_TOKEN = re.compile(
    r"\s*(?:(?P<text>\"[^\"]*\"|'[^']*')|(?P<sign><=|>=|!=|==|[<>=~(),])|"
    r"(?P<word>[^\s()<>=~,\"'!]+)|(?P<odd>\S))"
)
_SIGNS = frozenset({"=", "==", "!=", "<", "<=", ">", ">=", "~"})
_ASKING = frozenset({"in", "is", "not", "blank", "known", "under", "contains"})
_JOINING = frozenset({"and", "or"})
# Deeper ones are no person's, and Python's own limit is at about a thousand.
_DEEPEST = 100


class _Token(NamedTuple):
    """A part of the text: its kind, what it says, and where it stands, from 0."""

    kind: str
    text: str
    at: int

    def is_word(self, *words: str) -> bool:
        return self.kind == "word" and self.text.lower() in words


@dataclass(frozen=True, slots=True)
class Condition:
    """What is asked of one column.

    Parameters
    ----------
    column : str
        Today's name, or the header cell of a column that covidxr does not know.
    test : callable
        From a cell's text without blanks around to True, False, or None where it is not known.
    """

    column: str
    test: Callable[[str], bool | None]

    def truth(self, table: Table) -> Truth:
        """Ask it of every row: once per distinct text."""
        import numpy as np

        if not len(table):
            return np.zeros(0, dtype=np.int8)
        texts = table.texts(self.column)
        answers = [{True: 1, False: -1, None: 0}[self.test(text)] for text in texts.known]
        truth: Truth = np.asarray(answers, dtype=np.int8)[texts.codes]
        return truth


@dataclass(frozen=True, slots=True)
class Not:
    """The opposite; what is not known stays so."""

    of: Expression

    def truth(self, table: Table) -> Truth:
        """Ask it of every row."""
        truth: Truth = -self.of.truth(table)
        return truth


@dataclass(frozen=True, slots=True)
class Joined:
    """Several expressions of which all, or any, must be true."""

    parts: tuple[Expression, ...]
    all_of: bool

    def truth(self, table: Table) -> Truth:
        """Ask it of every row."""
        import numpy as np

        join = np.minimum if self.all_of else np.maximum
        truth: Truth = join.reduce([part.truth(table) for part in self.parts])
        return truth


Expression = Condition | Not | Joined
"""What `parse` gives."""


def parse(text: str, header: Collection[str] = ()) -> Expression:
    """Read an expression.

    Parameters
    ----------
    text : str
        As the module's grammar has it; keywords in any case.
    header : collection of str
        Header cells of the table: those that are no column of covidxr's can be asked, too.

    Raises
    ------
    UsageError
        If it is none: with the place, from 1, and what was meant where that can be told.

    Examples
    --------
    >>> parse("view in PA,AP and not (age < 18)").all_of
    True
    """
    return _Reader(text, header).whole()


def chosen(expression: Expression, table: Table) -> NDArray[np.bool_]:
    """Tell of every row whether it is certain that the expression holds."""
    kept: NDArray[np.bool_] = expression.truth(table) > 0
    return kept


class _Reader:
    """Reads tokens from left to right."""

    def __init__(self, text: str, header: Collection[str]) -> None:
        self.text, self.at, self.depth = text, 0, 0
        self.others = {cell for cell in header if cell and columns.resolve((cell,)) == (None,)}
        self.tokens = list(self._tokens())

    def _tokens(self) -> Iterator[_Token]:
        for match in _TOKEN.finditer(self.text):
            kind = match.lastgroup or "odd"
            if kind == "odd":
                raise self.wrong(match.start(kind), f"{match[kind]!r} is not understood")
            said = match[kind][1:-1] if kind == "text" else match[kind]
            yield _Token(kind, said, match.start(kind))
        yield _Token("end", "", len(self.text))

    @property
    def next(self) -> _Token:
        return self.tokens[self.at]

    def take(self) -> _Token:
        token = self.next
        if token.kind != "end":
            self.at += 1
        return token

    def wrong(self, at: int, why: str) -> UsageError:
        return UsageError(f"{self.text!r}, character {at + 1}: {why}")

    def whole(self) -> Expression:
        found = self.either()
        if self.next.kind != "end":
            raise self.wrong(self.next.at, f"{self.next.text!r} is one too many; and? or?")
        return found

    def either(self) -> Expression:
        return self.joined("or", self.both)

    def both(self) -> Expression:
        return self.joined("and", self.single)

    def joined(self, word: str, part: Callable[[], Expression]) -> Expression:
        parts = [part()]
        while self.next.is_word(word):
            self.take()
            parts.append(part())
        return parts[0] if len(parts) == 1 else Joined(tuple(parts), word == "and")

    def single(self) -> Expression:
        token = self.next
        negated, bracket = token.is_word("not"), (token.kind, token.text) == ("sign", "(")
        if not negated and not bracket:
            return self.condition()
        self.take()
        self.depth += 1
        if self.depth > _DEEPEST:
            raise self.wrong(token.at, f"more than {_DEEPEST} brackets within each other")
        found = Not(self.single()) if negated else self.within(token)
        self.depth -= 1
        return found

    def within(self, opening: _Token) -> Expression:
        found = self.either()
        closing = self.take()
        if (closing.kind, closing.text) != ("sign", ")"):
            raise self.wrong(opening.at, "this bracket is never closed")
        return found

    def condition(self) -> Expression:
        column = self.column()
        token = self.take()
        word = token.text.lower()
        if token.kind == "sign" and word in _SIGNS:
            return self.compared(column, "=" if word == "==" else word, token)
        if token.kind == "word" and word in {"under", "contains"}:
            return self.compared(column, word, token)
        if token.kind == "word" and word in _ASKING:
            return self.asked(column, token)
        signs = "=, !=, <, <=, >, >=, ~, in, contains, under, is blank or is known"
        raise self.wrong(token.at, f"behind {column} comes {signs}")

    def asked(self, column: str, token: _Token) -> Expression:
        """Read what comes behind ``is``, ``not`` and ``in``."""
        if token.is_word("is"):
            token = self.take()
        negated = token.is_word("not")
        if negated:
            token = self.take()
        found: Expression
        if token.is_word("in"):
            values = self.values()
            parts = [Condition(column, self.test(column, "=", value)) for value in values]
            found = Joined(tuple(parts), all_of=False)
        elif token.is_word("blank"):
            found = Condition(column, lambda text: not text)
        elif token.is_word("known"):
            found = Condition(column, lambda text: known(column, text))
        else:
            raise self.wrong(token.at, "in, blank or known is wanted here")
        return Not(found) if negated else found

    def compared(self, column: str, sign: str, token: _Token) -> Expression:
        value = self.value()
        if sign == "!=":
            return Not(Condition(column, self.test(column, "=", value)))
        return Condition(column, self.test(column, sign, value, token))

    def test(
        self, column: str, sign: str, value: Value, token: _Token | None = None
    ) -> Callable[[str], bool | None]:
        found = comparison(column, sign, value)
        if isinstance(found, Said):
            raise self.wrong(
                value.at if token is None or not found.of_sign else token.at, found.why
            )
        return found

    def column(self) -> str:
        token = self.take()
        if token.kind not in {"word", "text"}:
            raise self.wrong(token.at, "a column is wanted here")
        (name,) = columns.resolve((token.text,))
        if name is not None:
            return name
        if token.text in self.others:
            return token.text
        near = _near(token.text, [*columns.HEADER, *sorted(self.others)])
        raise self.wrong(token.at, f"there is no column {token.text!r}{near}")

    def values(self) -> Sequence[Value]:
        found = [self.value()]
        while (self.next.kind, self.next.text) == ("sign", ","):
            self.take()
            found.append(self.value())
        return found

    def value(self) -> Value:
        first = self.take()
        if first.kind == "text":
            return Value(first.text, first.at)
        if first.kind != "word" or first.text.lower() in _JOINING:
            raise self.wrong(first.at, "a value is wanted here; one with brackets needs quotes")
        words = [first.text]
        while self.next.kind == "word" and not self.next.is_word(*_JOINING):
            words.append(self.take().text)
        return Value(" ".join(words), first.at)


def _near(text: str, names: Sequence[str]) -> str:
    folded = {name.casefold(): name for name in names}
    near = difflib.get_close_matches(text.casefold(), list(folded), n=1)
    return f"; did you mean {folded[near[0]]}?" if near else f"; there are {', '.join(names)}"
