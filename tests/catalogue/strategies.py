"""Catalogues as nasty as PO files can carry."""

from datetime import UTC, datetime

from hypothesis import strategies as st

from l10n_pipeline.catalogue.header import catalogue_header
from l10n_pipeline.catalogue.notes import Notes, parse_notes
from l10n_pipeline.fingerprint import text_hash
from l10n_pipeline.locale import Locale
from l10n_pipeline.model import (
    Catalogue,
    Diagnostic,
    Origin,
    Provenance,
    Severity,
    TermStatus,
    TermVerdict,
    TranslationUnit,
)

ENGLISH = Locale.parse("en")
BRAZILIAN = Locale.parse("pt-BR")
NOW = datetime(2026, 7, 1, 12, 30, tzinfo=UTC)

NASTY = (
    "\"\\'\t\n\r\a\b\f\v\x01\x1b\x1c\x7f\x85\xa0\xad\u202f\u2028\u2029\u200b\u200f\u202e\ufeff"
    "#~|,:[]→;% nabx0é\u0301č中文עم🙂👍🏽"
)
characters = st.one_of(
    st.sampled_from(NASTY),
    st.sampled_from('msgid msgstr "\\n" l10n-mt: Olá, mundo. 1275'),
    st.characters(exclude_categories=["Cs"], exclude_characters="\0\x04"),
)
texts = st.text(characters, max_size=30)
some_text = st.text(characters, min_size=1, max_size=30)
lines = texts.map(lambda text: text.replace("\n", " ").rstrip("\r")).filter(
    # The one ending that a file cannot tell from another: a backslash alone.
    lambda text: not text.endswith("\\ ")
)
hashes = texts.map(text_hash)

provenances = st.builds(
    Provenance,
    origin=st.sampled_from(Origin),
    engine=st.one_of(st.just("enpt-1693087644/f32"), texts),
    text_hash=hashes,
    terms_hash=st.one_of(st.just(""), hashes),
    score=st.one_of(st.none(), st.integers(-900, 0).map(lambda cents: cents / 100)),
    source_hash=st.one_of(st.just(""), hashes),
)
verdicts = st.builds(
    TermVerdict, source=some_text, target=some_text, status=st.sampled_from(TermStatus),
    detail=texts,
)  # fmt: skip
findings = st.builds(
    Diagnostic, rule=some_text, message=st.one_of(texts, st.text(characters, min_size=60)),
    severity=st.sampled_from(Severity),
)  # fmt: skip


def _is_human(note: str) -> bool:
    return parse_notes([note]) == Notes(human=(note,))


human_notes = st.one_of(
    lines,
    st.sampled_from(
        ["", " ", "  two spaces", "trailing ", "#not a heading", "~| no", ", fuzzy", ": no:1",
         "l10n-mt: damaged", "l10n-term: A → B", "l10n-suggest: later", "l10n-mt", "C:\\"]
    ),
).filter(_is_human)  # fmt: skip
words = st.text(st.sampled_from("abcdefghij-%."), min_size=1, max_size=12)


@st.composite
def units(draw: st.DrawFn) -> TranslationUnit:
    """A unit of which a PO file can say everything."""
    obsolete = draw(st.booleans())
    plural = draw(st.booleans())
    return TranslationUnit(
        source=draw(some_text),
        target="" if plural else draw(texts),
        context=draw(texts),
        fuzzy=draw(st.booleans()),
        obsolete=obsolete,
        plural_source=draw(some_text) if plural else "",
        plural_targets=tuple(draw(st.lists(texts, min_size=1, max_size=6))) if plural else (),
        previous_source=draw(texts),
        previous_context=draw(texts),
        previous_plural=draw(texts),
        flags=tuple(draw(st.lists(words.map(lambda word: f"no-{word}"), max_size=2))),
        notes=tuple(draw(st.lists(human_notes, max_size=3))),
        provenance=draw(st.one_of(st.none(), provenances)),
        verdicts=tuple(draw(st.lists(verdicts, max_size=2))),
        findings=tuple(draw(st.lists(findings, max_size=2))),
        extracted=() if obsolete else tuple(draw(st.lists(lines, max_size=2))),
        references=() if obsolete else tuple(draw(st.lists(words, max_size=2, unique=True))),
    )


headers = st.builds(
    catalogue_header,
    st.dictionaries(
        st.sampled_from(["Last-Translator", "Language-Team", "X-Poedit-Basepath", "X-Über"]),
        texts.map(lambda text: " ".join(text.split())),
    ),
    locale=st.just(BRAZILIAN),
    project=texts,
    created=st.just("2026-01-01 00:00+0000"),
    now=st.just(NOW),
)  # fmt: skip
catalogues = st.builds(
    lambda found, header, notes: Catalogue(
        ENGLISH,
        BRAZILIAN,
        tuple(sorted(found, key=lambda unit: unit.obsolete)),
        header,
        tuple(notes),
    ),
    st.lists(units(), max_size=4, unique_by=lambda unit: unit.key),
    headers,
    st.lists(lines, max_size=3),
)
