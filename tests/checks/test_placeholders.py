import pytest

from l10n_pipeline.checks.placeholders import unusable_message
from l10n_pipeline.locale import Locale
from l10n_pipeline.model import Message
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
