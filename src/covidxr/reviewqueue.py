"""The images of a candidate that can be reviewed, read from its record.

This module owns which images wait and what each is called. It touches no disk; a record is
anybody's text, so whatever is odd about it becomes a ValueError with words.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from covidxr.casefile import VERSION
from covidxr.cases import LicenceClaim, Provenance

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """One image of a case that has a file.

    Parameters
    ----------
    id : str
        As in :class:`covidxr.reviewsheet.Entry`.
    case : str
        ``source/case``.
    source, title, label : str
        As in :class:`covidxr.reviewsheet.Entry`.
    addresses : tuple of str
        Of the case.
    number : int
        Position among the record's images, from 0.
    provenance : Provenance
        Of its first file.
    slices : int
        How many files it has: more than one for a volume.
    """

    id: str
    case: str
    source: str
    title: str
    label: str
    addresses: tuple[str, ...]
    number: int
    provenance: Provenance
    slices: int = 1


def read_record(text: str) -> dict[str, Any]:
    """Read the text of a ``case.json``.

    Raises
    ------
    ValueError
        If it is not such a record, or one of a later version.
    """
    try:
        record = json.loads(text)
        if record["version"] != VERSION:
            raise ValueError(f"it has version {record['version']!r}, not {VERSION}")
    except (KeyError, TypeError, RecursionError) as error:
        raise ValueError(f"it is no record of a case: {error!r}") from error
    if "\\ud" in text.lower():
        # Half a character, which JSON can name and neither a page nor a file can hold.
        json.dumps(record, ensure_ascii=False).encode()
    return dict(record)


def candidates(record: Mapping[str, Any], case: str) -> tuple[Candidate, ...]:
    """Give the images of a record that have a file, in its order.

    Parameters
    ----------
    record : mapping
        As `read_record` gives it.
    case : str
        ``source/case``: the case's folder below that of all candidates.

    Raises
    ------
    ValueError
        If a part of the record is missing or odd.
    """
    try:
        source = case.partition("/")[0]
        if record["source"] != source:
            raise ValueError(f"it says that it is of {record['source']!r}")
        return tuple(
            Candidate(
                id=f"{case}/{_name(image['files'])}",
                case=case,
                source=source,
                title=str(record["title"]),
                label=str(image["label"]),
                addresses=(str(record["url"]), *map(str, record["also_at"])),
                number=number,
                provenance=_provenance(image["files"][0]["provenance"]),
                slices=len(image["files"]),
            )
            for number, image in enumerate(record["images"])
            if image["files"]
        )
    except (KeyError, TypeError, AttributeError, IndexError) as error:
        raise ValueError(f"it is no record of a case: {error!r} is missing or odd") from error


def _name(files: list[dict[str, Any]]) -> str:
    """Name of an image's file; of a volume's folder."""
    for each in files:
        parts = str(each["name"]).split("/")
        if not str(each["name"]).isprintable() or not {"", ".", ".."}.isdisjoint(parts):
            raise ValueError(f"it names a file {each['name']!r}")
    first = str(files[0]["name"])
    folder = first.rpartition("/")[0]
    return folder if len(files) > 1 and folder else first


def _provenance(record: Mapping[str, Any]) -> Provenance:
    claim = LicenceClaim(**{name: str(text) for name, text in record["licence"].items()})
    kept = {name: str(text) for name, text in record.items() if name not in {"licence", "bytes"}}
    return Provenance(**kept, bytes=int(record["bytes"]), licence=claim)
