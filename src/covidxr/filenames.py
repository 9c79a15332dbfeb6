"""Names of files and folders that every system can store, made from texts that anybody wrote.

This module owns which letters a name may have and how it stays unique. It looks at no disk: names
that are taken are passed in.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

LONGEST = 120
"""Characters of the longest name: ext4, NTFS and APFS take 255, and archives add to it."""

# Windows keeps these for devices, with any extension (Microsoft, "Naming Files, Paths, and
# Namespaces").
_RESERVED = frozenset(
    ("con", "prn", "aux", "nul", *(f"{device}{n}" for device in ("com", "lpt") for n in range(10)))
)
_UNSAFE = re.compile(r"[^a-z0-9_]+")
_HASH_DIGITS = 8


def safe_name(parts: Sequence[str], extension: str, taken: Collection[str] = ()) -> str:
    """Make a file's name.

    Parameters
    ----------
    parts : sequence of str
        Such as source, case and label; they are joined by hyphens. Parts without a letter or digit
        that can be kept are left out.
    extension : str
        Without the dot; may have one inside, as ``nii.gz``.
    taken : collection of str
        Names that are not free, in any case.

    Returns
    -------
    str
        Lower-case ASCII letters, digits, ``-`` and ``_``, then the extension; at most `LONGEST`
        characters. A name that is taken gets ``-2``, ``-3``, … behind it.
    """
    stem = _readable(parts)
    ending = f".{extension.lower()}"
    used = {name.casefold() for name in taken}
    number = 1
    while True:
        mark = "" if number == 1 else f"-{number}"
        name = _cut(stem, LONGEST - len(ending) - len(mark), parts) + mark + ending
        if name.casefold() not in used:
            return name
        number += 1


def safe_folder(text: str) -> str:
    """Make a folder's name.

    Parameters
    ----------
    text : str
        Such as the source's own name of a case.

    Returns
    -------
    str
        As `safe_name` has it, without extension. Two texts that differ in more than case give two
        names: where anything else had to change, digits of a hash stand behind.
    """
    stem = _readable((text,))
    if stem == text.lower():
        return _cut(stem, LONGEST, (text,))
    return _cut(f"{stem}-{_hash((text,))}", LONGEST, (text,))


def _readable(parts: Sequence[str]) -> str:
    stem = "-".join(filter(None, map(_folded, parts))) or "unnamed"
    return f"_{stem}" if stem.partition("-")[0] in _RESERVED and "-" not in stem else stem


def _folded(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text)
    plain = "".join(letter for letter in decomposed if not unicodedata.combining(letter))
    return _UNSAFE.sub("-", plain.lower()).strip("-")


def _cut(stem: str, longest: int, parts: Sequence[str]) -> str:
    """Shorten a stem; digits of a hash of the whole keep it apart from others of its beginning."""
    if len(stem) <= longest:
        return stem
    return f"{stem[: longest - _HASH_DIGITS - 1].rstrip('-')}-{_hash(parts)}"


def _hash(parts: Sequence[str]) -> str:
    whole = "\x1f".join(parts).encode("utf-8", "surrogatepass")
    return hashlib.sha256(whole).hexdigest()[:_HASH_DIGITS]
