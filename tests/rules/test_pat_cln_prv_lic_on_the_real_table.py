"""What the rules about patients, clinical sense, privacy and sources say about a real table.

Every line here was looked at: all are real mistakes, or worth a curator's look.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from tests import build

REAL = Path(__file__).parents[3] / "shared" / "real"

LINES = {
    "PAT101": [743],
    "PAT102": [655, 658],
    "PAT103": [353, 710, 743],
    "PAT104": [655, 656, 657, 658, 659],
    "PAT105": [],
    "PAT106": [],
    "PAT107": [],
    "PAT109": [240, 265, 663],
    "CLN101": [],
    "CLN102": [],
    "CLN103": [],
    "CLN104": [],
    "CLN106": [720, 721, 722],
    "CLN107": [139, 515],
    "CLN108": [],
    "CLN110": [],
    "CLN112": [],
    "CLN113": [363, 364, 365, 366, 367, 368, 369, 447],
    "CLN114": [],
    "PRV101": [631, 632, 633, 638],
    "PRV102": [121],
    "PRV105": [],
    "LIC201": [],
    "LIC202": [641],
    "LIC203": [],
    "LIC205": [595],
    "LIC206": [641, 642, 643, 645, 646],
}


@pytest.fixture(scope="module")
def table() -> bytes:
    path = REAL / "2020-06-22" / "metadata.csv"
    if not path.is_file():
        pytest.skip("the real table is not beside this repository")
    return path.read_bytes()


@pytest.mark.parametrize("code", LINES)
def test_the_real_table_has_what_was_found_by_hand(code: str, table: bytes) -> None:
    assert [line for line, _, _ in build.hits(code, build.from_text(table))] == LINES[code]


def test_low_saturations_are_all_of_the_source_that_gives_pressures(table: bytes) -> None:
    data = build.from_text(table)
    lines = {line for line, _, _ in build.hits("CLN109", data)}
    sources = {row["url"] for row in data.rows if row.line in lines}
    assert (len(lines), len(sources)) == (27, 1)
