"""The contracts that rules and exporters meet, and how plug-ins are found.

A rule describes problems: it receives a read-only dataset and yields hits. An exporter describes
files: it receives a read-only dataset and yields artifacts. Neither opens a file, a socket or a
terminal. The folder is the registry. What a source meets stands in
:mod:`covidxr.sourcing`.
"""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import re
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol, TypeVar, overload

from covidxr.model import Artifact, Hit, ImageDepth, Severity

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from covidxr.dataset import Dataset

RULE_PAGE = "https://github.com/covidxr/covidxr/blob/main/docs/rules.md"
CODE = re.compile(r"[A-Z]{3}\d{3}")
SECTIONS = ("What it checks", "Why it matters", "Example", "How to fix", "Source")


class Need(StrEnum):
    """What a rule looks at besides the table; without it the rule is skipped, and says so."""

    IMAGES = "images"
    VOLUMES = "volumes"
    STRUCTURE = "structure"
    PIXELS = "pixels"
    SCHEMA = "schema"
    ANNOTATIONS = "annotations"
    MASKS = "masks"


DEPTH_OF_NEED = {
    Need.IMAGES: ImageDepth.HEADER,
    Need.VOLUMES: ImageDepth.HEADER,
    Need.STRUCTURE: ImageDepth.STRUCTURE,
    Need.PIXELS: ImageDepth.FULL,
    Need.MASKS: ImageDepth.FULL,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One check: its code, its words and its function.

    Parameters
    ----------
    code : str
        Three letters of a family and three digits, never used again for anything else.
    name : str
        The problem in words joined by hyphens, from the function's name.
    severity : Severity
        How much its hits matter.
    since : str
        Version of covidxr that brought it.
    needs : frozenset of Need
        What must be there for it to run.
    page : str
        Its documentation: the function's docstring.
    check : callable
        Receives a dataset, yields hits.
    """

    code: str
    name: str
    severity: Severity
    since: str
    needs: frozenset[Need]
    page: str
    check: Callable[[Dataset], Iterator[Hit]]

    @property
    def key(self) -> str:
        """What makes it unique."""
        return self.code

    @property
    def summary(self) -> str:
        """First line of its page, with literals between single backticks, as Markdown has them."""
        return self.page.split("\n", 1)[0].replace("``", "`")

    @property
    def url(self) -> str:
        """Address of its page."""
        return f"{RULE_PAGE}#{self.code.lower()}-{self.name}"


def rule(
    code: str, *, severity: Severity, since: str, needs: tuple[Need, ...] = ()
) -> Callable[[Callable[[Dataset], Iterator[Hit]]], Rule]:
    """Make a function over a dataset into a rule.

    Parameters
    ----------
    code : str
        Such as ``"IMG101"``.
    severity : Severity
        How much its hits matter.
    since : str
        Version that brings it.
    needs : tuple of Need
        What it looks at besides the table's text.

    Returns
    -------
    callable
        The decorator; the rule's name is the function's, its page the function's docstring.
    """
    if not CODE.fullmatch(code):
        msg = f"{code!r} is not three capital letters and three digits"
        raise ValueError(msg)

    def decorate(check: Callable[[Dataset], Iterator[Hit]]) -> Rule:
        return Rule(
            code=code,
            name=check.__name__.replace("_", "-"),
            severity=severity,
            since=since,
            needs=frozenset(needs),
            page=inspect.getdoc(check) or "",
            check=check,
        )

    return decorate


@dataclass(frozen=True, slots=True, kw_only=True)
class Exporter:
    """One format in which a collection is handed on.

    Parameters
    ----------
    key : str
        What users type: ``"croissant"``.
    title : str
        Its name in words.
    since : str
        Version of covidxr that brought it.
    depth : ImageDepth
        How closely files must have been looked at.
    page : str
        Its documentation: the function's docstring.
    artifacts : callable
        Receives a dataset, yields artifacts, the same bytes each time.
    """

    key: str
    title: str
    since: str
    depth: ImageDepth
    page: str
    artifacts: Callable[[Dataset], Iterator[Artifact]]

    @property
    def summary(self) -> str:
        """First line of its page."""
        return self.page.split("\n", 1)[0]


def exporter(
    key: str, *, title: str, since: str, depth: ImageDepth = ImageDepth.STRUCTURE
) -> Callable[[Callable[[Dataset], Iterator[Artifact]]], Exporter]:
    """Make a function over a dataset into an exporter.

    Parameters
    ----------
    key : str
        What users type, and the name of the file that defines it.
    title : str
        Its name in words.
    since : str
        Version that brings it.
    depth : ImageDepth
        How closely files must have been looked at; by default their hashes are known.

    Returns
    -------
    callable
        The decorator; the exporter's page is the function's docstring.
    """

    def decorate(artifacts: Callable[[Dataset], Iterator[Artifact]]) -> Exporter:
        return Exporter(
            key=key,
            title=title,
            since=since,
            depth=depth,
            page=inspect.getdoc(artifacts) or "",
            artifacts=artifacts,
        )

    return decorate


class _Keyed(Protocol):
    @property
    def key(self) -> str: ...


_Plugin = TypeVar("_Plugin", bound=_Keyed)


@overload
def discover(package: str) -> dict[str, Rule]: ...
@overload
def discover(package: str, kind: type[_Plugin]) -> dict[str, _Plugin]: ...
def discover(package: str, kind: type[_Keyed] = Rule) -> Mapping[str, _Keyed]:
    """Collect the plug-ins of a package, in the order of its file names.

    Parameters
    ----------
    package : str
        Dotted name, such as ``"covidxr.rules"``.
    kind : type
        `Rule`, the default, `Exporter`, or :class:`covidxr.sourcing.Source`.

    Returns
    -------
    dict of str to Rule, Exporter or Source
        By key, sorted.

    Raises
    ------
    ValueError
        If two files define the same key: a mistake of a developer, found by any test.
    """
    found: dict[str, _Keyed] = {}
    folder = importlib.import_module(package)
    for info in sorted(pkgutil.iter_modules(folder.__path__), key=lambda info: info.name):
        module = importlib.import_module(f"{package}.{info.name}")
        for value in vars(module).values():
            if isinstance(value, kind):
                if value.key in found:
                    msg = f"{value.key} is defined twice, again in {module.__name__}"
                    raise ValueError(msg)
                found[value.key] = value
    return dict(sorted(found.items()))
