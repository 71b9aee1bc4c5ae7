"""Sends one webhook once and tells what came of it. When to send it again is not decided here."""

import asyncio
import errno
from collections.abc import Mapping
from dataclasses import dataclass
from types import TracebackType
from typing import Final, Self

import aiohttp
from aiohttp.abc import AbstractResolver
from aiohttp.resolver import ThreadedResolver
from yarl import URL

from sandbox.webhooks.targets import GuardedResolver, TargetRefused, check_target

_KEPT_BODY: Final = 64 * 1024
# Shorter than the idle time after which common servers hang up, so that a webhook does not meet
# a connection that is just being closed.
_IDLE_SECONDS: Final = 1.5
# A receiver in a container that starts anew has another address soon.
_NAME_SECONDS: Final = 1
# A header that differs between two otherwise equal runs.
_NOT_RECORDED: Final = frozenset({"date"})

# Whether a receiver that hangs up is seen to close or to reset is a matter of luck, so both are
# told in the same words.
_HUNG_UP: Final = "connection closed without an answer"
_BY_ERRNO: Final[Mapping[int, str]] = {
    errno.ECONNREFUSED: "connection refused",
    errno.ECONNRESET: _HUNG_UP,
    errno.EPIPE: _HUNG_UP,
}
# From the particular to the general.
_BY_KIND: Final[tuple[tuple[type[Exception], str], ...]] = (
    (aiohttp.ClientConnectorDNSError, "name not found"),
    (aiohttp.ClientConnectorCertificateError, "TLS certificate not trusted"),
    (aiohttp.ClientSSLError, "no TLS connection"),
    (aiohttp.ClientConnectorError, "address not reachable"),
    (aiohttp.ClientConnectionError, _HUNG_UP),
    (aiohttp.ClientPayloadError, "connection closed before the answer ended"),
    (aiohttp.ClientResponseError, "the answer is not HTTP"),
)


@dataclass(frozen=True, kw_only=True, slots=True)
class OutgoingWebhook:
    """One HTTP POST; `timeout` is in seconds of real time, for the whole exchange."""

    url: str
    headers: Mapping[str, str]
    body: bytes
    timeout: float
    ignore_ssl: bool = True


@dataclass(frozen=True, kw_only=True, slots=True)
class SendOutcome:
    """What came of a POST: a status, or in plain words why there is none.

    `body` is the start of the answer, at most 64 KiB, read as UTF-8. `headers` leave out `Date`.
    """

    status_code: int | None = None
    error: str | None = None
    timed_out: bool = False
    headers: tuple[tuple[str, str], ...] = ()
    body: str = ""


class WebhookSender:
    """Sends webhooks over connections of its own, which close with it; use it by `async with`.

    It follows no redirect, keeps no cookie, uses no proxy, and puts no limit on how many are in
    flight. A target is checked by its URL and again by the addresses that its name has, for which
    `resolver` is asked; by default, the system.

    Source: FACTS 8.
    """

    def __init__(self, resolver: AbstractResolver | None = None) -> None:
        self._resolver = resolver
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Self:
        connector = aiohttp.TCPConnector(
            limit=0,
            limit_per_host=0,
            keepalive_timeout=_IDLE_SECONDS,
            ttl_dns_cache=_NAME_SECONDS,
            resolver=GuardedResolver(self._resolver or ThreadedResolver()),
        )
        self._session = aiohttp.ClientSession(
            connector=connector,
            cookie_jar=aiohttp.DummyCookieJar(),
            # Each webhook brings its own.
            timeout=aiohttp.ClientTimeout(),
        )
        return self

    async def __aexit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def send(self, request: OutgoingWebhook) -> SendOutcome:
        """Post a webhook once; whatever goes wrong on the way is an outcome, not an exception.

        An answer that does not end in time counts as none; one longer than 64 KiB is left there.

        Raises:
            RuntimeError: the sender is not open.
        """
        if self._session is None:
            raise RuntimeError("WebhookSender is open only inside `async with`.")
        try:
            check_target(request.url)
            async with asyncio.timeout(request.timeout):
                return await self._exchange(self._session, request)
        except TimeoutError:
            return SendOutcome(error=f"no answer within {request.timeout:g} s", timed_out=True)
        except TargetRefused as refused:
            return SendOutcome(error=str(refused))
        except (aiohttp.ClientError, OSError, ValueError) as failure:
            return SendOutcome(error=_in_plain_words(failure))

    async def _exchange(
        self, session: aiohttp.ClientSession, request: OutgoingWebhook
    ) -> SendOutcome:
        async with session.post(
            URL(request.url),
            data=request.body,
            headers=request.headers,
            allow_redirects=False,
            ssl=not request.ignore_ssl,
        ) as response:
            body = bytearray()
            while len(body) < _KEPT_BODY:
                part = await response.content.read(_KEPT_BODY - len(body))
                if not part:
                    break
                body += part
            else:
                # The rest of a long answer is nobody's business; nor is this connection.
                response.close()
            return SendOutcome(
                status_code=response.status,
                headers=tuple(
                    (name, _printable(value))
                    for name, value in response.headers.items()
                    if name.lower() not in _NOT_RECORDED
                ),
                body=body.decode("utf-8", "replace"),
            )


def _in_plain_words(failure: Exception) -> str:
    number: int = getattr(failure, "errno", None) or 0
    if number in _BY_ERRNO:
        return _BY_ERRNO[number]
    kinds = (words for kind, words in _BY_KIND if isinstance(failure, kind))
    return next(kinds, f"not sent: {failure}")


def _printable(value: str) -> str:
    """Replace what was no UTF-8 in a header, so that the record can be written as JSON."""
    return value.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
