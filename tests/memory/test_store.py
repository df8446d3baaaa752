"""The memory on disk: nothing in it that it was not given, everything it was given found."""

import signal
import sqlite3
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from l10n_pipeline.comparable import comparable, similarity
from l10n_pipeline.errors import InputError, OutputError
from l10n_pipeline.fingerprint import text_hash
from l10n_pipeline.locale import Locale
from l10n_pipeline.memory.matches import NEAR_SIMILARITY, MatchKind
from l10n_pipeline.memory.store import TranslationMemory
from l10n_pipeline.memory.units import (
    MemoryUnit,
    Pair,
    SuppliedUnits,
    Supply,
    SupplyKind,
    Surroundings,
    surroundings_of,
    units_of,
)
from l10n_pipeline.model import Catalogue, TranslationUnit
from tests.glossary.strategies import any_texts
from tests.memory.strategies import EN, NOON, PAIR, PT_BR, filled, units, words

GUIDE = Supply(SupplyKind.CATALOGUE, "locales/pt_BR/LC_MESSAGES/guide.md.po")
OTHER = Supply(SupplyKind.TMX, "memory/other.tmx")


def supplied(supply, *units, fingerprint="1"):
    return SuppliedUnits(supply, fingerprint, lambda: iter(units))


def memory_of(*units, supply=GUIDE, path=None):
    memory = TranslationMemory(path)
    memory.replace(PAIR, supplied(supply, *units))
    return memory


def must_not_be_read():
    raise AssertionError("the supply was known")


@given(st.lists(units, max_size=6))
def test_units_come_back_as_they_were_given(given_units):
    with memory_of(*given_units) as memory:
        assert list(memory.units(PAIR)) == [(unit, GUIDE) for unit in given_units]
        assert memory.counts(PAIR) == {GUIDE: len(given_units)}


@given(st.lists(filled, min_size=1, max_size=6), st.data())
def test_a_text_that_is_there_is_found_exactly(sources, data):
    with memory_of(*(MemoryUnit(source, source.upper()) for source in sources)) as memory:
        source = data.draw(st.sampled_from(sources))
        match = memory.lookup(PAIR, source)
        assert (match.kind, match.similarity, match.percent) == (MatchKind.EXACT, 1.0, 100)
        assert match.unit.source == source


@given(st.lists(words, max_size=8), words, st.sampled_from([0.5, 0.75, 0.9]))
def test_a_lookup_gives_the_most_similar_unit(sources, query, threshold):
    with memory_of(*(MemoryUnit(source, "x") for source in sources)) as memory:
        match = memory.lookup(PAIR, query, threshold=threshold)
    best = max((similarity(query, source) for source in sources), default=0.0)
    if best < threshold:
        assert match is None
    else:
        assert similarity(query, match.unit.source) == best
        assert (match.kind is MatchKind.FUZZY) == (best < 1)
        assert (match.similarity == 1) == (match.unit.source == query)


@given(any_texts, st.sampled_from(["a\0b", "\ud800", "\udfff x"]))
def test_any_text_may_be_asked_for(text, odd):
    with memory_of(MemoryUnit("a\0b", "x"), MemoryUnit("\U0010ffff", "y")) as memory:
        for asked in (text, odd, text + odd):
            match = memory.lookup(PAIR, asked, threshold=0.1)
            assert match is None or match.similarity >= 0.1
        assert memory.lookup(PAIR, "a\0b").kind is MatchKind.EXACT


def test_typography_and_case_make_a_match_near():
    with memory_of(MemoryUnit("Say “hi” now", "x")) as memory:
        match = memory.lookup(PAIR, 'say "hi"  now')
    assert (match.kind, match.similarity, match.percent) == (MatchKind.NEAR, NEAR_SIMILARITY, 99)


def test_codes_numbered_otherwise_make_a_match_fuzzy():
    with memory_of(MemoryUnit("<g1>a</g1> and <x2/>", "x")) as memory:
        match = memory.lookup(PAIR, "<g2>a</g2> and <x1/>")
    assert (match.kind, match.similarity) == (MatchKind.FUZZY, NEAR_SIMILARITY)


HERE = Surroundings("guide.md", "", text_hash("before"), text_hash("after"))


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        (HERE, replace(HERE, document="other.md")),
        (HERE, replace(HERE, context="menu")),
        (replace(HERE, document="other.md"), Surroundings("guide.md")),
        (replace(HERE, following=""), Surroundings("guide.md")),
        (Surroundings("guide.md"), replace(HERE, document="", following="")),
        (replace(HERE, document="", previous=""), Surroundings("other.md")),
    ],
)
def test_the_closer_place_is_preferred(better, worse):
    for order in ((better, worse), (worse, better)):
        with memory_of(*(MemoryUnit("a", repr(place), place) for place in order)) as memory:
            match = memory.lookup(PAIR, "a", HERE)
            assert match.unit.surroundings == better


@pytest.mark.parametrize(
    ("place", "asked", "kind"),
    [
        (HERE, HERE, MatchKind.CONTEXT),
        (replace(HERE, document="other.md"), HERE, MatchKind.CONTEXT),
        (Surroundings(context="menu"), Surroundings("a", "menu"), MatchKind.CONTEXT),
        (Surroundings("a"), Surroundings("a"), MatchKind.CONTEXT),
        (Surroundings(), Surroundings(), MatchKind.EXACT),
        (Surroundings("a"), Surroundings("b"), MatchKind.EXACT),
        (Surroundings("a", "menu"), Surroundings("a"), MatchKind.EXACT),
        (replace(HERE, previous=""), HERE, MatchKind.EXACT),
    ],
)
def test_the_same_text_in_the_same_place_is_a_context_match(place, asked, kind):
    with memory_of(MemoryUnit("a", "b", place)) as memory:
        assert memory.lookup(PAIR, "a", asked).kind is kind


def test_own_catalogues_go_before_files_and_the_newer_before_the_older():
    old, new = (MemoryUnit("a", str(day), created=NOON + timedelta(day)) for day in (0, 1))
    with memory_of(MemoryUnit("a", "own")) as memory:
        memory.replace(PAIR, supplied(OTHER, old, new))
        match = memory.lookup(PAIR, "a")
        assert (match.unit.target, match.others, match.supply) == ("own", ("1", "0"), GUIDE)
        memory.refresh(PAIR, [supplied(OTHER, old, new)])
        assert memory.lookup(PAIR, "a").unit.target == "1"


@pytest.mark.parametrize("last", [GUIDE, OTHER])
def test_of_equals_the_same_is_taken_whichever_was_read_last(last):
    first = Supply(last.kind, "a" + last.name)
    with memory_of(MemoryUnit("Go on.", "Siga."), supply=last) as memory:
        memory.replace(PAIR, supplied(first, MemoryUnit("Go on.", "Continue.")))
        assert memory.lookup(PAIR, "Go on.").supply == first


def test_languages_are_kept_apart():
    with memory_of(MemoryUnit("a", "b")) as memory:
        assert memory.lookup(Pair(EN, Locale("pt")), "a") is None
        assert memory.lookup(Pair(PT_BR, EN), "a", threshold=0.1) is None


def test_refreshing_reads_what_changed_alone(tmp_path):
    path = tmp_path / "cache" / "memory.sqlite3"
    with TranslationMemory(path) as memory:
        done = memory.refresh(PAIR, [supplied(GUIDE, MemoryUnit("a", "1")), supplied(OTHER)])
        assert (done.unchanged, done.read, done.forgotten) == (0, (GUIDE, OTHER), ())
    with TranslationMemory(path) as memory:
        assert memory.lookup(PAIR, "a").unit.target == "1"
        known = SuppliedUnits(GUIDE, "1", must_not_be_read)
        changed = supplied(OTHER, MemoryUnit("b", "2"), fingerprint="2")
        done = memory.refresh(PAIR, [known, changed])
        assert (done.unchanged, done.read, done.forgotten) == (1, (OTHER,), ())
        assert memory.lookup(PAIR, "b").unit.target == "2"
        done = memory.refresh(PAIR, [changed])
        assert (done.unchanged, done.read, done.forgotten) == (1, (), (GUIDE,))
        assert memory.lookup(PAIR, "a") is None


def test_a_supply_that_cannot_be_read_is_told_of_and_the_others_are_there():
    torn = InputError("torn", where="guide.po:3")

    def broken():
        yield MemoryUnit("new", "x")
        raise torn

    with memory_of(MemoryUnit("old", "x")) as memory:
        supplies = [SuppliedUnits(GUIDE, "2", broken), supplied(OTHER, MemoryUnit("other", "x"))]
        refreshed = memory.refresh(PAIR, supplies)
        assert (refreshed.failed, refreshed.read) == (((GUIDE, torn),), (OTHER,))
        assert [unit.source for unit, _ in memory.units(PAIR)] == ["other"]
        # What was half done does not count as known.
        again = memory.refresh(PAIR, [supplied(GUIDE, MemoryUnit("new", "x"), fingerprint="2")])
        assert again.read == (GUIDE,)


def test_what_another_process_adds_is_found(tmp_path):
    path = tmp_path / "memory"
    with memory_of(MemoryUnit("the first text", "1"), path=path) as one:
        assert one.lookup(PAIR, "the second text") is None
        with TranslationMemory(path) as other:
            other.replace(PAIR, supplied(OTHER, MemoryUnit("the second texts", "2")))
        assert one.lookup(PAIR, "the second text").unit.target == "2"


def test_several_may_make_one_file_at_once(tmp_path):
    path = tmp_path / "memory"
    supplies = [Supply(SupplyKind.TMX, f"{at}.tmx") for at in range(8)]

    def fill(supply):
        with TranslationMemory(path) as memory:
            return memory.replace(PAIR, supplied(supply, MemoryUnit("a", supply.name)))

    with ThreadPoolExecutor(len(supplies)) as pool:
        assert list(pool.map(fill, supplies)) == [1] * len(supplies)
    with TranslationMemory(path) as memory:
        assert memory.counts(PAIR) == dict.fromkeys(supplies, 1)


def test_a_process_that_is_killed_leaves_what_it_had_finished(tmp_path):
    path = tmp_path / "memory"
    memory_of(MemoryUnit("finished", "x"), path=path).close()
    script = f"""
import os, signal
from pathlib import Path
from l10n_pipeline.locale import Locale
from l10n_pipeline.memory.store import TranslationMemory
from l10n_pipeline.memory.units import *
def units():
    for at in range(20_000):
        yield MemoryUnit(f"text {{at}}", "x")
    os.kill(os.getpid(), signal.SIGKILL)
pair = Pair(Locale("en"), Locale.parse("pt-BR"))
memory = TranslationMemory(Path({str(path)!r}))
memory.replace(pair, SuppliedUnits(Supply(SupplyKind.TMX, "b.tmx"), "1", units))
"""
    done = subprocess.run([sys.executable, "-c", script], check=False)
    assert done.returncode == -signal.SIGKILL
    with TranslationMemory(path) as memory:
        assert memory.counts(PAIR) == {GUIDE: 1}
        assert memory.replace(PAIR, supplied(OTHER, MemoryUnit("text 1", "y"))) == 1


def test_a_memory_of_another_version_is_made_anew(tmp_path):
    path = tmp_path / "memory"
    memory_of(MemoryUnit("a", "b"), path=path).close()
    database = sqlite3.connect(path)
    database.execute("PRAGMA user_version = 999")
    database.close()
    with TranslationMemory(path) as memory:
        assert memory.counts(PAIR) == {}
        assert memory.refresh(PAIR, [supplied(GUIDE, MemoryUnit("a", "b"))]).read == (GUIDE,)


def test_somebody_elses_database_is_left_alone(tmp_path):
    path = tmp_path / "memory"
    database = sqlite3.connect(path)
    database.execute("CREATE TABLE precious (a)")
    database.close()
    before = path.read_bytes()
    with pytest.raises(OutputError, match="no translation memory; move it away"):
        TranslationMemory(path)
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    "damage", ["source = x'ff'", "target = x'00'", "created = 'x'", "more = '{'", "more = '[1]'"]
)
def test_what_makes_no_sense_is_told_of_with_the_way_out(tmp_path, damage):
    path = tmp_path / "memory"
    memory_of(MemoryUnit("a text", "b"), path=path).close()
    database = sqlite3.connect(path)
    database.execute(f"UPDATE unit SET {damage}")
    database.commit()
    database.close()
    with TranslationMemory(path) as memory:
        for source in ("a text", "a test"):
            with pytest.raises(OutputError, match=r"is damaged; delete it: it is made again"):
                memory.lookup(PAIR, source, threshold=0.1)


def test_a_damaged_file_is_told_of_with_the_way_out(tmp_path):
    path = tmp_path / "memory"
    path.write_bytes(b"no database at all" * 100)
    with pytest.raises(OutputError, match=r"memory: cannot be used: .*; delete it: it is made"):
        TranslationMemory(path)


def test_a_folder_that_cannot_be_made_is_told_of(tmp_path):
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(OutputError, match="file: cannot be made"):
        TranslationMemory(tmp_path / "file" / "memory")


def test_a_memory_in_use_is_told_of(tmp_path, monkeypatch):
    monkeypatch.setattr("l10n_pipeline.memory.store._WAIT_SECONDS", 0.01)
    path = tmp_path / "memory"
    with TranslationMemory(path) as memory:
        other = sqlite3.connect(path, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(OutputError, match="another l10n is using it"):
            memory.replace(PAIR, supplied(GUIDE))
        other.close()
        assert memory.replace(PAIR, supplied(GUIDE, MemoryUnit("a", "b"))) == 1


CATALOGUE = Catalogue(
    EN,
    PT_BR,
    (
        TranslationUnit("One.", "Um."),
        TranslationUnit("Two.", "Dois.", fuzzy=True),
        TranslationUnit("Three.", "Três.", context="title"),
        TranslationUnit("%d file", plural_source="%d files", plural_targets=("a", "b")),
        TranslationUnit("Four."),
        TranslationUnit("Gone.", "Foi-se.", obsolete=True),
    ),
)


def test_a_catalogue_gives_what_was_reviewed_with_its_neighbours():
    found = list(
        units_of(CATALOGUE, document="guide.md", reviewed=lambda unit: None if unit.fuzzy else unit)
    )
    assert [(unit.source, unit.target) for unit in found] == [
        ("One.", "Um."),
        ("Three.", "Três."),
        ("%d file\0%d files", "a\0b"),
        ("Gone.", "Foi-se."),
    ]
    assert found[0].surroundings == Surroundings("guide.md", "", "", text_hash("Two."))
    assert found[1].surroundings == Surroundings(
        "guide.md", "title", text_hash("Two."), text_hash("%d file")
    )
    assert found[3].surroundings == Surroundings("guide.md")


def test_a_template_tells_the_same_places_as_its_catalogue():
    present = tuple(unit for unit in CATALOGUE.units if not unit.obsolete)
    places = surroundings_of(Catalogue(EN, None, present), document="guide.md")
    found = units_of(
        CATALOGUE, document="guide.md", reviewed=lambda unit: None if unit.obsolete else unit
    )
    for unit in found:
        source = unit.source.partition("\0")[0]
        assert places[unit.surroundings.context, source] == unit.surroundings


def test_equal_forms_are_compared_not_only_their_hashes(monkeypatch):
    monkeypatch.setattr("l10n_pipeline.memory.store.comparable_hash", lambda form: 1)
    with memory_of(MemoryUnit("a", "1"), MemoryUnit("b", "2")) as memory:
        assert memory.exact(PAIR, "b").unit.target == "2"
        assert memory.exact(PAIR, "c") is None
        assert comparable("B") == "b"
        assert memory.exact(PAIR, "B").unit.target == "2"


def test_a_question_is_answered_once_for_as_long_as_the_sources_are_the_same(tmp_path, monkeypatch):
    path = tmp_path / "memory"
    asked = ["the second text", "nothing like it", "\ud800 odd"]
    with memory_of(MemoryUnit("the second texts", "2"), path=path) as memory:
        first = [memory.lookup(PAIR, source) for source in asked]
    assert [match and match.unit.target for match in first] == ["2", None, None]
    with monkeypatch.context() as patched, TranslationMemory(path) as memory:
        patched.setattr("l10n_pipeline.memory.store.SimilarityIndex", None)
        assert [memory.lookup(PAIR, source) for source in asked] == first
        # A supply without units changes nothing.
        memory.replace(PAIR, supplied(OTHER))
        assert memory.lookup(PAIR, asked[0]) == first[0]
    with TranslationMemory(path) as memory:
        memory.replace(PAIR, supplied(OTHER, MemoryUnit("nothing like its", "3")))
        assert memory.lookup(PAIR, asked[1]).unit.target == "3"
        assert memory.lookup(PAIR, asked[0], threshold=0.99) is None
    with TranslationMemory(path) as memory:
        assert memory.lookup(PAIR, asked[1]).unit.target == "3"
        memory.refresh(PAIR, [])
        assert memory.lookup(PAIR, asked[1]) is None


def test_answers_among_sources_that_another_process_changed_are_not_kept(tmp_path):
    path = tmp_path / "memory"
    one = memory_of(MemoryUnit("the first text", "1"), path=path)
    assert one.lookup(PAIR, "the second text") is None
    with TranslationMemory(path) as other:
        other.replace(PAIR, supplied(OTHER, MemoryUnit("the second texts", "2")))
    one.close()
    with TranslationMemory(path) as again:
        assert again.lookup(PAIR, "the second text").unit.target == "2"


@settings(max_examples=20)
@given(st.lists(st.tuples(st.booleans(), words), max_size=5))
def test_kept_answers_are_those_of_a_new_memory(tmp_path_factory, steps):
    """Sources come one by one, and questions between them."""
    path = tmp_path_factory.mktemp("kept") / "memory"
    sources = []
    for is_new, text in steps:
        with TranslationMemory(path) as kept:
            if is_new:
                sources.append(text)
                supply = Supply(SupplyKind.TMX, str(len(sources)))
                kept.replace(PAIR, supplied(supply, MemoryUnit(text, text.upper())))
            match = kept.lookup(PAIR, text + "x", threshold=0.5)
        with memory_of(*(MemoryUnit(one, one.upper()) for one in sources)) as new:
            expected = new.lookup(PAIR, text + "x", threshold=0.5)
        assert (match and match.similarity) == (expected and expected.similarity)
