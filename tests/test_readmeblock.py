"""The label table in README: found, replaced, compared."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.build import from_text

from covidxr.labelcounts import StatsOptions, block
from covidxr.readmeblock import MarkerError, StaleLine, find_block, spliced, stale_lines

if TYPE_CHECKING:
    from covidxr.dataset import Dataset

SMALL = """\
patientid,finding,view,sex,modality,url,doi,license
1,Pneumonia/Viral/COVID-19,PA,F,X-ray,https://radiopaedia.org/cases/a,,CC0-1.0
1,"COVID-19, ARDS",AP,F,X-ray,https://www.radiopaedia.org/cases/a,,CC0-1.0
2,No Finding,PA,M,X-ray,https://www.eurorad.org/case/1,,CC-BY-4.0
3,todo,PA,M,X-ray,,10.1000/x,
4,Suspected COVID-19,AP,,X-ray,,,
5,Pneumonia/Bacterial/E.Coli,AP Supine,M,X-ray,https://radiopaedia.org/cases/b,,CC0-1.0
,E.Coli,APS,M,X-ray,https://radiopaedia.org/cases/c,,CC0-1.0
6,Unknown,AP Supine,F,X-ray,https://radiopaedia.org/cases/d,,CC0-1.0
6,,AP Supine,F,X-ray,https://radiopaedia.org/cases/d,,CC0-1.0
7,Tuberculosis,,F,CT,https://example.org,,CC0-1.0
"""


def small() -> Dataset:
    return from_text(SMALL)


BEGIN = "<!-- covidxr stats: begin -->\n"
END = "<!-- covidxr stats: end -->\n"
README = f"# Title\n\n{BEGIN}old\n{END}\nafter\n"


def test_the_block_is_replaced_and_stays_when_it_is_up_to_date() -> None:
    new = spliced(README, small())
    assert new == f"# Title\n\n{BEGIN}\n{block(small(), StatsOptions())}\n{END}\nafter\n"
    assert spliced(new, small()) == new


def test_the_begin_marker_keeps_the_options() -> None:
    marker = '<!-- covidxr stats: begin labels="xrv-2020-05" groups="PA;AP,AP Supine" -->\n'
    found = find_block(f"{marker}{END}")
    assert found is not None
    assert found.options == StatsOptions(
        labels="xrv-2020-05", groups=(("PA",), ("AP", "AP Supine"))
    )
    assert spliced(f"{marker}{END}", small()).startswith(
        f"{marker}\n```\nCOVID19_Dataset num_samples=2 views=['PA']\n"
    )


def test_options_that_are_chosen_are_written_into_the_marker() -> None:
    new = spliced(README, small(), lambda said: said.given(groups=(("L",),), by="sex"))
    assert '\n<!-- covidxr stats: begin groups="L" by="sex" -->\n\n| Images/patients by sex' in new
    assert spliced(new, small()) == new


def test_the_line_ends_of_the_readme_are_kept() -> None:
    new = spliced(README.replace("\n", "\r\n"), small())
    assert new == spliced(README, small()).replace("\n", "\r\n")


def test_markers_shown_in_a_code_fence_are_examples() -> None:
    shown = f"```markdown\n{BEGIN}{END}```\n"
    assert find_block(shown) is None
    assert spliced(f"{shown}{README}", small()) == shown + spliced(README, small())


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("no markers", 1, "no place for the table: put <!-- covidxr stats: begin -->"),
        (f"x\n{BEGIN}", 2, "line 2: the block has no end marker"),
        (f"x\n{END}", 2, "line 2: this marker is one too many"),
        (f"{BEGIN}{BEGIN}{END}", 2, "one too many"),
        (f"{BEGIN}{END}{BEGIN}{END}", 3, "one too many"),
        (f'<!-- covidxr stats: begin labels="x" -->\n{END}', 1, "line 1: there are no labels 'x'"),
        (f'<!-- covidxr stats: begin sort="x" -->\n{END}', 1, "no option 'sort'"),
        (f"<!-- covidxr stats: begin by=sex -->\n{END}", 1, "cannot be read: by=sex"),
    ],
)
def test_markers_that_enclose_no_block_are_refused(text: str, line: int, words: str) -> None:
    with pytest.raises(MarkerError, match=words.replace("(", r"\(")) as caught:
        spliced(text, small())
    assert caught.value.line == line


def test_a_stale_block_is_told_line_by_line() -> None:
    new = spliced(README, small())
    assert stale_lines("no markers", small()) is None
    assert stale_lines(new, small()) == []
    assert stale_lines(new.replace("| No Finding | 1 |", "| No Finding | 9 |"), small()) == [
        StaleLine(
            7, "| No Finding | 1 | 2 | 1 | 0 | 2 | 0 |", "| No Finding | 9 | 2 | 1 | 0 | 2 | 0 |"
        )
    ]
    added = stale_lines(README, small())
    assert added is not None
    assert added[0] == StaleLine(4, "", "old")


prose = st.lists(
    st.sampled_from(["text", "", "```", "~~~", " | x |", "<!-- other -->", "\x0c", "\x85é"]),
    max_size=6,
)


@settings(deadline=None)
@given(before=prose, inside=prose, after=prose, newline=st.sampled_from(["\n", "\r\n"]))
def test_splicing_touches_only_what_stands_between_the_markers(
    before: list[str], inside: list[str], after: list[str], newline: str
) -> None:
    lines = [*before, BEGIN.strip(), *inside, END.strip(), *after]
    text = "".join(f"{line}{newline}" for line in lines)
    try:
        found = find_block(text)
    except MarkerError:
        return
    if found is None:
        return
    new = spliced(text, small())
    assert new[: found.start] == text[: found.start]
    assert new[len(new) - len(text) + found.stop :] == text[found.stop :]
    assert spliced(new, small()) == new
    assert stale_lines(new, small()) == []
