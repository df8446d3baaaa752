from __future__ import annotations

import re
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from mdit_py_plugins.footnote import footnote_plugin

from l10n_pipeline.codes import TAG
from l10n_pipeline.errors import DocumentError
from l10n_pipeline.formats.markdown import Markdown
from l10n_pipeline.locale import Locale
from l10n_pipeline.model import BlockKind, Document, Segment, Span
from l10n_pipeline.pipeline.skeletons import first_drift
from l10n_pipeline.segment.documents import segment_document

SAMPLES: Final = Path(__file__).parent / "samples" / "markdown"
EXAMPLES: Final = tuple(
    line.replace("⏎", "\n").replace("→", "\t")
    for line in (SAMPLES / "examples.txt").read_text("utf-8").splitlines()[1:]
)
ORACLE: Final = MarkdownIt("commonmark").enable(["table", "strikethrough"]).use(footnote_plugin)
HOSTILE_STARTS: Final = (
    "* ", "- ", "+ ", "# ", "> ", "1. ", "2) ", "[a]: ", "- [x] ", "~~~", "```", "`", "<b", "<div>",
    "    ", "=", "---", "| ", "&amp;", "\\", "![", "[^1]", "_ * [ ] # 1. ",
)  # fmt: skip


class Blocks:
    """A segmenter that makes one segment of each block."""

    def split(self, text: str) -> list[Span]:
        bare = text.strip()
        start = text.index(bare)
        return [Span(start, start + len(bare))] if bare else []


class Sentences:
    """A segmenter that ends a sentence at each full stop before white space."""

    def split(self, text: str) -> list[Span]:
        return [
            Span(*found.span())
            for found in re.finditer(r"\S(?:(?:(?!\.\s).)*\S)?", text, re.DOTALL)
        ]


def read(text: str, path: str = "a.md", *, format_: Markdown | None = None) -> Document:
    return (format_ or Markdown()).read(
        text.encode(), path=path, name=path, locale=Locale.parse("en")
    )


def translated(text: str, translations: Mapping[str, str], path: str = "a.md") -> str:
    """A document with those of its blocks translated that have these sources."""
    document = read(text, path)
    segments = {segment.source: segment for segment in segment_document(document, Blocks())}
    chosen = {segments[source]: target for source, target in translations.items()}
    return Markdown().build(document, chosen).decode()


def with_text(source: str, change: Callable[[str], str]) -> str:
    """A source with what stands between its tags changed."""
    parts: list[str] = []
    done = 0
    for tag in TAG.finditer(source):
        parts += (change(source[done : tag.start()]), tag[0])
        done = tag.end()
    return "".join([*parts, change(source[done:])])


def structure(text: str) -> list[tuple[str, str, int, str]]:
    return [
        (token.type, token.tag, token.level, token.content if "code" in token.type else "")
        for token in ORACLE.parse(text)
        if token.type != "inline"
    ]


def inline(text: str) -> list[list[str]]:
    """The oracle's inline markup of each block, and where it points to."""
    return [
        [
            f"{child.type} {child.attrs.get('href', child.attrs.get('src', ''))}"
            for child in token.children or ()
            if child.type not in {"text", "softbreak"}
        ]
        for token in ORACLE.parse(text)
        if token.type == "inline"
    ]


def assert_tiles(document: Document) -> None:
    done = 0
    codes: list[Span] = []
    for block in document.blocks:
        assert len(block.span)
        if block.span.start < done:
            assert any(code.contains(block.span) for code in codes)
        else:
            assert block.span.start == done
            done = block.span.end
            codes = []
        codes += [piece.span for piece in block.pieces if piece.code]
        inside = block.span.start
        for piece in block.pieces:
            assert piece.span.start == inside
            inside = piece.span.end
            if piece.code:
                assert (piece.code.raw, piece.code.shown) == (
                    piece.span.of(document.text),
                    piece.text,
                )
        assert not block.pieces or inside == block.span.end
    assert done == len(document.text)


def assert_identity(text: str, path: str = "a.md") -> None:
    document = read(text, path)
    assert_tiles(document)
    data = text.encode()
    assert Markdown().build(document, {}) == data
    for segmenter in (Blocks(), Sentences()):
        segments = segment_document(document, segmenter)
        assert Markdown().build(document, {one: one.source for one in segments}) == data


# --- reading -----------------------------------------------------------------------


def listing(document: Document) -> str:
    return "".join(
        f"{' '.join(filter(None, (one.kind.value, one.detail)))} | {one.source!r}\n"
        for one in segment_document(document, Blocks())
    )


@pytest.mark.parametrize("name", ["guide.md", "page.mdx", "crlf.md"])
def test_samples_are_read_as_a_linguist_expects(name: str) -> None:
    data = (SAMPLES / name).read_bytes()
    document = Markdown().read(data, path=name, name=name, locale=Locale.parse("en"))
    assert listing(document) == (SAMPLES / f"{name}.expected").read_text("utf-8")
    assert_identity(data.decode(), name)


SITE_KEYS: Final = ("title", "hero.tagline", "hero.actions.text", "keywords", "description")


def test_what_sites_add_to_markdown_is_read_as_a_linguist_expects() -> None:
    text = (SAMPLES / "site.md").read_text("utf-8")
    document = read(text, format_=Markdown(front_matter=SITE_KEYS))
    assert listing(document) == (SAMPLES / "site.md.expected").read_text("utf-8")
    assert_identity(text)
    assert_identity(text.replace("\n", "\r\n"))


@pytest.mark.parametrize("name", ["guide.md", "page.mdx", "crlf.md", "site.md"])
def test_translations_of_samples_are_read_back(name: str) -> None:
    format_ = Markdown(front_matter=SITE_KEYS)
    text = (SAMPLES / name).read_bytes().decode()
    document = read(text, name, format_=format_)
    segments = segment_document(document, Blocks())
    wanted = [with_text(one.source, str.swapcase) for one in segments]
    made = format_.build(document, dict(zip(segments, wanted, strict=True))).decode()
    again = read(made, name, format_=format_)
    assert [one.source for one in segment_document(again, Blocks())] == wanted
    assert first_drift(document, again, Markdown()) is None


def test_keys_of_front_matter_are_for_the_user_to_choose() -> None:
    text = "---\ntitle: One\nlead: Two\n---\nText\n"
    document = read(text, format_=Markdown(front_matter=("lead",)))
    assert [one.source for one in segment_document(document, Blocks())] == ["Two", "Text"]


def test_a_code_span_is_carried_over_and_a_reader_sees_its_text() -> None:
    (segment,) = segment_document(read("Run `a *b*` now"), Blocks())
    assert segment.source == "Run <x1/> now"
    assert [(code.raw, code.shown) for code in segment.codes] == [("`a *b*`", "a *b*")]


def test_words_around_a_hard_break_stay_apart() -> None:
    (block,) = read("one\\\n two").blocks
    assert "".join(piece.text for piece in block.pieces) == "one\ntwo"


def test_a_url_with_markup_characters_is_one_code() -> None:
    (segment,) = segment_document(read("See https://a.example/x_y_z?a=b&amp;c now"), Blocks())
    assert [code.raw for code in segment.codes] == ["https://a.example/x_y_z?a=b&amp;c"]
    assert [code.shown for code in segment.codes] == ["https://a.example/x_y_z?a=b&c"]


def test_what_follows_code_in_a_list_item_is_translated() -> None:
    segments = segment_document(read("- One\n  ```\n  two\n  ```\n  Three\n"), Blocks())
    assert [one.source for one in segments] == ["One", "Three"]


def test_a_block_without_a_word_is_not_translated() -> None:
    assert not [one for one in read("`code`\n\n![](a.png)\n\n—\n").blocks if one.translatable]


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("# A\n\nb\n\n- c\n\n> d\n", ["heading", "paragraph", "list item", "quotation"]),
        ("> - a\n\n- > b\n", ["list item", "quotation"]),
        ("|a|\n|-|\n|b|\n", ["table cell", "table cell"]),
        ("a[^1]\n\n[^1]: b\n", ["paragraph", "footnote"]),
    ],
)
def test_kinds_are_told_by_the_innermost_container(text: str, kinds: list[str]) -> None:
    assert [one.kind.value for one in read(text).blocks if one.translatable] == kinds


def test_a_byte_order_mark_stays_outside_of_the_text() -> None:
    document = read("\ufeff# Title\n")
    assert [block.kind for block in document.blocks if block.translatable] == [BlockKind.HEADING]
    assert_identity("\ufeff# Title\n")


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_every_line_end_ends_a_line(line_end: str) -> None:
    text = line_end.join(["# One", "two", "three", "", "> four", "> five", ""])
    sources = [one.source for one in segment_document(read(text), Blocks())]
    assert sources == ["One", "two three", "four five"]
    assert_identity(text)


# --- identity ------------------------------------------------------------------------


def test_examples_are_many() -> None:
    assert len(EXAMPLES) >= 150


@pytest.mark.parametrize("text", EXAMPLES)
def test_every_construct_comes_back_byte_for_byte(text: str) -> None:
    for variant in (text, text + "\n", text.replace("\n", "\r\n"), f"> {text}", f"- {text}"):
        assert_identity(variant)
        assert_identity(variant, "a.mdx")


_FRAGMENTS: Final = st.lists(
    st.one_of(
        st.sampled_from(
            [
                "*",
                "**",
                "_",
                "__",
                "`",
                "``",
                "```\n",
                "~~",
                "[",
                "]",
                "](u)",
                "![",
                "[]",
                "<",
                ">",
                "<b>",
                "</b>",
                "<br>",
                "<code>",
                "</code>",
                "<!--",
                "-->",
                "\\",
                "&amp;",
                "&#42;",
                "&",
                "\n",
                "\n\n",
                "\r\n",
                "\r",
                "  \n",
                "\\\n",
                "\n> ",
                "\n- ",
                "\n  ",
                "\n    ",
                "\t",
                "# ",
                "===\n",
                "---\n",
                "| ",
                "|\n|-|-|\n",
                "1. ",
                "- [ ] ",
                "[^1]",
                "\n[^1]: ",
                "\n[a]: u\n",
                "[a]",
                "[a][]",
                "+++\n",
                "title: ",
                "title = ",
                "{",
                "}",
                "{#a}",
                "{x}",
                "<g1>",
                "</g1>",
                "<x2/>",
                "https://a.example/b_c",
                "import a\n",
                "<A b={",
                "/>",
                "$",
            ]
        ),
        st.text(
            alphabet=st.sampled_from("ab Zé.!?'\"()\xa0\u202f\u2028\u200b\ufeff中文😀\u0301אب"),
            min_size=1,
            max_size=6,
        ),
    ),
    max_size=30,
).map("".join)


@given(_FRAGMENTS)
def test_any_text_comes_back_byte_for_byte(text: str) -> None:
    assert_identity(text)
    assert_identity(text, "a.mdx")


# --- writing -------------------------------------------------------------------------


@pytest.mark.parametrize("text", EXAMPLES)
def test_translations_keep_the_structure_of_every_construct(text: str) -> None:
    document = read(text)
    expected, expected_inline = structure(text), inline(text)
    for segmenter in (Blocks(), Sentences()):
        segments = segment_document(document, segmenter)
        for change in (str.upper, lambda part: part.translate(str.maketrans("aeio", "áèîö"))):
            made = Markdown().build(
                document, {one: with_text(one.source, change) for one in segments}
            )
            assert structure(made.decode()) == expected
            assert inline(made.decode()) == expected_inline
        for start in HOSTILE_STARTS:
            made = Markdown().build(document, {one: f"{start}{one.source} !" for one in segments})
            assert structure(made.decode()) == expected


@given(text=st.sampled_from(EXAMPLES), data=st.data())
def test_whatever_a_translation_holds_is_what_a_reader_sees(text: str, data: st.DataObject) -> None:
    document = read(text)
    segments = segment_document(document, Blocks())
    characters = "*_`[]()<>!#+-.|~&{}\\=:\"'1 ab é中\n"
    pieces = st.lists(
        st.sampled_from([*characters, "**", "](u)", "&lt;", "a"]),
        min_size=1,
        max_size=12,
    ).map(lambda parts: f"w{''.join(parts)}w")
    chosen: dict[Segment, str] = {}
    for one in segments:
        change = data.draw(pieces)
        chosen[one] = f"{change} {one.source}"
    made = Markdown().build(document, chosen).decode()
    again = segment_document(read(made), Blocks())
    wanted = [re.sub(r"[ \n]*\n[ \n]*", " ", target) for target in chosen.values()]
    assert [shown(one.source, one) for one in again] == [
        shown(target, one) for target, one in zip(wanted, chosen, strict=True)
    ]


def shown(source: str, segment: Segment) -> str:
    """A source as a reader sees it, placeholders among its codes included."""
    by_tag = {f"<x{code.number}/>": code.shown for code in segment.codes}
    return TAG.sub(lambda tag: by_tag.get(tag[0], ""), source)


@pytest.mark.parametrize(
    "text",
    ["snake_case", "2 * 3 * 4", "a < b", "R&D", "C# and F#", "[sic]", "1.5", "a ~ b", "x | y", "!"],
)
def test_text_that_needs_no_escape_gets_none(text: str) -> None:
    assert translated("source", {"source": f"{text} w"}) == f"{text} w"


@pytest.mark.parametrize(
    ("source", "target", "expected"),
    [
        ("x", "# no heading", "\\# no heading"),
        ("x", "1. no list", "1\\. no list"),
        ("x", "*star*", "\\*star\\*"),
        ("x", "&lt;", "\\&lt;"),
        ("# x", "C #", "# C \\#"),
        ("|x|\n|-|", "a|b", "|a\\|b|\n|-|"),
        ("- x", "[ ] no task", "- \\[ ] no task"),
        ("> x", "[!NOTE]", "> \\[!NOTE]"),
        ("x\n---", "- a", "\\- a\n---"),
    ],
)
def test_what_would_be_markup_is_escaped(source: str, target: str, expected: str) -> None:
    assert translated(source, {"x": target}) == expected


def test_a_link_whose_text_was_its_label_gets_the_label() -> None:
    text = "See [Guide] and [Help][].\n\n[guide]: g.md\n[help]: h.md\n"
    made = translated(
        text, {"See <g1>Guide</g1> and <g2>Help</g2>.": "<g2>Ajuda</g2>, <g1>guide</g1>"}
    )
    assert made.startswith("[Ajuda][Help], [guide]\n")


def test_text_does_not_become_a_link_or_a_footnote_by_chance() -> None:
    text = "x\n\ny[^1]\n\n[sic]: u\n\n[^1]: z\n"
    assert translated(text, {"x": "a [sic] b[^1]"}).startswith("a \\[sic] b\\[^1]\n")


def test_spaces_move_out_of_emphasis() -> None:
    assert translated("a **b** c", {"a <g1>b</g1> c": "a<g1> b </g1>c"}) == "a **b** c"


def test_emphasis_around_an_address_stays_emphasis() -> None:
    text = "See **the <http://a.example> page**, _<b@c.example>_."
    source = "See <g1>the <x2/> page</g1>, <g3><x4/></g3>."
    target = "<g3><x4/></g3>: <g1>die <x2/></g1>"
    assert translated(text, {source: target}) == "_<b@c.example>_: **die <http://a.example>**"


def test_emphasis_with_a_quotation_mark_beside_a_letter_stays_emphasis() -> None:
    made = translated("a **b** c", {"a <g1>b</g1> c": "a<g1>“b”</g1>c"})
    assert inline(made) == [["strong_open ", "strong_close "]]
    assert MarkdownIt().render(made) == "<p>a<strong>“b”</strong>c</p>\n"


def test_codes_that_cannot_stand_so_are_named_with_their_line() -> None:
    with pytest.raises(DocumentError, match=r"a\.md:3: .* as Markdown"):
        translated("a\n\n[b](u) [c](v)\n", {"<g1>b</g1> <g2>c</g2>": "<g1>b <g2>c</g2></g1>"})


def test_broken_codes_never_reach_a_document() -> None:
    with pytest.raises(DocumentError, match="<g1> is missing"):
        translated("a *b*", {"a <g1>b</g1>": "b</g1>"})


def test_braces_and_angles_are_escaped_in_mdx() -> None:
    assert translated("x\n", {"x": "{a} <b"}, "a.mdx") == "\\{a\\} \\<b\n"


@pytest.mark.parametrize(
    ("text", "translations", "expected"),
    [
        ('[a](u "Old")', {"Old": 'A "new" one'}, '[a](u "A \\"new\\" one")'),
        ("[a](u 'Old')", {"Old": "d'água"}, "[a](u 'd\\'água')"),
        ("[a](u (Old))", {"Old": "a (b)"}, "[a](u (a \\(b\\)))"),
        ('[a](u "Old")', {"Old": "`b` <c> &lt;"}, '[a](u "&#96;b&#96; &#60;c&#62; \\&lt;")'),
        (
            'x [a](u "Old") y',
            {"x <g1>a</g1> y": "y <g1>b</g1> x", "Old": "New"},
            'y [b](u "New") x',
        ),
        ('[![a](s "b")](u "c")', {"a": "d", "b": "e", "c": "f"}, '[![d](s "e")](u "f")'),
        ('[a]\n\n[a]: u "Old"', {"a": "b", "Old": "New"}, '[b][a]\n\n[a]: u "New"'),
        ("![a]\n\n[a]: u", {"a": "b"}, "![b][a]\n\n[a]: u"),
        ("![a][]\n\n[a]: u", {"a": "b"}, "![b][a]\n\n[a]: u"),
        ("![a](u) b", {"a": "x] [y", "b": "c"}, "![x\\] \\[y](u) c"),
    ],
)
def test_titles_and_images_texts_are_written_in_their_places(
    text: str, translations: Mapping[str, str], expected: str
) -> None:
    assert translated(text, translations) == expected


@pytest.mark.parametrize(
    ("text", "translations", "expected"),
    [
        ("# A {{ t }}\n", {"A <x1/>": "<x1/> B"}, "# {{ t }} B\n"),
        ("# A {x} b\n", {"A <x1/> b": "B <x1/>"}, "# &#32;B {x}&#32;\n"),
        ("`a` b `c`\n", {"<x1/> b <x2/>": "d <x2/><x1/>"}, "d `c` `a`\n"),
        ("[a] (b)\n\n[a]: u\n", {"<g1>a</g1> (b)": "<g1>a</g1>(b)"}, "[a][a](b)\n\n[a]: u\n"),
        ("b\\\nc\n", {"b<x1/>c": "bc<x1/>"}, "&#32;bc\\\n&#32;\n"),
        ("A <!-- x --> b\n", {"A <x1/> b": "<x1/> c"}, "&#32;<!-- x --> c&#32;\n"),
        ("Get ```a b```\n", {"Get <x1/>": "``` <x1/>"}, "\\`\\`\\` ```a b```\n"),
    ],
)
def test_codes_may_stand_in_another_order(
    text: str, translations: Mapping[str, str], expected: str
) -> None:
    assert translated(text, translations) == expected


def test_expressions_in_tags_may_move() -> None:
    text = "Do <b onClick={() => go('x')}>it {a * b}</b> now\n"
    source = "Do <g1>it <x2/></g1> now"
    made = translated(text, {source: "<g1><x2/> it</g1> do"}, "a.mdx")
    assert made == "<b onClick={() => go('x')}>{a * b} it</b> do\n"


@pytest.mark.parametrize(
    "text",
    [
        "It costs $5, or $10 a year; $5-$10 it is.",
        "Run `$HOME` and `$PATH` now, at 10:30:45.",
        "Use a::b::c and x:y:z here.",
        "Not {a b} a [[1](u)] thing.",
    ],
)
def test_prose_is_no_formula_and_no_emoji(text: str) -> None:
    (segment,) = segment_document(read(text), Blocks())
    assert not [code for code in segment.codes if code.raw == code.shown]


# --- front matter ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "source", "target", "expected"),
    [
        ("Plain", "Plain", "Simples", "Simples"),
        ("Plain # note", "Plain", "A: b", '"A: b" # note'),
        ("Plain", "Plain", "“A”", "“A”"),
        ("Plain", "Plain", '"A" \\', '"\\"A\\" \\\\"'),
        ("Plain", "Plain", "true", '"true"'),
        ('"A \\"b\\""', 'A "b"', '"c"', '"\\"c\\""'),
        ("'It''s'", "It's", "d'água", "'d''água'"),
        (">\n  Two\n  lines", "Two lines", "Duas: linhas", ">\n  Duas: linhas"),
    ],
)
def test_values_of_yaml_are_quoted_where_they_must_be(
    value: str, source: str, target: str, expected: str
) -> None:
    made = translated(f"---\ntitle: {value}\n---\nText\n", {source: target})
    assert made == f"---\ntitle: {expected}\n---\nText\n"


@pytest.mark.parametrize(
    ("matter", "translations", "expected"),
    [
        ("---\nkeywords: [a1, b1]\n---\n", {"a1": "x, y"}, '---\nkeywords: ["x, y", b1]\n---\n'),
        ("---\nkeywords:\n- a1\n---\n", {"a1": "x: y"}, '---\nkeywords:\n- "x: y"\n---\n'),
        (
            "---\nhero:\n  tagline: a\n    b\n  x: c\n---\n",
            {"a b": "d"},
            "---\nhero:\n  tagline: d\n  x: c\n---\n",
        ),
        ("+++\n[hero]\ntagline = 'a'\n+++\n", {"a": "b"}, "+++\n[hero]\ntagline = 'b'\n+++\n"),
        (
            '{\n"hero": {"tagline": "a\\n"}, "keywords": ["b1", 2]\n}\n',
            {"a": 'x "y"', "b1": "c1"},
            '{\n"hero": {"tagline": "x \\"y\\"\\n"}, "keywords": ["c1", 2]\n}\n',
        ),
    ],
)
def test_nested_fields_and_lists_of_texts_are_translated(
    matter: str, translations: Mapping[str, str], expected: str
) -> None:
    format_ = Markdown(front_matter=("hero.tagline", "keywords"))
    document = read(matter, format_=format_)
    segments = {one.source: one for one in segment_document(document, Blocks())}
    chosen = {segments[source]: target for source, target in translations.items()}
    assert format_.build(document, chosen).decode() == expected


def test_a_name_that_no_field_can_have_is_refused() -> None:
    with pytest.raises(ValueError, match="no name of a field"):
        Markdown(front_matter=("title:",))


def test_a_literal_of_toml_that_cannot_hold_a_quote_becomes_a_string() -> None:
    made = translated("+++\ntitle = 'Plain'\n+++\n", {"Plain": "d'água \\"})
    assert made == '+++\ntitle = "d\'água \\\\"\n+++\n'


# --- hostile input -----------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "> " * 10_000 + "x\n",
        "- " * 10_000 + "x\n",
        "[" * 10_000 + "x" + "]" * 10_000,
        "*" * 10_000 + "x" + "*" * 10_000,
        "*a **b " * 3_000,
        "![" * 3_000 + "x" + "](a)" * 3_000,
        "<b>" * 5_000 + "x" + "</i>" * 5_000,
        "{" * 20_000,
        "<A b={" * 5_000,
        "`a``b" * 5_000,
        "---\n" + "title: x\n" * 5_000,
        "|" * 20_000 + "\n" + "|-" * 20_000,
        "&" * 50_000,
        "[a]: " * 5_000,
        "`a``b " * 20_000,
        "{{" * 50_000,
        "{% highlight %}\n" * 10_000,
        "$a$ :ab: [[a" * 10_000,
        ":::note a\n!!! note\n" * 10_000,
        '[a](b "c") ![a](b \'c)' * 5_000,
        "<" * 100_000,
        "word " * 200_000,
        "a b\r\u2028c\r" * 20_000,
        "$ " + " ===" * 700_000,
    ],
    ids=range(24),
)
@pytest.mark.parametrize("path", ["a.md", "a.mdx"])
def test_hostile_text_takes_bounded_time(text: str, path: str) -> None:
    started = time.process_time()
    document = read(text, path)
    assert Markdown().build(document, {}) == text.encode()
    assert time.process_time() - started < 5


def test_what_is_no_text_is_refused() -> None:
    with pytest.raises(DocumentError, match="binary"):
        Markdown().read(b"# a\0b", path="a.md", name="a.md", locale=Locale.parse("en"))


def test_half_a_surrogate_pair_is_refused() -> None:
    with pytest.raises(DocumentError, match="surrogate"):
        translated("a", {"a": "\ud800"})
