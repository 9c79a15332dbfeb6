"""Volumes lose their words and keep their voxels."""

from __future__ import annotations

import gzip
import io
import random
import struct
from typing import Any

import nibabel
import numpy as np
import pytest

from covidxr.imaging.cleaned import UncleanError
from covidxr.imaging.cleannifti import clean_nifti

VOXELS = np.arange(60, dtype=np.int16).reshape(3, 4, 5)
AFFINE = np.array([[-2.0, 0, 0, 10], [0, 1.5, 0, -20], [0, 0, 3, 5], [0, 0, 0, 1]])
WORD = b"Jane Doe"


def volume(kind: Any = nibabel.Nifti1Image, order: Any = "<", *, extended: bool = True) -> bytes:
    header = kind.header_class(endianness=order)
    header.set_data_dtype(np.dtype(np.int16).newbyteorder(order))
    made = kind(VOXELS, AFFINE, header)
    for field in ("descrip", "aux_file", "intent_name"):
        made.header[field] = WORD
    if "db_name" in made.header.keys():  # noqa: SIM118 - a header is no mapping
        made.header["db_name"] = WORD
        made.header["data_type"] = WORD
    made.header.set_slope_inter(2.0, -1000.0)
    if extended:
        made.header.extensions.append(nibabel.nifti1.Nifti1Extension("comment", WORD * 9))
        made.header.extensions.append(nibabel.nifti1.Nifti1Extension(4, b"<xml>Jane Doe"))
    return bytes(made.to_bytes())


def read(data: bytes) -> Any:
    kind = nibabel.Nifti1Image if data[:4] in {b"\\\1\0\0", b"\0\0\1\\"} else nibabel.Nifti2Image
    return kind.from_bytes(data)


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("kind", [nibabel.Nifti1Image, nibabel.Nifti2Image])
@pytest.mark.parametrize("extended", [True, False])
def test_words_and_extensions_go_and_voxels_and_geometry_stay(
    kind: Any, order: str, *, extended: bool
) -> None:
    data = volume(kind, order, extended=extended)
    assert WORD in data
    done = clean_nifti(data)
    assert WORD not in done.data
    assert ("extensions" in done.removed) == extended
    assert "descrip" in done.removed
    before, after = read(data), read(done.data)
    assert isinstance(after, kind)
    assert after.header.endianness == order
    assert not after.header.extensions
    assert (after.affine == before.affine).all()
    assert (np.asarray(after.dataobj) == np.asarray(before.dataobj)).all()
    assert done.data[-VOXELS.nbytes :] == data[-VOXELS.nbytes :]
    begin, end = (112, 120) if kind is nibabel.Nifti1Image else (176, 192)
    assert done.data[begin:end] == data[begin:end]
    assert any(data[begin:end])
    again = clean_nifti(done.data)
    assert (again.data, again.removed) == (done.data, ())


def test_every_byte_of_the_header_that_may_hold_words_is_blank_afterwards() -> None:
    # Letters in every field of nifti1.h that is text or unused.
    data = bytearray(volume(extended=False))
    for begin, length in ((4, 10), (14, 18), (32, 4), (140, 8), (148, 80), (228, 24), (328, 16)):
        data[begin : begin + length] = b"J" * length
    assert b"JJJ" not in clean_nifti(bytes(data)).data


def test_gzips_name_comment_and_time_go_and_the_same_volume_gives_the_same_bytes() -> None:
    stream = io.BytesIO()
    with gzip.GzipFile("Jane Doe.nii", "wb", fileobj=stream, mtime=1_580_000_000) as packed:
        packed.write(volume())
    done = clean_nifti(stream.getvalue())
    assert "gzip's name and time" in done.removed
    assert done.data[3] == 0
    assert done.data[4:8] == bytes(4)
    assert b"Jane" not in done.data
    assert gzip.decompress(done.data) == clean_nifti(volume()).data
    assert clean_nifti(gzip.compress(volume(), 1, mtime=5)).data == done.data
    assert clean_nifti(done.data).removed == ()


def test_several_members_are_one_volume() -> None:
    data = volume()
    packed = gzip.compress(data[:400]) + gzip.compress(data[400:])
    assert clean_nifti(packed).data == clean_nifti(gzip.compress(data)).data


def test_what_follows_the_voxels_goes() -> None:
    done = clean_nifti(volume() + WORD)
    assert WORD not in done.data
    assert "data behind the voxels" in done.removed
    packed = clean_nifti(gzip.compress(volume() + WORD) + WORD)
    assert gzip.decompress(packed.data) == done.data


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (volume()[:-4], "4 bytes are missing"),
        (gzip.compress(volume()[:-4]), "4 bytes are missing"),
        (gzip.compress(volume())[:-30], "cut off"),
        (volume()[:344] + b"ni1\0" + volume()[348:], "another file"),
        (volume()[:42] + struct.pack("<3h", 9999, 9999, 9999) + volume()[48:], "missing"),
        (
            gzip.compress(volume()[:42] + struct.pack("<3h", 999, 999, 99) + volume()[48:]),
            "missing",
        ),
        (
            gzip.compress(volume()[:42] + struct.pack("<3h", 9999, 9999, 9999) + volume()[48:]),
            "more than",
        ),
        (volume()[:40] + struct.pack("<h", 9) + volume()[42:], "dimensions"),
        (b"no volume", "no NIfTI"),
        (b"", "no NIfTI"),
    ],
)
def test_what_cannot_be_cleaned_is_refused(data: bytes, words: str) -> None:
    with pytest.raises(UncleanError, match=words):
        clean_nifti(data)


@pytest.mark.parametrize("packed", [True, False])
def test_a_damaged_volume_is_cleaned_or_refused(*, packed: bool) -> None:
    chance = random.Random(6)  # noqa: S311 - damage, not a secret
    data = volume()
    outcomes = set()
    for _ in range(300):
        damaged = bytearray(gzip.compress(data) if packed else data)
        damaged[chance.randrange(len(damaged))] = chance.randrange(256)
        try:
            done = clean_nifti(bytes(damaged))
        except UncleanError as error:
            outcomes.add("refused" if error.reason else "")
        else:
            outcomes.add("cleaned")
            assert clean_nifti(done.data).data == done.data
    assert outcomes == {"cleaned", "refused"}


def test_every_text_of_the_second_header_is_blank_afterwards() -> None:
    data = bytearray(volume(nibabel.Nifti2Image, extended=False))
    for begin, length in ((240, 80), (320, 24), (508, 16), (525, 15)):
        data[begin : begin + length] = b"J" * length
    assert b"JJJ" not in clean_nifti(bytes(data)).data


def test_a_bomb_behind_the_voxels_is_not_unpacked() -> None:
    # What is not looked at may be broken.
    broken = gzip.compress(volume() + b"!") + gzip.compress(b"behind")[:-9] + b"broken"
    assert gzip.decompress(clean_nifti(broken).data) == clean_nifti(volume()).data
    bomb = gzip.compress(volume()) + gzip.compress(bytes(1 << 28), 9)
    assert len(gzip.decompress(clean_nifti(bomb).data)) < 1000
