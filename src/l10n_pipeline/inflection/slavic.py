"""Russian and Ukrainian: names by case.

Persons are declined by ``pytrovich`` (rules of the Petrovich project) and ``shevchenko``,
everything else by the dictionaries of ``pymorphy3`` (OpenCorpora, VESUM): the head of a
name inflects with the adjectives before it, what follows it stays.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from pymorphy3 import MorphAnalyzer
from rapidfuzz.fuzz import ratio

from l10n_pipeline.inflection.anthroponyms import PersonDecliner, decliner_for
from l10n_pipeline.inflection.choice import BASE, Cell
from l10n_pipeline.inflection.prepositions import GOVERNMENT
from l10n_pipeline.model import Gender, Span, Term, TermKind

if TYPE_CHECKING:
    from pymorphy3.analyzer import Parse

CASES: Final = (BASE, "genitive", "dative", "accusative", "instrumental", "prepositional")
_GRAMMEMES: Final = dict(zip(CASES, ("nomn", "gent", "datv", "accs", "ablt", "loct"), strict=True))
_UNKNOWN: Final = "?"
"""What no dictionary has."""
_LOCATIVE: Final = "locative"
"""The second prepositional of в Крыму."""
_CYRILLIC: Final = re.compile(r"[а-яёґєіїʼ’'-]+", re.IGNORECASE)
_FIXED_ENDING: Final = re.compile(r"(?:[еёиоуыэюєії]|[еиоуыэю]а)\Z")
_ORDINAL: Final = re.compile(r"(\d+)-(й|я|е|ша|га|та)\Z")
_ORDINAL_ENDINGS: Final = {
    "й": ("й", "го", "му", "й", "м", "м"),
    "я": ("я", "й", "й", "ю", "й", "й"),
    "е": ("е", "го", "му", "е", "м", "м"),
}
_CONJUNCTIONS: Final = frozenset({"и", "й", "і", "та", "-", "–", "—"})
_ADJECTIVES: Final = frozenset({"ADJF", "PRTF"})
_NAMES: Final = frozenset({"NOUN", *_ADJECTIVES})
_GUESSABLE: Final = re.compile(r"[бвгджзйклмнпрстфхцчшщ]\Z|[^аеёиоуыэюяєії]а\Z|[ьиі]я\Z")
_ADJECTIVAL: Final = re.compile(r"(?:[иыо]й|[ая]я|[ое]е|[ыи]е)\Z")
_VOWELS: Final = "аеёиоуыэюяєії"
# What a noun that is declined regularly ends in, by the ending of its base form.
_MASCULINE_ENDINGS: Final = {
    "а": ("genitive", "accusative"),
    "я": ("genitive", "accusative"),
    "у": ("dative",),
    "ю": ("dative",),
    "ом": ("instrumental",),
    "ем": ("instrumental",),
    "ым": ("instrumental",),
    "им": ("instrumental",),
    "е": ("prepositional",),
    "і": ("prepositional",),
    "ого": ("genitive", "accusative"),
    "его": ("genitive", "accusative"),
    "ому": ("dative",),
}
_FEMININE_ENDINGS: Final = {
    "а": (BASE,),
    "я": (BASE,),
    "ы": ("genitive",),
    "и": ("genitive",),
    "е": ("dative", "prepositional"),
    "і": ("dative", "prepositional"),
    "у": ("accusative",),
    "ю": ("accusative",),
    "ой": ("instrumental", "genitive", "dative", "prepositional"),
    "ей": ("instrumental",),
    "ою": ("instrumental",),
    "ую": ("accusative",),
}
_SAME_WORD: Final = 60.0
_GOVERNED: Final = 3.0
_PARSED: Final = 2.0
_GUESSED: Final = 1.0
_SPELLED: Final = 2.0
_AGREEING: Final = 1.5


@dataclass(frozen=True, slots=True)
class _Word:
    """A word of a target with its forms in the order of ``CASES``; one form where fixed."""

    span: Span
    forms: tuple[str, ...]
    locative: str = ""

    @property
    def fixed(self) -> bool:
        return len(set(self.forms)) <= 1


class SlavicMorphology:
    """Declension of names; a ``Morphology``."""

    def __init__(self, analyzer: MorphAnalyzer, persons: PersonDecliner, language: str) -> None:
        self._analyzer = analyzer
        self._persons = persons
        self._government = GOVERNMENT[language]
        self._parse = lru_cache(maxsize=65536)(self._analysed)
        self._words = lru_cache(maxsize=65536)(self._declined)

    @classmethod
    def of(cls, language: str) -> SlavicMorphology:
        """For ``ru`` or ``uk``, whose libraries have to be installed."""
        return cls(MorphAnalyzer(lang=language), decliner_for(language), language)

    def _analysed(self, word: str) -> list[Parse]:
        # The analyser asks for the names of letters, and some have none.
        named = all(unicodedata.name(letter, "") for letter in word)
        found: list[Parse] = self._analyzer.parse(word if named else _UNKNOWN)
        return found

    def paradigm(self, term: Term) -> tuple[Cell, ...]:
        """The target in six cases, and in the second prepositional where it has one."""
        declined = self._words(term)
        if all(word.fixed for word in declined):
            return (Cell(BASE, term.target),)
        cells = [Cell(case, _joined(term.target, declined, at)) for at, case in enumerate(CASES)]
        if any(word.locative for word in declined):
            cells.append(Cell(_LOCATIVE, _joined(term.target, declined, 5, locative=True)))
        return tuple(cells)

    def weigh(
        self, term: Term, paradigm: Sequence[Cell], rendering: str, before: str
    ) -> Sequence[float]:
        """By the preposition and the adjectives before the rendering, and its endings."""
        scores = dict.fromkeys(CASES, 0.0)
        governed = self._weigh_context(scores, before)
        self._weigh_rendering(scores, term, rendering)
        scores[_LOCATIVE] = scores["prepositional"]
        if governed in ("в", "во", "на", "у", "в"):
            scores[_LOCATIVE] += 1.5
        else:
            scores[_LOCATIVE] -= 1.5
        return [scores.get(cell.case, 0.0) for cell in paradigm]

    # --- forms ---------------------------------------------------------------------

    def _declined(self, term: Term) -> tuple[_Word, ...]:
        target = term.target
        spans = _tokens(target)
        tokens = [span.of(target) for span in spans]
        if self._is_person(term, tokens):
            forms = self._persons.decline(tokens, self._gender_of_person(term, tokens))
        else:
            forms = self._of_thing(tokens, term)
        return tuple(
            _Word(span, written, locative)
            for span, (written, locative) in zip(spans, forms, strict=True)
        )

    def _is_person(self, term: Term, tokens: Sequence[str]) -> bool:
        if term.kind is not TermKind.OTHER:
            return term.kind is TermKind.PERSON
        if not tokens or not all(token[:1].isupper() for token in tokens):
            return False
        first, last = self._parse(tokens[0])[:2], self._parse(tokens[-1])[:2]
        if len(tokens) == 1:
            return any(_has(parse, "Surn") or _has(parse, "Name") for parse in first[:1])
        named = any(_has(parse, "Name") for parse in first)
        return named and not any(_has(parse, "Geox") for parse in last)

    def _gender_of_person(self, term: Term, tokens: Sequence[str]) -> Gender:
        if term.gender is not Gender.UNKNOWN:
            return term.gender
        by_ending = _gender_of_surname(tokens[-1]) if tokens else Gender.UNKNOWN
        if by_ending is not Gender.UNKNOWN:
            return by_ending
        for token in tokens[:1]:
            for parse in self._parse(token):
                if (_has(parse, "Name") or _has(parse, "Surn")) and _has(parse, "nomn"):
                    if _has(parse, "ms-f"):
                        continue
                    return Gender.FEMININE if _has(parse, "femn") else Gender.MASCULINE
        if len(tokens) > 1:
            return Gender.FEMININE if tokens[0][-1:] in "ая" else Gender.MASCULINE
        return Gender.UNKNOWN

    def _of_thing(self, tokens: Sequence[str], term: Term) -> list[tuple[tuple[str, ...], str]]:
        """Forms of each word: adjectives and the head in all cases, the rest as it is."""
        forms: list[tuple[tuple[str, ...], str]] = [((token,), "") for token in tokens]
        start = 0
        while start < len(tokens):
            head, parse = self._head(tokens, start)
            if head is None:
                break
            if parse is None:
                gender = "femn" if tokens[head][-1] in "ая" else "masc"
                forms[head] = self._by_rule(tokens[head], gender), ""
                for at in range(start, head):
                    forms[at] = self._agreeing(tokens[at], gender, plural=False, animate=False)
                break
            plural = _has(parse, "plur")
            gender = next((g for g in ("masc", "femn", "neut") if _has(parse, g)), "masc")
            animate = _has(parse, "anim") and not _is_place(term)
            declined = self._forms_of(tokens[head], parse, plural=plural, animate=animate)
            if declined is None:
                break
            forms[head] = declined
            for at in range(start, head):
                forms[at] = self._agreeing(tokens[at], gender, plural=plural, animate=animate)
            start = head + 1
            if start >= len(tokens) or tokens[start].lower() not in _CONJUNCTIONS:
                break
            start += 1
        return forms

    def _head(self, tokens: Sequence[str], start: int) -> tuple[int | None, Parse | None]:
        """The first noun in the nominative that only adjectives come before."""
        adjectives = 0
        for at in range(start, len(tokens)):
            token = tokens[at]
            if _ORDINAL.fullmatch(token):
                adjectives += 1
                continue
            if not _CYRILLIC.fullmatch(token):
                return None, None
            last = at == len(tokens) - 1
            if self._agrees(token) and not last:
                adjectives += 1
                continue
            parse = self._nominative_noun(token, proper=last or adjectives == 0)
            if parse is None and last and _GUESSABLE.search(token.lower()):
                return at, None
            if parse is None and last and self._agrees(token):
                parse = self._agrees(token)
            return (at, parse) if parse is not None else (None, None)
        return None, None

    def _agrees(self, token: str) -> Parse | None:
        """A reading as an adjective in the nominative, if that is what it is."""
        parses = self._parse(token)
        noun = _has(parses[0], "NOUN") and _has(parses[0], "nomn")
        if noun and (parses[0].is_known or not _ADJECTIVAL.search(token.lower())):
            return None
        return next(
            (
                parse
                for parse in parses
                if parse.tag.POS in _ADJECTIVES and _has(parse, "nomn") and parse.score > 0.05
            ),
            None,
        )

    def _nominative_noun(self, token: str, *, proper: bool) -> Parse | None:
        readings = [
            parse for parse in self._parse(token) if _has(parse, "NOUN") and _has(parse, "nomn")
        ]
        known = [parse for parse in readings if parse.is_known]
        if known:
            if proper:
                named = [parse for parse in known if _has(parse, "Geox") or _has(parse, "Orgn")]
                known = named or [p for p in known if not _has(p, "Surn")] or known
            return known[0]
        return next((parse for parse in readings if _plausible(token, parse)), None)

    def _by_rule(self, token: str, gender: str) -> tuple[str, ...]:
        """The six cases of a thing's name by the rules for persons'."""
        sex = Gender.FEMININE if gender == "femn" else Gender.MASCULINE
        forms = self._persons.decline_word(token, "given", sex)
        return (*forms[:3], token if sex is Gender.MASCULINE else forms[3], *forms[4:])

    def _forms_of(
        self, token: str, parse: Parse, *, plural: bool, animate: bool
    ) -> tuple[tuple[str, ...], str] | None:
        if _has(parse, "Fixd") or (token.isupper() and len(token) > 1):
            return (token,), ""
        if not parse.is_known and _FIXED_ENDING.search(token.lower()):
            return (token,), ""
        lexeme = self._lexeme(parse, plural=plural, animate=animate)
        if lexeme is None:
            return None
        forms, locative = lexeme
        written = tuple(_written_like(token, form) for form in forms)
        return (token, *written[1:]), _written_like(token, locative) if locative else ""

    def _lexeme(
        self, parse: Parse, *, plural: bool, animate: bool
    ) -> tuple[tuple[str, ...], str] | None:
        number = {"plur"} if plural else set()
        forms: list[str] = []
        for case in CASES:
            wanted = {_GRAMMEMES[case], *number}
            if case == "accusative" and not animate and _accusative_is_base(parse, plural=plural):
                forms.append(forms[0])
                continue
            if case == "accusative" and animate and (plural or _has(parse, "masc")):
                forms.append(forms[1])
                continue
            found = parse.inflect(wanted)
            if found is None:
                return None
            forms.append(found.word)
        # A guess takes it from the end of the word: Лос-Анджелес is no лес.
        has_second = parse.is_known and not plural
        second = [one.word for one in parse.lexeme if _has(one, "loc2")] if has_second else []
        locative = second[0] if second and second[0] != forms[5] else ""
        return tuple(forms), locative

    def _agreeing(
        self, token: str, gender: str, *, plural: bool, animate: bool
    ) -> tuple[tuple[str, ...], str]:
        ordinal = _ORDINAL.fullmatch(token)
        if ordinal:
            endings = _ORDINAL_ENDINGS.get(ordinal[2], ())
            return tuple(f"{ordinal[1]}-{ending}" for ending in endings) or (token,), ""
        parse = self._agrees(token)
        if parse is None or _has(parse, "Apro"):
            return (token,), ""
        if not parse.is_known and not plural and gender in ("masc", "femn"):
            return _adjective(token), ""
        number = {"plur"} if plural else {gender}
        forms: list[str] = []
        for case in CASES:
            if case == "accusative" and (plural or gender == "masc"):
                forms.append(forms[1 if animate else 0])
                continue
            found = parse.inflect({_GRAMMEMES[case], *number})
            if found is None:
                return (token,), ""
            forms.append(found.word)
        return (token, *(_written_like(token, form) for form in forms[1:])), ""

    # --- evidence ------------------------------------------------------------------

    def _weigh_context(self, scores: dict[str, float], before: str) -> str:
        """Adds what the words before a rendering say; the preposition that governs it."""
        spoken = [span.of(before) for span in _tokens(before)]
        clause = before[-1:] in (",", ";", ":", ".", "!", "?") or before.rstrip()[-1:] in ",;:.!?"
        if not spoken or clause:
            scores["prepositional"] -= _GOVERNED
            return ""
        agreeing = False
        for back, word in enumerate(reversed(spoken[-3:])):
            cases = self._government.get(word.lower())
            if cases and not (back and not agreeing):
                for case in CASES:
                    scores[case] += cases[case] * _GOVERNED if case in cases else -_GOVERNED
                return word.lower()
            shares = self._case_shares(word, _ADJECTIVES)
            if not shares:
                if back == 0:
                    self._weigh_noun_before(scores, word)
                break
            agreeing = True
            if back == 0:
                for case, share in shares.items():
                    scores[case] += _AGREEING * share
        scores["prepositional"] -= _GOVERNED if not agreeing else 0.5
        return ""

    def _weigh_noun_before(self, scores: dict[str, float], word: str) -> None:
        """After a noun a name is its genitive, or, after a person's title, agrees with it."""
        parses = self._parse(word)
        if not _has(parses[0], "NOUN"):
            return
        if _has(parses[0], "anim"):
            for case, share in self._case_shares(word, frozenset({"NOUN"})).items():
                scores[case] += share
                if case == "prepositional":
                    scores[case] += _GOVERNED
        else:
            scores["genitive"] += 0.75
            if self._case_shares(word, frozenset({"NOUN"})).get("prepositional", 0.0) > 0.1:
                scores["prepositional"] += _GOVERNED  # в столице Загребе

    def _case_shares(
        self, word: str, parts: frozenset[str], *, plural: bool | None = None
    ) -> dict[str, float]:
        """How likely each case is by the word's readings as these parts of speech, in the
        plural or singular alone where that is known.
        """
        shares: dict[str, float] = {}
        if not _CYRILLIC.fullmatch(word):
            return shares
        parses = [parse for parse in self._parse(word) if plural in (None, _has(parse, "plur"))]
        total = sum(parse.score for parse in parses)
        for parse in parses:
            if parse.tag.POS in parts and not _has(parse, "Apro"):
                for case, grammeme in _GRAMMEMES.items():
                    if _has(parse, grammeme):
                        shares[case] = shares.get(case, 0.0) + parse.score / total
        if sum(shares.values()) < 0.5:
            return {}
        return shares

    def _weigh_rendering(self, scores: dict[str, float], term: Term, rendering: str) -> None:
        declined = [word for word in self._words(term) if not word.fixed]
        written = [
            token
            for token in (span.of(rendering) for span in _tokens(rendering))
            if _CYRILLIC.fullmatch(token)
        ]
        if not written or not declined:
            return
        pairs = _aligned(self._words(term), written)
        for at, (word, token) in enumerate(pairs, 1):
            lowered = token.lower()
            # A surname tells more than what comes before it.
            weight = (2.0 if at == len(pairs) else 1.0) / (len(pairs) + 1)
            known = self._parse(lowered)[0].is_known
            base = self._parse(word.forms[0])[0]
            plural = _has(base, "plur") and _has(base, "nomn")
            for case, share in self._case_shares(lowered, _NAMES, plural=plural).items():
                scores[case] += (_PARSED if known else _GUESSED) * share * weight
            for case, gain in _spelled(word, lowered).items():
                scores[case] += _SPELLED * gain * weight


def _spelled(word: _Word, token: str) -> dict[str, float]:
    """For each case how far a word ends as the target's word does in it, 0 to 1."""
    forms = [form.lower() for form in word.forms]
    kept = 0
    while all(kept < len(form) and form[kept] == forms[0][kept] for form in forms):
        kept += 1
    endings = [form[kept:] for form in forms]
    if kept >= 3 and token[:kept] == forms[0][:kept] and token in forms:
        return {case: 1.0 for case, form in zip(CASES, forms, strict=True) if form == token}
    matching = [
        at
        for at, ending in enumerate(endings)
        if (
            token.endswith(ending) and len(token) > len(ending) + 1
            if ending
            else token[-1] not in _VOWELS
        )
    ]
    longest = max((len(endings[at]) for at in matching), default=0)
    best = [CASES[at] for at in matching if len(endings[at]) == longest]
    if longest or (best and not any(token.endswith(e) for e in _MASCULINE_ENDINGS if len(e) > 1)):
        # The base before the others that look alike: the accusative of a thing.
        return {case: 1.0 if case != "accusative" or BASE not in best else 0.8 for case in best}
    feminine = forms[0][-1:] in ("а", "я")
    table = _FEMININE_ENDINGS if feminine else _MASCULINE_ENDINGS
    for length in (3, 2, 1):
        cases = table.get(token[-length:])
        if cases:
            return dict.fromkeys(cases, 0.8)
    return dict.fromkeys(best, 1.0)


def _adjective(token: str) -> tuple[str, ...]:
    """The six cases of an adjective in no dictionary; just the word for other endings."""
    stem, ending = token[:-2], token[-2:].lower()
    if ending in ("ая", "яя"):
        hard = ending == "ая"
        oblique = stem + ("ой" if hard else "ей")
        return token, oblique, oblique, stem + ("ую" if hard else "юю"), oblique, oblique
    if ending in ("ий", "ый", "ой"):
        velar = stem[-1:].lower() in "гкх"
        hard = ending != "ий" or velar
        instrumental = stem + ("ым" if hard and not velar else "им")
        o = "о" if hard else "е"
        return token, f"{stem}{o}го", f"{stem}{o}му", token, instrumental, f"{stem}{o}м"
    return (token,)


def _aligned(target: Sequence[_Word], written: Sequence[str]) -> list[tuple[_Word, str]]:
    """The target's words that inflect, each with the word of the rendering it stands for."""
    declined = [word for word in target if not word.fixed]
    pairs: list[tuple[_Word, str]] = []
    for word in declined:
        base = word.forms[0].lower()
        token = max(written, key=lambda token: ratio(base, token.lower()))
        if ratio(base, token.lower()) < _SAME_WORD:
            if len(target) != len(written):
                continue
            token = written[target.index(word)]
        pairs.append((word, token))
    if pairs:
        return pairs
    at = -1 if not target[-1].fixed else 0
    return [(declined[at], written[at])]


def _gender_of_surname(surname: str) -> Gender:
    ending = surname.lower()
    if ending.endswith(("ова", "ева", "ёва", "ина", "ына", "ская", "цкая", "ська", "цька")):
        return Gender.FEMININE
    if ending.endswith(("ов", "ев", "ёв", "ский", "цкий", "ський", "цький")):
        return Gender.MASCULINE
    return Gender.UNKNOWN


def _is_place(term: Term) -> bool:
    return term.kind in (TermKind.PLACE, TermKind.ORGANISATION)


def _has(parse: Parse, grammeme: str) -> bool:
    # The tag's own ``in`` raises an error for what its language lacks.
    return grammeme in parse.tag.grammemes


def _accusative_is_base(parse: Parse, *, plural: bool) -> bool:
    """Whether a thing's accusative is its nominative."""
    masculine = _has(parse, "masc") and not parse.word.endswith(("а", "я"))
    return plural or _has(parse, "neut") or masculine


def _plausible(token: str, parse: Parse) -> bool:
    """Whether a guessed reading of a word in no dictionary may be trusted."""
    word = token.lower()
    if _has(parse, "plur") or _FIXED_ENDING.search(word):
        return False
    if word[-1] in "ая":
        return _has(parse, "femn") and not _has(parse, "Fixd")
    if word[-1] == "ь":
        return True
    return _has(parse, "masc") and not _has(parse, "Fixd") and parse.tag.POS == "NOUN"


def _tokens(text: str) -> list[Span]:
    """Words, with the hyphens and apostrophes inside them."""
    return [Span(*found.span()) for found in re.finditer(r"[\w'’ʼ.]+(?:-[\w'’ʼ]+)*|[–—]", text)]


def _joined(target: str, declined: Sequence[_Word], at: int, *, locative: bool = False) -> str:
    pieces: list[str] = []
    position = 0
    for word in declined:
        form = word.forms[at] if not word.fixed and len(word.forms) > 1 else word.forms[0]
        if locative and word.locative:
            form = word.locative
        pieces += (target[position : word.span.start], form)
        position = word.span.end
    return "".join([*pieces, target[position:]])


def _written_like(model: str, form: str) -> str:
    """A form in the capitals of the word it is of, and with е for ё where that has it.

    >>> _written_like("Молодежный", "молодёжного"), _written_like("Нью-Йорк", "нью-йорка")
    ('Молодежного', 'Нью-Йорка')
    """
    kept = 0
    lowered = model.lower()
    while kept < min(len(model), len(form)) and _plain(lowered[kept]) == _plain(form[kept]):
        kept += 1
    ending = form[kept:]
    return model[:kept] + (ending.upper() if model.isupper() and len(model) > 1 else ending)


def _plain(letter: str) -> str:
    return "е" if letter == "ё" else letter
