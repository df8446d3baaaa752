"""Documents with inline codes, from the source to the edition: with a format of few words.

Paragraphs stand between empty lines, ``*`` begins and ends what is bold, ``-`` code. Nothing
can be escaped, so that a translation can break a document.
"""

import re
from collections.abc import Iterator, Mapping

import pytest

from l10n_pipeline.config import Accept
from l10n_pipeline.errors import CatalogueError, DocumentError, OutputError
from l10n_pipeline.fingerprint import text_hash
from l10n_pipeline.formats import BUILT_IN, BuiltIn
from l10n_pipeline.formats.decoding import decode
from l10n_pipeline.formats.pieces import code_piece, finished, text_pieces
from l10n_pipeline.formats.splicing import spliced
from l10n_pipeline.locale import Locale
from l10n_pipeline.model import Block, BlockKind, CodeKind, Document, Piece, Segment, Span, State
from l10n_pipeline.pipeline.build import build
from tests.support.projects import PT, THEN, Runner


class Toy:
    name: str = "toy"
    suffixes: tuple[str, ...] = (".toy",)
    edition_suffix: str = ""

    def read(self, data: bytes, *, path: str, name: str, locale: Locale) -> Document:
        text, encoding = decode(data, path)
        if "!!" in text:
            raise DocumentError("has !! in it", where=path)
        blocks = tuple(_blocks(text))
        return Document(path, name, self.name, locale, encoding, text, blocks)

    def build(
        self,
        document: Document,
        translations: Mapping[Segment, str],
        *,
        target: Locale | None = None,
    ) -> bytes:
        built = spliced(document, translations, lambda text, block: text)
        return (built if target is None else built.replace("@en", f"@{target}")).encode()


def _blocks(text: str) -> Iterator[Block]:
    done = 0
    for found in re.finditer(r"[^\n@]+", text):
        if done < found.start():
            yield Block(BlockKind.SEPARATOR, Span(done, found.start()), translatable=False)
        pieces: list[Piece] = []
        bold = False
        for part in re.finditer(r"\*|-[^-]*-|[^*-]+|-", found[0]):
            at = found.start() + part.start()
            if part[0] == "*":
                kind = CodeKind.CLOSE if bold else CodeKind.OPEN
                bold = not bold
                pieces.append(code_piece(at, "*", kind))
            elif part[0].startswith("-"):
                pieces.append(code_piece(at, part[0], CodeKind.STANDALONE, part[0].strip("-")))
            else:
                pieces += text_pieces(at, part[0])
        yield Block(
            BlockKind.HEADING,
            Span(*found.span()),
            translatable=True,
            pieces=finished(pieces, text),
            detail="level 2",
            limit=40,
        )
        done = found.end()
    if done < len(text):
        yield Block(BlockKind.SEPARATOR, Span(done, len(text)), translatable=False)


@pytest.fixture
def toys(project: Runner, monkeypatch: pytest.MonkeyPatch) -> Runner:
    monkeypatch.setitem(BUILT_IN, "toy", BuiltIn((".toy",), __name__, "Toy"))
    project.write("l10n.toml", 'targets = ["pt-BR"]\ndocuments = ["seeds/**/*.toy"]')
    return project


def reviewed(project: Runner, text: str, *translations: tuple[str, str], name: str = "a") -> None:
    """A document whose entries have been accepted with these translations."""
    project.write(f"seeds/{name}.toy", text)
    project.run(mt=False)
    for source, target in translations:
        project.edit(
            f'msgid "{source}"\nmsgstr ""', f'msgid "{source}"\nmsgstr "{target}"', f"{name}.toy"
        )


def test_an_entry_says_where_it_stands_how_long_it_may_be_and_what_its_codes_are(
    toys: Runner,
) -> None:
    toys.write("seeds/a.toy", "See *bold* and -make test- at http://a.example/b.\n")
    toys.run(mt=False)
    assert (
        toys.catalogue("a.toy")
        .read_text(encoding="utf-8")
        .endswith(
            "\n"
            "#. heading 1 (level 2), sentence 1\n"
            "#. at most 40 characters\n"
            "#. <g1> = *…*\n"
            "#. <x2/> = -make test-\n"
            "#. <x3/> = http://a.example/b\n"
            "#: seeds/a.toy\n"
            'msgid "See <g1>bold</g1> and <x2/> at <x3/>."\n'
            'msgstr ""\n'
        )
    )


def test_another_address_changes_what_is_said_of_a_code_and_nothing_else(toys: Runner) -> None:
    reviewed(toys, "See http://a.example now.\n", ("See <x1/> now.", "Veja <x1/> agora."))
    before = toys.catalogue("a.toy").read_text(encoding="utf-8")
    toys.write("seeds/a.toy", "See http://b.example now.\n")
    toys.run(mt=False, now=THEN)
    after = toys.catalogue("a.toy").read_text(encoding="utf-8")
    assert after == before.replace("http://a.example", "http://b.example")
    build(toys.workspace, locales=[PT])
    assert toys.read("build/pt_BR/a.toy") == "Veja http://b.example agora.\n"


def test_codes_are_built_where_a_reviewer_put_them(toys: Runner) -> None:
    reviewed(
        toys,
        "@en\nRun *-make-* now. *Done.*\n",
        ("Run <g1><x2/></g1> now.", "Agora <x2/>, <g1>já</g1>."),
        ("Done.", "Feito."),
    )
    report = build(toys.workspace, locales=[PT])
    assert not report.errors
    assert toys.read("build/pt_BR/a.toy") == "@pt-BR\nAgora -make-, *já*. *Feito.*\n"


def test_reviewed_text_with_broken_codes_reaches_no_document(toys: Runner) -> None:
    reviewed(
        toys,
        "Run *it*. See *this*.\n",
        ("Run <g1>it</g1>.", "Execute isto."),
        ("See <g1>this</g1>.", "Veja </g1>isto<g1>."),
    )
    reviewed(toys, "Fine *here*.\n", ("Fine <g1>here</g1>.", "Bom <g1>aqui</g1>."), name="b")
    toys.write("build/pt_BR/a.toy", "old")

    report = build(toys.workspace, locales=[PT])

    (error,) = report.errors
    assert isinstance(error, CatalogueError)
    assert error.where == "locales/pt_BR/LC_MESSAGES/a.toy.po"
    assert error.what == (
        "the codes in the translation of “Run <g1>it</g1>.” are broken: <g1> is missing, "
        "</g1> is missing (and 1 more like it)"
    )
    assert toys.read("build/pt_BR/a.toy") == "old"
    assert toys.read("build/pt_BR/b.toy") == "Bom *aqui*.\n"


def test_a_draft_with_broken_codes_leaves_the_source(toys: Runner) -> None:
    toys.write("seeds/a.toy", "Run *it* now.\n")
    toys.run(mt=False)
    draft = "Execute agora."
    toys.edit(
        'msgid "Run <g1>it</g1> now."\nmsgstr ""',
        f"# l10n-mt: fake/f32 text={text_hash(draft)}\n#, fuzzy\n"
        f'msgid "Run <g1>it</g1> now."\nmsgstr "{draft}"',
        "a.toy",
    )
    (outcome,) = build(toys.workspace, locales=[PT], accept=Accept.MT).outcomes
    assert outcome.contents.fallbacks == {State.DRAFT: 1}
    assert outcome.contents.waiting == {}
    assert outcome.contents.left_out == {
        "Run <g1>it</g1> now.": "<g1> is missing, </g1> is missing",
    }
    (outcome,) = build(toys.workspace, locales=[PT]).outcomes
    assert (outcome.contents.waiting, outcome.contents.left_out) == ({State.DRAFT: 1}, {})
    assert toys.read("build/pt_BR/a.toy") == "Run *it* now.\n"


def test_tags_where_the_source_has_none_reach_no_document(toys: Runner) -> None:
    reviewed(toys, "Run it now.\n", ("Run it now.", "Execute <g1>agora</g1>."))
    (error,) = build(toys.workspace, locales=[PT]).errors
    assert "<g1> is not in the source, </g1> is not in the source" in error.what


def test_a_stale_text_without_its_source_s_new_codes_leaves_the_source(toys: Runner) -> None:
    reviewed(toys, "Run it now, please.\n", ("Run it now, please.", "Execute agora."))
    toys.write("seeds/a.toy", "Run *it* now, please.\n")
    toys.run(mt=False)
    (outcome,) = build(toys.workspace, locales=[PT], accept=Accept.FUZZY).outcomes
    assert outcome.contents.stale == ("Run <g1>it</g1> now, please.",)
    assert outcome.contents.left_out.keys() == {"Run <g1>it</g1> now, please."}
    assert toys.read("build/pt_BR/a.toy") == "Run *it* now, please.\n"


@pytest.mark.parametrize(
    "translation", ["*Tudo* agora.", "Tudo\\nagora.", "Tudo -bem- agora."], ids=repr
)
def test_a_translation_that_becomes_markup_leaves_the_old_edition(
    toys: Runner, translation: str
) -> None:
    reviewed(toys, "One.\nRun it now.\n", ("Run it now.", translation))
    toys.write("build/pt_BR/a.toy", "old")

    report = build(toys.workspace, locales=[PT])

    (error,) = report.errors
    assert isinstance(error, OutputError)
    assert error.where == "build/pt_BR/a.toy"
    assert "from line 2 of seeds/a.toy on" in error.what
    assert toys.read("build/pt_BR/a.toy") == "old"


def test_an_entry_with_an_empty_pair_is_named_where_a_format_cannot_write_it(
    project: Runner,
) -> None:
    project.write("seeds/a.md", "See [the guide](b.md) now.\n")
    project.write("seeds/a.html", "<p>See <a href='b'>the guide</a> now.</p>\n")
    project.run(mt=False)
    for document in ("a.md", "a.html"):
        entry = 'msgid "See <g1>the guide</g1> now."\nmsgstr "'
        project.edit(entry, f"{entry}Veja o guia<g1></g1>.", document)

    report = build(project.workspace, locales=[PT])

    (error,) = report.errors
    assert error.where == "build/pt_BR/a.md"
    assert error.way_out == (
        "first look at the translation of “See <g1>the guide</g1> now.” in "
        "locales/pt_BR/LC_MESSAGES/a.md.po: <g1> is around nothing"
    )
    assert project.read("build/pt_BR/a.html") == "<p>Veja o guia<a href='b'></a>.</p>\n"


def test_an_edition_that_could_not_be_read_is_not_written(toys: Runner) -> None:
    reviewed(toys, "Run it now.\n", ("Run it now.", "Tudo!!"))
    (error,) = build(toys.workspace, locales=[PT]).errors
    assert isinstance(error, OutputError)
    assert "could not be read again: has !! in it" in error.what


def test_a_translation_may_have_an_address_of_its_own(toys: Runner) -> None:
    reviewed(toys, "Run it now.\n", ("Run it now.", "Veja http://a.example."))
    report = build(toys.workspace, locales=[PT])
    assert report.outcomes[0].contents.used == {State.REVIEWED: 1}
    assert toys.read("build/pt_BR/a.toy") == "Veja http://a.example.\n"
