"""The program: ``covidxr`` and ``python -m covidxr``."""

import contextlib
import gc
import os
import sys

# Starting makes some hundred thousand objects that all stay: looking for garbage among them every
# 700 allocations is a tenth of a short command's time. It is still looked for, less often.
gc.set_threshold(200_000, 20, 20)

from covidxr.cli.app import main  # noqa: E402 - imports are what the line above is about


def entry() -> None:
    """Run covidxr as a program."""
    code = main()
    # The system takes a process's memory back at once; taking a million rows apart first, object
    # by object, is up to a tenth of the run. Everything that was written is flushed before.
    for stream in (sys.stdout, sys.stderr):
        # A stream is gone where its reader went away; then there is nothing to say to it.
        with contextlib.suppress(AttributeError, OSError):
            stream.flush()
    os._exit(code)


if __name__ == "__main__":
    entry()
