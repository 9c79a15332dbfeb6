"""The rules' own pages."""

from __future__ import annotations

import json
import re

from tests.cli.render import reports

from covidxr.cli.render import rules as render
from covidxr.plugins import SECTIONS, discover

REAL = discover("covidxr.rules")

PAGE = """\
IMG102 file-unreferenced (warning, since 0.1)
=============================================

Needs an images/ folder.

Report file unreferenced.

What it checks
--------------
That `file-unreferenced`
is not there.

How to fix
----------
Mend it.

https://github.com/covidxr/covidxr/blob/main/docs/rules.md#img102-file-unreferenced
"""

LISTING = """\
IMG102  file-unreferenced   warning  Report file unreferenced.
LIC101  licence-missing     warning  Report licence missing.
SCH203  other-spelling      info     Report other spelling.
SCH205  value-out-of-range  error    Report value out of range.
"""

SECTION = """\
### IMG102 file-unreferenced

*warning, since 0.1, needs an `images/` folder*

Report file unreferenced.

**What it checks.**
That `file-unreferenced`
is not there.

**How to fix.**
Mend it.
"""


def test_a_page_says_what_the_rule_needs_and_where_it_is_published() -> None:
    assert render.page(reports.RULES["IMG102"]) == PAGE


def test_the_list_has_a_line_for_each_rule() -> None:
    assert render.listing(reports.RULES) == LISTING
    assert render.listing({}) == ""


def test_json_has_every_rule_with_its_page() -> None:
    found = json.loads(render.as_json(REAL))
    assert found["version"] == 1
    assert [each["code"] for each in found["rules"]] == list(REAL)
    assert found["rules"][0]["page"] == REAL[found["rules"][0]["code"]].page


def test_the_document_has_a_section_for_each_rule() -> None:
    assert SECTION in render.markdown(reports.RULES)


def test_every_address_of_a_rule_ends_at_a_heading_of_the_document() -> None:
    text = render.markdown(REAL)
    heads = re.findall(r"^### (.+)$", text, re.MULTILINE)
    anchors = [re.sub(r"[^\w\- ]", "", head.lower()).replace(" ", "-") for head in heads]
    assert anchors == [rule.url.partition("#")[2] for rule in REAL.values()]
    links = re.findall(r"\]\(#([^)]+)\)", text)
    assert links == anchors


def test_the_document_has_no_trace_of_another_markup() -> None:
    text = render.markdown(REAL)
    assert "``" not in text
    assert not re.search(r"^-{3,}$", text, re.MULTILINE)
    assert all(f"**{section}.**" in text for section in SECTIONS)


def test_every_family_of_rules_is_named() -> None:
    assert {code[:3] for code in REAL} <= set(render.FAMILIES)
