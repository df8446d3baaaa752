"""Words that tell what stands beside or inside a name, by language.

English has all of them. Of other languages only the words that join the parts of a name
are listed: there, names are found by their capitals alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from l10n_pipeline.locale import Locale


def _words(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


@dataclass(frozen=True, slots=True)
class Cues:
    """Lists of words, all in lower case."""

    joiners: frozenset[str] = frozenset()
    """Prepositions inside names: ``Bank of England``."""
    articles: frozenset[str] = frozenset()
    """May follow a joiner."""
    conjunctions: frozenset[str] = frozenset()
    """Join parts of one name, or two names."""
    openers: frozenset[str] = frozenset()
    """Words that open sentences and no names."""
    endings: tuple[str, ...] = ()
    """Of words that are seldom names."""
    honorifics: frozenset[str] = frozenset()
    """Forms of address and offices before a name."""
    ranks: frozenset[str] = frozenset()
    """Such as are parts of names too: ``King``, ``General``."""
    modifiers: frozenset[str] = frozenset()
    """Words before an office: ``Deputy``."""
    organisations: frozenset[str] = frozenset()
    """What organisations are: ``Foundation``."""
    places: frozenset[str] = frozenset()
    """What places are: ``River``."""
    ventures: frozenset[str] = frozenset()
    """What else bears a name that ends in what it is: ``Campaign``."""
    events: frozenset[str] = frozenset()
    """Nouns that make a fixed expression of the name before them: ``conflict``."""
    works: frozenset[str] = frozenset()
    """What bears a title: ``book``."""
    whereabouts: frozenset[str] = frozenset()
    """Prepositions before places."""
    speech: frozenset[str] = frozenset()
    """What people do, seldom anything else: ``said``."""
    tails: frozenset[str] = frozenset()
    """Second parts of compounds with a name: ``Baku-based``."""
    pronouns: frozenset[str] = frozenset()
    """Words with a capital that are no names: ``I``."""


PARTICLES: Final = _words(
    "al bin ibn bint abu van von der den ter ten zu zur de del della di da do dos das du la le "
    "el d y i e und et av af"
)
"""Small words inside the names of people and places, in whatever language they stand."""

_ENGLISH: Final = Cues(
    joiners=_words("of for"),
    articles=_words("the"),
    conjunctions=_words("and"),
    openers=_words(
        "a an the this that these those there here it its he she they we you i his her their our "
        "my your in on at by for from to of with without within into onto over under after before "
        "during since until till while when where why how what who whom whose which whether if as "
        "so but and or nor yet not no than then thus hence though although because unless despite "
        "however meanwhile moreover furthermore nevertheless otherwise instead also too again once "
        "both each every either neither all any some many most more few several such other another "
        "one two three four five six seven eight nine ten twenty hundred thousands millions first "
        "second third last next according about above across against along among around behind "
        "below beneath beside besides between beyond near through throughout toward towards upon "
        "via per like unlike is are was were be been being do does did have has had will would can "
        "could may might must shall should let today yesterday tomorrow now later earlier recently "
        "currently finally yes anyone someone everyone nobody nothing something please"
    ),
    endings=(
        *("ly", "ness", "tion", "tions", "ing", "ous", "ism", "ional", "ary", "ed", "ers", "ors"),
        *("ons", "ists", "ments", "ment", "ances", "ities"),
    ),
    honorifics=_words(
        "mr mrs ms miss mx dr prof professor sir madam dame lord lady rev reverend hon president "
        "vice-president premier minister chancellor senator congressman congresswoman governor "
        "mayor chairman chairwoman chairperson chair spokesman spokeswoman spokesperson ambassador "
        "commissioner director coordinator secretary secretary-general director-general judge "
        "pope bishop archbishop cardinal sheikh imam ayatollah emperor empress sultan coach "
        "leader representative treasurer ceo officer sergeant lieutenant corporal "
        "inspector detective"
    ),
    ranks=_words(
        "king queen prince princess general colonel captain major admiral marshal justice saint st "
        "commander duke duchess count countess baron father mother brother sister"
    ),
    modifiers=_words(
        "vice deputy first former acting assistant chief executive managing prime foreign general "
        "attorney co-chair associate senior honorary squadron team"
    ),
    organisations=_words(
        "foundation university college school institute academy organization organisation union "
        "association society council committee commission ministry department agency bureau office "
        "party parliament congress senate assembly court bank fund company corporation corp inc "
        "ltd llc group federation league club team forum conference regiment division brigade army "
        "navy force forces corps police guard service services authority board centre center "
        "hospital museum church network press news times post television radio airlines airways "
        "motors industries systems technologies laboratory laboratories trust alliance coalition "
        "movement front brotherhood orchestra"
    ),
    places=_words(
        "river lake mountain mountains mount island islands sea ocean bay gulf strait "
        "desert valley "
        "city town village county province region district state states republic kingdom street "
        "road avenue square park bridge airport station port peninsula cape canal falls forest "
        "hill hills beach coast castle palace cathedral temple tower stadium"
    ),
    ventures=_words(
        "campaign project programme program initiative award awards prize cup championship "
        "championships olympics games festival war battle treaty agreement act law accord accords "
        "protocol convention declaration revolution massacre genocide mission operation plan day"
    ),
    events=_words(
        "genocide massacre tragedy conflict war crisis treaty accord accords agreement "
        "pact protocol "
        "uprising revolution rebellion earthquake disaster scandal summit"
    ),
    works=_words(
        "book film novel movie song album documentary article poem play magazine newspaper series "
        "show opera musical single painting essay story episode"
    ),
    whereabouts=_words("in at near from to into toward towards outside around across through"),
    speech=_words(
        "said says told added argued wrote explained stated commented who whose announced denied "
        "admitted believes believed thinks married died born"
    ),
    tails=_words(
        "based born led backed style era wide like made run built owned controlled speaking funded "
        "sponsored occupied related type trained educated ruled held friendly area"
    ),
    pronouns=_words("i"),
)

_JOINING: Final = {
    "de": Cues(
        joiners=_words("für von zu am im"),
        articles=_words("der die das den"),
        conjunctions=_words("und"),
    ),
    "es": Cues(
        joiners=_words("de del para por"),
        articles=_words("la las los el"),
        conjunctions=_words("y e"),
    ),
    "fr": Cues(
        joiners=_words("de des du d pour"),
        articles=_words("la les le l"),
        conjunctions=_words("et"),
    ),
    "it": Cues(
        joiners=_words("di del dei della delle dell per"),
        articles=_words("la le lo gli"),
        conjunctions=_words("e"),
    ),
    "nl": Cues(joiners=_words("van voor"), articles=_words("de het"), conjunctions=_words("en")),
    "pt": Cues(
        joiners=_words("de da do das dos para"),
        articles=_words("a as o os"),
        conjunctions=_words("e"),
    ),
}


def cues_for(locale: Locale) -> Cues:
    """What is known of a language."""
    return _ENGLISH if locale.language == "en" else _JOINING.get(locale.language, Cues())
