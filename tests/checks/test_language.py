"""Text that is untranslated, or in the wrong letters or language."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from l10n_pipeline.checks.script import scripts_of
from l10n_pipeline.locale import Locale
from tests.checks.findings import rules

SENTENCE = "The film is based on the diaries of a war reporter who was in Baku."
NAMES = st.sampled_from(["Leyla", "Aliyeva", "Baku", "NATO", "UEFA", "Šakić", "366", "A1", "Қазақ"])


# --- echo ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("source", "target", "pair"),
    [
        (SENTENCE, SENTENCE, ("en", "pt")),
        (SENTENCE, f" {SENTENCE}\n", (None, None)),
        (SENTENCE, SENTENCE.replace("film", "filme").replace("in Baku", "em Baku"), ("en", "pt")),
        ("Он родился в этом городе и там же учился", "Он родился в этом городе и там же учился",
         ("ru", "pt")),
        (4 * "这部电影", 4 * "这部电影", ("zh", "en")),
    ],
)  # fmt: skip
def test_an_untranslated_sentence_is_an_echo(
    source: str, target: str, pair: tuple[str | None, str | None]
) -> None:
    assert "echo" in rules(source, target, *pair)


@given(st.lists(NAMES, min_size=1, max_size=12))
def test_names_and_numbers_are_no_echo(names: list[str]) -> None:
    text = " ".join(names)
    assert rules(text, text, "en", "pt") == []


@pytest.mark.parametrize(
    ("source", "target", "pair"),
    [
        ("OK", "OK", ("en", "pt")),
        ("the hotel", "the hotel", ("en", "pt")),
        ("git commit --amend", "git commit --amend", ("en", "ru")),
        ("東京タワー", "東京タワー", ("ja", "zh")),
        ("I wish the colour of it was shown there", "I wish the color of it was shown there",
         ("en-GB", "en-US")),
        ("A casa de pedra da cidade", "La casa de piedra de la ciudad", ("pt", "es")),
    ],
)  # fmt: skip
def test_what_may_stay_is_no_echo(source: str, target: str, pair: tuple[str, str]) -> None:
    assert rules(source, target, *pair) == []


# --- script ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("target", "locale"),
    [
        ("O filme é baseado nos дневниках de um repórter", "pt"),
        ("O filme 电影 de um repórter", "pt"),
        ("Филм је снимљен у Бакуу", "sr-Latn"),
        ("Фильм снят в Баку", "tr"),
        ("The whole sentence came out in Latin letters", "ru"),
        ("The whole sentence came out in Latin letters", "zh"),
        ("Фильм снят в Баку", "ja"),
        ("映画はバクーで撮影された", "zh"),
    ],
)
def test_letters_of_another_script_are_found(target: str, locale: str) -> None:
    assert "script" in rules("Film", target, None, locale)


@pytest.mark.parametrize(
    ("source", "target", "locale"),
    [
        ("Film", "Филм је снимљен у Бакуу", "sr"),
        ("Film", "Film je snimljen u Bakuu", "sr"),
        ("Film", "Фильм Бакыда чәкилиб", "az"),
        ("Film", "فیلم در باکو ساخته شد", "az-IR"),
        ("Film", "映画はバクーで撮影された DVD", "ja"),
        ("Film", "영화 映畫", "ko"),
        ("The iPhone of Apple, 5 km", "iPhone от Apple, 5 км, HDMI", "ru"),
        ("The word “мир” is Russian", "A palavra “мир” é russa", "pt"),
        ("an angle", "um ângulo α de 5 µm", "pt"),
        ("Film", "Фильм", "tlh"),
    ],
)
def test_a_locales_scripts_and_the_sources_words_are_no_finding(
    source: str, target: str, locale: str
) -> None:
    assert rules(source, target, None, locale) == []


def test_a_locale_with_a_script_or_territory_is_written_in_one() -> None:
    assert scripts_of(Locale.parse("uz")) == {"Latn", "Cyrl", "Arab"}
    assert scripts_of(Locale.parse("uz-Cyrl")) == {"Cyrl"}
    assert scripts_of(Locale.parse("sr-ME")) == {"Latn"}
    assert scripts_of(Locale.parse("hi")) == {"Deva"}
    assert scripts_of(Locale.parse("zh-TW")) == {"Hani", "Bopo"}


# --- language --------------------------------------------------------------------------

SAMPLES = {
    "en": "It was the first time that they had been asked for it, and he said it would be enough.",
    "pt": "Foi a primeira vez que eles foram consultados, e ele disse que não seria o bastante.",
    "es": "Fue la primera vez que se les preguntó y él dijo que no sería lo bastante para los dos.",
    "fr": "C'était la première fois que les deux ont été consultés, et il dit que ce n'est pas "
    "assez pour la ville.",
    "ru": "Это был первый раз, когда их спросили, и он сказал, что этого не будет достаточно.",
    "uk": "Це був перший раз, коли її запитали, і він сказав, що цього не буде досить для них.",
    "tr": "Bu onlar için bir ilk oldu ve o, bunun daha sonra da yeterli olduğu gibi bir şey dedi.",
}


@pytest.mark.parametrize("written", SAMPLES)
@pytest.mark.parametrize("wanted", SAMPLES)
def test_a_sentence_is_told_from_one_in_another_language(written: str, wanted: str) -> None:
    found = rules("Something else altogether", SAMPLES[written], None, wanted)
    assert bool({"language", "script"} & set(found)) is (written != wanted)


def test_a_foreign_title_or_a_short_text_is_not_judged() -> None:
    title = "His book “The Sound of the Wind and of the Sea” was read to the end"
    kept = "O seu livro “The Sound of the Wind and of the Sea” foi lido até o fim em casa"
    assert rules(title, kept, "en", "pt") == []
    assert rules("x", "of the and to", "en", "pt") == []
    assert rules(SAMPLES["pt"], SAMPLES["en"], None, "sw") == []


# --- length ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("source", "target"),
    [
        (SENTENCE, "Um filme sobre"),
        ("Short heading", "Um cabeçalho que não acaba mais, com muito que ninguém pediu a ele."),
    ],
)
def test_a_wild_length_is_found(source: str, target: str) -> None:
    assert "length" in rules(source, target, "en", "pt")


@pytest.mark.parametrize(
    ("source", "target", "locale"),
    [
        ("NATO", "Organização do Tratado do Atlântico", "pt"),
        (SENTENCE, "该片取材于一名曾在巴库的战地记者的日记。", "zh"),
        (SENTENCE, "映画は、バクーにいた従軍記者の日記をもとにしている。", "ja"),
    ],
)
def test_scripts_differ_in_what_a_character_says(source: str, target: str, locale: str) -> None:
    assert rules(source, target, "en", locale) == []


# --- truncation ------------------------------------------------------------------------


def test_a_translation_that_stops_early_without_a_stop_is_found() -> None:
    assert rules(SENTENCE, "O filme baseia-se nos diários de", "en", "pt") == ["truncated"]
    assert rules(SENTENCE, "O filme baseia-se nos diários,", "en", "pt") == ["truncated"]


@pytest.mark.parametrize(
    ("source", "target"),
    [
        (SENTENCE, "O filme baseia-se nos diários de um."),
        (SENTENCE.removesuffix("."), "O filme baseia-se nos diários de um"),
        ("See the list.", "Ver"),
        (SENTENCE, "O filme baseia-se nos diários de um repórter de guerra em Baku"),
    ],
)
def test_what_ends_is_not_cut_off(source: str, target: str) -> None:
    assert rules(source, target, "en", "pt") == []
