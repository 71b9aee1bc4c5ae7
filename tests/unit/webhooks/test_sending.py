"""Posting one webhook to real receivers that answer."""

import asyncio
import gzip
from contextlib import suppress

import pytest
from aiohttp import web

from sandbox.webhooks.sending import WebhookSender
from tests.unit.webhooks.receivers import Receivers, saying, webhook


async def test_the_receiver_gets_the_body_and_headers_as_given(
    sender: WebhookSender, receivers: Receivers
) -> None:
    got: dict[str, object] = {}

    async def keep(request: web.Request) -> web.Response:
        got.update(
            method=request.method,
            path=request.path_qs,
            body=await request.read(),
            type=request.headers["Content-Type"],
            agent=request.headers["User-Agent"],
            names=frozenset(request.headers),
        )
        return web.Response(text="thanks")

    url = await receivers.answering(keep)
    await sender.send(webhook(f"{url}?shop=1"))

    assert got == {
        "method": "POST",
        "path": "/hook?shop=1",
        "body": b'{"state":"paid"}',
        "type": "application/json",
        "agent": "Chrome",
        "names": frozenset(
            {
                "Accept",
                "Accept-Encoding",
                "Content-Length",
                "Content-Type",
                "Host",
                "User-Agent",
            }
        ),
    }


@pytest.mark.parametrize("status", [200, 201, 204, 400, 404, 500, 503])
async def test_any_status_is_an_answer(
    sender: WebhookSender, receivers: Receivers, status: int
) -> None:
    async def answer(_: web.Request) -> web.Response:
        return web.Response(status=status)

    outcome = await sender.send(webhook(await receivers.answering(answer)))

    assert outcome.status_code == status
    assert outcome.error is None
    assert not outcome.timed_out


async def test_the_answer_is_kept_without_its_date(
    sender: WebhookSender, receivers: Receivers
) -> None:
    async def answer(_: web.Request) -> web.Response:
        return web.Response(text="شكرا", headers={"X-Shop": "1"})

    url = await receivers.answering(answer)
    first, second = [await sender.send(webhook(url)) for _ in range(2)]

    assert first == second
    assert first.body == "شكرا"
    assert ("X-Shop", "1") in first.headers
    assert not {name for name, _ in first.headers if name.lower() == "date"}


async def test_a_redirect_is_an_answer_and_is_not_followed(
    sender: WebhookSender, receivers: Receivers
) -> None:
    paths: list[str] = []

    async def elsewhere(request: web.Request) -> web.Response:
        paths.append(request.path)
        raise web.HTTPFound("/elsewhere")

    outcome = await sender.send(webhook(await receivers.answering(elsewhere)))

    assert outcome.status_code == 302
    assert ("Location", "/elsewhere") in outcome.headers
    assert paths == ["/hook"]


async def test_no_cookie_comes_back(sender: WebhookSender, receivers: Receivers) -> None:
    cookies: list[str | None] = []

    async def set_one(request: web.Request) -> web.Response:
        cookies.append(request.headers.get("Cookie"))
        return web.Response(headers={"Set-Cookie": "session=1"})

    url = await receivers.answering(set_one)
    await sender.send(webhook(url))
    await sender.send(webhook(url))

    assert cookies == [None, None]


async def test_a_long_answer_is_read_to_64_kib_and_left_there(
    sender: WebhookSender, receivers: Receivers
) -> None:
    async def endless(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        with suppress(ConnectionError):
            while True:
                await response.write(b"x" * 10_000)
        return response

    outcome = await sender.send(webhook(await receivers.answering(endless)))

    assert outcome.status_code == 200
    assert outcome.body == "x" * 65_536


async def test_a_compressed_answer_is_read_as_text(
    sender: WebhookSender, receivers: Receivers
) -> None:
    async def packed(_: web.Request) -> web.Response:
        return web.Response(body=gzip.compress(b"thanks"), headers={"Content-Encoding": "gzip"})

    outcome = await sender.send(webhook(await receivers.answering(packed)))

    assert outcome.body == "thanks"


async def test_bytes_that_are_no_utf_8_can_be_recorded(
    sender: WebhookSender, receivers: Receivers
) -> None:
    url = await receivers.speaking(
        saying(b"HTTP/1.1 200 OK\r\nX-Shop: caf\xe9\r\nContent-Length: 4\r\n\r\ncaf\xe9")
    )

    outcome = await sender.send(webhook(url))

    assert outcome.body == "caf�"
    assert ("X-Shop", "caf�") in outcome.headers


async def test_many_are_in_flight_to_one_receiver_at_once(
    sender: WebhookSender, receivers: Receivers
) -> None:
    # One more than aiohttp's own limit.
    all_there = asyncio.Barrier(101)

    async def together(_: web.Request) -> web.Response:
        await all_there.wait()
        return web.Response()

    request = webhook(await receivers.answering(together))
    outcomes = await asyncio.gather(*(sender.send(request) for _ in range(101)))

    assert {outcome.status_code for outcome in outcomes} == {200}
