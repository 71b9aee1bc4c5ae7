"""Each fault of a scenario as a client without any HTTP library meets it, on both kinds of clock."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

import aiohttp
import pytest

from sandbox.domain.clock import STOPPED_START, Clock
from sandbox.scenarios.model import FaultKind
from sandbox.settings import ServerSettings
from tests.http.merchant import CHECKOUT, OPERATION, RESEND, Merchant
from tests.http.raw_client import Heard, RawCall, raw_call

INQUIRY: Final = "/b/pbl/v2/inquiry/"
METHODS: Final = "/b/pbl/v2/payment-methods/"
CARDS: Final = "/b/pbl/v2/card/"
FAULTY: Final = {"X-Sandbox-Scenario": "faulty"}


@pytest.fixture(params=["stopped", "running"])
def server_settings(request: pytest.FixtureRequest) -> ServerSettings:
    clock = Clock(stopped_at=STOPPED_START) if request.param == "stopped" else Clock()
    return ServerSettings(port=0, seed=1, clock=clock)


async def put(merchant: Merchant, *faults: Mapping[str, object]) -> None:
    """Put a scenario with these faults into the merchant's workspace."""
    reply = await merchant.control(
        "PUT", "/scenarios/faulty", {"scenario": "faulty", "api": list(faults)}
    )
    assert reply.status in (200, 201), reply.body


async def check_out(merchant: Merchant, headers: Mapping[str, str] = FAULTY) -> Heard:
    return await raw_call(merchant.url, CHECKOUT, merchant.checkout_body(), headers)


async def payments(merchant: Merchant) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = (await merchant.control("GET", "/transactions")).json["items"]
    return items


@pytest.mark.parametrize(("effect", "made"), [("before", 0), ("after", 1)])
@pytest.mark.parametrize(
    ("fault", "data", "end"),
    [
        ("reset", b"", "reset"),
        ("empty", b"", "closed"),
        ("garbage", b"\x15\x03\x01 this is not HTTP\r\n\r\n", "closed"),
    ],
)
async def test_a_broken_connection_breaks_as_the_scenario_says(
    merchant: Merchant, fault: str, data: bytes, end: str, effect: str, made: int
) -> None:
    await put(merchant, {"operation": "*", "fault": fault, "effect": effect})

    heard = await check_out(merchant)

    assert (heard.data, heard.end) == (data, end)
    assert len(await payments(merchant)) == made


@pytest.mark.parametrize(("effect", "made"), [("before", 0), ("after", 1)])
async def test_a_timeout_keeps_the_connection_open_and_silent(
    merchant: Merchant, effect: str, made: int
) -> None:
    await put(merchant, {"operation": "*", "fault": "timeout", "effect": effect, "times": 1})

    async with RawCall(merchant.url, CHECKOUT, merchant.checkout_body(), FAULTY) as call:
        assert await call.hears_nothing(0.3)
        # Others are served meanwhile, and what was done can be seen already.
        assert len(await payments(merchant)) == made
        assert (await check_out(merchant)).status == 201


@pytest.mark.parametrize(("effect", "made"), [("before", 0), ("after", 1)])
async def test_a_status_comes_with_the_body_that_the_scenario_gives(
    merchant: Merchant, effect: str, made: int
) -> None:
    fault = {"status": 502, "body": {"detail": "No way through"}, "after": "20ms"}
    await put(merchant, {"operation": "*", "fault": fault, "effect": effect})

    heard = await check_out(merchant)

    assert (heard.status, heard.body) == (502, {"detail": "No way through"})
    assert len(await payments(merchant)) == made


@pytest.mark.parametrize(("effect", "status", "made"), [("before", 503, 0), ("after", 201, 1)])
async def test_a_slow_body_comes_byte_by_byte(
    merchant: Merchant, effect: str, status: int, made: int
) -> None:
    await put(merchant, {"operation": "*", "fault": "slow-body", "effect": effect})

    async with RawCall(merchant.url, CHECKOUT, merchant.checkout_body(), FAULTY) as call:
        head, *drops = await call.pieces(3)

    assert head.startswith(f"HTTP/1.1 {status} ".encode())
    assert all(len(each) == 1 for each in drops)
    assert len(await payments(merchant)) == made


async def test_an_answer_that_dripped_to_its_end_is_whole(merchant: Merchant) -> None:
    await put(merchant, {"operation": "*", "fault": "slow-body", "effect": "after"})

    no_cards = await raw_call(
        merchant.url, CARDS, {"customer_id": "nobody", "type": "sandbox"}, FAULTY
    )

    assert (no_cards.status, no_cards.body) == (200, [])


@pytest.mark.parametrize("kind", sorted(set(FaultKind)))
async def test_every_kind_spares_the_calls_before_and_after_its_turn(
    merchant: Merchant, kind: str
) -> None:
    fault: object = {"status": 500} if kind == "status" else kind
    await put(merchant, {"operation": "checkout", "skip": 1, "times": 2, "fault": fault})

    fine: list[bool] = []
    for _ in range(5):
        async with RawCall(merchant.url, CHECKOUT, merchant.checkout_body(), FAULTY) as call:
            taken = kind in ("timeout", "slow-body") and len(fine) in (1, 2)
            fine.append(not taken and (await _status(call)) == 201)

    assert fine == [True, False, False, True, True]


async def _status(call: RawCall) -> int:
    heard = await call.end()
    return heard.status if heard.data.startswith(b"HTTP/1.1 ") else 0


@pytest.mark.parametrize(
    ("operation", "path"),
    [
        ("checkout", CHECKOUT),
        ("create_payment_transaction_checkout", CHECKOUT),
        ("operation", OPERATION),
        ("public_operations", OPERATION),
        ("notify", RESEND),
        ("message_notifications", RESEND),
        ("inquiry", INQUIRY),
        ("*", METHODS),
    ],
)
async def test_a_fault_is_met_by_the_call_that_it_names_and_no_other(
    merchant: Merchant, operation: str, path: str
) -> None:
    await put(merchant, {"operation": operation, "fault": {"status": 503}})

    met = {
        called
        for called in (CHECKOUT, OPERATION, RESEND, INQUIRY, METHODS)
        if (await raw_call(merchant.url, called, {}, FAULTY)).status == 503
    }

    everything = {CHECKOUT, OPERATION, RESEND, INQUIRY, METHODS}
    assert met == (everything if operation == "*" else {path})


async def test_every_payment_meets_the_faults_of_its_own_scenario(merchant: Merchant) -> None:
    await put(merchant, {"operation": "operation", "times": 1, "fault": "reset"})
    mine = (await merchant.call("POST", CHECKOUT, merchant.checkout_body(), headers=FAULTY)).json
    other = await merchant.checkout()

    def cancel(payment: Mapping[str, Any]) -> dict[str, object]:
        return {"session_id": payment["session_id"], "operation": "cancel"}

    spared = await raw_call(merchant.url, OPERATION, cancel(other))
    lost = await raw_call(merchant.url, OPERATION, cancel(mine))
    again = await raw_call(merchant.url, OPERATION, cancel(mine))

    assert (spared.status, lost.end, again.status) == (200, "reset", 200)


async def test_a_lost_answer_of_a_refund_refunds_once_when_asked_again_under_its_key(
    merchant: Merchant,
) -> None:
    await put(merchant, {"operation": "operation", "times": 1, "fault": "reset", "effect": "after"})
    payment = (await merchant.call("POST", CHECKOUT, merchant.checkout_body(), headers=FAULTY)).json
    await merchant.pay(payment, outcome="success")
    refund = {"session_id": payment["session_id"], "operation": "refund", "amount": "4.000"}

    lost = await raw_call(merchant.url, OPERATION, refund, {"Tracking-Key": "refund-1"})
    again = await raw_call(merchant.url, OPERATION, refund, {"Tracking-Key": "refund-1"})

    assert (lost.end, again.status, again.body["result"]) == ("reset", 200, "success")
    assert await merchant.children_of(payment) == [("refunded", "4.000")]


async def test_workspaces_use_up_the_faults_of_one_scenario_apart(merchant: Merchant) -> None:
    first, second = merchant.in_workspace("one"), merchant.in_workspace("two")
    for each in (first, second):
        await put(each, {"operation": "checkout", "times": 2, "fault": {"status": 503}})

    statuses = []
    for name in ("one", "two", "one", "one", "two", "two"):
        key = {"Authorization": f"Api-Key {name}.secret"}
        statuses.append((await check_out(merchant, {**FAULTY, **key})).status)

    assert statuses == [503, 503, 503, 201, 503, 201]


@pytest.mark.parametrize("again", ["put", "pin", "reset"])
async def test_faults_begin_anew_on_put_pin_and_reset_of_their_workspace_only(
    merchant: Merchant, again: str
) -> None:
    fault = {"operation": "checkout", "times": 1, "fault": {"status": 503}}
    shops = {name: merchant.in_workspace(name) for name in ("one", "two")}

    async def statuses(name: str) -> list[int]:
        key = {**FAULTY, "Authorization": f"Api-Key {name}.secret"}
        return [(await check_out(merchant, key)).status for _ in range(2)]

    for name, shop in shops.items():
        await put(shop, fault)
        assert await statuses(name) == [503, 201]
    if again == "reset":
        await shops["one"].control("POST", "/reset")
    if again == "pin":
        await shops["one"].control("POST", "/scenarios/faulty/pin")
    else:
        await put(shops["one"], fault)

    assert await statuses("one") == [503, 201]
    assert await statuses("two") == [201, 201]


async def test_a_fault_takes_its_time_on_a_running_clock_and_none_on_one_that_stands(
    merchant: Merchant,
) -> None:
    stopped = (await merchant.control("GET", "/clock")).json["mode"] == "stopped"
    # A minute would run into the client's patience.
    span = "60s" if stopped else "300ms"
    await put(merchant, {"operation": "*", "fault": "garbage", "after": span, "effect": "after"})
    before = datetime.fromisoformat((await merchant.control("GET", "/clock")).json["now"])

    heard = await check_out(merchant)

    (payment,) = await payments(merchant)
    (made, *_) = (await merchant.transaction(payment))["timeline"]
    waited = (datetime.fromisoformat(made["at"]) - before).total_seconds()
    assert heard.data
    assert waited == 0 if stopped else waited >= 0.29


async def test_a_caller_who_hangs_up_in_a_timeout_leaves_nothing_behind(
    merchant: Merchant, session: aiohttp.ClientSession
) -> None:
    await put(merchant, {"operation": "*", "times": 3, "fault": "timeout"})
    for _ in range(3):
        async with RawCall(merchant.url, CHECKOUT, merchant.checkout_body(), FAULTY) as call:
            assert await call.hears_nothing(0.05)

    assert (await check_out(merchant)).status == 201
    async with session.get(f"{merchant.url}/readyz") as ready:
        assert ready.status == 200
