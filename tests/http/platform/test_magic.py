"""Magic values: each row of GET /__admin/magic does what it says, and nothing with `--no-magic`."""

from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any, Final

import aiohttp
import pytest

from sandbox.channels.failures import FAILURES
from sandbox.channels.magic import magic_contacts
from sandbox.domain.events import Channel
from sandbox.engine import magic
from sandbox.server import running
from sandbox.settings import ServerSettings
from tests.http.contract_watch import ContractWatch
from tests.http.merchant import Merchant, StoppedClock
from tests.http.platform.charging import Charging, apple_payload, google_payload
from tests.http.receiver import Receiver

# What the payer's tries lead to; the last repeats.
TRIES: Final = {
    "SBX-FAIL-THEN-PAID": ["attempted", "paid"],
    "SBX-EXPIRE-THEN-PAID": ["pending"],
    "SBX-AUTHORIZED": ["authorized"],
    "SBX-CANCELED": ["attempted"],
    "SBX-PENDING": ["pending"],
    "SBX-FAILED": ["attempted", "attempted"],
    "SBX-PAID": ["paid"],
}
REFUNDS: Final = {"SBX-REFUND-QUEUED": "refunded", "SBX-REFUND-REJECTED": "refund_rejected"}
WEBHOOKS: Final = {"SBX-HOOK-DUP": 2, "SBX-HOOK-NONE": 0}
DEVICE_TOKENS: Final = {
    "decline": "attempted",
    "no-funds": "attempted",
    "ask-3ds": "pending",
    "undecided": "pending",
    "gateway-error": "attempted",
}
SAVED_CARDS: Final = {"0341": "4000000000000341", "9995": "4000000000009995"}
CONTACTS: Final = {row.address: row for row in magic_contacts()}


@pytest.fixture
async def plain(
    server_settings: ServerSettings,
    session: aiohttp.ClientSession,
    watch: ContractWatch,
    receiver: Receiver,
) -> AsyncIterator[Merchant]:
    """A merchant of a sandbox that was started with `--no-magic`."""
    async with running(replace(server_settings, magic=False)) as server:
        yield Merchant(session, server.url, watch, webhook_url=receiver.url)


def to_contact(channel: str, address: str) -> dict[str, Any]:
    """Return the fields of a checkout whose payer is told by one channel."""
    field = "customer_email" if channel == Channel.EMAIL else "customer_phone"
    return {field: address, "notifications": {channel: ["created"]}}


async def states_of_tries(merchant: Merchant, order_no: str, tries: int) -> list[str]:
    payment = await merchant.checkout(order_no=order_no)
    return [(await merchant.pay(payment)).json["state"] for _ in range(tries)]


async def test_every_row_of_the_tables_is_tried_here(merchant: Merchant) -> None:
    tables = (await merchant.control("GET", "/magic")).json

    words = {each["contains"] for each in tables["order_numbers"]}
    assert words == {*TRIES, *REFUNDS, *WEBHOOKS}
    assert {each["contains"] for each in tables["device_tokens"]} == set(DEVICE_TOKENS)
    assert {each["ends_with"] for each in tables["saved_cards"]} == set(SAVED_CARDS)
    assert {each["address"] for each in tables["contacts"]} == set(CONTACTS)
    assert tables["enabled"] is True
    codes = {(each["channel"], each["code"]) for each in tables["contacts"]}
    assert codes == {(channel, code) for channel in FAILURES for code in FAILURES[channel]}


@pytest.mark.parametrize("order_no", ["{}", "A-1-{}", "{}-A-1", "x{}x"])
@pytest.mark.parametrize("word", TRIES)
async def test_an_order_number_decides_how_tries_end(
    merchant: Merchant, word: str, order_no: str
) -> None:
    expected = TRIES[word]

    states = await states_of_tries(merchant, order_no.format(word), len(expected))

    assert states == expected


@pytest.mark.parametrize("order_no", ["sbx-failed", "SBX-FAIL", "SBX FAILED", "SBXFAILED"])
async def test_any_other_order_number_is_an_ordinary_one(merchant: Merchant, order_no: str) -> None:
    assert await states_of_tries(merchant, order_no, 1) == ["paid"]


async def test_an_order_number_pays_once_the_payment_has_expired(
    merchant: Merchant, clock: StoppedClock, receiver: Receiver
) -> None:
    payment = await merchant.checkout(order_no="A-SBX-EXPIRE-THEN-PAID")
    await merchant.pay(payment)

    await clock.advance("24h")
    expired = await merchant.states_of(payment)
    await clock.advance("1m")

    assert expired == ["created", "pending", "expired"]
    assert await merchant.states_of(payment) == [*expired, "paid"]
    assert [each["state"] for each in receiver.payloads] == ["paid"]


@pytest.mark.parametrize("word", REFUNDS)
async def test_an_order_number_queues_refunds_for_a_day(
    merchant: Merchant, clock: StoppedClock, word: str
) -> None:
    payment = await merchant.paid(order_no=f"A-{word}")

    answer = (await merchant.refund(payment, "4.000")).json
    await clock.advance("23h59m")
    waiting = await merchant.children_of(payment)
    await clock.advance("1m")

    assert (answer["result"], answer["txn"]["state"]) == ("queued", "refund_queued")
    assert waiting == [("refund_queued", "4.000")]
    assert await merchant.children_of(payment) == [(REFUNDS[word], "4.000")]


@pytest.mark.parametrize("word", WEBHOOKS)
async def test_an_order_number_decides_how_often_webhooks_arrive(
    merchant: Merchant, receiver: Receiver, word: str
) -> None:
    await merchant.control("PATCH", "/settings", {"operations_webhook_url": receiver.url})
    payment = await merchant.paid(order_no=f"A-{word}")
    await merchant.refund(payment)
    await merchant.control("POST", "/settle")

    arrived = [str(each.get("operation") or each["state"]) for each in receiver.payloads]
    assert sorted(arrived) == sorted(["paid", "refund"] * WEBHOOKS[word])


@pytest.mark.parametrize("address", CONTACTS)
async def test_a_contact_fails_as_its_row_says(merchant: Merchant, address: str) -> None:
    rows = (await merchant.control("GET", "/magic")).json["contacts"]
    row = next(each for each in rows if each["address"] == address)

    payment = await merchant.checkout(**to_contact(row["channel"], address))
    resent = await merchant.resend(payment, row["channel"])

    at_once = row["effect"].startswith("refused at once")
    assert resent.status == (400 if at_once else 200)
    history = ["failed"] if at_once else ["accepted", "failed"]
    messages = await merchant.messages()
    assert [[step["status"] for step in each["history"]] for each in messages] == [history] * 2
    known = FAILURES[Channel(row["channel"])][row["code"]]
    assert {(each["code"], each["detail"]) for each in messages} == {(known.code, known.detail)}


@pytest.mark.parametrize("address", CONTACTS)
async def test_a_contact_fails_as_often_as_it_says(merchant: Merchant, address: str) -> None:
    row = CONTACTS[address]
    count = "02" if row.address_of_some.endswith("NN") else "2"
    some = row.address_of_some.replace("NN", count).replace("xN", f"x{count}")

    payment = await merchant.checkout(**to_contact(row.channel, some))
    for _ in range(3):
        await merchant.resend(payment, row.channel)

    codes = [each["code"] for each in await merchant.messages()]
    assert codes == [row.code, row.code, None, None]


@pytest.mark.parametrize("word", DEVICE_TOKENS)
@pytest.mark.parametrize("kind", ["apple_pay", "google_pay"])
async def test_a_device_token_decides_how_the_payment_ends(
    merchant: Merchant, kind: str, word: str
) -> None:
    token = f"b3Bh-{word.upper()}"
    payload = apple_payload(token) if kind == "apple_pay" else google_payload(token)

    reply = await Charging(merchant).pay_at_once(kind, payload)

    assert reply.status == 201, reply.body
    (payment,) = (await merchant.control("GET", "/transactions")).json["items"]
    assert payment["state"] == DEVICE_TOKENS[word]
    assert payment["attempts"][0]["outcome"] == magic.DEVICE_TOKENS[word].outcome


@pytest.mark.parametrize("digits", SAVED_CARDS)
async def test_a_saved_card_is_declined_when_it_is_charged(merchant: Merchant, digits: str) -> None:
    charging = Charging(merchant)
    token = await charging.subscribed(card=SAVED_CARDS[digits])

    due = await charging.subscription()
    reply = await charging.charge(due, token)

    expected = magic.SAVED_CARDS[digits]
    assert (reply.status, reply.json["result"]) == (400, "failed"), reply.body
    assert reply.json["pg_response"]["code"] == expected.gateway_code
    assert (await merchant.transaction(due))["state"] == "attempted"


async def test_without_magic_the_tables_say_so(plain: Merchant) -> None:
    assert (await plain.control("GET", "/magic")).json["enabled"] is False


@pytest.mark.parametrize("word", [*TRIES, *REFUNDS, *WEBHOOKS])
async def test_without_magic_an_order_number_is_an_ordinary_one(
    plain: Merchant, receiver: Receiver, word: str
) -> None:
    payment = await plain.paid(order_no=word)
    left = await plain.checkout(order_no=word)
    tried = await plain.pay(left)
    refunded = await plain.refund(payment)
    await plain.clock.advance("25h")

    assert tried.json["state"] == "paid"
    assert refunded.json["result"] == "success"
    assert [each["state"] for each in receiver.payloads] == ["paid", "paid"]


async def test_without_magic_nothing_is_paid_after_its_expiry(plain: Merchant) -> None:
    payment = await plain.checkout(order_no="SBX-EXPIRE-THEN-PAID")

    await plain.clock.advance("25h")

    assert await plain.states_of(payment) == ["created", "expired"]


@pytest.mark.parametrize("address", CONTACTS)
async def test_without_magic_a_contact_is_an_ordinary_one(plain: Merchant, address: str) -> None:
    await plain.checkout(**to_contact(CONTACTS[address].channel, address))

    assert [each["status"] for each in await plain.messages()] == ["delivered"]


@pytest.mark.parametrize("word", DEVICE_TOKENS)
async def test_without_magic_a_device_token_is_an_ordinary_one(plain: Merchant, word: str) -> None:
    reply = await Charging(plain).pay_at_once("apple_pay", apple_payload(word))

    assert reply.json["state"] == "paid"


@pytest.mark.parametrize("digits", SAVED_CARDS)
async def test_without_magic_a_saved_card_is_an_ordinary_one(plain: Merchant, digits: str) -> None:
    charging = Charging(plain)
    token = await charging.subscribed(card=SAVED_CARDS[digits])

    reply = await charging.charge(await charging.subscription(), token)

    assert reply.json["state"] == "paid"


async def test_a_scenario_decides_before_a_magic_value(merchant: Merchant) -> None:
    payment = await merchant.checkout(
        order_no="SBX-FAILED",
        **to_contact(Channel.SMS, "+96500001000"),
        extra={"sandbox_scenario": "webhook-arrives-twice"},
    )

    assert (await merchant.pay(payment)).json["state"] == "paid"
    assert [each["code"] for each in await merchant.messages()] == ["21610"]
