"""A folder that torchxrayvision's COVID19_Dataset reads as it is."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

from covidxr import exportcontents
from covidxr.about import NOTICE
from covidxr.labels import STEP, read_finding
from covidxr.model import Artifact
from covidxr.plugins import exporter

if TYPE_CHECKING:
    from collections.abc import Iterator

    from covidxr.dataset import Dataset
    from covidxr.model import ImageFacts

# Formats and depth that the loader's own reading of images makes the most of: it takes eight bits
# for granted, and the first of several channels (torchxrayvision 1.5.7, `datasets.normalize`).
_READ = frozenset({"JPEG", "PNG"})
_BITS = 8
_PIECE = 1 << 16
# Findings whose rows it drops, and the views that it takes unless told (version 1.5.7).
_DROPPED = frozenset({"todo", "Unknown"})
_VIEWS = frozenset({"PA", "AP"})


@exporter("torchxrayvision", title="torchxrayvision's COVID19_Dataset", since="0.1")
def torchxrayvision(dataset: Dataset) -> Iterator[Artifact]:
    """Write images and a table for torchxrayvision's ``COVID19_Dataset``.

    The loader parts findings at ``/`` and looks for each part in the text, as a pattern: findings
    that are several are therefore written as one path, and a blank one as ``Unknown``, which it
    drops. Only pictures of eight bits that it can read are in it; the others are listed with why.
    """
    kept, left = _sorted(dataset)
    yield Artifact(path="README.txt", data=_readme(dataset, kept, left).encode())
    yield Artifact(path="metadata.csv", parts=lambda: _table(dataset, set(kept)))
    if exportcontents.TERMS in dataset.documents:
        yield Artifact(path=exportcontents.TERMS, copy_of=exportcontents.TERMS)
    for path in kept:
        yield Artifact(path=path, copy_of=path)


def _sorted(dataset: Dataset) -> tuple[list[str], dict[str, int]]:
    """Give the files that the loader reads, and why how many others are left out."""
    kept, left = [], dict[str, int]()
    for facts in exportcontents.carried(dataset):
        why = _why_not(facts)
        if why:
            left[why] = left.get(why, 0) + 1
        else:
            kept.append(facts.path)
    return kept, left


def _why_not(facts: ImageFacts) -> str:
    if not facts.path.startswith("images/"):
        return "volume"
    if facts.format not in _READ:
        return f"{facts.format or 'unknown'}, which the loader cannot read"
    if facts.bits is not None and facts.bits > _BITS:
        return "more than 8 bits a pixel, which the loader takes for damaged"
    return ""


def _table(dataset: Dataset, kept: set[str]) -> Iterator[bytes]:
    table = dataset.table
    # Text beyond the last name would become a column of its own, "Unnamed: 29".
    labels = [name for name in table.labels if name.strip()]
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(labels)
    findings: dict[str, str] = {}
    written: set[str] = set()
    for row in dataset.rows:
        if row.path not in kept or row.path in written:
            continue
        written.add(row.path)
        finding = row["finding"]
        if finding not in findings:
            findings[finding] = as_path(finding)
        cells = [findings[finding] if name == "finding" else row[name] for name in labels]
        writer.writerow(cells)
        if out.tell() > _PIECE:
            yield out.getvalue().encode("utf-8", "replace")
            out.seek(0)
            out.truncate()
    yield out.getvalue().encode("utf-8", "replace")


def as_path(finding: str) -> str:
    """Give a finding as the loader reads it: every label once, parted by ``/``.

    Parameters
    ----------
    finding : str
        As a row has it.

    Examples
    --------
    >>> as_path("Pneumonia/Viral/COVID-19|Pneumonia/ARDS")
    'Pneumonia/Viral/COVID-19/ARDS'
    >>> as_path("")
    'Unknown'
    """
    reading = read_finding(finding)
    if reading.canonical is None or not reading.is_finding:
        # It drops exactly these two; anything else would become a label of its own.
        return "todo" if finding.strip() == "todo" else "Unknown"
    parts = [part for path in reading.paths for part in path]
    return STEP.join(dict.fromkeys(parts))


def _readme(dataset: Dataset, kept: list[str], left: dict[str, int]) -> str:
    about = exportcontents.description(dataset)
    lines = [exportcontents.title(dataset), "", about, ""]
    lines += ["    import torchxrayvision as xrv", ""]
    lines += ["    data = xrv.datasets.COVID19_Dataset(", '        imgpath="images",']
    lines += ['        csvpath="metadata.csv",', '        views=["*"],', "    )", ""]
    lines += [*_taken(dataset, kept), *_left_out(dataset, left)]
    if dataset.parts:
        lines.append("The split that was asked for is not in it: the loader knows none.")
    if NOTICE not in about:
        lines += ["", NOTICE]
    return "\n".join(lines) + "\n"


def _taken(dataset: Dataset, kept: list[str]) -> Iterator[str]:
    """Say how many images the loader gives of those that are there."""
    rows = [dataset.row(dataset.table.rows_of(path)[0]) for path in kept]
    views = [row["view"] for row in rows if as_path(row["finding"]) not in _DROPPED]
    usual = sum(view in _VIEWS for view in views)
    yield f"{exportcontents.counted(len(kept), 'image')} can be read."
    if len(views) < len(kept):
        yield (
            f"The loader gives {len(views):,} of them: it drops the findings todo and Unknown. "
            "Unknown is also written here for a finding that is blank, doubtful or no known label."
        )
    yield f"Without views it gives {usual:,}: those that are PA or AP."


def _left_out(dataset: Dataset, left: dict[str, int]) -> Iterator[str]:
    missing = exportcontents.without_file(dataset)
    for why, number in sorted(left.items()):
        yield f"Left out: {exportcontents.counted(number, 'file')} ({why})."
    if missing:
        yield f"Left out: {exportcontents.counted(missing, 'row')} (file not there)."
    again = len(dataset.table) - missing - len(exportcontents.carried(dataset))
    if again > 0:
        yield f"Left out: {exportcontents.counted(again, 'row')} (an earlier row names the file)."
