"""What a collection's ``covidxr.toml`` says, as plain values.

This module parses text; finding and reading the file is the store's work. An unknown key is an
error: a misspelt one would silently change nothing.
"""

from __future__ import annotations

import datetime as dt
import tomllib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar

from covidxr.errors import UsageError
from covidxr.model import ImageDepth, Severity

if TYPE_CHECKING:
    from collections.abc import Mapping


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
    """

    select: tuple[str, ...] = ()
    ignore: Mapping[str, str] = field(default_factory=dict)
    images: ImageDepth = ImageDepth.STRUCTURE
    fail_on: Severity = Severity.ERROR
    baseline: str | None = None
    as_of: dt.date | None = None


_Choice = TypeVar("_Choice", ImageDepth, Severity)

_KEYS = {
    "select": list,
    "ignore": (list, dict),
    "images": str,
    "fail-on": str,
    "baseline": str,
    "as-of": (str, dt.date),
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
