"""Which of Mozilla's models is taken, and what is made of records that are not right."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from fxtranslate import discovery

from l10n_pipeline.errors import EnvironmentFault, LocaleError, ModelError, NoModelError, UsageError
from l10n_pipeline.fetching.mozilla import (
    Registry,
    fetch_registry,
    last_registry,
    route,
    server_address,
)
from l10n_pipeline.fetching.offer import Offer
from l10n_pipeline.fetching.transfer import Network
from l10n_pipeline.locale import Locale
from tests.support.loopback import Resource
from tests.support.registries import MozillaServer

FILES = {"model": b"m" * 100, "vocab": b"v" * 30, "lex": b"l" * 20}
NIGHTLY = "env.channel == 'default' || env.channel == 'nightly'"


@pytest.fixture
def registry(mozilla: MozillaServer, network: Network, cache: Path) -> Any:
    def read() -> Registry:
        return fetch_registry(network, mozilla.root)

    return read


def names(offers: list[Offer] | tuple[Offer, ...]) -> list[str]:
    return [offer.name for offer in offers]


def legs(registry: Registry, source: str, target: str, **options: Any) -> list[str]:
    return names(route(registry.offers(**options), Locale.parse(source), Locale.parse(target)))


def test_an_offer_says_what_the_records_say(mozilla: MozillaServer, registry: Any) -> None:
    mozilla.add_model("en", "az", FILES)
    (offer,) = registry().offers()
    assert (offer.name, offer.source, offer.target) == ("en-az-tiny-3.0", "en", "az")
    assert (offer.version, offer.architecture, offer.licence) == ("3.0", "tiny", "MPL-2.0")
    assert offer.size == 150
    assert offer.is_free
    assert offer.origin == mozilla.root
    model, vocabulary, shortlist = offer.files
    assert model.name == "model.enaz.intgemm.alphas.bin"
    assert vocabulary.name == "vocab.enaz.spm"
    assert shortlist.name == "lex.50.50.enaz.s2t.bin"
    assert model.url.startswith(f"{mozilla.url}/attachments/main-workspace/")
    assert model.compressed


def test_the_older_collection_is_read_where_there_is_no_newer(
    network: Network, cache: Path
) -> None:
    with MozillaServer(collection="translations-models") as old:
        old.add_model("en", "az", FILES, version="1.2", architecture=None)
        (offer,) = fetch_registry(network, old.root).offers()
    assert offer.name == "en-az-1.2"
    assert not any(file.compressed for file in offer.files)
    assert offer.files[0].sha256 == offer.files[0].digest


def test_the_newest_release_is_taken(mozilla: MozillaServer, registry: Any) -> None:
    for version in ("1.9", "3.0", "3.10", "3.9", "4.0"):
        mozilla.add_model("en", "az", FILES, version=version)
    mozilla.add_model("en", "az", FILES, version="3.11a1", filter_expression=NIGHTLY)
    mozilla.add_model("en", "az", FILES, version="3.12", filter_expression=NIGHTLY)
    assert legs(registry(), "en", "az") == ["en-az-tiny-3.10"]
    assert legs(registry(), "en", "az", pre_release=True) == ["en-az-tiny-3.12"]


def test_a_release_is_newer_than_its_alphas(mozilla: MozillaServer, registry: Any) -> None:
    for version in ("3.0a2", "3.0", "3.0a10"):
        mozilla.add_model("en", "az", FILES, version=version)
    found = names(registry().offers(pre_release=True))
    assert found == ["en-az-tiny-3.0", "en-az-tiny-3.0a10", "en-az-tiny-3.0a2"]


def test_of_one_version_the_better_architecture_is_taken_unless_told(
    mozilla: MozillaServer, registry: Any
) -> None:
    mozilla.add_model("en", "pt", FILES, filter_expression="env.appinfo.OS == 'Android'")
    for architecture in ("base-memory", "base"):
        mozilla.add_model("en", "pt", FILES, architecture=architecture)
    assert legs(registry(), "en", "pt-BR") == ["en-pt-base-3.0"]
    assert legs(registry(), "en", "pt", architecture="base-memory") == ["en-pt-base-memory-3.0"]
    # Which Firefox has on telephones alone.
    assert legs(registry(), "en", "pt", architecture="tiny") == ["en-pt-tiny-3.0"]


def test_a_model_that_lacks_files_is_not_offered(mozilla: MozillaServer, registry: Any) -> None:
    mozilla.add_model("en", "az", {"model": b"m", "lex": b"l"}, version="3.2")
    mozilla.add_model("en", "az", {"vocab": b"v"}, version="3.3")
    mozilla.add_model("en", "ja", {"model": b"m", "srcvocab": b"v", "trgvocab": b"w"})
    mozilla.add_model("en", "zh-Hans", {"model": b"m", "srcvocab": b"v"})
    assert names(registry().offers()) == ["en-ja-tiny-3.0"]


def test_a_pair_without_a_model_goes_through_english(mozilla: MozillaServer, registry: Any) -> None:
    mozilla.add_model("pt", "en", FILES)
    mozilla.add_model("en", "az", FILES)
    assert legs(registry(), "pt-BR", "az") == ["pt-en-tiny-3.0", "en-az-tiny-3.0"]
    mozilla.add_model("pt", "az", FILES)
    assert legs(registry(), "pt", "az") == ["pt-az-tiny-3.0"]
    with pytest.raises(NoModelError, match=r"no model for az → pt, nor az → en and en → pt for"):
        legs(registry(), "az", "pt")
    with pytest.raises(NoModelError, match=r"no model for en → xh; see"):
        legs(registry(), "en", "xh")


def test_locales_fall_back_and_never_to_a_sibling(mozilla: MozillaServer, registry: Any) -> None:
    mozilla.add_model("en", "pt-PT", FILES)
    mozilla.add_model("en", "zh-Hans", FILES)
    mozilla.add_model("en", "zh-Hant", FILES)
    assert legs(registry(), "en-GB", "zh-CN") == ["en-zh-tiny-3.0"]
    assert legs(registry(), "en", "zh-TW") == ["en-zh-Hant-tiny-3.0"]
    assert legs(registry(), "en", "pt-PT") == ["en-pt-PT-tiny-3.0"]
    with pytest.raises(NoModelError):
        legs(registry(), "en", "pt-BR")


def test_another_client_of_the_registry_finds_the_same_routes(
    mozilla: MozillaServer, registry: Any
) -> None:
    for source, target in (("en", "pt"), ("pt", "en"), ("en", "az"), ("ru", "en"), ("de", "fr")):
        mozilla.add_model(source, target, FILES)
    body = json.dumps({"data": mozilla.records})
    ours = registry()
    languages = ("en", "pt", "az", "ru", "de", "fr")
    for source in languages:
        for target in languages:
            if source == target:
                continue
            try:
                expected = discovery.resolve_route(body, source, target)
            except ValueError:
                with pytest.raises(NoModelError):
                    legs(ours, source, target)
                continue
            found = legs(ours, source, target)
            assert len(found) == {"direct": 1, "pivot": 2}[expected["kind"]]


@pytest.mark.parametrize(
    "change",
    [
        {"name": "../../../../etc/model.bin"},
        {"name": "model/../x.bin"},
        {"name": "/model.bin"},
        {"name": "model.exe"},
        {"name": ""},
        {"name": "model.bin\n"},
        {"attachment": {"location": "../x.zst"}},
        {"attachment": {"location": "//evil.example/x.zst"}},
        {"attachment": {"location": "https://evil.example/x.zst"}},
        {"attachment": {"location": "a/../../x.zst"}},
        {"attachment": {"hash": "abc"}},
        {"attachment": {"size": -1}},
        {"attachment": {"size": 1 << 40}},
        {"attachment": None},
        {"decompressedSize": 1 << 50},
        {"decompressedHash": "z" * 64},
        {"version": "newest"},
        {"version": ["3.0"]},
        {"sourceLanguage": "qq-nonsense"},
        {"targetLanguage": None},
        {"fileType": "program"},
        {"filter_expression": "env.version >= '144'"},
    ],
)
def test_a_record_that_is_not_right_is_passed_over(
    mozilla: MozillaServer, registry: Any, change: dict[str, Any]
) -> None:
    mozilla.add_model("en", "az", FILES)
    record = mozilla.records[0]
    for key, value in change.items():
        if isinstance(value, dict):
            record[key] |= value
        else:
            record[key] = value
    mozilla.records.append("not a record at all")  # type: ignore[arg-type] - on purpose
    mozilla.publish()
    assert registry().offers() == []


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"{}", b"<html>", b'{"data": 3}', b"[" * 100_000, b"\xff"]
)
def test_a_server_that_is_no_registry_is_told(
    mozilla: MozillaServer, registry: Any, body: bytes
) -> None:
    for path in (mozilla.records_path, "/v1/"):
        mozilla.publish()
        mozilla.resources[path] = Resource(body)
        with pytest.raises(ModelError, match=r"does not answer as a Remote Settings server"):
            registry()


def test_no_such_collection_is_told(mozilla: MozillaServer, registry: Any) -> None:
    del mozilla.resources[mozilla.records_path]
    with pytest.raises(ModelError, match="does not answer as"):
        registry()
    mozilla.resources.clear()
    with pytest.raises(EnvironmentFault, match="404"):
        registry()


def test_the_last_list_is_kept(mozilla: MozillaServer, registry: Any, cache: Path) -> None:
    assert last_registry() is None
    mozilla.add_model("en", "az", FILES)
    fetched = registry()
    assert last_registry() == fetched
    for broken in (b"", b"{}", b'{"server": 1, "attachments": 2, "fetched": 3, "records": 4}'):
        (cache / "registries/mozilla.json").write_bytes(broken)
        assert last_registry() is None


def test_the_server_is_the_one_named_first() -> None:
    assert server_address(environment={}).startswith("https://")
    assert server_address(environment={"L10N_MOZILLA_SERVER": "https://m/v1/"}) == "https://m/v1"
    assert server_address("http://a/v1", {"L10N_MOZILLA_SERVER": "https://m"}) == "http://a/v1"
    with pytest.raises(UsageError):
        server_address("a/v1")
    with pytest.raises(LocaleError):
        Locale.parse("qq-nonsense")
