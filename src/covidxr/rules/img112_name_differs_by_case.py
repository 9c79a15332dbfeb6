"""IMG112: a row writes its file's name with other capitals."""

from __future__ import annotations

from typing import TYPE_CHECKING

from covidxr.dataset import fold_name
from covidxr.model import Fix, Severity
from covidxr.plugins import Need, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from covidxr.dataset import Dataset
    from covidxr.model import Hit


@rule("IMG112", severity=Severity.ERROR, since="0.1", needs=(Need.IMAGES,))
def name_differs_by_case(dataset: Dataset) -> Iterator[Hit]:
    """Report a row whose file is there, under a name with other capitals.

    What it checks
    --------------
    Where the file that a row names is not in ``images/``, no other file there has the same name
    but for capitals or the Unicode form of its letters.

    Why it matters
    --------------
    On Windows and on most Macs the file is found, so that the curator sees nothing wrong. On Linux,
    where nearly all training runs, it is missing.

    Example
    -------
    ``filename`` holds ``case-4-PA.PNG``; the file is called ``case-4-PA.png``.

    How to fix
    ----------
    ``covidxr validate --fix`` writes the name as the file has it, unless another row has that name.

    Source
    ------
    Microsoft, "Naming Files, Paths, and Namespaces"; Apple, "About Apple File System".
    """
    listed = {f"images/{cells.texts[1]}": cells for cells in dataset.listed("images")}
    missing = [path for path in listed if path not in dataset.files]
    folded = {fold_name(path): path for path in dataset.files} if missing else {}
    given: set[str] = set()
    for path in missing:
        there = folded.get(fold_name(path))
        if there is None:
            continue
        name, real = listed[path].texts[1], there.removeprefix("images/")
        free = there not in listed and there not in given
        given.add(there)
        yield listed[path].at(
            "filename",
            f"{name} is not in images/, but {real} is: the two differ only in {_what(name, real)}",
            value=name,
            suggestion=f"write {real}" if free else f"{real} has another row: which is right?",
            fix=Fix(value=real) if free else None,
        )


def _what(name: str, other: str) -> str:
    return "capitals" if name.lower() == other.lower() else "the Unicode form of a letter"
