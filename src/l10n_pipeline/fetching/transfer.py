"""Bytes over HTTP: bounded, with timeouts, taken up again where they were cut off.

Neither a server's announcements nor its behaviour is trusted: what is too long, too slow,
of the wrong size or hash ends in one clear error, never in a full disk or a hanging program.
"""

from __future__ import annotations

import contextlib
import re
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import Final, Self

import httpx2

from l10n_pipeline import __version__
from l10n_pipeline.errors import EnvironmentFault, ModelError
from l10n_pipeline.fetching.offer import RemoteFile

_MAX_REDIRECTS: Final = 5
_TRANSIENT: Final = frozenset({408, 425, 429, 500, 502, 503, 504})
_CONTENT_RANGE: Final = re.compile(r"bytes (?P<first>\d+)-\d+/(?:\d+|\*)")


@dataclass(frozen=True, slots=True)
class Patience:
    """How long to bear with a server."""

    timeout: float = 30.0
    """Seconds to wait for a connection, and for each next piece of data."""
    retries: int = 3
    """Further tries where a connection fails or is cut off without having brought anything."""
    pause: float = 0.5
    """Seconds before the first further try; each one waits twice as long as the one before."""
    cuts: int = 50
    """How often one file's transfer may be taken up again in all."""


class Network:
    """An HTTP client for the length of a fetch; a context manager.

    Args:
        patience: see :class:`Patience`.
        plain: whether unencrypted connections are allowed; only where the user named a
            server that way.
    """

    def __init__(self, patience: Patience, *, plain: bool = False) -> None:
        self.patience = patience
        self._plain = plain
        self._client = httpx2.Client(
            timeout=patience.timeout,
            follow_redirects=True,
            max_redirects=_MAX_REDIRECTS,
            headers={"User-Agent": f"l10n-pipeline/{__version__}", "Accept-Encoding": "identity"},
            event_hooks={"request": [self._refuse_plain]},
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._client.close()

    def read(
        self, url: str, *, limit: int, absent: int = 0, headers: Mapping[str, str] | None = None
    ) -> bytes | None:
        """What lies at an address, of at most ``limit`` bytes.

        Args:
            url: the address.
            limit: bytes.
            absent: a status that means there is nothing there, which gives None.
            headers: to send along.

        Raises:
            EnvironmentFault: where it cannot be had; says why.
        """
        tries = _Tries(self.patience, url)
        while True:
            try:
                with self._client.stream("GET", url, headers=headers) as response:
                    if absent and response.status_code == absent:
                        return None
                    _refuse_status(response, url)
                    body = bytearray()
                    for chunk in _raw(response, url):
                        body += chunk
                        if len(body) > limit:
                            raise _hostile(url, f"sends more than the {limit:,} bytes expected")
                    return bytes(body)
            except (httpx2.HTTPError, httpx2.InvalidURL, _TransientError) as error:
                tries.failed(error)

    def download(
        self,
        file: RemoteFile,
        part: Path,
        *,
        headers: Mapping[str, str],
        progress: Callable[[int], None],
    ) -> None:
        """Bring a file over, going on from what ``part`` already holds.

        Args:
            file: what to bring, of what size and digest.
            part: where its bytes go. A stable name for this very file: what an earlier
                try left there is kept if the server still has the same file.
            headers: to send along.
            progress: called with the number of bytes that came, or minus those thrown away.

        Raises:
            EnvironmentFault: where it cannot be had; says why. ``part`` keeps what came.
            ModelError: where what came is not what was announced; ``part`` is gone.
            OSError: where ``part`` cannot be written.
        """
        tag = part.with_suffix(".etag")
        resumed = _size(part) > 0
        self._complete(file, part, tag, headers=headers, progress=progress)
        if _digest(part, file) == file.digest:
            tag.unlink(missing_ok=True)
            return
        progress(-_size(part))
        _forget(part, tag)
        if resumed:  # an older file's beginning with this one's end: once more, from the start
            self._complete(file, part, tag, headers=headers, progress=progress)
            if _digest(part, file) == file.digest:
                tag.unlink(missing_ok=True)
                return
            _forget(part, tag)
        raise ModelError(
            f"{file.name} is not the file that was announced: its checksum differs",
            where=_host(file.url),
            way_out="try again later; if it stays so, tell whoever runs the server",
        )

    def _complete(
        self,
        file: RemoteFile,
        part: Path,
        tag: Path,
        *,
        headers: Mapping[str, str],
        progress: Callable[[int], None],
    ) -> None:
        """Have all bytes of a file in ``part``."""
        if _size(part) > file.transfer_size:
            _forget(part, tag)
        part.touch()
        progress(_size(part))
        tries = _Tries(self.patience, file.url)
        while (before := _size(part)) < file.transfer_size:
            try:
                self._go_on(file, part, tag, headers=headers, progress=progress)
            except (httpx2.HTTPError, httpx2.InvalidURL, _TransientError) as error:
                tries.failed(error, came=_size(part) > before)

    def _go_on(
        self,
        file: RemoteFile,
        part: Path,
        tag: Path,
        *,
        headers: Mapping[str, str],
        progress: Callable[[int], None],
    ) -> None:
        """One request for what is still missing."""
        have = _size(part)
        request = dict(headers)
        if have:
            request["Range"] = f"bytes={have}-"
            if tag.is_file():
                request["If-Range"] = tag.read_text(encoding="ascii")
        with self._client.stream("GET", file.url, headers=request) as response:
            if have and response.status_code == HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE:
                progress(-have)
                _forget(part, tag)
                raise _TransientError("the server has another file by now")
            _refuse_status(response, file.url)
            if have and not _continues(response, have):
                progress(-have)
                have = 0
            with part.open("ab" if have else "wb") as stream:
                _remember(response, tag)
                for chunk in _raw(response, file.url):
                    have += len(chunk)
                    if have > file.transfer_size:
                        stream.close()
                        _forget(part, tag)
                        announced = f"the {file.transfer_size:,} bytes announced"
                        raise _hostile(file.url, f"sends more than {announced} for {file.name}")
                    stream.write(chunk)
                    progress(len(chunk))
            if have < file.transfer_size:
                raise _TransientError("the connection was cut off")

    def _refuse_plain(self, request: httpx2.Request) -> None:
        if request.url.scheme != "https" and not self._plain:
            raise EnvironmentFault(
                f"the server sends us to an unencrypted address, {request.url}",
                way_out="use another server",
            )


class _TransientError(Exception):
    """What may go better the next time."""


class _Tries:
    """Counts what went wrong with an address, waits, and at last gives up."""

    def __init__(self, patience: Patience, url: str) -> None:
        self._patience = patience
        self._url = url
        self._fruitless = 0
        self._all = 0

    def failed(self, error: Exception, *, came: bool = False) -> None:
        """Wait for the next try.

        Raises:
            EnvironmentFault: where it was the last.
        """
        self._fruitless = 0 if came else self._fruitless + 1
        self._all += 1
        hopeless = isinstance(
            error, httpx2.UnsupportedProtocol | httpx2.InvalidURL | httpx2.TooManyRedirects
        )
        if hopeless or self._fruitless > self._patience.retries or self._all > self._patience.cuts:
            raise EnvironmentFault(
                self._reason(error),
                where=_host(self._url),
                way_out="check the connection and run again: what has come is kept",
            ) from error
        time.sleep(self._patience.pause * 2 ** max(self._fruitless - 1, 0))

    def _reason(self, error: Exception) -> str:
        match error:
            case httpx2.ConnectTimeout():
                return f"no connection within {self._patience.timeout:g} s"
            case httpx2.TimeoutException():
                return f"nothing came for {self._patience.timeout:g} s"
            case httpx2.TooManyRedirects():
                return f"redirects more than {_MAX_REDIRECTS} times"
            case httpx2.UnsupportedProtocol() | httpx2.InvalidURL():
                return f"is not an address to fetch from: {error}"
            case httpx2.ConnectError():
                return f"cannot be reached: {error}"
            case httpx2.RemoteProtocolError() | httpx2.ReadError():
                return "the connection was cut off again and again"
            case _:
                return str(error) or type(error).__name__


def _refuse_status(response: httpx2.Response, url: str) -> None:
    """Raise unless the answer is a success."""
    if response.is_success:
        return
    status = f"{response.status_code} {response.reason_phrase}".strip()
    if response.status_code in _TRANSIENT:
        raise _TransientError(f"answers {status}")
    ways_out = {
        401: "log in with: hf auth login",
        403: "ask for access on the model's page, then log in with: hf auth login",
        404: "what was announced is gone; try again later, or use another server",
    }
    raise EnvironmentFault(
        f"answers {status}",
        where=url,
        way_out=ways_out.get(response.status_code, "try again later, or use another server"),
    )


def _raw(response: httpx2.Response, url: str) -> Iterator[bytes]:
    """The body as it came over the network, never expanded."""
    if response.headers.get("Content-Encoding", "identity") != "identity":
        raise _hostile(url, "sends packed data that was not asked for")
    yield from response.iter_raw()


def _hostile(url: str, what: str) -> ModelError:
    return ModelError(f"the server {what}", where=_host(url), way_out="use another server")


def _continues(response: httpx2.Response, have: int) -> bool:
    """Whether the answer goes on where we are; a server may begin anew instead."""
    if response.status_code != HTTPStatus.PARTIAL_CONTENT:
        return False
    match = _CONTENT_RANGE.fullmatch(response.headers.get("Content-Range", ""))
    if match is None or int(match["first"]) != have:
        raise _TransientError("answers with another part of the file than was asked for")
    return True


def _remember(response: httpx2.Response, tag: Path) -> None:
    """Keep the file's entity tag for If-Range, which takes strong ones alone (RFC 9110, 13.1.5)."""
    etag = response.headers.get("ETag", "")
    if etag.isascii() and etag.startswith('"') and len(etag) <= 256:
        tag.write_text(etag, encoding="ascii")
    else:
        tag.unlink(missing_ok=True)


def _digest(path: Path, file: RemoteFile) -> str:
    digest = file.digest_kind.begin(file.transfer_size)
    with path.open("rb") as stream:
        while chunk := stream.read(1 << 20):
            digest.update(chunk)
    return digest.hexdigest()


def _size(path: Path) -> int:
    with contextlib.suppress(FileNotFoundError):
        return path.stat().st_size
    return 0


def _forget(*paths: Path) -> None:
    for path in paths:
        path.unlink(missing_ok=True)


def _host(url: str) -> str:
    """What to call a server in a message."""
    with contextlib.suppress(httpx2.InvalidURL):
        return httpx2.URL(url).host or url
    return url
