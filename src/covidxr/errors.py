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


class FetchError(CovidxrError):
    """One address could not be had; the run goes on with the next.

    Parameters
    ----------
    message : str
        What happened, and at which address.
    url : str
        The address.
    status : int
        What the server answered with; 0 where it was no answer, or the status was 200.
    said : str
        The beginning of what it said besides, on one line; may be empty.
    """

    def __init__(self, message: str, url: str = "", *, status: int = 0, said: str = "") -> None:
        super().__init__(message)
        self.url = url
        self.status = status
        self.said = said


class GoneError(FetchError):
    """There is nothing at the address: 404 or 410, or no such file among saved ones."""


class RefusedError(FetchError):
    """The address may not be asked: robots.txt, 401 or 403, a host that is not the source's."""


class UnreachableError(FetchError):
    """Nobody answers: no such host, no connection, no valid certificate, time out."""


class SourceError(CovidxrError):
    """A page matches no markup that its source knows.

    Parameters
    ----------
    source : str
        Key of the source.
    url : str
        The page's address.
    missing : str
        What was looked for and is not there.

    Attributes
    ----------
    kept : str
        Where the page is kept for a bug report; empty while it is not.
    """

    def __init__(self, source: str, url: str, missing: str) -> None:
        super().__init__(f"{source}: {url} is not a page that is known here: {missing}")
        self.source = source
        self.url = url
        self.missing = missing
        self.kept = ""


class SourceStoppedError(CovidxrError):
    """A site asks to stop: a challenge, a sign-in page, too many requests. It is obeyed."""


class TermsError(CovidxrError):
    """A site's terms do not permit what was asked for."""


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
