"""The machine's lines among an entry's ``# `` comments.

Translator comments are the one place that msgmerge, msgcat, Poedit and Weblate all
keep, so what must survive a reviewer's tools is written there::

    # l10n-mt: enpt-1693087644/f32 score=-0.21 source=… text=… terms=…
    # l10n-term: Ričardas Lapaitis → Ričardas Lapaitis [swapped; from "Riardas Lapaitis"]
    # l10n-finding: numbers: 1275 is missing
    # l10n-finding: repetition (warning): "e tal" stands there three times

Every other line is a human's, and so is a ``l10n-`` line that cannot be understood:
both are kept verbatim. Lines that a tool has wrapped are put together again.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote, unquote

from l10n_pipeline.model import (
    Diagnostic,
    Origin,
    Provenance,
    Severity,
    TermStatus,
    TermVerdict,
)

_END: Final = " ∎"
"""Closes a long finding: nothing else would tell its wrapped rest from a human's note."""
_LONG: Final = 60
"""Lines shorter than this, in code points, are wrapped by no tool we know of."""
_MOST_WRAPPED: Final = 12
"""Lines over which a machine's line is looked for."""

_NO_ENGINE: Final = "-"
_UNFIT_FOR_A_NAME: Final = re.compile(r"[\s%\x00-\x1f\x7f-\x9f]")
_STATUSES: Final = frozenset(TermStatus)

_PROVENANCE: Final = re.compile(
    r"l10n-(?P<origin>mt|tm): (?P<engine>\S+)"
    r"(?: score=(?P<score>-?\d+\.\d\d))?"
    r"(?: source=(?P<from>[0-9a-f]{12}))?"
    r" text=(?P<text>[0-9a-f]{12})"
    r"(?: terms=(?P<terms>[0-9a-f]{12}))?\s*"
)
_TERM: Final = re.compile(
    r"l10n-term: (?P<source>(?:[^\\→\[]|\\.)*) → (?P<target>(?:[^\\→\[]|\\.)*)"
    r" \[(?P<status>[a-z]+)(?:; (?P<detail>(?:[^\\]|\\.)+))?\]\s*"
)
_FINDING: Final = re.compile(
    r"l10n-finding: (?P<rule>(?:[^\\:(]|\\.)+?)(?P<warning> \(warning\))?:"
    r"(?: (?P<message>(?:[^\\]|\\.)*))?"
)
_CONTROL: Final = re.compile(r"^\s|\s$|[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_ESCAPED: Final = re.compile(r"\\(?:u([0-9a-f]{4})|(.))")


@dataclass(frozen=True, slots=True)
class Notes:
    """An entry's translator comments, told apart."""

    human: tuple[str, ...] = ()
    """Verbatim, without the ``# ``."""
    provenance: Provenance | None = None
    verdicts: tuple[TermVerdict, ...] = ()
    findings: tuple[Diagnostic, ...] = ()


def parse_notes(lines: Sequence[str]) -> Notes:
    """Tell the machine's lines from the humans'.

    Args:
        lines: translator comments in order, without the ``# ``.
    """
    human: list[str] = []
    provenance: Provenance | None = None
    verdicts: list[TermVerdict] = []
    findings: list[Diagnostic] = []
    position = 0
    while position < len(lines):
        found, length = _machine_line(lines, position)
        match found:
            case Provenance() if provenance is None:
                provenance = found
            case TermVerdict():
                verdicts.append(found)
            case Diagnostic():
                findings.append(found)
            case _:
                human.extend(lines[position : position + length])
        position += length
    return Notes(tuple(human), provenance, tuple(verdicts), tuple(findings))


def render_notes(notes: Notes) -> list[str]:
    """The comment lines of an entry, without the ``# ``: the machine's, then the humans'."""
    lines = [] if notes.provenance is None else [_render_provenance(notes.provenance)]
    lines += map(_render_term, notes.verdicts)
    lines += map(_render_finding, notes.findings)
    return [*lines, *notes.human]


_Parsed = Provenance | TermVerdict | Diagnostic


def _machine_line(lines: Sequence[str], position: int) -> tuple[_Parsed | None, int]:
    """What the line at a position says, if it is the machine's, and how many lines it took."""
    line = lines[position]
    if line.startswith(("l10n-mt:", "l10n-tm:")):
        readings = _readings(lines, position, _parse_provenance)
        # Its last field may be absent: the longest reading is the whole one.
        return readings[-1] if readings else (None, 1)
    if line.startswith("l10n-term:"):
        readings = _readings(lines, position, _parse_term)
        return readings[0] if readings else (None, 1)
    if line.startswith("l10n-finding:"):
        closed = _readings(lines, position, _parse_closed_finding)
        return closed[0] if closed else (_parse_finding(line), 1)
    return None, 1


def _readings(
    lines: Sequence[str], position: int, parse: Callable[[str], _Parsed | None]
) -> list[tuple[_Parsed | None, int]]:
    """What a line means, alone and put together with ever more of the lines after it."""
    text = lines[position]
    readings: list[tuple[_Parsed | None, int]] = []
    for length in range(1, _MOST_WRAPPED):
        if found := parse(text):
            readings.append((found, length))
        if not _is_wrapped(lines, position + length - 1):
            break
        # Wrappers break after hyphens too, where there was no space.
        text += lines[position + length] if text.endswith("-") else " " + lines[position + length]
    return readings


def _is_wrapped(lines: Sequence[str], position: int) -> bool:
    """Whether the next line may be the rest of this one."""
    rest = lines[position + 1] if position + 1 < len(lines) else ""
    words = rest.split(maxsplit=1)
    if not words or rest.startswith("l10n-"):
        return False
    return len(lines[position]) + len(words[0]) >= _LONG


def _parse_provenance(line: str) -> Provenance | None:
    match = _PROVENANCE.fullmatch(line)
    if match is None:
        return None
    engine = match["engine"]
    return Provenance(
        origin=Origin(match["origin"]),
        engine="" if engine == _NO_ENGINE else unquote(engine),
        text_hash=match["text"],
        terms_hash=match["terms"] or "",
        score=None if match["score"] is None else float(match["score"]),
        source_hash=match["from"] or "",
    )


def _render_provenance(provenance: Provenance) -> str:
    engine = _UNFIT_FOR_A_NAME.sub(lambda match: quote(match[0], safe=""), provenance.engine)
    if engine == _NO_ENGINE:
        engine = f"%{ord(_NO_ENGINE):02X}"
    fields = [f"l10n-{provenance.origin}:", engine or _NO_ENGINE]
    if provenance.score is not None and math.isfinite(provenance.score):
        fields.append(f"score={provenance.score:.2f}")
    if provenance.source_hash:
        fields.append(f"source={provenance.source_hash}")
    fields.append(f"text={provenance.text_hash}")
    if provenance.terms_hash:
        fields.append(f"terms={provenance.terms_hash}")
    return " ".join(fields)


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
    detail = f"; {_escape(verdict.detail)}" if verdict.detail else ""
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
    return line + _END if len(line) >= _LONG or line.endswith(_END) else line


def _escape(text: str, reserved: str = "") -> str:
    r"""One line that says the same: ``\`` before what would be taken for syntax.

    >>> print(_escape("A → [B]", "→["))
    A \→ \[B]
    """
    text = re.sub(f"[{re.escape(reserved)}\\\\]", r"\\\g<0>", text)
    return _CONTROL.sub(lambda match: f"\\u{ord(match[0]):04x}", text)


def _unescape(text: str) -> str:
    return _ESCAPED.sub(lambda match: chr(int(match[1], 16)) if match[1] else match[2], text)
