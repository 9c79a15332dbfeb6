"""Which candidate images a name on the command line means.

This module compares names with what there is; it touches no disk.
"""

from __future__ import annotations

import difflib
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from covidxr.errors import UsageError
from covidxr.identifiers import canonical_url

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from covidxr.reviewqueue import Candidate


def chosen(candidates: Iterable[Candidate], names: Sequence[str]) -> tuple[str, ...]:
    """Give the ids that some names mean, each once, in the order of the names.

    Parameters
    ----------
    candidates : iterable of Candidate
        All there are.
    names : sequence of str
        The id of an image; ``source/case`` or the address of the page for all images of a case; a
        file's name alone where no other case has it; or a pattern with ``*`` over ids.

    Raises
    ------
    UsageError
        If a name means nothing, or a file's name several things.
    """
    known = list(candidates)
    found: dict[str, None] = {}
    for name in names:
        found |= dict.fromkeys(_meant(known, name))
    return tuple(found)


def _meant(known: list[Candidate], name: str) -> list[str]:
    exact = [each.id for each in known if name in (each.id, each.case)]
    if exact:
        return exact
    if "*" in name:
        fitting = [each.id for each in known if fnmatchcase(each.id, name)]
        if fitting:
            return fitting
    if "://" in name:
        address = canonical_url(name)
        fitting = [
            each.id for each in known if address in {canonical_url(url) for url in each.addresses}
        ]
        if fitting:
            return fitting
    files = [each.id for each in known if each.id.rpartition("/")[2] == name]
    if len(files) == 1:
        return files
    if files:
        raise UsageError(f"{name!r} can be {', '.join(files)}; name one of them")
    near = difflib.get_close_matches(name, [each.id for each in known], n=2, cutoff=0.5)
    hint = f"; did you mean {' or '.join(near)}?" if near else ""
    raise UsageError(
        f"there is no candidate image {name!r}{hint} (`covidxr review --list` names them)"
    )
