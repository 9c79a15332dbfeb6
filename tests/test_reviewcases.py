"""Cases of a review are read again when they changed, and only then."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests import candidates

from covidxr.candidatestore import candidates_of
from covidxr.reviewcases import Cases

if TYPE_CHECKING:
    from pathlib import Path


def record(root: Path, case: str) -> Path:
    return root / ".covidxr" / "candidates" / "eurorad" / case / "case.json"


def test_a_damaged_case_stays_named_while_others_change(tmp_path: Path) -> None:
    first, _ = candidates.keep(tmp_path, candidates.case(5, images=2))
    candidates.keep(tmp_path, candidates.case(6))
    record(tmp_path, "6").write_text("{")
    cases = Cases(candidates_of(tmp_path, None))
    assert list(cases.damaged()) == ["eurorad/6"]
    (third,) = candidates.keep(tmp_path, candidates.case(7))
    assert third in cases.images()
    assert list(cases.damaged()) == ["eurorad/6"]
    candidates.keep(tmp_path, candidates.case(6))
    assert cases.damaged() == {}
    assert first in cases.images()


def test_a_case_that_is_gone_is_no_candidate(tmp_path: Path) -> None:
    (id_,) = candidates.keep(tmp_path, candidates.case(5))
    cases = Cases(candidates_of(tmp_path, None))
    assert list(cases.images()) == [id_]
    record(tmp_path, "5").unlink()
    assert cases.images() == {}


def test_what_did_not_change_is_not_read_again(tmp_path: Path) -> None:
    (id_,) = candidates.keep(tmp_path, candidates.case(5))
    cases = Cases(candidates_of(tmp_path, None))
    before, told = cases.images()[id_], cases.record("eurorad/5")
    candidates.keep(tmp_path, candidates.case(6))
    assert cases.images()[id_] is before
    assert cases.record("eurorad/5") is told
    candidates.keep(tmp_path, candidates.case(5, title="Another title"))
    assert cases.images()[id_].title == "Another title"
    assert cases.record("eurorad/5")["title"] == "Another title"
