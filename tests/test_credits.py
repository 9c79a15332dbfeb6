"""Credit lines in each source's own form."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests import build

from covidxr import credits as credits_
from covidxr import provenance
from covidxr.credits import NOWHERE, PAPER, Credit, grouped
from covidxr.provenance import Ledger

RADIOPAEDIA = "https://radiopaedia.org/cases/covid-19-pneumonia-2"
EURORAD = "https://www.eurorad.org/case/16660"


def one(**cells: str) -> Credit:
    """The credit of a row with these cells; notes and address blank unless given."""
    (found,) = credits_.credits(build.dataset({"other_notes": "", "url": "", **cells}))
    return found


@pytest.mark.parametrize(
    ("cells", "text", "form"),
    [
        (
            {"url": RADIOPAEDIA, "other_notes": "Case courtesy of Dr A B, radiopaedia.org, rID: 7"},
            "Case courtesy of Dr A B, Radiopaedia.org, rID: 7",
            "source",
        ),
        (
            {"url": EURORAD, "other_notes": "Credit to Ochoa Y, Brugger S"},
            "Ochoa Y, Brugger S. Eurorad, case 16660",
            "source",
        ),
        (
            {
                "url": "https://www.sirm.org/2020/03/03/covid19-caso-2/",
                "other_notes": "Credit to A. Rossi, Radiology, Bergamo",
            },
            "Credit to A. Rossi, Radiology, Bergamo",
            "source",
        ),
        ({"other_notes": "Courtesy of Song F | day 3"}, "Courtesy of Song F", "note"),
        (
            {"doi": "https://doi.org/10.5555/abc"},
            "https://doi.org/10.5555/abc",
            "doi",
        ),
        (
            {"url": "https://www.example.org/page"},
            "example.org, https://www.example.org/page",
            "page",
        ),
    ],
)
def test_a_row_is_credited_in_the_form_of_its_source(
    cells: dict[str, str], text: str, form: str
) -> None:
    found = one(**cells)
    assert (found.text, found.form) == (text, form)


def test_coronacases_is_credited_by_the_sentence_that_it_asks_for() -> None:
    found = one(url="https://coronacases.org/forum/x/question/3")
    assert found.text.endswith("Wenzhou Medical University, and coronacases.org")
    assert found.missing == ()


def test_a_page_without_a_name_gives_its_address_and_says_that_the_author_is_missing() -> None:
    found = one(url=EURORAD)
    assert found.text == "Eurorad, case 16660"
    assert found.missing == ("author",)


def test_nothing_is_made_up_for_a_row_that_says_nothing() -> None:
    found = one(license="")
    assert (found.text, found.form, found.source) == ("", "", NOWHERE)
    assert found.missing == ("author", "source", "licence")


def test_a_licence_is_named_by_its_id_with_its_address() -> None:
    found = one(license="CC BY-NC-SA 4.0", url=EURORAD)
    assert found.licence == "CC-BY-NC-SA-4.0"
    assert found.licence_url == "https://creativecommons.org/licenses/by-nc-sa/4.0/"


def test_a_licence_without_version_stays_as_it_is_and_has_no_address() -> None:
    found = one(license="CC BY-NC-SA", url=EURORAD)
    assert (found.licence, found.licence_url) == ("CC BY-NC-SA", "")


def test_the_credit_of_provenance_goes_first_and_tells_what_was_changed() -> None:
    credit = "A. Author. A title. https://doi.org/10.5555/x. Panel A cut out of Figure 1."
    line = replace(
        provenance.BLANK, filename="image-1.png", sha256="ab", credit=credit, decision="accept"
    )
    ledger = Ledger(Ledger(None).with_line(line))
    (found,) = credits_.credits(build.dataset({}), ledger)
    assert (found.text, found.form) == (credit, "provenance")
    assert found.changes == "Panel A cut out of Figure 1."


def test_a_paper_is_grouped_with_papers_and_what_has_no_source_comes_last() -> None:
    found = credits_.credits(
        build.dataset(
            {"url": "", "doi": "", "other_notes": ""},
            {"url": "", "doi": "10.5555/x"},
            {"url": RADIOPAEDIA},
            {"url": EURORAD},
        )
    )
    names = [name for name, _ in grouped(found)]
    assert names == ["Eurorad", "Radiopaedia", PAPER, NOWHERE]


@pytest.mark.parametrize(
    ("text", "changes"),
    [
        ("A. Author. Panel B cut out of Figure 2. More.", "Panel B cut out of Figure 2."),
        ("day 3 | Cropped by the curators\nand more", "Cropped by the curators"),
        ("The patient converted to negative.", ""),
        ("", ""),
    ],
)
def test_changes_are_the_sentences_that_tell_them(text: str, changes: str) -> None:
    assert credits_.changes_in(text) == changes
