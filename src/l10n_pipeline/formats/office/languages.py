"""Which language a document says its text is in."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from l10n_pipeline.formats.office.archive import Archive
from l10n_pipeline.formats.office.document import xml_member
from l10n_pipeline.formats.office.markup import Token, TokenKind, elements, with_tags
from l10n_pipeline.locale import Locale


def names_language(tag: str, locale: Locale) -> bool:
    """Whether a language tag, such as ``en-GB``, names the language of a locale."""
    return tag.partition("-")[0].lower() == locale.language


def with_changed_tags(
    archive: Archive,
    members: Mapping[str, bytes],
    member: str,
    usual: Mapping[str, str],
    changed: Callable[[str, Token, Sequence[str]], str | None],
) -> dict[str, bytes]:
    """A member with other tags in the places of some; nothing where it has none of them.

    Args:
        archive: the document.
        members: those that have changed already.
        member: which.
        usual: namespaces and their usual prefixes.
        changed: of a text, an element's start in it and the names of the elements around, what
            the start becomes; None where it stays.
    """
    if member not in archive.names:
        return {}
    text = members[member].decode() if member in members else xml_member(archive, member)

    def changes() -> Iterator[tuple[Token, str]]:
        for token, ancestors in elements(text, usual):
            tag = changed(text, token, ancestors)
            if tag is not None:
                yield token, tag

    made = with_tags(text, changes())
    return {member: made.encode()} if made != text else {}


def with_language_named(
    archive: Archive,
    members: Mapping[str, bytes],
    member: str,
    usual: Mapping[str, str],
    target: Locale,
) -> dict[str, bytes]:
    """The member with a document's properties, where these name a language that changes.

    Args:
        archive: the document.
        members: those that have changed already.
        member: which.
        usual: namespaces and their usual prefixes.
        target: the language to name.
    """
    if member not in archive.names:
        return {}
    text = members[member].decode() if member in members else xml_member(archive, member)
    for token, _ in elements(text, usual):
        if token.name == "dc:language" and token.kind is TokenKind.START:
            end = text.index("<", token.end)
            made = text[: token.end] + target.bcp47 + text[end:]
            return {member: made.encode()} if made != text else {}
    return {}
