"""``covidxr completion``: a shell's completion script, for a shell that is named."""

from __future__ import annotations

import os
from enum import StrEnum
from typing import Annotated

import typer

ASK = "_COVIDXR_COMPLETE"
"""Variable of the environment in which a shell asks Typer for completions."""


class Shell(StrEnum):
    """Shells that have a script."""

    BASH = "bash"
    ZSH = "zsh"
    FISH = "fish"


def command(shell: Annotated[Shell, typer.Argument(help="The shell that will read it.")]) -> int:
    """Print a shell's completion script: `covidxr completion bash >> ~/.bashrc`."""
    from covidxr.cli.app import main

    # Typer prints the script of the shell that this variable names; its own --show-completion
    # takes the shell that it runs in, which is not always the one that is meant.
    os.environ[ASK] = f"source_{shell}"
    try:
        return main([])
    finally:
        del os.environ[ASK]
