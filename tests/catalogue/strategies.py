"""Catalogues as nasty as PO files can carry."""

from datetime import UTC, datetime

from hypothesis import strategies as st

from l10n_pipeline.catalogue.header import catalogue_header
from l10n_pipeline.catalogue.notes import Notes, parse_notes
from l10n_pipeline.fingerprint import text_hash
from l10n_pipeline.locale import Locale
from l10n_pipeline.model import (
    Acceptance,
    Catalogue,
    Diagnostic,
    Direction,
    DirectionKind,
    Origin,
    Provenance,
    Severity,
    Suggestion,
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
    match=st.sampled_from(["", "exact", "repaired"]),
    similarity=st.none() | st.integers(0, 100),
)
acceptances = st.builds(Acceptance, hashes, hashes)
suggestions = st.builds(
    Suggestion,
    texts,
    st.sampled_from([Origin.MT, Origin.TM]),
    hashes,
    st.one_of(st.just(""), hashes),
)
directions = st.one_of(
    st.builds(Direction, st.sampled_from([DirectionKind.LOCK, DirectionKind.KEEP]), lines),
    st.builds(Direction, st.just(DirectionKind.USE), texts.filter(str.strip)),
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
    # What ends in the mark that closes our own lines would be taken for the rest of one.
    return parse_notes([note]) == Notes(human=(note,)) and not note.rstrip().endswith("∎")


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
        directions=tuple(draw(st.lists(directions, max_size=2))),
        provenance=draw(st.none() | provenances),
        acceptance=draw(st.none() | acceptances),
        suggestion=draw(st.none() | suggestions),
        verdicts=tuple(draw(st.lists(verdicts, max_size=2))),
        findings=tuple(draw(st.lists(findings, max_size=2))),
        extracted=() if obsolete else tuple(draw(st.lists(lines, max_size=2))),
        references=() if obsolete else tuple(draw(st.lists(words, max_size=2, unique=True))),
    )


@st.composite
def prose(draw: st.DrawFn, min_size: int = 1, max_size: int = 60) -> str:
    """Text that is long enough to be wrapped, and says something else where that is done badly."""
    chosen = draw(st.lists(st.sampled_from(PROSE), min_size=min_size, max_size=max_size))
    text = "".join(
        piece for word in chosen for piece in (word, draw(st.sampled_from(BETWEEN_WORDS)))
    )
    return text.strip().removeprefix("l10n-")


PROSE = (
    "a", "de", "campanha", "visitantes", "guarda-chuva-sol", "pós-guerra", "pré-", "-", "–", "—",
    "antes--depois", "--strict", "<g1>casa</g1>", "<x2/>", "[sic]", "[ok]", "[mt;", "(veja", "→",
    "“Corredor", "Sem Fim”,", "«usados».", "'não'", "10\u00a0km", "n\u00ba\u202f5", "1.275", "∎",
    "文字" * 15, "عربي", "שלום", "\u200f", "e\u0301", "🙂", "x" * 30, "C:\\novo", "\\u0041",
    "https://example.org/a-b/c?d=e-f", "terms=0123456789ab", "l10n-lock", "l10n-mt:",
)  # fmt: skip
BETWEEN_WORDS = (*[" "] * 8, "  ", "   ", "\u00a0 ", "-")
some_prose = prose().filter(bool)


@st.composite
def prose_units(draw: st.DrawFn) -> TranslationUnit:
    """A unit of long texts, as msgmerge would leave it."""
    obsolete, fuzzy, plural = draw(st.booleans()), draw(st.booleans()), draw(st.booleans())
    before = fuzzy and not obsolete
    return TranslationUnit(
        source=draw(some_prose),
        target="" if plural else draw(some_prose),
        context=draw(prose(0, 3)),
        fuzzy=fuzzy,
        obsolete=obsolete,
        plural_source=draw(some_prose) if plural else "",
        plural_targets=(draw(some_prose), draw(some_prose)) if plural else (),
        previous_source=draw(prose(0)) if before else "",
        notes=tuple(draw(st.lists(some_prose.filter(_is_human), max_size=2))),
        directions=tuple(
            draw(st.lists(st.builds(Direction, st.sampled_from(DirectionKind), some_prose)))[:2]
        ),
        provenance=draw(st.none() | provenances),
        acceptance=draw(st.none() | acceptances),
        suggestion=draw(
            st.none()
            | st.builds(
                Suggestion, prose(0), st.sampled_from([Origin.MT, Origin.TM]), hashes, hashes
            )
        ),
        verdicts=tuple(
            draw(
                st.lists(
                    st.builds(
                        TermVerdict, some_prose, some_prose, st.sampled_from(TermStatus), prose(0)
                    ),
                    max_size=2,
                )
            )
        ),
        findings=tuple(
            draw(
                st.lists(
                    st.builds(
                        Diagnostic, st.just("numbers"), some_prose, st.sampled_from(Severity)
                    ),
                    max_size=2,
                )
            )
        ),
        extracted=() if obsolete else ("paragraph 1, sentence 1",),
        references=() if obsolete else ("guide/b.txt",),
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
HEADER = catalogue_header(
    {}, locale=BRAZILIAN, project="p", created="2026-01-01 00:00+0000", now=NOW
)
prose_catalogues = st.builds(
    lambda found, header: Catalogue(
        ENGLISH, BRAZILIAN, tuple(sorted(found, key=lambda unit: unit.obsolete)), header
    ),
    st.lists(prose_units(), max_size=4, unique_by=lambda unit: unit.key),
    st.just(HEADER),
)
