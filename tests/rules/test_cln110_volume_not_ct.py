"""Tests of CLN110."""

from __future__ import annotations

import pytest
from tests import build


def test_a_good_table_has_none() -> None:
    assert build.hits("CLN110", build.dataset({})) == []


def test_a_header_alone_has_none() -> None:
    assert build.hits("CLN110", build.dataset()) == []


def test_a_table_without_the_columns_has_none() -> None:
    assert build.hits("CLN110", build.from_text("finding\ntodo\n")) == []


def test_a_volume_is_no_radiograph() -> None:
    data = build.dataset({"folder": "volumes", "modality": "X-ray"})
    assert build.hits("CLN110", data) == [
        (2, "modality", "a volume is a CT, but the modality is X-ray")
    ]


@pytest.mark.parametrize(
    ("folder", "modality"),
    [("volumes", "CT"), ("images", "X-ray"), ("images", "CT"), ("volumes", ""), ("", "X-ray")],
)
def test_folders_and_modalities_that_fit(folder: str, modality: str) -> None:
    assert build.hits("CLN110", build.dataset({"folder": folder, "modality": modality})) == []
