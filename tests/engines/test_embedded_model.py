"""The embedded models, end to end."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest

from l10n_pipeline.decoding import Translator
from l10n_pipeline.engines import find_model, load_model
from l10n_pipeline.errors import ModelError
from l10n_pipeline.locale import Locale

EN, PT = Locale.parse("en"), Locale.parse("pt_BR")
SENTENCES = (Path(__file__).parent / "sentences.en.txt").read_text(encoding="utf-8").splitlines()

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def english() -> Translator:
    return Translator(load_model(find_model(EN, PT)))


@pytest.fixture(scope="module")
def portuguese() -> Translator:
    return Translator(load_model(find_model(PT, EN)))


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("Why?", ["Por", "quê"]),
        ("She bought three books yesterday.", ["comprou", "três", "livros", "ontem"]),
        ("The meeting will take place on 26 February 2012.", ["26", "fevereiro", "2012"]),
        ("“Where is my dog?”, he asked.", ["Onde", "meu", "perguntou", "?”"]),
    ],
)
def test_english_sentences_come_out_as_portuguese(
    english: Translator, source: str, words: list[str]
) -> None:
    (found,) = english.translate([source])

    assert all(word in found.text for word in words), found.text
    assert found.complete
    assert -0.6 < found.score < 0


def test_portuguese_sentences_come_out_as_english(portuguese: Translator) -> None:
    found = portuguese.translate(["A casa é vermelha.", "Ela comprou três livros ontem."])

    assert [hypothesis.text for hypothesis in found] == [
        "The house is red.",
        "She bought three books yesterday.",
    ]


def test_words_are_aligned_with_what_they_translate(english: Translator) -> None:
    source = "My brother has three red houses."
    (found,) = english.translate([source])
    pairs = {(link.target.of(found.text), link.source.of(source)) for link in found.alignment}

    assert found.text == "Meu irmão tem três casas vermelhas."
    assert {("irmão", "brother"), ("três", "three"), ("casas", "houses")} <= pairs


def test_a_translation_does_not_depend_on_its_batch(english: Translator) -> None:
    together = english.translate(SENTENCES)
    alone = [english.translate([sentence])[0] for sentence in SENTENCES]

    assert [h.text for h in together] == [h.text for h in alone]


def test_words_the_vocabulary_cannot_write_are_found(english: Translator) -> None:
    source = "Mr “Ričardas” Lapaitis, a ﬁne 记者 ① 🎉."
    (found,) = english.translate([source])
    assert [span.of(source) for span in found.unwritable] == ["Ričardas", "记者", "🎉"]


def test_nothing_of_a_long_source_is_dropped(english: Translator) -> None:
    source = " ".join(sentence for sentence in SENTENCES if len(sentence) > 40)
    (found,) = english.translate([source])

    starts = sorted(link.source.start for link in found.alignment)
    gaps = [after - before for before, after in itertools.pairwise(starts)]
    assert max(gaps) < 40
    assert found.complete


def test_a_truncated_copy_is_refused(tmp_path: Path) -> None:
    files = find_model(EN, PT)
    for path in (files.model, files.source_vocabulary):
        (tmp_path / path.name).write_bytes(path.read_bytes())
    whole = files.model.read_bytes()
    for length in (0, 7, 100, 5_000, len(whole) // 2, len(whole) - 1):
        (tmp_path / files.model.name).write_bytes(whole[:length])
        with pytest.raises(ModelError, match=r"model\.enpt\S*: (is empty|is cut off)"):
            load_model(find_model(EN, PT, chosen=tmp_path))
