"""Labels: a few words without a sentence around them, which models know little of.

A model takes capitals for those of names and leaves ``Close Tab`` as it is, and a lone word
in lower case for the middle of something. So such a label is also translated as the
beginning of a sentence would be written, and the likelier translation is taken.
"""

from __future__ import annotations

import re
from typing import Final

_LONGEST: Final = 6
"""Words."""
_FEWEST_FOR_TITLE: Final = 2
_WORD: Final = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_CAPITALISED: Final = re.compile(r"[A-Z][a-z]+(?:['’][a-z]+)?")
_OPENING: Final = re.compile(r"\s*[(\[{]+$")
_REMARK: Final = re.compile(r"\s*\([^()<>]*\)?(\.?)$")
_BRACKETS: Final = "()[]{}"


def variants(text: str) -> tuple[str, ...]:
    """Other ways to write a label, of which a model may make more.

    >>> variants("Close Tab"), variants("directory"), variants("Close the tab.")
    (('Close tab',), ('Directory',), ())
    """
    words = list(_WORD.finditer(text))
    if not words or len(text.split()) > _LONGEST or text.rstrip().endswith((".", "!", "?")):
        return ()
    first, *others = words
    capitalised = [word for word in others if _CAPITALISED.fullmatch(word[0])]
    if _CAPITALISED.fullmatch(first[0]) and len(words) >= _FEWEST_FOR_TITLE and capitalised:
        lowered = list(text)
        for word in capitalised:
            lowered[word.start()] = lowered[word.start()].lower()
        return ("".join(lowered),)
    if first.start() == 0 and first[0].islower():
        return (text[0].upper() + text[1:],)
    return ()


def like_source(source: str, text: str) -> str:
    """A label's translation that begins with a capital where its source does, and not where
    it does not, and ends in no remark in brackets that the source has not: models are fond of
    them after what is no sentence.

    >>> like_source("directory", "Diretório"), like_source("Name", "nome (a)")
    ('diretório', 'Nome')
    """
    if "(" not in source and _REMARK.sub("", text):
        text = _REMARK.sub(r"\1", text)
    elif not _OPENING.search(source):
        text = _OPENING.sub("", text)
    begins, word = _WORD.match(source), _WORD.match(text)
    if begins is None or word is None:
        return text
    if begins[0][0].isupper() and word[0][0].islower():
        return text[0].upper() + text[1:]
    if begins[0].islower() and word[0].istitle():
        return text[0].lower() + text[1:]
    return text


def lost_brackets(source: str, text: str) -> str:
    """The brackets that a translation has not as often as its source; empty where it has."""
    return "".join(one for one in _BRACKETS if source.count(one) != text.count(one))
