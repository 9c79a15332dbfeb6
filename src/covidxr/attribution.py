"""Whom to credit for each image of a collection.

This workflow joins the table with ``provenance.csv`` on the disk; it prints nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from covidxr import credits as credits_
from covidxr import disk, provenance, store
from covidxr.provenance import Ledger

if TYPE_CHECKING:
    from pathlib import Path

    from covidxr.credits import Credit


def gather(root: Path) -> tuple[Credit, ...]:
    """Give the credit of every row that names a file.

    Raises
    ------
    CollectionError
        If there is no collection, or its provenance is damaged.
    """
    ledger = Ledger(store.file_bytes(root, provenance.NAME), str(root / provenance.NAME))
    return credits_.credits(store.read_collection(root), ledger)


def write(path: Path, text: str) -> None:
    """Write what was made of the credits, whole or not at all.

    Raises
    ------
    CollectionError
        If the disk refuses.
    """
    disk.write_text(path, text)
