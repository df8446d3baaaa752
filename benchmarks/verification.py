"""How often verification blames a human translator for a name, and how often it misses one.

Counts, on parallel text, the names whose agreed form the rule does not find in the human
reference, beside what a plain whole-word search does not find; then puts other names and
misspelt ones in their place and counts those that the rule lets pass. See
benchmarks/README.md for what is measured and what is not.
"""

from __future__ import annotations

import argparse
import csv
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from benchmarks import figures
from benchmarks.errors import BenchmarkError
from benchmarks.files import lines_of
from l10n_pipeline.folding import words
from l10n_pipeline.glossary import GlossaryMatcher
from l10n_pipeline.inflection import inflector_for
from l10n_pipeline.locale import Locale
from l10n_pipeline.model import Span, Term, TermHit, TermKind, TermMode, TermStatus
from l10n_pipeline.termforms import assign, find_occurrences, verify

DATA = Path(__file__).parent / "data"
UNINFLECTED = frozenset({"es", "pt"})
"""Languages in which names keep their form: their terms are exact."""
LIKE_BEGINNING = 2
"""Letters that a name must share with another one to be put in its place."""
_EXCHANGED = str.maketrans(
    "aeiouıəöübcdfghjklmnpqrstvxzçğşаеиоуыэюябвгджзклмнпрстфхцчшщ",
    "eioauəıüöpkgvdxqtrnmbcszpfzsşkçоиеауэыяюпфкбчсгрнмвлтздшцхщж",
)


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a reader found where the rule finds no agreed form."""

    rightly: bool
    """Whether the name does not stand there indeed: another name or spelling, a demonym, a
    pronoun, nothing at all."""
    reason: str


@dataclass(frozen=True, slots=True)
class Flag:
    """A name that verification does not find as agreed."""

    line: int
    source: str
    target: str
    status: TermStatus


@dataclass(frozen=True, slots=True)
class Counts:
    """What came of one language."""

    hits: int
    flags: tuple[Flag, ...]
    plain: frozenset[tuple[int, str]]
    """Line and source of the names that a plain search does not find."""


@dataclass(frozen=True, slots=True)
class Misses:
    """Wrong names put in, and those of them that were not noticed."""

    tried: int
    missed: tuple[str, ...]
    """``line: right form → wrong form``."""


def terms_of(path: Path, locale: Locale, *, inflected: bool = True) -> list[Term]:
    """The names agreed for one language.

    Args:
        path: a table with the columns ``source``, ``aliases`` (separated by ``|``), ``kind``
            and one a language; an empty cell where there is no agreed form.
        locale: which language.
        inflected: whether an inflector, where there is one, adds its forms.

    Raises:
        BenchmarkError: where the table lacks the language.
    """
    header, *rows = [line.split("\t") for line in lines_of(path)]
    if locale.language not in header:
        raise BenchmarkError(f"{path} has no column {locale.language!r}")
    column = header.index(locale.language)
    mode = TermMode.EXACT if locale.language in UNINFLECTED else TermMode.INFLECT
    inflector = inflector_for(locale) if inflected else None
    terms = [
        Term(
            source,
            row[column],
            aliases=tuple(filter(None, aliases.split("|"))),
            mode=mode,
            kind=TermKind(kind),
            case_sensitive=True,
        )
        for row in rows
        if row[column]
        for source, aliases, kind in [row[:3]]
    ]
    if inflector is None:
        return terms
    return [replace(term, inflections=inflector.inflections(term)) for term in terms]


def judgements_of(path: Path) -> dict[tuple[int, str], Judgement]:
    """The judgements kept for one language, by line and source; none where no file is."""
    if not path.exists():
        return {}
    with path.open(encoding="utf-8", newline="") as file:
        return {
            (int(row["line"]), row["term"]): Judgement(row["verdict"] == "true", row["reason"])
            for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        }


def hits_of(sources: Sequence[str], terms: Iterable[Term]) -> list[tuple[TermHit, ...]]:
    """The names of each line."""
    matcher = GlossaryMatcher(terms)
    return [matcher.match(source) for source in sources]


def counted(hits: Sequence[Sequence[TermHit]], references: Sequence[str]) -> Counts:
    """What is found of the names of each line, by the rule and by a plain search."""
    flags: list[Flag] = []
    plain: set[tuple[int, str]] = set()
    for line, (found, reference) in enumerate(zip(hits, references, strict=True), start=1):
        for hit, verdict in zip(found, verify(reference, found), strict=True):
            if verdict.status.failing:
                flags.append(Flag(line, hit.term.source, hit.term.target, verdict.status))
            if not re.search(rf"\b{re.escape(hit.term.target)}\b", reference):
                plain.add((line, hit.term.source))
    return Counts(sum(map(len, hits)), tuple(flags), frozenset(plain))


def false_flags(
    counts: Counts, judgements: Mapping[tuple[int, str], Judgement]
) -> tuple[list[Flag], list[Flag]]:
    """The flags judged wrong, then those that nobody has judged yet."""
    wrong, unjudged = [], []
    for flag in counts.flags:
        judgement = judgements.get((flag.line, flag.source))
        if judgement is None:
            unjudged.append(flag)
        elif not judgement.rightly:
            wrong.append(flag)
    return wrong, unjudged


def false_plain(counts: Counts, judgements: Mapping[tuple[int, str], Judgement]) -> int:
    """How many names a plain search does not find that are there: those that the rule finds,
    and those that it does not find and a reader does.
    """
    flagged = {(flag.line, flag.source) for flag in counts.flags}
    return sum(
        place not in flagged or place not in judgements or not judgements[place].rightly
        for place in counts.plain
    )


def misses(
    hits: Sequence[Sequence[TermHit]],
    references: Sequence[str],
    wrong_forms: Mapping[str, Sequence[str]],
) -> Misses:
    """Put wrong forms in the place of right ones, each alone, and verify.

    Args:
        hits: the names of each line.
        references: the human translation.
        wrong_forms: by target, what is put in its place; an ending goes over to it.
    """
    tried = 0
    missed: list[str] = []
    for line, (found, reference) in enumerate(zip(hits, references, strict=True), start=1):
        occurrences = find_occurrences(reference, (hit.term for hit in found))
        for hit, place in zip(found, assign(found, occurrences), strict=True):
            if place is None:
                continue
            spans = [other.span for other in occurrences if other.serves(hit.term)]
            for wrong in wrong_forms[hit.term.target]:
                text = _with_other_name(reference, spans, hit.term.target, wrong)
                tried += 1
                alone = [hit]
                if not verify(text, alone)[0].status.failing:
                    missed.append(f"{line}: {place.span.of(reference)} → {wrong}")
    return Misses(tried, tuple(missed))


def _with_other_name(text: str, spans: Sequence[Span], target: str, wrong: str) -> str:
    for span in sorted(spans, reverse=True):
        written = span.of(text)
        ending = written.removeprefix(target) if written.startswith(target) else ""
        text = text[: span.start] + wrong + ending + text[span.end :]
    return text


def neighbours(terms: Sequence[Term]) -> dict[str, list[str]]:
    """For each target those of the other names that begin most like it, if any do; none that
    has the name within it, or lies within it.
    """
    targets = list(dict.fromkeys(term.target for term in terms))
    return {target: _nearest(target, targets) for target in targets}


def _nearest(target: str, targets: Iterable[str]) -> list[str]:
    shared = {
        other: length
        for other in targets
        if (length := _shared(target, other)) >= LIKE_BEGINNING
        and _words_of(target).isdisjoint(_words_of(other))
    }
    most = max(shared.values(), default=0)
    return [other for other, length in shared.items() if length == most]


def _words_of(text: str) -> set[str]:
    return {span.of(text).casefold() for span in words(text)}


def _shared(left: str, right: str) -> int:
    pairs = zip(left.casefold(), right.casefold(), strict=False)
    return next((at for at, (a, b) in enumerate(pairs) if a != b), min(len(left), len(right)))


def misspellings(terms: Sequence[Term]) -> dict[str, list[str]]:
    """For each target, the same with one letter exchanged, and with one left out, both in the
    middle of its longest word; none for abbreviations and words of less than five letters.
    """
    return {term.target: list(_misspelt(term.target)) for term in terms}


def _misspelt(target: str) -> Iterator[str]:
    longest = max(words(target), key=len)
    if len(longest) < 5 or longest.of(target).isupper():
        return
    at = longest.start + len(longest) // 2
    exchanged = target[at].translate(_EXCHANGED)
    if exchanged != target[at]:
        yield target[:at] + exchanged + target[at + 1 :]
    if target[at] != target[at - 1]:
        yield target[:at] + target[at + 1 :]


def language_and_path(text: str) -> tuple[Locale, Path]:
    language, _, path = text.partition("=")
    if not path:
        raise argparse.ArgumentTypeError(f"{text!r} is not LANGUAGE=FILE")
    return Locale.parse(language), Path(path)


def parse(arguments: Sequence[str] | None = None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--source", type=Path, required=True, help="one sentence a line")
    parser.add_argument(
        "--references",
        required=True,
        type=lambda text: [language_and_path(part) for part in text.split(",")],
        metavar="LANGUAGE=FILE,…",
        help="its human translations",
    )
    parser.add_argument("--names", type=Path, default=DATA / "names.tsv")
    parser.add_argument(
        "--judged", type=Path, default=DATA, help="folder of verification.LANGUAGE.tsv"
    )
    parser.add_argument(
        "--listed-forms-only", action="store_true", help="ask no inflector for more forms"
    )
    parser.add_argument("--show", action="store_true", help="every flag and every miss")
    return parser.parse_args(arguments)


def main() -> None:
    options = parse()
    sources = lines_of(options.source)
    flagged = [["language", "hits", "flagged", "false", "rate", "plain", "false", "rate", "twice"]]
    passed = [["language", "neighbours", "noticed", "misspelt", "noticed"]]
    for locale, path in options.references:
        references = lines_of(path)
        if len(references) != len(sources):
            raise BenchmarkError(f"{path}: {len(references)} lines for {len(sources)}")
        terms = terms_of(options.names, locale, inflected=not options.listed_forms_only)
        hits = hits_of(sources, terms)
        counts = counted(hits, references)
        judgements = judgements_of(options.judged / f"verification.{locale.language}.tsv")
        wrong, unjudged = false_flags(counts, judgements)
        plain = false_plain(counts, judgements)
        duplicates = sum(flag.status is TermStatus.DUPLICATE for flag in counts.flags)
        flagged.append(
            [
                locale.language,
                f"{counts.hits}",
                f"{len(counts.flags)}",
                f"{len(wrong) + len(unjudged)}",
                f"{(len(wrong) + len(unjudged)) / counts.hits:.2%}",
                f"{len(counts.plain)}",
                f"{plain}",
                f"{plain / counts.hits:.2%}",
                f"{duplicates}",
            ]
        )
        by_name = misses(hits, references, neighbours(terms))
        by_letter = misses(hits, references, misspellings(terms))
        passed.append(
            [
                locale.language,
                *(
                    cell
                    for one in (by_name, by_letter)
                    for cell in (f"{one.tried}", f"{1 - len(one.missed) / max(one.tried, 1):.2%}")
                ),
            ]
        )
        if unjudged:
            print(f"{locale.language}: {len(unjudged)} not judged yet, counted as false")
        if options.show:
            for flag in counts.flags:
                judgement = judgements.get((flag.line, flag.source))
                told = f"{judgement.rightly}: {judgement.reason}" if judgement else "not judged"
                print(f"{flag.line}\t{flag.source}\t{flag.target}\t{flag.status}\t{told}")
            print(*by_name.missed, *by_letter.missed, sep="\n")
    print(figures.table(flagged))
    print()
    print(figures.table(passed))


if __name__ == "__main__":
    main()
