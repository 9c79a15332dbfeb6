"""The label table that stands in README between two markers, and whether it is still true.

This module finds, replaces and compares text; it opens no file. What the table says is made by
:mod:`covidxr.labelcounts`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from covidxr.errors import CovidxrError, UsageError
from covidxr.labelcounts import NATIVE, StatsOptions, block, parse_groups

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from covidxr.dataset import Dataset

_BEGIN = re.compile(r"[ \t]*(<!-- covidxr stats: begin(?P<options>.*?)-->)[ \t]*\r?\n?")
_END = re.compile(r"[ \t]*<!-- covidxr stats: end -->[ \t]*\r?\n?")
_FENCE = re.compile(r"[ ]{0,3}(`{3,}|~{3,})")
_OPTION = re.compile(r'\s*([a-z]+)="([^"]*)"')
_LINES = re.compile(r"[^\n]*\n|[^\n]+")
HOW_TO = "put <!-- covidxr stats: begin --> and <!-- covidxr stats: end --> on lines of their own"


class MarkerError(CovidxrError):
    """The markers in a README do not enclose one block.

    Parameters
    ----------
    message : str
        What is wrong and what to do.
    line : int
        1-based line where it is seen.
    """

    def __init__(self, message: str, line: int) -> None:
        super().__init__(message)
        self.line = line


class StaleLine(NamedTuple):
    """A line of the block that is not what it should be; an empty text stands for no line."""

    line: int
    expected: str
    found: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadmeBlock:
    """Where the block stands.

    Parameters
    ----------
    line : int
        1-based line of the begin marker.
    marker : tuple of (int, int)
        Offsets of the begin marker itself.
    start, stop : int
        Offsets of what stands between the two marker lines.
    newline : str
        The line end of the begin marker's line.
    options : StatsOptions
        What the begin marker says.
    """

    line: int
    marker: tuple[int, int]
    start: int
    stop: int
    newline: str
    options: StatsOptions


def find_block(text: str) -> ReadmeBlock | None:
    """Find the block between the two markers.

    Parameters
    ----------
    text : str
        A README. Markers inside a code fence are examples and not looked at.

    Returns
    -------
    ReadmeBlock or None
        None where there are no markers.

    Raises
    ------
    MarkerError
        If one is missing, stands twice, or has options that cannot be read.
    """
    found: ReadmeBlock | None = None
    begin: tuple[int, re.Match[str]] | None = None
    fence = ""
    for number, line in enumerate(_LINES.finditer(text), start=1):
        opening = _BEGIN.fullmatch(line[0])
        closing = _END.fullmatch(line[0])
        if begin is None:
            fence = _fence_after(fence, line[0])
        if fence or not (opening or closing):
            continue
        if (begin is None) == (opening is None) or found is not None:
            raise MarkerError(f"line {number}: this marker is one too many; {HOW_TO}, once", number)
        if begin is None:
            begin = (number, line)
        else:
            found = _block(text, *begin, stop=line.start())
            begin = None
    if begin is not None:
        raise MarkerError(f"line {begin[0]}: the block has no end marker; {HOW_TO}", begin[0])
    return found


def _fence_after(fence: str, line: str) -> str:
    """The fence that is open after a line, empty where none is."""
    match = _FENCE.match(line)
    if match is None:
        return fence
    if not fence:
        return match[1]
    return "" if match[1].startswith(fence) and not line.strip(" \r\n`~") else fence


def _block(text: str, number: int, line: re.Match[str], stop: int) -> ReadmeBlock:
    match = _BEGIN.fullmatch(text, line.start(), line.end())
    if match is None:
        raise AssertionError
    return ReadmeBlock(
        line=number,
        marker=match.span(1),
        start=line.end(),
        stop=stop,
        newline="\r\n" if line[0].endswith("\r\n") else "\n",
        options=_read_options(match["options"], number),
    )


def _read_options(text: str, line: int) -> StatsOptions:
    if _OPTION.sub("", text).strip():
        raise MarkerError(f"line {line}: the marker's options cannot be read: {text.strip()}", line)
    said = dict(_OPTION.findall(text))
    try:
        options = StatsOptions(
            labels=said.pop("labels", NATIVE),
            groups=parse_groups([said.pop("groups")]) if "groups" in said else (),
            by=said.pop("by", None),
        )
    except UsageError as error:
        raise MarkerError(f"line {line}: {error}", line) from error
    if said:
        raise MarkerError(f"line {line}: the marker has no option {next(iter(said))!r}", line)
    return options


def _marker(options: StatsOptions) -> str:
    said = {
        "labels": "" if options.labels == NATIVE else options.labels,
        "groups": ";".join(",".join(group) for group in options.groups),
        "by": options.by or "",
    }
    written = "".join(f' {name}="{text}"' for name, text in said.items() if text)
    return f"<!-- covidxr stats: begin{written} -->"


def _written(dataset: Dataset, options: StatsOptions, newline: str) -> str:
    """The block with a blank line on either side, without which Markdown takes it for HTML."""
    return f"\n{block(dataset, options)}\n".replace("\n", newline)


def spliced(
    text: str,
    dataset: Dataset,
    choose: Callable[[StatsOptions], StatsOptions] | None = None,
) -> str:
    """Put today's table into a README.

    Parameters
    ----------
    text : str
        The README, with its line ends.
    dataset : Dataset
        What is counted.
    choose : callable, optional
        Makes the options from those that stand in the begin marker; where they differ the marker is
        written anew.

    Returns
    -------
    str
        Equal to `text` outside the block, and altogether where the block is up to date.

    Raises
    ------
    MarkerError
        If the markers do not enclose one block, or are not there.
    """
    found = find_block(text)
    if found is None:
        raise MarkerError(f"there is no place for the table: {HOW_TO}", 1)
    options = choose(found.options) if choose else found.options
    head = text[: found.start]
    if options != found.options:
        start, stop = found.marker
        head = text[:start] + _marker(options) + text[stop : found.start]
    return head + _written(dataset, options, found.newline) + text[found.stop :]


def stale_lines(text: str, dataset: Dataset) -> list[StaleLine] | None:
    """Compare the table in a README with the collection, under the options in its marker.

    Parameters
    ----------
    text : str
        The README.
    dataset : Dataset
        The collection.

    Returns
    -------
    list of StaleLine or None
        Empty where the table is up to date, None where the README has no markers.

    Raises
    ------
    MarkerError
        If the markers do not enclose one block.
    """
    found = find_block(text)
    if found is None:
        return None
    new = _written(dataset, found.options, found.newline)
    old = text[found.start : found.stop]
    if new == old:
        return []
    return list(_differences(old, new, found.line + 1))


def _differences(old: str, new: str, first: int) -> Iterator[StaleLine]:
    from difflib import SequenceMatcher
    from itertools import zip_longest

    before, after = _LINES.findall(old), _LINES.findall(new)
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    for tag, start, stop, new_start, new_stop in matcher.get_opcodes():
        if tag == "equal":
            continue
        pairs = zip_longest(before[start:stop], after[new_start:new_stop], fillvalue="")
        for number, (is_now, should_be) in enumerate(pairs):
            line = first + min(start + number, max(len(before) - 1, 0))
            yield StaleLine(line, should_be.rstrip("\r\n"), is_now.rstrip("\r\n"))
