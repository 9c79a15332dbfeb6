"""The file of decisions on pairs of files."""

from __future__ import annotations

import pytest

from covidxr import duplicatebook
from covidxr.duplicatebook import Book
from covidxr.errors import CollectionError
from covidxr.filefacts import PairDecision

HEADER = ",".join(duplicatebook.HEADER)
A, B = "a" * 64, "b" * 64


def decision(
    first: str = "images/a.png",
    second: str = "images/b.png",
    *,
    decision: str = "keep",
    reason: str = "both are wanted",
) -> PairDecision:
    return PairDecision(
        first=first,
        second=second,
        first_sha256=A,
        second_sha256=B,
        decision=decision,
        reason=reason,
        decided_by="Ann",
        decided_at="2026-01-02T03:04:05Z",
    )


def test_where_there_is_no_file_nothing_is_decided() -> None:
    assert Book(None).decisions == ()
    assert Book(b"").decisions == ()


def test_a_decision_that_was_written_is_read_again_with_its_line() -> None:
    data = Book(None).with_decisions([decision(), decision("images/c.png", "images/d.png")])
    first, second = Book(data).decisions
    assert data.decode().splitlines()[0] == HEADER
    assert (first.line, second.line) == (2, 3)
    assert (first.decision, first.reason, first.decided_by) == ("keep", "both are wanted", "Ann")
    assert second.first == "images/c.png"


def test_a_new_decision_takes_the_place_of_the_old_one_on_the_same_pair_alone() -> None:
    data = Book(None).with_decisions([decision(), decision("images/c.png", "images/d.png")])
    data = Book(data).with_decisions([decision(decision="not-duplicate")])
    assert [(each.first, each.decision) for each in Book(data).decisions] == [
        ("images/c.png", "keep"),
        ("images/a.png", "not-duplicate"),
    ]


def test_the_other_lines_stay_byte_for_byte_what_they_were() -> None:
    odd = f'{HEADER},mine\r\n"images/c.png",images/d.png,{A},{B},keep,"so, so", Ann,,x\r\n'.encode()
    data = Book(odd).with_decisions([decision()])
    assert data.startswith(odd)
    assert data.endswith(b"Z,\r\n")
    assert Book(data).without(lambda each: each.first == "images/a.png") == odd


def test_a_reason_of_several_lines_is_written_on_one() -> None:
    data = Book(None).with_decisions([decision(reason="one\ntwo")])
    assert Book(data).decisions[0].reason == "one two"
    assert len(data.splitlines()) == 2


def test_a_path_is_written_as_it_is() -> None:
    made = decision(first="images/a  b.png", second="images/c\nd.png")
    (again,) = Book(Book(None).with_decisions([made])).decisions
    assert (again.first, again.second) == ("images/a  b.png", "images/c\nd.png")


def test_a_line_whose_paths_stand_the_other_way_round_is_turned_with_its_hashes() -> None:
    written = f"{HEADER}\nimages/b.png,images/a.png,{B},{A},keep,why,,\n".encode()
    [read] = Book(written).decisions
    assert (read.first, read.first_sha256) == ("images/a.png", A)
    assert (read.second, read.second_sha256) == ("images/b.png", B)


def test_a_file_without_the_columns_is_refused_with_what_is_missing() -> None:
    with pytest.raises(CollectionError, match=r"here\.csv has no column second_sha256, decision"):
        _ = Book(b"first,second,first_sha256\n", "here.csv").decisions


def test_nothing_is_written_behind_a_quote_that_nobody_closed() -> None:
    written = f'{HEADER}\nimages/a.png,images/b.png,{A},{B},keep,"why\n'.encode()
    with pytest.raises(CollectionError, match="quotes are never closed"):
        Book(written).with_decisions([decision("images/c.png", "images/d.png")])


def test_decisions_on_files_that_are_gone_and_words_that_are_none_are_stale() -> None:
    good = decision()
    gone, word = decision("images/a.png", "images/c.png"), decision(decision="maybe")
    found = duplicatebook.stale([good, gone, word], {"images/a.png", "images/b.png"})
    assert [(each.decision, each.why) for each in found] == [
        (gone, "images/c.png is not there any more"),
        (word, "'maybe' is none of not-duplicate, same-patient, keep"),
    ]


def test_what_settles_a_pair_hangs_on_the_ids_only_where_one_patient_was_decided() -> None:
    same = decision(decision="same-patient")
    assert same.settles(one_patient=True)
    assert not same.settles(one_patient=False)
    assert decision(decision="not-duplicate").settles(one_patient=False)
    assert decision(decision="keep").settles(one_patient=False)
    assert not decision(decision="maybe").settles(one_patient=True)
