"""`covidxr accept`, `reject`, `defer`, `undo` and `review --list`, as a user types them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from tests import build, candidates

from covidxr.cli.app import main

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "images").mkdir()
    (tmp_path / "metadata.csv").write_text(build.csv_text(build.rows({})))
    (tmp_path / "images" / "image-1.png").write_bytes(candidates.picture(90))
    candidates.keep(tmp_path, candidates.case(5, images=2))
    candidates.keep(tmp_path, candidates.case(6))
    return tmp_path


@pytest.fixture
def run(root: Path, capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str, str]]:
    def typed(*argv: str) -> tuple[int, str, str]:
        code = main([*argv, "--root", str(root)])
        out, err = capsys.readouterr()
        return code, out, err

    return typed


ROW = ("--set", "finding=COVID-19", "--set", "view=PA")


def images(root: Path) -> set[str]:
    return {path.name for path in (root / "images").iterdir()}


def test_accepting_an_image_says_what_became_of_it(root: Path, run: Any) -> None:
    code, out, err = run("accept", "eurorad/6", *ROW, "--by", "Ann")
    assert (code, err) == (0, "")
    assert out == ("accepted: eurorad/6/eurorad-6-1.png -> eurorad-6-1.png, patient 2 (line 3)\n")
    assert "Ann" in (root / "provenance.csv").read_text()


def test_a_case_means_all_its_images_that_are_open(root: Path, run: Any) -> None:
    run("reject", "eurorad-5-1.png", "--reason", "blurred")
    code, out, _ = run("accept", "eurorad/5", *ROW)
    assert code == 0
    assert out.count("accepted:") == 1
    assert images(root) == {"image-1.png", "eurorad-5-2.png"}


def test_what_is_refused_is_told_and_does_not_keep_the_others(root: Path, run: Any) -> None:
    record = root / ".covidxr" / "candidates" / "eurorad" / "5" / "case.json"
    changed = json.loads(record.read_text())
    changed["images"][0]["draft"]["age"] = "old"
    record.write_text(json.dumps(changed))
    code, out, err = run("accept", "eurorad/*", *ROW)
    assert code == 1
    assert out.count("accepted:") == 2
    assert err == (
        "covidxr: eurorad/5/eurorad-5-1.png cannot be accepted yet: age: 'old' is not a number "
        "(write the number alone, in years, with a point for decimals)\n"
    )


def test_json_tells_both(run: Any) -> None:
    run("accept", "eurorad/6", *ROW)
    code, out, _ = run("accept", "eurorad/6/eurorad-6-1.png", "eurorad/5", *ROW, "--format", "json")
    told = json.loads(out)
    assert code == 1
    assert [each["entry"]["state"] for each in told["done"]] == ["accepted", "accepted"]
    assert "is in the collection as eurorad-6-1.png" in told["refused"][0]["message"]


@pytest.mark.parametrize(
    ("argv", "told"),
    [
        (("accept", "eurorad/6", "--set", "finding"), "--set takes FIELD=VALUE"),
        (("accept", "eurorad/6", "--set", "findings=x"), "did you mean finding?"),
        (("accept", "nobody/1"), "no candidate image 'nobody/1'"),
        (("reject", "eurorad/6"), "say so with --reason"),
        (("undo",), "no decision to undo"),
        (("accept", "eurorad/6", "--format", "xml"), "--format"),
    ],
    ids=str,
)
def test_what_makes_no_sense_is_refused_and_writes_nothing(
    root: Path, run: Any, argv: tuple[str, ...], told: str
) -> None:
    before = (root / "metadata.csv").read_bytes()
    code, out, err = run(*argv)
    assert (code, out) == (2, "")
    assert told in err
    assert (root / "metadata.csv").read_bytes() == before
    assert not (root / "provenance.csv").exists()


def test_undo_names_what_waits_again(root: Path, run: Any) -> None:
    before = (root / "metadata.csv").read_bytes()
    run("accept", "eurorad/6", *ROW)
    assert run("undo") == (0, "undone: eurorad/6/eurorad-6-1.png waits again\n", "")
    assert (root / "metadata.csv").read_bytes() == before
    assert images(root) == {"image-1.png"}


def test_the_queue_shows_what_is_open_and_counts_the_rest(run: Any) -> None:
    run("accept", "eurorad/6", *ROW)
    run("defer", "eurorad-5-2.png", "--reason", "ask the author")
    code, out, err = run("review", "--list")
    assert code == 0
    assert [line.split()[:2] for line in out.splitlines()[1:]] == [
        ["eurorad/5/eurorad-5-1.png", "waits"],
        ["eurorad/5/eurorad-5-2.png", "deferred"],
    ]
    assert err == "1 of 3 images wait, 1 accepted, 0 rejected, 1 deferred\n"
    assert "eurorad-6-1.png" in run("review", "--list", "--all")[1]


def test_the_queue_as_json_has_what_a_program_needs(run: Any) -> None:
    run("reject", "eurorad/6", "--reason", "\x1b[31mred")
    code, out, _ = run("review", "--list", "--all", "--format", "json")
    told = json.loads(out)
    assert code == 0
    assert told["progress"]["rejected"] == 1
    assert told["images"][-1]["decision"]["verdict"] == "reject"
    assert "\x1b" not in out


def test_without_candidates_the_review_says_where_they_come_from(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    (empty / "metadata.csv").write_text(build.csv_text(build.rows({})))
    assert main(["review", "--root", str(empty)]) == 0
    assert "covidxr scrape" in capsys.readouterr().err
