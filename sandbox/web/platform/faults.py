"""Faults of the platform's own calls, as HTTP clients meet them.

Source: DESIGN (scenario language, api).
"""

import asyncio
import socket
import struct
from collections.abc import Mapping
from contextlib import suppress
from datetime import timedelta
from http import HTTPStatus
from typing import Final

from aiohttp import web

from sandbox.scenarios.model import Fault, FaultKind
from sandbox.web.answers import Answer, as_json

_SECONDS_BETWEEN_BYTES: Final = 0.2
_LONGEST_HANG: Final = 300  # seconds
_LINGER_NOT_AT_ALL: Final = struct.pack("ii", 1, 0)
# Of these a caller gets no answer.
BREAKING: Final = frozenset(
    {FaultKind.TIMEOUT, FaultKind.RESET, FaultKind.EMPTY, FaultKind.GARBAGE}
)
_DETAILS: Final[Mapping[int, str]] = {
    HTTPStatus.TOO_MANY_REQUESTS: "Request was throttled.",
    HTTPStatus.INTERNAL_SERVER_ERROR: "A server error occurred.",
    HTTPStatus.BAD_GATEWAY: "The platform cannot be reached.",
    HTTPStatus.SERVICE_UNAVAILABLE: "The platform is not available.",
    HTTPStatus.GATEWAY_TIMEOUT: "The platform did not answer in time.",
}


def status_answer(fault: Fault) -> Answer:
    """Return the answer of a fault that is a plain HTTP status."""
    status = fault.status or HTTPStatus.SERVICE_UNAVAILABLE
    if fault.body is not None:
        return as_json(fault.body, status)
    known = _DETAILS.get(status)
    return as_json({"detail": known or f"The sandbox was told to answer {status}."}, status)


async def delay(fault: Fault, *, clock_stands: bool) -> None:
    """Let the fault take its time; on a clock that stands it is immediate."""
    if fault.after > timedelta() and not clock_stands:
        await asyncio.sleep(fault.after.total_seconds())


async def break_connection(
    request: web.Request, fault: Fault, answer: Answer
) -> web.StreamResponse:
    """Do to the connection what the fault says instead of answering properly."""
    transport = request.transport
    if fault.kind is FaultKind.TIMEOUT:
        await _outwait(request)
    elif fault.kind is FaultKind.SLOW_BODY:
        return await _drip(request, answer)
    elif transport is not None and fault.kind is FaultKind.RESET:
        _reset(transport)
    elif transport is not None and fault.kind is FaultKind.GARBAGE:
        transport.write(b"\x15\x03\x01 this is not HTTP\r\n\r\n")
        transport.close()
    elif transport is not None:
        transport.close()
    return web.Response(status=HTTPStatus.SERVICE_UNAVAILABLE)


def _reset(transport: asyncio.Transport) -> None:
    # A socket that is just closed says goodbye; one that may not linger resets the connection.
    connection = transport.get_extra_info("socket")
    if connection is not None:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _LINGER_NOT_AT_ALL)
    transport.abort()


async def _outwait(request: web.Request) -> None:
    """Wait until the caller has given up, at most five minutes."""
    for _ in range(_LONGEST_HANG):
        if request.transport is None or request.transport.is_closing():
            return
        await asyncio.sleep(1)


async def _drip(request: web.Request, answer: Answer) -> web.StreamResponse:
    response = web.StreamResponse(status=answer.status)
    response.content_type = "application/json"
    response.content_length = len(answer.body)
    await response.prepare(request)
    # A caller that gives up in between has seen what it was to see.
    with suppress(ConnectionError):
        for byte in answer.body:
            await response.write(bytes((byte,)))
            await asyncio.sleep(_SECONDS_BETWEEN_BYTES)
        await response.write_eof()
    return response
