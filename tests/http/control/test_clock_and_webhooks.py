"""Time and webhooks in flight: everything comes in one order, whatever happens meanwhile."""

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime
from typing import Final

import aiohttp
import pytest

from sandbox.domain.clock import Clock
from sandbox.server import running
from sandbox.settings import ServerSettings
from tests.http.contract_watch import ContractWatch
from tests.http.merchant import Merchant, StoppedClock
from tests.http.receiver import Receiver, listening

START: Final = "2026-01-01T00:00:00Z"


@pytest.fixture
async def in_real_time(
    session: aiohttp.ClientSession,
    server_settings: ServerSettings,
    watch: ContractWatch,
    receiver: Receiver,
) -> AsyncIterator[Merchant]:
    """A merchant of a sandbox whose clock runs."""
    async with running(replace(server_settings, clock=Clock())) as started:
        yield Merchant(session, started.url, watch, webhook_url=receiver.url)


async def keep(merchant: Merchant, **scenario: object) -> dict[str, object]:
    """Keep a scenario; return the field of a checkout that asks for it."""
    name = scenario["scenario"]
    reply = await merchant.control("PUT", f"/scenarios/{name}", scenario)
    assert reply.status in (200, 201), reply.body
    return {"sandbox_scenario": name}


@pytest.mark.parametrize("body", [{"by": "0s"}, {"next": True}])
async def test_a_running_clock_is_advanced_by_nothing_at_all(
    in_real_time: Merchant, body: object
) -> None:
    before = (await in_real_time.control("GET", "/clock")).json["now"]

    moved = await in_real_time.control("POST", "/clock/advance", body)

    assert moved.status == 200, moved.body
    assert datetime.fromisoformat(moved.json["now"]) > datetime.fromisoformat(before)


async def test_webhooks_that_wait_for_their_turn_have_the_grace_too_when_the_clock_is_stopped(
    in_real_time: Merchant, receiver: Receiver
) -> None:
    merchant = in_real_time
    await merchant.control("PATCH", "/settings", {"webhook_grace": "50ms"})
    receiver.hangs()
    for _ in range(40):  # 32 go to one receiver at a time
        await merchant.pay(await merchant.checkout(), outcome="success", wait=False)
    await receiver.arrival(32)

    await merchant.control("POST", "/clock/freeze")
    # Their real timeout is 15 s.
    async with asyncio.timeout(10):
        await merchant.clock.advance("16s")

    tries = [each["tries"] for each in await merchant.deliveries()]
    assert [[each["duration_ms"] for each in first] for first in tries] == [[15_000]] * 40


async def test_what_is_due_at_an_instant_comes_before_the_results_of_webhooks_begun_at_it(
    merchant: Merchant, clock: StoppedClock
) -> None:
    asked = await keep(
        merchant,
        scenario="crowded",
        payment=[{"outcome": "failed"}, {"outcome": "success", "after": "1h"}],
        webhooks=[{"on": "attempted", "delay": "1h"}],
        timeline=[{"on": "attempted", "after": "1h", "do": "void"}] * 500,
    )
    await merchant.paid()  # the connection to the receiver is open, so the answer comes fast
    payment, *others = [await merchant.checkout(extra=asked) for _ in range(5)]
    for each in (payment, *others):
        await merchant.pay(each)
    await merchant.pay(payment, wait=False, advance=False)

    await clock.advance("1h")

    timeline = (await merchant.transaction(payment))["timeline"]
    kinds = [each["kind"] for each in timeline if each["at"] == "2026-01-01T01:00:00Z"]
    last = kinds.index("attempt_ended")
    assert kinds[:last] == ["operation_refused"] * 500
    assert [each for each in kinds[last:] if each in ("state", "try")] == ["state", "try", "try"]


async def test_a_reset_during_a_try_that_takes_time_leaves_the_new_clock_alone(
    merchant: Merchant, receiver: Receiver
) -> None:
    await merchant.control("PATCH", "/settings", {"webhook_grace": "500ms"})
    asked = await keep(
        merchant,
        scenario="slow",
        payment=[{"outcome": "failed"}, {"outcome": "success", "after": "5s"}],
        webhooks=[{"on": "attempted", "delay": "1s"}],
    )
    payment = await merchant.checkout(extra=asked)
    await merchant.pay(payment)
    receiver.hangs()
    paying = asyncio.create_task(merchant.pay(payment, wait=False))
    await receiver.arrival(1)

    await merchant.control("POST", "/reset")
    await paying

    assert (await merchant.control("GET", "/clock")).json["now"] == START


async def test_an_advance_goes_on_while_payments_are_made_and_paid(
    merchant: Merchant, clock: StoppedClock, receiver: Receiver
) -> None:
    await merchant.control("PATCH", "/settings", {"webhook_grace": "300ms"})
    receiver.hangs()
    first = await merchant.checkout()
    await merchant.pay(first, outcome="failed", wait=False)
    advancing = asyncio.create_task(clock.advance("48h"))
    await receiver.arrival(1)

    second = await merchant.paid()
    refused = await merchant.control("POST", "/clock/advance", {"by": "1s"})
    receiver.answers(200)
    await advancing

    assert refused.status == 409
    assert await merchant.states_of(second) == ["created", "pending", "paid"]
    assert await merchant.states_of(first) == ["created", "pending", "attempted", "expired"]
    assert {each["status"] for each in await merchant.deliveries()} == {"delivered"}
    assert (await merchant.control("GET", "/clock")).json["now"] == "2026-01-03T00:00:00Z"


async def test_a_reset_ends_an_advance_and_what_it_waited_for(
    merchant: Merchant, receiver: Receiver
) -> None:
    await merchant.control("PATCH", "/settings", {"webhook_grace": "60s"})
    receiver.hangs()
    await merchant.pay(await merchant.checkout(), outcome="success", wait=False)
    advancing = asyncio.create_task(merchant.control("POST", "/clock/advance", {"by": "48h"}))
    await receiver.arrival(1)

    async with asyncio.timeout(10):
        await merchant.control("POST", "/reset")
        ended = await advancing
        again = await merchant.control("POST", "/clock/advance", {"by": "1h"})

    assert ended.json["now"] == START
    assert again.json["now"] == "2026-01-01T01:00:00Z"
    assert await merchant.deliveries() == []


async def test_a_reset_lets_go_of_a_payer_who_waits_for_the_receiver(
    merchant: Merchant, receiver: Receiver
) -> None:
    await merchant.control("PATCH", "/settings", {"webhook_grace": "60s"})
    receiver.hangs()
    # The same calls again have the same identifiers.
    first = await merchant.checkout(order_no="BAZAAR-1")
    waiting = asyncio.create_task(merchant.pay(first, outcome="success"))
    await receiver.arrival(1)

    async with asyncio.timeout(10):
        await merchant.control("POST", "/reset")
        receiver.answers(200)
        second = await merchant.paid(order_no="BAZAAR-1")
        await waiting

    assert second["session_id"] == first["session_id"]
    (delivery,) = await merchant.deliveries()
    assert [each["status_code"] for each in delivery["tries"]] == [200]


async def day_of_a_hanging_receiver(merchant: Merchant, receiver: Receiver) -> str:
    """Play expiry, inquiries and timeouts over a day; return all that happened as text."""
    await merchant.control("PATCH", "/settings", {"webhook_grace": "50ms"})
    asked = await keep(
        merchant,
        scenario="a-long-day",
        payment=[{"outcome": "failed"}, {"outcome": "pending"}],
        inquiry=[{"finds": "pending"}],
        channels={"sms": [{"accept": True, "then": {"fail": "30003", "after": "30s"}}]},
    )
    receiver.hangs()
    payment = await merchant.checkout(
        extra=asked,
        pg_codes=["doku"],
        customer_phone="+96550000001",
        notifications={"sms": ["created"]},
    )
    await merchant.pay(payment)
    await merchant.pay(payment)
    async with asyncio.timeout(10):  # three graces and the calls themselves
        await merchant.clock.advance("24h")
    shown = json.dumps(
        [
            (await merchant.transaction(payment))["timeline"],
            await merchant.deliveries(),
            await merchant.messages(),
        ]
    )
    return shown.replace(receiver.url, "RECEIVER").replace(merchant.url, "SANDBOX")


async def test_a_day_of_inquiries_timeouts_and_expiry_goes_by_in_order_and_always_the_same(
    session: aiohttp.ClientSession, server_settings: ServerSettings, watch: ContractWatch
) -> None:
    days = []
    for _ in range(2):
        async with listening(watch) as receiver, running(server_settings) as started:
            merchant = Merchant(session, started.url, watch, webhook_url=receiver.url)
            days.append(await day_of_a_hanging_receiver(merchant, receiver))
            assert len(receiver.bodies) == 3

    timeline, deliveries, messages = json.loads(days[0])
    assert [
        (each["at"].removeprefix("2026-01-0"), each["kind"], each["data"].get("state"))
        for each in timeline
        if each["at"] > START
    ] == [
        ("1T00:00:15Z", "try", None),
        ("1T00:00:30Z", "message", None),
        ("1T00:00:35Z", "try", None),
        ("1T00:00:55Z", "try", None),
        *[(f"1T0{hour}:00:00Z", "inquiry", None) for hour in (1, 2, 3)],
        ("2T00:00:00Z", "state", "expired"),
    ]
    assert [each["at"] for each in deliveries[0]["tries"]] == StoppedClock.seconds(0, 20, 40)
    assert messages[0]["status"] == "failed"
    assert days[0] == days[1]
