"""Decode JPEG lossless and JPEG-LS inside DICOM with GDCM, as a plug-in of pydicom.

This module owns the process that GDCM runs in. On damaged frames that library prints, and ends the
whole process that it is in (GDCM 3.2.6: an exception of C++ that nobody catches), so it gets one of
its own, which is started with the first frame, kept for the next ones, and started again when it
has died. Nobody but this package speaks to it, over two pipes.

Source: pydicom's guide "Pixel data decoder plugins".
"""

from __future__ import annotations

import atexit
import os
import select
import subprocess
import sys
from typing import Any

from covidxr.imaging.gdcmwork import message, receive

NAME = "covidxr-gdcm"
"""What pydicom knows the plug-in by."""

SYNTAXES = (
    "1.2.840.10008.1.2.4.57",
    "1.2.840.10008.1.2.4.70",
    "1.2.840.10008.1.2.4.80",
    "1.2.840.10008.1.2.4.81",
)
"""JPEG lossless, JPEG-LS without loss and nearly so. Source: DICOM PS3.6, table A-1."""

DECODER_DEPENDENCIES = dict.fromkeys(SYNTAXES, ("python-gdcm>=3.0.24",))
"""What pydicom says is missing where it is."""

# Seconds that the child may say nothing: a frame of 20 megapixels takes it one.
_PATIENCE = 30.0
# No `-m` finds a module of the working directory with this: a collection may lie there.
_COMMAND = (sys.executable, "-P", "-m", "covidxr.imaging.gdcmwork")

# The child, and the process that started it: after a fork both would speak to the same one.
_running: list[tuple[int, subprocess.Popen[bytes]]] = []


def is_available(uid: str) -> bool:
    """Tell pydicom whether a transfer syntax can be decoded."""
    from importlib.util import find_spec

    return uid in SYNTAXES and find_spec("gdcm") is not None


def register() -> None:
    """Make the plug-in known to pydicom; to be called by one thread at a time."""
    from pydicom.pixels import get_decoder

    for syntax in SYNTAXES:
        decoder = get_decoder(syntax)
        if NAME not in (*decoder.available_plugins, *decoder.missing_dependencies):
            decoder.add_plugin(NAME, (__name__, "decode_frame"))


def decode_frame(frame: bytes, runner: Any) -> bytes:
    """Decode one frame, one at a time.

    Parameters
    ----------
    frame : bytes
        The code stream.
    runner : pydicom.pixels.decoders.base.DecodeRunner
        Knows what the header says, and is told what the decoder gives instead.

    Returns
    -------
    bytes
        Little-endian samples.

    Raises
    ------
    RuntimeError
        Where it cannot be decoded.
    """
    options = {word: value for word, value in runner.options.items() if _is_plain(value)}
    options["transfer_syntax_uid"] = str(runner.transfer_syntax)
    answer = _ask(message(options, frame))
    if answer is None:
        stop()
        raise RuntimeError("GDCM gave up on a damaged frame")
    said, samples = answer
    if "error" in said:
        raise RuntimeError(f"GDCM says: {said['error']}")
    for word, value in said.items():
        if value is not None:
            runner.set_option(word, value)
    return samples


def stop() -> None:
    """End the child, if there is one; the next frame starts another."""
    while _running:
        owner, child = _running.pop()
        if owner == os.getpid():
            child.kill()
            child.communicate()


def _ask(asked: bytes) -> tuple[dict[str, Any], bytes] | None:
    """Send a frame and wait for the answer; None where the child died or says nothing."""
    child = _child()
    if child.stdin is None or child.stdout is None:  # pragma: no cover - both are pipes
        return None
    try:
        child.stdin.write(asked)
        child.stdin.flush()
    except OSError:
        return None
    pipe, waiting = child.stdout.fileno(), select.poll()
    waiting.register(pipe, select.POLLIN)

    def read(most: int) -> bytes:
        return os.read(pipe, most) if waiting.poll(_PATIENCE * 1000) else b""

    return receive(read)


def _child() -> subprocess.Popen[bytes]:
    if _running and _running[0][0] != os.getpid():
        _running.clear()
    if _running and _running[0][1].poll() is not None:
        stop()
    if not _running:
        child = subprocess.Popen(
            _COMMAND,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        _running.append((os.getpid(), child))
    return _running[0][1]


def _is_plain(value: object) -> bool:
    return isinstance(value, str | int | float | bool)


atexit.register(stop)
