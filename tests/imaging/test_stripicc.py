"""Colour profiles without words."""

from __future__ import annotations

import io
import struct

import pytest
from PIL import ImageCms

from covidxr.imaging.stripicc import clean_icc

SRGB = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


def of_version(version: int) -> bytes:
    return SRGB[:8] + bytes([version]) + SRGB[9:]


def with_tag(name: bytes, content: bytes) -> bytes:
    """The profile with one more tag at its end."""
    count = struct.unpack_from(">I", SRGB, 128)[0]
    table = bytearray(SRGB[132 : 132 + 12 * count])
    for at in range(0, len(table), 12):
        struct.pack_into(">I", table, at + 4, struct.unpack_from(">I", table, at + 4)[0] + 12)
    rest = SRGB[132 + 12 * count :]
    entry = struct.pack(">4sII", name, 132 + len(table) + 12 + len(rest), len(content))
    head = struct.pack(">I", len(SRGB) + 12 + len(content)) + SRGB[4:128]
    return head + struct.pack(">I", count + 1) + table + entry + rest + content


@pytest.mark.parametrize("version", [2, 4])
def test_readers_find_the_name_that_says_nothing(version: int) -> None:
    kept = ImageCms.ImageCmsProfile(io.BytesIO(clean_icc(of_version(version))))
    assert ImageCms.getProfileDescription(kept).strip() == "colours"
    assert ImageCms.getProfileCopyright(kept).strip() == "colours"


@pytest.mark.parametrize("version", [2, 4])
def test_a_second_time_changes_nothing(version: int) -> None:
    once = clean_icc(of_version(version))
    assert clean_icc(once) == once
    assert struct.unpack_from(">I", once)[0] == len(once)


def test_maker_tool_device_date_and_checksum_go_from_the_header() -> None:
    said = bytearray(SRGB)
    for begin, length in ((4, 4), (24, 12), (40, 4), (48, 8), (56, 8), (80, 48)):
        said[begin : begin + length] = b"J" * length
    assert b"J" not in clean_icc(bytes(said))[:128]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        (b"dmnd", b"text\0\0\0\0Jane Doe\0"),
        (b"meta", b"dict\0\0\0\0Jane Doe\0"),
        (b"prIv", b"Jane Doe"),
        # A curve by its tag, a text by its type.
        (b"kTRC", b"text\0\0\0\0Jane Doe\0"),
    ],
)
def test_tags_with_words_go(name: bytes, content: bytes) -> None:
    given = with_tag(name, content)
    assert b"Jane Doe" in given
    assert clean_icc(given) == clean_icc(SRGB)


@pytest.mark.parametrize(
    "damaged", [b"", b"Jane Doe" * 40, SRGB[:200], SRGB[:128] + b"\xff\xff\xff\xff" + SRGB[132:]]
)
def test_a_damaged_profile_gives_none(damaged: bytes) -> None:
    assert clean_icc(damaged) == b""
