"""What `covidxr.imaging.examine` says of pictures, whole and damaged."""

from __future__ import annotations

import hashlib
import io
import mmap
import subprocess
import sys
import tempfile
import warnings
import zlib
from pathlib import Path
from typing import Any, Literal

import pytest
from PIL import Image

from covidxr.imaging.examine import HEAD_BYTES, examine, examine_header
from covidxr.model import ImageDepth, ImageFacts

SAMPLE = Path(__file__).parents[3] / "shared" / "real" / "sample" / "images"
STRUCTURE, FULL, HEADER = ImageDepth.STRUCTURE, ImageDepth.FULL, ImageDepth.HEADER


def picture(mode: str = "L", size: tuple[int, int] = (96, 64)) -> Image.Image:
    """Draw something that does not compress to nothing."""
    return Image.effect_noise(size, 80).convert(mode)


def saved(kind: str, mode: str = "L", **options: Any) -> bytes:
    stream = io.BytesIO()
    picture(mode).save(stream, kind, **options)
    return stream.getvalue()


def exif(*, gps: bool, thumbnail: bytes = b"") -> bytes:
    """Write EXIF by hand: one directory, and behind it a GPS directory and a thumbnail."""
    entries = (1).to_bytes(2, "little")
    tag = 0x8825 if gps else 0x0112
    entries += tag.to_bytes(2, "little") + b"\x04\0\x01\0\0\0" + (26).to_bytes(4, "little")
    inner = b"\x01\0" + b"\x02\0\x05\0\x03\0\0\0" + bytes(4)
    return b"Exif\0\0II*\0\x08\0\0\0" + entries + bytes(4) + inner + thumbnail


def sixteen_bit_colour_png() -> bytes:
    def chunk(kind: bytes, content: bytes) -> bytes:
        crc = zlib.crc32(kind + content).to_bytes(4, "big")
        return len(content).to_bytes(4, "big") + kind + content + crc

    header = (4).to_bytes(4, "big") + (2).to_bytes(4, "big") + b"\x10\x06\0\0\0"
    rows = zlib.compress((b"\0" + bytes(4 * 8)) * 2)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")
    )


def kinds(facts: ImageFacts) -> list[str]:
    return [problem.kind for problem in facts.problems]


def look(data: bytes, depth: ImageDepth = STRUCTURE) -> ImageFacts:
    return examine("images/a.xyz", data, depth)


FORMATS = ["JPEG", "PNG", "GIF", "TIFF", "BMP", "WEBP"]


@pytest.mark.parametrize("kind", FORMATS)
@pytest.mark.parametrize("depth", [HEADER, STRUCTURE, FULL])
def test_each_format_is_recognised_and_measured_whatever_its_name(
    kind: str, depth: ImageDepth
) -> None:
    facts = examine("images/lies.dcm", saved(kind, "RGB"), depth)
    assert (facts.format, facts.width, facts.height, facts.problems) == (kind, 96, 64, ())
    assert facts.path == "images/lies.dcm"
    assert facts.mode in {"RGB", "P"}


@pytest.mark.parametrize("kind", FORMATS)
@pytest.mark.parametrize("share", [0.5, 0.98])
def test_a_cut_file_is_truncated(kind: str, share: float) -> None:
    data = saved(kind, "RGB")
    assert kinds(look(data[: int(len(data) * share)])) == ["truncated"]


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "BMP"])
def test_a_file_without_its_last_two_bytes_is_truncated(kind: str) -> None:
    assert kinds(look(saved(kind, "RGB")[:-2])) == ["truncated"]


def test_a_gif_without_its_trailer_is_truncated() -> None:
    assert kinds(look(saved("GIF")[:-1])) == ["truncated"]


@pytest.mark.parametrize("depth", [STRUCTURE, FULL])
def test_any_changed_byte_of_a_png_is_noticed(depth: ImageDepth) -> None:
    data = saved("PNG")
    for at in range(4, len(data), 7):
        changed = data[:at] + bytes([data[at] ^ 0x55]) + data[at + 1 :]
        assert kinds(look(changed, depth)) == ["corrupt"], at


def test_a_progressive_jpeg_is_clean() -> None:
    facts = look(saved("JPEG", progressive=True), FULL)
    assert (facts.width, facts.height, facts.mode, facts.problems) == (96, 64, "L", ())


@pytest.mark.parametrize("mode", ["L", "RGB", "CMYK"])
def test_a_jpeg_says_its_mode(mode: str) -> None:
    assert look(saved("JPEG", mode)).mode == mode


@pytest.mark.parametrize("padding", [1, 14, 16])
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "GIF", "BMP"])
def test_a_little_padding_is_harmless(kind: str, padding: int) -> None:
    assert look(saved(kind) + bytes(padding)).problems == ()


@pytest.mark.parametrize("extra", [17, 60, 5000])
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "GIF", "BMP", "WEBP"])
def test_bytes_after_the_end_are_counted(kind: str, extra: int) -> None:
    facts = look(saved(kind) + b"x" * extra, FULL)
    assert kinds(facts) == ["trailing"]
    assert f"{extra:,} bytes" in facts.problems[0].message


@pytest.mark.parametrize("end", ["inside the thumbnail", "behind the thumbnail", "in the scan"])
def test_a_thumbnails_end_marker_does_not_hide_a_cut(end: str) -> None:
    thumbnail = saved("JPEG", quality=20)
    data = saved("JPEG", exif=exif(gps=False, thumbnail=thumbnail))
    behind = data.index(thumbnail) + len(thumbnail)
    cut = {"inside the thumbnail": behind - 9, "behind the thumbnail": behind, "in the scan": -40}
    assert kinds(look(data[: cut[end]])) == ["truncated"]
    assert look(data).problems == ()


@pytest.mark.parametrize("length", [b"\0\0", b"\0\x01"])
def test_a_jpeg_segment_without_length_is_corrupt(length: bytes) -> None:
    data = saved("JPEG")
    assert kinds(look(data[:4] + length + data[6:])) == ["corrupt"]


def test_a_jpeg_header_that_leads_nowhere_is_corrupt() -> None:
    data = saved("JPEG")
    assert kinds(look(data[:20] + b"??" + data[20:])) == ["corrupt"]
    assert kinds(look(b"\xff\xd8\xff\xd9" + bytes(80))) == ["corrupt"]
    assert kinds(look(b"\xff\xd8\xff\xff\xda\0\x03\0" + b"\xff\xd9")) == ["corrupt"]


def test_a_picture_of_no_pixels_is_corrupt() -> None:
    data = saved("JPEG")
    at = data.index(b"\xff\xc0") + 5
    assert kinds(look(data[:at] + bytes(2) + data[at + 2 :])) == ["corrupt"]


@pytest.mark.parametrize(
    ("kind", "options"),
    [("JPEG", {}), ("PNG", {}), ("WEBP", {}), ("JPEG", {"progressive": True})],
)
def test_a_position_in_exif_is_seen(kind: str, options: dict[str, Any]) -> None:
    for depth in (HEADER, STRUCTURE):
        assert look(saved(kind, exif=exif(gps=True), **options), depth).gps
        assert not look(saved(kind, exif=exif(gps=False), **options), depth).gps


@pytest.mark.parametrize("order", ["little", "big"])
def test_a_tiff_cut_before_its_directory_is_truncated(order: Literal["little", "big"]) -> None:
    mark = {"little": b"II*\0", "big": b"MM\0*"}[order]
    assert kinds(look(mark + (9000).to_bytes(4, order) + bytes(8000))) == ["truncated"]


def test_a_position_that_pillow_wrote_is_seen() -> None:
    tags = Image.Exif()
    tags.get_ifd(0x8825)[2] = (48.0, 12.0, 30.0)
    assert look(saved("JPEG", exif=tags)).gps


def test_a_position_in_a_tiff_file_is_seen() -> None:
    block = exif(gps=True).removeprefix(b"Exif\0\0")
    assert (look(block).format, look(block).gps) == ("TIFF", True)
    assert not look(saved("TIFF")).gps


def test_a_position_in_xmp_is_seen() -> None:
    packet = b"<x:xmpmeta><exif:GPSLatitude>48,12N</exif:GPSLatitude></x:xmpmeta>"
    assert look(saved("JPEG", xmp=packet)).gps


def test_a_gps_directory_out_of_reach_counts_as_a_position() -> None:
    block = exif(gps=True).replace(b"\x1a\0\0\0", b"\xff\xff\xff\0")
    assert look(saved("JPEG", exif=block)).gps


@pytest.mark.parametrize(
    ("data", "mode"),
    [
        (saved("PNG", "I;16"), "I;16"),
        (sixteen_bit_colour_png(), "RGBA;16"),
        (saved("PNG", "1"), "1"),
        (saved("PNG", "P"), "P"),
        (saved("PNG", "LA"), "LA"),
        (saved("PNG", "RGBA"), "RGBA"),
    ],
)
def test_a_png_says_its_true_depth(data: bytes, mode: str) -> None:
    facts = look(data, FULL)
    assert (facts.mode, facts.problems) == (mode, ())


def test_an_alpha_channel_of_a_webp_is_seen() -> None:
    transparent = picture("RGBA")
    transparent.putalpha(9)
    for options in ({"lossless": True}, {"exif": exif(gps=False)}):
        stream = io.BytesIO()
        transparent.save(stream, "WEBP", **options)
        assert look(stream.getvalue(), FULL).mode == "RGBA"


def test_a_png_whose_line_ends_were_changed_is_corrupt() -> None:
    facts = look(saved("PNG").replace(b"\r\n", b"\n"))
    assert (facts.format, kinds(facts)) == ("PNG", ["corrupt"])


def test_an_empty_file_is_empty() -> None:
    for depth in (HEADER, STRUCTURE, FULL):
        facts = look(b"", depth)
        assert (kinds(facts), facts.format, facts.bytes) == (["empty"], "", 0)


@pytest.mark.parametrize(
    ("data", "kind", "words"),
    [
        (b"<!DOCTYPE html><title>404 Not\nFound</title>", "HTML", "'404 Not Found'"),
        (b"\n <HTML><body>busy</body></HTML>", "HTML", "web page"),
        (b"<?xml version='1.0'?><html xmlns='x'></html>", "HTML", "web page"),
        (b"<?xml version='1.0'?><Error>denied</Error>", "", "XML"),
        (b"%PDF-1.7\n", "PDF", "PDF"),
        (b"PK\x03\x04\x14\0", "ZIP", "ZIP"),
        (b"\x1f\x8b\x08\0\0\0\0\0\0\xff", "GZIP", "gzip"),
        (b"version https://git-lfs.github.com/spec/v1\n", "", "Git LFS"),
        (bytes(900), "", "zero bytes"),
        (b"\0\0\0\x1cftypheic", "", "HEIF"),
        (b"hello there", "", "68 65 6c 6c 6f"),
        (b"BMW has made a report\n", "", "no format"),
    ],
)
def test_what_is_no_picture_is_unreadable_and_named(data: bytes, kind: str, words: str) -> None:
    for depth in (HEADER, STRUCTURE, FULL):
        facts = look(data, depth)
        assert (facts.format, kinds(facts)) == (kind, ["unreadable"])
        assert words in facts.problems[0].message


def test_a_web_pages_title_cannot_steer_a_terminal() -> None:
    facts = look(b"<html><title>\x1b[31m\x07red</title>")
    assert facts.problems[0].message.isprintable()


def test_the_hash_is_that_of_the_bytes_and_left_out_of_a_look_at_the_header() -> None:
    data = saved("PNG")
    assert look(data).sha256 == hashlib.sha256(data).hexdigest()
    assert look(data, HEADER).sha256 == ""


def test_depth_none_looks_at_nothing() -> None:
    assert look(b"abc", ImageDepth.NONE) == ImageFacts(path="images/a.xyz", bytes=3)


@pytest.mark.parametrize("kind", FORMATS)
def test_the_beginning_of_a_large_file_is_enough_to_measure_it(kind: str) -> None:
    stream = io.BytesIO()
    picture("RGB", (640, 480)).save(stream, kind, quality=100)
    data = stream.getvalue()
    assert len(data) > HEAD_BYTES
    facts = examine_header("a", data[:HEAD_BYTES], len(data))
    assert (facts.bytes, facts.problems, facts.width) == (len(data), (), facts.width)
    assert facts.width in ({640, None} if kind == "TIFF" else {640})


def test_a_header_that_ends_with_the_file_is_truncated_at_any_depth() -> None:
    data = saved("JPEG", exif=exif(gps=False, thumbnail=bytes(5000)))[:2000]
    assert kinds(look(data, HEADER)) == ["truncated"]
    assert kinds(examine_header("a", data, 90_000)) == []


def test_a_memory_map_says_the_same_as_bytes() -> None:
    for kind in FORMATS:
        data = saved(kind, "RGB")
        with tempfile.TemporaryFile() as file:
            file.write(data)
            file.flush()
            with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as mapped:
                for depth in (HEADER, STRUCTURE, FULL):
                    assert examine("a", mapped, depth) == examine("a", data, depth)


def test_damage_that_only_decoding_shows_is_found_at_full() -> None:
    data = saved("GIF")
    at = data.index(b"\x2c", 13 + 768) + 30
    damaged = data[:at] + b"\xff" * 40 + data[at + 40 :]
    assert kinds(look(damaged, FULL)) in (["corrupt"], ["truncated"])


def test_what_pillow_warns_of_is_damage_and_reaches_no_terminal() -> None:
    tags = Image.Exif()
    tags[0x010E] = "a description that is longer than four bytes"
    block = tags.tobytes()[:-20]
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        facts = look(saved("JPEG", exif=block), FULL)
    assert (kinds(facts), caught) == (["corrupt"], [])


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "BMP"])
def test_pillows_own_limit_for_large_pictures_is_not_covidxrs(
    kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 10)
    assert look(saved(kind), FULL).problems == ()


def test_a_picture_too_large_to_decode_is_unreadable_at_full_only() -> None:
    data = saved("GIF")
    huge = data[:6] + b"\xff\xff\xff\xff" + data[10:]
    facts = look(huge, FULL)
    assert kinds(facts) == ["unreadable"]
    assert "40,000,000" in facts.problems[0].message
    assert look(huge).problems == ()


def test_a_jpeg_of_twelve_bits_is_unreadable_here_at_full_only() -> None:
    data = saved("JPEG")
    at = data.index(b"\xff\xc0") + 4
    deep = data[:at] + b"\x0c" + data[at + 1 :]
    assert (look(deep).mode, look(deep).problems) == ("", ())
    assert kinds(look(deep, FULL)) == ["unreadable"]


def test_heavy_libraries_are_not_imported_for_jpeg_or_png() -> None:
    code = (
        "import sys; from covidxr.imaging.examine import examine; "
        "from covidxr.model import ImageDepth as D; "
        "examine('a', sys.stdin.buffer.read(), D.STRUCTURE); "
        "print(sorted({'PIL', 'pydicom', 'numpy'} & set(sys.modules)))"
    )
    for kind in ("JPEG", "PNG"):
        answer = subprocess.run(
            [sys.executable, "-c", code], input=saved(kind), capture_output=True, check=True
        )
        assert answer.stdout.strip() == b"[]"


@pytest.mark.skipif(not SAMPLE.is_dir(), reason=f"the real sample is not at {SAMPLE}")
def test_no_intact_file_of_the_real_sample_is_accused() -> None:
    files = sorted(SAMPLE.iterdir())
    facts = [examine(file.name, file.read_bytes(), STRUCTURE) for file in files]
    right = {".jpg": "JPEG", ".jpeg": "JPEG", ".png": "PNG"}
    lying = [f.path for f in facts if right[Path(f.path).suffix.lower()] != f.format]
    assert len(facts) == 250
    assert [f for f in facts if f.problems or f.gps or not f.width or not f.height] == []
    assert len(lying) == 17
    assert all(f.format == "PNG" for f in facts if f.path in lying)


@pytest.mark.skipif(not SAMPLE.is_dir(), reason=f"the real sample is not at {SAMPLE}")
@pytest.mark.parametrize("share", [0.5, 0.98])
def test_every_file_of_the_real_sample_is_accused_when_cut(share: float) -> None:
    for file in sorted(SAMPLE.iterdir()):
        data = file.read_bytes()
        assert kinds(look(data[: int(len(data) * share)])) == ["truncated"], file.name


@pytest.mark.parametrize("progressive", [False, True])
def test_an_end_marker_written_into_the_middle_leaves_the_rest_behind_the_end(
    progressive: bool,  # noqa: FBT001 - pytest passes it by name
) -> None:
    whole = saved("JPEG", quality=95, progressive=progressive)
    # Behind the last scan's header, which is at most 16 bytes.
    middle = whole.rindex(b"\xff\xda") + 30
    assert len(whole) - middle > 200
    damaged = whole[:middle] + b"\xff\xd9" * 10 + whole[middle + 20 :]
    assert kinds(look(whole)) == []
    assert "trailing" in kinds(look(damaged))


def test_two_bytes_of_a_table_that_look_like_an_end_are_none() -> None:
    whole = saved("JPEG", quality=95)
    end = whole.rindex(b"\xff\xd9")
    # A comment between the scan's data and the end marker, with the marker's bytes in it.
    comment = b"\xff\xfe" + (2 + 202).to_bytes(2, "big") + b"\xff\xd9" + bytes(200)
    assert kinds(look(whole[:end] + comment + whole[end:])) == []
