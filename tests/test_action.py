"""The check on pull requests: its script on a local repository, and the shape of its manifests."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from tests import build

ROOT = Path(__file__).parents[1]
COVIDXR = Path(sys.executable).with_name("covidxr")

pytestmark = pytest.mark.skipif(
    shutil.which("git") is None or shutil.which("bash") is None or not COVIDXR.exists(),
    reason="needs git, bash and an installed covidxr",
)

MARKED = "<!-- covidxr stats: begin -->\n<!-- covidxr stats: end -->\n"


def manifest(name: str) -> Any:
    return yaml.safe_load((ROOT / name).read_text(encoding="utf-8"))


def git(root: Path, *words: str) -> None:
    who = ["-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false"]
    subprocess.run(["git", "-C", str(root), *who, *words], check=True, capture_output=True)


def covidxr(root: Path, *words: str) -> None:
    subprocess.run([str(COVIDXR), *words], cwd=root, check=True, capture_output=True)


def write_rows(root: Path, *changes: dict[str, str]) -> None:
    text = build.csv_text(build.rows(*changes))
    (root / "metadata.csv").write_text(text, encoding="utf-8")


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A collection on main with one old fault, and a branch to change it on."""
    root = tmp_path / "collection"
    root.mkdir()
    git(root, "init", "-q", "-b", "main")
    write_rows(root, {"license": "CC BY"}, {"temperature": "300"}, {})
    (root / "README.md").write_text(MARKED, encoding="utf-8")
    covidxr(root, "stats", "--write", "README.md")
    git(root, "add", "-A")
    git(root, "commit", "-qm", "base")
    git(root, "update-ref", "refs/remotes/origin/main", "main")
    git(root, "checkout", "-qb", "change")
    return root


def check(root: Path, **settings: str) -> tuple[int, str, str]:
    """Run what the action runs; its exit code, its log and its summary."""
    summary = root.parent / "summary.md"
    environment = {
        **os.environ,
        "COVIDXR": str(COVIDXR),
        "GITHUB_BASE_REF": "main",
        "GITHUB_STEP_SUMMARY": str(summary),
        "GITHUB_WORKSPACE": str(root),
        "ROOT": ".",
        "STATS": "README.md",
        **settings,
    }
    done = subprocess.run(
        ["bash", str(ROOT / ".github/check-pull-request.sh")],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout, summary.read_text("utf-8") if summary.exists() else ""


def test_an_unchanged_branch_passes_whatever_faults_the_base_has(repository: Path) -> None:
    code, log, _ = check(repository)
    assert code == 0
    assert "::error" not in log
    assert "::warning" not in log


def test_a_fault_that_the_branch_adds_is_annotated_at_its_cell(repository: Path) -> None:
    write_rows(repository, {"license": "CC BY"}, {"temperature": "300"}, {"temperature": "95"})
    git(repository, "commit", "-qam", "change")
    code, log, summary = check(repository)
    assert code == 1
    errors = [line for line in log.splitlines() if line.startswith("::error")]
    assert len(errors) == 1
    line = (repository / "metadata.csv").read_text("utf-8").splitlines()[3]
    column = line.index(",95,") + 2
    assert f"file=metadata.csv,line=4,endLine=4,col={column}" in errors[0]
    assert "SCH205" in summary
    assert "CC BY" not in summary


def test_a_stale_label_table_fails_the_check(repository: Path) -> None:
    write_rows(repository, {"license": "CC BY"}, {"temperature": "300"}, {"view": "AP Supine"})
    git(repository, "commit", "-qam", "change")
    code, log, summary = check(repository)
    assert code == 1
    assert "README.md" in log
    assert "+| No Finding | 0 | 2 |" in summary
    code, log, _ = check(repository, IGNORE="DOC")
    assert code == 1
    assert "::error file=./README.md" not in log
    assert "::error file=README.md::the label table is out of date" in log


def test_without_a_file_to_look_in_the_table_is_not_checked(repository: Path) -> None:
    write_rows(repository, {"license": "CC BY"}, {"temperature": "300"}, {"view": "AP Supine"})
    git(repository, "commit", "-qam", "change")
    code, log, _ = check(repository, STATS="")
    assert code == 0, log


@pytest.mark.parametrize("page", ["# A collection without a table\n", None])
def test_a_readme_without_a_place_for_the_table_is_no_fault(
    repository: Path, page: str | None
) -> None:
    readme = repository / "README.md"
    readme.unlink() if page is None else readme.write_text(page, encoding="utf-8")
    git(repository, "commit", "-qam", "no table")
    code, log, _ = check(repository)
    assert code == 0
    assert "::error" not in log
    assert "::notice::the label table is not checked: covidxr: " in log


def test_a_missing_base_is_said_with_what_to_do(repository: Path) -> None:
    code, log, _ = check(repository, GITHUB_BASE_REF="no-such-branch")
    assert code == 2
    assert "fetch-depth: 0" in log


def test_a_collection_that_cannot_be_read_fails_with_2(repository: Path) -> None:
    (repository / "metadata.csv").unlink()
    assert check(repository)[0] == 2


def test_the_action_is_composite_and_hands_inputs_over_by_environment_alone() -> None:
    action = manifest("action.yml")
    assert {"name", "description", "inputs", "runs"} <= set(action)
    assert action["runs"]["using"] == "composite"
    for name, given in action["inputs"].items():
        assert given["description"], name
        assert "default" in given, name
    for step in action["runs"]["steps"]:
        assert ("run" in step) != ("uses" in step)
        if "run" in step:
            assert step["shell"] == "bash"
            assert "${{" not in step["run"]


def test_every_input_of_the_action_is_used() -> None:
    text = (ROOT / "action.yml").read_text(encoding="utf-8")
    for name in manifest("action.yml")["inputs"]:
        assert f"inputs.{name}" in text, name


def test_the_script_reads_every_variable_that_the_action_sets() -> None:
    script = (ROOT / ".github/check-pull-request.sh").read_text(encoding="utf-8")
    (step,) = [each for each in manifest("action.yml")["runs"]["steps"] if each.get("id")]
    for name in set(step["env"]) - {"ACTION"}:
        assert re.search(rf"\$\{{?{name}\b", script), name


def test_the_hooks_run_commands_that_exist_and_get_no_file_names() -> None:
    hooks = manifest(".pre-commit-hooks.yaml")
    assert [hook["id"] for hook in hooks] == [
        "covidxr-validate",
        "covidxr-stats",
        "covidxr-schema",
    ]
    known = {"id", "name", "description", "entry", "language", "files", "pass_filenames"}
    for hook in hooks:
        assert set(hook) == known | {"require_serial", "minimum_pre_commit_version"}
        assert hook["pass_filenames"] is False
        assert re.search(hook["files"], "SCHEMA.md") or re.search(hook["files"], "metadata.csv")
        words = hook["entry"].split()
        subprocess.run([COVIDXR, words[1], "--help"], check=True, capture_output=True)


def test_the_workflow_uses_the_action_and_the_hooks_on_this_repository() -> None:
    workflow = manifest(".github/workflows/checks.yml")
    steps = [step for job in workflow["jobs"].values() for step in job["steps"]]
    assert any(step.get("uses") == "./" for step in steps)
    assert any("pre-commit try-repo" in step.get("run", "") for step in steps)
    assert any(".ci/run" in step.get("run", "") for step in steps)
    checkout = [step for step in steps if str(step.get("uses", "")).startswith("actions/checkout")]
    assert any(step.get("with", {}).get("fetch-depth") == 0 for step in checkout)
