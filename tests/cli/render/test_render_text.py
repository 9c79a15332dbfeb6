"""A report for people."""

from __future__ import annotations

import re

from tests.cli.render import reports

from covidxr.cli.render.text import render

GOLDEN = """\
images/b.png  warning  IMG102 file-unreferenced
    no row names b.png
    → trace it

metadata.csv:3:14  error  SCH205 value-out-of-range  (patient 12, image a.png)
    pO2_saturation 165 % is outside 0 to 100
    → a pressure? 165 mmHg is a pO2
metadata.csv:3:20  info  SCH203 other-spelling [*]  (patient 12, image a.png)
    what is wrong

metadata.csv:9:30  warning  LIC101 licence-missing  (image c.png)
    what is wrong

+219 more like it: LIC101 licence-missing
    → --limit 0 shows all
not checked, since there is no volumes/ folder: VOL101, VOL102
out of date: ignore of CSV104 fits nothing
2 known problems not shown: accepted with a reason
[*] 1 fixable with --fix
`covidxr rule IMG102` explains a rule
751 rows, 250 files: 1 error, 221 warnings, 1 hint
"""


def test_every_problem_has_a_block_and_the_last_line_counts() -> None:
    assert render(reports.SMALL, reports.RULES, version="9.9") == GOLDEN


def test_nothing_to_report_is_one_line() -> None:
    found = render(reports.EMPTY, reports.RULES, version="9.9")
    assert found == "751 rows, 250 files: no problems\n"


def test_colours_change_nothing_but_the_colour() -> None:
    coloured = render(reports.SMALL, reports.RULES, version="9.9", colour=True)
    assert "\x1b[31;1merror\x1b[0m" in coloured
    assert re.sub(r"\x1b\[[\d;]*m", "", coloured) == GOLDEN


def test_two_problems_of_one_file_stand_apart() -> None:
    twice = reports.report(*[reports.diagnostic("IMG102", file="images/b.png")] * 2)
    lines = render(twice, reports.RULES, version="9.9").splitlines()
    assert lines[2] == ""
