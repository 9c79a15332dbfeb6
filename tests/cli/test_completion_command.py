"""``covidxr completion``."""

from __future__ import annotations

import os
import shutil
import subprocess

import pytest

from covidxr.cli.app import main


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_a_script_for_the_named_shell_is_printed(
    shell: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["completion", shell]) == 0
    script = capsys.readouterr().out
    assert f"complete_{shell}" in script
    assert "_COVIDXR_COMPLETE" not in os.environ


@pytest.mark.skipif(shutil.which("bash") is None, reason="bash is not here")
def test_bash_takes_its_script(capsys: pytest.CaptureFixture[str]) -> None:
    main(["completion", "bash"])
    script = capsys.readouterr().out
    done = subprocess.run(
        ["bash", "-euc", script + "\ncomplete -p covidxr"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert "covidxr" in done.stdout


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("covidxr valid", {"validate"}),
        ("covidxr validate --ima", {"--images"}),
        ("covidxr --col", {"--color"}),
        ("covidxr --color never annotations --tol", {"--tolerance"}),
    ],
)
def test_a_shell_that_asks_is_told_names_and_options(
    typed: str,
    offered: set[str],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("_COVIDXR_COMPLETE", "complete_bash")
    monkeypatch.setenv("COMP_WORDS", typed)
    monkeypatch.setenv("COMP_CWORD", str(len(typed.split()) - 1))
    main([])
    assert set(capsys.readouterr().out.split()) == offered


def test_a_shell_that_is_not_known_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["completion", "tcsh"]) == 2
    assert "tcsh" in capsys.readouterr().err
