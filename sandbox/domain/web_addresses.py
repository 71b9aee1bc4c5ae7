"""Which web addresses the sandbox takes and calls.

A merchant's own machine and network are the usual targets of webhooks, so private addresses are
fine. Refused is what no merchant listens on and a forged URL would aim at: link-local addresses,
and with them the metadata services of cloud machines.

Source: FACTS 8 (where webhooks go).
"""

import re
import unicodedata
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Final
from urllib.parse import urlsplit

_WEB_ADDRESS: Final = re.compile(
    r"https?://(?:[^\s/?#@\[\]\\<>\"^`{|}\x00-\x20\x7f]*@)?"
    r"(?:\[[0-9A-Fa-f:.]{2,45}\]|[^\s/?#@:\[\]\\<>\"%^`{|}\x00-\x20\x7f]+)"
    r"(?::[0-9]{1,5})?(?:[/?#][^\s\x00-\x20\x7f]*)?",
    re.IGNORECASE,
)
# What is refused begins with a digit or a bracket, is one of the names, or hides in other signs.
_SUSPECT: Final = re.compile(
    r"//(?:[^/?#]*@)?(?:[0-9\[]|metadata|[^/?#]*[^\x00-\x7f])", re.IGNORECASE
)
_REFUSED_NETWORKS: Final = (ip_network("169.254.0.0/16"), ip_network("fe80::/10"))
# Metadata services that are not link-local.
_REFUSED_ADDRESSES: Final = frozenset(
    map(ip_address, ("100.100.100.200", "192.0.0.192", "fd00:ec2::254", "fd20:ce::254"))
)
_REFUSED_NAMES: Final = frozenset({"metadata.google.internal", "metadata"})
# The addresses by which IPv6 reaches an IPv4 address through a translator (RFC 6052).
_TRANSLATED: Final = ip_network("64:ff9b::/96")
_NUMBER: Final = re.compile(r"0[xX][0-9A-Fa-f]{1,64}|[0-9]{1,64}", re.ASCII)
_PARTS_OF_IPV4: Final = 4


def is_web_address(text: str) -> bool:
    """Tell whether a text is an http or https address with a host and no space or control sign."""
    if _WEB_ADDRESS.fullmatch(text) is None:
        return False
    try:
        # Odd signs in the host are told at once, a port that is too large when it is read.
        _ = urlsplit(text).port
    except ValueError:
        return False
    return True


def is_refused_address(url: str) -> bool:
    """Tell whether a web address names a link-local host or a cloud's metadata service.

    Names are not looked up.
    """
    if _SUSPECT.search(url) is None:
        return False
    try:
        host = urlsplit(url).hostname
    except ValueError:
        return False
    return bool(host) and is_refused_host(str(host))


def is_refused_host(host: str) -> bool:
    """Tell whether a host is link-local or a metadata service, in any spelling a resolver takes."""
    plain = unicodedata.normalize("NFKC", host).lower().replace("\u3002", ".").rstrip(".")
    if plain in _REFUSED_NAMES:
        return True
    address = _address(plain)
    return address is not None and _is_refused(address)


def _is_refused(address: IPv4Address | IPv6Address) -> bool:
    if isinstance(address, IPv6Address):
        within = address.ipv4_mapped or address.sixtofour
        if address in _TRANSLATED:
            within = IPv4Address(int(address) & 0xFFFFFFFF)
        if within is not None:
            return _is_refused(within)
        # A zone, as in fe80::1%eth0, makes no other address of it.
        address = IPv6Address(int(address))
    return address in _REFUSED_ADDRESSES or any(address in network for network in _REFUSED_NETWORKS)


def _address(host: str) -> IPv4Address | IPv6Address | None:
    """Read an address as a system's resolver would; None for a name."""
    try:
        return ip_address(host)
    except ValueError:
        return _old_spelling(host)


def _old_spelling(host: str) -> IPv4Address | None:
    """Read 0xA9FEA9FE, 2852039166, 0251.0376.0251.0376 or 169.254.43518, as `inet_aton` does."""
    parts = host.split(".")
    if len(parts) > _PARTS_OF_IPV4 or not all(map(_NUMBER.fullmatch, parts)):
        return None
    try:
        *single, last = map(_number, parts)
        # The last part fills all the bytes that are left.
        left = _PARTS_OF_IPV4 - len(single)
        return IPv4Address(bytes(single) + last.to_bytes(left, "big"))
    except (ValueError, OverflowError):
        return None


def _number(text: str) -> int:
    if text[:2] in ("0x", "0X"):
        return int(text, 0)
    return int(text, 8 if text.startswith("0") else 10)
