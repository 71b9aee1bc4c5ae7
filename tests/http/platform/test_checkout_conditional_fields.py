"""Fields of checkout's answers that are there when they were asked for, and open when followed."""

import struct
import zlib
from collections.abc import Mapping
from typing import Any, Final

import pytest
import segno

from tests.http.merchant import CHECKOUT, Merchant, Reply
from tests.http.platform.charging import CUSTOMER, MASTERCARD, Charging

LINKS: Final[Mapping[str, str]] = {
    "generate_qr_code": "qr_code_url",
    "shortify_checkout_url": "checkout_short_url",
    "preload_checkout_page": "checkout_page_url",
    "include_sdk_setup_preload": "sdk_setup_preload_payload",
}
WRITE_ONLY: Final[dict[str, Any]] = {
    "unit_code": "airport-shop",
    "branding_options": {"payment_methods": {"knet": {"text": "No fees", "color": "#0a0"}}},
    **dict.fromkeys(LINKS, True),
}


async def opened(merchant: Merchant, url: str, method: str = "GET") -> Reply:
    assert url.startswith(merchant.url)
    return await merchant.call(method, url.removeprefix(merchant.url))


def modules_of(picture: bytes, scale: int = 8, border: int = 4) -> list[list[bool]]:
    """Read a black and white PNG as the modules of a QR code, dark ones true."""
    assert picture.startswith(b"\x89PNG\r\n\x1a\n")
    place, parts = 8, {b"IDAT": b""}
    while place < len(picture):
        (length,) = struct.unpack(">I", picture[place : place + 4])
        kind = picture[place + 4 : place + 8]
        parts[kind] = parts.get(kind, b"") + picture[place + 8 : place + 8 + length]
        place += length + 12
    width, height, depth = struct.unpack(">IIB", parts[b"IHDR"][:9])
    assert (width, depth) == (height, 1)
    rows = zlib.decompress(parts[b"IDAT"])
    stride = (width + 7) // 8 + 1
    assert len(rows) == stride * height
    count = width // scale - 2 * border

    def dark(row: int, column: int) -> bool:
        x, y = (column + border) * scale, (row + border) * scale
        assert rows[y * stride] in (0, 2)  # no filter, or the same as the row above
        return not rows[first_of(y) * stride + 1 + x // 8] >> (7 - x % 8) & 1

    def first_of(y: int) -> int:
        while rows[y * stride] == 2:
            y -= 1
        return y

    return [[dark(row, column) for column in range(count)] for row in range(count)]


async def test_what_nobody_asked_for_is_not_there(merchant: Merchant) -> None:
    payment = await merchant.checkout()

    assert not set(LINKS.values()) & payment.keys()
    assert "billing" not in payment


@pytest.mark.parametrize(("flag", "field"), LINKS.items())
async def test_each_flag_brings_its_field_in_every_answer_and_never_comes_back_itself(
    merchant: Merchant, flag: str, field: str
) -> None:
    asking: dict[str, Any] = {flag: True}
    made = await merchant.checkout(**asking)
    path = f"{CHECKOUT}{made['session_id']}/"

    read = (await merchant.call("GET", path)).json
    patched = (await merchant.call("PATCH", path, {"product_type": "shoes"})).json

    for answer in (made, read, patched):
        assert answer[field]
        assert flag not in answer
        assert not (set(LINKS.values()) - {field}) & answer.keys()


@pytest.mark.parametrize(
    ("flag", "field"), [each for each in LINKS.items() if each[0] != "preload_checkout_page"]
)
async def test_an_update_may_ask_for_it_and_take_it_back(
    merchant: Merchant, flag: str, field: str
) -> None:
    payment = await merchant.checkout()
    path = f"{CHECKOUT}{payment['session_id']}/"

    asked = (await merchant.call("PATCH", path, {flag: True})).json
    replaced = (await merchant.call("PUT", path, merchant.checkout_body())).json

    assert asked[field]
    assert field not in replaced


async def test_updates_neither_prepare_the_page_nor_take_it_back(merchant: Merchant) -> None:
    prepared = await merchant.checkout(preload_checkout_page=True)
    plain = await merchant.checkout()

    kept = await merchant.call(
        "PUT", f"{CHECKOUT}{prepared['session_id']}/", merchant.checkout_body()
    )
    asked = await merchant.call(
        "PATCH", f"{CHECKOUT}{plain['session_id']}/", {"preload_checkout_page": True}
    )

    assert kept.json["checkout_page_url"] == prepared["checkout_page_url"]
    assert "checkout_page_url" not in asked.json


async def test_write_only_fields_never_come_back(merchant: Merchant) -> None:
    payment = await merchant.checkout(pg_codes=["knet"], **WRITE_ONLY)
    path = f"{CHECKOUT}{payment['session_id']}/"

    read = (await merchant.call("GET", path)).json
    patched = (await merchant.call("PATCH", path, WRITE_ONLY)).json

    for answer in (payment, read, patched):
        assert not WRITE_ONLY.keys() & answer.keys()


async def test_other_fields_come_back_as_they_were_sent(merchant: Merchant) -> None:
    sent: dict[str, Any] = {
        "vendor_name": "Date Palm Bakery",
        "due_datetime": "2026-02-01T09:30:00Z",
        "loyalty": {"enabled": True},
        "card_acceptance_criteria": {"min_expiry_time": 45},
        "product_type": "bread",
        "agreement": {
            "id": "bread-weekly",
            "start_date": "01/02/2026",
            "expiry_date": "2027-01-31",
        },
        "customer_birthdate": "1990-05-17",
    }

    payment = await merchant.checkout(**sent)

    assert {name: payment[name] for name in sent} == sent


async def test_the_short_link_leads_to_the_payment_page(merchant: Merchant) -> None:
    payment = await merchant.checkout(shortify_checkout_url=True)

    reply = await opened(merchant, payment["checkout_short_url"])

    assert len(payment["checkout_short_url"]) < len(payment["checkout_url"]) - 30
    assert reply.status == 303
    assert merchant.url + reply.headers["Location"] == payment["checkout_url"]
    assert (await opened(merchant, payment["checkout_url"])).status == 200


@pytest.mark.parametrize("code", ["nonsense", "0" * 30, "0" * 31, "0" * 8 + "%C3%A9" * 22])
async def test_a_short_link_of_no_payment_is_a_page_that_says_so(
    merchant: Merchant, code: str
) -> None:
    reply = await opened(merchant, f"{merchant.url}/p/{code}")

    assert reply.status == 404
    assert b"<h1>" in reply.body


async def test_the_qr_code_opens_the_payment_page_when_scanned(merchant: Merchant) -> None:
    payment = await merchant.checkout(generate_qr_code=True)

    reply = await opened(merchant, payment["qr_code_url"])

    assert (reply.status, reply.headers["Content-Type"]) == (200, "image/png")
    expected = segno.make_qr(payment["checkout_url"]).matrix
    assert modules_of(reply.body) == [[bool(each) for each in row] for row in expected]


async def test_the_links_of_a_deleted_payment_open_nothing(merchant: Merchant) -> None:
    payment = await merchant.checkout(generate_qr_code=True, shortify_checkout_url=True)
    await merchant.operate(payment, "delete")

    for field in ("qr_code_url", "checkout_short_url"):
        assert (await opened(merchant, payment[field])).status == 404


async def test_every_redirect_url_opens_with_its_gateway_chosen(merchant: Merchant) -> None:
    payment = await merchant.checkout(pg_codes=["knet", "credit-card", "tabby"])

    for method in payment["payment_methods"]:
        page = await opened(merchant, method["redirect_url"])
        chosen = f'value="{method["code"]}" checked'
        assert page.status == 200
        assert chosen.encode() in page.body


async def test_branding_comes_back_with_its_method(merchant: Merchant) -> None:
    branding = {
        "knet": {"text": "No fees", "color": "#0a0"},
        "tabby": {"text": "Pay later", "color": "#00FF00", "font_weight": 400},
        "never-offered": {"text": "?", "color": "#000"},
    }

    payment = await merchant.checkout(
        pg_codes=["knet", "tabby", "credit-card"], branding_options={"payment_methods": branding}
    )

    assert [each.get("branding_options") for each in payment["payment_methods"]] == [
        {"text": "No fees", "color": "#0a0", "font_weight": 700},
        {"text": "Pay later", "color": "#00FF00", "font_weight": 400},
        None,
    ]


async def preload_of(merchant: Merchant, payment: Mapping[str, Any]) -> dict[str, Any]:
    reply = await merchant.call("GET", f"{CHECKOUT}{payment['session_id']}/")
    preload: dict[str, Any] = reply.json["sdk_setup_preload_payload"]
    return preload


async def test_the_sdk_gets_each_method_where_it_belongs(merchant: Merchant) -> None:
    payment = await merchant.checkout(
        "20.000",
        pg_codes=["credit-card", "knet-fee", "apple-pay", "tamara", "stc_pay"],
        include_sdk_setup_preload=True,
        customer_id=CUSTOMER,
        customer_phone="+96550000001",
        expiration_time="02:00:00",
        language="ar",
    )

    preload = payment["sdk_setup_preload_payload"]

    def codes(name: str) -> list[tuple[str, str]]:
        return [(each["flow"], each["code"]) for each in preload[name]]

    assert codes("payment_methods") == [("redirect", "credit-card"), ("redirect", "knet-fee")]
    assert codes("flex_methods") == [("redirect", "tamara")]
    assert codes("payment_services") == [
        ("apple_pay", "credit-card"),
        ("google_pay", "credit-card"),
        ("samsung_pay", "credit-card"),
        ("stc_pay", "stc_pay"),
    ]
    assert (preload["customer_id"], preload["customer_phone"]) == (CUSTOMER, "+96550000001")
    assert preload["expiration_time"] == "2026-01-01T02:00:00Z"
    assert (preload["language"], preload["state"]) == ("ar", "created")
    assert (preload["cards"], preload["response"], preload["sdk_studio"]) == ([], {}, {})
    assert preload["billing"].startswith("20.000 KWD; ")


async def test_the_sdk_gets_the_saved_cards_that_can_pay(merchant: Merchant) -> None:
    charging = Charging(merchant)
    visa = await charging.saved()
    await charging.saved(MASTERCARD, pg_codes=["tap"])
    await charging.saved(customer_id="somebody-else")
    ends_soon = await merchant.checkout(customer_id=CUSTOMER)
    await merchant.pay(ends_soon, card=MASTERCARD, card_expiry="03/26", save_card=True)

    payment = await merchant.checkout(
        customer_id=CUSTOMER,
        card_acceptance_criteria={"min_expiry_time": 180},
        include_sdk_setup_preload=True,
    )

    cards = payment["sdk_setup_preload_payload"]["cards"]
    assert [each["token"] for each in cards] == [visa["token"]]


@pytest.mark.parametrize(
    ("outcome", "status"),
    [
        ("failed", "error"),
        ("canceled", "canceled"),
        ("pending", "pending"),
        ("success", "success"),
        ("cod", "success"),
    ],
)
async def test_the_sdk_learns_how_the_newest_attempt_ended(
    merchant: Merchant, outcome: str, status: str
) -> None:
    payment = await merchant.checkout(include_sdk_setup_preload=True)
    await merchant.pay(payment, outcome=outcome)

    assert (await preload_of(merchant, payment))["response"]["status"] == status


@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_the_cancel_url_cancels_the_payment(merchant: Merchant, method: str) -> None:
    payment = await merchant.checkout(include_sdk_setup_preload=True)

    reply = await opened(
        merchant, payment["sdk_setup_preload_payload"]["cancel_url"], method=method
    )

    assert reply.status == 303
    assert "summary" in reply.headers["Location"]
    assert (await merchant.transaction(payment))["state"] == "canceled"
    assert (await merchant.pay(payment)).status == 409


async def test_the_cancel_url_leaves_a_paid_payment_paid(merchant: Merchant) -> None:
    payment = await merchant.paid(include_sdk_setup_preload=True)

    cancel_url = (await preload_of(merchant, payment))["cancel_url"]
    assert (await opened(merchant, cancel_url)).status == 303

    assert (await merchant.transaction(payment))["state"] == "paid"
