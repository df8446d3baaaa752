"""A checkpoint run by CTranslate2, with CTranslate2's own search."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

import ctranslate2
import torch
from torch import Tensor

from l10n_pipeline.engines.cached import cache_folder
from l10n_pipeline.engines.ctranslate2.conversion import PAD, convert, converted, token_name
from l10n_pipeline.engines.huggingface.checkpoint import Checkpoint
from l10n_pipeline.engines.huggingface.model import LONGEST_SOURCE, HuggingFaceModel
from l10n_pipeline.engines.huggingface.vocabulary import (
    load_vocabularies,
    prompt_ids,
)
from l10n_pipeline.errors import ModelError
from l10n_pipeline.locale import Locale
from l10n_pipeline.model import Search
from l10n_pipeline.protocols import Found, Vocabulary

_TARGET_PER_SOURCE: Final = 2.5
"""Positions to leave for the target: as many tokens as the search lets a source token have."""
_SHORTEST_LIMIT: Final = 10
"""Room for the translation of a single word."""
_TOKENS_PER_BATCH: Final = 1_000
_PATIENCE: Final = 3.0
"""Translations to finish before a beam search ends, as a multiple of its beam (Kasai et al. 2022,
arXiv:2204.05424). With 1 the search ends once as many as the beam is wide have finished, were
they ever so unlikely; and where the model is sure of its words, the best finishes last."""
_CACHE: Final = "ctranslate2"


class CTranslate2Model:
    """A checkpoint as a :class:`l10n_pipeline.protocols.SearchingModel`.

    The first time it sees a checkpoint it converts it, by way of
    :class:`l10n_pipeline.engines.huggingface.model.HuggingFaceModel`, which finds the attention
    head that aligns words; the result is kept in the cache.

    It does not tell how narrowly a choice was made, so that nothing guards against rounding
    that varies with the batch. In 8-bit integers every token is scaled on its own, whatever is
    beside it: of 2,192 lines through small models of all families none differed between large
    batches and line by line. Against float32, attention differed by up to 0.21 and the mean
    log-probability by up to 5e-4.

    Args:
        checkpoint: from :func:`l10n_pipeline.engines.huggingface.read_checkpoint`.
        source: what to translate from.
        target: what to translate to.
        compute_type: one of CTranslate2's; ``auto`` is the fastest that the machine has, 8-bit
            integers as a rule.

    Raises:
        NoModelError: where it does not serve the pair.
        ModelError: where its files are broken, or CTranslate2 cannot run it.
        OutputError: where the converted model cannot be written.
    """

    def __init__(
        self, checkpoint: Checkpoint, source: Locale, target: Locale, *, compute_type: str = "auto"
    ) -> None:
        prompt = checkpoint.prompt(source, target)
        vocabularies = load_vocabularies(checkpoint)
        configuration = checkpoint.configuration
        self._where = str(checkpoint.folder)
        self.source_vocabulary: Vocabulary = vocabularies.source
        self.target_vocabulary: Vocabulary = vocabularies.target
        before, after, lead = prompt_ids(checkpoint, vocabularies, prompt)
        names = [token_name(configuration, number) for number in range(configuration.target_size)]
        self._names = names
        self._before, self._after = [[names[i] for i in ids] for ids in (before, after)]
        self._lead = [names[number] for number in lead]
        self.max_source_length = LONGEST_SOURCE
        if configuration.positions is not None:
            room = configuration.positions - max(len(before) + len(after), len(lead) + 1) - 1
            self.max_source_length = max(2, min(LONGEST_SOURCE, int(room / _TARGET_PER_SOURCE)))
        self.tokens_per_batch = _TOKENS_PER_BATCH
        unk = self.target_vocabulary.unk_id
        # What is no text, but for what CTranslate2 bars itself or does not have.
        barred = vocabularies.target.not_text - {configuration.eos, unk}
        self._barred = [[names[number]] for number in sorted(barred) if names[number] != PAD]
        cache = cache_folder() / _CACHE
        folder = converted(checkpoint, unk, cache)
        if folder is None:
            head = HuggingFaceModel(checkpoint, source, target, device="cpu").alignment_head
            folder = convert(checkpoint, head, unk, cache)
        try:
            self._translator = ctranslate2.Translator(
                str(folder), compute_type=compute_type, intra_threads=torch.get_num_threads()
            )
        except (RuntimeError, ValueError) as error:
            raise ModelError(
                f"cannot be loaded by CTranslate2: {error}",
                where=str(folder),
                way_out="delete that folder, and the model is converted again",
            ) from error
        self.name = f"{checkpoint.name}/ct2-{self._translator.compute_type}"

    def search(
        self,
        sources: Sequence[Sequence[int]],
        *,
        search: Search,
        n: int,
        prefixes: Sequence[Sequence[int]] | None,
        length_factor: float,
    ) -> list[list[Found]]:
        """Up to ``n`` different translations of each source, best first; at least one.

        As :meth:`l10n_pipeline.protocols.SearchingModel.search` has it. The length that the
        length penalty looks at counts the token of the target's language as well, and forced
        tokens weigh nothing in the ranking; both bear on its order alone.

        Raises:
            ModelError: where CTranslate2 fails.
        """
        forced = prefixes or [()] * len(sources)
        limits = [
            max(math.ceil(len(source) * length_factor), _SHORTEST_LIMIT, len(prefix) + 1)
            for source, prefix in zip(sources, forced, strict=True)
        ]
        texts = [[*self._before, *self._named(source), *self._after] for source in sources]
        leads = [[*self._lead, *self._named(prefix)] for prefix in forced]
        try:
            results = self._translator.translate_batch(
                texts,
                target_prefix=leads,
                beam_size=max(search.beam, n),
                num_hypotheses=n,
                patience=_PATIENCE,
                length_penalty=search.length_penalty,
                no_repeat_ngram_size=search.no_repeat_ngram,
                disable_unk=True,
                suppress_sequences=self._barred or None,
                return_end_token=True,
                max_input_length=0,
                max_decoding_length=len(self._lead) + max(limits),
                return_scores=True,
                return_attention=True,
            )
            found = [
                [
                    self._found(source, result, place, limit, search.length_penalty)
                    for place in range(len(result.hypotheses))
                ]
                for source, result, limit in zip(sources, results, limits, strict=True)
            ]
            return [_different(results) for results in self._rescored(texts, forced, found)]
        except (RuntimeError, ValueError) as error:
            raise ModelError(
                f"fails in CTranslate2: {error}", where=self._where, way_out="try another engine"
            ) from error

    def _found(
        self, source: Sequence[int], result: Any, place: int, limit: int, length_penalty: float
    ) -> Found:
        written = result.hypotheses[place]
        own = len(self._lead)
        # The length that its score was divided by.
        log_probability = result.scores[place] * len(written) ** length_penalty
        numbers = [int(name) for name in written[own:]]
        complete = numbers[-1:] == [self.target_vocabulary.eos_id]
        tokens = numbers[:-1] if complete else numbers
        if len(numbers) > limit:
            # The whole batch was given the limit of its longest source.
            tokens, complete = tokens[:limit], False
        attention = torch.tensor(result.attention[place][own : own + len(tokens)])
        return Found(
            tokens=tuple(tokens),
            score=log_probability / max(len(numbers), 1),
            attention=self._of_source(attention, len(tokens), len(source)),
            complete=complete,
        )

    def _of_source(self, attention: Tensor, tokens: int, source: int) -> Tensor:
        """Attention over all that was encoded, as that over the source's own tokens."""
        if not tokens:
            return torch.zeros(0, source)
        first = len(self._before)
        # Next to nothing everywhere: a row that stood on the family's own tokens alone must
        # sum to 1 as well.
        own = attention[:, first : first + source] + 1e-12
        return own / own.sum(dim=1, keepdim=True)

    def _rescored(
        self,
        texts: list[list[str]],
        prefixes: Sequence[Sequence[int]],
        found: list[list[Found]],
    ) -> list[list[Found]]:
        """The same with true scores, where CTranslate2's are of another text: it takes forced
        tokens for certain, and counts those beyond the limit.
        """
        rows = [
            (row, place)
            for row, results in enumerate(found)
            for place, result in enumerate(results)
            if prefixes[row] or not result.complete
        ]
        if not rows:
            return found
        scored = self._translator.score_batch(
            [texts[row] for row, _ in rows],
            [[*self._lead, *self._named(found[row][place].tokens)] for row, place in rows],
            max_input_length=0,
        )
        for (row, place), result in zip(rows, scored, strict=True):
            old = found[row][place]
            steps = len(old.tokens) + old.complete
            likely = result.log_probs[len(self._lead) :][:steps]
            found[row][place] = replace(old, score=sum(likely) / len(likely))
        return found

    def _named(self, ids: Sequence[int]) -> list[str]:
        return [self._names[number] for number in ids]


def _different(results: list[Found]) -> list[Found]:
    """The first of each that are alike: cut at their limit, some are."""
    return list({result.tokens: result for result in reversed(results)}.values())[::-1]
