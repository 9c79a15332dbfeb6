"""``covidxr annotations``: boxes, outlines, masks and scores of the images."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from covidxr.cli import arguments, output

if TYPE_CHECKING:
    from covidxr.annotationconvert import Wanted


class Action(StrEnum):
    """What to do with annotations."""

    LIST = "list"
    CHECK = "check"
    PIN = "pin"
    SHOW = "show"
    CONVERT = "convert"


def command(
    *,
    action: Annotated[Action, typer.Argument(help="What to do.")] = Action.LIST,
    names: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[FILENAME…]", help="With list, show and pin --again: images, as a.png."
        ),
    ] = None,
    root: Annotated[Path, typer.Option(help="The collection's folder.")] = Path(),
    form: Annotated[
        str,
        typer.Option(
            "--format",
            metavar="text|json|csv",
            help="Form of the result; with check any of `covidxr validate`.",
        ),
    ] = "text",
    out: Annotated[
        Path | None,
        typer.Option(
            "--output",
            "-o",
            metavar="PATH",
            help="With show: the drawing. With convert: a file, for masks a new folder.",
            show_default="the image's name and -annotated.png; standard output",
        ),
    ] = None,
    only: Annotated[
        list[str] | None,
        typer.Option(
            metavar="FILE",
            help="With show and convert: only what this annotation file or folder says, by its "
            "path or the end of it. Repeatable.",
        ),
    ] = None,
    to: Annotated[
        str | None,
        typer.Option(metavar="coco|masks|csv", help="With convert: what it becomes."),
    ] = None,
    tolerance: Annotated[
        float | None,
        typer.Option(
            min=0,
            metavar="PX",
            help="With convert --to coco: masks become outlines that leave the mask's edge by so "
            "many pixels at most.",
            show_default="masks stay masks",
        ),
    ] = None,
    force: Annotated[
        bool, typer.Option("--force", help="With convert: replace what was converted before.")
    ] = False,
    again: Annotated[
        bool, typer.Option("--again", help="With pin: renew the pins of these images.")
    ] = False,
    stale: Annotated[
        bool, typer.Option("--stale", help="With pin: remove pins of what is gone.")
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would be done, and do nothing.")
    ] = False,
) -> int:
    """List, check, pin, draw and convert what annotations/ says of the images.

    check runs the rules of family ANN as `covidxr validate` does, masks decoded, and ends with 1
    where something is wrong. pin writes each annotated image's SHA-256 into annotations/pinned.csv,
    so that an image that is cropped later is found. convert says what each step lost, measured
    there and back; what cannot be converted is named, and the exit code is 1. show says what of
    an image's annotations does not lie on it as it was meant.

    Examples: `covidxr annotations`, `covidxr annotations list a.png`,
    `covidxr annotations check --format concise`, `covidxr annotations pin`,
    `covidxr annotations pin --again a.png`, `covidxr annotations show a.png -o drawn.png`,
    `covidxr annotations convert --to coco --only lung-masks --tolerance 1 -o lungs.json`.
    """
    if action is Action.PIN:
        arguments.one_of(form, ("text",), "--format")
        return _pin(root, names or [], again=again, stale=stale, dry_run=dry_run)
    _refuse(again=again, stale=stale, dry_run=dry_run)
    if action is Action.CHECK:
        return _check(root, names, form)
    if action is Action.SHOW:
        return _show(root, names or [], out, only or [])
    if action is Action.CONVERT:
        return _convert(root, _conversion(to, tolerance, only, names), out, form, force=force)
    if names:
        return _of_images(root, names, form)
    arguments.one_of(form, ("text", "json", "csv"), "--format")
    from covidxr import annotations, store
    from covidxr.cli.render import annotations as render

    files = annotations.listed(root)
    if form == "json":
        output.write(render.json_text(files))
    elif form == "csv":
        output.write(render.csv_text(files, annotations.marks))
    else:
        rows = len(store.read_collection(root).table)
        output.write(render.text(files, annotations.marks, annotations.covered(files), rows))
    return 0


def _refuse(**wanted: bool) -> None:
    """Refuse what pin alone understands."""
    from covidxr.errors import UsageError

    for name, given in wanted.items():
        if given:
            raise UsageError(f"--{name.replace('_', '-')} goes with `covidxr annotations pin`")


def _of_images(root: Path, names: list[str], form: str) -> int:
    from covidxr import annotations
    from covidxr.cli.render import annotations as render

    arguments.one_of(form, ("text", "json"), "--format")
    found = annotations.of_images(root, names)
    if form == "json":
        output.write(render.of_images_json([each for said in found.values() for each in said]))
    else:
        output.write("".join(render.of_image(name, said) for name, said in found.items()))
    return 0


def _conversion(
    to: str | None, tolerance: float | None, only: list[str] | None, names: list[str] | None
) -> Wanted:
    from covidxr.annotationconvert import Target, Wanted
    from covidxr.errors import UsageError

    if names:
        raise UsageError("convert takes all images; choose annotation files with --only FILE")
    if to is None:
        raise UsageError("into what? --to coco, masks or csv")
    arguments.one_of(to, tuple(Target), "--to")
    return Wanted(to=Target(to), only=tuple(only or ()), tolerance=tolerance)


def _convert(root: Path, wanted: Wanted, out: Path | None, form: str, *, force: bool) -> int:
    from covidxr import annotationconvert, disk
    from covidxr.cli.render import annotations as render
    from covidxr.errors import UsageError

    arguments.one_of(form, ("text", "json"), "--format")
    folder = wanted.to is annotationconvert.Target.MASKS
    if folder and out is None:
        raise UsageError("where to? masks are many files: name a new folder with -o")
    converted = annotationconvert.convert(root, wanted)
    summary = render.converted(converted, annotationconvert.summed(converted.steps), form)
    if out is None:
        output.write(converted.files[""].decode())
        for line in summary.splitlines():
            output.note(line)
    else:
        if folder:
            annotationconvert.write_folder(converted, out, root, force=force)
        elif disk.is_there(out) and not force:
            raise UsageError(f"{out} is there already; --force replaces it")
        else:
            disk.write_bytes(out, converted.files[""])
        output.write(summary)
    return 1 if converted.left_out else 0


def _show(root: Path, names: list[str], out: Path | None, only: list[str]) -> int:
    from covidxr import annotationshow, disk
    from covidxr.annotationedit import stem
    from covidxr.errors import UsageError

    if len(names) != 1:
        raise UsageError("which image? Name one: covidxr annotations show a.png")
    drawn = annotationshow.drawing(root, names[0], only)
    target = out or Path(f"{stem(drawn.image)}-annotated.png")
    disk.write_bytes(target, drawn.data)
    output.write(f"{target}: {', '.join(drawn.files) or 'nothing is said of it'}")
    for each in drawn.notes:
        output.note(each)
    return 0


def _check(root: Path, names: list[str] | None, form: str) -> int:
    from covidxr.cli import validate
    from covidxr.errors import UsageError
    from covidxr.levels import ImageDepth

    if names:
        raise UsageError("check looks at all annotations; leave the names out")
    return validate.command(root=root, select=["ANN"], images=ImageDepth.FULL, format=form)


def _pin(root: Path, names: list[str], *, again: bool, stale: bool, dry_run: bool) -> int:
    from covidxr import annotations
    from covidxr.cli.render import annotations as render
    from covidxr.errors import UsageError

    if bool(names) != again:
        raise UsageError("which images? Name those whose pins are renewed with --again FILENAME")
    pinning = annotations.pin(
        root, annotations.Wanted(again=tuple(names), stale=stale, dry_run=dry_run)
    )
    output.write(render.pinned(pinning, dry_run=dry_run))
    return 1 if pinning.changed or pinning.unread else 0
