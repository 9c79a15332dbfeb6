"""A report as JUnit XML."""

from __future__ import annotations

from xml.etree import ElementTree as ET

import pytest
from tests.cli.render import reports

from covidxr.cli.render.junit import render

GOLDEN = """\
<?xml version="1.0" encoding="utf-8"?>
<testsuites name="covidxr" tests="4" failures="1" errors="0" skipped="3" time="0">
  <testsuite name="images/b.png" tests="1" failures="0" errors="0" skipped="1" time="0" \
file="images/b.png">
    <properties><property name="version" value="9.9"/></properties>
    <testcase name="IMG102 file-unreferenced images/b.png" classname="images/b.png" time="0" \
file="images/b.png">
      <skipped message="no row names b.png" type="IMG102">images/b.png: no row names b.png
trace it
https://github.com/covidxr/covidxr/blob/main/docs/rules.md#img102-file-unreferenced</skipped>
    </testcase>
  </testsuite>
"""


def test_a_suite_for_each_file_and_a_case_for_each_problem() -> None:
    assert render(reports.SMALL, reports.RULES, version="9.9").startswith(GOLDEN)


@pytest.mark.parametrize("which", ["EMPTY", "SMALL", "HOSTILE"])
def test_every_report_is_well_formed_and_its_numbers_add_up(which: str) -> None:
    root = ET.fromstring(render(getattr(reports, which), reports.RULES, version="9.9"))  # noqa: S314
    suites = root.findall("testsuite")
    for name in ("tests", "failures", "skipped"):
        assert int(root.attrib[name]) == sum(int(suite.attrib[name]) for suite in suites), name
    for suite in suites:
        cases = suite.findall("testcase")
        assert int(suite.attrib["tests"]) == len(cases)
        assert int(suite.attrib["failures"]) == len(suite.findall("testcase/failure"))
        assert int(suite.attrib["skipped"]) == len(suite.findall("testcase/skipped"))


def test_only_errors_are_failures() -> None:
    root = ET.fromstring(render(reports.SMALL, reports.RULES, version="9.9"))  # noqa: S314
    assert [each.attrib["type"] for each in root.iter("failure")] == ["SCH205"]


def test_nothing_to_report_is_one_passed_case() -> None:
    root = ET.fromstring(render(reports.EMPTY, reports.RULES, version="9.9"))  # noqa: S314
    (case,) = root.iter("testcase")
    assert case.attrib["name"] == "No problems found"
    assert list(case) == []


def test_what_xml_means_is_escaped_and_what_it_cannot_hold_is_shown() -> None:
    root = ET.fromstring(render(reports.HOSTILE, reports.RULES, version="9.9"))  # noqa: S314
    failure = next(root.iter("failure"))
    assert failure.attrib["message"] == (
        r"text a\x1b[31m\r\n::error::x\x00\x9b\u202e\xe9\ufffe" + "%|<b>`&\"',:"
    )
