"""PAT113: a decision on two files that look alike says nothing any more."""

from __future__ import annotations

from typing import TYPE_CHECKING

from covidxr import duplicatebook
from covidxr.model import Hit, Severity
from covidxr.plugins import Need, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from covidxr.dataset import Dataset
    from covidxr.filefacts import PairDecision


@rule("PAT113", severity=Severity.WARNING, since="0.1", needs=(Need.STRUCTURE,))
def decision_out_of_date(dataset: Dataset) -> Iterator[Hit]:
    """Report a decision on two files of which one changed or is gone.

    What it checks
    --------------
    Each line of ``duplicate-decisions.csv`` names two files that are there, with the SHA-256 that
    they have, and a decision that covidxr knows. A file that cannot be read is another rule's.

    Why it matters
    --------------
    A decision is about two pictures, not about two names. Where one of them is another picture
    now, it settles nothing: the pair is reported again. After a takedown such a line still names
    what was removed.

    Example
    -------
    Line 4 decides on ``images/a.png`` and ``images/b.png``, and ``images/b.png`` was deleted.

    How to fix
    ----------
    ``covidxr duplicates forget --stale`` removes lines on files that are gone. Where a file
    changed, look at the pair again: ``covidxr duplicates decide`` takes the line's place, and
    ``covidxr duplicates forget FILE`` removes it.

    Source
    ------
    ``docs/duplicates.md``; SHA-256 (FIPS 180-4).
    """
    told = {
        each.decision: each.why for each in duplicatebook.stale(dataset.decisions, dataset.files)
    }
    for each in dataset.decisions:
        why = told.get(each) or _changed(dataset, each)
        if why:
            yield Hit(
                message=f"the decision on {each.first} and {each.second} says nothing: {why}",
                file=duplicatebook.NAME,
                line=each.line,
                value=f"{each.first} {each.second}",
                suggestion="decide anew, or remove the line with `covidxr duplicates forget`",
            )


def _changed(dataset: Dataset, of: PairDecision) -> str:
    hashes = {path: dataset.files[path].sha256 for path in (of.first, of.second)}
    was = {of.first: of.first_sha256, of.second: of.second_sha256}
    changed = [path for path, now in hashes.items() if now and now != was[path]]
    return f"{' and '.join(changed)} changed since" if changed else ""
