"""LIC102: a Creative Commons licence has no version."""

from __future__ import annotations

from typing import TYPE_CHECKING

from covidxr.cells import Problem
from covidxr.model import Hit, Severity
from covidxr.plugins import Need, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from covidxr.dataset import Dataset


@rule("LIC102", severity=Severity.WARNING, since="0.1", needs=(Need.SCHEMA,))
def licence_without_version(dataset: Dataset) -> Iterator[Hit]:
    """Report a licence that is named without its version.

    What it checks
    --------------
    A licence that exists in several versions names one.

    Why it matters
    --------------
    The versions are different contracts: they differ in how credit is given, in database rights
    and in whether a breach can be mended. Without the number there is no SPDX id and no link to
    the text.

    Example
    -------
    ``license`` holds ``CC BY-NC-SA``.

    How to fix
    ----------
    Look it up at the source, mostly at the foot of the page or of the PDF. It is never completed
    by guess.

    Source
    ------
    The SPDX licence list; Creative Commons, “License Versions”.
    """
    yield from dataset.failed(Problem.NO_LICENCE_VERSION)
