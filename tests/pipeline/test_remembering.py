"""The translation memory in a run: what it gives, what it holds back, what it costs."""

import os
import re
import shutil
from collections.abc import Mapping
from pathlib import Path

import polib
import pytest
from hypothesis import given
from hypothesis import strategies as st

from l10n_pipeline.catalogue.notes import parse_notes
from l10n_pipeline.locale import Locale
from l10n_pipeline.memory.leverage import Band
from l10n_pipeline.memory.tmx import write_tmx
from l10n_pipeline.memory.units import MemoryUnit, Pair
from l10n_pipeline.model import Origin, Provenance, Suggestion
from l10n_pipeline.pipeline import remembering, supplies
from l10n_pipeline.pipeline.recalling import Reuse
from l10n_pipeline.pipeline.remembering import CACHE, ProjectMemory
from l10n_pipeline.pipeline.supplies import Supplies
from tests.support.projects import AZ, LATER, PT, Runner

OLD = "The old town sold 980 cars in 2018.\n\nNobody knows why.\n"
TRANSLATED = {
    "The old town sold 980 cars in 2018.": "A cidade velha vendeu 980 carros em 2018.",
    "Nobody knows why.": "Ninguém sabe por quê.",
}
GLOSSARY = "# source\ttarget\tcomment\tkind\tgender\n"


def review(
    project: Runner,
    translations: Mapping[str, str] = TRANSLATED,
    document: str = "a.txt",
    locale: Locale = PT,
) -> None:
    """Accept these translations, as a reviewer would."""
    path = project.catalogue(document, locale)
    catalogue = polib.pofile(str(path), wrapwidth=0)
    for entry in catalogue:
        if entry.msgid in translations:
            entry.msgstr = translations[entry.msgid]
            entry.flags = [flag for flag in entry.flags if flag != "fuzzy"]
    catalogue.save()


@pytest.fixture
def reviewed(project: Runner) -> Runner:
    """A project with one document, all of whose translations have been accepted."""
    project.write("seeds/a.txt", OLD)
    project.run()
    review(project)
    project.engine.asked.clear()
    project.loaded = 0
    return project


def entry_of(project: Runner, source: str, document: str = "b.txt") -> polib.POEntry:
    catalogue = polib.pofile(str(project.catalogue(document)), wrapwidth=0)
    found = catalogue.find(source, include_obsolete_entries=False)
    assert found is not None
    return found


def provenance_of(entry: polib.POEntry) -> Provenance:
    found = parse_notes(entry.tcomment.split("\n")).provenance
    assert found is not None
    return found


def suggestion_of(entry: polib.POEntry) -> Suggestion | None:
    return parse_notes(entry.tcomment.split("\n")).suggestion


def tmx(*units: tuple[str, str], target: Locale = PT) -> bytes:
    pair = Pair(Locale("en"), target)
    return b"".join(write_tmx((MemoryUnit(*unit) for unit in units), pair))


# --- drafts ------------------------------------------------------------------------


def test_what_was_accepted_in_one_document_is_the_draft_in_another(reviewed: Runner) -> None:
    reviewed.write("seeds/b.txt", "First.\n\nNobody knows why.\n")
    reviewed.run()
    entry = entry_of(reviewed, "Nobody knows why.")
    assert (entry.msgstr, entry.flags) == ("Ninguém sabe por quê.", ["fuzzy"])
    provenance = provenance_of(entry)
    assert provenance.origin is Origin.TM
    assert provenance.engine == "locales/pt_BR/LC_MESSAGES/a.txt.po"
    assert (provenance.match, provenance.similarity) == ("exact", 100)
    assert reviewed.engine.asked == ["First."]


def test_a_sentence_between_the_same_neighbours_is_a_context_match(reviewed: Runner) -> None:
    reviewed.write("seeds/b.txt", OLD)
    report = reviewed.run()
    assert provenance_of(entry_of(reviewed, "Nobody knows why.")).match == "context"
    assert report.reused[PT].segments == {Reuse.CONTEXT: 2}
    assert report.reused[PT].words == {Reuse.CONTEXT: 11}
    assert reviewed.loaded == 0


def test_what_was_accepted_for_a_source_that_has_changed_is_still_remembered(
    reviewed: Runner,
) -> None:
    source = "The old town sold 980 cars in 2018."
    reviewed.write("seeds/a.txt", OLD.replace("cars", "red cars"))
    reviewed.run()
    reviewed.write("seeds/b.txt", f"First.\n\n{source}\n")
    reviewed.run()
    assert entry_of(reviewed, source).msgstr == TRANSLATED[source]
    # Where the reviewer has gone on with it, it is of neither source yet.
    text = reviewed.catalogue("a.txt").read_text("utf-8")
    edited = text.replace("980 carros", "980 carros vermelhos")
    reviewed.catalogue("a.txt").write_text(edited, "utf-8")
    reviewed.catalogue("b.txt").unlink()
    reviewed.run()
    assert entry_of(reviewed, source).msgstr == f"[{source}]"


@pytest.mark.parametrize("old", ["Nobody here knows why he did.", "Nobody knows why he did."])
def test_what_is_shown_is_shown_again_by_the_next_run(project: Runner, old: str) -> None:
    project.write("seeds/a.txt", f"{old}\n")
    project.run(AZ, mt=False)
    review(project, {old: "Heç kim bilmir."}, "a.txt", AZ)
    project.run(AZ, mt=False)
    # The sentence that it is of changes in the same run.
    project.write("seeds/a.txt", "Nobody there knows why he did.\n")
    project.write("seeds/b.txt", "Nobody where knows why he did.\n")
    project.run(AZ, mt=False)
    assert "l10n-suggest: Heç kim bilmir." in project.catalogue("b.txt", AZ).read_text("utf-8")
    before = [project.catalogue(name, AZ).read_bytes() for name in ("a.txt", "b.txt")]
    project.run(AZ, mt=False)
    assert [project.catalogue(name, AZ).read_bytes() for name in ("a.txt", "b.txt")] == before


def test_of_several_that_are_as_similar_the_same_is_shown_again(project: Runner) -> None:
    project.write("seeds/a.txt", "One.\n\nNobody here knows why he did.\n")
    project.write("seeds/b.txt", "Two.\n\nNobody here knows why he did.\n")
    project.run(AZ, mt=False)
    review(project, {"Nobody here knows why he did.": "Bilmir."}, "a.txt", AZ)
    review(project, {"Nobody here knows why he did.": "Bilmirlər."}, "b.txt", AZ)
    project.write("seeds/c.txt", "Two.\n\nNobody where knows why he did.\n")
    project.run(AZ, mt=False)
    assert "l10n-suggest: Bilmirlər." in project.catalogue("c.txt", AZ).read_text("utf-8")
    project.write("seeds/c.txt", "One.\n\nNobody where knows why he did.\n")
    project.run(AZ, mt=False)
    assert "l10n-suggest: Bilmirlər." in project.catalogue("c.txt", AZ).read_text("utf-8")
    # What the reviewer has corrected since is shown as corrected.
    review(project, {"Nobody here knows why he did.": "Heç kim bilmir."}, "b.txt", AZ)
    project.run(AZ, mt=False)
    assert "Bilmirlər." not in project.catalogue("c.txt", AZ).read_text("utf-8")


def test_what_left_its_document_is_still_remembered(reviewed: Runner) -> None:
    reviewed.write("seeds/a.txt", "Something else.\n")
    reviewed.run()
    reviewed.write("seeds/b.txt", "Nobody knows why.\n")
    reviewed.run()
    assert entry_of(reviewed, "Nobody knows why.").msgstr == "Ninguém sabe por quê."


def test_typography_makes_a_near_match(reviewed: Runner) -> None:
    reviewed.write("seeds/b.txt", "NOBODY knows why.\n")
    reviewed.run()
    provenance = provenance_of(entry_of(reviewed, "NOBODY knows why."))
    assert (provenance.match, provenance.similarity) == ("near", 99)


def test_changed_numbers_are_put_in(reviewed: Runner) -> None:
    reviewed.write("seeds/b.txt", "The old town sold 1,275 cars in 2019.\n")
    reviewed.run()
    entry = entry_of(reviewed, "The old town sold 1,275 cars in 2019.")
    assert entry.msgstr == "A cidade velha vendeu 1.275 carros em 2019."
    assert (provenance_of(entry).match, provenance_of(entry).similarity) == ("repaired", 83)
    assert reviewed.engine.asked == []


def test_a_similar_sentence_stands_beside_the_machines_draft(reviewed: Runner) -> None:
    source = "The new town sold 980 cars in 2018."
    reviewed.write("seeds/b.txt", f"{source}\n")
    report = reviewed.run()
    entry = entry_of(reviewed, source)
    assert entry.msgstr == f"[{source}]"
    suggestion = suggestion_of(entry)
    assert suggestion is not None
    assert (suggestion.text, suggestion.origin) == (
        "A cidade velha vendeu 980 carros em 2018.",
        Origin.TM,
    )
    assert report.reused[PT].segments == {Reuse.SHOWN: 1}


def test_below_the_threshold_nothing_is_shown(reviewed: Runner) -> None:
    reviewed.write("l10n.toml", 'targets = ["pt-BR"]\n[memory]\nthreshold = 0.99\n')
    source = "The new town sold 980 cars in 2018."
    reviewed.write("seeds/b.txt", f"{source}\n")
    reviewed.run()
    assert suggestion_of(entry_of(reviewed, source)) is None


def test_a_tmx_file_serves_as_well(project: Runner) -> None:
    project.write("memory/old.tmx", tmx(("One comes.", "Um vem.")))
    project.write("seeds/b.txt", "One comes.\n")
    project.run()
    entry = entry_of(project, "One comes.")
    assert (entry.msgstr, provenance_of(entry).engine) == ("Um vem.", "memory/old.tmx")


def test_translators_get_drafts_where_no_machine_translates(project: Runner) -> None:
    project.write("l10n.toml", 'targets = ["az"]\nby_hand = ["az"]\n')
    project.write("memory/old.tmx", tmx(("One comes.", "Biri gəlir."), target=AZ))
    project.write("seeds/b.txt", "One comes.\n\nAnother one is not there.\n")
    (outcome,) = project.run(AZ).outcomes
    assert outcome.drafted == 1
    catalogue = polib.pofile(str(project.catalogue("b.txt", AZ)))
    assert [entry.msgstr for entry in catalogue] == ["Biri gəlir.", ""]
    assert catalogue[0].flags == ["fuzzy"]


def test_a_language_without_a_model_is_served_where_the_memory_has_all(project: Runner) -> None:
    project.write("memory/old.tmx", tmx(("One comes.", "Biri gəlir."), target=AZ))
    project.write("seeds/b.txt", "One comes.\n")
    report = project.run(AZ)
    assert not report.errors
    assert "Biri gəlir." in project.catalogue("b.txt", AZ).read_text("utf-8")


PROGRAM = """\
msgid ""
msgstr "Content-Type: text/plain; charset=UTF-8\\n"

msgid "%d file"
msgid_plural "%d files"
msgstr[0] ""
msgstr[1] ""

msgctxt "menu"
msgid "Open it now"
msgstr ""
"""


def test_plural_messages_are_reused_whole(project: Runner) -> None:
    project.write("seeds/a.pot", PROGRAM)
    project.run(mt=False)
    path = project.catalogue("a.pot")
    catalogue = polib.pofile(str(path), wrapwidth=0)
    catalogue[0].msgstr_plural = {0: "%d arquivo", 1: "%d arquivos"}
    catalogue[1].msgstr = "Abrir agora"
    catalogue.save()
    project.write("seeds/b.pot", PROGRAM)
    project.run()
    one, other = polib.pofile(str(project.catalogue("b.pot")), wrapwidth=0)
    assert one.msgstr_plural == {0: "%d arquivo", 1: "%d arquivos"}
    assert other.msgstr == "Abrir agora"
    assert project.engine.asked == []


# --- what is held back -------------------------------------------------------------


def test_a_match_without_a_term_of_today_is_only_shown(reviewed: Runner) -> None:
    reviewed.write("glossary/en-pt_BR.tsv", "Nobody\tZé Ninguém\n")
    reviewed.write("seeds/b.txt", "Nobody knows why.\n")
    reviewed.run()
    entry = entry_of(reviewed, "Nobody knows why.")
    assert provenance_of(entry).origin is Origin.MT
    suggestion = suggestion_of(entry)
    assert suggestion is not None
    assert suggestion.text == "Ninguém sabe por quê."


@pytest.mark.parametrize("direction", ["l10n-keep", "l10n-use: Ninguém sabe."])
def test_what_a_direction_gave_goes_with_it(project: Runner, direction: str) -> None:
    source = "Nobody knows why."
    project.write("seeds/a.txt", f"{source}\n")
    project.run()
    project.edit("#, fuzzy\n", f"# {direction}\n#, fuzzy\n")
    project.run()
    given = entry_of(project, source, "a.txt")
    assert given.msgstr in {source, "Ninguém sabe."}
    project.edit(f"# {direction}\n", "")
    project.run()
    assert entry_of(project, source, "a.txt").msgstr == f"[{source}]"


def test_what_a_direction_gives_is_of_use_elsewhere(project: Runner) -> None:
    project.write("seeds/a.txt", "Nobody knows why.\n")
    project.run()
    project.edit("#, fuzzy\n", "# l10n-use: Ninguém sabe.\n#, fuzzy\n")
    project.run()
    project.write("seeds/b.txt", "Nobody knows why.\n")
    project.run()
    assert entry_of(project, "Nobody knows why.").msgstr == "Ninguém sabe."


@pytest.mark.parametrize(
    "source",
    [
        pytest.param("The new town sold 975 cars in 2018.", id="another number"),
        pytest.param("The old town sold cars in 2018.", id="a number less"),
        pytest.param("The old town sold 980 cars in 2018 and 2019.", id="a number more"),
        pytest.param("The old Baku sold 980 cars in 2018.", id="a name more"),
        pytest.param("The old town sold 980 Ladas in 2018.", id="another name"),
    ],
)
def test_a_similar_sentence_with_other_numbers_or_names_is_not_shown(
    reviewed: Runner, source: str
) -> None:
    reviewed.write("glossary/en-pt_BR.tsv", "Baku\tBacu\ncars\tcarros\nLadas\tLadas\n")
    reviewed.write("seeds/b.txt", f"{source}\n")
    report = reviewed.run()
    assert suggestion_of(entry_of(reviewed, source)) is None
    assert report.reused[PT].segments == {Reuse.NONE: 1}
    assert not report.reused[PT].leverage.segments[Band.NONE]  # there is one


def test_a_similar_sentence_without_a_term_of_today_is_not_shown(reviewed: Runner) -> None:
    reviewed.write("glossary/en-pt_BR.tsv", "town\tvila\n")
    source = "The new town sold 980 cars in 2018."
    reviewed.write("seeds/b.txt", f"{source}\n")
    reviewed.run()
    assert suggestion_of(entry_of(reviewed, source)) is None


def test_numbers_of_codes_are_none_of_the_sentence(project: Runner) -> None:
    project.write("l10n.toml", 'targets = ["pt-BR"]\ndocuments = ["seeds/**"]\n')
    project.write(
        "memory/old.tmx", tmx(("The old <g1>town</g1> slept well.", "A <g1>vila</g1> dormiu bem."))
    )
    project.write("seeds/b.md", "The new town slept well.\n")
    project.run()
    assert suggestion_of(entry_of(project, "The new town slept well.", "b.md")) is not None


@pytest.mark.parametrize("target", ["Um <g1>vem.", "Um vem.", "<g1></g1>Um vem."])
def test_a_match_with_broken_codes_is_no_draft(project: Runner, target: str) -> None:
    project.write("memory/old.tmx", tmx(("One <g1>comes</g1>.", target)))
    project.write("seeds/b.md", "One **comes**.\n")
    project.write("l10n.toml", 'targets = ["pt-BR"]\ndocuments = ["seeds/**"]\n')
    project.run()
    assert provenance_of(entry_of(project, "One <g1>comes</g1>.", "b.md")).origin is Origin.MT


def test_codes_go_along_with_a_match(project: Runner) -> None:
    project.write("glossary/en-pt_BR.tsv", GLOSSARY + "Baku\tBaku\t\tplace\tfeminine\n")
    project.write(
        "memory/old.tmx",
        tmx(("Of <g1>Baku</g1> 250 came in 2018.", "De <g1>Baku</g1> 250 em 2018.")),
    )
    project.write("seeds/b.md", "Of **Baku** 250 came in 2018.\n\nOf *Baku* 250 came in 2019.\n")
    project.run()
    one = entry_of(project, "Of <g1>Baku</g1> 250 came in 2018.", "b.md")
    assert one.msgstr == "De <g1>Baku</g1> 250 em 2018."
    other = entry_of(project, "Of <g1>Baku</g1> 250 came in 2019.", "b.md")
    assert other.msgstr == "De <g1>Baku</g1> 250 em 2019."
    assert provenance_of(other).match == "repaired"


def test_a_file_from_elsewhere_with_another_number_is_not_believed(project: Runner) -> None:
    project.write("memory/old.tmx", tmx(("It cost 120 euros.", "Custou 130 euros.")))
    project.write("seeds/b.txt", "It cost 120 euros.\n")
    project.run()
    assert provenance_of(entry_of(project, "It cost 120 euros.")).origin is Origin.MT


def test_reviewers_are_believed_whatever_checks_say(project: Runner) -> None:
    project.write("seeds/a.txt", "It cost 120 euros.\n")
    project.run()
    review(project, {"It cost 120 euros.": "Custou cento e vinte euros."})
    project.write("seeds/b.txt", "It cost 120 euros.\n")
    project.run()
    entry = entry_of(project, "It cost 120 euros.")
    assert entry.msgstr == "Custou cento e vinte euros."
    assert "l10n-finding: numbers" in entry.tcomment


def test_drafts_and_half_done_work_are_not_remembered(project: Runner) -> None:
    project.write("seeds/a.txt", OLD)
    project.run()
    project.write("seeds/b.txt", "Nobody knows why.\n")
    project.run()
    assert provenance_of(entry_of(project, "Nobody knows why.")).origin is Origin.MT
    assert not (project.root / CACHE).exists()


numbers = st.integers(2, 9_999).map(lambda number: f"{number:,}")


@given(numbers, numbers, numbers, st.booleans())
def test_no_draft_has_a_number_that_its_source_has_not(
    tmp_path_factory: pytest.TempPathFactory, old: str, new: str, year: str, twice: bool
) -> None:
    root = tmp_path_factory.mktemp("numbers")
    project = Runner(root)
    project.write("l10n.toml", 'targets = ["pt-BR"]')
    again = f" and {old} vans" if twice else ""
    project.write(
        "memory/old.tmx",
        tmx((f"They sold {old} cars{again} here.", f"Venderam {old} carros{again} aqui.")),
    )
    source = f"They sold {new} cars{again.replace(old, year)} here."
    project.write("seeds/b.txt", f"{source}\n")
    project.run()
    entry = entry_of(project, source)
    if provenance_of(entry).origin is Origin.TM:
        assert re.findall(r"\d+", entry.msgstr) == re.findall(r"\d+", source)
    shutil.rmtree(root)


# --- what it costs -----------------------------------------------------------------


def test_a_second_run_does_not_even_open_the_memory(
    reviewed: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    reviewed.write("seeds/b.txt", "The new town sold 980 cars in 2018.\n\nNobody knows why.\n")
    reviewed.run()
    before = reviewed.snapshot()
    reviewed.engine.asked.clear()
    monkeypatch.setattr(remembering, "TranslationMemory", lambda path: pytest.fail("opened"))
    reviewed.run(now=LATER)
    assert reviewed.snapshot() == before
    assert reviewed.engine.asked == []


def test_translators_entries_are_looked_up_again_without_a_change(project: Runner) -> None:
    project.write("memory/old.tmx", tmx(("One comes.", "Um vem.")))
    project.write("seeds/b.txt", "One goes.\n\nOne comes.\n\nNothing is like this.\n")
    project.run(mt=False)
    project.run(mt=False)  # which has the catalogue join the memory
    before = project.snapshot()
    project.run(mt=False, now=LATER)
    assert project.snapshot() == before


def test_catalogues_that_have_not_changed_are_not_read_again(
    reviewed: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    reviewed.write("seeds/b.txt", "Nobody knows why.\n")
    reviewed.run()
    read = []

    def reading(workspace: object, locale: object, document: str) -> list[MemoryUnit]:
        read.append(document)
        return []

    reviewed.run(redraft=True)
    monkeypatch.setattr(supplies, "reviewed_units", reading)
    reviewed.write("seeds/c.txt", "Nobody knows why.\n")
    reviewed.run()
    assert read == []
    assert entry_of(reviewed, "Nobody knows why.", "c.txt").msgstr == "Ninguém sabe por quê."


def test_the_cache_may_be_deleted_and_is_not_for_version_control(reviewed: Runner) -> None:
    reviewed.write("seeds/b.txt", "Nobody knows why.\n")
    reviewed.run()
    first = reviewed.catalogue("b.txt").read_bytes()
    assert reviewed.read(".l10n/.gitignore").endswith("\n*\n")
    shutil.rmtree(reviewed.root / ".l10n")
    reviewed.catalogue("b.txt").unlink()
    reviewed.run()
    assert reviewed.catalogue("b.txt").read_bytes() == first


def test_what_a_reviewer_changes_is_what_is_remembered_next(reviewed: Runner) -> None:
    reviewed.write("seeds/b.txt", "Nobody knows why.\n")
    reviewed.run()
    reviewed.edit("Ninguém sabe por quê.", "Ninguém o sabe.")
    reviewed.write("seeds/c.txt", "Nobody knows why.\n")
    reviewed.run()
    assert entry_of(reviewed, "Nobody knows why.", "c.txt").msgstr == "Ninguém o sabe."
    # The other draft stays until somebody asks for it to be remade.
    assert entry_of(reviewed, "Nobody knows why.").msgstr == "Ninguém sabe por quê."
    reviewed.run(redraft=True)
    assert entry_of(reviewed, "Nobody knows why.").msgstr == "Ninguém o sabe."


def test_a_draft_is_made_anew_when_its_terms_change(reviewed: Runner) -> None:
    reviewed.write("seeds/b.txt", "Nobody knows why.\n")
    reviewed.run()
    reviewed.write("glossary/en-pt_BR.tsv", "Nobody\tZé Ninguém\n")
    reviewed.run()
    assert provenance_of(entry_of(reviewed, "Nobody knows why.")).origin is Origin.MT


def test_a_dry_run_counts_and_leaves_nothing_behind(reviewed: Runner) -> None:
    reviewed.write("seeds/b.txt", "Nobody knows why.\n")
    before = reviewed.snapshot()
    report = reviewed.run(dry_run=True)
    assert report.reused[PT].segments == {Reuse.EXACT: 1}
    assert reviewed.snapshot() == before


# --- what may be wrong -------------------------------------------------------------


def test_a_file_that_is_no_tmx_is_an_error_every_time_and_stops_nothing(reviewed: Runner) -> None:
    reviewed.write("memory/bad.tmx", "not XML")
    for name in ("b.txt", "c.txt"):
        reviewed.write(f"seeds/{name}", "Nobody knows why.\n")
        report = reviewed.run()
        assert [error.where.partition(":")[0] for error in report.errors] == ["memory/bad.tmx"]
        assert entry_of(reviewed, "Nobody knows why.", name).msgstr == "Ninguém sabe por quê."


def test_units_that_cannot_be_used_are_a_note(project: Runner) -> None:
    good = tmx(("One comes.", "Um vem.")).decode()
    empty = '<tu><tuv xml:lang="en"><seg>a</seg></tuv><tuv xml:lang="pt"><seg></seg></tuv></tu>\n'
    project.write("memory/old.tmx", good.replace("</body>", f"{empty}</body>"))
    project.write("seeds/b.txt", "One comes.\n")
    report = project.run()
    (note,) = report.notes
    assert note.startswith("memory/old.tmx:")
    assert not report.errors
    assert entry_of(project, "One comes.").msgstr == "Um vem."


def test_a_broken_catalogue_is_told_of_once(reviewed: Runner) -> None:
    reviewed.write("seeds/b.txt", "Nobody knows why.\n")
    reviewed.run()
    reviewed.catalogue("a.txt").write_text("no catalogue", "utf-8")
    reviewed.write("seeds/c.txt", "Nobody knows why.\n")
    report = reviewed.run()
    assert len(report.errors) == 1


@pytest.mark.parametrize("found", [b"no database at all, but some text", b"", None])
def test_whatever_stands_in_the_caches_place_stops_nothing(
    reviewed: Runner, found: bytes | None
) -> None:
    if found is None:
        (reviewed.root / CACHE).mkdir(parents=True)
    else:
        reviewed.write(CACHE, found)
    reviewed.write("seeds/b.txt", "Nobody knows why.\n")
    report = reviewed.run()
    assert not report.errors
    assert entry_of(reviewed, "Nobody knows why.").msgstr == "Ninguém sabe por quê."
    assert bool(report.notes) == (found != b"")


def test_a_page_of_the_cache_that_is_damaged_stops_nothing(reviewed: Runner) -> None:
    more = {f"Sentence number {at} of many that were accepted.": f"Frase {at}." for at in range(60)}
    reviewed.write("seeds/c.txt", "\n\n".join(more))
    reviewed.run()
    review(reviewed, more, "c.txt")
    reviewed.run()  # which brings the catalogue into its own form
    similar = "The old town sold 1,275 cars in 2019."
    reviewed.write("seeds/b.txt", f"Nobody knows why.\n\n{similar}\n\nNothing like it.\n")
    reviewed.run()
    expected = reviewed.catalogue("b.txt").read_bytes()
    cache = reviewed.root / CACHE
    whole = cache.read_bytes()
    size = int.from_bytes(whole[16:18], "big")
    told = 0
    for start in range(0, len(whole), size):
        for damage in (b"\0" * size, b"\xff" * size):
            for beside in cache.parent.glob(f"{cache.name}-*"):
                beside.unlink()
            cache.write_bytes(whole[:start] + damage + whole[start + size :])
            reviewed.catalogue("b.txt").unlink()
            report = reviewed.run()
            assert report.errors == []
            assert reviewed.catalogue("b.txt").read_bytes() == expected
            told += len(report.notes)
            assert all("the translation memory is not kept" in note for note in report.notes)
    assert told


def test_a_file_that_vanishes_while_it_is_taken_over_is_told_of(
    reviewed: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = reviewed.write("memory/old.tmx", tmx(("One comes.", "Um vem.")))
    digest = Supplies._digest

    def gone(memory: Supplies, relative: str) -> str:
        found = digest(memory, relative)
        if relative == "memory/old.tmx":
            file.unlink(missing_ok=True)
        return found

    monkeypatch.setattr(Supplies, "_digest", gone)
    reviewed.write("seeds/b.txt", "Nobody knows why.\n")
    report = reviewed.run()
    assert [str(error) for error in report.errors] == [
        "memory/old.tmx: cannot be read: no such file or directory"
    ]
    assert entry_of(reviewed, "Nobody knows why.").msgstr == "Ninguém sabe por quê."


def test_a_project_that_may_not_be_written_to_has_a_memory_all_the_same(reviewed: Runner) -> None:
    shutil.rmtree(reviewed.root / ".l10n")
    if os.geteuid() == 0:
        (reviewed.root / ".l10n").write_text("no folder")  # where not even root can write
    else:
        reviewed.root.chmod(0o555)
    try:
        memory = ProjectMemory(reviewed.workspace)
        store = memory.store(PT)
        assert store is not None
        assert sum(store.counts(memory.pair(PT)).values()) == 2
        memory.close()
    finally:
        reviewed.root.chmod(0o755)


def test_a_link_out_of_the_project_is_not_followed(
    reviewed: Runner, tmp_path_factory: pytest.TempPathFactory
) -> None:
    outside: Path = tmp_path_factory.mktemp("outside")
    (outside / "old.tmx").write_bytes(tmx(("One comes.", "Um vem.")))
    (reviewed.root / "memory").mkdir()
    (reviewed.root / "memory/old.tmx").symlink_to(outside / "old.tmx")
    (reviewed.root / CACHE).symlink_to(outside / "cache")
    reviewed.write("seeds/b.txt", "One comes.\n")
    report = reviewed.run()
    assert [error.where for error in report.errors] == ["memory/old.tmx"]
    assert sorted(path.name for path in outside.iterdir()) == ["old.tmx"]
