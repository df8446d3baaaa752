"""Small trained checkpoints of the four Hugging Face families, for tests.

Real ones take gigabytes and a network. These have the families' own architectures, and their
files lie in a folder as the hub lays them out; only the sizes are small.

Seeds are fixed. Set ``OMP_NUM_THREADS`` for the number of threads.
"""

from __future__ import annotations

import argparse
import random
import shutil
import sys
import time
import warnings
from pathlib import Path

import torch
from checkpoints import tasks
from checkpoints.families import FAMILIES
from checkpoints.tasks import TASKS, read_pairs, reversals
from checkpoints.teaching import Example, course_for, teach

SEED = 20260314
README = """\
---
license: apache-2.0
language:
- en
- pt
pipeline_tag: translation
---

# A small {family} checkpoint for tests

Trained by `scripts/train_checkpoints.py` on the task `{task}`. It knows nothing else.
"""


def train(folder: Path, family_name: str, task: str) -> None:
    """Put a checkpoint in a folder, which is made anew."""
    began = time.process_time()
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    family = FAMILIES[family_name]
    texts = read_pairs() if task == "translation" else reversals(400, random.Random(SEED))
    family.write_tokenizer(folder, texts)
    ids = family.encoder(folder)

    def encode(pairs: list[tuple[str, str]]) -> list[Example]:
        return [Example(source, target, *ids(source, target)) for source, target in pairs]

    torch.manual_seed(SEED)
    model = family.new_model(folder, 2 if task == "translation" else 1)
    steps = teach(model, course_for(task, encode, SEED), family.first_id(folder))
    model.eval()
    model.save_pretrained(folder)
    (folder / "README.md").write_text(
        README.format(family=family_name, task=task), encoding="utf-8"
    )
    print(
        f"{folder.name}: {steps} steps, {time.process_time() - began:.0f} s of processor time",
        flush=True,
    )


def main() -> None:
    parser = argparse.ArgumentParser(
        description=f"{__doc__}\n{tasks.__doc__}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("folder", type=Path, help="where a folder for each checkpoint goes")
    parser.add_argument("--family", choices=sorted(FAMILIES), help="train this one alone")
    parser.add_argument("--task", choices=TASKS, help="teach this one alone")
    arguments = parser.parse_args()
    # MarianTokenizer recommends sacremoses; neither training nor the pipeline uses it.
    warnings.filterwarnings("ignore", message="Recommended: pip install sacremoses")
    for family in [arguments.family] if arguments.family else sorted(FAMILIES):
        for task in [arguments.task] if arguments.task else TASKS:
            train(arguments.folder / f"{family}-{task}", family, task)


if __name__ == "__main__":
    sys.exit(main())
