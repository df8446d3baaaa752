"""What there is to know of HTML's elements for dividing a page into blocks.

Sources: WHATWG HTML, "Optional tags", "Parsing main HTML syntax" (scopes, special and
formatting elements, what closes what), "Translatability" (attributes).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from typing import Final, Literal

from l10n_pipeline.model import BlockKind

Content = Literal["markup", "nothing", "raw text", "title"]
"""What an element can have in it; a title has text with character references."""


@dataclass(frozen=True, slots=True)
class Element:
    """An element's nature."""

    block: bool = False
    """Whether it ends the text before it."""
    content: Content = "markup"
    kind: BlockKind | None = None
    """Kind of the text in it; None where it is that of the text around it."""
    detail: str = ""
    translated: bool | None = None
    """What holds where no attribute says whether to translate it; None: what holds around it."""
    foreign: bool = False
    """Whether it begins SVG or MathML."""
    formatting: bool = False
    """Whether its end tag closes it even if a block has been opened in it."""
    bounds: tuple[str, ...] = ()
    """The scopes that it bounds."""
    scope: str = ""
    """The scope in which its end tag finds it."""
    closes: tuple[tuple[tuple[str, ...], str], ...] = ()
    """Elements that its start tag closes, with the scope in which it finds them."""


INLINE: Final = Element()
"""What nothing else is known of."""

DEFAULT: Final = "default"
BUTTON: Final = "button"
LIST: Final = "list"
TABLE: Final = "table"
SPECIAL: Final = "special"
"""Within the innermost block."""
ITEM: Final = "item"
"""Within the innermost block that is no mere paragraph: between the items of a list."""
PAGE: Final = "page"
"""Nothing bounds it."""
SCOPES: Final = (DEFAULT, BUTTON, LIST, TABLE, SPECIAL, ITEM, PAGE)

_CELLS: Final = ("td", "th")
_ROWS: Final = (*_CELLS, "tr", "caption", "colgroup")
_SECTIONS: Final = (*_ROWS, "tbody", "thead", "tfoot")
_HEADINGS: Final = tuple(f"h{level}" for level in range(1, 7))
_P: Final = ((("p",), BUTTON),)
_EVERYWHERE: Final = (DEFAULT, BUTTON, LIST)


def _block(
    kind: BlockKind | None = BlockKind.PARAGRAPH,
    *,
    bounds: tuple[str, ...] = (),
    item: bool = True,
    closes: tuple[tuple[tuple[str, ...], str], ...] = _P,
    scope: str = DEFAULT,
    detail: str = "",
    translated: bool | None = None,
) -> Element:
    special = (SPECIAL, ITEM) if item else (SPECIAL,)
    return Element(
        block=True,
        kind=kind,
        bounds=(*special, *bounds),
        closes=closes,
        scope=scope,
        detail=detail,
        translated=translated,
    )


def _names(names: str) -> tuple[str, ...]:
    return tuple(names.split())


def _flow() -> Iterator[tuple[str, Element]]:
    for name in _names(
        "article aside center details dialog dir dl fieldset figure footer form header hgroup "
        "main menu nav search section"
    ):
        yield name, _block()
    for name in ("ol", "ul"):
        yield name, _block(bounds=(LIST,))
    for name in ("div", "address"):
        yield name, _block(None, item=False)
    yield "p", _block(None, item=False, scope=BUTTON)
    yield "blockquote", _block(BlockKind.QUOTATION)
    yield "figcaption", _block(BlockKind.CAPTION)
    yield "summary", _block(BlockKind.LABEL)
    for level, name in enumerate(_HEADINGS, 1):
        yield (
            name,
            _block(BlockKind.HEADING, closes=(*_P, (_HEADINGS, SPECIAL)), detail=f"level {level}"),
        )
    for name in ("pre", "listing"):
        yield name, _block(translated=False)
    yield "li", _block(BlockKind.LIST_ITEM, closes=((("li",), ITEM), *_P), scope=LIST)
    for name in ("dt", "dd"):
        yield name, _block(BlockKind.LIST_ITEM, closes=((("dt", "dd"), ITEM), *_P))


def _table() -> Iterator[tuple[str, Element]]:
    yield "table", _block(bounds=(*_EVERYWHERE, TABLE), scope=TABLE)
    for name in _CELLS:
        yield (
            name,
            _block(
                BlockKind.TABLE_CELL,
                bounds=_EVERYWHERE,
                closes=((_CELLS, TABLE),),
                scope=TABLE,
            ),
        )
    yield (
        "caption",
        _block(BlockKind.CAPTION, bounds=_EVERYWHERE, closes=((_SECTIONS, TABLE),), scope=TABLE),
    )
    yield "tr", _block(closes=((_ROWS, TABLE),), scope=TABLE)
    for name in ("tbody", "thead", "tfoot", "colgroup"):
        yield name, _block(closes=((_SECTIONS, TABLE),), scope=TABLE)


def _page_and_controls() -> Iterator[tuple[str, Element]]:
    for name in ("html", "template"):
        yield name, _block(bounds=(*_EVERYWHERE, TABLE), closes=(), scope=PAGE)
    yield "head", _block(closes=())
    yield "body", _block(closes=((("head",), DEFAULT),))
    for name in _names("frameset noscript video audio canvas map datalist"):
        yield name, _block(None, closes=())
    yield "select", _block(None, closes=((("select",), DEFAULT),))
    for name in ("object", "applet", "marquee"):
        yield name, _block(None, bounds=_EVERYWHERE, closes=())
    yield (
        "button",
        _block(BlockKind.LABEL, bounds=(BUTTON,), closes=((("button",), DEFAULT),)),
    )
    yield "legend", _block(BlockKind.LABEL, closes=())
    yield "option", _block(BlockKind.LABEL, closes=((("option",), ITEM),))
    yield "optgroup", _block(closes=((("option", "optgroup"), ITEM),))


def _without_markup() -> Iterator[tuple[str, Element]]:
    for name in _names("col source track param frame area base basefont"):
        yield name, Element(block=True, content="nothing")
    yield "hr", Element(block=True, content="nothing", closes=_P)
    for name in _names("br img wbr input embed link meta bgsound keygen"):
        yield name, Element(content="nothing")
    for name in _names("script style iframe noembed textarea"):
        yield name, Element(content="raw text")
    for name in _names("xmp plaintext noframes"):
        yield name, Element(block=True, content="raw text")
    yield "title", Element(block=True, content="title", kind=BlockKind.TITLE)


def _inline() -> Iterator[tuple[str, Element]]:
    for name in ("kbd", "samp", "var"):
        yield name, Element(translated=False)
    for name in ("code", "tt"):
        yield name, Element(translated=False, formatting=True)
    for name in _names("a b big em font i nobr s small strike strong u"):
        yield name, Element(formatting=True)
    for name in ("svg", "math"):
        yield name, Element(translated=False, foreign=True)


ELEMENTS: Final = dict(chain(_flow(), _table(), _page_and_controls(), _without_markup(), _inline()))
"""By lower-case name."""

HTML_IN_FOREIGN: Final = frozenset(
    _names("foreignobject desc title mi mo mn ms mtext annotation-xml")
)
"""Elements of SVG and MathML that can have HTML in them."""

ENDS_FOREIGN: Final = frozenset(
    _names(
        "b big blockquote body br center code dd div dl dt em embed h1 h2 h3 h4 h5 h6 head hr i "
        "img li listing menu meta nobr ol p pre ruby s small span strong strike sub sup table tt "
        "u ul var"
    )
)
"""Elements of HTML whose start tag ends SVG and MathML."""

SAME_END: Final = dict.fromkeys(_HEADINGS, _HEADINGS)
"""What else an end tag ends: any heading's ends any heading."""


# --- attributes -------------------------------------------------------------------------

TEXT_ATTRIBUTES: Final = {
    "alt": BlockKind.ALT_TEXT,
    "title": BlockKind.TITLE,
    "placeholder": BlockKind.LABEL,
    "label": BlockKind.LABEL,
    "abbr": BlockKind.LABEL,
    "aria-label": BlockKind.LABEL,
    "aria-description": BlockKind.LABEL,
    "aria-placeholder": BlockKind.LABEL,
    "aria-roledescription": BlockKind.LABEL,
    "aria-valuetext": BlockKind.LABEL,
}
"""Attributes that a reader sees or hears."""

ONLY_IN: Final = {"label": ("optgroup", "option", "track"), "abbr": ("th",)}
"""Those of these that only some elements have."""

BUTTON_TYPES: Final = frozenset(("button", "reset", "submit"))
"""Kinds of ``input`` whose ``value`` a reader sees."""

TEXT_METADATA: Final = frozenset(
    (
        "description",
        "og:title",
        "og:description",
        "og:image:alt",
        "twitter:title",
        "twitter:description",
        "twitter:image:alt",
    )
)
"""Names of ``meta`` whose ``content`` is text."""
