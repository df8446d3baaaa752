import re
import time
from collections.abc import Callable
from pathlib import Path

import pytest
import turbohtml
from hypothesis import given
from hypothesis import strategies as st

from l10n_pipeline import codes
from l10n_pipeline.errors import DocumentError
from l10n_pipeline.formats.html import Html
from l10n_pipeline.locale import Locale
from l10n_pipeline.model import Block, CodeKind, Document, Segment, Span
from l10n_pipeline.segment.documents import segment_document, tiles

ENGLISH = Locale("en")
SAMPLES = Path(__file__).parent / "samples" / "html"

NASTY = st.text(
    st.sampled_from(
        " \t\n\r\x0b\x0c\x85\u2028\u2029\xa0\u202f\ufeff<>/&;#=!-?'\"[]{}gx1bpaÉİ你。😀\u0301\u200f"
    ),
    max_size=80,
)
FRAGMENTS = (
    "<p>", "</p>", "<div>", "</div>", "<div translate=no>", "<b>", "</b>", "<i>", "</i>", "</a>",
    "<a title='tip &amp; trick'>", "<span>", "</span>", "<span translate=no>", "<br>",
    "<span translate=yes>", "<span lang=fr>", "<p lang=fr>", "<img alt=icon>", "<code>", "</code>",
    "<pre>", "</pre>", "<ul>", "</ul>", "<li>", "</li>", "<dl>", "<dd>", "</dl>", "<table>", "<tr>",
    "<td>", "</td>", "</table>", "<h1>", "</h2>", "<svg>", "</svg>", "<title>", "</title>", "<g/>",
    "<foreignObject>", "</foreignObject>", "<math>", "<mi>", "</mi>", "</math>", "<script>",
    "</script>", "<style>", "</style>", "<!--", "-->", "<![CDATA[", "]]>", "<?php", "?>", "<!x>",
    "<textarea>", "</textarea>", "<select>", "<option>", "</select>", "<button>", "</button>",
    "<template>", "</template>", "<", ">", "</", "<p", '"', "'", "=", "/>", "&amp;", "&lt;g1&gt;",
    "&nbsp;", "&notit;", "&#x80;", "&", "word", "Two words.", "{name}", "http://a.example/?b&amp;c",
    " ", "\n  ", "é", "\x0c", "<html lang=en>", "<head>", "<body>", "</body>", "<input value=v>",
)  # fmt: skip
SOUP = st.lists(st.sampled_from(FRAGMENTS), max_size=30).map("".join)


class Sentences:
    """Splits after a full stop before white space."""

    def split(self, text: str) -> list[Span]:
        return [
            Span(*found.span())
            for found in re.finditer(r"\S(?:.*?\.(?=\s)|.*\S|)", text, re.DOTALL)
        ]


def read(text: str | bytes, path: str = "seeds/a.html") -> Document:
    data = text.encode() if isinstance(text, str) else text
    return Html().read(data, path=path, name="a.html", locale=ENGLISH)


def segments(document: Document) -> tuple[Segment, ...]:
    return segment_document(document, Sentences())


def sources(text: str | bytes, path: str = "seeds/a.html") -> list[str]:
    return [segment.source for segment in segments(read(text, path))]


def details(text: str) -> list[tuple[str, str, str]]:
    return [(s.kind.value, s.detail, s.source) for s in segments(read(text))]


def capitals(source: str) -> str:
    """A translation that can be told from its source and keeps the codes."""
    parts = codes.TAG.split(source)
    tags = [found[0] for found in codes.TAG.finditer(source)]
    texts = parts[:: codes.TAG.groups + 1]
    joined = [texts[0].upper()]
    for tag, text in zip(tags, texts[1:], strict=True):
        joined += [tag, text.upper()]
    return "".join(joined)


def built(
    text: str | bytes,
    translate: Callable[[str], str] = capitals,
    target: str | None = None,
    path: str = "seeds/a.html",
) -> str:
    document = read(text, path)
    translations = {segment: translate(segment.source) for segment in segments(document)}
    locale = Locale.parse(target) if target else None
    return Html().build(document, translations, target=locale).decode(document.encoding)


# --- properties ----------------------------------------------------------------------


@given(st.one_of(NASTY, SOUP))
def test_blocks_tile_the_text_save_for_those_of_attributes_in_codes(text: str) -> None:
    document = read(text)

    done = 0
    around: Block | None = None
    for block in document.blocks:
        assert block.span
        assert tiles(block)
        if block.span.start < done:
            assert around is not None
            assert any(
                piece.code is not None and piece.span.contains(block.span)
                for piece in around.pieces
            )
        else:
            assert block.span.start == done
            done, around = block.span.end, block
    assert done == len(text)


@given(st.one_of(NASTY, SOUP))
def test_building_with_nothing_or_the_source_gives_the_bytes_back(text: str) -> None:
    document = read(text)

    assert Html().build(document, {}) == text.encode()
    same = {segment: segment.source for segment in segments(document)}
    assert Html().build(document, same) == text.encode()


@given(st.one_of(NASTY, SOUP))
def test_codes_are_well_nested_and_what_a_reader_sees_is_written_back(text: str) -> None:
    for segment in segments(read(text)):
        assert not codes.faults(segment.source, segment.codes)


@given(st.binary(max_size=60))
def test_any_bytes_are_read_back_exactly_or_refused(data: bytes) -> None:
    try:
        document = read(data)
    except DocumentError:
        return
    assert Html().build(document, {}) == data


@given(SOUP)
def test_a_translation_has_the_structure_of_its_source(text: str) -> None:
    assert outline(built(text, lambda source: capitals(source) + " & < > \" ' =")) == outline(text)


def outline(text: str) -> list[tuple[str, tuple[str, ...]]]:
    """The elements of a page with the names of their attributes, as a browser sees them."""
    page = turbohtml.parse(text)
    return [(element.tag, tuple(sorted(element.attrs))) for element in page.find_all()]


@given(SOUP)
def test_translating_again_finds_the_same_segments(text: str) -> None:
    document = read(text)
    swapped = {segment: segment.source.swapcase() for segment in segments(document)}
    if any(codes.faults(swapped[segment], segment.codes) for segment in swapped):
        return
    again = read(Html().build(document, swapped))

    assert [block.kind for block in again.blocks] == [block.kind for block in document.blocks]


PLACES = (
    "<title>one</title><p title=\"two\">three</p><img alt='four'><img alt=five><p>six&nbsp;seven "
    "&quot;eight&shy;&eacute;</p><table><tr><td>nine<td><input type=submit value=ten></table>"
    "<select><option>eleven</select><svg></svg><dl><dt>twelve<dd>thirteen</dl>"
)
IN_TEXT = (0, 2, 5, 6, 8, 9, 10)
IN_ATTRIBUTES = (1, 3, 4, 7)
"""Which of its segments stand where."""


class Whole:
    """Splits nothing."""

    def split(self, text: str) -> list[Span]:
        stripped = text.strip()
        start = len(text) - len(text.lstrip())
        return [Span(start, start + len(stripped))] if stripped else []


def seen(page: str) -> tuple[str, list[str]]:
    """What a browser shows of a page, and the values of its attributes, white space as one."""
    found = turbohtml.parse(page)
    values = [
        collapsed(str(value))
        for element in found.find_all()
        for name, value in element.attrs.items()
        if name != "type"
    ]
    return collapsed(found.text), values


def collapsed(text: str) -> str:
    return re.sub(r"[\t\n\f\r ]+", " ", text).strip(" ")


@given(
    st.lists(
        st.one_of(NASTY, SOUP, st.text(st.characters(exclude_categories=("Cs", "Cc")))),
        min_size=11,
        max_size=11,
    )
)
def test_any_text_for_any_segment_is_that_text_in_the_same_page(texts: list[str]) -> None:
    document = read(PLACES)
    found = segment_document(document, Whole())
    assert len(found) == len(texts)
    # Words, or it would not be read back.
    texts = [f"w {text} w".replace("\0", "") for text in texts]

    page = Html().build(document, dict(zip(found, texts, strict=True))).decode()

    assert outline(page) == outline(PLACES)
    text, values = seen(page)
    assert text == collapsed("".join(texts[at] for at in IN_TEXT))
    assert values == [collapsed(texts[at]) for at in IN_ATTRIBUTES]
    again = segment_document(read(page), Whole())
    shown = [collapsed(codes.read(segment.source, segment.codes).text) for segment in again]
    assert shown == [collapsed(text.replace("\xad", "")) for text in texts]


# --- what is translated, and as what -----------------------------------------------------


@pytest.mark.parametrize("path", sorted(SAMPLES.glob("*.html")), ids=lambda path: path.stem)
def test_samples_are_taken_apart_as_expected(path: Path) -> None:
    found = [
        f"{segment.kind.value}{f' ({segment.detail})' if segment.detail else ''} | {segment.source}"
        for segment in segments(read(path.read_bytes()))
    ]

    assert found == path.with_suffix(".expected").read_text(encoding="utf-8").splitlines()


@pytest.mark.parametrize("path", sorted(SAMPLES.glob("*.html")), ids=lambda path: path.stem)
def test_translated_samples_have_the_structure_of_their_source(path: Path) -> None:
    data = path.read_bytes()

    assert outline(built(data)) == outline(data.decode())


@pytest.mark.parametrize(
    ("page", "expected"),
    [
        ("<p>a<p>b", ["a", "b"]),
        ("<p translate=no>a<p>b", ["b"]),
        ("<ul><li translate=no>a<li>b</ul>c", ["b", "c"]),
        ("<ul translate=no><li>a<ul><li>b</ul><li>c</ul>d", ["d"]),
        ("<table><tr><td translate=no>a<td>b<tr translate=no><td>c<tr><td>d</table>e", list("bde")),
        ("<p translate=no>a<li>b", ["b"]),
        ("<template translate=no><table><tr><td>a</template>b", ["b"]),
        ("<div translate=no><svg><g></div>b", ["b"]),
        ("<svg><title>a</svg>b", ["<x1/>b"]),
        ("<svg></p>b", ["b"]),
        ("<dl><dt translate=no>a<dd>b<dt>c</dl>", ["b", "c"]),
        ("<select><option translate=no>a<option>b</select>", ["b"]),
        ("<h1 translate=no>a</h2>b", ["b"]),
        ("<b translate=no><div>a</b>b</div>c", ["b", "c"]),
        ("<div translate=no>a</span></p></td>b</div>c", ["c"]),
        ("<div translate=no><table><tr><td></div>a</table>b</div>c", ["c"]),
        ("<code translate=yes>a</code>", ["a"]),
        ("<code><span>a</span>b</code> c", ["<x1/> c"]),
        ("x <code>a<div>b</div>", ["x"]),
        ("x <span lang=en>y</span>", ["x <g1>y</g1>"]),
        ("<div lang=fr>a<p lang=en>b</p>c</div>", ["b"]),
        ("<div lang=xx-unknown>a</div>b", ["b"]),
        ("<html lang=de><p>a", ["a"]),
        ("<svg><p>a</svg>b", ["a<x1/>b"]),
        ("<svg><style><b>x</style>", ["x"]),
        ("a<textarea><b>c</textarea>d", ["a<x1/>d"]),
        ("a<script><!--<script>b</script>c--></script>d", ["a<x1/>d"]),
        ("a<!-->b-->c", ["a<x1/>b-->c"]),
        ("a<!--b--!>c", ["a<x1/>c"]),
        ("a<plaintext>b</plaintext>c", ["a"]),
        ("<nobr><i>a<nobr>b</i>c", ["<g1>a<x2/>b</g1>c"]),
        ("a < b <3 c", ["a < b <3 c"]),
        ("a</>b</ x>c", ["a<x1/>b<x2/>c"]),
        ("a <b title='x>y'>c</b>", ["a <g1>c</g1>", "x>y"]),
        ("a<p title='never closed>b</p>c", ["a"]),
        ("a<br>b", ["a <x1/>b"]),
        ("a<br>\nb", ["a<x1/> b"]),
        ("a<br> <br>b", ["a", "b"]),
        ("<a><b>x</b></a>", ["x"]),
        ("<i class=icon></i> x <!-- y -->", ["x"]),
        ("<b>a<i>b</b>c</i>", ["<g1>a<x2/>b</g1>c"]),
        ("<p><code>x</code> <a>{name}</a>", []),
        ("co&shy;ope\xadrate &zwj;", ["cooperate \u200d"]),
        ("&#xD800;&#x110000;&#0;a", ["\ufffd\ufffd\ufffda"]),
        ("<!--[if IE]><p>a</p><![endif]--><![if !IE]>b<![endif]>", ["b"]),
        ("<noscript><p>a</noscript><template><p>b</template>", ["a", "b"]),
        ("<math><mtext>a</mtext></math><svg><text>b</text></svg>", []),
        ("<a>a</a> | <a>b</a>&nbsp;&raquo; <b>c | d</b>", ["a", "b", "c | d"]),
        ("<a>a</a> | <a>b</a> | c", ["<g1>a</g1> | <g2>b</g2> | c"]),
        ("Press <b>a</b> &gt; <b>b</b>", ["Press <g1>a</g1> > <g2>b</g2>"]),
        ("&copyit; &notin; &#65; &unknown;", ["©it; ∉ A &unknown;"]),
        ("<img alt='&copyit; &copy=1 &copy;'>", ["&copyit; &copy=1 ©"]),
    ],
)  # fmt: skip
def test_markup_is_read_as_browsers_do(page: str, expected: list[str]) -> None:
    assert sources(page) == expected


def test_an_element_that_is_not_translated_shows_its_text_in_a_code() -> None:
    (segment,) = segments(read("Run <code>a  &amp;<!-- x --> <b>b</b></code> now."))

    (code,) = segment.codes
    assert code.raw == "<code>a  &amp;<!-- x --> <b>b</b></code>"
    assert (code.kind, code.shown) == (CodeKind.STANDALONE, "a & b")


def test_attributes_of_codes_are_segments_after_the_sentences_around_them() -> None:
    assert details("<p>Press <img alt='the icon' title=Tip> to save.<h2 title=Up>On</h2>") == [
        ("paragraph", "", "Press <x1/> to save."),
        ("alt text", "alt", "the icon"),
        ("title", "title", "Tip"),
        ("title", "title", "Up"),
        ("heading", "level 2", "On"),
    ]


@pytest.mark.parametrize(
    ("page", "expected"),
    [
        ("<input value=a><input type=Submit value=b>", [("label", "value", "b")]),
        ("<p translate=no title=a><img alt=b></p>", []),
        ("<p lang=fr title=a>", []),
        ("<a title=a title=b>", [("title", "title", "a")]),
        ("<table><tr><th abbr=a><td abbr=b></table>", [("label", "abbr", "a")]),
        ("<p aria-roledescription=a data-title=b>", [("label", "aria-roledescription", "a")]),
        ("<meta property=og:title content=a>", [("metadata", "og:title", "a")]),
        ("<meta name=keywords content=a><meta name=author content=b>", []),
        ("<iframe srcdoc='<p>a'></iframe><svg aria-label=b></svg>", []),
        ("<track label=a><option label=b>", [("label", "label", "a"), ("label", "label", "b")]),
        ("<title title=a>b</title>", [("title", "title", "a"), ("title", "", "b")]),
        ("<img alt=''><img alt='  '><img alt='–'><img alt>", []),
        ("<style title=a></style><label title=b label=c>", [("title", "title", "b")]),
        ("<META NAME=Description CONTENT=a>", [("metadata", "description", "a")]),
    ],
)
def test_attributes_are_translated_where_a_reader_sees_them(
    page: str, expected: list[tuple[str, str, str]]
) -> None:
    assert details(page) == expected


def test_xhtml_knows_empty_elements_and_character_data() -> None:
    page = '<?xml version="1.0"?><p>a<a id="x"/>b <![CDATA[c > d]]> e<title/></p><div/>f'

    assert sources(page) == ["a<x1/>b <x2/> e", "f"]
    assert sources("<p>a<script/>b", "a.xhtml") == ["a<x1/>b"]


@pytest.mark.parametrize(
    ("page", "expected"),
    [
        ("<b>one<p>two</b>three", ["one", "two<x1/>three"]),
        ("<b>one<p>two<b>three</b>four</b>five", ["one", "two<g1>three</g1>four<x2/>five"]),
        ("<p>one <i>two<p>three</i> four", ["one <x1/>two", "three<x1/> four"]),
        ("<p>one <a>two <a>three</a> four</a>", ["one <x1/>two <g2>three</g2> four"]),
        ("<b>one<i>two</b>three</i>four", ["<g1>one<x2/>two</g1>three<x3/>four"]),
    ],
)
def test_tags_whose_other_half_is_in_another_block_are_no_pair(
    page: str, expected: list[str]
) -> None:
    assert sources(page) == expected
    assert outline(built(page)) == outline(page)


# --- building --------------------------------------------------------------------------


def swap(old: str, new: str) -> Callable[[str], str]:
    return lambda source: source.replace(old, new)


@pytest.mark.parametrize(
    ("page", "translation", "expected"),
    [
        ("<p>a</p>", "b & <c> \"'", "<p>b &amp; &lt;c&gt; \"'</p>"),
        ("<p>a&#32;&#97;&eacute;</p>", "a b\xe9\0", "<p>a b&eacute;\ufffd</p>"),
        ("<p>a&nbsp;a&mdash;</p>", "b\xa0c—&", "<p>b&nbsp;c&mdash;&amp;</p>"),
        ("<p>a\xa0a</p>", "b\xa0c", "<p>b\xa0c</p>"),
        ("<img alt='a'>", "b'\"c", "<img alt='b&#39;\"c'>"),
        ('<img alt="a">', "b'\"c", '<img alt="b\'&quot;c">'),
        ("<img alt=a>", "b c>'=d", "<img alt=b&#32;c&gt;&#39;&#61;d>"),
    ],
)
def test_translations_are_escaped_for_their_place(
    page: str, translation: str, expected: str
) -> None:
    assert built(page, lambda _: translation) == expected


def test_attributes_in_moved_codes_are_translated_too() -> None:
    page = "Press <img alt='the icon'> or <a title=Tip>here</a>."
    translations = {
        "Press <x1/> or <g2>here</g2>.": "<g2>Aqui</g2> ou <x1/>.",
        "the icon": "o ícone",
        "Tip": "Dica boa",
    }

    expected = "<a title=Dica&#32;boa>Aqui</a> ou <img alt='o ícone'>."
    assert built(page, translations.__getitem__) == expected
    only_icon = "Press <img alt='o ícone'> or <a title=Tip>here</a>."
    assert built(page, swap("the icon", "o ícone")) == only_icon


def test_broken_codes_in_a_nested_attribute_are_told_with_their_line() -> None:
    with pytest.raises(DocumentError) as caught:
        built("\n\nSee <img alt='{x} a'>!", lambda source: "b" if "a" in source else "c <x1/>")

    assert caught.value.where == "seeds/a.html:3"


@pytest.mark.parametrize(
    ("tag", "target", "expected"),
    [
        ("<html>", "pt-BR", '<html lang="pt-BR">'),
        ("<html lang=en class=x>", "pt-BR", "<html lang=pt-BR class=x>"),
        ("<HTML LANG='en' dir=rtl>", "pt", "<HTML LANG='pt' dir=ltr>"),
        ("<html lang=en dir=ltr>", "ar", "<html lang=ar dir=rtl>"),
        ("<html lang>", "he", '<html dir="rtl" lang="he">'),
        ('<html xml:lang="en" lang="en">', "uz-Arab", None),
        ("<html lang=PT-br>", "pt-BR", "<html lang=PT-br>"),
        ("<!-- c --><!doctype html>\n<html>", "de", '<!-- c --><!doctype html>\n<html lang="de">'),
        ("<p>", "pt", "<p>"),
    ],
)  # fmt: skip
def test_language_and_direction_are_those_of_the_target(
    tag: str, target: str, expected: str | None
) -> None:
    if expected is None:
        expected = '<html dir="rtl" xml:lang="uz-Arab" lang="uz-Arab">'

    assert built(f"{tag}<p>1 a", lambda source: source, target) == f"{expected}<p>1 a"


def test_xhtml_states_its_language_twice() -> None:
    page = '<html xmlns="x"><p>a</p></html>'

    assert built(page, capitals, "pt", "a.xhtml") == (
        '<html lang="pt" xml:lang="pt" xmlns="x"><p>A</p></html>'
    )


# --- languages ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("page", "target", "expected"),
    [
        ("<p lang=en>a</p>", "pt-BR", "<p lang=pt-BR>a</p>"),
        ("<p lang='EN-gb' xml:lang='en'>a</p>", "de", "<p lang='de' xml:lang='de'>a</p>"),
        ("<p>a <q lang=en>b</q>", "de", "<p>a <q lang=de>b</q>"),
        ("<p lang=fr>a <q lang=en>b</q>", "de", "<p lang=fr>a <q lang=de>b</q>"),
        ("<pre lang=python>a</pre>", "de", "<pre lang=python>a</pre>"),
        ("<script>'<p lang=en>'</script>", "de", "<script>'<p lang=en>'</script>"),
        ("<!--<p lang=en>-->a", "de", "<!--<p lang=en>-->a"),
        ("<a hreflang=en href=b lang=en>a</a>", "de", "<a hreflang=en href=b lang=de>a</a>"),
        ("<body dir=rtl>a", "de", "<body dir=ltr>a"),
        ("<body dir=ltr>a", "ar", "<body dir=rtl>a"),
        ("<body>a<p dir=rtl>b", "de", "<body>a<p dir=rtl>b"),
        ("<html dir=auto lang=en>a", "he", "<html dir=auto lang=he>a"),
        ("<!doctype html><title>a</title>", "ar", "<!doctype html><title>a</title>"),
        (
            "<meta http-equiv=Content-Language content=en-US>a",
            "pt-BR",
            "<meta http-equiv=Content-Language content=pt-BR>a",
        ),
        (
            "<meta property=og:locale content=en_US>a",
            "pt-BR",
            "<meta property=og:locale content=pt_BR>a",
        ),
        (
            "<meta property=og:locale:alternate content=en_US>a",
            "pt-BR",
            "<meta property=og:locale:alternate content=en_US>a",
        ),
        (
            "<meta property=og:locale content=fr_FR>a",
            "pt-BR",
            "<meta property=og:locale content=fr_FR>a",
        ),
    ],
)
def test_what_says_the_language_of_what_is_translated_says_the_target(
    page: str, target: str, expected: str
) -> None:
    assert built(page, lambda source: source, target) == expected


def test_links_to_the_page_in_other_languages_stay() -> None:
    page = "<p>Also in <a rel=alternate hreflang=fr title='en fran&ccedil;ais'>français</a>."

    assert sources(page) == ["Also in <x1/>."]


# --- templates ---------------------------------------------------------------------------

TEMPLATE = r"<\?.*?\?>|<%.*?%>|\{[%#{].*?[%#}]\}"


@pytest.mark.parametrize(
    ("page", "expected"),
    [
        ("<?php if ($a > 1): ?><p>a <?= $b->c ?> d</p><?php endif ?>", ["a <x1/> d"]),
        ("<p <?php if ($a > 1) echo 'class=\"b\"' ?>>c</p>", ["c"]),
        ('<a href="<?php echo "x>y" ?>" title="b <?= $c ?>">d</a>', ["b <x1/>", "d"]),
        ("<p title='<?php echo \"a b\" ?>'>c", ["c"]),
        ("<p class=<%= x > y %> title=a>b", ["a", "b"]),
        ("<% if a < b %><p>c <%= d %>.<% end %>", ["c <x1/>."]),
        ("<p <%= a > b %>>c", ["c"]),
        ("{% if a <b %}<p>c{% else %}d{% endif %}", ["c <x1/>d"]),
        ("<p {% if a > b %}class='c'{% endif %}>d", ["d"]),
        ("<a href=\"{% url 'a' b > c %}\">d</a>", ["d"]),
        ('<a href="{% url "a>" %}" title="{% trans "b" %}">d</a>', ["d"]),
        ("{# a\n b #}<p>c {# d #}e{% if f %}", ["c <x1/>e"]),
        ("<title>{% block title %}a{% endblock %}</title>b", ["a", "b"]),
        (
            "<p>a {{ b }} <i v-if='c > d' :title=\"{a: 'b'}\">{{ c }}</i>",
            ["a <x1/> <g2><x3/></g2>"],
        ),
        ("<div {{> part }}>a {{b}}</div>", ["a <x1/>"]),
        ("<p>Write <code>{% if %}</code>.", ["Write <x1/>."]),
        ("<p>a <% b", ["a <% b"]),
        ("<p>a {% b {{ c", ["a {% b {{ c"]),
    ],
)
def test_what_a_server_puts_in_is_left_alone(page: str, expected: list[str]) -> None:
    assert sources(page) == expected
    assert "".join(re.findall(TEMPLATE, built(page))) == "".join(re.findall(TEMPLATE, page))


# --- encodings --------------------------------------------------------------------------


def test_a_declared_encoding_is_kept_and_what_it_lacks_is_written_as_references() -> None:
    data = '<meta charset="ISO-8859-1"><p>caf\xe9 \x80</p>'.encode("latin-1")
    document = read(data)
    (segment,) = segments(document)

    assert (document.encoding, segment.source) == ("cp1252", "café €")
    built = Html().build(document, {segment: "é Ж"})
    assert built == '<meta charset="ISO-8859-1"><p>\xe9 &#1046;</p>'.encode("latin-1")


@pytest.mark.parametrize(
    "head",
    [
        b"\xef\xbb\xbf<meta charset=windows-1251>",
        b"<!-- <meta charset=windows-1251> -->",
        b"<meta charset=no-such>",
        b" " * 2000 + b"<meta charset=windows-1251>",
        b'<meta http-equiv="Content-Type" content="text/html; charset=utf-8">',
    ],
)
def test_otherwise_it_is_utf_8(head: bytes) -> None:
    assert sources(head + "<p>чай".encode()) == ["чай"]


@pytest.mark.parametrize(
    "head",
    [
        '<meta http-equiv="Content-Type" content="text/html; charset=windows-1251">',
        "<META CHARSET = 'cp1251'>",
        '<?xml version="1.0" encoding="windows-1251"?>',
    ],
)
def test_declarations_are_found_in_all_their_forms(head: str) -> None:
    assert sources((head + "<p>чай").encode("cp1251")) == ["чай"]


@pytest.mark.parametrize("mark", ["utf-16-le", "utf-16-be", "utf-8"])
def test_a_byte_order_mark_decides(mark: str) -> None:
    page = "\ufeff<meta charset=windows-1252><p>чай</p>"
    document = read(page.encode(mark))

    assert document.encoding == mark
    (segment,) = segments(document)
    assert Html().build(document, {segment: "te"}) == page.replace("чай", "te").encode(mark)


@pytest.mark.parametrize(
    "data",
    [b"<p>\xff", b"<meta charset=windows-1252>\n<p>\x81", b"<p>a\x00", b"<meta charset=gbk>\0"],
)
def test_what_is_no_text_in_its_encoding_is_refused(data: bytes) -> None:
    with pytest.raises(DocumentError) as caught:
        read(data)

    assert caught.value.way_out


# --- hostile input ------------------------------------------------------------------------


@pytest.mark.parametrize(
    "page",
    [
        "<div>" * 10_000 + "x" + "</div>" * 10_000,
        "<b>y " * 10_000 + "x" + "</b>" * 10_000,
        "<b translate=no>" * 10_000 + "<div>" * 10_000 + "</b>" * 10_000 + "x",
        "<svg><foreignObject>" * 10_000 + "</svg>" * 10_000,
        "<svg><![CDATA[ " * 10_000,
        "<?php a>" * 10_000,
        "<p>" + "<i><u></u>" * 10_000 + "x" + "</i>" * 10_000,
        "<p>x " + "<img alt=word>y. " * 10_000,
        '<a href="' * 10_000,
        "<!--" * 10_000,
        "word &amp; " * 100_000,
        "word " * 400_000,
        "<table><tr><td>" * 10_000 + "x",
        "<p>" + "<b>x " * 10_000,
        "<p><b>" + "<i></i>" * 10_000 + "x</b>y" + "<u></u>" * 10_000,
        "<p>x" + "<i>" * 10_000 + "</u>" * 10_000 + "y",
        "<p>" + "<a><b>x" * 10_000 + "</a>" * 10_000,
        "<p " + " ".join(f"a{number}=x" for number in range(10_000)) + " title=word>x",
        "<" * 100_000,
        "</" * 100_000,
        "&" * 100_000,
        "&#1" * 100_000,
        "<% " * 20_000,
        "<a x='{{ {% <% <? " * 10_000,
        "{% {# " * 10_000,
        "<br>" * 20_000 + "x",
        "<title>a" * 10_000,
    ],
    ids=lambda page: page[:16],
)
def test_hostile_input_is_read_and_given_back(page: str) -> None:
    started = time.process_time()

    document = read(page)

    assert Html().build(document, {}, target=Locale("ar"))
    assert Html().build(document, {}) == page.encode()
    assert time.process_time() - started < 20
