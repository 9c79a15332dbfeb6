"""Who may ask the review page for anything, and what every answer tells the browser.

This module owns the door: the address asked for, the page that asks, the token, the session, and
the length of what is sent. It knows nothing of candidates.
"""

from __future__ import annotations

import hmac
import secrets
from typing import TYPE_CHECKING
from urllib.parse import parse_qs

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import cookie_parser
from starlette.responses import PlainTextResponse, RedirectResponse

if TYPE_CHECKING:
    from starlette.responses import Response
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

MOST_SENT = 1_000_000
"""Bytes of the longest request: a form whose every field is full has far fewer."""

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
    "require-trusted-types-for 'script'; trusted-types covidxr"
)
"""Content-Security-Policy: nothing but the package's own files runs, is drawn or is asked.

A candidate's text is anybody's. It is escaped; should that fail one day, this keeps it inert.
Source: W3C, Content Security Policy Level 3; W3C, Trusted Types.
"""

_ALWAYS = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-resource-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "x-frame-options": "DENY",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
}
_USED = (
    "This address opens the page once, and it was used, or it is not the one that was printed.\n"
    "Go back to the window in which it opened; or stop `covidxr review` in the terminal and start "
    "it again for a new address. Nothing that was decided is lost.\n"
)
_NOBODY = "Open the address that `covidxr review` printed in the terminal.\n"


class Guard:
    """Lets in the one browser that holds the token, and nobody else.

    Parameters
    ----------
    app : ASGI application
        What is behind the door.
    port : int
        Where the server listens on 127.0.0.1.
    token : str
        Opens a session once.
    """

    def __init__(self, app: ASGIApp, *, port: int, token: str) -> None:
        self._app = app
        # A name that resolves to 127.0.0.1 for an attacker (DNS rebinding) is none of these.
        self._hosts = {f"127.0.0.1:{port}", f"localhost:{port}"}
        # Cookies do not know ports: two reviews at once must not share one.
        self._cookie = f"covidxr-review-{port}"
        self._token: str | None = token
        self._session = secrets.token_urlsafe(32)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or hand on to the application."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        if scope["type"] != "http":
            # No page of ours opens a WebSocket. 1008: against the policy (RFC 6455, 7.4.1).
            await send({"type": "websocket.close", "code": 1008})
            return
        headers = Headers(scope=scope)
        sender = _with_headers(send)
        refusal = self._stranger(scope, headers) or self._newcomer(scope, headers)
        refusal = refusal or _unfit(scope, headers)
        if refusal is not None:
            await refusal(scope, receive, sender)
            return
        await self._app(scope, _limited(receive), sender)

    def _stranger(self, scope: Scope, headers: Headers) -> Response | None:
        """Turn away what was sent to another name, or by another page."""
        host = headers.get("host", "")
        if len(headers.getlist("host")) != 1 or host not in self._hosts:
            return PlainTextResponse("This server answers to 127.0.0.1 alone.\n", 421)
        if scope["method"] not in {"GET", "HEAD", "POST"}:
            return PlainTextResponse("No such method.\n", 405)
        own = f"http://{host}"
        origins = headers.getlist("origin")
        if any(each != own for each in origins):
            return PlainTextResponse("Another page asked; it has no business here.\n", 403)
        if headers.get("sec-fetch-site", "none") not in {"none", "same-origin"}:
            return PlainTextResponse("Another page asked; it has no business here.\n", 403)
        if scope["method"] == "POST" and not origins:
            return PlainTextResponse("A decision comes from the page itself.\n", 403)
        return None

    def _newcomer(self, scope: Scope, headers: Headers) -> Response | None:
        """Open a session for the token; without either there is nothing to see."""
        session = cookie_parser(headers.get("cookie", "")).get(self._cookie, "")
        known = _same(session, self._session)
        given = parse_qs(scope["query_string"].decode("latin-1")).get("token")
        if scope["method"] == "GET" and scope["path"] == "/" and given:
            if known:
                return RedirectResponse("/", 303)
            if self._token is None or not _same(given[0], self._token):
                return PlainTextResponse(_USED, 403)
            self._token = None
            answer = RedirectResponse("/", 303)
            answer.set_cookie(self._cookie, self._session, httponly=True, samesite="strict")
            return answer
        return None if known else PlainTextResponse(_NOBODY, 403)


def _same(given: str, wanted: str) -> bool:
    return hmac.compare_digest(given.encode(), wanted.encode())


def _unfit(scope: Scope, headers: Headers) -> Response | None:
    """Turn away what no page of ours sends."""
    if scope["method"] != "POST":
        return None
    if headers.get("content-type", "").partition(";")[0].strip() != "application/json":
        return PlainTextResponse("Only JSON is read here.\n", 415)
    length = headers.get("content-length", "")
    if not length.isdigit():
        return PlainTextResponse("Say how long it is.\n", 411)
    if int(length) > MOST_SENT:
        return PlainTextResponse(f"More than {MOST_SENT} bytes are not read.\n", 413)
    return None


def _limited(receive: Receive) -> Receive:
    """Stop reading where more comes than was announced; servers see to that, too."""
    read = 0

    async def limited() -> Message:
        nonlocal read
        message = await receive()
        read += len(message.get("body", b""))
        if read > MOST_SENT:
            return {"type": "http.disconnect"}
        return message

    return limited


def _with_headers(send: Send) -> Send:
    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in _ALWAYS.items():
                headers[name] = value
            headers.setdefault("cache-control", "no-store")
        await send(message)

    return sending
