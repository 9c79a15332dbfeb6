"""From candidates to rows: what a decision writes, refuses, remembers and takes back."""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
import io
import json
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from tests import build, candidates
from tests.clock import FakeClock

from covidxr.cases import LicenceClaim
from covidxr.errors import CollectionError, UsageError
from covidxr.model import Severity
from covidxr.review import Options, Review, StaleError
from covidxr.reviewjudge import RefusedDecisionError
from covidxr.reviewsheet import State, Verdict
from covidxr.validate import Options as ValidateOptions
from covidxr.validate import validate

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from covidxr.reviewsheet import Done, Sheet

FINDING = {"finding": "Pneumonia/Viral/COVID-19", "view": "PA"}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A collection of two rows whose files are there."""
    (tmp_path / "images").mkdir()
    rows = build.rows({"patientid": "7"}, {"patientid": "9"})
    for number, row in enumerate(rows):
        (tmp_path / "images" / row["filename"]).write_bytes(candidates.picture(90 + number))
    (tmp_path / "metadata.csv").write_text(build.csv_text(rows))
    return tmp_path


def review(root: Path, by: str = "A. Curator") -> Review:
    return Review(Options(root=root, clock=FakeClock(), by=by))


def accept(root: Path, id_: str, reason: str = "", **cells: str) -> Done:
    return review(root).decide(id_, Verdict.ACCEPT, cells={**FINDING, **cells}, reason=reason)


def rows(root: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO((root / "metadata.csv").read_text())))


def ledger(root: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO((root / "provenance.csv").read_text())))


def everything(root: Path) -> dict[str, bytes]:
    """Every file of the collection that git would see."""
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in sorted(root.rglob("*"))
        if path.is_file() and ".covidxr" not in path.parts
    }


def refused(root: Path, id_: str, reason: str = "", **cells: str) -> Mapping[str, str]:
    """What keeps an image from being accepted, by field; nothing is written."""
    before = everything(root)
    with pytest.raises(RefusedDecisionError) as caught:
        accept(root, id_, reason, **cells)
    assert everything(root) == before
    return {each.field: each.message for each in caught.value.remarks}


def field(sheet: Sheet, name: str) -> str:
    return next(each.value for each in sheet.fields if each.name == name)


def test_accepting_writes_file_row_and_provenance(root: Path) -> None:
    (id_,) = candidates.keep(root, candidates.case(5), [candidates.picture(5)])
    done = accept(root, id_)
    assert (done.entry.state, done.patientid, done.line) == (State.ACCEPTED, "10", 4)
    assert (root / "images" / "eurorad-5-1.png").read_bytes() == candidates.picture(5)
    row = rows(root)[-1]
    assert {
        name: row[name] for name in ("patientid", "sex", "age", "finding", "view", "license")
    } == {
        "patientid": "10",
        "sex": "F",
        "age": "35",
        "finding": "Pneumonia/Viral/COVID-19",
        "view": "PA",
        "license": "CC-BY-4.0",
    }
    (line,) = ledger(root)
    assert line == {
        "filename": "eurorad-5-1.png",
        "sha256": hashlib.sha256(candidates.picture(5)).hexdigest(),
        "source": "eurorad",
        "page_url": "https://www.eurorad.org/case/5",
        "image_url": "https://www.eurorad.org/files/5-1.png",
        "doi": "",
        "license": "CC-BY-4.0",
        "license_evidence": "page: Licensed under CC BY 4.0",
        "license_url": "https://creativecommons.org/licenses/by/4.0/",
        "credit": "A. Author. Invented case 5",
        "retrieved_at": "2026-01-02T03:04:05Z",
        "decision": "accept",
        "reason": "",
        "decided_by": "A. Curator",
        "decided_at": line["decided_at"],
    }
    assert line["decided_at"].endswith("Z")


def test_no_other_line_changes(root: Path) -> None:
    (id_,) = candidates.keep(root, candidates.case(5))
    before = everything(root)
    accept(root, id_)
    after = everything(root)
    assert after["metadata.csv"].startswith(before["metadata.csv"])
    assert after["metadata.csv"].count(b"\n") == before["metadata.csv"].count(b"\n") + 1
    assert {name for name in after if after[name] != before.get(name)} == {
        "metadata.csv",
        "provenance.csv",
        "images/eurorad-5-1.png",
    }


def test_a_table_of_another_shape_keeps_its_shape(root: Path) -> None:
    (id_,) = candidates.keep(root, candidates.case(5))
    text = 'filename,Finding,remark,patientid\r\n"image-1.png",No Finding,"a\r\nb",P007'
    (root / "metadata.csv").write_bytes(text.encode())
    done = accept(root, id_)
    added = (root / "metadata.csv").read_bytes().removeprefix(text.encode())
    assert added == b"\r\neurorad-5-1.png,Pneumonia/Viral/COVID-19,,P008\r\n"
    assert any("no column license" in note for note in done.notes)
    review(root).undo()
    assert (root / "metadata.csv").read_bytes() == text.encode()


def test_what_was_accepted_validates_clean(root: Path) -> None:
    ids = candidates.keep(root, candidates.case(5, images=2))
    for id_ in ids:
        accept(root, id_)
    report = validate(ValidateOptions(root=root, today=dt.date(2026, 1, 1))).report
    assert [each.message for each in report.diagnostics if each.severity is not Severity.INFO] == []


def test_images_of_one_case_of_a_site_are_one_patients(root: Path) -> None:
    first, second = candidates.keep(root, candidates.case(5, images=2))
    assert accept(root, first).patientid == accept(root, second).patientid == "10"


def test_two_new_patients_never_share_an_id(root: Path) -> None:
    (one,) = candidates.keep(root, candidates.case(5))
    (two,) = candidates.keep(root, candidates.case(6))
    window = review(root)
    assert field(window.sheet(one), "patientid") == field(window.sheet(two), "patientid") == "new"
    assert accept(root, one).patientid == "10"
    assert window.decide(two, Verdict.ACCEPT, cells=FINDING).patientid == "11"


def test_an_image_can_be_given_to_a_patient_who_is_here(root: Path) -> None:
    (id_,) = candidates.keep(root, candidates.case(5, sex="F", age="54"))
    assert accept(root, id_, patientid="7").patientid == "7"


def test_an_image_of_another_sex_is_not_given_to_a_patient(root: Path) -> None:
    (id_,) = candidates.keep(root, candidates.case(5, sex="M"))
    assert "patient 7 is M here and F" in refused(root, id_, patientid="7")["sex"]


def test_a_page_that_is_in_the_table_leaves_the_patient_open(root: Path) -> None:
    made = candidates.case(5, url="https://example.org/case/1", sex="F", age="54")
    (id_,) = candidates.keep(root, made)
    sheet = review(root).sheet(id_)
    assert field(sheet, "patientid") == ""
    assert [each.patientid for each in sheet.patients] == ["7"]
    assert "patient 7" in refused(root, id_)["patientid"]


@pytest.mark.parametrize(
    ("cells", "name"),
    [
        ({"finding": "todo"}, "finding"),
        ({"finding": "Pneumonitis"}, "finding"),
        ({"view": "Erect"}, "view"),
        ({"age": "200"}, "age"),
        ({"license": ""}, "license"),
        ({"view": "Axial"}, "view"),
        ({"folder": "volumes"}, "folder"),
        ({"patientid": ""}, "patientid"),
    ],
    ids=str,
)
def test_a_row_that_is_wrong_is_refused_and_nothing_is_written(
    root: Path, cells: dict[str, str], name: str
) -> None:
    (id_,) = candidates.keep(root, candidates.case(5))
    assert name in refused(root, id_, **cells)


def test_another_licence_than_the_source_states_needs_a_reason(root: Path) -> None:
    (id_,) = candidates.keep(root, candidates.case(5, licence=LicenceClaim()))
    assert refused(root, id_, license="CC-BY-4.0") == {
        "license": "the source states no exact licence"
    }
    accept(root, id_, "the author's letter of 2026-01-01", license="CC-BY-4.0")
    (line,) = ledger(root)
    assert line["license_evidence"] == "curator: the author's letter of 2026-01-01"
    assert line["license_url"] == ""


def test_what_no_licence_clears_is_never_merged(root: Path) -> None:
    made = candidates.case(5)
    held = replace(made.images[0], extra={"cleared": False})
    (id_,) = candidates.keep(root, replace(made, images=(held,)))
    assert "private review only" in refused(root, id_, "I may", license="CC0-1.0")[""]
    assert not review(root).sheet(id_).origin.cleared


def test_the_very_same_bytes_are_not_accepted_twice(root: Path) -> None:
    (id_,) = candidates.keep(root, candidates.case(5), [candidates.picture(90)])
    assert "images/image-1.png holds the very same bytes" in refused(root, id_)[""]


def test_a_name_that_is_taken_gets_the_next_free_one(root: Path) -> None:
    one, two, three = candidates.keep(root, candidates.case(5, images=3))
    accept(root, one, filename="Shared Name.PNG")
    assert rows(root)[-1]["filename"] == "shared-name.png"
    done = accept(root, two, filename="SHARED-name.jpg")
    assert done.entry.filename == "shared-name-2.png"
    assert "shared-name-2.png" in done.notes[-1]
    (root / "images" / "Lonely.png").write_bytes(b"no row names it")
    assert accept(root, three, filename="lonely.png").entry.filename == "lonely-2.png"


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("../../outside.png", "outside.png"),
        ("/etc/passwd.png", "etc-passwd.png"),
        ("a/b.png", "a-b.png"),
    ],
)
def test_a_name_never_leads_out_of_the_folder(root: Path, name: str, kept: str) -> None:
    (id_,) = candidates.keep(root, candidates.case(5))
    before = set(everything(root))
    assert accept(root, id_, filename=name).entry.filename == kept
    assert set(everything(root)) - before == {f"images/{kept}", "provenance.csv"}


def test_a_name_that_no_system_can_store_is_refused(root: Path) -> None:
    (id_,) = candidates.keep(root, candidates.case(5))
    assert "holds ':'" in refused(root, id_, filename="c:\\x.png")["filename"]


def test_a_file_of_a_kind_that_is_not_kept_is_refused(root: Path) -> None:
    page = b"<!DOCTYPE html><html><body>no picture"
    (id_,) = candidates.keep(root, candidates.case(5), [candidates.picture(5)])
    folder = root / ".covidxr" / "candidates" / "eurorad" / "5"
    record = json.loads((folder / "case.json").read_text())
    (file,) = record["images"][0]["files"]
    file["format"] = "HTML"
    file["provenance"]["sha256"] = hashlib.sha256(page).hexdigest()
    (folder / "case.json").write_text(json.dumps(record))
    (root / ".covidxr" / "candidates" / id_).write_bytes(page)
    assert refused(root, id_)[""] == "its format, HTML, is not kept"


def test_a_rejection_is_remembered_and_not_proposed_again(root: Path) -> None:
    made = candidates.case(5)
    (id_,) = candidates.keep(root, made)
    before = everything(root)
    review(root).decide(id_, Verdict.REJECT, reason="not a chest")
    after = everything(root)
    assert {name for name in after if after[name] != before.get(name)} == {"provenance.csv"}
    # Another clone of the collection has no log and fetches the case again.
    for path in sorted((root / ".covidxr").rglob("*"), reverse=True):
        path.unlink() if path.is_file() else path.rmdir()
    candidates.keep(root, made)
    (entry,) = review(root).entries()
    assert entry.state is State.REJECTED
    assert entry.decision is not None
    assert (entry.decision.reason, entry.decision.by) == ("not a chest", "A. Curator")
    assert review(root).next_waiting() is None


def test_what_is_deferred_waits_in_this_folder_alone(root: Path) -> None:
    (id_,) = candidates.keep(root, candidates.case(5))
    before = everything(root)
    review(root).decide(id_, Verdict.DEFER, reason="ask the author")
    assert everything(root) == before
    (entry,) = review(root).entries()
    assert entry.state is State.DEFERRED
    assert review(root).next_waiting() is None
    assert accept(root, id_).entry.state is State.ACCEPTED


def test_an_accepted_image_is_decided(root: Path) -> None:
    (id_,) = candidates.keep(root, candidates.case(5))
    accept(root, id_)
    for verdict in Verdict:
        with pytest.raises(UsageError, match=r"is in the collection as eurorad-5-1\.png"):
            review(root).decide(id_, verdict, reason="x")


def test_a_rejection_can_be_followed_by_an_accept(root: Path) -> None:
    (id_,) = candidates.keep(root, candidates.case(5))
    review(root).decide(id_, Verdict.REJECT, reason="mistake")
    with pytest.raises(UsageError, match="is rejected already"):
        review(root).decide(id_, Verdict.DEFER)
    accept(root, id_)
    assert [each["decision"] for each in ledger(root)] == ["reject", "accept"]
    assert review(root).entries()[0].state is State.ACCEPTED


def test_undo_gives_every_byte_back_step_by_step(root: Path) -> None:
    ids = candidates.keep(root, candidates.case(5, images=3))
    states = [everything(root)]
    accept(root, ids[0])
    states.append(everything(root))
    review(root).decide(ids[1], Verdict.REJECT, reason="blurred")
    states.append(everything(root))
    review(root).decide(ids[2], Verdict.DEFER)
    accept(root, ids[2])
    for wanted, id_ in zip([states[2], states[2], states[1], states[0]], [2, 2, 1, 0], strict=True):
        done = review(root).undo()
        assert done.undone
        assert done.entry.id == ids[id_]
        assert everything(root) == wanted
    assert {each.state for each in review(root).entries()} == {State.WAITING}
    with pytest.raises(UsageError, match="no decision to undo"):
        review(root).undo()


def test_undo_takes_back_an_earlier_row_and_leaves_later_ones(root: Path) -> None:
    (id_,) = candidates.keep(root, candidates.case(5))
    accept(root, id_)
    table = root / "metadata.csv"
    kept = table.read_bytes()
    by_hand = ",".join(
        build.rows({"filename": "by-hand.png"})[0].get(n, "").replace(",", "")
        for n in rows(root)[0]
    )
    table.write_bytes(kept + by_hand.encode() + b"\n")
    review(root).undo()
    assert [row["filename"] for row in rows(root)] == ["image-1.png", "image-2.png", "by-hand.png"]


def test_undo_refuses_to_lose_what_was_changed_since(root: Path) -> None:
    (id_,) = candidates.keep(root, candidates.case(5))
    accept(root, id_)
    table = root / "metadata.csv"
    table.write_bytes(
        table.read_bytes().replace(b"eurorad-5-1.png,,", b"eurorad-5-1.png,10.5555/1,")
    )
    before = everything(root)
    with pytest.raises(UsageError, match=r"row of eurorad-5-1\.png was changed since"):
        review(root).undo()
    assert everything(root) == before


def test_undo_refuses_where_the_file_was_changed_since(root: Path) -> None:
    (id_,) = candidates.keep(root, candidates.case(5))
    accept(root, id_)
    (root / "images" / "eurorad-5-1.png").write_bytes(b"another")
    with pytest.raises(UsageError, match="was changed or removed since"):
        review(root).undo()


def test_edits_are_kept_and_are_what_is_accepted(root: Path) -> None:
    (id_,) = candidates.keep(root, candidates.case(5))
    review(root).edit(id_, {"finding": "COVID-19", "offset": "3"})
    review(root).edit(id_, {"view": "AP", "offset": "4"})
    sheet = review(root).sheet(id_)
    assert [field(sheet, name) for name in ("finding", "offset", "view", "age")] == [
        "COVID-19", "4", "AP", "35",
    ]  # fmt: skip
    review(root).decide(id_, Verdict.ACCEPT)
    row = rows(root)[-1]
    assert (row["finding"], row["offset"], row["view"]) == ("Pneumonia/Viral/COVID-19", "4", "AP")


def test_an_unknown_field_is_refused_with_what_is_close(root: Path) -> None:
    (id_,) = candidates.keep(root, candidates.case(5))
    with pytest.raises(UsageError, match="did you mean finding"):
        review(root).edit(id_, {"findings": "x"})


def test_a_window_that_shows_an_older_state_is_told(root: Path) -> None:
    (id_,) = candidates.keep(root, candidates.case(5))
    one, two = review(root), review(root)
    seen = one.sheet(id_).version
    newer = two.edit(id_, {"view": "AP"}, seen)
    with pytest.raises(StaleError):
        one.decide(id_, Verdict.ACCEPT, cells=FINDING, version=seen)
    with pytest.raises(StaleError):
        one.edit(id_, {"view": "L"}, seen)
    assert one.sheet(id_).version == newer
    two.decide(id_, Verdict.REJECT, reason="x", version=newer)
    with pytest.raises(StaleError):
        one.decide(id_, Verdict.ACCEPT, cells=FINDING, version=newer)


def test_a_log_line_that_was_cut_off_is_left_out(root: Path) -> None:
    ids = candidates.keep(root, candidates.case(5, images=2))
    accept(root, ids[0])
    log = root / ".covidxr" / "review" / "decisions.jsonl"
    log.write_text(log.read_text() + '{"verdict": "acc')
    accept(root, ids[1])
    assert [json.loads(each)["id"] for each in log.read_text().splitlines()] == ids


def test_a_damaged_case_is_named_and_the_others_go_on(root: Path) -> None:
    candidates.keep(root, candidates.case(5))
    candidates.keep(root, candidates.case(6))
    broken = root / ".covidxr" / "candidates" / "eurorad" / "5" / "case.json"
    broken.write_text("{")
    window = review(root)
    assert [each.case for each in window.entries()] == ["eurorad/6"]
    assert list(window.damaged()) == ["eurorad/5"]


def test_a_file_that_is_not_the_one_that_was_fetched_is_refused(root: Path) -> None:
    (id_,) = candidates.keep(root, candidates.case(5))
    (root / ".covidxr" / "candidates" / id_).write_bytes(candidates.picture(77))
    with pytest.raises(CollectionError, match="not the one that was fetched"):
        accept(root, id_)


def test_a_record_cannot_reach_a_file_outside_its_folder(root: Path) -> None:
    candidates.keep(root, candidates.case(5))
    path = root / ".covidxr" / "candidates" / "eurorad" / "5" / "case.json"
    record = json.loads(path.read_text())
    record["images"][0]["files"][0]["name"] = "../../../../metadata.csv"
    path.write_text(json.dumps(record))
    assert review(root).entries() == ()
    assert "it names a file '../../../../metadata.csv'" in review(root).damaged()["eurorad/5"]


def test_the_first_accept_makes_the_table_where_there_is_none(tmp_path: Path) -> None:
    (id_,) = candidates.keep(tmp_path, candidates.case(5))
    done = accept(tmp_path, id_)
    assert done.patientid == "1"
    assert "metadata.csv was made" in done.notes
    assert len(rows(tmp_path)) == 1
    review(tmp_path).undo()
    assert everything(tmp_path) == {}


def test_a_sheet_shows_texts_with_the_words_of_its_proposals(root: Path) -> None:
    (id_,) = candidates.keep(root, candidates.case(5))
    sheet = review(root).sheet(id_)
    proposals = {each.name: each.proposals for each in sheet.fields if each.proposals}
    assert {name: [each.value for each in found] for name, found in proposals.items()} == {
        "view": ["PA"],
        "offset": ["3"],
        "finding": ["Pneumonia/Viral/COVID-19"],
    }
    marked = {
        number: segment.text
        for passage in sheet.passages
        for segment in passage.segments
        for number in segment.proposals
    }
    assert marked[proposals["view"][0].number] == "PA radiograph"
    assert marked[proposals["finding"][0].number] == "COVID-19 pneumonia"
    assert (sheet.position, sheet.progress.total, sheet.new_patientid) == (1, 1, "10")
