"""Locales: both spellings in, one meaning, no silent sibling region."""

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
    ],
)
def test_reads_both_spellings_and_writes_either(text: str, bcp47: str, posix: str) -> None:
    locale = Locale.parse(text)
    assert (locale.bcp47, locale.posix) == (bcp47, posix)


@pytest.mark.parametrize("text", ["pt-BR", "sr@latin", "ca@valencia", "zh-Hans-CN", "es-419"])
def test_its_own_spellings_read_back_as_itself(text: str) -> None:
    locale = Locale.parse(text)
    assert Locale.parse(locale.bcp47) == Locale.parse(locale.posix) == locale


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
    ],
)
def test_unknown_parts_are_named(text: str, reason: str) -> None:
    with pytest.raises(LocaleError, match=reason):
        Locale.parse(text)


def test_falls_back_to_the_bare_language_and_never_to_a_sibling() -> None:
    assert Locale.parse("pt-BR").fallbacks == (Locale("pt", territory="BR"), Locale("pt"))
    assert Locale.parse("pt-PT") not in Locale.parse("pt-BR").fallbacks
    assert Locale.parse("zh-Hant-TW").fallbacks[1] == Locale("zh", "Hant")


def test_names_itself_in_english() -> None:
    assert Locale.parse("pt-BR").english_name == "Portuguese (Brazil)"
    assert Locale.parse("az").english_name == "Azerbaijani"
