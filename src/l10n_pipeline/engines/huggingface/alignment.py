"""Find the attention head that aligns words, once per checkpoint, without aligned text.

A translation model's decoder attends to the source with dozens of heads. Some of them align
words; which, differs from model to model (Garg et al. 2019, *Jointly learning to align and
translate*, D19-1453). And a head may attend for the token that is being written or for the
one that was just read, one step later (Chen et al. 2020, *Accurate word alignment induction
from neural machine translation*, 2020.emnlp-main.42), so that both are tried.

The measure needs no reference. The model translates lists of words in ever different order,
and is read back with its own translation forced. A head that aligns gives the same source
words to a target word wherever that occurs, and others to other words:

    score = mean over target tokens t of  a(t) · (b(t) − c(t))

where ``a(t)`` is the head's attention of that occurrence, summed over equal source tokens;
``b(t)`` the mean of the same target token's occurrences in other sentences; ``c(t)`` the mean
of all tokens in other sentences. A head that stares at the end of sentence has b = c and
scores 0; one that is diffuse, or a place off, scores little; a true, sharp aligner nears 1. A
token that also stands in the source is its own counterpart: numbers and names are copied. Each
sentence counts by the probability that the model gives to its own translation, so that words
which a vocabulary hardly knows do not decide.
"""

from __future__ import annotations

import json
import math
import os
import random
import tempfile
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

import babel
import torch
from torch import Tensor

from l10n_pipeline.locale import Locale

SHIFTS: Final = (0, 1)
"""A head's row for a token: at the step that writes it, or at the next, which reads it."""
_SEED: Final = 20
_SENTENCES: Final = 12
_WORDS: Final = 5
_POOL: Final = 24
_FREQUENT_PIECES: Final = 4_000
_CACHE_LIMIT: Final = 4_096


@dataclass(frozen=True, slots=True)
class AlignmentHead:
    """The head whose attention is taken for word alignment."""

    layer: int
    head: int
    shift: int
    """0: its row is that of the token being written; 1: of the token read at this step, which
    is the one written at the step before."""
    score: float
    """By the measure of this module; 0 is chance, 1 a perfect aligner."""


@dataclass(frozen=True, slots=True, eq=False)
class ForcedAttention:
    """What all heads attended to while a translation was forced."""

    source: tuple[str, ...]
    """The source's tokens as text, end of sentence last."""
    target: tuple[str, ...]
    """The translation's tokens as text, without end of sentence."""
    attention: Tensor
    """float32 [layers, heads, len(target) + 1, len(source)]: a row for each token and for the
    end of sentence."""
    probability: float
    """Geometric mean of the probabilities of the translation's tokens."""


def calibration_texts(locale: Locale) -> list[str]:
    """Lists of words in any language: countries, months and days as CLDR names them, in
    random order, and numbers. Empty where CLDR has no names.
    """
    try:
        found = babel.Locale(locale.language, script=locale.script or None)
    except (babel.UnknownLocaleError, ValueError):
        return []
    names = [
        *found.months["format"]["wide"].values(),
        *found.days["format"]["wide"].values(),
        *(found.territories.get(code, "") for code in ("DE", "FR", "IT", "JP", "BR", "EG")),
    ]
    words = sorted({name for name in names if name and not any(map(str.isspace, name))})
    if len(words) < 2 * _WORDS:
        return []
    source = random.Random(_SEED)  # noqa: S311 - the same lists every time
    pool = source.sample(words, min(_POOL, len(words)))
    return [
        f"{', '.join(source.sample(pool, _WORDS))}, {source.randrange(10, 99)}."
        for _ in range(_SENTENCES)
    ]


def calibration_pieces(pieces: Sequence[tuple[int, str]]) -> list[list[int]]:
    """Sequences of whole words from a vocabulary, in random order.

    Args:
        pieces: ids and pieces that begin a word, the most frequent first.
    """
    source = random.Random(_SEED)  # noqa: S311 - the same sequences every time
    words = [number for number, piece in pieces[:_FREQUENT_PIECES] if piece.isalpha()]
    if len(words) < 2:
        return []
    pool = source.sample(words, min(_POOL, len(words)))
    return [source.sample(pool, min(_WORDS, len(pool))) for _ in range(_SENTENCES)]


def best_heads(observed: Sequence[ForcedAttention]) -> dict[int, AlignmentHead]:
    """For each of :data:`SHIFTS` the head that aligns best; see the module for the measure.

    Args:
        observed: at least one sentence, all of the same network.
    """
    sentences = [sentence for sentence in observed if sentence.target]
    if not sentences:
        return {shift: AlignmentHead(0, 0, shift, 0.0) for shift in SHIFTS}
    layers, heads = sentences[0].attention.shape[:2]
    scores = {
        (shift, layer, head): _score(sentences, layer, head, shift)
        for shift in SHIFTS
        for layer in range(layers)
        for head in range(heads)
    }
    found = {}
    for shift in SHIFTS:
        # Of equals the last: the upper layers attend for the token being written.
        score, layer, head = max(
            (scores[shift, layer, head], layer, head)
            for layer in range(layers)
            for head in range(heads)
        )
        found[shift] = AlignmentHead(layer, head, shift, round(score, 4))
    return found


def _score(sentences: Sequence[ForcedAttention], layer: int, head: int, shift: int) -> float:
    columns = _numbered(token for sentence in sentences for token in sentence.source)
    attended: list[Tensor] = []
    owners: list[int] = []
    tokens: list[str] = []
    weights: list[float] = []
    for number, sentence in enumerate(sentences):
        rows = sentence.attention[layer, head, shift : shift + len(sentence.target)]
        by_token = torch.zeros(len(rows), len(columns))
        by_token.index_add_(1, torch.tensor([columns[token] for token in sentence.source]), rows)
        attended.append(by_token)
        owners += [number] * len(rows)
        tokens += sentence.target
        weights += [sentence.probability] * len(rows)
    a = torch.cat(attended)
    expected = _expected(a, torch.tensor(owners), tokens)
    for row, (token, owner) in enumerate(zip(tokens, owners, strict=True)):
        if token in columns and token in sentences[owner].source:
            expected[row] = 0
            expected[row, columns[token]] = 1
    others = _of_other_sentences(a, torch.tensor(owners))
    agreement = (a * (expected - others)).sum(dim=1)
    weight = torch.tensor(weights)
    return float((agreement * weight).sum() / weight.sum().clamp_min(1e-9))


def _expected(a: Tensor, owners: Tensor, tokens: Sequence[str]) -> Tensor:
    """For each row the mean of its token's rows in other sentences; where there are none,
    that of all rows there, so that they count for nothing.
    """
    expected = _of_other_sentences(a, owners)
    places: dict[str, list[int]] = defaultdict(list)
    for row, token in enumerate(tokens):
        places[token].append(row)
    for rows in places.values():
        group = torch.tensor(rows)
        apart = owners[group].unsqueeze(1) != owners[group].unsqueeze(0)
        count = apart.sum(dim=1)
        mean = apart.float() @ a[group] / count.clamp_min(1).unsqueeze(1)
        some = count > 0
        expected[group[some]] = mean[some]
    return expected


def _of_other_sentences(a: Tensor, owners: Tensor) -> Tensor:
    """For each row the mean of the rows of all other sentences; zeros where there are none."""
    apart = (owners.unsqueeze(1) != owners.unsqueeze(0)).float()
    return apart @ a / apart.sum(dim=1, keepdim=True).clamp_min(1)


def _numbered(names: Iterable[str]) -> dict[str, int]:
    return {name: number for number, name in enumerate(dict.fromkeys(names))}


# --- what was found is remembered ----------------------------------------------------


def remembered_heads(fingerprint: str, layers: int, heads: int) -> dict[int, AlignmentHead] | None:
    """What was found for these weights before; None where nothing (readable) is known.

    Args:
        fingerprint: of the weights.
        layers: decoder layers of the network.
        heads: attention heads of each.
    """
    path = _cache_file(fingerprint)
    if path is None:
        return None
    try:
        with path.open("rb") as file:
            entries = json.loads(file.read(_CACHE_LIMIT))
        found = {int(entry["shift"]): AlignmentHead(**entry) for entry in entries}
    except (OSError, ValueError, TypeError, KeyError, RecursionError):
        # A cache that cannot be read is made anew.
        return None
    sound = sorted(found) == list(SHIFTS) and all(
        entry.layer in range(layers)
        and entry.head in range(heads)
        and type(entry.score) in (int, float)
        and math.isfinite(entry.score)
        for entry in found.values()
    )
    return found if sound else None


def remember_heads(fingerprint: str, heads: dict[int, AlignmentHead]) -> None:
    """Keep what was found. Where nothing can be written it is found again next time."""
    path = _cache_file(fingerprint)
    if path is None:
        return
    entries = json.dumps([asdict(heads[shift]) for shift in SHIFTS])
    temporary = ""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".tmp")
        with open(descriptor, "w", encoding="utf-8") as file:  # noqa: PTH123 - a descriptor
            file.write(entries)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).replace(path)
    except OSError:
        if temporary:
            Path(temporary).unlink(missing_ok=True)


def _cache_file(fingerprint: str) -> Path | None:
    root = os.environ.get("XDG_CACHE_HOME", "")
    try:
        base = Path(root) if Path(root).is_absolute() else Path.home() / ".cache"
    except RuntimeError:
        # No home to keep it in.
        return None
    return base / "l10n-pipeline" / "alignment-heads" / f"{fingerprint}.json"
