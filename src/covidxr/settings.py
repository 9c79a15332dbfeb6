"""What a collection's ``covidxr.toml`` says, as plain values.

This module parses text; finding and reading the file is the store's work. An unknown key is an
error: a misspelt one would silently change nothing.
"""

from __future__ import annotations

import datetime as dt
import re
import tomllib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar

from covidxr.about import About, Maker
from covidxr.errors import UsageError
from covidxr.model import ImageDepth, Severity

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """Where requests for one host go instead: a mirror, or a replica for tests.

    Parameters
    ----------
    base : str
        Address that the path is put behind, without a slash at its end.
    delay_seconds : float or None
        From the start of one request to the start of the next; None for the source's own.
    """

    base: str
    delay_seconds: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceSettings:
    """Settings of one source.

    Parameters
    ----------
    permission : str
        Who permitted what the site's terms forbid, and when; empty where nobody did.
    delay_seconds : float or None
        A longer delay than the source's own; a shorter one is not taken.
    """

    permission: str = ""
    delay_seconds: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Settings of one collection.

    Parameters
    ----------
    select : tuple of str
        Prefixes of the rules that run; empty means all.
    ignore : mapping of str to str
        Prefixes of rules that do not run, each with the reason.
    images : ImageDepth
        How closely files are looked at.
    fail_on : Severity
        The mildest severity that makes ``validate`` end with 1.
    baseline : str or None
        Path of the baseline file, relative to the root.
    as_of : datetime.date or None
        The day after which no image can have been taken.
    contact : str
        How the people behind a site reach the curator: a ``mailto:`` or a web address, in the
        user agent of every request.
    routes : mapping of str to Route
        Hosts, in lower case, that another address answers for.
    sources : mapping of str to SourceSettings
        By the source's key.
    about : About
        What the collection says of itself, for what is handed on.
    """

    select: tuple[str, ...] = ()
    ignore: Mapping[str, str] = field(default_factory=dict)
    images: ImageDepth = ImageDepth.STRUCTURE
    fail_on: Severity = Severity.ERROR
    baseline: str | None = None
    as_of: dt.date | None = None
    contact: str = ""
    routes: Mapping[str, Route] = field(default_factory=dict)
    sources: Mapping[str, SourceSettings] = field(default_factory=dict)
    about: About = field(default_factory=About)


_A_DAY = 86_400
# A permission that carries no day cannot be shown to anyone later.
_DATED = re.compile(r"\b(?:19|20)[0-9]{2}-[0-9]{2}-[0-9]{2}\b")

_Choice = TypeVar("_Choice", ImageDepth, Severity)

_KEYS = {
    "select": list,
    "ignore": (list, dict),
    "images": str,
    "fail-on": str,
    "baseline": str,
    "as-of": (str, dt.date),
    "http": dict,
    "sources": dict,
    "collection": dict,
}


def parse_settings(text: str, *, where: str) -> Settings | None:
    """Read the settings of a TOML file.

    Parameters
    ----------
    text : str
        The file's text.
    where : str
        Its name, for messages; in ``pyproject.toml`` the settings stand below ``tool.covidxr``.

    Returns
    -------
    Settings or None
        None where a ``pyproject.toml`` says nothing of covidxr.

    Raises
    ------
    UsageError
        If the text is not TOML, a key is not known, or a value is not of its kind.
    """
    try:
        data: dict[str, Any] = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        msg = f"{where} is not valid TOML: {error}"
        raise UsageError(msg) from None
    except RecursionError:
        msg = f"{where} cannot be read: its values are nested too deep"
        raise UsageError(msg) from None
    if where.endswith("pyproject.toml"):
        tools = data.get("tool")
        if not isinstance(tools, dict) or "covidxr" not in tools:
            return None
        ours: object = tools["covidxr"]
        if not isinstance(ours, dict):
            msg = f"{where}: tool.covidxr is a table of settings, not {ours!r}"
            raise UsageError(msg)
        data = ours
    for key, value in data.items():
        if key not in _KEYS:
            msg = f"{where}: unknown setting {key!r}; known are {', '.join(_KEYS)}"
            raise UsageError(msg)
        if not isinstance(value, _KEYS[key]):  # type: ignore[arg-type]
            msg = f"{where}: {key} has the wrong kind of value: {value!r}"
            raise UsageError(msg)
    return Settings(
        select=tuple(str(code).upper() for code in data.get("select", ())),
        ignore=_ignores(data.get("ignore", {}), where),
        images=_choice(ImageDepth, data.get("images", "structure"), f"{where}: images"),
        fail_on=_choice(Severity, data.get("fail-on", "error"), f"{where}: fail-on"),
        baseline=data.get("baseline"),
        as_of=_day(data.get("as-of"), where),
        contact=_contact(data.get("http", {}), where),
        routes=_routes(data.get("http", {}), where),
        sources={
            str(name): _source(str(name), value, where)
            for name, value in data.get("sources", {}).items()
        },
        about=_about(data.get("collection", {}), f"{where}: collection"),
    )


def _ignores(value: list[Any] | dict[str, Any], where: str) -> dict[str, str]:
    if isinstance(value, list):
        msg = (
            f"{where}: an ignore needs its reason; write [ignore] and below it "
            f'{value[0] if value else "LIC101"} = "why"'
        )
        raise UsageError(msg)
    for code, reason in value.items():
        if not isinstance(reason, str) or not reason.strip():
            msg = f"{where}: the ignore of {code} needs a reason in words"
            raise UsageError(msg)
    return {code.upper(): str(reason).strip() for code, reason in value.items()}


def _choice(kind: type[_Choice], value: str, where: str) -> _Choice:
    try:
        return kind(value)
    except ValueError:
        msg = f"{where}: {value!r} is not one of {', '.join(kind)}"
        raise UsageError(msg) from None


def _day(value: str | dt.date | None, where: str) -> dt.date | None:
    if isinstance(value, dt.datetime):
        return value.date()
    if value is None or isinstance(value, dt.date):
        return value
    try:
        return dt.date.fromisoformat(value)
    except ValueError:
        msg = f"{where}: as-of is a day such as 2020-06-22, not {value!r}"
        raise UsageError(msg) from None


def _known(table: object, keys: tuple[str, ...], where: str) -> dict[str, Any]:
    """Check that a value is a table of these keys and no others."""
    if not isinstance(table, dict):
        msg = f"{where} is a table of settings, not {table!r}"
        raise UsageError(msg)
    for key in table:
        if key not in keys:
            msg = f"{where}: unknown setting {key!r}; known are {', '.join(keys)}"
            raise UsageError(msg)
    return table


def _text(value: object, where: str) -> str:
    if not isinstance(value, str) or not value.strip() or not value.isprintable():
        msg = f"{where} is words on one line, not {value!r}"
        raise UsageError(msg)
    return value.strip()


def _contact(http: object, where: str) -> str:
    table = _known(http, ("contact", "route"), f"{where}: http")
    if "contact" not in table:
        return ""
    contact = _text(table["contact"], f"{where}: http.contact")
    # It becomes part of a header, inside brackets (RFC 9110, sections 5.6.5 and 10.1.5).
    if (
        not contact.isascii()
        or set(contact) & set('()\\"')
        or not re.search(r"@|https?://", contact)
    ):
        msg = f"{where}: http.contact is an e-mail or web address, not {contact!r}"
        raise UsageError(msg)
    return contact


def _routes(http: dict[str, Any], where: str) -> dict[str, Route]:
    routes = http.get("route", {})
    if not isinstance(routes, dict):
        msg = f'{where}: http.route is a table such as "www.eurorad.org" = "http://127.0.0.1:8123"'
        raise UsageError(msg)
    return {
        str(host).lower(): _route(value, f"{where}: route of {host}")
        for host, value in routes.items()
    }


def _route(value: object, where: str) -> Route:
    table = {"base": value} if isinstance(value, str) else value
    table = _known(table, ("base", "delay_seconds"), where)
    base = str(table.get("base", "")).rstrip("/")
    if not re.fullmatch(r"https?://[^/?#\s@]+(?:/[^?#\s]*)?", base):
        msg = f"{where}: the base is an address such as http://127.0.0.1:8123, not {base!r}"
        raise UsageError(msg)
    return Route(base=base, delay_seconds=_seconds(table.get("delay_seconds"), where))


def _source(name: str, value: object, where: str) -> SourceSettings:
    where = f"{where}: sources.{name}"
    table = _known(value, ("permission", "delay_seconds"), where)
    permission = ""
    if "permission" in table:
        permission = _text(table["permission"], f"{where}.permission")
        if not _DATED.search(permission):
            msg = (
                f"{where}.permission says who permitted it and on which day, such as "
                '"J. Doe, editor, by e-mail, 2026-08-14"'
            )
            raise UsageError(msg)
    return SourceSettings(
        permission=permission, delay_seconds=_seconds(table.get("delay_seconds"), where)
    )


def _seconds(value: object, where: str) -> float | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= _A_DAY:
        msg = f"{where}: delay_seconds is a number of seconds, not {value!r}"
        raise UsageError(msg)
    return float(value)


def _about(value: object, where: str) -> About:
    table = _known(value, (*_FORMS, "description", "keywords", "makers", "released-on"), where)
    said = {key: _text(table[key], f"{where}.{key}") for key in _FORMS if key in table}
    for key, text in said.items():
        form, words = _FORMS[key]
        if not re.fullmatch(form, text, re.ASCII if key in {"name", "version"} else 0):
            raise UsageError(f"{where}.{key} is {words}, not {text!r}")
    if "description" in table:
        if not isinstance(table["description"], str):
            raise UsageError(f"{where}.description is words, not {table['description']!r}")
        said["description"] = " ".join(table["description"].split())
    return About(
        **said,
        keywords=tuple(
            _text(word, f"{where}.keywords") for word in _list(table, "keywords", where)
        ),
        makers=tuple(_maker(each, f"{where}.makers") for each in _list(table, "makers", where)),
        released_on=_released(table.get("released-on"), where),
    )


# What a collection says of itself in one line, and the form that it has.
_FORMS = {
    "name": (r"[A-Za-z0-9]+(?:-[A-Za-z0-9]+)*", "letters, digits and hyphens"),
    "title": (r".+", "words"),
    "url": (r"https?://[^/\s]+\S*", "a web address"),
    "doi": (r"10\.[0-9]{4,9}(?:\.[0-9]+)*/\S+", "a bare DOI such as 10.5555/12345678"),
    "citation": (r".+", "words"),
    "version": (r"(?:0|[1-9][0-9]*)(?:\.(?:0|[1-9][0-9]*)){2}", "a version such as 1.2.0"),
}
_ORCID = re.compile(r"(?:https?://orcid\.org/)?((?:[0-9]{4}-){3}[0-9]{3}[0-9X])", re.ASCII)


def _list(table: dict[str, Any], key: str, where: str) -> list[Any]:
    value = table.get(key, [])
    if not isinstance(value, list):
        raise UsageError(f"{where}.{key} is a list, not {value!r}")
    return value


def _maker(value: object, where: str) -> Maker:
    table = _known(value, ("name", "family", "given", "orcid", "affiliation"), where)
    said = {key: _text(text, f"{where}.{key}") for key, text in table.items()}
    if ("name" in said) == bool({"family", "given"} & set(said)):
        raise UsageError(f"{where}: a maker has either a name (of a group), or family and given")
    if "orcid" in said:
        orcid = _ORCID.fullmatch(said["orcid"])
        if orcid is None:
            raise UsageError(
                f"{where}.orcid is an id such as 0000-0002-1825-0097, not {said['orcid']!r}"
            )
        said["orcid"] = orcid[1]
    return Maker(**said)


def _released(value: object, where: str) -> str:
    if value is None:
        return ""
    try:
        if isinstance(value, dt.date) and not isinstance(value, dt.datetime):
            return value.isoformat()
        return dt.date.fromisoformat(str(value)).isoformat()
    except ValueError:
        raise UsageError(
            f"{where}.released-on is a day such as 2026-11-26, not {value!r}"
        ) from None
