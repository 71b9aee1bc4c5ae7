"""A client that shows what comes over the connection itself, broken or not."""

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass
from http.client import HTTPResponse
from io import BytesIO
from typing import Any, Final, Self
from urllib.parse import urlsplit

_PATIENCE: Final = 10.0


@dataclass(frozen=True, slots=True)
class Heard:
    """The bytes that came, and how the connection ended: `closed` or `reset`."""

    data: bytes
    end: str

    @property
    def status(self) -> int:
        """The status of the answer; it must be one."""
        return self._response().status

    @property
    def body(self) -> Any:  # noqa: ANN401 - any JSON value
        """The answer's body as a JSON value."""
        return json.loads(self._response().read())

    def _response(self) -> HTTPResponse:
        response = HTTPResponse(_Read(self.data))  # type: ignore[arg-type]  # it asks for no more of a socket
        response.begin()
        return response


class _Read:
    def __init__(self, data: bytes) -> None:
        self._data = data

    def makefile(self, _mode: str) -> BytesIO:
        return BytesIO(self._data)


class RawCall:
    """A POST over a connection of its own, read as it comes; use it by `async with`."""

    def __init__(
        self, url: str, path: str, body: object, headers: Mapping[str, str] | None = None
    ) -> None:
        self._address = urlsplit(url)
        content = json.dumps(body).encode()
        lines = {
            "Host": self._address.netloc,
            "Authorization": "Api-Key test",
            "Content-Type": "application/json",
            "Content-Length": str(len(content)),
            "Connection": "close",
            **(headers or {}),
        }
        head = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
        self._request = f"POST {path} HTTP/1.1\r\n{head}\r\n".encode() + content

    async def __aenter__(self) -> Self:
        self._reader, self._writer = await asyncio.open_connection(
            self._address.hostname, self._address.port
        )
        self._writer.write(self._request)
        return self

    async def __aexit__(self, *_: object) -> None:
        self._writer.close()

    async def pieces(self, count: int) -> list[bytes]:
        """Return what came in each of so many readings."""
        async with asyncio.timeout(_PATIENCE):
            return [await self._reader.read(65536) for _ in range(count)]

    async def hears_nothing(self, seconds: float) -> bool:
        """Tell whether for so many seconds nothing comes and the connection stays open."""
        try:
            async with asyncio.timeout(seconds):
                await self._reader.read(1)
        except TimeoutError:
            return True
        return False

    async def end(self) -> Heard:
        """Read until the connection ends."""
        data = bytearray()
        try:
            async with asyncio.timeout(_PATIENCE):
                while part := await self._reader.read(65536):
                    data += part
        except ConnectionResetError:
            return Heard(bytes(data), "reset")
        return Heard(bytes(data), "closed")


async def raw_call(
    url: str, path: str, body: object, headers: Mapping[str, str] | None = None
) -> Heard:
    """POST over a connection of its own and read until that ends."""
    async with RawCall(url, path, body, headers) as call:
        return await call.end()
