"""A collection, a replica in the sites' place, and the real command line between them."""

from __future__ import annotations

import json
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tests import build
from tests.clock import FakeClock

from covidxr.cli import clock, output
from covidxr.cli.app import main
from covidxr.replica.server import Replica, serving

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import pytest

    from covidxr.replica.answers import Site

PERMISSION = '\n[sources.radiopaedia]\npermission = "A. Editor, by letter, 2026-01-01"\n'


@dataclass(frozen=True, kw_only=True)
class Said:
    """What one command gave back."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


class Scraping:
    """A collection beside a replica.

    Attributes
    ----------
    clock : FakeClock
        Waits are noted and not waited.
    """

    def __init__(self, root: Path, replica: Replica, capsys: pytest.CaptureFixture[str]) -> None:
        self.root, self.replica, self._capsys = root, replica, capsys
        self.clock = FakeClock()
        (root / "metadata.csv").write_text(build.csv_text(build.rows({})))
        self.settings(PERMISSION)

    def settings(self, more: str = "") -> None:
        """Send every host of the sites to the replica, without delay."""
        (self.root / "covidxr.toml").write_text(self.replica.settings() + more)

    def run(self, *argv: str) -> Said:
        """Run the command line on the collection."""
        self._capsys.readouterr()
        code = main([*argv, "--root", str(self.root)])
        output.display.colour, output.display.quiet = "auto", False
        out, err = self._capsys.readouterr()
        return Said(code=code, out=out, err=err)

    def files(self) -> dict[str, bytes]:
        """Every file of every candidate, what is half-done and hidden included."""
        top = self.root / ".covidxr" / "candidates"
        return {
            path.relative_to(top).as_posix(): path.read_bytes()
            for path in sorted(top.rglob("*"))
            if path.is_file()
        }

    def record(self, path: str) -> Any:
        """The record of one candidate."""
        return json.loads(self.files()[f"{path}/case.json"])


@contextmanager
def scraping(
    root: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    *sites: Site,
) -> Iterator[Scraping]:
    """Serve some sites and give the command line a clock that does not wait."""
    with serving(*sites) as replica:
        scene = Scraping(root, replica, capsys)
        monkeypatch.setattr(clock, "system", scene.clock)
        yield scene
