"""A crawl that is killed at any moment, and run again, gives the same candidates byte for byte."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import time
from functools import cache
from typing import TYPE_CHECKING

import pytest
from tests import build
from tests.scraping import PERMISSION

from covidxr.replica.radiopaedia import many
from covidxr.replica.server import Replica, serving

if TYPE_CHECKING:
    from pathlib import Path

CASES = 5

# The program as it is, but for the time of day: what was retrieved when is part of a record.
PROGRAM = """
import datetime as dt, sys
from covidxr.cli import clock
clock.SystemClock.utc_now = lambda self: dt.datetime(2026, 1, 2, 3, 4, 5, tzinfo=dt.UTC)
from covidxr.__main__ import entry
sys.argv[0] = "covidxr"
entry()
"""


def start(root: Path) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", PROGRAM, "scrape", "radiopaedia", "pneumonia"]
    return subprocess.Popen(
        command, cwd=root, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def collection(root: Path, replica: Replica) -> None:
    (root / "metadata.csv").write_text(build.csv_text(build.rows({})))
    (root / "covidxr.toml").write_text(replica.settings() + PERMISSION)


def candidates(root: Path, replica: Replica) -> dict[str, bytes]:
    """Every file, with the one thing that differs from run to run taken out: the mirror's port."""
    top = root / ".covidxr" / "candidates"
    return {
        path.relative_to(top).as_posix(): path.read_bytes().replace(replica.base.encode(), b"base")
        for path in sorted(top.rglob("*"))
        if path.is_file()
    }


@cache
def undisturbed(folder: Path) -> tuple[dict[str, bytes], int]:
    """The candidates of a run that nobody disturbs, and how many requests it takes."""
    root = folder / "undisturbed"
    root.mkdir(exist_ok=True)
    with serving(many(CASES)) as replica:
        collection(root, replica)
        done = start(root)
        out, err = done.communicate(timeout=60)
        assert done.returncode == 0, err
        assert f"{CASES} new candidates with {CASES} images" in out
        return candidates(root, replica), len(replica.asked)


@pytest.mark.parametrize("moment", range(20))
def test_a_killed_crawl_goes_on_where_it_was(
    moment: int, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    expected, requests = undisturbed(tmp_path_factory.getbasetemp())
    chance = random.Random(moment)  # noqa: S311 - a moment is no secret
    with serving(many(CASES)) as replica:
        collection(tmp_path, replica)
        running = start(tmp_path)
        # Somewhere between two requests: behind every one of them once, at a moment of chance.
        until = moment % requests
        deadline = time.monotonic() + 30
        while len(replica.asked) <= until and running.poll() is None:
            assert time.monotonic() < deadline
            time.sleep(0.0005)
        time.sleep(chance.random() * 0.02)
        running.send_signal(signal.SIGKILL)
        running.communicate()
        again = start(tmp_path)
        _, err = again.communicate(timeout=60)
        assert again.returncode == 0, err
        assert candidates(tmp_path, replica) == expected
        # What had come was not fetched again: at most the one request that was under way.
        assert len(replica.asked) <= requests + 1
