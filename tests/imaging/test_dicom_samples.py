"""pydicom's own test files: each gives facts or one clear problem, whole and damaged."""

from __future__ import annotations

import random
from functools import cache
from pathlib import Path
from typing import Any

import pydicom.data
import pytest
from pydicom.uid import UID

from covidxr.imaging.dicomdecode import is_decodable
from covidxr.imaging.dicompixels import frames_of, shown, stored
from covidxr.imaging.examine import examine, examine_header
from covidxr.model import FileProblem, ImageDepth

KINDS = {"unreadable", "empty", "truncated", "corrupt", "trailing"}
# Why files that have a preamble and a picture are not fine; all others of them are.
FLAWED = {
    "badVR.dcm": "trailing",
    "JPEG2000-embedded-sequence-delimiter.dcm": "corrupt",
    "MR_small_padded.dcm": "trailing",
    "MR_truncated.dcm": "truncated",
    "SC_rgb_jpeg.dcm": "truncated",
    "emri_small_jpeg_2k_lossless_too_short.dcm": "truncated",
    "meta_missing_tsyntax.dcm": "truncated",
}


@cache
def samples() -> dict[str, bytes]:
    """Every file that pydicom brings along, and those of pydicom-data where it is installed."""
    paths = [Path(path) for path in pydicom.data.get_testdata_files()]
    return {str(path): path.read_bytes() for path in paths if path.is_file()}


def test_the_files_are_there() -> None:
    assert len(samples()) > 150


@pytest.mark.filterwarnings("error")
def test_every_file_gives_facts_or_one_clear_problem() -> None:
    for path, data in samples().items():
        facts = examine(path, data, ImageDepth.FULL)
        assert len(facts.problems) <= 1, path
        assert {problem.kind for problem in facts.problems} <= KINDS, path
        assert all(problem.message.isprintable() for problem in facts.problems), path
        if not facts.problems:
            assert facts.dicom is not None, path
            assert UID(facts.dicom.syntax).is_transfer_syntax, path
            assert facts.width, path


def test_every_picture_is_fine_or_known_not_to_be() -> None:
    for path, data in samples().items():
        facts = examine(path, data, ImageDepth.FULL)
        if facts.width:
            kind = facts.problems[0].kind if facts.problems else None
            assert kind == FLAWED.get(Path(path).name), path


def test_every_picture_that_is_fine_is_shown_unless_nothing_decodes_it() -> None:
    for path, data in samples().items():
        facts = examine(path, data, ImageDepth.STRUCTURE)
        if facts.width and facts.dicom is not None and Path(path).name not in FLAWED:
            picture = shown(data)
            decodable = is_decodable(facts.dicom.syntax, facts.dicom.bits_stored)
            assert isinstance(picture, FileProblem) != decodable, path
            if not isinstance(picture, FileProblem):
                assert picture.shape[:2] == (facts.height, facts.width), path


# Files that hold the same pixels, once plain and otherwise compressed without loss.
TWINS = {
    "MR_small.dcm": ("RLE", "jp2klossless", "jpeg_ls_lossless", "bigendian", "implicit"),
    "emri_small.dcm": ("RLE", "jpeg_2k_lossless", "jpeg_ls_lossless", "big_endian"),
    "SC_rgb.dcm": ("rle", "jpeg_gdcm", "expb"),
    "rtdose.dcm": ("rle", "expb"),
}


@pytest.mark.parametrize("plain", TWINS)
def test_what_was_compressed_without_loss_has_the_same_pixels(plain: str) -> None:
    files = {Path(path).name: data for path, data in samples().items()}
    frames = frames_of(files[plain])
    assert isinstance(frames, int)
    for ending in TWINS[plain]:
        other = files[plain.replace(".dcm", f"_{ending}.dcm")]
        for frame in {0, frames - 1}:
            one, same = stored(files[plain], frame), stored(other, frame)
            assert not isinstance(one, FileProblem)
            assert not isinstance(same, FileProblem), (ending, same)
            assert one.tolist() == same.tolist(), ending


def test_the_depths_agree() -> None:
    for path, data in samples().items():
        head = examine_header(path, data[:65_536], len(data))
        whole = examine(path, data, ImageDepth.STRUCTURE)
        if whole.dicom is not None and head.dicom is not None and whole.width:
            assert (head.width, head.height, head.tags) == (
                (whole.width, whole.height, whole.tags)
            ), path
            assert head.dicom.spacing == whole.dicom.spacing or head.dicom.spacing is None


def by_syntax(largest: int) -> dict[str, list[bytes]]:
    """Small pictures of each transfer syntax, four at most."""
    found: dict[str, list[bytes]] = {}
    for path, data in samples().items():
        facts = examine_header(path, data[:65_536], len(data))
        if facts.width and facts.dicom is not None and len(data) <= largest:
            found.setdefault(facts.dicom.syntax, []).append(data)
    return {syntax: files[:4] for syntax, files in found.items()}


def damaged(data: bytes, chance: random.Random) -> bytes:
    """Change up to six bytes, half the time of the pixels alone, and cut every fifth file."""
    changed = bytearray(data)
    begin = max(0, changed.find(b"\xe0\x7f\x10\x00")) if chance.random() < 0.5 else 0
    for _ in range(chance.randint(1, 6)):
        changed[chance.randrange(begin, len(changed))] = chance.randrange(256)
    if chance.random() < 0.2:
        del changed[chance.randrange(len(changed)) :]
    return bytes(changed)


def test_damaged_files_give_problems_and_no_traceback(capfd: Any) -> None:
    chance = random.Random(6)  # noqa: S311 - the same damage each time, nothing to guess
    for syntax, files in by_syntax(300_000).items():
        for _ in range(20):
            data = damaged(chance.choice(files), chance)
            facts = examine("a.dcm", data, ImageDepth.FULL)
            assert {problem.kind for problem in facts.problems} <= KINDS, syntax
            picture = shown(data)
            assert isinstance(picture, FileProblem) or picture.dtype == "uint8", syntax
    # Decoders written in C print past Python.
    assert capfd.readouterr() == ("", "")


def test_cut_files_give_problems() -> None:
    for syntax, files in by_syntax(300_000).items():
        data = files[0]
        if examine("a.dcm", data, ImageDepth.FULL).problems:
            continue
        for share in range(1, 20):
            cut = data[: len(data) * share // 20]
            facts = examine("a.dcm", cut, ImageDepth.FULL)
            assert len(facts.problems) == 1, (syntax, share)
