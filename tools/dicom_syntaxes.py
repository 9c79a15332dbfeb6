"""Print which transfer syntaxes of pydicom's own test files are decoded here, as Markdown.

The files are those inside pydicom, and inside pydicom-data where it is installed. The tables of
docs/dicom.md are what it prints: ``python tools/dicom_syntaxes.py``.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from pathlib import Path

import pydicom.data
from pydicom.uid import UID

from covidxr.imaging.dicomdecode import DECODERS
from covidxr.imaging.dicompixels import shown
from covidxr.imaging.examine import examine
from covidxr.model import FileProblem, ImageDepth, ImageFacts


def samples() -> list[Path]:
    """Every test file, by name."""
    paths = map(Path, pydicom.data.get_testdata_files())
    return sorted((path for path in paths if path.is_file()), key=lambda path: path.name)


def what_became(facts: ImageFacts, data: bytes) -> str:
    """Say in a word what is done with a file."""
    if facts.dicom is None:
        return "no DICOM file with a preamble"
    if facts.width is None:
        return "no picture"
    picture = shown(data)
    if isinstance(picture, FileProblem):
        decodes = "nothing here" not in picture.message
        return "damaged" if decodes else "refused"
    return "decoded, with a word" if facts.problems else "decoded"


def main() -> None:
    """Print a table of syntaxes, and what is the matter with the files that are not decoded."""
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    others: Counter[str] = Counter()
    told = []
    for path in samples():
        data = path.read_bytes()
        facts = examine(path.name, data, ImageDepth.FULL)
        became = what_became(facts, data)
        if facts.dicom is not None and facts.width:
            counts[facts.dicom.syntax][became] += 1
            if facts.problems:
                told.append((path.name, facts.problems[0].kind, facts.problems[0].message))
        else:
            others[became] += 1
    print("| Transfer syntax | UID | Decoder | Decoded | Damaged | Refused |")
    print("| --- | --- | --- | ---: | ---: | ---: |")
    for syntax in sorted({*DECODERS, *filter(None, counts)}):
        found = counts[syntax]
        right = found["decoded"] + found["decoded, with a word"]
        decoder = DECODERS.get(syntax)
        named = "none" if decoder is None else decoder.removeprefix("covidxr-") or "not needed"
        numbers = f"{right} | {found['damaged']} | {found['refused']}"
        print(f"| {UID(syntax).name} | `{syntax}` | {named} | {numbers} |")
    print()
    print(", ".join(f"{number} {words}" for words, number in sorted(others.items())))
    print()
    print("| File | Problem | What is said of it |\n| --- | --- | --- |")
    for name, kind, message in told:
        print(f"| `{name}` | {kind} | {message} |")


if __name__ == "__main__":
    main()
