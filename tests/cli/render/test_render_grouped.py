"""A report by file and rule."""

from __future__ import annotations

from tests.cli.render import reports

from covidxr.cli.render.grouped import render

GOLDEN = """\
images/b.png
  IMG102 file-unreferenced (warning, 1)
    no row names b.png  → trace it

metadata.csv
  LIC101 licence-missing (warning, 1)
    9:30  what is wrong  (image c.png)
  SCH203 other-spelling (info, 1)
    3:20  what is wrong [*]  (patient 12, image a.png)
  SCH205 value-out-of-range (error, 1)
    3:14  pO2_saturation 165 % is outside 0 to 100  → a pressure? 165 mmHg is a pO2  \
(patient 12, image a.png)

+219 more LIC101; --limit 0 shows all
751 rows, 250 files: 1 error, 221 warnings, 1 hint
"""


def test_problems_are_gathered_by_file_and_rule() -> None:
    assert render(reports.SMALL, reports.RULES, version="9.9") == GOLDEN


def test_nothing_to_report_is_one_line() -> None:
    found = render(reports.EMPTY, reports.RULES, version="9.9")
    assert found == "751 rows, 250 files: no problems\n"
