"""A payment's life: tries of the payer, states, webhooks, and the page that follows."""

import pytest

from tests.http.merchant import ALL_NOTIFICATIONS, Merchant, StoppedClock
from tests.http.receiver import Receiver, signature_of

KEY = "sandbox-webhook-key"


async def test_a_declined_try_and_a_good_one(merchant: Merchant, receiver: Receiver) -> None:
    payment = await merchant.checkout(order_no="BAZAAR-1")

    await merchant.pay(payment, outcome="failed", code="51")
    await merchant.pay(payment, outcome="success")

    assert await merchant.states_of(payment) == [
        *("created", "pending", "attempted"),
        *("pending", "paid"),
    ]
    assert [(each["state"], each["result"]) for each in receiver.payloads] == [
        ("attempted", "failed"),
        ("paid", "success"),
    ]
    assert all(each["signature"] == signature_of(each, KEY) for each in receiver.payloads)


@pytest.mark.parametrize(
    ("outcome", "several", "one"),
    [
        ("success", "paid", "paid"),
        ("authorized", "authorized", "authorized"),
        ("cod", "cod", "cod"),
        ("failed", "attempted", "failed"),
        ("canceled", "attempted", "expired"),
        ("error", "attempted", "failed"),
    ],
)
async def test_how_an_attempt_ends_decides_the_state(
    merchant: Merchant, outcome: str, several: str, one: str
) -> None:
    payment = await merchant.checkout()
    assert (await merchant.pay(payment, outcome=outcome)).json["state"] == several

    await merchant.control("PATCH", "/settings", {"multi_attempt": False})
    payment = await merchant.checkout()
    assert (await merchant.pay(payment, outcome=outcome)).json["state"] == one


async def test_a_gateway_that_authorizes_does_not_take_the_money(merchant: Merchant) -> None:
    payment = await merchant.checkout(pg_codes=["mpgs-auth"])

    assert (await merchant.pay(payment)).json["state"] == "authorized"


@pytest.mark.parametrize(
    ("status", "redirect_url", "kind"),
    [
        (200, "https://shop.example.com/done?from=ottu", "redirect"),
        (201, "https://shop.example.com/done", "summary"),
        (500, "https://shop.example.com/done", "summary"),
        (302, "https://shop.example.com/done", "summary"),
        (200, None, "summary"),
    ],
)
async def test_the_receivers_answer_decides_the_payers_page(
    merchant: Merchant, receiver: Receiver, status: int, redirect_url: str | None, kind: str
) -> None:
    receiver.answers(status)
    fields = {"redirect_url": redirect_url} if redirect_url else {}
    payment = await merchant.checkout(order_no="BAZAAR 2", **fields)

    paid = (await merchant.pay(payment)).json

    # The webhook is there before the payer is sent on.
    assert len(receiver.payloads) == 1
    assert paid["next"]["kind"] == kind
    if kind == "redirect":
        reference = receiver.payloads[0]["reference_number"]
        assert paid["next"]["url"] == (
            "https://shop.example.com/done?from=ottu&order_no=BAZAAR+2"
            f"&reference_number={reference}&session_id={payment['session_id']}"
        )


async def test_without_a_webhook_url_the_payer_sees_the_summary(merchant: Merchant) -> None:
    payment = await merchant.checkout(
        webhook_url=None, redirect_url="https://shop.example.com/done"
    )

    assert (await merchant.pay(payment)).json["next"]["kind"] == "summary"
    assert "redirect_without_webhook" in await merchant.findings()


async def test_a_receiver_that_hangs_is_tried_three_times(
    merchant: Merchant, clock: StoppedClock, receiver: Receiver
) -> None:
    await merchant.control("PATCH", "/settings", {"webhook_grace": "50ms"})
    receiver.hangs()
    payment = await merchant.checkout()
    paid = (await merchant.pay(payment, outcome="success")).json

    await clock.advance("2m")

    tries = await merchant.tries_of(payment)
    assert paid["next"]["kind"] == "summary"
    assert [each["at"] for each in tries] == clock.seconds(0, 20, 40)
    assert [each["error"] for each in tries] == ["no answer within 15 s"] * 3
    assert [each["duration_ms"] for each in tries] == [15_000] * 3
    assert [each["status"] for each in await merchant.deliveries()] == ["failed"]
    assert "receiver_slow" in await merchant.findings()


@pytest.mark.parametrize("status", [500, 404, 204, 302])
async def test_a_receiver_that_answers_is_tried_once(
    merchant: Merchant, clock: StoppedClock, receiver: Receiver, status: int
) -> None:
    receiver.answers(status)
    payment = await merchant.paid()

    await clock.advance("2m")

    assert [each["status_code"] for each in await merchant.tries_of(payment)] == [status]


async def test_a_failed_webhook_is_told_by_email_when_asked_for(
    merchant: Merchant, receiver: Receiver
) -> None:
    await merchant.control(
        "PATCH", "/settings", {"notify_on_error": True, "emails": ["ops@shop.example.com"]}
    )
    receiver.answers(500)

    await merchant.paid()

    (message,) = await merchant.messages()
    assert message["to"] == "ops@shop.example.com"
    assert "500" in message["text"]


async def test_a_late_success_after_expiry_is_paid_and_told(
    merchant: Merchant, clock: StoppedClock, receiver: Receiver
) -> None:
    payment = await merchant.checkout()
    await merchant.pay(payment, outcome="pending")
    assert receiver.payloads == []
    await clock.advance("24h")
    assert (await merchant.transaction(payment))["state"] == "expired"

    reply = await merchant.control(
        "POST", f"/transactions/{payment['session_id']}/trigger", {"event": "late_success"}
    )

    assert reply.status == 200, reply.body
    assert await merchant.states_of(payment) == ["created", "pending", "expired", "paid"]
    await merchant.control("POST", "/settle")
    assert [each["state"] for each in receiver.payloads] == ["paid"]


async def test_an_attempt_that_takes_time_ends_on_the_virtual_clock(merchant: Merchant) -> None:
    scenario = "scenario: slow\npayment: [{outcome: success, after: 2s}]\n"
    await merchant.control(
        "PUT", "/scenarios/slow", data=scenario.encode(), content_type="application/yaml"
    )
    left = await merchant.checkout(extra={"sandbox_scenario": "slow"})
    waited = await merchant.checkout(extra={"sandbox_scenario": "slow"})

    assert (await merchant.pay(left, advance=False)).json["state"] == "pending"
    assert (await merchant.pay(waited)).json["state"] == "paid"
    assert (await merchant.control("GET", "/clock")).json["now"] == "2026-01-01T00:00:02Z"


async def test_a_payment_that_is_over_takes_no_further_try(merchant: Merchant) -> None:
    payment = await merchant.paid()

    assert (await merchant.pay(payment)).status == 409
    assert len((await merchant.transaction(payment))["attempts"]) == 1


@pytest.mark.parametrize(
    ("order_no", "states"),
    [
        ("SBX-PAID-1", ["created", "pending", "paid"]),
        ("SBX-AUTHORIZED-1", ["created", "pending", "authorized"]),
        ("SBX-FAILED-1", ["created", "pending", "attempted"]),
        ("SBX-CANCELED-1", ["created", "pending", "attempted"]),
        ("SBX-PENDING-1", ["created", "pending"]),
        ("x-SBX-FAIL-THEN-PAID", ["created", "pending", "attempted", "pending", "paid"]),
    ],
)
async def test_magic_order_numbers_decide_how_a_try_ends(
    merchant: Merchant, order_no: str, states: list[str]
) -> None:
    payment = await merchant.checkout(order_no=order_no)
    for _ in range(states.count("pending")):
        await merchant.pay(payment)

    assert await merchant.states_of(payment) == states


async def test_magic_expire_then_paid(merchant: Merchant, clock: StoppedClock) -> None:
    payment = await merchant.checkout(order_no="SBX-EXPIRE-THEN-PAID")

    await clock.advance("25h")

    assert await merchant.states_of(payment) == ["created", "expired", "paid"]


@pytest.mark.parametrize(("order_no", "arrived"), [("SBX-HOOK-DUP", 2), ("SBX-HOOK-NONE", 0)])
async def test_magic_webhooks(
    merchant: Merchant, receiver: Receiver, order_no: str, arrived: int
) -> None:
    await merchant.paid(order_no=order_no)
    await merchant.control("POST", "/settle")

    assert len(receiver.payloads) == arrived


async def test_a_test_card_decides_unless_the_outcome_is_given(merchant: Merchant) -> None:
    declined = await merchant.checkout(pg_codes=["standard"], currency_code="KWD")
    reply = await merchant.pay(declined, card="5555 5555 5555 4444")

    assert reply.json["state"] == "attempted"
    (attempt,) = (await merchant.transaction(declined))["attempts"]
    assert attempt["outcome"] == "failed"


async def test_an_e_commerce_payment_sends_nothing_on_created(merchant: Merchant) -> None:
    payment = await merchant.checkout(
        type="e_commerce",
        customer_email="noura@example.com",
        customer_phone="+96550000001",
        notifications=ALL_NOTIFICATIONS,
    )
    assert await merchant.messages() == []

    await merchant.pay(payment)

    told = [(each["channel"], each["event"]) for each in await merchant.messages()]
    assert told == [("email", "paid"), ("sms", "paid"), ("whatsapp", "paid")]
