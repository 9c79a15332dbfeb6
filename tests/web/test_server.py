"""What the review page's server answers, to the page itself and to anything else."""

from __future__ import annotations

import csv
import html
import io
import json
import re
from concurrent.futures import Executor, Future
from typing import TYPE_CHECKING, Any

import pytest
from starlette.testclient import TestClient
from tests import build, candidates
from tests.clock import FakeClock
from tests.web.test_pictures import png_that_claims

from covidxr.columns import HEADER
from covidxr.comparing import Comparing
from covidxr.review import Options, Review
from covidxr.web.guard import Guard
from covidxr.web.server import application

if TYPE_CHECKING:
    from pathlib import Path

PORT = 4568
ORIGIN = f"http://127.0.0.1:{PORT}"
GOOD = {"finding": "Pneumonia/Viral/COVID-19", "view": "PA"}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "images").mkdir()
    rows = build.rows({"patientid": "7"}, {"patientid": "9"})
    for number, row in enumerate(rows):
        (tmp_path / "images" / row["filename"]).write_bytes(candidates.picture(90 + number))
    (tmp_path / "metadata.csv").write_text(build.csv_text(rows))
    return tmp_path


@pytest.fixture
def page(root: Path) -> TestClient:
    return opened(root)


class AtOnce(Executor):
    """Work is done where it is asked for."""

    def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Any:
        fn(*args, **kwargs)
        return Future()


def opened(root: Path) -> TestClient:
    review = Review(Options(root=root, clock=FakeClock(), by="A. Curator"))
    comparing = Comparing(review.material(), AtOnce())
    comparing.start()
    guard = Guard(application(review, comparing), port=PORT, token="t")  # noqa: S106
    client = TestClient(guard, base_url=ORIGIN)
    assert client.get("/?token=t", follow_redirects=False).status_code == 303
    return client


def post(page: TestClient, path: str, told: object) -> Any:
    # As escapes: JSON can name what UTF-8 cannot hold.
    headers = {"origin": ORIGIN, "content-type": "application/json"}
    return page.post(path, content=json.dumps(told), headers=headers)


def version(page: TestClient, id_: str) -> int:
    found = re.search(r'data-version="(\d+)"', page.get(f"/review/{id_}").text)
    assert found is not None
    return int(found[1])


def decide(page: TestClient, id_: str, verdict: str, **told: object) -> Any:
    known = {"id": id_, "verdict": verdict, "version": version(page, id_)}
    return post(page, "/decide", {**known, **told})


def rows(root: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO((root / "metadata.csv").read_text())))


def test_the_first_page_is_the_first_image_that_waits(page: TestClient, root: Path) -> None:
    first, second = candidates.keep(root, candidates.case(5, images=2))
    assert str(page.get("/").url).endswith(f"/review/{first}")
    assert decide(page, first, "defer").json()["id"] == second
    assert str(page.get("/").url).endswith(f"/review/{second}")


def test_the_form_has_a_labelled_field_for_every_column(page: TestClient, root: Path) -> None:
    (id_,) = candidates.keep(root, candidates.case(5))
    text = page.get(f"/review/{id_}").text
    for name in HEADER:
        assert f'<label for="field-{name}">' in text
        assert re.search(rf'id="field-{name}" name="{name}" aria-describedby="[^"]*help-', text)
    assert '<option value="AP Supine">' in text
    assert ">Invented pneumonia 5<" in text


def test_words_that_a_suggestion_rests_on_are_marked(page: TestClient, root: Path) -> None:
    (id_,) = candidates.keep(root, candidates.case(5))
    text = page.get(f"/review/{id_}").text
    marks = re.findall(r'<mark data-proposals="(\d)">([^<]*)<', text)
    assert ("3", "PA radiograph") in marks
    assert re.search(r'data-for="view" data-value="PA" data-number="3"', text)


def test_accepting_writes_the_row_and_shows_the_next(page: TestClient, root: Path) -> None:
    first, second = candidates.keep(root, candidates.case(5, images=2))
    answer = decide(page, first, "accept", cells=GOOD).json()
    assert answer["said"].startswith("Accepted: eurorad 5, image 1, as eurorad-5-1.png, patient 10")
    assert answer["id"] == second
    assert answer["progress"] == {"waiting": 1, "total": 2}
    assert 'value="10"' in answer["html"], "one case is one patient"
    assert rows(root)[-1]["filename"] == "eurorad-5-1.png"
    last = decide(page, second, "reject", reason="duplicate").json()
    assert last["go"] == "/end"
    assert "1 accepted, 1 rejected" in page.get("/end").text


def test_what_keeps_an_image_out_is_said_by_field(page: TestClient, root: Path) -> None:
    (id_,) = candidates.keep(root, candidates.case(5))
    before = (root / "metadata.csv").read_bytes()
    answer = decide(page, id_, "accept", cells={"age": "200", "view": "PA"})
    assert answer.status_code == 422
    assert {each["field"] for each in answer.json()["remarks"]} == {"age", "finding"}
    assert (root / "metadata.csv").read_bytes() == before


def test_what_is_typed_is_kept_and_judged_at_once(page: TestClient, root: Path) -> None:
    (id_,) = candidates.keep(root, candidates.case(5))
    told = {"id": id_, "version": version(page, id_), "cells": {"age": "200"}}
    answer = post(page, "/edit", told).json()
    assert answer["remarks"]["age"][0]["blocking"] is True
    told = {"id": id_, "version": answer["version"], "cells": {"age": "41", **GOOD}}
    answer = post(page, "/edit", told).json()
    assert not any(each["blocking"] for said in answer["remarks"].values() for each in said)
    again = opened(root)
    assert 'id="field-age" name="age"' in again.get(f"/review/{id_}").text
    assert 'value="41"' in again.get(f"/review/{id_}").text


def test_two_windows_do_not_overwrite_each_other(page: TestClient, root: Path) -> None:
    (id_,) = candidates.keep(root, candidates.case(5))
    seen = version(page, id_)
    post(page, "/edit", {"id": id_, "version": seen, "cells": {"age": "41"}})
    for path, told in (("/edit", {"cells": {"age": "42"}}), ("/decide", {"verdict": "defer"})):
        late = post(page, path, {"id": id_, "version": seen, **told})
        assert late.status_code == 409
        assert "changed in another window" in late.json()["problem"]
    assert 'value="41"' in page.get(f"/review/{id_}").text


def test_rejecting_needs_a_reason(page: TestClient, root: Path) -> None:
    (id_,) = candidates.keep(root, candidates.case(5))
    answer = decide(page, id_, "reject", reason="  ")
    assert (answer.status_code, answer.json()["problem"]) == (400, "Say why it is rejected.")
    assert not (root / "provenance.csv").exists()


def test_undo_shows_the_image_again(page: TestClient, root: Path) -> None:
    (id_,) = candidates.keep(root, candidates.case(5))
    before = (root / "metadata.csv").read_bytes()
    decide(page, id_, "accept", cells=GOOD)
    answer = post(page, "/undo", {}).json()
    assert answer["id"] == id_
    assert answer["said"].startswith("Taken back. Waiting again")
    assert (root / "metadata.csv").read_bytes() == before
    assert post(page, "/undo", {}).status_code == 400


@pytest.mark.parametrize(
    "told",
    [
        [],
        "text",
        {},
        {"id": 5},
        {"id": "x/y/z", "version": 0, "verdict": "accept"},
        {"id": "x/y/z", "version": "0", "verdict": "accept"},
        {"id": "x/y/z", "version": True, "verdict": "accept"},
        {"id": "x/y/z", "version": 0, "verdict": "perhaps"},
        {"id": "x/y/z", "version": 0, "verdict": "accept", "cells": {"age": 5}},
        {"id": "x/y/z", "version": 0, "verdict": "accept", "cells": ["age"]},
        {"id": "x/y/z", "version": 0, "verdict": "reject", "reason": ["a"]},
    ],
)
def test_odd_requests_are_refused_with_words(told: object, page: TestClient, root: Path) -> None:
    candidates.keep(root, candidates.case(5))
    answer = post(page, "/decide", told)
    assert answer.status_code == 400
    assert answer.json()["problem"]


def test_what_is_no_json_is_refused(page: TestClient) -> None:
    headers = {"origin": ORIGIN, "content-type": "application/json"}
    assert page.post("/edit", content=b"\xff{", headers=headers).status_code == 400


def test_a_field_that_is_no_column_is_refused(page: TestClient, root: Path) -> None:
    (id_,) = candidates.keep(root, candidates.case(5))
    answer = post(page, "/edit", {"id": id_, "version": 0, "cells": {"aeg": "5"}})
    assert (answer.status_code, "did you mean age" in answer.json()["problem"]) == (400, True)


def test_half_a_character_is_refused_and_blocks_nothing(page: TestClient, root: Path) -> None:
    (id_,) = candidates.keep(root, candidates.case(5))
    for told in ({"cells": {"location": "\ud800x"}}, {"cells": {}, "id": "\ud800"}):
        answer = post(page, "/edit", {"id": id_, "version": 0, **told})
        assert answer.status_code == 400
    assert decide(page, id_, "reject", reason="\udfff").status_code == 400
    assert page.get(f"/review/{id_}").status_code == 200


def test_a_record_with_half_a_character_is_damaged(page: TestClient, root: Path) -> None:
    candidates.keep(root, candidates.case(5))
    file = root / ".covidxr" / "candidates" / "eurorad" / "5" / "case.json"
    file.write_text(file.read_text().replace("Invented pneumonia", "\\ud800 pneumonia"))
    assert "eurorad/5" in page.get("/queue").text
    assert page.get("/", follow_redirects=True).status_code == 200


@pytest.mark.parametrize(
    "url",
    [
        *("http://127.0.0.1:1/", "http://localhost:1/", "http://x.localhost/", "http://[::1]/"),
        *("http://127.1/", "http://10.0.0.1/", "http://0x7f.1/", "http://host/", "ftp://a.org/"),
    ],
)
def test_no_link_leads_to_this_machine_where_the_session_would_be_shown(
    url: str, page: TestClient, root: Path
) -> None:
    (id_,) = candidates.keep(root, candidates.case(5, url=url))
    text = page.get(f"/review/{id_}").text
    assert f'href="{url}' not in text
    (other,) = candidates.keep(root, candidates.case(6))
    assert 'href="https://www.eurorad.org/case/6"' in page.get(f"/review/{other}").text


# -- pictures --------------------------------------------------------------------------------


def test_the_image_is_the_very_file(page: TestClient, root: Path) -> None:
    (id_,) = candidates.keep(root, candidates.case(5), [candidates.picture(5)])
    answer = page.get(f"/image/{id_}")
    assert (answer.content, answer.headers["content-type"]) == (candidates.picture(5), "image/png")
    assert page.get(f"/thumbnail/{id_}").headers["content-type"] == "image/jpeg"
    assert "max-age" in answer.headers["cache-control"]


@pytest.mark.parametrize("route", ["image", "thumbnail", "kept", "kept-thumbnail"])
@pytest.mark.parametrize(
    "path",
    [
        "../metadata.csv",
        "..%2Fmetadata.csv",
        "%2e%2e/%2e%2e/metadata.csv",
        "images/../metadata.csv",
        "images/..%2f..%2fmetadata.csv",
        "/etc/passwd",
        "%2fetc%2fpasswd",
        "..\\metadata.csv",
        "metadata.csv",
        "images/%00",
        "eurorad/5/../../../../metadata.csv",
        "eurorad/5/case.json",
        "images",
        "",
    ],
)
def test_no_address_leads_out_of_the_pictures(
    route: str, path: str, page: TestClient, root: Path
) -> None:
    candidates.keep(root, candidates.case(5))
    answer = page.get(f"/{route}/{path}", follow_redirects=False)
    assert answer.status_code == 404
    assert b"patientid" not in answer.content


def test_a_link_to_something_else_shows_nothing_of_it(page: TestClient, root: Path) -> None:
    # Links are a curator's own way to keep large files elsewhere; but only a picture is ever sent.
    (root / "images" / "link.png").symlink_to(root / "metadata.csv")
    for route in ("kept", "kept-thumbnail"):
        answer = page.get(f"/{route}/images/link.png")
        assert answer.status_code == 422
        assert b"patientid" not in answer.content
    (root / "secret.png").write_bytes(candidates.picture(3))
    assert page.get("/kept/secret.png").status_code == 404


def test_a_collections_own_image_is_shown(page: TestClient, root: Path) -> None:
    answer = page.get("/kept/images/image-1.png")
    assert answer.content == candidates.picture(90)
    assert page.get("/kept-thumbnail/images/image-1.png").status_code == 200


def test_a_picture_of_200_megapixels_says_so_and_is_not_sent(page: TestClient, root: Path) -> None:
    (id_,) = candidates.keep(root, candidates.case(5))
    # The record says that it is small; the file says otherwise.
    file = next((root / ".covidxr" / "candidates").rglob("*.png"))
    file.write_bytes(png_that_claims(20_000, 10_000))
    for route in ("image", "thumbnail"):
        answer = page.get(f"/{route}/{id_}")
        assert (answer.status_code, "200 megapixels" in answer.text) == (422, True)
        assert answer.headers["content-type"].startswith("text/plain")
    assert page.get(f"/review/{id_}").status_code == 200


# -- what looks alike ------------------------------------------------------------------------


def test_a_duplicate_stands_beside_the_image_with_its_row(page: TestClient, root: Path) -> None:
    smaller = candidates.picture(90, size=(200, 188), form="JPEG")
    (id_,) = candidates.keep(root, candidates.case(5), [smaller])
    told = page.get(f"/alike/{id_}").json()
    assert told["complete"] is True
    assert re.search(r"\d+ % alike, \d+ of 256 bits differ: images/image-1.png", told["html"])
    assert 'data-compare="/kept/images/image-1.png"' in told["html"]
    assert "Line 2: images/image-1.png" in told["html"]
    assert "image-2.png" not in told["html"]


def test_the_same_file_and_other_candidates_are_named(page: TestClient, root: Path) -> None:
    (first,) = candidates.keep(root, candidates.case(5), [candidates.picture(90)])
    (second,) = candidates.keep(root, candidates.case(6), [candidates.picture(50)])
    (third,) = candidates.keep(root, candidates.case(7), [candidates.picture(50, form="BMP")])
    assert "The very same file: images/image-1.png" in page.get(f"/alike/{first}").json()["html"]
    found = page.get(f"/alike/{second}").json()["html"]
    assert f"The same pixels: {third}" in found
    assert "Another candidate, waiting" in found
    assert page.get("/alike/eurorad/9/none.png").status_code == 404


def test_the_own_file_of_an_accepted_image_is_no_duplicate(page: TestClient, root: Path) -> None:
    (id_,) = candidates.keep(root, candidates.case(5))
    assert decide(page, id_, "accept", cells=GOOD).json()["go"] == "/end"
    assert "Nothing among 4 images" in page.get(f"/alike/{id_}").json()["html"]


# -- texts of others -------------------------------------------------------------------------

HOSTILE = (
    '<script>alert(1)</script><img src=x onerror=alert(2)>"><svg onload=alert(3)>'
    "'};alert(4)//</textarea></title>{{7*7}}{% raw %}"
)


def test_the_texts_of_candidates_are_inert(page: TestClient, root: Path) -> None:
    case = candidates.case(
        5,
        title=HOSTILE,
        history=HOSTILE,
        diagnosis=HOSTILE,
        credit=HOSTILE,
        url="javascript:alert(5)",
        sex=HOSTILE,
        age=HOSTILE,
    )
    (id_,) = candidates.keep(root, case)
    for text in (page.get(f"/review/{id_}").text, page.get("/queue").text):
        assert html.escape(HOSTILE) in text.replace("&#34;", "&quot;").replace("&#39;", "&#x27;")
        assert not re.search(r"<script(?! type=\"module\" src=\"/static/)", text)
        assert "<img src=x" not in text
        assert "<svg onload" not in text
        assert "49" not in re.findall(r"<h1[^>]*>(.*?)</h1>", text)
        assert not re.search(r'(?:href|src)="\s*javascript:', text, re.IGNORECASE)


def test_a_hostile_reason_is_inert_on_the_next_page(page: TestClient, root: Path) -> None:
    (id_,) = candidates.keep(root, candidates.case(5))
    decide(page, id_, "reject", reason=HOSTILE)
    for path in (f"/review/{id_}", "/queue"):
        assert "<img src=x" not in page.get(path).text


def test_nothing_of_the_page_comes_from_elsewhere(page: TestClient, root: Path) -> None:
    (id_,) = candidates.keep(root, candidates.case(5))
    text = page.get(f"/review/{id_}").text
    loaded = re.findall(r'<(?:script|img|link)[^>]*?(?:src|href)="([^"]+)"', text)
    assert loaded
    assert all(each.startswith("/") and not each.startswith("//") for each in loaded)
    for name in ("review.js", "viewer.js", "form.js", "review.css", "icon.svg"):
        answer = page.get(f"/static/{name}")
        assert answer.status_code == 200
        assert not re.findall(r"https?://(?!www\.w3\.org/2000/svg)", answer.text)
    assert page.get("/static/review.js").headers["content-type"].startswith("text/javascript")


@pytest.mark.parametrize("path", ["/static/../server.py", "/static/..%2fserver.py", "/nothing"])
def test_there_is_nothing_else(path: str, page: TestClient) -> None:
    assert page.get(path).status_code == 404


def test_damaged_books_are_told_with_words(page: TestClient, root: Path) -> None:
    candidates.keep(root, candidates.case(5))
    (root / "provenance.csv").write_bytes(b"filename,sha256\n1,2\n")
    answer = page.get("/queue")
    assert answer.status_code == 500
    assert "provenance.csv" in answer.text
