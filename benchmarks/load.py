"""The load: sockets that each send a request, wait for its answer, and send the next.

Written for the purpose, because a general client costs more than the servers that it would measure.
"""

import asyncio
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import islice
from statistics import quantiles
from time import perf_counter, process_time
from typing import Final, cast
from urllib.parse import urlsplit

_LENGTH: Final = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
_STATUS: Final = slice(9, 12)
_PATIENCE: Final = 120.0


class UnexpectedAnswer(Exception):
    """A server answered with anything but success, or hung up."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Measured:
    """What one run showed: seconds in all, the latency of each request in seconds, oldest first.

    `busy` is the share of the time in which the load's own core worked: near 1, the load and not
    the server is what was measured.
    """

    seconds: float
    latencies: tuple[float, ...]
    busy: float

    @property
    def rate(self) -> float:
        """Answers a second."""
        return len(self.latencies) / self.seconds

    def percentile(self, percent: int) -> float:
        """Return the latency that so many percent of the requests stay below, in milliseconds."""
        return quantiles(self.latencies, n=100)[percent - 1] * 1000

    @property
    def longest(self) -> float:
        """The longest latency, in milliseconds."""
        return max(self.latencies) * 1000


async def ask(url: str, request: bytes) -> bytes:
    """Send one request; return the body of its answer."""
    answers: list[bytes] = []
    await _run(url, iter((request,)), 1, answers.append)
    return answers[0]


async def for_seconds(
    url: str, requests: Iterator[bytes], seconds: float, *, connections: int
) -> Measured:
    """Send requests over so many connections until the time is up."""
    end = perf_counter() + seconds
    return await _run(url, _until(end, requests), connections)


async def for_count(
    url: str, requests: Iterator[bytes], number: int, *, connections: int
) -> Measured:
    """Send so many requests over so many connections."""
    return await _run(url, islice(requests, number), connections)


def _until(end: float, requests: Iterable[bytes]) -> Iterator[bytes]:
    for request in requests:
        if perf_counter() >= end:
            return
        yield request


async def _run(
    url: str,
    requests: Iterator[bytes],
    connections: int,
    on_body: Callable[[bytes], None] | None = None,
) -> Measured:
    loop = asyncio.get_running_loop()
    address = urlsplit(url)
    host, port = address.hostname or "127.0.0.1", address.port or 80
    latencies: list[float] = []
    began, worked = perf_counter(), process_time()
    ends = []
    for _ in range(connections):
        end: asyncio.Future[None] = loop.create_future()
        await loop.create_connection(
            partial(_Connection, requests, latencies, end, on_body), host, port
        )
        ends.append(end)
    await asyncio.wait_for(asyncio.gather(*ends), _PATIENCE)
    seconds = perf_counter() - began
    return Measured(
        seconds=seconds, latencies=tuple(latencies), busy=(process_time() - worked) / seconds
    )


class _Connection(asyncio.Protocol):
    """One connection that is kept alive; `end` is done when there is no further request."""

    def __init__(
        self,
        requests: Iterator[bytes],
        latencies: list[float],
        end: asyncio.Future[None],
        on_body: Callable[[bytes], None] | None,
    ) -> None:
        self.end = end
        self._requests = requests
        self._latencies = latencies
        self._on_body = on_body
        self._received = b""
        self._began = 0.0
        self._transport: asyncio.Transport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Send the first request."""
        self._transport = cast("asyncio.Transport", transport)
        self._send()

    def data_received(self, data: bytes) -> None:
        """Send the next request once an answer is whole."""
        received = self._received = self._received + data
        head = received.find(b"\r\n\r\n") + 4
        length = _LENGTH.search(received, 0, head) if head >= len(b"\r\n\r\n") else None
        if length is None or len(received) < head + int(length[1]):
            return
        self._latencies.append(perf_counter() - self._began)
        if not received[_STATUS].startswith(b"2"):
            self._fail(received.decode("utf-8", "replace"))
            return
        if self._on_body is not None:
            self._on_body(received[head:])
        self._received = b""
        self._send()

    def connection_lost(self, exc: Exception | None) -> None:
        """Fail, unless all that was to be sent has been answered."""
        self._fail(f"The server closed the connection: {exc}.")

    def _send(self) -> None:
        request = next(self._requests, None)
        if request is None:
            self.end.set_result(None)
            self._transport.close()
            return
        self._began = perf_counter()
        self._transport.write(request)

    def _fail(self, why: str) -> None:
        if not self.end.done():
            self.end.set_exception(UnexpectedAnswer(why[:2000]))
            self._transport.close()
