"""The replica's Radiopaedia has what end-to-end tests rely on."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
import requests

from covidxr.replica import radiopaedia
from covidxr.replica.answers import SYNTHETIC, Answer
from covidxr.replica.radiopaedia import CASES, SITE
from covidxr.replica.server import serving


def answer(url: str) -> Answer | None:
    parts = urlsplit(url)
    return SITE.answer(parts.netloc, parts.path)


def test_every_image_is_there_but_the_original_that_is_gone() -> None:
    for known in CASES.values():
        for label, url in known.images.items():
            lesser = url.rpartition(".")[0].removesuffix("_big_gallery") + "_big_gallery.jpeg"
            assert (answer(url) is None) == (label in known.reduced)
            assert answer(lesser) is not None


def test_one_image_is_a_jpeg_under_the_name_of_a_png() -> None:
    found = answer(radiopaedia.CASE_2020.images["810001-2-1"])
    assert found is not None
    assert found.body.startswith(b"\xff\xd8")


@pytest.mark.parametrize("known", CASES.values(), ids=lambda known: known.published[:4])
def test_every_page_says_that_it_is_synthetic(known: radiopaedia.Known) -> None:
    found = answer(known.address)
    assert found is not None
    assert SYNTHETIC.encode() in found.body


def test_a_case_behind_sign_in_leads_there_and_a_withdrawn_one_is_not_there() -> None:
    walled = answer(radiopaedia.WALLED)
    assert walled is not None
    assert (walled.status, dict(walled.headers)["Location"]) == (302, "/users/sign_in")
    assert answer(radiopaedia.WITHDRAWN) is None
    assert answer(radiopaedia.UNKNOWN) is not None


def test_the_server_gives_robots_txt_without_a_delay_of_its_own() -> None:
    with serving(radiopaedia.many(1)) as replica:
        host = {"Host": "www.radiopaedia.org"}
        text = requests.get(f"{replica.base}/robots.txt", headers=host, timeout=10).text
    assert "Disallow: /quizzes/" in text
    assert "Crawl-delay" not in text
