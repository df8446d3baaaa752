"""Locales: both spellings in, one meaning, no silent sibling region."""

import itertools
import re

import babel
import pytest

from l10n_pipeline.errors import LocaleError
from l10n_pipeline.locale import Locale


@pytest.mark.parametrize(
    ("text", "bcp47", "posix"),
    [
        ("pt-BR", "pt-BR", "pt_BR"),
        ("pt_BR", "pt-BR", "pt_BR"),
        ("PT-br", "pt-BR", "pt_BR"),
        (" az ", "az", "az"),
        ("sr@latin", "sr-Latn", "sr@latin"),
        ("sr-Latn-RS", "sr-Latn-RS", "sr_RS@latin"),
        ("ca@valencia", "ca-valencia", "ca@valencia"),
        ("zh-Hant-TW", "zh-Hant-TW", "zh_Hant_TW"),
        ("es-419", "es-419", "es_419"),
        ("mai", "mai", "mai"),
        ("sr-Latn-ekavsk", "sr-Latn-ekavsk", "sr_Latn@ekavsk"),
        ("de@1996", "de-1996", "de@1996"),
        ("pt-BR-abl1943", "pt-BR-abl1943", "pt_BR@abl1943"),
        ("sh", "sr-Latn", "sr@latin"),
        ("cnr", "sr-ME", "sr_ME"),
        ("sh@cyrillic", "sr-Cyrl", "sr@cyrillic"),
    ],
)
def test_reads_both_spellings_and_writes_either(text: str, bcp47: str, posix: str) -> None:
    locale = Locale.parse(text)
    assert (locale.bcp47, locale.posix) == (bcp47, posix)


def test_both_spellings_read_back_as_the_locale_and_as_no_other() -> None:
    languages = filter(re.compile("[a-z]{2,3}").fullmatch, babel.Locale("en").languages)
    scripts = ("", "-Latn", "-Cyrl", "-Hant")
    territories = ("", "-BR", "-419")
    variants = ("", "-valencia", "-1996", "-abl1943")
    locales = {
        Locale.parse("".join(subtags))
        for subtags in itertools.product(languages, scripts, territories, variants)
    }

    for locale in locales:
        assert Locale.parse(locale.posix) == Locale.parse(locale.bcp47) == locale
    assert len({locale.posix for locale in locales}) == len(locales) > 20_000


def test_a_withdrawn_code_is_the_language_it_stood_for() -> None:
    assert Locale.parse("iw") == Locale.parse("he")


@pytest.mark.parametrize(
    "text", ["", "-", "p", "portuguese", "pt-BRA", "pt-BR-", "pt BR", "p\u0442", "🎉", "../pt"]
)
def test_what_has_another_shape_is_no_locale(text: str) -> None:
    with pytest.raises(LocaleError, match="not a locale"):
        Locale.parse(text)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("xx", "no language 'xx'"),
        ("en_UK", "no territory 'UK'"),
        ("pt-Abcd", "no script 'Abcd'"),
        ("ca@moon", "no variant 'moon'"),
        ("ca-valencia@1996", "two variants"),
    ],
)
def test_unknown_parts_are_named(text: str, reason: str) -> None:
    with pytest.raises(LocaleError, match=reason):
        Locale.parse(text)


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("enn", "did you mean 'en'"),
        ("ptt-BR", "did you mean 'pt'"),
        ("tp", "did you mean 'pt'"),
        ("fli", "did you mean 'fi'"),
        ("haa", "did you mean 'ha'"),
        ("cz", "did you mean 'cs'"),
        ("jp", "did you mean 'ja'"),
        ("ua", "did you mean 'uk'"),
        ("by", "did you mean 'be' or 'ru'"),
        ("rs", "did you mean 'sr'"),
    ],
)
def test_an_unknown_language_close_to_a_known_one_is_suggested(text: str, hint: str) -> None:
    with pytest.raises(LocaleError) as caught:
        Locale.parse(text)
    assert caught.value.way_out == hint


@pytest.mark.parametrize("text", ["xx", "qq", "tu", "zx", "zxy", "unn", "xyz"])
def test_no_nonsense_is_suggested(text: str) -> None:
    with pytest.raises(LocaleError) as caught:
        Locale.parse(text)
    assert caught.value.way_out == "use an ISO 639 code such as 'pt'"


def test_only_languages_are_suggested() -> None:
    letters = "dilmnuxz"
    hints = set()
    for code in map("".join, itertools.product(letters, repeat=3)):
        try:
            Locale.parse(code)
        except LocaleError as error:
            hints.add(error.way_out)
    assert len(hints) > 1
    assert not any(repr(code) in hint for code in ("mis", "mul", "und", "zxx") for hint in hints)


def test_falls_back_to_the_bare_language_and_never_to_a_sibling() -> None:
    assert Locale.parse("pt-BR").fallbacks == (Locale("pt", territory="BR"), Locale("pt"))
    assert Locale.parse("pt-PT") not in Locale.parse("pt-BR").fallbacks


@pytest.mark.parametrize(
    ("text", "fallbacks"),
    [
        ("zh-Hant-TW", ["zh-Hant-TW", "zh-Hant"]),
        ("zh-TW", ["zh-TW", "zh-Hant"]),
        ("zh-CN", ["zh-CN", "zh"]),
        ("zh-Hans-CN", ["zh-Hans-CN", "zh-Hans", "zh"]),
        ("sr-Latn-RS", ["sr-Latn-RS", "sr-Latn"]),
        ("sr-Latn-ekavsk", ["sr-Latn-ekavsk", "sr-Latn"]),
        ("sr-Cyrl", ["sr-Cyrl", "sr"]),
        ("sr-ME", ["sr-ME", "sr-Latn"]),
        ("sr", ["sr"]),
        ("ca-valencia", ["ca-valencia", "ca"]),
        ("es-419", ["es-419", "es"]),
        ("en-Shaw", ["en-Shaw"]),
        ("tlh-US", ["tlh-US", "tlh"]),
    ],
)
def test_never_falls_back_to_another_script(text: str, fallbacks: list[str]) -> None:
    assert [str(locale) for locale in Locale.parse(text).fallbacks] == fallbacks


def test_names_itself_in_english() -> None:
    assert Locale.parse("pt-BR").english_name == "Portuguese (Brazil)"
    assert Locale.parse("az").english_name == "Azerbaijani"
