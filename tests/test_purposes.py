"""What licences allow."""

from __future__ import annotations

import pytest

from covidxr.purposes import WHY_UNKNOWN, Purpose, allows, why_unknown

YES, NO, UNKNOWN = True, False, None


@pytest.mark.parametrize(
    ("licence", "answers"),
    [
        ("CC0-1.0", (YES, YES, YES)),
        ("CC BY 4.0", (YES, YES, YES)),
        ("CC-BY-SA-4.0", (YES, YES, YES)),
        ("CC-BY-NC-SA-4.0", (YES, YES, NO)),
        ("CC-BY-NC-ND-4.0", (YES, NO, NO)),
        ("CC-BY-ND-4.0", (YES, NO, YES)),
        ("CC BY-NC-SA", (UNKNOWN, UNKNOWN, UNKNOWN)),
        ("", (UNKNOWN, UNKNOWN, UNKNOWN)),
        ("listed as authorized for everyone", (UNKNOWN, UNKNOWN, UNKNOWN)),
        ("LicenseRef-Letter", (UNKNOWN, UNKNOWN, UNKNOWN)),
    ],
)
def test_a_licence_allows_what_it_says_and_nothing_is_guessed(
    licence: str, answers: tuple[bool | None, ...]
) -> None:
    assert tuple(allows(licence, purpose) for purpose in Purpose) == answers


def test_why_a_licence_is_not_known_can_be_told() -> None:
    texts = ("", "CC BY", "free for all", "LicenseRef-Letter", "CC-BY-4.0")
    keys = [why_unknown(text) for text in texts]
    assert keys == ["blank", "no-version", "free-text", "own", ""]
    assert set(keys) - {""} == set(WHY_UNKNOWN)
