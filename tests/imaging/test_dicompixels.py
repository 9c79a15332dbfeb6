"""DICOM pixels: stored, as values, to look at, and for a PNG of 16 bits."""

from __future__ import annotations

import io
import struct
from typing import Any

import numpy as np
import pytest
from PIL import Image
from pydicom.dataset import FileMetaDataset
from pydicom.uid import (
    UID,
    DeflatedExplicitVRLittleEndian,
    ExplicitVRBigEndian,
    ExplicitVRLittleEndian,
    JPEG2000Lossless,
    JPEGBaseline8Bit,
    JPEGExtended12Bit,
    JPEGLSLossless,
    RLELossless,
)
from tests.dicoms import RAMP, dicom, items, picture, written

from covidxr.imaging import dicompixels, gdcmchild
from covidxr.imaging.codedsize import coded_samples
from covidxr.imaging.dicompixels import (
    SixteenBits,
    check_frames,
    frames_of,
    shown,
    sixteen_bits,
    stored,
    values,
)
from covidxr.imaging.windowing import Window, through
from covidxr.model import FileProblem

SIGNED = np.array([[-1024, 0], [40, 3000]], np.int16)
COLOURS = np.arange(4 * 5 * 3, dtype=np.uint8).reshape(4, 5, 3) * 4


def pixels(found: Any) -> Any:
    assert isinstance(found, np.ndarray), found
    return found


def deep(found: SixteenBits | FileProblem) -> SixteenBits:
    assert isinstance(found, SixteenBits), found
    return found


def message(found: object) -> str:
    assert isinstance(found, FileProblem)
    return found.message


def coded(kind: str, array: Any, **options: Any) -> bytes:
    stream = io.BytesIO()
    Image.fromarray(array).save(stream, kind, **options)
    return stream.getvalue()


# JPEG-LS of 16 x 16 black pixels of eight bits, by hand: lines are runs, which 29 bits of 1 tell;
# behind FF comes a 0 (T.87, annex A.7).
def jpeg_ls(rows: int = 16, columns: int = 16) -> bytes:
    frame = b"\xff\xf7" + struct.pack(">HBHHB", 11, 8, rows, columns, 1) + b"\1\x11\0"
    scan = b"\xff\xda" + struct.pack(">HB", 8, 1) + b"\1\0\0\0\0"
    return b"\xff\xd8" + frame + scan + b"\xff\x7f\xff\x7e" + b"\xff\xd9"


def rle(*segments: bytes) -> bytes:
    begins = [64 + sum(map(len, segments[:number])) for number in range(len(segments))]
    head = [len(segments), *begins, *[0] * (15 - len(segments))]
    return struct.pack("<16I", *head) + b"".join(segments)


def test_damaged_run_lengths_are_told() -> None:
    black = np.zeros((16, 16), np.uint8)
    for segments, said in (
        ((b"\x81\0",), "a segment unpacks to 128 bytes of 256"),
        ((b"\x81\0" * 2,) * 2, "it has 2 segments of 1"),
    ):
        found = stored(dicom(black, syntax=RLELossless, frames=[rle(*segments)]))
        assert message(found).endswith(said)
    found = stored(dicom(black, syntax=RLELossless, frames=[bytes(10)]))
    assert message(found).endswith("it has no header")
    found = stored(dicom(black, syntax=RLELossless, frames=[b"\xff" * 64]))
    assert message(found).endswith("it has 4294967295 segments")


@pytest.mark.parametrize("syntax", [ExplicitVRLittleEndian, DeflatedExplicitVRLittleEndian])
@pytest.mark.parametrize("array", [SIGNED, RAMP, RAMP.astype(np.uint8)[:9, :9]])
def test_pixels_are_given_as_they_are_stored(syntax: UID, array: Any) -> None:
    assert np.array_equal(pixels(stored(dicom(array, syntax=syntax))), array)


def test_the_other_order_of_bytes_is_read() -> None:
    made = picture(RAMP)
    made.PixelData = RAMP.byteswap().tobytes()
    assert np.array_equal(pixels(stored(written(made, ExplicitVRBigEndian))), RAMP)


def test_frames_are_given_one_by_one() -> None:
    data = dicom(RAMP.reshape(4, 5, 5))
    assert frames_of(data) == 4
    assert np.array_equal(pixels(stored(data, 3)), RAMP.reshape(4, 5, 5)[3])
    assert message(stored(data, 4)) == "it has no frame 4"


def test_slope_and_intercept_make_values() -> None:
    data = dicom(SIGNED, RescaleSlope="2", RescaleIntercept="-24")
    assert pixels(values(data)).tolist() == [[-2072, -24], [56, 5976]]


def test_slope_and_intercept_of_a_frame_go_before_the_headers() -> None:
    def group(slope: str) -> dict[str, Any]:
        held = items({"RescaleSlope": slope, "RescaleIntercept": "1"})
        return {"PixelValueTransformationSequence": held}

    data = dicom(
        np.stack([SIGNED, SIGNED]), PerFrameFunctionalGroupsSequence=items(group("1"), group("3"))
    )
    assert pixels(values(data, 0))[1, 0] == 41
    assert pixels(values(data, 1))[1, 0] == 121


def test_a_modality_table_makes_values() -> None:
    table = {
        "LUTDescriptor": [3, 0, 16],
        "ModalityLUTType": "US",
        "LUTData": struct.pack("<3H", 7, 70, 700),
    }
    data = dicom(np.array([[0, 1], [2, 2]], np.uint16), ModalityLUTSequence=items(table))
    assert pixels(values(data)).tolist() == [[7, 70], [700, 700]]
    kept = deep(sixteen_bits(data))
    assert (kept.slope, kept.intercept) == (None, None)
    assert kept.pixels.tolist() == [[0, 1], [2, 2]]


def test_colours_have_no_values() -> None:
    assert message(values(dicom(COLOURS))) == "its pixels are colours, which have no unit"


def test_a_window_is_that_of_the_standard_and_not_stretched() -> None:
    # PS3.3, C.11.2.1.2.1: centre 500, width 101 runs from 449.5 - ... to 549.5: black to white.
    data = dicom(RAMP, WindowCenter="500", WindowWidth="101")
    seen = pixels(shown(data)).ravel()
    assert seen[RAMP.ravel().tolist().index(440)] == 0
    assert seen[RAMP.ravel().tolist().index(550)] == 255
    assert seen[RAMP.ravel().tolist().index(500)] == round((500 - 449.5) * 255 / 100)
    # All within the window: its ends are black and white, not the picture's.
    dull = pixels(shown(dicom(RAMP, WindowCenter="500", WindowWidth="4001")))
    assert 90 < dull.min() < dull.max() < 165


def test_functions_of_a_window_differ() -> None:
    ramp = np.arange(0.0, 101.0)
    exact = through(ramp, Window(centre=50, width=100, function="LINEAR_EXACT"))
    bent = through(ramp, Window(centre=50, width=100, function="SIGMOID"))
    assert (exact[0], exact[100]) == (0, 255)
    assert exact[50] in {127, 128}
    assert bent[50] in {127, 128}
    assert 0 < bent[0] < 60
    assert through(np.array([-1e9, 1e9]), Window(centre=0, width=1)).tolist() == [0, 255]


def test_the_widest_range_of_values_is_shown() -> None:
    ends = np.array([[-20_000, -1], [1, 20_000]], np.int16)
    assert pixels(shown(dicom(ends, WindowCenter="0", WindowWidth="40001"))).tolist() == [
        [0, 127],
        [128, 255],
    ]
    wide = np.array([[0, 100_000], [200_000, 200_000]], np.uint32)
    assert pixels(shown(dicom(wide))).tolist()[0][0] == 0
    floats = dicom(np.array([[0, 1000]], np.uint16), RescaleSlope="0.5", RescaleIntercept="0")
    assert pixels(shown(floats)).tolist() == [[0, 255]]


def test_a_window_without_a_width_is_none() -> None:
    plain = pixels(shown(dicom(RAMP)))
    assert np.array_equal(pixels(shown(dicom(RAMP, WindowCenter="5", WindowWidth="0"))), plain)


def test_a_table_of_the_presentation_is_looked_up() -> None:
    table = {"LUTDescriptor": [4, 0, 8], "LUTData": struct.pack("<4H", 0, 255, 128, 64)}
    data = dicom(np.array([[0, 1], [2, 3]], np.uint16), VOILUTSequence=items(table))
    assert pixels(shown(data)).tolist() == [[0, 255], [128, 64]]


def test_monochrome1_is_turned() -> None:
    plain, turned = (dicom(RAMP, PhotometricInterpretation=f"MONOCHROME{n}") for n in (2, 1))
    assert np.array_equal(pixels(shown(turned)), 255 - pixels(shown(plain)))
    assert np.array_equal(pixels(stored(turned)), RAMP)


def test_colours_are_shown_as_red_green_and_blue() -> None:
    assert np.array_equal(pixels(shown(dicom(COLOURS))), COLOURS)
    grey = np.full((4, 4, 3), (120, 128, 128), np.uint8)
    data = dicom(grey, PhotometricInterpretation="YBR_FULL")
    assert pixels(shown(data)).tolist() == np.full((4, 4, 3), 120).tolist()


def test_a_palette_is_looked_up() -> None:
    made = picture(np.array([[0, 1], [1, 0]], np.uint8), PhotometricInterpretation="PALETTE COLOR")
    for name, levels in (("Red", [0, 255]), ("Green", [10, 20]), ("Blue", [7, 9])):
        made[f"{name}PaletteColorLookupTableDescriptor"] = _descriptor(name)
        setattr(made, f"{name}PaletteColorLookupTableData", bytes(levels))
    data = written(made)
    assert pixels(shown(data)).tolist()[0] == [[0, 10, 7], [255, 20, 9]]
    assert pixels(stored(data)).tolist() == [[0, 1], [1, 0]]
    assert message(sixteen_bits(data)) == "it is in colour, which eight bits hold"


def _descriptor(name: str) -> Any:
    from pydicom.datadict import tag_for_keyword
    from pydicom.dataelem import DataElement

    tag = tag_for_keyword(f"{name}PaletteColorLookupTableDescriptor")
    assert tag is not None
    return DataElement(tag, "US", [2, 0, 8])


@pytest.mark.parametrize("photometric", ["MONOCHROME1", "MONOCHROME2"])
@pytest.mark.parametrize(
    "array",
    [SIGNED, RAMP, np.array([[0, 65535]], np.uint16), np.array([[-32768, 32767]], np.int16)],
)
def test_sixteen_bits_lead_back_to_what_was_stored(array: Any, photometric: str) -> None:
    data = dicom(
        array, PhotometricInterpretation=photometric, RescaleIntercept="-3", RescaleSlope="2"
    )
    kept = deep(sixteen_bits(data))
    assert kept.pixels.dtype == np.uint16
    back = kept.origin + kept.step * kept.pixels.astype(np.int64)
    assert np.array_equal(back, array)
    assert (kept.slope, kept.intercept) == (2, -3)
    assert np.array_equal(back * 2 - 3, pixels(values(data)))
    # White is bright.
    darkest = kept.pixels.ravel()[np.argmin(array)]
    assert (darkest < kept.pixels.ravel()[np.argmax(array)]) == (photometric == "MONOCHROME2")


def test_files_with_one_header_have_one_way_back() -> None:
    one, other = (
        deep(sixteen_bits(dicom(array, BitsStored=12, HighBit=11)))
        for array in (SIGNED // 2, SIGNED // 4)
    )
    assert (one.origin, one.step, one.bits) == (other.origin, other.step, other.bits)
    assert (one.origin, one.bits) == (-2048, 12)


def test_more_than_sixteen_bits_are_not_narrowed() -> None:
    wide = np.array([[0, 70_000]], np.uint32)
    assert message(sixteen_bits(dicom(wide))) == "its pixels need more than 16 bits"
    narrow = np.array([[70_000, 70_005]], np.uint32)
    assert deep(sixteen_bits(dicom(narrow))).pixels.tolist() == [[0, 5]]


def test_compressed_grey_is_decoded() -> None:
    noise = np.random.default_rng(1).integers(0, 4096, (24, 20)).astype(np.uint16)
    jp2 = coded("JPEG2000", noise, irreversible=False, no_jp2=True)
    data = dicom(noise, syntax=JPEG2000Lossless, frames=[jp2])
    assert np.array_equal(pixels(stored(data)), noise)
    rle = picture(noise)
    rle.file_meta = FileMetaDataset()
    rle.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    rle.compress(RLELossless, encoding_plugin="pydicom", generate_instance_uid=False)
    assert np.array_equal(pixels(stored(written(rle, RLELossless))), noise)
    black = np.zeros((16, 16), np.uint8)
    data = dicom(black, syntax=JPEGLSLossless, frames=[jpeg_ls()])
    assert pixels(stored(data)).shape == (16, 16)


def test_compressed_colours_are_decoded() -> None:
    smooth = np.repeat(np.linspace(0, 255, 32).astype(np.uint8), 96).reshape(32, 32, 3)
    jpeg = coded("JPEG", smooth, quality=95)
    for photometric in ("YBR_FULL_422", "RGB"):
        data = dicom(
            smooth, syntax=JPEGBaseline8Bit, frames=[jpeg], PhotometricInterpretation=photometric
        )
        seen = pixels(shown(data)).astype(int)
        assert seen.shape == (32, 32, 3)
    # Pillow writes YBR; what the file says of its colours decides.
    ybr = dicom(
        smooth, syntax=JPEGBaseline8Bit, frames=[jpeg], PhotometricInterpretation="YBR_FULL_422"
    )
    assert abs(pixels(shown(ybr)).astype(int) - smooth).max() < 12


def test_a_syntax_without_a_decoder_is_told_but_is_no_fault() -> None:
    smooth = np.zeros((8, 8), np.uint16)
    data = dicom(
        smooth, syntax=JPEGExtended12Bit, frames=[b"\xff\xd8\xff\xd9"], BitsStored=12, HighBit=11
    )
    assert message(shown(data)).startswith("nothing here decodes its pixels: JPEG Extended")
    assert check_frames(data) == ()


def test_what_is_too_large_is_not_decoded() -> None:
    data = dicom(RAMP, Rows=20_000, Columns=10_000)
    assert "the limit is 100,000,000 pixels" in message(stored(data))


def test_a_frame_that_asks_for_more_than_its_header_says_is_not_decoded() -> None:
    black = np.zeros((16, 16), np.uint8)
    bomb = dicom(black, syntax=JPEGLSLossless, frames=[jpeg_ls(60_000, 60_000)])
    assert message(stored(bomb)) == (
        "its compressed pixels hold 3,600,000,000 samples, the header says 256"
    )
    size = coded("JPEG2000", np.zeros((16, 16), np.uint8), no_jp2=True)
    huge = size[:8] + struct.pack(">II", 60_000, 60_000) + size[16:]
    data = dicom(black, syntax=JPEG2000Lossless, frames=[huge])
    assert "3,600,000,000 samples" in message(stored(data))
    # 64 bytes from each byte, until the picture is full.
    runs = dicom(black, syntax=RLELossless, frames=[rle(b"\x81\7" * 100_000)])
    assert pixels(stored(runs)).tolist() == np.full((16, 16), 7).tolist()


def test_a_frame_says_how_large_it_is() -> None:
    assert coded_samples(coded("JPEG", COLOURS)) == 60
    assert coded_samples(coded("JPEG2000", COLOURS)) == 60
    assert coded_samples(jpeg_ls(3, 4)) == 12
    assert coded_samples(b"\xff\xd8\xff") is None
    assert coded_samples(bytes(100)) is None


def test_a_damaged_frame_ends_only_the_process_of_its_decoder() -> None:
    black = np.zeros((16, 16), np.uint8)
    good = dicom(black, syntax=JPEGLSLossless, frames=[jpeg_ls()])
    for damaged in (jpeg_ls()[:24], jpeg_ls().replace(b"\x08\0\x10\0\x10", b"\x01\0\x10\0\x10")):
        data = dicom(black, syntax=JPEGLSLossless, frames=[damaged + bytes(len(damaged) % 2)])
        found = stored(data)
        assert isinstance(found, FileProblem | np.ndarray)
        assert pixels(stored(good)).shape == (16, 16)


def test_a_decoder_that_died_is_started_again(monkeypatch: pytest.MonkeyPatch) -> None:
    data = dicom(np.zeros((16, 16), np.uint8), syntax=JPEGLSLossless, frames=[jpeg_ls()])
    assert pixels(stored(data)).shape == (16, 16)
    ((_, child),) = gdcmchild._running
    child.kill()
    child.wait()
    assert pixels(stored(data)).shape == (16, 16)
    monkeypatch.setattr(gdcmchild, "_COMMAND", ("false",))
    gdcmchild.stop()
    assert "GDCM gave up on a damaged frame" in message(stored(data))
    assert gdcmchild._running == []
    # Nor is one waited for that hangs.
    monkeypatch.setattr(gdcmchild, "_COMMAND", ("sleep", "60"))
    monkeypatch.setattr(gdcmchild, "_PATIENCE", 0.05)
    assert "GDCM gave up on a damaged frame" in message(stored(data))
    assert gdcmchild._running == []


def test_every_frame_is_checked() -> None:
    noise = np.random.default_rng(1).integers(0, 255, (24, 20)).astype(np.uint8)
    jpeg = coded("JPEG", noise)
    frames = [jpeg, jpeg, jpeg[: len(jpeg) // 2]]
    data = dicom(np.stack([noise] * 3), syntax=JPEGBaseline8Bit, frames=frames)
    assert pixels(stored(data, 1)).shape == (24, 20)
    assert [problem.kind for problem in check_frames(data)] == ["corrupt"]


def test_frames_are_checked_as_far_as_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    noise = np.random.default_rng(1).integers(0, 255, (24, 20)).astype(np.uint8)
    jpeg = coded("JPEG", noise)
    data = dicom(np.stack([noise] * 2), syntax=JPEGBaseline8Bit, frames=[jpeg, jpeg[:300]])
    monkeypatch.setattr(dicompixels, "MOST_LOOKED_AT", 24 * 20)
    assert check_frames(data) == ()
    monkeypatch.setattr(dicompixels, "MOST_LOOKED_AT", 24 * 20 - 1)
    (problem,) = check_frames(data)
    assert problem.message == "its 480 pixels are not decoded: the limit is 479 pixels"


@pytest.mark.parametrize("data", [b"", bytes(128) + b"DICM", dicom(RAMP)[:-150], b"text"])
def test_what_cannot_be_decoded_is_a_problem(data: bytes) -> None:
    for found in (stored(data), values(data), shown(data), sixteen_bits(data)):
        assert isinstance(found, FileProblem)


def test_a_fork_has_a_decoder_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    data = dicom(np.zeros((16, 16), np.uint8), syntax=JPEGLSLossless, frames=[jpeg_ls()])
    assert pixels(stored(data)).shape == (16, 16)
    ((owner, child),) = gdcmchild._running
    # What a process sees that was forked from the one that started the child.
    monkeypatch.setattr(gdcmchild, "_running", [(owner + 1, child)])
    assert pixels(stored(data)).shape == (16, 16)
    ((mine, other),) = gdcmchild._running
    assert (mine, other.pid != child.pid, child.poll()) == (owner, True, None)
    gdcmchild.stop()
    monkeypatch.undo()
    assert pixels(stored(data)).shape == (16, 16)
