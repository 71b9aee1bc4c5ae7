"""Posting one webhook to receivers that refuse, hang, or break off: why, in plain words."""

import asyncio
import ssl
from dataclasses import replace
from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.test_utils import unused_port
from yarl import URL

from sandbox.webhooks.sending import WebhookSender
from tests.unit.webhooks.names import Names
from tests.unit.webhooks.receivers import Receivers, saying, webhook

CERTIFICATE = Path(__file__).parent / "receiver.pem"


async def test_a_receiver_that_hangs_is_a_timeout(
    sender: WebhookSender, receivers: Receivers
) -> None:
    finished = asyncio.Event()

    async def hang(_: web.Request) -> web.Response:
        await finished.wait()
        return web.Response()

    url = await receivers.answering(hang)
    outcome = await sender.send(replace(webhook(url), timeout=0.05))
    finished.set()

    assert outcome.timed_out
    assert outcome.status_code is None
    assert outcome.error == "no answer within 0.05 s"


async def test_an_answer_that_does_not_end_is_a_timeout(
    sender: WebhookSender, receivers: Receivers
) -> None:
    finished = asyncio.Event()

    async def begin(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        await response.write(b"wait for")
        await finished.wait()
        return response

    url = await receivers.answering(begin)
    outcome = await sender.send(replace(webhook(url), timeout=0.05))
    finished.set()

    assert outcome.timed_out
    assert outcome.status_code is None


async def test_nobody_listening_is_a_refused_connection(sender: WebhookSender) -> None:
    outcome = await sender.send(webhook(f"http://127.0.0.1:{unused_port()}/"))

    assert outcome.error == "connection refused"
    assert not outcome.timed_out


async def test_a_name_that_nothing_has_is_not_found() -> None:
    async with WebhookSender(Names()) as sender:
        outcome = await sender.send(webhook("http://nowhere/"))

    assert outcome.error == "name not found"


async def test_a_name_that_leads_to_a_refused_address_is_refused() -> None:
    async with WebhookSender(Names(rebound=["169.254.169.254"])) as sender:
        request = webhook("http://rebound/")
        outcomes = await asyncio.gather(*(sender.send(request) for _ in range(3)))

    assert len({outcome.error for outcome in outcomes}) == 1
    assert (outcomes[0].error or "").startswith("No webhook is sent to 169.254.169.254: ")


async def test_a_name_leads_to_its_receiver(receivers: Receivers) -> None:
    async def answer(request: web.Request) -> web.Response:
        return web.Response(text=request.host)

    url = URL(await receivers.answering(answer)).with_host("shop")
    async with WebhookSender(Names(shop=["127.0.0.1"])) as sender:
        outcome = await sender.send(webhook(str(url)))

    assert outcome.body == f"shop:{url.port}"


@pytest.mark.parametrize(
    ("said", "error"),
    [
        (b"", "connection closed without an answer"),
        (b"HTTP/1.1 200 OK\r\n", "connection closed without an answer"),
        (
            b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nno more",
            "connection closed before the answer ended",
        ),
        (b"220 mail.example.com ESMTP\r\n\r\n", "the answer is not HTTP"),
    ],
)
async def test_a_broken_answer_is_told_in_plain_words(
    sender: WebhookSender, receivers: Receivers, said: bytes, error: str
) -> None:
    outcome = await sender.send(webhook(await receivers.speaking(saying(said))))

    assert (outcome.status_code, outcome.error) == (None, error)


async def test_a_receiver_that_resets_is_told_as_one_that_hangs_up(
    sender: WebhookSender, receivers: Receivers
) -> None:
    async def reset(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        # What was received is left unread, so closing resets the connection.
        writer.transport.abort()

    outcome = await sender.send(webhook(await receivers.speaking(reset)))

    assert outcome.error == "connection closed without an answer"


async def test_an_unknown_certificate_is_taken_only_when_tls_is_ignored(
    sender: WebhookSender, receivers: Receivers
) -> None:
    async def answer(_: web.Request) -> web.Response:
        return web.Response(text="secret")

    tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    tls.load_cert_chain(CERTIFICATE)
    request = webhook(await receivers.answering(answer, tls))

    ignoring = await sender.send(replace(request, ignore_ssl=True))
    judging = await sender.send(replace(request, ignore_ssl=False))

    assert (ignoring.status_code, ignoring.body) == (200, "secret")
    assert (judging.status_code, judging.error) == (None, "TLS certificate not trusted")


async def test_a_receiver_without_tls_gives_no_tls_connection(
    sender: WebhookSender, receivers: Receivers
) -> None:
    async def answer(_: web.Request) -> web.Response:
        return web.Response()

    url = await receivers.answering(answer)
    outcome = await sender.send(webhook(url.replace("http:", "https:")))

    assert outcome.error == "no TLS connection"


@pytest.mark.parametrize("url", ["http://0xA9FEA9FE/", "ftp://shop.example.com/", "http://"])
async def test_a_refused_target_is_an_outcome_with_the_reason(
    sender: WebhookSender, url: str
) -> None:
    outcome = await sender.send(webhook(url))

    assert outcome.status_code is None
    assert (outcome.error or "").startswith("No webhook is sent to ")


async def test_a_closed_sender_says_how_to_open_it() -> None:
    sender = WebhookSender()
    async with sender:
        pass

    with pytest.raises(RuntimeError, match="async with"):
        await sender.send(webhook("http://127.0.0.1/"))
