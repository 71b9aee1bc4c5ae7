"""Inquiries: what is answered, what the gateway is asked, and who is told of what it says."""

from collections.abc import Mapping

import pytest

from tests.http.merchant import ALL_NOTIFICATIONS, Merchant, StoppedClock
from tests.http.platform.inquiring import INQUIRY, checkout_playing, inquire, inquiries_of, pending
from tests.http.receiver import Receiver, signature_of

KEY = "sandbox-webhook-key"


async def test_a_paid_payment_is_answered_with_its_webhook_and_no_gateway_is_asked(
    merchant: Merchant, receiver: Receiver
) -> None:
    payment = await merchant.paid(order_no="BAZAAR-1", customer_email="noura@example.com")

    reply = await inquire(merchant, payment)

    assert reply.status == 200
    assert reply.json["signature"] == signature_of(reply.json, KEY)
    assert reply.json == receiver.payloads[0]
    assert await inquiries_of(merchant, payment) == []


@pytest.mark.parametrize("outcome", ["success", "authorized", "cod"])
async def test_what_has_succeeded_is_answered_at_once(merchant: Merchant, outcome: str) -> None:
    payment = await merchant.checkout()
    await merchant.pay(payment, outcome=outcome)

    reply = await inquire(merchant, payment)

    assert (reply.status, reply.json["state"]) == (
        200,
        {"success": "paid"}.get(outcome, outcome),
    )
    assert await inquiries_of(merchant, payment) == []


async def test_the_newest_payment_of_an_order_number_is_meant(merchant: Merchant) -> None:
    await merchant.paid("10.000", order_no="BAZAAR-1")
    await merchant.paid("12.000", order_no="BAZAAR-1")

    reply = await merchant.call("POST", INQUIRY, {"order_no": "BAZAAR-1"})

    assert (reply.status, reply.json["amount"]) == (200, "12.000")


@pytest.mark.parametrize("body", [{"session_id": "0" * 40}, {"order_no": "nobody-s"}])
async def test_an_unknown_payment_is_not_found(
    merchant: Merchant, body: Mapping[str, object]
) -> None:
    reply = await merchant.call("POST", INQUIRY, body)

    assert (reply.status, list(reply.json)) == (404, ["detail"])


async def test_a_deleted_payment_is_not_found(merchant: Merchant) -> None:
    payment = await merchant.paid()
    await merchant.operate(payment, "delete")

    assert (await inquire(merchant, payment)).status == 404


async def test_a_call_that_names_no_payment_is_a_wrong_one(merchant: Merchant) -> None:
    reply = await merchant.call("POST", INQUIRY, {"notify_webhook_url": True})

    assert (reply.status, list(reply.json)) == (400, ["non_field_errors"])


@pytest.mark.parametrize("state", ["created", "canceled", "invalided"])
async def test_a_state_that_no_gateway_knows_of_is_refused(merchant: Merchant, state: str) -> None:
    payment = await merchant.checkout()
    if state == "canceled":
        await merchant.operate(payment, "cancel")
    if state == "invalided":
        path = f"/transactions/{payment['session_id']}/trigger"
        await merchant.control("POST", path, {"event": "invalidate"})

    reply = await inquire(merchant, payment)

    assert (reply.status, reply.json["result"]) == (400, "failed")
    assert "nothing to inquire" in reply.json["detail"]


@pytest.mark.parametrize("body", [{"session_id": ["a"]}, {"order_no": {}}, {}])
async def test_without_validation_too_what_names_no_payment_is_not_found(
    merchant: Merchant, body: Mapping[str, object]
) -> None:
    await merchant.control("PATCH", "/settings", {"validation": "off"})

    assert (await merchant.call("POST", INQUIRY, body)).status == 404


async def test_a_form_asks_as_json_does(merchant: Merchant) -> None:
    payment = await merchant.paid()

    reply = await merchant.call(
        "POST",
        INQUIRY,
        data=f"session_id={payment['session_id']}&notify_webhook_url=true".encode(),
        headers={"Content-Type": "application/x-www-form-urlencoded"},
    )

    assert (reply.status, reply.json["state"]) == (200, "paid")
    assert len(await merchant.deliveries()) == 2


@pytest.mark.parametrize(
    ("found", "state", "result"),
    [
        ("success", "paid", "success"),
        ("authorized", "authorized", "success"),
        ("failed", "attempted", "failed"),
        ("canceled", "attempted", "canceled"),
        ("error", "attempted", "error"),
        ("pending", "pending", "pending"),
    ],
)
async def test_what_the_gateway_says_of_an_open_try_counts_and_is_told(
    merchant: Merchant, receiver: Receiver, found: str, state: str, result: str
) -> None:
    payment = await pending(merchant, f"[{{finds: {found}}}]")

    answer = (await inquire(merchant, payment)).json
    await merchant.control("POST", "/settle")

    assert (answer["state"], answer["result"]) == (state, result)
    assert receiver.payloads == ([] if found == "pending" else [answer])


async def test_a_success_that_is_found_is_told_to_the_payer_too(merchant: Merchant) -> None:
    payment = await pending(
        merchant,
        "[{finds: success}]",
        customer_email="noura@example.com",
        notifications={"email": ALL_NOTIFICATIONS["email"]},
    )

    await inquire(merchant, payment)

    assert [each["event"] for each in await merchant.messages()] == ["created", "paid"]
    assert await merchant.states_of(payment) == ["created", "pending", "paid"]


async def test_the_decline_that_is_found_has_the_gateways_code_and_words(
    merchant: Merchant,
) -> None:
    payment = await pending(
        merchant, '[{finds: failed, gateway_code: "51", message: Insufficient funds}]'
    )

    answer = (await inquire(merchant, payment)).json

    assert answer["message"] == "Insufficient funds"
    assert answer["pg_params"]["pg_message"] == "51 Insufficient funds"


@pytest.mark.parametrize("ended", ["failed", "canceled", "error"])
@pytest.mark.parametrize("several", [True, False])
async def test_a_success_after_a_try_that_had_failed_is_late_but_counts(
    merchant: Merchant, ended: str, *, several: bool
) -> None:
    payment = await checkout_playing(
        merchant,
        f"settings: {{multi_attempt: {str(several).lower()}}}\n"
        f"payment: [{{outcome: {ended}}}]\ninquiry: [{{finds: success}}]\n",
    )
    await merchant.pay(payment)

    assert (await inquire(merchant, payment)).json["state"] == "paid"


async def test_a_failure_found_of_a_try_that_had_ended_changes_nothing(
    merchant: Merchant, receiver: Receiver
) -> None:
    payment = await checkout_playing(
        merchant, "payment: [{outcome: canceled}]\ninquiry: [{finds: failed}]\n"
    )
    await merchant.pay(payment)

    answer = (await inquire(merchant, payment)).json
    await merchant.control("POST", "/settle")

    assert (answer["state"], answer["result"]) == ("attempted", "canceled")
    assert len(receiver.payloads) == 1


async def test_a_success_is_found_after_the_payment_has_expired(
    merchant: Merchant, clock: StoppedClock, receiver: Receiver
) -> None:
    payment = await pending(merchant, "[{finds: success}]", expiration_time="00:05:00")
    await clock.advance("12m")

    answer = (await inquire(merchant, payment)).json
    await merchant.control("POST", "/settle")

    assert await merchant.states_of(payment) == ["created", "pending", "expired", "paid"]
    assert receiver.payloads == [answer]


async def test_without_a_scenario_an_inquiry_finds_what_is_known(
    merchant: Merchant, clock: StoppedClock, receiver: Receiver
) -> None:
    payment = await merchant.checkout()
    await merchant.pay(payment, outcome="pending")
    await clock.advance("10m")

    answer = (await inquire(merchant, payment)).json

    assert (answer["state"], answer["result"]) == ("pending", "pending")
    assert [each["data"]["found"] for each in await inquiries_of(merchant, payment)] == ["pending"]
    assert receiver.payloads == []


async def test_a_payment_that_expired_untried_is_answered_as_it_is(
    merchant: Merchant, clock: StoppedClock
) -> None:
    payment = await merchant.checkout()
    await clock.advance("25h")

    assert (await inquire(merchant, payment)).json["state"] == "expired"


async def test_a_gateway_that_takes_no_inquiries_is_not_asked(
    merchant: Merchant, clock: StoppedClock
) -> None:
    payment = await pending(merchant, "[{finds: success}]", pg_codes=["paypal"])
    await clock.advance("1h")

    assert (await inquire(merchant, payment)).json["state"] == "pending"
    assert await inquiries_of(merchant, payment) == []
    assert "gateway_cannot_be_asked" in await merchant.findings()


async def test_another_gateway_that_was_tried_is_asked_when_the_newest_cannot_be(
    merchant: Merchant,
) -> None:
    payment = await checkout_playing(
        merchant,
        "payment: [{outcome: failed}]\ninquiry: [{finds: success}]\n",
        pg_codes=["credit-card", "paypal"],
    )
    await merchant.pay(payment, gateway="credit-card")
    await merchant.pay(payment, gateway="paypal")

    answer = (await inquire(merchant, payment)).json

    assert (answer["state"], answer["gateway_account"]) == ("paid", "credit-card")


async def test_the_webhook_is_sent_again_when_asked_for(
    merchant: Merchant, receiver: Receiver
) -> None:
    payment = await merchant.paid()

    answer = await inquire(merchant, payment, notify_webhook_url=True)
    await merchant.control("POST", "/settle")

    assert receiver.payloads == [answer.json, answer.json]
    kinds = [(each["kind"], each["event"]) for each in await merchant.deliveries()]
    assert kinds == [("payment", "paid")] * 2


async def test_the_webhook_of_a_refunded_payment_still_tells_that_it_was_paid(
    merchant: Merchant, receiver: Receiver
) -> None:
    payment = await merchant.paid("10.000")
    await merchant.refund(payment, "4.000")

    await inquire(merchant, payment, notify_webhook_url=True)
    await merchant.control("POST", "/settle")

    assert [each["event"] for each in await merchant.deliveries()] == ["paid", "paid"]
    assert receiver.payloads[-1]["refunded_amount"] == "4.000"


async def test_the_call_may_name_another_url_for_this_one_time(
    merchant: Merchant, receiver: Receiver
) -> None:
    payment = await merchant.paid()
    other = f"{receiver.url}/other"

    await inquire(merchant, payment, notify_webhook_url=True, webhook_url=other)

    assert [each["url"] for each in await merchant.deliveries()] == [receiver.url, other]


async def test_a_webhook_that_the_inquiry_itself_caused_is_not_doubled(
    merchant: Merchant, receiver: Receiver
) -> None:
    payment = await pending(merchant, "[{finds: success}]")
    other = f"{receiver.url}/other"

    await inquire(merchant, payment, notify_webhook_url=True, webhook_url=other)
    again = await pending(merchant, "[{finds: success}]")
    await inquire(merchant, again, notify_webhook_url=True)

    urls = [each["url"] for each in await merchant.deliveries()]
    assert urls == [receiver.url, other, receiver.url]


async def test_a_url_without_the_wish_to_be_told_is_not_called(
    merchant: Merchant, receiver: Receiver
) -> None:
    payment = await merchant.paid()

    await inquire(merchant, payment, webhook_url=f"{receiver.url}/other")

    assert len(await merchant.deliveries()) == 1
    assert "webhook_url_unused" in await merchant.findings()


async def test_a_webhook_that_nobody_can_be_sent_leaves_a_finding(merchant: Merchant) -> None:
    payment = await merchant.paid(webhook_url=None)

    reply = await inquire(merchant, payment, notify_webhook_url=True)

    assert reply.status == 200
    assert "notify_without_webhook" in await merchant.findings()


async def test_an_answer_is_of_the_current_form_when_webhooks_are_of_2022(
    merchant: Merchant, receiver: Receiver
) -> None:
    await merchant.control("PATCH", "/settings", {"webhook_version": "2022"})
    payment = await merchant.paid()

    answer = (await inquire(merchant, payment, notify_webhook_url=True)).json
    await merchant.control("POST", "/settle")

    assert "amount_details" in answer
    assert "total_paid_amount" in receiver.payloads[-1]


async def test_a_fault_of_the_call_is_a_scenarios_to_decide(merchant: Merchant) -> None:
    payment = await checkout_playing(
        merchant, "api: [{operation: inquiry, times: 1, fault: {status: 503}}]\n"
    )
    await merchant.pay(payment)

    assert (await inquire(merchant, payment)).status == 503
    assert (await inquire(merchant, payment)).status == 200
