"""How far the catalogues are: every entry counted for what it is."""

import time
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from l10n_pipeline.catalogue.states import state_of
from l10n_pipeline.fingerprint import text_hash
from l10n_pipeline.model import (
    Catalogue,
    Direction,
    DirectionKind,
    Origin,
    Provenance,
    State,
    TranslationUnit,
)
from l10n_pipeline.pipeline.status import Counts, Item, StatusReport, counted, status
from l10n_pipeline.pipeline.words import count_words
from tests.catalogue.strategies import BRAZILIAN, ENGLISH, catalogues
from tests.support.projects import AZ, PT, Runner

ALL = (Item.NEW, Item.DRAFT, Item.EDITED, Item.STALE, Item.REVIEWED, Item.OBSOLETE)
REVIEWED = (
    Item.REVIEWED_UNTOUCHED,
    Item.REVIEWED_CORRECTED,
    Item.REVIEWED_HUMAN,
    Item.REVIEWED_KEPT,
)


@given(catalogues)
def test_every_entry_counts_for_one_state_and_each_state_for_its_parts(
    catalogue: Catalogue,
) -> None:
    # The header's plural forms are any text here.
    counts = counted(Catalogue(ENGLISH, BRAZILIAN, catalogue.units), "a.po")
    for amounts in (counts.segments, counts.words):
        assert sum(amounts[item] for item in REVIEWED) == amounts[Item.REVIEWED]
        assert amounts[Item.DRAFT_MT] + amounts[Item.DRAFT_TM] == amounts[Item.DRAFT]
    states = Counter(map(state_of, catalogue.units))
    assert {item: counts.segments[item] for item in ALL} == {
        Item(state): states[state] for state in State
    }
    assert counts.all_segments + counts.segments[Item.OBSOLETE] == len(catalogue.units)
    assert sum(counts.words[item] for item in ALL) == sum(
        count_words(unit.source) for unit in catalogue.units
    )


@given(st.text())
def test_a_word_is_a_run_of_non_space_with_a_letter_or_digit(text: str) -> None:
    runs = text.split()
    expected = sum(any(char.isalnum() or char == "_" for char in run) for run in runs)
    assert count_words(text) == expected


MADE = Provenance(Origin.MT, "fake/f32", text_hash("Olá."), "")


@pytest.mark.parametrize(
    ("unit", "items"),
    [
        (TranslationUnit("Hi."), {Item.NEW}),
        (TranslationUnit("Hi.", "Olá.", fuzzy=True, provenance=MADE), {Item.DRAFT, Item.DRAFT_MT}),
        (
            TranslationUnit(
                "Hi.", "Olá.", fuzzy=True,
                provenance=Provenance(Origin.TM, "memory/a.tmx", text_hash("Olá."), ""),
            ),
            {Item.DRAFT, Item.DRAFT_TM},
        ),
        (TranslationUnit("Hi.", "Oi.", fuzzy=True, provenance=MADE), {Item.EDITED}),
        (TranslationUnit("Hi.", "Oi.", fuzzy=True, previous_source="Hey."), {Item.STALE}),
        (
            TranslationUnit("Hi.", "Olá.", provenance=MADE),
            {Item.REVIEWED, Item.REVIEWED_UNTOUCHED},
        ),
        (
            TranslationUnit("Hi.", "Oi.", provenance=MADE),
            {Item.REVIEWED, Item.REVIEWED_CORRECTED},
        ),
        (TranslationUnit("Hi.", "Oi."), {Item.REVIEWED, Item.REVIEWED_HUMAN}),
        (
            TranslationUnit("Hi.", "Hi.", directions=(Direction(DirectionKind.KEEP),)),
            {Item.REVIEWED, Item.REVIEWED_KEPT},
        ),
        (
            TranslationUnit(
                "Hi.", "Oi.",
                directions=(
                    Direction(DirectionKind.USE, "Oi."),
                    Direction(DirectionKind.KEEP),
                ),
            ),
            {Item.REVIEWED, Item.REVIEWED_HUMAN},
        ),
        (
            TranslationUnit("Hi.", "Oi.", directions=(Direction(DirectionKind.LOCK),)),
            {Item.REVIEWED, Item.REVIEWED_HUMAN, Item.LOCKED},
        ),
        (TranslationUnit("Hi.", "Olá.", obsolete=True), {Item.OBSOLETE}),
    ],
)  # fmt: skip
def test_an_entry_counts_for_what_became_of_it(unit: TranslationUnit, items: set[Item]) -> None:
    counts = counted(Catalogue(ENGLISH, BRAZILIAN, (unit,)), "a.po")
    assert counts.segments == dict.fromkeys(items, 1)
    assert counts.words == dict.fromkeys(items, 1)


def test_percentages_are_rounded_down_and_of_nothing_there_is_none() -> None:
    counts = Counts(Counter({Item.REVIEWED: 999, Item.NEW: 1}), Counter({Item.OBSOLETE: 5}))
    assert counts.reviewed_segments_percent == 99
    assert counts.reviewed_words_percent is None


@pytest.fixture
def site(project: Runner) -> Runner:
    """Four documents in two folders, two of them with catalogues in two languages."""
    project.write("l10n.toml", 'documents = ["docs/**", "news/**"]\ntargets = ["pt-BR", "az"]')
    for name in ("docs/a.txt", "docs/guide/b.txt", "news/c.txt"):
        project.write(name, "One comes. Two goes.")
    project.run(PT, AZ, mt=False)
    return project


def names(report: StatusReport) -> list[str]:
    return [f"{one.locale}:{one.document}" for one in report.catalogues]


@pytest.mark.parametrize(
    ("paths", "found"),
    [
        ([], ["pt-BR:a.txt", "pt-BR:c.txt", "pt-BR:guide/b.txt", "az:a.txt", "az:c.txt"]),
        (["."], ["pt-BR:a.txt", "pt-BR:c.txt", "pt-BR:guide/b.txt", "az:a.txt", "az:c.txt"]),
        (["docs"], ["pt-BR:a.txt", "pt-BR:guide/b.txt", "az:a.txt"]),
        (["docs/guide/b.txt", "news"], ["pt-BR:c.txt", "pt-BR:guide/b.txt", "az:c.txt"]),
        (["locales/az"], ["az:a.txt", "az:c.txt"]),
        (["locales/pt_BR/LC_MESSAGES/guide"], ["pt-BR:guide/b.txt"]),
        (["locales/az/LC_MESSAGES/c.txt.po"], ["az:c.txt"]),
    ],
)
def test_paths_are_documents_or_catalogues(
    site: Runner, paths: list[str], found: list[str]
) -> None:
    site.catalogue("guide/b.txt", AZ).unlink()
    report = status(site.workspace, locales=[PT, AZ], paths=[site.root / path for path in paths])
    assert names(report) == found
    assert report.errors == []


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("guide/b.txt", ["pt-BR:guide/b.txt"]),
        ("guide", ["pt-BR:guide/b.txt"]),
        ("./a.txt", ["pt-BR:a.txt"]),
    ],
)
def test_a_document_is_found_by_its_name_as_printed(
    site: Runner, monkeypatch: pytest.MonkeyPatch, path: str, found: list[str]
) -> None:
    for folder in (site.root, site.root / "news"):
        monkeypatch.chdir(folder)
        report = status(site.workspace, locales=[PT], paths=[Path(path)])
        assert (names(report), report.errors) == (found, [])


def test_what_is_there_goes_before_a_name(site: Runner, monkeypatch: pytest.MonkeyPatch) -> None:
    site.write("docs/news/d.txt", "Four.")
    site.run(mt=False)
    monkeypatch.chdir(site.root)
    report = status(site.workspace, locales=[PT], paths=[Path("news")])
    assert names(report) == ["pt-BR:c.txt"]


def test_a_document_that_is_gone_is_found_by_where_it_was(site: Runner) -> None:
    (site.root / "docs/a.txt").unlink()
    report = status(site.workspace, locales=[PT], paths=[site.root / "docs/a.txt"])
    assert names(report) == ["pt-BR:a.txt"]


def test_a_path_without_catalogues_is_an_error(
    site: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    site.write("docs/new.txt", "Three.")
    names_of = ("docs/x.txt", "docs/a.txt", "docs/new.txt")
    paths = [*(site.root / name for name in names_of), Path("/etc"), Path("x.txt")]
    monkeypatch.chdir(site.root)
    report = status(site.workspace, locales=[PT], paths=paths)
    assert names(report) == ["pt-BR:a.txt"]
    outside, missing, untranslated, unknown = map(str, report.errors)
    assert "lies outside the project" in outside
    assert missing == "docs/x.txt: no such document or catalogue"
    assert untranslated.startswith("docs/new.txt: there is no catalogue of it; make it with")
    assert unknown == "x.txt: no such document or catalogue"


def test_totals_are_of_each_language_and_of_all(site: Runner) -> None:
    site.edit('msgid "One comes."\nmsgstr ""', 'msgid "One comes."\nmsgstr "Um vem."')
    report = status(site.workspace, locales=[PT, AZ])
    totals = report.by_locale
    assert [totals[locale].segments[Item.REVIEWED] for locale in (PT, AZ)] == [1, 0]
    assert [totals[locale].all_words for locale in (PT, AZ)] == [12, 12]
    assert (totals[PT].reviewed_segments_percent, report.total.reviewed_words_percent) == (16, 8)


def test_a_broken_catalogue_stops_no_other(site: Runner) -> None:
    site.catalogue("a.txt").write_text("msgid oops", encoding="utf-8")
    report = status(site.workspace, locales=[PT])
    assert names(report) == ["pt-BR:c.txt", "pt-BR:guide/b.txt"]
    assert len(report.errors) == 1


def test_counting_takes_a_few_microseconds_an_entry() -> None:
    source = "The film premièred in Baku — “Khojaly. Twenty years, ten stories”, and then in Rome."
    target = "O filme estreou em Baku."
    made = Provenance(Origin.MT, "fake/f32", text_hash(target), "", source_hash=text_hash(source))
    unit = TranslationUnit(source, target, fuzzy=True, provenance=made)
    catalogue = Catalogue(ENGLISH, BRAZILIAN, (unit,) * 2_000)

    def processor_time() -> float:
        before = time.process_time()
        counted(catalogue, "a.po")
        return time.process_time() - before

    assert min(processor_time() for _ in range(5)) / len(catalogue.units) < 50e-6


def test_a_document_that_is_gone_is_told_of_and_in_no_sum(project: Runner) -> None:
    project.write("seeds/a.txt", "One comes. Two goes.")
    project.write("seeds/b.txt", "Three stays.")
    project.run()
    (project.root / "seeds/a.txt").unlink()
    report = status(project.workspace, locales=[PT])
    assert [(one.document, one.is_gone) for one in report.catalogues] == [
        ("a.txt", True),
        ("b.txt", False),
    ]
    assert report.by_locale[PT].all_segments == report.total.all_segments == 1
