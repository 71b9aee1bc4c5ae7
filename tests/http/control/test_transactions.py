"""Payments in the control API: listed, shown, made by staff, given a scenario, made to happen."""

import pytest

from tests.http.control.caller import CHECKOUT, Control
from tests.http.merchant import Merchant
from tests.http.receiver import Receiver

START = "2026-01-01T00:00:00Z"
QUEUED = "scenario: queued\noperations: {refund: [{result: queued}]}\n"


async def test_staff_make_a_payment_as_checkout_would(control: Control, merchant: Merchant) -> None:
    reply = await control.call("POST", "/transactions", {**CHECKOUT, "order_no": "A-1"})

    assert reply.status == 201
    made = reply.json
    assert set(made) == {
        *("session_id", "order_no", "reference_number", "state", "amount", "currency_code"),
        *("type", "payment_type", "scenario", "checkout_url", "attempts", "children", "timeline"),
    }
    assert (made["state"], made["amount"], made["order_no"]) == ("created", "10.000", "A-1")
    assert made["checkout_url"] == (
        f"{control.url}/b/checkout/redirect/start/?session_id={made['session_id']}"
    )
    assert made["timeline"][0] == {
        "at": START,
        "kind": "state",
        "text": "The payment is created.",
        "data": {"state": "created"},
    }
    seen = await merchant.call("GET", f"/b/checkout/v1/pymt-txn/{made['session_id']}/")
    assert seen.json["amount"] == "10.000"


async def test_what_staff_make_names_them_as_initiator(
    control: Control, receiver: Receiver
) -> None:
    payment = await control.payment(webhook_url=receiver.url)

    await control.pay(payment)

    (payload,) = receiver.payloads
    assert payload["initiator"]["username"] == "staff"


async def test_a_wrong_payment_is_refused_by_the_contract(control: Control) -> None:
    problem = await control.refused(
        400, "POST", "/transactions", {**CHECKOUT, "amount": "1.0001", "type": "gift"}
    )

    assert problem["pointer"] in ("/type", "/amount")
    assert "type:" in problem["detail"]
    assert "amount:" in problem["detail"]


async def test_a_listed_gateway_may_be_demanded(control: Control) -> None:
    await control.done("PATCH", "/settings", {"gateways": "listed"})

    problem = await control.refused(
        400, "POST", "/transactions", {**CHECKOUT, "pg_codes": ["my-bank"]}
    )

    assert problem["pointer"] == "/pg_codes"


async def test_without_validation_what_a_payment_needs_is_still_asked_for(
    control: Control,
) -> None:
    await control.done("PATCH", "/settings", {"validation": "off"})

    problem = await control.refused(400, "POST", "/transactions", {})

    assert "amount: This field is required." in problem["detail"]


async def test_paying_in_one_step_comes_later(control: Control) -> None:
    body = {
        **CHECKOUT,
        "payment_instrument": {"instrument_type": "apple_pay", "payload": {"token": "t"}},
    }

    reply = await control.call("POST", "/transactions", body)

    assert reply.status in (400, 501)


async def test_a_payment_starts_with_the_scenario_that_it_asks_for(control: Control) -> None:
    by_extra = await control.payment(extra={"sandbox_scenario": "declined-then-paid"})
    by_header = await control.call(
        "POST", "/transactions", CHECKOUT, headers={"X-Sandbox-Scenario": "gateway-error"}
    )

    assert by_extra["scenario"] == "declined-then-paid"
    assert by_header.json["scenario"] == "gateway-error"
    await control.refused(
        400, "POST", "/transactions", CHECKOUT, headers={"X-Sandbox-Scenario": "gateway-err"}
    )


async def test_payments_are_listed_newest_last(control: Control) -> None:
    first = await control.payment(order_no="A-1")
    second = await control.payment(order_no="A-2")
    await control.pay(first)

    listed = await control.items("/transactions")

    assert [each["session_id"] for each in listed] == [first["session_id"], second["session_id"]]
    assert [each["state"] for each in listed] == ["paid", "created"]
    assert "timeline" not in listed[0]


@pytest.mark.parametrize(
    ("query", "orders"),
    [
        ("order_no=A-1", ["A-1"]),
        ("state=paid", ["A-2"]),
        ("event=pending", ["A-2"]),
        ("event=created", ["A-1", "A-2"]),
        ("since=2026-01-01T01:00:00Z", ["A-2"]),
        ("since=2026-01-01T03:00:00%2B03:00", ["A-1", "A-2"]),
        ("state=paid&order_no=A-1", []),
    ],
)
async def test_payments_are_filtered(control: Control, query: str, orders: list[str]) -> None:
    await control.payment(order_no="A-1")
    await control.done("POST", "/clock/advance", {"by": "1h"})
    await control.pay(await control.payment(order_no="A-2"))

    assert [each["order_no"] for each in await control.items(f"/transactions?{query}")] == orders


async def test_a_filter_names_its_choices(control: Control) -> None:
    problem = await control.refused(400, "GET", "/transactions?state=payed")

    assert "`paid`" in problem["detail"]
    assert problem["hint"] == "Did you mean `paid`?"


async def test_a_payment_is_shown_with_attempts_and_children(control: Control) -> None:
    payment = await control.payment()
    await control.pay(payment, outcome="failed")
    await control.pay(payment, outcome="success")
    await control.trigger(payment, "refund", amount="4.000")
    await control.done("POST", "/clock/advance", {"by": "90s"})
    await control.trigger(payment, "refund", amount="1.500")

    shown = await control.done("GET", f"/transactions/{payment['session_id']}")

    first, second = shown["attempts"]
    assert set(first) == {"number", "gateway", "outcome", "state", "reference_number", "at"}
    assert (first["number"], first["outcome"], first["state"]) == (1, "failed", "failed")
    assert (second["number"], second["gateway"], second["at"]) == (2, "credit-card", START)
    assert [set(each) for each in shown["children"]] == [
        {"session_id", "operation", "state", "amount", "at"}
    ] * 2
    assert [(each["amount"], each["at"]) for each in shown["children"]] == [
        ("4.000", START),
        ("1.500", "2026-01-01T00:01:30Z"),
    ]
    states = [each["data"]["state"] for each in shown["timeline"] if each["kind"] == "state"]
    assert states == ["created", "pending", "attempted", "pending", "paid"]


async def test_a_child_s_session_id_means_its_parent(control: Control) -> None:
    payment = await control.payment()
    await control.pay(payment)
    refunded = await control.trigger(payment, "refund", amount="4.000")
    child = refunded["children"][0]["session_id"]

    shown = await control.done("GET", f"/transactions/{child}")
    (listed,) = await control.items(f"/transactions?session_id={child}")

    assert shown == refunded
    assert listed["session_id"] == payment["session_id"]


async def test_a_scenario_is_assigned_by_name(control: Control) -> None:
    payment = await control.payment()

    changed = await control.done(
        "PUT",
        f"/transactions/{payment['session_id']}/scenario",
        {"scenario": "declined-then-paid"},
    )

    assert changed["scenario"] == "declined-then-paid"
    assert changed["timeline"][-1]["kind"] == "scenario"
    assert (await control.pay(payment))["state"] == "attempted"
    assert (await control.pay(payment))["state"] == "paid"


@pytest.mark.parametrize("content_type", ["application/yaml", "application/x-yaml", "text/yaml"])
async def test_a_scenario_is_assigned_inline_as_yaml(control: Control, content_type: str) -> None:
    payment = await control.payment()

    reply = await control.call(
        "PUT",
        f"/transactions/{payment['session_id']}/scenario",
        data=b"scenario: mine\npayment: [{outcome: canceled}]\n",
        headers={"Content-Type": f"{content_type}; charset=utf-8"},
    )

    assert reply.json["scenario"] == "mine"
    assert (await control.pay(payment))["attempt"]["outcome"] == "canceled"


async def test_a_scenario_is_assigned_inline_as_json(control: Control) -> None:
    payment = await control.payment()
    path = f"/transactions/{payment['session_id']}/scenario"

    await control.done("PUT", path, {"scenario": "mine", "payment": [{"outcome": "error"}]})

    assert (await control.pay(payment))["attempt"]["outcome"] == "error"
    problem = await control.refused(400, "PUT", path, {"scenario": "declined-then-pay"})
    assert problem["pointer"] == "/scenario"
    assert "declined-then-paid" in problem["detail"]
    await control.refused(400, "PUT", path, {"scenario": 1})
    await control.refused(400, "PUT", path, {"scenario": "mine", "payment": []})
    await control.refused(415, "PUT", path, data=b"scenario: mine", headers={})


@pytest.mark.parametrize(
    ("before", "event", "state"),
    [
        ("pending", "late_success", "paid"),
        ("pending", "late_failure", "attempted"),
        ("pending", "expire", "expired"),
        ("failed", "invalidate", "invalided"),
    ],
)
async def test_events_are_made_to_happen(
    control: Control, before: str, event: str, state: str
) -> None:
    payment = await control.payment()
    await control.pay(payment, outcome=before)

    assert (await control.trigger(payment, event))["state"] == state


@pytest.mark.parametrize(
    ("event", "children"),
    [("capture", [("paid", "10.00")]), ("void", [("voided", "10.00")])],
)
async def test_an_authorized_payment_is_captured_or_voided_at_the_gateway(
    control: Control, event: str, children: list[tuple[str, str]]
) -> None:
    payment = await control.payment(pg_codes=["mpgs-auth"], amount="10.00", currency_code="SAR")
    await control.pay(payment)

    changed = await control.trigger(payment, event)

    assert [(each["state"], each["amount"]) for each in changed["children"]] == children


@pytest.mark.parametrize("event", ["refund_settled", "refund_rejected"])
async def test_a_queued_refund_is_settled(control: Control, event: str) -> None:
    await control.put_yaml("/scenarios/queued", QUEUED)
    payment = await control.payment(extra={"sandbox_scenario": "queued"})
    await control.pay(payment)
    staff = {"id": 7, "username": "huda", "email": "huda@example.com"}
    queued = await control.trigger(payment, "refund", initiator=staff)
    assert queued["children"][0]["state"] == "refund_queued"

    changed = await control.trigger(payment, event)

    assert changed["children"][0]["state"] == event.replace("settled", "ed").replace("_ed", "ed")
    await control.refused(
        409, "POST", f"/transactions/{payment['session_id']}/trigger", {"event": event}
    )


@pytest.mark.parametrize(
    ("fields", "source", "username"),
    [
        ({}, "pg", None),
        ({"initiator": {"username": "huda"}}, "input", "huda"),
        ({"initiator": {}, "source": "pg"}, "pg", "staff"),
        ({"source": "input"}, "input", None),
    ],
)
async def test_an_operation_tells_who_began_it(
    control: Control,
    receiver: Receiver,
    fields: dict[str, object],
    source: str,
    username: str | None,
) -> None:
    await control.done("PATCH", "/settings", {"operations_webhook_url": receiver.url})
    payment = await control.payment()
    await control.pay(payment)

    await control.trigger(payment, "refund", **fields)
    await control.done("POST", "/settle")

    (payload,) = receiver.payloads
    assert payload["source"] == source
    assert payload.get("initiator", {}).get("username") == username


async def test_a_message_is_reported_late(control: Control) -> None:
    payment = await control.payment(
        customer_email="noura@example.com", notifications={"email": ["created"]}
    )
    await control.put_yaml(
        "/scenarios/silent", "scenario: silent\nchannels: {sms: [{accept: true}]}\n"
    )
    texted = await control.payment(
        customer_phone="+96550000001",
        notifications={"sms": ["created"]},
        extra={"sandbox_scenario": "silent"},
    )
    (waiting,) = await control.items("/messages?status=accepted")

    await control.trigger(texted, "message_failed", code="30003", message_id=waiting["id"])

    (failed,) = await control.items("/messages?channel=sms")
    assert (failed["status"], failed["code"]) == ("failed", "30003")
    assert [each["status"] for each in failed["history"]] == ["accepted", "failed"]
    path = f"/transactions/{payment['session_id']}/trigger"
    for wrong in (waiting["id"], "no-such-id"):
        problem = await control.refused(
            400, "POST", path, {"event": "message_delivered", "message_id": wrong}
        )
        assert problem["pointer"] == "/message_id"


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({}, "/event"),
        ({"event": "paid"}, "/event"),
        ({"event": None}, "/event"),
        ({"event": "refund", "amount": "a lot"}, "/amount"),
        ({"event": "refund", "amount": "-1"}, "/amount"),
        ({"event": "refund", "amount": "NaN"}, "/amount"),
        ({"event": "refund", "amount": "1e3"}, "/amount"),
        ({"event": "refund", "amount": True}, "/amount"),
        ({"event": "refund", "amount": "0"}, "/amount"),
        ({"event": "refund", "amount": "10.001"}, "/amount"),
        ({"event": "refund", "amount": "1.0001"}, "/amount"),
        ({"event": "refund", "source": "gateway"}, "/source"),
        ({"event": "refund", "initiator": "huda"}, "/initiator"),
        ({"event": "refund", "initiator": {"name": "huda"}}, "/name"),
        ({"event": "refund", "initiator": {"id": "x"}}, "/id"),
        ({"event": "refund", "message_id": "1"}, "/message_id"),
        ({"event": "void", "amount": "1"}, "/amount"),
        ({"event": "expire", "code": "05"}, "/code"),
        ({"event": "late_success", "code": 5}, "/code"),
        ({"event": "message_failed", "message_id": ""}, "/message_id"),
    ],
)
async def test_a_wrong_trigger_is_refused_where_it_is_wrong(
    control: Control, body: dict[str, object], pointer: str
) -> None:
    payment = await control.payment()
    await control.pay(payment)

    problem = await control.refused(
        400, "POST", f"/transactions/{payment['session_id']}/trigger", body
    )

    assert problem["pointer"] == pointer


@pytest.mark.parametrize(
    "event",
    [
        *("late_success", "late_failure", "capture", "void", "refund_settled", "expire"),
        *("invalidate", "message_delivered"),
    ],
)
async def test_what_cannot_happen_to_a_paid_payment_is_refused(
    control: Control, event: str
) -> None:
    payment = await control.payment()
    await control.pay(payment)

    problem = await control.refused(
        409, "POST", f"/transactions/{payment['session_id']}/trigger", {"event": event}
    )

    assert problem["detail"]
    shown = await control.done("GET", f"/transactions/{payment['session_id']}")
    assert shown["state"] == "paid"
