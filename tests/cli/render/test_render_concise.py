"""A report with one line for each problem."""

from __future__ import annotations

from tests.cli.render import reports

from covidxr.cli.render.concise import render

GOLDEN = """\
images/b.png: IMG102 no row names b.png
metadata.csv:3:14: SCH205 pO2_saturation 165 % is outside 0 to 100 (row a.png)
metadata.csv:3:20: SCH203 [*] what is wrong (row a.png)
metadata.csv:9:30: LIC101 what is wrong (row c.png)
"""


def test_every_problem_is_one_line() -> None:
    assert render(reports.SMALL, reports.RULES, version="9.9") == GOLDEN


def test_nothing_to_report_is_nothing() -> None:
    assert render(reports.EMPTY, reports.RULES, version="9.9") == ""


def test_data_does_not_break_a_line() -> None:
    lines = render(reports.HOSTILE, reports.RULES, version="9.9").splitlines()
    assert len(lines) == len(reports.HOSTILE.diagnostics)
