"""Where a translation unit stands in review, and what a build may use of it.

A state is read off the entry itself, so it survives every tool that keeps msgstr,
the ``fuzzy`` flag and ``# `` comments.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from msgspec.structs import replace

from l10n_pipeline.fingerprint import text_hash
from l10n_pipeline.model import Acceptance, DirectionKind, Origin, Severity, State, TranslationUnit

_HUMAN_FUZZY: Final = frozenset({State.EDITED, State.STALE})

ACCEPTED_STATES: Final[Mapping[str, frozenset[State]]] = MappingProxyType(
    {
        "reviewed": frozenset({State.REVIEWED}),
        "fuzzy": frozenset({State.REVIEWED}) | _HUMAN_FUZZY,
        "mt": frozenset({State.REVIEWED, State.DRAFT}) | _HUMAN_FUZZY,
    }
)
"""The states whose translations go into a build, by policy; each holds the one before."""


def has_translation(unit: TranslationUnit) -> bool:
    """Whether its msgstr says something, and so does each of its plural forms; white space
    alone says nothing.

    >>> has_translation(TranslationUnit("a", plural_source="b", plural_targets=("c", "")))
    False
    """
    texts = unit_texts(unit)
    return bool(texts) and all(text.strip() for text in texts)


def has_text(unit: TranslationUnit) -> bool:
    """Whether there is any text in its msgstr, if only in one of its plural forms."""
    return any(text.strip() for text in unit_texts(unit))


def unit_texts(unit: TranslationUnit) -> tuple[str, ...]:
    """Its translation: one text, or the plural forms of a plural message."""
    return unit.plural_targets if unit.plural_source else (unit.target,)


def unit_text(unit: TranslationUnit) -> str:
    r"""All of its translation as one text: the plural forms of a plural message, NUL between.

    >>> unit_text(TranslationUnit("file", plural_source="files", plural_targets=("a", "b")))
    'a\x00b'
    """
    return "\0".join(unit_texts(unit))


def unit_source(unit: TranslationUnit) -> str:
    """All of its source as one text: the plural after a NUL."""
    return "\0".join(filter(None, (unit.source, unit.plural_source)))


def is_untouched_draft(unit: TranslationUnit) -> bool:
    """Whether its translation is what the machine wrote for this very source, and nobody has
    accepted it, or told the machine to leave it alone.

    What another tool has moved to this source may have been accepted before, where it stood:
    ``msgmerge`` flags all that it moves. An empty draft loses its flag in every tool.
    """
    return (
        (unit.fuzzy or not has_text(unit))
        and unit.provenance is not None
        and not unit.previous_source
        and unit.provenance.text_hash == text_hash(unit_text(unit))
        and not is_of_another_source(unit)
        and not is_directed(unit, DirectionKind.LOCK)
    )


def is_of_another_source(unit: TranslationUnit) -> bool:
    """Whether its draft was made for another msgid: ``msgmerge`` moves a translation to a
    source that is merely similar.
    """
    made_for = unit.provenance.source_hash if unit.provenance else ""
    return made_for not in ("", text_hash(unit_source(unit)))


def is_directed(unit: TranslationUnit, kind: DirectionKind) -> bool:
    """Whether a reviewer has directed this for it."""
    return bool(unit.directions) and any(one.kind is kind for one in unit.directions)


def is_as_written(unit: TranslationUnit) -> bool:
    """Whether its translation is, letter for letter, what the machine wrote: a draft, or one
    that was accepted untouched.
    """
    return (
        unit.provenance is not None
        and has_text(unit)
        and unit.provenance.text_hash == text_hash(unit_text(unit))
    )


def is_advised(unit: TranslationUnit) -> bool:
    """Whether what a machine writes is shown beside its translation: a human wrote that, for
    another source or not to the end.
    """
    is_begun = has_text(unit) and not has_translation(unit)
    return is_begun or state_of(unit) is State.STALE


def state_of(unit: TranslationUnit) -> State:
    """Where a unit stands in review.

    >>> state_of(TranslationUnit("Hello", "Olá"))
    <State.REVIEWED: 'reviewed'>
    >>> state_of(TranslationUnit("Hello", "Olá", fuzzy=True))
    <State.EDITED: 'edited'>
    """
    if unit.obsolete:
        return State.OBSOLETE
    if not has_translation(unit):
        return State.NEW
    if not unit.fuzzy:
        return State.REVIEWED
    if unit.previous_source or is_of_another_source(unit):
        return State.STALE
    return State.DRAFT if is_as_written(unit) else State.EDITED


def is_failing(unit: TranslationUnit) -> bool:
    """Whether it has a term verdict or an error that a reviewer must look at; an obsolete
    unit waits for nobody.
    """
    if unit.obsolete:
        return False
    return any(verdict.status.failing for verdict in unit.verdicts) or any(
        finding.severity is Severity.ERROR for finding in unit.findings
    )


def acceptable(unit: TranslationUnit, policy: str) -> bool:
    """Whether a build under this policy uses the unit's translation, not the source.

    Args:
        unit: the unit.
        policy: ``reviewed``, ``fuzzy`` (also what a human wrote and left flagged) or
            ``mt`` (every translation).

    Raises:
        ValueError: for any other policy.
    """
    states = ACCEPTED_STATES.get(policy)
    if states is None:
        raise ValueError(f"{policy!r} is none of {', '.join(ACCEPTED_STATES)}")
    return state_of(unit) in states


def settled(unit: TranslationUnit) -> TranslationUnit:
    """The unit without what only one that waits for a reviewer has."""
    emptied = not has_text(unit) and not is_untouched_draft(unit)
    if not emptied and unit.fuzzy:
        return unit
    if has_text(unit):
        unit = replace(unit, acceptance=None, suggestion=None)
        if unit.provenance is not None and is_of_another_source(unit):
            # Accepted for this source: what the machine wrote it for is past.
            made_for = text_hash(unit_source(unit))
            unit = replace(unit, provenance=replace(unit.provenance, source_hash=made_for))
    # Accepted or emptied: there is nothing left to compare with an older source.
    return replace(unit, fuzzy=False, previous_source="", previous_context="", previous_plural="")


def identity(unit: TranslationUnit) -> str:
    """A hash of what a translation is accepted for: the source, in its context."""
    return text_hash("\4".join(filter(None, (unit.context, unit_source(unit)))))


def acceptance_of(unit: TranslationUnit) -> Acceptance:
    """That its translation is accepted for its source."""
    return Acceptance(identity(unit), text_hash(unit_text(unit)))


def before_its_source_changed(unit: TranslationUnit) -> TranslationUnit | None:
    """The unit as a human accepted it; None where its source has not changed since, or its text
    has, too.
    """
    former = replace(
        unit,
        source=unit.previous_source,
        context=unit.previous_context,
        plural_source=unit.previous_plural,
        fuzzy=False,
    )
    is_accepted = bool(unit.previous_source) and unit.acceptance == acceptance_of(former)
    return former if is_accepted else None


def is_given(unit: TranslationUnit) -> bool:
    """Whether its translation is what a direction gave, and a human has not touched it since."""
    return (
        unit.provenance is not None
        and unit.provenance.origin is Origin.DIRECTION
        and is_as_written(unit)
        and not is_of_another_source(unit)
    )
