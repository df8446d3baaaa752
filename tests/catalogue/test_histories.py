"""Whatever happens to a document and its catalogue, human work is never lost."""

import re
from random import Random

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from msgspec.structs import replace

from l10n_pipeline.catalogue.po import read_catalogue, write_catalogue
from l10n_pipeline.catalogue.states import state_of
from l10n_pipeline.catalogue.templates import Key
from l10n_pipeline.fingerprint import text_hash
from l10n_pipeline.model import Catalogue, Origin, Provenance, State, TranslationUnit
from tests.catalogue.builders import machine, template, translate
from tests.catalogue.strategies import BRAZILIAN, ENGLISH

sentences = st.sampled_from(
    ["One.", "Two.", "Three “quoted”.", "Four\\five.", "1275 hostages.", "Çığ.", "文。", "a\u2028b"]
)
human_texts = st.sampled_from(
    ["Um.", "Dois…", '"Três"', "Quatro\\cinco", "1.275 reféns", "é\u0301"]
)
comments = st.sampled_from(["Ask Rosa.", "", "# hm", "l10n-locked", "l10n-term: A → B", "x "])
paragraphs = st.lists(st.lists(sentences, min_size=1, max_size=4), max_size=4)
anywhere = st.integers(0, 30)


class Histories(RuleBasedStateMachine):
    """A document that is edited, and a catalogue that is reviewed and brought up to date."""

    def __init__(self) -> None:
        super().__init__()
        self.paragraphs: list[list[str]] = []
        self.catalogue: Catalogue | None = None
        self.engine = 1
        self.texts: dict[Key, tuple[str, bool]] = {}
        """What a human wrote or accepted, and whether it was accepted."""
        self.notes: dict[Key, tuple[str, ...]] = {}
        self.foreign: dict[Key, TranslationUnit] = {}
        """Messages that a human put into the file and no document has."""

    @initialize(paragraphs=paragraphs)
    def begin(self, paragraphs: list[list[str]]) -> None:
        self.paragraphs = paragraphs
        self.run()

    # --- the author -----------------------------------------------------------------

    @rule(at=anywhere, sentence=sentences)
    def insert_paragraph(self, at: int, sentence: str) -> None:
        self.paragraphs.insert(at % (len(self.paragraphs) + 1), [sentence])

    @rule(at=anywhere)
    def delete_paragraph(self, at: int) -> None:
        if self.paragraphs:
            del self.paragraphs[at % len(self.paragraphs)]

    @rule(at=anywhere, sentence=sentences)
    def edit_sentence(self, at: int, sentence: str) -> None:
        if self.paragraphs:
            paragraph = self.paragraphs[at % len(self.paragraphs)]
            paragraph[at % len(paragraph)] = sentence

    @rule(at=anywhere, line_break=st.sampled_from(["\n", "\r\n", " \n  "]))
    def reflow(self, at: int, line_break: str) -> None:
        if self.paragraphs:
            paragraph = self.paragraphs[at % len(self.paragraphs)]
            paragraph[:] = [line_break.join(sentence.split(" ")) for sentence in paragraph]

    @rule(random=st.randoms(use_true_random=False))
    def reorder(self, random: Random) -> None:
        random.shuffle(self.paragraphs)

    # --- the reviewer ----------------------------------------------------------------

    def _pick(self, at: int) -> TranslationUnit | None:
        assert self.catalogue is not None
        units = [
            unit
            for unit in self.catalogue.units
            if not unit.obsolete and unit.key not in self.foreign
        ]
        return units[at % len(units)] if units else None

    def _put(self, unit: TranslationUnit) -> None:
        assert self.catalogue is not None
        units = tuple(unit if old.key == unit.key else old for old in self.catalogue.units)
        self.catalogue = replace(self.catalogue, units=units)

    @rule(at=anywhere, text=human_texts, accepted=st.booleans())
    def write(self, at: int, text: str, accepted: bool) -> None:
        if unit := self._pick(at):
            self._put(replace(unit, target=text, fuzzy=not accepted))
            self.texts[unit.key] = (text, accepted)

    @rule(at=anywhere)
    def accept(self, at: int) -> None:
        if (unit := self._pick(at)) and unit.target:
            self._put(replace(unit, fuzzy=False))
            self.texts[unit.key] = (unit.target, True)

    @rule(at=anywhere, note=comments)
    def comment(self, at: int, note: str) -> None:
        if unit := self._pick(at):
            self._put(replace(unit, notes=(*unit.notes, note)))
            self.notes[unit.key] = (*unit.notes, note)

    def _add(self, unit: TranslationUnit) -> None:
        assert self.catalogue is not None
        if unit.key not in self.foreign:
            self.foreign[unit.key] = unit
            obsolete = [old for old in self.catalogue.units if old.obsolete]
            current = [old for old in self.catalogue.units if not old.obsolete]
            self.catalogue = replace(self.catalogue, units=(*current, unit, *obsolete))

    @rule(sentence=sentences, text=human_texts, fuzzy=st.booleans())
    def add_message_with_context(self, sentence: str, text: str, fuzzy: bool) -> None:
        self._add(TranslationUnit(sentence, text, context="menu", fuzzy=fuzzy))

    @rule(forms=st.lists(human_texts, min_size=1, max_size=3), made=st.booleans())
    def add_plural_message(self, forms: list[str], made: bool) -> None:
        # As a tool leaves it that makes a plural of an entry whose draft came out empty.
        empty = Provenance(Origin.MT, "m1", text_hash(""), "") if made else None
        self._add(
            TranslationUnit(
                "file",
                plural_source="files",
                plural_targets=tuple(forms),
                fuzzy=made,
                provenance=empty,
            )
        )

    # --- the machine -----------------------------------------------------------------

    @rule()
    def run(self) -> None:
        made = template(*self.paragraphs)
        self.catalogue = translate(made, self.catalogue, draft=machine)
        assert translate(made, self.catalogue) is self.catalogue
        current = [unit.source for unit in self.catalogue.units if not unit.obsolete]
        assert current == list(
            dict.fromkeys(
                re.sub(r"[ \r\n]*[\r\n][ \r\n]*", " ", sentence)
                for paragraph in self.paragraphs
                for sentence in paragraph
            )
        )

    @rule()
    def redraft_with_another_model(self) -> None:
        self.engine += 1
        self.catalogue = translate(
            template(*self.paragraphs),
            self.catalogue,
            redraft=True,
            draft=lambda source, terms: machine(source, terms, engine=f"m{self.engine}"),
        )

    @rule(at=anywhere, text=human_texts, accepted=st.booleans())
    def redraft_while_a_human_writes(self, at: int, text: str, accepted: bool) -> None:
        def meanwhile(before: Catalogue) -> Catalogue:
            assert before is self.catalogue
            self.write(at, text, accepted)
            return self.catalogue

        self.catalogue = translate(
            template(*self.paragraphs), self.catalogue, redraft=True, meanwhile=meanwhile
        )

    @rule()
    def write_and_read(self) -> None:
        assert self.catalogue is not None
        written = write_catalogue(self.catalogue)
        again = read_catalogue(
            written, where="a.po", source_locale=ENGLISH, expected_locale=BRAZILIAN
        )
        assert again == self.catalogue
        self.catalogue = again

    # --- what must hold --------------------------------------------------------------

    @invariant()
    def every_human_text_stands(self) -> None:
        units = {unit.key: unit for unit in self.catalogue.units} if self.catalogue else {}
        for key, (text, accepted) in self.texts.items():
            assert units[key].target == text
            assert units[key].fuzzy is not accepted
            assert not accepted or state_of(units[key]) in (State.REVIEWED, State.OBSOLETE)

    @invariant()
    def every_message_of_others_stands(self) -> None:
        units = {unit.key: unit for unit in self.catalogue.units} if self.catalogue else {}
        for key, unit in self.foreign.items():
            assert replace(units[key], obsolete=False) == unit

    @invariant()
    def every_comment_stands(self) -> None:
        units = {unit.key: unit for unit in self.catalogue.units} if self.catalogue else {}
        for key, notes in self.notes.items():
            assert units[key].notes == notes


TestHistories = pytest.mark.slow(Histories.TestCase)
TestHistories.settings = settings(max_examples=200, stateful_step_count=30, deadline=None)
