"""The machine's lines among an entry's ``# `` comments.

Translator comments are the one place that msgmerge, msgcat, Poedit and Weblate all
keep, so what must survive a reviewer's tools is written there::

    # l10n-mt: enpt-1693087644/f32 score=-0.21 source=… text=… terms=…
    # l10n-tm: memory/old.tmx match=repaired 92% source=… text=… terms=…
    # l10n-direction: - source=… text=…
    # l10n-accepted: source=… text=…
    # l10n-suggest: Vendemos 36 carros. [mt; source=… terms=…]
    # l10n-term: Ričardas Lapaitis → Ričardas Lapaitis [swapped; from "Riardas Lapaitis"]
    # l10n-finding: numbers: 1275 is missing
    # l10n-finding: repetition (warning): "e tal" stands there three times

A reviewer's directions to the machine are written there, too::

    # l10n-lock
    # l10n-keep: a trade mark
    # l10n-use: Nós já!

Every other line is a human's, and so is a ``l10n-`` line that cannot be understood:
both are kept verbatim. Lines that a tool has wrapped are put together again.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final
from urllib.parse import unquote

from l10n_pipeline.model import (
    Acceptance,
    Diagnostic,
    Direction,
    DirectionKind,
    Origin,
    Provenance,
    Severity,
    Suggestion,
    TermStatus,
    TermVerdict,
)

_END: Final = " ∎"
"""Closes a long finding or direction: nothing else would tell its wrapped rest from a human's
note."""
_LONG: Final = 58
"""Lines shorter than this, in code points, are wrapped by no tool that wraps at 60 columns."""
_LONG_DIRECTION: Final = 40
"""Likewise of a direction, which a human has not closed: only a word of twenty would be wrapped."""
_MOST_WRAPPED: Final = 200
"""Lines over which a machine's line is looked for: a suggestion is as long as a sentence."""

_NO_ENGINE: Final = "-"
_UNFIT_FOR_A_NAME: Final = re.compile(r"[\s%\x00-\x1f\x7f-\x9f]|-(?=-|$)")
_STATUSES: Final = frozenset(TermStatus)

_PROVENANCE: Final = re.compile(
    r"l10n-(?P<origin>mt|tm|direction): (?P<engine>\S+)"
    r"(?: match=(?P<match>[a-z]+))?(?: (?P<similarity>\d{1,3})%)?"
    r"(?: score=(?P<score>-?\d+\.\d\d))?"
    r"(?: source=(?P<from>[0-9a-f]{12}))?"
    r" text=(?P<text>[0-9a-f]{12})"
    r"(?: terms=(?P<terms>[0-9a-f]{12}))?\s*"
)
_TERM: Final = re.compile(
    r"l10n-term: (?P<source>[^\\→\[]*(?:\\.[^\\→\[]*)*) → (?P<target>[^\\→\[]*(?:\\.[^\\→\[]*)*)"
    r" \[(?P<status>[a-z]+)(?:; (?P<detail>(?:[^\\]|\\.)+))?\]\s*"
)
_FINDING: Final = re.compile(
    r"l10n-finding: (?P<rule>(?:[^\\:(]|\\.)+?)(?P<warning> \(warning\))?:"
    r"(?: (?P<message>(?:[^\\]|\\.)*))?"
)
_SUGGESTION: Final = re.compile(
    r"l10n-suggest:(?: (?P<text>(?:[^\\\[]|\\.)+))?"
    r" \[(?P<origin>mt|tm); source=(?P<from>[0-9a-f]{12})(?: terms=(?P<terms>[0-9a-f]{12}))?\]\s*"
)
_ACCEPTANCE: Final = re.compile(
    r"l10n-accepted: source=(?P<from>[0-9a-f]{12}) text=(?P<text>[0-9a-f]{12})\s*"
)
_DIRECTION: Final = re.compile(
    r"l10n-(?:(?P<kind>lock|keep)(?::(?: (?P<reason>.*))?)?|use: (?P<use>.*\S.*))", re.DOTALL
)
_CONTROL: Final = re.compile(r"^\s|\s$|[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_BRITTLE: Final = re.compile(
    r"(?<=\s)\s|(?<=-)(?<![^\s-] -)(?<!^-) |(?<=\s\s-) |(?<=^\s-) |-$"
    r"|(?<![^\s-] )-(?=-)|∎|(?<=\s)l(?=10n-)"
)
"""What would not be the same any more where a line was wrapped at it and put together again:
further spaces, the space after a hyphen that ends a word, dashes between words, the closing
mark, and what begins as another of these lines."""
_BROKEN_WORD: Final = re.compile(r"\S-$")
_UNTYPABLE: Final = re.compile(r"\\u([0-9a-f]{4})")
"""The one escape in a text that a reviewer writes, to whom a backslash is a backslash."""
_LOOKS_UNTYPABLE: Final = re.compile(r"\\(?=u[0-9a-f]{4})")
_ESCAPED: Final = re.compile(r"\\(?:u([0-9a-f]{4})|(.))")


@dataclass(frozen=True, slots=True)
class Notes:
    """An entry's translator comments, told apart."""

    human: tuple[str, ...] = ()
    """Verbatim, without the ``# ``."""
    directions: tuple[Direction, ...] = ()
    provenance: Provenance | None = None
    acceptance: Acceptance | None = None
    suggestion: Suggestion | None = None
    verdicts: tuple[TermVerdict, ...] = ()
    findings: tuple[Diagnostic, ...] = ()


_NONE: Final = Notes()


def parse_notes(lines: Sequence[str]) -> Notes:
    """Tell the machine's lines from the humans'.

    Args:
        lines: translator comments in order, without the ``# ``.
    """
    if not any(line.startswith("l10n-") for line in lines):
        return Notes(tuple(lines)) if lines else _NONE
    human: list[str] = []
    directions: list[Direction] = []
    provenance: Provenance | None = None
    acceptance: Acceptance | None = None
    suggestion: Suggestion | None = None
    verdicts: list[TermVerdict] = []
    findings: list[Diagnostic] = []
    position = 0
    while position < len(lines):
        found, length = _machine_line(lines, position)
        match found:
            case TermVerdict():
                verdicts.append(found)
            case Diagnostic():
                findings.append(found)
            case Direction():
                directions.append(found)
            case Provenance() if provenance is None:
                provenance = found
            case Acceptance() if acceptance is None:
                acceptance = found
            case Suggestion() if suggestion is None:
                suggestion = found
            case _:
                human.extend(lines[position : position + length])
        position += length
    return Notes(
        tuple(human),
        tuple(directions),
        provenance,
        acceptance,
        suggestion,
        tuple(verdicts),
        tuple(findings),
    )


def render_notes(notes: Notes) -> list[str]:
    """The comment lines of an entry, without the ``# ``: the machine's, the directions to it,
    then the humans'.
    """
    lines = [] if notes.provenance is None else [_render_provenance(notes.provenance)]
    if notes.acceptance is not None:
        lines.append(_render_acceptance(notes.acceptance))
    if notes.suggestion is not None:
        lines.append(_render_suggestion(notes.suggestion))
    lines += map(_render_term, notes.verdicts)
    lines += map(_render_finding, notes.findings)
    lines += map(_render_direction, notes.directions)
    return [*lines, *notes.human]


_Parsed = Provenance | Acceptance | Suggestion | TermVerdict | Diagnostic | Direction


def _machine_line(lines: Sequence[str], position: int) -> tuple[_Parsed | None, int]:
    """What the line at a position says, if it is the machine's, and how many lines it took."""
    line = lines[position]
    if not line.startswith("l10n-"):
        return None, 1
    if line.startswith(("l10n-mt:", "l10n-tm:", "l10n-direction:", "l10n-accepted:")):
        readings = _readings(lines, position, _parse_origin)
        # Its last field may be absent: the longest reading is the whole one.
        return readings[-1] if readings else (None, 1)
    if line.startswith("l10n-term:"):
        return _first(_readings(lines, position, _parse_term))
    if line.startswith("l10n-suggest:"):
        return _first(_readings(lines, position, _parse_suggestion))
    if line.startswith("l10n-finding:"):
        closed = _readings(lines, position, _parse_closed_finding)
        return closed[0] if closed else (_parse_finding(line), 1)
    closed = _readings(lines, position, _parse_closed_direction)
    if closed:
        return closed[0]
    # Half of a text that a tool has wrapped must not be taken for the whole.
    wrapped = len(line) >= _LONG_DIRECTION and _is_wrapped(lines, position)
    return (None if wrapped else _parse_direction(line)), 1


def _first(readings: Sequence[tuple[_Parsed | None, int]]) -> tuple[_Parsed | None, int]:
    return readings[0] if readings else (None, 1)


def _readings(
    lines: Sequence[str], position: int, parse: Callable[[str], _Parsed | None]
) -> list[tuple[_Parsed | None, int]]:
    """What a line means, alone and put together with ever more of the lines after it."""
    text = lines[position]
    if not _is_wrapped(lines, position):
        whole = parse(text)
        return [] if whole is None else [(whole, 1)]
    readings: list[tuple[_Parsed | None, int]] = []
    for length in range(1, _MOST_WRAPPED):
        if found := parse(text):
            readings.append((found, length))
        if not _is_wrapped(lines, position + length - 1):
            break
        # Wrappers break after hyphens too, where there was no space.
        text += ("" if _BROKEN_WORD.search(text) else " ") + lines[position + length]
    return readings


def _is_wrapped(lines: Sequence[str], position: int) -> bool:
    """Whether the next line may be the rest of this one."""
    rest = lines[position + 1] if position + 1 < len(lines) else ""
    if not rest or rest.startswith("l10n-"):
        return False
    word = rest.lstrip().partition(" ")[0]
    return bool(word) and len(lines[position]) + len(word) >= _LONG


def _parse_origin(line: str) -> Provenance | Acceptance | None:
    if line.startswith("l10n-accepted:"):
        accepted = _ACCEPTANCE.fullmatch(line)
        return None if accepted is None else Acceptance(accepted["from"], accepted["text"])
    match = _PROVENANCE.fullmatch(line)
    if match is None:
        return None
    origin, engine, matched, similarity, score, source_hash, hashed, terms = match.groups()
    return Provenance(
        origin=Origin(origin),
        engine="" if engine == _NO_ENGINE else unquote(engine),
        text_hash=hashed,
        terms_hash=terms or "",
        score=None if score is None else float(score),
        source_hash=source_hash or "",
        match=matched or "",
        similarity=None if similarity is None else int(similarity),
    )


def _render_provenance(provenance: Provenance) -> str:
    engine = _UNFIT_FOR_A_NAME.sub(_percent, provenance.engine)
    fields = [f"l10n-{provenance.origin}:", engine or _NO_ENGINE]
    if provenance.match:
        fields.append(f"match={provenance.match}")
    if provenance.similarity is not None:
        fields.append(f"{provenance.similarity}%")
    if provenance.score is not None and math.isfinite(provenance.score):
        fields.append(f"score={provenance.score:.2f}")
    if provenance.source_hash:
        fields.append(f"source={provenance.source_hash}")
    fields.append(f"text={provenance.text_hash}")
    if provenance.terms_hash:
        fields.append(f"terms={provenance.terms_hash}")
    return " ".join(fields)


def _percent(match: re.Match[str]) -> str:
    return "".join(f"%{byte:02X}" for byte in match[0].encode())


def _render_acceptance(acceptance: Acceptance) -> str:
    return f"l10n-accepted: source={acceptance.source_hash} text={acceptance.text_hash}"


def _parse_suggestion(line: str) -> Suggestion | None:
    match = _SUGGESTION.fullmatch(line)
    if match is None:
        return None
    return Suggestion(
        text=_unescape(match["text"] or ""),
        origin=Origin(match["origin"]),
        source_hash=match["from"],
        terms_hash=match["terms"] or "",
    )


def _render_suggestion(suggestion: Suggestion) -> str:
    text = f" {_escape(suggestion.text, '[')}" if suggestion.text else ""
    terms = f" terms={suggestion.terms_hash}" if suggestion.terms_hash else ""
    return f"l10n-suggest:{text} [{suggestion.origin}; source={suggestion.source_hash}{terms}]"


@lru_cache(maxsize=1024)  # a catalogue has the same few names again and again
def _parse_term(line: str) -> TermVerdict | None:
    match = _TERM.fullmatch(line)
    if match is None or match["status"] not in _STATUSES:
        return None
    return TermVerdict(
        source=_unescape(match["source"]),
        target=_unescape(match["target"]),
        status=TermStatus(match["status"]),
        detail=_unescape(match["detail"] or ""),
    )


def _render_term(verdict: TermVerdict) -> str:
    source, target = _escape(verdict.source, "→["), _escape(verdict.target, "→[")
    # A line that was wrapped after a bracket of the detail's own must not seem whole.
    detail = f"; {_escape(verdict.detail)}".replace("] ", "\\] ") if verdict.detail else ""
    return f"l10n-term: {source} → {target} [{verdict.status}{detail}]"


def _parse_finding(line: str) -> Diagnostic | None:
    match = _FINDING.fullmatch(line)
    if match is None:
        return None
    return Diagnostic(
        rule=_unescape(match["rule"]),
        message=_unescape(match["message"] or ""),
        severity=Severity.WARNING if match["warning"] else Severity.ERROR,
    )


def _parse_closed_finding(line: str) -> Diagnostic | None:
    line = line.rstrip()
    return _parse_finding(line.removesuffix(_END)) if line.endswith(_END) else None


def _render_finding(finding: Diagnostic) -> str:
    rule = _escape(finding.rule, ":(")
    warning = " (warning)" if finding.severity is Severity.WARNING else ""
    message = f" {_escape(finding.message)}" if finding.message else ""
    line = f"l10n-finding: {rule}{warning}:{message}"
    return line + _END if len(line) >= _LONG else line


def _parse_direction(line: str) -> Direction | None:
    match = _DIRECTION.fullmatch(line)
    if match is None:
        return None
    kind = DirectionKind(match["kind"] or DirectionKind.USE)
    return Direction(kind, _UNTYPABLE.sub(_character, match["use"] or match["reason"] or ""))


def _parse_closed_direction(line: str) -> Direction | None:
    line = line.rstrip()
    return _parse_direction(line.removesuffix(_END)) if line.endswith(_END) else None


def _render_direction(direction: Direction) -> str:
    text = _CONTROL.sub(_code, _LOOKS_UNTYPABLE.sub(r"\\u005c", direction.text))
    line = f"l10n-{direction.kind}: {text}" if text else f"l10n-{direction.kind}"
    if len(line) < _LONG_DIRECTION and not line.endswith(_END):
        return line
    return f"l10n-{direction.kind}: {_BRITTLE.sub(_code, text)}{_END}"


def _escape(text: str, reserved: str = "") -> str:
    r"""One line that says the same: ``\`` before what would be taken for syntax.

    >>> print(_escape("A → [B]", "→["))
    A \→ \[B]
    """
    text = re.sub(f"[{re.escape(reserved)}\\\\]", r"\\\g<0>", text)
    return _BRITTLE.sub(_code, _CONTROL.sub(_code, text))


def _code(match: re.Match[str]) -> str:
    return f"\\u{ord(match[0]):04x}"


def _character(match: re.Match[str]) -> str:
    return chr(int(match[1], 16))


def _unescape(text: str) -> str:
    if "\\" not in text:
        return text
    return _ESCAPED.sub(lambda match: chr(int(match[1], 16)) if match[1] else match[2], text)
