"""docs/papers.md says what the registries are."""

from __future__ import annotations

from pathlib import Path

from covidxr.desks import registries

PAGE = Path(__file__).parents[1] / "docs" / "papers.md"


def rows() -> list[str]:
    return [
        f"| {each.title} | {each.knows} | {', '.join(each.hosts)} | {each.delay_seconds:g} "
        f"| {'yes' if each.needs_email else 'no'} | {each.seen or 'none'} |"
        for each in registries().values()
    ]


def test_the_page_has_one_true_row_for_each_registry() -> None:
    section = PAGE.read_text().partition("## Rights")[0]
    table = [line for line in section.splitlines() if line.startswith("| ")][1:]
    assert table == rows()
