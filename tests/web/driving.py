"""A real `covidxr review` and a real browser, for the tests of the page."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, BrowserContext, Page, Playwright

NAMES = ("chromium", "chromium-browser", "google-chrome")
QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)


def missing(what: str) -> None:
    """Skip, or fail where the machine is meant to have it."""
    if os.environ.get("COVIDXR_BROWSER") == "required":
        pytest.fail(f"{what}, and COVIDXR_BROWSER says that it is required")
    pytest.skip(what)


def launched(playwright: Playwright) -> Browser:
    """Start a browser without a window."""
    found = next(filter(None, map(shutil.which, NAMES)), None)
    if found is None:
        missing(f"no browser is installed (looked for {', '.join(NAMES)})")
    return playwright.chromium.launch(executable_path=found, args=list(QUIET))


def axe() -> str:
    """Path of axe-core's script."""
    path = os.environ.get("COVIDXR_AXE", "")
    if not os.path.isfile(path):  # noqa: PTH113
        missing("axe-core is not here: COVIDXR_AXE is to name its axe.min.js")
    return path


@contextmanager
def serving(root: Path, *options: str) -> Iterator[str]:
    """Run `covidxr review` and give the address that it prints."""
    with started(root, *options) as (address, _):
        yield address


@contextmanager
def started(root: Path, *options: str) -> Iterator[tuple[str, int]]:
    """Run `covidxr review` and give the address that it prints, and its process."""
    command = [sys.executable, "-m", "covidxr", "review", "--no-browser", "--by", "A. Curator"]
    with subprocess.Popen(
        [*command, "--root", str(root), *options],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as server:
        assert server.stdout is not None
        try:
            yield server.stdout.readline().strip(), server.pid
        finally:
            server.send_signal(signal.SIGINT)
            server.wait(30)
        assert server.returncode == 0


def windows(
    browser: Browser, *, width: int = 1280, height: int = 900, dark: bool = False, **more: bool
) -> BrowserContext:
    """A profile of its own, with its own cookies."""
    return browser.new_context(
        viewport={"width": width, "height": height},
        color_scheme="dark" if dark else "light",
        bypass_csp=more.get("bypass_csp", False),
        has_touch=more.get("has_touch", False),
    )


def opened(context: BrowserContext, address: str) -> Page:
    """A window on the page; an error in a script fails the test."""
    page = context.new_page()
    page.set_default_timeout(15_000)

    def fail(error: object) -> None:
        raise AssertionError(f"a script failed: {error}")

    page.on("pageerror", fail)
    page.goto(address)
    page.wait_for_selector("h1")
    return page
