"""A run over a source in words, and its cases as text; prints nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from covidxr.cli.render.diagnostics import escaped
from covidxr.errors import SourceError
from covidxr.scraping import Mode

if TYPE_CHECKING:
    from collections.abc import Sequence

    from covidxr.casefile import KeptImage
    from covidxr.cases import Case, Suggestion
    from covidxr.errors import CovidxrError
    from covidxr.netline import Waiting
    from covidxr.scraping import Outcome
    from covidxr.sourcing import ResultPage


def counted(number: int, noun: str) -> str:
    """Write a number and its noun: ``1 case``, ``2 cases``."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def results(page: ResultPage) -> str:
    """Say what one page of results held."""
    of = f" of {page.pages}" if page.pages else ""
    others = f", {counted(page.others, 'other entry')}" if page.others == 1 else ""
    others = f", {page.others:,} other entries" if page.others > 1 else others
    return f"page {page.number}{of}: {counted(len(page.cases), 'case')}{others}"


def stored(case: Case, images: Sequence[KeptImage]) -> str:
    """Say what became of one case."""
    kept = sum(bool(image.files) for image in images)
    slices = sum(len(image.files) for image in images if image.candidate.parts)
    words = [f"{case.source} {case.id}: {counted(kept, 'image')}"]
    lacking = sum(len(image.missing) for image in images if image.candidate.parts)
    words += [counted(slices, "slice")] if slices else []
    words += [f"{counted(lacking, 'slice')} not there"] if lacking else []
    words += [f"{len(images) - kept} could not be had"] if kept < len(images) else []
    words += [f"{len(case.left_out)} left out"] if case.left_out else []
    words += [counted(len(case.warnings), "warning")] if case.warnings else []
    return f"{', '.join(words)}  {case.title}".rstrip()


def failed(url: str, problem: CovidxrError) -> str:
    """Say why a case could not be taken."""
    kept = ""
    if isinstance(problem, SourceError) and problem.kept:
        kept = f" (the page is kept in {problem.kept}; please report it)"
    named = "" if url in str(problem) else f"{url}: "
    return f"{named}{problem}{kept}"


def waits(waiting: Waiting) -> str:
    """Say how long is waited and why."""
    return f"waiting {waiting.seconds:.1f} s for {waiting.host}: {waiting.why}"


def summary(outcome: Outcome, title: str, mode: Mode) -> str:
    """Write one line on a whole run."""
    if mode is Mode.LIST:
        parts = [f"{counted(outcome.listed, 'case')} would be fetched"]
    elif mode is Mode.DRAFTS:
        parts = [f"{counted(outcome.taken, 'draft')} of {counted(outcome.images, 'image')}"]
    else:
        parts = [
            f"{counted(outcome.taken, 'new candidate')} with {counted(outcome.images, 'image')}"
        ]
    parts += [f"{counted(outcome.missing, 'image')} missing"] if outcome.missing else []
    if outcome.incomplete:
        parts.append(f"{counted(outcome.incomplete, 'case')} incomplete, to be tried again")
    parts += [f"{outcome.skipped:,} skipped"] if outcome.skipped else []
    parts += [f"{outcome.failed:,} failed"] if outcome.failed else []
    parts.append(counted(outcome.requests, "request"))
    stopped = "; ended early" if outcome.stopped is not None else ""
    return f"{title}: {', '.join(parts)}{stopped}"


def draft_record(case: Case, rows: Sequence[dict[str, str]]) -> dict[str, Any]:
    """Give a case that was read and not kept as plain values."""
    return {
        "source": case.source,
        "id": case.id,
        "url": case.url,
        "title": case.title,
        "published": case.published,
        "suggestions": [_suggestion(each) for each in case.suggestions],
        "warnings": list(case.warnings),
        "left_out": [f"{each.label}: {each.reason}" for each in case.left_out],
        "images": [
            {
                "label": image.label,
                "url": image.url or (image.parts[0] if image.parts else ""),
                "files": len(image.parts) or 1,
                "draft": row,
                "suggestions": [_suggestion(each) for each in image.suggestions],
            }
            for image, row in zip(case.images, rows, strict=True)
        ],
    }


def stored_record(case: Case, images: Sequence[KeptImage]) -> dict[str, Any]:
    """Give a case that was kept as plain values."""
    return {
        "source": case.source,
        "id": case.id,
        "url": case.url,
        "title": case.title,
        "images": [file.name for image in images for file in image.files],
        "missing": [each.reason for image in images if not image.files for each in image.missing],
        "warnings": list(case.warnings),
    }


def as_text(record: dict[str, Any]) -> str:
    """Write a listed or a drafted case for a person, safe for a terminal."""
    head = "  ".join(filter(None, (record["url"], record["published"], record["title"])))
    lines = [head]
    for image in record.get("images", ()):
        several = f" ({image['files']} files)" if image["files"] > 1 else ""
        lines.append(f"  {image['label']}{several}  {image['url']}")
        lines += [f"      {name}: {_short(value)}" for name, value in image["draft"].items()]
        lines += [f"      {each}" for each in image["suggestions"]]
    lines += [f"  {each}" for each in record.get("suggestions", ())]
    lines += [f"  left out: {each}" for each in record.get("left_out", ())]
    lines += [f"  note: {each}" for each in record.get("warnings", ())]
    return "\n".join(map(escaped, lines)) + "\n"


def _suggestion(each: Suggestion) -> str:
    return f"{each.column}? {each.value} ({each.where}: “{_short(each.words)}”)"


def _short(text: str, most: int = 100) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}…"
