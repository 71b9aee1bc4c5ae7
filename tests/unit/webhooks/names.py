"""A resolver that knows some names by heart."""

import socket

from aiohttp.abc import AbstractResolver, ResolveResult


class Names(AbstractResolver):
    """Answers from a list; any other name is not found."""

    def __init__(self, **addresses: list[str]) -> None:
        self.addresses = addresses
        self.closed = False

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        return [
            ResolveResult(hostname=host, host=address, port=port, family=family, proto=0, flags=0)
            for address in self._known(host)
        ]

    async def close(self) -> None:
        self.closed = True

    def _known(self, host: str) -> list[str]:
        if host not in self.addresses:
            raise OSError(f"no {host}")
        return self.addresses[host]
