"""The ledger of provenance: lines are added, found and taken out, and nothing else changes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from covidxr.cases import LicenceClaim, Provenance
from covidxr.errors import CollectionError
from covidxr.provenance import HEADER, Ledger, Line, evidence

PAGE = "https://example.org/case/1"


def line(**changes: str) -> Line:
    cells = dict.fromkeys(HEADER, "") | {
        "filename": "one.png",
        "sha256": "aa",
        "source": "eurorad",
        "page_url": PAGE,
        "image_url": f"{PAGE}/1.png",
        "decision": "accept",
    }
    return Line(**(cells | changes))


def origin(sha256: str = "aa", page: str = PAGE, image: str = f"{PAGE}/1.png") -> Provenance:
    return Provenance(
        source="eurorad",
        page_url=page,
        image_url=image,
        retrieved_at="2026-01-01T00:00:00Z",
        sha256=sha256,
        bytes=1,
    )


def ledger(*lines: Line) -> Ledger:
    made = Ledger(None)
    for each in lines:
        made = Ledger(made.with_line(each))
    return made


def test_the_columns_are_those_that_are_documented() -> None:
    assert HEADER == (
        "filename", "sha256", "source", "page_url", "image_url", "doi", "license",
        "license_evidence", "license_url", "credit", "retrieved_at", "decision", "reason",
        "decided_by", "decided_at",
    )  # fmt: skip


def test_the_first_line_makes_the_file_with_its_header() -> None:
    data = ledger(line()).data
    assert data is not None
    assert data.decode().splitlines()[0] == ",".join(HEADER)
    assert Ledger(data).lines == (line(),)


def test_a_line_is_added_behind_the_others_which_stay_byte_for_byte() -> None:
    before = (
        b"\xef\xbb\xbfextra," + ",".join(HEADER).encode() + b'\r\n"a,b","one.png",aa' + b"," * 13
    )
    after = Ledger(before).with_line(line(filename="two.png"))
    assert after.startswith(before + b"\r\n")
    assert after.endswith(b"\r\n")
    assert Ledger(after).lines[-1].filename == "two.png"


def test_a_cell_with_line_ends_is_written_on_one_line() -> None:
    assert ledger(line(reason="not\na chest\r\nimage")).lines[0].reason == "not a chest image"


def test_the_last_line_on_an_image_holds() -> None:
    made = ledger(line(decision="reject", filename=""), line())
    found = made.on(origin())
    assert found is not None
    assert found.decision == "accept"


def test_an_accepted_file_says_nothing_of_the_same_bytes_on_another_page() -> None:
    made = ledger(line())
    assert made.on(origin(page="https://elsewhere.example/", image="")) is None


def test_a_rejected_file_stays_rejected_wherever_its_bytes_come_from() -> None:
    made = ledger(line(decision="reject", filename=""))
    found = made.on(origin(page="https://elsewhere.example/", image=""))
    assert found is not None
    assert found.decision == "reject"


def test_a_removed_file_stays_known_under_its_hash() -> None:
    made = ledger(line(), line(decision="takedown"))
    found = made.on(origin(page="https://elsewhere.example/", image=""))
    assert found is not None
    assert found.decision == "takedown"


def test_what_was_taken_down_is_not_counted_as_accepted_from_its_page() -> None:
    made = ledger(line(), line(filename="two.png", sha256="bb"), line(decision="takedown"))
    assert [each.filename for each in made.accepted_from(PAGE, "eurorad")] == ["two.png"]


def test_a_name_that_became_free_counts_again_for_its_new_file() -> None:
    new = line(sha256="cc", page_url="https://example.org/case/2")
    made = ledger(line(), line(decision="takedown"), new)
    assert made.accepted == {"one.png": new}
    assert made.accepted_from("https://example.org/case/2", "eurorad") == (new,)


def test_a_line_that_is_not_there_is_not_taken_out() -> None:
    assert ledger(line()).without(line(reason="another")) is None


def test_a_header_without_a_column_is_named() -> None:
    with pytest.raises(CollectionError, match=r"x\.csv has no column .*sha256"):
        _ = Ledger(b"filename\n", where="x.csv").lines


def test_a_file_that_ends_within_quotes_takes_no_line() -> None:
    data = ledger(line()).data or b""
    with pytest.raises(CollectionError, match="quotes are never closed"):
        Ledger(data + b'"open').with_line(line())


def test_the_evidence_of_a_licence_stands_in_one_cell() -> None:
    claim = LicenceClaim(spdx="CC-BY-4.0", words="CC BY\n4.0", evidence="page")
    assert evidence(claim) == "page: CC BY 4.0"
    assert evidence(LicenceClaim()) == ""


texts = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=12)


@given(st.lists(texts, min_size=1, max_size=4), st.integers(0, 3))
def test_taking_a_line_out_gives_back_the_bytes_before_it(reasons: list[str], which: int) -> None:
    lines = [line(sha256=str(n), reason=" ".join(each.split())) for n, each in enumerate(reasons)]
    chosen = lines[which % len(lines)]
    rest = [each for each in lines if each is not chosen]
    without = ledger(*lines).without(chosen)
    assert without == (ledger(*rest).data if rest else (",".join(HEADER) + "\n").encode())
