"""Stretches of a text that stand in a translation as they are: addresses and placeholders.

Addresses are URLs with a scheme or ``www.``, and e-mail addresses. Placeholders are those of
printf (``%s``, ``%1$s``, ``%(name)s``, ``%%``), of Python, .NET, Rust and ICU (``{name}``,
``{0:.2f}``, ``{}``), of templates (``{{x}}``, ``{% if %}``), and of shells and scripts
(``${x}``, ``#{x}``, ``%{x}``).

A bare ``%`` is left alone: ``50%`` and ``%50`` are percentages.
"""

from __future__ import annotations

import re
from typing import Final

from l10n_pipeline.model import Span

# Scripts written without spaces: an address does not go on in them.
_UNSPACED: Final = (
    r"\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u2e80-\u33ff\u3400-\u9fff\ua960-\ua97f"
    r"\uac00-\ud7ff\uf900-\ufaff\ufe30-\ufe4f\uff00-\uffef"
)
_IN_ADDRESS: Final = (
    rf"[^\s\x00-\x20\x7f<>\"`|\\^\[\]«»\u200b-\u200f\u2010-\u203e\u2060-\u206f{_UNSPACED}]"
)
_IN_MAILBOX: Final = r"[A-Za-z0-9_.%+\-\u00c0-\u0dff\u1100-\u177f\u1800-\u1fff]"
_URL: Final = (
    r"(?<![A-Za-z0-9])(?:[A-Za-z][A-Za-z0-9+.\-]{1,15}://|(?i:www\.|mailto:))"
    rf"{_IN_ADDRESS}{{1,2048}}"
)
_MAIL: Final = (
    rf"(?<!{_IN_MAILBOX}){_IN_MAILBOX}{{1,64}}@"
    r"(?:[A-Za-z0-9\-\u00c0-\u024f]{1,63}\.){1,8}[A-Za-z]{2,24}(?![A-Za-z0-9\-])"
)
_NAMED: Final = (
    r"\{{2,3}[^{}\n]{1,200}\}{2,3}",
    r"\{%[^{}\n]{1,200}%\}",
    r"[$#%]\{[^{}\s][^{}\n]{0,200}\}",
    r"\{[\w.\-\[\]]{0,64}(?:![rsa])?(?::[^{}\s]{0,32})?\}",
)
_CONVERSION: Final = (
    r"(?:\d{1,2}\$)?[-+0#']{0,3}(?:\d{1,3}|\*)?(?:\.(?:\d{1,3}|\*))?(?:hh?|ll?|[Lqjzt])?"
)
# A unit may follow without a space ("%dpx"), but no word: "100 %sure" is none of printf's.
_PRINTF: Final = (
    rf"%\([\w.\-]{{1,64}}\){_CONVERSION}[A-Za-z]",
    rf"(?<![\d%])%{_CONVERSION}[diouxXeEfFgGcsaAp@](?![A-Za-z])",
    rf"(?<![\d%])%{_CONVERSION}[du](?=(?:px|ms|s|h|x|[kKMG]?i?B)(?![A-Za-z]))",
    "%%",
)
_HINTS: Final = ("@", "%", "{", "://", "www.", "mailto:")
_PROTECTED: Final = re.compile("|".join([f"(?P<url>{_URL})", _MAIL, *_NAMED, *_PRINTF]))
_TRAILING: Final = ".,;:!?'*_~"
_PAIRS: Final = {")": "(", "}": "{"}


def protected_spans(text: str) -> tuple[Span, ...]:
    """Where addresses and placeholders stand, in order and apart. Time grows with the length
    of the text, whatever it is.

    >>> text = "Ask {name} (see http://a.example/b_(c)), or mail a.b@c.example."
    >>> [span.of(text) for span in protected_spans(text)]
    ['{name}', 'http://a.example/b_(c)', 'a.b@c.example']
    """
    if not may_need_protection(text):
        return ()
    spans: list[Span] = []
    at = 0
    while found := _PROTECTED.search(text, at):
        start, end = found.span()
        if found["url"] is not None:
            end = _end_of_address(text, start, end)
        at = end
        spans.append(Span(start, end))
    return tuple(spans)


def may_need_protection(text: str) -> bool:
    """Whether there is anything in a text that every address or placeholder has; much quicker
    than to look for them.
    """
    lowered = text.lower()
    for hint in _HINTS:  # noqa: SIM110 - any() takes three times as long, and this is asked often
        if hint in lowered:
            return True
    return False


def _end_of_address(text: str, start: int, end: int) -> int:
    """Where an address ends without the sentence's punctuation after it."""
    inside = text[start:end]
    excess = {
        closing: inside.count(closing) - inside.count(opening)
        for closing, opening in _PAIRS.items()
    }
    least = start + 1
    while end > least:
        last = text[end - 1]
        if excess.get(last, 0) > 0:
            excess[last] -= 1
        elif last not in _TRAILING:
            break
        end -= 1
    return end
