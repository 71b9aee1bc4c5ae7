"""Checkout through the front door: make, read, change."""

import pytest

from tests.http.merchant import ALL_NOTIFICATIONS, CHECKOUT, Merchant

SEED_CHECKOUT = {
    "type": "payment_request",
    "pg_codes": ["credit_card"],
    "amount": "22",
    "currency_code": "SAR",
    "order_no": "example_order_no",
    "customer_email": "example@example.com",
    "customer_phone": "123456789",
    "notifications": {
        "email": ALL_NOTIFICATIONS["email"],
        "SMS": ALL_NOTIFICATIONS["sms"],
        "whatsapp": ALL_NOTIFICATIONS["whatsapp"],
    },
}


async def test_the_published_checkout_is_answered_as_published(merchant: Merchant) -> None:
    reply = await merchant.call("POST", CHECKOUT, SEED_CHECKOUT)

    assert reply.status == 201
    answer = reply.json
    assert len(answer["session_id"]) == 40
    assert int(answer["session_id"], 16) >= 0
    assert answer["amount"] == "22.00"
    assert answer["state"] == "created"
    assert answer["checkout_url"] == (
        f"{merchant.url}/b/checkout/redirect/start/?session_id={answer['session_id']}"
    )
    assert [each["code"] for each in answer["payment_methods"]] == ["credit_card"]


async def test_the_published_resend_reaches_every_channel(merchant: Merchant) -> None:
    await merchant.call("POST", CHECKOUT, SEED_CHECKOUT)

    reply = await merchant.call(
        "POST",
        "/b/pbl/v2/message-notification/",
        {"order_no": "example_order_no", "channels": ["sms", "email", "whatsapp"]},
    )

    assert (reply.status, reply.json) == (200, {"message": "Customer notified."})
    sent = [(each["channel"], each["to"], each["event"]) for each in await merchant.messages()]
    created = [
        ("email", "example@example.com", "created"),
        ("sms", "123456789", "created"),
        ("whatsapp", "123456789", "created"),
    ]
    assert sorted(sent) == sorted(created * 2)


@pytest.mark.parametrize("slash", ["", "/"])
async def test_a_payment_is_read_with_and_without_the_trailing_slash(
    merchant: Merchant, slash: str
) -> None:
    payment = await merchant.checkout(order_no="BAZAAR-1")

    reply = await merchant.call("GET", f"{CHECKOUT}{payment['session_id']}{slash}")

    assert reply.status == 200
    assert reply.json == payment


@pytest.mark.parametrize(
    ("currency", "written", "answered"),
    [("KWD", "1", "1.000"), ("SAR", "22", "22.00"), ("JPY", "500", "500"), ("USD", "0.5", "0.50")],
)
async def test_amounts_come_back_with_the_digits_of_their_currency(
    merchant: Merchant, currency: str, written: str, answered: str
) -> None:
    assert (await merchant.checkout(written, currency))["amount"] == answered


async def test_a_patch_changes_only_what_it_names(merchant: Merchant) -> None:
    payment = await merchant.checkout(order_no="BAZAAR-2", customer_first_name="Noura")

    reply = await merchant.call(
        "PATCH", f"{CHECKOUT}{payment['session_id']}", {"amount": "12.5", "product_type": "shoes"}
    )

    assert reply.status == 200
    assert reply.json == {
        **payment,
        "amount": "12.500",
        "product_type": "shoes",
        "payment_methods": [{**payment["payment_methods"][0], "amount": "12.500"}],
    }


async def test_a_put_replaces_all_terms(merchant: Merchant) -> None:
    payment = await merchant.checkout(order_no="BAZAAR-3", customer_first_name="Noura")

    body = merchant.checkout_body("5", "KWD", order_no="BAZAAR-4")
    reply = await merchant.call("PUT", f"{CHECKOUT}{payment['session_id']}/", body)

    assert reply.status == 200
    assert reply.json["order_no"] == "BAZAAR-4"
    assert "customer_first_name" not in reply.json
    assert reply.json["session_id"] == payment["session_id"]


async def test_a_completed_payment_is_not_changed_any_more(merchant: Merchant) -> None:
    payment = await merchant.paid()

    reply = await merchant.call("PATCH", f"{CHECKOUT}{payment['session_id']}", {"amount": "1"})

    assert reply.status == 400
    assert "paid" in reply.json["detail"]


async def test_a_payment_expires_when_its_time_is_up(merchant: Merchant) -> None:
    short = await merchant.checkout(expiration_time="00:30:00")
    default = await merchant.checkout()

    await merchant.clock.advance("30m")
    assert (await merchant.transaction(short))["state"] == "expired"
    assert (await merchant.transaction(default))["state"] == "created"

    await merchant.clock.advance("23h30m")
    assert (await merchant.transaction(default))["state"] == "expired"


@pytest.mark.parametrize("written", ["1 02:00:00", "PT26H", "26h", "1d2h"])
async def test_every_notation_of_a_duration_sets_the_expiry(
    merchant: Merchant, written: str
) -> None:
    payment = await merchant.checkout(expiration_time=written)

    await merchant.clock.advance("25h59m")
    assert (await merchant.transaction(payment))["state"] == "created"
    await merchant.clock.advance("1m")
    assert (await merchant.transaction(payment))["state"] == "expired"


async def test_the_newest_payment_of_an_order_number_is_meant(merchant: Merchant) -> None:
    await merchant.checkout(order_no="BAZAAR-5")
    newer = await merchant.checkout(order_no="BAZAAR-5")

    await merchant.call(
        "POST", "/b/pbl/v2/operation/", {"order_no": "BAZAAR-5", "operation": "cancel"}
    )

    assert (await merchant.transaction(newer))["state"] == "canceled"


async def test_extra_is_echoed_and_is_no_finding(merchant: Merchant) -> None:
    payment = await merchant.checkout(extra={"flight": "KU-101"})

    assert payment["extra"] == {"flight": "KU-101"}
    assert await merchant.findings() == []


async def test_an_undeclared_field_is_let_through_with_the_nearest_name(
    merchant: Merchant,
) -> None:
    payment = await merchant.checkout(shopping_address={"city": "Kuwait"})

    assert "shopping_address" not in payment
    (finding,) = (await merchant.control("GET", "/findings")).json["items"]
    assert finding["code"] == "undeclared_field"
    assert "shipping_address" in finding["hint"]


async def test_forms_and_multipart_are_read_as_json_is(merchant: Merchant) -> None:
    form = (
        b"type=payment_request&pg_codes[0]=knet&pg_codes[1]=credit-card&amount=3&currency_code=KWD"
        b"&notifications.email=created&customer_email=noura%40example.com&extra[k]=lost"
    )
    reply = await merchant.call(
        "POST",
        CHECKOUT,
        data=form,
        headers={"Content-Type": "application/x-www-form-urlencoded"},
    )
    assert reply.status == 201, reply.body
    assert reply.json["pg_codes"] == ["knet", "credit-card"]
    assert reply.json["notifications"] == {"email": ["created"]}
    assert "extra" not in reply.json
    assert "dropped_form_field" in await merchant.findings()

    parts = "".join(
        f'--b\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in (
            ("type", "e_commerce"),
            ("pg_codes", "knet"),
            ("amount", "3.5"),
            ("currency_code", "KWD"),
        )
    )
    multipart = await merchant.call(
        "POST",
        CHECKOUT,
        data=f"{parts}--b--\r\n".encode(),
        headers={"Content-Type": "multipart/form-data; boundary=b"},
    )
    assert multipart.status == 201, multipart.body
    assert multipart.json["amount"] == "3.500"
