"""Smaller collections that validate by themselves."""

from __future__ import annotations

import csv
import datetime as dt
import json
import os
import shutil
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests import build, candidates, taken

from covidxr import provenance, subset, subsetfolder, validate
from covidxr.errors import CollectionError, UsageError
from covidxr.model import ImageDepth
from covidxr.provenance import Ledger
from covidxr.purposes import Purpose

ROOT = Path(__file__).resolve().parent.parent
SAMPLE = ROOT.parent / "shared" / "real" / "sample"


def made(root: Path, to: Path, *conditions: str, **more: Any) -> subset.Plan:
    """Plan a subset and write it."""
    options = subset.Options(root=root, to=to, **{"conditions": conditions, **more})
    what = subset.plan(options)
    subset.carry_out(options, what)
    return what


def problems(root: Path, depth: ImageDepth = ImageDepth.FULL) -> list[tuple[str, str, str]]:
    """What validate says of a collection: code, file and message."""
    options = validate.Options(root=root, today=dt.date(2026, 11, 26), depth=depth)
    found = validate.validate(options)
    return [(each.code, each.row or each.file, each.message) for each in found.report.diagnostics]


def files(root: Path) -> list[str]:
    """Every file of a folder, hidden ones too."""
    found = (Path(folder, name) for folder, _, names in os.walk(root) for name in names)
    return sorted(path.relative_to(root).as_posix() for path in found)


@pytest.fixture
def collection(tmp_path: Path) -> Path:
    """Five rows of three patients, with masks, boxes and scores."""
    return taken.collection(tmp_path / "whole")


def test_rows_stay_byte_for_byte_and_files_go_along(collection: Path, tmp_path: Path) -> None:
    to = tmp_path / "part"
    made(collection, to, "patientid = 7")
    lines = (collection / "metadata.csv").read_bytes().splitlines(keepends=True)
    assert (to / "metadata.csv").read_bytes() == b"".join(lines[:3])
    assert files(to / "images") == ["a-1.png", "a-2.png"]
    for name in files(to / "images"):
        assert (to / "images" / name).read_bytes() == (collection / "images" / name).read_bytes()
    assert not (to / "volumes").exists()


def test_annotations_are_cut_to_the_rows_that_stay(collection: Path, tmp_path: Path) -> None:
    to = tmp_path / "part"
    what = made(collection, to, "patientid = 7")
    boxes = json.loads((to / "annotations" / "boxes.json").read_text())
    assert [each["file_name"] for each in boxes["images"]] == ["a-1.png", "a-2.png"]
    assert {each["image_id"] for each in boxes["annotations"]} == {0, 1}
    assert (to / "annotations" / "scores.csv").read_text() == (
        "## Scores\nfilename,score\na-1.png,1.0\na-2.png,1.0\n"
    )
    assert files(to / "annotations" / "masks") == ["a-1_mask.png", "a-2_mask.png"]
    assert what.cut["annotations/scores.csv"] == 3


def test_steps_count_what_each_filter_leaves(collection: Path, tmp_path: Path) -> None:
    options = subset.Options(
        root=collection,
        to=tmp_path / "part",
        licences=("CC BY 4.0",),
        purposes=(Purpose.COMMERCIAL,),
        conditions=("folder = images", "patientid != 7"),
    )
    counted = [(s.words, s.rows, s.images, s.patients) for s in subset.plan(options).steps]
    assert counted == [
        ("all rows", 5, 5, 3),
        ("license in CC-BY-4.0", 5, 5, 3),
        ("license allows commercial", 5, 5, 3),
        ("folder = images", 4, 4, 3),
        ("patientid != 7", 2, 2, 2),
    ]
    assert not (tmp_path / "part").exists()


def test_provenance_keeps_the_lines_of_files_that_stay(collection: Path, tmp_path: Path) -> None:
    ledger = Ledger(None)
    for name, decision in (("a-1.png", "accept"), ("b-1.png", "accept"), ("", "reject")):
        line = provenance.Line(
            **{**dict.fromkeys(provenance.HEADER, "x"), "filename": name, "decision": decision}
        )
        ledger = Ledger(ledger.with_line(line))
    (collection / "provenance.csv").write_bytes(ledger.data or b"")
    made(collection, tmp_path / "part", "patientid = 7")
    with (tmp_path / "part" / "provenance.csv").open(encoding="utf-8") as file:
        assert [row["filename"] for row in csv.DictReader(file)] == ["a-1.png"]


def test_a_permission_of_the_collections_own_takes_its_explanation_along(
    collection: Path, tmp_path: Path
) -> None:
    rows = build.rows({"license": "LicenseRef-A"}, {"license": "LicenseRef-B"}, {})
    (collection / "metadata.csv").write_text(build.csv_text(rows))
    page = "# Licences\n\n## LicenseRef-A\n\nBy letter.\n\n## LicenseRef-B\n\nBy word.\n"
    (collection / "LICENSES.md").write_text(page)
    made(collection, tmp_path / "a", licences=("LicenseRef-A",))
    kept = (tmp_path / "a" / "LICENSES.md").read_text()
    assert "By letter." in kept
    assert "LicenseRef-B" not in kept
    made(collection, tmp_path / "none", licences=("CC-BY-4.0",))
    assert not (tmp_path / "none" / "LICENSES.md").exists()


def test_settings_and_the_baseline_that_they_name_go_along(
    collection: Path, tmp_path: Path
) -> None:
    (collection / "covidxr.toml").write_text('baseline = "known.toml"\n')
    (collection / "known.toml").write_text("# none\n")
    made(collection, tmp_path / "part", "patientid = 7")
    assert (tmp_path / "part" / "covidxr.toml").read_text() == 'baseline = "known.toml"\n'
    assert (tmp_path / "part" / "known.toml").exists()


# -- where it may be put --------------------------------------------------------------------


def test_a_folder_with_something_in_it_is_left_alone(collection: Path, tmp_path: Path) -> None:
    to = tmp_path / "mine"
    to.mkdir()
    (to / "thesis.txt").write_text("mine")
    for force in (False, True):
        with pytest.raises(UsageError, match="not empty"):
            made(collection, to, "patientid = 7", force=force)
    assert files(to) == ["thesis.txt"]


def test_an_older_subset_gives_way_when_asked_to(collection: Path, tmp_path: Path) -> None:
    to = tmp_path / "part"
    made(collection, to, "patientid = 7")
    with pytest.raises(UsageError, match="--force"):
        made(collection, to, "patientid = 8")
    made(collection, to, "patientid = 8", force=True)
    assert files(to / "images") == ["b-1.png"]
    (to / "notes.txt").write_text("mine")
    with pytest.raises(UsageError, match=r"notes\.txt was added"):
        made(collection, to, "patientid = 7", force=True)


@pytest.mark.parametrize("place", [".", "..", "images/part", "annotations"])
def test_the_collection_itself_is_never_the_place(collection: Path, place: str) -> None:
    before = files(collection)
    with pytest.raises(UsageError):
        made(collection, collection / place, "patientid = 7", force=True)
    assert files(collection) == before


def test_an_interrupt_leaves_nothing_half(
    collection: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    to = tmp_path / "part"
    made(collection, to, "patientid = 7")
    before = {name: (to / name).read_bytes() for name in files(to)}

    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(shutil, "copyfile", stop)
    with pytest.raises(KeyboardInterrupt):
        made(collection, to, "patientid = 8", force=True)
    with pytest.raises(KeyboardInterrupt):
        made(collection, tmp_path / "new", "patientid = 8")
    assert {name: (to / name).read_bytes() for name in files(to)} == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["part", "whole"]


def test_links_are_the_same_file_and_copies_are_not(collection: Path, tmp_path: Path) -> None:
    made(collection, tmp_path / "links", "patientid = 7", link=True)
    made(collection, tmp_path / "copies", "patientid = 7")
    whole = (collection / "images" / "a-1.png").stat().st_ino
    assert (tmp_path / "links" / "images" / "a-1.png").stat().st_ino == whole
    assert (tmp_path / "copies" / "images" / "a-1.png").stat().st_ino != whole


def test_a_link_that_leads_out_is_named_and_does_not_go_along(
    collection: Path, tmp_path: Path
) -> None:
    (tmp_path / "secret.png").write_bytes(b"secret")
    (collection / "images" / "a-1.png").unlink()
    (collection / "images" / "a-1.png").symlink_to(tmp_path / "secret.png")
    what = made(collection, tmp_path / "part", "patientid = 7")
    assert [path for path, _ in what.problems] == ["images/a-1.png"]
    assert files(tmp_path / "part" / "images") == ["a-2.png"]


# -- what is refused ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ({}, "which rows"),
        ({"licences": ("CC BY",)}, "name its version"),
        ({"licences": ("free",)}, "no licence"),
        ({"conditions": ("veiw = PA",)}, "did you mean view"),
        ({"conditions": ("patientid = nobody",)}, "no row is left"),
    ],
)
def test_what_makes_no_sense_is_refused(
    collection: Path, tmp_path: Path, more: dict[str, Any], why: str
) -> None:
    options = subset.Options(root=collection, to=tmp_path / "part", **more)
    with pytest.raises(UsageError, match=why):
        subset.carry_out(options, subset.plan(options))
    assert not (tmp_path / "part").exists()


def test_a_quote_that_is_never_closed_is_refused(collection: Path, tmp_path: Path) -> None:
    with (collection / "metadata.csv").open("a", encoding="utf-8") as file:
        file.write('"open')
    with pytest.raises(CollectionError, match="never closed"):
        made(collection, tmp_path / "part", "patientid = 7")


# -- it validates by itself -----------------------------------------------------------------

CLEAN = (
    {"view": "PA", "age": "54", "license": "CC-BY-4.0"},
    {"view": "L", "age": "", "license": "CC0-1.0", "finding": "No Finding"},
    {"view": "AP", "age": "17", "license": "CC-BY-NC-SA-4.0", "date": "2020-05"},
    {"view": "AP Supine", "age": "70", "license": "LicenseRef-Letter", "sex": "M"},
    {"view": "PA", "age": "30", "license": "CC-BY-ND-4.0", "patientid": "1", "sex": "F"},
)
CONDITIONS = st.sampled_from(
    (
        *("view in PA,L", "age >= 18", "not age >= 18", "age is blank", "sex = F"),
        *("finding under Pneumonia", "date < 2020-04", "license known", "patientid = 1"),
    )
)


@pytest.fixture(scope="module")
def clean(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small collection that no rule has anything to say about."""
    root = tmp_path_factory.mktemp("clean") / "whole"
    (root / "images").mkdir(parents=True)
    (root / "annotations").mkdir()
    rows = build.rows(*CLEAN)
    rows[4]["age"], rows[4]["url"] = rows[0]["age"], rows[0]["url"]
    rows[4]["license"] = rows[0]["license"]
    for number, row in enumerate(rows):
        data = candidates.picture(300 + number)
        (root / "images" / row["filename"]).write_bytes(data)
    (root / "metadata.csv").write_text(build.csv_text(rows))
    (root / "LICENSES.md").write_text("# Ours\n\n## LicenseRef-Letter\n\nBy letter.\n")
    (root / "annotations" / "severity.csv").write_text(
        "## License: CC0-1.0\n## Citation: nobody\nfilename,geographic_extent_mean,opacity_mean\n"
        + "".join(f"{row['filename']},2,3\n" for row in rows[:4])
    )
    return root


@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data())
def test_a_subset_of_a_clean_collection_is_clean(
    clean: Path, tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    before = {code for code, _, _ in problems(clean)}
    conditions = data.draw(st.lists(CONDITIONS, min_size=1, max_size=2))
    to = tmp_path_factory.mktemp("part") / "part"
    options = subset.Options(root=clean, to=to, conditions=tuple(conditions))
    what = subset.plan(options)
    if what.texts:
        subset.carry_out(options, what)
        assert {code for code, _, _ in problems(to)} <= before


OWN = (
    {"conditions": ("view in PA,AP",)},
    {"licences": ("CC-BY-4.0", "CC-BY-NC-SA-4.0")},
    {"purposes": (Purpose.ADAPT,), "conditions": ("finding under Pneumonia/Viral",)},
    {"conditions": ("modality = CT",)},
    {"conditions": ("filename ~ day00 or folder = volumes",)},
)


@pytest.mark.parametrize("more", OWN)
def test_a_subset_of_the_repositorys_own_collection_is_clean(
    tmp_path: Path, more: dict[str, Any]
) -> None:
    made(ROOT, tmp_path / "part", **more)
    assert problems(tmp_path / "part") == []


def test_the_same_subset_twice_is_the_same_bytes(tmp_path: Path) -> None:
    for name in ("one", "two"):
        made(ROOT, tmp_path / name, "view = PA")
    assert files(tmp_path / "one") == files(tmp_path / "two")
    for name in files(tmp_path / "one"):
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()


def test_the_record_lists_every_file(tmp_path: Path) -> None:
    made(ROOT, tmp_path / "part", "view = PA")
    record = json.loads((tmp_path / "part" / subsetfolder.RECORD).read_text())
    assert sorted((*record["files"], subsetfolder.RECORD)) == files(tmp_path / "part")


@pytest.mark.skipif(not SAMPLE.exists(), reason="the real sample is not here")
def test_a_subset_of_the_real_sample_has_no_problem_that_its_rows_did_not_have(
    tmp_path: Path,
) -> None:
    what = made(SAMPLE, tmp_path / "part", licences=("CC-BY-4.0", "CC-BY-NC-SA-4.0"))
    assert what.steps[-1].rows == 64
    before = problems(SAMPLE, ImageDepth.STRUCTURE)
    after = problems(tmp_path / "part", ImageDepth.STRUCTURE)
    # A column without a name whose text was all in other rows is now told as one without text.
    assert {code for code, _, _ in after} <= {code for code, _, _ in before} | {"CSV105"}
    # What is said of a file as a whole may be said of a row of it where there were more.
    whole = {"metadata.csv"}
    rows = {(code, name) for code, name, _ in after if name not in whole}
    assert rows <= {(code, name) for code, name, _ in before}
