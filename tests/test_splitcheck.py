"""Anyone's split is audited where it lies."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests import build

from covidxr import split, splitcheck
from covidxr.errors import UsageError
from covidxr.split import Looking, Options, Wanted

REAL = Path(__file__).parents[2] / "shared" / "real"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    rows = build.rows(*({"patientid": str(at // 2), "filename": f"{at}.png"} for at in range(20)))
    (tmp_path / "metadata.csv").write_text(build.csv_text(rows), encoding="utf-8")
    return tmp_path


def check(root: Path, *files: Path) -> splitcheck.Checked:
    return splitcheck.check(Looking(root=root), files)


def test_a_split_that_was_just_made_is_clean(root: Path) -> None:
    out = root / "s.csv"
    split.make(Options(looking=Looking(root=root), wanted=Wanted(folds=3), out=out))
    found = check(root, out)
    assert [part.name for part in found.audit.parts] == ["fold 0", "fold 1", "fold 2"]
    assert not found.must_be_seen
    assert (found.images, found.table_changed, found.folds) == (20, False, None)


def test_parts_and_folds_are_both_audited(root: Path) -> None:
    out = root / "s.csv"
    wanted = Wanted(folds=2, parts=(("train", 0.5), ("test", 0.5)))
    split.make(Options(looking=Looking(root=root), wanted=wanted, out=out))
    found = check(root, out)
    assert [part.name for part in found.audit.parts] == ["train", "test"]
    assert found.folds is not None
    assert len(found.folds.parts) == 2


def test_an_edit_and_another_table_are_told(root: Path) -> None:
    out = root / "s.csv"
    split.make(Options(looking=Looking(root=root), out=out))
    out.write_bytes(out.read_bytes().replace(b"seed: 0", b"seed: 1"))
    with (root / "metadata.csv").open("a", encoding="utf-8") as table:
        table.write("99" + "," * 22 + "images,new.png" + "," * 5 + "\n")
    found = check(root, out)
    assert len(found.edits) == 1
    assert found.must_be_seen
    assert found.table_changed
    assert found.audit.missing == ("images/new.png",)


def test_lists_and_folders_are_read(root: Path, tmp_path: Path) -> None:
    lists = tmp_path / "lists"
    lists.mkdir()
    (lists / "train.txt").write_text("0.png\n2.png\n", encoding="utf-8")
    (lists / "test.txt").write_text("1.png\n", encoding="utf-8")
    folders = tmp_path / "folders"
    for part, name in (("train", "0.png"), ("train", "2.png"), ("test", "1.png")):
        (folders / part).mkdir(parents=True, exist_ok=True)
        (folders / part / name).write_bytes(b"")
    ways = [check(root, lists / "train.txt", lists / "test.txt"), check(root, lists)]
    ways.append(check(root, folders))
    for found in ways:
        assert [each.names for each in found.audit.patients] == [("0",)]


def test_what_is_no_split_is_refused(root: Path, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    for files in ((), (tmp_path / "empty",)):
        with pytest.raises(UsageError):
            check(root, *files)


@pytest.mark.skipif(not REAL.is_dir(), reason="shared/real is not here")
def test_an_image_split_of_the_real_table_leaks_two_thirds_of_its_patients(tmp_path: Path) -> None:
    import random
    import statistics

    from covidxr import splitaudit, store
    from covidxr.splitread import Listed

    dataset = store.read_collection(REAL / "2020-06-22")
    shares = []
    for seed in range(20):
        rows = list(range(len(dataset.table)))
        random.Random(seed).shuffle(rows)  # noqa: S311 - nothing secret
        cut = len(rows) * 4 // 5
        listed = [
            Listed(written=str(row), part="train" if at < cut else "test", rows=(row,))
            for at, row in enumerate(rows)
        ]
        found = splitaudit.audit(dataset, splitaudit.assigned(dataset, listed), shortcuts=False)
        shares.append(found.parts[1].seen_patients / found.parts[1].images)
    assert 0.62 < statistics.mean(shares) < 0.74
