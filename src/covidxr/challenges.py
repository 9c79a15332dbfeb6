"""Tell a page that asks who is there from the page that was asked for.

This module owns the marks of challenges and sign-in pages. It only recognises them: whoever meets
one stops, and nobody works around it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Mapping

PEEK = 200_000
"""Bytes of a page that are looked at; challenges are small pages."""

# Titles of challenge pages: Cloudflare's of 2019 to 2026, and Eurorad's interstitial of 2025, which
# has nothing but the site's name.
_TITLES = re.compile(
    r"just a moment\b|attention required! \| cloudflare|checking your browser|security check"
    r"|verify(?:ing)? (?:that )?you are (?:a )?human|one moment, please|ddos-guard|captcha\b",
    re.IGNORECASE,
)
_TITLE = re.compile(rb"<title[^>]{0,200}>([^<]{0,300})", re.IGNORECASE)
# What a challenge page says, or holds, and a page about a patient does not. The script that
# Cloudflare puts into ordinary pages is no sign, and so is not here.
_WORDS = (
    (b"your request is being verified", "it says that the request is being verified"),
    (b"checking if the site connection is secure", "it says that the connection is being checked"),
    (b"enable javascript and cookies to continue", "it asks for JavaScript and cookies"),
    (b"cf-browser-verification", "it is a challenge of Cloudflare's"),
    (b"cf_chl_opt", "it is a challenge of Cloudflare's"),
    (b'id="challenge-form"', "it holds a challenge form"),
)
# What stands below a comment's field or beside a sign-in link of an ordinary page, too.
_FORMS = (
    (b'class="g-recaptcha"', "it holds a CAPTCHA"),
    (b'class="h-captcha"', "it holds a CAPTCHA"),
    (b'class="cf-turnstile"', "it holds a CAPTCHA"),
)
# Bytes. A page that tells of such things besides its content is larger; one that has nothing but a
# form is smaller still. The case page whose size is known had 46,024.
_SMALL, _SMALLEST = 40_000, 15_000
_SIGN_IN_PATH = re.compile(r"/(?:users/)?(?:sign_?in|log_?in|login)(?:[/.]|\Z)", re.IGNORECASE)
_PASSWORD = re.compile(rb"<input[^>]{0,500}type=[\"']?password", re.IGNORECASE)


def is_sign_in(url: str) -> bool:
    """Tell whether an address is that of a sign-in page, such as ``/users/sign_in``."""
    return _SIGN_IN_PATH.search(urlsplit(url).path) is not None


def looks_like_html(body: bytes, content_type: str) -> bool:
    """Tell whether an answer is a web page, by its beginning, or by its type where it is empty."""
    start = body[:1024].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith((b"<!doctype html", b"<html", b"<head", b"<body", b"<!--", b"<title")):
        return True
    return content_type.startswith("text/html") and start[:1] in (b"<", b"")


def challenge_in(body: bytes, headers: Mapping[str, str]) -> str:
    """Say why an answer is a challenge or a sign-in page.

    Parameters
    ----------
    body : bytes
        Of any answer, whatever its status.
    headers : mapping of str to str
        Names in any case, if the mapping does not mind.

    Returns
    -------
    str
        A clause for a message; empty where it is neither.
    """
    if headers.get("cf-mitigated", "").lower() == "challenge":
        return "it is a challenge of Cloudflare's"
    if not looks_like_html(body, headers.get("content-type", "").lower()):
        return ""
    page = body[:PEEK]
    found = _TITLE.search(page)
    title = " ".join(found[1].decode("utf-8", "replace").split()) if found else ""
    if _TITLES.search(title):
        return f"its title is {title[:60]!r}"
    return _small_page(page, title) if len(body) < _SMALL else ""


def _small_page(page: bytes, title: str) -> str:
    lowered = page.lower()
    marks = (*_WORDS, *_FORMS) if len(page) < _SMALLEST else _WORDS
    said = next((words for mark, words in marks if mark in lowered), "")
    if said:
        return said
    if re.match(r"(?:sign|log) ?in\b", title, re.IGNORECASE):
        return f"its title is {title[:60]!r}"
    # A page that has content besides may carry a sign-in form at its head.
    return "it asks for a password" if _PASSWORD.search(page) and b"<h1" not in lowered else ""
