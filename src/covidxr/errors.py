"""What covidxr raises when the world, not the data, is at fault.

Bad data is never an exception: it is a :class:`covidxr.model.Diagnostic`. Anything raised that is
not a :class:`CovidxrError` is a bug, and ``main`` ends with 3.
"""


class CovidxrError(Exception):
    """Something outside the data stops the command: exit code 2.

    Parameters
    ----------
    message : str
        What happened, where, and what to do about it, as one line.
    """


class CollectionError(CovidxrError):
    """The collection cannot be read or written: no table, no permission, not a text file."""


class UsageError(CovidxrError):
    """Arguments or settings that make no sense together."""


class RevisionError(CovidxrError):
    """A git revision that does not exist, or a folder that is not under git."""


class RuleFailedError(Exception):
    """A rule raised: a bug in that rule, named so that it can be reported or deselected.

    Parameters
    ----------
    code : str
        The rule's code, such as ``"IMG101"``.
    """

    def __init__(self, code: str) -> None:
        super().__init__(f"rule {code} failed")
        self.code = code
