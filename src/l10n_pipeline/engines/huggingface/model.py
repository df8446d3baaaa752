"""A checkpoint behind the interface of the search."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

import torch
from torch import Tensor

from l10n_pipeline.engines.huggingface.alignment import (
    AlignmentHead,
    ForcedAttention,
    best_heads,
    calibration_pieces,
    calibration_texts,
    remember_heads,
    remembered_heads,
)
from l10n_pipeline.engines.huggingface.checkpoint import Checkpoint
from l10n_pipeline.engines.huggingface.network import Memory, Network
from l10n_pipeline.engines.huggingface.subwords import SPACE
from l10n_pipeline.engines.huggingface.vocabulary import (
    PieceVocabulary,
    load_vocabularies,
    prompt_ids,
)
from l10n_pipeline.engines.huggingface.weights import fingerprint
from l10n_pipeline.errors import UsageError
from l10n_pipeline.locale import Locale
from l10n_pipeline.model import Precision
from l10n_pipeline.protocols import DecoderState, StepOutput, Vocabulary

Device = Literal["auto", "cpu", "cuda"]

LONGEST_SOURCE: Final = 256
"""Tokens. What these models were trained on is sentences, whatever their positions allow."""
_TARGET_PER_SOURCE: Final = 2.5
"""Positions to leave for the target: as many tokens as the search lets a source token have."""
_TOKENS_PER_BATCH: Final = {"cpu": 1_000, "cuda": 8_000}
_TYPES: Final = {"f32": torch.float32, "bf16": torch.bfloat16, "f16": torch.float16}
_NEAR_TIE: Final = {"f32": 1e-3, "bf16": 2e-2, "f16": 5e-3}
"""Nats: some times what rounding makes of the logits' last bits."""
_CALIBRATION_STEPS: Final = 24


@dataclass(frozen=True, slots=True, eq=False)
class HuggingFaceState:
    """The decoder's memory of a batch, and where in it the sources lie."""

    memory: Memory
    own: Tensor
    """bool [B, S]: True on the sources' own tokens, False on those that the family adds and on
    padding. S is the longest source that was given."""

    def select(self, rows: Tensor) -> HuggingFaceState:
        """The state of these rows (int64 indices, repetition allowed) in this order."""
        return HuggingFaceState(self.memory.select(rows), self.own[rows])


class HuggingFaceModel:
    """A checkpoint as a :class:`l10n_pipeline.protocols.TranslationModel`.

    The first time it sees a checkpoint it looks for the attention head that aligns words
    (:mod:`.alignment`), which takes some seconds, and keeps what it found in the user's cache.

    Args:
        checkpoint: from :func:`.checkpoint.read_checkpoint`.
        source: what to translate from.
        target: what to translate to.
        device: where to compute; ``auto`` takes a GPU where PyTorch finds one.
        dtype: ``f32``, ``bf16`` or ``f16``; ``auto`` is float32 on a CPU, bfloat16 on a GPU.

    Raises:
        NoModelError: where it does not serve the pair.
        ModelError: where its files are broken or do not fit each other.
        UsageError: where a GPU is asked for and there is none.
    """

    def __init__(
        self,
        checkpoint: Checkpoint,
        source: Locale,
        target: Locale,
        *,
        device: Device = "auto",
        dtype: str = Precision.AUTO,
    ) -> None:
        prompt = checkpoint.prompt(source, target)
        place = _device(device)
        precision = str(dtype)
        if precision == Precision.AUTO:
            precision = "f32" if place.type == "cpu" else "bf16"
        vocabularies = load_vocabularies(checkpoint)
        configuration = checkpoint.configuration
        self.name = f"{checkpoint.name}/{precision}"
        self._sides = vocabularies
        self.source_vocabulary: Vocabulary = vocabularies.source
        self.target_vocabulary: Vocabulary = vocabularies.target
        self._before, self._after, self._target_prefix = prompt_ids(
            checkpoint, vocabularies, prompt
        )
        self._start = (configuration.decoder_start, *self._target_prefix)
        self._pad = configuration.pad
        own = len(self._before) + len(self._after)
        self.max_source_length = LONGEST_SOURCE
        if configuration.positions is not None:
            room = configuration.positions - max(own, len(self._start)) - 1
            self.max_source_length = max(2, min(LONGEST_SOURCE, int(room / _TARGET_PER_SOURCE)))
        self.tokens_per_batch = _TOKENS_PER_BATCH[place.type]
        self.near_tie = _NEAR_TIE[precision]
        barred = vocabularies.target.not_text - {configuration.eos}
        self._barred = torch.tensor(sorted(barred), dtype=torch.int64)
        self._network = Network(checkpoint, device=place, dtype=_TYPES[precision])
        self._heads = self._found_heads(fingerprint(checkpoint.weights), source)
        self.alignment_head: AlignmentHead = self._heads[0]
        """The head behind :attr:`StepOutput.attention`."""

    @property
    def shifted_alignment_head(self) -> AlignmentHead:
        """The best head among those that attend for the token read last: each row would be
        that of the token before. Where its score is higher, a search that took its
        alignments a step later would have better ones.
        """
        return self._heads[1]

    @torch.inference_mode()
    def start(
        self,
        sources: Sequence[Sequence[int]],
        required: Sequence[Sequence[int]] = (),  # noqa: ARG002 - for models with a shortlist
    ) -> HuggingFaceState:
        """Encode a batch.

        Args:
            sources: token ids with their end of sentence, not padded.
            required: has no bearing: there is no shortlist.
        """
        memory = self._network.encode(
            [(*self._before, *source, *self._after) for source in sources], self._pad
        )
        lengths = torch.tensor([len(source) for source in sources])
        own = torch.arange(int(lengths.max())) < lengths.unsqueeze(1)
        return HuggingFaceState(memory, own)

    @torch.inference_mode()
    def step(self, state: DecoderState, previous: Tensor | None) -> StepOutput:
        """Score the next token.

        Args:
            state: from :meth:`start` or the step before.
            previous: int64 [B], each row's last token; None at the first step.

        Raises:
            ModelError: where a translation grows beyond the network's positions.
        """
        if not isinstance(state, HuggingFaceState):
            raise TypeError(f"not a Hugging Face model's state: {state!r}")
        if previous is None:
            tokens = torch.tensor([self._start] * len(state.own))
        else:
            tokens = previous.unsqueeze(1)
        logits, attentions, memory = self._network.decode(state.memory, tokens)
        weights = attentions[self.alignment_head.layer][:, self.alignment_head.head, -1]
        return StepOutput(
            logits=self._writable(logits[:, -1]),
            attention=self._of_source(weights.unsqueeze(1), state.own).squeeze(1),
            state=HuggingFaceState(memory, state.own),
        )

    def _writable(self, logits: Tensor) -> Tensor:
        """float32 [B, V] with minus infinity for what is no text."""
        scores = logits.float().cpu()
        if scores.data_ptr() == logits.data_ptr():
            scores = scores.clone()
        return scores.index_fill_(1, self._barred, -torch.inf)

    def _of_source(self, attention: Tensor, own: Tensor) -> Tensor:
        """Attention over all that was encoded, [B, ..., all], as that over the source's own
        tokens, float32 [B, ..., S]; rows sum to 1.
        """
        first = len(self._before)
        weights = attention.float().cpu()[..., first : first + own.shape[1]]
        mask = own.view(len(own), *[1] * (weights.dim() - 2), own.shape[1])
        # Next to nothing everywhere: a row that stood on the family's own tokens alone must
        # sum to 1 as well.
        weights = (weights + 1e-12) * mask
        return weights / weights.sum(dim=-1, keepdim=True)

    # --- which head aligns -----------------------------------------------------------

    def _found_heads(self, weights: str, source: Locale) -> dict[int, AlignmentHead]:
        network = self._network
        known = remembered_heads(weights, network.layers, network.heads)
        if known is None:
            # Steps need a head, any, until one is found.
            self.alignment_head = AlignmentHead(0, 0, 0, 0.0)
            known = best_heads(self._observe(self._calibration_sources(source)))
            remember_heads(weights, known)
        return known

    def _calibration_sources(self, locale: Locale) -> list[list[int]]:
        vocabulary = self._sides.source
        words = [
            (number, piece.removeprefix(SPACE))
            for piece, number in sorted(vocabulary.ids.items(), key=lambda item: item[1])
            if piece.startswith(SPACE) and number not in vocabulary.not_text
        ]
        texts = [list(vocabulary.encode(text).ids) for text in calibration_texts(locale)]
        found = [ids for ids in [*texts, *calibration_pieces(words)] if ids]
        return [[*ids[: self.max_source_length - 1], vocabulary.eos_id] for ids in found]

    @torch.inference_mode()
    def _observe(self, sources: list[list[int]]) -> list[ForcedAttention]:
        """What all heads attend to while the model's own translations are forced."""
        if not sources:
            return []
        targets = self._translated(sources)
        state = self.start(sources)
        longest = max(map(len, targets))
        tokens = torch.full(
            (len(sources), len(self._start) + longest), self.target_vocabulary.eos_id
        )
        tokens[:, : len(self._start)] = torch.tensor(self._start)
        for row, target in enumerate(targets):
            tokens[row, len(self._start) : len(self._start) + len(target)] = torch.tensor(
                target, dtype=torch.int64
            )
        logits, attentions, _ = self._network.decode(state.memory, tokens)
        first = len(self._start) - 1
        attention = torch.stack([self._of_source(layer, state.own) for layer in attentions], dim=1)
        likely = logits[:, first:].float().cpu().log_softmax(dim=-1)
        return [
            ForcedAttention(
                source=tuple(self._spelt(self._sides.source, source)),
                target=tuple(self._spelt(self._sides.target, target)),
                attention=attention[row, :, :, first : first + len(target) + 1, : len(source)],
                probability=float(
                    likely[row, range(len(target)), target].mean().exp() if target else 0.0
                ),
            )
            for row, (source, target) in enumerate(zip(sources, targets, strict=True))
        ]

    def _translated(self, sources: list[list[int]]) -> list[list[int]]:
        """The likeliest token at each step, without end of sentence."""
        eos = self.target_vocabulary.eos_id
        longest = max(map(len, sources))
        output = self.step(self.start(sources), None)
        choices = output.logits.argmax(dim=1)
        written = [choices]
        done = choices == eos
        for _ in range(min(_CALIBRATION_STEPS, 2 * longest)):
            if bool(done.all()):
                break
            output = self.step(output.state, choices)
            choices = output.logits.argmax(dim=1).masked_fill(done, eos)
            done |= choices == eos
            written.append(choices)
        rows = torch.stack(written, dim=1).tolist()
        return [row[: row.index(eos)] if eos in row else row for row in rows]

    def _spelt(self, vocabulary: PieceVocabulary, ids: Sequence[int]) -> list[str]:
        """Pieces by their text, so that equal ones are equal across vocabularies."""
        return [vocabulary.decode([number]).text or f"<{number}>" for number in ids]


def _device(wanted: Device) -> torch.device:
    if wanted == "cpu" or (wanted == "auto" and not torch.cuda.is_available()):
        return torch.device("cpu")
    if not torch.cuda.is_available():
        raise UsageError("PyTorch finds no GPU", way_out="choose the device 'cpu' or 'auto'")
    return torch.device("cuda")
