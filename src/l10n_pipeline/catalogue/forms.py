"""A unit's plural forms: how many there are, and what becomes of them where that changes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from msgspec.structs import replace

from l10n_pipeline.catalogue.states import has_text, is_untouched_draft, unit_texts
from l10n_pipeline.errors import CatalogueError
from l10n_pipeline.locale import Locale
from l10n_pipeline.model import Catalogue, Draft, TranslationUnit
from l10n_pipeline.plurals import PluralRule, plural_forms

_ANY_PLURAL: Final = "nplurals=2; plural=(n != 1);"


def plural_rule(existing: Catalogue | None, target_locale: Locale | None = None) -> PluralRule:
    """How the plural forms of a catalogue are counted: as its own header says, or else as
    its language has them.

    Args:
        existing: the catalogue; None where there is none yet.
        target_locale: its language, where it does not know it itself.

    Raises:
        CatalogueError: where the header's rule is none.
    """
    stated = existing.header.get("Plural-Forms", "") if existing else ""
    locale = (existing and existing.target_locale) or target_locale
    try:
        return PluralRule.parse(stated or (plural_forms(locale) if locale else _ANY_PLURAL))
    except ValueError as error:
        raise CatalogueError(
            f"the header's Plural-Forms: {error}",
            way_out=f"write Plural-Forms: {plural_forms(locale)}" if locale else "correct it",
        ) from None


def at_place(place: TranslationUnit, known: TranslationUnit, rule: PluralRule) -> TranslationUnit:
    """What is known of a unit, with all that its place in the document says of it.

    Where a message has come to have a plural, or another one, or none any more, a human's text
    goes along and waits for review again; a machine's is dropped.
    """
    own = [flag for flag in known.flags if flag not in place.flags and not _is_programs(flag)]
    unit = replace(
        known,
        obsolete=False,
        extracted=place.extracted,
        references=place.references,
        flags=(*place.flags, *own),
    )
    if known.plural_source == place.plural_source:
        return with_forms(unit, unit_texts(known), rule)
    unit = replace(unit, plural_source=place.plural_source)
    if is_untouched_draft(known) or not has_text(known):
        unit = replace(unit, fuzzy=False, provenance=None, verdicts=(), findings=())
        return with_forms(unit, (), rule)
    texts = unit_texts(known)
    if not known.previous_source:
        unit = replace(unit, previous_source=known.source, previous_plural=known.plural_source)
    if not place.plural_source:
        spare = (
            f"msgstr[{form}] was {text!r}"
            for form, text in enumerate(texts)
            if text not in ("", texts[0])
        )
        unit = replace(unit, notes=tuple(dict.fromkeys((*unit.notes, *spare))))
        texts = texts[:1]
    elif not known.plural_source:
        texts = texts * rule.count
    return replace(with_forms(unit, texts[: rule.count], rule), fuzzy=True)


def _is_programs(flag: str) -> bool:
    """Whether a flag says how the program uses a message, which only its template knows."""
    return flag.startswith("range:") or (flag.endswith("-format") and not flag.startswith("no-"))


def with_forms(unit: TranslationUnit, texts: Sequence[str], rule: PluralRule) -> TranslationUnit:
    """The unit with this translation, filled up with empty plural forms."""
    if not unit.plural_source:
        return replace(unit, target=texts[0] if texts else "", plural_targets=())
    if any(text.strip() for text in texts[rule.count :]):
        raise CatalogueError(
            f"{unit.source!r} has {len(texts)} plural forms, but by the header's Plural-Forms "
            f"there are {rule.count}",
            way_out="correct the header, or delete the forms beyond",
        )
    missing = rule.count - len(texts)
    return replace(unit, target="", plural_targets=(*texts[: rule.count], *[""] * missing))


def has_forms(draft: Draft, rule: PluralRule) -> bool:
    """Whether a draft of a plural message has its catalogue's forms, or no text at all."""
    return not draft.text or draft.text.count("\0") + 1 == rule.count


def completed(texts: Sequence[str], drafted: Sequence[str]) -> list[str]:
    """A human's plural forms, and the machine's where there is none yet."""
    return [text if text.strip() else other for text, other in zip(texts, drafted, strict=True)]
