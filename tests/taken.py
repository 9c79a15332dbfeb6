"""A small collection with annotations and candidates, for tests of takedowns."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from tests import build, candidates
from tests.clock import FakeClock

from covidxr import accepting, takedown, transaction
from covidxr.reviewbooks import Shelf
from covidxr.reviewqueue import candidates as images_of
from covidxr.reviewqueue import read_record
from covidxr.reviewsheet import Decision, Verdict

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

ROWS: tuple[Mapping[str, str], ...] = (
    {"patientid": "7", "filename": "a-1.png", "url": "https://example.org/case/7"},
    {"patientid": "7", "filename": "a-2.png", "url": "https://example.org/case/7"},
    {"patientid": "8", "filename": "b-1.png", "url": "https://example.org/paper"},
    {"patientid": "9", "filename": "c-1.png", "url": "https://example.org/paper"},
    {
        "patientid": "9",
        "filename": "c-2.nii.gz",
        "folder": "volumes",
        "modality": "CT",
        "view": "Axial",
        "url": "https://doi.org/10.1000/Paper",
        "doi": "10.1000/paper",
    },
)

COCO = {
    "images": [{"id": n, "file_name": row["filename"]} for n, row in enumerate(ROWS)],
    "annotations": [{"id": n, "image_id": n % 5, "bbox": [1, 2, 3, 4]} for n in range(10)],
}
SCORES = "## Scores\nfilename,score\n" + "".join(f"{row['filename']},1.0\n" for row in ROWS)


def collection(root: Path, *more: Mapping[str, str]) -> Path:
    """Write a collection of five rows, and others."""
    rows = build.rows(*ROWS, *more)
    for name in ("images", "volumes", "annotations/masks"):
        (root / name).mkdir(parents=True)
    for number, row in enumerate(rows):
        path = root / row["folder"] / row["filename"]
        path.write_bytes(candidates.picture(500 + number))
        stem = row["filename"].partition(".")[0]
        (root / "annotations" / "masks" / f"{stem}_mask.png").write_bytes(
            b"mask of " + stem.encode()
        )
    (root / "metadata.csv").write_text(build.csv_text(rows))
    (root / "annotations" / "boxes.json").write_text(json.dumps(COCO, indent=1))
    (root / "annotations" / "scores.csv").write_text(SCORES)
    return root


def plan(root: Path, *names: str, reason: str = "asked for", by: str = "Ann") -> takedown.Plan:
    options = takedown.Options(root=root, names=names, reason=reason, by=by, clock=FakeClock())
    return takedown.plan(options)


def take(root: Path, *names: str, reason: str = "asked for") -> takedown.Plan:
    """Take down, and give what was planned."""
    made = plan(root, *names, reason=reason)
    takedown.carry_out(made)
    return made


def accept(root: Path, id_: str, **cells: str) -> None:
    """Accept a candidate as a review does, without asking any rule."""
    books = Shelf(root).books()
    case, _, name = id_.rpartition("/")
    folder = root / ".covidxr" / "candidates" / case
    images = images_of(read_record((folder / "case.json").read_text()), case)
    image = next(each for each in images if each.id == id_)
    decision = Decision(verdict=Verdict.ACCEPT, reason="", by="Ann", at="2026-01-01T00:00:00Z")
    row = {**build.GOOD_ROW, "filename": name, "url": image.provenance.page_url, **cells}
    written = accepting.accept(books, image, decision, row, (folder / name).read_bytes())
    with transaction.holding(root):
        transaction.commit(root, written.changes)


def files(root: Path) -> dict[str, bytes]:
    """Every file of a collection, its candidates among them, without locks."""
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in sorted(root.rglob("*"))
        if path.is_file() and "locks" not in path.parts and path.name != ".gitignore"
    }
