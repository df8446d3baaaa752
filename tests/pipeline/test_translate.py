"""Documents to catalogues: what a run does, and above all what it leaves alone."""

from pathlib import Path
from typing import Any

import polib
import pytest

from l10n_pipeline.config import Accept
from l10n_pipeline.errors import CatalogueError, ConfigError, GlossaryError
from l10n_pipeline.model import Catalogue
from l10n_pipeline.pipeline.build import build
from l10n_pipeline.pipeline.language import Language
from l10n_pipeline.pipeline.project_files import ProjectFiles
from l10n_pipeline.pipeline.status import Item, status
from tests.support.projects import AZ, LATER, PT, FakeEngine, Runner
from tests.support.tools import run_tool

TEXT = "One comes.\n\nTwo goes. Three stays.\n"


def entries(project: Runner, document: str = "a.txt") -> dict[str, polib.POEntry]:
    return {entry.msgid: entry for entry in polib.pofile(str(project.catalogue(document)))}


def accept(project: Runner, msgid: str, new: str) -> None:
    """Review an entry: correct it and clear its flag."""
    catalogue = polib.pofile(str(project.catalogue()), wrapwidth=0)
    entry = catalogue.find(msgid)
    entry.msgstr = new
    entry.flags.remove("fuzzy")
    catalogue.save()


def test_every_segment_becomes_a_fuzzy_draft_that_says_where_it_came_from(project: Runner) -> None:
    project.write("seeds/a.txt", TEXT)
    (outcome,) = project.run().outcomes
    assert (outcome.units, outcome.drafted, outcome.written) == (3, 3, True)
    drafts = entries(project)
    assert list(drafts) == ["One comes.", "Two goes.", "Three stays."]
    for msgid, entry in drafts.items():
        assert entry.msgstr == f"[{msgid}]"
        assert entry.flags == ["fuzzy"]
        assert "l10n-mt: fake/f32" in entry.tcomment
        assert entry.occurrences == [("seeds/a.txt", "")]


def test_a_second_run_loads_no_model_and_touches_no_file(project: Runner) -> None:
    project.write("seeds/a.txt", TEXT)
    project.run()
    before = project.snapshot()
    report = project.run(now=LATER)
    assert project.snapshot() == before
    assert (project.loaded, report.engines) == (1, [])
    assert not report.outcomes[0].written


def test_catalogues_that_an_editor_wrapped_anew_are_left_alone(project: Runner) -> None:
    project.write("seeds/a.txt", "A long sentence with many words in it " * 5 + ".")
    project.engine.write = lambda _: (
        "Uma frase comprida com muitas palavras que se seguem, uma depois da outra, até que "
        "haja bastante delas para quebrar a linha muitas vezes."
    )
    project.run()
    catalogue = polib.pofile(str(project.catalogue()), wrapwidth=40)
    catalogue.save()
    before = project.snapshot()
    project.run(now=LATER)
    assert project.snapshot() == before


def test_what_a_reviewer_wrote_stands_and_only_the_changed_sentence_is_drafted(
    project: Runner,
) -> None:
    project.write("seeds/a.txt", TEXT)
    project.run()
    accept(project, "Two goes.", "Dois vai.")
    project.write("seeds/a.txt", TEXT.replace("Three stays.", "Three leaves."))
    project.engine.asked.clear()

    project.run(now=LATER)

    assert project.engine.asked == ["Three leaves."]
    reviewed = entries(project)["Two goes."]
    assert (reviewed.msgstr, reviewed.flags) == ("Dois vai.", [])
    build(project.workspace, locales=[PT], accept=Accept.MT)
    assert project.read("build/pt_BR/a.txt") == "[One comes.]\n\nDois vai. [Three leaves.]\n"


def test_a_repeated_sentence_is_one_entry_translated_once(project: Runner) -> None:
    project.write("seeds/a.txt", "Same here.\n\nSame here.\n")
    project.write("seeds/b.txt", "Same here.\n")
    project.run()
    assert project.engine.asked == ["Same here."]
    assert list(entries(project)) == ["Same here."]


def test_a_term_that_changes_remakes_the_drafts_it_stands_in_and_no_other(project: Runner) -> None:
    project.write("glossary/en-pt_BR.tsv", "One\tUm\n")
    project.write("seeds/a.txt", TEXT)
    project.run()
    project.engine.asked.clear()
    project.write("glossary/en-pt_BR.tsv", "One\tUma\nUnused\tNunca\n")
    project.run()
    assert project.engine.asked == ["One comes."]


def test_a_changed_term_leaves_an_accepted_entry_but_for_the_verdict(project: Runner) -> None:
    project.write("glossary/en-pt_BR.tsv", "One\tUm\n")
    project.write("seeds/a.txt", TEXT)
    project.run()
    accept(project, "One comes.", "Um vem.")
    project.write("glossary/en-pt_BR.tsv", "One\tUma\n")
    project.engine.asked.clear()
    (outcome,) = project.run().outcomes
    assert project.engine.asked == []
    entry = entries(project)["One comes."]
    assert (entry.msgstr, entry.flags) == ("Um vem.", [])
    assert "One → Uma [missing" in entry.tcomment
    assert outcome.failing == 1


def test_redraft_remakes_untouched_drafts_only(project: Runner) -> None:
    project.write("seeds/a.txt", TEXT)
    project.run()
    accept(project, "Two goes.", "Dois vai.")
    project.edit('msgstr "[Three stays.]"', 'msgstr "Três fica."')  # edited, still fuzzy
    project.engine = FakeEngine(write=lambda source: f"<{source}>")
    project.run(redraft=True)
    assert {msgid: entry.msgstr for msgid, entry in entries(project).items()} == {
        "One comes.": "<One comes.>",
        "Two goes.": "Dois vai.",
        "Three stays.": "Três fica.",
    }


def test_a_reviewed_sentence_that_leaves_and_returns_is_as_it_was(project: Runner) -> None:
    project.write("seeds/a.txt", TEXT)
    project.run()
    accept(project, "Two goes.", "Dois vai.")
    project.write("seeds/a.txt", "One comes.\n")
    project.run()
    assert '#~ msgstr "Dois vai."' in project.catalogue().read_text(encoding="utf-8")
    assert "Three stays." not in project.catalogue().read_text(encoding="utf-8")
    project.write("seeds/a.txt", TEXT)
    project.run()
    entry = entries(project)["Two goes."]
    assert (entry.msgstr, entry.flags, entry.obsolete) == ("Dois vai.", [], 0)


def test_without_mt_translators_get_empty_entries_with_the_agreed_names(project: Runner) -> None:
    project.write(
        "glossary/en-az.tsv", "# source\ttarget\tcomment\tforms\nOne\tBir\t\tBirin|Birə\n"
    )
    project.write("seeds/a.txt", TEXT)
    report = project.run(AZ, mt=False)
    assert report.errors == []
    assert project.loaded == 0
    catalogue = polib.pofile(str(project.catalogue(locale=AZ)))
    assert [(entry.msgstr, entry.flags) for entry in catalogue] == [("", [])] * 3
    assert catalogue[0].tcomment == "l10n-term: One → Bir [agreed; also Birin | Birə]"
    before = project.snapshot()
    project.run(AZ, mt=False, now=LATER)
    assert project.snapshot() == before


def test_a_language_translated_by_hand_is_prepared_and_asks_for_no_model(project: Runner) -> None:
    project.write("l10n.toml", 'targets = ["pt-BR", "az"]\nby_hand = ["az"]')
    project.write("seeds/a.txt", TEXT)
    report = project.run(AZ, PT)
    assert report.errors == []
    prepared = polib.pofile(str(project.catalogue(locale=AZ)))
    assert [entry.msgstr for entry in prepared] == ["", "", ""]
    assert entries(project)["One comes."].msgstr == "[One comes.]"


def test_a_language_without_a_model_is_reported_and_the_others_done(project: Runner) -> None:
    project.write("seeds/a.txt", TEXT)
    report = project.run(AZ, PT)
    assert [str(error) for error in report.errors] == ["no model for az"]
    assert project.catalogue(locale=PT).exists()
    assert not project.catalogue(locale=AZ).exists()


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        (b"caf\xe9 au lait", "UTF-8"),
        (b"\x00\x01\x02\x03" * 10, "binary"),
    ],
)
def test_a_document_that_cannot_be_read_is_reported_and_the_others_done(
    project: Runner, bad: bytes, reason: str
) -> None:
    project.write("seeds/a.txt", TEXT)
    project.write("seeds/bad.txt", bad)
    (error,) = (report := project.run()).errors
    assert "seeds/bad.txt" in str(error)
    assert reason in str(error)
    assert [outcome.document for outcome in report.outcomes] == ["a.txt"]
    assert not project.catalogue("bad.txt").exists()


@pytest.mark.parametrize(
    "broken",
    [
        "not a catalogue at all",
        'msgid ""\nmsgstr ""\n"Language: ru\\n"\n"Content-Type: text/plain; charset=UTF-8\\n"\n',
        'msgid "a"\nmsgstr "b"\n\nmsgid "a"\nmsgstr "c"\n',
    ],
)
def test_a_broken_or_foreign_catalogue_is_left_as_it_is_and_the_others_done(
    project: Runner, broken: str
) -> None:
    project.write("seeds/a.txt", TEXT)
    project.write("seeds/b.txt", TEXT)
    name = project.catalogue().relative_to(project.root).as_posix()
    project.write(name, broken)
    report = project.run()
    (error,) = report.errors
    assert isinstance(error, CatalogueError)
    assert error.where.startswith(name)
    assert project.read(name) == broken
    assert [outcome.document for outcome in report.outcomes] == ["b.txt"]


def test_a_broken_glossary_stops_its_language_alone_and_moves_no_segment(project: Runner) -> None:
    project.write("seeds/a.txt", "We read Khojaly. Twenty years of it today.\n")
    project.write("glossary/en-az.tsv", "Khojaly. Twenty years\n")
    report = project.run(AZ, PT)
    (error,) = report.errors
    assert isinstance(error, GlossaryError)
    assert error.where == "glossary/en-az.tsv:1"
    assert list(entries(project)) == ["We read Khojaly. Twenty years of it today."]


def test_what_a_reviewer_saves_while_the_model_runs_stands(project: Runner) -> None:
    project.write("seeds/a.txt", TEXT)
    project.run()

    def review_meanwhile(source: str) -> str:
        accept(project, "Two goes.", "Dois vai.")
        return "late"

    project.write("seeds/a.txt", TEXT.replace("Three stays.", "Three leaves."))
    project.engine = FakeEngine(write=review_meanwhile)
    project.run()
    assert entries(project)["Two goes."].msgstr == "Dois vai."
    assert entries(project)["Three leaves."].msgstr == "late"


def test_a_finding_goes_when_the_reviewer_has_mended_it_and_comes_when_they_err(
    project: Runner,
) -> None:
    project.write("seeds/a.txt", "It cost 12 euros. It cost 13 euros.\n")
    project.engine = FakeEngine(
        write=lambda source: "Custou 13 euros." if "13" in source else "Nada."
    )
    (outcome,) = project.run().outcomes
    assert outcome.failing == 1
    accept(project, "It cost 12 euros.", "Custou 12 euros.")
    accept(project, "It cost 13 euros.", "Custou muito.")
    project.run()
    assert "l10n-finding" not in entries(project)["It cost 12 euros."].tcomment
    assert "l10n-finding: numbers: 13 is missing" in entries(project)["It cost 13 euros."].tcomment


def test_a_language_without_a_model_still_loses_what_left_the_document(project: Runner) -> None:
    project.write("seeds/a.txt", TEXT)
    project.run(AZ, mt=False)
    project.write("seeds/a.txt", "One comes.\n")
    project.write("seeds/b.txt", "Nobody is here.\n")
    catalogue = polib.pofile(str(project.catalogue(locale=AZ)), wrapwidth=0)
    for entry in catalogue:
        entry.msgstr = "Bir."
    catalogue.save()
    report = project.run(AZ)
    assert len(report.errors) == 1
    assert [outcome.document for outcome in report.outcomes] == ["a.txt"]
    assert '#~ msgid "Two goes."' in project.catalogue(locale=AZ).read_text(encoding="utf-8")


def test_a_dry_run_says_that_there_is_no_model(project: Runner) -> None:
    project.write("seeds/a.txt", TEXT)
    report = project.run(AZ, dry_run=True)
    assert [str(error) for error in report.errors] == ["no model for az"]
    assert report.outcomes == []


def test_a_dry_run_without_mt_finds_a_prepared_catalogue_unchanged(project: Runner) -> None:
    project.write("seeds/a.txt", TEXT)
    project.run(AZ, mt=False)
    (outcome,) = project.run(AZ, mt=False, dry_run=True).outcomes
    assert not outcome.written


def test_many_documents_are_translated_in_groups_and_each_once(
    project: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("l10n_pipeline.pipeline.translate._SEGMENTS_AT_ONCE", 4)
    for number in range(5):
        project.write(f"seeds/{number}.txt", f"A {number}. B {number}. C {number}.")
    report = project.run()
    assert [outcome.document for outcome in report.outcomes] == [f"{n}.txt" for n in range(5)]
    assert len(project.engine.asked) == len(set(project.engine.asked)) == 15
    assert project.loaded == 1


def test_a_translation_that_was_cut_off_is_a_finding(project: Runner) -> None:
    project.write("seeds/a.txt", "One comes.\n")
    project.engine.complete = False
    (outcome,) = project.run().outcomes
    assert outcome.failing == 1
    assert "l10n-finding: truncated" in entries(project)["One comes."].tcomment


def test_a_dry_run_says_what_it_would_do_and_writes_nothing(project: Runner) -> None:
    project.write("seeds/a.txt", TEXT)
    before = project.snapshot()
    (outcome,) = project.run(dry_run=True).outcomes
    assert (outcome.drafted, outcome.written) == (3, True)
    assert project.snapshot() == before
    assert project.loaded == 0


def test_an_empty_document_has_an_empty_catalogue(project: Runner) -> None:
    project.write("seeds/a.txt", "")
    report = project.run()
    assert report.errors == []
    assert report.outcomes[0].units == 0
    build(project.workspace, locales=[PT])
    assert project.read("build/pt_BR/a.txt") == ""


def test_an_empty_translation_is_a_finding_and_not_asked_for_again(project: Runner) -> None:
    project.write("seeds/a.txt", TEXT)
    project.engine = FakeEngine(write=lambda source: "" if "One" in source else source)
    (outcome,) = project.run().outcomes
    assert outcome.failing == 1
    assert "l10n-finding: empty" in entries(project)["One comes."].tcomment
    before = project.snapshot()
    project.run(now=LATER)
    assert project.snapshot() == before
    assert project.loaded == 1
    build(project.workspace, locales=[PT], accept=Accept.MT)
    assert project.read("build/pt_BR/a.txt") == TEXT


def test_paths_restrict_the_run_to_files_and_folders(
    project: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("seeds/a.txt", "seeds/x/b.txt", "seeds/x/c.txt", "loose.txt"):
        project.write(name, TEXT)
    monkeypatch.chdir(project.root / "seeds")
    report = project.run(paths=[Path("x"), Path("../loose.txt")])
    assert [outcome.document for outcome in report.outcomes] == ["loose.txt", "x/b.txt", "x/c.txt"]
    report = project.run(paths=[Path("none.txt"), Path("a.txt"), Path("/etc/passwd")])
    assert [outcome.document for outcome in report.outcomes] == ["a.txt"]
    assert [error.what for error in report.errors] == ["no such file", "lies outside the project"]


def test_hidden_excluded_and_built_files_and_links_out_are_no_documents(
    project: Runner, tmp_path_factory: pytest.TempPathFactory
) -> None:
    project.write("l10n.toml", 'documents = ["**/*.txt"]\nexclude = ["drafts/**", "**/no*.txt"]')
    for name in ("a.txt", "not.txt", "drafts/deep/d.txt", ".venv/v.txt", "build/pt_BR/a.txt"):
        project.write(name, TEXT)
    outside = tmp_path_factory.mktemp("outside") / "secret.txt"
    outside.write_text("secret", encoding="utf-8")
    (project.root / "link.txt").symlink_to(outside)
    documents, _ = project.workspace.find_documents()
    assert [document.path for document in documents] == ["a.txt"]


def test_two_documents_that_would_share_a_catalogue_are_refused(project: Runner) -> None:
    project.write("l10n.toml", 'documents = ["news/*.txt", "blog/*.txt"]')
    project.write("news/a.txt", TEXT)
    project.write("blog/a.txt", TEXT)
    with pytest.raises(ConfigError, match=r"blog/a\.txt and news/a\.txt would share"):
        project.run()


def test_the_most_specific_glossary_wins_and_a_sibling_region_has_no_say(project: Runner) -> None:
    project.write("glossary/en-pt.tsv", "One\tgeral\nTwo\tDois\n")
    project.write("glossary/en-pt_BR.tsv", "One\tUm\n")
    project.write("glossary/en-pt_PT.tsv", "Three\tTrês\n")
    matcher = project.workspace.glossary(PT)
    hits = matcher.match("One Two Three")
    assert [hit.term.target for hit in hits] == ["Um", "Dois"]


def test_a_glossary_whose_name_tells_no_pair_is_refused(project: Runner) -> None:
    project.write("seeds/a.txt", TEXT)
    project.write("glossary/names.tsv", "One\tUm\n")
    with pytest.raises(ConfigError, match=r"^glossary/names\.tsv: "):
        project.run()


def test_what_a_reviewer_saves_while_a_catalogue_is_merged_stands(
    project: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    project.write("seeds/a.txt", "One comes. Two goes.")
    project.run()
    project.write("seeds/a.txt", "One comes. Two goes. Three stays.")
    merged, saved = Language.merged, [""]

    def save_meanwhile(self: Language, *arguments: Any) -> Catalogue:
        made = merged(self, *arguments)
        if len(saved) < 3:
            saved.append(f"{saved[-1]}!")
            project.edit(f"[One comes.{saved[-2]}]", f"[One comes.{saved[-1]}]")
        return made

    monkeypatch.setattr(Language, "merged", save_meanwhile)
    assert not project.run().errors
    assert [entry.msgstr for entry in entries(project).values()] == [
        "[One comes.!!]",
        "[Two goes.]",
        "[Three stays.]",
    ]


def test_a_catalogue_that_is_always_being_saved_is_left_and_told_of(
    project: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    project.write("seeds/a.txt", "One comes.")
    project.run()
    project.write("seeds/a.txt", "One comes. Two goes.")
    monkeypatch.setattr(
        ProjectFiles, "has_changed", lambda self, relative: relative.endswith(".po")
    )
    (error,) = project.run().errors
    assert error.what == "is saved again and again while it is brought up to date"
    assert "Two" not in project.read("locales/pt_BR/LC_MESSAGES/a.txt.po")


def test_an_entry_emptied_while_the_machine_drafts_is_not_forgotten(project: Runner) -> None:
    project.write("seeds/a.txt", "One comes.")
    project.run()
    project.write("seeds/b.txt", "Two goes.")
    project.write("glossary/en-pt_BR.tsv", "Zwei\tDois\t\n")

    def empty_meanwhile(source: str) -> str:
        if source.startswith("Two"):
            catalogue = polib.pofile(str(project.catalogue()), wrapwidth=0)
            catalogue[0].msgstr, catalogue[0].tcomment, catalogue[0].flags = "", "", []
            catalogue.save()
        return f"[{source}]"

    project.engine.write = empty_meanwhile
    project.run()
    assert entries(project)["One comes."].msgstr == ""
    project.run()
    assert entries(project)["One comes."].msgstr == "[One comes.]"


@pytest.mark.parametrize("previous", ["--previous", "--quiet"])
def test_what_msgmerge_moved_to_a_changed_sentence_stands_beside_a_fresh_suggestion(
    project: Runner, previous: str
) -> None:
    project.write("seeds/a.txt", "It opens at 10 a.m. on Sunday in Baku.\n")
    project.run()
    project.write("seeds/a.txt", "It opens at 11 a.m. on Sunday in Baku.\n")
    project.run(AZ, mt=False)  # writes the new template and leaves the catalogue alone
    catalogue = str(project.catalogue())
    merged = run_tool(
        "msgmerge",
        previous,
        "--update",
        "--backup=off",
        catalogue,
        str(project.root / "locales/a.txt.pot"),
    )
    assert merged.returncode == 0
    assert entries(project)["It opens at 11 a.m. on Sunday in Baku."].msgstr.startswith(
        "[It opens at 10"
    )

    project.run()

    # It may have been accepted where it stood: msgmerge does not tell.
    entry = entries(project)["It opens at 11 a.m. on Sunday in Baku."]
    assert entry.msgstr == "[It opens at 10 a.m. on Sunday in Baku.]"
    assert entry.flags == ["fuzzy"]
    assert "# l10n-suggest: \\[It opens at 11 a.m. on Sunday in Baku.] [mt;" in project.read(
        "locales/pt_BR/LC_MESSAGES/a.txt.po"
    )


def test_an_accepted_draft_that_msgmerge_moved_is_stale_and_kept(project: Runner) -> None:
    project.write("seeds/a.txt", "It opens at 10 a.m. on Sunday in Baku.\n")
    project.run()
    project.edit("#, fuzzy\n", "")
    project.write("seeds/a.txt", "It opens at 11 a.m. on Sunday in Baku.\n")
    project.run(AZ, mt=False)
    template = str(project.root / "locales/a.txt.pot")
    run_tool("msgmerge", "--previous", "-U", "--backup=off", str(project.catalogue()), template)
    project.run()
    entry = entries(project)["It opens at 11 a.m. on Sunday in Baku."]
    assert entry.msgstr == "[It opens at 10 a.m. on Sunday in Baku.]"
    (counted,) = status(project.workspace, locales=[PT]).catalogues
    assert counted.counts.segments[Item.STALE] == 1


def test_a_catalogue_whose_document_is_gone_is_told_of_and_left(project: Runner) -> None:
    project.write("seeds/a.txt", TEXT)
    project.write("seeds/b.txt", TEXT)
    project.run()
    (project.root / "seeds/a.txt").unlink()
    report = project.run()
    assert report.orphans == ["locales/pt_BR/LC_MESSAGES/a.txt.po"]
    assert project.catalogue("a.txt").exists()
    assert project.run(paths=[project.root / "seeds/b.txt"]).orphans == []


def test_catalogues_of_documents_that_could_not_be_read_are_no_orphans(project: Runner) -> None:
    for name in ("b.txt", "c.txt"):
        project.write(f"seeds/{name}", TEXT)
    project.run(mt=False)
    for name in ("b.txt", "c.txt"):
        (project.root / f"seeds/{name}").unlink()
    (project.root / "seeds/b.txt").symlink_to("b.txt")
    report = project.run(mt=False)
    assert report.orphans == ["locales/pt_BR/LC_MESSAGES/c.txt.po"]


def test_a_plural_rule_that_is_none_is_told_with_its_catalogue(project: Runner) -> None:
    project.write("seeds/a.txt", "One.")
    project.run(mt=False)
    project.edit("nplurals=2", "nplurals=x")
    for error in (*project.run(mt=False).errors, *build(project.workspace, locales=[PT]).errors):
        assert str(error).startswith("locales/pt_BR/LC_MESSAGES/a.txt.po: the header's Plural-")


CUES = "00:00:01,000 --> 00:00:02,000\nOne\n\n00:00:02,000 --> 00:00:03,000\ncomes.\n"


def test_what_is_too_long_for_its_place_is_a_finding_until_it_is_shortened(
    project: Runner,
) -> None:
    project.write("l10n.toml", 'documents = ["seeds/*.srt"]\n')
    project.write("seeds/a.srt", CUES)
    project.engine.write = lambda source: f"{source} {'Muito comprido' * 20}."
    (outcome,) = project.run().outcomes
    assert outcome.failing == 1
    (entry,) = entries(project, "a.srt").values()
    assert "l10n-finding: limits: 292 characters, where there is room for 171" in entry.tcomment
    assert "at most 171 characters" in entry.comment

    project.edit(entry.msgstr, "Alguém vem.", "a.srt")
    project.edit("#, fuzzy\n", "", "a.srt")
    project.run()
    (entry,) = entries(project, "a.srt").values()
    assert "limits" not in entry.tcomment

    project.edit("Alguém vem.", "Alguém" * 40, "a.srt")
    project.run()
    (entry,) = entries(project, "a.srt").values()
    assert "l10n-finding: limits: 240 characters" in entry.tcomment
    before = project.snapshot()
    project.run(now=LATER)
    assert project.snapshot() == before


def test_neighbours_stand_in_catalogues_where_the_project_wants_them(project: Runner) -> None:
    project.write("seeds/a.txt", TEXT)
    project.run()
    assert "before:" not in project.catalogue().read_text("utf-8")
    project.write("l10n.toml", "[catalogues]\nneighbours = true\n")
    project.run()
    found = {msgid: entry.comment.split("\n")[1:] for msgid, entry in entries(project).items()}
    assert found == {
        "One comes.": ["after: Two goes."],
        "Two goes.": ["before: One comes.", "after: Three stays."],
        "Three stays.": ["before: Two goes."],
    }
    assert project.loaded == 1
    before = project.snapshot()
    project.run(now=LATER)
    assert project.snapshot() == before
