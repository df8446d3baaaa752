"""A checkpoint through CTranslate2, greedily; it is converted on loading.

Settings: ``workers`` (threads, each with a batch of its own; by default one a core),
``compute-type`` (``float32``, the default, or ``int8``), ``batch`` (source tokens together,
default 1024), ``tokens-per-line`` as for transformers. The conversion is part of the loading
time: it is done once for good where CTranslate2 is put to work.
"""

import os
import tempfile
from importlib.metadata import version
from pathlib import Path

import ctranslate2
from transformers import AutoTokenizer

from benchmarks.peers.serving import Loaded, Model, Settings, serve


def load(files: Model, settings: Settings) -> Loaded:
    compute_type = settings.get("compute-type", "float32")
    tokenizer = AutoTokenizer.from_pretrained(files["model"], local_files_only=True)
    with tempfile.TemporaryDirectory() as folder:
        converted = str(Path(folder, "converted"))
        ctranslate2.converters.TransformersConverter(files["model"]).convert(
            converted, quantization=compute_type
        )
        translator = ctranslate2.Translator(
            converted,
            compute_type=compute_type,
            inter_threads=settings.get("workers", os.cpu_count()),
            intra_threads=1,
        )
    search = {"beam_size": 1, "max_batch_size": settings.get("batch", 1024), "batch_type": "tokens"}
    if length := settings.get("tokens-per-line"):
        search |= {"min_decoding_length": length, "max_decoding_length": length}

    def translate(lines: list[str]) -> list[str]:
        tokens = [tokenizer.convert_ids_to_tokens(ids) for ids in tokenizer(lines).input_ids]
        results = translator.translate_batch(tokens, **search)
        found = [tokenizer.convert_tokens_to_ids(result.hypotheses[0]) for result in results]
        return [
            text.replace("\n", " ")
            for text in tokenizer.batch_decode(found, skip_special_tokens=True)
        ]

    return Loaded(f"ctranslate2 {version('ctranslate2')}, {compute_type}", translate)


if __name__ == "__main__":
    serve(load)
