"""The program: ``covidxr`` and ``python -m covidxr``."""

import contextlib
import gc
import os
import sys

_INTERRUPTED = 130


def entry() -> None:
    """Run covidxr as a program."""
    # Starting makes some hundred thousand objects that all stay: looking for garbage among them
    # every 700 allocations is a tenth of a short command's time. It is looked for less often.
    gc.set_threshold(200_000, 20, 20)
    try:
        from covidxr.cli.app import main

        code = main()
    except KeyboardInterrupt:
        # Too early or too late for the commands' own answer: nothing was begun or all is done.
        code = _INTERRUPTED
    for stream in (sys.stdout, sys.stderr):
        # A stream is gone where its reader went away; then there is nothing to say to it.
        with contextlib.suppress(AttributeError, OSError):
            stream.flush()
    # An interrupted run may leave processes that read for it; nobody waits for them any more.
    if "multiprocessing" in sys.modules:
        from multiprocessing import active_children

        for child in active_children():
            child.terminate()
    # The system takes a process's memory back at once; taking a million rows apart first, object
    # by object, is up to a tenth of the run.
    os._exit(code)


if __name__ == "__main__":
    entry()
