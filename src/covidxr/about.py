"""Who a collection is: its title, its makers, its version, and the notice that goes with it.

This module owns plain values. What is not said stays blank: an export says so, and guesses nothing.
"""

from __future__ import annotations

from dataclasses import dataclass

NOTICE = (
    "These images and labels were collected from published cases for research and teaching. They "
    "are not a representative sample of patients, and labels, views and licences come from many "
    "sources. Nothing here supports claims of diagnostic performance; do not use it, or a model "
    "made from it, to diagnose."
)
"""What every export says."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Maker:
    """A person or a group that made a collection.

    Parameters
    ----------
    name : str
        Of a group; of a person as it is spoken.
    family, given : str
        Of a person; both empty for a group.
    orcid : str
        Address below ``https://orcid.org/``; empty where there is none.
    affiliation : str
        Empty where there is none.
    """

    name: str = ""
    family: str = ""
    given: str = ""
    orcid: str = ""
    affiliation: str = ""

    @property
    def spoken(self) -> str:
        """The name in one line."""
        return self.name or " ".join(part for part in (self.given, self.family) if part)


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What a collection says of itself.

    Parameters
    ----------
    name : str
        A short name in letters, digits and hyphens, for identifiers.
    title : str
        In words.
    description : str
        What it is.
    makers : tuple of Maker
        In order; empty where nobody is named.
    url : str
        Address of its page; empty where there is none.
    doi : str
        Bare; empty where there is none.
    citation : str
        How it wants to be cited; empty where it does not say.
    keywords : tuple of str
        Empty where there are none.
    version : str
        ``MAJOR.MINOR.PATCH``; empty where it was never released.
    released_on : str
        ISO 8601 day of that version; empty where there is none.
    """

    name: str = "collection"
    title: str = ""
    description: str = ""
    makers: tuple[Maker, ...] = ()
    url: str = ""
    doi: str = ""
    citation: str = ""
    keywords: tuple[str, ...] = ()
    version: str = ""
    released_on: str = ""
