"""`covidxr figures` from the shell to the disk, over the replica's registries."""

from __future__ import annotations

import csv
import hashlib
import json
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import jsonschema
import pytest
from tests import build
from tests.pdfs_of_papers import one_radiograph
from tests.scraping import Said, Scraping, scraping

from covidxr.casefile import SCHEMA
from covidxr.replica import papers
from covidxr.replica.answers import Answer, as_json, file, html

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from covidxr.replica.papers import Papers


class Scene:
    """A collection, the replica's registries and the command line between them."""

    def __init__(self, scene: Scraping, site: Papers) -> None:
        self.scene, self.site = scene, site
        self.root = scene.root

    def figures(self, *argv: str) -> Said:
        return self.scene.run("figures", *argv)

    def papers(self, *argv: str) -> list[dict[str, Any]]:
        told: list[dict[str, Any]] = self.figures(*argv, "--format", "json").json["papers"]
        return told

    def one(self, *argv: str) -> dict[str, Any]:
        (told,) = self.papers(*argv)
        return told

    def record(self, doi: str) -> dict[str, Any]:
        for name, body in self.scene.files().items():
            if name.endswith("/case.json") and json.loads(body)["id"] == doi:
                found: dict[str, Any] = json.loads(body)
                jsonschema.validate(found, SCHEMA)
                return found
        raise AssertionError(f"{doi} is no candidate")

    def asked(self, host: str) -> list[str]:
        return [each for each in self.scene.replica.asked if each.startswith(host)]


@pytest.fixture
def scene(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Iterator[Scene]:
    with _scene(tmp_path, capsys, monkeypatch) as made:
        yield made


@contextmanager
def _scene(
    root: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Iterator[Scene]:
    site = papers.site()
    with scraping(root, capsys, monkeypatch, site) as made:
        yield Scene(made, site)


OPEN = papers.OPEN.doi


# --- what is taken -------------------------------------------------------------------------------


def test_a_doi_becomes_a_candidate_with_its_panels(scene: Scene) -> None:
    said = scene.figures(OPEN)
    assert said.code == 0
    assert f"{OPEN}  candidate  CC-BY-4.0        2       3  -" in said.out
    record = scene.record(OPEN)
    assert [image["label"] for image in record["images"]] == ["fig2-a", "fig2-b", "fig3"]
    assert [figure["split"] for figure in record["figures"]] == [True, False]
    assert record["complete"]


@pytest.mark.parametrize(
    "form",
    [
        "https://doi.org/10.5555/OPEN.1",
        "doi: 10.5555/open.1.",
        " <10.5555/open.1>",
        "https://dx.doi.org/10.5555%2Fopen.1",
    ],
)
def test_a_doi_is_taken_in_any_form(scene: Scene, form: str) -> None:
    assert scene.one(form)["outcome"] == "candidate"


def test_a_draft_has_what_the_article_says_and_no_finding(scene: Scene) -> None:
    scene.figures(OPEN)
    first = scene.record(OPEN)["images"][0]
    assert first["draft"] == {
        "finding": "todo",
        "folder": "images",
        "filename": "pmc9000001-fig2-a.png",
        "doi": OPEN,
        "url": "https://pmc.ncbi.nlm.nih.gov/articles/PMC9000001/",
        "license": "CC-BY-4.0",
        "clinical_notes": first["caption"],
        "other_notes": (
            "Ann Author. COVID-19 pneumonia: an invented case. Invented Reports, 2021. "
            "https://doi.org/10.5555/open.1. Creative Commons Attribution 4.0 International. "
            "Panel a cut out of Figure 2."
        ),
    }
    assert "Axial image on day 3" in first["caption"]
    assert "day 9" not in first["caption"]


def test_suggestions_rest_on_the_words_of_their_own_panel(scene: Scene) -> None:
    scene.figures(OPEN)
    a, b, whole = (
        {each["column"]: (each["value"], each["words"]) for each in image["suggestions"]}
        for image in scene.record(OPEN)["images"]
    )
    assert (a["view"][0], b["view"][0]) == ("Axial", "Coronal")
    assert (a["offset"][0], b["offset"][0]) == ("3", "9")
    assert a["sex"][0] == "M"
    assert a["age"][0] == "44"
    assert a["modality"][0] == "CT"
    assert whole["modality"][0] == "X-ray"


def test_the_figure_as_published_is_kept_beside_its_panels(scene: Scene) -> None:
    scene.figures(OPEN)
    files = scene.scene.files()
    published = dict(papers.OPEN.figures[1].files)["f.002.png"]
    (whole,) = (body for name, body in files.items() if name.endswith("fig2-whole.png"))
    assert whole == published
    panel = scene.record(OPEN)["images"][0]
    assert panel["extra"]["parent"] == "pmc9000001-fig2-whole.png"
    left, top, right, bottom = panel["extra"]["box"]
    assert (right - left, bottom - top) == (panel["files"][0]["width"], panel["files"][0]["height"])
    assert abs(right - 360) <= 3


def test_every_file_has_its_provenance(scene: Scene) -> None:
    scene.figures(OPEN)
    record, files = scene.record(OPEN), scene.scene.files()
    kept = [file for image in record["images"] for file in image["files"]]
    kept += [file for figure in record["figures"] for file in figure["files"]]
    for each in kept:
        (body,) = (body for name, body in files.items() if name.endswith(f"/{each['name']}"))
        provenance = each["provenance"]
        assert provenance["sha256"] == hashlib.sha256(body).hexdigest()
        assert provenance["image_url"].startswith(f"https://{papers.BUCKET}/PMC9000001.1/f.")
        assert provenance["licence"]["spdx"] == "CC-BY-4.0"
    assert {page["page_url"].split("/")[2] for page in record["pages"]} == {
        "www.ebi.ac.uk",
        "pmc.ncbi.nlm.nih.gov",
        papers.BUCKET,
    }


def test_charts_are_not_even_fetched(scene: Scene) -> None:
    scene.figures(OPEN)
    assert not [each for each in scene.scene.replica.asked if "f.001.png" in each]


def test_files_that_are_as_many_as_the_letters_are_the_panels(scene: Scene) -> None:
    assert scene.one(papers.SEVERAL_FILES.doi)["images"] == 2
    record = scene.record(papers.SEVERAL_FILES.doi)
    assert [image["label"] for image in record["images"]] == ["fig1-a", "fig1-b"]
    assert [image["extra"]["box"] for image in record["images"]] == [None, None]


# --- rights --------------------------------------------------------------------------------------


def test_a_figure_that_may_not_be_changed_stays_whole(scene: Scene) -> None:
    assert scene.one(papers.UNCHANGEABLE.doi)["licence"] == "CC-BY-NC-ND-4.0"
    record = scene.record(papers.UNCHANGEABLE.doi)
    (image,) = record["images"]
    assert image["label"] == "fig1"
    (figure,) = record["figures"]
    assert (figure["split"], figure["crops"]) == (False, False)
    assert "no changed copies" in figure["why"]


@pytest.mark.parametrize(
    ("doi", "words"),
    [(papers.MANUSCRIPT.doi, "all rights reserved"), (papers.RETRACTED.doi, "retracted")],
)
def test_what_is_not_cleared_is_listed_with_the_reason_and_not_downloaded(
    scene: Scene, doi: str, words: str
) -> None:
    told = scene.one(doi)
    assert told["outcome"] == "not cleared"
    assert words.lower() in told["reason"].lower()
    assert scene.scene.files() == {}
    assert not [each for each in scene.scene.replica.asked if each.endswith(".png")]


def test_a_reproduced_figure_is_left_out_of_an_open_article(scene: Scene) -> None:
    told = scene.one(papers.REPRODUCED.doi)
    assert told["images"] == 1
    assert [each["figure"] for each in told["not_taken"]] == ["Figure 1"]
    assert "Reproduced with permission" in told["not_taken"][0]["reason"]
    assert not [each for each in scene.scene.replica.asked if "one.png" in each]


def test_unlicensed_figures_are_for_private_review_and_say_so(scene: Scene) -> None:
    scene.figures(papers.MANUSCRIPT.doi, "--include-unlicensed")
    record = scene.record(papers.MANUSCRIPT.doi)
    assert "private review only" in record["warnings"][-1]
    assert [figure["cleared"] for figure in record["figures"]] == [False]
    assert all("license" not in image["draft"] for image in record["images"])
    assert all(image["extra"]["cleared"] is False for image in record["images"])


# --- what is not there ---------------------------------------------------------------------------


def test_a_doi_that_nobody_knows_has_no_full_text(scene: Scene) -> None:
    told = scene.one("10.5555/nobody")
    assert (told["outcome"], told["reason"]) == ("no full text", "doi.org: DOI does not exist")


def test_an_article_without_radiographs_says_so(scene: Scene) -> None:
    told = scene.one(papers.CHARTS_ONLY.doi)
    assert (told["outcome"], told["figures"], told["images"]) == ("no figure", 0, 0)
    assert told["reason"] == "no words of its only figure name a radiograph or CT"


def test_what_is_no_doi_is_named_with_its_line(scene: Scene) -> None:
    (scene.root / "list.txt").write_text(f"{OPEN}\nhello\n")
    said = scene.figures("--from", str(scene.root / "list.txt"))
    assert said.code == 1
    assert "list.txt:2: 'hello' is no DOI; one is written 10.1000/xyz" in said.out
    assert scene.record(OPEN)


@pytest.mark.parametrize("hostile", ["10.5555/../../etc", '10.5555/a"b', "10.5555/a b", "10.5555/"])
def test_hostile_dois_leave_nothing_behind(scene: Scene, hostile: str) -> None:
    said = scene.figures(hostile)
    assert said.code in {0, 1}
    assert "Traceback" not in said.err
    assert scene.scene.files() == {}


BUCKET = f"https://{papers.BUCKET}"
XML = f"{BUCKET}/PMC9000001.1/PMC9000001.1.xml"


def faulty(site: Papers, name: str) -> None:
    """Let one service fail for the open article."""
    page = html("<title>Preparing to download</title><body>Please wait")
    busy = as_json({"error": "Internal Server Error"}, status=500)
    ids = "https://pmc.ncbi.nlm.nih.gov/tools/idconv/api/v1/articles/"
    faults = {
        "the ID converter and Europe PMC": {
            f"{ids}?ids={OPEN}&idtype=doi&format=json": busy,
            (
                "https://www.ebi.ac.uk/europepmc/webservices/rest/search?query=DOI:%22"
                f"{OPEN}%22&resultType=core&format=json"
            ): as_json({"hitCount": 0, "resultList": {"result": []}}),
        },
        "the bucket's list": {f"{BUCKET}/?list-type=2&prefix=PMC9000001.&delimiter=/": page},
        "the bucket's record": {f"{BUCKET}/PMC9000001.1/PMC9000001.1.json": busy},
    }
    for url, answer in faults[name].items():
        site.put(url, answer)


@pytest.mark.parametrize(
    "name", ["the ID converter and Europe PMC", "the bucket's list", "the bucket's record"]
)
def test_a_failure_leaves_a_paper_open_and_the_next_run_takes_it(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    name: str,
) -> None:
    with _scene(tmp_path, capsys, monkeypatch) as made:
        good = dict(made.site.answers)
        # The text at Europe PMC would do; here it is gone as well.
        text = "https://www.ebi.ac.uk/europepmc/webservices/rest/PMC9000001/fullTextXML"
        made.site.put(text, Answer(status=404, body=b"", content_type="text/plain"))
        faulty(made.site, name)
        said = made.figures(OPEN)
        assert said.code == 1
        assert "inconclusive" in said.out
        assert made.scene.files() == {}
        made.site.answers = good
        assert made.figures(OPEN).code == 0
        assert made.record(OPEN)["complete"]


def test_text_with_a_wrong_sum_is_taken_from_europe_pmc(scene: Scene) -> None:
    scene.site.put(XML, file(b"<article>another</article>", "application/xml"))
    assert scene.one(OPEN)["outcome"] == "candidate"
    assert any("fullTextXML" in each for each in scene.scene.replica.asked)
    # The pictures come from the bucket all the same.
    assert len(scene.record(OPEN)["images"]) == 3


def test_a_picture_with_a_wrong_sum_is_missing_and_comes_another_time(scene: Scene) -> None:
    url = f"{BUCKET}/PMC9000001.1/f.003.png"
    good = scene.site.answers[papers.key(papers.BUCKET, "/PMC9000001.1/f.003.png")]
    scene.site.put(url, file(papers.chart(), "image/png"))
    said = scene.figures(OPEN)
    assert said.code == 1
    assert "MD5" in said.out
    assert not scene.record(OPEN)["complete"]
    scene.site.put(url, good)
    assert scene.figures(OPEN).code == 0
    assert len(scene.record(OPEN)["images"]) == 3


def test_with_no_network_at_all_the_command_cannot_do_it(scene: Scene) -> None:
    lines = [f'"{host}" = "http://127.0.0.1:9"' for host in papers.HOSTS]
    (scene.root / "covidxr.toml").write_text("[http.route]\n" + "\n".join(lines))
    said = scene.figures(OPEN)
    assert said.code == 2
    assert "nobody answers" in said.err


# --- what is known already -----------------------------------------------------------------------


def test_a_second_run_asks_nothing(scene: Scene) -> None:
    scene.figures(OPEN)
    before = len(scene.scene.replica.asked)
    told = scene.one(OPEN)
    assert (told["outcome"], told["reason"]) == ("known already", "already in the candidates")
    assert len(scene.scene.replica.asked) == before


def test_a_doi_of_the_table_is_recognised_whatever_its_case(scene: Scene) -> None:
    rows = build.rows({"doi": "https://doi.org/10.5555/OPEN.1"})
    (scene.root / "metadata.csv").write_text(build.csv_text(rows))
    assert scene.one(OPEN)["reason"] == "already in metadata.csv"
    assert scene.one(OPEN, "--known")["outcome"] == "candidate"


def test_a_doi_that_was_turned_down_is_recognised(scene: Scene) -> None:
    (scene.root / "provenance.csv").write_text(f"doi\n{OPEN}\n")
    assert scene.one(OPEN)["reason"] == "already in provenance.csv"


def test_missing_takes_the_dois_whose_files_are_not_here(scene: Scene) -> None:
    rows = build.rows(
        {"doi": OPEN, "filename": "gone.png"},
        {"doi": papers.REPRODUCED.doi, "filename": "here.png"},
        {"doi": "", "filename": "other.png"},
    )
    (scene.root / "metadata.csv").write_text(build.csv_text(rows))
    (scene.root / "images").mkdir(exist_ok=True)
    (scene.root / "images" / "here.png").write_bytes(papers.grid(1, 1))
    assert [(each["doi"], each["outcome"]) for each in scene.papers("--missing")] == [
        (OPEN, "candidate")
    ]


def test_taken_anew_a_candidate_does_not_lose_what_it_had(scene: Scene) -> None:
    scene.figures(OPEN)
    before = scene.scene.files()
    broken = as_json({"error": "busy"}, status=503)
    scene.site.put(f"{BUCKET}/PMC9000001.1/f.003.png", broken)
    said = scene.figures(OPEN, "--refresh")
    assert said.code in {1, 2}
    assert scene.scene.files() == before


# --- drafts, lists, limits -----------------------------------------------------------------------


def test_a_dry_run_prints_drafts_and_keeps_and_fetches_no_picture(scene: Scene) -> None:
    said = scene.figures(OPEN, "--dry-run")
    assert said.code == 0
    assert "finding: todo" in said.out
    assert "fig2-b" in said.out
    assert scene.scene.files() == {}
    assert not [each for each in scene.scene.replica.asked if each.endswith(".png")]


def test_a_limit_ends_the_run_after_so_many_papers(scene: Scene) -> None:
    told = scene.papers(OPEN, papers.REPRODUCED.doi, "--limit", "1")
    assert [each["doi"] for each in told] == [OPEN]


def test_ids_of_many_dois_are_asked_for_at_once(scene: Scene) -> None:
    scene.figures(OPEN, papers.REPRODUCED.doi, OPEN.upper(), "10.5555/nobody")
    (asked,) = scene.asked("pmc.ncbi.nlm.nih.gov")
    assert asked.count("10.5555") == 3


def test_without_papers_it_says_what_to_name(scene: Scene) -> None:
    said = scene.figures()
    assert said.code == 2
    assert "--from FILE" in said.err


# --- outside of PubMed Central -------------------------------------------------------------------

ELSEWHERE = papers.NOT_IN_PMC.doi
PDF = "https://repository.example.org/a.pdf"


def elsewhere(site: Papers, *, licence: str = "cc-by", version: str = "publishedVersion") -> None:
    location = {
        "host_type": "repository",
        "version": version,
        "license": licence,
        "url_for_pdf": PDF,
    }
    site.put(
        f"https://api.unpaywall.org/v2/{ELSEWHERE}",
        as_json({"doi": ELSEWHERE, "oa_status": "green", "oa_locations": [location]}),
    )
    site.put(PDF, file(one_radiograph(ELSEWHERE), "application/pdf"))


def test_a_free_pdf_is_named_and_not_fetched_unasked(scene: Scene) -> None:
    elsewhere(scene.site)
    told = scene.one(ELSEWHERE)
    assert told["outcome"] == "no full text"
    assert PDF in told["reason"]
    assert "--fetch-pdf" in told["reason"]
    assert scene.asked("repository.example.org") == []


def test_a_free_pdf_is_fetched_and_read_where_it_is_asked_for(scene: Scene) -> None:
    elsewhere(scene.site)
    assert scene.one(ELSEWHERE, "--fetch-pdf")["outcome"] == "candidate"
    record = scene.record(ELSEWHERE)
    assert record["figures"][0]["made"].startswith("pdf-")
    assert record["images"][0]["files"][0]["provenance"]["image_url"] == PDF
    assert record["images"][0]["draft"]["license"] == "CC-BY-4.0"


@pytest.mark.parametrize(
    ("licence", "version"), [("", "publishedVersion"), ("cc-by", "acceptedVersion")]
)
def test_a_pdf_without_licence_or_of_another_version_is_not_fetched(
    scene: Scene, licence: str, version: str
) -> None:
    elsewhere(scene.site, licence=licence, version=version)
    assert scene.one(ELSEWHERE, "--fetch-pdf")["outcome"] == "no full text"
    assert scene.asked("repository.example.org") == []


def test_a_missing_email_address_leaves_the_paper_open_and_says_what_to_do(scene: Scene) -> None:
    settings = (scene.root / "covidxr.toml").read_text()
    (scene.root / "covidxr.toml").write_text(
        settings.replace('contact = "mailto:test@example.org"\n', "")
    )
    said = scene.figures(ELSEWHERE)
    assert said.code == 1
    assert "Unpaywall demands an e-mail address" in said.out


def test_a_preprint_gives_way_to_the_article_that_it_became(scene: Scene) -> None:
    doi = "10.1101/2021.01.02.12345678"
    scene.site.add(papers.Article(doi=doi, epmc_licence=None))
    row = {"doi": doi, "version": "1", "license": "cc_by", "published": OPEN}
    scene.site.put(f"https://api.biorxiv.org/details/medrxiv/{doi}", as_json({"collection": [row]}))
    told = scene.one(doi)
    assert told["outcome"] == "candidate"
    assert f"it was published as {OPEN}" in " ".join(told["warnings"])
    assert scene.record(OPEN)["extra"]["asked"] == doi


# --- a PDF that the curator has ------------------------------------------------------------------


def test_a_pdf_at_hand_is_read_without_any_network(scene: Scene) -> None:
    path = scene.root / "paper.pdf"
    path.write_bytes(one_radiograph("10.5555/mine.9"))
    said = scene.figures("--pdf", str(path), "--offline")
    assert said.code == 0
    assert scene.scene.replica.asked == []
    record = scene.record("10.5555/mine.9")
    assert record["images"][0]["files"][0]["provenance"]["saved_as"] == "paper.pdf"
    assert "read out of the PDF alone" in " ".join(record["warnings"])


def test_the_doi_of_a_pdf_can_be_named_beside_it(scene: Scene) -> None:
    path = scene.root / "paper.pdf"
    path.write_bytes(one_radiograph(""))
    scene.figures("--pdf", str(path), "10.5555/named.10", "--offline")
    assert scene.record("10.5555/named.10")["doi"] == "10.5555/named.10"


def test_a_pdf_that_cannot_be_read_is_named(scene: Scene) -> None:
    path = scene.root / "paper.pdf"
    path.write_bytes(b"hello")
    said = scene.figures("--pdf", str(path), "--offline")
    assert said.code == 1
    assert "paper.pdf" in said.out
    assert scene.scene.files() == {}


# --- the loop of discover, figures and dois ------------------------------------------------------


def results(*entries: dict[str, Any], total: int, cursor: str = "") -> Answer:
    more = {"nextCursorMark": cursor} if cursor else {}
    return as_json({"hitCount": total, "resultList": {"result": list(entries)}, **more})


class Search:
    """A site that gives pages of a search, and everything else as before."""

    hosts = papers.HOSTS

    def __init__(self, site: Papers, pages: dict[str, Answer]) -> None:
        self.site, self.pages = site, pages

    def answer(self, host: str, path: str) -> Answer | None:
        for mark, answer in self.pages.items():
            if f"cursorMark={mark}" in path:
                return answer
        return self.site.answer(host, path)


def entry(doi: str, title: str, **more: Any) -> dict[str, Any]:
    return {"doi": doi, "title": title, "license": "cc by", "isOpenAccess": "Y", **more}


def test_discover_drops_what_is_included_and_figures_reads_its_csv(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    known = entry(papers.REPRODUCED.doi, "In the table already")
    gone = entry("10.5555/r", "Retracted", pubTypeList={"pubType": ["Retracted Publication"]})
    pages = {
        "%2A": results(known, gone, entry("", "No DOI"), total=5, cursor="two"),
        "two": results(
            entry("10.5555/plain", "Of nurses"),
            entry(OPEN, "=1+1 chest radiograph of a case report"),
            total=5,
        ),
    }
    search = Search(papers.site(), pages)
    with scraping(tmp_path, capsys, monkeypatch, search) as made:
        rows = build.rows({"doi": papers.REPRODUCED.doi})
        (tmp_path / "metadata.csv").write_text(build.csv_text(rows))
        said = made.run("discover", "--format", "csv")
        assert said.code == 0
        table = list(csv.DictReader(said.out.splitlines()))
        assert [each["doi"] for each in table] == [OPEN, "10.5555/plain"]
        assert table[0]["title"].startswith("'=")
        assert "1 included already, 1 retracted, 1 without a DOI" in said.err
        (tmp_path / "found.csv").write_text(said.out)
        after = made.run("figures", "--from", str(tmp_path / "found.csv"), "--format", "json")
        assert [each["outcome"] for each in after.json["papers"]] == ["candidate", "no full text"]
        asked = len(made.replica.asked)
        again = made.run("discover")
        assert "10.5555/plain" in again.out
        assert OPEN not in again.out
        assert len(made.replica.asked) == asked


def test_discover_stops_after_so_many_and_says_where_to_go_on(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    pages = {
        "%2A": results(entry("10.5555/a", "A"), total=2, cursor="two"),
        "two": results(entry("10.5555/b", "B"), total=2),
    }
    with scraping(tmp_path, capsys, monkeypatch, Search(papers.site(), pages)) as made:
        first = made.run("discover", "--limit", "1")
        assert "go on with --cursor 'two'" in first.err
        second = made.run("discover", "--cursor", "two", "--format", "json").json
        assert [each["doi"] for each in second["papers"]] == ["10.5555/b"]
        assert second["cursor"] == ""


def test_a_search_that_fails_gives_what_it_had_and_cannot_go_on(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    pages = {
        "%2A": results(entry("10.5555/a", "A"), total=2, cursor="two"),
        "two": as_json({"errCode": 500, "errMsg": "busy"}),
    }
    with scraping(tmp_path, capsys, monkeypatch, Search(papers.site(), pages)) as made:
        said = made.run("discover")
        assert (said.code, "10.5555/a" in said.out) == (2, True)
        assert "busy" in said.err
        assert "--cursor 'two'" in said.err


def test_dois_lists_titles_and_what_is_wrong(scene: Scene) -> None:
    retracted = {"doi": "10.5555/r", "title": "Withdrawn", "pubTypeList": {}}
    retracted["commentCorrectionList"] = {"commentCorrection": [{"type": "Retraction in"}]}
    dois = (OPEN, "10.5555/r", "10.5555/nobody")
    query = " OR ".join(f'DOI:"{doi}"' for doi in dois)
    scene.site.put(
        "https://www.ebi.ac.uk/europepmc/webservices/rest/search?query="
        f"{query.replace(' ', '%20').replace(chr(34), '%22')}&resultType=core&format=json",
        results(entry(OPEN, "An open case"), retracted, total=2),
    )
    rows = build.rows(*({"doi": doi} for doi in (*dois, "see the paper")))
    (scene.root / "metadata.csv").write_text(build.csv_text(rows))
    said = scene.scene.run("dois", "--format", "json")
    assert said.code == 1
    told = {each["doi"]: each for each in said.json["dois"]}
    assert {doi: each["standing"] for doi, each in told.items()} == {
        OPEN: "fine",
        "10.5555/r": "retracted",
        "10.5555/nobody": "gone",
        "see the paper": "malformed",
    }
    assert told[OPEN]["title"] == "An open case"
    assert told["see the paper"]["lines"] == [5]


def test_dois_can_be_listed_without_asking_anybody(scene: Scene) -> None:
    rows = build.rows({"doi": OPEN}, {"doi": OPEN})
    (scene.root / "metadata.csv").write_text(build.csv_text(rows))
    said = scene.scene.run("dois", "--offline")
    assert said.code == 0
    assert OPEN in said.out
    assert scene.scene.replica.asked == []


# --- what a hostile or a broken world could do ---------------------------------------------------


def test_files_of_which_one_is_missing_are_given_no_letters(scene: Scene) -> None:
    gone = Answer(status=404, body=b"<Error/>", content_type="application/xml")
    scene.site.put(f"{BUCKET}/PMC9000007.1/p004a.png", gone)
    scene.figures(papers.SEVERAL_FILES.doi)
    record = scene.record(papers.SEVERAL_FILES.doi)
    assert [image["extra"]["panel"] for image in record["images"]] == [""]


def test_a_pdf_of_another_paper_is_not_taken_for_the_one_that_was_named(scene: Scene) -> None:
    path = scene.root / "paper.pdf"
    path.write_bytes(one_radiograph("10.5555/mine.9"))
    said = scene.figures("--pdf", str(path), OPEN, "--offline")
    assert said.code == 1
    assert "it is the PDF of another DOI, 10.5555/mine.9" in said.out
    assert scene.scene.files() == {}


def test_a_pdf_of_another_paper_at_the_end_of_a_link_is_not_taken(scene: Scene) -> None:
    elsewhere(scene.site)
    scene.site.put(PDF, file(one_radiograph("10.5555/other"), "application/pdf"))
    assert scene.one(ELSEWHERE, "--fetch-pdf")["outcome"] == "no full text"
    assert scene.scene.files() == {}


def test_a_pdf_under_a_publishers_own_terms_is_not_fetched(scene: Scene) -> None:
    elsewhere(scene.site, licence="publisher-specific-oa")
    assert scene.one(ELSEWHERE, "--fetch-pdf")["outcome"] == "no full text"
    assert scene.asked("repository.example.org") == []


def test_a_bucket_that_fails_leaves_the_pictures_of_a_text_from_elsewhere_open(
    scene: Scene,
) -> None:
    busy = as_json({"error": "busy"}, status=500)
    scene.site.put(f"{BUCKET}/?list-type=2&prefix=PMC9000001.&delimiter=/", busy)
    told = scene.one(OPEN)
    assert told["outcome"] == "inconclusive"
    assert scene.scene.files() == {}


def test_two_preprints_that_lead_to_each_other_end(scene: Scene) -> None:
    one, two = "10.1101/2021.01.02.1", "10.1101/2021.01.02.2"
    for doi, became in ((one, two), (two, one)):
        scene.site.add(papers.Article(doi=doi, epmc_licence=None))
        row = {"doi": doi, "version": "1", "license": "cc_by", "published": became}
        scene.site.put(
            f"https://api.biorxiv.org/details/medrxiv/{doi}", as_json({"collection": [row]})
        )
    assert scene.one(one)["outcome"] == "no full text"


@pytest.mark.parametrize(
    "body", [b"[" * 100_000, b'{"records": [{"pmcid": "\\ud800"}]}', b"\xff\xfe", b"1" * 10_000]
)
def test_odd_json_of_any_registry_is_no_crash(scene: Scene, body: bytes) -> None:
    odd = Answer(body=body, content_type="application/json")
    for wanted in list(scene.site.answers):
        if wanted[0] != papers.BUCKET:
            scene.site.answers[wanted] = odd
    scene.site.answers[papers.key(papers.BUCKET, "/PMC9000001.1/PMC9000001.1.json")] = odd
    assert scene.figures(OPEN, ELSEWHERE).code in {0, 1}
    assert scene.scene.run("dois").code in {0, 1}


def test_what_a_newer_version_takes_back_is_not_taken_from_an_older_one(scene: Scene) -> None:
    listed = "".join(
        f"<CommonPrefixes><Prefix>PMC9000001.{at}/</Prefix></CommonPrefixes>" for at in (1, 2)
    )
    body = f"<ListBucketResult>{listed}</ListBucketResult>".encode()
    scene.site.put(
        f"{BUCKET}/?list-type=2&prefix=PMC9000001.&delimiter=/", file(body, "application/xml")
    )
    newer = {**papers.OPEN.record(), "version": 2, "media_urls": [], "license_code": "TDM"}
    scene.site.put(f"{BUCKET}/PMC9000001.2/PMC9000001.2.json", as_json(newer))
    assert scene.one(OPEN)["outcome"] == "not cleared"
    assert scene.scene.files() == {}


def test_a_pdf_at_hand_waits_for_those_who_know_of_retractions(scene: Scene) -> None:
    doi = papers.RETRACTED.doi
    path = scene.root / "paper.pdf"
    path.write_bytes(one_radiograph(doi))
    assert scene.one("--pdf", str(path))["outcome"] == "not cleared"
    lines = [f'"{host}" = "http://127.0.0.1:9"' for host in papers.HOSTS]
    settings = (scene.root / "covidxr.toml").read_text()
    (scene.root / "covidxr.toml").write_text("[http.route]\n" + "\n".join(lines))
    (scene.root / ".covidxr" / "http.sqlite").unlink()
    said = scene.figures("--pdf", str(path))
    assert said.code == 2
    assert "--offline" in said.out
    assert scene.scene.files() == {}
    (scene.root / "covidxr.toml").write_text(settings)
    assert scene.figures("--pdf", str(path), "--offline").code == 0


def test_a_second_opinion_that_is_not_heard_is_a_warning(scene: Scene) -> None:
    query = f"https://www.ebi.ac.uk/europepmc/webservices/rest/search?query=DOI:%22{OPEN}%22"
    busy = as_json({"error": "busy"}, status=500)
    scene.site.put(f"{query}&resultType=core&format=json", busy)
    assert "Europe PMC did not answer" in " ".join(scene.one(OPEN)["warnings"])


def test_a_pdf_of_the_bucket_that_does_not_come_now_may_come_later(scene: Scene) -> None:
    doi = "10.5555/pdf.11"
    figures = (papers.Figure(label="Figure 1", caption="Chest radiograph."),)
    article = papers.Article(doi=doi, pmcid="PMC9000095", figures=figures, pdf=one_radiograph(doi))
    scene.site.add(article)
    url = f"{BUCKET}/PMC9000095.1/PMC9000095.1.pdf"
    scene.site.put(url, as_json({"error": "busy"}, status=500))
    assert scene.one(doi)["outcome"] == "inconclusive"
    scene.site.add(article)
    assert scene.one(doi)["outcome"] == "candidate"


def test_a_server_that_has_no_time_for_a_pdf_leaves_the_paper_open(scene: Scene) -> None:
    elsewhere(scene.site)
    scene.site.put(PDF, as_json({"error": "busy"}, status=500))
    told = scene.one(ELSEWHERE, "--fetch-pdf")
    assert (told["outcome"], "answers 500" in told["reason"]) == ("inconclusive", True)


def test_a_retracted_paper_is_not_fetched_as_pdf(scene: Scene) -> None:
    elsewhere(scene.site)
    message = {"DOI": ELSEWHERE, "updated-by": [{"type": "retraction"}]}
    scene.site.put(
        "https://api.crossref.org/works/10.5555%2Felsewhere.8", as_json({"message": message})
    )
    assert "retracted" in scene.one(ELSEWHERE, "--fetch-pdf")["reason"]
    assert scene.asked("repository.example.org") == []


def test_a_list_in_utf_16_is_read(scene: Scene) -> None:
    path = scene.root / "list.txt"
    path.write_bytes(f"title\tdoi\nx\t{OPEN}\n".encode("utf-16"))
    assert scene.one("--from", str(path))["outcome"] == "candidate"


def test_a_doi_beside_two_pdf_files_is_refused(scene: Scene) -> None:
    said = scene.figures("--pdf", "a.pdf", "--pdf", "b.pdf", OPEN)
    assert said.code == 2
    assert "one DOI for each" in said.err


def test_a_list_that_comes_empty_under_load_is_no_end(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    pages = {
        "%2A": results(entry("10.5555/a", "A"), total=500, cursor="two"),
        "two": results(total=0),
    }
    with scraping(tmp_path, capsys, monkeypatch, Search(papers.site(), pages)) as made:
        said = made.run("discover")
        assert (said.code, "10.5555/a" in said.out) == (2, True)
        asked = len(made.replica.asked)
        pages["two"] = results(entry("10.5555/b", "B"), total=500)
        again = made.run("discover")
        assert "10.5555/b" in again.out
        assert len(made.replica.asked) == asked + 1


def test_a_candidate_is_shown_with_what_was_decided_on_its_figures(scene: Scene) -> None:
    scene.figures(OPEN, papers.MANUSCRIPT.doi, "--include-unlicensed")
    shown = scene.scene.run("candidates", "show", OPEN).out
    assert "figure Figure 2: CT (caption: “CT”), cut into 2 panels" in shown
    private = scene.scene.run("candidates", "show", papers.MANUSCRIPT.doi).out
    assert "not cleared, for private review only" in private


def test_what_is_not_in_the_open_subset_may_be_licensed_elsewhere(scene: Scene) -> None:
    scene.site.add(papers.Article(doi=ELSEWHERE, open_access=False, epmc_licence=""))
    elsewhere(scene.site)
    told = scene.one(ELSEWHERE, "--fetch-pdf")
    assert (told["outcome"], told["licence"]) == ("candidate", "CC-BY-4.0")
