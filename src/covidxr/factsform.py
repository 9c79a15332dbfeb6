"""What was measured of a file, as text and back: so it is kept between runs.

This module owns the form and its version, and touches no disk. A file's path is not part of it: the
same bytes say the same under any name.
"""

from __future__ import annotations

import dataclasses
import json
from typing import Any

from covidxr.filefacts import DicomFacts, PixelFacts, VolumeFacts
from covidxr.model import FileProblem, ImageFacts

VERSION = 2
"""Grows whenever the same file would get other facts: those that were kept are void then."""

_INNER = {"pixels": PixelFacts, "dicom": DicomFacts, "volume": VolumeFacts}


def facts_text(facts: ImageFacts) -> str:
    """Write facts as JSON, without the path and without what is as it mostly is."""
    kept = _telling(facts)
    kept.pop("path", None)
    kept["problems"] = [[each.kind, each.message] for each in facts.problems]
    for name in _INNER:
        inner = getattr(facts, name)
        if inner is not None:
            kept[name] = _telling(inner)
    return json.dumps(kept, separators=(",", ":"), ensure_ascii=True)


def read_facts(text: str, path: str) -> ImageFacts | None:
    """Read facts back.

    Parameters
    ----------
    text : str
        From `facts_text`.
    path : str
        Of the file, relative to the collection's root.

    Returns
    -------
    ImageFacts or None
        None where the text is no such text, or is of a form with other fields.
    """
    try:
        said: dict[str, Any] = json.loads(text)
        given = {name: _tupled(value) for name, value in said.items() if name not in _INNER}
        given["problems"] = tuple(
            FileProblem(kind=kind, message=message) for kind, message in said["problems"]
        )
        for name, kind in _INNER.items():
            if name in said:
                given[name] = kind(**{field: _tupled(value) for field, value in said[name].items()})
        return ImageFacts(path=path, **given)
    except (ValueError, TypeError, KeyError, AttributeError):
        return None


def _telling(record: ImageFacts | PixelFacts | DicomFacts | VolumeFacts) -> dict[str, Any]:
    """Give the fields of a record that are not as they mostly are."""
    return {
        field.name: getattr(record, field.name)
        for field in dataclasses.fields(record)
        if getattr(record, field.name) != field.default
    }


def _tupled(value: Any) -> Any:
    return tuple(_tupled(each) for each in value) if isinstance(value, list) else value
