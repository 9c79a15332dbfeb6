"""Facts of files as text, CSV and JSON. Returns strings, prints nothing."""

from __future__ import annotations

import csv
import dataclasses
import io
import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Callable, Mapping, Sequence

    from covidxr.model import ImageFacts

_PLAIN = (
    *("path", "bytes", "format", "width", "height", "mode", "bits", "frames", "sha256"),
    *("orientation", "gps"),
)
_PIXELS = ("digest", "hash", "levels", "colour", "transparent", "writing")
_DICOM = ("syntax", "photometric", "bits_stored", "spacing", "calibrated", "private", "burnt_in")
_VOLUME = ("shape", "spacing", "axes", "units", "low", "high", "hounsfield")
_LISTED = 20


def text(
    facts: Sequence[ImageFacts],
    counts: Mapping[str, Counter[str]],
    notable: Callable[[ImageFacts], list[str]],
) -> str:
    """Sum up for people: how many of what, and the files with something to tell."""
    lines = [f"{len(facts):,} files, {sum(each.bytes for each in facts) / 1e6:,.1f} MB"]
    for name, count in counts.items():
        if count:
            told = ", ".join(f"{value} {number:,}" for value, number in count.items())
            lines.append(f"{name:8} {told}")
    telling = [(each, words) for each in facts if (words := _telling(each, notable))]
    if telling:
        lines += ["", "Files with something to tell:"]
    lines += [f"  {each.path}: {words}" for each, words in telling[:_LISTED]]
    if len(telling) > _LISTED:
        lines.append(f"  and {len(telling) - _LISTED:,} more; --format csv lists every file")
    return "\n".join(lines) + "\n"


def csv_text(facts: Sequence[ImageFacts]) -> str:
    """One line a file; a blank cell is what was not looked for, or does not apply."""
    written = io.StringIO()
    out = csv.writer(written, lineterminator="\n")
    groups = (("pixels", _PIXELS), ("dicom", _DICOM), ("volume", _VOLUME))
    inner_names = (f"{group}_{name}" for group, names in groups for name in names)
    out.writerow([*_PLAIN, *inner_names, "texts", "problems"])
    for each in facts:
        cells = [_cell(getattr(each, name)) for name in _PLAIN]
        for group, names in groups:
            inner = getattr(each, group)
            cells += [_cell(getattr(inner, name, None)) for name in names]
        cells.append("; ".join(f"{entry}: {said}" for entry, said in each.texts))
        cells.append("; ".join(f"{problem.kind}: {problem.message}" for problem in each.problems))
        out.writerow(cells)
    return written.getvalue()


def json_text(facts: Sequence[ImageFacts]) -> str:
    """Write all that was measured, as a list of objects."""
    return json.dumps([dataclasses.asdict(each) for each in facts], indent=1) + "\n"


def _telling(each: ImageFacts, notable: Callable[[ImageFacts], list[str]]) -> str:
    words = [word for word in notable(each) if word not in {"has a problem", "colour"}]
    words = [word for word in words if word != "words in its metadata"]
    return "; ".join([*words, *(problem.message for problem in each.problems)])


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple):
        return " ".join(map(str, value))
    return str(value)
