"""A report as Markdown for a job summary."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.cli.render import reports
from tests.cli.render.reports import at_row, report

from covidxr.cli.render import markdown
from covidxr.cli.render.markdown import render

if TYPE_CHECKING:
    import pytest

URL = "https://github.com/covidxr/covidxr/blob/main/docs/rules.md"
GOLDEN = f"""\
# covidxr validate

**751 rows, 250 files: 1 error, 221 warnings, 1 hint**

| Rule | Severity | Problems | About |
| --- | --- | --: | --- |
| [SCH205 value-out-of-range]({URL}#sch205-value-out-of-range) | error | 1 | \
Report value out of range. |
| [IMG102 file-unreferenced]({URL}#img102-file-unreferenced) | warning | 1 | \
Report file unreferenced. |
| [LIC101 licence-missing]({URL}#lic101-licence-missing) | warning | 220 | \
Report licence missing. |
| [SCH203 other-spelling]({URL}#sch203-other-spelling) | info | 1 | Report other spelling. |

| Where | Rule | What | Row |
| --- | --- | --- | --- |
| metadata.csv:3:14 | error SCH205 | pO2\\_saturation 165 % is outside 0 to 100<br>\
→ a pressure? 165 mmHg is a pO2 | patient 12, image a.png |
| images/b.png | warning IMG102 | no row names b.png<br>→ trace it |  |
| metadata.csv:9:30 | warning LIC101 | what is wrong | image c.png |
| metadata.csv:3:20 | info SCH203 | what is wrong | patient 12, image a.png |

219 more problems not shown here.

1 fixable with `covidxr validate --fix`.

Not checked, since there is no volumes/ folder: VOL101, VOL102.

Out of date: ignore of CSV104 fits nothing

2 known problems not shown: accepted with a reason.

covidxr 9.9
"""


def test_the_rules_are_counted_and_the_worst_problems_come_first() -> None:
    assert render(reports.SMALL, reports.RULES, version="9.9").rstrip("\n") == GOLDEN.rstrip("\n")


def test_nothing_to_report_is_short() -> None:
    lines = render(reports.EMPTY, reports.RULES, version="9.9").splitlines()
    assert [line for line in lines if line] == [
        "# covidxr validate",
        "**751 rows, 250 files: no problems**",
        "covidxr 9.9",
    ]


def test_a_summary_stays_below_what_github_takes_and_says_what_is_left_out() -> None:
    long = "ä" * 2_000
    found = [at_row("LIC101", line, 1, message=long) for line in range(2, 1_000)]
    text = render(report(*found), reports.RULES, version="9.9")
    shown = text.count(long)
    assert 100 < shown < 998
    assert len(text.encode()) < markdown.MOST_BYTES
    assert f"{998 - shown:,} more problems not shown here." in text


def test_notes_cannot_make_it_too_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(markdown, "MOST_BYTES", 5_000)
    stale = tuple(f"entry {number} fits nothing" for number in range(1_000))
    text = render(report(stale=stale), reports.RULES, version="9.9")
    assert len(text.encode()) < 5_000
    assert "more notes" in text


def test_data_stays_in_its_cell() -> None:
    text = render(reports.HOSTILE, reports.RULES, version="9.9")
    table = text[text.index("| Where ") :].split("\n\n")[0]
    bars = {line.replace("\\|", "").count("|") for line in table.splitlines()}
    assert bars == {5}
    assert "<b>" not in text
