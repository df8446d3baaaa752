r"""Placeholders in a program's messages: where they stand, and whether a translation has them.

Which notation a message uses is said by its flags (``c-format``, ``python-brace-format``), as
the gettext manual lists them; a message without such a flag may use any of the common ones. A
placeholder without a number or a name takes the next argument, so that the order of those must
not change, except where they can be numbered afterwards (``%2$s``). What a message without a
flag has may be a placeholder, and may be text: nobody but the program knows.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from l10n_pipeline import messageformat
from l10n_pipeline.model import Span

_TEMPLATES: Final = (
    r"\{{2,3}[^{}\n]{1,200}\}{2,3}|\{%[^{}\n]{1,200}%\}|[#%]\{[^{}\s][^{}\n]{0,200}\}"
)
_IN_DOLLARS: Final = r"\$\{[^{}\s][^{}\n]{0,200}\}"
_NAMED: Final = (
    r"%\((?P<name>[\w.\-]{1,64})\)[-+0#']{0,3}\d{0,3}(?:\.\d{1,3})?[hlL]?(?P<kind>[A-Za-z])"
)
_BRACE: Final = (
    r"\{(?P<field>[^\W\d][\w.\-\[\]]{0,64}|\d{1,3}[\w.\-\[\]]{0,64}|)"
    r"(?:[!,][^{}:\n]{0,64})?(?::(?:[^{}\n]|\{[^{}\n]{0,32}\}){0,64})?\}"
)
_WIDTH: Final = r"[-+ #0'I]{0,6}(?P<star>\*)?\d{0,4}(?:\.(?P<dot>\*)?\d{0,4})?"
_C: Final = (
    rf"%(?P<number>\d{{1,3}}\$)?{_WIDTH}"
    r"(?P<type>(?:hh|h|ll|l|L|q|j|z|t)?[diouxXeEfFgGaAcCsSpnm@]|<PRI[A-Za-z0-9]{1,16}>)"
)
_PYTHON: Final = rf"%(?:\((?P<name>[^()\n]{{1,64}})\))?{_WIDTH}[hlL]?(?P<type>[diouxXeEfFgGcrsa])"
_QT: Final = r"%L?(?P<number>\d{1,2}|n)"
_BOOST: Final = r"%(?P<place>\d{1,2})%"
_SHELL: Final = r"\$(?P<name>[A-Za-z_]\w{0,64}|\{[A-Za-z_]\w{0,64}\})"
# As everywhere: a bare "%" followed by a space or a word is a percentage.
_LOOSE: Final = (
    r"(?<![\d%])%(?P<number>\d{1,2}\$)?[-+0#']{0,3}(?:\d{1,3}|(?P<star>\*))?(?:\.\d{1,3})?"
    r"(?P<type>(?:hh?|ll?|[Lqjzt])?[diouxXeEfFgGcsaAp@])(?![A-Za-z])"
)
# LibreOffice's and others', where no flag tells of them; "%50" is a percentage.
_PLACE: Final = r"(?<![\w%])%(?P<place>[1-9]|1\d)(?![\w%$]|[.,]\d)"
# Java's MessageFormat: a single apostrophe begins a quotation, which ends at the next or never.
_QUOTED: Final = r"'(?:[^']|'')+(?:'|\Z)"
_NAMES_OF_ARGUMENT: Final = ("number", "name", "field", "place")


@dataclass(frozen=True, slots=True)
class _Notation:
    """How placeholders are written in some language."""

    pattern: str
    escapes: tuple[tuple[str, str], ...] = ()
    """Characters and how they are written where they are themselves."""
    renumbered: str = ""
    """How one that takes the next argument begins with that argument's number; empty where
    it cannot be written so."""
    quoted: str = ""
    """Matches stretches between quotes, in which nothing is a placeholder."""


_PERCENT: Final = (("%", "%%"),)
_BRACES: Final = (("{", "{{"), ("}", "}}"))
_PRINTF: Final = _Notation(_C, _PERCENT, "%%%d$")
_OF_FLAG: Final[Mapping[str, _Notation]] = {
    **dict.fromkeys(
        ("c", "objc", "gcc-internal", "gfc-internal", "php", "java-printf", "lua", "perl", "awk",
         "tcl", "object-pascal", "javascript"),
        _PRINTF,
    ),
    "lua": _Notation(_C, _PERCENT),
    "python": _Notation(_PYTHON, _PERCENT),
    **dict.fromkeys(
        ("python-brace", "c++", "csharp", "rust"), _Notation(_BRACE, _BRACES, "{%d")
    ),
    "perl-brace": _Notation(_BRACE),
    "java": _Notation(_BRACE, (("'", "''"),), quoted=_QUOTED),
    **dict.fromkeys(("qt", "qt-plural", "kde", "kde-kuit", "ycp"), _Notation(_QT)),
    "boost": _Notation(f"{_BOOST}|{_C}", _PERCENT),
    "sh": _Notation(_SHELL),
}  # fmt: skip
_SUFFIX: Final = "-format"
_NOT: Final = "no-"
_OF_BRACES: Final = frozenset({"python-brace", "perl-brace", "c++", "csharp", "rust", "java"})
_OF_SHELL: Final = frozenset({"sh"})
_TYPES: Final = {
    **dict.fromkeys("di", "d"), **dict.fromkeys("ouxX", "u"),
    **dict.fromkeys("eEfFgGaA", "f"), **dict.fromkeys("rs", "s"),
}  # fmt: skip
_COUNTS: Final = re.compile(
    r"(?:[a-z]+_)*(?:n|nb|nr|no|num|number|count|counter|total|amount|quantity|len|length|size)"
    r"(?:_[a-z]+)*|[a-z_]*(?:count|number|total)|(?:num_?|n_)[a-z_]+",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Placeholder:
    """A stretch of a message that the program replaces."""

    span: Span
    text: str
    """As it is written."""
    argument: str
    """What it stands for: an argument's name, or its number."""
    type: str = ""
    """What it makes of the argument, where that tells its kind: ``d``, ``lu``, ``s``."""
    ordered: bool = False
    """Whether it takes the next argument, whichever that is."""
    renumbered: str = ""
    """The same with its argument's number; empty where it cannot be so written."""

    @property
    def is_number(self) -> bool:
        """Whether it is evidently made for an integer."""
        return self.type[-1:] in ("d", "u") or self.type.startswith("<PRI") or self.text == "%n"

    @property
    def may_count(self) -> bool:
        """Whether its name or type lets it be how many of something there are."""
        return self.is_number or _COUNTS.fullmatch(self.argument.strip("#$%{} ")) is not None


def placeholders(text: str, flags: Collection[str] = ()) -> tuple[Placeholder, ...]:
    """The placeholders of a message, in order.

    >>> [found.text for found in placeholders("%d%% of %s", ["c-format"])]
    ['%d', '%s']
    >>> [found.argument for found in placeholders("{count} of {}")]
    ['count', '0']

    Args:
        text: the msgid or the msgstr.
        flags: the message's.
    """
    notations = _notations(flags)
    found: list[Placeholder] = []
    upcoming = dict.fromkeys(range(len(notations)), 0)
    for match in _pattern(notations).finditer(text):
        for at, notation in enumerate(notations):
            if match[f"_{at}"] is not None:
                found.append(_read(match, at, notation, upcoming))
    return tuple(found)


def escapes(flags: Collection[str] = ()) -> tuple[tuple[str, str], ...]:
    """Characters that are written otherwise between placeholders, and how.

    >>> escapes(["c-format"])
    (('%', '%%'),)
    """
    return tuple(pair for notation in _notations(flags) for pair in notation.escapes)


def escaped(text: str, flags: Collection[str] = ()) -> str:
    """Text as it stands between placeholders.

    >>> escaped("100%", ["c-format"])
    '100%%'
    """
    for character, written in escapes(flags):
        text = text.replace(character, written)
    return text


def are_stated(text: str, flags: Collection[str] = ()) -> bool:
    """Whether it is said, and no guess, what a message's placeholders are: by its flags, or by
    a choice between texts, which is nothing else.

    >>> are_stated("{name}", ["python-brace-format"]), are_stated("{name}")
    (True, False)
    """
    return bool(_stated(flags)) or chooses(text, flags)


def chooses(text: str, flags: Collection[str] = ()) -> bool:
    """Whether a message chooses between texts: :mod:`l10n_pipeline.messageformat`."""
    return all(one.quoted for one in _stated(flags)) and messageformat.chooses(text)


def quotations(text: str, flags: Collection[str] = ()) -> tuple[Span, ...]:
    """Braces that are quoted so that they are no placeholder, with their quotes.

    >>> text = "Write '{'0'}' for {0}"
    >>> [span.of(text) for span in quotations(text, ["java-format"])]
    ["'{'", "'}'"]
    """
    return tuple(
        Span(*match.span())
        for match in _pattern(_notations(flags)).finditer(text)
        if match["quoted"] and match["quoted"].strip("'{}0123456789") == ""
    )


def faults(source: str, target: str, flags: Collection[str] = ()) -> tuple[str, ...]:
    """Why a program could not use a translation, in words for a reviewer.

    >>> faults("%s in %d", "%d em %s", ["c-format"])
    ('%d and %s are in another order: write %2$d and %1$s',)

    Args:
        source: the msgid.
        target: the msgstr.
        flags: the message's.
    """
    return tuple(dict.fromkeys(_faults(source, target, flags)))


def _faults(source: str, target: str, flags: Collection[str]) -> Iterator[str]:
    if chooses(source, flags):
        yield from messageformat.faults(source, target)
        return
    if _swallows(target, flags) and not _swallows(source, flags):
        yield "a single ' is taken for a quote: write ''"
    wanted, found = placeholders(source, flags), placeholders(target, flags)
    if reordered := _reordered(wanted, found):
        yield reordered
        return
    ours = {one.argument: one for one in reversed(wanted)}
    theirs = {one.argument: one for one in reversed(found)}
    if len({one.ordered for one in found}) > len({one.ordered for one in wanted}):
        yield "placeholders with and without a number stand side by side"
    for argument, one in ours.items():
        other = theirs.get(argument)
        if other is None:
            yield f"{one.text} is missing"
        elif one.type != other.type:
            yield f"{other.text} stands where {one.text} is expected"
    if gap := _gap(found, flags):
        yield gap
    yield from (
        f"{one.text} is not in the source"
        for argument, one in theirs.items()
        if argument not in ours
    )


def _swallows(text: str, flags: Collection[str]) -> bool:
    """Whether an apostrophe in it begins a quotation that quotes no braces alone."""
    quotes = sum(bool(match["quoted"]) for match in _pattern(_notations(flags)).finditer(text))
    return quotes > len(quotations(text, flags))


def _gap(found: Sequence[Placeholder], flags: Collection[str]) -> str:
    """What to say of numbered arguments with one left out, whose size C cannot know."""
    numbers = {int(one.argument) for one in found if "$" in one.text and one.argument.isdigit()}
    if not numbers or _PRINTF not in _notations(flags):
        return ""
    missing = set(range(1, max(numbers))) - numbers
    return f"it refers to argument {max(numbers)} but not to {min(missing)}" if missing else ""


def _reordered(wanted: Sequence[Placeholder], found: Sequence[Placeholder]) -> str:
    """What to say of placeholders that take the next argument in another order."""
    ours = [one for one in wanted if one.ordered]
    theirs = [one for one in found if one.ordered]
    types = [[one.type for one in side] for side in (ours, theirs)]
    if types[0] == types[1] or sorted(types[0]) != sorted(types[1]):
        return ""
    left = list(ours)
    told: list[str] = []
    for one in theirs:
        own = next(other for other in left if other.type == one.type)
        left.remove(own)
        told.append(own.renumbered)
    texts = " and ".join(one.text for one in theirs)
    advice = f": write {' and '.join(told)}" if all(told) else ""
    return f"{texts} are in another order{advice}"


def _read(
    match: re.Match[str], at: int, notation: _Notation, upcoming: dict[int, int]
) -> Placeholder:
    groups = match.groupdict()

    def group(name: str) -> str:
        return groups.get(f"_{at}{name}") or ""

    span, text = Span(*match.span()), match[0]
    if group("whole"):
        return Placeholder(span, text, text)
    kind = _type(group("type") or group("kind"))
    stated = next(filter(None, map(group, _NAMES_OF_ARGUMENT)), "").rstrip("$").strip("{}")
    if stated:
        return Placeholder(span, text, stated, kind)
    widths = bool(group("star")) + bool(group("dot"))
    argument = upcoming[at] + widths + (0 if text.startswith("{") else 1)
    upcoming[at] += widths + 1
    can = notation.renumbered and not widths
    renumbered = f"{notation.renumbered % argument}{text[1:]}" if can else ""
    return Placeholder(span, text, str(argument), kind, ordered=True, renumbered=renumbered)


def _type(conversion: str) -> str:
    """A conversion without what does not tell the argument's type."""
    last = conversion[-1:]
    return conversion[:-1] + _TYPES.get(last, last)


def _notations(flags: Collection[str]) -> tuple[_Notation, ...]:
    if stated := _stated(flags):
        return stated
    return (_guessed(frozenset(name for name in _names(flags) if name.startswith(_NOT))),)


def _stated(flags: Collection[str]) -> tuple[_Notation, ...]:
    return tuple(dict.fromkeys(_OF_FLAG[name] for name in _names(flags) if name in _OF_FLAG))


def _names(flags: Collection[str]) -> Iterator[str]:
    return (flag.removesuffix(_SUFFIX) for flag in flags if flag.endswith(_SUFFIX))


@lru_cache(maxsize=64)
def _guessed(denied: frozenset[str]) -> _Notation:
    """Any of the common notations but those that flags such as ``no-c-format`` rule out."""
    names = {name.removeprefix(_NOT) for name in denied}
    no_braces, no_shell = names & _OF_BRACES, names & _OF_SHELL
    no_percent = names - _OF_BRACES - _OF_SHELL
    whole = _TEMPLATES if no_shell else f"{_TEMPLATES}|{_IN_DOLLARS}"
    parts = [f"(?P<whole>{whole})"]
    if "python" not in names:
        parts.append(_NAMED)
    if not no_percent:
        parts += (_LOOSE, _PLACE)
    if not no_braces:
        parts.append(rf"(?<!\$){_BRACE}")
    return _Notation("|".join(parts))


@lru_cache(maxsize=64)
def _pattern(notations: tuple[_Notation, ...]) -> re.Pattern[str]:
    """Escapes; in the group ``quoted`` quotations; or in a group ``_0``, ``_1`` … what each
    notation matches.
    """
    escapes = dict.fromkeys(re.escape(pair[1]) for one in notations for pair in one.escapes)
    quoted = "|".join(one.quoted for one in notations if one.quoted) or "(?!)"
    either = [
        f"(?P<_{at}>{one.pattern.replace('(?P<', f'(?P<_{at}')})"
        for at, one in enumerate(notations)
    ]
    return re.compile("|".join([*escapes, f"(?P<quoted>{quoted})", *either]))
