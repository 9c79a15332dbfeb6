"""Measure the review page in a browser: how soon it is ready, and how soon the next image is.

    python benchmarks/bench_review.py [--candidates N] [--browser PROGRAM]

Candidates of 1400 x 1200 pixels are drawn, `covidxr review` is started on them, and headless
Chromium goes through all of them. Beside it stands the least that any page must do: the same
browser shows the same files from Python's own file server, one `<img>` after the other.
"""

from __future__ import annotations

import argparse
import contextlib
import functools
import http.server
import shutil
import statistics
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tests import build, candidates
from tests.web import driving

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import CDPSession, Page

SIZE = (1400, 1200)
KINDS = 25

# From the key to the moment at which the other image is decoded and drawn.
NEXT = """key => new Promise(done => {
    const before = document.body.dataset.shown;
    const start = performance.now();
    const look = () => {
        const picture = document.querySelector('.viewer .picture');
        if (document.body.dataset.shown === before || !picture.complete || !picture.naturalWidth) {
            requestAnimationFrame(look);
            return;
        }
        picture.decode().then(() => requestAnimationFrame(() => done(performance.now() - start)));
    };
    document.body.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true }));
    look();
})"""

BARE = """address => new Promise(done => {
    const start = performance.now();
    const picture = document.createElement('img');
    picture.src = address;
    picture.decode().then(() => {
        document.body.replaceChildren(picture);
        requestAnimationFrame(() => done(performance.now() - start));
    });
})"""


def drawn(root: Path, count: int) -> None:
    """Make a collection of two rows and so many candidates."""
    (root / "images").mkdir()
    rows = build.rows({}, {})
    pictures = [candidates.picture(number, SIZE, "JPEG") for number in range(KINDS)]
    for row, picture in zip(rows, pictures, strict=False):
        (root / "images" / row["filename"]).write_bytes(picture)
    (root / "metadata.csv").write_text(build.csv_text(rows))
    for number in range(count):
        # A comment makes the bytes differ and costs nothing to write.
        picture = pictures[number % KINDS]
        note = f"candidate {number}".encode()
        marked = picture[:2] + b"\xff\xfe" + (len(note) + 2).to_bytes(2) + note + picture[2:]
        candidates.keep(root, candidates.case(10_000 + number), [marked])


def memory(process: int) -> float:
    """Megabytes that a process holds now (Linux)."""
    with contextlib.suppress(OSError):
        for line in Path(f"/proc/{process}/status").read_text().splitlines():
            if line.startswith("VmRSS"):
                return int(line.split()[1]) / 1024
    return float("nan")


def heap(session: CDPSession) -> float:
    """Megabytes of the page's own objects, after rubbish was collected."""
    session.send("HeapProfiler.collectGarbage")
    found: Any = session.send("Performance.getMetrics")
    return float({each["name"]: each["value"] for each in found["metrics"]}["JSHeapUsedSize"]) / 1e6


@contextlib.contextmanager
def files(folder: Path) -> Iterator[str]:
    """Serve a folder as it is."""

    class Silent(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            pass

    handler = functools.partial(Silent, directory=str(folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def ready(page: Page, address: str) -> float:
    """Seconds from asking for a page to its image being drawn and its form being there."""
    start = time.perf_counter()
    page.goto(address)
    page.wait_for_selector(".verdict-state:not(:empty)")
    page.evaluate("document.querySelector('.viewer .picture').decode()")
    return time.perf_counter() - start


def told(name: str, values: list[float], unit: str, limit: str) -> None:
    """Print a median and what most stay below."""
    ordered = sorted(values)
    high = ordered[int(len(ordered) * 0.95) - 1] if len(ordered) >= 20 else ordered[-1]
    print(
        f"{name:34} median {statistics.median(values):7.1f} {unit}, 95 % below {high:7.1f} {unit} "
        f"({len(values)} times; limit {limit})"
    )


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--candidates", type=int, default=500)
    parser.add_argument("--browser", default=next(filter(None, map(shutil.which, driving.NAMES))))
    options = parser.parse_args()
    from playwright.sync_api import sync_playwright

    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        root = Path(folder)
        drawn(root, options.candidates)
        browser = playwright.chromium.launch(
            executable_path=options.browser, args=list(driving.QUIET)
        )
        with driving.started(root) as (address, process), files(root) as plain:
            page = browser.new_page(viewport={"width": 1280, "height": 900})
            first = ready(page, address)
            home = address.partition("?")[0]
            again = [ready(page, home) for _ in range(10)]
            print(f"{'first page, with its images read':34} {first * 1000:.0f} ms (limit 1000 ms)")
            told("page ready", [each * 1000 for each in again], "ms", "1000 ms")
            session = page.context.new_cdp_session(page)
            session.send("Performance.enable")
            before = (memory(process), heap(session))
            steps = [page.evaluate(NEXT, "n") for _ in range(options.candidates // 2)]
            halfway = (memory(process), heap(session))
            page.goto(home)
            decided = []
            for _ in range(options.candidates // 2):
                page.fill("#reason", "later")
                page.focus("h1")
                decided.append(page.evaluate(NEXT, "d"))
            after = (memory(process), heap(session))
            told("next image", steps, "ms", "100 ms")
            told("next image after a decision", decided, "ms", "100 ms")
            other = browser.new_page()
            other.goto(plain)
            shown = sorted((root / ".covidxr" / "candidates").rglob("*.png"))[:100]
            bare = [
                other.evaluate(BARE, f"{plain}/{each.relative_to(root).as_posix()}")
                for each in shown
            ]
            told("the same file alone in an <img>", bare, "ms", "none")
            ratio = statistics.median(steps) / statistics.median(bare)
            print(f"{'next image / file alone':34} {ratio:.2f}")
            for name, place in (("server", 0), ("page", 1)):
                print(
                    f"memory of the {name:20} {before[place]:.0f} MB at first, "
                    f"{halfway[place]:.0f} MB and {after[place]:.0f} MB after each half"
                )
        browser.close()


if __name__ == "__main__":
    main()
