"""Turkish and Azerbaijani: suffixes by vowel harmony.

Sources: the orthography guides of Türk Dil Kurumu ("Yazım Kuralları", apostrophe: before
case suffixes of proper names, not of institutions' names) and, for Azerbaijani, the
"Orfoqrafiya qaydaları" of 2019 (no apostrophe; a hyphen after abbreviations).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from rapidfuzz.fuzz import ratio

from l10n_pipeline.folding import APOSTROPHES, HYPHENS, words
from l10n_pipeline.inflection.choice import BASE, Cell
from l10n_pipeline.model import Term, TermKind

_VOWELS: Final = "aeıioöuüəâîû"
_LAST_VOWEL: Final = re.compile(rf"[{_VOWELS}](?=[^{_VOWELS}]*\Z)")
_FIRST_VOWEL: Final = re.compile(f"[{_VOWELS}]")
_FRONT: Final = frozenset("eəiöü")
_ROUNDED: Final = frozenset("oöuüû")
_PLAIN_VOWEL: Final = str.maketrans("âîûáàãäåéèêëíìïóòôõúùýøæ", "aiuaaaaaeeeeiiioooouuyöe")
_ENDING: Final = re.compile(r"[^\W\d_]+\Z|\d+\Z")
_JOINT: Final = re.compile(rf"[{re.escape(APOSTROPHES)}]")
_HYPHEN: Final = re.compile(rf"[{re.escape(HYPHENS)}]")
_POSSESSED: Final = re.compile("s?[ıiuü]")
_GENITIVE_BEFORE: Final = re.compile(rf"[{re.escape(APOSTROPHES)}]n?[ıiuü]n\s\Z")

# How the numbers are read that end a name (Apollo 11), by what is read last.
_NUMBERS: Final = {
    "tr": "sıfır bir iki üç dört beş altı yedi sekiz dokuz "
    "on yirmi otuz kırk elli altmış yetmiş seksen doksan yüz bin",
    "az": "sıfır bir iki üç dörd beş altı yeddi səkkiz doqquz "
    "on iyirmi otuz qırx əlli altmış yetmiş səksən doxsan yüz min",
}
# Heads of compounds in the third person possessive, without which "Gölü" (his lake) could
# not be told from a name that ends in a vowel (Delhi). Those in -sı and -ları need no list.
_POSSESSIVES: Final = {
    "tr": "ajansı akımı alanı alayı anıtı antlaşması atölyesi bakanlığı bankası barışı başkanlığı "
    "belgesi beyliği birliği bloğu boğazı bölgesi bölümü burnu caddesi camii camisi cephesi "
    "cumhuriyeti çayı çölü dağı denizi derneği devleti divanı dönemi eyaleti federasyonu festivali "
    "filosu fonu forumu gazetesi geçidi gölü grubu güneyi hareketi havalimanı havzası heyeti "
    "hükümeti ili imparatorluğu irmağı ırmağı kabilesi kalesi kanalı kanunu kapısı karargahı "
    "kenti kilisesi komitesi komisyonu konferansı konseyi körfezi köyü köprüsü krallığı kulesi "
    "kulübü kupası kurulu kurumu kuşağı kuzeyi ligi limanı mahallesi maçı merkezi meclisi meydanı "
    "müzesi nehri ocağı odası okulu okyanusu operası ordusu ormanı örgütü parkı partisi planı "
    "platosu projesi sarayı savaşı sendikası sokağı stadyumu stadı şehri şirketi tapınağı tarihi "
    "tepesi teşkilatı tiyatrosu topluluğu turnuvası tümeni üniversitesi vadisi vakfı yarımadası "
    "yasası yolu yönetimi zirvesi ödülü",
    "az": "adası agentliyi alayı assambleyası bankı birliyi boğazı bürosu cəmiyyəti çayı çölü dağı "
    "dənizi dövləti dəhlizi fakültəsi federasiyası fondu forumu gölü institutu ittifaqı kanalı "
    "klubu komitəsi komissiyası konfransı konqresi körfəzi kuboku küçəsi krallığı liqası mərkəzi "
    "məclisi meydanı məscidi muzeyi müharibəsi nazirliyi okeanı ordusu parkı partiyası rayonu "
    "respublikası sarayı şirkəti şəhəri şurası təşkilatı universiteti vadisi vilayəti yolu "
    "döyüşü stadionu xidməti departamenti ştatı mükafatı qrupu hərəkatı idarəsi",
}
# Loans whose last vowel is written as a back one and sounds as a front one.
_SOFT: Final = frozenset(
    [
        "bengal",
        "bilal",
        "celal",
        "cemal",
        "gal",
        "hilal",
        "ikbal",
        "interpol",
        "istiklal",
        "kemal",
        "mişel",
        "montreal",
        "nepal",
        "portugal",
        "resul",
        "senegal",
        "seul",
        "zühal",
    ]
)
_VOICELESS: Final = frozenset("fstkçşhpxcq")


@dataclass(frozen=True, slots=True)
class _Suffix:
    """A suffix with archiphonemes: A is a or e, I is ı, i, u or ü, D is d or t.

    A buffer letter in brackets stands after a vowel alone.
    """

    case: str
    plain: str
    possessive: str
    """The same after a possessive: n comes between."""
    marks_name: bool = True
    """Whether an apostrophe or a hyphen comes before it."""
    also: str = ""
    """What else a model writes for it: Turkish in Azerbaijani."""


@dataclass(frozen=True, slots=True)
class TurkicLanguage:
    """What the two languages have apart."""

    code: str
    suffixes: tuple[_Suffix, ...]
    """Most usual first."""
    apostrophe: bool
    """Whether proper names are divided from their suffixes."""
    acronym_joint: str
    """What divides abbreviations from their suffixes."""
    front: str
    """Its unrounded low front vowel: A after a front vowel."""
    assimilates: bool
    """Whether D is t after a voiceless consonant."""


TURKISH: Final = TurkicLanguage(
    code="tr",
    suffixes=(
        _Suffix("genitive", "(n)In", "nIn"),
        _Suffix("locative", "DA", "nDA"),
        _Suffix("dative", "(y)A", "nA"),
        _Suffix("accusative", "(y)I", "nI"),
        _Suffix("ablative", "DAn", "nDAn"),
        _Suffix("instrumental", "(y)lA", "ylA"),
        _Suffix("locative adjective", "DAki", "nDAki"),
        _Suffix("predicative", "DIr", "DIr"),
        _Suffix("plural", "lAr", "lAr", marks_name=False),
    ),
    apostrophe=True,
    acronym_joint="'",
    front="e",
    assimilates=True,
)
AZERBAIJANI: Final = TurkicLanguage(
    code="az",
    suffixes=(
        _Suffix("genitive", "(n)In", "nIn"),
        _Suffix("locative", "dA", "ndA"),
        _Suffix("dative", "(y)A", "nA"),
        _Suffix("accusative", "(n)I", "nI", also="yI"),
        _Suffix("ablative", "dAn", "ndAn"),
        _Suffix("instrumental", "(y)lA", "ylA"),
        _Suffix("locative adjective", "dAkI", "ndAkI"),
        _Suffix("predicative", "dIr", "dIr"),
        _Suffix("plural", "lAr", "lAr", marks_name=False),
    ),
    apostrophe=False,
    acronym_joint="-",
    front="ə",
    assimilates=False,
)


def lowered(text: str) -> str:
    """Lower case as both languages have it: I is ı and İ is i.

    >>> lowered("ISPARTA İZMİR")
    'ısparta izmir'
    """
    return text.replace("İ", "i").replace("I", "ı").lower()


class TurkicMorphology:
    """Suffixes for names; a ``Morphology``."""

    def __init__(self, language: TurkicLanguage) -> None:
        self._language = language
        self._numbers = _Readings(_NUMBERS[language.code])
        self._possessives = frozenset(_POSSESSIVES[language.code].split())
        self._endings = {
            suffix.case: (_pattern(suffix.plain), _pattern(suffix.possessive))
            for suffix in language.suffixes
        }
        # A model may put in a possessive of its own: Grand Prix'sinde.
        self._strange = [(BASE, _pattern("sI"))]
        for suffix in language.suffixes:
            if suffix.marks_name:
                self._strange.append((suffix.case, _pattern("(s)I" + suffix.possessive)))
            if suffix.also:
                self._strange.append((suffix.case, _pattern(suffix.also)))

    def paradigm(self, term: Term) -> tuple[Cell, ...]:
        """The target with each suffix, most usual spelling first."""
        target = term.target
        sound = self._sound(target)
        if sound is None:
            return ()
        stems = [(target, joint) for joint in self._joints(term)]
        softened = self._softened(term)
        possessive = self._possessive(term)
        bare = ("",) if target[-1:].isalpha() and not _acronym(target) else ()
        cells = [Cell(BASE, target)]
        for suffix in self._language.suffixes:
            if not suffix.marks_name and (possessive is not False or "" not in bare):
                continue
            spellings = [suffix.possessive if possessive else suffix.plain]
            if possessive is None:
                spellings.append(suffix.possessive)
            for spelling in spellings:
                ending = self._realised(spelling, sound)
                if softened and ending[0] in _VOWELS:
                    cells.append(Cell(suffix.case, softened + ending))
                    continue
                cells.extend(
                    Cell(suffix.case, stem + (joint if suffix.marks_name else "") + ending)
                    for stem, joint in stems
                )
        return tuple(dict.fromkeys(cells))

    def weigh(
        self, term: Term, paradigm: Sequence[Cell], rendering: str, before: str
    ) -> Sequence[float]:
        """By the suffix of the rendering's last word; by what comes before, whether that is a
        possessive. Nothing for a suffix that is no case's.
        """
        stem, joint, suffix = _divided(rendering, hyphen=self._language.code == "az")
        if suffix and any(map(str.isupper, suffix)):
            suffix = lowered(suffix)
        by_case: dict[str, float] = {}
        if suffix:
            by_case = self._divided_by(suffix, before, possessive=bool(self._possessive(term)))
            whole = stem + joint + suffix
            if not by_case and (joint in APOSTROPHES or _closer(term, stem, whole)):
                return ()
        if not by_case:
            # A hyphen may be the name's own: Dauninq-stritdə.
            stem, joint, suffix = stem + joint + suffix, "", ""
            by_case = self._undivided(term, lowered(stem))
        same_sound = _skeleton(stem)[-3:] == _skeleton(term.target)[-3:]
        scores: list[float] = []
        seen: dict[str, int] = {}
        for cell in paradigm:
            score = by_case.get(cell.case, 0.0)
            # The spellings of one case: the writer's own apostrophe and suffix decide.
            rank = seen.setdefault(cell.case, 0)
            seen[cell.case] += 1
            score -= 0.3 * min(rank, 3)
            ending = cell.form[len(term.target) :] if cell.case != BASE else ""
            if cell.case not in {BASE, "plural"}:
                divided = bool(joint)
                score += 1.2 if divided == (ending[:1] in (*APOSTROPHES, "-")) else 0.0
            if suffix and ending.lstrip(APOSTROPHES + "-") == suffix:
                score += 1.2 if same_sound else 0.4
            scores.append(score)
        return scores

    def _divided_by(self, suffix: str, before: str, *, possessive: bool) -> dict[str, float]:
        """Cases of a suffix that stands by itself; none where it is no case's."""
        cases = [
            case
            for case, patterns in self._endings.items()
            if any(pattern.fullmatch(suffix) for pattern in patterns)
        ]
        if possessive and _POSSESSED.fullmatch(suffix) and _GENITIVE_BEFORE.search(before):
            cases = [BASE]  # Branson'ın Virgin Group'u
        if not cases:
            cases = [case for case, pattern in self._strange if pattern.fullmatch(suffix)]
        return dict.fromkeys(cases, 4.0)

    def _undivided(self, term: Term, word: str) -> dict[str, float]:
        """Cases of a rendering that nothing divides from its suffix: what is left of it
        without the suffix should be like the name.
        """

        def alike(text: str) -> float:
            best = _likeness(term, text)
            # Nothing but the name is left: worth more than any likeness.
            return best if best < 1 else 1.1

        whole = alike(word)
        related = whole >= 0.6
        weight = 16.0 if related else 4.0
        scores = {BASE: weight * whole}
        for case, patterns in self._endings.items():
            pattern = patterns[1 if self._possessive(term) else 0]
            best = 0.0
            for start in range(max(1, len(word) - 7), len(word)):
                if pattern.fullmatch(word[start:]) and _harmonious(word[:start], word[start:]):
                    length = len(word) - start
                    gain = alike(word[:start]) if related else whole
                    # Of a word that has nothing of the name, a long suffix is telling.
                    bonus = 0.1 * length if related else 0.9 * (length - 1)
                    best = max(best, weight * gain + bonus)
            scores[case] = best
        if self._divides(term):
            scores[BASE] += 1.5
        return scores

    def _divides(self, term: Term) -> bool:
        return self._language.apostrophe and self._joints(term) == ("'",)

    def _joints(self, term: Term) -> tuple[str, ...]:
        """What may divide the target from a suffix, most usual first."""
        if _acronym(term.target):
            return (self._language.acronym_joint,)
        if term.target[-1:].isdigit():
            return ("'",) if self._language.apostrophe else ("-",)
        if not self._language.apostrophe or not any(map(str.isupper, term.target)):
            return ("",)
        if term.kind is TermKind.ORGANISATION or (
            term.kind is TermKind.OTHER and self._possessive(term)
        ):
            return ("", "'")
        return ("'",)

    def _possessive(self, term: Term) -> bool | None:
        """Whether the target ends in a possessive; None where that cannot be told."""
        spoken = [lowered(span.of(term.target)) for span in words(term.target)]
        last = spoken[-1] if spoken else ""
        if last.endswith(("oğlu", "qızı", "kızı")) and len(last) > 4:
            return True
        if len(spoken) < 2 or term.kind is TermKind.PERSON or last[-1:] not in tuple("ıiuü"):
            return False
        clear = ("ları", "leri", "ləri", "sı", "si", "su", "sü", "ğı", "ği", "ğu", "ğü", "liyi")
        if last in self._possessives or last.endswith(clear):
            return True
        return True if term.kind in (TermKind.ORGANISATION, TermKind.TITLE) else None

    def _softened(self, term: Term) -> str:
        """The stem before a vowel where its last consonant is written soft: common nouns,
        and in Azerbaijani nouns in -lıq; empty elsewhere.
        """
        word = lowered(term.target)
        if self._language.code == "az":
            if len(word) > 5 and word.endswith(("lıq", "luq", "lik", "lük")):
                return term.target[:-1] + ("ğ" if word[-1] == "q" else "y")
            return ""
        syllables = sum(letter in _VOWELS for letter in word)
        if any(map(str.isupper, term.target)) or syllables < 2 or word[-1:] not in tuple("kpç"):
            return ""
        soft = "g" if word.endswith("nk") else {"k": "ğ", "p": "b", "ç": "c"}[word[-1]]
        return term.target[:-1] + soft

    def _sound(self, target: str) -> str | None:
        """The end of the target as it is read aloud; None where it cannot be."""
        last = _ENDING.search(target)
        if last is None:
            return None
        ending = last[0]
        if ending.isdigit():
            return self._numbers(ending)
        word = lowered(unicodedata.normalize("NFC", ending))
        if _acronym(target) and word[-1] not in _VOWELS:
            if self._language.code == "az" and word == "abş":
                return word
            if len(word) <= 3 or not _LAST_VOWEL.search(word):
                # The letters are named: be, ce, de.
                return word + "e"
        word = word.translate(_PLAIN_VOWEL)
        if word[-1] == "y" and len(word) > 1 and word[-2] not in _VOWELS:
            word = word[:-1] + "i"  # Foreign names: Kennedy.
        if not _LAST_VOWEL.search(word):
            return None
        return word

    def _realised(self, spelling: str, sound: str) -> str:
        """A suffix in the sounds that follow this one."""
        vowel = _LAST_VOWEL.search(sound)
        last = vowel[0] if vowel else "e"
        front = last in _FRONT or sound in _SOFT
        rounded = last in _ROUNDED
        after_vowel = sound[-1] in _VOWELS
        voiceless = sound[-1] in _VOICELESS and not sound.endswith("gh")
        made = ""
        for part in re.findall(r"\(\w\)|\w", spelling):
            if part[0] == "(":
                made += part[1] if after_vowel else ""
            elif part == "A":
                made += self._language.front if front else "a"
                rounded = False
            elif part == "I":
                made += ("ü" if rounded else "i") if front else ("u" if rounded else "ı")
            elif part == "D":
                hard = voiceless and self._language.assimilates and not made
                made += "t" if hard else "d"
            else:
                made += part
        return made


def _likeness(term: Term, text: str) -> float:
    """How like a text is to a spelling of the term, 0 to 1."""
    spellings = (term.target, term.source, *term.aliases, *term.forbidden)
    rest = _skeleton(text)
    scores = (ratio(rest, known) for known in map(_skeleton, spellings) if known)
    return max(scores, default=0.0) / 100


def _closer(term: Term, one: str, other: str) -> bool:
    """Whether the one is more like the term than the other."""
    return _likeness(term, one) > _likeness(term, other)


def _divided(rendering: str, *, hyphen: bool) -> tuple[str, str, str]:
    """A rendering as name, joint and suffix: ``("Bakü", "'", "de")``."""
    trimmed = rendering.strip('"“”„«»‹›()[]., \u00a0')
    joints = list(_JOINT.finditer(trimmed)) + (list(_HYPHEN.finditer(trimmed)) if hyphen else [])
    for joint in sorted(joints, key=lambda found: -found.start()):
        name, suffix = trimmed[: joint.start()].rstrip(), trimmed[joint.end() :].lstrip()
        if name and 0 < len(suffix) <= 8 and suffix.isalpha() and not suffix[0].isupper():
            return name, joint[0], suffix
    return trimmed, "", ""


def _acronym(target: str) -> bool:
    last = words(target)[-1].of(target) if words(target) else ""
    return len(last) > 1 and last.isupper() and last.isalpha() and len(last) <= 7


def _skeleton(text: str) -> str:
    """Letters without case, marks and what the two languages spell apart."""
    plain = unicodedata.normalize("NFD", lowered(text).translate(_SPELLINGS))
    letters = "".join(letter for letter in plain if letter.isalnum())
    return re.sub(r"(.)\1+", r"\1", letters)


_SPELLINGS: Final = str.maketrans("ıəâxqgvwjy", "ieahkkvvci")


def _pattern(spelling: str) -> re.Pattern[str]:
    """What a suffix may look like, whatever stands before it."""
    parts = {"A": "[aeə]", "I": "[ıiuü]", "D": "[dt]", "d": "[dt]"}
    return re.compile(
        "".join(
            f"{part[1]}?" if part[0] == "(" else parts.get(part, part)
            for part in re.findall(r"\(\w\)|\w", spelling)
        )
    )


def _harmonious(stem: str, suffix: str) -> bool:
    """Whether a suffix may stand after a stem: vowels alike, a buffer where it is needed."""
    own, others = _LAST_VOWEL.search(stem), _FIRST_VOWEL.search(suffix)
    if own is None or others is None:
        return False
    vowel, suffixed = own[0].translate(_PLAIN_VOWEL), others[0]
    after_vowel = stem[-1] in _VOWELS
    if suffix[0] in _VOWELS and after_vowel:
        return False
    if suffix[0] == "y" and not after_vowel:
        return False
    return (vowel in _FRONT) == (suffixed in _FRONT)


class _Readings:
    """How a number is read at its end."""

    def __init__(self, listed: str) -> None:
        names = listed.split()
        self._units, self._tens = names[:10], ["", *names[10:19]]
        self._hundred, self._thousand = names[19:]

    def __call__(self, digits: str) -> str | None:
        """The last word of the number; None where the digits are not ASCII."""
        if not digits.isascii():
            return None
        zeros = len(digits) - len(digits.rstrip("0"))
        last = digits.rstrip("0")[-1:]
        if not last or zeros > 5:
            return self._units[0]
        if zeros == 0:
            return self._units[int(last)]
        if zeros == 1:
            return self._tens[int(last)]
        return self._hundred if zeros == 2 else self._thousand
