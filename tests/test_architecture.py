"""Who may do what: only the edges touch the disk, the screen and the slow libraries.

Who may import whom is held by import-linter; `make imports` runs it.
"""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest
from tests import build

import covidxr

PACKAGE = Path(covidxr.__file__).parent
SOURCES = sorted(PACKAGE.rglob("*.py"))

SLOW = (
    *("pandas", "pandera", "numpy", "matplotlib", "PIL", "pydicom", "cv2", "pdfplumber"),
    *("starlette", "uvicorn", "jinja2"),
)

DISK = {"disk.py", "store.py", "candidatestore.py", "savedfiles.py", "revisions.py"} | {
    "reviewstore.py", "likenessstore.py", "takedownfiles.py", "transaction.py", "demofolder.py",
    "places.py", "elsewhere.py", "volumefiles.py", "exportfolder.py", "subsetfolder.py",
    "snapshots.py", "newfolder.py",
} | {
    # A contribution is read where it lies, archives too; a secret and a list of names are kept.
    "ingestfiles.py", "ingestarchives.py", "ingestsecret.py", "quarantine.py",
}  # fmt: skip
SCREEN = {"cli", "web"}

LOOKING = (
    *("borders", "burntin", "features", "likeness", "montage", "overlaps", "panels"),
    *("pixelfacts", "pixels", "radiologic", "regions", "sidebyside", "viewing"),
)

# Calls that open, read, write, move or list files, whatever the object is called.
OPENING = {"open", "read_text", "read_bytes", "write_text", "write_bytes", "unlink", "rename"} | {
    "mkdir", "rmdir", "touch", "iterdir", "rglob", "glob", "symlink_to", "mkstemp", "rmtree"
}  # fmt: skip
# Methods that ask: a name of 300 letters or a link in a circle raises here as well.
ASKING = {"exists", "is_file", "is_dir", "is_symlink", "stat", "lstat", "resolve"} | {
    "readlink", "samefile", "absolute", "cwd", "home", "getcwd", "realpath", "access"
}  # fmt: skip


class Scanned(NamedTuple):
    """What a file does, as far as its text tells: read once, for many questions."""

    calls: list[tuple[str, str]]
    imports: set[str]
    streams: set[str]


@cache
def scanned(path: Path) -> Scanned:
    found = Scanned([], set(), set())
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            found.calls.append(("", node.func.id))
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            found.calls.append((ast.unparse(node.func.value), node.func.attr))
        elif isinstance(node, ast.Import):
            found.imports.update(alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.imports.add(node.module.partition(".")[0])
        elif isinstance(node, ast.Attribute) and ast.unparse(node.value) == "sys":
            found.streams.add(node.attr)
    return found


def calls(path: Path) -> list[tuple[str, str]]:
    """All calls of a file: the object or module in front, and the function's name."""
    return scanned(path).calls


def imported(path: Path) -> set[str]:
    """Names of the packages that a file imports from, wherever it does."""
    return scanned(path).imports


def named(path: Path) -> str:
    return path.relative_to(PACKAGE).as_posix()


def others(*parts: str) -> list[Path]:
    """Every file except those of some parts; what renders is never the screen itself."""
    return [
        path
        for path in SOURCES
        if named(path).partition("/")[0] not in parts or "render" in path.parts
    ]


def test_only_the_store_and_git_touch_the_disk() -> None:
    # The store has functions of these names; asking it is the way. Bytes in memory are no file.
    # What `columns` resolves is a name.
    allowed = {"disk", "store", "candidatestore", "Image", "PIL.Image", "gzip", "io", "columns"}
    opened = [
        (named(path), f"{owner}.{name}")
        for path in others(*DISK)
        for owner, name in calls(path)
        if (name in OPENING or (owner and name in ASKING)) and owner not in allowed
    ]
    assert opened == []


def test_only_the_command_line_writes_to_the_screen() -> None:
    used = [(named(path), scanned(path).streams) for path in others(*SCREEN)]
    assert not [each for each in used if each[1] & {"stdout", "stderr", "stdin"}]
    printed = [(named(path), name) for path in others(*SCREEN) for _, name in calls(path)]
    assert not [each for each in printed if each[1] in {"print", "input"}]


def test_only_the_command_line_looks_at_the_clock() -> None:
    asked = [(named(path), name) for path in others(*SCREEN) for _, name in calls(path)]
    assert not [each for each in asked if each[1] in {"now", "utcnow", "today"}]
    assert not [named(path) for path in others(*SCREEN) if "time" in imported(path)]


@pytest.mark.parametrize(
    ("module", "users"),
    [
        ("click", []),
        ("requests", ["http.py", "netline.py"]),
        ("requests_cache", ["http.py"]),
        ("protego", ["http.py"]),
        ("httpx", []),
        ("urllib3", ["http.py", "netline.py"]),
        ("socket", ["http.py", "netline.py", "web/serving.py"]),
        ("bs4", ["htmlpage.py"]),
        ("lxml", ["jatstree.py"]),
        ("cv2", [f"imaging/{name}.py" for name in LOOKING]),
        ("simplejpeg", ["imaging/jpegpixels.py"]),
        ("xxhash", ["imaging/pixels.py"]),
        ("distributed", ["cluster.py"]),
        ("fsspec", ["elsewhere.py"]),
        ("pdfplumber", ["pdfread.py"]),
        ("pypdfium2", ["pdfread.py"]),
        ("multiprocessing", ["cli/leave.py", "cli/workers.py", "pdfread.py", "store.py"]),
        ("filelock", ["candidatestore.py", "transaction.py"]),
        ("http", ["http.py", "replica/server.py"]),
        ("pandera", ["schema.py"]),
        ("subprocess", ["imaging/gdcmchild.py", "revisions.py"]),
        ("starlette", ["web/guard.py", "web/server.py"]),
        ("uvicorn", ["web/serving.py"]),
        ("jinja2", ["cli/render/reportpage.py", "web/pages.py"]),
        ("matplotlib", [f"cli/render/{name}.py" for name in ("labelplot", "reportplots")]),
        ("webbrowser", ["web/serving.py"]),
        ("sqlite3", ["http.py", "likenessstore.py"]),
        (
            "tempfile",
            ["candidatestore.py", "demofolder.py", "disk.py", "exportfolder.py", "subsetfolder.py"],
        ),
        ("pyarrow", ["arrowtable.py"]),
    ],
)
def test_a_library_is_known_to_its_edge_alone(module: str, users: list[str]) -> None:
    assert [named(path) for path in SOURCES if module in imported(path)] == users


def test_what_is_scanned_is_the_whole_package() -> None:
    assert {"store.py", "cli/app.py", "rules/__init__.py"} <= set(map(named, SOURCES))
    assert ("path", "open") in calls(PACKAGE / "store.py")


LOADED = """
import json, sys
from covidxr.cli.app import main
code = main(sys.argv[1:])
sys.stderr.write(json.dumps([code, sorted({name.partition(".")[0] for name in sys.modules})]))
"""


@pytest.mark.parametrize(
    "argv",
    [["--help"], ["--version"], ["validate", "--help"], ["stats"], ["stats", "--format", "readme"]],
    ids=" ".join,
)
def test_help_and_stats_load_no_slow_library(argv: list[str], tmp_path: Path) -> None:
    (tmp_path / "metadata.csv").write_text(build.csv_text(build.rows({}, {"view": "AP"})))
    done = subprocess.run(
        [sys.executable, "-c", LOADED, *argv],
        cwd=tmp_path,
        env={"PYTHONPATH": str(PACKAGE.parent), "PATH": ""},
        capture_output=True,
        text=True,
        check=False,
    )
    code, modules = json.loads(done.stderr)
    assert code == 0
    assert done.stdout
    assert [name for name in SLOW if name in modules] == []
