"""IMG106: a file's extension is not what it holds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from covidxr.dataset import fold_name
from covidxr.imaging.formats import EXTENSIONS
from covidxr.model import Fix, Hit, Severity
from covidxr.plugins import Need, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from covidxr.dataset import Dataset
    from covidxr.model import ImageFacts


_KNOWN = frozenset(ending for endings in EXTENSIONS.values() for ending in endings)


@rule("IMG106", severity=Severity.WARNING, since="0.1", needs=(Need.IMAGES,))
def extension_lies(dataset: Dataset) -> Iterator[Hit]:
    """Report a file whose extension names another format than it holds.

    What it checks
    --------------
    The extension of each file in ``images/`` and ``volumes/`` fits its content. ``jpg``, ``jpeg``
    and ``jpe`` are the same, so are ``tif`` and ``tiff``; capitals do not matter. A name without
    any extension is reported with the columns, a picture in ``volumes/`` is VOL104.

    Why it matters
    --------------
    Programs that choose a decoder by the name fail, or lose what the format can hold: a PNG with
    16 bits or transparency that is called ``.jpg`` is treated as 8-bit grey.

    Example
    -------
    ``case-2.jpg`` is a PNG file.

    How to fix
    ----------
    ``covidxr validate --fix`` renames the file and changes the cell together, where the new name
    is free. Files in ``annotations/`` that repeat the name are not changed: look for it there.

    Source
    ------
    SCHEMA.md: the extension of what the file holds. 17 of 724 published images had another one.
    """
    lying = {path: facts.format for path, facts in dataset.files.items() if _lies(facts)}
    if not lying:
        return
    taken = {fold_name(path) for path in dataset.files}
    rows = list(dataset.cells("folder", "filename"))
    taken |= {fold_name(f"{cells.text or 'images'}/{cells.texts[1]}") for cells in rows}
    for cells in rows:
        path = f"{cells.text or 'images'}/{cells.texts[1]}"
        content = lying.pop(path, None)
        if content is not None:
            name = cells.texts[1]
            new = renamed(path, content)
            free = fold_name(new) not in taken
            taken.add(fold_name(new))
            base = new.removeprefix(f"{cells.text or 'images'}/")
            yield cells.at(
                "filename",
                _message(name, content),
                value=name,
                suggestion=f"rename it to {base}" + ("" if free else ", once that name is free"),
                fix=Fix(value=base, rename=(path, new)) if free else None,
            )
    for path, content in lying.items():
        yield Hit(
            message=_message(path, content),
            file=path,
            suggestion=f"rename it to {renamed(path, content).rpartition('/')[2]}",
        )


def extension(path: str) -> str:
    """Lower-case extension of a path, ``nii.gz`` as one; empty where there is none."""
    name = path.rpartition("/")[2].lower()
    if name.endswith(".nii.gz"):
        return "nii.gz"
    return name.rpartition(".")[2] if "." in name.strip(".") else ""


def renamed(path: str, content: str) -> str:
    """Give a path the extension of a content; one that is no format's is kept in the name."""
    ending = extension(path)
    stem = path[: -len(ending) - 1] if ending in _KNOWN or ending == "gz" else path
    return f"{stem}.{EXTENSIONS[content][0]}"


def _lies(facts: ImageFacts) -> bool:
    if facts.format not in EXTENSIONS:
        return False
    if facts.path.startswith("volumes/") and facts.format not in _OF_VOLUMES:
        return False
    ending = extension(facts.path)
    return bool(ending) and ending not in EXTENSIONS[facts.format]


_OF_VOLUMES = frozenset({"NIFTI", "NIFTI.GZ", "DICOM"})


def _message(name: str, content: str) -> str:
    words = {"NIFTI": "uncompressed NIfTI", "NIFTI.GZ": "compressed NIfTI"}.get(content, content)
    return f"{name} ends in .{extension(name)} and is a {words} file"
