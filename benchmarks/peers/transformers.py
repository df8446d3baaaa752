"""A checkpoint through transformers' own ``generate``, greedily and in float32.

Settings: ``workers`` (torch's threads, by default as torch sets them); ``batch``, lines
together (default 32; longest first, as padding is work); ``tokens-per-line``, what each
translation is made to have, for checkpoints that were never trained to end one.
"""

from importlib.metadata import version

import torch
from transformers import AutoModelForSeq2SeqLM, AutoTokenizer

from benchmarks.peers.serving import Loaded, Model, Settings, by_length, serve


def load(files: Model, settings: Settings) -> Loaded:
    if "workers" in settings:
        torch.set_num_threads(settings["workers"])
    tokenizer = AutoTokenizer.from_pretrained(files["model"], local_files_only=True)
    model = AutoModelForSeq2SeqLM.from_pretrained(files["model"], local_files_only=True).eval()
    search = {"do_sample": False, "num_beams": 1}
    if length := settings.get("tokens-per-line"):
        search |= {"min_new_tokens": length, "max_new_tokens": length}

    def translate(lines: list[str]) -> list[str]:
        batch = tokenizer(lines, return_tensors="pt", padding=True)
        with torch.inference_mode():
            found = model.generate(**batch, **search)
        return [
            text.replace("\n", " ")
            for text in tokenizer.batch_decode(found, skip_special_tokens=True)
        ]

    at_once = settings.get("batch", 32)
    return Loaded(f"transformers {version('transformers')}", by_length(translate, at_once))


if __name__ == "__main__":
    serve(load)
