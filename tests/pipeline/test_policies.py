"""Which translations go into which documents, and which documents are written at all."""

import gettext
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from l10n_pipeline import files
from l10n_pipeline.config import Accept, Policy, parse_project
from l10n_pipeline.errors import ConfigError, OutputError
from l10n_pipeline.locale import Locale
from l10n_pipeline.model import State
from l10n_pipeline.pipeline.build import Fate, build
from tests.support.projects import AZ, PT, Runner
from tests.support.tools import run_tool

TEMPLATE = (
    'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=UTF-8\\n"\n\n'
    'msgid "Open"\nmsgstr ""\n\n'
    'msgctxt "door"\nmsgid "Open"\nmsgstr ""\n\n'
    '#, c-format\nmsgid "%d file"\nmsgid_plural "%d files"\nmsgstr[0] ""\nmsgstr[1] ""\n'
)


def policy(text: str, document: str = "docs/a.md", locale: Locale = PT) -> Policy:
    project = parse_project(text.encode(), root=Path("/project"))
    return project.policy(locale, document)


RULES = """
[build]
accept = "fuzzy"
keep = 10
[build.locales.pt-BR]
accept = "mt"
keep = 20
[build.documents."docs/legal/**"]
accept = "reviewed"
keep = 100
[build.documents."docs/legal/**".locales.az]
keep = 50
[build.documents."docs/**"]
keep = 30
"""


@pytest.mark.parametrize(
    ("document", "locale", "expected"),
    [
        ("news/a.md", AZ, Policy(Accept.FUZZY, 10)),
        ("news/a.md", PT, Policy(Accept.MT, 20)),
        ("docs/a.md", PT, Policy(Accept.MT, 30)),
        ("docs/a.md", AZ, Policy(Accept.FUZZY, 30)),
        ("docs/legal/a.md", PT, Policy(Accept.REVIEWED, 100)),
        ("docs/legal/a.md", AZ, Policy(Accept.REVIEWED, 50)),
    ],
)
def test_each_setting_is_the_nearest_that_is_said(
    document: str, locale: Locale, expected: Policy
) -> None:
    assert policy(RULES, document, locale) == expected


def test_of_two_patterns_the_first_that_says_it_counts() -> None:
    both = '[build.documents."docs/**"]\nkeep = 1\n[build.documents."**"]\nkeep = 2\naccept = "mt"'
    assert policy(both) == Policy(Accept.MT, 1)
    assert policy(both, "news/a.md") == Policy(Accept.MT, 2)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            '[build.documents."a/**"]\nacept = "mt"',
            "unknown key 'build.documents.\"a/**\".acept'; did you mean 'accept'",
        ),
        (
            '[build.documents."a/**".locales.az]\nkep = 1',
            "unknown key 'build.documents.\"a/**\".locales.az.kep'; did you mean 'keep'",
        ),
        ("[build.locales.az]\nkep = 1", "unknown key 'build.locales.az.kep'; did you mean 'keep'"),
        (
            '[build.documents]\n"a/**" = "mt"',
            'build.documents."a/**": should be a table; write its keys below [build.documents."a',
        ),
        ('[build.documents."../a"]\nkeep = 1', "leads out of the project"),
        ('[build.documents."a**"]\nkeep = 1', "** stands for whole folders"),
        ("[build]\nkeep = 101", "build.keep: input should be less than or equal to 100"),
        ("[build]\nkeep = -1", "build.keep: input should be greater than or equal to 0"),
        ("[build]\nkeep = '80%'", "build.keep: "),
        ("[build]\nkeep = true", "build.keep: "),
        ('[build.documents."a".locales.xx]\nkeep = 1', "no language 'xx' is known"),
    ],
)
def test_a_mistake_is_told_with_its_place(text: str, message: str) -> None:
    with pytest.raises(ConfigError) as caught:
        policy(text)
    assert message in str(caught.value)


NAMES = st.sampled_from(["a", "b", "a.md", "b.txt", ".c"])
PARTS = st.sampled_from(["a", "b", "*", "**", "*.md", "?", "[ab]", "a.md"])


def unreadable(error: OSError) -> None:
    raise error


@given(
    paths=st.lists(st.lists(NAMES, min_size=1, max_size=4), min_size=1, max_size=6),
    pattern=st.lists(PARTS, min_size=1, max_size=4).map("/".join),
)
@settings(max_examples=150, deadline=None)
def test_a_pattern_matches_the_paths_that_it_finds(
    tmp_path_factory: pytest.TempPathFactory, paths: list[list[str]], pattern: str
) -> None:
    root = tmp_path_factory.mktemp("root")
    for path in paths:
        root.joinpath(*path).mkdir(parents=True, exist_ok=True)
    there = {path.relative_to(root).as_posix() for path in root.rglob("*")}
    found = files.glob(root, pattern, on_error=unreadable)
    expected = {path.relative_to(root).as_posix() for path in found} - {"."}
    assert {path for path in there if files.matches(pattern, path)} == expected


@pytest.fixture
def half(project: Runner) -> Runner:
    """A document with one of its two sentences accepted."""
    project.write("seeds/a.txt", "Accept it. Draft it.\n")
    project.run()
    project.edit('#, fuzzy\nmsgid "Accept it."', 'msgid "Accept it."')
    return project


def test_documents_have_policies_of_their_own(half: Runner) -> None:
    half.write("seeds/news/b.txt", "Draft this.")
    half.run()
    half.write("l10n.toml", '[build.documents."seeds/news/**"]\naccept = "mt"')
    build(half.workspace, locales=[PT])
    assert half.read("build/pt_BR/a.txt") == "[Accept it.] Draft it.\n"
    assert half.read("build/pt_BR/news/b.txt") == "[Draft this.]"


def test_what_the_call_says_comes_first(half: Runner) -> None:
    half.write("l10n.toml", '[build.documents."**"]\naccept = "reviewed"\nkeep = 100')
    (outcome,) = build(half.workspace, locales=[PT], accept=Accept.MT, keep=0).outcomes
    assert outcome.policy == Policy(Accept.MT, 0)
    assert half.read("build/pt_BR/a.txt") == "[Accept it.] [Draft it.]\n"


def test_a_policy_of_no_document_is_a_warning(half: Runner) -> None:
    half.write("l10n.toml", '[build.documents."seed/**"]\nkeep = 1\n[build.documents."**"]')
    report = build(half.workspace, locales=[PT])
    assert report.warnings == ["l10n.toml: build.documents: no document matches 'seed/**'"]


@pytest.mark.parametrize(("keep", "fate"), [(50, Fate.WRITTEN), (51, Fate.WITHHELD)])
def test_an_edition_has_to_be_translated_as_far_as_keep_says(
    half: Runner, keep: int, fate: Fate
) -> None:
    report = build(half.workspace, locales=[PT], keep=keep)
    assert [outcome.fate for outcome in report.outcomes] == [fate]
    assert report.errors == []
    assert (half.root / "build/pt_BR/a.txt").exists() is (fate is Fate.WRITTEN)


def test_an_edition_that_falls_below_is_removed_and_comes_back(half: Runner) -> None:
    build(half.workspace, locales=[PT])
    record = half.read("build/.l10n-editions")
    assert build(half.workspace, locales=[PT], keep=80, dry_run=True).outcomes[0].fate == "removed"
    assert (half.root / "build/pt_BR/a.txt").exists()
    assert build(half.workspace, locales=[PT], keep=80).outcomes[0].fate is Fate.REMOVED
    assert not (half.root / "build/pt_BR/a.txt").exists()
    assert half.read("build/.l10n-editions") == ""
    assert build(half.workspace, locales=[PT], keep=80).outcomes[0].fate is Fate.WITHHELD
    build(half.workspace, locales=[PT], keep=80, accept=Accept.MT)
    build(half.workspace, locales=[PT])
    assert half.read("build/.l10n-editions") == record


def test_what_people_made_is_never_removed(half: Runner) -> None:
    half.write("build/pt_BR/a.txt", "Mine.")
    report = build(half.workspace, locales=[PT], keep=80, overwrite=True)
    assert (report.outcomes[0].fate, report.errors) == (Fate.WITHHELD, [])
    assert half.read("build/pt_BR/a.txt") == "Mine."


@pytest.mark.parametrize("overwrite", [False, True])
def test_what_was_edited_since_is_not_removed_and_told(half: Runner, overwrite: bool) -> None:
    build(half.workspace, locales=[PT])
    half.write("build/pt_BR/a.txt", "Mine.")
    (error,) = build(half.workspace, locales=[PT], keep=80, overwrite=overwrite).errors
    assert isinstance(error, OutputError)
    assert str(error).startswith("build/pt_BR/a.txt: is no longer built, with too little")
    assert half.read("build/pt_BR/a.txt") == "Mine."


def test_a_link_in_an_edition_s_place_is_not_removed(half: Runner) -> None:
    build(half.workspace, locales=[PT])
    edition = half.root / "build/pt_BR/a.txt"
    edition.rename(half.root / "build/kept.txt")
    edition.symlink_to(half.root / "build/kept.txt")
    (error,) = build(half.workspace, locales=[PT], keep=80).errors
    assert "has been edited since build wrote it" in str(error)
    assert edition.is_symlink()
    assert (half.root / "build/kept.txt").exists()


def test_an_edition_that_somebody_deleted_is_forgotten(half: Runner) -> None:
    build(half.workspace, locales=[PT])
    (half.root / "build/pt_BR/a.txt").unlink()
    assert build(half.workspace, locales=[PT], keep=80).outcomes[0].fate is Fate.WITHHELD
    assert half.read("build/.l10n-editions") == ""


def test_a_document_without_segments_is_written(project: Runner) -> None:
    project.write("seeds/a.txt", "\n")
    project.run()
    (outcome,) = build(project.workspace, locales=[PT], keep=100).outcomes
    assert (outcome.fate, outcome.contents.percent) == (Fate.WRITTEN, 100)


def test_a_withheld_edition_brings_nothing_along(project: Runner) -> None:
    project.write("seeds/a.md", "See ![a picture](a.png) of it.\n")
    project.write("seeds/a.png", "picture")
    project.run()
    report = build(project.workspace, locales=[PT], keep=1)
    assert (report.assets, report.outcomes[0].fate) == ([], Fate.WITHHELD)
    assert not (project.root / "build/pt_BR").exists()


def test_words_are_counted_and_stale_entries_named(half: Runner) -> None:
    half.edit(
        '#, fuzzy\nmsgid "Draft it."\nmsgstr "[Draft it.]"',
        '#, fuzzy\n#| msgid "Drafted."\nmsgid "Draft it."\nmsgstr "Rascunhe."',
    )
    left, used = (
        build(half.workspace, locales=[PT], accept=accept).outcomes[0].contents
        for accept in (Accept.REVIEWED, Accept.FUZZY)
    )
    for contents in (left, used):
        assert contents.stale == ("Draft it.",)
        assert (contents.stale_segments, contents.stale_words) == (1, 2)
        assert (contents.segments, contents.words) == (2, 4)
    assert left.fallback_words == {State.STALE: 2}
    assert used.used_words == {State.REVIEWED: 2, State.STALE: 2}


@pytest.mark.parametrize("run", [False, True])
def test_what_is_not_to_be_translated_is_no_fallback(half: Runner, run: bool) -> None:
    half.edit("#, fuzzy\nmsgid", "# l10n-keep\n#, fuzzy\nmsgid")
    if run:
        half.run()
    (outcome,) = build(half.workspace, locales=[PT], keep=100).outcomes
    assert outcome.contents.used == {State.REVIEWED: 2}
    assert half.read("build/pt_BR/a.txt") == "[Accept it.] Draft it.\n"


# --- compiled catalogues ---------------------------------------------------------------


@pytest.fixture
def program(project: Runner) -> Runner:
    """A program's messages: one accepted, the others drafts."""
    project.write("seeds/app.pot", TEMPLATE)
    project.run()
    project.edit('#, fuzzy\nmsgctxt "door"', 'msgctxt "door"', "app.pot")
    return project


def read(project: Runner) -> gettext.GNUTranslations:
    with (project.root / "build/pt_BR/app.mo").open("rb") as stream:
        return gettext.GNUTranslations(stream)


@pytest.mark.parametrize("accept", list(Accept))
def test_the_compiled_form_is_what_msgfmt_makes_of_the_edition(
    program: Runner, accept: Accept
) -> None:
    (outcome,) = build(program.workspace, locales=[PT], accept=accept, mo=True).outcomes
    assert outcome.compiled == "build/pt_BR/app.mo"
    made = str(program.root / "made.mo")
    checked = run_tool("msgfmt", "-c", "-o", made, str(program.root / "build/pt_BR/app.po"))
    assert checked.returncode == 0, checked.stderr
    ours, theirs = (
        run_tool("msgunfmt", "--no-wrap", path).stdout
        for path in (str(program.root / outcome.compiled), made)
    )
    assert ours == theirs
    assert read(program).pgettext("door", "Open") == "[Open]"
    assert (read(program).gettext("Open") == "[Open]") is (accept is Accept.MT)


def test_it_is_recorded_and_removed_like_any_edition(program: Runner) -> None:
    program.write("l10n.toml", "[build]\nmo = true")
    build(program.workspace, locales=[PT])
    assert "\tbuild/pt_BR/app.mo\n" in program.read("build/.l10n-editions")
    before = program.snapshot()
    assert build(program.workspace, locales=[PT]).outcomes[0].fate is Fate.UNCHANGED
    assert program.snapshot() == before
    assert build(program.workspace, locales=[PT], keep=99).outcomes[0].fate is Fate.REMOVED
    assert list((program.root / "build/pt_BR").iterdir()) == []


def test_one_that_people_made_is_left_alone(program: Runner) -> None:
    program.write("build/pt_BR/app.mo", "mine")
    (error,) = build(program.workspace, locales=[PT], mo=True).errors
    assert error.where == "build/pt_BR/app.mo"
    assert program.read("build/pt_BR/app.mo") == "mine"
    assert (program.root / "build/pt_BR/app.po").exists()


def test_it_is_made_of_catalogues_alone_and_where_it_is_wanted(half: Runner) -> None:
    (outcome,) = build(half.workspace, locales=[PT], mo=True).outcomes
    assert outcome.compiled == ""
    half.write("seeds/app.pot", TEMPLATE)
    half.run()
    half.write("l10n.toml", "[build]\nmo = true")
    build(half.workspace, locales=[PT], mo=False)
    assert not (half.root / "build/pt_BR/app.mo").exists()


def test_a_template_in_another_encoding_is_compiled_in_utf_8(project: Runner) -> None:
    latin = TEMPLATE.replace("UTF-8", "ISO-8859-1").replace('"Open"', '"Ouvré"')
    project.write("seeds/app.pot", latin.encode("latin-1"))
    project.run()
    build(project.workspace, locales=[PT], accept=Accept.MT, mo=True)
    assert b"charset=ISO-8859-1" in (project.root / "build/pt_BR/app.po").read_bytes()
    assert read(project).gettext("Ouvré") == "[Ouvré]"
    assert read(project).info()["content-type"] == "text/plain; charset=UTF-8"


@pytest.mark.parametrize("said", [False, None])
def test_one_that_is_no_longer_asked_for_is_removed(program: Runner, said: bool | None) -> None:
    build(program.workspace, locales=[PT], mo=True)
    compiled = program.root / "build/pt_BR/app.mo"
    report = build(program.workspace, locales=[PT], mo=said, dry_run=True)
    assert (report.removed, compiled.exists()) == (["build/pt_BR/app.mo"], True)
    report = build(program.workspace, locales=[PT], mo=said)
    assert (report.removed, report.errors, compiled.exists()) == (["build/pt_BR/app.mo"], [], False)
    assert "app.mo" not in program.read("build/.l10n-editions")
    before = program.snapshot()
    assert build(program.workspace, locales=[PT], mo=said).removed == []
    assert program.snapshot() == before


def test_one_that_somebody_else_compiled_is_not_removed(program: Runner) -> None:
    compiled = program.root / "build/pt_BR/app.mo"
    program.write("build/pt_BR/app.mo", "mine")
    report = build(program.workspace, locales=[PT])
    assert (report.removed, report.errors) == ([], [])
    compiled.unlink()
    build(program.workspace, locales=[PT], mo=True)
    program.write("build/pt_BR/app.mo", "mine")
    report = build(program.workspace, locales=[PT])
    assert (report.removed, report.errors) == ([], [])
    assert program.read("build/pt_BR/app.mo") == "mine"


def test_one_that_documents_refer_to_is_not_removed(program: Runner) -> None:
    program.write("seeds/app.mo", "as it is")
    program.write("seeds/page.md", "[Messages](app.mo)\n")
    program.run()
    for _ in range(2):
        report = build(program.workspace, locales=[PT])
        assert (report.removed, report.errors) == ([], [])
        assert program.read("build/pt_BR/app.mo") == "as it is"
