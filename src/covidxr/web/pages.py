"""What the review page shows, as HTML: sheets, the queue, the end.

This module owns the templates and what they are given. It answers no request.
"""

from __future__ import annotations

import ipaddress
from typing import TYPE_CHECKING
from urllib.parse import quote, urlsplit

import jinja2

from covidxr import __version__
from covidxr.licences import LICENCES
from covidxr.reviewform import NEW
from covidxr.reviewsheet import State

if TYPE_CHECKING:
    from collections.abc import Sequence

    from covidxr.reviewsheet import Alike, Entry, Field, Progress, Sheet

# Why images are rejected or put aside, most often first; a curator may write anything else.
REASONS = {
    "reject": (
        "duplicate of an image that is here",
        "not a chest X-ray or CT",
        "not one image: a montage or a drawing",
        "too small, or spoilt by marks",
        "its licence does not permit it",
        "not about pneumonia",
    ),
    "defer": (
        "finding is unclear: ask a radiologist",
        "may be a patient who is here: compare",
        "licence is unclear: ask the publisher",
        "a series of slices",
    ),
}


class Pages:
    """The templates, filled in.

    Parameters
    ----------
    collection : str
        What the collection is called on the page.
    by : str
        Who decides; may be empty.
    """

    def __init__(self, collection: str, by: str) -> None:
        self._templates = jinja2.Environment(
            loader=jinja2.PackageLoader("covidxr.web"),
            # Everything: a candidate's text is anybody's.
            autoescape=True,
            undefined=jinja2.StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._templates.filters |= {
            "link": link,
            "address": address,
            "image_of": image_of,
            "megabytes": megabytes,
        }
        self._templates.tests["urgent"] = urgent
        self._templates.globals |= {
            "State": State,
            "NEW": NEW,
            "reasons": REASONS,
            "collection": collection,
            "by": by,
            "version": __version__,
        }

    def sheet(self, sheet: Sheet) -> str:
        """Give the part of the page that shows one image."""
        names = {field.name: field for field in sheet.fields}
        return self._fill(
            "sheet.html",
            sheet=sheet,
            urgent=[each for each in sheet.fields if urgent(each)],
            others=[each for each in sheet.fields if not urgent(each)],
            licence=LICENCES.get(names["license"].value),
        )

    def alike(
        self,
        entry: Entry,
        found: Sequence[Alike],
        entries: Sequence[Entry],
        searched: tuple[int, int],
    ) -> str:
        """Give what looks like an image, side by side with it.

        Parameters
        ----------
        entry : Entry
            Of the image.
        found : sequence of Alike
            What is like it.
        entries : sequence of Entry
            The whole queue.
        searched : (int, int)
            Images that were read so far, and all.
        """
        others = {each.id: each for each in entries}
        return self._fill("alike.html", entry=entry, found=found, others=others, searched=searched)

    def queue(self, entries: Sequence[Entry], damaged: dict[str, str]) -> str:
        """Give the part of the page that lists every image."""
        return self._fill("queue.html", entries=entries, damaged=damaged)

    def end(self, progress: Progress) -> str:
        """Give the part of the page that says that nothing waits."""
        return self._fill("end.html", progress=progress)

    def whole(self, part: str, title: str, progress: Progress, shown: str = "") -> str:
        """Give a whole page around a part of it.

        Parameters
        ----------
        part : str
            HTML, from the functions above.
        title : str
            Of the window.
        progress : Progress
            Of the review.
        shown : str
            Id of the image that the part shows; empty where it shows none.
        """
        return self._fill("page.html", part=part, title=title, progress=progress, shown=shown)

    def _fill(self, name: str, **values: object) -> str:
        return self._templates.get_template(name).render(**values)


def urgent(field: Field) -> bool:
    """Tell whether a field stands open: others wait behind "more fields"."""
    return field.level != "optional" or bool(field.value or field.proposals or field.remarks)


def link(url: str) -> str:
    """Give an address that a browser may follow; empty where it is none of the web's.

    Nothing leads to this machine or its own network: cookies do not know ports, so another server
    here would be shown the session.
    """
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").rstrip(".").lower()
    except ValueError:
        return ""
    public = "." in host and not host.endswith((".localhost", ".local")) and not _is_inside(host)
    return url if parts.scheme.lower() in {"http", "https"} and public else ""


def _is_inside(host: str) -> bool:
    """Tell whether a host is written as numbers, and not those of a public address."""
    try:
        return not ipaddress.ip_address(host).is_global
    except ValueError:
        # Other spellings of 127.0.0.1, such as 127.1 or 0x7f.1; no top-level domain is a number.
        return host.rpartition(".")[2].startswith(tuple("0123456789"))


def address(id_: str) -> str:
    """Give an id as a part of an address of this server."""
    return quote(id_)


def image_of(entry: Entry) -> str:
    """Give the address of a candidate's image: its hash is in it, so browsers may keep it."""
    return f"/image/{address(entry.id)}?v={entry.sha256[:16]}"


def megabytes(count: int) -> str:
    """Say how large a file is."""
    return f"{count / 1e6:.1f} MB" if count >= 100_000 else f"{count / 1e3:.0f} kB"  # noqa: PLR2004
