r"""Stretches of a text that stand in a translation as they are: addresses, placeholders, and
what is said to a computer.

Addresses are URLs with a scheme or ``www.``, and e-mail addresses. Placeholders are those of
printf (``%s``, ``%1$s``, ``%(name)s``, ``%%``), of Python, .NET, Rust and ICU (``{name}``,
``{0:.2f}``, ``{}``), of templates (``{{x}}``, ``{% if %}``), and of shells and scripts
(``${x}``, ``#{x}``, ``%{x}``).

A bare ``%`` is left alone: ``50%`` and ``%50`` are percentages.

Said to a computer are paths (``C:\Users\ana``, ``/etc/fstab``, ``~/x``), files by the endings
that programs and data have (``setup.py``), options (``--force``), settings (``DEBUG=1``) and what
a backslash begins (``\alpha``, ``\n``).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
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
_IN_NAME: Final = r"[A-Za-z0-9_.+@%$\-\u00c0-\u024f]"
_IN_WINDOWS_NAME: Final = r"[^\s\\/:*?\"<>|«»“”„]"
_SLASHED: Final = rf"/(?:{_IN_NAME}{{1,255}}/){{1,64}}{_IN_NAME}{{0,255}}"
# A folder's name may go on after a space where a capital and another backslash follow.
_FOLDER: Final = rf"{_IN_WINDOWS_NAME}{{1,255}}(?: [A-Z(]{_IN_WINDOWS_NAME}{{0,64}}){{0,3}}\\"
_PATHS: Final = (
    rf"(?:[A-Za-z]:\\|\\\\(?=[A-Za-z0-9]))(?:{_FOLDER}){{0,64}}{_IN_WINDOWS_NAME}{{0,255}}",
    rf"(?<![/.:<~])(?:~|\.\.?)/(?:{_IN_NAME}{{1,255}}/?){{1,64}}",
    rf"(?<![/.:<)\]]){_SLASHED}",
)
_SUFFIX: Final = (
    r"\.(?:bat|cfg|conf|cpp|css|csv|dll|exe|gz|html?|ini|ipynb|jar|json|jsx|log|md|pdf|php|png|py"
    r"|rb|rs|sh|sql|svg|tar|tgz|toml|ts|tsx|txt|xml|ya?ml|zip)(?![\w/\-]|\.\w)"
)
_FILE: Final = rf"(?<![@/.\-])[A-Za-z0-9_][\w\-]{{0,63}}(?:[./][\w\-]{{1,64}}){{0,8}}{_SUFFIX}"
# At the beginning of a text two hyphens are somebody who goes on speaking.
_OPTION: Final = (
    r"(?<=[\s\"'“‘(\[|])--(?!(?:an?d?|but|for|he|if|in|is|it|not?|of|or|she|so|that|the|then|they|to"
    r"|we|which|who|you)(?![\w\-]))[a-z][a-z0-9]*(?:-[a-z0-9]+)*(?![\w\-'’])"
)
_DASHES: Final = re.compile(r"[\w,.!?]--|--\s")
"""Hyphens that somebody typed for a dash: what follows the next two may be a word."""
_SETTING: Final = (
    r"(?<![=.&?/\-])(?:--)?[A-Za-z_][\w.\-]{1,63}="
    r"(?:\"[^\"\n]{0,200}\"|[\w./:+%@$~\-]{1,200})(?![=\w])"
)
_BACKSLASHED: Final = r"\\[A-Za-z]{1,40}(?![A-Za-z])"
_HINTS: Final = ("@", "%", "{", "://", "www.", "mailto:")
_PROTECTED: Final = re.compile("|".join([f"(?P<url>{_URL})", _MAIL, *_NAMED, *_PRINTF]))
_TECHNICAL_HINTS: Final = ("\\", "=", "--")
# Each begins with one character, which a search is quick to find.
_IN_PATH: Final = re.compile(r"/(?:[^\s/]+/|(?<=[.~]/))")
_IN_FILE: Final = re.compile(_SUFFIX)
# Inside of a word one look back is enough for all but what a backslash begins.
_TECHNICAL: Final = re.compile(
    rf"(?<!\w)(?:(?P<path>{'|'.join(_PATHS)})|(?P<setting>{_SETTING})|(?P<option>{_OPTION})|{_FILE})"
    rf"|{_BACKSLASHED}"
)
_TRAILING: Final = ".,;:!?'*_~"
_PAIRS: Final = {")": "(", "}": "{"}


def protected_spans(text: str) -> tuple[Span, ...]:
    """Where addresses and placeholders stand, in order and apart. Time grows with the length
    of the text, whatever it is.

    >>> text = "Ask {name} (see http://a.example/b_(c)), or mail a.b@c.example."
    >>> [span.of(text) for span in protected_spans(text)]
    ['{name}', 'http://a.example/b_(c)', 'a.b@c.example']
    """
    lowered = text.lower()
    found = list(_addresses(text)) if _has_hint(lowered) else []
    if _has_technical_hint(lowered):
        found += _technical(text)
        found.sort(key=lambda span: (span.start, -span.end))
    spans: list[Span] = []
    for span in found:
        if not spans or span.start >= spans[-1].end:
            spans.append(span)
    return tuple(spans)


def may_need_protection(text: str) -> bool:
    """Whether there is anything in a text that all that is protected has; much quicker than to
    look for it.
    """
    lowered = text.lower()
    return _has_hint(lowered) or _has_technical_hint(lowered)


def _has_hint(lowered: str) -> bool:
    for hint in _HINTS:  # noqa: SIM110 - any() takes three times as long, and this is asked often
        if hint in lowered:
            return True
    return False


def _has_technical_hint(lowered: str) -> bool:
    for hint in _TECHNICAL_HINTS:
        if hint in lowered:
            return True
    if "/" in lowered and _IN_PATH.search(lowered):
        return True
    return _IN_FILE.search(lowered) is not None


def _addresses(text: str) -> Iterator[Span]:
    """Addresses and placeholders."""
    at = 0
    while found := _PROTECTED.search(text, at):
        start, end = found.span()
        if found["url"] is not None:
            end = _end_of_address(text, start, end)
        at = end
        yield Span(start, end)


def _technical(text: str) -> Iterator[Span]:
    """What is said to a computer."""
    dashes: bool | None = None
    at = 0
    while found := _TECHNICAL.search(text, at):
        start, end = found.span()
        at = end
        if found.lastgroup == "option":
            if dashes is None:
                dashes = _DASHES.search(text) is not None
            if dashes:
                continue
        elif found.lastgroup is not None:
            at = end = _end_of_address(text, start, end)
        yield Span(start, end)


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
