"""Webhooks in flight: nothing that happens meanwhile makes one hang, come twice or get lost."""

import asyncio

import pytest

from sandbox.domain.clock import Clock
from sandbox.settings import ServerSettings
from tests.http.merchant import Merchant, StoppedClock
from tests.http.receiver import Receiver


async def scenario(merchant: Merchant, text: str) -> dict[str, object]:
    """Keep a scenario in the merchant's workspace; return the field that asks for it."""
    name = text.partition("scenario: ")[2].partition("\n")[0]
    reply = await merchant.control(
        "PUT", f"/scenarios/{name}", data=text.encode(), content_type="application/yaml"
    )
    assert reply.status in (200, 201), reply.body
    return {"extra": {"sandbox_scenario": name}}


async def test_a_reordered_webhook_comes_right_after_the_next_one(
    merchant: Merchant, clock: StoppedClock, receiver: Receiver
) -> None:
    asked = await scenario(
        merchant,
        "scenario: swapped\nwebhooks: [{on: attempted, reorder: true}, {on: paid, copies: 2, delay: 1s}]\n",
    )
    payment = await merchant.checkout(**asked)  # type: ignore[arg-type]
    await merchant.pay(payment, outcome="failed")
    await merchant.pay(payment, outcome="success")
    await clock.advance("10s")

    arrived = [each["state"] for each in receiver.payloads]
    assert arrived == ["paid", "paid", "attempted"]
    assert {each["status"] for each in await merchant.deliveries()} == {"delivered"}


async def test_a_held_webhook_goes_when_it_is_released(
    merchant: Merchant, receiver: Receiver
) -> None:
    asked = await scenario(merchant, "scenario: held\nwebhooks: [{on: paid, hold: true}]\n")
    await merchant.paid(**asked)  # type: ignore[arg-type]
    (held,) = await merchant.deliveries()
    assert (held["status"], receiver.payloads) == ("held", [])

    await merchant.control("POST", f"/webhooks/{held['id']}/release")
    await merchant.control("POST", "/settle")

    assert [each["state"] for each in receiver.payloads] == ["paid"]


@pytest.mark.parametrize(
    ("tamper", "changed"),
    [("amount", "amount"), ("signature", "signature"), ("body", "tampered")],
)
async def test_a_tampered_webhook_is_no_longer_what_was_signed(
    merchant: Merchant, receiver: Receiver, tamper: str, changed: str
) -> None:
    honest = await merchant.paid(order_no="BAZAAR-1")
    asked = await scenario(
        merchant, f"scenario: forged\nwebhooks: [{{on: paid, tamper: {tamper}}}]\n"
    )
    await merchant.paid(order_no="BAZAAR-1", **asked)  # type: ignore[arg-type]

    first, second = receiver.payloads
    assert honest["session_id"] == first["session_id"]
    assert first.get(changed) != second.get(changed)


async def test_webhooks_of_a_deleted_payment_come_to_their_end(
    merchant: Merchant, clock: StoppedClock, receiver: Receiver
) -> None:
    await merchant.control("PATCH", "/settings", {"webhook_grace": "50ms"})
    receiver.hangs()
    payment = await merchant.checkout()
    await merchant.pay(payment, outcome="failed")
    await merchant.pay(payment, outcome="failed")
    await merchant.operate(payment, "delete")

    await clock.advance("5m")

    assert [each["status"] for each in await merchant.deliveries()] == ["failed", "failed"]


async def test_a_late_report_that_comes_too_late_stops_nothing(
    merchant: Merchant, clock: StoppedClock
) -> None:
    payment = await merchant.checkout(order_no="SBX-EXPIRE-THEN-PAID")
    other = await merchant.checkout()
    await merchant.operate(payment, "expire")
    await merchant.control(
        "POST", f"/transactions/{payment['session_id']}/trigger", {"event": "late_success"}
    )

    await clock.advance("24h")

    assert (await merchant.transaction(payment))["state"] == "paid"
    assert (await merchant.transaction(other))["state"] == "expired"


async def test_the_amount_of_a_message_has_the_digits_of_its_currency(merchant: Merchant) -> None:
    payment = await merchant.paid(
        "22.00", "SAR", customer_phone="+96550000001", notifications={"sms": ["refunded"]}
    )

    await merchant.refund(payment, "5")

    (message,) = await merchant.messages(event="refunded")
    assert "5.00" in message["text"]


async def test_a_tracking_key_by_order_number_never_deletes_a_second_payment(
    merchant: Merchant,
) -> None:
    older = await merchant.checkout(order_no="BAZAAR-2")
    newer = await merchant.checkout(order_no="BAZAAR-2")
    body = {"order_no": "BAZAAR-2", "operation": "delete"}
    for _ in range(2):
        reply = await merchant.call(
            "POST", "/b/pbl/v2/operation/", body, headers={"Tracking-Key": "key-1"}
        )
        assert (reply.status, reply.json["result"]) == (200, "success")

    assert (await merchant.transaction(older))["state"] == "created"
    gone = await merchant.control("GET", f"/transactions/{newer['session_id']}")
    assert gone.status == 404


async def test_a_tracking_key_sent_with_another_operation_acts_on_nothing(
    merchant: Merchant,
) -> None:
    payment = await merchant.paid("10.000", "KWD", pg_codes=["mpgs-auth"])
    await merchant.operate(payment, "capture", key="key-1", amount="4")

    reply = await merchant.refund(payment, "1", key="key-1")

    assert reply.json["operation"] == "capture"
    assert await merchant.children_of(payment) == [("paid", "4.000")]
    assert "tracking_key_reused" in await merchant.findings()


class TestOnARunningClock:
    @pytest.fixture
    def server_settings(self) -> ServerSettings:
        return ServerSettings(port=0, seed=1, clock=Clock())

    async def test_a_try_under_way_times_out_in_virtual_time_when_the_clock_is_stopped(
        self, merchant: Merchant, receiver: Receiver
    ) -> None:
        await merchant.control("PATCH", "/settings", {"webhook_grace": "50ms"})
        receiver.hangs()
        slow = await merchant.checkout()
        await merchant.pay(slow, outcome="success", wait=False)
        await receiver.arrival(1)

        await merchant.control("POST", "/clock/freeze")
        receiver.answers(200)
        quick = await merchant.checkout()
        async with asyncio.timeout(5):
            paid = await merchant.pay(quick, outcome="success")
            await merchant.control("POST", "/settle")
            await merchant.clock.advance("30s")

        assert paid.status == 200
        first, second = await merchant.tries_of(slow)
        assert (first["duration_ms"], second["status_code"]) == (15_000, 200)

    async def test_a_reset_frees_the_way_to_a_receiver_that_hangs(
        self, merchant: Merchant, receiver: Receiver
    ) -> None:
        receiver.hangs()
        for _ in range(40):
            await merchant.pay(await merchant.checkout(), outcome="success", wait=False)
        await receiver.arrival(32)
        await merchant.control("POST", "/reset")
        receiver.answers(200)

        async with asyncio.timeout(5):
            paid = await merchant.pay(await merchant.checkout(), outcome="success")

        assert paid.status == 200
        assert [each["status"] for each in await merchant.deliveries()] == ["delivered"]
