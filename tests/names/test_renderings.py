"""What a hypothesis has for a stretch of its source."""

from l10n_pipeline.model import AlignmentLink, Hypothesis, Span
from l10n_pipeline.names import find_rendering, small_words


def hypothesis(source: str, *pairs: tuple[str, str]) -> Hypothesis:
    """Target words, each aligned with a word of the source."""
    text, links, at = "", [], 0
    for target, word in pairs:
        start = len(text) + bool(text)
        text = f"{text} {target}" if text else target
        found = source.index(word)
        links.append(AlignmentLink(Span(start, len(text)), Span(found, found + len(word)), 0.9))
        at = len(text)
    assert at == len(text)
    return Hypothesis(text, -0.1, links)


def place(source: str, name: str) -> Span:
    return Span(source.index(name), source.index(name) + len(name))


SOURCE = "They thank the Heydar Aliyev Foundation today"
TRANSLATION = hypothesis(
    SOURCE,
    ("Agradecem", "thank"),
    ("à", "the"),
    ("Fundação", "Foundation"),
    ("Heydar", "Heydar"),
    ("Aliyev", "Aliyev"),
    ("hoje", "today"),
)


def test_the_aligned_words_are_the_rendering() -> None:
    rendering = find_rendering(SOURCE, place(SOURCE, "Heydar Aliyev Foundation"), TRANSLATION)
    assert rendering == "Fundação Heydar Aliyev"


def test_a_spelling_that_is_alike_has_the_cleaner_edges() -> None:
    source = "He saw Ričardas there"
    answer = hypothesis(source, ("Viu", "saw"), ("Riardas", "Ričardas"), ("lá", "Ričardas"))
    assert find_rendering(source, place(source, "Ričardas"), answer) == "Riardas"


def test_articles_at_the_ends_are_cut_off() -> None:
    source = "He saw the Foundation"
    answer = hypothesis(source, ("Viu", "saw"), ("a", "Foundation"), ("Fundação", "Foundation"))
    assert find_rendering(source, place(source, "Foundation"), answer, {"a"}) == "Fundação"
    assert find_rendering(source, place(source, "Foundation"), answer) == "a Fundação"


def test_punctuation_that_ends_a_title_belongs_to_it() -> None:
    source = "She wrote Khojaly! then"
    answer = hypothesis(source, ("Escreveu", "wrote"), ("Khojaly!", "Khojaly!"), ("então", "then"))
    assert find_rendering(source, place(source, "Khojaly!"), answer) == "Khojaly!"


def test_without_alignment_or_text_nobody_can_tell() -> None:
    name = place(SOURCE, "Heydar Aliyev Foundation")
    assert find_rendering(SOURCE, name, Hypothesis("Fundação", -0.1)) == ""
    assert find_rendering(SOURCE, name, Hypothesis("", -0.1)) == ""
    assert find_rendering(SOURCE, place(SOURCE, "They"), TRANSLATION) == ""


def test_small_words_are_short_and_stand_in_many_texts() -> None:
    texts = ["a casa da Ana", "o carro da Ana", "o barco da praia"]
    assert small_words(texts) == {"da"}
