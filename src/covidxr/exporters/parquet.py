"""Parquet: the table with types, for pandas, Polars, DuckDB and everything that reads Arrow."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from covidxr import exportcontents
from covidxr.about import NOTICE
from covidxr.arrowtable import Extra, pieces, plain_text
from covidxr.model import Artifact, ImageDepth
from covidxr.plugins import exporter

if TYPE_CHECKING:
    from collections.abc import Iterator

    from covidxr.dataset import Dataset

PART = "part"
"""Name of the column that says the part of a split."""


@exporter("parquet", title="Parquet", since="0.1", depth=ImageDepth.NONE)
def parquet(dataset: Dataset) -> Iterator[Artifact]:
    """Write the table as one Parquet file with types, for pandas, Polars, DuckDB and Arrow.

    A column is of numbers or days only where every cell of it is; a blank is null. Notice,
    licences and what each column means are in the file's metadata. Images are not in it. It needs
    pyarrow: `pip install "covidxr[parquet]"`.
    """
    yield Artifact(path="metadata.parquet", parts=lambda: _pieces(dataset))


def _pieces(dataset: Dataset) -> Iterator[bytes]:
    import numpy as np

    rows = np.arange(len(dataset.table))
    return pieces(dataset.table, rows, extras=_extras(dataset), metadata=_metadata(dataset))


def _extras(dataset: Dataset) -> tuple[Extra, ...]:
    """Give the part of each row, where there is a split and no column of that name."""
    if not dataset.parts or dataset.table.position(PART) is not None:
        return ()
    paths = dataset.table.index(("folder", "filename"))
    known = [dataset.parts.get(f"{folder or 'images'}/{name}") for folder, name in paths.texts()]
    values = [known[group] for group in paths.groups.tolist()]
    return (Extra(name=PART, meaning="Part of a split that the image is in.", values=values),)


def _metadata(dataset: Dataset) -> dict[str, str]:
    found = exportcontents.terms(dataset)
    about = dataset.about
    said = {
        "title": exportcontents.title(dataset),
        "description": exportcontents.description(dataset),
        "notice": NOTICE,
        "licenses": json.dumps(
            {each.text or exportcontents.NOT_STATED: each.images for each in found},
            ensure_ascii=False,
        ),
        "citation": about.citation,
        "doi": about.doi,
        "url": about.url,
        "version": about.version,
        "released": about.released_on,
    }
    return {key: plain_text(value) for key, value in said.items() if value}
