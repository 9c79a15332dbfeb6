"""Challenges and sign-in pages are told from pages, and ordinary pages are not taken for them."""

from __future__ import annotations

import pytest

from covidxr.challenges import challenge_in, is_sign_in, looks_like_html

CHALLENGES = {
    "a title": (b"<html><title>Just a moment...</title><body></body>", "Just a moment"),
    "another": (b"<TITLE>Attention Required! | Cloudflare</TITLE>", "Attention Required"),
    "words": (
        b"<!DOCTYPE html><title>a.org</title><p>Please wait while your request is being verified",
        "verified",
    ),
    "a form": (b'<html><body><form id="challenge-form"></form>', "challenge form"),
    "a captcha": (b'<html><body><div class="g-recaptcha"></div>', "CAPTCHA"),
    "a sign-in page": (b"<html><title>Sign in | Site</title><body>", "Sign in"),
    "a password": (b"<html><body><input type=password name=p>", "password"),
    "javascript": (
        b"<html><noscript>Enable JavaScript and cookies to continue</noscript>",
        "JavaScript",
    ),
}

ORDINARY = {
    "a case": b"<html><title>Just pneumonia | Site</title><h1>Case</h1>",
    "a case with a sign-in form at its head": b"<html><h1>Case</h1><input type='password'>",
    "a case with an edge script": b"<html><h1>x</h1><script src='/cdn-cgi/challenge-platform/jsd'>",
    "a case with a CAPTCHA below its comments": b"<html><h1>x</h1>"
    + b"<p>text</p>" * 2000
    + b'<div class="g-recaptcha">',
    "an unpublished page": b"<html><title>Access denied | Site</title><body>You are not allowed.",
    "a page that tells of one": b"<html><h1>x</h1>"
    + b"<p>text</p>" * 5000
    + b"your request is being verified",
    "json": b'{"title": "Just a moment..."}',
    "a picture": b"\x89PNG\r\n\x1a\n<title>Just a moment...</title>",
    "nothing": b"",
}


@pytest.mark.parametrize(("body", "words"), CHALLENGES.values(), ids=CHALLENGES)
def test_a_challenge_is_told_with_what_was_seen(body: bytes, words: str) -> None:
    assert words in challenge_in(body, {"content-type": "text/html"})


@pytest.mark.parametrize("body", ORDINARY.values(), ids=ORDINARY)
def test_an_ordinary_answer_is_no_challenge(body: bytes) -> None:
    assert challenge_in(body, {"content-type": ""}) == ""


def test_a_header_is_enough() -> None:
    assert "Cloudflare" in challenge_in(b"", {"cf-mitigated": "challenge"})


def test_marks_do_not_make_a_large_page_slow() -> None:
    assert challenge_in(b"<html><title" + b" " * 3_000_000, {}) == ""


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://x.org/users/sign_in", True),
        ("https://x.org/users/sign_in?return_to=/cases/1", True),
        ("https://x.org/login", True),
        ("https://x.org/cases/signing-in-pneumonia", False),
        ("https://x.org/cases/login-sign", False),
        ("https://x.org/cases/1?next=/login", False),
    ],
)
def test_a_sign_in_page_is_told_by_its_path(url: str, *, expected: bool) -> None:
    assert is_sign_in(url) is expected


def test_html_is_told_by_its_beginning_whatever_its_type() -> None:
    assert looks_like_html(b"\xef\xbb\xbf\n<!DOCTYPE html>", "image/png")
    assert looks_like_html(b"<div>", "text/html; charset=utf-8")
    assert not looks_like_html(b"<div>", "image/svg+xml")
    assert not looks_like_html(b"\xff\xd8\xff\xe0", "text/html")
