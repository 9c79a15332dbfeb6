"""Decode frames with GDCM, in a process of its own: frames come in on a pipe, samples go out.

This module owns the child's side; :mod:`covidxr.imaging.gdcmchild` starts it. It reads and writes
its two pipes, and nothing else.

A message is the lengths of its two parts, the first as JSON, the second as bytes.
"""

from __future__ import annotations

import json
import os
import struct
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

LENGTHS = struct.Struct(">II")
"""What a message begins with: bytes of its JSON, and of what follows that."""

_CHUNK = 1 << 16
# What pydicom's plug-in may change: the decoder gives samples otherwise than the header has them.
_CHANGED = ("bits_allocated", "planar_configuration", "photometric_interpretation")


def receive(read: Callable[[int], bytes]) -> tuple[dict[str, Any], bytes] | None:
    """Read one message.

    Parameters
    ----------
    read : callable
        Gives as many bytes as it is asked for at most, at least one, or none at the end.

    Returns
    -------
    tuple of dict and bytes, or None
        None where the other side is gone.
    """
    head = _exactly(read, LENGTHS.size)
    if head is None:
        return None
    words, body = (_exactly(read, length) for length in LENGTHS.unpack(head))
    return None if words is None or body is None else (json.loads(words), body)


def message(words: dict[str, Any], body: bytes) -> bytes:
    """Make one message."""
    written = json.dumps(words).encode()
    return LENGTHS.pack(len(written), len(body)) + written + body


def serve() -> None:
    """Decode one frame after another until nobody sends any more."""
    answers = os.dup(1)
    # What the library prints must not get between the samples.
    os.dup2(2, 1)
    while (asked := receive(lambda most: os.read(0, most))) is not None:
        try:
            words, body = _decoded(*asked)
        except Exception as error:  # noqa: BLE001 - the other side tells whatever it is
            words, body = {"error": " ".join(str(error).split()) or type(error).__name__}, b""
        _send(answers, message(words, body))


def _decoded(options: dict[str, Any], frame: bytes) -> tuple[dict[str, Any], bytes]:
    from pydicom.pixels.decoders import gdcm
    from pydicom.pixels.decoders.base import DecodeRunner
    from pydicom.uid import UID

    runner = DecodeRunner(UID(options.pop("transfer_syntax_uid")))
    runner.set_options(**options)
    samples = gdcm._decode_frame(frame, runner)  # noqa: SLF001 - its plug-ins have no other name
    return {word: runner.get_option(word) for word in _CHANGED}, bytes(samples)


def _exactly(read: Callable[[int], bytes], length: int) -> bytes | None:
    kept = bytearray()
    while len(kept) < length:
        part = read(min(length - len(kept), _CHUNK))
        if not part:
            return None
        kept += part
    return bytes(kept)


def _send(pipe: int, data: bytes) -> None:
    left = memoryview(data)
    while left:
        left = left[os.write(pipe, left) :]


if __name__ == "__main__":
    serve()
