"""What was found of duplicates, as text."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

from covidxr.alikefiles import Pictures
from covidxr.cli.render import duplicates as render
from covidxr.duplicates import Cluster, Found, Judged, Side, Sort
from covidxr.filefacts import AlikePair, PairDecision
from covidxr.reviewsheet import RowGlance

A, B, ID = "images/a.png", "images/b.png", "eurorad/1/x.png"


def side(key: str, *patients: str) -> Side:
    is_candidate = key.startswith("candidates/")
    rows = tuple(
        RowGlance(line=line, cells={"patientid": patient} if patient else {}, path=key)
        for line, patient in enumerate(patients, start=2)
    )
    return Side(
        key=key,
        path="" if is_candidate else key,
        id=key.removeprefix("candidates/") if is_candidate else "",
        rows=rows,
    )


def pair(
    sort: Sort, kind: str = "near", first: str = A, second: str = B, *, said: str = ""
) -> Judged:
    decision = PairDecision(
        first=first,
        second=second,
        first_sha256="",
        second_sha256="",
        decision=said,
        reason="so",
        decided_at="2026-01-02T03:04:05Z",
    )
    alike = AlikePair(first=first, second=second, kind=kind, distance=9, likeness=0.876)
    return Judged(pair=alike, sort=sort, decision=decision if said else None)


def found(*clusters: Cluster, unread: tuple[str, ...] = (), settled: int = 0) -> Found:
    return Found(
        clusters=clusters,
        stale=(),
        pictures=Pictures(root=Path()),
        searched=1234,
        unread=unread,
        settled=settled,
    )


def cluster(*pairs: Judged, sides: tuple[Side, ...] = ()) -> Cluster:
    return Cluster(sides=sides or (side(A, "7"), side(B, "8")), pairs=pairs)


def test_nothing_is_said_in_one_line() -> None:
    assert render.as_text(found(), ".") == "1,234 images compared: no pair\n"
    assert render.as_text(found(settled=1), ".").endswith("no pair; 1 pair settled before\n")


def test_of_many_files_that_cannot_be_compared_some_are_named() -> None:
    text = render.as_text(found(unread=tuple(f"images/{n}.png" for n in range(9))), ".")
    assert "not comparable, since they cannot be decoded: images/0.png, " in text
    assert "images/5.png and 3 more\n" in text
    assert text.endswith("; 9 files not comparable\n")


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("bytes", "the same file, byte for byte; different"),
        ("pixels", "the same pixels; different"),
        ("near", "a near copy (9 of 256 bits, likeness 0.88); different"),
        ("part", "is marked or mirrored (likeness 0.88); different"),
    ],
)
def test_each_kind_has_its_words(kind: str, words: str) -> None:
    assert words in render.as_text(found(cluster(pair(Sort.PATIENTS, kind))), ".")


@pytest.mark.parametrize(
    ("sort", "words", "choices"),
    [
        (Sort.PATIENTS, "give the rows one patientid", ["keep", "not-duplicate"]),
        (Sort.TWICE, "delete one row", ["same-patient", "not-duplicate"]),
        (Sort.UNKNOWN, "fill in patientid", ["not-duplicate"]),
        (Sort.UNLISTED, "delete the file that no row names", ["not-duplicate"]),
    ],
)
def test_each_sort_has_its_advice_and_commands(sort: Sort, words: str, choices: list[str]) -> None:
    text = render.as_text(found(cluster(pair(sort))), ".")
    assert words in text
    typed = [line.partition(" --as ")[2].split()[0] for line in text.splitlines() if "--as" in line]
    assert typed == choices


def test_a_candidate_is_rejected_and_only_files_that_are_alike_are_decided_on() -> None:
    candidate = f"candidates/{ID}"
    sides = (side(A, "7"), side(B), side("images/c.png", "8"), side(candidate))
    made = cluster(
        pair(Sort.COLLECTION, first=candidate, second="images/c.png"),
        pair(Sort.UNLISTED),
        sides=sides,
    )
    text = render.as_text(found(made), "some where")
    assert f"covidxr reject {ID} --root 'some where' --reason 'same image as {A}'" in text
    assert f"covidxr duplicates decide {A} {B} --root 'some where' --as not-duplicate" in text
    assert "patientid" not in text


def test_of_two_candidates_the_second_is_rejected() -> None:
    names = ("candidates/sirm/1/a.png", "candidates/sirm/2/b.png")
    made = cluster(pair(Sort.CANDIDATES, "near", *names), sides=(side(names[0]), side(names[1])))
    text = render.as_text(found(made), ".")
    assert "covidxr reject sirm/2/b.png --reason 'same image as sirm/1/a.png'" in text
    assert "decide" not in text


def test_what_is_settled_says_so_and_asks_for_nothing() -> None:
    text = render.as_text(found(cluster(pair(Sort.PATIENTS, said="keep"))), ".")
    assert text.startswith("1. settled: 2 images\n")
    assert "decided: keep on 2026-01-02: so" in text
    assert "--as" not in text


def test_cells_stay_cells_in_csv_and_markdown() -> None:
    odd = cluster(
        pair(Sort.PATIENTS, first="images/a|b,c.png"),
        sides=(side("images/a|b,c.png", "7"), side(B, "8")),
    )
    [line] = csv.DictReader(io.StringIO(render.as_csv(found(odd), ".")))
    assert line["first"] == "images/a|b,c.png"
    assert r"images/a\|b,c.png" in render.as_markdown(found(odd), ".")


def test_decisions_are_text_or_json() -> None:
    decision = pair(Sort.PATIENTS, said="keep").decision
    assert decision is not None
    assert render.decisions([decision], "decided", "text") == f"decided: {A} and {B}: keep\n"
    told = json.loads(render.decisions([decision], "forgotten", "json"))
    assert told["forgotten"][0]["meaning"].startswith("they show the same image")
