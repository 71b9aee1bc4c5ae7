"""Keeps webhooks away from addresses that the sandbox does not call, however they are reached."""

import socket

from aiohttp.abc import AbstractResolver, ResolveResult
from yarl import URL

from sandbox.domain.errors import SandboxError
from sandbox.domain.web_addresses import is_refused_host


class TargetRefused(SandboxError):
    """A webhook may not go to this address."""

    def __init__(self, target: str, reason: str) -> None:
        super().__init__(f"No webhook is sent to {target}: {reason}.")
        self.target = target
        self.reason = reason


def check_target(url: str) -> None:
    """Check what a URL itself tells of its target; names are checked when they are resolved.

    Raises:
        TargetRefused: not a URL, not http or https, no host, or a refused address in any spelling.
    """
    try:
        parsed = URL(url)
        # The host in the form in which the client will connect to it.
        host = parsed.raw_host
    except ValueError:
        raise TargetRefused(url, "it is not a URL") from None
    if parsed.scheme not in {"http", "https"}:
        raise TargetRefused(url, "only http and https are spoken")
    if not host:
        raise TargetRefused(url, "it names no host")
    check_address(host)


def check_address(host: str) -> None:
    """Check a host, an address or a name; most names pass, and are checked once resolved.

    Raises:
        TargetRefused: the host is a link-local address or a metadata service.
    """
    if is_refused_host(host):
        raise TargetRefused(host, "link-local addresses and metadata services are refused")


class GuardedResolver(AbstractResolver):
    """Asks another resolver and refuses names that lead to a refused address."""

    def __init__(self, resolver: AbstractResolver) -> None:
        self._resolver = resolver

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """Resolve a name.

        Raises:
            TargetRefused: one of its addresses is refused; none of the others is used either.
            OSError: nothing has this name.
        """
        found = await self._resolver.resolve(host, port, family)
        for each in found:
            check_address(each["host"])
        return found

    async def close(self) -> None:
        """Close the resolver that is asked."""
        await self._resolver.close()
