"""A report as GitHub workflow commands."""

from __future__ import annotations

import re

from tests.cli.render import reports
from tests.cli.render.reports import at_row, report

from covidxr.cli.render.github import MOST, render

GOLDEN = """\
::error file=metadata.csv,line=3,endLine=3,col=14,endColumn=17,title=SCH205 value-out-of-range::\
pO2_saturation 165 %25 is outside 0 to 100%0Aa pressure? 165 mmHg is a pO2%0A\
(patient 12, image a.png)
::warning file=images/b.png,title=IMG102 file-unreferenced::no row names b.png%0Atrace it
::warning file=metadata.csv,line=9,endLine=9,col=30,endColumn=33,title=LIC101 licence-missing::\
what is wrong%0A(image c.png)
::notice file=metadata.csv,line=3,endLine=3,col=20,endColumn=23,title=SCH203 other-spelling::\
what is wrong%0A(patient 12, image a.png)
::notice title=covidxr::219 more warnings not shown as annotations; the job summary or the log \
has them
covidxr: 751 rows, 250 files: 1 error, 221 warnings, 1 hint
"""


def lines_of(*found: object, **more: object) -> list[str]:
    made = report(*found, **more)  # type: ignore[arg-type]
    return render(made, reports.RULES, version="9.9").splitlines()


def test_errors_come_first_and_what_is_not_shown_is_counted() -> None:
    assert render(reports.SMALL, reports.RULES, version="9.9") == GOLDEN


def test_nothing_to_report_is_one_line_and_no_command() -> None:
    assert lines_of() == ["covidxr: 751 rows, 250 files: no problems"]


def test_at_most_ten_of_a_level_are_commands() -> None:
    found = [at_row(code, line, 1) for code in reports.RULES for line in range(2, 30)]
    lines = lines_of(*found)
    for command in ("error", "warning", "notice"):
        assert sum(line.startswith(f"::{command} ") for line in lines) == MOST, command
    assert lines[-2].endswith(
        "::18 more errors, 46 more warnings, 19 more hints not shown as annotations; "
        "the job summary or the log has them"
    )


def test_ten_of_a_level_need_no_word_about_more() -> None:
    lines = lines_of(*(at_row("SCH203", line, 1) for line in range(2, 12)))
    assert sum(line.startswith("::notice ") for line in lines) == 10
    assert "more" not in "".join(lines)


def test_columns_that_end_on_another_line_are_left_out() -> None:
    (line, _) = lines_of(at_row("SCH205", 3, 14, end_line=5))
    assert line.startswith("::error file=metadata.csv,line=3,endLine=5,title=")


def test_properties_and_messages_are_escaped_as_the_runner_reads_them() -> None:
    (line, _) = lines_of(at_row("SCH205", 2, 1, file="a,b:c%.csv", message="a%b,c:d", row=None))
    assert line.startswith("::error file=a%2Cb%3Ac%25.csv,line=2")
    assert line.endswith("::a%25b,c:d%0A(patient 12)")


def test_data_cannot_become_a_command() -> None:
    for line in render(reports.HOSTILE, reports.RULES, version="9.9").splitlines():
        assert re.match(r"::(error|warning|notice) (file|title)=|covidxr: ", line)
