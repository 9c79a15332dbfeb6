"""Words and addresses that speak of rights."""

from __future__ import annotations

import pytest

from covidxr.rightswords import (
    Named,
    addresses_in,
    copyright_in,
    credit_in,
    is_own,
    named_by_address,
    named_by_code,
    named_by_words,
    refusal_of,
    shortened,
)

CC = "creativecommons.org/licenses"


@pytest.mark.parametrize(
    ("url", "family", "spdx"),
    [
        (f"https://{CC}/by/4.0/", "CC BY", "CC-BY-4.0"),
        (f"http://www.{CC}/by-nc/4.0", "CC BY-NC", "CC-BY-NC-4.0"),
        (f"https://{CC}/by-nc-nd/4.0/deed.en", "CC BY-NC-ND", "CC-BY-NC-ND-4.0"),
        (f"https://{CC}/by-nc-sa/4.0/legalcode", "CC BY-NC-SA", "CC-BY-NC-SA-4.0"),
        (f"HTTP://{CC.upper()}/BY/2.0/.", "CC BY", "CC-BY-2.0"),
        (f"https://{CC}/by/3.0/igo/", "CC BY", "CC-BY-3.0-IGO"),
        (f"https://{CC}/by/3.0/de/", "CC BY", "CC-BY-3.0-DE"),
        ("https://creativecommons.org/publicdomain/zero/1.0/", "CC0", "CC0-1.0"),
        ("https://creativecommons.org/publicdomain/mark/1.0/", "CC PDM", "CC-PDM-1.0"),
        # Of the family, but no version of it has this address, or none has an id.
        (f"https://{CC}/by-nc/3.0/es/", "CC BY-NC", ""),
        (f"https://{CC}/by/", "CC BY", ""),
        (f"https://{CC}/by/9.0/", "CC BY", ""),
    ],
)
def test_an_address_of_creative_commons_names_one_licence(url: str, family: str, spdx: str) -> None:
    assert named_by_address(url) == Named(family=family, spdx=spdx)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "https://creativecommons.org/",
        f"https://{CC}/",
        f"https://{CC}/sampling+/1.0/",
        f"https://{CC}.evil.example/by/4.0/",
        f"https://evil.example/?to=https://{CC}/by/4.0/",
        f"https://notcreativecommons.org/licenses/by/4.0/#{CC}",
        "https://www.elsevier.com/tdm/userlicense/1.0/",
        "CC BY 4.0",
    ],
)
def test_no_other_address_names_one(url: str) -> None:
    assert named_by_address(url) is None


@pytest.mark.parametrize(
    ("code", "family", "spdx"),
    [
        ("CC BY-NC", "CC BY-NC", ""),
        ("cc by", "CC BY", ""),
        ("cc-by-nc-nd", "CC BY-NC-ND", ""),
        ("cc_by_nc", "CC BY-NC", ""),
        ("CC-BY-4.0", "CC BY", "CC-BY-4.0"),
        ("cc0", "CC0", "CC0-1.0"),
        ("cc0_ng", "CC0", "CC0-1.0"),
        (f"https://{CC}/by/4.0/legalcode", "CC BY", "CC-BY-4.0"),
    ],
)
def test_a_code_of_a_registry_names_a_family(code: str, family: str, spdx: str) -> None:
    assert named_by_code(code) == Named(family=family, spdx=spdx)


@pytest.mark.parametrize(
    "code", ["", "TDM", "cc_no", "publisher-specific, author manuscript", "MIT"]
)
def test_other_codes_name_none(code: str) -> None:
    assert named_by_code(code) is None


@pytest.mark.parametrize(
    ("words", "names"),
    [
        ("under the Creative Commons Attribution License, which permits use", ["CC BY "]),
        ("a Creative Commons Attribution 4.0 International License.", ["CC BY CC-BY-4.0"]),
        ("the Creative Commons Attribution License (CC BY).", ["CC BY "]),
        ("Creative Commons Attribution Non-Commercial Licence 4.0.", ["CC BY-NC CC-BY-NC-4.0"]),
        (
            "Creative Common Attribution-NonCommercial-NoDerivatives 4.0",
            ["CC BY-NC-ND CC-BY-NC-ND-4.0"],
        ),
        ("Attribution-Non Commercial License 4.0 (CCBY-NC)", ["CC BY-NC "]),
        ("licensed CC BY-NC-SA 4.0", ["CC BY-NC-SA CC-BY-NC-SA-4.0"]),
        ("Creative Commons Attribution–ShareAlike 3.0 Unported", ["CC BY-SA CC-BY-SA-3.0"]),
        ("Creative Commons Attribution 3.0 Germany License", ["CC BY "]),
        ("the Creative Commons CC0 dedication", ["CC0 CC0-1.0"]),
        ("CC BY 4.0, data under CC0", ["CC BY CC-BY-4.0", "CC0 CC0-1.0"]),
        ("a Creative Commons licence", []),
        ("a Creative Commons licence by the authors", []),
        ("Creative Commons Non Commercial", []),
        ("open access", []),
        ("", []),
    ],
)
def test_words_name_a_licence_as_far_as_they_go(words: str, names: list[str]) -> None:
    assert [f"{each.family} {each.spdx}" for each in named_by_words(words)] == names


def test_licences_are_ordered_by_what_they_forbid() -> None:
    families = ["CC0", "CC BY", "CC BY-SA", "CC BY-NC", "CC BY-NC-SA", "CC BY-ND", "CC BY-NC-ND"]
    ranks = [Named(family=each).rank for each in families]
    assert ranks == sorted(set(ranks))
    assert [each for each in families if not Named(family=each).derivatives] == families[-2:]


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("This article is not published under a Creative Commons licence.", "negated"),
        ("After six months it is available under CC BY-NC.", "later"),
        ("CC BY, with the exception of the figures.", "figures"),
        ("CC BY. Images are not covered by it.", "figures"),
        ("Free for reuse for the duration of the pandemic.", "lapsed"),
        ("Granted as long as the COVID-19 resource centre is kept.", "lapsed"),
        ("Free because of the public health emergency.", "lapsed"),
        ("For text mining only.", "mining"),
        ("All rights reserved.", "reserved"),
        ("It may not be reproduced.", "reserved"),
        ("If material is not included in the article's Creative Commons licence, ask.", ""),
        ("Images are included in the licence, unless indicated otherwise in a credit line.", ""),
        ("Except where otherwise noted, CC BY.", ""),
        ("Permits unrestricted use, provided the work is cited.", ""),
        ("", ""),
    ],
)
def test_words_that_take_a_permission_back_are_told_by_kind(words: str, kind: str) -> None:
    found, sentence = refusal_of(words)
    assert found == kind
    assert (sentence in words) if kind else (sentence == "")


@pytest.mark.parametrize(
    ("caption", "credit"),
    [
        ("CT. Reproduced from Doe et al. [3]. Clear.", "Reproduced from Doe et al. [3]."),
        ("CT (reprinted with permission).", "CT (reprinted with permission)."),
        (
            "CT. Adapted from Doe with permission of A Press.",
            "Adapted from Doe with permission of A Press.",
        ),
        (
            "CT, used with kind permission from A Press",
            "CT, used with kind permission from A Press",
        ),
        ("Image courtesy of Dr Doe.", "Image courtesy of Dr Doe."),
        ("CT of day 3 (courtesy Dr. Doe)", "CT of day 3 (courtesy Dr. Doe)"),
        ("This figure is adapted from Doe.", "This figure is adapted from Doe."),
        ("CT. Modified from [12].", "Modified from [12]."),
        ("CT taken from Doe et al. (2019).", "CT taken from Doe et al. (2019)."),
        ("CT. Source: Radiology of A Town.", "Source: Radiology of A Town."),
        ("CT. Photo credit: J. Doe", "Photo credit: J. Doe"),
        ("Permission was granted by the publisher.", "Permission was granted by the publisher."),
        ("CT from Radiopaedia.org, rID 1", "CT from Radiopaedia.org, rID 1"),
    ],
)
def test_a_credit_to_somebody_else_is_quoted(caption: str, credit: str) -> None:
    assert credit_in(caption) == credit


@pytest.mark.parametrize(
    "caption",
    [
        "The window was adapted to the lung.",
        "A second reader reproduced the findings.",
        "Permission was obtained from the patient.",
        "Shown with the permission of the patient's family.",
        "Published with the patient's permission.",
        "With permission of the institutional board.",
        "Chest CT images obtained from a 45-year-old man.",
        "X-ray taken from the same patient.",
        "The score, adapted from the Fleischner criteria, was 4.",
        "(a) Axial, (b) coronal, (c) sagittal CT.",
        "Source: the authors.",
        "Source of infection: travel.",
        "",
    ],
)
def test_harmless_words_are_no_credit(caption: str) -> None:
    assert credit_in(caption) == ""
    assert copyright_in(caption) == ""


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("CT. © 2019 A Press.", "© 2019 A Press."),
        ("CT. (c) 2019 A Press", "(c) 2019 A Press"),
        ("Copyright A Press", "Copyright A Press"),
        ("© The Author(s) 2020", ""),
        ("© 2020 by the authors", ""),
        ("(c) Axial CT", ""),
    ],
)
def test_a_copyright_of_others_is_quoted(text: str, said: str) -> None:
    assert copyright_in(text) == said


def test_an_attribution_to_the_authors_is_their_own() -> None:
    assert is_own("Source: own elaboration")
    assert is_own("© The Author(s) 2020")
    assert not is_own("J. Doe")


def test_printed_addresses_are_found_once_each() -> None:
    by, nc = f"https://{CC}/by/4.0/", f"http://{CC}/by-nc/4.0/"
    assert addresses_in(f"Under {by}, see ({nc}) or {by} here; https://a.example/by") == (by, nc)


def test_a_long_text_is_cut_for_a_message() -> None:
    assert shortened("a  b\nc") == "a b c"
    assert shortened("x" * 500) == "x" * 199 + "…"


@pytest.mark.parametrize(
    "text", ["cc by " * 20_000, "figure is " * 10_000, "\0\ud800" * 50_000, "CC0 waiver " * 9000]
)
def test_a_text_of_any_length_is_looked_at_and_given_up(text: str) -> None:
    assert named_by_address(text) is None
    assert refusal_of(text) == ("", "")
    assert credit_in(text) == ""
    assert addresses_in(text) == ()
