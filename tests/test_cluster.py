"""Dask's workers give the same facts as this process does."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests import build, candidates

from covidxr.cli.app import main
from covidxr.cluster import cluster
from covidxr.errors import CollectionError
from covidxr.filelook import Work, look_at_files
from covidxr.levels import ImageDepth
from covidxr.places import Folder

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = [
    pytest.mark.filterwarnings("ignore"),  # what Dask and Tornado warn of is theirs
    pytest.mark.xdist_group("dask"),
]


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    from distributed import LocalCluster

    with LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None
    ) as local:
        yield str(local.scheduler_address)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    rows = build.rows(*({"filename": f"{number}.png", "view": "PA"} for number in range(12)))
    (tmp_path / "metadata.csv").write_text(build.csv_text(rows))
    (tmp_path / "images").mkdir()
    for number in range(12):
        (tmp_path / "images" / f"{number}.png").write_bytes(candidates.picture(number))
    (tmp_path / "images" / "broken.jpg").write_bytes(b"\xff\xd8\xff no picture")
    return tmp_path


def test_a_cluster_of_two_workers_gives_identical_facts(address: str, root: Path) -> None:
    alone = look_at_files(Folder(root), Work(depth=ImageDepth.FULL))
    with cluster(address) as executor:
        told: list[tuple[int, int]] = []
        work = Work(
            depth=ImageDepth.FULL,
            workers=executor,
            progress=lambda *done: told.append(done),
        )
        together = look_at_files(Folder(root), work)
    assert list(together.items()) == list(alone.items())
    assert told[-1] == (13, 13)


def test_the_command_line_sends_whole_paths(
    address: str, root: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(root.parent)
    assert main(["facts", "--root", root.name, "--dask", address, "--format", "csv"]) == 0
    sent = capsys.readouterr().out
    assert main(["facts", "--root", root.name, "--jobs", "1", "--format", "csv"]) == 0
    assert capsys.readouterr().out == sent
    assert sent.count("\n") == 14
    assert main(["facts", "--root", root.name, "--dask", address, "--jobs", "2"]) == 2


def test_a_scheduler_that_does_not_answer_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("covidxr.cluster._PATIENCE", "1s")
    with (
        pytest.raises(CollectionError, match=r"no Dask scheduler answers at tcp://127\.0\.0\.1:9"),
        cluster("tcp://127.0.0.1:9"),
    ):
        pass
