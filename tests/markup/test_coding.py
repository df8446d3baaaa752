from __future__ import annotations

from collections.abc import Callable, Sequence

from l10n_pipeline.fingerprint import text_hash
from l10n_pipeline.folding import words
from l10n_pipeline.model import (
    AlignmentLink,
    Diagnostic,
    Draft,
    Hypothesis,
    Origin,
    Provenance,
    Severity,
    TermStatus,
    TermVerdict,
)
from l10n_pipeline.pipeline.coding import drafts_with_codes, losses, seen
from tests.markup.test_projection import coded_of


class Translator:
    """Writes what a function makes of a source, aligned word by word."""

    def __init__(self, write: Callable[[str], str] = str) -> None:
        self.write = write
        self.asked: list[list[str]] = []

    def __call__(
        self, sources: Sequence[str], progress: Callable[[int], None] | None
    ) -> list[tuple[Hypothesis, Draft]]:
        self.asked.append(list(sources))
        if progress is not None:
            progress(len(sources))
        return [self._made(source) for source in sources]

    def _made(self, source: str) -> tuple[Hypothesis, Draft]:
        text = self.write(source)
        pairs = zip(words(text), words(source), strict=False)
        links = tuple(AlignmentLink(to, of, 0.9) for to, of in pairs)
        provenance = Provenance(Origin.MT, "fake", text_hash(text), "", -0.5, text_hash(source))
        verdicts = (TermVerdict("a", "b", TermStatus.SWAPPED, f"from {text}"),)
        findings = (Diagnostic("echo", text), Diagnostic("codes", "lost"))
        return Hypothesis(text, -0.5, links), Draft(text, provenance, verdicts, findings)


def drafted(translator: Translator, written: str, **shown: str) -> Draft:
    source, own = coded_of(written, **shown)
    ((_, draft),) = drafts_with_codes([source], [own], translator, engine="fake")
    return draft


def test_a_draft_has_its_sources_codes_and_is_told_by_its_own_text() -> None:
    draft = drafted(Translator(), "Run <x1/> <g2>now</g2>", x1="make test")
    assert draft.text == "Run <x1/> <g2>now</g2>"
    assert draft.provenance is not None
    assert draft.provenance.text_hash == text_hash(draft.text)
    assert draft.provenance.source_hash == text_hash("Run <x1/> <g2>now</g2>")


def test_no_stand_in_reaches_a_reviewer() -> None:
    draft = drafted(Translator(), "Run <x1/> now", x1="make test")
    assert [finding.message for finding in draft.findings] == ["Run make test now"]
    assert draft.verdicts[0].detail == "from Run make test now"


def test_a_lost_stand_in_is_tried_another_way() -> None:
    translator = Translator(lambda source: source.replace("Zelnovak", "Zelnováquia"))
    draft = drafted(translator, "Run <x1/> now", x1="make test")
    assert translator.asked == [["Run Zelnovak now"], ["Run QX1 now"]]
    assert draft.text == "Run <x1/> now"
    assert [finding.rule for finding in draft.findings] == ["echo"]


def test_what_is_lost_every_way_is_put_in_and_flagged() -> None:
    translator = Translator(lambda source: "Execute")
    draft = drafted(translator, "Run <x1/>", x1="make test")
    assert draft.text == "Execute <x1/>"
    assert draft.findings[-1] == Diagnostic(
        "codes", '"make test" was left out and has been put in', Severity.WARNING
    )


def test_codes_alone_are_not_translated() -> None:
    translator = Translator()
    draft = drafted(translator, "<g1><x2/></g1>", x2="make demo")
    assert draft.text == "<g1><x2/></g1>"
    assert translator.asked == []
    assert draft.provenance is not None
    assert draft.provenance.engine == "fake"


def test_sources_without_codes_are_translated_as_they_are() -> None:
    translator = Translator(str.upper)
    coded, own = coded_of("a <g1>b</g1>")
    told: list[int] = []
    made = drafts_with_codes(
        ["x  y", coded], [(), own], translator, engine="fake", progress=told.append
    )
    assert [draft.text for _, draft in made] == ["X  Y", "A <g1>B</g1>"]
    assert made[0][1].findings[-1].rule == "codes"
    assert sum(told) == 2


def test_an_empty_draft_stays_empty() -> None:
    assert drafted(Translator(lambda source: ""), "a <g1>b</g1>").text == ""


def test_losses_are_faults_worth_another_attempt() -> None:
    assert losses("Run Zelnovak", "Execute") == (
        Diagnostic("codes", '"Zelnovak" did not arrive as it was'),
    )
    assert losses("Run", "Execute") == ()


def test_a_glossary_sees_what_a_model_sees() -> None:
    source, own = coded_of("In <x1/> and <g2>Lisbon</g2>", x1="https://lisbon.pt")
    assert seen(source, own) == "In Zelnovak and Lisbon"
    assert seen("a <g1>b</g1>", ()) == "a <g1>b</g1>"
