"""No patient and no picture is on both sides, and what was placed stays where it is."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests import build

from covidxr import split, splitfile
from covidxr.errors import UsageError
from covidxr.split import Looking, Made, Options, Wanted

if TYPE_CHECKING:
    import random

REAL = Path(__file__).parents[2] / "shared" / "real"
FINDINGS = ("Pneumonia/Viral/COVID-19", "Pneumonia/Bacterial", "No Finding", "todo")

ROWS = st.lists(
    st.tuples(st.integers(0, 12), st.sampled_from(FINDINGS), st.sampled_from(["PA", "AP", ""])),
    min_size=1,
    max_size=30,
)
Drawn = list[tuple[int, str, str]]


def rows(drawn: Drawn, first: int = 0) -> list[dict[str, str]]:
    """Rows of patients 1 to 12; number 0 is nobody."""
    return build.rows(
        *(
            {
                "patientid": str(patient or ""),
                "finding": finding,
                "view": view,
                "filename": f"{first + number}.png",
                "url": f"https://site-{patient % 3}.example.org/{patient}",
            }
            for number, (patient, finding, view) in enumerate(drawn)
        )
    )


def collection(root: Path, made: list[dict[str, str]]) -> Path:
    root.mkdir(exist_ok=True)
    (root / "metadata.csv").write_text(build.csv_text(made), encoding="utf-8")
    return root


def make(root: Path, **more: object) -> Made:
    wanted = {field.name for field in dataclasses.fields(Wanted)}
    asked = Wanted(**{name: value for name, value in more.items() if name in wanted})  # type: ignore[arg-type]
    rest = {name: value for name, value in more.items() if name not in wanted}
    return split.make(Options(looking=Looking(root=root), wanted=asked, **rest))  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("collections")


quick = settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])


@quick
@given(drawn=ROWS, by_hash=st.booleans(), folds=st.sampled_from([None, 2, 3]))
def test_no_patient_is_in_two_parts_or_folds(
    place: Path, *, drawn: Drawn, by_hash: bool, folds: int | None
) -> None:
    root = collection(place / "a", rows(drawn))
    parts = (("train", 0.7), ("test", 0.3))
    made = make(root, by_hash=by_hash, folds=folds, parts=parts)
    seen: dict[str, tuple[str, int | None]] = {}
    for line in made.split.lines:
        if line.patientid:
            here = (line.part, line.fold)
            assert seen.setdefault(line.patientid, here) == here
    assert len(made.split.lines) == len(drawn)


@quick
@given(ROWS, ROWS, st.randoms(), st.sampled_from([None, 3]))
def test_old_images_stay_when_rows_are_added_anywhere(
    place: Path, drawn: Drawn, more: Drawn, shuffler: random.Random, folds: int | None
) -> None:
    out = place / "stays.csv"
    before = make(collection(place / "b", rows(drawn)), out=out, afresh=True, folds=folds)
    grown = rows(drawn) + rows(more, first=100)
    shuffler.shuffle(grown)
    after = make(collection(place / "b", grown), out=out)
    now = after.split.parts()
    assert {path: now[path] for path in before.split.parts()} == before.split.parts()
    folded = after.split.folds()
    assert {path: folded[path] for path in before.split.folds()} == before.split.folds()
    assert after.conflicts == ()
    assert (after.kept, after.new) == (len(drawn), len(more))


@quick
@given(drawn=ROWS, shuffler=st.randoms(), by_hash=st.booleans())
def test_the_order_of_rows_does_not_matter_and_the_same_rows_give_the_same_bytes(
    place: Path, *, drawn: Drawn, shuffler: random.Random, by_hash: bool
) -> None:
    ordered = rows(drawn)
    first = make(collection(place / "c", ordered), by_hash=by_hash)
    again = make(collection(place / "c", ordered), by_hash=by_hash)
    assert splitfile.write(first.split) == splitfile.write(again.split)
    shuffler.shuffle(ordered)
    other = make(collection(place / "c", ordered), by_hash=by_hash)
    assert other.split.parts() == first.split.parts()


@quick
@given(ROWS)
def test_shares_are_met_within_a_group(place: Path, drawn: Drawn) -> None:
    made = make(collection(place / "d", rows(drawn)), parts=(("train", 0.8), ("test", 0.2)))
    sizes: dict[str, int] = {}
    for line in made.split.lines:
        sizes[line.group] = sizes.get(line.group, 0) + 1
    for part in made.audit.parts:
        asked = {"train": 0.8, "test": 0.2}[part.name] * len(drawn)
        assert abs(part.images - asked) <= max(sizes.values())


def parted(root: Path) -> tuple[Path, dict[str, str]]:
    """A split in which patients 1 and 2 stand apart, and a table that joins them."""
    apart = [("1", "a.png"), ("1", "b.png"), ("2", "c.png"), ("3", "d.png")]
    old = build.rows(*({"patientid": who, "filename": name} for who, name in apart))
    collection(root, old)
    for seed in range(20):
        made = make(root, seed=seed, parts=(("train", 0.5), ("test", 0.5)), out=root / "s.csv",
                    afresh=True, by_hash=True)  # fmt: skip
        parts = made.split.parts()
        if parts["images/a.png"] != parts["images/c.png"]:
            break
    new = build.rows(
        {"patientid": "2", "filename": "a.png"}, {"patientid": "2", "filename": "e.png"}
    )
    collection(root, [*old, *new])
    return root / "s.csv", parts


def test_what_is_found_to_belong_together_is_told_and_not_moved(tmp_path: Path) -> None:
    out, before = parted(tmp_path)
    made = make(tmp_path, out=out)
    (conflict,) = made.conflicts
    assert conflict.patients == ("1", "2")
    assert {name: count for name, count, _ in conflict.where} == {
        before["images/a.png"]: 3,
        before["images/c.png"]: 1,
    }
    now = made.split.parts()
    assert {path: now[path] for path in before} == before
    assert now["images/e.png"] == conflict.into == before["images/a.png"]


def test_mending_moves_the_fewest_and_says_so(tmp_path: Path) -> None:
    out, before = parted(tmp_path)
    made = make(tmp_path, out=out, mend=True)
    assert made.conflicts == ()
    assert [each.group for each in made.moved] == ["1"]
    assert made.split.parts()["images/c.png"] == before["images/a.png"]
    assert make(tmp_path, out=out).moved == ()


def test_an_image_that_is_gone_is_counted_and_leaves_the_file(tmp_path: Path) -> None:
    old = rows([(1, "todo", "PA"), (2, "todo", "PA")])
    make(collection(tmp_path, old), out=tmp_path / "s.csv")
    made = make(collection(tmp_path, old[:1]), out=tmp_path / "s.csv")
    assert (made.kept, made.new, made.gone) == (1, 0, 1)


def test_a_change_by_hand_holds_and_is_told(tmp_path: Path) -> None:
    out = tmp_path / "s.csv"
    make(collection(tmp_path, rows([(1, "todo", "PA")])), out=out)
    part = splitfile.read(out.read_bytes()).lines[0].part
    other = "test" if part != "test" else "val"
    out.write_bytes(out.read_bytes().replace(f",1,{part},".encode(), f",1,{other},".encode()))
    made = make(tmp_path, out=out)
    assert [line.part for line in made.split.lines] == [other]
    assert made.edits == ("line 13 was edited",)


@pytest.mark.parametrize(
    "asked",
    [{"seed": 5}, {"by_hash": True}, {"folds": 4}, {"parts": (("a", 0.5), ("b", 0.5))}],
)
def test_an_earlier_split_is_not_made_anew_unasked(
    tmp_path: Path, asked: dict[str, object]
) -> None:
    out = tmp_path / "s.csv"
    parts = (("train", 0.5), ("test", 0.5))
    make(collection(tmp_path, rows([(1, "todo", "PA")])), out=out, folds=2, parts=parts)
    with pytest.raises(UsageError, match="afresh"):
        make(tmp_path, out=out, **asked)
    assert make(tmp_path, out=out, afresh=True, **asked).earlier == ""


def test_a_column_that_is_none_of_the_choices_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="clinical_notes"):
        make(collection(tmp_path, rows([(1, "todo", "PA")])), stratify=("clinical_notes",))


def test_to_compare_images_there_must_be_some(tmp_path: Path) -> None:
    collection(tmp_path, rows([(1, "todo", "PA")]))
    with pytest.raises(UsageError, match="no images"):
        split.make(Options(looking=Looking(root=tmp_path, near=True)))


@pytest.mark.skipif(not REAL.is_dir(), reason="the real table is not on this machine")
def test_the_real_table_is_split_without_a_leak() -> None:
    made = make(REAL / "2020-06-22")
    assert [part.images for part in made.audit.parts] == pytest.approx([525, 75, 151], abs=3)
    assert not made.audit.leaks
