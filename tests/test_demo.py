"""The demonstration's script and beginning, and what becomes of every case of the replica."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from tests.clock import FakeClock
from tests.counting import Counts, counted, of_json, rows_of
from tests.scraping import Said, Scraping, scraping

from covidxr import demo, demofolder
from covidxr.cli.app import COMMANDS, main
from covidxr.errors import CollectionError
from covidxr.replica import coronacases, eurorad, papers, radiopaedia, sirm
from covidxr.replica.phantoms import VIEWS, encoded
from covidxr.review import Options, Review
from covidxr.settings import parse_settings

if TYPE_CHECKING:
    from pathlib import Path

    from covidxr.reviewsheet import Sheet

Capsys = pytest.CaptureFixture[str]
SCRIPT = demo.steps(COMMANDS)


# --- the script ----------------------------------------------------------------------------------


def test_a_command_that_is_not_there_is_left_out() -> None:
    assert {step.argv[0] for step in SCRIPT} <= set(COMMANDS)
    assert {step.argv[0] for step in demo.steps({"validate"})} == {"validate"}
    assert demo.steps(()) == ()


def test_the_script_goes_the_whole_way() -> None:
    verbs = list(dict.fromkeys(step.argv[0] for step in SCRIPT))
    whole = ["scrape", "figures", "review", "accept", "reject", "defer", "undo"]
    assert [each for each in verbs if each in whole] == whole
    assert {"schema", "stats", "validate", "sources"} <= set(verbs)
    # A newcomer sees a refusal of each kind as well.
    assert {(step.argv[0], step.code) for step in SCRIPT if step.code} == {
        ("scrape", 1), ("scrape", 2), ("accept", 1), ("validate", 1),
    }  # fmt: skip


@pytest.mark.parametrize("step", SCRIPT, ids=lambda step: step.command)
def test_each_option_of_the_script_exists(step: demo.Step, capsys: Capsys) -> None:
    assert main([step.argv[0], "--help"]) == 0
    page = capsys.readouterr().out
    for option in [each for each in step.argv if each.startswith("-")]:
        assert re.search(rf"(?<![\w-]){option}(?![\w-])", page), option


# --- the beginning -------------------------------------------------------------------------------


def test_the_beginning_validates_clean_once_its_tables_are_written(
    tmp_path: Path, capsys: Capsys, monkeypatch: pytest.MonkeyPatch
) -> None:
    demofolder.fill(tmp_path, demo.files())
    monkeypatch.chdir(tmp_path)
    assert main(["schema", "--write"]) == 0
    assert main(["stats", "--write", "README.md"]) == 0
    capsys.readouterr()
    assert main(["validate", "--images", "full", "--fail-on", "info"]) == 0
    assert "4 rows, 4 files: no problems" in capsys.readouterr().out


def test_a_phantom_is_the_same_each_time_and_like_no_other() -> None:
    drawn = [encoded(number, view) for view in VIEWS for number in range(6)]
    assert len(set(drawn)) == len(drawn)
    assert encoded(3, "Axial") == drawn[9]


# --- the settings --------------------------------------------------------------------------------


def test_every_host_that_may_be_asked_is_on_this_machine() -> None:
    from covidxr.desks import registries
    from covidxr.plugins import discover
    from covidxr.sourcing import Source

    sites = [each.hosts for each in discover("covidxr.sources", Source).values()]
    services = [each.hosts for each in registries().values()]
    with demo.replicas() as replica:
        settings = parse_settings(demo.settings_while(replica), where="covidxr.toml")
        assert settings is not None
        assert {route.base for route in settings.routes.values()} == {replica.base}
        assert replica.base.startswith("http://127.0.0.1:")
        for hosts in (*sites, *services):
            assert set(hosts) <= set(settings.routes)


def test_the_settings_that_stay_lead_nowhere_and_shorten_no_delay() -> None:
    with demo.replicas() as replica:
        before = parse_settings(demo.settings_while(replica), where="covidxr.toml")
        after = parse_settings(demo.settings_after(replica), where="covidxr.toml")
    assert before is not None
    assert after is not None
    assert set(after.routes) == set(before.routes)
    assert {route.base for route in after.routes.values()} == {"http://127.0.0.1:9"}
    assert {route.delay_seconds for route in after.routes.values()} == {None}


# --- the folder ----------------------------------------------------------------------------------


def test_a_folder_that_is_not_there_is_made_and_an_empty_one_taken(tmp_path: Path) -> None:
    assert demofolder.made(tmp_path / "a" / "b") == (tmp_path / "a" / "b").resolve()
    assert demofolder.made(tmp_path / "a" / "b").is_dir()


def test_each_temporary_folder_is_a_new_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    first, second = demofolder.made(None), demofolder.made(None)
    assert first != second
    assert {first.parent, second.parent} == {tmp_path.resolve()}


def test_a_folder_with_anything_in_it_is_refused_and_untouched(tmp_path: Path) -> None:
    (tmp_path / ".hidden").write_text("mine")
    with pytest.raises(CollectionError, match=r"is not empty, .* name a folder that is not there"):
        demofolder.made(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == [".hidden"]


def test_a_file_in_the_folder_s_place_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine")
    with pytest.raises(CollectionError, match=r"cannot be made: .* name another"):
        demofolder.made(tmp_path / "file")
    with pytest.raises(CollectionError, match=r"cannot be made: .* name another"):
        demofolder.made(tmp_path / "file" / "below")


# --- every case of the replica -------------------------------------------------------------------

FINDINGS = ("Pneumonia/Viral/COVID-19", "Pneumonia/Bacterial", "No Finding", "Tuberculosis")
GROUPS = (("PA",), ("AP",), ("AP Supine",), ("L",), ("Axial",), ("Coronal",), ("Sagittal",))
LICENCE = "CC-BY-NC-SA-4.0"


def take_everything(scene: Scraping) -> None:
    """Take every case of every site, and every paper."""
    for source in ("eurorad", "radiopaedia", "sirm", "coronacases"):
        words = ["pneumonia"] if source in {"eurorad", "radiopaedia"} else []
        assert scene.run("scrape", source, *words).code in {0, 1}
    assert scene.run("figures", *(each.doi for each in papers.ALL)).code in {0, 1}


def chosen(sheet: Sheet, number: int) -> dict[str, str]:
    """What a curator would fill in: what the page hints at, then what the image shows."""
    drafted = {field.name: field.value for field in sheet.fields}
    hinted = {field.name: field.proposals[0].value for field in sheet.fields if field.proposals}
    known = {name: drafted.get(name) or hinted.get(name, "") for name in ("modality", "view")}
    if drafted["folder"] == "volumes":
        known["view"] = ""
    elif not known["view"]:
        frontal = ("PA", "AP", "AP Supine")[number % 3]
        known["view"] = "Axial" if known["modality"] == "CT" else frontal
    in_slices = known["view"] in {"Axial", "Coronal", "Sagittal"}
    known["modality"] = known["modality"] or ("CT" if in_slices else "X-ray")
    known["license"] = drafted["license"] or LICENCE
    case = sheet.entry.id.rpartition("/")[0]
    known["finding"] = FINDINGS[sum(map(ord, case)) % len(FINDINGS)]
    return known


def accept(scene: Scraping, id_: str, values: dict[str, str]) -> Said:
    """Accept one image; where it may be a patient of the same paper, it is that one."""
    sets = [part for name, value in values.items() for part in ("--set", f"{name}={value}")]
    said = scene.run(
        *("accept", id_, *sets, "--by", "A. Curator", "--format", "json"),
        *("--reason", "the licence was asked for by letter, 2026-01-01"),
    )
    patient = re.search(r"patientid: is it patient (\d+)", said.err)
    if patient and "patientid" not in values:
        return accept(scene, id_, {**values, "patientid": patient[1]})
    return said


def accept_what_can_be(scene: Scraping) -> tuple[list[dict[str, str]], list[str]]:
    """Accept image by image: what became a row, and why the others did not."""
    review = Review(Options(root=scene.root, clock=FakeClock(), by="A. Curator"))
    done, refused = [], []
    for number, entry in enumerate(review.entries()):
        values = chosen(review.sheet(entry.id), number)
        said = accept(scene, entry.id, values)
        if said.code == 0:
            (told,) = said.json["done"]
            own = {"patientid": told["patientid"], "filename": told["entry"]["filename"]}
            done.append({**values, **own})
        else:
            refused.append(said.err)
    return done, refused


def stats(scene: Scraping) -> Counts:
    groups = [part for views in GROUPS for part in ("--group", ",".join(views))]
    return of_json(scene.run("stats", *groups, "--format", "json").json)


def added(one: Counts, other: Counts) -> Counts:
    """Put together what two sets of other patients count."""
    nothing = (0, 0)
    return {
        key: tuple(map(sum, zip(one.get(key, nothing), other.get(key, nothing), strict=True)))  # type: ignore[misc]
        for key in one.keys() | other.keys()
    }


WHY_NOT = ("volume of ", "is in the collection as", "holds the very same bytes")


def test_accepted_replica_cases_make_a_table_that_validates_clean_and_whose_statistics_change(
    tmp_path: Path, capsys: Capsys, monkeypatch: pytest.MonkeyPatch
) -> None:
    sites = (eurorad.SITE, radiopaedia.SITE, sirm.SITE, coronacases.SITE, papers.site())
    with scraping(tmp_path, capsys, monkeypatch, *sites) as scene:
        demofolder.fill(tmp_path, demo.files())
        monkeypatch.chdir(tmp_path)
        old = (tmp_path / "metadata.csv").read_text()
        before = stats(scene)
        assert before == counted(rows_of(old), GROUPS)
        take_everything(scene)
        done, refused = accept_what_can_be(scene)

        # Every image has come through but series of slices, and copies of what is there already.
        assert len(done) > 50
        assert [each for each in refused if not any(words in each for words in WHY_NOT)] == []
        table = (tmp_path / "metadata.csv").read_text()
        assert table.startswith(old)
        new = rows_of(table)[len(rows_of(old)) :]
        assert [{name: row[name] for name in done[0]} for row in new] == done
        assert {row["url"].split("/")[2].removeprefix("www.") for row in new} >= {
            *("eurorad.org", "radiopaedia.org", "sirm.org", "coronacases.org")
        }

        assert stats(scene) == added(before, counted(done, GROUPS))

        assert scene.run("schema", "--write").code == 0
        assert scene.run("stats", "--write", "README.md").code == 0
        said = scene.run("validate", "--images", "full", "--fail-on", "warning", "--format", "json")
        assert said.code == 0
        # Two of the invented patients are infants, which is worth knowing.
        assert {each["code"] for each in said.json["diagnostics"]} == {"PRV102"}
