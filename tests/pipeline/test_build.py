"""Catalogues to documents: whose text goes in, and every other byte as it was."""

import tempfile
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from l10n_pipeline.config import Accept
from l10n_pipeline.errors import CatalogueError, ConfigError, OutputError
from l10n_pipeline.model import State
from l10n_pipeline.pipeline.build import build
from tests.support.projects import PT, FakeEngine, Runner

NASTY = st.text(
    st.one_of(
        st.sampled_from(
            " .!?\n\r\t\u00a0\u202f\u2028\u2029\ufeff\"\\“”'-*1aZбəİß中。🎉e\u0301א\u200f\u000c"
        ),
        st.characters(codec="utf-8", exclude_characters="\0"),
    ),
    max_size=120,
)


@given(text=NASTY)
@example("One.\r\n\r\nTwo.  \r\n")
@example("\ufeffOne. Two")
@example("- a\n- b\n\n1. c\n2. d")
@example("A text with a single \x04 in it.")
@settings(max_examples=150, deadline=None)
def test_an_identity_catalogue_gives_the_source_back_byte_for_byte(text: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        project = Runner(Path(folder).resolve(), engine=FakeEngine(write=lambda source: source))
        project.write("seeds/a.txt", text)
        report = project.run()
        if report.errors:
            (error, *_) = map(str, report.errors)
            # Too many control characters to be text, or the one that divides gettext's messages
            # from their contexts.
            assert "binary" in error or ("\x04" in text and "cannot hold U+0004" in error)
            return
        outcome = build(project.workspace, locales=[PT], accept=Accept.MT).outcomes[0]
        assert outcome.contents.fallbacks == Counter()
        assert project.read("build/pt_BR/a.txt") == text


@pytest.fixture
def reviewed(project: Runner) -> Runner:
    """One entry of each state that has a translation."""
    project.write("seeds/a.txt", "Draft it. Edit it. Accept it. Empty it. Old it.\n")
    project.run()
    project.edit('msgstr "[Edit it.]"', 'msgstr "Edite."')
    project.edit('#, fuzzy\nmsgid "Accept it."', 'msgid "Accept it."')
    project.edit('msgstr "[Empty it.]"', 'msgstr ""')
    project.edit(
        '#, fuzzy\nmsgid "Old it."\nmsgstr "[Old it.]"',
        '#, fuzzy\n#| msgid "Older."\nmsgid "Old it."\nmsgstr "Velho."',
    )
    return project


@pytest.mark.parametrize(
    ("accept", "text"),
    [
        (None, "Draft it. Edit it. [Accept it.] Empty it. Old it.\n"),
        (Accept.REVIEWED, "Draft it. Edit it. [Accept it.] Empty it. Old it.\n"),
        (Accept.FUZZY, "Draft it. Edite. [Accept it.] Empty it. Velho.\n"),
        (Accept.MT, "[Draft it.] Edite. [Accept it.] Empty it. Velho.\n"),
    ],
)
def test_a_policy_decides_whose_text_is_used(
    reviewed: Runner, accept: Accept | None, text: str
) -> None:
    build(reviewed.workspace, locales=[PT], accept=accept)
    assert reviewed.read("build/pt_BR/a.txt") == text


def test_the_configuration_sets_the_policy_of_a_language(reviewed: Runner) -> None:
    reviewed.write("l10n.toml", '[build.locales.pt-BR]\naccept = "mt"')
    build(reviewed.workspace, locales=[PT])
    assert reviewed.read("build/pt_BR/a.txt").startswith("[Draft it.]")


def test_it_says_how_much_is_whose_and_how_much_stayed_in_the_source(reviewed: Runner) -> None:
    (outcome,) = build(reviewed.workspace, locales=[PT], accept=Accept.FUZZY).outcomes
    assert outcome.contents.used == {State.EDITED: 1, State.REVIEWED: 1, State.STALE: 1}
    assert outcome.contents.fallbacks == {State.DRAFT: 1, State.NEW: 1}


def test_a_second_build_writes_nothing(reviewed: Runner) -> None:
    build(reviewed.workspace, locales=[PT])
    before = reviewed.snapshot()
    (outcome,) = build(reviewed.workspace, locales=[PT]).outcomes
    assert not outcome.written
    assert reviewed.snapshot() == before


def test_a_missing_catalogue_is_an_error_and_writes_nothing(project: Runner) -> None:
    project.write("seeds/a.txt", "One.")
    (error,) = build(project.workspace, locales=[PT]).errors
    assert isinstance(error, CatalogueError)
    assert "run: l10n translate --to pt-BR" in str(error)
    assert not (project.root / "build").exists()


def test_an_edition_never_overwrites_a_source_document(project: Runner) -> None:
    source = project.write("seeds/a.txt", "One.")
    project.write("seeds/b.txt", "Two.")
    project.run()
    (project.root / "build/pt_BR").mkdir(parents=True)
    (project.root / "build/pt_BR/b.txt").symlink_to(source)
    # The call is about b.txt alone; a.txt is no less a source for that.
    paths = [project.root / "seeds/b.txt"]
    (error,) = build(project.workspace, locales=[PT], paths=paths, accept=Accept.MT).errors
    assert isinstance(error, ConfigError)
    assert "would overwrite seeds/a.txt; build/pt_BR/b.txt is a link: remove it" in str(error)
    assert source.read_text(encoding="utf-8") == "One."


@pytest.mark.parametrize(
    ("link", "leads_to", "said"),
    [
        ("build", "..", "would lie outside the project"),
        ("build", "locales", "would lie among the catalogues"),
        ("build/pt_BR/a.txt", "l10n.toml", "would overwrite l10n.toml"),
        ("build/pt_BR/a.txt", "glossary/en-pt_BR.tsv", "overwrite glossary/en-pt_BR.tsv"),
    ],
)
def test_an_edition_stays_out_of_what_is_no_edition(
    project: Runner, link: str, leads_to: str, said: str
) -> None:
    project.write("seeds/a.txt", "One.")
    project.write("glossary/en-pt_BR.tsv", "Nobody\tNinguém\n")
    project.run()
    (project.root / link).parent.mkdir(parents=True, exist_ok=True)
    (project.root / link).symlink_to(project.root / leads_to)
    before = project.snapshot()
    (error,) = build(project.workspace, locales=[PT], accept=Accept.MT).errors
    assert isinstance(error, ConfigError)
    assert said in str(error)
    assert str(error).endswith(f"; {link} is a link: remove it")
    assert project.snapshot() == before


def test_an_edition_in_a_folder_s_place_is_an_error_of_its_own(project: Runner) -> None:
    project.write("seeds/a.txt", "One.")
    project.write("seeds/b.txt", "Two.")
    project.run()
    (project.root / "build/pt_BR/a.txt").mkdir(parents=True)
    report = build(project.workspace, locales=[PT], accept=Accept.MT)
    (error,) = report.errors
    assert isinstance(error, OutputError)
    assert error.where == "build/pt_BR/a.txt"
    assert [outcome.path for outcome in report.outcomes] == ["build/pt_BR/b.txt"]


def test_plural_forms_that_do_not_fit_the_header_are_told_as_such(project: Runner) -> None:
    project.write(
        "seeds/a.pot",
        'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=UTF-8\\n"\n\n#, c-format\n'
        'msgid "%d file"\nmsgid_plural "%d files"\nmsgstr[0] ""\nmsgstr[1] ""\n',
    )
    project.run(mt=False)
    project.edit('msgstr[0] ""\nmsgstr[1] ""', 'msgstr[0] "%d a"\nmsgstr[1] "%d b"', "a.pot")
    project.edit("nplurals=2", "nplurals=3", "a.pot")
    (error,) = build(project.workspace, locales=[PT]).errors
    assert str(error) == (
        "locales/pt_BR/LC_MESSAGES/a.pot.po: the translation of “%d file” has not as many plural "
        "forms as the header's Plural-Forms says; write a msgstr[…] for each, or correct the header"
    )


def test_a_build_asks_for_a_unit_by_its_context_too(project: Runner) -> None:
    project.write("seeds/a.txt", "One.")
    project.run()
    catalogue = project.catalogue()
    entry = '\nmsgctxt "menu"\nmsgid "One."\nmsgstr "Um item."\n'
    catalogue.write_text(catalogue.read_text(encoding="utf-8") + entry, encoding="utf-8")
    build(project.workspace, locales=[PT], accept=Accept.MT)
    assert project.read("build/pt_BR/a.txt") == "[One.]"


@pytest.mark.parametrize(
    "entry",
    [
        'msgid "One."\nmsgstr " "',
        'msgid "One."\nmsgid_plural "Many."\nmsgstr[0] "Um."\nmsgstr[1] "Muitos."',
    ],
)
def test_what_would_take_a_sentence_out_of_the_document_leaves_the_source(
    project: Runner, entry: str
) -> None:
    project.write("seeds/a.txt", "One. Two.")
    project.run()
    project.edit('#, fuzzy\nmsgid "One."\nmsgstr "[One.]"', entry)
    (outcome,) = build(project.workspace, locales=[PT], accept=Accept.MT).outcomes
    assert project.read("build/pt_BR/a.txt") == "One. [Two.]"
    assert outcome.contents.fallbacks.total() == 1
