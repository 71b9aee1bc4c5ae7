"""Which web addresses the sandbox refuses to call. Source: FACTS 8 (where webhooks go)."""

import ipaddress
import re
import socket
import unicodedata
from typing import Final
from urllib.parse import urlsplit

# What is refused begins with a digit or a bracket, is one of the names, or hides in other signs.
_SUSPECT: Final = re.compile(
    r"//(?:[^/?#]*@)?(?:[0-9\[]|metadata|[^/?#]*[^\x00-\x7f])", re.IGNORECASE
)
_METADATA_HOSTS: Final = frozenset({"metadata.google.internal", "metadata"})
_METADATA_ADDRESSES: Final = frozenset(
    {ipaddress.ip_address("fd00:ec2::254"), ipaddress.ip_address("100.100.100.200")}
)

Address = ipaddress.IPv4Address | ipaddress.IPv6Address


def is_metadata_address(url: str) -> bool:
    """Tell whether a URL names a link-local host or a cloud's metadata service.

    Numbers in any notation that a resolver takes are understood (`http://2852039166/`). Names are
    not looked up; localhost and private networks are fine, since that is where tests run.
    """
    if _SUSPECT.search(url) is None:
        return False
    try:
        host = urlsplit(url).hostname
    except ValueError:
        return False
    if not host:
        return False
    host = unicodedata.normalize("NFKC", host).lower().replace("\u3002", ".").rstrip(".")
    if host in _METADATA_HOSTS:
        return True
    address = _address(host)
    if isinstance(address, ipaddress.IPv6Address):
        address = address.ipv4_mapped or address.sixtofour or address
    return address is not None and (address.is_link_local or address in _METADATA_ADDRESSES)


def _address(host: str) -> Address | None:
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        pass
    try:
        return ipaddress.IPv4Address(socket.inet_aton(host))
    except (OSError, ValueError):
        return None
