"""A small PDF of an invented paper, for tests of what is done with one."""

from __future__ import annotations

import zlib
from functools import cache

from covidxr.replica.phantoms import phantom

LICENCE = "https://creativecommons.org/licenses/by/4.0/"
_WIDTH, _HEIGHT = 595, 842


@cache
def one_radiograph(doi: str, caption: str = "Chest radiograph on admission.") -> bytes:
    """One page with a title, some text, a radiograph with its caption below, and a licence.

    Parameters
    ----------
    doi : str
        Printed at the top; empty for none.
    caption : str
        Of figure 1.
    """
    picture = phantom(1)
    lines = [
        (800, "F1", 9, f"https://doi.org/{doi}" if doi else "An invented journal"),
        (770, "F2", 16, "An invented case of pneumonia"),
        *((740 - 14 * at, "F1", 10, f"Line {at} of an invented text on a patient, 2021.")
          for at in range(8)),
        (300, "F2", 9, "Figure 1."),
        (60, "F1", 8, "This is an open access article distributed under the terms of the Creative"),
        (50, "F1", 8, f"Commons Attribution License ({LICENCE})."),
    ]  # fmt: skip
    text = [f"BT /{font} {size} Tf 60 {y} Td ({words}) Tj ET" for y, font, size, words in lines]
    text.append(f"BT /F1 9 Tf 105 300 Td ({caption}) Tj ET")
    content = "\n".join([*text, "q 300 0 0 300 60 320 cm /I Do Q"]).encode()
    fonts = (
        "<< /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> "
        "/F2 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica-Bold >> >>"
    )
    image = (
        f"/Type /XObject /Subtype /Image /Width {picture.width} /Height {picture.height} "
        "/ColorSpace /DeviceGray /BitsPerComponent 8 /Filter /FlateDecode"
    )
    return _written(
        [
            b"<< /Type /Catalog /Pages 2 0 R >>",
            b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {_WIDTH} {_HEIGHT}] /Contents 4 0 R "
            f"/Resources << /Font {fonts} /XObject << /I 5 0 R >> >> >>".encode(),
            _stream("", content),
            _stream(image, zlib.compress(picture.tobytes())),
        ]
    )


def _stream(head: str, data: bytes) -> bytes:
    return f"<< {head} /Length {len(data)} >>\nstream\n".encode() + data + b"\nendstream"


def _written(objects: list[bytes]) -> bytes:
    out = bytearray(b"%PDF-1.4\n")
    places = []
    for number, body in enumerate(objects, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n%b\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(objects) + 1
    return bytes(
        out + b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF" % (size, start)
    )
