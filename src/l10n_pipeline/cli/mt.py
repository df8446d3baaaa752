"""``l10n mt``: a filter for scripts, evaluation and benchmarks."""

from __future__ import annotations

import json
import select
import sys
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from io import BufferedIOBase
from pathlib import Path
from threading import Event
from typing import cast

from l10n_pipeline.cli.console import printable
from l10n_pipeline.errors import InputError
from l10n_pipeline.locale import Locale
from l10n_pipeline.model import Draft, Hypothesis, Precision
from l10n_pipeline.pipeline.drafting import Drafter
from l10n_pipeline.pipeline.engines import EngineSettings, described, engine_for
from l10n_pipeline.pipeline.glossary_files import read_glossary

_LINES_AT_ONCE = 2_000
"""Enough for full batches of similar length; bounds the memory a long input takes."""
_CHUNKS_AT_ONCE = 2
"""While one is checked and written, the next is translated."""
_BYTES_AT_ONCE = 1 << 20


class _GivenUpError(Exception):
    """Nobody wants what is being translated any more."""


@dataclass(frozen=True, slots=True)
class _Line:
    """One line of the input."""

    source: str
    prefix: str = ""
    """What its translation has to begin with."""


def run(
    *,
    source: str,
    target: str,
    glossary: Path | None,
    model: str | None,
    precision: str | None,
    workers: int | None,
    prefixed: bool,
    as_json: bool,
) -> None:
    """Translate standard input to standard output, line by line and in order.

    Lines end at LF alone and are never divided or joined. Nothing but ``glossary`` and
    the model has a say: no project, no catalogue.

    Raises:
        InputError: where the input is not UTF-8, or a prefixed line has no tab; the lines
            before are translated.
    """
    source_locale, target_locale = Locale.parse(source), Locale.parse(target)
    matcher = read_glossary(glossary, source=source_locale, target=target_locale)
    settings = EngineSettings(Precision(precision or Precision.AUTO), workers or 0)
    engine = engine_for(source_locale, target_locale, model=model, settings=settings)
    if described(engine.name) != engine.name:  # two models in a row: never without a word
        sys.stderr.write(f"model: {printable(described(engine.name))}\n")
    drafter = Drafter(engine, matcher, source_locale=source_locale, target_locale=target_locale)
    given_up = Event()

    def go_on(_: int) -> None:
        if given_up.is_set():
            raise _GivenUpError

    def translated(lines: Sequence[_Line]) -> bytes:
        drafts = drafter.translate(
            [line.source for line in lines],
            prefixes=[line.prefix for line in lines],
            progress=go_on,
        )
        return b"".join(
            (_json(line.source, hypothesis, draft) if as_json else draft.text).encode() + b"\n"
            for line, (hypothesis, draft) in zip(lines, drafts, strict=True)
        )

    try:
        chunks = _chunks(cast(BufferedIOBase, sys.stdin.buffer), prefixed=prefixed)
        for output in _in_order(translated, chunks, given_up):
            sys.stdout.buffer.write(output)
            sys.stdout.buffer.flush()
    finally:
        engine.close()


def _in_order(
    work: Callable[[Sequence[_Line]], bytes],
    chunks: Iterator[list[_Line] | None],
    given_up: Event,
) -> Iterator[bytes]:
    """What comes of each chunk, in order: while one is written, the next is worked on.

    Where a None among the chunks says that there is nothing more to read for now, all that
    was read is finished before anybody waits for more.

    Args:
        work: what is done with a chunk, in another thread.
        chunks: what there is to do.
        given_up: set where nobody wants the rest, so that ``work`` may stop halfway.
    """
    with ThreadPoolExecutor(_CHUNKS_AT_ONCE) as threads:
        waiting: deque[Future[bytes]] = deque()
        try:
            for chunk in chunks:
                if chunk is not None:
                    waiting.append(threads.submit(work, chunk))
                while len(waiting) > (_CHUNKS_AT_ONCE - 1 if chunk is not None else 0):
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            given_up.set()


def _chunks(stream: BufferedIOBase, *, prefixed: bool) -> Iterator[list[_Line] | None]:
    """The lines that are there to be read, as they come, and None where there are no more
    yet: whoever sends one line and waits is answered, whoever sends a file gets full batches.
    """
    number = 0
    rest = b""
    while True:
        if not _is_ready(stream):
            yield None
        data = _read(stream)
        if not data:
            break
        *lines, rest = (rest + data).split(b"\n")
        for start in range(0, len(lines), _LINES_AT_ONCE):
            chunk = lines[start : start + _LINES_AT_ONCE]
            yield from _decoded(chunk, number, prefixed=prefixed)
            number += len(chunk)
    if rest:
        yield from _decoded([rest], number, prefixed=prefixed)


def _read(stream: BufferedIOBase) -> bytes:
    """At least a byte, unless the input is at its end; as much as is there, within a limit.

    A pipe hands out 64 KiB at a time, far less than a good chunk.
    """
    data = bytearray()
    while more := stream.read1(_BYTES_AT_ONCE - len(data)):
        data += more
        if len(data) >= _BYTES_AT_ONCE or not _is_ready(stream):
            break
    return bytes(data)


def _is_ready(stream: BufferedIOBase) -> bool:
    """Whether something can be read, or the end, without waiting; False where nobody knows."""
    try:
        return bool(select.select([stream], [], [], 0)[0])
    except (OSError, ValueError):  # not a file that select knows
        return False


def _decoded(lines: list[bytes], before: int, *, prefixed: bool) -> Iterator[list[_Line] | None]:
    """The lines as text; those before a bad one are finished before its error comes."""
    decoded: list[_Line] = []
    for number, line in enumerate(lines, start=before + 1):
        try:
            text = line.decode()
        except UnicodeDecodeError as error:
            yield from (decoded, None)
            raise InputError(
                f"not UTF-8 at byte {error.start + 1} of the line",
                where=f"standard input:{number}",
                way_out="convert the input to UTF-8",
            ) from error
        source, tab, prefix = text.partition("\t") if prefixed else (text, "\t", "")
        if not tab:
            yield from (decoded, None)
            raise InputError(
                "has no tab between a source and the beginning of its translation",
                where=f"standard input:{number}",
                way_out="end the line with a tab where nothing is to be forced",
            )
        decoded.append(_Line(source, prefix))
    yield decoded


def _json(source: str, hypothesis: Hypothesis, draft: Draft) -> str:
    return json.dumps(
        {
            "source": source,
            "target": draft.text,
            "hypothesis": hypothesis.text,
            "score": round(hypothesis.score, 4),
            "complete": hypothesis.complete,
            "alignment": [
                {
                    "source": [link.source.start, link.source.end],
                    "hypothesis": [link.target.start, link.target.end],
                    "weight": round(link.weight, 3),
                }
                for link in hypothesis.alignment
            ],
            "terms": [
                {
                    "source": verdict.source,
                    "target": verdict.target,
                    "status": verdict.status,
                    "detail": verdict.detail,
                }
                for verdict in draft.verdicts
            ],
            "findings": [
                {"rule": finding.rule, "severity": finding.severity, "message": finding.message}
                for finding in draft.findings
            ],
        },
        ensure_ascii=False,
    )
