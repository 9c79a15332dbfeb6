"""The review page in a browser: keyboard, live errors, undo, reloads, two windows."""

from __future__ import annotations

import csv
import datetime as dt
import io
from typing import TYPE_CHECKING, Any

import pytest
from tests import build, candidates
from tests.web import driving
from tests.web.test_pictures import png_that_claims

from covidxr.cli.app import main
from covidxr.validate import Options, validate

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, BrowserContext, Page

# Of two figures each, so that the order of their names is that of their numbers.
CASES = range(11, 21)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        started = driving.launched(playwright)
        yield started
        started.close()


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    made = driving.windows(browser)
    yield made
    made.close()


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "images").mkdir()
    rows = build.rows({"patientid": "7"}, {"patientid": "9"})
    for number, row in enumerate(rows):
        (tmp_path / "images" / row["filename"]).write_bytes(candidates.picture(90 + number))
    (tmp_path / "metadata.csv").write_text(build.csv_text(rows))
    return tmp_path


@pytest.fixture
def page(root: Path, context: BrowserContext) -> Iterator[Page]:
    """The first of ten candidates."""
    for number in CASES:
        candidates.keep(root, candidates.case(number), [candidates.picture(number)])
    with driving.serving(root) as address:
        yield driving.opened(context, address)


def rows(root: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO((root / "metadata.csv").read_text())))


def title(page: Page) -> str:
    return page.inner_text("h1")


def reaches(page: Page, what: str) -> None:
    """Wait until the image of that title is shown."""
    page.wait_for_function("title => document.querySelector('h1').textContent === title", arg=what)


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def test_ten_candidates_are_reviewed_by_keyboard(page: Page, root: Path) -> None:
    assert title(page) == "Invented pneumonia 11"
    # Wrongly, then rightly.
    page.focus("#field-age")
    press(page, "Control+a")
    page.keyboard.type("200")
    page.wait_for_selector("#remarks-age .wrong")
    assert page.get_attribute("#field-age", "aria-invalid") == "true"
    press(page, "Escape", "a")
    page.wait_for_selector("#remarks-finding .wrong")
    page.wait_for_function("() => document.activeElement.id === 'field-age'")
    assert title(page) == "Invented pneumonia 11"
    press(page, "Control+a")
    page.keyboard.type("41")
    page.wait_for_selector("#remarks-age .wrong", state="detached")
    # Suggestions 1 to 3 are offset, finding and view.
    press(page, "Escape", "1", "2", "3")
    page.wait_for_selector(".verdict-state.ready")
    assert page.input_value("#field-view") == "PA"
    press(page, "a")
    reaches(page, "Invented pneumonia 12")
    assert "Accepted: eurorad 11, image 1, as eurorad-11-1.png" in page.inner_text("#status")
    assert len(rows(root)) == 3
    # Rejected for the first reason of the list.
    press(page, "r")
    page.wait_for_selector("#why[open]")
    press(page, "1")
    reaches(page, "Invented pneumonia 13")
    # Put aside without one.
    press(page, "d")
    page.wait_for_selector("#why[open]")
    press(page, "Enter")
    reaches(page, "Invented pneumonia 14")
    # Rejected, taken back, accepted.
    press(page, "r")
    page.keyboard.type("a montage")
    press(page, "Enter")
    reaches(page, "Invented pneumonia 15")
    press(page, "u")
    reaches(page, "Invented pneumonia 14")
    assert page.inner_text("#status").startswith("Taken back")
    for number in CASES[3:]:
        reaches(page, f"Invented pneumonia {number}")
        press(page, "1", "2", "3", "a")
    page.wait_for_url("**/end")
    assert "8 accepted, 1 rejected, 1 put aside, of 10 images" in page.inner_text("main")
    assert [row["filename"] for row in rows(root)[2:]] == [
        f"eurorad-{number}-1.png" for number in (CASES[0], *CASES[3:])
    ]
    assert {row["offset"] for row in rows(root)[2:]} == {"3"}
    ledger = (root / "provenance.csv").read_text()
    assert "duplicate of an image that is here" in ledger
    assert "a montage" not in ledger
    report = validate(Options(root=root, today=dt.date(2026, 1, 1))).report
    assert [each for each in report.diagnostics if each.severity == "error"] == []


def test_a_dialog_that_is_left_decides_nothing(page: Page, root: Path) -> None:
    press(page, "r")
    page.wait_for_selector("#why[open]")
    press(page, "Escape")
    page.wait_for_selector("#why[open]", state="detached")
    press(page, "r")
    page.click("#why-cancel")
    page.wait_for_selector("#why[open]", state="detached")
    assert title(page) == "Invented pneumonia 11"
    assert not (root / "provenance.csv").exists()


def test_what_was_typed_survives_a_reload(page: Page) -> None:
    press(page, "n")
    reaches(page, "Invented pneumonia 12")
    page.fill("#field-location", "Verona, Italy")
    page.reload()
    assert title(page) == "Invented pneumonia 12"
    assert page.input_value("#field-location") == "Verona, Italy"


def test_what_was_typed_survives_going_on_at_once(page: Page) -> None:
    page.fill("#field-location", "Verona, Italy")
    press(page, "Escape", "n")
    reaches(page, "Invented pneumonia 12")
    press(page, "p")
    reaches(page, "Invented pneumonia 11")
    assert page.input_value("#field-location") == "Verona, Italy"


def test_two_windows_at_once_do_not_overwrite_each_other(
    page: Page, context: BrowserContext, root: Path
) -> None:
    other = driving.opened(context, page.url)
    press(other, "r")
    press(other, "2")
    reaches(other, "Invented pneumonia 12")
    # The first window does not know; what it says is refused, and it says so.
    press(page, "d")
    page.wait_for_selector("#why[open]")
    press(page, "Enter")
    page.wait_for_selector("#banner:not([hidden])")
    assert "changed in another window" in page.inner_text("#banner")
    assert (root / "provenance.csv").read_text().count("\n") == 2
    page.click("#banner a")
    page.wait_for_selector(".decided")
    assert "not a chest X-ray or CT" in page.inner_text(".decided")
    # Undo in the second window gives the image back to both.
    press(other, "u")
    reaches(other, "Invented pneumonia 11")
    page.reload()
    assert page.inner_text(".state") == "waiting"


def test_what_another_window_kept_is_not_overwritten_by_a_reload(
    page: Page, context: BrowserContext
) -> None:
    other = driving.opened(context, page.url)
    other.fill("#field-age", "50")
    other.wait_for_function("() => sessionStorage.length === 0")
    page.fill("#field-age", "60")
    page.wait_for_selector("#banner:not([hidden])")
    page.click("#banner a")
    # The page says so only once its script has compared what was typed: the cell
    # reads 50 and the (hidden) banner stands there before that.
    page.wait_for_function("() => document.getElementById('field-age').value === '50'")
    page.wait_for_selector("#banner:not([hidden])")
    assert 'Not kept: age "60"' in page.inner_text("#banner")


def test_a_long_text_and_a_reason_are_kept(page: Page) -> None:
    page.fill("#field-clinical_notes", "x" * 70_000)
    page.fill("#reason", "looks odd")
    page.wait_for_function(
        "() => !sessionStorage.getItem(Object.keys(sessionStorage).find("
        "each => each.startsWith('unsaved')) ?? '')"
    )
    press(page, "Escape", "n")
    reaches(page, "Invented pneumonia 12")
    press(page, "p")
    reaches(page, "Invented pneumonia 11")
    assert len(page.input_value("#field-clinical_notes")) == 70_000
    assert page.input_value("#reason") == "looks odd"


def test_the_skip_link_leads_to_the_image_and_loads_nothing_again(page: Page) -> None:
    page.evaluate("() => { window.same = true; }")
    press(page, "Tab")
    press(page, "Enter")
    page.wait_for_function("() => document.activeElement.id === 'part'")
    assert page.evaluate("() => window.same") is True


def test_a_server_that_ended_is_named(root: Path, context: BrowserContext) -> None:
    candidates.keep(root, candidates.case(1))
    with driving.serving(root) as address:
        page = driving.opened(context, address)
    press(page, "d")
    press(page, "Enter")
    page.wait_for_selector("#banner:not([hidden])")
    assert "Start `covidxr review` again" in page.inner_text("#banner")


def test_keys_are_shown_and_single_letters_can_be_switched_off(page: Page) -> None:
    press(page, "?")
    page.wait_for_selector("#keys[open]")
    assert "reject, with a reason" in page.inner_text("#keys")
    page.uncheck("#single-keys")
    press(page, "Escape")
    press(page, "n", "d")
    assert page.query_selector("#why[open]") is None
    assert title(page) == "Invented pneumonia 11"
    page.reload()
    press(page, "n")
    press(page, "?")
    page.check("#single-keys")
    press(page, "Escape", "n")
    reaches(page, "Invented pneumonia 12")


def test_letters_in_a_field_are_text(page: Page) -> None:
    page.focus("#reason")
    page.keyboard.type("drain ?")
    assert page.input_value("#reason") == "drain ?"
    assert title(page) == "Invented pneumonia 11"


def test_everything_can_be_reached_with_tab(page: Page) -> None:
    reached = set()
    for _ in range(120):
        press(page, "Tab")
        reached.add(page.evaluate("document.activeElement.id || document.activeElement.className"))
    assert {"undo", "help", "stage", "field-finding", "field-view", "reason", "accept"} <= reached


def test_words_light_up_while_their_suggestion_is_looked_at(page: Page) -> None:
    page.focus(".proposal[data-for=view]")
    assert page.eval_on_selector_all(
        "mark.lit", "marks => marks.map(each => each.firstChild.textContent)"
    ) == ["PA radiograph"]
    press(page, "Tab")
    assert "PA radiograph" not in page.eval_on_selector_all(
        "mark.lit", "marks => marks.map(each => each.firstChild.textContent)"
    )


# -- the image -------------------------------------------------------------------------------


def transform(page: Page) -> tuple[float, float, float]:
    """How the image is drawn: scale, left, top."""
    page.wait_for_function("() => document.querySelector('.picture').style.transform !== ''")
    found: Any = page.evaluate(
        """() => { const m = new DOMMatrix(getComputedStyle(document.querySelector('.picture'))
        .transform); return [m.a, m.e, m.f]; }"""
    )
    return tuple(found)


def test_the_image_fits_zooms_and_pans(page: Page) -> None:
    scale, left, top = transform(page)
    stage = page.eval_on_selector(".pane", "each => [each.clientWidth, each.clientHeight]")
    assert scale == pytest.approx(min(stage[0] / 320, stage[1] / 300), rel=0.01)
    press(page, "+", "+")
    assert transform(page)[0] == pytest.approx(scale * 1.25**2, rel=0.01)
    press(page, "v", "ArrowRight", "ArrowDown")
    moved = transform(page)
    press(page, "ArrowLeft", "ArrowUp")
    assert [a - b for a, b in zip(transform(page), moved, strict=True)] == pytest.approx(
        [0, 40, 40]
    )
    press(page, "0")
    assert transform(page) == pytest.approx((scale, left, top))


def test_the_wheel_zooms_where_the_pointer_is(page: Page) -> None:
    transform(page)
    box = page.locator(".pane").first.bounding_box()
    assert box is not None
    at = (box["x"] + box["width"] * 0.6, box["y"] + box["height"] * 0.6)
    point = (
        "([x, y]) => { const b = document.querySelector('.picture').getBoundingClientRect();"
        " return [(x - b.left) / b.width, (y - b.top) / b.height]; }"
    )
    before: Any = page.evaluate(point, list(at))
    page.mouse.move(*at)
    page.mouse.wheel(0, -300)
    page.wait_for_function("() => parseInt(document.querySelector('.scale').textContent) > 250")
    assert page.evaluate(point, list(at)) == pytest.approx(before, abs=0.005)


def grey(page: Page) -> int:
    """How bright the middle of the stage is drawn, 0 to 255."""
    from PIL import Image

    box = page.locator(".stage").bounding_box()
    assert box is not None
    middle: Any = {
        "x": box["x"] + box["width"] / 2,
        "y": box["y"] + box["height"] / 2,
        "width": 3,
        "height": 3,
    }
    shot = page.screenshot(clip=middle)
    with Image.open(io.BytesIO(shot)) as picture:
        return picture.convert("L").tobytes()[4]


def test_window_and_level_change_what_is_drawn(root: Path, context: BrowserContext) -> None:
    from PIL import Image

    written = io.BytesIO()
    Image.new("L", (300, 300), 100).save(written, "PNG")
    candidates.keep(root, candidates.case(1), [written.getvalue()])
    with driving.serving(root) as address:
        page = driving.opened(context, address)
        transform(page)
        assert grey(page) == pytest.approx(100, abs=2)
        press(page, "i")
        assert grey(page) == pytest.approx(155, abs=2)
        press(page, "w")
        assert grey(page) == pytest.approx(100, abs=2)
        page.fill(".tools .level", "100")
        assert grey(page) == pytest.approx(128, abs=2)
        page.fill(".tools .level", "110")
        page.fill(".tools .window", "100")
        # (100 - (110 - 50)) / 100 of white.
        assert grey(page) == pytest.approx(102, abs=3)


def test_a_picture_of_200_megapixels_is_explained(root: Path, context: BrowserContext) -> None:
    candidates.keep(root, candidates.case(1))
    next((root / ".covidxr" / "candidates").rglob("*.png")).write_bytes(
        png_that_claims(20_000, 10_000)
    )
    with driving.serving(root) as address:
        page = driving.opened(context, address)
        page.wait_for_function(
            "() => document.querySelector('.unshown').textContent.includes('200 megapixels')"
        )


def test_a_duplicate_is_seen_compared_and_rejected(root: Path, context: BrowserContext) -> None:
    smaller = candidates.picture(90, size=(200, 188), form="JPEG")
    candidates.keep(root, candidates.case(11), [smaller])
    candidates.keep(root, candidates.case(12))
    with driving.serving(root) as address:
        page = driving.opened(context, address)
        page.wait_for_selector("[data-compare]")
        assert "images/image-1.png" in page.inner_text(".likeness h3")
        assert "Line 2" in page.inner_text(".likeness")
        assert page.inner_text(".alike-state") == "1 image looks alike: c compares."
        press(page, "c")
        other = "() => document.querySelector('.other .picture').naturalWidth === 320"
        page.wait_for_function(other)
        assert page.inner_text(".other .caption") == "images/image-1.png"
        # Both are moved together: at the same place in both.
        press(page, "+", "v", "ArrowLeft")
        drawn: Any = page.evaluate(
            """() => [...document.querySelectorAll('.pane')].map(pane => {
                const box = pane.getBoundingClientRect();
                const of = pane.querySelector('.picture').getBoundingClientRect();
                return (box.left + box.width / 2 - of.left) / of.width; })"""
        )
        assert drawn[0] == pytest.approx(drawn[1], abs=0.001)
        assert drawn[0] < 0.45
        press(page, "c")
        assert page.is_hidden(".other")
        page.click("[data-duplicate]")
        assert page.input_value("#reason") == "duplicate of images/image-1.png"
        press(page, "Escape", "r")
        reaches(page, "Invented pneumonia 12")
    assert "duplicate of images/image-1.png" in (root / "provenance.csv").read_text()


# -- what is from elsewhere ------------------------------------------------------------------


def test_hostile_texts_run_nothing_and_nothing_is_loaded_from_elsewhere(
    root: Path, context: BrowserContext
) -> None:
    hostile = (
        '<img src=x onerror="window.hacked=1"><script>window.hacked=1</script>'
        "\"><svg onload=window.hacked=1><a href='https://evil.example/'>"
    )
    case = candidates.case(1, title=hostile, history=hostile, diagnosis=hostile, credit=hostile)
    candidates.keep(root, case)
    with driving.serving(root) as address:
        page = driving.opened(context, address)
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        page.reload()
        press(page, "2", "3")
        page.wait_for_selector(".verdict-state.ready")
        assert title(page) == hostile
        assert page.evaluate("window.hacked") is None
        home = address.partition("?")[0]
        assert asked
        assert [each for each in asked if not each.startswith(home)] == []
        # Should an escape fail one day, the browser still runs nothing.
        page.evaluate(
            """() => { try {
                const each = document.createElement('script');
                each.textContent = 'window.hacked = 1';
                document.body.append(each);
            } catch {} }"""
        )
        assert page.evaluate("window.hacked") is None


# -- how it looks ----------------------------------------------------------------------------


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_axe_finds_nothing_serious_at_any_width_and_colour(
    width: int, root: Path, browser: Browser, *, dark: bool
) -> None:
    script = driving.axe()
    candidates.keep(root, candidates.case(1, images=2))
    candidates.keep(root, candidates.case(2, url="https://example.org/1"))
    # axe has to be put into the page, which the page's own policy forbids.
    context = driving.windows(browser, width=width, dark=dark, bypass_csp=True)
    with driving.serving(root) as address:
        page = driving.opened(context, address)
        for part in ("/", "/queue", "/end"):
            page.goto(address.partition("?")[0].rstrip("/") + part)
            if part == "/":
                press(page, "f")
                page.keyboard.type("wrong")
                page.wait_for_selector("#remarks-finding .wrong")
                press(page, "Escape")
            assert serious(page, script) == []
            assert page.evaluate("document.documentElement.scrollWidth") <= width
        page.goto(address.partition("?")[0])
        press(page, "?")
        assert serious(page, script) == []
        press(page, "Escape", "r")
        assert serious(page, script) == []
    context.close()


def serious(page: Page, script: str) -> list[tuple[str, str]]:
    """What axe-core calls serious or critical."""
    page.add_script_tag(path=script)
    found: Any = page.evaluate("axe.run()")
    assert found["passes"]
    return [
        (each["id"], node["html"][:200])
        for each in found["violations"]
        if each["impact"] in {"serious", "critical"}
        for node in each["nodes"]
    ]


def test_marks_that_were_contributed_are_reviewed_like_images(
    root: Path, context: BrowserContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(root.parent / "config"))
    sent = root.parent / "sent"
    sent.mkdir()
    name = rows(root)[0]["filename"]
    (sent / "boxes.csv").write_text(f"image,x,y,width,height,label\n{name},10,20,30,40,opacity\n")
    words = ["ingest", str(sent), "--root", str(root), "--contributor", "J. Doe"]
    assert main([*words, "--license", "CC-BY-4.0"]) == 0
    with driving.serving(root) as address:
        page = driving.opened(context, address)
        assert title(page) == "Boxes and outlines of J. Doe"
        assert "opacity: left 10, top 20, 30 x 40 pixels" in page.inner_text(".texts")
        assert f"images/{name}" in page.inner_text(".texts")
        shown = "() => document.querySelector('.picture').naturalWidth > 0"
        page.wait_for_function(shown)
        # There is no row to fill in, no patient to choose and nothing that looks alike.
        assert page.locator(".form .field").count() == 1
        assert page.locator(".patients, .alike").count() == 0
        press(page, "a")
        page.wait_for_url("**/end")
        assert (root / "annotations" / "j-doe-boxes.json").is_file()
        press(page, "u")
        reaches(page, "Boxes and outlines of J. Doe")
        assert not (root / "annotations" / "j-doe-boxes.json").exists()
