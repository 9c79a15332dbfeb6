"""Whatever goes wrong on the way: what the user sees, the exit code, and nothing half-done."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from tests.replica import faults
from tests.scraping import Scraping, scraping
from tests.test_http import tls_server

from covidxr.replica import radiopaedia
from covidxr.replica.answers import Answer, file, html
from covidxr.replica.pictures import picture
from covidxr.replica.radiopaedia import many
from covidxr.replica.server import serving

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

Capsys = pytest.CaptureFixture[str]
CASES, PICTURES = "/cases/synthetic-many-", "/images/72000"
FIRST_CASE, FIRST_PICTURE = f"{CASES}1", f"{PICTURES}1"
ALL = 3
"""Cases of the replica that these tests crawl."""


@pytest.fixture
def crawl(
    tmp_path: Path, capsys: Capsys, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[..., Scraping]]:
    """Start a crawl of three cases, some of whose addresses answer otherwise."""
    from contextlib import ExitStack

    with ExitStack() as stack:

        def start(given: dict[str, Sequence[Answer]], *, for_ever: bool = True) -> Scraping:
            site = faults.Faulty(many(ALL), given, for_ever=for_ever)
            return stack.enter_context(scraping(tmp_path, capsys, monkeypatch, site))

        yield start


def whole(scene: Scraping) -> list[str]:
    """Names of the candidates, after a look that each is whole and nothing else lies about."""
    files = scene.files()
    cases = sorted({path.split("/")[1] for path in files})
    for case in cases:
        own = {path for path in files if path.split("/")[1] == case}
        record = scene.record(f"radiopaedia/{case}")
        named = {each["name"] for image in record["images"] for each in image["files"]}
        assert {path.rpartition("/")[2] for path in own} == {"case.json", *named}
        assert not case.startswith(".")
    return cases


PASSING = {
    "429 with seconds": (FIRST_CASE, [faults.busy(429, "7")]),
    "429 with a date": (FIRST_CASE, [faults.busy(429, faults.in_seconds(30))]),
    "503 then 200": (FIRST_CASE, [faults.busy(503)]),
    "a connection that is reset": (FIRST_CASE, [faults.reset()]),
    "a picture cut short against its length": (
        FIRST_PICTURE,
        [faults.cut(picture(1), "image/png")],
    ),
    "robots.txt that is missing": ("robots.txt", [Answer(status=404, body=b"")]),
    "robots.txt that is a page": ("robots.txt", [html("<html><title>Hello</title><body>")] * 9),
}


@pytest.mark.parametrize(("where", "answers"), PASSING.values(), ids=PASSING)
def test_what_passes_costs_time_and_nothing_else(
    where: str, answers: list[Answer], crawl: Callable[..., Scraping]
) -> None:
    scene = crawl({where: answers}, for_ever=False)
    said = scene.run("scrape", "radiopaedia", "pneumonia")
    assert said.code == 0, said.err
    assert "3 new candidates with 3 images" in said.out
    assert len(whole(scene)) == ALL


ONE_CASE = {
    "a case that is gone": (FIRST_CASE, [Answer(status=404, body=b"")], "not there (404)"),
    "a case that is refused": (FIRST_CASE, [html("<body>no", status=403)], "(403"),
    "a server's error": (FIRST_CASE, [html("<body>no", status=500)], "answers 500"),
    "a case in an unknown markup": (
        FIRST_CASE,
        [html("<html><title>?</title><body><p>x")],
        "is not a page that is known here",
    ),
    "a redirect to another host": (
        FIRST_CASE,
        [faults.redirect("https://elsewhere.example.com/")],
        "elsewhere.example.com is not one of the source's hosts",
    ),
    "a redirect to the machine's own data": (
        FIRST_CASE,
        [faults.redirect("http://169.254.169.254/latest/meta-data/")],
        "169.254.169.254 is not one of the source's hosts",
    ),
    "a redirect to a file": (
        FIRST_CASE,
        [faults.redirect("file:///etc/passwd")],
        "is no web address, and is not followed",
    ),
    "redirects in a circle": (
        FIRST_CASE,
        [faults.redirect(FIRST_CASE)],
        "leads in a circle",
    ),
    "a gzip bomb": (FIRST_CASE, [faults.bomb()], "is too large"),
    "a picture of a gigabyte": (
        FIRST_PICTURE,
        [faults.endless("image/png", 1_000_000_000)],
        "is too large: 1,000,000,000 bytes",
    ),
    "a picture that is always cut short": (
        FIRST_PICTURE,
        [faults.cut(picture(1), "image/png")],
        "was cut short",
    ),
    "a picture cut short, with no length given": (
        FIRST_PICTURE,
        [faults.cut(picture(1), "image/png", declared=False)],
        "no usable image",
    ),
    "an empty picture": (FIRST_PICTURE, [file(b"", "image/png")], "holds no bytes"),
    "a picture that is damaged": (
        FIRST_PICTURE,
        [file(picture(1)[:200] + b"\0" * 90, "image/png")],
        "no usable image",
    ),
    "text for a picture": (FIRST_PICTURE, [file(b"sorry", "image/png")], "no usable image"),
    "a PDF for a picture": (FIRST_PICTURE, [file(b"%PDF-1.4", "image/png")], "a PDF document"),
}


@pytest.mark.parametrize(("where", "answers", "words"), ONE_CASE.values(), ids=ONE_CASE)
def test_one_case_that_fails_is_named_and_the_others_are_kept(
    where: str, answers: list[Answer], words: str, crawl: Callable[..., Scraping]
) -> None:
    scene = crawl({where: answers})
    said = scene.run("scrape", "radiopaedia", "pneumonia")
    assert said.code == 1, said.err
    assert words in said.err
    assert "2 new candidates with 2 images, 1 failed" in said.out
    assert whole(scene) == ["synthetic-many-2", "synthetic-many-3"]
    # Nothing of the first one is remembered as good: when the site has mended it, it comes.
    scene.replica.sites.update(dict.fromkeys(scene.replica.sites, many(ALL)))
    again = scene.run("scrape", "radiopaedia", "pneumonia")
    # A page in an unknown markup is kept; the site is asked for it anew with --refresh.
    if "known here" in words:
        again = scene.run("scrape", "radiopaedia", "pneumonia", "--refresh")
    assert again.code == 0, again.err
    assert len(whole(scene)) == ALL


def test_a_case_that_lacks_an_image_is_kept_and_completed_by_the_next_run(
    tmp_path: Path, capsys: Capsys, monkeypatch: pytest.MonkeyPatch
) -> None:
    from covidxr.replica import eurorad

    whole_site = eurorad.many(2)
    cut = {"30001_1_2": [faults.cut(picture(2), "image/png")]}
    site = faults.Faulty(whole_site, cut, for_ever=True)
    with scraping(tmp_path, capsys, monkeypatch, site) as scene:
        said = scene.run("scrape", "eurorad", "x")
        assert said.code == 1
        assert "2 new candidates with 3 images, 1 image missing, 1 case incomplete" in said.out
        record = scene.record("eurorad/30001")
        assert [len(image["files"]) for image in record["images"]] == [1, 0]
        assert record["complete"] is False
        assert "incomplete" in scene.run("candidates").out
        before = len(scene.replica.asked)
        scene.replica.sites.update(dict.fromkeys(scene.replica.sites, whole_site))
        again = scene.run("scrape", "eurorad", "x")
        assert (again.code, "1 new candidate with 2 images, 1 skipped" in again.out) == (0, True)
        assert scene.record("eurorad/30001")["complete"] is True
        assert len(scene.replica.asked) - before <= 2


def test_half_a_list_of_images_is_not_taken_for_the_whole(
    tmp_path: Path, capsys: Capsys, monkeypatch: pytest.MonkeyPatch
) -> None:
    half = Answer(body=b'[{"id":', content_type="application/json")
    site = faults.Faulty(radiopaedia.SITE, {"/studies/810001/": [half]}, for_ever=True)
    url = radiopaedia.CASE_2020.address
    with scraping(tmp_path, capsys, monkeypatch, site) as scene:
        said = scene.run("scrape", "radiopaedia", url)
        assert said.code == 1, said.err
        assert "5 images, 1 case incomplete, to be tried again" in said.out
        scene.replica.sites.update(dict.fromkeys(scene.replica.sites, radiopaedia.SITE))
        again = scene.run("scrape", "radiopaedia", url)
        assert (again.code, "1 new candidate with 6 images" in again.out) == (0, True)


STOPPING = {
    "a challenge": (f"{CASES}2", [faults.challenge()], "Just a moment", 1),
    "a sign-in page": (
        f"{CASES}2",
        [faults.redirect("https://radiopaedia.org/users/sign_in")],
        "sign-in",
        1,
    ),
    "a web page for a picture": (f"{PICTURES}2", [html("<html><body>x")], "an image is due", 1),
    "a web page for JSON": ("/studies/710002/", [html("<html><body>x")], "JSON is due", 1),
    "429 for ever": (f"{CASES}2", [faults.busy(429)], "asked too often or is busy (429)", 1),
    "come back tomorrow": (f"{CASES}2", [faults.busy(429, "10800")], "come back in 180", 1),
    "robots.txt that forbids": (
        "robots.txt",
        [Answer(body=b"User-agent: *\nDisallow: /\n", content_type="text/plain")],
        "robots.txt forbids it",
        0,
    ),
    "robots.txt that cannot be read": (
        "robots.txt",
        [Answer(status=500, body=b"")],
        "robots.txt cannot be read",
        0,
    ),
    "a connection that is always reset": ("/search", [faults.reset()], "cannot be reached", 0),
}


@pytest.mark.parametrize(("where", "answers", "words", "kept"), STOPPING.values(), ids=STOPPING)
def test_a_site_that_asks_to_stop_ends_the_run_and_what_was_done_is_kept(
    where: str, answers: list[Answer], words: str, kept: int, crawl: Callable[..., Scraping]
) -> None:
    scene = crawl({where: answers})
    said = scene.run("scrape", "radiopaedia", "pneumonia")
    assert said.code == 2
    assert words in said.err.splitlines()[-1]
    assert "ended early" in said.out
    assert len(whole(scene)) == kept
    scene.replica.sites.update(dict.fromkeys(scene.replica.sites, many(ALL)))
    (scene.root / ".covidxr" / "http.sqlite").unlink()  # robots.txt is kept for a day
    assert scene.run("scrape", "radiopaedia", "pneumonia").code == 0
    assert len(whole(scene)) == ALL


def test_three_refusals_in_a_row_are_enough(crawl: Callable[..., Scraping]) -> None:
    scene = crawl({CASES: [html("<title>Access denied</title><body>no", status=403)]})
    said = scene.run("scrape", "radiopaedia", "pneumonia")
    assert said.code == 2
    assert "3 cases in a row could not be had" in said.err
    assert "3 failed" in said.out


def named(name: str) -> Answer:
    """The reply on the first study, whose picture has this name."""
    from covidxr.replica.answers import as_json
    from covidxr.replica.radiopaedia import series, viewed

    return as_json(viewed(710001, 700001, [series([720001], [{"original": name}], "Frontal")]))


@pytest.mark.parametrize(
    ("name", "taken"),
    [
        ("../../../etc/passwd.png", False),
        ("..", False),
        ("a?b.png", False),
        ("a\0b.png", True),
        ("x" * 300 + ".png", True),
        ("CON", True),
        ("con.png", True),
    ],
    ids=["parents", "dots", "query", "NUL", "long", "CON", "con.png"],
)
def test_a_servers_name_for_a_file_is_never_a_name_here(
    name: str, crawl: Callable[..., Scraping], *, taken: bool
) -> None:
    scene = crawl({"/studies/710001/": [named(name)], FIRST_PICTURE: [file(picture(1), "x/y")]})
    before = {path for path in scene.root.rglob("*") if ".covidxr" not in path.parts}
    said = scene.run("scrape", "radiopaedia", "pneumonia")
    # A name that would lead elsewhere is no name of an image: that case fails, and is told.
    assert said.code == (0 if taken else 1), said.err
    kept = [path for path in scene.files() if "many-1/" in path and path.endswith("png")]
    expected = "radiopaedia/synthetic-many-1/radiopaedia-synthetic-many-1-710001-1-1.png"
    assert kept == ([expected] if taken else [])
    assert len(whole(scene)) == (ALL if taken else ALL - 1)
    assert {path for path in scene.root.rglob("*") if ".covidxr" not in path.parts} == before


def test_two_pictures_of_one_name_are_two_files(crawl: Callable[..., Scraping]) -> None:
    from covidxr.replica.answers import as_json
    from covidxr.replica.radiopaedia import series, viewed

    both = [
        series([720001], [{"original": "same.png"}], "Frontal"),
        series([720009], [{"original": "same.png"}], "Frontal"),
    ]
    scene = crawl(
        {
            "/studies/710001/": [as_json(viewed(710001, 700001, both))],
            "/images/720009/": [file(picture(9), "image/png")],
        }
    )
    assert scene.run("scrape", "radiopaedia", "pneumonia").code == 0
    first = [body for path, body in scene.files().items() if "many-1/" in path and "png" in path]
    assert sorted(first) == sorted([picture(1), picture(9)])


# --- the line ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("base", "words"),
    [
        ("http://no-such-host.invalid", "there is no host no-such-host.invalid, or no network"),
        ("http://127.0.0.1:9", "127.0.0.1 cannot be reached"),
    ],
    ids=["no such host", "nobody listens"],
)
def test_a_host_that_does_not_answer_is_told_at_once(
    base: str, words: str, crawl: Callable[..., Scraping]
) -> None:
    scene = crawl({})
    settings = (scene.root / "covidxr.toml").read_text().replace(scene.replica.base, base)
    (scene.root / "covidxr.toml").write_text(settings)
    said = scene.run("scrape", "radiopaedia", "pneumonia")
    assert said.code == 2
    assert words in said.err
    assert "[http.route] sends radiopaedia.org there" in said.err
    assert whole(scene) == []
    named = "https://radiopaedia.org/cases/synthetic-many-1"
    assert scene.run("scrape", "radiopaedia", named).code == 2


def test_a_certificate_that_is_wrong_is_not_passed_over(crawl: Callable[..., Scraping]) -> None:
    scene = crawl({})
    listening, port = tls_server()
    settings = (scene.root / "covidxr.toml").read_text()
    (scene.root / "covidxr.toml").write_text(
        settings.replace(scene.replica.base, f"https://localhost:{port}")
    )
    with listening:
        said = scene.run("scrape", "radiopaedia", "pneumonia")
    assert said.code == 2
    assert "the certificate of localhost is not valid" in said.err
    assert whole(scene) == []


# --- the disk ------------------------------------------------------------------------------------


def test_a_full_disk_ends_the_run_and_leaves_whole_cases_only(
    crawl: Callable[..., Scraping], monkeypatch: pytest.MonkeyPatch
) -> None:
    scene = crawl({})
    real, calls = os.fsync, []

    def full_after_a_while(handle: int) -> None:
        calls.append(handle)
        if len(calls) > 5:
            raise OSError(errno.ENOSPC, "No space left on device")
        real(handle)

    monkeypatch.setattr(os, "fsync", full_after_a_while)
    said = scene.run("scrape", "radiopaedia", "pneumonia")
    assert said.code == 2
    assert "No space left on device (nothing half-done is left)" in said.err
    monkeypatch.setattr(os, "fsync", real)
    kept = whole(scene)
    assert 0 < len(kept) < ALL
    assert scene.run("scrape", "radiopaedia", "pneumonia").code == 0
    assert len(whole(scene)) == ALL


@pytest.fixture
def mounted(tmp_path: Path) -> Iterator[Path]:
    """A file system of its own, of 160 KiB."""
    small = tmp_path / "small"
    small.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=160k", "tmpfs", str(small)]
    if subprocess.run(mount, capture_output=True, check=False).returncode != 0:
        pytest.skip("a file system cannot be mounted here")
    try:
        yield small
    finally:
        subprocess.run(["umount", str(small)], check=True)


def scraped(root: Path, *, then: Callable[[], None] = lambda: None) -> Any:
    """Crawl forty cases in a process of its own."""
    with serving(many(40)) as replica:
        (root / "metadata.csv").write_text("patientid,finding,filename,url\n")
        (root / "covidxr.toml").write_text(
            replica.settings() + '[sources.radiopaedia]\npermission = "me, 2026-01-01"\n'
        )
        then()
        done = subprocess.run(
            [sys.executable, "-m", "covidxr", "scrape", "radiopaedia", "pneumonia"],
            cwd=root,
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )
        return done, replica.asked


def test_a_file_system_that_may_not_be_written_is_told_and_nobody_is_asked(mounted: Path) -> None:
    remount = ["mount", "-o", "remount,ro", str(mounted)]

    def shut() -> None:
        subprocess.run(remount, check=True)

    done, asked = scraped(mounted, then=shut)
    assert done.returncode == 2
    assert "Read-only file system" in done.stderr
    assert asked == []


def test_a_disk_that_is_really_full_is_told(mounted: Path) -> None:
    """With no room for the cache or the candidates."""
    done, _ = scraped(mounted)
    assert done.returncode == 2, done.stderr
    assert "Traceback" not in done.stderr
    assert "No space left" in done.stderr or "full" in done.stderr
    assert not list(mounted.rglob(".part-*"))
    for record in mounted.rglob("case.json"):
        assert record.read_text().endswith("}\n")


def test_a_file_in_the_candidates_place_is_told(crawl: Callable[..., Scraping]) -> None:
    scene = crawl({})
    (scene.root / ".covidxr").mkdir()
    (scene.root / ".covidxr" / "candidates").write_text("not a folder")
    said = scene.run("scrape", "radiopaedia", "pneumonia")
    assert said.code == 2
    assert "cannot be written or read" in said.err
    assert scene.replica.asked == []


def test_a_folder_that_is_read_only_is_told_before_anything_is_asked(
    crawl: Callable[..., Scraping], monkeypatch: pytest.MonkeyPatch
) -> None:
    scene = crawl({})
    real = Path.mkdir

    def refuse(path: Path, *arguments: Any, **options: Any) -> None:
        if path.name == "radiopaedia":
            raise PermissionError(errno.EACCES, "Permission denied", str(path))
        real(path, *arguments, **options)

    monkeypatch.setattr(Path, "mkdir", refuse)
    said = scene.run("scrape", "radiopaedia", "pneumonia")
    assert said.code == 2
    assert "candidates/radiopaedia cannot be written or read: Permission denied" in said.err
    assert scene.replica.asked == []


def test_a_second_run_at_the_same_time_is_turned_away(crawl: Callable[..., Scraping]) -> None:
    scene = crawl({})
    from covidxr.candidatestore import candidates_of

    with candidates_of(scene.root, None).working_on("radiopaedia"):
        said = scene.run("scrape", "radiopaedia", "pneumonia")
    assert said.code == 2
    assert "another covidxr is working on radiopaedia here" in said.err
    assert scene.replica.asked == []
    assert scene.run("scrape", "radiopaedia", "pneumonia").code == 0


def test_ctrl_c_is_130_and_what_was_fetched_is_kept(
    crawl: Callable[..., Scraping], monkeypatch: pytest.MonkeyPatch
) -> None:
    scene = crawl({})
    from covidxr import imagefetch
    from covidxr.imaging.examine import examine as real

    calls = []

    def interrupted(*arguments: Any) -> Any:
        calls.append(1)
        if len(calls) == 2:
            raise KeyboardInterrupt
        return real(*arguments)

    monkeypatch.setattr(imagefetch, "examine", interrupted)
    said = scene.run("scrape", "radiopaedia", "pneumonia")
    assert said.code == 130
    assert "1 case was kept before the interrupt" in said.err
    assert len(whole(scene)) == 1
    asked = len(scene.replica.asked)
    assert scene.run("scrape", "radiopaedia", "pneumonia").code == 0
    assert len(whole(scene)) == ALL
    # Of the second case only what had not come yet was asked for; nothing was fetched twice.
    assert len(scene.replica.asked) == len(set(scene.replica.asked))
    assert len(scene.replica.asked) > asked
