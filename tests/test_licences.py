"""Licences: ids, their spellings, and what is never completed by guess."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from covidxr.licences import LICENCES, read_licence

REAL = Path(__file__).parents[2] / "shared" / "real"

licence_like = st.lists(
    st.sampled_from(
        ["CC", "BY", "NC", "ND", "SA", "4.0", "3", "2", "2.5", "IGO", "0", "Apache", "MIT", "ODbL"]
    )
    | st.sampled_from(
        ["(", ")", "-", " ", "/", ".", "License", "Attribution", "LicenseRef-", "https://"]
    )
    | st.sampled_from(
        ["creativecommons.org/licenses/", "by-nc/", "legalcode", "v", "PDDL", "_", "\u2011"]
    ),
    max_size=9,
).map("".join)


@pytest.mark.parametrize("spdx", [*LICENCES, "LicenseRef-Radiopaedia", "LicenseRef-a.b-1"])
def test_an_id_stands_as_it_is(spdx: str) -> None:
    reading = read_licence(spdx)
    assert reading.is_canonical
    assert reading.spdx == spdx


def test_a_reference_has_no_known_permissions() -> None:
    assert "LicenseRef-Radiopaedia" not in LICENCES


@pytest.mark.parametrize("spdx", LICENCES)
def test_the_id_the_title_and_the_address_of_every_licence_name_it(spdx: str) -> None:
    licence = LICENCES[spdx]
    spellings = (
        spdx.lower(),
        f" {spdx}",
        spdx.replace("-", "\u2011"),
        licence.title,
        licence.url,
        licence.url.replace("https", "http").rstrip("/"),
    )
    for spelling in spellings:
        assert read_licence(spelling).spdx == spdx, spelling


@pytest.mark.parametrize(
    ("text", "spdx"),
    [
        ("CC BY-NC-SA 4.0", "CC-BY-NC-SA-4.0"),
        ("cc-by 3.0", "CC-BY-3.0"),
        ("CC BY 2.5", "CC-BY-2.5"),
        ("CC-BY-4", "CC-BY-4.0"),
        ("CC BY v4.0", "CC-BY-4.0"),
        ("CC BY, version 4.0", "CC-BY-4.0"),
        ("CCBY 4.0", "CC-BY-4.0"),
        ("CC BY\u00a04.0", "CC-BY-4.0"),
        ("CC BY-ND-NC 4.0", "CC-BY-NC-ND-4.0"),
        ("CC BY-NC-SA 4.0 International", "CC-BY-NC-SA-4.0"),
        ("CC BY-NC-SA 3.0 IGO", "CC-BY-NC-SA-3.0-IGO"),
        ("Creative Commons Attribution 4.0 International (CC BY 4.0)", "CC-BY-4.0"),
        ("Creative Commons Attribution Non Commercial Share Alike 4.0", "CC-BY-NC-SA-4.0"),
        ("Creative Commons Attribution-NonCommercial-NoDerivs 3.0", "CC-BY-NC-ND-3.0"),
        ("https://creativecommons.org/licenses/by-nc/4.0/", "CC-BY-NC-4.0"),
        ("http://creativecommons.org/licenses/by/4.0/deed.en", "CC-BY-4.0"),
        ("https://creativecommons.org/licenses/by-sa/3.0/legalcode", "CC-BY-SA-3.0"),
        ("https://creativecommons.org/licenses/by/3.0/igo/", "CC-BY-3.0-IGO"),
        ("https://creativecommons.org/publicdomain/zero/1.0/", "CC0-1.0"),
        ("CC0", "CC0-1.0"),
        ("CC Zero", "CC0-1.0"),
        ("CC0 1.0 Universal", "CC0-1.0"),
        ("Apache 2.0", "Apache-2.0"),
        ("Apache License, Version 2.0", "Apache-2.0"),
        ("the MIT License", "MIT"),
        ("mit", "MIT"),
        ("CC BY 3.0 US", "CC-BY-3.0-US"),
        ("CC BY-SA 2.1 jp", "CC-BY-SA-2.1-JP"),
        ("https://creativecommons.org/licenses/by/3.0/us/", "CC-BY-3.0-US"),
        ("https://creativecommons.org/licenses/by/3.0/au/deed.en", "CC-BY-3.0-AU"),
        ("https://creativecommons.org/licenses/by/4.0/deed.de", "CC-BY-4.0"),
        ("bsd-3-clause", "BSD-3-Clause"),
        ("ODbL", "ODbL-1.0"),
        ("PDDL 1.0", "PDDL-1.0"),
        ("licenseref-Radiopaedia", "LicenseRef-Radiopaedia"),
    ],
)
def test_a_usual_name_with_its_version_is_a_matter_of_spelling(text: str, spdx: str) -> None:
    reading = read_licence(text)
    assert reading.problem == "spelling"
    assert reading.spdx == spdx


@pytest.mark.parametrize(
    ("text", "family"),
    [
        ("CC BY", "CC BY"),
        ("CC BY-NC-SA", "CC BY-NC-SA"),
        ("cc-by-nc-nd", "CC BY-NC-ND"),
        ("Creative Commons Attribution", "CC BY"),
        ("https://creativecommons.org/licenses/by-sa/", "CC BY-SA"),
        # 2.0 and 2.5 are two licences.
        ("CC BY 2", "CC BY"),
        # BY is missing, and is not put in.
        ("CC-NC-SA", "CC NC-SA"),
        ("Apache", "Apache"),
    ],
)
def test_a_family_without_a_version_is_never_completed(text: str, family: str) -> None:
    reading = read_licence(text)
    assert reading.problem == "no-version"
    assert reading.spdx is None
    assert reading.family == family


@pytest.mark.parametrize("text", ["", " ", "\t\n", "\u00a0"])
def test_a_cell_of_blanks_is_blank(text: str) -> None:
    reading = read_licence(text)
    assert (reading.problem, reading.spdx) == ("blank", None)


@pytest.mark.parametrize(
    "text",
    [
        "listed as authorized for everyone",
        "All rights reserved",
        "public domain",
        "?",
        "CC",
        "CC BY 5.0",
        "CC BY-NC-SA 2.1",
        "CC NC-SA 4.0",
        "CC BY-SA-ND 4.0",
        "CC BY-BY 4.0",
        "CC0 4.0",
        "4.0",
        # A remark may take away what the licence gives.
        "CC BY 4.0, figures excepted",
        "CC BY-NC-SA 3.0 (modified)",
        "CC BY 4.0 (CC BY 3.0)",
        # Two licences are not one.
        "CC-BY-4.0 AND CC0-1.0",
        "CC BY-NC-SA 4.0 / CC BY 4.0",
        # A port to one country is another text than the international one.
        "https://creativecommons.org/licenses/by/4.0/us/",
        "CC BY 4.0 US",
        "CC BY-NC 3.0 US",
        "CC BY 3.0 US AU",
        "https://example.org/creativecommons.org/licenses/by/3.0/",
        "LicenseRef-",
        "LicenseRef-with blank",
        # Which one of two: with or without any later version.
        "GPL-3.0",
        "\udca1",
    ],
)
def test_what_is_not_fully_understood_is_free_text(text: str) -> None:
    reading = read_licence(text)
    assert reading.problem == "free-text"
    assert reading.spdx is None


@pytest.mark.parametrize(
    ("spdx", "commercial_use", "derivatives", "share_alike", "attribution"),
    [
        ("CC0-1.0", True, True, False, False),
        ("CC-BY-4.0", True, True, False, True),
        ("CC-BY-SA-3.0", True, True, True, True),
        ("CC-BY-ND-4.0", True, False, False, True),
        ("CC-BY-NC-4.0", False, True, False, True),
        ("CC-BY-NC-SA-4.0", False, True, True, True),
        ("CC-BY-NC-ND-4.0", False, False, False, True),
        ("CC-BY-3.0-AU", True, True, False, True),
        ("CC-BY-NC-SA-2.0-UK", False, True, True, True),
        ("BSD-3-Clause", True, True, False, True),
        ("GPL-3.0-only", True, True, True, True),
        ("Apache-2.0", True, True, False, True),
        ("ODbL-1.0", True, True, True, True),
        ("PDDL-1.0", True, True, False, False),
    ],
)
def test_a_licence_knows_what_it_permits(
    spdx: str, *, commercial_use: bool, derivatives: bool, share_alike: bool, attribution: bool
) -> None:
    licence = LICENCES[spdx]
    assert (licence.commercial_use, licence.derivatives) == (commercial_use, derivatives)
    assert (licence.share_alike, licence.attribution) == (share_alike, attribution)


def test_every_licence_stands_under_its_own_id_with_its_own_title_and_address() -> None:
    assert all(spdx == licence.spdx for spdx, licence in LICENCES.items())
    assert len({licence.title for licence in LICENCES.values()}) == len(LICENCES)
    assert len({licence.url for licence in LICENCES.values()}) == len(LICENCES)
    assert all(re.fullmatch(r"https://\S+", licence.url) for licence in LICENCES.values())


def test_the_first_version_of_one_family_has_its_elements_the_other_way_round() -> None:
    address = "https://creativecommons.org/licenses/by-nd-nc/1.0/"
    assert LICENCES["CC-BY-NC-ND-1.0"].url == address


@given(st.one_of(st.text(), licence_like))
def test_normalising_twice_changes_nothing_more(text: str) -> None:
    reading = read_licence(text)
    if reading.spdx is not None:
        again = read_licence(reading.spdx)
        assert again.is_canonical
        assert again.spdx == reading.spdx
    if reading.problem == "no-version":
        assert reading.family is not None
        assert read_licence(reading.family) == reading


@given(st.sampled_from(list(LICENCES)), st.sampled_from([str.lower, str.upper, str.title]))
def test_a_slip_of_case_never_changes_the_licence(spdx: str, slip: object) -> None:
    assert callable(slip)
    assert read_licence(slip(spdx)).spdx == spdx


def test_every_licence_of_the_real_table_is_read_or_said_to_be_open() -> None:
    table = REAL / "2020-06-22" / "metadata.csv"
    if not table.exists():
        pytest.skip("the real tables are not here")
    with table.open(encoding="utf-8", newline="") as file:
        texts = {row["license"] for row in csv.DictReader(file)}
    readings = {text: read_licence(text) for text in texts}
    assert {text: (reading.problem, reading.spdx) for text, reading in readings.items()} == {
        "": ("blank", None),
        " ": ("blank", None),
        "CC BY": ("no-version", None),
        "CC BY-SA": ("no-version", None),
        "CC BY-NC-SA": ("no-version", None),
        "CC BY-NC-ND": ("no-version", None),
        "CC BY 3.0": ("spelling", "CC-BY-3.0"),
        "CC BY 4.0": ("spelling", "CC-BY-4.0"),
        "CC BY-NC-SA 4.0": ("spelling", "CC-BY-NC-SA-4.0"),
        "CC BY-NC-ND 4.0": ("spelling", "CC-BY-NC-ND-4.0"),
        "Apache 2.0": ("spelling", "Apache-2.0"),
        "listed as authorized for everyone": ("free-text", None),
    }


@pytest.mark.parametrize(
    ("spdx", "family"),
    [
        ("CC-BY-3.0-AU", "CC BY"),
        ("CC-BY-NC-ND-3.0-IGO", "CC BY-NC-ND"),
        ("LGPL-2.1-or-later", "LGPL"),
        ("BSD-2-Clause", "BSD-2-Clause"),
    ],
)
def test_a_port_or_a_choice_of_versions_is_no_family_of_its_own(spdx: str, family: str) -> None:
    reading = read_licence(spdx)
    assert (reading.problem, reading.family) == (None, family)
