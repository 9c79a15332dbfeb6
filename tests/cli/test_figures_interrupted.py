"""`covidxr figures` interrupted or killed at some moment: whole papers, and the same in the end."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest
from tests import build

from covidxr.replica import papers
from covidxr.replica.server import Replica, serving

if TYPE_CHECKING:
    from pathlib import Path

DOIS = (papers.OPEN.doi, papers.REPRODUCED.doi, papers.SEVERAL_FILES.doi)


def start(root: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "covidxr", "figures", *DOIS],
        cwd=root,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def collection(root: Path, replica: Replica) -> None:
    (root / "metadata.csv").write_text(build.csv_text(build.rows({})))
    (root / "covidxr.toml").write_text(replica.settings())


def images(root: Path) -> dict[str, int]:
    """Papers that are candidates, each with the number of its images; half ones would not read."""
    top = root / ".covidxr" / "candidates" / "figures"
    found = {}
    for folder in top.glob("[!.]*"):
        record = json.loads((folder / "case.json").read_text())
        kept = {file["name"] for image in record["images"] for file in image["files"]}
        assert kept <= {path.name for path in folder.iterdir()}
        found[record["doi"]] = len(record["images"])
    return found


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGKILL])
@pytest.mark.parametrize("moment", [2, 7, 9, 12])
def test_a_run_that_is_ended_goes_on_where_it_was(
    moment: int, how: signal.Signals, tmp_path: Path
) -> None:
    with serving(papers.site()) as replica:
        collection(tmp_path, replica)
        running = start(tmp_path)
        deadline = time.monotonic() + 60
        while len(replica.asked) < moment and running.poll() is None:
            assert time.monotonic() < deadline
            time.sleep(0.001)
        running.send_signal(how)
        _, said = running.communicate(timeout=60)
        assert "Traceback" not in said
        if running.returncode not in {0, -signal.SIGKILL}:
            assert running.returncode == 130
        before = images(tmp_path)
        again = start(tmp_path)
        _, said = again.communicate(timeout=60)
        assert again.returncode == 0, said
        assert images(tmp_path) == dict(zip(DOIS, (3, 1, 2), strict=True))
        assert before.items() <= images(tmp_path).items()
