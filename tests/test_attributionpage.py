"""``ATTRIBUTION.md`` as a page."""

from __future__ import annotations

from tests import build

from covidxr import credits as credits_
from covidxr.attributionpage import markdown

PAGE = """\
# Attribution

2 images, from 2 sources. Whoever passes an image on names whom its line names, with the licence \
and the address. What was changed is said where it is known; that nothing is said does not mean \
that nothing was changed. Nothing here is guessed, and nothing is legal advice.

## Radiopaedia (1 image)

- images/image-1.png: Case courtesy of Dr A\\_B, Radiopaedia.org, rID: 7. \
[CC-BY-NC-SA-3.0](<https://creativecommons.org/licenses/by-nc-sa/3.0/>). \
<https://radiopaedia.org/cases/x>.

## No source named (1 image)

- images/image-2.png: (nobody is named).

## What is missing

1 image: neither doi nor url says where the image comes from.

- images/image-2.png

1 image: nobody is named: look at the page, and write the credit into other_notes.

- images/image-2.png

1 image: no licence is given: look at the page, and write its SPDX id into license.

- images/image-2.png
"""


def test_the_page_has_a_line_an_image_by_source_and_ends_with_what_is_missing() -> None:
    data = build.dataset(
        {
            "url": "https://radiopaedia.org/cases/x",
            "license": "CC-BY-NC-SA-3.0",
            "other_notes": "Case courtesy of Dr A_B, Radiopaedia.org, rID: 7",
        },
        {"url": "", "other_notes": "", "license": ""},
    )
    assert markdown(credits_.credits(data)) == PAGE


def test_text_of_the_data_can_be_no_markup_of_the_page() -> None:
    row = {
        "other_notes": "Courtesy of <b>[x](http://evil.example)</b>\nand\x1b[31m others",
        "url": "javascript:alert(1)",
    }
    page = markdown(credits_.credits(build.dataset(row)))
    assert "<b>" not in page
    assert "\x1b" not in page
    assert "[x](http" not in page
    assert "<javascript" not in page
