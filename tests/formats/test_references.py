"""What documents refer to, as readers of their formats understand them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from l10n_pipeline.formats import Formats, css
from l10n_pipeline.locale import Locale
from l10n_pipeline.protocols import ReferringFormat


def references(text: str, path: str) -> tuple[str, ...]:
    served = Formats().for_path(path)
    assert isinstance(served, ReferringFormat)
    return served.references(served.read(text.encode(), path=path, name=path, locale=Locale("en")))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("[a](b.md) ![c](<d e.png> 'T')", ("b.md", "d e.png")),
        ("[![a](b.png)](c.html)", ("c.html", "b.png")),
        ("[a][B] ![c] [d][]\n\n[b]: e.md\n[c]: f.png\n[d]: <g.md>", ("e.md", "f.png", "g.md")),
        ("[unused]: a.md\n\nOne.", ()),
        ("![a](b\\_c&amp;d.png)", ("b_c&d.png",)),
        ("`![a](b.png)` \\![c](d.png)\n\n    ![e](f.png)\n\n```\n![g](h.png)\n```\n", ("d.png",)),
        ("<https://a.example> <x@y.example>", ("https://a.example",)),
        ("One <img src=a.png> two\n\n<div>\n<a href='b.md'>\n</div>\n", ("a.png", "b.md")),
        ("<!-- <img src=a.png> -->\n\n<pre><code><img src=b.png></code></pre>", ("b.png",)),
        ("| a |\n|---|\n| ![b](c.png) |\n\n[^1]\n\n[^1]: ![d](e.png)", ("c.png", "e.png")),
        ("---\ntitle: '![a](b.png)'\n---\n![c](d.png)", ("d.png",)),
        ("\ufeff![a](b.png)", ("b.png",)),
        ("[a]() ![b]()", ()),
        ("[a](b.md) [c](b.md)", ("b.md",)),
    ],
)
def test_markdown(text: str, found: tuple[str, ...]) -> None:
    assert references(text, "a.md") == found


def test_mdx() -> None:
    text = "import A from './a.js'\n\n![One](b.png) {x['![c](d.png)']} <img src='e.png'/>.\n"
    assert references(text, "a.mdx") == ("b.png",)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (
            "<a href=a.html>A</a><link href='b.css'><script src=\"c.js\"></script>",
            "a.html b.css c.js",
        ),
        ("<video poster=a.jpg src=b.mp4><track src=c.vtt></video>", "a.jpg b.mp4 c.vtt"),
        (
            "<audio><source src=a.ogg></audio><embed src=b.pdf><object data=c.svg>",
            "a.ogg b.pdf c.svg",
        ),
        (
            "<iframe src=a.html></iframe><body background=b.png><input src=c.png>",
            "a.html b.png c.png",
        ),
        ("<img srcset='a.png, b.png 2x,c.png 3x'>", "a.png b.png c.png"),
        ("<img srcset='a.png 100w (x, y), data:image/png,x 2x'>", "a.png data:image/png,x"),
        ("<link rel=preload imagesrcset='a.png 2x'>", "a.png"),
        ("<svg><image href=a.png /><use xlink:href='b.svg#c'/></svg>", "a.png b.svg#c"),
        ("<p style=\"background: url('a.png')\"><style>p {b: url(b.png)}</style>", "a.png b.png"),
        ("<a href='a.html?x&amp;y#z'>", "a.html?x&y#z"),
        ("<a href=' a\n.html '>", "a.html"),
        ("<!-- <img src=a.png> --><textarea><img src=b.png></textarea>", ""),
        ("<script>'<img src=a.png>'</script><title><img src=b.png></title>", ""),
        ("<a href=''><img src><a>", ""),
        ("<IMG SRC=a.png><img src=b.png src=c.png>", "a.png b.png"),
        ("<base href='../x/'><img src=a.png><a href='/b'>", "../x/a.png /b"),
        ("<img src=a.png><base href=https://a.example/>", "https://a.example/a.png"),
        ("<base href='//['><img src=a.png>", "a.png"),
        ("<img src=a.png", ""),
    ],
)
def test_html(text: str, found: str) -> None:
    assert references(text, "a.html") == tuple(found.split())


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("@import 'a.css'; @import url(b.css) print; @IMPORT \"c.css\";", "a.css b.css c.css"),
        ("p { background: url( a.png ), URL('b.png') , url(\"c.png\") }", "a.png b.png c.png"),
        ("/* url(a.png) */ p { content: 'url(b.png)' }", ""),
        (
            "p { background: url(a\\ b.png) url('\\63.png') url('d\\\n.png') }",
            "a b.png|c.png|d.png",
        ),
        ("p { --my-url(a.png): 1; x: curl(b.png) }", ""),
        ("@font-face { src: url(a.woff2) format('woff2'), local('b') }", "a.woff2"),
        ("p { background: url() url('') }", ""),
        ("p { background: url(a", ""),
        ("p { content: 'it; background: url(a.png)\n} q { background: url(b.png) }", "b.png"),
        ("/* url(a.png)", ""),
    ],
)
def test_style_sheets(text: str, found: str) -> None:
    assert css.references(text) == tuple(found.split("|") if "|" in found else found.split())


@given(st.text(alphabet="<>()[]!'\"\\/*=,; \n\r:abusrchefl{}%&#;@m\u2028\ud7ff", max_size=200))
def test_nothing_is_found_twice_or_fails(text: str) -> None:
    for found in (css.references(text), references(text, "a.html"), references(text, "a.md")):
        assert len(found) == len(set(found))
        assert "" not in found


@pytest.mark.parametrize(
    "text",
    [
        "url(" * 100_000,
        "'" * 200_001,
        '"' + '\\"' * 100_000,
        "url('" + "\\'" * 100_000,
        "<style>" + '"' + '\\"' * 100_000,
        "\\" * 200_001,
        "/*" * 100_000,
        "<img srcset='" + "a (" * 100_000,
        "<img srcset='" + "a," * 100_000 + "'>",
        "<a href=" * 50_000,
        "<base href=x>" * 20_000 + "<img src=a>" * 20_000,
    ],
)
def test_hostile_input_takes_time_proportional_to_its_length(text: str) -> None:
    css.references(text)
    references(text, "a.html")
