"""Inline codes that did not arrive as they were."""

import pytest

from l10n_pipeline.checks import inspect
from l10n_pipeline.model import Severity
from tests.checks.findings import rules


@pytest.mark.parametrize(
    ("target", "said"),
    [
        ("Execute <g1><x2/></g1> já.", []),
        ("<x2/>: execute <g1>já</g1>.", []),
        ("Execute <g1>já</g1>.", ["<x2/> is missing"]),
        ("Execute <g1><x2/> já.", ["</g1> is missing"]),
        ("Execute </g1><x2/><g1> já.", ["</g1> has no <g1> before it"]),
        ("Execute <g1><x2/><x2/></g1> já.", ["<x2/> stands there 2 times"]),
        ("Execute <x2/> já<g1></g1>.", ["<g1> is around nothing"]),
        ("Execute <g1><x2/></g1> <x3/> já.", ["<x3/> is not in the source"]),
    ],
)
def test_a_translation_has_each_tag_of_its_source_once(target: str, said: list[str]) -> None:
    found = inspect("Run <g1><x2/></g1> now.", target)
    assert [finding.message for finding in found] == said
    assert {(finding.rule, finding.severity) for finding in found} <= {("codes", Severity.ERROR)}


def test_a_tag_that_came_from_nowhere_is_found() -> None:
    assert rules("Run it now.", "Execute <x1/> já.") == ["codes"]


@pytest.mark.parametrize("source", ["What </g1> and <g1> mean", "Put <x1/> and <x1/> here"])
def test_a_text_about_tags_has_no_codes(source: str) -> None:
    assert "codes" not in rules(source, "Outra coisa aqui")


def test_the_other_rules_do_not_take_tags_for_text() -> None:
    assert rules("In <g1>1992</g1> <x2/>", "Em 1992") == ["codes"] * 3
    assert rules("In <x7/> 1992", "Em 1992 <x7/>") == []
    assert rules("In 1,<g1>275</g1> <x2/>", "Em <x2/> 1.<g1>275</g1>") == []
