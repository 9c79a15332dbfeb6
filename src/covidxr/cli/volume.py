"""``covidxr volume``: what a NIfTI file or a DICOM series holds; a montage; conversion."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from covidxr.cli import arguments, output

if TYPE_CHECKING:
    from covidxr.volumes import Found


def command(
    *,
    path: Annotated[
        Path, typer.Argument(metavar="PATH", help="A NIfTI file, a DICOM file, or a folder.")
    ],
    montage: Annotated[
        Path | None,
        typer.Option(metavar="FILE.png", help="Draw slices of the volume side by side."),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option("--output", "-o", metavar="FILE.nii.gz", help="Convert DICOM to NIfTI."),
    ] = None,
    number: Annotated[
        int | None,
        typer.Option("--number", "-n", min=1, help="Which one, where there are several."),
    ] = None,
    anyway: Annotated[
        bool, typer.Option("--anyway", help="Convert in spite of gaps, doubles or odd distances.")
    ] = False,
    form: Annotated[
        str, typer.Option("--format", metavar="text|json", help="Form of what is printed.")
    ] = "text",
    progress: Annotated[bool, typer.Option(help="Show a bar on a terminal.")] = True,
) -> int:
    """Say what a volume holds: size, spacing, directions, values, and what is odd about them.

    A folder is searched for NIfTI files and DICOM series; slices are sorted by where they lie in
    the patient, not by their names. It ends with 1 if anything is odd.

    Examples: `covidxr volume ct.nii.gz --montage ct.png`, `covidxr volume series/ -o ct.nii.gz`.
    """
    from covidxr import volumes
    from covidxr.cli.render import volume as render

    arguments.one_of(form, ("text", "json"), "--format")
    _check_ending(montage, ".png", "--montage")
    _check_ending(out, ".nii.gz", "--output")
    with output.progress("Looking at files", wanted=progress) as bar:
        found = volumes.look(path, bar)
    output.write(render.as_json(found) if form == "json" else render.page(found))
    done = _drawn(found, number, montage) and _converted(found, number, out, anyway=anyway)
    return 0 if done and found.is_fine else 1


def _check_ending(path: Path | None, ending: str, option: str) -> None:
    if path is not None and not path.name.lower().endswith(ending):
        raise typer.BadParameter(f"{path} does not end with {ending}", param_hint=option)


def _drawn(found: Found, number: int | None, path: Path | None) -> bool:
    from covidxr import disk, volumes

    if path is None:
        return True
    chosen = volumes.choose(found, number)
    picture = volumes.montage(found, chosen)
    if picture is None:
        output.error(f"covidxr: {chosen.name} cannot be shown; {path} was not written")
        return False
    disk.write_bytes(path, picture)
    output.note(f"wrote {path}")
    return True


def _converted(found: Found, number: int | None, path: Path | None, *, anyway: bool) -> bool:
    from covidxr import disk, volumes

    if path is None:
        return True
    made = volumes.convert(
        found,
        volumes.choose(found, number),
        volumes.agreed(named=number is not None, anyway=anyway),
    )
    if not isinstance(made, bytes):
        output.error(f"covidxr: {made.message}; {path} was not written")
        return False
    disk.write_bytes(path, made)
    output.note(f"wrote {path}: {len(made) / 1e6:.1f} MB")
    return True
