"""The review page's server: routes, and what each answers.

This module owns addresses, requests and answers. What they mean is for :mod:`covidxr.review`; how
they look is for :mod:`covidxr.web.pages`; who may ask is for :mod:`covidxr.web.guard`.
"""

from __future__ import annotations

import json
import mimetypes
from collections import OrderedDict
from threading import BoundedSemaphore, Lock
from typing import TYPE_CHECKING, Any

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from covidxr.errors import CovidxrError, UsageError
from covidxr.review import StaleError
from covidxr.reviewjudge import RefusedDecisionError
from covidxr.reviewsheet import State, Verdict
from covidxr.web import pages, pictures

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from starlette.requests import Request

    from covidxr.comparing import Comparing
    from covidxr.review import Review
    from covidxr.reviewsheet import Alike, Done, Entry, Remark, Sheet

# Thumbnails that are kept, some 6 kB each.
_THUMBNAILS = 512
# The page asks for a candidate's image with its hash behind; the collection's own may change.
_KEEP = "private, max-age=86400"
_STALE = "This image changed in another window, or by a command, since it was shown here."
_SAID = {
    State.ACCEPTED: "Accepted",
    State.REJECTED: "Rejected",
    State.DEFERRED: "Put aside",
    State.WAITING: "Waiting again",
    State.TAKEN_DOWN: "Taken down",
}


def application(review: Review, comparing: Comparing) -> Starlette:
    """Give the review page's application, without the guard.

    Parameters
    ----------
    review : Review
        What is reviewed.
    comparing : Comparing
        Knows what looks alike.
    """
    # On some systems a file decides what a script is.
    mimetypes.add_type("text/javascript", ".js")
    desk = _Desk(review, comparing, pages.Pages(review.collection, review.options.by))
    return Starlette(
        routes=[
            Route("/", desk.first),
            Route("/queue", desk.queue),
            Route("/end", desk.end),
            Route("/image/{id:path}", desk.image),
            Route("/thumbnail/{id:path}", desk.thumbnail),
            Route("/kept/{path:path}", desk.kept),
            Route("/kept-thumbnail/{path:path}", desk.kept_thumbnail),
            Route("/review/{id:path}", desk.page),
            Route("/part/{id:path}", desk.part),
            Route("/alike/{id:path}", desk.alike),
            Route("/edit", _posted(desk.edit), methods=["POST"]),
            Route("/decide", _posted(desk.decide), methods=["POST"]),
            Route("/undo", _posted(desk.undo), methods=["POST"]),
            Mount("/static", StaticFiles(packages=[("covidxr.web", "static")])),
        ],
        exception_handlers={CovidxrError: _unable, pictures.NotShownError: _not_shown},
    )


class _Desk:
    """Answers requests about one review."""

    def __init__(self, review: Review, comparing: Comparing, page: pages.Pages) -> None:
        self._review = review
        self._comparing = comparing
        self._pages = page
        self._thumbnails: OrderedDict[str, pictures.Shown] = OrderedDict()
        self._lock = Lock()
        # Volumes are read whole: no more than two are in memory at once.
        self._few = BoundedSemaphore(2)

    # -- pages ---------------------------------------------------------------------------

    def first(self, _: Request) -> Response:
        return RedirectResponse(_where(self._review.next_waiting()), 303)

    def page(self, request: Request) -> Response:
        sheet = self._sheet(request.path_params["id"])
        part = self._pages.sheet(sheet)
        return HTMLResponse(
            self._pages.whole(part, _title(sheet.entry), sheet.progress, sheet.entry.id)
        )

    def part(self, request: Request) -> Response:
        return JSONResponse(self._shown(request.path_params["id"]))

    def alike(self, request: Request) -> Response:
        id_ = request.path_params["id"]
        try:
            entry = self._review.entry(id_)
            # Its own file is no duplicate of an accepted image.
            found = [each for each in self._comparing.alike(id_) if not _is_own(entry, each)]
        except UsageError as unknown:
            raise HTTPException(404, str(unknown)) from unknown
        read, total = self._comparing.searched()
        part = self._pages.alike(entry, found, self._review.entries(), (read, total))
        return JSONResponse({"html": part, "complete": read >= total})

    def queue(self, _: Request) -> Response:
        part = self._pages.queue(self._review.entries(), self._review.damaged())
        return HTMLResponse(self._pages.whole(part, "All images", self._review.progress()))

    def end(self, _: Request) -> Response:
        progress = self._review.progress()
        return HTMLResponse(self._pages.whole(self._pages.end(progress), "Nothing waits", progress))

    # -- pictures ------------------------------------------------------------------------

    def image(self, request: Request) -> Response:
        id_ = request.path_params["id"]
        with self._few:
            return _picture(pictures.shown(_there(lambda: self._review.image(id_))))

    def thumbnail(self, request: Request) -> Response:
        id_ = request.path_params["id"]
        return self._small(f"{id_}?{request.url.query}", lambda: self._review.image(id_))

    def kept(self, request: Request) -> Response:
        path = request.path_params["path"]
        with self._few:
            return _picture(pictures.shown(_there(lambda: self._review.kept(path))), keep=False)

    def kept_thumbnail(self, request: Request) -> Response:
        path = request.path_params["path"]
        return self._small(path, lambda: self._review.kept(path), keep=False)

    def _small(self, key: str, read: Callable[[], bytes], *, keep: bool = True) -> Response:
        with self._lock:
            small = self._thumbnails.get(key) if keep else None
        if small is None:
            with self._few:
                small = pictures.thumbnail(_there(read))
        if keep:
            with self._lock:
                self._thumbnails[key] = small
                while len(self._thumbnails) > _THUMBNAILS:
                    self._thumbnails.popitem(last=False)
        return _picture(small, keep=keep)

    # -- what is done --------------------------------------------------------------------

    def edit(self, told: Mapping[str, Any]) -> dict[str, Any]:
        self._review.edit(_text(told, "id"), _cells(told), _version(told))
        sheet = self._review.sheet(_text(told, "id"))
        return {"version": sheet.version, "remarks": _by_field(sheet)}

    def decide(self, told: Mapping[str, Any]) -> dict[str, Any]:
        id_, reason = _text(told, "id"), _text(told, "reason")
        if _verdict(told) is Verdict.REJECT and not reason.strip():
            raise UsageError("Say why it is rejected.")
        done = self._review.decide(
            id_,
            _verdict(told),
            cells=_cells(told),
            reason=reason,
            version=_version(told),
        )
        following = self._review.next_waiting(after=id_)
        shown = self._shown(following.id) if following else {"go": "/end"}
        return {"said": _said(done), **shown}

    def undo(self, _: Mapping[str, Any]) -> dict[str, Any]:
        done = self._review.undo()
        here = done.entry.id in {each.id for each in self._review.entries()}
        return {"said": _said(done), **(self._shown(done.entry.id) if here else {"go": "/queue"})}

    # -- how -----------------------------------------------------------------------------

    def _sheet(self, id_: str) -> Sheet:
        try:
            return self._review.sheet(id_)
        except UsageError as unknown:
            raise HTTPException(404, str(unknown)) from unknown

    def _shown(self, id_: str) -> dict[str, Any]:
        """What the page's script shows in place of what it shows now."""
        sheet = self._sheet(id_)
        return {
            "id": id_,
            "title": _title(sheet.entry),
            "html": self._pages.sheet(sheet),
            "progress": {
                "waiting": sheet.progress.waiting,
                "total": sheet.progress.total,
            },
        }


def _is_own(entry: Entry, alike: Alike) -> bool:
    return bool(entry.filename) and alike.path.rpartition("/")[2] == entry.filename


def _where(entry: Entry | None) -> str:
    return f"/review/{pages.address(entry.id)}" if entry else "/end"


def _title(entry: Entry) -> str:
    return f"{entry.source} {entry.case.rpartition('/')[2]}, image {entry.label}"


def _said(done: Done) -> str:
    entry = done.entry
    words = f"{_SAID[entry.state]}: {_title(entry)}"
    if done.undone:
        words = f"Taken back. {words}"
    if done.line is not None:
        words += f", as {entry.filename}, patient {done.patientid}, line {done.line}"
    return ". ".join((words, *done.notes))


def _there(read: Callable[[], bytes]) -> bytes:
    try:
        return read()
    except UsageError as unknown:
        raise HTTPException(404, str(unknown)) from unknown


def _picture(picture: pictures.Shown, *, keep: bool = True) -> Response:
    headers = {"cache-control": _KEEP} if keep else {}
    return Response(picture.data, media_type=picture.media_type, headers=headers)


def _by_field(sheet: Sheet) -> dict[str, list[dict[str, object]]]:
    """Remarks by column, and on the row as a whole under an empty name."""
    found = {field.name: [_remark(each) for each in field.remarks] for field in sheet.fields}
    return {**found, "": [_remark(each) for each in sheet.remarks]}


def _remark(remark: Remark) -> dict[str, object]:
    return {
        "field": remark.field,
        "message": remark.message,
        "suggestion": remark.suggestion,
        "blocking": remark.blocking,
        "code": remark.code,
    }


# -- requests --------------------------------------------------------------------------------


def _posted(
    answer: Callable[[Mapping[str, Any]], dict[str, Any]],
) -> Callable[[Request], Awaitable[Response]]:
    """Read what was sent, and answer with JSON whatever came of it."""

    async def answered(request: Request) -> Response:
        try:
            told = json.loads(await request.body())
        except ValueError:
            return _problem(400, "What was sent is not JSON.")
        if not isinstance(told, dict):
            return _problem(400, "What was sent is not an object.")
        try:
            return JSONResponse(await run_in_threadpool(answer, told))
        except (StaleError, CovidxrError, HTTPException) as problem:
            return _failed(problem)

    return answered


def _failed(problem: StaleError | CovidxrError | HTTPException) -> Response:
    if isinstance(problem, RefusedDecisionError):
        remarks = [_remark(each) for each in problem.remarks]
        return JSONResponse({"problem": "It cannot be accepted yet.", "remarks": remarks}, 422)
    if isinstance(problem, HTTPException):
        return _problem(problem.status_code, problem.detail)
    if isinstance(problem, StaleError):
        return _problem(409, _STALE)
    return _problem(400 if isinstance(problem, UsageError) else 500, str(problem))


def _problem(status: int, message: str) -> Response:
    return JSONResponse({"problem": message}, status)


def _unable(_: Request, problem: Exception) -> Response:
    return Response(f"{problem}\n", 500, media_type="text/plain")


def _not_shown(_: Request, problem: Exception) -> Response:
    return Response(f"{problem}\n", 422, media_type="text/plain")


def _text(told: Mapping[str, Any], name: str) -> str:
    value = told.get(name, "")
    if not isinstance(value, str):
        raise UsageError(f"{name} is text")
    return _written(value, name)


def _written(text: str, name: str) -> str:
    """Refuse half a character, which JSON can name and no file can hold."""
    try:
        text.encode()
    except UnicodeEncodeError:
        raise UsageError(f"{name} holds a character that is none") from None
    return text


def _cells(told: Mapping[str, Any]) -> dict[str, str]:
    cells = told.get("cells", {})
    if not isinstance(cells, dict) or not all(isinstance(each, str) for each in cells.values()):
        raise UsageError("cells are texts by column")
    return {name: _written(text, name) for name, text in cells.items()}


def _version(told: Mapping[str, Any]) -> int:
    version = told.get("version")
    if not isinstance(version, int) or isinstance(version, bool):
        raise UsageError("version is a number: that of the sheet that was shown")
    return version


def _verdict(told: Mapping[str, Any]) -> Verdict:
    try:
        return Verdict(_text(told, "verdict"))
    except ValueError as error:
        raise UsageError(f"a verdict is {', '.join(Verdict)}") from error
