"""Concurrency and isolation: nothing is lost, and workspaces never meet."""

import asyncio
from typing import Any

from tests.http.merchant import ALL_NOTIFICATIONS, Merchant
from tests.http.receiver import Receiver


async def test_200_payments_at_once_keep_every_state_and_every_webhook(
    merchant: Merchant, receiver: Receiver
) -> None:
    async def one(number: int) -> str:
        payment = await merchant.checkout(order_no=f"BAZAAR-{number}")
        await merchant.pay(payment, outcome="failed")
        paid = await merchant.pay(payment, outcome="success")
        await merchant.refund(payment, "1")
        assert paid.json["state"] == "paid"
        session_id: str = payment["session_id"]
        return session_id

    sessions = await asyncio.gather(*(one(number) for number in range(200)))

    assert len(set(sessions)) == 200
    arrived: dict[str, list[str]] = {}
    for payload in receiver.payloads:
        arrived.setdefault(payload["session_id"], []).append(payload["state"])
    assert arrived == {session: ["attempted", "paid"] for session in sessions}
    listed = (await merchant.control("GET", "/transactions")).json
    assert listed["count"] == 200
    assert {each["state"] for each in listed["items"]} == {"paid"}
    assert all(len(each["children"]) == 1 for each in listed["items"])


async def test_two_workspaces_never_see_each_other(merchant: Merchant) -> None:
    here, there = merchant.in_workspace("here"), merchant.in_workspace("there")
    payer: dict[str, Any] = {
        "customer_email": "noura@example.com",
        "notifications": {"email": ALL_NOTIFICATIONS["email"]},
    }
    mine = await here.paid(order_no="BAZAAR-1", **payer)
    theirs = await there.checkout(order_no="BAZAAR-1", **payer)
    await there.control("PATCH", "/settings", {"multi_attempt": False})

    assert mine["session_id"] != theirs["session_id"]
    assert {each["session_id"] for each in await here.messages()} == {mine["session_id"]}
    assert {each["session_id"] for each in await there.messages()} == {theirs["session_id"]}
    assert await there.deliveries() == []
    assert (await here.control("GET", "/settings")).json["multi_attempt"] is True
    listed = (await merchant.control("GET", "/transactions")).json
    assert listed["items"] == []
    assert "here" in listed["hint"]
    assert "there" in listed["hint"]


async def test_clocks_of_workspaces_move_apart(merchant: Merchant) -> None:
    here, there = merchant.in_workspace("here"), merchant.in_workspace("there")
    mine, theirs = await here.checkout(), await there.checkout()

    await here.clock.advance("24h")

    assert (await here.transaction(mine))["state"] == "expired"
    assert (await there.transaction(theirs))["state"] == "created"


async def story(merchant: Merchant) -> list[Any]:
    """Play 30 calls and more; return every answer's bytes."""
    payer: dict[str, Any] = {
        "customer_email": "noura@example.com",
        "customer_phone": "+96550000001",
        "notifications": ALL_NOTIFICATIONS,
    }
    answers: list[Any] = []
    for number in range(4):
        body = merchant.checkout_body(order_no=f"BAZAAR-{number}", **payer)
        made = await merchant.call("POST", "/b/checkout/v1/pymt-txn/", body)
        payment = made.json
        answers += [
            made.body,
            (await merchant.resend(payment, "sms", "email")).body,
            (await merchant.pay(payment, outcome="failed", code="51")).body,
            (await merchant.pay(payment)).body,
            (await merchant.refund(payment, "1")).body,
            (await merchant.refund(payment, "20")).body,
            (await merchant.control("GET", f"/transactions/{payment['session_id']}")).body,
        ]
        await merchant.clock.advance("1h")
    for path in ("/transactions", "/messages", "/webhooks", "/findings", "/requests", "/clock"):
        reply = await merchant.control("GET", path)
        answers.append(reply.body)
    return answers


async def test_the_same_calls_give_the_same_bytes(merchant: Merchant, receiver: Receiver) -> None:
    first = await story(merchant)
    webhooks = list(receiver.bodies)
    await merchant.control("POST", "/reset")
    receiver.bodies.clear()

    second = await story(merchant)

    assert len(first) > 30
    assert first == second
    assert receiver.bodies == webhooks


async def test_the_same_calls_give_the_same_bytes_in_eight_workspaces_at_once(
    merchant: Merchant, receiver: Receiver
) -> None:
    workers = [merchant.in_workspace(f"w{number}") for number in range(8)]
    alone = [await story(worker) for worker in workers]
    webhooks = sorted(receiver.bodies)
    await merchant.control("POST", "/reset?all=1")
    receiver.bodies.clear()

    together = await asyncio.gather(*(story(worker) for worker in workers))

    assert together == alone
    assert sorted(receiver.bodies) == webhooks
