"""Which places are read as countries, and which are not."""

from __future__ import annotations

import pytest

from covidxr.countries import read_country


@pytest.mark.parametrize(
    ("location", "country"),
    [
        ("Phantom Hospital, Springfield, Italy", "Italy"),
        ("Springfield, USA", "United States"),
        ("Springfield, U.S.A.", "United States"),
        ("somewhere,  united   kingdom ", "United Kingdom"),
        ("Springfield, Scotland", "United Kingdom"),
        ("Springfield, Viet Nam", "Vietnam"),
        ("Germany", "Germany"),
    ],
)
def test_the_last_part_of_a_place_is_read_as_a_country(location: str, country: str) -> None:
    assert read_country(location) == country


@pytest.mark.parametrize(
    "location",
    [
        "",
        "?",
        "Springfield",
        "Phantom Hospital of Italy",
        "Italy, Springfield",
        "Atlanta, Georgia",
        "Seattle, Washington",
        "Seoul, Korea",
        "Kinshasa, Congo",
        "Fort Wayne, IN",
    ],
)
def test_a_place_that_does_not_end_with_a_country_or_with_several_is_not_guessed(
    location: str,
) -> None:
    assert read_country(location) is None
