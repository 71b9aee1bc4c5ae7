"""What happened to a payment, answered as a scenario that plays the same."""

from collections.abc import Mapping
from typing import Any, Final

import pytest

from sandbox.domain.operations import Operation
from sandbox.playing.stage import stage
from sandbox.scenarios.model import Scenario
from tests.http.control.caller import Control
from tests.http.merchant import Merchant, StoppedClock
from tests.unit.scenarios.loading import LOADER

EVERY_EVENT = ["created", "paid", "failed", "expired", "authorized", "refunded", "captured"]
CONTACTS: Final[dict[str, Any]] = {
    "customer_email": "payer@shop.example.com",
    "customer_phone": "+96555555555",
    "notifications": {"email": EVERY_EVENT, "sms": EVERY_EVENT},
}


async def recording_of(merchant: Merchant, payment: Mapping[str, Any]) -> Scenario:
    reply = await merchant.control("GET", f"/transactions/{payment['session_id']}/scenario")
    assert reply.status == 200, reply.body
    assert reply.headers["Content-Type"].startswith("application/yaml")
    return LOADER.load(reply.body)


async def checkout(merchant: Merchant, scenario: str) -> dict[str, Any]:
    return await merchant.checkout(
        "10.000", "KWD", **CONTACTS, extra={"sandbox_scenario": scenario}
    )


async def plays_the_same(scenario: Scenario) -> None:
    async with stage() as playing:
        played = await playing.play(scenario)
    assert list(map(str, played.differences)) == []


async def test_a_declined_and_a_paid_try(merchant: Merchant) -> None:
    payment = await checkout(merchant, "declined-then-paid")
    await merchant.pay(payment)
    await merchant.pay(payment)

    recorded = await recording_of(merchant, payment)

    assert recorded.expect is not None
    assert recorded.expect.states == ("created", "pending", "attempted", "pending", "paid")
    assert [(each["event"], each["status"]) for each in recorded.expect.webhooks or ()] == [
        ("attempted", "delivered"),
        ("paid", "delivered"),
    ]
    assert [(each.outcome, each.gateway_code) for each in recorded.payment] == [
        ("failed", "51"),
        ("success", None),
    ]
    await plays_the_same(recorded)


async def test_messages_that_fail_and_arrive(merchant: Merchant, clock: StoppedClock) -> None:
    payment = await checkout(merchant, "sms-outage-then-recovery")
    for _ in range(3):
        await merchant.resend(payment, "sms")
    await clock.advance("5s")

    recorded = await recording_of(merchant, payment)

    assert recorded.expect is not None
    assert [
        (each["status"], each.get("code"))
        for each in recorded.expect.messages or ()
        if each["channel"] == "sms"
    ] == [("failed", "30003")] * 3 + [("delivered", None)]
    await plays_the_same(recorded)


async def test_a_refund_that_settles_a_day_later(merchant: Merchant, clock: StoppedClock) -> None:
    payment = await checkout(merchant, "refund-queued-then-rejected")
    await merchant.pay(payment)
    await merchant.refund(payment, "4.000")
    await clock.advance("24h")

    recorded = await recording_of(merchant, payment)

    assert recorded.operations[Operation.REFUND][0].settle == "rejected"
    await plays_the_same(recorded)


async def test_a_success_that_an_inquiry_finds_after_expiry(
    merchant: Merchant, clock: StoppedClock
) -> None:
    payment = await merchant.checkout("10.000", "KWD", **CONTACTS)
    await merchant.pay(payment, outcome="pending")
    await clock.advance("25h")
    await merchant.control(
        "POST", f"/transactions/{payment['session_id']}/trigger", {"event": "late_success"}
    )

    recorded = await recording_of(merchant, payment)

    assert recorded.expect is not None
    assert recorded.expect.states == ("created", "pending", "expired", "paid")
    await plays_the_same(recorded)


@pytest.mark.parametrize("scenario", ["webhook-arrives-twice", "webhook-never-arrives"])
async def test_webhooks_that_misbehave(
    merchant: Merchant, clock: StoppedClock, scenario: str
) -> None:
    payment = await checkout(merchant, scenario)
    await merchant.pay(payment)
    await clock.advance("1m")

    recorded = await recording_of(merchant, payment)

    assert recorded.webhooks
    await plays_the_same(recorded)


async def test_a_receiver_that_cannot_be_reached_is_told_of(
    merchant: Merchant, control: Control
) -> None:
    payment = await merchant.checkout(webhook_url="http://127.0.0.1:9/hook")
    await merchant.pay(payment)

    text = await control.call("GET", f"/transactions/{payment['session_id']}/scenario")

    assert b"could not be reached" in text.body.splitlines()[1]


async def test_no_address_of_the_payer_is_written_down(merchant: Merchant) -> None:
    payment = await merchant.checkout("10.000", "KWD", **CONTACTS, order_no="secret-order")

    reply = await merchant.control("GET", f"/transactions/{payment['session_id']}/scenario")

    assert b"shop.example.com" not in reply.body
    assert b"55555555" not in reply.body
    assert b"secret-order" not in reply.body


async def test_the_recording_has_the_name_asked_for(control: Control) -> None:
    payment = await control.payment()
    path = f"/transactions/{payment['session_id']}/scenario"

    named = await control.call("GET", f"{path}?name=what-went-wrong")
    unnamed = await control.call("GET", path)

    assert LOADER.load(named.body).name == "what-went-wrong"
    assert LOADER.load(unnamed.body).name == f"recorded-{payment['session_id'][8:16]}"
    await control.refused(400, "GET", f"{path}?name=What%20went%20wrong")
    await control.refused(404, "GET", f"/transactions/{'0' * 40}/scenario")
