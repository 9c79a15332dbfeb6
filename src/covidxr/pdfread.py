"""Read a PDF: the figures on its pages with their captions, and what it says of its licence.

This module owns the libraries that open PDF files, and the process of its own that they run in: a
PDF is anybody's program, and a decoder in C that fails takes its process along. It writes nothing
and decides nothing on licences or on what a figure shows.
"""

from __future__ import annotations

import io
import logging
import multiprocessing
import signal
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from importlib import import_module, metadata
from math import isfinite
from typing import TYPE_CHECKING, Any

from covidxr import pdfnotes
from covidxr.imaging.quiet import heard
from covidxr.pdfrecords import PdfFigure, PdfLimits, PdfReading
from covidxr.pdfregions import ImageBox, Page, find_regions, is_scanned
from covidxr.pdfwords import Line, Word, overlap, prose

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from multiprocessing.connection import Connection

    from covidxr.pdfpixels import Pixels
    from covidxr.pdfregions import Region
    from covidxr.pdfwords import Box

__all__ = ["PdfFigure", "PdfLimits", "PdfReading", "read_here", "read_pdf"]

# The header may stand behind other bytes, and the end before others, within this many (PDF 1.7,
# implementation notes 13 and 18).
_HEADER_WITHIN = 1024
# pdfplumber's own, 3 pt, glues the words of Springer's narrow setting together.
_WORD_TOLERANCE = 1.2
# Points. PDF 1.7, annex C, allows pages of 14,400.
_FARTHEST = 100_000
# What two libraries say of one page's size may differ by this many points.
_SAME_PAGE = 1.0
# Pixels. PDFium counts in single precision, exact to 0.0005 at the far end of a page at 600 dots
# an inch.
_HAIR = 0.005

# From when a process that crashed closes its pipe until it is gone.
_LAST_SECONDS = 5.0

_LIMITS = PdfLimits()
_TOO_MUCH = "reading it takes more memory than it may"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sheet:
    """A page, with what its geometry does not need.

    `letters` are all letters in the order that they were set, without lines; `prose` is the text
    of the first and the last page.
    """

    page: Page
    streams: tuple[dict[str, Any], ...] = ()
    links: tuple[str, ...] = ()
    letters: str = ""
    prose: str = ""


class _Unreadable(Exception):  # noqa: N818 - it is caught here and becomes a clause
    """Why a PDF cannot be read."""


def read_pdf(
    data: bytes, *, limits: PdfLimits = _LIMITS, wanted: Collection[str] = ()
) -> PdfReading:
    """Read a PDF in a process of its own, which is ended at the time limit.

    Parameters
    ----------
    data : bytes
        The whole file.
    limits : PdfLimits
        How much it may take.
    wanted : collection of str
        Numbers of the figures whose pixels are needed; empty for all.

    Returns
    -------
    PdfReading
        With `problem` for every file that cannot be read, whatever happened.
    """
    if problem := _refusal(data, limits):
        return PdfReading(problem=problem, library=_library())
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    child = context.Process(target=_child, args=(theirs, limits, tuple(wanted)), daemon=True)
    child.start()
    theirs.close()
    try:
        ours.send_bytes(data)
        if not ours.poll(limits.seconds):
            return _cannot(f"reading it took longer than {limits.seconds:g} seconds")
        reading: PdfReading = ours.recv()
    except (EOFError, OSError):
        child.join(_LAST_SECONDS)
        return _cannot(f"the program that reads it crashed ({_ending(child.exitcode)})")
    else:
        return reading
    finally:
        ours.close()
        child.kill()
        child.join()
        child.close()


def read_here(data: bytes, limits: PdfLimits = _LIMITS, wanted: Collection[str] = ()) -> PdfReading:
    """Read a PDF in this process: as `read_pdf`, without limits on time and memory.

    Parameters
    ----------
    data : bytes
        The whole file.
    limits : PdfLimits
        Of which bytes and pages hold.
    wanted : collection of str
        Numbers of the figures whose pixels are needed; empty for all.
    """
    if problem := _refusal(data, limits):
        return PdfReading(problem=problem, library=_library())
    try:
        with _silence():
            return replace(_read(data, limits, wanted), library=_library())
    except _Unreadable as why:
        return _cannot(str(why))
    except MemoryError:
        return _cannot(_TOO_MUCH)
    except Exception as error:  # noqa: BLE001 - pdfminer raises nearly anything on damaged bytes
        return _cannot(_blame(error))


def _blame(error: Exception) -> str:
    """Say whether the libraries gave up on a file, or this program did, which is a bug."""
    name = type(error).__name__
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    module = str(trace.tb_frame.f_globals.get("__name__", "")) if trace else ""
    if module.startswith("covidxr"):
        return f"it cannot be read here: {name} in {module}, which is a bug; please report it"
    return f"it is damaged ({name})"


def _child(pipe: Connection, limits: PdfLimits, wanted: tuple[str, ...]) -> None:
    # Ctrl-C goes to all processes of a terminal; the parent ends this one.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _confine(limits)
    try:
        reading = read_here(pipe.recv_bytes(), limits, wanted)
    except MemoryError:
        reading = _cannot(_TOO_MUCH)
    pipe.send(reading)
    pipe.close()


def _confine(limits: PdfLimits) -> None:
    """Limit memory, and time where the parent is gone and cannot end this process."""
    try:
        resource = import_module("resource")
    except ImportError:  # Windows has no such limits
        return
    for kind, most in (
        (resource.RLIMIT_AS, limits.memory),
        (resource.RLIMIT_CPU, int(2 * limits.seconds) + 1),
    ):
        _, hard = resource.getrlimit(kind)
        least = most if hard == resource.RLIM_INFINITY else min(most, hard)
        with suppress(OSError, ValueError):  # macOS refuses some
            resource.setrlimit(kind, (least, hard))


def _refusal(data: bytes, limits: PdfLimits) -> str:
    """Say what is wrong with a file before any library sees it."""
    if len(data) > limits.bytes:
        return f"it has {len(data):,} bytes, more than {limits.bytes:,}"
    if b"%PDF" not in data[:_HEADER_WITHIN]:
        return "it is not a PDF file"
    return ""


def _cannot(problem: str) -> PdfReading:
    return PdfReading(problem=problem, library=_library())


def _ending(code: int | None) -> str:
    if code is not None and code < 0:
        with suppress(ValueError):
            return f"signal {signal.Signals(-code).name}"
    return f"exit code {code}"


def _library() -> str:
    return ", ".join(f"{name} {metadata.version(name)}" for name in ("pdfplumber", "pypdfium2"))


@contextmanager
def _silence() -> Iterator[None]:
    """Keep what pdfminer logs off the screen: it warns of every font that breaks a rule."""
    logger = logging.getLogger("pdfminer")
    before = logger.level
    logger.setLevel(logging.CRITICAL + 1)
    try:
        yield
    finally:
        logger.setLevel(before)


def _read(data: bytes, limits: PdfLimits, wanted: Collection[str]) -> PdfReading:
    with _opened(data, limits) as document:
        return _Reader(data, document, wanted).read()


@contextmanager
def _opened(data: bytes, limits: PdfLimits) -> Iterator[Any]:
    """Open a file with PDFium, which mends more than pdfminer, and count its pages."""
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        locked = "assword" in str(error) or "security" in str(error)
        why = "it is encrypted" if locked else "it is damaged or cut off: no page can be found"
        raise _Unreadable(why) from None
    try:
        if pypdfium2.raw.FPDF_GetSecurityHandlerRevision(document) != -1:
            raise _Unreadable("it is encrypted")
        count = len(document)
        if count > limits.pages:
            raise _Unreadable(f"it has {count:,} pages, more than {limits.pages:,}")
        if count == 0:
            raise _Unreadable("it has no page")
        yield document
    finally:
        document.close()


class _Reader:
    """Reads one file with both libraries."""

    def __init__(self, data: bytes, document: Any, wanted: Collection[str]) -> None:
        self.data, self.document, self.wanted = data, document, frozenset(wanted)
        self.warnings: list[str] = []
        if b"%%EOF" not in data[-_HEADER_WITHIN:]:
            self.warnings.append("the file ends too early: something may be missing")

    def read(self) -> PdfReading:
        from pdfplumber.pdf import PDF

        count = len(self.document)
        # One more than there are, to see that the other library finds no more.
        plumbed = PDF(io.BytesIO(self.data), pages=[*range(1, count + 2)])
        found = plumbed.pages
        if len(found) != count:
            raise _Unreadable(f"it is damaged: {len(found)} of {count} pages were found")
        with heard():
            sheets = [self._sheet(page, end=page.page_number in {1, count}) for page in found]
        pages = [sheet.page for sheet in sheets]
        if is_scanned(pages):
            raise _Unreadable("it is a scan: its pages are pictures, without words to read")
        regions = find_regions(pages)
        figures = [self._figure(region, sheets[region.page - 1]) for region in regions.found]
        lost = [
            region.caption.number
            for region, figure in zip(regions.found, figures, strict=True)
            if figure is None
        ]
        info = {str(key): str(value) for key, value in plumbed.metadata.items()}
        links = [link for sheet in sheets for link in sheet.links]
        first, last = sheets[0].prose, sheets[-1].prose
        return PdfReading(
            figures=tuple(figure for figure in figures if figure is not None),
            pages=count,
            title=pdfnotes.title_of(info),
            doi=pdfnotes.doi_of(info, _xmp(plumbed), sheets[0].links, first),
            licence_urls=pdfnotes.licence_urls_of(links, [sheet.letters for sheet in sheets]),
            licence_words=pdfnotes.licence_words_of([first, last]),
            text_figures=(*regions.without, *lost),
            warnings=(*self.warnings, *regions.warnings),
        )

    def _sheet(self, page: Any, *, end: bool) -> _Sheet:
        """Read one page; a page that cannot be read is an empty one, and a warning."""
        try:
            return _sheet_of(page, end=end)
        except MemoryError:
            raise
        except Exception as error:  # noqa: BLE001 - pdfminer raises nearly anything
            number = page.page_number
            self.warnings.append(f"page {number} could not be read ({type(error).__name__})")
            return _Sheet(page=Page(number=number, box=(0.0, 0.0, 0.0, 0.0)))
        finally:
            page.close()

    def _figure(self, region: Region, sheet: _Sheet) -> PdfFigure | None:
        caption = region.caption
        figure = PdfFigure(
            number=caption.number,
            label=caption.label,
            caption=caption.text,
            bold=caption.bold,
            page=region.page,
            box=region.box,
            warnings=region.warnings,
        )
        if self.wanted and figure.number not in self.wanted:
            return figure
        try:
            with _page(self.document, sheet.page) as page:
                return _with_picture(figure, region, sheet, page)
        except _Unreadable as why:
            self.warnings.append(f"{figure.label} could not be rendered: {why}")
            return None


def _sheet_of(page: Any, *, end: bool) -> _Sheet:
    words = page.extract_words(x_tolerance=_WORD_TOLERANCE, extra_attrs=["fontname", "size"])
    images = page.images
    letters = "".join(char["text"] for char in page.chars)
    sheet = Page(
        number=page.page_number,
        box=_shown(page),
        words=tuple(_word(each) for each in words if each["upright"] and _somewhere(each)),
        images=tuple(
            _image(number, each) for number, each in enumerate(images) if _somewhere(each)
        ),
    )
    return _Sheet(
        page=sheet,
        streams=tuple(images),
        links=_links(page),
        letters=letters,
        prose=_flowing(page) if end else "",
    )


def _shown(page: Any) -> Box:
    """Give the part of a page that is shown: its crop box, as far as it is on the medium."""
    media, crop = page.mediabox, page.cropbox
    left, top = max(media[0], crop[0]), max(media[1], crop[1])
    right, bottom = min(media[2], crop[2]), min(media[3], crop[3])
    shown = (left, top, right, bottom) if left < right and top < bottom else media
    return (float(shown[0]), float(shown[1]), float(shown[2]), float(shown[3]))


def _place(item: dict[str, Any]) -> Box:
    return (float(item["x0"]), float(item["top"]), float(item["x1"]), float(item["bottom"]))


def _somewhere(item: dict[str, Any]) -> bool:
    """Tell whether a thing stands at a place that a page can have."""
    return all(isfinite(each) and abs(each) < _FARTHEST for each in _place(item))


def _word(item: dict[str, Any]) -> Word:
    return Word(
        text=item["text"],
        box=_place(item),
        font=str(item["fontname"]),
        size=float(item["size"]),
    )


def _image(number: int, item: dict[str, Any]) -> ImageBox:
    width, height = item["srcsize"]
    return ImageBox(
        box=_place(item),
        width=width if isinstance(width, int) else 0,
        height=height if isinstance(height, int) else 0,
        name=number,
    )


def _flowing(page: Any) -> str:
    """Give the words of a page in the order that they were set: columns one after another."""
    lines: list[list[Word]] = []
    for item in page.extract_words(x_tolerance=_WORD_TOLERANCE, use_text_flow=True):
        word = Word(text=item["text"], box=_place(item))
        last = lines[-1][-1].box if lines else word.box
        level = overlap(word.box, last, 1) > 0 and word.box[0] >= last[0]
        if lines and level:
            lines[-1].append(word)
        else:
            lines.append([word])
    return prose(Line(words=tuple(words)) for words in lines)


def _links(page: Any) -> tuple[str, ...]:
    try:
        links = [item["uri"] for item in page.hyperlinks]
    except Exception:  # noqa: BLE001 - pdfplumber raises nearly anything on odd annotations
        return ()
    return tuple(link for link in links if isinstance(link, str))


def _xmp(plumbed: Any) -> str:
    """Give the XMP packet of a file, as text; empty where it has none."""
    from pdfplumber.utils import resolve

    try:
        return str(resolve(plumbed.doc.catalog["Metadata"]).get_data(), "utf-8", "replace")
    except Exception:  # noqa: BLE001 - the catalogue holds whatever somebody wrote into it
        return ""


@contextmanager
def _page(document: Any, sheet: Page) -> Iterator[Any]:
    """Open a page with PDFium; it must be the page that pdfplumber saw."""
    import pypdfium2

    try:
        page = document[sheet.number - 1]
    except pypdfium2.PdfiumError:
        raise _Unreadable("its page is damaged") from None
    try:
        left, top, right, bottom = sheet.box
        apart = (page.get_width() - (right - left), page.get_height() - (bottom - top))
        if max(map(abs, apart)) > _SAME_PAGE:
            raise _Unreadable("its page has two sizes")
        yield page
    finally:
        page.close()


def _with_picture(figure: PdfFigure, region: Region, sheet: _Sheet, page: Any) -> PdfFigure:
    from covidxr import pdfpixels
    from covidxr.imaging import pixels as pictures

    left, top, right, bottom = region.box
    x, y = sheet.page.box[:2]
    shown = (left - x, top - y, right - x, bottom - y)
    stream = pdfpixels.whole_jpeg(region, sheet.streams)
    inside = pictures.decode(stream) if stream is not None else None
    if stream is not None and inside is not None:
        across, along = pdfpixels.own_scales_of(region)
        seen = pdfpixels.grey(_rendered(page, shown, across, along))
        # What a reader of the PDF sees is what counts: letters, arrows, masks and turned pages
        # are in the rendering alone.
        if pdfpixels.agree(inside, seen):
            return _complete(figure, "pdf-stream", stream, seen, across)
    across, along = pdfpixels.scales_of(region)
    seen = pdfpixels.grey(_rendered(page, shown, across, along))
    high, wide = seen.shape[:2]
    data = pictures.crop_png(seen, pictures.Box(0, 0, wide, high))
    return _complete(figure, "pdf-render", data, seen, across)


def _complete(figure: PdfFigure, made: str, data: bytes, seen: Pixels, across: float) -> PdfFigure:
    from covidxr import pdfpixels

    return replace(
        figure,
        made=made,
        data=data,
        dpi=round(pdfpixels.POINTS_AN_INCH * across, 1),
        polarity_suspect=pdfpixels.looks_inverted(seen),
    )


def _rendered(page: Any, box: Box, across: float, along: float) -> Pixels:
    """Draw a part of a page, pixel by pixel of the picture in it."""
    import pypdfium2

    raw = pypdfium2.raw
    left, top, right, bottom = box
    wide = max(1, round((right - left) * across))
    high = max(1, round((bottom - top) * along))
    bitmap = pypdfium2.PdfBitmap.new_native(wide, high, raw.FPDFBitmap_BGR, rev_byteorder=True)
    try:
        bitmap.fill_rect((255, 255, 255, 255), 0, 0, wide, high)
        # A picture that reaches a hair beyond the last pixel is stretched to the next one, and all
        # of it is blurred; so it is drawn a hair smaller.
        x, y = across * (1 - 2 * _HAIR / wide), along * (1 - 2 * _HAIR / high)
        matrix = raw.FS_MATRIX(x, 0, 0, y, _HAIR - left * x, _HAIR - top * y)
        clip = raw.FS_RECTF(0, 0, wide, high)
        flags = raw.FPDF_REVERSE_BYTE_ORDER
        raw.FPDF_RenderPageBitmapWithMatrix(bitmap, page, matrix, clip, flags)
        pixels: Pixels = bitmap.to_numpy().copy()
    finally:
        bitmap.close()
    return pixels
