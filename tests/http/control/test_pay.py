"""Playing the payer: what comes of a try, and which page comes next."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace

import aiohttp
import pytest

from sandbox.domain.clock import Clock
from sandbox.server import running
from sandbox.settings import ServerSettings
from tests.http.control.caller import Control
from tests.http.receiver import Receiver

SHOP = "https://shop.example.com/done"
SLOW = "scenario: slow\npayment: [{outcome: success, after: 2s}]\n"
QUICK = "scenario: quick\npayment: [{outcome: success, after: 30ms}]\n"


@pytest.fixture
async def real_time(
    session: aiohttp.ClientSession, server_settings: ServerSettings
) -> AsyncIterator[Control]:
    """A sandbox whose clock runs."""
    async with running(replace(server_settings, clock=Clock())) as started:
        yield Control(session, started.url)


async def test_the_answer_tells_state_attempt_and_webhooks(
    control: Control, receiver: Receiver
) -> None:
    payment = await control.payment(webhook_url=receiver.url)

    answer = await control.pay(payment)

    (delivery,) = await control.items("/webhooks")
    assert set(answer) == {"session_id", "state", "attempt", "next", "deliveries"}
    assert answer["session_id"] == payment["session_id"]
    assert answer["state"] == "paid"
    assert answer["attempt"]["number"] == 1
    assert answer["attempt"]["state"] == "success"
    assert answer["deliveries"] == [delivery["id"]]
    assert delivery["status"] == "delivered"
    assert len(receiver.payloads) == 1


@pytest.mark.parametrize(
    ("redirect_url", "expected"),
    [
        (SHOP, f"{SHOP}?order_no=A+1&reference_number=<R>&session_id=<S>"),
        (f"{SHOP}?a=1%20b&c", f"{SHOP}?a=1%20b&c&order_no=A+1&reference_number=<R>&session_id=<S>"),
        (f"{SHOP}?a=1#top", f"{SHOP}?a=1&order_no=A+1&reference_number=<R>&session_id=<S>#top"),
    ],
)
async def test_after_200_the_payer_goes_back_to_the_shop(
    control: Control, receiver: Receiver, redirect_url: str, expected: str
) -> None:
    payment = await control.payment(
        webhook_url=receiver.url, redirect_url=redirect_url, order_no="A 1"
    )

    answer = await control.pay(payment)

    url = expected.replace("<R>", payment["reference_number"])
    url = url.replace("<S>", payment["session_id"])
    assert answer["next"] == {"kind": "redirect", "url": url}


async def test_a_payment_without_order_no_adds_none(control: Control, receiver: Receiver) -> None:
    payment = await control.payment(webhook_url=receiver.url, redirect_url=SHOP)

    answer = await control.pay(payment)

    assert "order_no" not in answer["next"]["url"]


@pytest.mark.parametrize("status", [201, 204, 302, 400, 500])
async def test_after_any_other_answer_the_payer_sees_the_summary(
    control: Control, receiver: Receiver, status: int
) -> None:
    receiver.answers(status)
    payment = await control.payment(webhook_url=receiver.url, redirect_url=SHOP)

    answer = await control.pay(payment)

    summary = f"{control.url}/b/checkout/redirect/summary/?session_id={payment['session_id']}"
    assert answer["next"] == {"kind": "summary", "url": summary}


async def test_a_receiver_that_hangs_leads_to_the_summary(
    control: Control, receiver: Receiver
) -> None:
    await control.done("PATCH", "/settings", {"webhook_grace": "30ms"})
    receiver.hangs()
    payment = await control.payment(webhook_url=receiver.url, redirect_url=SHOP)

    assert (await control.pay(payment))["next"]["kind"] == "summary"


async def test_without_webhook_or_redirect_url_the_payer_sees_the_summary(
    control: Control, receiver: Receiver
) -> None:
    silent = await control.payment(redirect_url=SHOP)
    homeless = await control.payment(webhook_url=receiver.url)

    assert (await control.pay(silent))["next"]["kind"] == "summary"
    assert (await control.pay(silent.copy() | {"session_id": homeless["session_id"]}))["next"][
        "kind"
    ] == "summary"


@pytest.mark.parametrize("rule", ["drop: true", "hold: true", "delay: 10s"])
async def test_a_webhook_that_does_not_come_now_leads_to_the_summary(
    control: Control, receiver: Receiver, rule: str
) -> None:
    await control.put_yaml("/scenarios/late", f"scenario: late\nwebhooks: [{{on: paid, {rule}}}]\n")
    payment = await control.payment(
        webhook_url=receiver.url, redirect_url=SHOP, extra={"sandbox_scenario": "late"}
    )

    assert (await control.pay(payment))["next"]["kind"] == "summary"
    assert receiver.payloads == []


async def test_the_plugin_s_webhook_does_not_decide_the_page(
    control: Control, receiver: Receiver
) -> None:
    await control.done("PATCH", "/settings", {"plugin_webhook_url": receiver.url})
    payment = await control.payment(webhook_url=f"{control.url}/not-a-receiver", redirect_url=SHOP)

    answer = await control.pay(payment)

    assert answer["next"]["kind"] == "summary"
    assert len(answer["deliveries"]) == 2


@pytest.mark.parametrize(("challenge", "state"), [("passed", "paid"), (False, "attempted")])
async def test_a_challenge_is_posed_and_ended(
    control: Control, challenge: object, state: str
) -> None:
    payment = await control.payment()

    posed = await control.pay(payment, outcome="challenge")
    ended = await control.pay(payment, challenge=challenge)

    assert posed["next"] == {"kind": "challenge", "url": payment["checkout_url"]}
    assert (posed["state"], posed["attempt"]["state"]) == ("pending", "pending")
    assert (ended["state"], ended["attempt"]["number"]) == (state, 1)


async def test_a_challenge_that_nobody_posed_cannot_be_ended(control: Control) -> None:
    payment = await control.payment()

    path = f"/transactions/{payment['session_id']}/pay"
    await control.refused(409, "POST", path, {"challenge": "passed"})

    assert (await control.items("/transactions"))[0]["attempts"] == []


async def test_a_pending_payment_sends_nothing(control: Control, receiver: Receiver) -> None:
    payment = await control.payment(webhook_url=receiver.url, redirect_url=SHOP)

    answer = await control.pay(payment, outcome="pending")

    assert (answer["state"], answer["next"]["kind"]) == ("pending", "summary")
    assert answer["deliveries"] == []


async def test_gateway_code_and_message_are_told(control: Control, receiver: Receiver) -> None:
    payment = await control.payment(webhook_url=receiver.url, pg_codes=["knet", "credit-card"])

    answer = await control.pay(
        payment,
        outcome="failed",
        gateway="credit-card",
        card="5123 4500 0000 0008",
        code="51",
        message="Insufficient funds",
    )

    assert answer["attempt"]["gateway"] == "credit-card"
    (entry,) = (
        each
        for each in (await control.done("GET", f"/transactions/{payment['session_id']}"))[
            "timeline"
        ]
        if each["kind"] == "attempt_ended"
    )
    assert (entry["data"]["gateway_code"], entry["data"]["message"]) == ("51", "Insufficient funds")


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"outcome": "sucess"}, "/outcome"),
        ({"outcome": 1}, "/outcome"),
        ({"gateway": ""}, "/gateway"),
        ({"card": "4111"}, "/card"),
        ({"card": "4111-1111-1111-111x"}, "/card"),
        ({"card": 4111111111111111}, "/card"),
        ({"code": "51"}, "/code"),
        ({"message": "no"}, "/message"),
        ({"outcome": "failed", "message": ["no"]}, "/message"),
        ({"challenge": "maybe"}, "/challenge"),
        ({"challenge": True, "outcome": "success"}, "/outcome"),
        ({"wait": "yes"}, "/wait"),
        ({"advance": 1}, "/advance"),
    ],
)
async def test_a_wrong_try_is_refused_and_changes_nothing(
    control: Control, body: dict[str, object], pointer: str
) -> None:
    payment = await control.payment()

    problem = await control.refused(400, "POST", f"/transactions/{payment['session_id']}/pay", body)

    assert problem["pointer"] == pointer
    assert (await control.items("/transactions"))[0]["state"] == "created"


async def test_an_unknown_outcome_names_the_choices(control: Control) -> None:
    payment = await control.payment()

    problem = await control.refused(
        400, "POST", f"/transactions/{payment['session_id']}/pay", {"outcome": "sucess"}
    )

    assert "`challenge`" in problem["detail"]
    assert problem["hint"] == "Did you mean `success`?"


async def test_a_gateway_that_is_not_offered_is_refused(control: Control) -> None:
    payment = await control.payment()

    problem = await control.refused(
        400, "POST", f"/transactions/{payment['session_id']}/pay", {"gateway": "knet"}
    )

    assert "credit-card" in problem["detail"]


async def test_a_payment_that_is_over_takes_no_further_try(control: Control) -> None:
    payment = await control.payment()
    await control.pay(payment)

    problem = await control.refused(409, "POST", f"/transactions/{payment['session_id']}/pay", {})

    assert "paid" in problem["detail"]


async def test_without_waiting_the_answer_comes_before_the_first_try(
    control: Control, receiver: Receiver
) -> None:
    payment = await control.payment(webhook_url=receiver.url, redirect_url=SHOP)

    answer = await control.pay(payment, wait=False)

    assert answer["state"] == "paid"
    assert answer["next"] == {"kind": "none", "url": None}
    assert len(answer["deliveries"]) == 1
    await control.done("POST", "/settle")
    assert len(receiver.payloads) == 1


async def test_a_step_that_takes_time_moves_a_stopped_clock(
    control: Control, receiver: Receiver
) -> None:
    await control.put_yaml("/scenarios/slow", SLOW)
    payment = await control.payment(
        webhook_url=receiver.url, redirect_url=SHOP, extra={"sandbox_scenario": "slow"}
    )

    answer = await control.pay(payment)

    assert (answer["state"], answer["next"]["kind"]) == ("paid", "redirect")
    assert len(answer["deliveries"]) == 1
    assert (await control.done("GET", "/clock"))["now"] == "2026-01-01T00:00:02Z"


async def test_an_attempt_can_be_left_pending(control: Control, receiver: Receiver) -> None:
    await control.put_yaml("/scenarios/slow", SLOW)
    payment = await control.payment(webhook_url=receiver.url, extra={"sandbox_scenario": "slow"})

    answer = await control.pay(payment, advance=False)

    assert (answer["state"], answer["attempt"]["state"]) == ("pending", "pending")
    assert answer["next"] == {"kind": "none", "url": None}
    assert answer["deliveries"] == []
    await control.done("POST", "/clock/advance", {"next": True})
    assert (await control.items("/transactions"))[0]["state"] == "paid"


async def test_a_step_that_takes_time_ends_before_its_webhook_is_tried(
    control: Control, receiver: Receiver
) -> None:
    await control.put_yaml("/scenarios/slow", SLOW)
    payment = await control.payment(webhook_url=receiver.url, extra={"sandbox_scenario": "slow"})

    answer = await control.pay(payment, wait=False)

    assert (answer["state"], answer["next"]["kind"]) == ("paid", "none")
    assert (await control.done("GET", "/clock"))["now"] == "2026-01-01T00:00:02Z"
    await control.done("POST", "/settle")
    assert len(receiver.payloads) == 1


async def test_on_a_running_clock_the_answer_waits_for_the_attempt(
    real_time: Control, receiver: Receiver
) -> None:
    await real_time.put_yaml("/scenarios/quick", QUICK)
    extra = {"sandbox_scenario": "quick"}
    waited = await real_time.payment(webhook_url=receiver.url, redirect_url=SHOP, extra=extra)
    left = await real_time.payment(webhook_url=receiver.url, extra=extra)

    both = await asyncio.gather(
        real_time.pay(waited), real_time.pay(left, outcome="pending", wait=False)
    )

    assert [each["state"] for each in both] == ["paid", "pending"]
    assert both[0]["next"]["kind"] == "redirect"


async def test_on_a_running_clock_nobody_need_wait(real_time: Control) -> None:
    await real_time.put_yaml("/scenarios/slow", SLOW)
    payment = await real_time.payment(extra={"sandbox_scenario": "slow"})

    answer = await real_time.pay(payment, wait=False)

    assert (answer["state"], answer["next"]["kind"]) == ("pending", "none")


async def test_a_reset_lets_go_of_those_who_wait(
    real_time: Control, session: aiohttp.ClientSession
) -> None:
    await real_time.put_yaml("/scenarios/slow", SLOW.replace("2s", "24h"))
    payment = await real_time.payment(extra={"sandbox_scenario": "slow"})
    path = f"/transactions/{payment['session_id']}/pay"
    waiting = asyncio.create_task(real_time.call("POST", path, {}))
    while (await real_time.items("/transactions"))[0]["state"] != "pending":
        pass

    await real_time.done("POST", "/reset")

    assert (await waiting).json["state"] == "pending"
    assert not session.closed
