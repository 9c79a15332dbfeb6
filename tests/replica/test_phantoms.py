"""The replica's phantoms: drawn, and each another."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from covidxr.imaging.likeness import ALIKE, confirm, fingerprint
from covidxr.replica.phantoms import VIEWS, phantom


@pytest.mark.parametrize("view", VIEWS)
def test_no_two_phantoms_pass_for_one_image(view: str) -> None:
    # Whoever tries the review on them is to see real duplicates only.
    prints = [fingerprint(np.asarray(phantom(number, view))) for number in range(25)]
    made = [each for each in prints if each is not None]
    assert len(made) == 25
    assert [pair for pair in itertools.combinations(made, 2) if confirm(*pair) >= ALIKE] == []


def test_a_number_gives_the_same_phantom_again() -> None:
    first = np.asarray(phantom(3))
    phantom.cache_clear()
    assert np.array_equal(first, np.asarray(phantom(3)))
