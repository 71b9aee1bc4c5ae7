"""Messages, webhooks, requests and findings, as the control API shows them."""

import pytest

from tests.http.control.caller import Control
from tests.http.merchant import Merchant
from tests.http.receiver import Receiver

START = "2026-01-01T00:00:00Z"
NOURA = {
    "customer_email": "noura@example.com",
    "customer_phone": "+96550000001",
    "notifications": {"email": ["created", "paid"], "sms": ["created"]},
}
HELD = "scenario: held\nwebhooks: [{on: paid, hold: true}]\n"


async def test_a_message_is_shown_as_the_payer_reads_it(control: Control) -> None:
    payment = await control.payment(order_no="A-1", **NOURA)

    email, sms = await control.items("/messages")

    assert set(email) == {
        *("id", "session_id", "order_no", "channel", "to", "cc", "bcc", "event", "template"),
        *("language", "subject", "text", "html", "links", "provider", "status", "code"),
        *("detail", "at", "history", "attachments", "trace_id", "tags"),
    }
    assert (email["channel"], email["to"]) == ("email", "noura@example.com")
    assert (email["order_no"], email["event"], email["at"]) == ("A-1", "created", START)
    assert "10.000 KWD" in email["text"]
    assert "<html" in email["html"]
    assert email["subject"]
    assert email["links"] == [payment["checkout_url"]]
    assert email["history"][0] == {"at": START, "status": "accepted", "code": None}
    assert (sms["channel"], sms["to"], sms["html"]) == ("sms", "+96550000001", "")


@pytest.mark.parametrize(
    ("query", "events"),
    [
        ("channel=sms", ["created"]),
        ("event=paid", ["paid"]),
        ("order_no=A-1&channel=email", ["created", "paid"]),
        ("order_no=A-2", []),
        ("status=delivered", ["created", "created", "paid"]),
        ("status=failed", []),
        ("since=2026-01-01T00:01:00Z", ["paid"]),
    ],
)
async def test_messages_are_filtered(control: Control, query: str, events: list[str]) -> None:
    payment = await control.payment(order_no="A-1", **NOURA)
    await control.done("POST", "/clock/advance", {"by": "1m"})
    await control.pay(payment)

    assert [each["event"] for each in await control.items(f"/messages?{query}")] == events


@pytest.mark.parametrize("query", ["channel=fax", "event=payed", "status=sent"])
async def test_a_wrong_choice_of_messages_is_refused(control: Control, query: str) -> None:
    problem = await control.refused(400, "GET", f"/messages?{query}")

    assert "expected one of" in problem["detail"]


async def test_a_delivery_is_shown_with_payload_and_tries(
    control: Control, receiver: Receiver
) -> None:
    payment = await control.payment(order_no="A-1", webhook_url=receiver.url)
    await control.pay(payment)

    (delivery,) = await control.items(f"/webhooks?session_id={payment['session_id']}")

    assert set(delivery) == {
        *("id", "session_id", "order_no", "kind", "event", "url", "status", "payload"),
        *("signature", "tries"),
    }
    assert (delivery["kind"], delivery["event"]) == ("payment", "paid")
    assert (delivery["status"], delivery["url"]) == ("delivered", receiver.url)
    assert delivery["payload"] == receiver.payloads[0]
    assert delivery["payload"]["signature"] == delivery["signature"]
    (made,) = delivery["tries"]
    assert made["response"].pop("headers")
    assert made == {
        "number": 1,
        "at": START,
        "url": receiver.url,
        "status_code": 200,
        "error": None,
        "duration_ms": 0,
        "response": {"body": ""},
    }


async def test_a_try_without_an_answer_has_no_response(control: Control) -> None:
    payment = await control.payment(webhook_url="http://127.0.0.1:1/hook")
    await control.pay(payment)

    (delivery,) = await control.items("/webhooks?status=failed")

    (made,) = delivery["tries"]
    assert (made["status_code"], made["response"]) == (None, None)
    assert made["error"] == "connection refused"


async def test_deliveries_are_filtered(control: Control, receiver: Receiver) -> None:
    await control.done("PATCH", "/settings", {"webhook_url": receiver.url})
    payment = await control.payment(order_no="A-1")
    await control.pay(payment, outcome="failed")
    await control.pay(payment)
    refunded = await control.trigger(payment, "refund")
    await control.done("POST", "/settle")
    child = refunded["children"][0]["session_id"]

    async def events(query: str) -> list[str]:
        return [each["event"] for each in await control.items(f"/webhooks?{query}")]

    assert await events("order_no=A-1") == ["attempted", "paid", "refunded"]
    assert await events("event=refunded") == ["refunded"]
    assert await events(f"session_id={child}") == ["attempted", "paid", "refunded"]
    assert await events("status=held") == []
    await control.refused(400, "GET", "/webhooks?channel=sms")


async def test_a_delivery_is_sent_again(control: Control, receiver: Receiver) -> None:
    receiver.answers(500)
    payment = await control.payment(webhook_url=receiver.url)
    answer = await control.pay(payment)
    receiver.answers(200)

    again = await control.done("POST", f"/webhooks/{answer['deliveries'][0]}/resend")
    await control.done("POST", "/settle")

    assert again["status"] == "waiting"
    (delivery,) = await control.items("/webhooks")
    assert delivery["status"] == "delivered"
    assert [(each["number"], each["status_code"]) for each in delivery["tries"]] == [
        (1, 500),
        (2, 200),
    ]
    assert receiver.bodies[0] == receiver.bodies[1]


async def test_a_delivery_on_its_way_is_not_sent_twice(
    control: Control, receiver: Receiver
) -> None:
    await control.put_yaml(
        "/scenarios/late", "scenario: late\nwebhooks: [{on: paid, delay: 10m}]\n"
    )
    payment = await control.payment(webhook_url=receiver.url, extra={"sandbox_scenario": "late"})
    answer = await control.pay(payment)

    problem = await control.refused(409, "POST", f"/webhooks/{answer['deliveries'][0]}/resend")

    assert "settle" in problem["hint"]
    await control.done("POST", "/clock/advance", {"by": "10m"})
    assert len(receiver.payloads) == 1


async def test_a_held_delivery_is_let_go_once(
    control: Control, merchant: Merchant, receiver: Receiver
) -> None:
    await merchant.in_workspace("w3").control(
        "PUT", "/scenarios/held", data=HELD.encode(), content_type="application/yaml"
    )
    payment = await merchant.in_workspace("w3").checkout(extra={"sandbox_scenario": "held"})
    answer = await control.pay(payment)
    release = f"/webhooks/{answer['deliveries'][0]}/release"
    assert receiver.payloads == []

    let_go = await control.done("POST", release)
    await merchant.in_workspace("w3").control("POST", "/settle")

    assert let_go["status"] == "waiting"
    assert len(receiver.payloads) == 1
    await control.refused(409, "POST", release)


@pytest.mark.parametrize("call", ["resend", "release"])
async def test_an_unknown_delivery_is_a_problem(
    control: Control, receiver: Receiver, call: str
) -> None:
    payment = await control.payment(webhook_url=receiver.url)
    answer = await control.pay(payment)

    await control.refused(404, "POST", f"/webhooks/{'0' * 32}/{call}")
    elsewhere = await control.refused(
        404,
        "POST",
        f"/webhooks/{answer['deliveries'][0]}/{call}",
        headers={"X-Sandbox-Workspace": "w2"},
    )

    assert elsewhere["hint"] == "Workspace `default` has it."


async def test_a_request_is_shown_with_secrets_hidden(control: Control, merchant: Merchant) -> None:
    payment = await merchant.checkout(extra={"card": "5123450000000008"})

    (request,) = await control.items(f"/requests?session_id={payment['session_id']}")

    assert set(request) == {
        *("id", "at", "method", "path", "operation", "status", "duration_ms", "workspace"),
        *("request", "response", "violations", "findings"),
    }
    assert (request["method"], request["status"], request["at"]) == ("POST", 201, START)
    assert request["path"] == "/b/checkout/v1/pymt-txn/"
    assert request["operation"] == "create_payment_transaction_checkout"
    assert (request["workspace"], request["duration_ms"]) == ("default", 0.0)
    assert request["request"]["headers"]["Authorization"] == "Api-Key ***"
    assert "512345******0008" in request["request"]["body"]
    assert payment["session_id"] in request["response"]["body"]


async def test_requests_are_filtered_by_status(control: Control, merchant: Merchant) -> None:
    await merchant.checkout()
    await merchant.call("POST", "/b/checkout/v1/pymt-txn/", {})

    (refused,) = await control.items("/requests?status=400")

    assert refused["violations"]
    assert await control.items("/requests?status=404") == []
    await control.refused(400, "GET", "/requests?status=bad")


async def test_calls_that_were_turned_away_are_kept_too(
    control: Control, merchant: Merchant
) -> None:
    await control.call("POST", "/b/pbl/v2/operation/", {}, root="")
    await control.call("GET", "/b/nothing", root="")
    await merchant.in_workspace("w4").call("GET", "/b/nothing")

    here = await control.items("/requests")
    there = await merchant.in_workspace("w4").control("GET", "/requests")

    assert [(each["status"], each["at"]) for each in here] == [(401, START), (404, START)]
    assert [each["status"] for each in there.json["items"]] == [404]


async def test_headers_that_are_no_text_can_be_shown(control: Control) -> None:
    await control.call("GET", "/b/nothing", root="", headers={"X-Odd": "caf\udce9"})

    (request,) = await control.items("/requests")

    assert request["request"]["headers"]["X-Odd"].startswith("caf")


async def test_a_finding_is_counted_not_repeated(control: Control, merchant: Merchant) -> None:
    await merchant.checkout(nonsense=1)
    payment = await merchant.checkout(nonsense=1)

    (finding,) = await control.items("/findings")
    requests = await control.items("/requests")

    assert set(finding) == {
        *("id", "at", "code", "severity", "where", "message", "hint", "session_id"),
        *("request_id", "count"),
    }
    assert (finding["code"], finding["count"]) == ("undeclared_field", 2)
    assert finding["request_id"] == requests[-1]["id"]
    assert finding["at"] == START
    # The newest transaction concerned is the one that it is found by.
    assert await control.items(f"/findings?session_id={payment['session_id']}") == [finding]
    await control.refused(400, "GET", "/findings?status=open")
