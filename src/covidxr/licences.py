"""Licences of images: their SPDX ids, how people spell them, and what each permits.

This module owns the table of licences and the reading of a cell. It must not complete a licence
by guess: "CC BY" names no version, and to make it 4.0 would grant what nobody granted. Nor does
it give legal advice: what a licence permits is a flag for filters, its text is what counts.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

LicenceProblem = Literal["blank", "spelling", "no-version", "free-text"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Licence:
    """A licence and what it permits.

    Parameters
    ----------
    spdx : str
        Identifier in the SPDX License List.
    title : str
        Its name in full.
    url : str
        Where its text or deed stands.
    commercial_use : bool
        Whether use for commercial advantage is permitted.
    derivatives : bool
        Whether changed copies may be shared. A crop of a figure is a changed copy.
    share_alike : bool
        Whether changed copies must stand under the same licence.
    attribution : bool
        Whether the author must be named or notices kept.
    """

    spdx: str
    title: str
    url: str
    commercial_use: bool
    derivatives: bool
    share_alike: bool
    attribution: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class LicenceReading:
    """What a text says as a licence.

    Parameters
    ----------
    spdx : str or None
        SPDX id, or a ``LicenseRef-`` whose terms are described elsewhere; None where the text
        does not name one licence.
    problem : str or None
        None for an id as it should be written, ``"spelling"`` for a licence written otherwise,
        ``"no-version"`` where only the family is named, ``"blank"`` for an empty cell,
        ``"free-text"`` for anything else.
    family : str or None
        The family named, such as ``"CC BY-NC-SA"``, also where the version is missing or does
        not exist. It is named as the text has it: ``"CC NC-SA"`` is no family of today (Creative
        Commons has put BY into every licence since version 2.0), and it stays without BY.
    """

    spdx: str | None
    problem: LicenceProblem | None
    family: str | None = None

    @property
    def is_canonical(self) -> bool:
        """Whether the text is an id as it should be written."""
        return self.problem is None


# Creative Commons' own words; "NoDerivs" became "NoDerivatives" with version 4.0.
_ELEMENT_TITLES = {
    "BY": "Attribution",
    "NC": "NonCommercial",
    "ND": "NoDerivs",
    "SA": "ShareAlike",
}
_ELEMENTS = tuple(_ELEMENT_TITLES)
_FAMILIES = ("BY", "BY-SA", "BY-ND", "BY-NC", "BY-NC-SA", "BY-NC-ND")
_EDITIONS = {
    "1.0": "Generic",
    "2.0": "Generic",
    "2.5": "Generic",
    "3.0": "Unported",
    "4.0": "International",
}
# Ports to a country's law, or for intergovernmental organisations (WHO and others). Those that
# have an SPDX id are listed: a port is another text than the unported licence.
_PORTS = {
    "AT": "Austria",
    "AU": "Australia",
    "DE": "Germany",
    "FR": "France",
    "IGO": "IGO",
    "JP": "Japan",
    "NL": "Netherlands",
    "UK": "England and Wales",
    "US": "United States",
}
_PORTED = (
    *(("BY", version, "AU") for version in ("2.5", "3.0")),
    *(("BY", "3.0", port) for port in ("AT", "DE", "IGO", "NL", "US")),
    *((family, "3.0", "DE") for family in ("BY-NC", "BY-ND", "BY-NC-ND", "BY-NC-SA", "BY-SA")),
    *((family, "3.0", "IGO") for family in ("BY-NC-ND", "BY-NC-SA", "BY-SA")),
    *(("BY-NC-SA", "2.0", port) for port in ("DE", "FR", "UK")),
    ("BY-SA", "2.0", "UK"),
    ("BY-SA", "2.1", "JP"),
    ("BY-SA", "3.0", "AT"),
)


def _creative_commons(family: str, version: str, port: str = "") -> Licence:
    elements = family.split("-")
    title = "-".join(_ELEMENT_TITLES[element] for element in elements)
    if version == "4.0":
        title = title.replace("NoDerivs", "NoDerivatives")
    # Version 1.0 put the elements of this one family the other way round in its address.
    path = "by-nd-nc" if (family, version) == ("BY-NC-ND", "1.0") else family.lower()
    return Licence(
        spdx=f"CC-{family}-{version}" + (f"-{port}" if port else ""),
        title=f"Creative Commons {title} {version} {_PORTS[port] if port else _EDITIONS[version]}",
        url=f"https://creativecommons.org/licenses/{path}/{version}/"
        + (f"{port.lower()}/" if port else ""),
        commercial_use="NC" not in elements,
        derivatives="ND" not in elements,
        share_alike="SA" in elements,
        attribution=True,
    )


def _open(
    spdx: str, title: str, url: str, *, attribution: bool = True, share_alike: bool = False
) -> Licence:
    """Build a licence that permits every use and change."""
    return Licence(
        spdx=spdx,
        title=title,
        url=url,
        commercial_use=True,
        derivatives=True,
        share_alike=share_alike,
        attribution=attribution,
    )


def _gnu(name: str, title: str, version: str, page: str, *, old: bool = False) -> Iterator[Licence]:
    """Build both ids of a version of a GNU licence: it alone, or any later one too."""
    folder = "old-licenses/" if old else ""
    for choice, words in (("only", "only"), ("or-later", "or later")):
        yield _open(
            f"{name}-{version}-{choice}",
            f"GNU {title} v{version} {words}",
            f"https://www.gnu.org/licenses/{folder}{page}.html#{choice}",
            share_alike=True,
        )


_ALL = (
    *(_creative_commons(family, version) for family in _FAMILIES for version in _EDITIONS),
    *(_creative_commons(*ported) for ported in _PORTED),
    _open(
        "CC0-1.0",
        "Creative Commons Zero 1.0 Universal",
        "https://creativecommons.org/publicdomain/zero/1.0/",
        attribution=False,
    ),
    _open(
        "CC-PDM-1.0",
        "Creative Commons Public Domain Mark 1.0 Universal",
        "https://creativecommons.org/publicdomain/mark/1.0/",
        attribution=False,
    ),
    _open(
        "CC-PDDC",
        "Creative Commons Public Domain Dedication and Certification",
        "https://creativecommons.org/licenses/publicdomain/",
        attribution=False,
    ),
    _open("Apache-2.0", "Apache License 2.0", "https://www.apache.org/licenses/LICENSE-2.0"),
    _open("MIT", "MIT License", "https://opensource.org/license/mit"),
    _open(
        "BSD-2-Clause",
        'BSD 2-Clause "Simplified" License',
        "https://opensource.org/license/bsd-2-clause",
    ),
    _open(
        "BSD-3-Clause",
        'BSD 3-Clause "New" or "Revised" License',
        "https://opensource.org/license/bsd-3-clause",
    ),
    *_gnu("GPL", "General Public License", "2.0", "gpl-2.0", old=True),
    *_gnu("GPL", "General Public License", "3.0", "gpl-3.0"),
    *_gnu("LGPL", "Lesser General Public License", "2.1", "lgpl-2.1", old=True),
    *_gnu("LGPL", "Lesser General Public License", "3.0", "lgpl-3.0"),
    *_gnu("AGPL", "Affero General Public License", "3.0", "agpl-3.0"),
    *_gnu("GFDL", "Free Documentation License", "1.2", "fdl-1.2", old=True),
    *_gnu("GFDL", "Free Documentation License", "1.3", "fdl-1.3"),
    _open(
        "MPL-2.0",
        "Mozilla Public License 2.0",
        "https://www.mozilla.org/en-US/MPL/2.0/",
        share_alike=True,
    ),
    _open(
        "ODC-By-1.0",
        "Open Data Commons Attribution License 1.0",
        "https://opendatacommons.org/licenses/by/1-0/",
    ),
    _open(
        "ODbL-1.0",
        "Open Data Commons Open Database License 1.0",
        "https://opendatacommons.org/licenses/odbl/1-0/",
        share_alike=True,
    ),
    _open(
        "PDDL-1.0",
        "Open Data Commons Public Domain Dedication and License 1.0",
        "https://opendatacommons.org/licenses/pddl/1-0/",
        attribution=False,
    ),
)

LICENCES: Mapping[str, Licence] = MappingProxyType({licence.spdx: licence for licence in _ALL})
"""Every known licence by its SPDX id (SPDX License List, spdx.org/licenses; names and
addresses from creativecommons.org, apache.org and opendatacommons.org)."""

# Dashes that word processors put for a hyphen become one; characters of no width go.
_LOOK_ALIKES = {
    **dict.fromkeys((0x2010, 0x2011, 0x2012, 0x2013, 0x2014, 0x2015, 0x2212), "-"),
    **dict.fromkeys((0x00AD, 0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF), None),
}


# SPDX specification 2.3, section 10.1: "LicenseRef-" and letters, digits, hyphens, full stops.
_LICENSE_REF = re.compile(r"LicenseRef-[A-Za-z0-9.-]+")
_PARENTHESIS = re.compile(r"(.+?)\s*\(([^()]+)\)")
_CC_ADDRESS = re.compile(
    r"(?:https?://)?(?:www\.)?creativecommons\.org/"
    r"(?:licenses|publicdomain)/([a-z-]+)(?:/([0-9.]+))?(?:/([a-z]{2}|igo))?"
    r"(?:/(?:deed|legalcode)(?:\.[a-z_-]+)?)?(?:\.txt)?/?(?:[?#].*)?"
)
_TOKENS = re.compile(r"[a-z]+0?|[0-9]+(?:\.[0-9]+)?")
_VERSION = re.compile(r"[0-9]+(?:\.[0-9]+)?")

# Long words become the short ones, in this order, in a text that is folded to lower case.
_SHORTER = tuple(
    (re.compile(pattern), short)
    for pattern, short in (
        (r"\bcreative[\s-]?commons?\b", "cc"),
        (r"\battribution\b", "by"),
        (r"\bnon[\s-]?commercial\b", "nc"),
        (r"\bno[\s-]?deriv(?:ative)?s?\b", "nd"),
        (r"\bshare[\s-]?alike\b", "sa"),
        (r"\bcc[\s-]?by", "cc by"),
        (r"\bcc[\s-]?(?:0|zero)\b", "cc0"),
        (r"\bv(?:er(?:sion)?)?\.?\s*(?=[0-9])", ""),
    )
)
# Words that say nothing about which licence it is.
_EMPTY_WORDS = frozenset(
    ("license", "licence", "the", "international", "unported", "generic", "universal"),
)
# A version without ".0". "2" is not here: it may be 2.0 or 2.5.
_SHORT_VERSIONS = {"1": "1.0", "3": "3.0", "4": "4.0"}

# Licences of other families: their only versions in use, or None where the family has several.
# Each key is what is left of a text after `_words`.
_OTHERS: dict[tuple[str, ...], tuple[str | None, str]] = {
    # Apache's 1.0 and 1.1 are licences of their own, so the bare name is not enough.
    ("apache",): (None, "Apache"),
    ("apache", "2.0"): ("Apache-2.0", "Apache"),
    ("apache", "2"): ("Apache-2.0", "Apache"),
    ("mit",): ("MIT", "MIT"),
    # Of CC0, ODbL, ODC-By and PDDL there is no version but 1.0: to write it adds nothing.
    ("cc0",): ("CC0-1.0", "CC0"),
    ("cc0", "1.0"): ("CC0-1.0", "CC0"),
    ("odbl",): ("ODbL-1.0", "ODbL"),
    ("odbl", "1.0"): ("ODbL-1.0", "ODbL"),
    ("odc", "odbl"): ("ODbL-1.0", "ODbL"),
    ("odc", "by"): ("ODC-By-1.0", "ODC-By"),
    ("odc", "by", "1.0"): ("ODC-By-1.0", "ODC-By"),
    ("pddl",): ("PDDL-1.0", "PDDL"),
    ("pddl", "1.0"): ("PDDL-1.0", "PDDL"),
    ("odc", "pddl"): ("PDDL-1.0", "PDDL"),
    ("cc", "pdm"): ("CC-PDM-1.0", "CC PDM"),
    ("cc", "pdm", "1.0"): ("CC-PDM-1.0", "CC PDM"),
    ("cc", "pddc"): ("CC-PDDC", "CC PDDC"),
}
_CC_PATHS = {"zero": "cc0", "mark": "cc pdm", "publicdomain": "cc pddc"}


def _plain(text: str) -> str:
    """Fold case, blanks, kinds of hyphen and a slash at the end."""
    return " ".join(text.translate(_LOOK_ALIKES).split()).casefold().rstrip("/")


_BY_PLAIN_TEXT = {
    _plain(name): licence.spdx
    for licence in _ALL
    for name in (licence.spdx, licence.title, licence.url, licence.url.replace("s://", "://", 1))
} | {"https://opensource.org/licenses/mit": "MIT"}


@lru_cache(maxsize=4096)  # a table repeats a dozen licences over thousands of rows
def read_licence(text: str) -> LicenceReading:
    """Read a licence, or say why the text names none.

    Parameters
    ----------
    text : str
        One cell: an id, a usual name such as ``"CC BY-NC-SA 4.0"``, an address of a licence.

    Returns
    -------
    LicenceReading
        ``"free-text"`` for everything that is not fully understood, "CC BY 4.0, figures
        excepted" too: a remark may take away what the licence gives.
    """
    if text in LICENCES or _LICENSE_REF.fullmatch(text):
        return LicenceReading(spdx=text, problem=None, family=_family_of(text))
    plain = _plain(text).rstrip(".,;")
    if not plain:
        return LicenceReading(spdx=None, problem="blank")
    return _known(plain) or _reference(text) or _named(plain)


def _known(plain: str) -> LicenceReading | None:
    spdx = _BY_PLAIN_TEXT.get(plain)
    return _spelt(spdx, _family_of(spdx)) if spdx else None


def _reference(text: str) -> LicenceReading | None:
    """Read an id of one's own, whose first word may have slipped in case."""
    head, hyphen, tail = text.translate(_LOOK_ALIKES).strip().partition("-")
    reference = f"LicenseRef{hyphen}{tail}"
    if head.casefold() == "licenseref" and _LICENSE_REF.fullmatch(reference):
        return _spelt(reference, None)
    return None


def _named(plain: str) -> LicenceReading:
    """Read a licence by its usual name, which may be said twice, the second time in brackets."""
    if match := _PARENTHESIS.fullmatch(plain):
        outside, inside = _one_name(match[1]), _one_name(match[2])
        return outside if outside == inside else _free_text(None)
    return _one_name(plain)


def _one_name(plain: str) -> LicenceReading:
    words = _words(plain)
    if words in _OTHERS:
        spdx, family = _OTHERS[words]
        return _spelt(spdx, family) if spdx else _versionless(family)
    if words[:1] != ("cc",):
        return _free_text(None)
    return _cc_name(words[1:])


def _cc_name(words: tuple[str, ...]) -> LicenceReading:
    """Read the elements and the version of a Creative Commons licence."""
    count = next((at for at, word in enumerate(words) if word.upper() not in _ELEMENTS), None)
    named = [word.upper() for word in words[:count]]
    rest = () if count is None else words[count:]
    if not named or len(set(named)) < len(named) or {"ND", "SA"} <= set(named):
        return _free_text(None)
    family = "CC " + "-".join(element for element in _ELEMENTS if element in named)
    if not rest or rest == ("2",):
        return _versionless(family)
    version, ports = _SHORT_VERSIONS.get(rest[0], rest[0]), [port.upper() for port in rest[1:]]
    if _VERSION.fullmatch(version) is None or ports not in ([], *([port] for port in _PORTS)):
        return _free_text(None)
    spdx = "-".join((family.replace(" ", "-"), version, *ports))
    # A version or family that never was: Creative Commons has no 5.0 and no NC-SA 4.0.
    return _spelt(spdx, family) if spdx in LICENCES else _free_text(family)


def _words(plain: str) -> tuple[str, ...]:
    """Give the words that say which licence it is; one unknown sign and there are none."""
    if match := _CC_ADDRESS.fullmatch(plain):
        path = match[1].replace("by-nd-nc", "by-nc-nd")
        name = _CC_PATHS.get(path) or f"cc {path}"
        plain = " ".join(filter(None, (name, match[2], match[3])))
    for pattern, short in _SHORTER:
        plain = pattern.sub(short, plain)
    if re.sub(r"[\s,_-]", "", _TOKENS.sub("", plain)):
        return ()
    return tuple(word for word in _TOKENS.findall(plain) if word not in _EMPTY_WORDS)


def _family_of(spdx: str) -> str | None:
    licence = LICENCES.get(spdx)
    if licence is None:
        return None
    family = re.sub(r"-[0-9.]+(?:-[A-Z]+|-only|-or-later)?\Z", "", licence.spdx)
    return re.sub(r"\ACC-", "CC ", family)


def _spelt(spdx: str, family: str | None) -> LicenceReading:
    return LicenceReading(spdx=spdx, problem="spelling", family=family)


def _versionless(family: str) -> LicenceReading:
    return LicenceReading(spdx=None, problem="no-version", family=family)


def _free_text(family: str | None) -> LicenceReading:
    return LicenceReading(spdx=None, problem="free-text", family=family)
