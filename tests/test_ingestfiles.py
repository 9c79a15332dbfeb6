"""Folders and archives that somebody sent, the hostile ones above all."""

from __future__ import annotations

import gzip
import io
import os
import stat
import struct
import tarfile
import zipfile
import zlib
from typing import TYPE_CHECKING

import pytest
from tests import contribution

from covidxr.errors import UsageError
from covidxr.ingestarchives import Member, Refused
from covidxr.ingestfiles import Contribution
from covidxr.ingesting import UnfitError
from covidxr.ingestnames import Limits

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

SMALL = Limits(file_bytes=1 << 20, total_bytes=4 << 20, files=20, ratio=50, ratio_from=1 << 20)


def read(path: Path, limits: Limits = SMALL) -> dict[str, bytes | str]:
    """Each file's bytes, or the reason why it was refused, by its name below the archive."""
    found: dict[str, bytes | str] = {}
    with Contribution(paths=(path,), limits=limits) as sent:
        for each in sent.files():
            name = each.name.removeprefix(f"{path.name}/")
            assert name not in found
            if isinstance(each, Refused):
                found[name] = each.reason
                continue
            try:
                found[name] = each.read()
            except UnfitError as refusal:
                found[name] = str(refusal)
    return found


def read_all(path: Path) -> list[str]:
    """What becomes of each file, whatever its name; a flipped byte may name two alike."""
    with Contribution(paths=(path,), limits=SMALL) as sent:
        found = []
        for each in sent.files():
            try:
                found.append(each.reason if isinstance(each, Refused) else f"{len(each.read())}")
            except UnfitError as refusal:
                found.append(str(refusal))
    return found


def zipped(path: Path, files: Mapping[str, bytes], packing: int = zipfile.ZIP_DEFLATED) -> Path:
    with zipfile.ZipFile(path, "w", packing) as archive:
        for name, data in files.items():
            archive.writestr(zipfile.ZipInfo(name), data, compress_type=packing)
    return path


def tarred(path: Path, files: Mapping[str, bytes], mode: str = "w") -> Path:
    with tarfile.open(path, mode) as archive:  # type: ignore[call-overload] # by the test's word
        for name, data in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return path


def tarred_as(path: Path, **fields: object) -> Path:
    """A tar of one good file and one odd member."""
    with tarfile.open(path, "w") as archive:
        good = tarfile.TarInfo("good.png")
        good.size = 4
        archive.addfile(good, io.BytesIO(b"good"))
        odd = tarfile.TarInfo("odd.png")
        for name, value in fields.items():
            setattr(odd, name, value)
        archive.addfile(odd, io.BytesIO(bytes(odd.size)))
    return path


def whole(path: Path, limits: Limits = SMALL) -> str:
    """The reason why a whole archive was refused."""
    found = read(path, limits)
    assert list(found) == [path.name]
    reason = found[path.name]
    assert isinstance(reason, str)
    return reason


@pytest.mark.parametrize("mode", ["w", "w:gz"])
def test_a_tar_is_read_by_its_content_whatever_it_is_called(tmp_path: Path, mode: str) -> None:
    path = tarred(tmp_path / "x.jpg", {"a/1.png": b"one", "./b/2": b"two"}, mode)
    assert read(path) == {"a/1.png": b"one", "b/2": b"two"}


def test_a_zip_is_read_member_by_member(tmp_path: Path) -> None:
    path = zipped(tmp_path / "x", {"a/1.png": b"one", "a/.hidden": b"", "__MACOSX/a": b""})
    assert read(path) == {"a/1.png": b"one"}


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("../up.png", "leads out"),
        ("a/../../up.png", "leads out"),
        ("a\\..\\..\\up.png", "leads out"),
        ("/etc/passwd", "absolute"),
        ("\\\\server\\share", "absolute"),
        ("C:/up.png", "drive"),
        ("c:up.png", "drive"),
    ],
)
def test_a_name_that_leads_out_refuses_the_whole_archive(
    tmp_path: Path, name: str, why: str
) -> None:
    files = {"good.png": b"good", name: b"x"}
    assert why in whole(zipped(tmp_path / "x.zip", files))
    assert why in whole(tarred(tmp_path / "x.tar", files))
    assert why in whole(tarred(tmp_path / "x.tar.gz", files, "w:gz"))


def test_a_name_that_is_only_odd_refuses_its_member_alone(tmp_path: Path) -> None:
    names = ("a\\b.png", "line\nend.png", "\x1b[31mred.png")
    files = {"good.png": b"good", **dict.fromkeys(names, b"x")}
    for path in (zipped(tmp_path / "x.zip", files), tarred(tmp_path / "x.tar", files)):
        found = read(path)
        assert found.pop("good.png") == b"good"
        assert len(found) == 3
        assert all("its name holds" in str(reason) for reason in found.values())


def test_a_name_with_nul_refuses_the_whole_zip(tmp_path: Path) -> None:
    path = zipped(tmp_path / "x.zip", {"good.pngX.exe": b"x"})
    path.write_bytes(path.read_bytes().replace(b"good.pngX.exe", b"good.png\0.exe"))
    assert "NUL" in whole(path)


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_of_several_members_of_one_name_none_is_taken(tmp_path: Path) -> None:
    path = tmp_path / "x.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for name in ("a.png", "b.png", "A.png"):
            archive.writestr(name, b"x")
    with Contribution(paths=(path,)) as sent:
        kinds = [(each.name, type(each)) for each in sent.files()]
    assert kinds == [("x.zip/a.png", Refused), ("x.zip/b.png", Member), ("x.zip/A.png", Refused)]


def test_encrypted_members_are_refused(tmp_path: Path) -> None:
    path = zipped(tmp_path / "x.zip", {"a.png": b"secret"})
    path.write_bytes(contribution.encrypted(path.read_bytes()))
    assert "encrypted" in str(read(path)["a.png"])


def test_a_zip_that_unpacks_to_too_much_is_refused_unread(tmp_path: Path) -> None:
    blank = bytes(900_000)
    path = zipped(tmp_path / "ratio.zip", {f"{n}.png": blank for n in range(3)})
    assert "times its size" in whole(path)
    noise = os.urandom(900_000)
    path = zipped(tmp_path / "total.zip", {f"{n}.png": noise for n in range(5)})
    assert "unpacks to more than" in whole(path)
    path = zipped(tmp_path / "many.zip", {f"{n}.png": b"" for n in range(21)})
    assert "more than 20 members" in whole(path)


def test_one_large_member_is_refused_alone(tmp_path: Path) -> None:
    noise = os.urandom(1_100_000)
    for path in (
        zipped(tmp_path / "x.zip", {"large.png": noise, "good.png": b"good"}),
        tarred(tmp_path / "x.tar", {"large.png": noise, "good.png": b"good"}),
    ):
        found = read(path)
        assert found["good.png"] == b"good"
        assert "are not taken" in str(found["large.png"])


def test_members_that_share_their_bytes_are_a_bomb(tmp_path: Path) -> None:
    path = zipped(tmp_path / "x.zip", {"a.png": b"x" * 100, "b.png": b"x" * 100})
    data = bytearray(path.read_bytes())
    first = data.find(b"PK\x01\x02")
    second = data.find(b"PK\x01\x02", first + 4)
    # Both entries of the directory name the first member's place.
    data[second + 42 : second + 46] = data[first + 42 : first + 46]
    path.write_bytes(bytes(data))
    assert "overlap" in whole(path)


def test_a_member_that_claims_less_than_it_holds_is_refused(tmp_path: Path) -> None:
    path = zipped(tmp_path / "x.zip", {"a.png": bytes(5000), "b.png": b"good"})
    data = path.read_bytes()
    lied = data.replace(struct.pack("<I", 5000), struct.pack("<I", 50))
    path.write_bytes(lied)
    found = read(path)
    assert found["b.png"] == b"good"
    assert "cannot be unpacked" in str(found["a.png"])


def test_a_packed_tar_is_not_unpacked_beyond_the_limit(tmp_path: Path) -> None:
    blank = bytes(900_000)
    path = tarred(tmp_path / "x.tgz", {f"{n}.png": blank for n in range(4)}, "w:gz")
    assert "times its size" in whole(path)
    # A header that claims a size which is not there must not be read to its end either.
    info = tarfile.TarInfo("huge.png")
    info.size = 1 << 40
    lying = gzip.compress(info.tobuf() + bytes(2048))
    path.write_bytes(lying)
    assert "refused" in whole(path)


def test_a_header_of_megabytes_is_refused(tmp_path: Path) -> None:
    info = tarfile.TarInfo("././@LongLink")
    info.type, info.size = tarfile.GNUTYPE_LONGNAME, 8 << 20
    path = tmp_path / "x.tar"
    path.write_bytes(info.tobuf() + b"a" * (8 << 20))
    limits = Limits(total_bytes=1 << 30)
    assert "header" in whole(path, limits)


def test_a_device_or_a_link_that_leads_out_refuses_the_whole_tar(tmp_path: Path) -> None:
    path = tmp_path / "x.tar"
    assert "device" in whole(tarred_as(path, type=tarfile.FIFOTYPE))
    assert "device" in whole(tarred_as(path, type=tarfile.CHRTYPE))
    for target in ("/etc/passwd", "../../etc/passwd", "a/../../x"):
        assert "link" in whole(tarred_as(path, type=tarfile.SYMTYPE, linkname=target))
        assert "link" in whole(tarred_as(path, type=tarfile.LNKTYPE, linkname=target))


def test_a_link_within_the_archive_is_not_followed(tmp_path: Path) -> None:
    for kind in (tarfile.SYMTYPE, tarfile.LNKTYPE):
        path = tarred_as(tmp_path / "x.tar", type=kind, linkname="good.png")
        assert read(path) == {"good.png": b"good", "odd.png": "it is a link, which is not followed"}
    path = tmp_path / "x.zip"
    for target, why in (
        (b"good.png", "not followed"),
        (b"../up", "leads out"),
        (b"a" * 5000, "5,000 letters"),
    ):
        with zipfile.ZipFile(path, "w") as archive:
            link = zipfile.ZipInfo("odd.png")
            link.external_attr = (stat.S_IFLNK | 0o777) << 16
            archive.writestr(link, target)
        assert why in str(next(iter(read(path).values())))


def test_a_damaged_archive_is_told_and_its_whole_members_are_read(tmp_path: Path) -> None:
    files = {f"{n}.png": os.urandom(500) for n in range(4)}
    for path in (
        zipped(tmp_path / "x.zip", files, zipfile.ZIP_STORED),
        tarred(tmp_path / "x.tar", files),
        tarred(tmp_path / "x.tgz", files, "w:gz"),
    ):
        data = path.read_bytes()
        for cut in range(4, len(data), len(data) // 40):
            path.write_bytes(data[:cut])
            for name, held in read(path).items():
                if isinstance(held, bytes) and name in files:
                    assert held == files[name]


def test_flipped_bytes_never_raise(tmp_path: Path) -> None:
    import random

    chance = random.Random(7)  # noqa: S311 - the same flips each time
    files = {f"{n}.png": os.urandom(300) for n in range(3)}
    for path in (
        zipped(tmp_path / "x.zip", files),
        tarred(tmp_path / "x.tar", files),
        tarred(tmp_path / "x.tgz", files, "w:gz"),
    ):
        good = path.read_bytes()
        for _ in range(150):
            data = bytearray(good)
            for _ in range(chance.choice((1, 4))):
                data[chance.randrange(len(data))] = chance.randrange(256)
            path.write_bytes(bytes(data))
            found = read_all(path)
            assert found


def test_a_wrong_checksum_refuses_the_member(tmp_path: Path) -> None:
    path = zipped(tmp_path / "x.zip", {"a.png": b"abcdef"}, zipfile.ZIP_STORED)
    path.write_bytes(path.read_bytes().replace(b"abcdef", b"abcdeg"))
    assert zlib.crc32(b"abcdef") != zlib.crc32(b"abcdeg")
    assert "BadZipFile" in str(read(path)["a.png"])


def test_links_pipes_and_hidden_files_of_a_folder_are_not_read(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "x.png").write_bytes(b"x")
    top = tmp_path / "top"
    (top / "sub").mkdir(parents=True)
    (top / "sub" / "a.png").write_bytes(b"a")
    (top / ".hidden").write_bytes(b"h")
    (top / "file.png").symlink_to(outside / "x.png")
    (top / "folder").symlink_to(outside)
    (top / "loop").symlink_to(top)
    os.mkfifo(top / "pipe")
    link = "it is a link, which is not followed"
    assert read(top) == {
        "sub/a.png": b"a",
        "file.png": link,
        "folder": link,
        "loop": link,
        "pipe": "it is no file but a pipe or a device",
    }


def test_a_path_that_is_not_there_is_the_user_s_mistake(tmp_path: Path) -> None:
    with (
        Contribution(paths=(tmp_path / "no",)) as sent,
        pytest.raises(UsageError, match="cannot be read"),
    ):
        list(sent.files())
