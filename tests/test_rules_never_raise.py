"""No cell, however odd, stops a rule: a rule that raises ends the whole run."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests import build

from covidxr.columns import BY_NAME, COLUMNS, HEADER
from covidxr.plugins import discover

if TYPE_CHECKING:
    from covidxr.dataset import Dataset

RULES = discover("covidxr.rules")
ODD = [
    *("", " ", "?", "-", "--5", "+-5", "5-", "-5", "-0", "0.0", "1e9", "1e999", "inf", "nan"),
    *("9" * 400, "9" * 5000, "-" + "9" * 5000, "٣", "³", "½", "1,5", ".", "..", "/", "a/b", "\\"),
    *("2020-03-04", "2170-01-10", "0000-00-00", "9999-12-31", "12-Mar-20", "3/4/2020", "29 Feb"),
    *("10.1234/x-1", "10.1234/%", "https://[::1]/", "http://a.b/%zz", "%25" * 50, "LicenseRef-"),
    *("COVID-19", "N/A", "|", "images", "volumes", "a.png", "A.PNG", "old/a.png", "\0", "\udcff"),
    *("tel. 1234567", "\ufffd", "\r\n", '"', "=1+1", "𝟗", "²", "1_000", "0x10", "Y", "N", "CT"),
]
TEXTS = {column.name: [*column.allowed, *column.spellings, column.example] for column in COLUMNS}
NO_CR_ALONE = st.text(max_size=12).map(lambda text: text.replace("\r", "\n"))


def cells(name: str) -> st.SearchStrategy[str]:
    """Right and odd texts of a column."""
    return st.sampled_from(ODD) | st.sampled_from(TEXTS[name]) | NO_CR_ALONE


def check(data: Dataset) -> None:
    for code, rule in RULES.items():
        try:
            for hit in rule.check(data):
                assert hit.message
        except Exception as error:
            error.add_note(f"raised by {code}")
            raise


tables = st.lists(
    st.fixed_dictionaries({}, optional={name: cells(name) for name in HEADER}),
    min_size=1,
    max_size=4,
)


def dataset(rows: list[dict[str, str]]) -> Dataset:
    """A judged data set; its table may hold bytes that are not UTF-8."""
    made = build.rows(*rows)
    text = build.csv_text(made).encode("utf-8", "surrogateescape")
    paths = {f"{row['folder'] or 'images'}/{row['filename']}" for row in made}
    files = {path: build.png(path) for path in paths if path.isprintable()}
    return build.judged(build.from_text(text, files=files))


@given(tables, st.booleans())
@settings(max_examples=60)
def test_whatever_the_cells_hold(rows: list[dict[str, str]], one: bool) -> None:  # noqa: FBT001
    # Rows of one patient and one page are compared with each other.
    same = {"patientid": "1", "url": build.GOOD_ROW["url"]} if one else {}
    check(dataset([{**row, **same} for row in rows]))


@pytest.mark.parametrize("name", sorted(BY_NAME))
def test_each_odd_cell_beside_a_usual_one(name: str) -> None:
    check(dataset([{"patientid": "7"}, *({"patientid": "7", name: cell} for cell in ODD)]))


@pytest.mark.parametrize("code", sorted(RULES))
def test_no_page_says_to_ignore_a_row_since_only_the_baseline_can(code: str) -> None:
    page = Path(f"src/covidxr/rules/{code.lower()}_{RULES[code].name.replace('-', '_')}.py")
    text = " ".join((Path(__file__).parents[1] / page).read_text(encoding="utf-8").split())
    assert "ignore the row" not in text
    assert "ignore this row" not in text
