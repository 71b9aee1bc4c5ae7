"""Who may use the control API: whoever sits at this machine, and whoever is let in by an option.

A page in somebody's browser must not steer the sandbox, even when a name of its own leads here;
so the Host counts as well as the peer, and a foreign Origin never passes.

Source: DESIGN (control API).
"""

import hmac
from collections.abc import Mapping
from http import HTTPStatus
from ipaddress import IPv6Address, ip_address
from typing import Final

from sandbox.web.errors import Problem
from sandbox.web.services import Access

TOKEN_HEADER: Final = "X-Sandbox-Token"  # noqa: S105 - the name of the header, not a token
_FORWARDING: Final = frozenset({"forwarded", "via", "x-real-ip"})
_FORWARDING_PREFIX: Final = "x-forwarded-"
_DEFAULT_PORTS: Final = {"http": "80", "https": "443"}
_OPTIONS: Final = (
    "Start the sandbox with `--control-token <token>` and send the token in `X-Sandbox-Token`, "
    "or with `--control open` in a closed network."
)


def check_access(headers: Mapping[str, str], peer: str | None, access: Access) -> None:
    """Let a call pass, or not; `peer` is the address that the connection comes from.

    Raises:
        Problem: the caller may not use the control API (403); its hint names the option to set.
    """
    host = headers.get("Host", "")
    origin = headers.get("Origin")
    if origin is not None and not _same_origin(origin, host):
        raise _refused(
            f"A page of `{origin}` may not use the control API of `{host}`.",
            "Call it from the test, not from a page of another origin; no option allows this.",
        )
    if access.open_to_all or _has_token(headers, access):
        return
    if not is_loopback_address(peer):
        raise _refused(_said("The call does not come from this machine.", headers, access))
    if not _is_loopback_host(host):
        said = f"The call names the host `{host}`, which is not one of this machine's own names."
        raise _refused(
            _said(said, headers, access), f"Call it by `localhost` or `127.0.0.1`. Or: {_OPTIONS}"
        )
    forwarding = next((name for name in headers if _is_forwarding(name)), None)
    if forwarding is not None:
        said = f"The call came through a proxy: it has the header `{forwarding}`."
        raise _refused(_said(said, headers, access))


def is_loopback_address(address: str | None) -> bool:
    """Tell whether an address is this machine's own: 127.0.0.0/8 or ::1."""
    try:
        ip = ip_address((address or "").partition("%")[0])
    except ValueError:
        return False
    if isinstance(ip, IPv6Address) and ip.ipv4_mapped is not None:
        return ip.ipv4_mapped.is_loopback
    return ip.is_loopback


def _has_token(headers: Mapping[str, str], access: Access) -> bool:
    sent = headers.get(TOKEN_HEADER)
    if access.token is None or sent is None:
        return False
    return hmac.compare_digest(_bytes(sent), _bytes(access.token))


def _is_loopback_host(host: str) -> bool:
    name, _ = _split(host)
    if name == "localhost" or name.endswith(".localhost"):
        return True
    return is_loopback_address(name)


def _is_forwarding(name: str) -> bool:
    lowered = name.lower()
    return lowered in _FORWARDING or lowered.startswith(_FORWARDING_PREFIX)


def _same_origin(origin: str, host: str) -> bool:
    # Whether TLS ends here or before us is not the caller's secret, so the scheme only gives the port.
    scheme, separator, authority = origin.lower().partition("://")
    if not separator or scheme not in _DEFAULT_PORTS:
        return False
    name, port = _split(authority)
    called, called_port = _split(host)
    default = _DEFAULT_PORTS[scheme]
    return name == called and (port or default) == (called_port or default)


def _split(authority: str) -> tuple[str, str]:
    """Split `name:port` or `[address]:port`; the name in small letters, without a last dot."""
    if authority.startswith("["):
        name, _, rest = authority[1:].partition("]")
        return name.lower(), rest.removeprefix(":")
    name, _, port = authority.partition(":")
    return name.lower().removesuffix("."), port


def _said(reason: str, headers: Mapping[str, str], access: Access) -> str:
    if TOKEN_HEADER not in headers:
        return reason
    if access.token is None:
        return f"{reason} It has `{TOKEN_HEADER}`, but the sandbox was started without a token."
    return f"{reason} Its `{TOKEN_HEADER}` is not the token that the sandbox was started with."


def _refused(detail: str, hint: str = _OPTIONS) -> Problem:
    return Problem(HTTPStatus.FORBIDDEN, "Not open to this caller", detail, hint=hint)


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")
