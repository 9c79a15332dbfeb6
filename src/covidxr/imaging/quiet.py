"""Hear what a library warns of, instead of letting it print.

This module owns the one place that touches Python's warning filters, which all threads share.
"""

from __future__ import annotations

import threading
import warnings
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

# Two threads inside `catch_warnings` at once can leave each other's filters behind for good. One
# thread may be inside twice: what it calls need not know who else listens.
_FILTERS = threading.RLock()


@contextmanager
def heard() -> Iterator[list[warnings.WarningMessage]]:
    """Collect the warnings raised inside; one thread at a time, and inside another such block, too.

    Yields
    ------
    list of warnings.WarningMessage
        Grows while the block runs.
    """
    with _FILTERS, warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        yield caught
