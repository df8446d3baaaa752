"""Software strings through the whole pipeline."""

import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from random import Random

import polib
import pytest
from hypothesis import given

from l10n_pipeline.catalogue import templates
from l10n_pipeline.catalogue.po import read_catalogue, write_catalogue
from l10n_pipeline.checks.placeholders import unusable_message
from l10n_pipeline.config import Accept, Project
from l10n_pipeline.formats.gettext import GettextTemplate
from l10n_pipeline.glossary import GlossaryMatcher
from l10n_pipeline.locale import Locale
from l10n_pipeline.model import Message
from l10n_pipeline.pipeline.build import BuildReport, build
from l10n_pipeline.pipeline.drafting import Drafter
from l10n_pipeline.pipeline.messages import draft_messages
from l10n_pipeline.plurals import PluralRule
from l10n_pipeline.protocols import Engine
from l10n_pipeline.segment import SentenceSegmenter, segment_document
from tests.formats.test_gettext import files
from tests.support.projects import LATER, PT, FakeEngine, Runner

EN = Locale.parse("en")
RU = Locale.parse("ru")
MESSAGES = [
    Message("%d file in %s", "%d files in %s", flags=("c-format",)),
    Message("{n} file of {name}", "{n} files of {name}", flags=("python-brace-format",)),
    Message("%(a)s sent <b>%(n)d</b> mails. Read them?\n", flags=("python-format",)),
    Message("%s is %d%% of %s", flags=("python-format",)),
    Message("%s is %d%% of %s", flags=("c-format",)),
    Message("Save _As %s…", flags=("c-format",)),
    Message("One file", "%d files", flags=("c-format",)),
    Message("Use --force for {0}:\n  {1}"),
]
SAMPLE = Path(__file__).parent.parent / "formats/samples/gettext/demo.pot"
HEADER = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=UTF-8\\n"\n\n'
STAND_IN = re.compile(r"\b(\d+) files?\b")


def russian(source: str) -> str:
    """Inflects after a number that it sees, as models do; all else becomes upper case."""

    def counted(match: re.Match[str]) -> str:
        n = int(match[1])
        few = n % 10 in {2, 3, 4} and n % 100 not in {12, 13, 14}
        form = "файл" if n % 10 == 1 and n % 100 != 11 else "файла" if few else "файлов"
        return f"{n} {form}"

    return STAND_IN.sub(counted, source)


class Everywhere(Runner):
    """One model for all languages."""

    def catalogue(self, document: str = "demo.pot", locale: Locale = RU) -> Path:
        return super().catalogue(document, locale)

    def _find(self, project: Project, target: Locale, model: str | None) -> Callable[[], Engine]:
        return self._load


@pytest.fixture
def project(tmp_path: Path) -> Runner:
    runner = Everywhere(tmp_path.resolve(), FakeEngine(write=russian))
    runner.write("l10n.toml", 'targets = ["ru"]\ndocuments = ["seeds/*"]')
    return runner


def entries(project: Runner, locale: Locale = RU) -> list[polib.POEntry]:
    return list(polib.pofile(str(project.catalogue("demo.pot", locale))))


def built(project: Runner, locale: Locale = RU, accept: Accept = Accept.MT) -> BuildReport:
    return build(project.workspace, locales=[locale], accept=accept)


def test_a_catalogue_has_the_programs_own_messages(project: Runner) -> None:
    project.write("seeds/demo.pot", SAMPLE.read_bytes())
    report = project.run(RU)
    assert not report.errors
    template = polib.pofile(str(SAMPLE))
    drafted = entries(project)
    ours = [one for one in template if not one.obsolete]
    assert len(drafted) == len(ours)
    for one, other in zip(drafted, ours, strict=True):
        assert (one.msgctxt, one.msgid, one.msgid_plural) == (
            other.msgctxt,
            other.msgid,
            other.msgid_plural,
        )
        assert (one.occurrences, one.comment) == (other.occurrences, other.comment)
        assert one.flags == ["fuzzy", *other.flags]
        assert "l10n-mt: fake/f32" in one.tcomment
        assert one.msgstr.strip() or all(one.msgstr_plural.values())


def test_each_plural_form_is_inflected_after_a_number_of_its_own(project: Runner) -> None:
    project.write("seeds/demo.pot", SAMPLE.read_bytes())
    project.run(RU)
    first, second = entries(project)[:2]
    assert first.msgstr_plural == {
        0: "%d файл selected",
        1: "%d файла selected",
        2: "%d файлов selected",
    }
    # "One" is for 21, too: the number has to be there.
    assert second.msgstr_plural[0] == "{n} файл were removed from {folder}."


@pytest.mark.parametrize("write", [russian, lambda source: re.sub(r"\d+", "много", source)])
def test_a_number_that_does_not_come_back_leaves_its_placeholder(
    project: Runner, write: Callable[[str], str]
) -> None:
    project.engine.write = write
    project.write("seeds/demo.pot", SAMPLE.read_bytes())
    project.run(RU)
    for text in entries(project)[0].msgstr_plural.values():
        assert text.count("%d") == 1


def test_drafts_keep_what_the_program_needs(project: Runner) -> None:
    project.write("seeds/demo.pot", SAMPLE.read_bytes())
    project.run(RU)
    by_source = {(one.msgctxt, one.msgid): one.msgstr for one in entries(project)}
    assert by_source[None, "Could not open the file %s: %s\n"].endswith("%s: %s\n")
    assert by_source["menu", "_Open"].count("_") == 1
    assert by_source[None, "&Save As…"].count("&") == 1
    assert by_source[None, "%s: %s"] == "%s: %s"
    usage = next(text for (_, source), text in by_source.items() if source.startswith("Usage"))
    assert "  -h, --help      show this help and exit\n" in usage
    assert '  -q "quietly"    copy %d%% of the files\n' in usage
    assert usage.count("\n") == 6


def test_placeholders_that_change_places_are_numbered(project: Runner) -> None:
    project.engine.write = lambda source: " ".join(reversed(source.split()))
    pot = HEADER + '#, c-format\nmsgid "%s follows %s"\nmsgstr ""\n'
    project.write("seeds/demo.pot", pot)
    project.run(RU)
    assert entries(project)[0].msgstr == "%2$s follows %1$s"


def test_placeholders_that_cannot_be_numbered_keep_their_order_and_are_reported(
    project: Runner,
) -> None:
    project.engine.write = lambda source: " ".join(reversed(source.split()))
    pot = HEADER + '#, python-format\nmsgid "%s follows %d"\nmsgstr ""\n'
    project.write("seeds/demo.pot", pot)
    report = project.run(RU)
    (entry,) = entries(project)
    assert entry.msgstr == "%s follows %d"
    assert "l10n-finding: placeholders: by its words it has %d and %s" in entry.tcomment
    assert report.outcomes[0].failing == 1


def test_terms_are_kept_and_a_changed_glossary_redrafts(project: Runner) -> None:
    project.write("seeds/demo.pot", HEADER + 'msgid "Mail _Rosa Lima"\nmsgstr ""\n')
    project.write("glossary/en-ru.tsv", "Rosa Lima\tРоза Лима\n")
    project.run(RU)
    (entry,) = entries(project)
    assert "Роза Лима" in entry.msgstr.replace("_", "")
    assert "l10n-term: Rosa Lima → Роза Лима" in entry.tcomment
    project.write("glossary/en-ru.tsv", "Rosa Lima\tРоза Лимова\n")
    project.run(RU, now=LATER)
    assert "Лимова" in entries(project)[0].msgstr


def test_a_second_run_loads_no_model_and_changes_nothing(project: Runner) -> None:
    project.write("seeds/demo.pot", SAMPLE.read_bytes())
    project.run(RU)
    built(project)
    before = project.snapshot()
    project.loaded = 0
    report = project.run(RU, now=LATER)
    editions = built(project)
    assert (project.loaded, project.snapshot()) == (0, before)
    assert not report.outcomes[0].written
    assert not editions.outcomes[0].written


def test_a_reviewers_plural_form_survives(project: Runner) -> None:
    project.write("seeds/demo.pot", SAMPLE.read_bytes())
    project.run(RU)
    project.edit("%d файла selected", "выбрано %d файла", "demo.pot")
    project.run(RU, now=LATER, redraft=True)
    assert entries(project)[0].msgstr_plural[1] == "выбрано %d файла"


def test_missing_plural_forms_are_filled_around_a_humans(project: Runner) -> None:
    project.write("seeds/demo.pot", SAMPLE.read_bytes())
    project.run(RU, mt=False)
    catalogue = polib.pofile(str(project.catalogue("demo.pot", RU)))
    catalogue[0].msgstr_plural[2] = "%d штук"
    catalogue.save()
    assert built(project, accept=Accept.REVIEWED).outcomes[0].contents.used.total() == 0
    project.run(RU, now=LATER)
    entry = entries(project)[0]
    assert entry.msgstr_plural == {0: "%d файл selected", 1: "%d файла selected", 2: "%d штук"}
    assert "fuzzy" in entry.flags


def test_the_edition_is_the_template_filled_in(project: Runner) -> None:
    project.write("seeds/demo.pot", SAMPLE.read_bytes())
    project.run(RU)
    report = built(project)
    assert not report.errors
    assert [outcome.path for outcome in report.outcomes] == ["build/ru/demo.po"]
    edition = project.read("build/ru/demo.po")
    assert "#~ msgid_plural" in edition
    assert "l10n-mt" not in edition
    assert '"Language: ru\\n"' in edition


@pytest.mark.skipif(shutil.which("msgfmt") is None, reason="needs GNU gettext")
@pytest.mark.parametrize("locale", ["pt_BR", "ru", "ar", "ja", "pl"])
def test_msgfmt_accepts_drafts_and_editions(project: Runner, locale: str, tmp_path: Path) -> None:
    target = Locale.parse(locale)
    project.write("seeds/demo.pot", SAMPLE.read_bytes())
    project.run(target)
    assert not built(project, target).errors
    catalogue = polib.pofile(str(project.catalogue("demo.pot", target)))
    for entry in catalogue:
        entry.flags.remove("fuzzy")
    catalogue.save(str(tmp_path / "drafts.po"))
    for file in (tmp_path / "drafts.po", project.root / f"build/{locale}/demo.po"):
        found = subprocess.run(
            ["msgfmt", "-c", "--check-format", "-o", str(tmp_path / "x.mo"), str(file)],
            capture_output=True,
            text=True,
            check=False,
        )
        assert (found.returncode, found.stderr) == (0, ""), file


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("без имени", "{name} is missing"),
        ("{name}\\n", "alone does end with a line break"),
        ("{name} и {имя}", "{имя} is not in the source"),
    ],
)
def test_a_reviewed_text_that_the_program_cannot_use_is_refused(
    project: Runner, text: str, complaint: str
) -> None:
    pot = HEADER + '#, python-brace-format\nmsgid "Delete {name}"\nmsgstr ""\n'
    project.write("seeds/demo.pot", pot)
    project.run(RU, mt=False)
    project.edit('"Delete {name}"\nmsgstr ""', f'"Delete {{name}}"\nmsgstr "{text}"', "demo.pot")
    (error,) = built(project, accept=Accept.REVIEWED).errors
    assert complaint in error.what
    assert "Delete {name}" in error.what
    assert error.where == "locales/ru/LC_MESSAGES/demo.pot.po"
    project.run(RU, now=LATER)
    assert "l10n-finding: " in project.read(error.where)


def test_a_message_that_chooses_between_texts_is_left_to_humans(project: Runner) -> None:
    choice = "{n, plural, one {# file} other {# files}}"
    project.write("seeds/demo.pot", f'{HEADER}msgid "{choice}"\nmsgstr ""\n')
    project.run(RU)
    (entry,) = entries(project)
    assert entry.msgstr == ""
    assert "l10n-finding: placeholders: it chooses between texts" in entry.tcomment
    assert project.run(RU, now=LATER).outcomes[0].failing == 1
    assert not built(project).errors
    name = "locales/ru/LC_MESSAGES/demo.pot.po"
    draft = f'#, fuzzy\nmsgid "{choice}"\nmsgstr ""'
    assert draft in project.read(name)
    for text, complaint in (
        ("{n, множ., one {# файл} other {# файла}}", "no plural or select"),
        ("{n, plural, one {# файл} few {# файла} other {# файлов}}", ""),
    ):
        before = project.read(name)
        body = before[before.index('msgid "{n') :]
        project.write(
            name,
            before.replace("#, fuzzy\n", "").replace(body, f'msgid "{choice}"\nmsgstr "{text}"\n'),
        )
        errors = built(project, accept=Accept.REVIEWED).errors
        assert [complaint in error.what for error in errors] == ([True] if complaint else [])
    project.run(RU, now=LATER)
    assert "l10n-finding" not in project.read(name)


def test_a_guessed_placeholder_blocks_no_edition(project: Runner) -> None:
    project.write("seeds/demo.pot", HEADER + 'msgid "Write {braces} here"\nmsgstr ""\n')
    project.run(RU, mt=False)
    project.edit('here"\nmsgstr ""', 'here"\nmsgstr "Пишите {скобки}"', "demo.pot")
    assert project.run(RU, now=LATER).outcomes[0].failing == 0
    assert not built(project, accept=Accept.REVIEWED).errors
    assert "placeholders (warning): {braces} is missing" in project.read(
        "locales/ru/LC_MESSAGES/demo.pot.po"
    )


def test_a_headers_own_plural_rule_is_followed(project: Runner) -> None:
    project.write("seeds/demo.pot", SAMPLE.read_bytes())
    project.run(RU, mt=False)
    path = project.catalogue("demo.pot", RU)
    text = path.read_text(encoding="utf-8")
    path.write_text(
        re.sub(r"Plural-Forms: [^\\]*", "Plural-Forms: nplurals=1; plural=0;", text).replace(
            'msgstr[1] ""\nmsgstr[2] ""\n', ""
        ),
        encoding="utf-8",
    )
    assert not project.run(RU, now=LATER).errors
    assert list(entries(project)[0].msgstr_plural) == [0]
    built(project)
    assert "nplurals=1" in project.read("build/ru/demo.po")


def test_more_forms_than_the_header_says_are_refused(project: Runner) -> None:
    project.write("seeds/demo.pot", SAMPLE.read_bytes())
    project.run(RU)
    path = project.catalogue("demo.pot", RU)
    text = path.read_text(encoding="utf-8")
    path.write_text(
        re.sub(r"Plural-Forms: [^\\]*", "Plural-Forms: nplurals=2; plural=(n > 1);", text),
        encoding="utf-8",
    )
    (error,) = project.run(RU, now=LATER).errors
    assert "has 3 plural forms, but by the header's Plural-Forms there are 2" in error.what


def test_a_message_that_comes_to_have_a_plural_keeps_its_translation(project: Runner) -> None:
    singular = HEADER + '#, c-format\nmsgid "%d file"\nmsgstr ""\n'
    project.write("seeds/demo.pot", singular)
    project.run(RU, mt=False)
    project.edit('"%d file"\nmsgstr ""', '"%d file"\nmsgstr "%d файл"', "demo.pot")
    forms = 'msgid_plural "%d files"\nmsgstr[0] ""\nmsgstr[1] ""\n'
    project.write("seeds/demo.pot", f'{HEADER}#, c-format\nmsgid "%d file"\n{forms}')
    project.run(RU, now=LATER)
    (entry,) = entries(project)
    assert entry.msgstr_plural == {0: "%d файл", 1: "%d файл", 2: "%d файл"}
    assert "fuzzy" in entry.flags
    assert built(project, accept=Accept.REVIEWED).outcomes[0].contents.used.total() == 0


def test_existing_translations_are_gone_on_from(project: Runner) -> None:
    pot = HEADER + 'msgid "Open"\nmsgstr ""\n\nmsgid "Close"\nmsgstr ""\n'
    project.write("seeds/demo.pot", pot)
    theirs = pot.replace("charset=UTF-8\\n", 'charset=UTF-8\\n"\n"Language: ru\\n')
    theirs = theirs.replace('"Open"\nmsgstr ""', '"Open"\nmsgstr "Открыть"')
    project.write("locales/ru/LC_MESSAGES/demo.pot.po", "# Анна, 2020\n" + theirs)
    project.run(RU)
    first, second = entries(project)
    assert (first.msgstr, "fuzzy" in first.flags) == ("Открыть", False)
    assert "fuzzy" in second.flags
    assert "Анна, 2020" in project.read("locales/ru/LC_MESSAGES/demo.pot.po")


def test_messages_and_documents_stand_side_by_side(project: Runner) -> None:
    project.write("seeds/demo.pot", HEADER + 'msgid "Save"\nmsgstr ""\n')
    project.write("seeds/a.txt", "Save\n")
    assert not project.run(PT).errors
    assert len(project.run(PT, now=LATER).outcomes) == 2


# --- properties ----------------------------------------------------------------------


@given(files())
def test_the_template_of_a_template_is_read_back_as_it_is(text: str) -> None:
    document = GettextTemplate().read(
        text.encode(), path="seeds/demo.pot", name="demo.pot", locale=EN
    )
    segments = segment_document(document, SentenceSegmenter(EN))
    made = templates.update_template(
        templates.template(document, segments), None, project="demo", now=LATER
    )
    again = read_catalogue(
        write_catalogue(made), where="demo.pot.pot", source_locale=EN, expected_locale=None
    )
    assert again.units == made.units


@pytest.mark.parametrize("seed", range(20))
@pytest.mark.parametrize("message", MESSAGES, ids=lambda message: message.source[:20])
def test_whatever_a_model_writes_placeholders_arrive(message: Message, seed: int) -> None:
    random = Random(seed)

    def write(source: str) -> str:
        """Its words in any order, with some left out and others put in."""
        return " ".join(random.choices([*source.split(), "de", "5", "("], k=random.randint(0, 8)))

    drafter = Drafter(
        FakeEngine(write=write), GlossaryMatcher(()), source_locale=EN, target_locale=RU
    )
    rule = PluralRule.of(RU)
    (draft,) = draft_messages(
        [(message, rule)], drafter, SentenceSegmenter(EN), GlossaryMatcher(())
    )
    texts = draft.text.split("\0")
    assert len(texts) == (3 if message.plural else 1)
    assert not unusable_message(message, texts, rule)
