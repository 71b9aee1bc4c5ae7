"""Messages to the payer: automatic and resent, provider failures, languages."""

from typing import Any

import pytest

from tests.http.merchant import ALL_NOTIFICATIONS, Merchant, StoppedClock

PAYER: dict[str, Any] = {
    "customer_email": "noura@example.com",
    "customer_phone": "+96550000001",
    "notifications": ALL_NOTIFICATIONS,
}


async def test_an_sms_outage_and_its_recovery(merchant: Merchant, clock: StoppedClock) -> None:
    payment = await merchant.checkout(
        **PAYER, extra={"sandbox_scenario": "sms-outage-then-recovery"}
    )

    first = await merchant.resend(payment, "sms", "email")
    second = await merchant.resend(payment, "sms")
    third = await merchant.resend(payment, "sms")
    await clock.advance("5s")

    assert first.status == second.status == 400
    assert first.json == {
        "session_id": payment["session_id"],
        "channels": "sms",
        "result": "failed",
    }
    assert (third.status, third.json) == (200, {"message": "Customer notified."})
    sms = await merchant.messages(channel="sms")
    assert [each["status"] for each in sms] == ["failed", "failed", "failed", "delivered"]
    assert [each["code"] for each in sms][:3] == ["30003"] * 3
    email = await merchant.messages(channel="email")
    assert [each["status"] for each in email] == ["delivered", "delivered"]


async def test_failing_channels_are_a_list_where_the_setting_says_so(merchant: Merchant) -> None:
    await merchant.control(
        "PATCH",
        "/settings",
        {
            "failure_channels": "list",
            "channels": {"sms": {"configured": False}, "whatsapp": {"configured": False}},
        },
    )
    payment = await merchant.checkout(**PAYER)

    reply = await merchant.resend(payment, "sms", "email", "whatsapp")

    assert reply.json["channels"] == ["sms", "whatsapp"]


async def test_after_an_update_a_resend_goes_to_the_new_contacts(merchant: Merchant) -> None:
    payment = await merchant.checkout(**PAYER)
    await merchant.call(
        "PATCH",
        f"/b/checkout/v1/pymt-txn/{payment['session_id']}",
        {"customer_email": "dana@example.com", "customer_phone": "+96550000002"},
    )

    await merchant.resend(payment, "email", "sms", "whatsapp")

    assert [each["to"] for each in await merchant.messages()] == [
        *("noura@example.com", "+96550000001", "+96550000001"),
        *("dana@example.com", "+96550000002", "+96550000002"),
    ]


async def test_a_channel_without_contact_or_event_is_a_field_error(merchant: Merchant) -> None:
    payment = await merchant.checkout(
        customer_email="noura@example.com", notifications={"email": ["paid"]}
    )

    reply = await merchant.resend(payment, "email", "sms")

    assert reply.status == 400
    assert len(reply.json["channels"]) == 2
    assert await merchant.messages() == []


@pytest.mark.parametrize(
    ("settings", "code"),
    [
        ({"whatsapp": {"configured": False}}, "not_configured"),
        ({"whatsapp": {"templates": {"created": "missing"}}}, "132001"),
        ({"whatsapp": {"templates": {"created": "paused"}}}, "132015"),
        ({"whatsapp": {"templates": {"created": "disabled"}}}, "132016"),
    ],
)
async def test_a_channel_that_is_not_set_up_fails(
    merchant: Merchant, settings: dict[str, Any], code: str
) -> None:
    await merchant.control("PATCH", "/settings", {"channels": settings})
    payment = await merchant.checkout(**PAYER)

    (message,) = await merchant.messages(channel="whatsapp")
    assert (message["status"], message["code"]) == ("failed", code)
    assert (await merchant.resend(payment, "whatsapp")).status == 400
    assert (await merchant.resend(payment, "email")).status == 200


async def test_magic_contacts_fail_as_they_say(merchant: Merchant) -> None:
    payment = await merchant.checkout(
        **{
            **PAYER,
            "customer_email": "mailboxfull.x2+noura@sandbox.example.com",
            "customer_phone": "+96500000302",
        }
    )

    replies = [await merchant.resend(payment, "email", "sms") for _ in range(2)]

    assert [each.status for each in replies] == [400, 200]
    email = await merchant.messages(channel="email")
    assert [(each["status"], each["code"]) for each in email] == [
        ("failed", "4.2.2"),
        ("failed", "4.2.2"),
        ("delivered", None),
    ]
    sms = await merchant.messages(channel="sms")
    assert [each["code"] for each in sms] == ["30003", "30003", None]


async def test_copies_go_to_the_email_recipients(merchant: Merchant) -> None:
    await merchant.checkout(**PAYER, email_recipients=["boss@example.com", "desk@example.com"])

    (email,) = await merchant.messages(channel="email")
    assert (email["to"], email["cc"]) == (
        "noura@example.com",
        ["boss@example.com", "desk@example.com"],
    )


@pytest.mark.parametrize("language", ["en", "ar"])
async def test_each_message_has_amount_order_and_link(merchant: Merchant, language: str) -> None:
    payment = await merchant.checkout(**PAYER, language=language, order_no="BAZAAR-77")

    for message in await merchant.messages():
        assert message["language"] == language
        assert "10.000" in message["text"]
        assert "BAZAAR-77" in message["text"]
        assert message["links"] == [payment["checkout_url"]]
    (email,) = await merchant.messages(channel="email")
    assert email["subject"]
    assert ('dir="rtl"' in email["html"]) == (language == "ar")


async def test_staff_make_payments_that_send_messages_too(merchant: Merchant) -> None:
    reply = await merchant.control("POST", "/transactions", {**merchant.checkout_body(), **PAYER})

    assert reply.status == 201, reply.body
    assert [each["channel"] for each in await merchant.messages()] == ["email", "sms", "whatsapp"]
    payment = reply.json
    assert (await merchant.resend(payment, "sms")).status == 200
