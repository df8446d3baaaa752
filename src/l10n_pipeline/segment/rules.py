"""Our own say on where a sentence may end, beyond what the libraries propose.

Each rule names its reason. All but :func:`past_closing` only refuse.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from typing import Final

ABBREVIATIONS: Final[Mapping[str, tuple[str, ...]]] = {
    "az": ("akad.", "dos.", "küç.", "məs.", "prof."),
    "fr": ("Pr.",),
}
"""What the libraries' lists lack, by language: abbreviations that end no sentence."""

SENTENCE_STARTERS: Final[Mapping[str, frozenset[str]]] = {
    "en": frozenset(
        re.findall(
            r"\w+",
            """
            A After All Although An And As At Because Before But By During Each Even Every For
            From He Her His How However I If In It Its Many Meanwhile Most My No Not Now Of On
            One Our She Since So Some That The Their Then There These They This Those Through
            To Today Under Until We What When Where Whether Which While Who Why With Yet You
            Your
            """,
        )
    )
}
"""Closed-class words that begin sentences and hardly ever a proper name, by language."""

ORDINALS_WITH_FULL_STOP: Final = frozenset(
    re.findall(r"\w+", "bs cs da de et fi hr hu is lb lv nb nn no pl sk sl sr tr")
)
"""Languages that write "5." for "fifth": a short number there hardly ever ends a sentence,
but often precedes a capital: "5. Mai", "II. Dünya Savaşı"."""

_ALSO_WITHIN_SENTENCES: Final = frozenset(".!?…‼⁇⁈⁉")
_INITIALISM: Final = re.compile(r"(?<!\w)(?:[^\W\d_]\.){2,}\Z")
_JOINED_INITIALS: Final = re.compile(r"(?<!\w)[^\W\d_]\.-[^\W\d_]\.\Z")
_SINGLE_LETTER: Final = re.compile(r"(?<!\w)[^\W\d_]\.\Z")
_NEXT_SINGLE_LETTER: Final = re.compile(r"\s+[^\W\d_]\.")
_FIRST_WORD: Final = re.compile(r"\W*(\w*)")
_ORDINAL: Final = re.compile(r"(?<![\w.,:])(?:\d{1,3}|[IVX]+)\.\Z")
_CAPITALISED_ABBREVIATION: Final = re.compile(r"\s+[^\W\d_]{2,4}\.\s+\w")
_TRAILING: Final = frozenset({"Pe", "Pf", "Mn", "Me", "Mc", "Cf"})
"""Categories of closing punctuation and of what belongs to the character before."""
_CONTEXT: Final = 24
"""Code points of context that the expressions above may look at."""


def past_closing(text: str, at: int, opening: AbstractSet[int], closing: AbstractSet[int]) -> int:
    """Where a sentence ends that a library ended at ``at``: after the closing marks and
    brackets that follow at once, and after what belongs to the last character: combining
    marks, joiners, directional marks.

    Args:
        text: the text.
        at: an offset into it.
        opening: offsets of marks that open a pair.
        closing: offsets of marks that close one.
    """
    while at < len(text) and (at in closing or (at not in opening and _is_trailing(text[at]))):
        at += 1
    return at


def _is_trailing(character: str) -> bool:
    return character in "\"'" or unicodedata.category(character) in _TRAILING


def may_end(text: str, at: int, language: str) -> bool:
    """Whether a sentence may end before ``at``, in a text of this language."""
    last = _last_visible(text, at)
    if last < 0 or _lacks_terminator(text[last]):
        return False
    if text[last] not in _ALSO_WITHIN_SENTENCES:
        return True
    before = text[max(0, at - _CONTEXT) : at].rstrip()
    after = text[at : at + _CONTEXT]
    return not (
        _goes_on_in_lower_case(after)
        or _name_goes_on(before, after, language)
        or _number_of_something(before, after)
        or (language in ORDINALS_WITH_FULL_STOP and _ORDINAL.search(before))
    )


def _last_visible(text: str, at: int) -> int:
    """Offset of the last character before ``at`` that is no white space, closing mark,
    combining mark or emoji; -1 where there is none.
    """
    last = at - 1
    while last >= 0 and (
        text[last].isspace()
        or text[last] in "\"'“‘«‹"
        or unicodedata.category(text[last]) in _TRAILING | {"So", "Sk"}
    ):
        last -= 1
    return last


def _lacks_terminator(last: str) -> bool:
    """A sentence that others follow ends in a terminator.

    yasbd takes dashes in running text for the items of a list that lost its line breaks,
    and some rules end a sentence with a quotation that a comma follows. Scripts without
    case are exempt: Thai ends its sentences with a space.
    """
    return last in ",:،" or unicodedata.category(last) in ("Lu", "Ll", "Lt", "Nd", "Pd")


def _goes_on_in_lower_case(after: str) -> bool:
    """In scripts with case a sentence begins with a capital, so what follows an ambiguous
    terminator in lower case goes on: "approx. two", "“Why?” he asked", a stray full stop.

    That "iPhone" may begin a sentence is the price: such a sentence stays with the one
    before it. Georgian letters count as lower case but have no capitals to begin with.
    """
    first = next(filter(str.isalnum, after), "")
    return first.islower() and first.title() != first


def _name_goes_on(before: str, after: str, language: str) -> bool:
    """Initials go with what follows: "J.-C. Dupond", "a. C.", "U.S. Sen. Smith".

    A country's ("U.S. President Bush") may also end a sentence; where the language's
    commonest first words of sentences are listed, one of them must follow.
    """
    if _JOINED_INITIALS.search(before):
        return True
    if _SINGLE_LETTER.search(before) and _NEXT_SINGLE_LETTER.match(after):
        return True
    if not _INITIALISM.search(before):
        return False
    if _CAPITALISED_ABBREVIATION.match(after):
        return True
    word = _FIRST_WORD.match(after)
    starters = SENTENCE_STARTERS.get(language)
    return bool(starters and word and word[1].isalpha() and word[1] not in starters)


def _number_of_something(before: str, after: str) -> bool:
    """A single small letter before a number abbreviates what is numbered: "д. 5", "p. 5"."""
    letter = _SINGLE_LETTER.search(before)
    return letter is not None and letter[0].islower() and after.lstrip()[:1].isdecimal()
