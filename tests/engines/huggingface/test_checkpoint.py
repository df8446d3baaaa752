"""What a folder is taken for, and what is refused before a tensor is allocated."""

from __future__ import annotations

import json
import os
import random
import resource
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from safetensors.torch import load_file, save_file

from l10n_pipeline.engines.huggingface import is_checkpoint, read_checkpoint
from l10n_pipeline.engines.huggingface.vocabulary import load_vocabularies
from l10n_pipeline.errors import ModelError, NoModelError
from l10n_pipeline.locale import Locale
from tests.engines.huggingface.tiny import FAMILIES, rewrite_json, write_tiny

EN, PT = Locale.parse("en"), Locale.parse("pt-BR")
WEIGHTS = "model.safetensors"


@pytest.fixture(scope="module")
def masters(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    root = tmp_path_factory.mktemp("masters")
    return {family: write_tiny(root / family / "opus-mt-en-mul", family) for family in FAMILIES}


@pytest.fixture
def copy(masters: dict[str, Path], tmp_path: Path) -> Callable[[str], Path]:
    def copied(family: str) -> Path:
        target = tmp_path / family / "opus-mt-en-mul"
        shutil.copytree(masters[family], target)
        return target

    return copied


def refused(folder: Path) -> str:
    """The one error that reading the folder and its vocabularies ends in."""
    with pytest.raises(ModelError) as caught:
        load_vocabularies(read_checkpoint(folder))
    message = str(caught.value)
    assert "\n" not in message
    assert str(folder) in message
    assert caught.value.way_out
    return message


# --- what it says of itself ----------------------------------------------------------


@pytest.mark.parametrize("family", FAMILIES)
def test_a_checkpoint_knows_its_family_and_languages(family: str, masters: dict[str, Path]) -> None:
    checkpoint = read_checkpoint(masters[family])

    assert is_checkpoint(masters[family])
    assert checkpoint.family == family
    assert checkpoint.name == "opus-mt-en-mul"
    assert checkpoint.revision == ""
    assert checkpoint.size == sum(p.stat().st_size for p in masters[family].iterdir())
    assert checkpoint.serves(EN, PT)
    assert not checkpoint.serves(EN, Locale.parse("fi"))
    assert not checkpoint.serves(Locale.parse("fi"), PT)


@pytest.mark.parametrize(
    ("family", "codes"),
    [
        ("marian", ("eng", "srp_Latn")),
        ("m2m-100", None),
        ("nllb", None),
        ("madlad-400", ("en", "sr_Latn")),
    ],
)
def test_serbian_in_latin_script_is_never_served_by_the_other_script(
    family: str, codes: tuple[str, str] | None, masters: dict[str, Path]
) -> None:
    checkpoint, latin = read_checkpoint(masters[family]), Locale.parse("sr-Latn")
    if codes is not None:
        assert checkpoint.codes(EN, latin) == codes
        return
    with pytest.raises(NoModelError, match=r"does not write Serbian \(Latin\).*nearest.*sr"):
        checkpoint.codes(EN, latin)


def test_the_hubs_cache_gives_name_and_revision_through_its_links(
    tmp_path: Path, masters: dict[str, Path]
) -> None:
    root = tmp_path / "models--Helsinki-NLP--opus-mt-en-mul"
    snapshot = root / "snapshots" / ("0123abcd" * 5)
    blobs = root / "blobs"
    for folder in (snapshot, blobs):
        folder.mkdir(parents=True)
    for number, file in enumerate(masters["marian"].iterdir()):
        shutil.copy(file, blobs / str(number))
        (snapshot / file.name).symlink_to(f"../../blobs/{number}")

    checkpoint = read_checkpoint(snapshot)

    assert (checkpoint.name, checkpoint.revision) == (
        "Helsinki-NLP/opus-mt-en-mul",
        "0123abcd" * 5,
    )
    load_vocabularies(checkpoint)


def test_the_model_card_gives_the_licence(copy: Callable[[str], Path]) -> None:
    folder = copy("nllb")
    assert read_checkpoint(folder).licence == ""
    (folder / "README.md").write_text("---\nlanguage:\n- en\nlicense: cc-by-nc-4.0\n---\n# NLLB\n")
    assert read_checkpoint(folder).licence == "CC-BY-NC-4.0"
    (folder / "README.md").write_bytes(b"\xff\xfe\0license: mit")
    assert read_checkpoint(folder).licence == ""


def test_a_pair_of_marian_comes_from_the_name_where_no_file_says_it(
    copy: Callable[[str], Path],
) -> None:
    folder = copy("marian")
    rewrite_json(folder / "tokenizer_config.json", source_lang=None, target_lang=None)
    assert read_checkpoint(folder).sources == ("en",)
    named = folder.rename(folder.with_name("something"))
    assert "does not say which languages" in refused(named)


def test_a_group_of_languages_is_what_the_model_card_lists(copy: Callable[[str], Path]) -> None:
    folder = copy("marian")
    rewrite_json(folder / "tokenizer_config.json", source_lang="roa")
    assert "does not say which languages roa" in refused(folder)
    (folder / "README.md").write_text("---\nlanguage:\n- pt\n- es\n- roa\n\nlicense: mit\n---\n")

    checkpoint = read_checkpoint(folder)

    assert checkpoint.sources == ("pt", "es")
    assert checkpoint.serves(Locale.parse("es-AR"), Locale.parse("sr-Latn"))
    assert not checkpoint.serves(EN, PT)


# --- what is refused -----------------------------------------------------------------


def test_pickled_weights_are_refused_with_a_way_out(copy: Callable[[str], Path]) -> None:
    folder = copy("nllb")
    (folder / WEIGHTS).rename(folder / "pytorch_model.bin")
    message = refused(folder)
    assert "pickle" in message
    assert "save_pretrained" in message


BART_SIZES = (
    "vocab_size d_model encoder_layers decoder_layers encoder_ffn_dim decoder_ffn_dim "
    "encoder_attention_heads decoder_attention_heads max_position_embeddings"
)
T5_SIZES = "vocab_size d_model d_kv d_ff num_layers num_decoder_layers num_heads"


@pytest.mark.parametrize("family", FAMILIES)
def test_sizes_that_cannot_be_are_refused(family: str, copy: Callable[[str], Path]) -> None:
    folder = copy(family)
    config = json.loads((folder / "config.json").read_text())
    for key in (T5_SIZES if family == "madlad-400" else BART_SIZES).split():
        for value in (10**9, 10**6, 0, -1, 1.5, "512", True, [2], 10**400):
            if (key, value) == ("vocab_size", 10**6):
                continue  # there are such vocabularies
            (folder / "config.json").write_text(json.dumps({**config, key: value}))
            assert f"{key} is not a number from 1" in refused(folder)


@pytest.mark.parametrize("family", FAMILIES)
def test_sizes_that_do_not_fit_the_weights_are_refused(
    family: str, copy: Callable[[str], Path]
) -> None:
    folder = copy(family)
    config = json.loads((folder / "config.json").read_text())
    computed = {"max_position_embeddings", "relative_attention_max_distance"}
    for key, size in config.items():
        if type(size) is not int or key.endswith("_id") or key in computed or size < 3:
            continue
        if key.endswith("heads") and family != "madlad-400":
            continue  # heads divide what is there: no tensor tells
        if key == "decoder_vocab_size":
            continue
        (folder / "config.json").write_text(json.dumps({**config, key: size + 4}))
        assert "has shape" in (message := refused(folder)) or "lack" in message


@pytest.mark.parametrize("family", FAMILIES)
def test_each_missing_tensor_is_an_error(family: str, copy: Callable[[str], Path]) -> None:
    folder = copy(family)
    weights = load_file(folder / WEIGHTS)
    for name in weights:
        rest = {key: tensor for key, tensor in weights.items() if key != name}
        save_file(rest, folder / WEIGHTS)
        if name == "lm_head.weight":
            read_checkpoint(folder)  # the embeddings are in its place
        else:
            assert "lack the tensor" in refused(folder)


def test_weights_in_parts_are_read_and_checked(copy: Callable[[str], Path]) -> None:
    folder = copy("nllb")
    weights = load_file(folder / WEIGHTS)
    (folder / WEIGHTS).unlink()
    names = sorted(weights)
    parts = {"a.safetensors": names[::2], "b.safetensors": names[1::2]}
    for file, some in parts.items():
        save_file({name: weights[name] for name in some}, folder / file)
    places = {name: file for file, some in parts.items() for name in some}
    index = folder / f"{WEIGHTS}.index.json"
    index.write_text(json.dumps({"weight_map": places}))
    assert len(read_checkpoint(folder).weights) == 2

    (folder / "b.safetensors").rename(folder.parent / "b.safetensors")
    assert "is missing" in refused(folder)
    for outside in (
        "../b.safetensors",
        str(folder.parent / "b.safetensors"),
        "..\\b.safetensors",
        "b.bin",
        "b\0.safetensors",
        "",
        7,
    ):
        index.write_text(json.dumps({"weight_map": {**places, names[1]: outside}}))
        assert "names no safetensors file of its own folder" in refused(folder)


@pytest.mark.parametrize("members", [{"auto_map": {"AutoModel": "evil.py"}}, {"peft": 1}])
def test_remote_code_has_no_say(members: dict[str, Any], copy: Callable[[str], Path]) -> None:
    folder = copy("nllb")
    rewrite_json(folder / "config.json", **members)
    (folder / "evil.py").write_text("raise SystemExit(3)")
    (folder / "tokenizer.py").write_text("raise SystemExit(3)")
    load_vocabularies(read_checkpoint(folder))


@pytest.mark.parametrize(
    ("members", "words"),
    [
        ({"model_type": "llama"}, "model_type is 'llama'"),
        ({"model_type": None}, "model_type is None"),
        ({"quantization_config": {"load_in_8bit": True}}, "quantised"),
        ({"activation_function": "__import__"}, "activation_function"),
        ({"decoder_start_token_id": 10**6}, "decoder_start_token_id"),
        ({"eos_token_id": [2, 3]}, "eos_token_id"),
        ({"eos_token_id": 3}, "</s>"),
        ({"scale_embedding": "yes"}, "scale_embedding"),
        ({"static_position_embeddings": False}, "positions"),
    ],
)
def test_configurations_that_cannot_be_run_are_refused(
    members: dict[str, Any], words: str, copy: Callable[[str], Path]
) -> None:
    folder = copy("nllb")
    rewrite_json(folder / "config.json", **members)
    assert words in refused(folder)


@pytest.mark.parametrize(
    "content",
    [b"", b"[]", b"{", b"\xff\xfe{}", b"[" * 100_000, b'{"a":' * 100_000, b"1" * 10_000, b"{}"],
)
def test_what_is_no_configuration_is_refused(content: bytes, copy: Callable[[str], Path]) -> None:
    folder = copy("m2m-100")
    (folder / "config.json").write_bytes(content)
    assert not is_checkpoint(folder)
    refused(folder)


@pytest.mark.parametrize(
    "name", ["vocab.json", "special_tokens_map.json", "tokenizer_config.json", "config.json"]
)
def test_json_is_bounded(name: str, copy: Callable[[str], Path]) -> None:
    folder = copy("m2m-100")
    (folder / name).write_bytes(b'{"a": [' + b"0," * 5_000_000 + b"0]}")
    assert "more than" in (message := refused(folder)) or "too many values" in message


def test_folders_of_other_things_are_no_checkpoints(tmp_path: Path) -> None:
    assert not is_checkpoint(tmp_path)
    assert "has no config.json" in refused(tmp_path)
    assert not is_checkpoint(tmp_path / "nowhere")
    os.mkfifo(tmp_path / "config.json")
    assert not is_checkpoint(tmp_path)
    assert "is not a regular file" in refused(tmp_path)


@pytest.mark.parametrize("family", FAMILIES)
def test_damaged_files_are_read_or_refused(family: str, copy: Callable[[str], Path]) -> None:
    folder = copy(family)
    source = random.Random(family)
    wholes = {path: path.read_bytes() for path in folder.iterdir()}
    refusals = 0
    for _ in range(120):
        path = source.choice(sorted(wholes))
        data = bytearray(wholes[path])
        # Weights are numbers, whatever they are: what can break is the header.
        reach = min(len(data), 4_000) if path.name == WEIGHTS else len(data)
        for _ in range(source.choice([1, 3, 20])):
            data[source.randrange(reach)] = source.randrange(256)
        path.write_bytes(data[: source.choice([len(data), source.randrange(len(data))])])
        try:
            vocabularies = load_vocabularies(read_checkpoint(folder))
            vocabularies.target.decode(vocabularies.source.encode("abc ﬁ 日本 🎉").ids)
        except ModelError:
            refusals += 1
        path.write_bytes(wholes[path])
    assert 10 < refusals < 120


@pytest.mark.slow
@pytest.mark.parametrize("key", ["d_model", "encoder_layers", "vocab_size"])
def test_hostile_sizes_cost_no_memory(key: str, copy: Callable[[str], Path]) -> None:
    folder = copy("nllb")
    rewrite_json(folder / "config.json", **{key: 10**9})
    program = (
        "import pathlib, sys\n"
        "from l10n_pipeline.engines.huggingface import read_checkpoint\n"
        "from l10n_pipeline.errors import ModelError\n"
        "try: read_checkpoint(pathlib.Path(sys.argv[1]))\n"
        "except ModelError as error: print(error)\n"
    )

    def bounded() -> None:
        resource.setrlimit(resource.RLIMIT_AS, (2**31, 2**31))

    found = subprocess.run(
        [sys.executable, "-c", program, str(folder)],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
        preexec_fn=bounded,
    )
    assert key in found.stdout
