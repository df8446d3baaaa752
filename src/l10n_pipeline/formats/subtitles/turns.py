"""What one speaker says in one cue.

A turn begins with a cue, and within one with a line after ``>>``, with a dash (``- Who?``),
with a note (``♪ la la``), with a label in capitals (``JOHN:``), or where WebVTT names a voice.
A line in brackets (``[door opens]``) is a turn of its own. Dashes, ``>>`` and notes at a turn's
ends are not translated.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from l10n_pipeline.formats.subtitles.cues import Token, TokenKind, is_plain
from l10n_pipeline.model import Span

VOICE: Final = "v"
"""Name of the tag that names who speaks. A syntax is to say that it stands alone: it is no
part of the sentence."""

_NOTES: Final = "♩♪♫♬♭♯🎵🎶"
_MARKER: Final = re.compile(
    rf"\s*(?P<turn>>{{2,3}})?\s*(?P<dash>[-‐–—](?![-‐–—\d]))?\s*(?P<notes>[{_NOTES}]+)?\s*"
)
_LABEL: Final = re.compile(r"([^:\n]{2,30}):(?:\s|$)")
_BRACKETS: Final = {"[": "]", "(": ")", "［": "］", "（": "）", "【": "】"}
_MOST_BRACKETED: Final = 4
"""Lines that a description in brackets may have."""
_TIMESTAMP: Final = re.compile(r"\d[\d:]*$")
_PLACE: Final = re.compile(r"\\an?\d+")

_ENDS: Final = re.compile(r"([.!?…。！？｡؟।॥։‽\u037e]+)([\"'”’»›)\]）」』】]*)\s*$")
_DOTS: Final = ("…", "..")
_TAIL: Final = 40
"""Code points at the end of a text in which its last punctuation is looked for."""


@dataclass(frozen=True, slots=True)
class Turn:
    """A stretch of a cue's text that one speaker says."""

    cue: int
    """Index of its cue."""
    tokens: tuple[Token, ...]
    """Text or one of a pair of tags at both ends; every pair whole. None where it has no
    letter and no digit."""
    pairs: dict[int, int]
    """Of each pair, the index of the tag that opens it by that of the tag that closes it."""
    text: str
    """As it is shown."""
    voice: str
    """The tag that names the speaker; empty for most."""
    place: str
    r"""Where on the screen its cue stands, as ``{\an8}`` says; empty for most."""
    begins: bool
    """Whether it cannot go on from the cue before."""
    ends: bool
    """Whether it cannot go on in the next cue."""


@dataclass(slots=True)
class _Row:
    """One line, or the part of one with one voice."""

    tokens: list[Token]
    line_break: Token | None
    """What stands before it."""
    voice: str = ""

    @property
    def shown(self) -> str:
        return "".join(token.shown for token in self.tokens)


@dataclass(slots=True)
class _Draft:
    """A turn in the making."""

    rows: list[_Row]
    marker: int
    """Code points shown at its beginning that stay outside."""
    begins: bool
    is_description: bool = False


def ends_sentence(text: str, following: str) -> bool:
    """Whether a sentence ends with this text, given what is shown next.

    >>> ends_sentence("So I said...", "nothing."), ends_sentence("That was it.", "Now")
    (False, True)
    """
    found = _ENDS.search(text[-_TAIL:])
    if not found:
        return False
    goes_on = following.lstrip()
    if goes_on[:1].islower():
        # After plain dots, or after a quotation: “Who?” he asked.
        return not (found[1].startswith(_DOTS) or found[2])
    return not (found[1].startswith(_DOTS) and goes_on.startswith(_DOTS))


def turns_of(text: str, cue: int, tokens: Sequence[Token]) -> Iterator[Turn]:
    """The turns of one cue, in order.

    Args:
        text: the document's.
        cue: index of the cue.
        tokens: all of the cue's.
    """
    overrides = (token.span.of(text) for token in tokens if token.kind is TokenKind.ALONE)
    place = next((found[0] for raw in overrides if (found := _PLACE.search(raw))), "")
    is_timed = any(_TIMESTAMP.match(token.name) for token in tokens)
    for draft in _divided(list(_rows(text, tokens))):
        inside, ends_in_notes = _without_notes(_joined(draft))
        matched, pairs = _trimmed(*_matched(inside))
        shown = "".join(token.shown for token in matched)
        has_text = any(
            any(map(str.isalnum, token.shown)) for token in matched if token.kind is TokenKind.TEXT
        )
        yield Turn(
            cue,
            tuple(matched) if has_text else (),
            pairs,
            shown,
            voice=draft.rows[0].voice,
            place=place,
            # Text that appears word by word has to stay in its cue.
            begins=draft.begins or draft.is_description or is_timed,
            ends=ends_in_notes or draft.is_description or is_timed,
        )


def _rows(text: str, tokens: Sequence[Token]) -> Iterator[_Row]:
    row = _Row([], None)
    for token in tokens:
        names_voice = token.name == VOICE and not token.span.of(text).startswith("</")
        if token.kind is TokenKind.BREAK or (names_voice and row.shown.strip()):
            yield row
            row = _Row([], token if token.kind is TokenKind.BREAK else None)
        if names_voice:
            row.voice = token.span.of(text)
        if token.kind is not TokenKind.BREAK:
            row.tokens.append(token)
    yield row


def _divided(rows: Sequence[_Row]) -> list[_Draft]:
    drafts: list[_Draft] = []
    marker = _marker(rows[0].shown)
    dialogue = bool(marker["dash"])
    described = 0
    before = ""
    for at, row in enumerate(rows):
        shown = row.shown
        if at < described:
            drafts[-1].rows.append(row)
            before = shown
            continue
        marker = _marker(shown)
        has_marker = any(marker.groups())
        rest = shown[marker.end() :] if has_marker else shown
        label = _LABEL.match(rest)
        is_labelled = label is not None and label[1].isupper()
        complete = ends_sentence(before, rest)
        described = _end_of_description(rows, at, rest, certain=at == 0 or complete)
        is_mark = bool(marker["turn"] or marker["notes"] or is_labelled)
        begins = is_mark or bool(marker["dash"] and (at == 0 or dialogue or complete))
        if (
            at == 0
            or begins
            or row.voice
            or described
            or drafts[-1].is_description
            or before.rstrip().endswith(tuple(_NOTES))
        ):
            width = marker.end() if has_marker and begins else 0
            drafts.append(_Draft([row], width, begins, is_description=bool(described)))
        else:
            drafts[-1].rows.append(row)
        before = shown
    return drafts


def _marker(shown: str) -> re.Match[str]:
    found = _MARKER.match(shown)
    assert found is not None  # every part is optional
    return found


def _end_of_description(rows: Sequence[_Row], at: int, shown: str, *, certain: bool) -> int:
    """The index after the last line of a description in brackets that begins here; 0 where
    none does. Round brackets within a sentence may be the sentence's own.
    """
    opening = shown.lstrip()[:1]
    if opening not in _BRACKETS or not (certain or opening == "["):
        return 0
    closing = _BRACKETS[opening]
    for end in range(at, min(at + _MOST_BRACKETED, len(rows))):
        line = (shown if end == at else rows[end].shown).rstrip()
        if closing in line:
            return end + 1 if line.index(closing) == len(line) - 1 else 0
    return 0


def _joined(draft: _Draft) -> list[Token]:
    tokens: list[Token] = []
    for at, row in enumerate(draft.rows):
        if at and row.line_break:
            tokens.append(row.line_break)
        tokens += row.tokens
    return _after(tokens, draft.marker)


def _after(tokens: Sequence[Token], length: int) -> list[Token]:
    """The tokens without the first code points shown, and without the tags among them."""
    at = 0
    while length > 0 and at < len(tokens):
        token = tokens[at]
        if is_plain(token) and len(token.shown) > length:
            cut = token.span.start + length
            left = Span(cut, token.span.end)
            return [replace(token, span=left, shown=token.shown[length:]), *tokens[at + 1 :]]
        length -= len(token.shown)
        at += 1
    return list(tokens[at:])


def _without_notes(tokens: list[Token]) -> tuple[list[Token], bool]:
    """The tokens without notes at their end, and whether there were any."""
    shown = "".join(token.shown for token in tokens)
    kept = shown.rstrip().rstrip(_NOTES)
    if len(kept) == len(shown.rstrip()):
        return tokens, False
    length = len(kept.rstrip())
    left: list[Token] = []
    for token in tokens:
        if length <= 0:
            break
        if len(token.shown) > length and is_plain(token):
            end = Span(token.span.start, token.span.start + length)
            left.append(replace(token, span=end, shown=token.shown[:length]))
        else:
            left.append(token)
        length -= len(token.shown)
    return left, True


def _matched(tokens: Sequence[Token]) -> tuple[list[Token], dict[int, int]]:
    """The tokens with tags that have no other half standing alone, and the pairs: the index
    of the tag that opens by that of the tag that closes.
    """
    pairs: dict[int, int] = {}
    begun: list[int] = []
    names: dict[str, int] = {}
    for at, token in enumerate(tokens):
        if token.kind is TokenKind.OPEN:
            begun.append(at)
            names[token.name] = names.get(token.name, 0) + 1
        elif token.kind is TokenKind.CLOSE and names.get(token.name):
            while True:
                opened = begun.pop()
                names[tokens[opened].name] -= 1
                if tokens[opened].name == token.name:
                    break
            pairs[at] = opened
    paired = pairs.keys() | set(pairs.values())
    lone = (TokenKind.OPEN, TokenKind.CLOSE)
    return [
        replace(token, kind=TokenKind.ALONE) if token.kind in lone and at not in paired else token
        for at, token in enumerate(tokens)
    ], pairs


def _trimmed(tokens: list[Token], pairs: dict[int, int]) -> tuple[list[Token], dict[int, int]]:
    """Without white space and lone tags at the ends."""
    start, end = 0, len(tokens)
    while start < end and _is_void(tokens[start]):
        start += 1
    while end > start and _is_void(tokens[end - 1]):
        end -= 1
    kept = tokens[start:end]
    if kept and is_plain(kept[0]):
        kept = _after(kept, len(kept[0].shown) - len(kept[0].shown.lstrip()))
    if kept and is_plain(kept[-1]):
        text = kept[-1].shown.rstrip()
        first = kept[-1].span.start
        kept[-1] = replace(kept[-1], span=Span(first, first + len(text)), shown=text)
    return kept, {close - start: opened - start for close, opened in pairs.items()}


def _is_void(token: Token) -> bool:
    return token.kind not in (TokenKind.OPEN, TokenKind.CLOSE) and not token.shown.strip()
