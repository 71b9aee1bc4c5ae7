"""Receivers of webhooks, as merchants have them, for the tests of sending."""

import asyncio
import ssl
from collections.abc import Awaitable, Callable

from aiohttp import web
from aiohttp.test_utils import TestServer

from sandbox.webhooks.sending import OutgoingWebhook

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
RawHandler = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


class Receivers:
    """Starts receivers on free ports and stops them in the end."""

    def __init__(self) -> None:
        self._servers: list[TestServer] = []
        self._sockets: list[asyncio.Server] = []

    async def answering(self, handler: Handler, tls: ssl.SSLContext | None = None) -> str:
        app = web.Application(client_max_size=1024**2)
        app.router.add_route("*", "/{path:.*}", handler)
        server = TestServer(app, scheme="https" if tls else "http")
        await server.start_server(ssl=tls)
        self._servers.append(server)
        return str(server.make_url("/hook"))

    async def speaking(self, handler: RawHandler) -> str:
        server = await asyncio.start_server(handler, "127.0.0.1", 0)
        self._sockets.append(server)
        return f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/hook"

    async def close(self) -> None:
        for server in self._servers:
            await server.close()
        for listening in self._sockets:
            listening.close()
            await listening.wait_closed()


def webhook(url: str) -> OutgoingWebhook:
    return OutgoingWebhook(
        url=url,
        headers={"Content-Type": "application/json", "User-Agent": "Chrome"},
        body=b'{"state":"paid"}',
        timeout=30,
    )


def saying(text: bytes) -> RawHandler:
    """Read a request, write these bytes, and hang up."""

    async def say(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b'"paid"}')
        writer.write(text)
        await writer.drain()
        writer.close()
        await writer.wait_closed()

    return say
