"""Accepting that is killed at any moment, again and again, leaves a collection that agrees.

How often it is killed is set by ``COVIDXR_KILLS``; a hundred take half a minute.
"""

from __future__ import annotations

import contextlib
import csv
import hashlib
import io
import json
import os
import random
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests import build, candidates

import covidxr
from covidxr.cli.app import main
from covidxr.reviewbooks import Shelf
from covidxr.reviewqueue import candidates as images_of
from covidxr.reviewsheet import State

if TYPE_CHECKING:
    from collections.abc import Iterator

CELLS = ("--set", "view=PA", "--set", "finding=COVID-19", "--by", "Ann")
KILLS = int(os.environ.get("COVIDXR_KILLS", "25"))
ACCEPTS = 100
# Writing the files of one accept takes about this long here; elsewhere other moments are met.
_WRITING_SECONDS = 0.014

# One process learns all that is needed to accept, and is copied for each round: what is killed is a
# whole process, and no round waits for imports.
PROGRAM = """
import os, sys
from pathlib import Path
from covidxr.cli.clock import system
from covidxr.review import Options, Review
from covidxr.reviewsheet import Verdict

CELLS = {"finding": "Pneumonia/Viral/COVID-19", "view": "PA"}

def accept(root, most):
    review = Review(Options(root=root, clock=system, by="A. Curator"))
    review.next_waiting()
    print("begins", flush=True)
    for _ in range(most):
        entry = review.next_waiting()
        if entry is None:
            break
        review.decide(entry.id, Verdict.ACCEPT, cells=CELLS)

accept(Path(sys.argv[1]), 1)
print("ready", flush=True)
for line in sys.stdin:
    child = os.fork()
    if not child:
        accept(Path(sys.argv[1]), int(line))
        os._exit(0)
    print(child, flush=True)
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
"""

ENVIRONMENT = {**os.environ, "PYTHONPATH": str(Path(covidxr.__file__).parents[1])}

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs processes that are copied")


class Curator:
    """Accepts candidates in processes of their own, which can be killed."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process
        assert [self._said(), self._said()] == ["begins", "ready"]

    def _said(self) -> str:
        assert self._process.stdout is not None
        return self._process.stdout.readline().strip()

    def begin(self, most: int) -> int:
        """Start to accept so many, and give the process when it begins with the first."""
        assert self._process.stdin is not None
        self._process.stdin.write(f"{most}\n")
        self._process.stdin.flush()
        said = {self._said(), self._said()}
        assert "begins" in said
        return int((said - {"begins"}).pop())

    def ended(self) -> int:
        """Wait for the process, and give what it ended with."""
        return int(self._said())


@contextmanager
def curating(root: Path) -> Iterator[Curator]:
    with subprocess.Popen(
        [sys.executable, "-c", PROGRAM, str(root)],
        env=ENVIRONMENT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        yield Curator(process)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A collection of one row, whose last line has no end, and candidates of many patients."""
    (tmp_path / "images").mkdir()
    text = build.csv_text(build.rows({})).replace("\n", "\r\n").removesuffix("\r\n")
    (tmp_path / "metadata.csv").write_bytes(text.encode())
    (tmp_path / "images" / "image-1.png").write_bytes(candidates.picture(1))
    for number in range(1, ACCEPTS + 1):
        candidates.keep(tmp_path, candidates.case(number))
    return tmp_path


def read(root: Path, name: str) -> list[dict[str, str]]:
    path = root / name
    text = path.read_bytes().decode() if path.exists() else ""
    return list(csv.DictReader(io.StringIO(text, newline="")))


def check(root: Path, before: bytes, capsys: pytest.CaptureFixture[str]) -> int:
    """Validate finishes what was cut off; then all agrees. Give how many are accepted."""
    capsys.readouterr()
    code = main(["validate", "--root", str(root), "--format", "json"])
    told = json.loads(capsys.readouterr().out)
    severities = {each["severity"] for each in told["diagnostics"]}
    assert (code, severities - {"info"}) == (0, set()), told["diagnostics"]
    after = (root / "metadata.csv").read_bytes()
    assert after == before or after.startswith(before.removesuffix(b"\r\n") + b"\r\n")
    rows = read(root, "metadata.csv")[1:]
    lines = read(root, "provenance.csv")
    files = {path.name: path.read_bytes() for path in (root / "images").iterdir()}
    files.pop("image-1.png")
    assert [row["filename"] for row in rows] == [line["filename"] for line in lines]
    assert {name: hashlib.sha256(data).hexdigest() for name, data in files.items()} == {
        line["filename"]: line["sha256"] for line in lines
    }
    assert [row["url"] for row in rows] == [line["page_url"] for line in lines]
    assert len({row["patientid"] for row in rows}) == len(rows)
    assert len(set(files)) == len(rows)
    assert sorted(path.name for path in root.iterdir()) == sorted(
        {".covidxr", "images", "metadata.csv"} | ({"provenance.csv"} if lines else set())
    )
    # What was prepared and not decided on is the next writer's to remove.
    assert not (root / ".covidxr" / "transaction" / "list.json").exists()
    assert accepted(root) == {line["sha256"] for line in lines}
    return len(rows)


def accepted(root: Path) -> set[str]:
    """Hashes of the candidates that the next review will show as accepted."""
    books = Shelf(root).books()
    done = [event for event in books.events if event.verdict == "accept"]
    found = set()
    for number in range(1, ACCEPTS + 1):
        case = f"eurorad/{number}"
        path = root / ".covidxr" / "candidates" / case / "case.json"
        for image in images_of(json.loads(path.read_text()), case):
            if books.standing(image, {}).state is State.ACCEPTED:
                found.add(image.provenance.sha256)
    assert [event.sha256 for event in done] == [line.sha256 for line in books.ledger.lines]
    return found


def wait_for(path: Path) -> None:
    """Wait until a change is being written."""
    until = time.monotonic() + 1
    while not path.exists() and time.monotonic() < until:
        pass


def test_a_killed_accept_is_there_as_a_whole_or_not_at_all(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    chance = random.Random(11)  # noqa: S311 - moments, not secrets
    # So many a round that some are left for the last one.
    most = max(1, ACCEPTS * 3 // (4 * KILLS))
    with curating(root) as curator:
        curator.begin(most)
        began = time.monotonic()
        assert curator.ended() == 0
        seconds = time.monotonic() - began
        kills = done = 0
        while kills < KILLS and done < ACCEPTS:
            before = (root / "metadata.csv").read_bytes()
            child = curator.begin(most)
            if kills % 2:
                wait_for(root / ".covidxr" / "transaction")
                time.sleep(chance.uniform(0, _WRITING_SECONDS))
            else:
                time.sleep(chance.uniform(0, seconds))
            with contextlib.suppress(ProcessLookupError):
                os.kill(child, signal.SIGKILL)
            kills += curator.ended() == -signal.SIGKILL
            done = check(root, before, capsys)
        assert kills >= min(KILLS, 25)
        before = (root / "metadata.csv").read_bytes()
        curator.begin(ACCEPTS)
        assert curator.ended() == 0
    assert check(root, before, capsys) == ACCEPTS
    header, first, *_ = (root / "metadata.csv").read_bytes().splitlines(keepends=True)
    assert header + first == build.csv_text(build.rows({})).replace("\n", "\r\n").encode()


def test_two_who_accept_at_once_lose_nothing(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = (root / "metadata.csv").read_bytes()
    shares = [[f"eurorad/{number}" for number in range(first, 31, 2)] for first in (1, 2)]
    both = [
        subprocess.Popen(
            [sys.executable, "-m", "covidxr", "accept", *share, *CELLS, "--root", str(root)],
            env=ENVIRONMENT,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        for share in shares
    ]
    said = [each.communicate(timeout=120)[0] for each in both]
    assert [each.returncode for each in both] == [0, 0], said
    assert [text.count("accepted:") for text in said] == [15, 15]
    assert check(root, before, capsys) == 30
    urls = {row["url"] for row in read(root, "metadata.csv")[1:]}
    assert urls == {f"https://www.eurorad.org/case/{number}" for number in range(1, 31)}
