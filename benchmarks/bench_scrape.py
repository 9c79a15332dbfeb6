"""Measure `covidxr scrape` against the replica of the sites, on this machine alone.

    python benchmarks/bench_scrape.py [--cases N] [--memory N]

The replica answers from a process of its own; covidxr runs on one core, where the system can hold
it there. Beside each crawl stands the least that any program must do: fetch the same addresses with
``requests``, in the same order, and write each answer to a file. Look at the ratios.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

HERE = Path(__file__).resolve().parent

SERVER = """
import sys, time
sys.path.insert(0, {root!r})
from importlib import import_module
from covidxr.replica.server import serving
site = import_module("covidxr.replica." + sys.argv[1]).many(int(sys.argv[2]))
with serving(site) as replica:
    print(replica.settings(), flush=True)
    print("# ready", flush=True)
    while True:
        line = sys.stdin.readline()
        if not line:
            break
        print(len(replica.asked), flush=True)
        for asked in replica.asked if line.strip() == "asked" else ():
            print(asked, flush=True)
"""

BARE = """
import sys, pathlib, requests
base, list_of, folder = sys.argv[1], sys.argv[2], pathlib.Path(sys.argv[3])
session = requests.Session()
for number, asked in enumerate(pathlib.Path(list_of).read_text().split()):
    host, _, path = asked.partition("/")
    answer = session.get(base + "/" + path, headers={"Host": host})
    (folder / str(number)).write_bytes(answer.content)
"""

# The network edge alone, at a pace: from the start of the first request to the end of the last.
PACED = """
import sys, time, pathlib
from covidxr.cli.clock import system
from covidxr.http import Web
from covidxr.netline import Access
from covidxr.settings import Route
from covidxr import scrape
base, delay, number, folder, key = sys.argv[1:]
source = scrape.find_source(key)
routes = {host: Route(base=base) for host in source.hosts}
access = Access(cache=pathlib.Path(folder) / "http.sqlite", clock=system, routes=routes)
with Web(source.hosts, float(delay), access) as web:
    host = source.hosts[0]
    began = time.monotonic()
    try:
        for each in range(1, int(number)):
            try:
                web.get(f"https://{host}/absent-{each}")
            except Exception as problem:
                assert "404" in str(problem), problem
    finally:
        print(time.monotonic() - began, web.sent)
"""


@dataclass
class Server:
    """A replica in a process of its own."""

    process: subprocess.Popen[str]
    settings: str

    @property
    def base(self) -> str:
        """Its address."""
        return self.settings.partition('base = "')[2].partition('"')[0]

    def asked(self) -> list[str]:
        """Every request so far."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write("asked\n")
        self.process.stdin.flush()
        count = int(self.process.stdout.readline())
        return [self.process.stdout.readline().strip() for _ in range(count)]


@contextlib.contextmanager
def replica(source: str, cases: int) -> Iterator[Server]:
    """Serve so many cases of a source."""
    process = subprocess.Popen(
        [sys.executable, "-c", SERVER.format(root=str(HERE.parent)), source, str(cases)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    lines: list[str] = []
    while not lines or lines[-1] != "# ready\n":
        lines.append(process.stdout.readline())
    try:
        yield Server(process, "".join(lines[:-1]))
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait()
        process.stdout.close()


@dataclass(frozen=True)
class Timing:
    """Wall seconds, processor seconds and peak memory of one command."""

    seconds: float
    processor: float
    mebibytes: float


def run(command: list[str], cwd: Path) -> Timing:
    """Run a command once, on one core."""
    before = time.perf_counter()
    child = subprocess.Popen(command, cwd=cwd, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(child.pid, {max(os.sched_getaffinity(0))})
    assert child.stderr is not None
    said = child.stderr.read()
    _, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    child.stderr.close()
    assert child.returncode == 0, said.decode()
    return Timing(
        time.perf_counter() - before, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024
    )


def collection(root: Path, server: Server) -> None:
    """A collection of one row, whose settings lead to the replica."""
    root.mkdir()
    header = "patientid,finding,filename,url\n"
    (root / "metadata.csv").write_text(f"{header}1,todo,a.png,https://example.org/1\n")
    permission = '[sources.radiopaedia]\npermission = "benchmark, 2026-01-01"\n'
    (root / "covidxr.toml").write_text(server.settings + permission)


WORDS = {"eurorad": ["pneumonia"], "radiopaedia": ["pneumonia"], "sirm": ["it"]}


def command(source: str) -> list[str]:
    """Crawl everything that the replica lists."""
    return [sys.executable, "-m", "covidxr", "scrape", source, *WORDS[source]]


def crawl(source: str, cases: int, runs: int, folder: Path) -> None:
    """A first crawl, the same again, and a bare loop over the same addresses."""
    first, again, bare = [], [], []
    with replica(source, cases) as server:
        for number in range(runs):
            root = folder / f"{source}-{number}"
            collection(root, server)
            before = len(server.asked())
            first.append(run(command(source), root))
            asked = server.asked()[before:]
            again.append(run(command(source), root))
            assert len(server.asked()) == before + len(asked), "the second run asked for something"
            (folder / "asked").write_text("\n".join(asked))
            (root / "bare").mkdir()
            bare.append(
                run(
                    [sys.executable, "-c", BARE, server.base, str(folder / "asked"), "bare"],
                    root,
                )
            )
    took = statistics.median(each.seconds for each in first)
    plain = statistics.median(each.seconds for each in bare)
    cached = statistics.median(each.seconds for each in again)
    print(f"\n{source}: {cases} cases, {len(asked)} requests (median of {runs})")
    print(
        f"  first crawl    {took:7.2f} s  {cases / took:6.1f} cases/s  {took / plain:5.2f} x bare"
    )
    print(f"  the same again {cached:7.2f} s  {cases / cached:6.0f} cases/s")
    print(f"  bare loop      {plain:7.2f} s")


def paced(folder: Path, delay: float, number: int) -> None:
    """Requests at a delay."""
    paced_command = [sys.executable, "-c", PACED]
    with replica("eurorad", 1) as server:
        done = subprocess.run(
            [*paced_command, server.base, str(delay), str(number), str(folder), "eurorad"],
            capture_output=True,
            text=True,
            check=True,
        )
    took, sent = done.stdout.split()
    ideal = delay * int(sent)
    print(
        f"\npace: {sent} requests at {delay} s took {float(took):.2f} s, "
        f"{100 * (float(took) / ideal - 1):+.1f} % of {sent} x {delay}"
    )


def memory(source: str, cases: int, folder: Path) -> None:
    """Peak memory of a small and a large crawl."""
    peaks = {}
    for count in (cases // 20, cases // 4, cases):
        with replica(source, count) as server:
            root = folder / f"memory-{count}"
            collection(root, server)
            timing = run(command(source), root)
            peaks[count] = timing.mebibytes
            print(f"  {count:6} cases: {timing.mebibytes:6.0f} MiB, {timing.seconds:.1f} s")
    small, _, large = peaks.values()
    print(f"  {cases} cases take {large / small:.2f} x the memory of {cases // 20}")


def main() -> None:
    """Measure all of it."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--cases", type=int, default=200)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--memory", type=int, default=2000, help="cases of the largest crawl")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for source in WORDS:
            crawl(source, given.cases, given.runs, folder)
        paced(folder, 0.25, 80)
        print("\nmemory, eurorad")
        memory("eurorad", given.memory, folder)


if __name__ == "__main__":
    main()
