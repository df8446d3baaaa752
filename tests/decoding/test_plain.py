"""Typographic punctuation goes in plain and comes out as it was."""

from hypothesis import given
from hypothesis import strategies as st

from l10n_pipeline.decoding.plain import plain_equivalents, turned_back
from l10n_pipeline.model import Span
from l10n_pipeline.protocols import DecodedText, EncodedText

EQUIVALENTS = {ord("“"): '"', ord("”"): '"', ord("’"): "'", ord("`"): "'", ord("–"): "-"}
TEXT = st.text(st.sampled_from("ab “”\"’'`–- \u00a0é🎉中"))


class AsciiVocabulary:
    """Knows ASCII alone, a token a character."""

    size = 128
    eos_id = 0
    unk_id = 1

    def __init__(self, *also: str) -> None:
        self._known = also

    def encode(self, text: str) -> EncodedText:
        ids = [ord(c) if c.isascii() or c in self._known else self.unk_id for c in text]
        return EncodedText(tuple(ids), tuple(Span(at, at + 1) for at in range(len(text))))

    def decode(self, ids: object) -> DecodedText:
        raise AssertionError("nothing is decoded here")


def test_only_what_the_vocabulary_lacks_is_replaced() -> None:
    table = plain_equivalents(AsciiVocabulary("“", "”"))
    assert "“a” ‘b’ – c×d".translate(table) == "“a” 'b' - cxd"


def test_marks_are_turned_back_in_order() -> None:
    source = "“One” and “two” – so"
    assert turned_back('"Um" e "dois" - assim', source, EQUIVALENTS) == "“Um” e “dois” – assim"


def test_marks_that_were_plain_in_the_source_stay_plain() -> None:
    assert turned_back('"Um" e "dois"', '“One” and "two"', EQUIVALENTS) == '“Um” e "dois"'


def test_nothing_is_guessed_where_the_numbers_differ() -> None:
    assert turned_back('"Um e "dois"', "“One” and “two”", EQUIVALENTS) == '"Um e "dois"'


def test_a_grave_accent_is_not_repeated() -> None:
    assert turned_back("d'água", "Aliyeva`s", EQUIVALENTS) == "d'água"


@given(TEXT, TEXT)
def test_lengths_never_change_so_alignments_hold(text: str, source: str) -> None:
    assert len(turned_back(text, source, EQUIVALENTS)) == len(text)


@given(TEXT)
def test_a_source_copied_by_the_model_comes_back_whole(source: str) -> None:
    written = source.translate(EQUIVALENTS)
    assert turned_back(written, source, EQUIVALENTS) == source.replace("`", "'")
