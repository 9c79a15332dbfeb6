"""Facts as text: whatever was measured comes back the same, and nothing else is taken for facts."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from covidxr.factsform import facts_text, read_facts
from covidxr.filefacts import DicomFacts, PixelFacts, VolumeFacts
from covidxr.model import FileProblem, ImageFacts

FULL = ImageFacts(
    path="images/a.png",
    bytes=12,
    format="PNG",
    width=3,
    height=4,
    mode="I;16",
    sha256="ab" * 32,
    gps=True,
    problems=(FileProblem(kind="trailing", message="5 bytes"),),
    tags=(("Modality", "CR"), ("PatientName", "")),
    bits=16,
    frames=2,
    orientation=6,
    texts=(("EXIF Artist", "D\u00f6ra"),),
    pixels=PixelFacts(digest="00ff", hash="", levels=0, colour=0.25, transparent=True, writing=3),
    dicom=DicomFacts(syntax="1.2", spacing=(0.1, 0.2), calibrated=False, identity=("PatientName",)),
    volume=VolumeFacts(shape=(3, 4, 5), spacing=(0.5, 0.5, 1.25), axes="RAS", low=-1024.0),
)


@pytest.mark.parametrize("facts", [FULL, ImageFacts(path="images/a.png", bytes=0)])
def test_all_that_was_measured_comes_back(facts: ImageFacts) -> None:
    assert read_facts(facts_text(facts), facts.path) == facts


def test_the_path_is_the_one_that_is_asked_for() -> None:
    again = read_facts(facts_text(FULL), "volumes/b")
    assert again is not None
    assert again.path == "volumes/b"
    assert "images/a.png" not in facts_text(FULL)


@given(
    st.text()
    | st.binary().map(repr)
    | st.recursive(st.none() | st.integers(), st.lists).map(json.dumps)
)
def test_other_text_gives_nothing(text: str) -> None:
    assert read_facts(text, "images/a") is None


@pytest.mark.parametrize(
    "change", [{"unheard_of": 1}, {"pixels": {"sha256": "x"}}, {"problems": [["a"]]}, {"dicom": 3}]
)
def test_facts_of_another_form_give_nothing(change: dict[str, object]) -> None:
    assert read_facts(json.dumps(json.loads(facts_text(FULL)) | change), "images/a") is None
