"""Documents with inline codes, made of pieces at random or by hand."""

from __future__ import annotations

from collections.abc import Iterable

from hypothesis import strategies as st

from l10n_pipeline.formats.pieces import code_piece, finished, text_piece
from l10n_pipeline.locale import Locale
from l10n_pipeline.model import Block, BlockKind, CodeKind, Document, Piece, Span

Part = tuple[str, str, CodeKind | None]
"""As it stands in the document, what a reader sees, and what code it is if it is one."""

OPEN, CLOSE, ALONE = CodeKind.OPEN, CodeKind.CLOSE, CodeKind.STANDALONE

_TEXTS = st.lists(
    st.sampled_from(
        [
            *" \t\n\r\x85\u2028\u2029\xa0\u202f\u200b\ufeff.!?…\"“”'()-*<>aAéİ你。😀א\u0301",
            "One came. Two left. ",
            "word ",
            "{name}",
            "http://a.example/b. C",
            "a@b.example",
            "<g1>",
            "</g1>",
            "<x2/>",
        ]
    ),
    min_size=1,
    max_size=6,
).map("".join)

PARTS: st.SearchStrategy[list[Part]] = st.lists(
    st.one_of(
        _TEXTS.map(lambda text: (text, text, None)),
        st.sampled_from(
            [
                ("&lt;", "<", None),
                ("&nbsp;", "\xa0", None),
                ("&ldquo;", "“", None),
                ("&#8230;x", "A. B", None),
                ("\n> ", " ", None),
                ("&shy;", "", None),
                ("<b>", "", OPEN),
                ("</b>", "", CLOSE),
                ("[", "", OPEN),
                ("](u)", "", CLOSE),
                ("<br>", "\n", ALONE),
                ("<img>", "", ALONE),
                ("`make. Test`", "make. Test", ALONE),
            ]
        ),
    ),
    max_size=16,
)


def document_of(*blocks: Iterable[Part]) -> Document:
    """A document of these blocks with a line end, which is no part of them, after each."""
    text = ""
    made: list[Block] = []
    for parts in blocks:
        start = len(text)
        pieces: list[Piece] = []
        for raw, shown, kind in parts:
            at = len(text)
            if kind is not None:
                pieces.append(code_piece(at, raw, kind, shown))
            elif raw == shown:
                pieces.append(text_piece(at, raw))
            else:
                pieces.append(Piece(Span(at, at + len(raw)), shown))
            text += raw
        if pieces:
            whole = Span(start, len(text))
            made.append(
                Block(BlockKind.PARAGRAPH, whole, translatable=True, pieces=finished(pieces, text))
            )
        made.append(Block(BlockKind.SEPARATOR, Span(len(text), len(text) + 1), translatable=False))
        text += "\n"
    return Document("a.x", "a.x", "x", Locale("en"), "utf-8", text, tuple(made))


def parts(*written: str) -> list[Part]:
    """Parts in short: ``<b>`` and ``**`` open, ``</b>`` and ``~~`` close, `` `code` `` and
    ``<br>`` stand alone, ``&…;`` is an entity of one character, all else is text.
    """
    known: dict[str, Part] = {
        "**": ("**", "", OPEN),
        "~~": ("**", "", CLOSE),
        "<b>": ("<b>", "", OPEN),
        "</b>": ("</b>", "", CLOSE),
        "<i>": ("<i>", "", OPEN),
        "</i>": ("</i>", "", CLOSE),
        "<img>": ("<img>", "", ALONE),
        "<br>": ("<br>", "\n", ALONE),
        "&amp;": ("&amp;", "&", None),
        "\n> ": ("\n> ", " ", None),
    }
    return [
        (text, text.strip("`"), ALONE)
        if text.startswith("`")
        else known.get(text, (text, text, None))
        for text in written
    ]
