"""An HTTP server on the loopback interface that serves, and misbehaves, as it is told."""

from __future__ import annotations

import hashlib
import re
import threading
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Self

_RANGE = re.compile(r"bytes=(\d+)-")


@dataclass
class Resource:
    """What lies at an address."""

    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    status: int = 200
    ranges: bool = True
    """Whether a part may be asked for."""
    etag: str | None = None
    """The body's own unless told; empty for none."""

    def tag(self) -> str:
        if self.etag is None:
            return f'"{hashlib.sha256(self.body).hexdigest()[:16]}"'
        return self.etag


@dataclass
class Cut:
    """Break the connection after this many bytes of the answer's body."""

    after: int


@dataclass
class Wait:
    """Send nothing for this many seconds after so many bytes of the body."""

    seconds: float
    after: int = 0


@dataclass
class Answer:
    """Answer with something else."""

    resource: Resource


Fault = Cut | Wait | Answer


@dataclass
class Request:
    """What was asked for."""

    path: str
    headers: dict[str, str]

    @property
    def first_byte(self) -> int:
        match = _RANGE.fullmatch(self.headers.get("range", ""))
        return int(match[1]) if match else 0


class Loopback:
    """The server: what it has, what it is to do wrong, and what it was asked."""

    def __init__(self) -> None:
        self.resources: dict[str, Resource] = {}
        self.faults: defaultdict[str, list[Fault]] = defaultdict(list)
        """By path; each is done once, in order."""
        self.always: dict[str, Fault] = {}
        self.requests: list[Request] = []
        self._lock = threading.Lock()
        handler = type("Handler", (_Handler,), {"loopback": self})
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True
        )

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def asked(self, path: str) -> list[Request]:
        """The requests for a path, whatever query it had."""
        return [request for request in self.requests if request.path.partition("?")[0] == path]

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def next_fault(self, path: str) -> Fault | None:
        """What to do wrong with the next request for a path."""
        with self._lock:
            queue = self.faults.get(path)
            return queue.pop(0) if queue else self.always.get(path)


class _Handler(BaseHTTPRequestHandler):
    """Answers for a :class:`Loopback`."""

    protocol_version = "HTTP/1.1"
    loopback: Loopback

    def do_GET(self) -> None:
        path = self.path.partition("?")[0]
        headers = {name.lower(): value for name, value in self.headers.items()}
        request = Request(self.path, headers)
        self.loopback.requests.append(request)
        fault = self.loopback.next_fault(path)
        resource = self.loopback.resources.get(path, Resource(b"nothing here", status=404))
        if isinstance(fault, Answer):
            resource = fault.resource
        status, first = _part(resource, request)
        body = resource.body[first:]
        self.send_response(status)
        for name, value in resource.headers.items():
            self.send_header(name, value)
        if resource.tag():
            self.send_header("ETag", resource.tag())
        if status == HTTPStatus.PARTIAL_CONTENT:
            size = len(resource.body)
            self.send_header("Content-Range", f"bytes {first}-{size - 1}/{size}")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self._send_body(body, fault)

    def _send_body(self, body: bytes, fault: Fault | None) -> None:
        match fault:
            case Cut(after):
                self.wfile.write(body[:after])
                self.wfile.flush()
                self.close_connection = True
                self.connection.close()
            case Wait(seconds, after):
                self.wfile.write(body[:after])
                self.wfile.flush()
                time.sleep(seconds)
                self.wfile.write(body[after:])
            case _:
                self.wfile.write(body)

    def handle(self) -> None:
        # The other side hangs up in the middle of many of these tests.
        with suppress(ConnectionError, ValueError):
            super().handle()

    def finish(self) -> None:
        with suppress(ConnectionError, ValueError):
            super().finish()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def _part(resource: Resource, request: Request) -> tuple[int, int]:
    """The status to answer with, and the first byte of the body to send."""
    unchanged = request.headers.get("if-range", resource.tag()) == resource.tag()
    if not ("range" in request.headers and resource.ranges and unchanged):
        return resource.status, 0
    if resource.status != HTTPStatus.OK:
        return resource.status, 0
    if request.first_byte >= len(resource.body):
        return HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE, len(resource.body)
    return HTTPStatus.PARTIAL_CONTENT, request.first_byte


@contextmanager
def unreachable() -> Iterator[str]:
    """The address of a port that nobody listens at."""
    with Loopback() as loopback:
        address = loopback.url
    yield address
