"""A model of the hub by name: pinned, without anything that runs, or a clear refusal."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from l10n_pipeline.engines.cached import cached_models
from l10n_pipeline.errors import EnvironmentFault, ModelError, NoModelError
from l10n_pipeline.fetching.hub import hub_offer, is_repository
from l10n_pipeline.fetching.offer import Offer
from l10n_pipeline.fetching.store import store
from l10n_pipeline.fetching.transfer import Network
from tests.fetching.conftest import IMPATIENT
from tests.fetching.test_store import Told
from tests.support.loopback import Answer, Resource, Wait, unreachable
from tests.support.registries import HubServer

NAME = "Helsinki-NLP/opus-mt-en-tr"
CONFIG = {
    "model_type": "marian",
    "architectures": ["MarianMTModel"],
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
FILES = {
    "config.json": json.dumps(CONFIG).encode(),
    "README.md": b"---\nlicense: apache-2.0\n---\n",
    "source.spm": b"s" * 40,
    "target.spm": b"t" * 50,
    "vocab.json": b'{"a": 1}',
    "tokenizer_config.json": b"{}",
    "model.safetensors": b"w" * 5000,
}
FOREIGN = {
    ".gitattributes": b"",
    "pytorch_model.bin": b"pickled",
    "tf_model.h5": b"",
    "modeling_marian.py": b"import os",
    "onnx/model.onnx": b"",
    "onnx/model.safetensors": b"",
    "rust_model.ot": b"",
    "../model.safetensors": b"",
    "adapter_model.safetensors": b"",
    "..spm": b"",
}


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[HubServer]:
    from huggingface_hub import constants

    with HubServer() as server:
        point_to(server.url, monkeypatch)
        monkeypatch.setattr(constants, "HF_TOKEN_PATH", str(tmp_path / "token"))
        monkeypatch.delenv("HF_TOKEN", raising=False)
        yield server


def point_to(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Have the library, which reads its settings when it is imported, use another hub."""
    from huggingface_hub import constants, file_download, hf_api

    monkeypatch.setenv("HF_ENDPOINT", address)
    for module in (constants, hf_api, file_download):
        for name in ("ENDPOINT", "HUGGINGFACE_CO_URL_TEMPLATE"):
            if hasattr(module, name):
                value = address + (
                    "/{repo_id}/resolve/{revision}/{filename}" if "URL" in name else ""
                )
                monkeypatch.setattr(module, name, value)


def look(revision: str = "") -> Offer:
    return hub_offer(NAME, revision, IMPATIENT)


def test_an_offer_is_pinned_and_holds_nothing_that_runs(hub: HubServer) -> None:
    commit = hub.add_repository(NAME, FILES | FOREIGN)
    offer = look()
    assert (offer.repository, offer.version) == (NAME, commit)
    assert offer.name == f"Helsinki-NLP--opus-mt-en-tr@{commit[:12]}"
    assert {file.name for file in offer.files} == FILES.keys()
    assert offer.files[-1].name == "model.safetensors"
    assert all(f"/resolve/{commit}/" in file.url for file in offer.files)
    assert offer.size == sum(map(len, FILES.values()))
    assert offer.licence == "apache-2.0"
    assert offer.is_free
    assert commit in offer.origin


@pytest.mark.parametrize("revision", ["v1.0", "refs/pr/7", "a" * 40])
def test_a_revision_is_resolved_to_its_commit(hub: HubServer, revision: str) -> None:
    hub.add_repository(NAME, FILES)
    commit = hub.add_repository(
        NAME, FILES | {"README.md": b"newer"}, commit="a" * 40, revisions=["v1.0", "refs/pr/7"]
    )
    assert look(revision).version == commit


def test_it_is_stored_as_announced(hub: HubServer, network: Network, cache: Path) -> None:
    commit = hub.add_repository(NAME, FILES | FOREIGN)
    told = Told()
    model = store(look(), network, progress=told)
    assert model.name == f"{NAME}@{commit[:12]}"
    assert {path.name for path in model.folder.iterdir()} == FILES.keys() | {"manifest.json"}
    assert (model.folder / "model.safetensors").read_bytes() == FILES["model.safetensors"]
    assert cached_models()[0] == [model]
    assert model.is_called(NAME)
    assert told.done == told.total
    asked = len(hub.requests)
    assert store(look(), network, progress=Told()) == model
    assert not [request for request in hub.requests[asked:] if "safetensors" in request.path]


@pytest.mark.parametrize("name", ["model.safetensors", "vocab.json"])
def test_other_bytes_than_announced_are_refused(
    hub: HubServer, network: Network, cache: Path, name: str
) -> None:
    hub.add_repository(NAME, FILES)
    offer = look()
    for resource in hub.resources.values():
        if resource.body == FILES[name]:
            resource.body = bytes(reversed(b"!" + resource.body[1:]))
    with pytest.raises(ModelError, match=f"{name} is not the file .* checksum differs"):
        store(offer, network, progress=Told())
    assert cached_models() == ([], [])


def test_the_parts_of_large_weights_are_all_taken(hub: HubServer) -> None:
    parts = {f"model-{n:05}-of-00002.safetensors": b"w" for n in (1, 2)}
    files = {name: body for name, body in FILES.items() if name != "model.safetensors"}
    hub.add_repository(NAME, files | parts | {"model.safetensors.index.json": b"{}"})
    assert parts.keys() <= {file.name for file in look().files}


def test_without_safetensors_it_is_refused(hub: HubServer) -> None:
    files = {name: body for name, body in FILES.items() if name != "model.safetensors"}
    hub.add_repository(NAME, files)
    with pytest.raises(NoModelError, match=r"opus-mt-en-tr: has no safetensors; see on its page"):
        look()
    hub.add_repository(NAME, files | FOREIGN)
    with pytest.raises(NoModelError, match=r"only files that can run code .* --revision refs/pr/"):
        look()


def test_a_foreign_family_is_refused_before_its_weights(hub: HubServer) -> None:
    hub.add_repository(NAME, FILES | {"config.json": b'{"model_type": "llama"}'})
    with pytest.raises(ModelError, match="llama"):
        look()
    for broken in (b"", b"[]", b"\xff", b"[" * 100_000):
        hub.add_repository(NAME, FILES | {"config.json": broken})
        with pytest.raises(ModelError):
            look()


@pytest.mark.parametrize(
    ("licence", "free"),
    [
        ("mit", True),
        ("CC-BY-4.0", True),
        ("cc-by-nc-4.0", False),
        ("other", False),
        ("openrail", False),
        (None, False),
    ],
)
def test_what_restricts_is_known(hub: HubServer, licence: str | None, free: bool) -> None:
    hub.add_repository(NAME, FILES, licence=licence)
    assert look().is_free is free
    assert look().licence == (licence or "")


def test_names_that_are_not_there_are_told(hub: HubServer) -> None:
    path = f"/api/models/{NAME}"
    gone = Resource(b'{"error":"x"}', {"X-Error-Code": "RepoNotFound"}, status=404)
    hub.always[path] = Answer(gone)
    with pytest.raises(NoModelError, match=f"{NAME}: is no public model of the hub"):
        look()
    hub.always[path] = Answer(Resource(b"{}", {"X-Error-Code": "GatedRepo"}, status=403))
    with pytest.raises(EnvironmentFault, match="access on request"):
        look()
    gone = Resource(b"{}", {"X-Error-Code": "RevisionNotFound"}, status=404)
    hub.always[f"{path}/revision/v9"] = Answer(gone)
    with pytest.raises(NoModelError, match="has no revision 'v9'"):
        look("v9")


@pytest.mark.parametrize("body", [b"", b"{}", b"[]", b"<html>", b'{"sha": "main", "id": "a"}'])
def test_a_server_that_is_no_hub_is_told(hub: HubServer, body: bytes) -> None:
    hub.resources[f"/api/models/{NAME}"] = Resource(body)
    with pytest.raises((EnvironmentFault, ModelError)):
        look()


def test_a_silent_hub_is_told(hub: HubServer) -> None:
    hub.always[f"/api/models/{NAME}"] = Wait(1.0)
    with pytest.raises(EnvironmentFault, match="does not answer"):
        look()


def test_no_hub_at_all_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    with unreachable() as address:
        point_to(address, monkeypatch)
        with pytest.raises(EnvironmentFault, match="cannot be reached"):
            look()


def test_a_token_goes_to_the_hub_and_not_where_it_sends_us(
    hub: HubServer, network: Network, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_TOKEN", "hf_secret")
    with HubServer() as elsewhere:
        hub.add_repository(NAME, FILES)
        elsewhere.resources = dict(hub.resources)
        for resource in hub.resources.values():
            if resource.headers.get("Location", "").startswith("/lfs/"):
                # Another host as far as a client can tell: another name for it.
                place = elsewhere.url.replace("127.0.0.1", "localhost")
                resource.headers["Location"] = place + resource.headers["Location"]
        offer = look()
        assert "hf_secret" not in repr(offer)
        store(offer, network, progress=Told())
        assert any("authorization" in request.headers for request in hub.requests)
        assert elsewhere.requests
        assert not any("authorization" in request.headers for request in elsewhere.requests)


def test_names_of_repositories_are_told_from_paths() -> None:
    assert is_repository(NAME)
    for other in ("", "a", "a/b/c", "../b", "a/..", "/a", "a/b\n"):
        assert not is_repository(other)
