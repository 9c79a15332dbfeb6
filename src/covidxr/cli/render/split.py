"""Splits and what is wrong with them, as text and JSON. Returns strings, prints nothing."""

from __future__ import annotations

import dataclasses
from itertools import groupby
from typing import TYPE_CHECKING, Any, TypeVar

from covidxr.cli.render.aligned import aligned
from covidxr.cli.render.diagnostics import as_json, counted, escaped

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from covidxr.split import Made
    from covidxr.splitaudit import Audit, Balance, PartFacts, Torn
    from covidxr.splitcheck import Checked
    from covidxr.splitplaces import Conflict

_Thing = TypeVar("_Thing")

_LISTED = 10
_STRATA = 6


def made_text(made: Made, out: str) -> str:
    """Sum up a split that was made.

    Parameters
    ----------
    made : Made
        The split.
    out : str
        Where it was written; empty where it was not.
    """
    return "\n".join(_made(made, out)) + "\n"


def _made(made: Made, out: str) -> Iterator[str]:
    plan, audit = made.split.plan, made.audit
    how = (
        "by hash, nothing is balanced"
        if plan.by_hash
        else f"balanced by {', '.join(plan.stratify)}"
    )
    yield (
        f"{counted(len(made.split.lines), 'image')} in {counted(made.groups, 'group')}, "
        f"seed {plan.seed}, {how if plan.stratify or plan.by_hash else 'nothing is balanced'}"
    )
    yield ""
    yield _parts(audit, leaks=bool(made.conflicts))
    yield from _folds(made)
    yield from _balance(audit)
    yield from _kept(made)
    yield from _conflicts(made.conflicts, "is now known to belong together and is parted")
    yield from _conflicts(made.moved, "was brought together")
    if made.unnamed:
        yield f"{counted(made.unnamed, 'row')} without a filename: in no part."
    if not made.searched:
        yield "Images were not compared: copies under two patient ids may stand in two parts."
    if out:
        yield f"{escaped(out)} written, sha256 {made.split.sha256[:16]}…"
    else:
        yield "Nothing was written: name a file with --out."


def _kept(made: Made) -> Iterator[str]:
    if made.earlier:
        yield (
            f"Of {escaped(made.earlier)}: {counted(made.kept, 'image')} kept, {made.new:,} new, "
            f"{made.gone:,} no longer in the table."
        )
    for edit in _first(made.edits):
        yield f"It had been changed by hand, which holds: {escaped(edit)}."


def _folds(made: Made) -> Iterator[str]:
    if made.split.plan.folds:
        counts = [0] * made.split.plan.folds
        for line in made.split.lines:
            if line.fold is not None:
                counts[line.fold] += 1
        yield "Folds: " + ", ".join(f"{fold} {count:,}" for fold, count in enumerate(counts))
        yield ""


def _conflicts(conflicts: Sequence[Conflict], what: str) -> Iterator[str]:
    for each in _first(conflicts):
        who = f"patient {' and '.join(each.patients)}" if each.patients else each.group
        where = "; ".join(
            f"{each.kind} {name} has {counted(count, 'image')} ({', '.join(files)}"
            f"{', …' if count > len(files) else ''})"
            for name, count, files in each.where
        )
        yield escaped(f"{who} {what}: {where}; new images go to {each.into}.")
    yield from _more(conflicts, "group")
    if conflicts and "parted" in what:
        yield "Nothing was moved; --mend brings each together where most of it is."


def checked_text(checked: Checked) -> str:
    """Tell what an audit found, leaks first."""
    return "\n".join(_checked(checked)) + "\n"


def _checked(checked: Checked) -> Iterator[str]:
    audit = checked.audit
    placed = sum(part.images for part in audit.parts)
    yield escaped(
        f"{checked.name}: {placed:,} of {counted(checked.images, 'image')} of the table "
        f"{'is' if checked.images == 1 else 'are'} in a part"
    )
    yield ""
    yield _parts(audit, leaks=True)
    yield from _leaks(audit, "part")
    if checked.folds is not None:
        yield from _leaks(checked.folds, "fold")
    yield from _left(checked)
    yield ""
    yield from _shortcuts(audit)
    yield from _balance(audit)
    yield from _lacking(audit)


def _leaks(audit: Audit, kind: str) -> Iterator[str]:
    if audit.patients:
        yield f"LEAK: {counted(len(audit.patients), 'patient')} in several {kind}s:"
        for each in _first(audit.patients):
            yield escaped(f"  patient {each.names[0]}: {_where(each)}")
        yield from _more(audit.patients, "patient", "  ")
    if audit.pictures:
        yield f"LEAK: {counted(len(audit.pictures), 'pair')} of the same picture in two {kind}s:"
        for each in _first(audit.pictures):
            sides = zip(each.names, each.where, strict=True)
            yield escaped("  " + " and ".join(f"{path} ({name})" for path, (name, _) in sides))
        yield from _more(audit.pictures, "pair", "  ")
    if audit.twice:
        yield f"LEAK: {counted(len(audit.twice), 'image')} named in several {kind}s:"
        for path, names in _first(audit.twice):
            yield escaped(f"  {path}: {', '.join(names)}")
        yield from _more(audit.twice, "image", "  ")
    if not audit.leaks:
        what = "patient and no picture" if audit.compared else "patient"
        yield f"No {what} is in two {kind}s."
    if not audit.compared and kind == "part":
        yield "Images were not compared: copies under two patient ids are not seen."


def _left(checked: Checked) -> Iterator[str]:
    for edit in _first(checked.edits):
        yield f"EDITED since covidxr wrote it: {escaped(edit)}."
    yield from _more(checked.edits, "edit")
    if checked.table_changed:
        yield "metadata.csv has changed since; `covidxr split --out FILE` takes new images in."
    for names, what in (
        (checked.audit.missing, "of the table in no part"),
        (checked.audit.strangers, "of the split not in the table"),
    ):
        if names:
            some = ", ".join(names[:3]) + (", …" if len(names) > 3 else "")  # noqa: PLR2004
            yield escaped(f"{counted(len(names), 'image')} {what}: {some}")


def _parts(audit: Audit, *, leaks: bool) -> str:
    total = sum(part.images for part in audit.parts)
    head = ["part", "images", "share", "patients"]
    against = sorted({part.against for part in audit.parts} - {""})
    whom = against[0] if len(against) == 1 else "another"
    if leaks and against:
        head += [f"patient also in {whom}"]
        head += [f"copy in {whom}"] if audit.compared else []
    rows = [_part(part, total, audit, wide=leaks and bool(against)) for part in audit.parts]
    return aligned(head, rows, head[1:])


def _part(part: PartFacts, total: int, audit: Audit, *, wide: bool) -> list[str]:
    cells = [part.name, f"{part.images:,}", _percent(part.images, total), f"{part.patients:,}"]
    if wide:
        seen = [part.seen_patients, part.seen_pictures][: 1 + audit.compared]
        cells += [
            f"{count:,} ({_percent(count, part.images)})" if part.against else "" for count in seen
        ]
    return cells


def _shortcuts(audit: Audit) -> Iterator[str]:
    if not audit.shortcuts:
        return
    head = ["label", "part", "images", "with it", "commonest", "source", "balanced", "AUC"]
    rows = [
        [
            *(each.label, each.part, f"{each.images:,}", f"{each.having:,}"),
            *(f"{each.commonest:.1%}", f"{each.by_source:.1%}"),
            "" if each.balanced is None else f"{each.balanced:.1%}",
            "" if each.auc is None else f"{each.auc:.2f}",
        ]
        for each in audit.shortcuts
    ]
    yield "How often a label is guessed rightly without looking at an image: by the commonest"
    yield "answer, and by the source alone (balanced: 50 % is chance; AUC: 0.50 is chance):"
    yield aligned(head, rows, head[2:])


def _balance(audit: Audit) -> Iterator[str]:
    names = [part.name for part in audit.parts]
    totals = [part.images for part in audit.parts]
    for kind, group in groupby(audit.balance, lambda each: each.kind):
        rows = list(group)
        table = [_shares(each, totals) for each in rows[:_STRATA]]
        yield aligned([kind, *names], table, names).rstrip("\n")
        if len(rows) > _STRATA:
            yield f"and {len(rows) - _STRATA:,} more in --format json"
        yield ""


def _shares(each: Balance, totals: Sequence[int]) -> list[str]:
    shares = [
        f"{count:,} ({_percent(count, total)})"
        for count, total in zip(each.counts, totals, strict=True)
    ]
    return [each.name, *shares]


def _lacking(audit: Audit) -> Iterator[str]:
    for part, group in groupby(
        sorted(audit.lacking, key=lambda each: each[1]), lambda each: each[1]
    ):
        labels = [label for label, _ in group]
        yield escaped(f"{part} has no image of {', '.join(labels)}.")


def _where(torn: Torn) -> str:
    return ", ".join(f"{name} {count:,}" for name, count in torn.where)


def _percent(count: int, of: int) -> str:
    return f"{100 * count / of:.1f} %" if of else "-"


def _first(things: Sequence[_Thing]) -> Sequence[_Thing]:
    return things[:_LISTED]


def _more(things: Sequence[object], noun: str, indent: str = "") -> Iterable[str]:
    if len(things) > _LISTED:
        yield f"{indent}and {counted(len(things) - _LISTED, f'more {noun}')}; --format json has all"


def made_json(made: Made, out: str) -> str:
    """Write what was made as JSON; the images themselves are in the file."""
    plan = made.split.plan
    return (
        as_json(
            {
                "out": out,
                "sha256": made.split.sha256,
                "plan": {**dataclasses.asdict(plan), "parts": dict(plan.parts)},
                "images": len(made.split.lines),
                "groups": made.groups,
                "earlier": made.earlier,
                "kept": made.kept,
                "new": made.new,
                "gone": made.gone,
                "conflicts": [_conflict(each) for each in made.conflicts],
                "moved": [_conflict(each) for each in made.moved],
                "edits": list(made.edits),
                "without_filename": made.unnamed,
                "images_compared": made.searched,
                **_record(made.audit),
            },
            indent=1,
        )
        + "\n"
    )


def checked_json(checked: Checked) -> str:
    """Write all that an audit found as JSON."""
    return (
        as_json(
            {
                "name": checked.name,
                "images": checked.images,
                "leaks": checked.audit.leaks,
                "edits": list(checked.edits),
                "table_changed": checked.table_changed,
                **_record(checked.audit),
                "folds": None if checked.folds is None else _record(checked.folds),
            },
            indent=1,
        )
        + "\n"
    )


def _conflict(each: Conflict) -> dict[str, Any]:
    return dataclasses.asdict(each)


def _record(audit: Audit) -> dict[str, Any]:
    names = [part.name for part in audit.parts]
    return {
        "parts": [dataclasses.asdict(part) for part in audit.parts],
        "patients_in_several": [
            {"patientid": each.names[0], "images": dict(each.where)} for each in audit.patients
        ],
        "pictures_in_several": [
            {path: part for path, (part, _) in zip(each.names, each.where, strict=True)}
            for each in audit.pictures
        ],
        "named_in_several": {path: list(parts) for path, parts in audit.twice},
        "not_in_split": list(audit.missing),
        "not_in_table": list(audit.strangers),
        "images_compared": audit.compared,
        "source_alone": [dataclasses.asdict(each) for each in audit.shortcuts],
        "balance": [
            {
                "kind": each.kind,
                "name": each.name,
                "images": dict(zip(names, each.counts, strict=True)),
            }
            for each in audit.balance
        ],
        "lacking": [{"label": label, "part": part} for label, part in audit.lacking],
    }


MADE = {"text": made_text, "json": made_json}
CHECKED = {"text": checked_text, "json": checked_json}
