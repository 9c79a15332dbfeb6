"""SCH206: an id, a file name, a DOI or an address has the wrong form."""

from __future__ import annotations

from typing import TYPE_CHECKING

from covidxr.cells import Problem
from covidxr.model import Hit, Severity
from covidxr.plugins import Need, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from covidxr.dataset import Dataset


@rule("SCH206", severity=Severity.ERROR, since="0.1", needs=(Need.SCHEMA,))
def malformed_value(dataset: Dataset) -> Iterator[Hit]:
    """Report an id, a file name, a DOI or an address that cannot be one.

    What it checks
    --------------
    patientid has letters, digits, ``-``, ``_`` and ``.`` only; filename has an extension and no
    character that some system cannot store; doi begins with ``10.`` and has a slash; url begins
    with ``http://`` or ``https://`` and has a host. What can be mended without a guess is SCH203.

    Why it matters
    --------------
    These cells are links. A link of the wrong form leads nowhere: the image is not found, the
    source cannot be cited, the licence cannot be looked up.

    Example
    -------
    ``doi`` holds ``?``, ``url`` holds ``see the paper``.

    How to fix
    ----------
    Copy the value from the source anew. Where there is none, leave doi or url blank.

    Source
    ------
    DOI Handbook, section 2.2; RFC 3986; Microsoft, “Naming files, paths, and namespaces”.
    """
    yield from dataset.failed(Problem.BAD_FORM)
