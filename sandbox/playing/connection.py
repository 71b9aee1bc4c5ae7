"""HTTP to an application in this process, over a connection that is only memory.

All that a socket would meet is met here too: routing, middlewares, the bytes of the answer. What a
scenario does to a connection (cutting it, letting it hang) is an answer without a status.
"""

import asyncio
import http.client
import io
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Self

import orjson
from aiohttp import web

HOST: Final = "127.0.0.1:8686"
_PEER: Final = ("127.0.0.1", 50_000)


@dataclass(frozen=True, kw_only=True, slots=True)
class Reply:
    """An answer; `status` is None where none came. `value` is its JSON, None when it has none."""

    status: int | None
    value: object = None
    error: str = ""


class MemoryConnections:
    """Calls an application without a socket; use it by `async with`.

    `patience` is how many real seconds a call may take before it counts as lost.
    """

    def __init__(self, application: web.Application, *, patience: float) -> None:
        self._runner = web.AppRunner(application, access_log=None, shutdown_timeout=patience)
        self._patience = patience

    async def __aenter__(self) -> Self:
        await self._runner.setup()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._runner.cleanup()

    async def call(
        self,
        method: str,
        path: str,
        body: object = None,
        headers: Mapping[str, str] | None = None,
    ) -> Reply:
        """Send a JSON body, or none, over a connection of its own."""
        if self._runner.server is None:
            raise RuntimeError("MemoryConnections is open only inside `async with`.")
        content = b"" if body is None else orjson.dumps(body)
        protocol = self._runner.server()
        transport = _MemoryTransport(protocol)
        protocol.connection_made(transport)
        protocol.data_received(_request(method, path, content, headers or {}))
        try:
            async with asyncio.timeout(self._patience):
                await transport.closed.wait()
        except TimeoutError:
            return Reply(status=None, error="no answer")
        finally:
            transport.close()
        return _reply(bytes(transport.received))


class _MemoryTransport(asyncio.Transport):
    """Keeps what is written to it; what an HTTP server needs of a transport, and no more."""

    def __init__(self, protocol: asyncio.Protocol) -> None:
        super().__init__({"peername": _PEER, "sockname": ("127.0.0.1", 8686)})
        self.received = bytearray()
        self.closed = asyncio.Event()
        self._protocol = protocol

    def write(self, data: bytes | bytearray | memoryview) -> None:
        self.received += data

    def is_closing(self) -> bool:
        return self.closed.is_set()

    def close(self) -> None:
        if not self.closed.is_set():
            self.closed.set()
            asyncio.get_running_loop().call_soon(self._protocol.connection_lost, None)

    def abort(self) -> None:
        self.received.clear()
        self.close()

    def pause_reading(self) -> None:
        """Nothing more is coming that could be held back."""

    def resume_reading(self) -> None:
        """As `pause_reading`."""


def _request(method: str, path: str, content: bytes, headers: Mapping[str, str]) -> bytes:
    lines = {
        "Host": HOST,
        "Connection": "close",
        "Content-Length": str(len(content)),
        "Content-Type": "application/json",
        **headers,
    }
    head = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
    return f"{method} {path} HTTP/1.1\r\n{head}\r\n".encode() + content


class _Received:
    """What was received, as `http.client` wants to read it."""

    def __init__(self, data: bytes) -> None:
        self._data = data

    def makefile(self, _mode: str) -> io.BytesIO:
        return io.BytesIO(self._data)


def _reply(data: bytes) -> Reply:
    response = http.client.HTTPResponse(_Received(data))  # type: ignore[arg-type]  # it asks for no more of a socket
    try:
        response.begin()
        body = response.read()
    except (http.client.HTTPException, OSError) as error:
        return Reply(status=None, error=f"no answer that is HTTP ({type(error).__name__})")
    try:
        value = orjson.loads(body) if body else None
    except orjson.JSONDecodeError:
        value = body.decode("utf-8", "replace")
    return Reply(status=response.status, value=value)
