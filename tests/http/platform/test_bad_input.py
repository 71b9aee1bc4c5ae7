"""Bad input: a clear answer, nothing lost, never a 500."""

import pytest

from tests.http.merchant import CHECKOUT, OPERATION, RESEND, Merchant

BODY = b'{"type": "payment_request", "pg_codes": ["knet"], "amount": "1", "currency_code": "KWD"%s}'


@pytest.mark.parametrize(
    "data",
    [
        b"not JSON",
        b"[1, 2]",
        b"12",
        b'"text"',
        b"[" * 100 + b"]" * 100,
        b'{"extra": ' * 100 + b"1" + b"}" * 100,
        b'{"amount": "\xff\xfe"}',
        b'{"amount": NaN}',
        b'{"amount": Infinity}',
        BODY % b', "order_no": "a\\u0000b"',
        BODY % b', "order_no": "a\x00b"',
        b'{"amount": ' + b"9" * 5000 + b"}",
    ],
)
async def test_a_body_that_cannot_be_used_is_a_400_and_makes_nothing(
    merchant: Merchant, data: bytes
) -> None:
    reply = await merchant.call(
        "POST", CHECKOUT, data=data, headers={"Content-Type": "application/json"}
    )

    assert reply.status == 400
    assert reply.json
    assert (await merchant.control("GET", "/transactions")).json["count"] == 0


async def test_a_body_of_6_mb_is_a_413(merchant: Merchant) -> None:
    data = BODY % (b', "product_type": "' + b"x" * 6_000_000 + b'"')

    reply = await merchant.call(
        "POST", CHECKOUT, data=data, headers={"Content-Type": "application/json"}
    )

    assert reply.status == 413
    assert "bytes" in reply.json["detail"]


@pytest.mark.parametrize(
    "amount",
    ["-1", "0", "1.2345", "", "NaN", "Infinity", ["1"], {"a": 1}, "1" * 40, True, "1,5", " "],
)
async def test_an_amount_that_is_none_is_a_field_error(merchant: Merchant, amount: object) -> None:
    reply = await merchant.call("POST", CHECKOUT, merchant.checkout_body(amount=amount))  # type: ignore[arg-type]

    assert reply.status == 400
    assert list(reply.json) == ["amount"]


@pytest.mark.parametrize("amount", [12.5, 7, "1e3", "١٢"])
async def test_odd_notations_of_an_amount_pass_with_a_finding(
    merchant: Merchant, amount: object
) -> None:
    reply = await merchant.call("POST", CHECKOUT, merchant.checkout_body(amount=amount))  # type: ignore[arg-type]

    assert reply.status == 201, reply.body
    assert (await merchant.findings())[0] in ("amount_as_number", "amount_notation")


@pytest.mark.parametrize("amount", [12.5, "1e3", "١٢"])
async def test_strict_mode_refuses_odd_notations(merchant: Merchant, amount: object) -> None:
    await merchant.control("PATCH", "/settings", {"validation": "strict"})

    reply = await merchant.call("POST", CHECKOUT, merchant.checkout_body(amount=amount))  # type: ignore[arg-type]

    assert reply.status == 400
    assert list(reply.json) == ["amount"]


async def test_all_violations_of_a_body_are_told_at_once(merchant: Merchant) -> None:
    reply = await merchant.call(
        "POST",
        CHECKOUT,
        {
            "type": "auction",
            "pg_codes": [],
            "amount": "1.2345",
            "currency_code": "KWD",
            "customer_email": "nobody",
            "redirect_url": "ftp://shop.example.com",
            "webhook_url": "http://169.254.169.254/latest",
            "expiration_time": "soon",
            "notifications": {"sms": ["born"]},
        },
    )

    assert reply.status == 400
    assert set(reply.json) == {
        *("type", "pg_codes", "amount", "customer_email", "redirect_url"),
        *("webhook_url", "expiration_time", "notifications"),
    }


@pytest.mark.parametrize(
    ("path", "body", "field"),
    [
        (CHECKOUT, {"currency_code": "ZZZ"}, "currency_code"),
        (CHECKOUT, {"redirect_url": "http://a.example.com/\r\nSet-Cookie: a=b"}, "redirect_url"),
        (CHECKOUT, {"webhook_url": "gopher://a.example.com"}, "webhook_url"),
        (CHECKOUT, {"webhook_url": "http://[fe80::1]/hook"}, "webhook_url"),
    ],
)
async def test_a_wrong_field_is_named(
    merchant: Merchant, path: str, body: dict[str, object], field: str
) -> None:
    reply = await merchant.call("POST", path, {**merchant.checkout_body(), **body})

    assert reply.status == 400
    assert list(reply.json) == [field]


async def test_an_unknown_channel_or_operation_is_a_field_error(merchant: Merchant) -> None:
    payment = await merchant.checkout()

    notified = await merchant.resend(payment, "pigeon")
    operated = await merchant.operate(payment, "explode")

    assert notified.status == 400
    assert list(notified.json) == ["channels"]
    assert operated.status == 400
    assert list(operated.json) == ["operation"]


async def test_a_session_of_another_workspace_is_not_here(merchant: Merchant) -> None:
    payment = await merchant.checkout(order_no="BAZAAR-6")
    stranger = merchant.in_workspace("other")

    by_path = await stranger.call("GET", f"{CHECKOUT}{payment['session_id']}/")
    by_body = await stranger.operate(payment, "cancel")
    by_order = await stranger.call("POST", RESEND, {"order_no": "BAZAAR-6", "channels": ["email"]})

    assert by_path.status == 404
    assert (by_body.status, list(by_body.json)) == (400, ["session_id"])
    assert (by_order.status, list(by_order.json)) == (400, ["order_no"])


@pytest.mark.parametrize(
    "path", ["/b//checkout/v1/pymt-txn/", "/b/checkout/../checkout/v1/pymt-txn/", "/nothing", "/b"]
)
async def test_an_unknown_path_is_a_404(merchant: Merchant, path: str) -> None:
    reply = await merchant.call("POST", path, {})

    assert reply.status == 404
    assert reply.json["detail"]


async def test_a_wrong_method_is_a_405_that_says_which_are_right(merchant: Merchant) -> None:
    reply = await merchant.call("DELETE", CHECKOUT)

    assert reply.status == 405
    assert reply.headers["Allow"] == "POST"


async def test_another_content_type_is_a_415(merchant: Merchant) -> None:
    reply = await merchant.call(
        "POST", CHECKOUT, data=b"<a/>", headers={"Content-Type": "text/xml"}
    )

    assert reply.status == 415
    assert "text/xml" in reply.json["detail"]


async def test_an_unlisted_gateway_is_a_field_error_where_only_listed_ones_count(
    merchant: Merchant,
) -> None:
    await merchant.control("PATCH", "/settings", {"gateways": "listed"})

    reply = await merchant.call(
        "POST", CHECKOUT, {**merchant.checkout_body(), "pg_codes": ["knet", "my-bank"]}
    )

    assert reply.status == 400
    assert "my-bank" in reply.json["pg_codes"][0]


async def test_an_unlisted_gateway_stands_for_a_generic_one(merchant: Merchant) -> None:
    payment = await merchant.checkout(pg_codes=["my-bank"])

    assert (await merchant.pay(payment)).json["state"] == "paid"
    assert (await merchant.refund(payment)).status == 200
    assert "unknown_gateway" in await merchant.findings()


async def test_operations_need_a_name_of_the_payment(merchant: Merchant) -> None:
    reply = await merchant.call("POST", OPERATION, {"operation": "cancel"})

    assert reply.status == 400
    assert list(reply.json) == ["non_field_errors"]
