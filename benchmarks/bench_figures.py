"""Measure `covidxr figures` on real papers, on this machine alone.

    python benchmarks/bench_figures.py [--papers DIR] [--runs N]

DIR holds recorded answers for some papers, which are no part of the repository; without them an
invented set is measured instead, and said so. A local server of another process answers. Look at
the ratios and at where the time goes: machines differ.
"""

from __future__ import annotations

import argparse
import csv
import json
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent)]

from tests.replay import PAPERS, Replay  # noqa: E402

from covidxr import figurecut, jats, papercase, rights  # noqa: E402
from covidxr.drafts import draft_row  # noqa: E402
from covidxr.figurechoice import choose  # noqa: E402
from covidxr.lookup import Paper  # noqa: E402
from covidxr.registry import State  # noqa: E402
from covidxr.replica import papers  # noqa: E402 - the repository's root is put on the path first

if TYPE_CHECKING:
    from collections.abc import Callable

SERVER = """
import sys
sys.path.insert(0, {root!r})
from pathlib import Path
from covidxr.replica import papers
from tests.replay import Replay
from covidxr.replica.server import serving
site = Replay(Path(sys.argv[1])) if sys.argv[1] else papers.site()
with serving(site) as replica:
    settings = replica.settings()
    for host in papers.HOSTS:
        if host not in replica.sites:
            settings += '"%s" = {{ base = "%s", delay_seconds = 0 }}\\n' % (host, replica.base)
    print(settings, flush=True)
    print("# ready", flush=True)
    sys.stdin.read()
"""


def texts(top: Path | None) -> list[tuple[str, bytes]]:
    """Give DOI and XML of every paper."""
    if top is None:
        return [(each.doi, each.xml()) for each in papers.ALL if each.figures]
    folder = top / "api" / "derived" / "jats_pmc_2026"
    return [("", path.read_bytes()) for path in sorted(folder.glob("*.xml"))]


def drafts_of(data: bytes) -> int:
    """Go from XML to draft rows, without any picture."""
    article = jats.read_article(data)
    right = rights.article_right(article, ())
    paper = Paper(
        asked=article.doi, doi=article.doi, state=State.FOUND, title=article.title, article=article
    )
    rows = 0
    images = []
    for choice in choose(article, right):
        if not choice.reason:
            claim = papercase.claim_of(choice.right)
            credit = papercase.credit_of(paper, claim)
            images += [
                papercase.image_of(choice, piece, claim, credit, "")
                for piece in figurecut.planned(choice)
            ]
    case = papercase.case_of(paper, right, images, [])
    for image in images:
        rows += bool(draft_row(case, image, ""))
    return rows


def timed(work: Callable[[], object], runs: int) -> float:
    """Median seconds of some runs, after one that warms up."""
    work()
    took = []
    for _ in range(runs):
        began = time.perf_counter()
        work()
        took.append(time.perf_counter() - began)
    return statistics.median(took)


def jats_to_drafts(top: Path | None, runs: int) -> None:
    """Papers a second, and how much of it the XML parser alone takes."""
    from lxml import etree

    every = [data for _, data in texts(top)]
    whole = timed(lambda: [drafts_of(data) for data in every], runs)
    parsed = timed(lambda: [jats.read_article(data) for data in every], runs)
    bare = timed(lambda: [etree.fromstring(data) for data in every], runs)
    print(f"JATS to drafts, no pictures: {len(every)} papers (median of {runs})")
    for name, took in (("to drafts", whole), ("to figures", parsed), ("lxml alone", bare)):
        print(f"  {name:12} {len(every) / took:7.0f} papers/s  {took / bare:5.2f} x lxml alone")


def replay(top: Path | None, runs: int) -> None:
    """Run the whole command on every paper, and say where its time goes."""
    if top is None:
        dois = [each.doi for each in papers.ALL]
    else:
        with (top / "index.csv").open() as file:
            listed = [row["doi"].lower() for row in csv.DictReader(file) if row["doi"]]
        dois = list(dict.fromkeys(listed))
        known = Replay(top)
        dois = [doi for doi in dois if known.answer("doi.org", f"/doiRA/{doi}")]
    first, again = [], []
    results: dict[str, int] = {}
    with tempfile.TemporaryDirectory() as folder:
        server = subprocess.Popen(
            [sys.executable, "-c", SERVER.format(root=str(HERE.parent)), str(top or "")],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert server.stdout is not None
        lines: list[str] = []
        while not lines or lines[-1] != "# ready\n":
            lines.append(server.stdout.readline())
        try:
            for number in range(runs):
                root = Path(folder) / str(number)
                root.mkdir()
                (root / "metadata.csv").write_text("patientid,finding,filename,doi,url\n")
                (root / "covidxr.toml").write_text("".join(lines[:-1]))
                took, results = run([*dois], root)
                first.append(took)
                again.append(run([*dois], root)[0])
            split = profile([*dois], Path(folder) / "profiled", "".join(lines[:-1]))
        finally:
            server.kill()
            server.wait()
    sizes = f"{results['images']} images of {results['figures']} figures"
    print(
        f"\nwhole replay: {len(dois)} papers, {sizes}, {results['requests']} requests "
        f"(median of {runs})"
    )
    took = statistics.median(first)
    print(f"  first run       {took:6.2f} s  {len(dois) / took:5.1f} papers/s")
    print(f"  the same again  {statistics.median(again):6.2f} s")
    print("  where the time goes, of one run under the profiler:")
    for name, share in split:
        print(f"    {name:34} {share:5.1%}")


def run(dois: list[str], root: Path) -> tuple[float, dict[str, int]]:
    """Run the command once in a process of its own."""
    began = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-m", "covidxr", "-q", "figures", *dois, "--format", "json"],
        cwd=root,
        capture_output=True,
        text=True,
        check=False,
    )
    took = time.perf_counter() - began
    assert done.returncode in {0, 1}, done.stderr
    told: dict[str, Any] = json.loads(done.stdout)
    return took, {
        "requests": told["requests"],
        "images": sum(each["images"] for each in told["papers"]),
        "figures": sum(each["figures"] for each in told["papers"]),
    }


# Functions whose time, callees included, tells the parts of a run apart.
PARTS = {
    "asking the registries": ("lookup.py", "look_up"),
    "  of it reading JATS": ("jats.py", "read_article"),
    "fetching pictures": ("figurefetch.py", "figure"),
    "  of it looking at every byte": ("examine.py", "examine"),
    "  of it reading PDF files": ("pdfread.py", "read_pdf"),
    "cutting figures": ("figurecut.py", "cut"),
    "  of it finding panels": ("panels.py", "split"),
    "  of it writing panels as PNG": ("pixels.py", "crop_png"),
    "choosing figures by their words": ("figurechoice.py", "choose"),
    "writing to the disk": ("candidatestore.py", "write"),
    "importing libraries, on the way": ("<frozen importlib._bootstrap>", "_find_and_load"),
}

PROFILED = """
import cProfile, pstats, sys
from covidxr.cli.app import main
profile = cProfile.Profile()
profile.enable()
main(["-q", "figures", *sys.argv[2:]])
profile.disable()
profile.dump_stats(sys.argv[1])
"""


def profile(dois: list[str], root: Path, settings: str) -> list[tuple[str, float]]:
    """Give the share of each part of one run."""
    import pstats

    root.mkdir()
    (root / "metadata.csv").write_text("patientid,finding,filename,doi,url\n")
    (root / "covidxr.toml").write_text(settings)
    target = root / "profile"
    subprocess.run(
        [sys.executable, "-c", PROFILED, str(target), *dois],
        cwd=root,
        stdout=subprocess.DEVNULL,
        check=True,
    )
    stats = pstats.Stats(str(target))
    total: float = stats.total_tt  # type: ignore[attr-defined] # the stubs leave it out
    known: dict[tuple[str, int, str], tuple[int, int, float, float, Any]]
    known = stats.stats  # type: ignore[attr-defined] # the stubs leave it out
    shares = []
    for name, (file, function) in PARTS.items():
        took = sum(
            each[3]
            for (path, _, what), each in known.items()
            if what == function and path.endswith((f"/{file}", file))
        )
        shares.append((name, took / total))
    return shares


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--papers", type=Path, default=PAPERS)
    parser.add_argument("--runs", type=int, default=3)
    given = parser.parse_args()
    top = given.papers.resolve() if (given.papers / "api" / "replay.json").exists() else None
    if top is None:
        print("no recorded papers are at hand: invented ones are measured\n")
    jats_to_drafts(top, given.runs)
    replay(top, given.runs)


if __name__ == "__main__":
    main()
