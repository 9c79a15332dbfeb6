"""Nobody but the curator's own browser is let in, and nothing of others' runs in the page."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from starlette.responses import PlainTextResponse
from starlette.testclient import TestClient
from starlette.websockets import WebSocketDisconnect

from covidxr.web.guard import MOST_SENT, Guard

if TYPE_CHECKING:
    from starlette.types import Receive, Scope, Send

PORT = 4567
HOST = f"127.0.0.1:{PORT}"
TOKEN = "the-token-of-this-test"  # noqa: S105 - of this test alone


class Behind:
    """What is behind the door; notes who got there."""

    def __init__(self) -> None:
        self.paths: list[str] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.paths.append(scope["path"])
        body = b""
        while True:
            message = await receive()
            body += message.get("body", b"")
            if message["type"] != "http.request" or not message.get("more_body"):
                break
        await PlainTextResponse(f"inside {len(body)}")(scope, receive, send)


@pytest.fixture
def behind() -> Behind:
    return Behind()


@pytest.fixture
def door(behind: Behind) -> TestClient:
    return stranger(Guard(behind, port=PORT, token=TOKEN))


def stranger(guard: Guard) -> TestClient:
    return TestClient(guard, base_url=f"http://{HOST}", follow_redirects=False)


@pytest.fixture
def inside(door: TestClient) -> TestClient:
    assert door.get(f"/?token={TOKEN}").status_code == 303
    return door


def post(client: TestClient, **headers: str) -> int:
    told = {"origin": f"http://{HOST}", "content-type": "application/json"}
    told |= {name.replace("_", "-"): value for name, value in headers.items()}
    return client.post("/decide", content=b"{}", headers=told).status_code


def test_the_token_opens_a_session_that_scripts_and_other_sites_cannot_use(
    door: TestClient, behind: Behind
) -> None:
    answer = door.get(f"/?token={TOKEN}")
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    cookie = answer.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=strict" in cookie
    assert TOKEN not in cookie
    assert door.get("/").text == "inside 0"
    assert behind.paths == ["/"]


def test_the_token_opens_once(behind: Behind) -> None:
    guard = Guard(behind, port=PORT, token=TOKEN)
    assert stranger(guard).get(f"/?token={TOKEN}").status_code == 303
    second = stranger(guard)
    answer = second.get(f"/?token={TOKEN}")
    assert answer.status_code == 403
    assert "opens the page once" in answer.text
    assert second.get("/").status_code == 403
    assert behind.paths == []


def test_whoever_is_in_may_open_the_address_again(inside: TestClient) -> None:
    assert inside.get(f"/?token={TOKEN}").status_code == 303


@pytest.mark.parametrize(
    "path",
    ["/", "/?token=", "/?token=wrong", "/queue", "/static/review.js", "/image/a/b/c.png"],
)
def test_without_the_token_nothing_is_answered(path: str, door: TestClient, behind: Behind) -> None:
    assert door.get(path).status_code == 403
    assert behind.paths == []


def test_a_guessed_session_is_no_session(door: TestClient, behind: Behind) -> None:
    door.cookies.set(f"covidxr-review-{PORT}", "guessed")
    assert door.get("/").status_code == 403
    assert behind.paths == []


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        f"evil.example:{PORT}",
        "127.0.0.1",
        "127.0.0.1:80",
        f"0.0.0.0:{PORT}",
        "",
        f"127.0.0.1:{PORT}.evil.example",
    ],
)
def test_a_name_that_was_bound_to_this_machine_is_refused(
    host: str, inside: TestClient, behind: Behind
) -> None:
    assert inside.get("/queue", headers={"host": host}).status_code == 421
    assert behind.paths == []


def test_localhost_is_this_machine(inside: TestClient) -> None:
    assert inside.get("/queue", headers={"host": f"localhost:{PORT}"}).status_code == 200


@pytest.mark.parametrize(
    "origin",
    [
        "https://evil.example",
        "null",
        f"https://{HOST}",
        "http://127.0.0.1:80",
        "",
        f"http://localhost:{PORT}",
    ],
)
def test_a_decision_of_another_page_is_refused(
    origin: str, inside: TestClient, behind: Behind
) -> None:
    assert post(inside, origin=origin) == 403
    assert behind.paths == []


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_another_page_reads_nothing(site: str, inside: TestClient, behind: Behind) -> None:
    assert inside.get("/queue", headers={"sec-fetch-site": site}).status_code == 403
    assert behind.paths == []


def test_a_decision_without_an_origin_is_refused(inside: TestClient) -> None:
    answer = inside.post("/decide", json={})
    assert answer.status_code == 403


def test_the_page_itself_decides(inside: TestClient, behind: Behind) -> None:
    assert post(inside) == 200
    assert post(inside, sec_fetch_site="same-origin") == 200
    assert behind.paths == ["/decide", "/decide"]


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", ""])
def test_what_a_form_of_another_site_could_send_is_not_read(kind: str, inside: TestClient) -> None:
    assert post(inside, content_type=kind) == 415


def test_a_long_request_is_not_read(inside: TestClient, behind: Behind) -> None:
    assert post(inside, content_length=str(MOST_SENT + 1)) == 413
    assert post(inside, content_length="many") == 411
    assert behind.paths == []


def test_a_request_that_is_longer_than_it_said_is_cut_off(inside: TestClient) -> None:
    answer = inside.post(
        "/decide",
        content=b"x" * (MOST_SENT + 10),
        headers={
            "origin": f"http://{HOST}",
            "content-type": "application/json",
            "content-length": "10",
        },
    )
    assert answer.text == "inside 0"


@pytest.mark.parametrize("method", ["PUT", "DELETE", "OPTIONS", "TRACE"])
def test_other_methods_are_refused(method: str, inside: TestClient, behind: Behind) -> None:
    assert inside.request(method, "/queue").status_code == 405
    assert behind.paths == []


@pytest.mark.parametrize("path", ["/queue", "/?token=wrong"])
def test_every_answer_forbids_what_is_not_the_packages_own(path: str, inside: TestClient) -> None:
    headers = inside.get(path).headers
    policy = dict(
        part.strip().partition(" ")[::2] for part in headers["content-security-policy"].split(";")
    )
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == policy["img-src"] == "'self'"
    assert policy["frame-ancestors"] == policy["base-uri"] == "'none'"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["cache-control"] == "no-store"


def test_a_web_socket_is_not_answered(inside: TestClient, behind: Behind) -> None:
    with pytest.raises(WebSocketDisconnect), inside.websocket_connect("/queue"):
        pass
    assert behind.paths == []
