"""One look at each site: fine, changed, gone, or not known."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from tests.replica import faults
from tests.scraping import scraping

from covidxr import scrape
from covidxr.replica.answers import Answer, html
from covidxr.replica.radiopaedia import SITE

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

EXAMPLE = scrape.find_source("radiopaedia").example

LOOKS = {
    "fine": ([SITE.answer("radiopaedia.org", "/cases/synthetic-lobar-pneumonia")], 0, "fine"),
    "changed": ([html("<html><title>?</title><body>")], 1, "changed"),
    "gone": ([Answer(status=404)], 1, "gone"),
    "challenged": ([faults.challenge()], 1, "not known"),
    "refused": ([html("<body>no", status=403)], 1, "not known"),
}


@pytest.mark.parametrize(("answers", "code", "state"), LOOKS.values(), ids=LOOKS)
def test_a_site_is_asked_for_one_page_and_the_answer_is_judged(
    answers: Sequence[Any],
    code: int,
    state: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    path = EXAMPLE.partition("radiopaedia.org")[2].partition("?")[0]
    site = faults.Faulty(SITE, {path: answers}, for_ever=True)
    with scraping(tmp_path, capsys, monkeypatch, site) as scene:
        said = scene.run("sources", "radiopaedia", "--live")
        assert said.out.startswith(f"radiopaedia: {state}, "), said
        assert said.code == code
        assert len(scene.replica.pages()) == 1
        assert not (scene.root / ".covidxr").exists()
