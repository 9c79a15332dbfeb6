"""What a collection's settings may say, and how a mistake in them is named."""

from __future__ import annotations

import datetime as dt

import pytest
from tests import exports

from covidxr.about import About, Maker
from covidxr.errors import UsageError
from covidxr.model import ImageDepth, Severity
from covidxr.settings import Route, Settings, SourceSettings, parse_settings

WHOLE = """
select = ["csv", "SCH"]
images = "full"
fail-on = "warning"
baseline = "known.json"
as-of = 2020-06-22

[ignore]
lic101 = " licences are being asked for "
"""


def test_every_setting_is_read() -> None:
    assert parse_settings(WHOLE, where="covidxr.toml") == Settings(
        select=("CSV", "SCH"),
        ignore={"LIC101": "licences are being asked for"},
        images=ImageDepth.FULL,
        fail_on=Severity.WARNING,
        baseline="known.json",
        as_of=dt.date(2020, 6, 22),
    )


def test_nothing_said_means_the_defaults() -> None:
    assert parse_settings("", where="covidxr.toml") == Settings()


def test_a_day_may_be_written_as_text() -> None:
    settings = parse_settings('as-of = "2020-06-22"', where="covidxr.toml")
    assert settings == Settings(as_of=dt.date(2020, 6, 22))


def test_in_pyproject_the_settings_stand_below_tool_covidxr() -> None:
    text = '[tool.other]\nselect = 3\n[tool.covidxr]\nimages = "none"\n'
    assert parse_settings(text, where="x/pyproject.toml") == Settings(images=ImageDepth.NONE)


@pytest.mark.parametrize(
    "text", ["", "[project]\nname = 'x'\n", "[tool.other]\nx = 1\n", "tool = 3"]
)
def test_a_pyproject_that_says_nothing_of_covidxr_is_passed_over(text: str) -> None:
    assert parse_settings(text, where="pyproject.toml") is None


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("selct = []", r"unknown setting 'selct'; known are select, ignore"),
        ("fail_on = 'error'", r"unknown setting 'fail_on'"),
        ("select = 'CSV'", r"select has the wrong kind of value"),
        ("images = 3", r"images has the wrong kind of value"),
        ("images = 'deep'", r"images: 'deep' is not one of none, header, structure, full"),
        ("fail-on = 'fatal'", r"fail-on: 'fatal' is not one of error, warning, info"),
        ("as-of = 'soon'", r"as-of is a day such as 2020-06-22, not 'soon'"),
        ("as-of = 2020", r"as-of has the wrong kind"),
        ("ignore = ['LIC101']", r"an ignore needs its reason.*LIC101 ="),
        ("ignore = []", r"an ignore needs its reason"),
        ("[ignore]\nLIC101 = ' '", r"the ignore of LIC101 needs a reason in words"),
        ("[ignore]\nLIC101 = true", r"the ignore of LIC101 needs a reason in words"),
        ("select = [", r"is not valid TOML"),
        ("a = 1\na = 2", r"is not valid TOML"),
    ],
)
def test_a_mistake_is_named_with_its_file(text: str, words: str) -> None:
    with pytest.raises(UsageError, match=rf"^some/covidxr\.toml\b.*{words}"):
        parse_settings(text, where="some/covidxr.toml")


def test_settings_of_the_wrong_shape_in_pyproject_are_a_mistake_too() -> None:
    with pytest.raises(UsageError, match=r"^pyproject\.toml: tool\.covidxr is a table"):
        parse_settings("[tool]\ncovidxr = 3", where="pyproject.toml")


def test_a_moment_is_taken_for_its_day() -> None:
    settings = parse_settings("as-of = 2020-06-22T10:00:00", where="covidxr.toml")
    assert settings is not None
    assert type(settings.as_of) is dt.date
    assert settings.as_of == dt.date(2020, 6, 22)


@pytest.mark.parametrize("text", ["x = " + "[" * 100_000, "x = " + "{a = " * 100_000])
def test_what_is_nested_too_deep_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match=r"^covidxr\.toml .*(nested too deep|not valid TOML)"):
        parse_settings(text, where="covidxr.toml")


NETWORK = """
[http]
contact = "mailto:curator@example.org"

[http.route]
"www.Eurorad.org" = "http://127.0.0.1:8123/"
"sirm.org" = { base = "https://mirror.example.org/sirm", delay_seconds = 0 }

[sources.radiopaedia]
permission = "J. Doe, editor, by e-mail, 2026-08-14"
delay_seconds = 10
"""


def test_contact_routes_and_permissions_are_read() -> None:
    settings = parse_settings(NETWORK, where="covidxr.toml")
    assert settings is not None
    assert settings.contact == "mailto:curator@example.org"
    assert settings.routes == {
        "www.eurorad.org": Route(base="http://127.0.0.1:8123"),
        "sirm.org": Route(base="https://mirror.example.org/sirm", delay_seconds=0),
    }
    assert settings.sources == {
        "radiopaedia": SourceSettings(
            permission="J. Doe, editor, by e-mail, 2026-08-14", delay_seconds=10
        )
    }


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("http = 3", r"http has the wrong kind of value: 3"),
        ("[http]\nagent = 'x'", r"http: unknown setting 'agent'; known are contact, route"),
        ("[http]\ncontact = 'me'", r"http.contact is an e-mail or web address, not 'me'"),
        ("[http]\ncontact = 'a@b (c)'", r"http.contact is an e-mail or web address"),
        ('[http]\ncontact = "a@b\\r\\nX: y"', r"http.contact is words on one line"),
        ("[http]\nroute = 'x'", r"http.route is a table such as"),
        ("[http.route]\nx = 'ftp://y'", r"route of x: the base is an address such as"),
        ("[http.route]\nx = 3", r"route of x is a table of settings, not 3"),
        ("[http.route]\nx = {url = 'http://y'}", r"route of x: unknown setting 'url'"),
        ("[http.route]\nx = {base = 'http://y', delay_seconds = -1}", r"a number of seconds"),
        ("[http.route]\nx = {base = 'http://y', delay_seconds = true}", r"a number of seconds"),
        ("[http.route]\nx = {base = 'http://u:p@y'}", r"the base is an address such as"),
        ("[sources]\nsirm = 3", r"sources.sirm is a table of settings, not 3"),
        ("[sources.sirm]\npermision = 'x'", r"sources.sirm: unknown setting 'permision'"),
        ("[sources.sirm]\npermission = ' '", r"permission is words on one line"),
        ("[sources.sirm]\npermission = 'yes'", r"says who permitted it and on which day"),
    ],
)
def test_a_mistake_in_the_network_settings_is_named(text: str, words: str) -> None:
    with pytest.raises(UsageError, match=words):
        parse_settings(text, where="covidxr.toml")


def test_what_a_collection_says_of_itself_is_read() -> None:
    settings = parse_settings(exports.SETTINGS, where="covidxr.toml")
    assert settings is not None
    assert settings.about == exports.ABOUT


def test_what_a_collection_does_not_say_stays_blank() -> None:
    for text in ("", "[collection]\n"):
        settings = parse_settings(text, where="covidxr.toml")
        assert settings is not None
        assert settings.about == About()


def test_a_description_over_several_lines_is_one_text() -> None:
    text = '[collection]\ndescription = """\nOne\ntwo.\n"""\nreleased-on = "2026-11-26"\n'
    settings = parse_settings(text, where="covidxr.toml")
    assert settings is not None
    assert (settings.about.description, settings.about.released_on) == ("One two.", "2026-11-26")


def test_an_orcid_may_be_an_address() -> None:
    text = (
        '[collection]\nmakers = [{ family = "D", orcid = "https://orcid.org/0000-0002-1825-0097" }]'
    )
    settings = parse_settings(text, where="covidxr.toml")
    assert settings is not None
    assert settings.about.makers == (Maker(family="D", orcid="0000-0002-1825-0097"),)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('titel = "a"', "collection: unknown setting 'titel'"),
        ("title = 1", "collection.title is words"),
        ('name = "two words"', "collection.name is letters, digits and hyphens"),
        ('url = "example.org"', "collection.url is a web address"),
        ('doi = "https://doi.org/10.5555/1"', "collection.doi is a bare DOI"),
        ('version = "1.2"', "collection.version is a version such as 1.2.0"),
        ('released-on = "May"', "collection.released-on is a day"),
        ("released-on = 2026-11-26T10:00:00", "collection.released-on is a day"),
        ("description = 1", "collection.description is words"),
        ('keywords = "one"', "collection.keywords is a list"),
        ('makers = ["Jo Doe"]', "collection.makers is a table"),
        ("makers = [{}]", "either a name"),
        ('makers = [{ name = "a", family = "b" }]', "either a name"),
        ('makers = [{ name = "a", mail = "b" }]', "unknown setting 'mail'"),
        ('makers = [{ family = "a", orcid = "1" }]', "collection.makers.orcid is an id"),
    ],
)
def test_a_mistake_in_what_a_collection_says_is_named(text: str, words: str) -> None:
    with pytest.raises(UsageError, match=words):
        parse_settings(f"[collection]\n{text}\n", where="covidxr.toml")
