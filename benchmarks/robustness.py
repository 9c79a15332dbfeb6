"""Damage images in every way that is known, and count what `covidxr facts` makes of each.

Usage: python benchmarks/robustness.py [--images DIR] [--files N] [--flips N] [--seed N]

Each picture is cut at 20 points, has single bytes changed, is emptied, renamed and rewritten in
every odd form; then there are bombs and headers that lie. The table says how many were told (a
problem), how many read as sound, how many raised (must be none), the slowest in seconds (must be
under 5) and the memory of the process at its highest (must be under 1 GB). It ends with 1 where one
of these is broken.
"""

from __future__ import annotations

import argparse
import io
import random
import resource
import struct
import sys
import time
import zlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PIL import Image, ImageCms

from covidxr.imaging.examine import look

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

ROOT = Path(__file__).resolve().parents[1]
MOST_SECONDS, MOST_KILOBYTES = 5.0, 1_000_000
CUTS = 20


@dataclass
class Tally:
    """What became of one kind of damage."""

    tried: int = 0
    told: int = 0
    raised: list[str] = field(default_factory=list)
    slowest: float = 0.0

    def add(self, name: str, data: bytes) -> None:
        """Look at one damaged file."""
        self.tried += 1
        start = time.perf_counter()
        try:
            facts, _ = look(name, data)
            self.told += bool(facts.problems)
        except Exception as error:  # noqa: BLE001 - what is looked for
            self.raised.append(f"{name}: {error!r}")
        self.slowest = max(self.slowest, time.perf_counter() - start)


def chunk(kind: bytes, body: bytes) -> bytes:
    """Make a PNG chunk."""
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png_claiming(width: int, height: int, rows: int = 0) -> bytes:
    """Make a PNG file of a claimed size whose rows are zeros, as many as are given."""
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    packing = zlib.compressobj(9)
    packed = b"".join(packing.compress(bytes(width + 1)) for _ in range(rows)) + packing.flush()
    parts = (chunk(b"IHDR", header), chunk(b"IDAT", packed), chunk(b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def saved(picture: Image.Image, kind: str, **options: Any) -> bytes:
    """Write a picture to bytes."""
    stream = io.BytesIO()
    picture.save(stream, kind, **options)
    return stream.getvalue()


def damaged(data: bytes, flips: int, chance: random.Random) -> Iterator[tuple[str, bytes]]:
    """Yield a file's damaged forms, each with its kind."""
    for cut in range(CUTS):
        yield "cut at 20 points", data[: len(data) * cut // CUTS]
    for _ in range(flips):
        at = chance.randrange(len(data))
        other = data[at] ^ chance.randrange(1, 256)
        yield f"{flips} single bytes changed", data[:at] + bytes([other]) + data[at + 1 :]
    yield "4 kB of zeros", data[: len(data) // 2] + bytes(4096) + data[len(data) // 2 + 4096 :]
    yield "1 kB behind the end", data + b"x" * 1024
    yield "zero bytes", b""
    yield "nothing but zeros", bytes(len(data))


def forms(data: bytes) -> Iterator[tuple[str, bytes]]:
    """Yield a picture in odd forms, which are no damage."""
    with Image.open(io.BytesIO(data)) as opened:
        picture = opened.convert("RGB")
        picture.thumbnail((600, 600))
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    frames = [picture, picture.rotate(90), picture.rotate(180)]
    yield "sound: animated", saved(frames[0], "GIF", save_all=True, append_images=frames[1:])
    yield "sound: CMYK", saved(picture.convert("CMYK"), "JPEG")
    yield "sound: 1 bit", saved(picture.convert("1"), "PNG")
    yield "sound: 16 bits", saved(picture.convert("L").convert("I;16"), "PNG")
    yield "sound: ICC profile", saved(picture, "JPEG", icc_profile=profile)
    yield "sound: palette", saved(picture.quantize(), "PNG")
    yield "sound: TIFF", saved(picture, "TIFF", compression="tiff_lzw")
    yield "sound: WebP", saved(picture, "WEBP")


def bombs() -> Iterator[tuple[str, bytes]]:
    """Yield files that claim, or hold, far more than they should."""
    yield "30,000 x 30,000 header", png_claiming(30_000, 30_000)
    yield "decompression bomb", png_claiming(30_000, 30_000, rows=30_000)
    for mode in ("L", "RGB", "RGBA", "P", "LA", "I;16"):
        large = Image.new(mode, (8_000, 5_000))
        yield "just below the limit", saved(large, "PNG", compress_level=1)
    for mode, kind in (("F", "TIFF"), ("CMYK", "TIFF"), ("RGB", "WEBP"), ("CMYK", "JPEG")):
        yield "just below the limit", saved(Image.new(mode, (8_000, 5_000)), kind)
    gif = saved(Image.new("L", (2, 2)), "GIF")
    yield "30,000 x 30,000 header", gif[:6] + struct.pack("<HH", 30_000, 30_000) + gif[10:]
    jpeg = saved(Image.new("L", (16, 16)), "JPEG")
    at = jpeg.index(b"\xff\xc0") + 5
    yield "30,000 x 30,000 header", jpeg[:at] + struct.pack(">HH", 30_000, 30_000) + jpeg[at + 4 :]
    text = chunk(b"zTXt", b"Comment\0\0" + zlib.compress(bytes(200_000_000), 9))
    small = png_claiming(4, 4, rows=4)
    yield "text that unpacks to 200 MB", small[:33] + text + small[33:]


def measured(files: Iterable[Path], flips: int, seed: int) -> dict[str, Tally]:
    """Look at everything."""
    tallies: dict[str, Tally] = {}
    chance = random.Random(seed)  # noqa: S311 - damage need not be secret
    for path in files:
        data = path.read_bytes()
        tallies.setdefault("as it is", Tally()).add(path.name, data)
        for kind, other in (*damaged(data, flips, chance), *forms(data)):
            tallies.setdefault(kind, Tally()).add(path.name, other)
    for kind, other in bombs():
        tallies.setdefault(kind, Tally()).add(kind, other)
    return tallies


def main() -> int:
    """Read the arguments, damage, print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    sample = ROOT.parent / "shared" / "real" / "sample" / "images"
    parser.add_argument("--images", type=Path, default=sample)
    parser.add_argument("--files", type=int, default=0, help="only so many, evenly spread")
    parser.add_argument("--flips", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    if not given.images.is_dir():
        given.images = ROOT / "images"
    files = sorted(file for file in given.images.rglob("*") if file.suffix.lower() != ".dcm")
    files = [file for file in files if file.is_file()]
    files = files[:: max(1, len(files) // given.files)] if given.files else files
    tallies = measured(files, given.flips, given.seed)
    print(f"{len(files)} files of {given.images.name}, seed {given.seed}\n")
    print("| damage | tried | told | read as sound | raised | slowest, s |")
    print("|---|---|---|---|---|---|")
    for kind, tally in tallies.items():
        sound = tally.tried - tally.told - len(tally.raised)
        print(
            f"| {kind} | {tally.tried:,} | {tally.told:,} | {sound:,} "
            f"| {len(tally.raised)} | {tally.slowest:.2f} |"
        )
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(f"\nmemory of the process at its highest: {peak / 1000:,.0f} MB")
    raised = [each for tally in tallies.values() for each in tally.raised]
    slow = [kind for kind, tally in tallies.items() if tally.slowest > MOST_SECONDS]
    for each in raised[:10]:
        print(each)
    return 1 if raised or slow or peak > MOST_KILOBYTES else 0


if __name__ == "__main__":
    sys.exit(main())
