"""Volumes for a terminal or as JSON. It prints nothing, and tells no name or number of a person."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

from covidxr.cli.render.diagnostics import as_json as safe_json
from covidxr.cli.render.diagnostics import counted, escaped

if TYPE_CHECKING:
    from covidxr.filefacts import VolumeFacts
    from covidxr.volumes import Found, Volume

_DIRECTIONS = {"R": "right", "L": "left", "A": "front", "P": "back", "S": "head", "I": "feet"}
_UNITS = {"um": "µm"}
_FORMATS = {"NIFTI": "NIfTI", "NIFTI.GZ": "NIfTI in gzip", "DICOM": "DICOM"}
_NAME = 9


def page(found: Found) -> str:
    """Show what was found, safe for a terminal.

    Parameters
    ----------
    found : Found
        What lies at a path.
    """
    several = len(found.volumes) > 1
    blocks = [
        "\n".join([f"{number}. {title}" if several else title, *lines]) + "\n"
        for number, (title, *lines) in enumerate(map(_volume, found.volumes), start=1)
    ]
    last = [f"{escaped(name)}: {escaped(message)}" for name, message in found.unreadable]
    if found.others:
        last.append(f"{counted(found.others, 'file')} without a picture left out")
    return "\n".join([*blocks, *(["\n".join(last) + "\n"] if last else [])])


def as_json(found: Found) -> str:
    """Write what was found as one JSON object."""
    return safe_json(
        {
            "version": 1,
            "volumes": [_object(each) for each in found.volumes],
            "unreadable": [{"file": name, "message": why} for name, why in found.unreadable],
            "others": found.others,
        },
        indent=2,
    )


def _object(volume: Volume) -> dict[str, Any]:
    facts = None if volume.facts is None else dataclasses.asdict(volume.facts)
    return {
        "name": volume.name,
        "files": volume.files,
        "format": volume.format,
        "modality": volume.modality,
        "localizer": volume.stack is not None and volume.stack.localizer,
        "facts": facts,
        "problems": list(volume.problems),
    }


def _volume(volume: Volume) -> list[str]:
    lines = [_title(volume)]
    if volume.facts is not None:
        lines += _facts(volume.facts)
    return lines + [f"  ! {escaped(problem)}" for problem in volume.problems]


def _title(volume: Volume) -> str:
    of = [_FORMATS[volume.format]]
    if volume.modality:
        of.append(escaped(volume.modality))
    if volume.stack is not None:
        scout = volume.stack.localizer
        count = len(volume.stack.slices)
        of.append(counted(count, "scout view" if scout else "slice"))
        of.append(f"in {counted(volume.files, 'file')}")
    return f"{escaped(volume.name)}  ({', '.join(of)})"


def _facts(facts: VolumeFacts) -> list[str]:
    told = {
        "size": f"{_times(f'{count:,}' for count in facts.shape)} voxels",
        "spacing": _spacing(facts),
        "axes": _axes(facts),
        "stored": facts.kind,
        "values": _values(facts),
    }
    return [f"  {name:<{_NAME}}{text}" for name, text in told.items()]


def _spacing(facts: VolumeFacts) -> str:
    sizes = _times(f"{size:g}" for size in facts.spacing)
    return f"{sizes} {_UNITS.get(facts.units, facts.units) or '(no unit is given)'}"


def _axes(facts: VolumeFacts) -> str:
    if not facts.axes:
        return "not placed in the patient"
    words = ", ".join(_DIRECTIONS[letter] for letter in facts.axes)
    return f"{facts.axes} (to the patient's {words}){', oblique' if facts.oblique else ''}"


def _values(facts: VolumeFacts) -> str:
    if facts.low is None or facts.high is None:
        return "not read"
    kind = "can be Hounsfield units" if facts.hounsfield else "no Hounsfield units"
    return f"{facts.low:g} to {facts.high:g}, {kind}"


def _times(texts: Any) -> str:
    return " × ".join(texts)
