"""The cache holds whole models or nothing, whatever happens on the way."""

from __future__ import annotations

import errno
import hashlib
import json
import random
import threading
from dataclasses import replace
from pathlib import Path

import pytest

from l10n_pipeline.engines.cached import Kind, cached_models
from l10n_pipeline.errors import EnvironmentFault, ModelError, OutputError
from l10n_pipeline.fetching import store as storing
from l10n_pipeline.fetching.mozilla import fetch_registry
from l10n_pipeline.fetching.offer import Offer
from l10n_pipeline.fetching.store import store, stored
from l10n_pipeline.fetching.transfer import Network, Patience
from tests.support.loopback import Cut, Resource, Wait
from tests.support.registries import MozillaServer, zstd

FILES = {"model": random.Random(1).randbytes(500_000), "vocab": b"v" * 30, "lex": b"l" * 20}


class Told:
    """Remembers what it was told of a transfer."""

    def __init__(self) -> None:
        self.total = self.done = 0
        self.ended = False

    def begin(self, what: str, total: int) -> None:
        self.total = total

    def advance(self, count: int) -> None:
        self.done += count

    def end(self) -> None:
        self.ended = True


@pytest.fixture
def paths(mozilla: MozillaServer) -> list[str]:
    return mozilla.add_model("en", "az", FILES)


@pytest.fixture
def offer(mozilla: MozillaServer, paths: list[str], network: Network, cache: Path) -> Offer:
    (offer,) = fetch_registry(network, mozilla.root).offers()
    return offer


def folders(cache: Path) -> list[str]:
    return sorted(
        path.name for path in (cache / "models/student").glob("*") if path.suffix != ".lock"
    )


def test_a_model_is_stored_with_all_that_is_known_of_it(
    offer: Offer, network: Network, cache: Path
) -> None:
    told = Told()
    model = store(offer, network, progress=told)

    assert folders(cache) == ["en-az-tiny-3.0"]
    assert model.folder == cache / "models/student/en-az-tiny-3.0"
    assert sorted(path.name for path in model.folder.iterdir()) == [
        "lex.50.50.enaz.s2t.bin",
        "manifest.json",
        "model.enaz.intgemm.alphas.bin",
        "vocab.enaz.spm",
    ]
    assert (model.folder / "vocab.enaz.spm").read_bytes() == FILES["vocab"]
    assert (model.folder / "model.enaz.intgemm.alphas.bin").read_bytes() == FILES["model"]
    assert cached_models() == ([model], [])
    assert model.manifest.size == sum(map(len, FILES.values()))
    assert model.manifest.origin == offer.origin
    assert (told.done, told.ended) == (told.total, True)
    assert told.total == offer.transfer_size


def test_what_is_there_is_not_fetched_again(
    mozilla: MozillaServer, offer: Offer, network: Network, cache: Path
) -> None:
    first = store(offer, network, progress=Told())
    asked = len(mozilla.requests)
    assert stored(offer) == first
    assert store(offer, network, progress=Told()) == first
    assert len(mozilla.requests) == asked


@pytest.mark.parametrize("damage", [b"", b"v" * 29, b"w" * 30, None])
def test_a_damaged_model_is_fetched_again(
    offer: Offer, network: Network, cache: Path, damage: bytes | None
) -> None:
    folder = store(offer, network, progress=Told()).folder
    vocabulary = folder / "vocab.enaz.spm"
    vocabulary.unlink()
    if damage is not None:
        vocabulary.write_bytes(damage)
    assert stored(offer) is None
    store(offer, network, progress=Told())
    assert vocabulary.read_bytes() == FILES["vocab"]
    assert folders(cache) == ["en-az-tiny-3.0"]


def test_an_interrupted_fetch_leaves_nothing_to_be_found_and_goes_on_later(
    mozilla: MozillaServer, offer: Offer, network: Network, cache: Path, paths: list[str]
) -> None:
    mozilla.always[paths[0]] = Cut(100)
    with (
        Network(Patience(timeout=0.5, cuts=2, pause=0), plain=True) as impatient,
        pytest.raises(EnvironmentFault, match="cut off"),
    ):
        store(offer, impatient, progress=Told())
    assert cached_models() == ([], [])
    mozilla.always.clear()
    told = Told()
    store(offer, network, progress=told)
    assert mozilla.asked(paths[0])[-1].first_byte == 300
    assert told.done == told.total
    assert folders(cache) == ["en-az-tiny-3.0"]


def test_files_that_came_before_are_not_fetched_again(
    mozilla: MozillaServer, offer: Offer, network: Network, cache: Path, paths: list[str]
) -> None:
    del mozilla.resources[paths[2]]
    with pytest.raises(EnvironmentFault, match="404"):
        store(offer, network, progress=Told())
    mozilla.publish()
    mozilla.resources[paths[2]] = Resource(zstd.compress(FILES["lex"], level=1))
    store(offer, network, progress=Told())
    assert len(mozilla.asked(paths[0])) == 1


def test_a_wrong_checksum_leaves_the_cache_as_it_was(
    mozilla: MozillaServer, offer: Offer, network: Network, cache: Path, paths: list[str]
) -> None:
    packed = mozilla.resources[paths[0]].body
    mozilla.resources[paths[0]].body = packed[:50] + b"!" + packed[51:]
    with pytest.raises(ModelError, match="checksum differs"):
        store(offer, network, progress=Told())
    assert cached_models() == ([], [])


def test_other_content_than_announced_is_refused(
    offer: Offer, network: Network, cache: Path
) -> None:
    model = replace(offer.files[0], sha256="0" * 64)
    with pytest.raises(ModelError, match="checksum differs"):
        store(replace(offer, files=(model, *offer.files[1:])), network, progress=Told())
    assert cached_models() == ([], [])


@pytest.mark.parametrize(
    "packed",
    [
        zstd.compress(b"\0" * (1 << 28), level=1),
        zstd.compress(b"short"),
        zstd.compress(FILES["vocab"]) + b"more",
        zstd.compress(FILES["vocab"])[:-3],
        FILES["vocab"],
        b"",
    ],
    ids=["bomb", "short", "trailing", "truncated", "not packed", "empty"],
)
def test_packed_data_is_bounded_and_whole(
    mozilla: MozillaServer, network: Network, cache: Path, packed: bytes
) -> None:
    mozilla.add_model("en", "az", FILES)
    record = mozilla.records[1]
    path = f"/attachments/{record['attachment']['location']}"
    mozilla.resources[path] = Resource(packed)
    record["attachment"] |= {"size": len(packed), "hash": hashlib.sha256(packed).hexdigest()}
    mozilla.publish()
    (offer,) = fetch_registry(network, mozilla.root).offers()
    with pytest.raises(ModelError, match=r"number of bytes|not packed"):
        store(offer, network, progress=Told())
    staging = cache / "models/student/.en-az-tiny-3.0.part"
    assert sum(path.stat().st_size for path in staging.iterdir()) < 2_000_000
    assert cached_models() == ([], [])


def test_a_full_disk_is_one_error_and_gets_its_room_back(
    offer: Offer, network: Network, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(storing, "_unpack", full)
    with pytest.raises(OutputError, match=r"models/student: .*no space left on device; make room"):
        store(offer, network, progress=Told())
    assert folders(cache) == []
    monkeypatch.undo()


def test_what_cannot_fit_is_not_begun(
    mozilla: MozillaServer, offer: Offer, network: Network, cache: Path, paths: list[str]
) -> None:
    huge = replace(offer.files[0], size=1 << 60)
    with pytest.raises(OutputError, match=r"en → az needs .* MB, and .* MB are free; make room"):
        store(replace(offer, files=(huge, *offer.files[1:])), network, progress=Told())
    assert not mozilla.asked(paths[0])


def test_a_cache_that_cannot_be_written_is_one_error(
    offer: Offer, network: Network, cache: Path
) -> None:
    (cache / "models").write_bytes(b"in the way")
    with pytest.raises(OutputError, match="cannot be written"):
        store(offer, network, progress=Told())


def test_several_fetches_at_once_fetch_once(
    mozilla: MozillaServer, offer: Offer, cache: Path, paths: list[str]
) -> None:
    mozilla.faults[paths[0]] = [Wait(0.2)]
    errors: list[BaseException] = []

    def pull() -> None:
        try:
            with Network(Patience(timeout=5), plain=True) as network:
                store(offer, network, progress=Told())
        except BaseException as error:  # noqa: BLE001 - told below, in the main thread
            errors.append(error)

    threads = [threading.Thread(target=pull) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not errors
    assert len(mozilla.asked(paths[0])) == 1
    assert folders(cache) == ["en-az-tiny-3.0"]


def test_a_model_that_is_refused_on_arrival_is_not_kept(
    offer: Offer, network: Network, cache: Path
) -> None:
    def refuse(folder: Path) -> None:
        raise ModelError("is no good")

    with pytest.raises(ModelError, match="is no good"):
        store(offer, network, progress=Told(), inspect=refuse)
    assert folders(cache) == []


def test_the_manifest_is_json_for_people(offer: Offer, network: Network, cache: Path) -> None:
    folder = store(offer, network, progress=Told()).folder
    content = json.loads((folder / "manifest.json").read_bytes())
    assert content["kind"] == Kind.STUDENT
    assert content["licence"] == "MPL-2.0"
    assert content["files"][0]["name"] == "model.enaz.intgemm.alphas.bin"
    assert "headers" not in content
