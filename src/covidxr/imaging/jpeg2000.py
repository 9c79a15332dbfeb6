"""Decode JPEG 2000 and HTJ2K inside DICOM with OpenJPEG, as a plug-in of pydicom.

This module owns all use of the package openjpeg (pylibjpeg-openjpeg). pydicom's own plug-in for it
wants one more package; its other decoders print to the terminal when a frame is damaged.

Source: pydicom's guide "Pixel data decoder plugins".
"""

from __future__ import annotations

from typing import Any

NAME = "covidxr-openjpeg"
"""What pydicom knows the plug-in by."""

SYNTAXES = (
    "1.2.840.10008.1.2.4.90",
    "1.2.840.10008.1.2.4.91",
    "1.2.840.10008.1.2.4.201",
    "1.2.840.10008.1.2.4.202",
    "1.2.840.10008.1.2.4.203",
)
"""JPEG 2000 and HTJ2K, without loss and with. Source: DICOM PS3.6, table A-1."""

# Bits that a sample of the decoder's output has, by the precision that it has at most.
_WORDS = (8, 16, 32)

DECODER_DEPENDENCIES = dict.fromkeys(SYNTAXES, ("pylibjpeg-openjpeg>=2.0",))
"""What pydicom says is missing where it is."""


def is_available(uid: str) -> bool:
    """Tell pydicom whether a transfer syntax can be decoded."""
    from importlib.util import find_spec

    return uid in SYNTAXES and find_spec("openjpeg") is not None


def register() -> None:
    """Make the plug-in known to pydicom; to be called by one thread at a time."""
    from pydicom.pixels import get_decoder

    for syntax in SYNTAXES:
        decoder = get_decoder(syntax)
        if NAME not in (*decoder.available_plugins, *decoder.missing_dependencies):
            decoder.add_plugin(NAME, (__name__, "decode_frame"))


def decode_frame(frame: bytes, runner: Any) -> bytearray:
    """Decode one frame.

    Parameters
    ----------
    frame : bytes
        The code stream.
    runner : pydicom.pixels.decoders.base.DecodeRunner
        Knows what the header says, and is told what the decoder gives instead.

    Returns
    -------
    bytearray
        Little-endian samples, colour by pixel.

    Raises
    ------
    RuntimeError
        Where it cannot be decoded.
    """
    from openjpeg.utils import decode_pixel_data

    decoded = decode_pixel_data(frame, version=2)
    if runner.photometric_interpretation in {"YBR_ICT", "YBR_RCT"}:
        runner.set_option("photometric_interpretation", "RGB")
    precision = runner.get_option("j2k_precision", runner.bits_stored)
    runner.set_option("bits_allocated", next(bits for bits in _WORDS if precision <= bits))
    if not isinstance(decoded, bytearray):
        raise TypeError("the decoder gave no bytes")
    return decoded
