"""Tests of CLN109."""

from __future__ import annotations

import pytest
from tests import build

from covidxr.plugins import discover


def test_a_good_table_has_none() -> None:
    assert build.hits("CLN109", build.dataset({})) == []


def test_a_header_alone_has_none() -> None:
    assert build.hits("CLN109", build.dataset()) == []


def test_a_table_without_the_columns_has_none() -> None:
    assert build.hits("CLN109", build.from_text("finding\ntodo\n")) == []


@pytest.mark.parametrize(
    ("saturation", "suggestion"),
    [("35", "mmHg"), ("49.9", "mmHg"), ("0.93", "write 93"), ("1", "write 100")],
)
def test_a_saturation_that_is_another_quantity(saturation: str, suggestion: str) -> None:
    data = build.dataset({"pO2_saturation": saturation})
    (hit,) = discover("covidxr.rules")["CLN109"].check(data)
    assert (list(hit.rows), hit.field) == ([0], "pO2_saturation")
    assert hit.message == f"an oxygen saturation of {saturation} % is hardly compatible with life"
    assert suggestion in (hit.suggestion or "")


@pytest.mark.parametrize("saturation", ["50", "93", "100", "130", "-5", "", "?", "nan"])
def test_a_saturation_that_is_plausible_or_not_for_this_rule(saturation: str) -> None:
    assert build.hits("CLN109", build.dataset({"pO2_saturation": saturation})) == []
