"""JPEG and PNG files lose their words and keep their pixels."""

from __future__ import annotations

import io
import random
import struct
import warnings
import zlib
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image, ImageCms, PngImagePlugin

from covidxr.imaging.strip import Stripped, UncleanError, strip

REAL = Path(__file__).parents[3] / "shared" / "real" / "sample"
NAMES = (b"Jane Doe", "Jane Doe".encode("utf-16-le"), "Jane Doe".encode("utf-16-be"))
SHADES = np.add.outer(np.arange(40) * 5, np.arange(50)).astype(np.uint8)
COLOURS = np.stack([SHADES, SHADES[::-1], SHADES[:, ::-1]], axis=2)


def exif(orientation: int = 1) -> Any:
    made = Image.Exif()
    made[0x0112] = orientation
    made[0x013B] = "Jane Doe"
    made[0x9C9D] = "Jane Doe".encode("utf-16-le")
    made.get_ifd(0x8825)[2] = (51.0, 30.0, 0.0)
    return made


def profile() -> bytes:
    made = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    # Its description is made to name somebody, at the length that it has.
    at = made.find(b"mluc")
    words = "Jane Doe's screen".encode("utf-16-be")
    assert at > 0
    length, place = struct.unpack_from(">II", made, at + 20)
    kept = words[: length - length % 2]
    assert b"Jane Doe"[:4].decode().encode("utf-16-be") in kept
    return made[: at + place] + kept + made[at + place + len(kept) :]


def jpeg(pixels: Any = COLOURS, **options: Any) -> bytes:
    stream = io.BytesIO()
    Image.fromarray(pixels).save(stream, "JPEG", **options)
    return stream.getvalue()


def png(pixels: Any = COLOURS, **options: Any) -> bytes:
    stream = io.BytesIO()
    picture = pixels if isinstance(pixels, Image.Image) else Image.fromarray(pixels)
    picture.save(stream, "PNG", **options)
    return stream.getvalue()


def segment(marker: int, content: bytes) -> bytes:
    return bytes([0xFF, marker]) + struct.pack(">H", len(content) + 2) + content


def chunk(kind: bytes, content: bytes) -> bytes:
    return (
        struct.pack(">I4s", len(content), kind)
        + content
        + struct.pack(">I", zlib.crc32(kind + content))
    )


def pixels_of(data: bytes) -> Any:
    with warnings.catch_warnings():
        # Pillow warns of what is damaged beside the picture.
        warnings.simplefilter("ignore")
        picture = Image.open(io.BytesIO(data))
    with picture:
        return np.asarray(picture)


def assert_stripped(data: bytes) -> Stripped:
    """Nothing of the names is left, no pixel changed, and a second time nothing happens."""
    done = strip(data)
    for name in NAMES:
        assert name not in done.data
    assert (pixels_of(done.data) == pixels_of(data)).all()
    again = strip(done.data)
    assert again.data == done.data
    assert again.removed == ()
    assert again.orientation == done.orientation
    return done


def refused(data: bytes) -> str:
    with pytest.raises(UncleanError) as error:
        strip(data)
    return error.value.reason


JPEG_WORDS = {
    "comment": segment(0xFE, b"Jane Doe"),
    "EXIF": segment(0xE1, b"Exif\0\0" + exif().tobytes()[6:]),
    "XMP": segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0<x>Jane Doe</x>"),
    "IPTC": segment(0xED, b"Photoshop 3.0\0Jane Doe"),
    "thumbnail": segment(0xE0, b"JFXX\0\x13Jane Doe"),
    "other pictures": segment(0xE2, b"MPF\0Jane Doe"),
    "APP12": segment(0xEC, b"Ducky\0Jane Doe"),
    "APP14": segment(0xEE, b"Jane Doe"),
}


@pytest.mark.parametrize("what", JPEG_WORDS)
@pytest.mark.parametrize(
    "options", [{}, {"progressive": True}, {"restart_marker_rows": 1}], ids=str
)
def test_words_are_cut_out_of_a_jpeg(what: str, options: dict[str, Any]) -> None:
    data = jpeg(**options)
    done = assert_stripped(data[:2] + JPEG_WORDS[what] + data[2:])
    assert done.removed == (what,)
    assert done.orientation is None
    assert done.data == data


def test_words_between_two_scans_are_cut_out() -> None:
    data = jpeg(progressive=True)
    at = data.rfind(b"\xff\xda")
    done = assert_stripped(data[:at] + JPEG_WORDS["comment"] + data[at:])
    assert done.data == data


def test_what_follows_a_jpeg_is_cut_off_and_the_first_picture_stays() -> None:
    data = jpeg()
    other = jpeg(COLOURS[::-1])
    done = assert_stripped(data + other + b"Jane Doe")
    assert done.removed == ("data behind the picture",)
    assert done.data == data


def test_a_thumbnail_inside_jfif_is_cut_out() -> None:
    data = jpeg()
    assert data[2:4] == b"\xff\xe0"
    inside = b"JFIF\0\1\1\0\0\1\0\1\1\1" + b"Jan"
    done = assert_stripped(data[:2] + segment(0xE0, inside) + data[20:])
    assert done.removed == ("thumbnail",)
    assert done.data[:20] == data[:2] + segment(0xE0, b"JFIF\0\1\1\0\0\1\0\1\0\0")


def test_adobes_mark_stays_since_it_says_what_the_channels_mean() -> None:
    stream = io.BytesIO()
    Image.fromarray(COLOURS).convert("CMYK").save(stream, "JPEG")
    data = stream.getvalue()
    assert b"Adobe" in data
    assert assert_stripped(data).data == data
    done = assert_stripped(data.replace(data[2 : 2 + 16], segment(0xEE, data[6:18] + b"Jane Doe")))
    assert done.data == data


@pytest.mark.parametrize("make", [jpeg, png])
def test_a_colour_profile_keeps_its_colours_and_loses_its_words(make: Any) -> None:
    data = make(icc_profile=profile())
    done = assert_stripped(data)
    assert len(done.removed) == 1
    with Image.open(io.BytesIO(done.data)) as picture:
        kept = picture.info["icc_profile"]
    target = ImageCms.createProfile("LAB")
    wanted, got = (
        np.asarray(
            ImageCms.applyTransform(
                Image.fromarray(COLOURS),
                ImageCms.buildTransform(io.BytesIO(each), target, "RGB", "LAB"),
            )
        )
        for each in (profile(), kept)
    )
    assert (wanted == got).all()
    assert "Jane" not in ImageCms.getProfileDescription(ImageCms.ImageCmsProfile(io.BytesIO(kept)))


@pytest.mark.parametrize("make", [jpeg, png])
def test_a_damaged_profile_goes(make: Any) -> None:
    done = assert_stripped(make(icc_profile=b"Jane Doe" * 30))
    with Image.open(io.BytesIO(done.data)) as picture:
        assert "icc_profile" not in picture.info


@pytest.mark.parametrize("make", [jpeg, png])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_the_orientation_is_all_that_stays_of_exif(make: Any, orientation: int) -> None:
    data = make(exif=exif(orientation))
    done = assert_stripped(data)
    assert done.removed == ("EXIF",)
    assert done.orientation == (None if orientation == 1 else orientation)
    with Image.open(io.BytesIO(done.data)) as picture:
        said = dict(picture.getexif())
    assert said == ({} if orientation == 1 else {0x0112: orientation})


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (jpeg()[:-2], "cut off"),
        (jpeg()[:200], "cut off"),
        (b"\xff\xd8\xff\xd9", "before its picture"),
        (jpeg()[:2] + segment(0xF0, b"?") + jpeg()[2:], "FF F0"),
        (png()[:-12], "cut off"),
        (png()[:60], "cut off"),
        (b"", "empty"),
        (b"GIF89a" + bytes(20), "save it as PNG"),
        (b"<html><title>Jane Doe</title>", "web page"),
        (b"Jane Doe was here", "known here"),
    ],
)
def test_what_cannot_be_stripped_is_refused(data: bytes, words: str) -> None:
    reason = refused(data)
    assert words in reason
    assert "Jane" not in reason


PNG_WORDS = {
    "text": (b"tEXt", b"Author\0Jane Doe"),
    "time": (b"tIME", struct.pack(">H5B", 2020, 3, 1, 8, 15, 0)),
    "EXIF": (b"eXIf", exif().tobytes()[6:]),
    "chunk prVt": (b"prVt", b"Jane Doe"),
    "chunk sPLT": (b"sPLT", b"Jane Doe\0\x08"),
    "chunk gAMA": (b"gAMA", b"Jane Doe"),
}


@pytest.mark.parametrize("what", PNG_WORDS)
def test_words_are_cut_out_of_a_png(what: str) -> None:
    data = png()
    done = assert_stripped(data[:33] + chunk(*PNG_WORDS[what]) + data[33:])
    assert done.removed == (what,)
    assert done.data == data
    behind = assert_stripped(data[:-12] + chunk(*PNG_WORDS[what]) + data[-12:])
    assert behind.data == data


def test_packed_and_international_texts_are_cut_out() -> None:
    words = PngImagePlugin.PngInfo()
    words.add_text("Author", "Jane Doe", zip=True)
    words.add_itxt("XML:com.adobe.xmp", "<x>Jane Doe</x>")
    done = assert_stripped(png(pnginfo=words))
    assert done.data == png()


def test_what_shows_the_picture_stays_in_a_png() -> None:
    palette = Image.fromarray(COLOURS).quantize(16)
    data = png(palette, transparency=3, dpi=(300, 300))
    extra = chunk(b"gAMA", struct.pack(">I", 45455)) + chunk(b"sRGB", b"\0")
    whole = data[:33] + extra + data[33:]
    done = assert_stripped(whole)
    assert done.data == whole
    assert done.removed == ()


def test_bytes_hidden_behind_the_packed_pixels_are_cut_off() -> None:
    data = png()
    at = data.find(b"IDAT") - 4
    length = struct.unpack_from(">I", data, at)[0]
    packed = data[at + 8 : at + 8 + length]
    pieces = chunk(b"IDAT", packed + b"Jane") + chunk(b"IDAT", b" Doe")
    done = assert_stripped(data[:at] + pieces + data[at + 12 + length :])
    assert done.removed == ("data behind the pixels",)
    assert done.data == data


def test_rows_that_the_header_does_not_ask_for_are_refused() -> None:
    data = png()
    at = data.find(b"IDAT") - 4
    length = struct.unpack_from(">I", data, at)[0]
    raw = zlib.decompress(data[at + 8 : at + 8 + length])
    more = chunk(b"IDAT", zlib.compress(raw + b"Jane Doe"))
    assert "its header asks for" in refused(data[:at] + more + data[at + 12 + length :])
    bomb = chunk(b"IDAT", zlib.compress(bytes(1 << 28)))
    assert "its header asks for" in refused(data[:at] + bomb + data[at + 12 + length :])


@pytest.mark.parametrize("size", [(1, 1), (4, 4), (5, 9), (8, 8), (33, 17)])
@pytest.mark.parametrize("colour", [0, 2])
def test_interlaced_pictures_are_measured_as_they_are_stored(
    size: tuple[int, int], colour: int
) -> None:
    width, height = size
    rows = b""
    for left, top, across, down in (
        *((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4)),
        *((0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)),
    ):
        columns = len(range(left, width, across)) * (3 if colour else 1)
        rows += len(range(top, height, down)) * bytes(1 + columns) if columns else b""
    header = struct.pack(">IIBBBBB", width, height, 8, colour, 0, 0, 1)
    data = (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(rows))
        + chunk(b"IEND", b"")
    )
    assert assert_stripped(data).data == data


def test_what_follows_a_png_is_cut_off() -> None:
    done = assert_stripped(png() + b"Jane Doe")
    assert done.removed == ("data behind the picture",)
    assert done.data == png()


def test_animated_pictures_unknown_chunks_and_wrong_checksums_are_refused() -> None:
    data = png()
    animated = io.BytesIO()
    first, second = Image.fromarray(COLOURS), Image.fromarray(COLOURS[::-1].copy())
    first.save(animated, "PNG", save_all=True, append_images=[second])
    assert "animated" in refused(animated.getvalue())
    assert "JaNE" in refused(data[:33] + chunk(b"JaNE", b"") + data[33:])
    assert "checksum" in refused(data[:29] + b"\0\0\0\0" + data[33:])


@pytest.mark.parametrize("make", [jpeg, png])
def test_a_damaged_picture_is_stripped_or_refused(make: Any) -> None:
    chance = random.Random(6)  # noqa: S311 - damage, not a secret
    data = make(icc_profile=profile(), exif=exif(6))
    outcomes = set()
    for _ in range(300):
        damaged = bytearray(data)
        damaged[chance.randrange(2, len(data))] = chance.randrange(256)
        try:
            done = strip(bytes(damaged))
        except UncleanError as error:
            outcomes.add("refused" if error.reason else "")
        else:
            outcomes.add("cleaned")
            assert strip(done.data).data == done.data
    assert outcomes == {"cleaned", "refused"}


@pytest.mark.skipif(not REAL.is_dir(), reason="needs the real collection in ../shared")
def test_of_real_files_every_picture_stays_what_it_was() -> None:
    pictures = [path for path in sorted(REAL.rglob("*")) if path.is_file()]
    done, refusals = 0, 0
    for path in pictures:
        data = path.read_bytes()
        if not data.startswith((b"\xff\xd8\xff", b"\x89PNG")):
            continue
        try:
            stripped = strip(data)
        except UncleanError:
            refusals += 1
            continue
        assert strip(stripped.data).removed == ()
        assert len(stripped.data) <= len(data)
        if done % 10 == 0:
            assert (pixels_of(stripped.data) == pixels_of(data)).all()
        done += 1
    assert done > 100
    assert refusals == 0
