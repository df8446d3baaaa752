"""Which stretches of texts are proper names."""

from collections.abc import Callable
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from l10n_pipeline.locale import Locale
from l10n_pipeline.model import TermKind
from l10n_pipeline.names import FoundName, find_names

EN = Locale.parse("en")


def names(*texts: str, locale: Locale = EN) -> list[str]:
    return [found.name for found in find_names(texts, locale)]


def one(name: str, *texts: str) -> FoundName:
    return next(found for found in find_names(texts, EN) if found.name == name)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("They met in Baku.", ["Baku"]),
        ("It was said by Leyla Aliyeva today.", ["Leyla Aliyeva"]),
        ("This is Azerbaijan's first film.", ["Azerbaijan"]),
        ("This is Leyla Aliyeva`s book.", ["Leyla Aliyeva"]),
        ("It flew to Côte d'Ivoire.", ["Côte d'Ivoire"]),
        ("He met Sinéad O'Connor there.", ["Sinéad O'Connor"]),
        ("It is about Nagorno-Karabakh alone.", ["Nagorno-Karabakh"]),
        ("It is about the al-Qaeda network.", ["al-Qaeda"]),
        ("They saw Ludwig van Beethoven there.", ["Ludwig van Beethoven"]),
        ("He read J. R. R. Tolkien at night.", ["J. R. R. Tolkien"]),
        ("It left the U.S. in a week.", ["U.S."]),
        ("He used an iPhone there.", ["iPhone"]),
        ("They flew a Boeing 737 there.", ["Boeing 737"]),
        ("He was in Baku in 1992.", ["Baku"]),
        ("She joined the Bank of England there.", ["Bank of England"]),
        ("It met the 366th Motorized Infantry Regiment.", ["366th Motorized Infantry Regiment"]),
        ("He left a Khankendi-based team.", ["Khankendi"]),
    ],
)
def test_a_name_is_a_run_of_words_with_capitals(text: str, expected: list[str]) -> None:
    assert names(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "It opened on Monday in January.",
        "It is an Armenian and a Lithuanian film.",
        "Iraqi soldiers left.",
        "The film was shown.",
        "However, they stayed.",
        "I think that I know.",
        "It was seen by MPs today.",
        "He is the Prime Minister now.",
        "It was agreed by the First Lady today.",
        "“It was a good day,” he said.",
        "",
        "1992",
        "…",
    ],
)
def test_calendars_adjectives_offices_and_beginnings_of_sentences_are_no_names(text: str) -> None:
    assert names(text) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("They told Mr Lapaitis all.", "Lapaitis"),
        ("They told President Ilham Aliyev all.", "Ilham Aliyev"),
        ("They told Russian Prime Minister Mikhail Mishustin all.", "Mikhail Mishustin"),
        ("He was Vice-President of the Heydar Aliyev Foundation.", "Heydar Aliyev Foundation"),
    ],
)
def test_forms_of_address_and_offices_are_no_part_of_a_name(text: str, expected: str) -> None:
    assert names(text) == [expected]


def test_a_first_word_is_a_name_where_it_has_its_capital_elsewhere_too() -> None:
    assert names("Lapaitis spoke.") == []
    assert names("Lapaitis spoke.", "They saw Lapaitis.") == ["Lapaitis"]
    assert names("Films were shown.", "They saw films.") == []


def test_names_side_by_side_are_two_and_a_ministry_of_two_things_is_one() -> None:
    assert names("It is between Pakistan and Mexico.") == ["Pakistan", "Mexico"]
    ministry = "Ministry of Culture and Tourism"
    assert names(f"It was built by the {ministry}.") == [ministry]


def test_two_known_names_that_merely_follow_each_other_are_divided() -> None:
    found = names(
        "It was the idea of the Heydar Aliyev Foundation Leyla Aliyeva leads.",
        "They thank the Heydar Aliyev Foundation.",
        "They thank Leyla Aliyeva.",
    )
    assert sorted(found) == ["Heydar Aliyev Foundation", "Leyla Aliyeva"]


def test_a_name_inside_a_longer_one_counts_where_it_stands_alone_or_has_an_article() -> None:
    text = "It joined the Parliamentary Union of the Organization of Islamic Cooperation."
    assert names(text) == [
        "Parliamentary Union of the Organization of Islamic Cooperation",
        "Organization of Islamic Cooperation",
    ]
    assert names("It is the Heydar Aliyev Foundation.") == ["Heydar Aliyev Foundation"]


def test_the_noun_of_an_event_makes_an_expression_with_the_name_before_it() -> None:
    assert names("It told of the Khojaly genocide.") == ["Khojaly", "Khojaly genocide"]


@pytest.mark.parametrize(
    "text",
    [
        "They saw “Endless Corridor” there.",
        'They saw "Endless corridor" there.',
        "They saw «Endless Corridor» there.",
        "They saw „Endless Corridor“ there.",
    ],
)
def test_quoted_titles_are_names_and_quoted_speech_is_not(text: str) -> None:
    (found,) = find_names([text], EN)
    assert found.name.casefold() == "endless corridor"
    assert found.kind is TermKind.TITLE


def test_after_the_noun_of_a_work_a_title_may_be_several_sentences_long() -> None:
    title = "Khojaly. Twenty years, ten stories."
    assert names(f"She wrote a book “{title}” then.") == [title]
    assert title not in names(f"She said “{title}” then.")


def test_spellings_with_other_capitals_or_quotation_marks_are_one_name() -> None:
    found = one(
        "Justice for Khojaly International Awareness Campaign",
        "It is the Justice for Khojaly International Awareness Campaign.",
        "It is the “Justice for Khojaly” International Awareness Campaign.",
    )
    assert found.spellings == ("“Justice for Khojaly” International Awareness Campaign",)
    assert len(found.mentions) == 2


@pytest.mark.parametrize("shape", [str.upper, str.title])
def test_in_headlines_only_names_known_from_elsewhere_are_found(
    shape: Callable[[str], str],
) -> None:
    headline = shape("Baku welcomes many guests from several countries")
    assert names(headline) == []
    (found,) = find_names([headline, "They went to Baku."], EN)
    assert (found.name, len(found.mentions)) == ("Baku", 2)


def test_a_word_that_is_common_without_its_capital_is_marked() -> None:
    assert one("Apple", "She left Apple then.", "He saw Apple.", "An apple fell.").common
    assert one("US", "He left the US then.").common
    assert not one("Baku", "He left Baku.").common


@pytest.mark.parametrize(
    ("name", "text", "kind"),
    [
        ("Lapaitis", "They told Mr Lapaitis all.", TermKind.PERSON),
        ("Ričardas Lapaitis", "It is by Ričardas Lapaitis, who wrote.", TermKind.PERSON),
        ("Osama bin Laden", "They saw Osama bin Laden.", TermKind.PERSON),
        ("Harvard University", "He left Harvard University.", TermKind.ORGANISATION),
        ("University of Oxford", "He left the University of Oxford.", TermKind.ORGANISATION),
        ("Pakistan", "It is about Pakistan.", TermKind.PLACE),
        ("Khankendi", "They met in Khankendi.", TermKind.PLACE),
        ("Mara River", "He saw the Mara River.", TermKind.PLACE),
        ("COVID-19", "He had COVID-19.", TermKind.OTHER),
    ],
)
def test_kinds_are_guessed_from_words_and_surroundings(
    name: str, text: str, kind: TermKind
) -> None:
    assert one(name, text).kind is kind


def test_other_languages_are_read_by_their_capitals_and_calendars() -> None:
    portuguese = Locale.parse("pt-BR")
    found = names(
        "Foi apoiada pela Fundação Heydar Aliyev em janeiro.",
        "O filme foi visto na Universidade de São Paulo.",
        locale=portuguese,
    )
    assert found == ["Fundação Heydar Aliyev", "Universidade de São Paulo"]
    assert names("Это сказала Лейла Алиева в Баку.", locale=Locale.parse("ru")) == [
        "Лейла Алиева",
        "Баку",
    ]


@pytest.mark.parametrize("tag", ["zh", "ja", "ar", "hi", "th", "ka", "he"])
def test_scripts_without_capitals_give_no_names(tag: str) -> None:
    assert names("They met in Baku.", locale=Locale.parse(tag)) == []


def test_a_long_list_in_capitals_is_no_name() -> None:
    assert names("It lists " + "Alpha Beta " * 5_000 + "and more.") == []


AWKWARD = st.text(
    st.sampled_from("aAbB çŞİıß.,'’`-–&“”\"«»\u00a0\u202f\u2028\r\n\ufeff\u0301\u200f中א5Ⅷ😀ǆof")
    | st.characters(),
    max_size=60,
)


@given(st.lists(AWKWARD, max_size=5), st.sampled_from(["en", "pt", "ru", "tr", "de", "zh"]))
def test_mentions_lie_in_their_texts_and_read_as_the_name(texts: list[str], tag: str) -> None:
    for found in find_names(texts, Locale.parse(tag)):
        assert found.name == " ".join(found.name.split()) != ""
        assert found.mentions
        assert all(
            one < other for one, other in pairwise([(m.text, m.span) for m in found.mentions])
        )
        for mention in found.mentions:
            written = " ".join(mention.span.of(texts[mention.text]).split())
            assert written
            assert mention.span.end <= len(texts[mention.text])


@given(st.lists(AWKWARD, max_size=4))
def test_what_is_found_does_not_depend_on_the_order_of_the_texts(texts: list[str]) -> None:
    there = {found.name.casefold() for found in find_names(texts, EN)}
    back = {found.name.casefold() for found in find_names(texts[::-1], EN)}
    assert there == back
