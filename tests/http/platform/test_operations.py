"""Operations through the front door: what they change, answer and refuse."""

import pytest

from tests.http.merchant import ALL_NOTIFICATIONS, Merchant, StoppedClock
from tests.http.receiver import Receiver, signature_of

KEY = "sandbox-webhook-key"
OPERATION_FIELDS = {
    *("amount", "extra", "is_sandbox", "operation", "order_no", "pg_code", "pg_params"),
    *("pg_response", "reference_number", "result", "session_id", "signature", "source"),
    *("success", "timestamp_utc", "txn"),
}
OPERATION_FIELDS_OF_2022 = {
    *("amount", "initiator", "is_sandbox", "operation", "pg_code", "pg_response"),
    *("reference_number", "result", "source", "success", "timestamp_utc", "txn"),
}
CHILD_FIELDS_OF_2022 = {
    *("amount", "currency_code", "customer_email", "extra", "order_no"),
    *("reference_number", "state"),
}


@pytest.fixture
async def operating(merchant: Merchant, receiver: Receiver) -> Merchant:
    """The merchant, with the receiver set as the workspace's own webhook URL too."""
    await merchant.control("PATCH", "/settings", {"webhook_url": receiver.url})
    return merchant


async def test_a_partial_refund_leaves_the_rest_refundable(merchant: Merchant) -> None:
    payment = await merchant.paid("10.000", "KWD")

    await merchant.refund(payment, "4.000")
    refused = await merchant.refund(payment, "7.000")

    assert refused.status == 400
    assert refused.json == {"amount": ["The amount exceeds what is left to refund."]}
    assert await merchant.children_of(payment) == [("refunded", "4.000")]

    rest = await merchant.refund(payment)
    assert rest.json["amount"] == "6.000"
    assert rest.json["txn"]["state"] == "refunded"


async def test_a_partial_refund_sends_the_current_operation_webhook(
    operating: Merchant, receiver: Receiver
) -> None:
    payment = await operating.paid("10.000", "KWD", order_no="BAZAAR-1", extra={"seat": "4A"})
    answer = (await operating.refund(payment, "4")).json
    await operating.control("POST", "/settle")

    webhook = receiver.payloads[-1]
    assert set(webhook) == OPERATION_FIELDS
    assert webhook == {**answer, "signature": webhook["signature"]}
    assert webhook["signature"] == signature_of(webhook, KEY)
    assert (webhook["amount"], webhook["operation"], webhook["result"]) == (
        *("4.000", "refund", "success"),
    )
    assert webhook["txn"]["state"] == "refunded"
    assert webhook["session_id"] == payment["session_id"] != webhook["txn"]["session_id"]


async def test_a_void_sends_the_operation_webhook_of_2022(
    operating: Merchant, receiver: Receiver
) -> None:
    await operating.control("PATCH", "/settings", {"webhook_version": "2022"})
    payment = await operating.paid(
        "14.00",
        "SAR",
        pg_codes=["mpgs-auth"],
        webhook_url=None,
        customer_email="noura@example.com",
        extra={"flight-number": "1234"},
    )

    answer = await operating.operate(payment, "void", amount="1.00")
    await operating.control("POST", "/settle")

    assert answer.json["amount"] == "14.00"
    webhook = receiver.payloads[-1]
    assert set(webhook) == OPERATION_FIELDS_OF_2022
    assert set(webhook["txn"]) == CHILD_FIELDS_OF_2022
    assert webhook["txn"]["state"] == "voided"
    assert webhook["txn"]["extra"] == {"flight-number": "1234"}


async def test_the_payment_webhook_of_2022_has_exactly_the_published_fields(
    operating: Merchant, receiver: Receiver
) -> None:
    await operating.control("PATCH", "/settings", {"webhook_version": "2022"})
    payment = await operating.checkout("15.00", "SAR", extra={"full_name": "abc"})
    await operating.pay(payment, outcome="error")

    webhook = receiver.payloads[-1]
    assert set(webhook) == {
        *("amount", "currency_code", "extra", "gateway_account", "gateway_name"),
        *("gateway_response", "message", "reference_number", "result", "session_id"),
        *("signature", "state", "total_authorized_amount", "total_paid_amount"),
        *("total_refunded_amount", "total_voided_amount"),
    }
    assert (webhook["state"], webhook["result"]) == ("attempted", "error")
    assert webhook["signature"] == signature_of(webhook, KEY)


async def test_captures_up_to_the_authorized_amount(merchant: Merchant) -> None:
    payment = await merchant.paid("10.000", "KWD", pg_codes=["mpgs-auth"])

    assert (await merchant.operate(payment, "capture", amount="4")).status == 200
    over = await merchant.operate(payment, "capture", amount="6.001")
    void = await merchant.operate(payment, "void")
    assert (await merchant.operate(payment, "capture")).json["amount"] == "6.000"
    nothing = await merchant.operate(payment, "capture")

    assert over.json == {"amount": ["The amount exceeds what is left to capture."]}
    assert (void.status, void.json["result"]) == (400, "failed")
    assert nothing.status == 400
    assert await merchant.children_of(payment) == [("paid", "4.000"), ("paid", "6.000")]
    assert (await merchant.transaction(payment))["state"] == "authorized"


@pytest.mark.parametrize(
    ("operation", "outcome", "accepted"),
    [
        ("cancel", None, True),
        ("cancel", "cod", True),
        ("cancel", "success", False),
        ("expire", "failed", True),
        ("expire", "cod", False),
        ("capture", "success", False),
        ("void", "success", False),
        ("refund", "authorized", False),
        ("refund", None, False),
    ],
)
async def test_each_operation_has_states_that_it_is_possible_in(
    merchant: Merchant, operation: str, outcome: str | None, *, accepted: bool
) -> None:
    payment = await merchant.checkout()
    if outcome:
        await merchant.pay(payment, outcome=outcome)
    before = await merchant.transaction(payment)

    reply = await merchant.operate(payment, operation)

    assert reply.json["result"] == ("success" if accepted else "failed")
    assert reply.status == (200 if accepted else 400)
    if not accepted:
        after = await merchant.transaction(payment)
        assert (after["state"], after["children"]) == (before["state"], before["children"])


async def test_deleting_a_paid_payment_hides_it_and_another_is_gone(merchant: Merchant) -> None:
    paid = await merchant.paid()
    created = await merchant.checkout()

    for payment in (paid, created):
        assert (await merchant.operate(payment, "delete")).json["result"] == "success"
        path = f"/b/checkout/v1/pymt-txn/{payment['session_id']}/"
        assert (await merchant.call("GET", path)).status == 404

    control = "/transactions/"
    assert (await merchant.control("GET", control + paid["session_id"])).status == 200
    assert (await merchant.control("GET", control + created["session_id"])).status == 404


async def test_a_tracking_key_acts_once_and_tells_the_latest_status(
    merchant: Merchant, clock: StoppedClock
) -> None:
    payment = await merchant.paid("10.000", "KWD", order_no="SBX-REFUND-REJECTED-1")

    queued = await merchant.refund(payment, "4", key="key-1")
    again = await merchant.refund(payment, "4", key="key-1")
    await clock.advance("24h")
    settled = await merchant.refund(payment, "4", key="key-1")

    assert [each.json["result"] for each in (queued, again, settled)] == [
        *("queued", "queued", "rejected"),
    ]
    assert settled.json["txn"]["state"] == "refund_rejected"
    assert await merchant.children_of(payment) == [("refund_rejected", "4.000")]


async def test_a_failed_operation_frees_its_tracking_key(merchant: Merchant) -> None:
    scenario = (
        "scenario: refund-later\noperations: {refund: [{result: failed}, {result: success}]}\n"
    )
    await merchant.control(
        "PUT", "/scenarios/refund-later", data=scenario.encode(), content_type="text/yaml"
    )
    payment = await merchant.paid(extra={"sandbox_scenario": "refund-later"})

    failed = await merchant.refund(payment, key="key-1")
    acted = await merchant.refund(payment, key="key-1")

    assert (failed.status, failed.json["result"]) == (400, "failed")
    assert failed.json["pg_response"]
    assert (acted.status, acted.json["result"]) == (200, "success")


async def test_a_queued_refund_holds_its_amount(merchant: Merchant, clock: StoppedClock) -> None:
    payment = await merchant.paid("10.000", "KWD", order_no="SBX-REFUND-QUEUED-1")
    await merchant.refund(payment, "8")

    assert (await merchant.refund(payment, "3")).status == 400
    await clock.advance("24h")

    assert await merchant.children_of(payment) == [("refunded", "8.000")]


async def test_an_api_key_makes_a_payment_that_a_user_refunds(
    operating: Merchant, receiver: Receiver
) -> None:
    # base64 of "huda:secret"
    user = operating.as_user("Basic aHVkYTpzZWNyZXQ=")
    payment = await operating.paid("10.000", "KWD")

    by_key = await operating.refund(payment, "1")
    by_user = await user.refund(payment, "2")
    await operating.control("POST", "/settle")

    assert "initiator" not in by_key.json
    assert by_user.json["initiator"]["username"] == "huda"
    assert receiver.payloads[-1]["initiator"]["username"] == "huda"


async def test_a_gateway_that_lacks_the_operation_refuses_it(merchant: Merchant) -> None:
    payment = await merchant.paid("10.000", "KWD", pg_codes=["hesabe"])

    reply = await merchant.refund(payment)

    assert reply.status == 400
    assert "does not support" in reply.json["detail"]


async def test_a_payment_in_a_foreign_currency_cannot_be_operated_on(merchant: Merchant) -> None:
    payment = await merchant.paid("10.00", "USD", pg_codes=["kpay"])

    assert "currency" in (await merchant.refund(payment)).json["detail"]


async def test_an_amount_with_too_many_digits_is_a_field_error(merchant: Merchant) -> None:
    payment = await merchant.paid("10.00", "SAR")

    reply = await merchant.refund(payment, "1.001")

    assert (reply.status, list(reply.json)) == (400, ["amount"])


async def test_a_refund_is_told_by_email_and_sms_and_resent_so_while_whatsapp_tells_paid(
    merchant: Merchant,
) -> None:
    payment = await merchant.paid(
        customer_email="noura@example.com",
        customer_phone="+96550000001",
        notifications=ALL_NOTIFICATIONS,
    )
    await merchant.refund(payment, "4")
    before = len(await merchant.messages())

    assert (await merchant.resend(payment, "email", "sms", "whatsapp")).status == 200

    resent = (await merchant.messages())[before:]
    assert [(each["channel"], each["event"]) for each in resent] == [
        ("email", "refunded"),
        ("sms", "refunded"),
        ("whatsapp", "paid"),
    ]
    assert "4.000" in resent[0]["text"]
    whatsapp = await merchant.messages(channel="whatsapp")
    assert {each["event"] for each in whatsapp} == {"created", "paid"}
