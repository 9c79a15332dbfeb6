"""What the files of a collection are: every fact that is measured, and a count of them.

This workflow looks at files through the store's parts and sums up; it prints nothing, and needs no
table.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from covidxr.errors import CollectionError
from covidxr.filefacts import NEARLY_BLANK
from covidxr.filelook import Work, look_at_files
from covidxr.levels import ImageDepth
from covidxr.likenessstore import Remembered
from covidxr.places import Folder

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from concurrent.futures import Executor
    from pathlib import Path

    from covidxr.model import ImageFacts
    from covidxr.places import Place


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """Which files, and how they are looked at.

    Parameters
    ----------
    root : Path
        The collection's folder.
    place : Place or None
        Where the files lie, if not there.
    depth : ImageDepth
        How closely.
    workers : Executor or None
        Looks at files side by side.
    progress : callable or None
        Told how many files are done and how many there are.
    """

    root: Path
    place: Place | None = None
    depth: ImageDepth = ImageDepth.FULL
    workers: Executor | None = None
    progress: Callable[[int, int], None] | None = None


def gather(options: Options) -> tuple[ImageFacts, ...]:
    """Look at every file below ``images/`` and ``volumes/``.

    Returns
    -------
    tuple of ImageFacts
        In the order of the paths.

    Raises
    ------
    CollectionError
        If there is neither folder, or one cannot be listed.
    """
    place = options.place or Folder(options.root)
    work = Work(
        depth=options.depth,
        workers=options.workers,
        progress=options.progress,
        memory=Remembered(options.root),
    )
    facts = tuple(look_at_files(place, work).values())
    if not facts and not Folder(options.root).is_there():
        raise CollectionError(
            f"{options.root} has no folder images or volumes; name the collection's with --root"
        )
    return facts


def counted(facts: Iterable[ImageFacts]) -> Mapping[str, Counter[str]]:
    """Count facts.

    Returns
    -------
    mapping of str to Counter
        By what is counted (``"format"``, ``"mode"``, ``"bits"``, ``"notable"``), then by value, the
        commonest first; what was not looked for is in no count.
    """
    counts: dict[str, Counter[str]] = {
        name: Counter() for name in ("format", "mode", "bits", "notable")
    }
    for each in facts:
        counts["format"][each.format or "none that is known"] += 1
        if each.mode:
            counts["mode"][each.mode] += 1
        if each.bits is not None:
            counts["bits"][str(each.bits)] += 1
        counts["notable"].update(notable(each))
    return {
        name: Counter(dict(sorted(count.items(), key=lambda item: (-item[1], item[0]))))
        for name, count in counts.items()
    }


def notable(facts: ImageFacts) -> list[str]:
    """Say what a curator may want to know of a file, in a few words each."""
    pixels = facts.pixels
    telling = {
        "has a problem": bool(facts.problems),
        "several frames": facts.frames > 1,
        "turned by EXIF": facts.orientation not in {None, 1},
        "position in EXIF": facts.gps,
        "words in its metadata": bool(facts.texts),
        "blank": pixels is not None and pixels.levels == 0,
        "nearly blank": pixels is not None and 0 < pixels.levels < NEARLY_BLANK,
        "colour": pixels is not None and pixels.colour > 0,
        "transparent": pixels is not None and pixels.transparent,
    }
    return [words for words, told in telling.items() if told]
