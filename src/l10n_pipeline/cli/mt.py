"""``l10n mt``: a filter for scripts, evaluation and benchmarks."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from io import BufferedIOBase
from pathlib import Path
from typing import cast

from l10n_pipeline.errors import InputError
from l10n_pipeline.locale import Locale
from l10n_pipeline.model import Draft, Hypothesis
from l10n_pipeline.pipeline.drafting import Drafter
from l10n_pipeline.pipeline.engines import engine_for
from l10n_pipeline.pipeline.workspace import read_glossary

_LINES_AT_ONCE = 2_000
"""Enough for full batches of similar length; bounds the memory a long input takes."""
_BYTES_AT_ONCE = 1 << 20


def run(
    *, source: str, target: str, glossary: Path | None, model: str | None, as_json: bool
) -> None:
    """Translate standard input to standard output, line by line and in order.

    Lines end at LF alone and are never divided or joined. Nothing but ``glossary`` and
    the model has a say: no project, no catalogue.

    Raises:
        InputError: where the input is not UTF-8; the lines before are translated.
    """
    source_locale, target_locale = Locale.parse(source), Locale.parse(target)
    matcher = read_glossary(glossary)
    drafter = Drafter(engine_for(source_locale, target_locale, model=model), matcher)
    output = sys.stdout.buffer
    for chunk in _chunks(cast(BufferedIOBase, sys.stdin.buffer)):
        for line, (hypothesis, draft) in zip(chunk, drafter.translate(chunk), strict=True):
            text = _json(line, hypothesis, draft) if as_json else draft.text
            output.write(text.encode() + b"\n")
        output.flush()


def _chunks(stream: BufferedIOBase) -> Iterator[list[str]]:
    """The lines that are there to be read, as they come: whoever sends one line and waits
    is answered, whoever sends a file gets full batches.
    """
    number = 0
    rest = b""
    while data := stream.read1(_BYTES_AT_ONCE):
        *lines, rest = (rest + data).split(b"\n")
        for start in range(0, len(lines), _LINES_AT_ONCE):
            chunk = lines[start : start + _LINES_AT_ONCE]
            yield from _decoded(chunk, number)
            number += len(chunk)
    if rest:
        yield from _decoded([rest], number)


def _decoded(lines: list[bytes], before: int) -> Iterator[list[str]]:
    """The lines as text; those before a bad one come before its error."""
    texts: list[str] = []
    for number, line in enumerate(lines, start=before + 1):
        try:
            texts.append(line.decode())
        except UnicodeDecodeError as error:
            yield texts
            raise InputError(
                f"not UTF-8 at byte {error.start + 1} of the line",
                where=f"standard input:{number}",
                way_out="convert the input to UTF-8",
            ) from error
    yield texts


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
