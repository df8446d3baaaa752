"""Translations in another language than the one asked for.

Told by closed-class words: articles, prepositions, conjunctions, pronouns, auxiliaries.
They make up a third of any text, and they are few. A statistical identifier would know
more languages, at a second and a hundred megabytes a run, and guesses where a sentence is
made of names; this one says nothing of a language that is not listed.
"""

from __future__ import annotations

import re
from collections import Counter
from types import MappingProxyType
from typing import Final

from l10n_pipeline.checks.pair import LanguagePair
from l10n_pipeline.locale import Locale
from l10n_pipeline.model import Diagnostic

_LISTED: Final = MappingProxyType(
    {
        "az": "və ilə üçün bu bir da də olan olaraq olduğu lakin amma daha ən hər kimi sonra "
        "onun onlar biz həm ki idi edir etdi olub çox necə isə yalnız artıq belə",
        "cs": "a je se na že který která které jako ale nebo při pro podle byl byla bylo jsou "
        "jeho jejich také když už ještě až po před mezi co tak to",
        "de": "der die das und ist nicht ein eine einen einem einer mit von für auf dem den des "
        "im zu zum zur sich auch als wird wurde sind war bei nach oder aber wie dass",
        "en": "the of and to is was are were be been with that this which from by as for it he "
        "she they his her their has have had not but at an or on who would",
        "es": "el la los las un una y de del en que es por para con no se su sus al como más "
        "pero fue son lo este esta ha o cuando muy también sobre ser",
        "fr": "le la les un une des et est de du dans que qui pour par sur avec pas ne se au "
        "aux ce cette il elle ont sont été plus mais ou comme leur son ses",
        "it": "il lo la gli le un una e è di del della dei nel nella che per con non si da dal "
        "al alla sono come più ma anche o suo sua questo questa ha stato",
        "nl": "de het een en is van in dat die niet op te met voor zijn aan er was ook als maar "
        "om bij door naar uit worden werd hij ze hun deze heeft",
        "pl": "i w na że się nie jest z do to jak o po przez dla który która które był była było "
        "są jego oraz ale lub od przed także jako tym tego już",
        "pt": "o a os as um uma e de do da dos das em no na nos nas que é por para com não se "
        "seu sua ao à como mais mas foi são ou pelo pela também ele ela",
        "ro": "și a în de la cu pe nu este sunt un o care din pentru că se mai ca dar sau fost "
        "prin după ale lui au era această acest fi",
        "ru": "и в во не на что с со по как это к из у за от о об для но же был была было были "
        "его их он она они или который которая которые при так также",
        "sv": "och i att det som en på är av för med den till inte om ett han de var vid från "
        "men har sig ut när eller sin kan hon också",
        "tr": "ve bir bu ile için da de olan olarak olduğu ancak ama daha en her gibi sonra "
        "onun onlar biz hem ki ise çok nasıl yalnızca sadece değil kadar diye",
        "uk": "і в у не на що з із та це як до за від про для але був була було були його її "
        "їх він вона вони або який яка які при так також є",
    }
)
_WORDS: Final = MappingProxyType(
    {language: frozenset(words.split()) for language, words in _LISTED.items()}
)
_LANGUAGES: Final = MappingProxyType(
    {
        word: tuple(language for language, words in _WORDS.items() if word in words)
        for word in frozenset().union(*_WORDS.values())
    }
)
"""For each closed-class word the languages that have it."""
_WORD: Final = re.compile(r"[^\W\d_]+")
_FEWEST_WORDS: Final = 8
_FEWEST_HITS: Final = 4
_SHARE: Final = 0.2
"""Of the words: those of the other language alone. A title quoted in it has less."""
_LEAD: Final = 5
"""Times as many as of the target language alone."""


def wrong_language(source: str, target: str, pair: LanguagePair) -> list[Diagnostic]:
    """The translation reads as another language than the target's.

    Said only of eight words or more, and where the closed-class words of the other language
    are many and those of the target language next to none. What a third language has in
    common with the source, such as a title, does not count. A language without a list is
    neither suspected nor judged.
    """
    if pair.target is None or pair.target.language not in _WORDS:
        return []
    own = pair.target.language
    words = _WORD.findall(target.lower())
    if len(words) < _FEWEST_WORDS:
        return []
    present = Counter(language for word in words for language in _LANGUAGES.get(word, ()))
    if all(count <= present[own] for count in present.values()):
        return []
    other = max(present, key=lambda language: present[language])
    if pair.source is None or other != pair.source.language:
        kept = frozenset(_WORD.findall(source.lower()))
        words = [word for word in words if word not in kept]
    foreign = sum(word in _WORDS[other] and word not in _WORDS[own] for word in words)
    native = sum(word in _WORDS[own] and word not in _WORDS[other] for word in words)
    if foreign < max(_FEWEST_HITS, _SHARE * len(words)) or foreign < _LEAD * native:
        return []
    return [Diagnostic("language", f"it reads as {Locale(other).english_name}")]
