"""The program: ``covidxr`` and ``python -m covidxr``."""

import gc
import sys

# Starting makes some hundred thousand objects that all stay: looking for garbage among them every
# 700 allocations is a tenth of a short command's time. It is still looked for, less often.
gc.set_threshold(200_000, 20, 20)

from covidxr.cli.app import main  # noqa: E402 - imports are what the line above is about


def entry() -> None:
    """Run covidxr as a program."""
    sys.exit(main())


if __name__ == "__main__":
    entry()
