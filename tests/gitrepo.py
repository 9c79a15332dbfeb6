"""A git repository of a test's own, with a collection in it."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


def git(root: Path, *words: str) -> None:
    """Run git as somebody whose name is A."""
    options = ["-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false"]
    subprocess.run(["git", "-C", str(root), *options, *words], check=True, capture_output=True)


def committed(root: Path, words: str = "one more") -> None:
    """Commit all that is there, in a new repository where there is none."""
    if not (root / ".git").exists():
        git(root, "init", "-b", "main")
    git(root, "add", "-A")
    git(root, "commit", "-m", words)
