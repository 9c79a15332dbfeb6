"""``covidxr accept``, ``reject``, ``defer`` and ``undo``: decisions without a browser."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from covidxr.cli import arguments, output

if TYPE_CHECKING:
    from covidxr.review import Review
    from covidxr.reviewsheet import Done, Verdict

_Ids = Annotated[
    list[str],
    typer.Argument(
        metavar="ID…",
        help="An image (source/case/file), all images of a case (source/case or the address of its "
        "page), or a pattern with *.",
    ),
]
_Reason = Annotated[str, typer.Option(help="Why; it stands in provenance.csv.")]
_By = Annotated[str | None, typer.Option(help="Who decides.", show_default="git's user.name")]
_Root = Annotated[Path, typer.Option(help="The collection's folder.")]
_Candidates = Annotated[
    Path | None,
    typer.Option(
        "--candidates", "-c", help="Folder of candidates.", show_default=".covidxr/candidates"
    ),
]
_Form = Annotated[str, typer.Option("--format", metavar="text|json", help="Form of the result.")]


def accept(
    *,
    ids: _Ids,
    values: Annotated[
        list[str] | None,
        typer.Option(
            "--set",
            metavar="FIELD=VALUE",
            help="A cell of the row, such as finding=Pneumonia/Viral/COVID-19; patientid=new for a "
            "patient who is not here yet. Repeatable.",
        ),
    ] = None,
    reason: _Reason = "",
    by: _By = None,
    root: _Root = Path(),
    candidates: _Candidates = None,
    form: _Form = "text",
) -> int:
    """Accept candidate images: each gets its file, its row and its line of provenance.

    All three are written together or not at all, and no other line of the table changes. An image
    whose row is not right yet is named with what is wrong, and waits.
    """
    from covidxr.reviewsheet import Verdict

    arguments.one_of(form, ("text", "json"), "--format")
    cells = dict(map(_assignment, values or []))
    review = _review(root, candidates, by)
    return _decide(review, ids, Verdict.ACCEPT, cells, reason, form)


def reject(
    *,
    ids: _Ids,
    reason: _Reason = "",
    by: _By = None,
    root: _Root = Path(),
    candidates: _Candidates = None,
    form: _Form = "text",
) -> int:
    """Reject candidate images; provenance.csv remembers them, so that nobody is asked again."""
    from covidxr.errors import UsageError
    from covidxr.reviewsheet import Verdict

    arguments.one_of(form, ("text", "json"), "--format")
    if not reason.strip():
        raise UsageError("why? say so with --reason, such as --reason 'not a chest image'")
    return _decide(_review(root, candidates, by), ids, Verdict.REJECT, {}, reason, form)


def defer(
    *,
    ids: _Ids,
    reason: _Reason = "",
    by: _By = None,
    root: _Root = Path(),
    candidates: _Candidates = None,
    form: _Form = "text",
) -> int:
    """Put candidate images aside; they stay candidates, and the review goes on with the others."""
    from covidxr.reviewsheet import Verdict

    arguments.one_of(form, ("text", "json"), "--format")
    return _decide(_review(root, candidates, by), ids, Verdict.DEFER, {}, reason, form)


def undo(
    *,
    by: _By = None,
    root: _Root = Path(),
    candidates: _Candidates = None,
    form: _Form = "text",
) -> int:
    """Take the last decision back, with every byte that it changed; again for the one before."""
    from covidxr.cli.render import review as render

    arguments.one_of(form, ("text", "json"), "--format")
    done = _review(root, candidates, by).undo()
    output.write(render.done_json([done]) if form == "json" else render.done(done))
    return 0


def _decide(
    review: Review,
    names: list[str],
    verdict: Verdict,
    cells: dict[str, str],
    reason: str,
    form: str,
) -> int:
    """Decide on each image in turn; one that is refused does not keep the others."""
    from covidxr.cli.render import review as render
    from covidxr.errors import UsageError
    from covidxr.reviewjudge import RefusedDecisionError, known_fields

    known_fields(cells)
    done: list[Done] = []
    refused: list[tuple[str, str]] = []
    for id_ in review.chosen(names):
        try:
            done.append(review.decide(id_, verdict, cells=cells, reason=reason))
        except (RefusedDecisionError, UsageError) as problem:
            refused.append((id_, str(problem)))
        else:
            if form == "text":
                output.write(render.done(done[-1]))
    if form == "json":
        output.write(render.done_json(done, refused))
    for _, message in refused:
        output.error(f"covidxr: {message}")
    if not done and not refused:
        output.note("none of these images is open any more")
    return 1 if refused else 0


def _review(root: Path, candidates: Path | None, by: str | None) -> Review:
    from covidxr import revisions
    from covidxr.cli.clock import system
    from covidxr.review import Options, Review

    name = revisions.user_name(root) if by is None else by
    return Review(Options(root=root, clock=system, by=name, output=candidates))


def _assignment(text: str) -> tuple[str, str]:
    from covidxr.errors import UsageError

    name, equals, value = text.partition("=")
    if not equals or not name.strip():
        raise UsageError(f"--set takes FIELD=VALUE, such as --set view=PA; it got {text!r}")
    return name.strip(), value.strip()
