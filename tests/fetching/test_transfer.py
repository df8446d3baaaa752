"""Files come over whole, from wherever they were cut off, or there is one clear error."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from l10n_pipeline.errors import EnvironmentFault, ModelError
from l10n_pipeline.fetching.offer import Digest, RemoteFile
from l10n_pipeline.fetching.transfer import Network, Patience
from tests.support.loopback import Answer, Cut, Loopback, Resource, Wait, unreachable

BODY = bytes(os.urandom(1 << 10)) * 300
PATH = "/files/model.bin"


@pytest.fixture
def part(tmp_path: Path) -> Path:
    return tmp_path / "some.transfer"


@pytest.fixture
def file(server: Loopback) -> RemoteFile:
    server.resources[PATH] = Resource(BODY)
    return remote(server)


def remote(server: Loopback, body: bytes = BODY, path: str = PATH) -> RemoteFile:
    return RemoteFile(
        name="model.bin",
        url=f"{server.url}{path}",
        transfer_size=len(body),
        digest=hashlib.sha256(body).hexdigest(),
        size=len(body),
    )


class Count:
    """Adds up what it is told."""

    def __init__(self) -> None:
        self.total = 0

    def __call__(self, count: int) -> None:
        self.total += count


def fetch(network: Network, file: RemoteFile, part: Path) -> Count:
    progress = Count()
    network.download(file, part, headers={}, progress=progress)
    return progress


def test_a_file_comes_over(network: Network, file: RemoteFile, part: Path) -> None:
    assert fetch(network, file, part).total == len(BODY)
    assert part.read_bytes() == BODY
    assert [path.name for path in part.parent.iterdir()] == [part.name]


def test_a_cut_transfer_goes_on_where_it_was(
    server: Loopback, network: Network, file: RemoteFile, part: Path
) -> None:
    server.faults[PATH] = [Cut(1000), Cut(100_000)]
    assert fetch(network, file, part).total == len(BODY)
    assert part.read_bytes() == BODY
    starts = [request.first_byte for request in server.asked(PATH)]
    assert starts == sorted(starts)
    assert starts[0] == 0
    assert starts[-1] >= 1000
    assert server.requests[-1].headers["if-range"] == Resource(BODY).tag()


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=15)
@given(cuts=st.lists(st.integers(0, len(BODY)), max_size=6), ranges=st.booleans())
def test_however_it_is_cut_it_comes_over_whole_or_fails_clearly(
    server: Loopback, network: Network, part: Path, cuts: list[int], ranges: bool
) -> None:
    part.unlink(missing_ok=True)
    server.resources[PATH] = Resource(BODY, ranges=ranges)
    server.faults[PATH] = [Cut(after) for after in cuts]
    try:
        assert fetch(network, remote(server), part).total == len(BODY)
    except EnvironmentFault as fault:
        assert "cut off" in str(fault)  # noqa: PT017 - either outcome is right
    else:
        assert part.read_bytes() == BODY
    server.faults.clear()


def test_a_later_run_goes_on_where_the_earlier_one_gave_up(
    server: Loopback, file: RemoteFile, part: Path
) -> None:
    server.always[PATH] = Cut(5000)
    with (
        Network(Patience(timeout=0.5, cuts=3, pause=0), plain=True) as network,
        pytest.raises(EnvironmentFault, match=r"cut off .*; .*what has come is kept"),
    ):
        fetch(network, file, part)
    assert part.stat().st_size == 20_000
    server.always.clear()
    with Network(Patience(), plain=True) as network:
        assert fetch(network, file, part).total == len(BODY)
    assert server.requests[-1].first_byte == 20_000
    assert part.read_bytes() == BODY


def test_a_server_that_ignores_ranges_begins_anew(
    server: Loopback, network: Network, file: RemoteFile, part: Path
) -> None:
    server.resources[PATH].ranges = False
    server.faults[PATH] = [Cut(7000)]
    assert fetch(network, file, part).total == len(BODY)
    assert part.read_bytes() == BODY


def test_a_file_replaced_meanwhile_is_never_patched_together(
    server: Loopback, network: Network, file: RemoteFile, part: Path
) -> None:
    part.write_bytes(b"x" * 5000)
    part.with_suffix(".etag").write_text('"of another file"')
    assert fetch(network, file, part).total == len(BODY)
    assert part.read_bytes() == BODY


def test_remains_of_another_file_are_noticed_without_entity_tags(
    server: Loopback, network: Network, file: RemoteFile, part: Path
) -> None:
    server.resources[PATH].etag = ""
    part.write_bytes(b"x" * 5000)
    assert fetch(network, file, part).total == len(BODY)
    assert part.read_bytes() == BODY


@pytest.mark.parametrize("remains", [b"x" * (len(BODY) + 1), b"x" * len(BODY), BODY])
def test_remains_as_long_as_the_file_are_checked(
    network: Network, file: RemoteFile, part: Path, remains: bytes
) -> None:
    part.write_bytes(remains)
    fetch(network, file, part)
    assert part.read_bytes() == BODY


def test_a_wrong_checksum_is_told_and_nothing_kept(
    server: Loopback, network: Network, file: RemoteFile, part: Path
) -> None:
    server.resources[PATH].body = BODY[:-1] + b"!"
    with pytest.raises(ModelError, match=r"127\.0\.0\.1: model\.bin .*checksum differs"):
        fetch(network, file, part)
    assert not list(part.parent.iterdir())


def test_a_git_file_is_known_by_its_blob(server: Loopback, network: Network, part: Path) -> None:
    server.resources[PATH] = Resource(b"hello\n")
    # git hash-object: echo hello | git hash-object --stdin
    name = "ce013625030ba8dba906f756967f9e9ca394464a"
    file = RemoteFile("a", f"{server.url}{PATH}", 6, name, 6, digest_kind=Digest.GIT_BLOB)
    fetch(network, file, part)
    assert part.read_bytes() == b"hello\n"


def test_more_than_was_announced_is_refused(
    server: Loopback, network: Network, file: RemoteFile, part: Path
) -> None:
    server.resources[PATH].body = BODY + b"!" * 100_000
    with pytest.raises(ModelError, match=r"sends more than the 307,200 bytes announced"):
        fetch(network, file, part)
    assert not part.exists()


def test_less_than_was_announced_is_told(
    server: Loopback, network: Network, file: RemoteFile, part: Path
) -> None:
    server.resources[PATH].body = BODY[:1000]
    server.resources[PATH].etag = ""
    with pytest.raises(EnvironmentFault):
        fetch(network, file, part)


def test_a_busy_server_is_asked_again(
    server: Loopback, network: Network, file: RemoteFile, part: Path
) -> None:
    busy = Answer(Resource(b"busy", status=503))
    server.faults[PATH] = [busy, busy]
    fetch(network, file, part)
    server.faults[PATH] = [busy] * 9
    part.unlink()
    with pytest.raises(EnvironmentFault, match="answers 503"):
        fetch(network, file, part)


def test_what_is_gone_is_told_at_once(
    server: Loopback, network: Network, file: RemoteFile, part: Path
) -> None:
    server.resources.clear()
    with pytest.raises(EnvironmentFault, match=r"files/model\.bin: answers 404 Not Found; "):
        fetch(network, file, part)
    assert len(server.requests) == 1


def test_a_silent_server_is_told(
    server: Loopback, network: Network, file: RemoteFile, part: Path
) -> None:
    server.always[PATH] = Wait(0.4)
    with Network(Patience(timeout=0.1, retries=1, pause=0, cuts=2), plain=True) as impatient:
        with pytest.raises(EnvironmentFault, match=r"nothing came for 0\.1 s"):
            fetch(impatient, file, part)
        server.always[PATH] = Wait(0.4, after=5000)
        with pytest.raises(EnvironmentFault, match=r"nothing came for 0\.1 s"):
            fetch(impatient, file, part)
    assert part.stat().st_size >= 5000


def test_nobody_there_is_told(network: Network, part: Path) -> None:
    with unreachable() as address:
        file = RemoteFile("a", f"{address}/a", 6, "", 6)
        with pytest.raises(EnvironmentFault, match=r"127\.0\.0\.1: cannot be reached"):
            fetch(network, file, part)


@pytest.mark.parametrize("url", ["ftp://127.0.0.1/a", "file:///etc/passwd", "http://[", "", "a"])
def test_other_addresses_are_refused(network: Network, part: Path, url: str) -> None:
    with pytest.raises(EnvironmentFault):
        network.read(url, limit=10)


def test_a_redirect_is_followed_and_an_endless_one_is_not(
    server: Loopback, network: Network, file: RemoteFile, part: Path
) -> None:
    server.resources["/old"] = Resource(status=302, headers={"Location": PATH})
    fetch(network, remote(server, path="/old"), part)
    assert part.read_bytes() == BODY
    server.resources["/round"] = Resource(status=302, headers={"Location": "/round"})
    with pytest.raises(EnvironmentFault, match="redirects more than 5 times"):
        network.read(f"{server.url}/round", limit=10)


def test_an_encrypted_transfer_is_never_sent_on_to_a_plain_one(server: Loopback) -> None:
    server.resources["/a"] = Resource(b"a")
    with (
        Network(Patience(), plain=False) as network,
        pytest.raises(EnvironmentFault, match="unencrypted"),
    ):
        network.read(f"{server.url}/a", limit=10)
    assert not server.requests


def test_packed_answers_that_were_not_asked_for_are_refused(
    server: Loopback, network: Network, file: RemoteFile, part: Path
) -> None:
    server.resources[PATH].headers["Content-Encoding"] = "gzip"
    with pytest.raises(ModelError, match="packed data that was not asked for"):
        fetch(network, file, part)


def test_what_is_read_at_once_is_bounded(server: Loopback, network: Network) -> None:
    server.resources["/a"] = Resource(b"a" * 11)
    assert network.read(f"{server.url}/a", limit=11) == b"a" * 11
    with pytest.raises(ModelError, match="more than the 10 bytes"):
        network.read(f"{server.url}/a", limit=10)
    assert network.read(f"{server.url}/b", limit=10, absent=404) is None
