"""What is known of a pivoted translation is told of the source, not of the text in between."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from hypothesis import given
from hypothesis import strategies as st

from l10n_pipeline.decoding.pivot import PivotEngine, composed
from l10n_pipeline.model import GREEDY, AlignmentLink, Hypothesis, Search, Span
from l10n_pipeline.protocols import Engine


class Words:
    """Translates word by word, and aligns so; turns the order around if told."""

    def __init__(
        self, name: str, words: dict[str, str], *, turned: bool = False, lacks: str = ""
    ) -> None:
        self.name = name
        self._words = words
        self._turned = turned
        self._lacks = lacks
        self.seen: list[tuple[Search, Sequence[str] | None]] = []

    def translate(
        self,
        sources: Sequence[str],
        *,
        search: Search = GREEDY,
        prefixes: Sequence[str] | None = None,
        progress: Callable[[int], None] | None = None,
    ) -> list[Hypothesis]:
        self.seen.append((search, prefixes))
        if progress:
            for _ in sources:
                progress(1)
        return [self._one(source) for source in sources]

    def n_best(
        self,
        sources: Sequence[str],
        n: int,
        *,
        search: Search,
        prefixes: Sequence[str] | None = None,
    ) -> list[list[Hypothesis]]:
        return [[self._one(source)] * n for source in sources]

    def _one(self, source: str) -> Hypothesis:
        places: list[Span] = []
        for word in source.split():
            start = source.index(word, places[-1].end if places else 0)
            places.append(Span(start, start + len(word)))
        unwritable = tuple(place for place in places if set(self._lacks) & set(place.of(source)))
        text, links = "", []
        for place in reversed(places) if self._turned else places:
            text += " " if text else ""
            word = self._words.get(place.of(source), place.of(source))
            links.append(AlignmentLink(Span(len(text), len(text) + len(word)), place, 0.5))
            text += word
        return Hypothesis(text, -0.25, tuple(links), unwritable=unwritable)


FIRST = Words("a/f32", {"casa": "house", "azul": "blue", "branca": "white"}, turned=True)
SECOND = Words("b/f32", {"house": "ev", "blue": "mavi", "white": "ağ"})


def pairs(source: str, hypothesis: Hypothesis) -> list[tuple[str, str]]:
    return [
        (link.target.of(hypothesis.text), link.source.of(source)) for link in hypothesis.alignment
    ]


def test_it_is_an_engine_named_after_both() -> None:
    engine: Engine = PivotEngine(FIRST, SECOND)
    assert engine.name == "a/f32+b/f32"


def test_words_are_aligned_through_the_text_in_between() -> None:
    (hypothesis,) = PivotEngine(FIRST, SECOND).translate(["casa azul"])
    assert hypothesis.text == "mavi ev"
    assert pairs("casa azul", hypothesis) == [("mavi", "azul"), ("ev", "casa")]
    assert [link.weight for link in hypothesis.alignment] == [0.25, 0.25]
    assert hypothesis.score == -0.5
    assert hypothesis.complete


def test_it_is_complete_where_both_halves_are() -> None:
    whole, cut = Hypothesis("a", -1.0), Hypothesis("a", -1.0, complete=False)
    assert composed("a", whole, whole).complete
    assert not composed("a", cut, whole).complete
    assert not composed("a", whole, cut).complete


def test_the_target_has_its_prefix_and_both_their_search() -> None:
    first, second = Words("a", {}), Words("b", {})
    search = Search(beam=3)
    PivotEngine(first, second).translate(["x"], search=search, prefixes=["y"])
    assert first.seen == [(search, None)]
    assert second.seen == [(search, ["y"])]


def test_each_source_counts_once() -> None:
    told: list[int] = []
    PivotEngine(FIRST, SECOND).translate(["a", "b", "c"], progress=told.append)
    assert sum(told) == 3


def test_there_are_as_many_alternatives_as_the_second_finds() -> None:
    (found,) = PivotEngine(FIRST, SECOND).n_best(["casa azul"], 2, search=GREEDY)
    assert [one.text for one in found] == ["mavi ev", "mavi ev"]
    assert pairs("casa azul", found[0]) == [("mavi", "azul"), ("ev", "casa")]


def test_names_that_either_cannot_write_are_found_in_the_source() -> None:
    first, second = Words("a", {"casa": "hõuse"}, lacks="č"), Words("b", {}, lacks="šõ")
    source = "casa Šaško Ričardas Šaško"
    (hypothesis,) = PivotEngine(first, second).translate([source])
    # What was translated, not copied, has no word in the source to carry over.
    assert [span.of(source) for span in hypothesis.unwritable] == ["Šaško", "Ričardas", "Šaško"]


def test_a_token_between_two_aligned_ones_leads_on_as_its_neighbour_does() -> None:
    first = Hypothesis("one, two", -1.0, (AlignmentLink(Span(0, 3), Span(0, 2), 1.0),))
    second = Hypothesis("x", -1.0, (AlignmentLink(Span(0, 1), Span(3, 4), 1.0),))
    assert composed("um, dois", first, second).alignment[0].source == Span(0, 2)


def test_nothing_stays_nothing() -> None:
    nothing = Hypothesis("", 0.0)
    assert composed(" ", nothing, nothing) == nothing


_WORDS = st.lists(st.sampled_from(["casa", "azul", "branca", "Baku", "مرحبا", "👩‍💻"]), max_size=8)


@given(_WORDS)
def test_every_token_is_aligned_and_within_bounds(words: list[str]) -> None:
    source = " ".join(words)
    (hypothesis,) = PivotEngine(FIRST, SECOND).translate([source])
    assert len(hypothesis.alignment) == len(words)
    expected = {"casa": "ev", "azul": "mavi", "branca": "ağ"}
    for target, origin in pairs(source, hypothesis):
        assert target == expected.get(origin, origin)
