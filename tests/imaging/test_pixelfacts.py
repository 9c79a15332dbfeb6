"""One look at the pixels: the same hash for the same picture, blank, coloured, transparent."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PIL import Image
from tests import candidates

from covidxr.imaging.examine import examine, look
from covidxr.imaging.pixelfacts import look_at_pixels
from covidxr.model import ImageDepth, ImageFacts

if TYPE_CHECKING:
    from covidxr.filefacts import PixelFacts


def picture(seed: int = 1, size: tuple[int, int] = (320, 300)) -> Image.Image:
    return Image.open(io.BytesIO(candidates.picture(seed, size)))


def saved(shown: Image.Image, kind: str = "PNG", **options: object) -> bytes:
    file = io.BytesIO()
    shown.save(file, kind, **options)
    return file.getvalue()


def pixels(data: bytes) -> PixelFacts:
    facts = examine("images/a", data, ImageDepth.FULL)
    assert facts.problems == ()
    assert facts.pixels is not None
    return facts.pixels


def test_the_same_picture_has_the_same_hash_in_every_lossless_form() -> None:
    grey = picture()
    forms = [
        saved(grey),
        saved(grey, "BMP"),
        saved(grey, "TIFF", compression="tiff_lzw"),
        saved(grey.convert("RGB")),
        saved(grey.convert("RGBA")),
        saved(grey.convert("LA")),
        saved(grey.convert("RGB"), "WEBP", lossless=True),
    ]
    assert len({pixels(form).digest for form in forms}) == 1
    assert len({pixels(form).hash for form in forms}) == 1


def test_one_changed_pixel_is_another_hash_of_pixels_and_nearly_the_same_look() -> None:
    grey = picture()
    before = pixels(saved(grey))
    grey.putpixel((5, 5), (grey.getpixel((5, 5)) + 9) % 256)  # type: ignore[operator] # grey: a number
    after = pixels(saved(grey))
    assert before.digest != after.digest
    assert (int(before.hash, 16) ^ int(after.hash, 16)).bit_count() < 20


@pytest.mark.parametrize(
    ("level", "noise", "least", "most"), [(0, 0, 0, 0), (128, 0, 0, 0), (40, 3, 1, 7)]
)
def test_a_blank_picture_has_no_levels_and_no_look(
    level: int, noise: int, least: int, most: int
) -> None:
    values = np.random.default_rng(1).integers(level, level + noise + 1, (200, 200))
    facts = pixels(saved(Image.fromarray(values.astype(np.uint8))))
    assert least <= facts.levels <= most
    assert facts.hash == ""


def test_colour_is_the_share_of_pixels_that_have_some() -> None:
    half = picture().convert("RGB")
    half.paste((200, 30, 10), (0, 0, 160, 300))
    assert pixels(saved(half)).colour == pytest.approx(0.5, abs=0.02)
    assert pixels(saved(picture().convert("RGB"))).colour == 0
    tinted = Image.merge(
        "RGB", [picture().point(lambda level, by=by: level + by) for by in (0, 5, 9)]
    )
    assert pixels(saved(tinted)).colour == 0


def test_only_what_lets_something_show_is_transparent() -> None:
    solid = picture().convert("RGBA")
    assert not pixels(saved(solid)).transparent
    solid.putpixel((3, 299), (0, 0, 0, 254))
    assert pixels(saved(solid)).transparent
    assert not pixels(saved(solid.convert("RGB"))).transparent


def test_zeros_inside_a_jpeg_are_damage_although_pillow_shows_a_picture() -> None:
    data = saved(picture(size=(900, 900)), "JPEG", quality=90)
    middle = len(data) // 2
    damaged = data[:middle] + bytes(4096) + data[middle + 4096 :]
    Image.open(io.BytesIO(damaged)).load()
    facts, fingerprint = look("images/a.jpg", damaged)
    assert [problem.kind for problem in facts.problems] == ["corrupt"]
    assert "libjpeg" in facts.problems[0].message
    assert (facts.pixels, fingerprint) == (None, None)


def test_every_frame_is_decoded_and_the_first_is_described() -> None:
    frames = [picture(seed) for seed in (1, 2, 3)]
    data = saved(frames[0], "GIF", save_all=True, append_images=frames[1:])
    facts = examine("images/a.gif", data, ImageDepth.FULL)
    assert facts.frames == 3
    assert facts.pixels == pixels(saved(frames[0], "GIF"))


@pytest.mark.parametrize("kind", ["JPEG", "TIFF"])
def test_inks_are_shown_as_colours(kind: str) -> None:
    facts = pixels(saved(picture().convert("CMYK"), kind))
    assert facts.colour < 0.01
    assert facts.levels > 100


def test_sixteen_bits_look_like_the_same_in_eight() -> None:
    deep = Image.fromarray(np.asarray(picture()).astype(np.uint16) * 257)
    assert pixels(saved(deep)).digest == pixels(saved(picture())).digest


def test_what_is_too_large_is_refused_before_it_is_decoded() -> None:
    data = saved(Image.new("L", (2, 2)), "GIF")
    seen = look_at_pixels("GIF", data[:6] + b"\xff\xff\xff\xff" + data[10:])
    assert seen.facts is None
    assert "the limit is" in seen.problems[0].message


def metadata(data: bytes) -> ImageFacts:
    return examine("images/a", data, ImageDepth.HEADER)


def test_exif_tells_orientation_and_words() -> None:
    tags = Image.Exif()
    tags[0x0112], tags[0x013B], tags[0x0131] = 6, "Dora Doubtful", "Scanner 3"
    for kind in ("JPEG", "PNG", "WEBP", "TIFF"):
        facts = metadata(saved(picture(), kind, exif=tags))
        assert facts.orientation == 6, kind
        assert ("EXIF Artist", "Dora Doubtful") in facts.texts
        assert ("EXIF Software", "Scanner 3") in facts.texts


def test_comments_and_text_chunks_are_read_and_made_safe_to_print() -> None:
    assert metadata(saved(picture(), "JPEG", comment=b"by\x1b[31m Dora\n")).texts == (
        ("JPEG comment", "by [31m Dora"),
    )
    from PIL.PngImagePlugin import PngInfo

    words = PngInfo()
    words.add_text("Author", "Dora")
    words.add_text("Comment", "packed " * 50, zip=True)
    words.add_itxt("Title", "Lunge", lang="de")
    texts = dict(metadata(saved(picture(), pnginfo=words)).texts)
    assert texts["PNG Author"] == "Dora"
    assert texts["PNG Title"] == "Lunge"
    assert len(texts["PNG Comment"]) == 200


def test_xmp_names_its_creator_as_element_and_as_attribute() -> None:
    packet = (
        b'<x:xmpmeta><rdf:Description xmp:CreatorTool="Editor 4"><dc:creator><rdf:Seq>'
        b"<rdf:li>Dora Doubtful</rdf:li></rdf:Seq></dc:creator></rdf:Description></x:xmpmeta>"
    )
    assert dict(metadata(saved(picture(), "JPEG", xmp=packet)).texts) == {
        "XMP dc:creator": "Dora Doubtful",
        "XMP xmp:CreatorTool": "Editor 4",
    }


def test_iptc_names_who_took_it() -> None:
    line = b"\x1c\x02\x50\x00\x04Dora"
    block = b"8BIM\x04\x04\0\0" + len(line).to_bytes(4, "big") + line
    segment = b"Photoshop 3.0\0" + block
    data = saved(picture(), "JPEG")
    marked = data[:2] + b"\xff\xed" + (len(segment) + 2).to_bytes(2, "big") + segment + data[2:]
    assert metadata(marked).texts == (("IPTC By-line", "Dora"),)


@pytest.mark.parametrize(("mode", "bits"), [("1", 1), ("L", 8), ("I;16", 16), ("RGB", 8)])
def test_bits_are_those_that_are_stored(mode: str, bits: int) -> None:
    assert metadata(saved(Image.new(mode, (30, 30)))).bits == bits
