"""Requests as no client library makes them: a clear answer, and nothing is left that harms."""

import asyncio
import json
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pytest
from yarl import URL

from sandbox.server import Running
from tests.http.merchant import CHECKOUT, Merchant

HOST = b"Host: 127.0.0.1\r\n"
KEY = b"Authorization: Api-Key test\r\n"
JSON = b"Content-Type: application/json\r\n"
BODY = json.dumps(
    {
        "type": "payment_request",
        "pg_codes": ["credit-card"],
        "amount": "10.000",
        "currency_code": "KWD",
    }
).encode()


@dataclass(frozen=True, slots=True)
class Raw:
    """An answer to bytes that were sent as they are."""

    status: int
    body: bytes

    @property
    def json(self) -> Any:  # noqa: ANN401 - any JSON value
        return json.loads(self.body)


async def sent(server: Running, data: bytes) -> Raw:
    """Send bytes on a connection of their own; return the answer."""
    reader, writer = await asyncio.open_connection("127.0.0.1", URL(server.url).port)
    try:
        writer.write(data)
        head = await reader.readuntil(b"\r\n\r\n")
        length = next(
            int(line.partition(b":")[2])
            for line in head.lower().split(b"\r\n")
            if line.startswith(b"content-length:")
        )
        return Raw(int(head.split(b" ")[1]), await reader.readexactly(length))
    finally:
        writer.close()
        await writer.wait_closed()


def post(headers: bytes = HOST + KEY + JSON, *, path: str = CHECKOUT, body: bytes = BODY) -> bytes:
    length = f"Content-Length: {len(body)}\r\n\r\n".encode()
    return f"POST {path} HTTP/1.1\r\n".encode() + headers + length + body


@pytest.mark.parametrize(
    "host", [b"\xff", b'a b"<>', b"", b"shop/x", b"a@b", b"shop:port", b"[::1", b"sh\xc3\xb6p"]
)
async def test_a_host_that_is_none_is_a_400_and_makes_nothing(
    merchant: Merchant, server: Running, host: bytes
) -> None:
    reply = await sent(server, post(b"Host: " + host + b"\r\n" + KEY + JSON))

    assert reply.status == 400
    assert "Host" in reply.json["detail"]
    transactions = await merchant.control("GET", "/transactions")
    assert (transactions.status, transactions.json["count"]) == (200, 0)


@pytest.mark.parametrize(
    "host", [b"shop.example.com", b"localhost:8686", b"[::1]:8686", b"ottu_sandbox:80", b"10.0.0.7"]
)
async def test_links_lead_to_the_host_that_was_called(server: Running, host: bytes) -> None:
    reply = await sent(server, post(b"Host: " + host + b"\r\n" + KEY + JSON))

    assert reply.status == 201
    assert reply.json["checkout_url"].startswith(f"http://{host.decode()}/b/")


@pytest.mark.parametrize(
    ("header", "status"),
    [
        (b"X-Sandbox-Scenario: \xff\r\n" + KEY + JSON, 400),
        (b"Content-Type: \xff\r\n" + KEY, 415),
        (b"Authorization: Basic \xff\xfe\r\n" + JSON, 401),
        (b"X-Sandbox-Workspace: \xff\r\n" + KEY + JSON, 401),
    ],
)
async def test_bytes_that_are_no_text_are_told_of_in_a_plain_answer(
    server: Running, header: bytes, status: int
) -> None:
    reply = await sent(server, post(HOST + header))

    assert reply.status == status
    assert reply.json["detail"]


@pytest.mark.parametrize(
    ("path", "headers", "status"),
    [
        ("/__admin/health", HOST + b"Origin: \xff\r\n", 403),
        ("/__admin/messages", b"Host: \xff\r\n", 403),
        ("/__admin/scenarios/x", HOST + b"Content-Type: \xff\r\n", 404),
        ("/__admin/messages", HOST + b"Authorization: Basic \xff\r\n", 400),
    ],
)
async def test_control_calls_with_such_bytes_end_in_a_problem(
    server: Running, path: str, headers: bytes, status: int
) -> None:
    reply = await sent(server, f"GET {path} HTTP/1.1\r\n".encode() + headers + b"\r\n")

    assert reply.status == status
    assert reply.json["status"] == status


async def test_a_payment_form_with_such_an_origin_is_a_page_that_says_so(server: Running) -> None:
    form = b"Content-Type: application/x-www-form-urlencoded\r\nOrigin: http://[\xff\r\n"

    reply = await sent(
        server, post(HOST + form, path="/b/checkout/redirect/pay/", body=b"session_id=1")
    )

    assert reply.status == 403
    assert reply.body.startswith(b"<!doctype html>")


async def test_a_payment_form_that_is_not_coded_as_it_says_is_a_page_too(server: Running) -> None:
    form = b"Content-Type: application/x-www-form-urlencoded\r\nContent-Encoding: gzip\r\n"

    reply = await sent(
        server, post(HOST + form, path="/b/checkout/redirect/pay/", body=b"session_id=1")
    )

    assert reply.status == 400
    assert reply.body.startswith(b"<!doctype html>")


async def test_more_parameters_than_any_call_takes_are_a_400(server: Running) -> None:
    reply = await sent(server, post(path=f"{CHECKOUT}?{'a&' * 1001}"))

    assert reply.status == 400
    assert "parameters" in reply.json["detail"]


@pytest.mark.parametrize("coding", [b"gzip", b"deflate"])
async def test_a_body_that_is_not_coded_as_it_says_is_a_400_without_a_word_in_the_log(
    server: Running, coding: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    reply = await sent(server, post(HOST + KEY + JSON + b"Content-Encoding: " + coding + b"\r\n"))

    assert reply.status == 400
    assert coding.decode() in reply.json["detail"]
    assert [each for each in caplog.records if each.levelno >= logging.ERROR] == []


@pytest.mark.parametrize(
    "begun",
    [
        b"Content-Length: 100\r\n\r\n{}",
        b"Transfer-Encoding: chunked\r\n\r\n5\r\nab",
    ],
)
async def test_a_caller_that_hangs_up_in_mid_body_is_in_the_journal_and_not_in_the_log(
    merchant: Merchant, server: Running, begun: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    _, writer = await asyncio.open_connection("127.0.0.1", URL(server.url).port)
    writer.write(f"POST {CHECKOUT} HTTP/1.1\r\n".encode() + HOST + KEY + JSON + begun)
    await writer.drain()
    await merchant.control("GET", "/health")  # what was sent before has arrived by now
    writer.close()
    await writer.wait_closed()

    items: list[Mapping[str, Any]] = []
    while not items:
        items = (await merchant.control("GET", "/requests")).json["items"]
    (request,) = items

    assert request["status"] == 0
    assert request["response"] == {"headers": {}, "body": ""}
    assert [each for each in caplog.records if each.levelno >= logging.ERROR] == []


async def test_a_whole_url_as_through_a_proxy_is_understood(
    merchant: Merchant, server: Running
) -> None:
    payment = await merchant.checkout()
    target = f"{server.url}{CHECKOUT}{payment['session_id']}/"

    reply = await sent(server, f"GET {target} HTTP/1.1\r\n".encode() + HOST + KEY + b"\r\n")

    assert reply.status == 200
    assert reply.json["session_id"] == payment["session_id"]
    requests = (await merchant.control("GET", "/requests")).json["items"]
    assert requests[-1]["path"] == f"{CHECKOUT}{payment['session_id']}/"


async def test_the_workspace_header_may_be_written_in_small_letters(
    merchant: Merchant, server: Running
) -> None:
    payment = await merchant.in_workspace("w1").checkout()

    reply = await sent(
        server,
        b"GET /__admin/transactions HTTP/1.1\r\n" + HOST + b"x-sandbox-workspace: w1\r\n\r\n",
    )

    assert [each["session_id"] for each in reply.json["items"]] == [payment["session_id"]]
