"""New names out of one secret."""

from __future__ import annotations

from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st
from tests import persons

from covidxr.imaging.pseudonyms import MOST_DAYS, Pseudonyms


@given(st.text())
def test_names_uids_and_days_have_the_form_that_dicom_asks_for(original: str) -> None:
    made = Pseudonyms(persons.SECRET)
    assert made.patient(original).isalnum()
    assert len(made.patient(original)) == 17
    uid = made.uid(original)
    assert uid.startswith("2.25.")
    assert int(uid[5:]) < 2**128
    assert len(uid) <= 64
    assert -MOST_DAYS <= made.shift_days(original) <= -1


def test_different_originals_get_different_names_and_most_get_different_days() -> None:
    made = Pseudonyms(persons.SECRET)
    names = {made.patient(str(number)) for number in range(2000)}
    assert len(names) == 2000
    assert len({made.shift_days(str(number)) for number in range(2000)}) > 1000


def test_a_patients_name_does_not_give_away_a_uid_or_the_days() -> None:
    made = Pseudonyms(persons.SECRET)
    name = int(made.patient("4711")[1:], 16)
    assert int(made.uid("4711")[5:]) >> 64 != name
    assert made.shift_days("4711") != -1 - name % MOST_DAYS


def test_another_secret_gives_other_answers() -> None:
    made = [Pseudonyms(bytes([first]) * 16) for first in range(4)]
    for one, other in combinations(made, 2):
        assert one.patient("4711") != other.patient("4711")
        assert one.uid("1.2.3") != other.uid("1.2.3")


def test_the_secret_does_not_show() -> None:
    assert "abcdefgh" not in repr(Pseudonyms(b"abcdefghijklmnop"))
