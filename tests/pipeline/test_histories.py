"""Whatever authors, reviewers and their tools do to a project, what a human wrote is never lost
or altered, and a run that has nothing to do does nothing.
"""

import shutil
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from msgspec.structs import replace

from l10n_pipeline.catalogue.po import read_catalogue, write_catalogue
from l10n_pipeline.catalogue.states import is_untouched_draft
from l10n_pipeline.catalogue.templates import Key
from l10n_pipeline.locale import Locale
from l10n_pipeline.model import Catalogue, Direction, DirectionKind, TranslationUnit
from tests.support.projects import AZ, PT, Runner
from tests.support.rewriters import REWRITERS
from tests.support.tools import run_tool

ENGLISH = Locale.parse("en")
CONFIGURATION = 'targets = ["pt-BR"]\n'
GLOSSARY = "Khojaly\tXocalı\t\nBaku\tBacu\t\n"

WHO = ["The museum", "A foundation in Baku", "Our “campaign”", "The film «Khojaly»", "Nobody"]
DID = ["opened its doors to visitors", "sold 980 tickets for the autumn", "showed 12 pictures"]
WHEN = ["in the spring of 2018", "after a long and cold winter", "on the 4th of May", "at noon"]
PAIRS = [("spring", "summer"), ("long", "short"), ("visitors", "guests"), ("980", "1,275"),
         ("12", "13"), ("4th", "5th"), ("noon", "night"), ("museum", "old museum")]  # fmt: skip
OTHER = [*PAIRS, *((new, old) for old, new in PAIRS)]
sentences = st.builds(
    "{} {} {}.".format, st.sampled_from(WHO), st.sampled_from(DID), st.sampled_from(WHEN)
)
documents = st.lists(sentences, min_size=1, max_size=6, unique=True)
names = st.sampled_from(["a.txt", "b.txt", "guide/a.txt", "guide/c d.txt"])
anywhere = st.integers(0, 40)


class Histories(RuleBasedStateMachine):
    """A project whose documents are edited, whose catalogues are reviewed and rewritten."""

    def __init__(self) -> None:
        super().__init__()
        self.root = Path(tempfile.mkdtemp(prefix="histories-")).resolve()
        self.project = Runner(self.root)
        self.project.write("l10n.toml", CONFIGURATION)
        self.project.write("glossary/en-pt_BR.tsv", GLOSSARY)
        self.documents: dict[str, list[str]] = {}
        self.texts: set[str] = set()
        """What humans wrote or accepted and no human has replaced."""
        self.accepted: dict[tuple[str, Key], str] = {}
        """What they accepted, by document and entry."""
        self.approved: set[tuple[str, str]] = set()
        """Every source with a translation that they accepted for it, at any time."""
        self.versions = 0
        self.is_up_to_date = False

    def teardown(self) -> None:
        try:
            for path in (self.root / "locales").rglob("*.po"):
                done = run_tool("msgfmt", "-c", "-o", "/dev/null", str(path))
                assert (done.returncode, done.stderr) == (0, b"")
        finally:
            shutil.rmtree(self.root)

    @initialize(name=names, sentences=documents)
    def begin(self, name: str, sentences: list[str]) -> None:
        self.put(name, sentences, runs=True)

    # --- the author --------------------------------------------------------------------

    def put(self, name: str, sentences: list[str], *, runs: bool = False) -> None:
        """Write a document, and bring the catalogues up to date if told."""
        self.is_up_to_date = False
        self.documents[name] = list(dict.fromkeys(sentences))
        paragraphs = [" ".join(sentences[at : at + 2]) for at in range(0, len(sentences), 2)]
        self.project.write(f"seeds/{name}", "\n\n".join(paragraphs) + "\n")
        if runs:
            self.translate()

    def some(self, at: int) -> tuple[str, list[str]]:
        name = sorted(self.documents)[at % len(self.documents)]
        return name, list(self.documents[name])

    @rule(name=names, sentences=documents)
    def write_document(self, name: str, sentences: list[str]) -> None:
        if name not in self.documents:
            self.put(name, sentences)

    @rule(at=anywhere, sentence=sentences, runs=st.booleans())
    def insert(self, at: int, sentence: str, runs: bool) -> None:
        name, sentences = self.some(at)
        sentences.insert(at % (len(sentences) + 1), sentence)
        self.put(name, sentences, runs=runs)

    @rule(at=anywhere, runs=st.booleans())
    def delete(self, at: int, runs: bool) -> None:
        name, sentences = self.some(at)
        if len(sentences) > 1:
            del sentences[at % len(sentences)]
            self.put(name, sentences, runs=runs)

    @rule(at=anywhere, word=anywhere, runs=st.booleans())
    def edit(self, at: int, word: int, runs: bool) -> None:
        name, sentences = self.some(at)
        chosen = at % len(sentences)
        words = [pair for pair in OTHER if pair[0] in sentences[chosen]]
        if words:
            old, new = words[word % len(words)]
            sentences[chosen] = sentences[chosen].replace(old, new)
            self.put(name, sentences, runs=runs)

    @rule(at=anywhere, to=anywhere, runs=st.booleans())
    def move(self, at: int, to: int, runs: bool) -> None:
        name, sentences = self.some(at)
        sentences.insert(to % len(sentences), sentences.pop(at % len(sentences)))
        self.put(name, sentences, runs=runs)

    @rule(at=anywhere, runs=st.booleans())
    def join(self, at: int, runs: bool) -> None:
        name, sentences = self.some(at)
        if len(sentences) > 1:
            first = at % (len(sentences) - 1)
            one, other = sentences[first : first + 2]
            sentences[first : first + 2] = [f"{one[:-1]}, and {other[0].lower()}{other[1:]}"]
            self.put(name, sentences, runs=runs)

    @rule(at=anywhere, runs=st.booleans())
    def split(self, at: int, runs: bool) -> None:
        name, sentences = self.some(at)
        chosen = at % len(sentences)
        first, joint, rest = sentences[chosen].partition(", and ")
        if joint:
            sentences[chosen : chosen + 1] = [f"{first}.", f"{rest[0].upper()}{rest[1:]}"]
            self.put(name, sentences, runs=runs)

    @rule(at=anywhere, name=names, runs=st.booleans())
    def rename(self, at: int, name: str, runs: bool) -> None:
        old, sentences = self.some(at)
        if name not in self.documents:
            del self.documents[old]
            (self.root / "seeds" / old).unlink()
            self.put(name, sentences, runs=runs)

    @rule(by=anywhere, runs=st.booleans())
    def renumber(self, by: int, runs: bool) -> None:
        ordered = sorted(self.documents)
        texts = [self.documents[name] for name in ordered]
        by %= len(ordered)
        for name, text in zip(ordered, [*texts[by:], *texts[:by]], strict=True):
            self.put(name, text, runs=runs and name == ordered[-1])

    @rule(at=anywhere, name=names, runs=st.booleans())
    def copy(self, at: int, name: str, runs: bool) -> None:
        _, sentences = self.some(at)
        if name not in self.documents:
            self.put(name, sentences, runs=runs)

    @rule(at=anywhere)
    def remove(self, at: int) -> None:
        if len(self.documents) > 1:
            name, _ = self.some(at)
            del self.documents[name]
            (self.root / "seeds" / name).unlink()
            self.is_up_to_date = False

    # --- the reviewer ------------------------------------------------------------------

    def catalogues(self) -> dict[str, Catalogue]:
        folder = self.root / "locales/pt_BR/LC_MESSAGES"
        return {
            path.relative_to(folder).as_posix().removesuffix(".po"): read_catalogue(
                path.read_bytes(), where=path.name, source_locale=ENGLISH, expected_locale=PT
            )
            for path in sorted(folder.rglob("*.po"))
        }

    def pick(self, at: int) -> tuple[str, TranslationUnit] | None:
        found = [
            (name, unit)
            for name, catalogue in self.catalogues().items()
            for unit in catalogue.units
            if not unit.obsolete
        ]
        return found[at % len(found)] if found else None

    def save(self, name: str, unit: TranslationUnit) -> None:
        catalogue = self.catalogues()[name]
        units = tuple(unit if old.key == unit.key else old for old in catalogue.units)
        self.project.catalogue(name).write_bytes(write_catalogue(replace(catalogue, units=units)))
        self.is_up_to_date = False

    @rule(at=anywhere, work=st.lists(st.sampled_from("-awf"), min_size=1, max_size=5))
    def review(self, at: int, work: list[str]) -> None:
        """Go through a catalogue: leave, accept, write, or write and leave flagged."""
        catalogues = self.catalogues()
        name = sorted(catalogues)[at % len(catalogues)]
        for each, unit in enumerate(catalogues[name].units):
            done = work[each % len(work)]
            if unit.obsolete or done == "-" or (done == "a" and not unit.target):
                continue
            text = unit.target
            if done != "a":
                self.versions += 1
                text = f"Versão {self.versions} “humana”."
                self.texts.discard(unit.target)
            self.texts.add(text)
            self.accepted.pop((name, unit.key), None)
            if done != "f":
                self.accepted[name, unit.key] = text
                self.approved.add((unit.source, text))
            self.save(name, replace(unit, target=text, fuzzy=done == "f"))

    @rule(at=anywhere, kind=st.sampled_from(DirectionKind))
    def direct(self, at: int, kind: DirectionKind) -> None:
        if found := self.pick(at):
            name, unit = found
            text = "Assim mesmo." if kind is DirectionKind.USE else ""
            directions = (*unit.directions, Direction(kind, text))
            self.save(name, replace(unit, directions=directions))

    @rule(at=anywhere)
    def comment(self, at: int) -> None:
        if found := self.pick(at):
            name, unit = found
            self.save(name, replace(unit, notes=(*unit.notes, "Ask Rosa.")))

    # --- runs and other tools ----------------------------------------------------------

    @rule(redraft=st.booleans(), mt=st.booleans())
    def translate(self, redraft: bool = False, mt: bool = True) -> None:
        report = self.project.run(redraft=redraft, mt=mt)
        assert not report.errors
        self.is_up_to_date = not redraft and mt
        # All at once: documents may have taken each other's names.
        new_names = {rename.old: rename.new for rename in report.renamed}
        self.accepted = {
            (new_names.get(name, name), key): text for (name, key), text in self.accepted.items()
        }
        found = self.catalogues()
        for unit in (unit for catalogue in found.values() for unit in catalogue.units):
            given = {one.text or unit.source for one in unit.directions}
            if unit.target and not unit.fuzzy and not unit.obsolete and unit.target not in given:
                assert (unit.source, unit.target) in self.approved
        for (name, key), text in list(self.accepted.items()):
            if name not in self.documents or key[1] not in self.documents[name]:
                del self.accepted[name, key]  # it is gone, and its text counts as ever
                continue
            unit = next(unit for unit in found[name].units if unit.key == key)
            assert (unit.target, unit.fuzzy, unit.obsolete) == (text, False, False)

    @rule()
    def prepare_another_language(self) -> None:
        """The templates are newer than the catalogues, whose entries msgmerge then moves."""
        assert not self.project.run(AZ, mt=False).errors
        self.is_up_to_date = False

    @precondition(lambda self: self.is_up_to_date)
    @rule()
    def translate_again(self) -> None:
        before, asked = self.project.snapshot(), len(self.project.engine.asked)
        self.project.run()
        assert len(self.project.engine.asked) == asked
        assert self.project.snapshot() == before

    @rule(at=anywhere, tool=st.sampled_from(sorted(REWRITERS)))
    def rewrite(self, at: int, tool: str) -> None:
        names = sorted(self.catalogues())
        name = names[at % len(names)]
        template = self.root / f"locales/{name}.pot"
        if template.exists():
            before = {unit.key: unit for unit in self.catalogues()[name].units}
            REWRITERS[tool](self.project.catalogue(name), template)
            self.is_up_to_date = False
            after = {unit.key: unit for unit in self.catalogues()[name].units}
            for key in before.keys() - after.keys():
                self.accepted.pop((name, key), None)

    # --- what holds --------------------------------------------------------------------

    @invariant()
    def no_text_is_lost_or_altered(self) -> None:
        if self.documents and (self.root / "locales").exists():
            units = [unit for found in self.catalogues().values() for unit in found.units]
            kept = {unit.target for unit in units if not is_untouched_draft(unit)}
            assert not self.texts - kept


def histories(count: int, steps: int) -> None:
    run_state_machine_as_test(
        Histories,
        settings=settings(
            max_examples=count,
            stateful_step_count=steps,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )


def test_a_few_histories_lose_nothing() -> None:
    histories(10, 12)


@pytest.mark.slow
def test_two_hundred_histories_lose_nothing() -> None:
    histories(200, 25)
