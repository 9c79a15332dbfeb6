"""The program: ``covidxr`` and ``python -m covidxr``."""

import gc
import os

_INTERRUPTED = 130


def entry() -> None:
    """Run covidxr as a program."""
    # Starting makes some hundred thousand objects that all stay: looking for garbage among them
    # every 700 allocations is a tenth of a short command's time. It is looked for less often.
    gc.set_threshold(200_000, 20, 20)
    try:
        from covidxr.cli.app import main
        from covidxr.cli.leave import leave

        leave(main())
    except KeyboardInterrupt:
        # Too early or too late for the commands' own answer: nothing was begun or all is done.
        os._exit(_INTERRUPTED)


if __name__ == "__main__":
    entry()
