"""What all forms of a report share."""

from __future__ import annotations

from typing import Any

import pytest
from tests.cli.render import reports
from tests.cli.render.reports import at_row, report

from covidxr.cli.render import diagnostics as shared
from covidxr.model import Severity

FORMS = list(shared.RENDERERS)
COLOURLESS = [form for form in FORMS if form != "text"]

ESCAPED = [
    ("plain é text", "plain é text"),
    ("tab\tline\nend\r", r"tab\tline\nend\r"),
    ("\x1b[2J", r"\x1b[2J"),
    ("\x00\x7f\x9b", r"\x00\x7f\x9b"),
    ("\udce9", r"\xe9"),
    ("\ud83d", r"\ud83d"),
    ("\u202etext", r"\u202etext"),
    ("\u2028", r"\u2028"),
]


@pytest.mark.parametrize(("text", "shown"), ESCAPED, ids=range(len(ESCAPED)))
def test_what_is_not_safe_to_print_is_shown_as_an_escape(text: str, shown: str) -> None:
    assert shared.escaped(text) == shown


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("which", ["EMPTY", "SMALL", "HOSTILE"])
def test_every_form_can_be_written_as_utf_8_and_read_by_a_terminal(form: str, which: str) -> None:
    found = shared.renderer(form)(getattr(reports, which), reports.RULES, version="9.9")
    found.encode()
    assert not set(found) & set("\x00\x1b\r\x9b\x85\u2028\u202e\ufffe")
    assert found == "" or found.endswith("\n")


@pytest.mark.parametrize("form", FORMS)
def test_every_form_is_the_same_twice(form: str) -> None:
    render = shared.renderer(form)
    once = render(reports.SMALL, reports.RULES, version="9.9")
    assert render(reports.SMALL, reports.RULES, version="9.9") == once


@pytest.mark.parametrize("form", COLOURLESS)
def test_only_the_form_for_people_is_coloured(form: str) -> None:
    render = shared.renderer(form)
    plain = render(reports.SMALL, reports.RULES, version="9.9")
    assert render(reports.SMALL, reports.RULES, version="9.9", colour=True) == plain


def test_an_unknown_form_is_refused() -> None:
    with pytest.raises(KeyError):
        shared.renderer("pdf")


TOTALS: list[tuple[dict[str, Any], str]] = [
    ({}, "751 rows, 250 files: no problems"),
    ({"files": 0}, "751 rows: no problems"),
    ({"rows": 1, "files": 1}, "1 row, 1 file: no problems"),
    (
        {"counts": {Severity.ERROR: 1, Severity.WARNING: 0, Severity.INFO: 2000}},
        "751 rows, 250 files: 1 error, 2,000 hints",
    ),
]


@pytest.mark.parametrize(("facts", "words"), TOTALS)
def test_the_totals_are_counted_in_words(facts: dict[str, Any], words: str) -> None:
    assert shared.totals(report(**facts)) == words


def test_the_worst_come_first_and_every_rule_has_its_turn() -> None:
    many = [at_row("LIC101", line, 1) for line in range(2, 30)]
    found = [at_row("SCH203", 1, 1), *many, at_row("IMG102", 40, 1), at_row("SCH205", 50, 1)]
    chosen = shared.worst_first(found, 4)
    assert [(each.code, each.line) for each in chosen] == [
        ("SCH205", 50),
        ("LIC101", 2),
        ("LIC101", 3),
        ("IMG102", 40),
    ]
