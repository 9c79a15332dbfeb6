"""Tell a file's format by its content; the name and the extension are never looked at.

This module owns the signatures, and the words for what is no image or volume.
"""

from __future__ import annotations

import re
import zlib

PEEK = 4096
"""Bytes from the beginning that :func:`recognise` wants."""

NIFTI1_BYTES, NIFTI2_BYTES = 348, 540
"""Lengths of the two NIfTI headers, which are also their first four bytes."""

MOST_DECODED = 100_000_000
"""Pixels of the largest picture that is decoded: 300 MB as colour.

A journal's figure has 25 million at most (a printed page at 600 dots an inch is 4960 x 7016, and
figures fill a part of it); what claims more than this is a scan of something else, or a bomb.
"""

MOST_LOOKED_AT = 40_000_000
"""Pixels of the largest picture whose pixels are looked at when files are checked.

The largest of 724 published images has 18.5 million, and a mammogram 20. Decoding so many takes 3 s
and 0.9 GB at most here, whatever the format; 100 million took up to 8 s and 2.1 GB.
"""

EXTENSIONS = {
    "JPEG": ("jpg", "jpeg", "jpe", "jfif"),
    "PNG": ("png",),
    "GIF": ("gif",),
    "TIFF": ("tif", "tiff"),
    "BMP": ("bmp", "dib"),
    "WEBP": ("webp",),
    "DICOM": ("dcm", "dicom"),
    "NIFTI": ("nii",),
    "NIFTI.GZ": ("nii.gz",),
}
"""File name endings of each format, the usual one first."""

_SIGNATURES = (
    (b"\xff\xd8\xff", "JPEG"),
    (b"\x89PNG", "PNG"),
    (b"GIF87a", "GIF"),
    (b"GIF89a", "GIF"),
    (b"II*\0", "TIFF"),
    (b"MM\0*", "TIFF"),
    (b"II+\0", "TIFF"),
    (b"MM\0+", "TIFF"),
    (b"PK\x03\x04", "ZIP"),
    (b"PK\x05\x06", "ZIP"),
    (b"%PDF-", "PDF"),
)
# Sizes that the header behind "BM" can have: OS/2 1.x, Windows 3 to 98, OS/2 2.x.
# Source: Microsoft, "Bitmap Header Types".
_BMP_HEADERS = {12, 16, 40, 52, 56, 64, 108, 124}
_NOT_PICTURES = {
    "GZIP": "it is a gzip archive that holds no NIfTI volume",
    "ZIP": "it is a ZIP archive, not an image",
    "PDF": "it is a PDF document, not an image",
}
_OTHERS = (
    (b"version https://git-lfs", "it is a Git LFS pointer; the file itself was not fetched"),
    (b"Rar!", "it is a RAR archive, not an image"),
    (b"7z\xbc\xaf\x27\x1c", "it is a 7-Zip archive, not an image"),
    (b"\0\0\0\x0cjP  ", "it is a JPEG 2000 picture, which is not supported"),
    (b"\xff\x4f\xff\x51", "it is a JPEG 2000 picture, which is not supported"),
    (b"<?xml", "it is an XML document, not an image"),
    (b"<svg", "it is an SVG drawing, not an image of pixels"),
    (b"{", "it looks like JSON text, not an image"),
)
_TITLE = re.compile(rb"<title[^>]*>([^<]{1,200})", re.IGNORECASE)


def recognise(head: bytes) -> str:
    """Name the format of a file.

    Parameters
    ----------
    head : bytes
        Its first `PEEK` bytes, or all of it.

    Returns
    -------
    str
        ``"JPEG"``, ``"PNG"``, ``"GIF"``, ``"TIFF"``, ``"BMP"``, ``"WEBP"``, ``"DICOM"``,
        ``"NIFTI"``, ``"NIFTI.GZ"``, ``"HTML"``, ``"GZIP"``, ``"ZIP"``, ``"PDF"`` or ``""``.
    """
    # First, since a DICOM file may begin with a TIFF header (PS3.10 section 7.1).
    if head[128:132] == b"DICM":
        return "DICOM"
    by_signature = next((name for start, name in _SIGNATURES if head.startswith(start)), "")
    return by_signature or _recognise_closely(head)


def _recognise_closely(head: bytes) -> str:
    """Name a format that takes more than its first bytes to tell."""
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "WEBP"
    if head[:2] == b"BM" and int.from_bytes(head[14:18], "little") in _BMP_HEADERS:
        return "BMP"
    if head[:2] == b"\x1f\x8b":
        return "NIFTI.GZ" if is_nifti(inflate_beginning(head)) else "GZIP"
    if is_nifti(head):
        return "NIFTI"
    return "HTML" if _is_html(head) else ""


def describe(kind: str, head: bytes) -> str:
    """Say what a file is that is no image or volume.

    Parameters
    ----------
    kind : str
        From :func:`recognise`.
    head : bytes
        The beginning of the file, not empty.

    Returns
    -------
    str
        A clause for a message.
    """
    if kind == "HTML":
        return f"it is a web page, not an image{_title(head)}"
    if kind in _NOT_PICTURES:
        return _NOT_PICTURES[kind]
    if not any(head):
        return "it begins with nothing but zero bytes"
    for signature, words in _OTHERS:
        if head.startswith(signature):
            return words
    if head[4:8] == b"ftyp":
        return "it is a HEIF or AVIF picture or a film, which is not supported"
    return f"it is no format that is known here: it begins with the bytes {head[:8].hex(' ')}"


def is_nifti(head: bytes) -> bool:
    """Tell whether bytes begin with a NIfTI-1 or NIfTI-2 header.

    Source: ``nifti1.h`` and ``nifti2.h``: header size 348 with the magic at 344, or 540 with the
    magic at 4; ``n+`` is one file, ``ni`` the header of a pair.
    """
    sizes = (int.from_bytes(head[:4], "little"), int.from_bytes(head[:4], "big"))
    if NIFTI1_BYTES in sizes:
        return head[344:348] in {b"n+1\0", b"ni1\0"}
    return NIFTI2_BYTES in sizes and head[4:8] in {b"n+2\0", b"ni2\0"}


def inflate_beginning(head: bytes, length: int = 544) -> bytes:
    """Decompress the first bytes of a gzip file.

    Parameters
    ----------
    head : bytes
        The beginning of the file.
    length : int
        How many bytes are wanted; the largest NIfTI header has 540.

    Returns
    -------
    bytes
        At most `length`; empty where the beginning is damaged.
    """
    try:
        return zlib.decompressobj(wbits=31).decompress(head, length)
    except zlib.error:
        return b""


def _is_html(head: bytes) -> bool:
    start = head[:1024].replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").lower()
    return start.startswith((b"<!doctype html", b"<head", b"<body", b"<!--")) or (
        start.startswith(b"<") and b"<html" in start
    )


def _title(head: bytes) -> str:
    found = _TITLE.search(head)
    if not found:
        return ""
    words = " ".join(found[1].decode("utf-8", "replace").split())
    shown = "".join(letter for letter in words if letter.isprintable())
    return f" (its title: {shown[:60]!r})" if shown else ""
