"""Known problems: written, read again, and refused where a reason is missing."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from covidxr.baseline import Entry, parse_baseline, write_baseline
from covidxr.errors import UsageError
from covidxr.model import Diagnostic, Severity

MONDAY = dt.date(2020, 6, 22)
TUESDAY = dt.date(2020, 6, 23)


def diagnostic(code: str = "SCH202", **more: Any) -> Diagnostic:
    known: dict[str, Any] = {
        "code": code,
        "name": "value-not-allowed",
        "severity": Severity.ERROR,
        "message": "no",
        "url": "https://example.org",
        "file": "metadata.csv",
    }
    return Diagnostic(**{**known, **more})


def entry(**more: Any) -> dict[str, Any]:
    known = {
        "fingerprint": "0123456789abcdef",
        "code": "SCH202",
        "where": "metadata.csv one.png sex",
        "reason": "asked the author",
        "added": "2020-06-22",
    }
    return {**known, **more}


def as_text(*entries: dict[str, Any], version: object = 1) -> str:
    return json.dumps({"version": version, "entries": entries})


words = st.text(st.characters(exclude_categories=["Cs"]))
diagnostics = st.lists(
    st.builds(
        diagnostic,
        code=st.sampled_from(["SCH202", "IMG101"]),
        row=st.none() | words,
        field=st.none() | words,
        value=st.none() | st.text(),
    ),
    max_size=5,
)


@settings(deadline=None)
@given(found=diagnostics, reason=words.filter(str.strip))
def test_what_is_written_is_read_again_once_a_fingerprint(
    found: list[Diagnostic], reason: str
) -> None:
    text = write_baseline((), found, reason=reason, today=MONDAY)
    entries = parse_baseline(text, where="known.json")
    assert {(e.fingerprint, e.code) for e in entries} == {(d.fingerprint, d.code) for d in found}
    assert len(entries) == len({d.fingerprint for d in found})
    assert {(e.reason, e.added, e.expires) for e in entries} <= {(reason, MONDAY, None)}
    assert write_baseline(entries, found, reason="another", today=TUESDAY) == text


def test_an_old_entry_keeps_its_reason_and_its_days() -> None:
    old = Entry(
        fingerprint=diagnostic().fingerprint,
        code="SCH202",
        reason="asked the author",
        added=MONDAY,
        expires=dt.date(2021, 1, 1),
        where="metadata.csv",
    )
    text = write_baseline([old], [diagnostic(), diagnostic("IMG101")], reason="new", today=TUESDAY)
    image, kept = parse_baseline(text, where="")
    assert kept == old
    assert (image.code, image.reason, image.added) == ("IMG101", "new", TUESDAY)


def test_an_entry_whose_problem_is_gone_is_left_out() -> None:
    old = Entry(fingerprint="f", code="SCH202", reason="r", added=MONDAY)
    text = write_baseline([old], [], reason="new", today=TUESDAY)
    assert parse_baseline(text, where="") == ()


def test_the_file_has_one_entry_a_line_in_a_stable_order() -> None:
    found = [diagnostic("SCH202", row="b.png"), diagnostic("IMG101"), diagnostic(row="a.png")]
    text = write_baseline((), found, reason="r", today=MONDAY)
    assert text == write_baseline((), found[::-1], reason="r", today=MONDAY)
    places = [each["where"] for each in json.loads(text)["entries"]]
    assert places == ["metadata.csv", "metadata.csv a.png", "metadata.csv b.png"]
    assert len(text.splitlines()) == 3 + len(found)
    assert text.endswith("\n")


def test_bytes_of_a_name_that_are_no_utf_8_can_be_written() -> None:
    text = write_baseline((), [diagnostic(row="In\udce9s.png")], reason="r", today=MONDAY)
    assert "In?s.png" in text.encode().decode()


@pytest.mark.parametrize("reason", ["", "  \n"])
def test_a_baseline_without_a_reason_is_not_written(reason: str) -> None:
    with pytest.raises(UsageError, match=r"needs a reason"):
        write_baseline((), [diagnostic()], reason=reason, today=MONDAY)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", r"is not a baseline"),
        ("[]", r"is not a baseline"),
        ("{}", r"is not a baseline"),
        ("3", r"is not a baseline"),
        ('{"version": 1}', r"is not a baseline"),
        ('{"version": 1, "entries": 3}', r"is not a baseline"),
        ('{"version": 1, "entries": [3]}', r"an entry is not an object"),
        (as_text(version=2), r"version 2 of a baseline is not known"),
        (as_text(entry(reason="")), r"0123456789abcdef \(SCH202\) has no reason"),
        (as_text(entry(reason="  ")), r"has no reason"),
        (as_text(entry(reason=None)), r"an entry is not an object of strings"),
        (as_text(entry(code=["SCH202"])), r"an entry is not an object of strings"),
        (as_text(entry(added="yesterday")), r"is not a baseline"),
        (as_text(entry(expires="never")), r"is not a baseline"),
        (as_text({"reason": "r"}), r"is not a baseline"),
        (as_text({}), r"is not a baseline"),
    ],
)
def test_what_is_no_baseline_is_refused_with_its_name(text: str, message: str) -> None:
    with pytest.raises(UsageError, match=rf"^known\.json.*{message}"):
        parse_baseline(text, where="known.json")


def test_an_entry_may_end_on_a_day() -> None:
    (read,) = parse_baseline(as_text(entry(expires="2020-07-01")), where="")
    assert read.expires == dt.date(2020, 7, 1)


def test_a_fingerprint_stays_when_lines_and_wording_move_and_changes_with_the_value() -> None:
    first = diagnostic(line=3, column=1, row="a.png", field="sex", value="x")
    moved = diagnostic(line=9, column=7, row="a.png", field="sex", value="x", message="other")
    assert first.fingerprint == moved.fingerprint
    others = [
        diagnostic(row="b.png", field="sex", value="x"),
        diagnostic(row="a.png", field="age", value="x"),
        diagnostic(row="a.png", field="sex", value="y"),
        diagnostic("SCH203", row="a.png", field="sex", value="x"),
        diagnostic(row="a.png", field="sex", value="x", file="images/a.png"),
    ]
    assert first.fingerprint not in {each.fingerprint for each in others}


def test_what_is_nested_too_deep_is_no_baseline() -> None:
    with pytest.raises(UsageError, match=r"^known\.json is not a baseline \(it is nested too deep"):
        parse_baseline("[" * 100_000 + "]" * 100_000, where="known.json")


def test_a_row_without_a_name_is_told_from_others_by_its_text() -> None:
    first = diagnostic(field="sex", value="x", record="1,x,a")
    moved = diagnostic(field="sex", value="x", record="1,x,a", line=9)
    other = diagnostic(field="sex", value="x", record="2,x,b")
    assert first.fingerprint == moved.fingerprint
    assert (
        len({each.fingerprint for each in (first, other, diagnostic(field="sex", value="x"))}) == 3
    )
