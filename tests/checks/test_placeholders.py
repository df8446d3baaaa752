import pytest

from l10n_pipeline.checks.placeholders import doubtful_message, unusable_message
from l10n_pipeline.locale import Locale
from l10n_pipeline.model import Message, Severity
from l10n_pipeline.plurals import PluralRule

PT = PluralRule.of(Locale.parse("pt-BR"))
RU = PluralRule.of(Locale.parse("ru"))
C = ("c-format",)
FILES = Message("One file", "%d files", flags=C)


@pytest.mark.parametrize(
    ("message", "texts", "rule", "expected"),
    [
        (Message("%s", flags=C), ("%s",), PT, []),
        (Message("%s", flags=C), ("nada",), PT, ["placeholders: %s is missing"]),
        (Message("a\n"), ("b",), PT, ["newlines: it does not end with a line break"]),
        (Message("a"), ("\nb",), PT, ["newlines: it alone does begin with a line break"]),
        (Message("a"), (" ",), PT, []),
        (FILES, ("%d arquivo", "%d arquivos"), PT, []),
        # 0 and 1: few enough to be said in words.
        (FILES, ("Um arquivo", "%d arquivos"), PT, []),
        (FILES, ("Um arquivo", "arquivos"), PT, ["placeholders: msgstr[1]: %d is missing"]),
        # 1, 21, 31 …
        (FILES, ("Один файл", "%d файла", "%d файлов"), RU,
         ["placeholders: msgstr[0]: %d is missing"]),
        (FILES, ("%d файл", "%d файла"), RU, ["plurals: there are 2 plural forms, not 3"]),
    ],
)  # fmt: skip
def test_what_a_program_cannot_use_is_told(
    message: Message, texts: tuple[str, ...], rule: PluralRule, expected: list[str]
) -> None:
    found = unusable_message(message, texts, rule)
    assert [f"{one.rule}: {one.message}" for one in found] == expected


@pytest.mark.parametrize(
    ("message", "unusable", "doubtful"),
    [
        (Message("{braces}", flags=C), [], []),
        (Message("{braces}"), [], ["{braces} is missing"]),
        (Message("{braces}", flags=("no-python-brace-format",)), [], []),
        (Message("{braces}", flags=("python-brace-format",)), ["{braces} is missing"], []),
        (Message("{n, plural, other {#}}"), ["{n, plural, …} is missing"], []),
    ],
)
def test_what_no_flag_calls_a_placeholder_is_only_doubtful(
    message: Message, unusable: list[str], doubtful: list[str]
) -> None:
    found = unusable_message(message, ("nada",), PT)
    doubts = doubtful_message(message, ("nada",), PT)
    assert [one.message for one in found] == unusable
    assert [(one.message, one.severity) for one in doubts] == [
        (doubt, Severity.WARNING) for doubt in doubtful
    ]
