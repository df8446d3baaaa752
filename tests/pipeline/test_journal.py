"""Translations on their way: what was kept is there again, whatever became of the process."""

import errno
import os
from collections.abc import Sequence
from itertools import count
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from l10n_pipeline.errors import OutputError
from l10n_pipeline.model import Alignment, AlignmentLink, Hypothesis, Search, Span
from l10n_pipeline.pipeline.journal import Journal, Journals, KeptEngine
from tests.support.projects import AZ, PT, FakeEngine

NUMBERS = count()
TEXTS = st.text(
    st.characters(codec="utf-8") | st.sampled_from("\0\n\r\u00a0\u202f\u2028\ufeff字😀́א"),
    max_size=12,
)
SPANS = st.tuples(st.integers(0, 99), st.integers(0, 9)).map(lambda at: Span(at[0], sum(at)))
LINKS = st.builds(AlignmentLink, SPANS, SPANS, st.floats(0, 1))
HYPOTHESES = st.builds(
    Hypothesis,
    TEXTS,
    st.floats(-9, 0),
    st.lists(LINKS, max_size=2).map(Alignment),
    st.booleans(),
    st.lists(SPANS, max_size=2).map(tuple),
)
KEPT = st.dictionaries(TEXTS, st.lists(HYPOTHESES, min_size=1, max_size=2), min_size=1, max_size=3)
ONE = [Hypothesis("um", -0.5)]
OTHER = [Hypothesis("outro", -0.25, complete=False)]
some = settings(max_examples=50)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where each example has a file of its own."""
    return tmp_path_factory.mktemp("journals")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "unfinished.pt_BR"


def opened(path: Path) -> Journal:
    return Journal(path, path.name)


def all_of(path: Path, keys: Sequence[str]) -> list[list[Hypothesis] | None]:
    journal = opened(path)
    return [journal.find(key) for key in keys]


@some
@given(KEPT, KEPT)
def test_what_was_kept_is_there_for_the_next_process(
    folder: Path, first: dict[str, list[Hypothesis]], second: dict[str, list[Hypothesis]]
) -> None:
    path = folder / str(next(NUMBERS))
    opened(path).add(first)
    opened(path).add(second)
    both = first | second
    assert all_of(path, list(both)) == list(both.values())


@some
@given(KEPT, st.data())
def test_what_was_of_use_and_is_written_is_gone_and_with_the_last_the_file(
    folder: Path, kept: dict[str, list[Hypothesis]], data: st.DataObject
) -> None:
    path = folder / str(next(NUMBERS))
    opened(path).add(kept)
    used = data.draw(st.sets(st.sampled_from(sorted(kept))))
    journal = opened(path)
    for key in used:
        assert journal.find(key) == kept[key]
    assert journal.taken == len(used)
    journal.settle(written=True)
    journal.forget()
    assert {key for key in kept if opened(path).find(key) is not None} == kept.keys() - used
    assert path.exists() == (kept.keys() != used)


@some
@given(KEPT, KEPT, st.data())
def test_wherever_the_end_was_cut_off_all_before_it_is_there_and_more_can_follow(
    folder: Path,
    kept: dict[str, list[Hypothesis]],
    later: dict[str, list[Hypothesis]],
    data: st.DataObject,
) -> None:
    path = folder / str(next(NUMBERS))
    opened(path).add(kept)
    whole = path.read_bytes()
    at = data.draw(st.integers(0, len(whole)))
    path.write_bytes(whole[:at])
    # Of the last, the line break alone may be missing.
    complete = whole[: at + 1].count(b"\n")
    found = all_of(path, list(kept))
    assert found == [*list(kept.values())[:complete], *[None] * (len(kept) - complete)]
    opened(path).add(later)
    assert all_of(path, list(later)) == list(later.values())


@some
@given(KEPT, st.data())
def test_a_line_that_was_damaged_says_nothing(
    folder: Path, kept: dict[str, list[Hypothesis]], data: st.DataObject
) -> None:
    path = folder / str(next(NUMBERS))
    opened(path).add(kept)
    whole = bytearray(path.read_bytes())
    at = data.draw(st.integers(0, len(whole) - 1))
    whole[at] ^= data.draw(st.integers(1, 255))
    path.write_bytes(whole)
    found = all_of(path, list(kept))
    assert all(one in (None, old) for one, old in zip(found, kept.values(), strict=True))
    assert found.count(None) <= 2  # a line break that is none damages two


@pytest.mark.parametrize("content", [b"", b"\n\n", b"\0" * 100, b"nonsense\n", b"\xff\xfe\n"])
def test_what_is_no_journal_is_an_empty_one(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    journal = opened(path)
    assert journal.find("a") is None
    journal.add({"a": ONE})
    assert opened(path).find("a") == ONE


def test_a_line_of_another_version_says_nothing(path: Path) -> None:
    path.write_bytes(b'd6ce14b8 ["a",{"words":1}]\n')
    assert opened(path).find("a") is None


def test_what_could_not_be_written_is_kept(path: Path) -> None:
    journal = opened(path)
    journal.add({"a": ONE})
    journal.settle(written=False)
    journal.add({"b": OTHER})
    journal.settle(written=True)
    journal.forget()
    assert all_of(path, ["a", "b"]) == [ONE, None]


def test_a_full_disk_is_one_error_and_what_was_kept_still_is(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    journal = opened(path)
    journal.add({"a": ONE})
    before = path.read_bytes()
    write = os.write

    def write_some(descriptor: int, data: bytes) -> int:
        monkeypatch.setattr(os, "write", fail)
        return write(descriptor, data[:5])

    def fail(descriptor: int, data: bytes) -> int:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "write", write_some)
    with pytest.raises(OutputError, match="no space left on device"):
        journal.add({"c": OTHER})
    monkeypatch.undo()
    assert path.read_bytes() == before
    assert all_of(path, ["a", "c"]) == [ONE, None]


def test_no_link_is_followed(path: Path, tmp_path: Path) -> None:
    target = tmp_path / "precious"
    path.symlink_to(target)
    with pytest.raises(OutputError, match="cannot be written"):
        opened(path).add({"a": ONE})
    assert not target.exists()


class TestJournalsOfARun:
    def test_one_that_keeps_nothing_writes_nothing(self, tmp_path: Path) -> None:
        journals = Journals()
        journals.of(PT).add({"a": ONE})
        journals.settle(PT, written=True)
        journals.end([PT])
        assert journals.of(PT).find("a") is None
        assert list(tmp_path.iterdir()) == []

    def test_each_language_has_its_own(self, tmp_path: Path) -> None:
        journals = Journals(tmp_path, ".l10n")
        journals.of(PT).add({"a": ONE})
        journals.of(AZ).add({"a": OTHER})
        journals.settle(PT, written=True)
        again = Journals(tmp_path, ".l10n")
        assert (again.of(PT).find("a"), again.of(AZ).find("a")) == (None, OTHER)
        again.end([AZ])
        assert list(tmp_path.iterdir()) == []

    def test_one_that_lasts_to_the_end_lets_go_only_then(self, tmp_path: Path) -> None:
        journals = Journals(tmp_path, ".l10n", to_the_end=True)
        journals.of(PT).add({"a": ONE})
        journals.settle(PT, written=True)
        assert Journals(tmp_path, ".l10n").of(PT).find("a") == ONE
        journals.end([])
        assert Journals(tmp_path, ".l10n").of(PT).find("a") is None


class Stopping(FakeEngine):
    """Is interrupted when it has done so many batches."""

    batches = 1_000

    def translate(self, sources: Sequence[str], **options: object) -> list[Hypothesis]:
        if self.batches == 0:
            raise KeyboardInterrupt
        self.batches -= 1
        return super().translate(sources)


class TestAKeptEngine:
    @some
    @given(st.lists(TEXTS, max_size=15), st.integers(1, 30), st.integers(0, 5))
    def test_an_interruption_costs_a_batch_at_most(
        self, folder: Path, sources: list[str], characters: int, lives: int
    ) -> None:
        path = folder / str(next(NUMBERS))
        engine = Stopping()
        engine.batches = lives
        try:
            KeptEngine(engine, opened(path), characters=characters).translate(sources)
        except KeyboardInterrupt:
            engine.batches = 1_000
        told: list[int] = []
        journal = opened(path)
        found = KeptEngine(engine, journal, characters=characters).translate(
            sources, progress=told.append
        )
        assert [one.text for one in found] == [f"[{source}]" for source in sources]
        assert sorted(engine.asked) == sorted(set(sources))
        assert sum(told) == len(sources)

    def test_what_differs_in_any_way_is_asked_anew(self, path: Path) -> None:
        engine = FakeEngine()
        plain = KeptEngine(engine, opened(path))
        plain.translate(["a"])
        again = KeptEngine(engine, opened(path))
        again.translate(["b"])
        again.translate(["a"], prefixes=["x"])
        again.translate(["a"], search=Search(beam=2))
        again.translate(["a"])
        assert engine.asked == ["a", "b", "a", "a"]
        KeptEngine(engine, opened(path), of=["pt", "pt-BR"]).translate(["a"])
        assert engine.asked == ["a", "b", "a", "a", "a"]
        renamed = FakeEngine(name="fake/int8")
        KeptEngine(renamed, opened(path)).translate(["a"])
        assert renamed.asked == ["a"]

    def test_of_several_translations_all_are_kept(self, path: Path) -> None:
        class Two(FakeEngine):
            def n_best(self, sources: Sequence[str], n: int, **_: object) -> list[list[Hypothesis]]:
                self.asked += sources
                return [[ONE[0], OTHER[0]][:n] for _ in sources]

        engine = Two()
        for _ in range(2):
            kept = KeptEngine(engine, opened(path))
            assert kept.n_best(["a"], 2, search=Search(beam=2)) == [[ONE[0], OTHER[0]]]
        assert engine.asked == ["a"]

    def test_it_is_what_it_keeps_for(self) -> None:
        engine = FakeEngine()
        closed: list[bool] = []
        engine.close = lambda: closed.append(True)  # type: ignore[method-assign] # to see it
        kept = KeptEngine(engine, Journal(None, ""))
        kept.close()
        assert (kept.name, closed) == (engine.name, [True])
