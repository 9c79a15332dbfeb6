"""What words say of a patient: age, sex, a finding in a title."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from covidxr.cases import Reading, Suggestion


@dataclass(frozen=True, slots=True, kw_only=True)
class PatientWords:
    """Age and sex as read out of a sentence; None where it does not say."""

    age: Reading | None = None
    sex: Reading | None = None


def age_in(text: str, language: str = "en") -> Reading | None:
    """Read an age in years out of a field or an address: "60 years", "6 months" as 0.5; or None."""
    raise NotImplementedError


def sex_in(text: str, language: str = "en") -> Reading | None:
    """Read "M" or "F" out of a field: "Male", "femminile"; None where it does not say."""
    raise NotImplementedError


def patient_in(text: str, language: str = "en") -> PatientWords:
    """Read age and sex out of the first sentences of a report."""
    raise NotImplementedError


def finding_in_title(title: str, where: str = "title") -> Suggestion | None:
    """Suggest a finding where the title names labels of the hierarchy; None where it does not."""
    raise NotImplementedError
