"""New names for patients and UIDs, and days that dates are moved by, all out of one secret.

This module owns how an identity becomes something that says nothing. The same secret gives the same
answer always, so files that belong together stay together, over runs and in threads; without the
secret nobody finds the way back, and no list of who is who is ever kept.
Source: HMAC as in RFC 2104 with SHA-256; NIST SP 800-188, section 4.3, on keyed pseudonyms.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass, field

LEAST_SECRET = 16
"""Bytes of the shortest secret: 128 bits cannot be tried out, and patients' numbers can be."""

MOST_DAYS = 3650
"""Days that dates are moved by at most: ten years. The least is one."""

# 64 bits: with a million patients the odds that two get one name are 1 in 37 million.
_PATIENT_DIGITS = 16


@dataclass(frozen=True, slots=True)
class Pseudonyms:
    """What is derived from one secret.

    Parameters
    ----------
    secret : bytes
        At least `LEAST_SECRET`; it never shows in what is written out, nor in ``repr``.

    Raises
    ------
    ValueError
        For a shorter secret.
    """

    secret: bytes = field(repr=False)

    def __post_init__(self) -> None:
        if len(self.secret) < LEAST_SECRET:
            raise ValueError(f"the secret must have {LEAST_SECRET} bytes at least")

    def patient(self, identity: str) -> str:
        """Give the name of a patient: ``P`` and 16 hex digits."""
        return f"P{self._digest('patient', identity).hex()[:_PATIENT_DIGITS]}"

    def uid(self, original: str) -> str:
        """Give a UID that stands for another: ``2.25.`` and a number of 128 bits.

        Source: DICOM PS3.5, annex B.2; ISO/IEC 9834-8.
        """
        return f"2.25.{int.from_bytes(self._digest('uid', original)[:16], 'big')}"

    def shift_days(self, identity: str) -> int:
        """Give the days that all dates of a patient are moved by: -1 to -`MOST_DAYS`."""
        return -1 - int.from_bytes(self._digest("days", identity)[:8], "big") % MOST_DAYS

    def _digest(self, purpose: str, value: str) -> bytes:
        # The purpose stands in front, so that a patient's name says nothing of the days.
        said = f"{purpose}\0{value}".encode("utf-8", "surrogatepass")
        return hmac.new(self.secret, said, hashlib.sha256).digest()
