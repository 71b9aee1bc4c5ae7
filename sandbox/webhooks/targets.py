"""Which addresses a webhook may go to.

A merchant's own machine and network are the usual targets, so private addresses are fine. Refused
is what no merchant listens on and a forged URL would aim at: link-local addresses, and with them
the metadata services of cloud machines.
"""

import socket
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Final

from aiohttp.abc import AbstractResolver, ResolveResult
from yarl import URL

from sandbox.domain.errors import SandboxError

_REFUSED_NETWORKS: Final = (ip_network("169.254.0.0/16"), ip_network("fe80::/10"))
# Metadata services that are not link-local.
_REFUSED_ADDRESSES: Final = frozenset(
    map(ip_address, ("100.100.100.200", "192.0.0.192", "fd00:ec2::254", "fd20:ce::254"))
)
# The addresses by which IPv6 reaches an IPv4 address through a translator (RFC 6052).
_TRANSLATED: Final = ip_network("64:ff9b::/96")


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
    """Check a host that may be an address; a name passes.

    Raises:
        TargetRefused: the host is a link-local address or a metadata service.
    """
    address = _address(host)
    if address is not None and _refused(address):
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


def _address(host: str) -> IPv4Address | IPv6Address | None:
    """Read an address as the system's resolver would; None for a name."""
    bare = host.rstrip(".")
    try:
        return ip_address(bare)
    except ValueError:
        pass
    try:
        # The old spellings: 0xA9FEA9FE, 2852039166, 0251.0376.0251.0376, 169.254.43518.
        return IPv4Address(socket.inet_aton(bare))
    except (OSError, ValueError):
        return None


def _refused(address: IPv4Address | IPv6Address) -> bool:
    if isinstance(address, IPv6Address):
        within = address.ipv4_mapped or address.sixtofour
        if address in _TRANSLATED:
            within = IPv4Address(int(address) & 0xFFFFFFFF)
        if within is not None:
            return _refused(within)
        # A zone, as in fe80::1%eth0, makes no other address of it.
        address = IPv6Address(int(address))
    return address in _REFUSED_ADDRESSES or any(address in network for network in _REFUSED_NETWORKS)
