"""``covidxr scrape`` from a user's chair: what is taken, what is left out, what is said."""

from __future__ import annotations

import csv
import json
import os
import re
import shutil
from typing import TYPE_CHECKING

import pytest
from jsonschema import Draft202012Validator
from tests import build
from tests.replica import faults
from tests.scraping import Scraping, scraping

from covidxr import casefile, scrape
from covidxr.replica import coronacases, eurorad, radiopaedia, sirm
from covidxr.replica.answers import html
from covidxr.replica.pictures import picture, slice_of_ct

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from covidxr.replica.answers import Site

Capsys = pytest.CaptureFixture[str]
VALIDATOR = Draft202012Validator(casefile.SCHEMA)
SITES: tuple[Site, ...] = (radiopaedia.SITE, eurorad.SITE, sirm.SITE, coronacases.SITE)
WORDS = {
    "radiopaedia": ["pneumonia"],
    "eurorad": ["pneumonia"],
    "sirm": [],
    "coronacases": [],
}
each_source = pytest.mark.parametrize("source", WORDS)


@pytest.fixture
def scene(tmp_path: Path, capsys: Capsys, monkeypatch: pytest.MonkeyPatch) -> Iterator[Scraping]:
    """All four sites."""
    with scraping(tmp_path, capsys, monkeypatch, *SITES) as scene:
        yield scene


@pytest.fixture
def many(tmp_path: Path, capsys: Capsys, monkeypatch: pytest.MonkeyPatch) -> Iterator[Scraping]:
    """Thirty simple cases of Eurorad."""
    with scraping(tmp_path, capsys, monkeypatch, eurorad.many(30)) as scene:
        yield scene


# --- every source --------------------------------------------------------------------------------


@each_source
def test_a_search_brings_whole_candidates(source: str, scene: Scraping) -> None:
    said = scene.run("scrape", source, *WORDS[source])
    # Some of the replica's cases are broken on purpose: they are named, and cost no other.
    assert said.code in {0, 1}, said.err
    files = scene.files()
    records = {path: json.loads(body) for path, body in files.items() if path.endswith(".json")}
    assert len(records) >= 2
    for path, record in records.items():
        VALIDATOR.validate(record)
        assert record["source"] == source
        folder = path.rpartition("/")[0]
        kept = {each["name"] for image in record["images"] for each in image["files"]}
        assert kept
        assert {f"{folder}/{name}" for name in kept} | {path} == {
            each for each in files if each.startswith(f"{folder}/")
        }
        for image in record["images"]:
            assert image["draft"]["finding"] == "todo"
            assert "patientid" not in image["draft"]
            for suggestion in image["suggestions"] + record["suggestions"]:
                assert suggestion["words"].strip()
            for file in image["files"]:
                assert file["name"].startswith(f"{source}-")
                assert file["provenance"]["image_url"].startswith("http")
                assert file["provenance"]["page_url"] == record["url"]
                assert file["provenance"]["via"] == scene.replica.base
                assert file["provenance"]["retrieved_at"].startswith("2026-01-02T")
                assert len(files[f"{folder}/{file['name']}"]) == file["provenance"]["bytes"]


@each_source
def test_a_second_run_asks_for_nothing_and_takes_nothing(source: str, scene: Scraping) -> None:
    scene.run("scrape", source, *WORDS[source])
    before, taken = scene.files(), len(scene.replica.asked)
    said = scene.run("scrape", source, *WORDS[source])
    assert "0 new candidates with 0 images" in said.out
    assert scene.files() == before
    # Only what failed is asked for again.
    assert len(scene.replica.asked) - taken <= 3 * said.err.count("404") + 3


@each_source
def test_list_names_what_would_be_fetched_and_fetches_no_case(source: str, scene: Scraping) -> None:
    said = scene.run("scrape", source, *WORDS[source], "--list", "--format", "json")
    assert said.code == 0
    urls = [case["url"] for case in said.json["cases"]]
    assert len(urls) >= 2
    assert said.json["summary"]["listed"] == len(urls)
    known = scrape.find_source(source)
    assert all(known.accepts(url) for url in urls)
    paths = {url.partition("://")[2] for url in urls}
    assert not paths & set(scene.replica.asked)
    assert scene.files() == {}


@each_source
def test_a_dry_run_prints_drafts_and_keeps_no_file(source: str, scene: Scraping) -> None:
    said = scene.run("scrape", source, *WORDS[source], "--dry-run", "--limit", "1")
    assert said.code in {0, 1}
    assert "finding: todo" in said.out
    assert scene.files() == {}


@each_source
def test_a_case_that_is_named_is_taken(source: str, scene: Scraping) -> None:
    scene.settings()
    listed = scene.run("scrape", source, *WORDS[source], "--list", "--format", "json")
    if source == "radiopaedia":
        assert listed.code == 2
        url = next(iter(radiopaedia.CASES))
    else:
        url = listed.json["cases"][0]["url"]
    said = scene.run("scrape", source, url)
    assert said.code == 0, said.err
    assert "1 new candidate with" in said.out
    (record,) = [path for path in scene.files() if path.endswith("case.json")]
    assert json.loads(scene.files()[record])["pages"][0]["permission"] == ""
    # The address alone is enough to know the source.
    assert "1 skipped" in scene.run("scrape", url).out


# --- terms ---------------------------------------------------------------------------------------


def test_a_search_that_the_terms_forbid_is_refused_with_reason_and_address(
    scene: Scraping,
) -> None:
    scene.settings()
    for more in ([], ["--list"], ["--dry-run"]):
        said = scene.run("scrape", "radiopaedia", "covid", *more)
        assert said.code == 2
        assert "https://radiopaedia.org/terms" in said.err
        assert "permission" in said.err
    assert scene.replica.asked == []


def test_a_permission_is_kept_with_what_it_permitted(scene: Scraping) -> None:
    scene.run("scrape", "radiopaedia", "pneumonia", "--limit", "1")
    (record,) = [json.loads(body) for path, body in scene.files().items() if "case.json" in path]
    told = {
        file["provenance"]["permission"] for image in record["images"] for file in image["files"]
    }
    assert told == {"A. Editor, by letter, 2026-01-01"}


def test_what_needs_no_permission_claims_none(scene: Scraping) -> None:
    scene.run("scrape", next(iter(radiopaedia.CASES)))
    (record,) = [json.loads(body) for path, body in scene.files().items() if "case.json" in path]
    files = [file for image in record["images"] for file in image["files"]]
    assert {each["provenance"]["permission"] for each in files} == {""}


def test_a_list_that_could_not_be_read_is_asked_for_anew(
    tmp_path: Path, capsys: Capsys, monkeypatch: pytest.MonkeyPatch
) -> None:
    works = [html("<html><title>Site under maintenance</title><body>")]
    site = faults.Faulty(eurorad.many(1), {"advanced-search": works})
    with scraping(tmp_path, capsys, monkeypatch, site) as scene:
        assert scene.run("scrape", "eurorad", "x").code == 2
        assert "1 new candidate" in scene.run("scrape", "eurorad", "x").out


def test_many_named_cases_at_once_are_a_bulk_download(scene: Scraping) -> None:
    scene.settings()
    urls = [f"https://radiopaedia.org/cases/case-{number}" for number in range(26)]
    said = scene.run("scrape", "radiopaedia", *urls)
    assert said.code == 2
    assert "26 cases of Radiopaedia in one run are a bulk download" in said.err
    assert scene.replica.asked == []


# --- which cases ---------------------------------------------------------------------------------


def test_limit_and_max_pages_end_the_run(many: Scraping) -> None:
    assert "4 new candidates" in many.run("scrape", "eurorad", "x", "--limit", "4").out
    said = many.run("scrape", "eurorad", "x", "--max-pages", "2")
    assert "14 new candidates" in said.out
    assert "4 skipped" in said.out
    assert "0 new candidates" in many.run("scrape", "eurorad", "x", "--limit", "0").out
    assert "0 new candidates" in many.run("scrape", "eurorad", "x", "--max-pages", "0").out
    assert "12 new candidates" in many.run("scrape", "eurorad", "x").out


def test_cases_before_a_day_are_left_out(scene: Scraping) -> None:
    said = scene.run("scrape", "radiopaedia", "pneumonia", "--since", "2023-01-01")
    assert "2 new candidates" in said.out
    assert "published 2020-03-18" in said.err
    assert all("viral-pneumonia-3" not in path for path in scene.files())
    assert scene.run("scrape", "radiopaedia", "pneumonia", "--since", "soon").code == 2


def test_cases_of_the_table_and_of_provenance_are_known_by_any_form_of_their_address(
    many: Scraping,
) -> None:
    listed = many.run("scrape", "eurorad", "x", "--list", "--format", "json").json["cases"]
    first, second = (case["url"] for case in listed[:2])
    row = {"url": first.replace("https://www.", "http://") + "/teaching-case?x=1"}
    (many.root / "metadata.csv").write_text(build.csv_text(build.rows(row)))
    with (many.root / "provenance.csv").open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerows([["filename", "page_url"], ["", second]])
    said = many.run("scrape", "eurorad", "x")
    assert f"{first}: skipped, already in metadata.csv" in said.err
    assert f"{second}: skipped, already in provenance.csv" in said.err
    assert "28 new candidates" in said.out


def test_a_dropped_candidate_comes_again_and_costs_no_request(many: Scraping) -> None:
    many.run("scrape", "eurorad", "x", "--limit", "2")
    before = many.files()
    asked = len(many.replica.asked)
    assert many.run("candidates", "drop", "eurorad/*").code == 0
    assert many.files() == {}
    assert "2 new candidates" in many.run("scrape", "eurorad", "x", "--limit", "2").out
    assert many.files() == before
    assert len(many.replica.asked) == asked


def test_refresh_asks_with_validators_and_changes_nothing_where_nothing_changed(
    many: Scraping,
) -> None:
    many.run("scrape", "eurorad", "x", "--limit", "2")
    before = many.files()
    many.replica.statuses.clear()
    said = many.run("scrape", "eurorad", "x", "--limit", "2", "--refresh")
    assert "2 new candidates" in said.out
    assert many.files() == before
    assert set(many.replica.statuses) == {304}


def test_candidates_may_stand_elsewhere_and_need_no_collection_then(
    many: Scraping, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    (many.root / "metadata.csv").unlink()
    refused = many.run("scrape", "eurorad", "x")
    assert refused.code == 2
    assert "name the collection's folder with --root" in refused.err
    said = many.run("scrape", "eurorad", "x", "--limit", "1", "-o", str(tmp_path / "out"))
    assert said.code == 0
    assert len(list((tmp_path / "out" / "eurorad").rglob("case.json"))) == 1
    assert (tmp_path / "cache" / "covidxr" / "http.sqlite").exists()
    listed = many.run("candidates", "--format", "json", "-o", str(tmp_path / "out"))
    assert len(listed.json["candidates"]) == 1


def test_the_work_folder_keeps_itself_out_of_git(many: Scraping) -> None:
    many.run("scrape", "eurorad", "x", "--limit", "1")
    assert "*\n" in (many.root / ".covidxr" / ".gitignore").read_text()


# --- saved pages ---------------------------------------------------------------------------------


def saved_page(scene: Scraping, folder: Path) -> str:
    """A case of Eurorad as a browser saves it: the page, and its pictures in a folder beside."""
    url = scene.run("scrape", "eurorad", "x", "--list", "--format", "json").json["cases"][0]["url"]
    answer = eurorad.many(30).answer("www.eurorad.org", url.partition(".org")[2])
    assert answer is not None
    body = answer.body.decode()
    (folder / "Case_files").mkdir(parents=True)
    for number, found in enumerate(dict.fromkeys(re.findall(r'="([^"]+\.png[^"]*)"', body))):
        (folder / "Case_files" / f"{number}.png").write_bytes(picture(number))
        body = body.replace(f'"{found}"', f'"./Case_files/{number}.png"')
    head = f"<!-- saved from url=({len(url):04}){url} -->"
    (folder / "Case.html").write_text(f"{head}\n{body}")
    return str(url)


def test_a_saved_page_is_read_without_a_request(many: Scraping, tmp_path: Path) -> None:
    saved = tmp_path / "saved"
    url = saved_page(many, saved)
    asked = len(many.replica.asked)
    shutil.rmtree(many.root / ".covidxr")
    for path in (saved / "Case.html", saved):
        said = many.run("scrape", "eurorad", "--from", str(path))
        assert said.code == 0, said.err
        assert "1 new candidate with 2 images" in said.out
        (record,) = [json.loads(body) for name, body in many.files().items() if "json" in name]
        VALIDATOR.validate(record)
        assert record["url"] == url
        for image in record["images"]:
            (file,) = image["files"]
            assert file["provenance"]["saved_as"].startswith("Case_files/")
            assert file["provenance"]["image_url"] == ""
            assert file["provenance"]["page_url"] == url
        many.run("candidates", "drop", "*")
    assert len(many.replica.asked) == asked


def test_a_page_saved_without_its_pictures_says_so(many: Scraping, tmp_path: Path) -> None:
    saved = tmp_path / "saved"
    saved_page(many, saved)
    shutil.rmtree(saved / "Case_files")
    said = many.run("scrape", "eurorad", "--from", str(saved))
    assert said.code == 1
    assert "not among the saved files" in said.err
    assert not any("case.json" in path for path in many.files())


def test_what_is_no_saved_page_of_the_source_is_told(many: Scraping, tmp_path: Path) -> None:
    (tmp_path / "note.txt").write_text("hello")
    said = many.run("scrape", "eurorad", "--from", str(tmp_path / "note.txt"))
    assert said.code == 2
    assert "holds no saved page of Eurorad" in said.err
    assert many.run("scrape", "eurorad", "--from", str(tmp_path / "absent")).code == 2


# --- words ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("argv", "words"),
    [
        (["figshare"], "there is no source 'figshare'; known are coronacases, eurorad"),
        (["eurorad", "https://www.sirm.org/x"], "is not the address of a case of Eurorad"),
        (
            ["eurorad", "https://radiopaedia.org/cases/x"],
            "it is one of radiopaedia",
        ),
        (["eurorad", "covid", "https://www.eurorad.org/case/1"], "do not go together"),
        (["eurorad", "covid", "--from", "x.html"], "give it no search words"),
        (["eurorad"], "is searched by words"),
        (["eurorad", "covid", "--list", "--dry-run"], "use one of --list and --dry-run"),
        (["eurorad", "covid", "--format", "xml"], "is not text or json"),
        (["eurorad", "covid", "--limit", "-1"], "--limit"),
    ],
)
def test_arguments_that_make_no_sense_are_2_and_ask_nobody(
    argv: list[str], words: str, scene: Scraping
) -> None:
    said = scene.run("scrape", *argv)
    assert said.code == 2
    assert words in " ".join(said.err.replace("│", " ").split())
    assert scene.replica.asked == []


def test_settings_for_a_source_that_there_is_not_are_told(scene: Scraping) -> None:
    scene.settings('[sources.euorad]\npermission = "me, 2026-01-01"\n')
    said = scene.run("scrape", "eurorad", "covid")
    assert said.code == 2
    assert "a source 'euorad' that there is not" in said.err


def test_without_a_contact_the_user_is_told_how_to_give_one(many: Scraping) -> None:
    text = (many.root / "covidxr.toml").read_text()
    (many.root / "covidxr.toml").write_text(text.replace('contact = "mailto:test@example.org"', ""))
    assert "no contact is set" in many.run("scrape", "eurorad", "x", "--limit", "1").err


def test_a_longer_delay_of_the_settings_is_kept_and_a_shorter_one_is_not(many: Scraping) -> None:
    own = scrape.find_source("eurorad").delay_seconds
    for set_to, expected in ((own * 3, own * 3), (0, own)):
        plain = many.replica.settings().replace(", delay_seconds = 0", "")
        (many.root / "covidxr.toml").write_text(
            f"{plain}\n[sources.eurorad]\ndelay_seconds = {set_to}\n"
        )
        shutil.rmtree(many.root / ".covidxr", ignore_errors=True)
        many.clock.slept.clear()
        many.run("scrape", "eurorad", "x", "--limit", "1")
        assert max(many.clock.slept) == pytest.approx(expected)


def test_plain_lines_say_what_happens_and_one_line_sums_it_up(many: Scraping) -> None:
    said = many.run("scrape", "eurorad", "x", "--limit", "2")
    assert said.out.count("\n") == 1
    assert said.out.startswith("Eurorad: 2 new candidates with 4 images, ")
    assert "page 1" in said.err
    assert said.err.count(": 2 images") == 2


def test_json_is_one_value_with_every_case(many: Scraping) -> None:
    said = many.run("scrape", "eurorad", "x", "--limit", "2", "--format", "json")
    assert said.json["summary"]["taken"] == 2
    assert said.json["stopped"] is None
    assert [len(case["images"]) for case in said.json["cases"]] == [2, 2]


def test_saved_slices_are_one_volume_and_their_address_is_not_made_up(
    scene: Scraping, tmp_path: Path
) -> None:
    folder = tmp_path / "slices" / "case001"
    folder.mkdir(parents=True)
    for number in (10, 9, 2):
        (folder / f"IM-{number}.dcm").write_bytes(slice_of_ct(1, number))
    (tmp_path / "slices" / "notes.txt").write_text("hello")
    said = scene.run("scrape", "coronacases", "--from", str(tmp_path / "slices"))
    assert said.code == 0, said.err
    assert "1 new candidate with 1 image, 1 skipped, 0 requests" in said.out
    record = scene.record("coronacases/case-001")
    (image,) = record["images"]
    assert image["draft"]["folder"] == "volumes"
    assert [file["provenance"]["saved_as"] for file in image["files"]] == [
        f"case001/IM-{number}.dcm" for number in (2, 9, 10)
    ]
    assert {file["provenance"]["image_url"] for file in image["files"]} == {""}
    assert len({file["name"] for file in image["files"]}) == 3
    assert scene.replica.asked == []


def test_a_series_is_not_asked_for_beyond_a_long_gap(scene: Scraping) -> None:
    url = next(url for url in coronacases.CASES if "case-001" in url)
    said = scene.run("scrape", "coronacases", url)
    assert said.code == 0, said.err
    assert "4 slices" in said.err
    (image,) = scene.record("coronacases/case-001")["images"]
    assert (
        "10 files in a row are not there; the 286 behind them were not asked"
        in (image["missing"][-1]["reason"])
    )
    assert len(scene.replica.asked) < 30


def saved_twin(folder: Path, number: int) -> None:
    """A saved case of Eurorad whose pictures are called like those of every other one."""
    url = f"https://www.eurorad.org/case/{30000 + number}"
    answer = eurorad.many(9).answer("www.eurorad.org", f"/case/{30000 + number}")
    assert answer is not None
    body = answer.body.decode()
    (folder / "Eurorad_files").mkdir(parents=True)
    found = dict.fromkeys(re.findall(r'="([^"]+\.png[^"]*)"', body))
    for at, each in enumerate(found):
        (folder / "Eurorad_files" / f"{at}.png").write_bytes(picture(100 * number + at))
        body = body.replace(f'"{each}"', f'"Eurorad_files/{at}.png"')
    (folder / "Eurorad.html").write_text(f"<!-- saved from url=(0042){url} -->{body}")


@pytest.mark.parametrize("whole_folders", [True, False])
def test_pictures_of_two_saved_pages_are_never_mixed_up(
    many: Scraping, tmp_path: Path, *, whole_folders: bool
) -> None:
    tops = [tmp_path / "a", tmp_path / "b"]
    for number, top in enumerate(tops, start=1):
        saved_twin(top, number)
    paths = tops if whole_folders else [top / "Eurorad.html" for top in tops]
    said = many.run("scrape", "eurorad", *(w for path in paths for w in ("--from", str(path))))
    assert said.code == 0, said.err
    for number in (1, 2):
        own = {picture(100 * number + at) for at in range(4)}
        kept = {
            body
            for path, body in many.files().items()
            if f"/{30000 + number}/" in path and path.endswith(".png")
        }
        assert kept
        assert kept <= own


def test_of_a_page_saved_twice_the_complete_one_is_taken(many: Scraping, tmp_path: Path) -> None:
    saved_twin(tmp_path / "saved", 1)
    whole = (tmp_path / "saved" / "Eurorad.html").read_text()
    for name in ("A.html", "Z.html"):
        bare = whole.replace("Eurorad_files/", "Other_files/")
        (tmp_path / "saved" / name).write_text(bare)
    said = many.run("scrape", "eurorad", "--from", str(tmp_path / "saved"))
    assert said.code == 0, said.err
    assert "1 new candidate with 2 images" in said.out


def test_a_saved_page_of_another_site_is_no_success(many: Scraping, tmp_path: Path) -> None:
    (tmp_path / "x.html").write_text("<link rel=canonical href='https://example.org/foo'><p>x")
    said = many.run("scrape", "eurorad", "--from", str(tmp_path / "x.html"))
    assert said.code == 2
    assert "holds no saved page of Eurorad" in said.err
    os.mkfifo(tmp_path / "pipe.html")
    said = many.run("scrape", "eurorad", "--from", str(tmp_path / "pipe.html"))
    assert said.code == 2
    assert "is a pipe or a device" in said.err


def test_a_blank_is_no_search_word(many: Scraping) -> None:
    for word in ("", "  "):
        assert many.run("scrape", "eurorad", word).code == 2
    named = many.run("scrape", "eurorad", " https://www.eurorad.org/case/30001 ")
    assert "1 new candidate" in named.out
    asked = [each for each in many.replica.asked if "search" in each]
    assert asked == []


def test_a_case_that_is_named_twice_is_listed_once(many: Scraping) -> None:
    url = "https://www.eurorad.org/case/30001"
    for mode in ("--list", "--dry-run"):
        said = many.run("scrape", "eurorad", url, f"{url}/teaching-case", mode)
        assert "1 skipped" in said.err


def test_refresh_never_loses_a_file_that_was_there(
    tmp_path: Path, capsys: Capsys, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = faults.Faulty(eurorad.many(1), {"30001_1_1": []}, for_ever=True)
    with scraping(tmp_path, capsys, monkeypatch, site) as scene:
        scene.run("scrape", "eurorad", "x")
        before = scene.files()
        site._faults["30001_1_1"].append(html("<body>busy", status=500))
        said = scene.run("scrape", "eurorad", "x", "--refresh")
        assert said.code == 1
        assert "the candidate, which stays as it is" in said.err
        assert scene.files() == before


def test_a_passing_page_of_works_is_not_kept_for_the_case(
    tmp_path: Path, capsys: Capsys, monkeypatch: pytest.MonkeyPatch
) -> None:
    works = [html("<html><title>Site under maintenance</title><body>")]
    site = faults.Faulty(eurorad.many(1), {"/case/30001": works})
    with scraping(tmp_path, capsys, monkeypatch, site) as scene:
        assert scene.run("scrape", "eurorad", "x").code == 1
        assert "1 new candidate" in scene.run("scrape", "eurorad", "x").out


def test_what_a_site_says_is_no_command_to_the_terminal(
    tmp_path: Path, capsys: Capsys, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer = html("<html><body>", status=500)
    example = scrape.find_source("eurorad").example.partition(".org")[2]
    evil = html(f"<html><meta property='og:title' content='\x1b[31mRED\x07'><body>{answer.status}")
    site = faults.Faulty(eurorad.many(1), {example: [evil]}, for_ever=True)
    with scraping(tmp_path, capsys, monkeypatch, site) as scene:
        said = scene.run("sources", "eurorad", "--live")
        assert "\x1b" not in said.out + said.err
