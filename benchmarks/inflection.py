"""How often names get the right form, on hand-annotated drafts.

    python -m benchmarks.inflection [--rows FOLDER] [LANGUAGE ...]

Each row names what a model wrote for a name and the forms of the agreed target that a
careful reader accepts in its place. "chosen" gives the inflector what the model wrote;
"swapped" has the enforcer find that by itself, without a word alignment. A form is flagged
where the reviewer is told to look at it.
"""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from pathlib import Path
from typing import Final

from l10n_pipeline.enforcement import SpanEnforcer
from l10n_pipeline.errors import EnvironmentFault
from l10n_pipeline.folding import APOSTROPHES, HYPHENS
from l10n_pipeline.inflection import inflector_for, missing_for
from l10n_pipeline.locale import Locale
from l10n_pipeline.model import Hypothesis, Span, Term, TermHit, TermKind, TermMode
from l10n_pipeline.protocols import Inflector

ANNOTATED: Final = Path(__file__).parent.parent / "tests" / "inflection" / "annotated"
_TOKEN: Final = re.compile(rf"\s+|\w[\w{re.escape(APOSTROPHES + HYPHENS)}]*|.")
_ALIKE: Final = str.maketrans({**dict.fromkeys(APOSTROPHES, "'"), "ё": "е", "Ё": "Е"})
"""Ways to write the same: Russian writes ё as it likes."""


@dataclass(frozen=True, slots=True)
class Row:
    """One name in one draft."""

    line: int
    """Line of the sentence in the test set."""
    term: Term
    rendering: str
    """What the draft has for it."""
    acceptable: tuple[str, ...]
    """Forms of the target that may stand there instead."""
    reference: str
    """The form, of the same target, that the human translation has; empty if none."""
    source: str
    draft: str

    @property
    def mentions(self) -> list[Span]:
        """Where the name stands in the source."""
        return [
            Span(*found.span())
            for found in re.finditer(rf"\b{re.escape(self.term.source)}(?!\w)", self.source)
        ]

    @property
    def place(self) -> Span:
        """The rendering in the draft."""
        start = self.draft.index(self.rendering)
        return Span(start, start + len(self.rendering))


@dataclass(frozen=True, slots=True)
class Outcome:
    """What was put in for one row."""

    row: Row
    form: str
    flagged: bool

    @property
    def acceptable(self) -> bool:
        """Whether a careful reader accepts it."""
        return _same(self.form, self.row.acceptable)


def read_rows(path: Path) -> list[Row]:
    """Rows of a file of ``tests/inflection/annotated``.

    Raises:
        ValueError: where a row has not nine columns, or a text that is not in its sentence.
    """
    rows: list[Row] = []
    for number, written in enumerate(path.read_text("utf-8").splitlines(), 1):
        if written.startswith("#"):
            continue
        cells = written.split("\t")
        if len(cells) != 9:
            raise ValueError(f"{path.name}:{number}: {len(cells)} columns, not 9")
        line, kind, source_name, target, rendering, acceptable, reference, source, draft = cells
        term = Term(source_name, target, mode=TermMode.INFLECT, kind=TermKind(kind))
        if source_name not in source or rendering not in draft:
            raise ValueError(f"{path.name}:{number}: the sentence lacks what is said to be in it")
        forms = tuple(acceptable.split("|"))
        rows.append(Row(int(line), term, rendering, forms, reference, source, draft))
    return rows


def chosen(rows: Iterable[Row], inflector: Inflector) -> list[Outcome]:
    """What the inflector puts in the place of each annotated rendering."""
    outcomes: list[Outcome] = []
    for row in rows:
        likely = inflector.like(row.term, row.rendering, row.draft[: row.place.start])
        form = likely[0].form if likely else row.term.target
        outcomes.append(Outcome(row, form, flagged=len(likely) != 1))
    return outcomes


def swapped(rows: Iterable[Row], inflector: Inflector, language: str) -> list[Outcome]:
    """What the enforcer makes of each draft, finding the rendering by itself."""
    enforcer = SpanEnforcer(language, inflector)
    outcomes: list[Outcome] = []
    for row in rows:
        # As a glossary's matcher gives it: with its forms.
        term = replace(row.term, inflections=inflector.inflections(row.term))
        hits = [TermHit(term, span) for span in row.mentions]
        draft = enforcer.enforce(row.source, hits, Hypothesis(row.draft, 0.0))
        flagged = any(verdict.status.failing for verdict in draft.verdicts)
        outcomes.append(Outcome(row, _in_its_place(row, draft.text), flagged))
    return outcomes


def _in_its_place(row: Row, text: str) -> str:
    """What stands in a text where the draft has the rendering; empty where what is beside it
    has changed as well.
    """
    draft, now = _TOKEN.findall(row.draft), _TOKEN.findall(text)
    first = len(_TOKEN.findall(row.draft[: row.place.start]))
    last = len(_TOKEN.findall(row.draft[: row.place.end]))
    found: list[str] = []
    matcher = SequenceMatcher(None, draft, now, autojunk=False)
    for _, start, end, new, new_end in matcher.get_opcodes():
        inserted = start == end and first <= start <= last
        if not inserted and (end <= first or start >= last):
            continue
        if start < end and end - start == new_end - new:
            # Word by word: what is beside it may be in the same stretch.
            shift = new - start
            found += now[max(start, first) + shift : min(end, last) + shift]
        elif start < first or end > last:
            return ""
        else:
            found += now[new:new_end]
    return "".join(found)


def summary(outcomes: Sequence[Outcome]) -> str:
    """The figures of one language, in one line."""
    wrong = [outcome for outcome in outcomes if not outcome.acceptable]
    flagged = [outcome for outcome in outcomes if outcome.flagged]
    caught = sum(outcome.flagged for outcome in wrong)
    referred = [outcome for outcome in outcomes if outcome.row.reference]
    equal = sum(_same(outcome.form, [outcome.row.reference]) for outcome in referred)
    ceiling = sum(_same(outcome.row.reference, outcome.row.acceptable) for outcome in referred)
    return (
        f"{len(outcomes):4d} rows  acceptable {_share(len(outcomes) - len(wrong), len(outcomes))}"
        f"  as the reference {_share(equal, len(referred))}"
        f" (at most {_share(ceiling, len(referred))})"
        f"  flagged {len(flagged)}: precision {_share(caught, len(flagged))},"
        f" recall {_share(caught, len(wrong))}"
        f"  wrong and unflagged {_share(len(wrong) - caught, len(outcomes))}"
    )


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("languages", nargs="*", default=["ru", "tr", "az"])
    parser.add_argument("--rows", type=Path, default=ANNOTATED, help="folder of <language>.tsv")
    parser.add_argument("--wrong", action="store_true", help="list what is not acceptable")
    options = parser.parse_args(arguments)
    for language in options.languages:
        locale = Locale.parse(language)
        inflector = inflector_for(locale)
        if inflector is None:
            need = missing_for(locale)
            extra = f": install l10n-pipeline[{need.extra}]" if need else ""
            raise EnvironmentFault(f"{locale.english_name} has no inflector{extra}")
        rows = read_rows(options.rows / f"{language}.tsv")
        bases = [Outcome(row, row.term.target, flagged=False) for row in rows]
        for name, outcomes in (
            ("base form", bases),
            ("chosen", chosen(rows, inflector)),
            ("swapped", swapped(rows, inflector, language)),
        ):
            print(f"{language} {name:9} {summary(outcomes)}")
            if options.wrong and name != "base form":
                for outcome in outcomes:
                    if not outcome.acceptable:
                        _explain(outcome)


def _explain(outcome: Outcome) -> None:
    row = outcome.row
    context = row.draft[max(row.place.start - 25, 0) : row.place.end + 10]
    mark = "?" if outcome.flagged else "!"
    print(f"   {mark} {outcome.form!r} not {'|'.join(row.acceptable)!r} in …{context}…")


def _same(form: str, forms: Iterable[str]) -> bool:
    return form.translate(_ALIKE) in {other.translate(_ALIKE) for other in forms}


def _share(part: int, whole: int) -> str:
    return f"{100 * part / whole:5.1f}%" if whole else "    –"


if __name__ == "__main__":
    main()
