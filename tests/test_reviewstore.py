"""Drafts and the log of decisions come back as they were kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from covidxr.errors import CollectionError
from covidxr.reviewstore import Draft, Event, read_drafts, read_log, with_event, write_draft

if TYPE_CHECKING:
    from pathlib import Path

EVENTS = (
    Event(verdict="accept", id="a/1/x.png", reason="ü “quoted”\u2028", line={"filename": "x"}),
    Event(verdict="undo", id="a/1/x.png", of=0),
)


def log() -> str:
    return with_event(with_event("", EVENTS[0]), EVENTS[1])


def test_the_log_reads_as_it_was_written() -> None:
    assert read_log(log().encode(), "log") == (log(), EVENTS)


def test_a_line_that_was_cut_off_is_left_out() -> None:
    assert read_log(log().encode()[:-5], "log") == (with_event("", EVENTS[0]), EVENTS[:1])


@pytest.mark.parametrize("line", [b"{\n", b"[]\n", b'{"verdict": "accept"}\n', b'{"new": 1}\n'])
def test_a_log_that_is_none_is_named_with_what_to_do(line: bytes) -> None:
    with pytest.raises(CollectionError, match=r"log cannot be read: .*move it away"):
        read_log(log().encode() + line, "log")


def test_drafts_of_a_case_come_back_each_by_itself(tmp_path: Path) -> None:
    one, two = Draft(cells={"view": "PA"}, version=1), Draft(cells={}, version=3)
    write_draft(tmp_path, "a/1", "a/1/x.png", one)
    write_draft(tmp_path, "a/1", "a/1/y.png", two)
    assert read_drafts(tmp_path, "a/1") == {"a/1/x.png": one, "a/1/y.png": two}
    assert read_drafts(tmp_path, "a/2") == {}
    assert (tmp_path / ".covidxr" / ".gitignore").read_text().endswith("*\n")


@pytest.mark.parametrize("text", ["", "{", "[]", '{"a": 1}', '{"a": {"cells": 1, "version": 1}}'])
def test_damaged_drafts_count_as_none(tmp_path: Path, text: str) -> None:
    write_draft(tmp_path, "a/1", "x", Draft())
    (path,) = (tmp_path / ".covidxr" / "review" / "drafts" / "a").iterdir()
    path.write_text(text)
    assert read_drafts(tmp_path, "a/1") == {}
