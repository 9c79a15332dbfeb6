"""The report in a browser: nothing is asked of the network, it fits, and it can be read by all."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from tests import build, candidates
from tests.web import driving

from covidxr.cli.app import main

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, BrowserContext, Page


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        started = driving.launched(playwright)
        yield started
        started.close()


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> str:
    root = tmp_path_factory.mktemp("collection")
    (root / "images").mkdir()
    rows = build.rows(
        {},
        {"age": "200", "finding": "No Finding", "url": "https://other.example/1"},
        {"filename": "gone.png", "location": "Springfield, Italy", "license": "as is"},
        {"finding": "Pneumonia/Fungal", "sex": "M", "filename": f"{'a-long-name-' * 8}.png"},
        {"location": '<img src="https://outside.example/x.png" onerror="alert(1)">'},
    )
    for number, row in enumerate(rows):
        if row["filename"] != "gone.png":
            (root / "images" / row["filename"]).write_bytes(candidates.picture(number))
    (root / "metadata.csv").write_text(build.csv_text(rows))
    out = root / "report.html"
    assert main(["report", "--root", str(root), "-o", str(out)]) == 0
    return out.as_uri()


def opened(context: BrowserContext, address: str) -> tuple[Page, list[str], list[str]]:
    """Open the page; what it asks for besides itself and what it complains of are noted."""
    page = context.new_page()
    asked: list[str] = []
    said: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: said.append(message.text))
    page.goto(address)
    others = [url for url in asked if url != address and not url.startswith("data:")]
    return page, others, said


@pytest.mark.parametrize("width", [1280, 390])
def test_the_page_loads_nothing_and_fits_its_window(
    browser: Browser, address: str, width: int
) -> None:
    context = driving.windows(browser, width=width)
    page, asked, said = opened(context, address)
    assert (asked, said) == ([], [])
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    context.close()


def test_pictures_are_there_and_a_diagnostic_leads_to_its_row(
    browser: Browser, address: str
) -> None:
    context = driving.windows(browser)
    page, _, _ = opened(context, address)
    loaded = "[...document.images].map(each => each.complete && each.naturalWidth > 0)"
    assert page.evaluate(loaded) == [True] * 4
    page.click("#rule-SCH205 td a")
    assert page.evaluate("location.hash") == "#row-3"
    assert page.evaluate("document.querySelector(':target').innerText").startswith("3")
    assert page.evaluate("document.querySelector(':target').getBoundingClientRect().top") < 900
    context.close()


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_axe_finds_nothing_serious(
    browser: Browser, address: str, width: int, *, dark: bool
) -> None:
    script = driving.axe()
    # The page's own rules let no script in, axe-core among them.
    context = driving.windows(browser, width=width, dark=dark, bypass_csp=True)
    page, _, _ = opened(context, address)
    page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
    page.add_script_tag(path=script)
    found: list[dict[str, Any]] = page.evaluate("axe.run().then(told => told.violations)")
    assert [(each["id"], each["help"], len(each["nodes"])) for each in found] == []
    context.close()
