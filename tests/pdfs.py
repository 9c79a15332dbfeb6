"""Draws small PDF files for tests: pages with words and pictures, and files that are broken.

Every byte is made here, so that each test knows what its file holds; the same call gives the same
bytes. Places are given from the top left corner of the page, in points, as the reader gives them.
"""

from __future__ import annotations

import hashlib
import io
import zlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from PIL import Image

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

Pixels = NDArray[np.uint8]
Place = tuple[float, float, float, float]

WIDE, HIGH = 600, 800
FONTS = {"F1": "Helvetica", "F2": "Helvetica-Bold", "F3": "Times-Roman"}

# Ink, from none to full, as four inks with black alone.
BLACK_INK = b"<< /FunctionType 2 /Domain [0 1] /C0 [0 0 0 0] /C1 [0 0 0 1] /N 1 >>"
SEPARATION = b"[/Separation /Black /DeviceCMYK " + BLACK_INK + b"]"

FILLER = (
    "The patient was admitted to the ward and treated there for a week",
    "without any complication and was then sent home in good health",
    "where she was called by a nurse every second day for a month",
)


@dataclass(frozen=True)
class Picture:
    """An image object: its bytes as they stand in the file, and its dictionary."""

    data: bytes
    wide: int
    high: int
    space: bytes = b"/DeviceGray"
    coding: bytes = b"/FlateDecode"
    more: bytes = b""
    mask: Picture | None = None


@dataclass
class Leaf:
    """One page."""

    content: list[bytes] = field(default_factory=list)
    pictures: dict[str, Picture] = field(default_factory=dict)
    links: list[str] = field(default_factory=list)
    more: bytes = b""

    def text(self, left: float, top: float, words: str, font: str = "F1", size: float = 10) -> Leaf:
        """Set one line whose letters begin `top` points below the upper edge."""
        safe = words.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
        base = HIGH - top - 0.8 * size
        line = f"BT /{font} {size} Tf 1 0 0 1 {left} {base} Tm ({safe}) Tj ET"
        self.content.append(line.encode("latin-1"))
        return self

    def lines(
        self, left: float, top: float, lines: Iterable[str], font: str = "F1", size: float = 10
    ) -> Leaf:
        """Set lines one below the other."""
        for number, line in enumerate(lines):
            self.text(left, top + 1.2 * size * number, line, font, size)
        return self

    def picture(self, picture: Picture, place: Place) -> Leaf:
        """Place a picture."""
        left, top, right, bottom = place
        matrix = f"{right - left} 0 0 {bottom - top} {left} {HIGH - bottom}"
        return self.turned(picture, matrix)

    def turned(self, picture: Picture, matrix: str) -> Leaf:
        """Place a picture by six numbers, as the PDF has them."""
        name = f"P{len(self.pictures)}"
        self.pictures[name] = picture
        self.content.append(f"q {matrix} cm /{name} Do Q".encode())
        return self


class Writer:
    """Numbers objects and writes them with their table."""

    def __init__(self) -> None:
        self.objects: list[bytes] = []

    def add(self, body: bytes) -> int:
        self.objects.append(body)
        return len(self.objects)

    def stream(self, dictionary: bytes, data: bytes) -> int:
        head = b"<< " + dictionary + b" /Length %d >>\nstream\n" % len(data)
        return self.add(head + data + b"\nendstream")

    def picture(self, picture: Picture) -> int:
        more = picture.more
        if picture.mask is not None:
            more += b" /SMask %d 0 R" % self.picture(picture.mask)
        head = b"/Type /XObject /Subtype /Image /Width %d /Height %d /BitsPerComponent 8 "
        head = head % (picture.wide, picture.high)
        head += b"/ColorSpace %s /Filter %s %s" % (picture.space, picture.coding, more)
        return self.stream(head, picture.data)

    def file(self, root: int, trailer: bytes = b"") -> bytes:
        out = bytearray(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
        offsets = []
        for number, body in enumerate(self.objects, start=1):
            offsets.append(len(out))
            out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
        table = len(out)
        out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(offsets) + 1)
        out += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
        out += b"trailer\n<< /Size %d /Root %d 0 R %s >>\n" % (len(offsets) + 1, root, trailer)
        return bytes(out + b"startxref\n%d\n%%%%EOF\n" % table)


def pdf(
    *leaves: Leaf, info: Mapping[str, str] | None = None, xmp: str = "", trailer: bytes = b""
) -> bytes:
    """Write a file of some pages."""
    writer = Writer()
    fonts = b" ".join(
        b"/%s %d 0 R" % (name.encode(), writer.add(_font(base))) for name, base in FONTS.items()
    )
    # Pages name their parent, which is written after them.
    parent = len(writer.objects) + sum(_objects_of(leaf) for leaf in leaves) + 1
    kids = [_leaf(writer, leaf, fonts, parent) for leaf in leaves]
    assert writer.add(_kids(kids)) == parent
    catalogue = b"<< /Type /Catalog /Pages %d 0 R" % parent
    if xmp:
        number = writer.stream(b"/Type /Metadata /Subtype /XML", xmp.encode())
        catalogue += b" /Metadata %d 0 R" % number
    root = writer.add(catalogue + b" >>")
    if info:
        pairs = " ".join(f"/{key} ({value})" for key, value in info.items())
        trailer += b" /Info %d 0 R" % writer.add(b"<< " + pairs.encode("latin-1") + b" >>")
    return writer.file(root, trailer)


def _font(base: str) -> bytes:
    head = b"<< /Type /Font /Subtype /Type1 /BaseFont /%s /Encoding /WinAnsiEncoding >>"
    return head % base.encode()


def _kids(kids: Sequence[int]) -> bytes:
    names = b" ".join(b"%d 0 R" % each for each in kids)
    return b"<< /Type /Pages /Kids [%s] /Count %d >>" % (names, len(kids))


def _objects_of(leaf: Leaf) -> int:
    masks = sum(picture.mask is not None for picture in leaf.pictures.values())
    return 2 + len(leaf.pictures) + masks


def _leaf(writer: Writer, leaf: Leaf, fonts: bytes, parent: int) -> int:
    pictures = b" ".join(
        b"/%s %d 0 R" % (name.encode(), writer.picture(picture))
        for name, picture in leaf.pictures.items()
    )
    content = writer.stream(b"", b"\n".join(leaf.content))
    links = b" ".join(
        b"<< /Type /Annot /Subtype /Link /Rect [10 10 90 20] /A << /S /URI /URI (%s) >> >>"
        % link.encode()
        for link in leaf.links
    )
    return writer.add(
        b"<< /Type /Page /Parent %d 0 R /MediaBox [0 0 %d %d] /Contents %d 0 R "
        b"/Resources << /Font << %s >> /XObject << %s >> >> /Annots [%s] %s >>"
        % (parent, WIDE, HIGH, content, fonts, pictures, links, leaf.more),
    )


# ---- pictures -----------------------------------------------------------------------------------


def radiograph(high: int = 200, wide: int = 240) -> Pixels:
    """Draw something like a chest: grey, two dark lungs, dark upper corners."""
    y, x = np.mgrid[0:high, 0:wide].astype(float)
    y, x = y / high, x / wide
    body = 150 + 50 * y + 10 * np.sin(40 * x) * np.cos(30 * y)
    for middle in (0.3, 0.7):
        body -= 90 * np.exp(-(((x - middle) / 0.13) ** 2 + ((y - 0.5) / 0.25) ** 2))
    body -= 130 * np.exp(-((y / 0.22) ** 2)) * (1 - np.exp(-(((x - 0.5) / 0.16) ** 2)))
    drawn: Pixels = np.clip(body, 25, 230).astype(np.uint8)
    return drawn


def flat(
    pixels: Pixels, space: bytes = b"", more: bytes = b"", mask: Pixels | None = None
) -> Picture:
    """Make a picture without loss."""
    channels = 1 if pixels.ndim == 2 else pixels.shape[2]
    names = {1: b"/DeviceGray", 3: b"/DeviceRGB", 4: b"/DeviceCMYK"}
    return Picture(
        data=zlib.compress(pixels.tobytes(), 6),
        wide=pixels.shape[1],
        high=pixels.shape[0],
        space=space or names[channels],
        more=more,
        mask=flat(mask) if mask is not None else None,
    )


def jpeg(pixels: Pixels, space: bytes = b"", more: bytes = b"", exif: bytes = b"") -> Picture:
    """Make a picture as a JPEG file."""
    written = io.BytesIO()
    Image.fromarray(pixels).save(written, "JPEG", quality=92, exif=exif)
    return Picture(
        data=written.getvalue(),
        wide=pixels.shape[1],
        high=pixels.shape[0],
        space=space or (b"/DeviceGray" if pixels.ndim == 2 else b"/DeviceRGB"),
        coding=b"/DCTDecode",
        more=more,
    )


# ---- pages --------------------------------------------------------------------------------------


def text_page(leaf: Leaf | None = None, top: float = 500, rows: int = 18) -> Leaf:
    """Give a page with running text, so that a paper has type of its own."""
    leaf = leaf or Leaf()
    return leaf.lines(60, top, [FILLER[row % len(FILLER)] for row in range(rows)])


def figure_page(
    picture: Picture,
    caption: Sequence[str] = ("Figure 1. Chest radiograph of the patient.",),
    place: Place = (120, 100, 240, 200),
) -> Leaf:
    """Give a page with one picture, a caption below it in smaller type, and text."""
    leaf = Leaf().picture(picture, place)
    leaf.lines(60, place[3] + 12, caption, "F3", 8)
    return text_page(leaf)


# ---- files that are broken ----------------------------------------------------------------------


def many_pages(count: int) -> bytes:
    """Write a file of many empty pages."""
    writer = Writer()
    leaf = b"<< /Type /Page /Parent %d 0 R /MediaBox [0 0 600 800] >>" % (count + 1)
    kids = [writer.add(leaf) for _ in range(count)]
    tree = writer.add(_kids(kids))
    return writer.file(writer.add(b"<< /Type /Catalog /Pages %d 0 R >>" % tree))


def looping() -> bytes:
    """Write a file whose page tree has its own root among its branches."""
    writer = Writer()
    writer.add(b"<< /Type /Pages /Kids [1 0 R 2 0 R] /Count 2 >>")
    writer.add(b"<< /Type /Pages /Parent 1 0 R /Kids [1 0 R] /Count 2 >>")
    return writer.file(writer.add(b"<< /Type /Catalog /Pages 1 0 R >>"))


_PADDING = bytes.fromhex("28bf4e5e4e758a4164004e56fffa01082e2e00b6d0683e802f0ca9fe6453697a")


def encrypted(*, password: bool) -> bytes:
    """Write a file that says it is encrypted, with a password to open it or without.

    Without, its key is right for the empty password (PDF 1.7, algorithms 2 and 4).
    """
    owner, marker = b"\x00" * 32, b"\x01" * 16
    seed = _PADDING + owner + (-4).to_bytes(4, "little", signed=True) + marker
    user = _rc4(hashlib.md5(seed, usedforsecurity=False).digest()[:5], _PADDING)
    if password:
        user = bytes(reversed(user))
    trailer = b"/ID [<%s> <%s>] /Encrypt << /Filter /Standard /V 1 /R 2 /O <%s> /U <%s> /P -4 >>"
    hexed = (marker.hex(), marker.hex(), owner.hex(), user.hex())
    return pdf(text_page(), trailer=trailer % tuple(each.encode() for each in hexed))


def _rc4(key: bytes, data: bytes) -> bytes:
    box, j = list(range(256)), 0
    for i in range(256):
        j = (j + box[i] + key[i % len(key)]) % 256
        box[i], box[j] = box[j], box[i]
    out, i, j = bytearray(), 0, 0
    for byte in data:
        i = (i + 1) % 256
        j = (j + box[i]) % 256
        box[i], box[j] = box[j], box[i]
        out.append(byte ^ box[(box[i] + box[j]) % 256])
    return bytes(out)
