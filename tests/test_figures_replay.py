"""`covidxr figures` on real papers, over recorded and derived answers of the registries."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from dataclasses import dataclass
from typing import Any

import pytest
from tests.replay import PAPERS, Replay

from covidxr.replica import papers
from covidxr.replica.server import serving

pytestmark = pytest.mark.skipif(
    not (PAPERS / "api" / "replay.json").exists(), reason="the recorded papers are not at hand"
)

SHOWN = {"cxr", "ct", "cxr+ct", "ct+mri"}
Box = tuple[int, ...]


@dataclass(frozen=True, kw_only=True)
class Run:
    """One run over all papers."""

    told: dict[str, dict[str, Any]]
    records: dict[str, dict[str, Any]]
    code: int


def rows(name: str) -> list[dict[str, str]]:
    with (PAPERS / name).open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def licences() -> dict[str, str]:
    return {
        row["doi"].lower(): row["licence"]
        for row in rows("index.csv")
        if row["kind"].startswith("jats-europepmc-2020")
    }


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """The command from the shell, once for all tests of this module."""
    root = tmp_path_factory.mktemp("papers")
    (root / "metadata.csv").write_text("patientid,finding,filename,doi,url\n")
    with serving(Replay()) as replica:
        more = [
            f'"{host}" = {{ base = "{replica.base}", delay_seconds = 0 }}'
            for host in papers.HOSTS
            if host not in replica.sites
        ]
        (root / "covidxr.toml").write_text(replica.settings() + "\n".join(more) + "\n")
        done = subprocess.run(
            [sys.executable, "-m", "covidxr", "figures", *sorted(licences()), "--format", "json"],
            cwd=root,
            capture_output=True,
            text=True,
            check=False,
        )
    assert "Traceback" not in done.stderr
    told = {each["doi"].lower(): each for each in json.loads(done.stdout)["papers"]}
    top = root / ".covidxr" / "candidates" / "figures"
    records = [json.loads(path.read_text()) for path in top.glob("*/case.json")]
    return Run(
        told=told, records={each["doi"].lower(): each for each in records}, code=done.returncode
    )


def test_every_paper_has_an_end_that_is_certain(run: Run) -> None:
    assert run.code == 0
    assert set(run.told) == set(licences())
    assert {each["outcome"] for each in run.told.values()} == {"candidate", "no figure"}


def test_all_licences_are_right(run: Run) -> None:
    assert {doi: each["licence"] for doi, each in run.told.items()} == licences()


def test_radiographs_and_ct_are_found_and_nothing_else(run: Run) -> None:
    truth = {
        (row["doi"].lower(), row["fig_id"]) for row in rows("figures.csv") if row["truth"] in SHOWN
    }
    found = {
        (doi, figure["id"]) for doi, record in run.records.items() for figure in record["figures"]
    }
    assert len(truth & found) / len(truth) >= 0.95
    assert len(truth & found) / len(found) >= 0.95


def overlap(one: Box, other: Box) -> float:
    """Intersection over union."""
    width = min(one[2], other[2]) - max(one[0], other[0])
    height = min(one[3], other[3]) - max(one[1], other[1])
    if width <= 0 or height <= 0:
        return 0.0
    areas = sum((box[2] - box[0]) * (box[3] - box[1]) for box in (one, other))
    return width * height / (areas - width * height)


def score(truth: list[Box], found: list[Box]) -> float:
    """Right boxes over the larger number, as ImageCLEF counts; a box is right above 0.66."""
    left = list(found)
    right = 0
    for box in truth:
        match = next((each for each in left if overlap(box, each) > 0.66), None)
        if match is not None:
            left.remove(match)
            right += 1
    return right / max(len(truth), len(found))


def gold() -> list[dict[str, Any]]:
    figures: list[dict[str, Any]] = json.loads((PAPERS / "gold" / "panels.json").read_text())[
        "figures"
    ]
    return figures


def record_of(run: Run, figure: dict[str, Any]) -> dict[str, Any]:
    """What was decided on one figure of the gold set."""
    record = run.records[figure["doi"].lower()]
    found: dict[str, Any] = next(
        each for each in record["figures"] if each["id"] == figure["fig_id"]
    )
    return found


def boxes_of(figure: dict[str, Any]) -> list[Box]:
    """Panels that were cut out or are proposed; the whole file where there are none."""
    boxes = [tuple(panel["box"]) for panel in figure["panels"] if panel["box"]]
    (file,) = figure["files"]
    return boxes or [(0, 0, file["width"], file["height"])]


def test_panels_are_where_they_are_and_what_is_not_stays_whole(run: Run) -> None:
    scores = {}
    for figure in gold():
        record = record_of(run, figure)
        truth = [tuple(box) for panel in figure["panels"] for box in panel["boxes_xyxy"]]
        found = score(truth, boxes_of(record))
        scores[figure["image"]] = found
        # Whatever was cut out is right; what is only a proposal may be wrong.
        assert found == 1.0 or not record["split"], figure["image"]
    assert sum(scores.values()) / len(scores) >= 0.90, scores


def test_letters_are_those_of_the_captions(run: Run) -> None:
    for figure in gold():
        letters = [panel["label"] for panel in figure["panels"] if panel["label"]]
        found = dict.fromkeys(panel["letter"] for panel in record_of(run, figure)["panels"])
        assert [*found] == letters, figure["image"]


def test_no_single_image_is_cut(run: Run) -> None:
    single = [figure for figure in gold() if len(figure["panels"]) == 1]
    assert single
    assert [record_of(run, figure)["split"] for figure in single] == [False] * len(single)


def test_a_figure_that_may_not_be_changed_is_not_cut(run: Run) -> None:
    kept = {doi for doi, licence in licences().items() if "-ND-" in licence} & set(run.records)
    assert kept
    for doi in kept:
        assert not any(figure["split"] for figure in run.records[doi]["figures"])
        assert all("-whole." in each["files"][0]["name"] for each in run.records[doi]["images"])
