"""Rows, files, annotations and candidates go together, and nothing else changes."""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
import io
import json
import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from tests import build, candidates, taken
from tests.taken import files, plan, take

from covidxr import figures, likenessstore, provenance, scraperun, store, takedown
from covidxr.candidatestore import candidates_of
from covidxr.errors import CollectionError, UsageError
from covidxr.imaging.likeness import BITS, SIDE, Fingerprint
from covidxr.likenessstore import Seen
from covidxr.reviewbooks import Shelf
from covidxr.reviewqueue import candidates as images_of
from covidxr.reviewsheet import State
from covidxr.reviewstore import Draft, read_drafts, write_draft
from covidxr.validate import Options as ValidateOptions
from covidxr.validate import validate

if TYPE_CHECKING:
    from collections.abc import Collection

REPOSITORY = Path(__file__).resolve().parents[1]
TODAY = dt.date(2026, 12, 1)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return taken.collection(tmp_path)


def ledger(root: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO((root / "provenance.csv").read_text())))


def why_left(made: takedown.Plan) -> dict[str, str]:
    return {each.path: each.why for each in made.left}


# -- what goes, and what stays ---------------------------------------------------------


def test_no_thumbnail_of_what_is_taken_down_is_remembered(root: Path) -> None:
    print_of = Fingerprint(bits=bytes(BITS // 8), thumbnail=bytes(SIDE * SIDE))
    seen = Seen(sha256="a" * 64, pixels="b" * 64, fingerprint=print_of)
    likenessstore.keep(root, {"images/a-1.png": ("stamp", seen)})
    assert likenessstore.recall(root, {"images/a-1.png": "stamp"})
    take(root, "7")
    assert likenessstore.recall(root, {"images/a-1.png": "stamp"}) == {}
    assert likenessstore.recall_bytes(root, "a" * 64) is None


def test_a_patient_goes_with_all_that_is_about_them(root: Path) -> None:
    before = files(root)
    made = take(root, "7")
    after = files(root)
    assert set(before) - set(after) == {
        "images/a-1.png",
        "images/a-2.png",
        "annotations/masks/a-1_mask.png",
        "annotations/masks/a-2_mask.png",
    }
    assert set(after) - set(before) == {"provenance.csv"}
    assert {path for path in before if before[path] != after.get(path, before[path])} == {
        "metadata.csv",
        "annotations/boxes.json",
        "annotations/scores.csv",
    }
    assert after["annotations/scores.csv"].decode() == taken.SCORES.replace(
        "a-1.png,1.0\na-2.png,1.0\n", ""
    )
    left: dict[str, Any] = json.loads(after["annotations/boxes.json"])
    assert [each["id"] for each in left["images"]] == [2, 3, 4]
    assert {each["image_id"] for each in left["annotations"]} == {2, 3, 4}
    assert [(row.line, row.patientid, row.filename) for row in made.rows] == [
        (2, "7", "a-1.png"),
        (3, "7", "a-2.png"),
    ]
    assert made.entries == {"annotations/boxes.json": 6, "annotations/scores.csv": 2}
    assert (made.left, made.lines) == ((), 2)


def test_a_plan_changes_nothing(root: Path) -> None:
    before = files(root)
    plan(root, "7")
    assert files(root) == before


@pytest.mark.parametrize("ending", ["\n", "\r\n"])
@pytest.mark.parametrize("end", ["with", "without"])
@pytest.mark.parametrize("patient", ["7", "8", "9"])
def test_every_byte_of_every_other_row_stays(
    root: Path, ending: str, end: str, patient: str
) -> None:
    header, *rows = (root / "metadata.csv").read_text().splitlines()
    rows = [f'{row},"notes of\n{n} lines, ""quoted"""' for n, row in enumerate(rows)]
    text = ending.join([f"{header},odd column", *rows])
    text += ending if end == "with" else ""
    (root / "metadata.csv").write_bytes(text.encode())
    take(root, patient)
    kept = [row for row in rows if not row.startswith(f"{patient},")]
    expected = ending.join([f"{header},odd column", *kept]) + ending
    if end == "without" and patient != "9":
        expected = expected.removesuffix(ending)
    assert (root / "metadata.csv").read_bytes().decode() == expected


def test_bytes_that_are_not_utf_8_and_ragged_records_stay(root: Path) -> None:
    data = (root / "metadata.csv").read_bytes().replace(b"Springfield", b"Spr\xedngfield")
    (root / "metadata.csv").write_bytes(data + b"\nragged,record\n")
    take(root, "8")
    line = next(each for each in data.splitlines(keepends=True) if each.startswith(b"8,"))
    expected = data.replace(line, b"") + b"\nragged,record\n"
    assert (root / "metadata.csv").read_bytes() == expected


def test_a_file_that_another_row_names_stays_with_its_annotations(tmp_path: Path) -> None:
    root = taken.collection(tmp_path, {"patientid": "10", "filename": "a-1.png"})
    made = take(root, "7")
    assert why_left(made) == {"images/a-1.png": "another row names it, too: patient 10, line 7"}
    assert made.files == ("images/a-2.png",)
    assert made.masks == ("annotations/masks/a-2_mask.png",)
    assert b"a-1.png" in (root / "annotations" / "scores.csv").read_bytes()
    assert [(line["filename"], line["page_url"]) for line in ledger(root)] == [
        ("", "https://example.org/case/7"),
        ("a-2.png", "https://example.org/case/7"),
    ]


def test_a_mask_that_may_be_another_images_stays_and_is_named(tmp_path: Path) -> None:
    root = taken.collection(tmp_path, {"patientid": "10", "filename": "a-1.jpg"})
    made = take(root, "a-1.png")
    assert why_left(made) == {
        "annotations/masks/a-1_mask.png": "it is called like what is gone: look at it"
    }


def test_texts_that_still_name_a_file_are_named_and_never_edited(root: Path) -> None:
    texts = {
        "README.md": "Figure 1 is images/a-1.png.",
        "docs/cases.md": "See a-1.png and a-2.png.",
        "annotations/train.txt": "a-1.png\nb-1.png\n",
        "annotations/notes.xml": "<file>a-1.png</file>",
        "annotations/nested.json": '{"a": {"b": {"c": "a-1.png"}}}',
        "annotations/damaged.csv": 'filename\n"a-1.png',
        "images/README.md": "a-1.png is nice",
    }
    for path, text in texts.items():
        (root / path).parent.mkdir(exist_ok=True)
        (root / path).write_text(text)
    rows = (root / "metadata.csv").read_text()
    (root / "metadata.csv").write_text(rows.replace("Radiologist", "Radiologist; like a-1.png"))
    made = take(root, "7")
    assert {path: (root / path).read_text() for path in texts} == texts
    left = why_left(made)
    assert set(left) == {*texts, "metadata.csv"}
    assert left["docs/cases.md"] == "it still names a-1.png, a-2.png"
    damaged = [each.why for each in made.left if each.path == "annotations/damaged.csv"]
    assert damaged == [
        "it cannot be read as a table: unexpected end of data; it was left as it is",
        "it still names a-1.png",
    ]


def test_the_label_table_is_to_be_renewed_where_there_is_one(root: Path) -> None:
    assert plan(root, "7").renew == ()
    (root / "README.md").write_text("<!-- covidxr stats: begin -->\n<!-- covidxr stats: end -->\n")
    assert plan(root, "7").renew == ("covidxr stats --write README.md",)


def test_a_row_whose_file_is_not_there_goes_all_the_same(root: Path) -> None:
    (root / "images" / "b-1.png").unlink()
    made = take(root, "b-1.png")
    assert (made.files, made.lines) == ((), 1)
    assert b"b-1.png" not in (root / "metadata.csv").read_bytes()


def test_a_row_without_a_file_name_goes_and_no_other_empty_cell_with_it(tmp_path: Path) -> None:
    root = taken.collection(tmp_path)
    (root / "annotations" / "empty.csv").write_text("filename,score\n,1\nx,2\n")
    with (root / "metadata.csv").open("a") as table:
        table.write(build.csv_text([{"patientid": "11", "url": "https://example.org/11"}])
                    .splitlines()[1] + "\n")  # fmt: skip
    before = files(root)
    made = take(root, "11")
    assert [(row.patientid, row.filename) for row in made.rows] == [("11", "")]
    after = files(root)
    assert {path for path in before if after.get(path) != before[path]} == {"metadata.csv"}
    assert [line["page_url"] for line in ledger(root)] == ["https://example.org/11"]


def test_a_file_without_a_row_can_go(root: Path) -> None:
    (root / "images" / "stray.png").write_bytes(b"stray")
    made = take(root, "stray.png")
    assert (made.rows, made.files) == ((), ("images/stray.png",))
    assert [(line["filename"], line["sha256"]) for line in ledger(root)] == [
        ("stray.png", hashlib.sha256(b"stray").hexdigest())
    ]


def test_a_link_that_leads_out_is_never_followed(root: Path, tmp_path_factory: Any) -> None:
    outside = tmp_path_factory.mktemp("outside") / "private.png"
    outside.write_bytes(b"private")
    (root / "images" / "b-1.png").unlink()
    (root / "images" / "b-1.png").symlink_to(outside)
    (root / "annotations" / "linked.csv").symlink_to(outside)
    made = take(root, "8")
    assert outside.read_bytes() == b"private"
    assert why_left(made) == {
        "images/b-1.png": "is a link that leads out of the collection",
        "annotations/linked.csv": "is a link that leads out of the collection",
    }


def test_a_row_that_names_a_file_outside_removes_none(tmp_path: Path) -> None:
    (tmp_path / "secret.png").write_bytes(b"secret")
    root = taken.collection(tmp_path / "c")
    row = {"patientid": "12", "folder": "..", "filename": "secret.png"}
    with (root / "metadata.csv").open("a") as table:
        table.write(build.csv_text(build.rows(row)).splitlines()[1] + "\n")
    assert take(root, "12").files == ()
    assert (tmp_path / "secret.png").read_bytes() == b"secret"


def test_a_table_whose_last_quotes_are_open_is_refused(root: Path) -> None:
    with (root / "metadata.csv").open("a") as table:
        table.write('13,"never closed\n14,x\n')
    before = files(root)
    with pytest.raises(CollectionError, match="never closed"):
        plan(root, "7")
    assert files(root) == before


def test_nothing_goes_where_something_changed_since_it_was_shown(root: Path) -> None:
    made = plan(root, "7")
    (root / "annotations" / "scores.csv").write_text(taken.SCORES + "d.png,2.0\n")
    before = files(root)
    with pytest.raises(CollectionError, match=r"scores\.csv was changed by someone else"):
        takedown.carry_out(made)
    assert files(root) == before


def test_no_reason_is_no_takedown(root: Path) -> None:
    with pytest.raises(UsageError, match="say so with --reason"):
        plan(root, "7", reason=" ")


# -- what is remembered ----------------------------------------------------------------


def test_each_file_gets_a_line_with_who_when_and_why(root: Path) -> None:
    data = (root / "volumes" / "c-2.nii.gz").read_bytes()
    take(root, "c-2.nii.gz", reason="the  author\nasked")
    assert ledger(root) == [
        {
            **dict.fromkeys(provenance.HEADER, ""),
            "filename": "c-2.nii.gz",
            "sha256": hashlib.sha256(data).hexdigest(),
            "page_url": "https://doi.org/10.1000/Paper",
            "doi": "10.1000/paper",
            "license": "CC-BY-4.0",
            "decision": "takedown",
            "reason": "the author asked",
            "decided_by": "Ann",
            "decided_at": "2026-01-02T03:04:05Z",
        }
    ]


def test_a_reviewed_file_keeps_its_line_and_gets_one_more_of_the_same_origin(root: Path) -> None:
    (id_,) = candidates.keep(root, candidates.case(5))
    taken.accept(root, id_, patientid="20")
    before = (root / "provenance.csv").read_bytes()
    take(root, "20")
    after = (root / "provenance.csv").read_bytes()
    assert after.startswith(before)
    accepted, gone = ledger(root)
    assert gone == {
        **accepted,
        "decision": "takedown",
        "reason": "asked for",
        "decided_at": "2026-01-02T03:04:05Z",
    }


def test_many_lines_are_written_as_one_by_one(tmp_path: Path) -> None:
    more = [{"patientid": "30", "filename": f"m-{n}.png"} for n in range(30)]
    root = taken.collection(tmp_path, *more)
    header = ",".join(("note", *provenance.HEADER))
    (root / "provenance.csv").write_bytes(header.encode())
    take(root, "30")
    data = (root / "provenance.csv").read_bytes().decode()
    assert data.startswith(f"{header}\n,m-0.png,")
    assert [line["filename"] for line in ledger(root)] == [each["filename"] for each in more]


def test_no_run_proposes_it_again(root: Path) -> None:
    take(root, "https://example.org/case/7")
    take(root, "10.1000/PAPER")
    candidates_here = candidates_of(root, None)
    known = scraperun._known_cases(root, candidates_here, "eurorad")
    assert known["example.org/case/7"] == store.PROVENANCE
    assert figures.included_where(root)["10.1000/paper"] == store.PROVENANCE


def test_undo_passes_over_what_was_taken_down_and_the_log_forgets_the_row(root: Path) -> None:
    first, second = candidates.keep(root, candidates.case(5, images=2))
    taken.accept(root, first, patientid="20", clinical_notes="PRIVATE WORDS")
    taken.accept(root, second, patientid="21")
    taken.accept(root, candidates.keep(root, candidates.case(6))[0], patientid="22")
    take(root, "20")
    books = Shelf(root).books()
    last = books.last_decision()
    assert last is not None
    assert books.events[last].patientid == "22"
    # Before it comes the other one; the one that was taken down is passed over.
    undone = [books.events[number].patientid for number in sorted(books.undone)]
    assert undone == ["20"]
    log = (root / ".covidxr" / "review" / "decisions.jsonl").read_text()
    assert "PRIVATE WORDS" not in log
    assert '"patientid": "21"' in log


# -- candidates ------------------------------------------------------------------------


def standing(root: Path, case: str) -> dict[str, State]:
    """Where the images of a candidate stand, by id."""
    books = Shelf(root).books()
    record = json.loads((root / ".covidxr" / "candidates" / case / "case.json").read_text())
    return {each.id: books.standing(each, {}).state for each in images_of(record, case)}


def test_a_page_goes_with_the_candidates_from_there(root: Path) -> None:
    candidates.keep(root, candidates.case(5, images=2))
    candidates.keep(root, candidates.case(6))
    write_draft(root, "eurorad/5", "eurorad/5/eurorad-5-1.png", Draft(cells={"age": "41"}))
    made = take(root, "eurorad.org/case/5/teaching-case?lang=en")
    assert made.candidates == ("eurorad/5",)
    assert (made.rows, made.lines) == ((), 2)
    assert [case.path for case in candidates_of(root, None).cases()] == ["eurorad/6"]
    assert not [path for path in files(root) if "/5" in path]
    assert {line["decision"] for line in ledger(root)} == {"takedown"}
    assert {line["page_url"] for line in ledger(root)} == {"https://www.eurorad.org/case/5"}


def test_a_candidate_without_a_picture_is_remembered_by_its_page(root: Path) -> None:
    candidates.keep(root, candidates.case(5, images=0))
    take(root, "https://www.eurorad.org/case/5")
    assert [(line["source"], line["page_url"], line["sha256"]) for line in ledger(root)] == [
        ("eurorad", "https://www.eurorad.org/case/5", "")
    ]


def test_a_patient_goes_with_the_rest_of_their_case_page(root: Path) -> None:
    first, _ = candidates.keep(root, candidates.case(5, images=2))
    taken.accept(root, first, patientid="20")
    made = take(root, "20")
    assert made.candidates == ("eurorad/5",)
    assert [line["filename"] for line in ledger(root)] == ["eurorad-5-1.png"] * 2 + [""]


def paper(number: int = 5) -> Any:
    """A candidate whose page is about several patients."""
    return candidates.case(
        number, images=2, url="https://example.org/paper", source="figures", doi="10.1000/paper"
    )


def test_an_image_goes_alone_out_of_a_case_of_several_patients(root: Path) -> None:
    first, second = candidates.keep(root, paper())
    taken.accept(root, first, patientid="20")
    for id_ in (first, second):
        write_draft(root, "figures/5", id_, Draft(cells={"age": "41"}))
    made = take(root, "20")
    assert made.candidates == (first,)
    assert standing(root, "figures/5") == {second: State.WAITING}
    assert set(read_drafts(root, "figures/5")) == {second}
    stored = next(candidates_of(root, None).cases())
    assert (stored.images, stored.missing, stored.complete) == (1, 1, True)
    assert not (root / ".covidxr" / "candidates" / first).exists()
    assert (root / ".covidxr" / "candidates" / second).exists()


def test_the_address_of_an_image_means_that_image(root: Path) -> None:
    first, second = candidates.keep(root, paper())
    taken.accept(root, second, patientid="20")
    made = take(root, "https://www.eurorad.org/files/5-2.png")
    assert [row.patientid for row in made.rows] == ["20"]
    assert made.candidates == (second,)
    assert standing(root, "figures/5") == {first: State.WAITING}


def test_a_paper_goes_by_its_doi_with_rows_and_candidates(root: Path) -> None:
    candidates.keep(root, paper())
    made = take(root, "https://doi.org/10.1000/PAPER")
    assert [row.filename for row in made.rows] == ["c-2.nii.gz"]
    assert made.candidates == ("figures/5",)


def test_what_is_taken_down_stays_down_when_it_comes_from_elsewhere(root: Path) -> None:
    picture = candidates.picture(77)
    candidates.keep(root, candidates.case(5), [picture])
    take(root, "https://www.eurorad.org/case/5")
    candidates.keep(root, candidates.case(6, source="sirm", url="https://sirm.org/x"), [picture])
    assert list(standing(root, "sirm/6").values()) == [State.TAKEN_DOWN]


def test_taking_down_again_finishes_what_came_back_and_writes_no_second_line(root: Path) -> None:
    candidates.keep(root, candidates.case(5))
    take(root, "https://www.eurorad.org/case/5")
    candidates.keep(root, candidates.case(5))
    made = take(root, "https://www.eurorad.org/case/5")
    assert (made.candidates, made.lines) == (("eurorad/5",), 0)
    assert len(ledger(root)) == 1


def test_nothing_goes_while_a_run_works_on_the_candidates(root: Path) -> None:
    candidates.keep(root, candidates.case(5))
    made = plan(root, "7", "https://www.eurorad.org/case/5")
    before = files(root)
    with (
        candidates_of(root, None).working_on("eurorad"),
        pytest.raises(CollectionError, match="another covidxr is working on eurorad"),
    ):
        takedown.carry_out(made)
    assert files(root) == before
    takedown.carry_out(made)
    assert list(candidates_of(root, None).cases()) == []


def test_a_damaged_candidate_is_named_and_a_hostile_one_reaches_nothing(root: Path) -> None:
    candidates.keep(root, candidates.case(6))
    first, _ = candidates.keep(root, paper())
    taken.accept(root, first, patientid="20")
    folder = root / ".covidxr" / "candidates"
    (folder / "eurorad" / "6" / "case.json").write_text("{")
    record = json.loads((folder / "figures" / "5" / "case.json").read_text())
    record["images"][0]["files"].append(
        {**record["images"][0]["files"][0], "name": "../../../../metadata.csv"}
    )
    record["images"][0]["files"].reverse()
    (folder / "figures" / "5" / "case.json").write_text(json.dumps(record))
    made = take(root, "20")
    assert (root / "metadata.csv").exists()
    assert "its record cannot be read" in why_left(made)[".covidxr/candidates/eurorad/6"]


def test_a_figure_goes_with_the_part_that_was_cut_out_of_it(root: Path) -> None:
    first, _ = candidates.keep(root, paper())
    folder = root / ".covidxr" / "candidates" / "figures" / "5"
    record = json.loads((folder / "case.json").read_text())
    for number, image in ((1, record["images"][0]), (2, record["images"][1])):
        (folder / f"figure-{number}.jpg").write_bytes(b"whole figure")
        file = {**image["files"][0], "name": f"figure-{number}.jpg"}
        record.setdefault("figures", []).append({"id": number, "files": [file], "missing": []})
    (folder / "case.json").write_text(json.dumps(record))
    taken.accept(root, first, patientid="20")
    take(root, "20")
    assert sorted(path.name for path in folder.iterdir()) == [
        "case.json", "figure-2.jpg", "figures-5-2.png",
    ]  # fmt: skip


# -- the reference collection ----------------------------------------------------------


@pytest.fixture(scope="module")
def rows() -> list[dict[str, str]]:
    text = (REPOSITORY / "metadata.csv").read_text("utf-8")
    return list(csv.DictReader(io.StringIO(text)))


def reference(to: Path) -> Path:
    """The collection of this repository; its pictures are the same files, which nobody edits."""
    for name in ("images", "volumes", "annotations"):
        shutil.copytree(REPOSITORY / name, to / name, copy_function=_linked)
    for name in ("metadata.csv", "README.md", "SCHEMA.md", "LICENSES.md"):
        shutil.copy(REPOSITORY / name, to)
    return to


def _linked(source: str, to: str) -> None:
    try:
        os.link(source, to)
    except OSError:
        shutil.copy(source, to)


def check(root: Path, gone: Collection[str]) -> None:
    """Validate says nothing new, and no file names what is gone."""
    report = validate(ValidateOptions(root=root, today=TODAY)).report
    # A table without any row is told as well.
    allowed = {"DOC101"} if report.rows else {"DOC101", "CSV114"}
    assert {each.code for each in report.diagnostics} <= allowed
    for path, data in files(root).items():
        if path != "provenance.csv":
            named = [name for name in gone if name.partition(".")[0] in path]
            assert named == []
            if path.startswith(("annotations", "metadata")):
                assert [name for name in gone if name.encode() in data] == []


def test_any_row_of_the_reference_collection_can_go(
    rows: list[dict[str, str]], tmp_path: Path
) -> None:
    for row in rows:
        root = reference(tmp_path / row["filename"])
        made = take(root, row["filename"])
        assert [each.filename for each in made.rows] == [row["filename"]]
        assert made.left == ()
        check(root, [row["filename"]])
        shutil.rmtree(root)


def test_the_patients_of_the_reference_collection_can_go_one_by_one(
    rows: list[dict[str, str]], tmp_path: Path
) -> None:
    root = reference(tmp_path)
    gone: list[str] = []
    for patient in dict.fromkeys(row["patientid"] for row in rows):
        made = take(root, patient)
        gone += [row["filename"] for row in rows if row["patientid"] == patient]
        assert made.left == ()
        check(root, gone)
    assert len(ledger(root)) == len(rows)
    assert sorted(path for path in files(root) if path.startswith(("images", "volumes"))) == []
    header, *boxes = (root / "annotations" / "brixia-scores.csv").read_text().splitlines()
    assert header.startswith("##")
    assert [line for line in boxes if line.startswith("phantom")] == []
    left = json.loads((root / "annotations" / "lung_bounding_boxes.json").read_text())
    assert (left["images"], left["annotations"]) == ([], [])
