"""What is read of a request before anybody knows what it means: its target, origin and body."""

import re
from collections.abc import Mapping
from typing import Final

from aiohttp import web
from aiohttp.web_protocol import RequestPayloadError

from sandbox.web.errors import BodyTooLarge, BrokenBody, CallerGone, WrongHost
from sandbox.web.printable import printable

LARGEST_BODY: Final = 5 * 1024 * 1024
# Underscores are no part of host names, but of those that containers have in their networks.
_HOST: Final = re.compile(
    r"(?:[A-Za-z0-9._-]{1,253}|\[[0-9A-Fa-f:.]{2,45}\])(?::[0-9]{1,5})?", re.ASCII
)
_ABSOLUTE: Final = re.compile(r"https?://[^/?#]*", re.IGNORECASE)


def origin_of(request: web.Request) -> str:
    """Return the address under which the caller reaches the sandbox, by its Host header.

    Raises:
        WrongHost: no address can be made of it.
    """
    host = request.host
    if not _HOST.fullmatch(host):
        raise WrongHost(
            f"The header `Host` is `{printable(host[:100])}`; expected a name or an address, "
            "with a port or without."
        )
    return f"{request.scheme}://{host}"


def target_of(request: web.Request) -> str:
    """Return path and query as they came; callers that think us a proxy send a whole URL."""
    target = request.raw_path
    if target.startswith("/"):
        return target
    absolute = _ABSOLUTE.match(target)
    rest = target[absolute.end() :] if absolute else target
    return rest if rest.startswith("/") or not absolute else f"/{rest}"


async def read_body(request: web.Request) -> bytes:
    """Return the body of a request.

    Raises:
        BodyTooLarge: it is larger than the sandbox reads.
        BrokenBody: it is not coded as its headers say.
        CallerGone: the caller hung up before its end.
    """
    if not request.body_exists:
        return b""
    length = request.content_length
    if length is not None and length > LARGEST_BODY:
        raise BodyTooLarge(f"The body has {length:,} bytes; {LARGEST_BODY:,} are read at most.")
    try:
        return await request.read()
    except web.HTTPRequestEntityTooLarge:
        raise BodyTooLarge(f"The body has more than {LARGEST_BODY:,} bytes.") from None
    except RequestPayloadError:
        if request.transport is None or request.transport.is_closing():
            raise CallerGone from None
        # Nothing after it can be understood, and the server would log that as a fault of its own.
        request.content.feed_eof()
        request.protocol.close()
        raise BrokenBody(_said_of(request.headers)) from None
    except ConnectionError:
        raise CallerGone from None


def _said_of(headers: Mapping[str, str]) -> str:
    coding = headers.get("Content-Encoding")
    if coding is None:
        return "The body ends before its time, or is not cut into chunks as it should be."
    return f"The body is not in the coding that `Content-Encoding: {coding[:100]}` names."
