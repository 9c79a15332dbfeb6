"""Fetch the images of one case, look at every byte, and keep what is usable.

What is no image is never kept: a body that was cut short, an empty one, a web page with status 200,
a picture that cannot be decoded.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from covidxr import casefile
from covidxr.casefile import KeptFile, KeptImage, Missing
from covidxr.cases import Provenance
from covidxr.errors import FetchError, GoneError, RefusedError, UnreachableError
from covidxr.filenames import safe_name
from covidxr.imaging.examine import examine
from covidxr.imaging.formats import EXTENSIONS
from covidxr.model import ImageDepth
from covidxr.savedpages import SAVED
from covidxr.sourcing import Kind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from covidxr.cases import Case, ImageCandidate
    from covidxr.sourcing import Http, Page


LONGEST_GAP = 10
"""Files of a series that are not there, one after another, before the rest is not asked for: how
many slices there are is known from names that somebody noted, not from the site."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetcher:
    """Fetches the images of one case.

    Parameters
    ----------
    case : Case
        Whose images.
    http : Http
        The network, or saved files.
    write : callable
        Takes the name and the bytes of each file that is kept.
    forget : callable
        Is told the address of a file that is of no use, so that it is asked for anew.
    permission : str
        Who permitted a crawl that the site's terms forbid, and when; may be empty.
    """

    case: Case
    http: Http
    write: Callable[[str, bytes], None]
    forget: Callable[[str], None]
    permission: str = ""
    _taken: set[str] = field(default_factory=lambda: {casefile.NAME})

    def images(self) -> Iterator[KeptImage]:
        """Give the case's images in order, each when it has been tried.

        Raises
        ------
        UnreachableError
            If the line is at fault, not an image.
        SourceStoppedError
            If the site asks to stop.
        """
        return map(self._image, self.case.images)

    def provenance(self, page: Page, *, image: bool) -> Provenance:
        """Say where bytes came from.

        Parameters
        ----------
        page : Page
            What was received.
        image : bool
            Whether it is an image of the case, or a page.
        """
        known = "" if page.url.startswith(SAVED) else page.url
        return Provenance(
            source=self.case.source,
            page_url=self.case.url if image else known,
            image_url=known if image else "",
            retrieved_at=page.retrieved_at,
            sha256=hashlib.sha256(page.body).hexdigest(),
            bytes=len(page.body),
            doi=self.case.doi,
            licence=self.case.licence,
            credit=self.case.credit,
            via=page.via,
            saved_as=page.saved_as,
            permission=self.permission,
        )

    def _image(self, image: ImageCandidate) -> KeptImage:
        if image.parts:
            return self._series(image)
        missing: list[Missing] = []
        for url in (image.url, *image.fallbacks):
            got = self._file(url, image.label, volume=image.folder == "volumes")
            if not isinstance(got, Missing):
                return KeptImage(candidate=image, files=(got,), missing=tuple(missing))
            missing.append(got)
        return KeptImage(candidate=image, missing=tuple(missing))

    def _series(self, image: ImageCandidate) -> KeptImage:
        """Fetch every file of a series; behind a long gap there is none, and none is asked for."""
        files: list[KeptFile] = []
        missing: list[Missing] = []
        gap = 0
        for number, url in enumerate(image.parts, start=1):
            got = self._file(url, f"{image.label}-{number:04}", volume=True)
            if not isinstance(got, Missing):
                files.append(got)
                gap = 0
                continue
            missing.append(got)
            gap += 1
            if gap == LONGEST_GAP and number < len(image.parts):
                rest = len(image.parts) - number
                reason = (
                    f"{gap} files in a row are not there; the {rest} behind them were not asked"
                )
                missing.append(Missing(url=image.parts[number], reason=reason, again=False))
                break
        return KeptImage(candidate=image, files=tuple(files), missing=tuple(missing))

    def _file(self, url: str, label: str, *, volume: bool) -> KeptFile | Missing:
        try:
            page = self.http.get(url, kind=Kind.VOLUME if volume else Kind.IMAGE)
        except UnreachableError:
            # The line, not the image, is at fault: the case is tried again as a whole.
            raise
        except FetchError as problem:
            again = not isinstance(problem, GoneError | RefusedError)
            return Missing(url=url, reason=str(problem), again=again)
        facts = examine(url, page.body, ImageDepth.FULL)
        bad = [problem.message for problem in facts.problems if problem.kind != "trailing"]
        if bad or facts.format not in EXTENSIONS:
            self.forget(url)
            reason = bad[0] if bad else f"its format is {facts.format}"
            # A whole file of a kind that is not kept will be the same another time.
            again = facts.format in {*EXTENSIONS, "", "HTML"}
            return Missing(url=url, reason=f"{url} gives no usable image: {reason}", again=again)
        name = self._name(label, EXTENSIONS[facts.format][0])
        self.write(name, page.body)
        return KeptFile(
            name=name,
            format=facts.format,
            width=facts.width,
            height=facts.height,
            provenance=self.provenance(page, image=True),
        )

    def _name(self, label: str, extension: str) -> str:
        """Name a file after source, case and label: never after what a server calls it."""
        name = safe_name((self.case.source, self.case.id, label), extension, self._taken)
        self._taken.add(name)
        return name
