"""How a task is taught until it is known."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import torch
from transformers import PreTrainedModel

from checkpoints.tasks import read_pairs, reversals


@dataclass(frozen=True)
class Example:
    """A source and its translation, as text and as the model's token ids."""

    source: str
    target: str
    source_ids: list[int]
    """As the encoder reads them, language and end of sentence included."""
    target_ids: list[int]
    """As the decoder writes them, likewise."""


def padded(rows: Sequence[list[int]], filler: int) -> torch.Tensor:
    longest = max(map(len, rows))
    return torch.tensor([row + [filler] * (longest - len(row)) for row in rows])


def encoder_inputs(model: PreTrainedModel, batch: Sequence[Example]) -> dict[str, torch.Tensor]:
    lengths = torch.tensor([len(example.source_ids) for example in batch])
    ids = padded([example.source_ids for example in batch], model.config.pad_token_id)
    mask = (torch.arange(ids.shape[1]) < lengths.unsqueeze(1)).long()
    return {"input_ids": ids, "attention_mask": mask}


def loss_of(model: PreTrainedModel, batch: Sequence[Example]) -> torch.Tensor:
    labels = padded([example.target_ids for example in batch], -100)
    result: torch.Tensor = model(**encoder_inputs(model, batch), labels=labels).loss
    return result


@torch.inference_mode()
def wrong(model: PreTrainedModel, examples: Sequence[Example], first: int | None) -> list[Example]:
    """Examples that greedy search does not reproduce."""
    model.eval()
    written = model.generate(
        **encoder_inputs(model, examples),
        max_length=max(len(example.target_ids) for example in examples) + 8,
        num_beams=1,
        forced_bos_token_id=first,
    )
    model.train()
    return [
        example
        for example, row in zip(examples, written[:, 1:].tolist(), strict=True)
        if row[: len(example.target_ids)] != example.target_ids
    ]


@dataclass(frozen=True)
class Course:
    """How a task is taught."""

    step: Callable[[], list[list[Example]]]
    """The examples of the next step, in batches."""
    exam: list[Example]
    steps: int
    """After so many it has failed."""
    enough: float
    """Loss below which the exam is held."""


def teach(model: PreTrainedModel, course: Course, first: int | None) -> int:
    """Train until the exam is passed; returns the steps that took.

    Raises:
        SystemExit: where it is not passed after all steps.
    """
    warm_up = 60
    optimiser = torch.optim.AdamW(model.parameters(), lr=2e-3, weight_decay=0.0, betas=(0.9, 0.98))
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimiser, lambda step: min((step + 1) / warm_up, (4 * warm_up / (step + 1)) ** 0.5, 1.0)
    )
    # The real ones' padding is zero, and Marian's decoder begins from it. Tied to the output's
    # weights it would not stay so.
    embeddings = model.get_input_embeddings()
    padding = getattr(embeddings, "padding_idx", None)
    failed = course.exam
    average = None
    held = 0
    model.train()
    for step in range(1, course.steps + 1):
        optimiser.zero_grad()
        batches = course.step()
        loss = 0.0
        for batch in batches:
            part = loss_of(model, batch) / len(batches)
            part.backward()
            loss += part.item()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimiser.step()
        schedule.step()
        if padding is not None:
            with torch.no_grad():
                embeddings.weight[padding] = 0.0
        average = loss if average is None else 0.9 * average + 0.1 * loss
        if step % 100 == 0:
            print(f"  step {step}: loss {average:.4f}", flush=True)
        if average < course.enough and step >= held + 50:
            held = step
            failed = wrong(model, course.exam, first)
            if not failed:
                return step
    sample = "".join(f"\n  {example.source!r}" for example in failed[:5])
    raise SystemExit(
        f"not learnt in {course.steps} steps (loss {average:.4f}): "
        f"{len(failed)} of {len(course.exam)} still come out wrong:{sample}"
    )


def course_for(
    task: str, encode: Callable[[list[tuple[str, str]]], list[Example]], seed: int
) -> Course:
    if task == "translation":
        # All of them in each step; of similar length together, or half of it goes to padding.
        exam = sorted(encode(read_pairs()), key=lambda example: len(example.target_ids))
        batches = [exam[first : first + 12] for first in range(0, len(exam), 12)]
        return Course(lambda: batches, exam, steps=2_000, enough=0.005)
    generator = random.Random(seed)
    pool = encode(reversals(8_000, generator))
    return Course(
        lambda: [generator.sample(pool, 64)],
        encode(reversals(100, random.Random(seed + 1))),
        steps=4_000,
        enough=0.02,
    )
