"""The filter, over an engine that answers at once."""

from __future__ import annotations

import io
import os
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest

from l10n_pipeline.cli import mt
from l10n_pipeline.errors import InputError, L10nError, ModelError
from l10n_pipeline.locale import Locale
from l10n_pipeline.model import GREEDY, Hypothesis, Precision, Search
from l10n_pipeline.pipeline.engines import EngineSettings
from tests.support.projects import FakeEngine

BAD_LINE = "standard input:3: has no tab between a source and the beginning of its translation"


@dataclass
class Answering(FakeEngine):
    """Writes the prefix and the source in brackets; remembers how it was asked."""

    settings: EngineSettings | None = None
    closed: int = 0
    prefixes: list[str] = field(default_factory=list)
    wait: Callable[[Sequence[str]], None] = lambda sources: None

    def translate(
        self,
        sources: Sequence[str],
        *,
        search: Search = GREEDY,
        prefixes: Sequence[str] | None = None,
        progress: Callable[[int], None] | None = None,
    ) -> list[Hypothesis]:
        self.wait(sources)
        prefixes = prefixes or [""] * len(sources)
        self.prefixes += prefixes
        found = super().translate(sources, search=search, progress=progress)
        return [
            Hypothesis(prefix + one.text, one.score)
            for prefix, one in zip(prefixes, found, strict=True)
        ]

    def close(self) -> None:
        self.closed += 1


@pytest.fixture
def engine(monkeypatch: pytest.MonkeyPatch) -> Answering:
    engine = Answering()

    def found(
        source: Locale, target: Locale, *, model: str | None, settings: EngineSettings
    ) -> Answering:
        engine.settings = settings
        return engine

    monkeypatch.setattr(mt, "engine_for", found)
    return engine


class Pipes:
    """What the filter reads from and writes to, seen from the other end."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        reader, self._input = os.pipe()
        self._output, writer = os.pipe()
        self.streams = [os.fdopen(reader, "r"), os.fdopen(writer, "w")]
        self._monkeypatch = monkeypatch
        self.answers = os.fdopen(self._output, "rb")

    def start(self, work: Callable[[], None]) -> threading.Thread:
        """Run the filter; only now, because pytest has streams of its own for each test."""
        for name, stream in zip(("stdin", "stdout"), self.streams, strict=True):
            self._monkeypatch.setattr(sys, name, stream)
        thread = threading.Thread(target=work)
        thread.start()
        return thread

    def send(self, data: bytes) -> int:
        return os.write(self._input, data)

    def hang_up(self) -> None:
        os.close(self._input)


@pytest.fixture
def pipes(monkeypatch: pytest.MonkeyPatch) -> Iterator[Pipes]:
    pipes = Pipes(monkeypatch)
    yield pipes
    for stream in (*pipes.streams, pipes.answers):
        stream.close()


def run(**options: Any) -> None:
    settings: dict[str, Any] = {
        "source": "en", "target": "pt", "glossary": None, "model": None, "precision": None,
        "workers": None, "prefixed": False, "as_json": False,
    }  # fmt: skip
    mt.run(**settings | options)


@pytest.fixture
def filtered(monkeypatch: pytest.MonkeyPatch) -> Callable[..., bytes]:
    """What the filter makes of its input; an error stands at its end."""

    def run_over(data: bytes, **options: Any) -> bytes:
        output = io.BytesIO()
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))
        with monkeypatch.context() as patch:
            patch.setattr(sys, "stdout", io.TextIOWrapper(output, write_through=True))
            try:
                run(**options)
            except L10nError as error:
                return output.getvalue() + f"!{error}".encode()
            return output.getvalue()

    return run_over


@pytest.mark.usefixtures("engine")
@pytest.mark.parametrize(
    ("data", "output"),
    [
        (b"", b""),
        (b"\n", b"[]\n"),
        (b"One.", b"[One.]\n"),
        (b"One.\n", b"[One.]\n"),
        (b"One.\n\nTwo.\r\n", b"[One.]\n[]\n[Two.\r]\n"),
        ("a\u2028b\x0b\x85c\n".encode(), "[a\u2028b\x0b\x85c]\n".encode()),
        (b"One.\tUm\n", b"[One.\tUm]\n"),
    ],
)
def test_a_line_in_is_a_line_out(
    filtered: Callable[..., bytes], data: bytes, output: bytes
) -> None:
    assert filtered(data) == output


def test_a_prefixed_line_is_a_source_and_how_to_begin(
    engine: Answering, filtered: Callable[..., bytes]
) -> None:
    lines = b"One.\tUm \nTwo.\t\n\tNada\nThree.\ta\tb\n"
    assert filtered(lines, prefixed=True) == b"Um [One.]\n[Two.]\nNada[]\na\tb[Three.]\n"
    assert engine.asked == ["One.", "Two.", "", "Three."]
    assert engine.prefixes == ["Um ", "", "Nada", "a\tb"]


def test_lines_before_one_without_a_tab_are_translated(
    engine: Answering, filtered: Callable[..., bytes]
) -> None:
    lines = b"One.\t\nTwo.\tDois \nThree.\nFour.\t\n"
    answered, _, error = filtered(lines, prefixed=True).partition(b"!")
    assert answered == b"[One.]\nDois [Two.]\n"
    assert error.decode() == (f"{BAD_LINE}; end the line with a tab where nothing is to be forced")
    assert engine.closed == 1


def test_lines_before_one_that_is_no_text_are_translated_however_many(
    engine: Answering, filtered: Callable[..., bytes]
) -> None:
    good = b"".join(b"%d\n" % number for number in range(5_000))
    answered, _, error = filtered(good + b"\xff\n" + good).partition(b"!")
    assert answered == b"".join(b"[%d]\n" % number for number in range(5_000))
    assert error.startswith(b"standard input:5001: not UTF-8 at byte 1 of the line")


def test_order_is_kept_however_long_each_chunk_takes(
    engine: Answering, filtered: Callable[..., bytes]
) -> None:
    def wait(sources: Sequence[str]) -> None:
        if sources[0] in {"0", "4000"}:
            time.sleep(0.2)

    engine.wait = wait
    lines = [str(number) for number in range(9_001)]
    found = filtered("".join(f"{line}\n" for line in lines).encode())
    assert found.decode().splitlines() == [f"[{line}]" for line in lines]


@pytest.mark.parametrize(
    ("options", "settings"),
    [
        ({}, EngineSettings(Precision.AUTO, 0)),
        ({"precision": "f32", "workers": 3}, EngineSettings(Precision.F32, 3)),
        ({"precision": "int8"}, EngineSettings(Precision.INT8, 0)),
    ],
)
def test_the_engine_is_told_how_to_compute(
    engine: Answering,
    filtered: Callable[..., bytes],
    options: dict[str, object],
    settings: EngineSettings,
) -> None:
    filtered(b"", **options)
    assert engine.settings == settings


def test_the_engine_is_let_go_of_whatever_happens(
    engine: Answering, filtered: Callable[..., bytes]
) -> None:
    filtered(b"One.\n")
    assert engine.closed == 1

    def fail(sources: Sequence[str]) -> None:
        raise ModelError("broke")

    engine.wait = fail
    assert filtered(b"One.\n") == b"!broke"
    assert engine.closed == 2


def test_whoever_sends_a_line_and_waits_is_answered(engine: Answering, pipes: Pipes) -> None:
    thread = pipes.start(run)
    for number in range(3):
        pipes.send(b"Line %d\nand ha" % number)
        if number:
            assert pipes.answers.readline() == b"[and haLine %d]\n" % number
        else:
            assert pipes.answers.readline() == b"[Line 0]\n"
    pipes.send(b"lf\n")
    assert pipes.answers.readline() == b"[and half]\n"
    pipes.hang_up()
    thread.join(timeout=30)
    assert not thread.is_alive()
    assert engine.closed == 1


def test_no_more_is_read_than_is_soon_written(
    engine: Answering, pipes: Pipes, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is ahead of a reader that went to sleep is bounded, however long the input."""
    monkeypatch.setattr(mt, "_BYTES_AT_ONCE", 1 << 16)
    line = b"A line of the input without an end, and some more words.\n"
    engine.write = lambda _: "Uma linha da entrada sem fim, e mais algumas palavras."
    sent = 0
    enough = threading.Event()

    def feed() -> None:
        nonlocal sent
        while not enough.is_set():
            try:
                sent += pipes.send(line * 100)
            except BrokenPipeError:
                return

    filtering = pipes.start(answer_until_nobody_listens)
    feeding = threading.Thread(target=feed)
    feeding.start()
    for _ in range(10):
        assert pipes.answers.readline()
    before = -1
    while sent > before:  # until it stands still
        before = sent
        time.sleep(0.5)
    assert sent < 1 << 20
    assert len(engine.asked) * len(line) <= sent

    # Whoever reads on sets it going again.
    for _ in range(before // len(line)):
        assert pipes.answers.readline()
    assert sent > before
    enough.set()
    pipes.answers.close()
    filtering.join(timeout=30)
    pipes.streams[0].close()
    feeding.join(timeout=30)
    assert not filtering.is_alive()
    assert not feeding.is_alive()
    pipes.hang_up()


def answer_until_nobody_listens() -> None:
    with pytest.raises(BrokenPipeError):
        run()


def test_what_nobody_wants_any_more_is_not_worked_on(engine: Answering) -> None:
    given_up = threading.Event()
    chunks = iter([[mt._Line("a")], [mt._Line("b")], [mt._Line("c")]])
    outputs = mt._in_order(lambda lines: lines[0].source.encode(), chunks, given_up)
    assert next(outputs) == b"a"
    assert not given_up.is_set()
    outputs.close()
    assert given_up.is_set()


def test_an_error_of_a_chunk_comes_after_what_was_before_it() -> None:
    def work(lines: Sequence[mt._Line]) -> bytes:
        if lines[0].source == "b":
            raise InputError("bad")
        return lines[0].source.encode()

    outputs = mt._in_order(
        work, iter([[mt._Line("a")], [mt._Line("b")], [mt._Line("c")]]), threading.Event()
    )
    assert next(outputs) == b"a"
    with pytest.raises(InputError):
        next(outputs)
