"""Gateways that hang, answer late, answer twice or change their mind."""

from typing import Any

import pytest

from tests.http.merchant import Merchant, Reply, StoppedClock
from tests.http.receiver import Receiver


async def keep(merchant: Merchant, **rules: object) -> dict[str, object]:
    """Keep a scenario; return the field of a checkout that asks for it."""
    reply = await merchant.control("PUT", "/scenarios/odd", {"scenario": "odd", **rules})
    assert reply.status in (200, 201), reply.body
    return {"sandbox_scenario": "odd"}


async def trigger(merchant: Merchant, payment: dict[str, Any], event: str) -> Reply:
    path = f"/transactions/{payment['session_id']}/trigger"
    return await merchant.control("POST", path, {"event": event})


async def test_a_gateway_that_hangs_leaves_the_payment_pending_until_it_expires(
    merchant: Merchant, clock: StoppedClock, receiver: Receiver
) -> None:
    asked = await keep(merchant, payment=[{"outcome": "pending"}], inquiry=[{"finds": "pending"}])
    payment = await merchant.checkout(extra=asked)

    await merchant.pay(payment)
    await clock.advance("24h")

    assert await merchant.states_of(payment) == ["created", "pending", "expired"]
    assert receiver.bodies == []


async def test_a_gateway_that_answers_late_is_awaited_on_the_virtual_clock(
    merchant: Merchant, clock: StoppedClock, receiver: Receiver
) -> None:
    asked = await keep(merchant, payment=[{"outcome": "success", "after": "3h"}])
    payment = await merchant.checkout(extra=asked)

    trying = (await merchant.pay(payment, wait=False, advance=False)).json
    await clock.advance("2h59m")
    assert (trying["state"], receiver.bodies) == ("pending", [])
    await clock.advance("1m")

    assert await merchant.states_of(payment) == ["created", "pending", "paid"]
    assert [each["state"] for each in receiver.payloads] == ["paid"]


async def test_a_success_after_expiry_pays_the_payment_once(
    merchant: Merchant, clock: StoppedClock, receiver: Receiver
) -> None:
    asked = await keep(
        merchant,
        payment=[{"outcome": "pending"}],
        timeline=[
            {"on": "expired", "after": "10m", "do": "late_success"},
            {"on": "expired", "after": "11m", "do": "late_success"},
        ],
    )
    payment = await merchant.checkout(extra=asked, expiration_time="00:10:00")

    await merchant.pay(payment)
    await clock.advance("1h")

    transaction = await merchant.transaction(payment)
    assert await merchant.states_of(payment) == ["created", "pending", "expired", "paid"]
    assert [each["state"] for each in receiver.payloads] == ["paid"]
    assert [each["state"] for each in transaction["attempts"]] == ["success"]
    (second,) = [each for each in transaction["timeline"] if each["kind"] == "nothing"]
    assert "A payment that is paid takes no late report." in second["text"]


@pytest.mark.parametrize(("copies", "arrived"), [(1, 1), (3, 3)])
async def test_a_success_that_is_reported_twice_is_told_as_often_as_the_scenario_copies_it(
    merchant: Merchant, clock: StoppedClock, receiver: Receiver, copies: int, arrived: int
) -> None:
    asked = await keep(
        merchant,
        payment=[{"outcome": "success"}],
        timeline=[{"on": "paid", "after": "5m", "do": "late_success"}],
        webhooks=[{"on": "paid", "copies": copies}],
    )
    payment = await merchant.checkout(extra=asked)

    await merchant.pay(payment)
    again = await trigger(merchant, payment, "late_success")
    await clock.advance("1h")

    assert again.status == 409
    assert await merchant.states_of(payment) == ["created", "pending", "paid"]
    assert receiver.bodies == receiver.bodies[:1] * arrived


@pytest.mark.parametrize("outcome", ["success", "authorized", "cod"])
async def test_a_failure_after_success_changes_nothing_and_is_noted(
    merchant: Merchant, clock: StoppedClock, receiver: Receiver, outcome: str
) -> None:
    asked = await keep(
        merchant,
        payment=[{"outcome": outcome}],
        timeline=[
            {"on": event, "after": "5m", "do": "late_failure"}
            for event in ("paid", "authorized", "cod")
        ],
    )
    payment = await merchant.checkout(extra=asked)

    state = (await merchant.pay(payment)).json["state"]
    refused = await trigger(merchant, payment, "late_failure")
    await clock.advance("10m")

    transaction = await merchant.transaction(payment)
    assert (refused.status, transaction["state"]) == (409, state)
    assert [each["state"] for each in receiver.payloads] == [state]
    (noted,) = [each for each in transaction["timeline"] if each["kind"] == "nothing"]
    assert "late_failure" in noted["text"]


async def test_a_gateway_that_says_failed_and_then_paid_is_believed_the_second_time(
    merchant: Merchant, receiver: Receiver
) -> None:
    payment = await merchant.checkout()
    await merchant.pay(payment, outcome="failed")

    changed = await trigger(merchant, payment, "late_success")
    back = await trigger(merchant, payment, "late_failure")
    await merchant.control("POST", "/settle")

    assert (changed.status, back.status) == (200, 409)
    assert await merchant.states_of(payment) == ["created", "pending", "attempted", "paid"]
    assert [each["state"] for each in receiver.payloads] == ["attempted", "paid"]


async def test_a_payment_paid_at_the_instant_it_expires_by_a_late_gateway_ends_in_one_way(
    merchant: Merchant, clock: StoppedClock, receiver: Receiver
) -> None:
    asked = await keep(merchant, payment=[{"outcome": "success", "after": "10m"}])
    payment = await merchant.checkout(extra=asked, expiration_time="00:10:00")

    await merchant.pay(payment, wait=False, advance=False)
    await clock.advance("10m")

    # It was to expire before the try began, so that comes first; the money counts all the same.
    assert await merchant.states_of(payment) == ["created", "pending", "expired", "paid"]
    assert [each["state"] for each in receiver.payloads] == ["paid"]


async def test_two_workspaces_use_up_the_lists_of_one_scenario_apart(
    merchant: Merchant,
) -> None:
    rules: dict[str, object] = {
        "payment": [{"outcome": "failed"}, {"outcome": "canceled"}, {"outcome": "success"}],
        "channels": {"sms": [{"fail": "30003", "times": 2}, {"deliver": "0s"}]},
    }
    told = {"customer_phone": "+96550000001", "notifications": {"sms": ["created", "paid"]}}
    shops = [merchant.in_workspace(name) for name in ("one", "two")]
    payments = [
        await shop.checkout(extra=await keep(shop, **rules), **told)  # type: ignore[arg-type]
        for shop in shops
    ]

    states = [
        [(await shop.pay(payment)).json["attempt"]["state"] for _ in range(3)]
        for shop, payment in zip(shops, payments, strict=True)
    ]

    assert states == [["failed", "canceled", "success"]] * 2
    for shop, payment in zip(shops, payments, strict=True):
        resent = await shop.resend(payment, "sms")
        assert resent.status == 200
        statuses = [each["status"] for each in await shop.messages()]
        assert statuses == ["failed", "failed", "delivered"]
