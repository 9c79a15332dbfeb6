"""What a person sees on a terminal while a crawl goes on."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from tests import build

from covidxr.replica import eurorad
from covidxr.replica.server import serving

if TYPE_CHECKING:
    from pathlib import Path

pty = pytest.importorskip("pty", reason="this system has no pseudo-terminals")


def shown_on_a_terminal(root: Path, *argv: str, **environment: str) -> str:
    """Run covidxr with a terminal for its standard error, and give all that was drawn there."""
    ours, theirs = pty.openpty()
    own = {key: value for key, value in os.environ.items() if key != "CI"}
    child = subprocess.Popen(
        [sys.executable, "-m", "covidxr", *argv],
        cwd=root,
        stdout=subprocess.DEVNULL,
        stderr=theirs,
        env=own | {"TERM": "xterm", "COLUMNS": "160"} | environment,
    )
    os.close(theirs)
    drawn = b""
    try:
        while piece := os.read(ours, 4096):
            drawn += piece
    except OSError:
        pass  # a terminal whose other end is gone says so like this
    finally:
        os.close(ours)
    assert child.wait() in {0, 1}
    return drawn.decode("utf-8", "replace")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "metadata.csv").write_text(build.csv_text(build.rows({})))
    return tmp_path


def test_a_display_shows_cases_images_and_why_it_waits(root: Path) -> None:
    with serving(eurorad.SITE) as replica:
        (root / "covidxr.toml").write_text(replica.settings(delay_seconds=0.3))
        drawn = shown_on_a_terminal(root, "scrape", "eurorad", "x", "--limit", "2")
    assert "page 1 of 3: 9 cases" in drawn
    assert "Eurorad · 1 case, page 1, 1 failed" in drawn
    assert "image 1/" in drawn
    assert "waiting 0.3 s for www.eurorad.org: the delay that the source asks for" in drawn
    assert "eurorad 18990: 2 images" in drawn
    assert "\x1b[" in drawn


def test_in_ci_there_are_plain_lines_on_a_terminal_too(root: Path) -> None:
    with serving(eurorad.SITE) as replica:
        (root / "covidxr.toml").write_text(replica.settings())
        drawn = shown_on_a_terminal(root, "scrape", "eurorad", "x", "--limit", "1", CI="true")
    assert "page 1 of 3: 9 cases" in drawn
    assert "\x1b[" not in drawn
