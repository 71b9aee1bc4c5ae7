"""Every trigger with all that follows from it, states, messages and webhooks, in every state."""

from typing import Any, Final

import pytest

from sandbox.engine.triggers import Trigger
from tests.http.control.caller import Control
from tests.http.merchant import ALL_NOTIFICATIONS
from tests.http.receiver import Receiver

PAYER: Final[dict[str, Any]] = {
    "customer_email": "noura@example.com",
    "notifications": {"email": ALL_NOTIFICATIONS["email"]},
}
SILENT: Final = "scenario: silent\nchannels: {sms: [{accept: true}]}\n"
QUEUED: Final = "scenario: queued\noperations: {refund: [{result: queued}]}\n"


@pytest.fixture
async def hooked(control: Control, receiver: Receiver) -> Control:
    """The control API of a workspace whose webhooks all go to the receiver."""
    await control.done("PATCH", "/settings", {"webhook_url": receiver.url})
    return control


async def brought_to(control: Control, state: str) -> dict[str, Any]:
    """Make a payment, told by email, that has come to this state."""
    await control.done("PATCH", "/settings", {"multi_attempt": state != "failed"})
    gateway = ["mpgs-auth"] if state == "authorized" else ["credit-card"]
    payment = await control.payment(**PAYER, pg_codes=gateway)
    outcome = {
        "pending": "pending",
        "attempted": "failed",
        "failed": "failed",
        "paid": "success",
        "cod": "cod",
        "authorized": "authorized",
    }
    if state in outcome:
        await control.pay(payment, outcome=outcome[state])
    elif state == "canceled":
        body = {"session_id": payment["session_id"], "operation": "cancel"}
        await control.call("POST", "/b/pbl/v2/operation/", body, root="", headers=KEY)
    elif state != "created":
        await control.trigger(payment, {"expired": "expire", "invalided": "invalidate"}[state])
    shown: dict[str, Any] = await control.done("GET", f"/transactions/{payment['session_id']}")
    assert shown["state"] == state
    return shown


KEY: Final = {"Authorization": "Api-Key test"}
LATE: Final = frozenset({"created", "pending", "attempted", "failed", "expired"})
ENDABLE: Final = frozenset({"created", "pending", "attempted"})
STATES: Final = (
    *("created", "pending", "attempted", "failed", "expired"),
    *("authorized", "paid", "cod", "canceled", "invalided"),
)
# Where each event can happen, and what the payment then is; operations leave it as it was.
LEADS: Final[dict[str, dict[str, str]]] = {
    "late_success": dict.fromkeys(LATE, "paid"),
    "late_failure": {"pending": "attempted"},
    "expire": dict.fromkeys(ENDABLE, "expired"),
    "invalidate": dict.fromkeys(ENDABLE, "invalided"),
    "capture": {"authorized": "authorized"},
    "void": {"authorized": "authorized"},
    "refund": {"paid": "paid"},
    "refund_settled": {},
    "refund_rejected": {},
    "message_delivered": {},
    "message_failed": {},
}


def test_every_event_is_tried_here() -> None:
    assert set(LEADS) == set(Trigger)


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("event", LEADS)
async def test_an_event_happens_where_the_state_allows_it_and_nowhere_else(
    control: Control, event: str, state: str
) -> None:
    payment = await brought_to(control, state)
    path = f"/transactions/{payment['session_id']}"

    reply = await control.call("POST", f"{path}/trigger", {"event": event})

    after = await control.done("GET", path)
    if state in LEADS[event]:
        assert reply.status == 200, reply.body
        assert reply.json == after
        assert after["state"] == LEADS[event][state]
    else:
        assert reply.status == 409, reply.body
        assert reply.json["detail"]
        unchanged = ("state", "attempts", "children")
        assert [after[name] for name in unchanged] == [payment[name] for name in unchanged]


@pytest.mark.parametrize("state", sorted(LATE))
async def test_a_late_success_is_told_by_message_and_webhook(
    hooked: Control, receiver: Receiver, state: str
) -> None:
    payment = await brought_to(hooked, state)

    changed = await hooked.trigger(payment, "late_success", code="00")
    await hooked.done("POST", "/settle")

    assert receiver.payloads[-1]["state"] == "paid"
    assert receiver.payloads[-1]["paid_amount"] == "10.000"
    assert (await hooked.items("/messages"))[-1]["event"] == "paid"
    ended = [each for each in changed["timeline"] if each["kind"] == "attempt_ended"]
    assert ended[-1]["data"]["gateway_code"] == "00"


async def test_a_late_failure_ends_the_open_try_with_its_code(
    hooked: Control, receiver: Receiver
) -> None:
    payment = await brought_to(hooked, "pending")

    changed = await hooked.trigger(payment, "late_failure", code="51")
    await hooked.done("POST", "/settle")

    (attempt,) = changed["attempts"]
    assert (attempt["state"], attempt["outcome"]) == ("failed", "failed")
    (payload,) = receiver.payloads
    assert (payload["state"], payload["result"]) == ("attempted", "failed")
    ended = [each for each in changed["timeline"] if each["kind"] == "attempt_ended"]
    assert ended[-1]["data"]["gateway_code"] == "51"


@pytest.mark.parametrize(("event", "messages"), [("expire", ["expired"]), ("invalidate", [])])
async def test_an_end_without_a_try_sends_no_webhook(
    hooked: Control, receiver: Receiver, event: str, messages: list[str]
) -> None:
    payment = await brought_to(hooked, "created")

    await hooked.trigger(payment, event)
    await hooked.done("POST", "/settle")

    assert receiver.payloads == []
    told = [each["event"] for each in await hooked.items("/messages")]
    assert told == ["created", *messages]


@pytest.mark.parametrize(
    ("before", "event", "amount", "child", "told"),
    [
        ("authorized", "capture", "4.000", ("paid", "4.000"), "captured"),
        ("authorized", "capture", None, ("paid", "10.000"), "captured"),
        ("authorized", "void", None, ("voided", "10.000"), "voided"),
        ("paid", "refund", "4.000", ("refunded", "4.000"), "refunded"),
        ("paid", "refund", None, ("refunded", "10.000"), "refunded"),
    ],
)
async def test_an_operation_at_the_gateway_is_told_as_one(
    hooked: Control,
    receiver: Receiver,
    before: str,
    event: str,
    amount: str | None,
    child: tuple[str, str],
    told: str,
) -> None:
    payment = await brought_to(hooked, before)

    changed = await hooked.trigger(payment, event, **({"amount": amount} if amount else {}))
    await hooked.done("POST", "/settle")

    (made,) = changed["children"]
    assert (made["operation"], made["state"], made["amount"]) == (event, *child)
    payload = receiver.payloads[-1]
    assert (payload["operation"], payload["source"]) == (event, "pg")
    assert (payload["amount"], payload["txn"]["state"]) == (child[1], child[0])
    assert (await hooked.items("/messages"))[-1]["event"] == told


@pytest.mark.parametrize(
    ("event", "state", "result", "messages"),
    [
        ("refund_settled", "refunded", "success", ["refunded"]),
        ("refund_rejected", "refund_rejected", "rejected", []),
    ],
)
async def test_the_oldest_queued_refund_is_settled_first(
    hooked: Control,
    receiver: Receiver,
    event: str,
    state: str,
    result: str,
    messages: list[str],
) -> None:
    await hooked.put_yaml("/scenarios/queued", QUEUED)
    payment = await hooked.payment(**PAYER, extra={"sandbox_scenario": "queued"})
    await hooked.pay(payment)
    for amount in ("4.000", "1.500"):
        await hooked.trigger(payment, "refund", amount=amount, source="input")

    changed = await hooked.trigger(payment, event)
    await hooked.done("POST", "/settle")

    children = [(each["state"], each["amount"]) for each in changed["children"]]
    assert children == [(state, "4.000"), ("refund_queued", "1.500")]
    assert (receiver.payloads[-1]["result"], receiver.payloads[-1]["amount"]) == (result, "4.000")
    told = [each["event"] for each in await hooked.items("/messages")]
    assert told == ["created", "paid", *messages]


async def test_a_rejected_refund_can_be_asked_for_again(control: Control) -> None:
    await control.put_yaml("/scenarios/queued", QUEUED)
    payment = await control.payment(extra={"sandbox_scenario": "queued"})
    await control.pay(payment)
    await control.trigger(payment, "refund", source="input")
    await control.trigger(payment, "refund_rejected")

    changed = await control.trigger(payment, "refund", source="input")

    assert [each["state"] for each in changed["children"]] == ["refund_rejected", "refund_queued"]


@pytest.mark.parametrize("event", ["capture", "void", "refund"])
async def test_who_began_an_operation_is_told(
    hooked: Control, receiver: Receiver, event: str
) -> None:
    payment = await brought_to(hooked, "paid" if event == "refund" else "authorized")
    staff = {"id": 7, "username": "huda", "email": "huda@example.com"}

    await hooked.trigger(payment, event, initiator=staff, source="input")
    await hooked.done("POST", "/settle")

    payload = receiver.payloads[-1]
    assert payload["source"] == "input"
    assert staff.items() <= payload["initiator"].items()


async def test_a_gateway_that_tells_of_no_operations_is_found_out(control: Control) -> None:
    payment = await control.payment(pg_codes=["knet"])
    await control.pay(payment)

    changed = await control.trigger(payment, "refund", amount="4.000")

    assert changed["children"][0]["state"] == "refunded"
    codes = [each["code"] for each in await control.items("/findings")]
    assert codes.count("gateway_does_not_report") == 1


async def texted(control: Control, count: int = 1) -> dict[str, Any]:
    """Make a payment with so many SMS of which nothing more is heard."""
    await control.put_yaml("/scenarios/silent", SILENT)
    payment = await control.payment(
        customer_phone="+96550000001",
        notifications={"sms": ["created"]},
        extra={"sandbox_scenario": "silent"},
    )
    for _ in range(count - 1):
        body = {"session_id": payment["session_id"], "channels": ["sms"]}
        path = "/b/pbl/v2/message-notification/"
        reply = await control.call("POST", path, body, root="", headers=KEY)
        assert reply.status == 200, reply.body
    return payment


@pytest.mark.parametrize(
    ("event", "fields", "status", "code"),
    [
        ("message_delivered", {}, "delivered", None),
        ("message_failed", {"code": "30005"}, "failed", "30005"),
        ("message_failed", {}, "failed", None),
    ],
)
async def test_without_an_id_the_newest_open_message_is_meant(
    control: Control, event: str, fields: dict[str, str], status: str, code: str | None
) -> None:
    payment = await texted(control, count=3)

    for done in (1, 2, 3):
        await control.trigger(payment, event, **fields)
        messages = await control.items("/messages")
        statuses = [each["status"] for each in messages]
        assert statuses == ["accepted"] * (3 - done) + [status] * done
        assert messages[-1]["code"] == code

    path = f"/transactions/{payment['session_id']}/trigger"
    problem = await control.refused(409, "POST", path, {"event": event})
    assert problem["detail"] == "Every message of this payment has reached its end."


async def test_a_failed_message_says_why_in_the_providers_words(control: Control) -> None:
    payment = await texted(control)

    await control.trigger(payment, "message_failed", code="30005")

    (message,) = await control.items("/messages")
    assert message["detail"] == "The number is not in service."


async def test_the_message_with_an_id_is_meant(control: Control) -> None:
    payment = await texted(control, count=2)
    first, second = [each["id"] for each in await control.items("/messages")]

    await control.trigger(payment, "message_failed", message_id=first, code="30003")
    await control.trigger(payment, "message_delivered", message_id=second)

    statuses = [each["status"] for each in await control.items("/messages")]
    assert statuses == ["failed", "delivered"]


@pytest.mark.parametrize(
    ("before", "body", "reason"),
    [
        ("paid", {"event": "refund", "amount": "10.001"}, "left to refund"),
        ("authorized", {"event": "capture", "amount": "10.001"}, "capture"),
    ],
)
async def test_more_than_is_left_is_refused_at_the_amount(
    control: Control, before: str, body: dict[str, str], reason: str
) -> None:
    payment = await brought_to(control, before)

    path = f"/transactions/{payment['session_id']}/trigger"
    problem = await control.refused(400, "POST", path, body)

    assert problem["pointer"] == "/amount"
    assert reason in problem["detail"]
