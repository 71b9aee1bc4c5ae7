"""Invoices: issued once, worked out to the last digit, paid through their own payment."""

import html
from collections.abc import Mapping
from typing import Any, Final

import aiohttp
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sandbox.server import Running
from tests.http.merchant import ALL_NOTIFICATIONS, CHECKOUT, Merchant, Reply
from tests.http.pages.payer import Page, Payer
from tests.http.receiver import Receiver

INVOICE: Final = "/b/invoice/v1/invoice/"
DATES: Final = {"sku": "DATE-500", "description": "Dates, 500 g", "quantity": "2"}
LINE: Final = {**DATES, "unit_price": "3.000", "tax_rate": "5", "currency_code": "KWD"}


def invoice_body(**fields: object) -> dict[str, object]:
    """Return the body of an invoice; a field of None is left out."""
    body: dict[str, object] = {
        "type": "payment_request",
        "currency_code": "KWD",
        "pg_codes": ["knet"],
        "due_date": "2026-01-31",
        "invoice_number": "INV-1",
        "invoice_items": [LINE],
    }
    return {name: value for name, value in {**body, **fields}.items() if value is not None}


async def issue(merchant: Merchant, **fields: object) -> Reply:
    return await merchant.call("POST", INVOICE, invoice_body(**fields))


async def issued(merchant: Merchant, **fields: object) -> dict[str, Any]:
    reply = await issue(merchant, **fields)
    assert reply.status == 201, reply.body
    answer: dict[str, Any] = reply.json
    return answer


@pytest.fixture
def payer(session: aiohttp.ClientSession, server: Running) -> Payer:
    return Payer(session, server.url)


async def shown(payer: Payer, invoice: Mapping[str, Any], language: str = "en") -> Page:
    return await payer.open(f"{invoice['invoice_pdf_url']}&lang={language}")


@pytest.mark.parametrize("mode", ["strict", "compatible", "off"])
async def test_a_new_invoice_is_answered_with_every_amount_worked_out(
    merchant: Merchant, mode: str
) -> None:
    await merchant.control("PATCH", "/settings", {"validation": mode})

    answer = await issued(merchant, company_name="Bazaar", customer_id="noura")

    (line,) = answer["invoice_items"]
    assert line == {
        **LINE,
        "id": 1,
        "invoice": 1,
        "tax_amount": "0.300",
        "total_excl_tax": "6.000",
        "total_incl_tax": "6.300",
    }
    assert {name: answer[name] for name in ("invoice_id", "status", "state", "company_name")} == {
        "invoice_id": 1,
        "status": "sent",
        "state": "created",
        "company_name": "Bazaar",
    }
    totals = ("amount", "subtotal", "total_excl_tax", "total_incl_tax")
    assert {answer[name] for name in totals} == {"6.300"}
    assert (answer["tax_amount"], answer["shipping_incl_tax"]) == ("0.000", "0.000")
    assert answer["customer_id"] == "noura"
    assert await merchant.findings() == []


async def test_discount_tax_and_shipping_of_the_whole_follow_the_lines(merchant: Merchant) -> None:
    answer = await issued(
        merchant,
        currency_code="SAR",
        pg_codes=["credit-card"],
        invoice_items=[{**DATES, "unit_price": "10.00", "discount_percentage": "12.5"}],
        discount_amount="1.50",
        tax_rate="15",
        shipping_excl_tax="8.00",
        shipping_tax_rate="15",
        shipping_method="Courier",
        subtotal="17.50",
        total_excl_tax="16.00",
        tax_amount="2.40",
        shipping_incl_tax="9.20",
        total_incl_tax="27.60",
        amount="27.60",
    )

    (line,) = answer["invoice_items"]
    assert (line["discount_percentage"], line["discount_amount"]) == ("12.5", "2.50")
    assert line["currency_code"] == "SAR"
    assert answer["amount"] == answer["payment_methods"][0]["amount"] == "27.60"
    assert (answer["shipping_excl_tax"], answer["shipping_method"]) == ("8.00", "Courier")


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ({"amount": "6.301"}, "6.300"),
        ({"total_incl_tax": "6"}, "6.300"),
        ({"total_excl_tax": "6.000"}, "6.300"),
        ({"subtotal": "6.000"}, "6.300"),
        ({"tax_amount": "0.300"}, "0.000"),
        ({"shipping_incl_tax": "0.001"}, "0.000"),
    ],
)
async def test_a_total_that_does_not_add_up_is_refused_with_the_right_one(
    merchant: Merchant, wrong: dict[str, str], right: str
) -> None:
    reply = await issue(merchant, **wrong)

    (name,) = wrong
    assert reply.status == 400
    assert reply.json == {name: [f"This does not add up: it comes to {right} KWD."]}


async def test_wrong_totals_of_lines_are_told_by_their_place(merchant: Merchant) -> None:
    reply = await issue(merchant, invoice_items=[LINE, {**LINE, "tax_amount": "0.301"}])

    assert reply.status == 400
    told = ["This does not add up: it comes to 0.300 KWD."]
    assert reply.json == {"invoice_items": [{}, {"tax_amount": told}]}


async def test_a_percentage_and_an_amount_of_discount_together_are_refused(
    merchant: Merchant,
) -> None:
    both = {"discount_amount": "1.000", "discount_percentage": "10"}

    of_whole = await issue(merchant, **both)
    of_line = await issue(merchant, invoice_items=[{**LINE, **both}])

    reason = "A discount is an amount or a percentage, not both."
    told = {name: [reason] for name in both}
    assert (of_whole.status, of_whole.json) == (400, told)
    assert (of_line.status, of_line.json) == (400, {"invoice_items": [told]})


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("quantity", "0"),
        ("quantity", "-1"),
        ("unit_price", "-0.001"),
        ("unit_price", "1.0001"),
        ("unit_price", "1234567890123456"),
        ("unit_price", "NaN"),
        ("tax_rate", "5.001"),
        ("tax_rate", "-5"),
        ("discount_percentage", "100.01"),
        ("discount_amount", "6.001"),
        ("sku", " "),
        ("description", ""),
    ],
)
async def test_a_line_with_an_impossible_figure_is_refused_at_its_place(
    merchant: Merchant, field: str, value: str
) -> None:
    reply = await issue(merchant, invoice_items=[{**LINE, field: value}])

    assert reply.status == 400
    assert [list(each) for each in reply.json["invoice_items"]] == [[field]]


@pytest.mark.parametrize(
    ("fields", "refused"),
    [
        ({"invoice_items": []}, "invoice_items"),
        ({"invoice_items": None}, "invoice_items"),
        ({"invoice_number": " "}, "invoice_number"),
        ({"due_date": "31/01/2026"}, "due_date"),
        ({"currency_code": "ZZZ"}, "currency_code"),
        ({"payment_type": "save_card", "customer_id": "noura"}, "payment_type"),
        ({"discount_percentage": "100"}, "amount"),
        ({"discount_amount": "6.301"}, "discount_amount"),
        ({"shipping_tax_rate": "1.555"}, "shipping_tax_rate"),
        ({"notifications": {"email": ["created"]}}, "notifications"),
        ({"pg_codes": ["mpgs-auth"]}, "pg_codes"),
        ({"pg_codes": ["knet", "mpgs-auth"]}, "pg_codes"),
    ],
)
async def test_what_no_invoice_can_be_is_a_field_error_and_makes_no_payment(
    merchant: Merchant, fields: dict[str, object], refused: str
) -> None:
    reply = await issue(merchant, **fields)

    assert reply.status == 400
    assert list(reply.json) == [refused]
    transactions = await merchant.control("GET", "/transactions")
    assert transactions.json["items"] == []


async def test_a_line_may_leave_its_currency_to_the_invoice(merchant: Merchant) -> None:
    line = {name: value for name, value in LINE.items() if name != "currency_code"}

    answer = await issued(merchant, invoice_items=[line])

    assert answer["invoice_items"][0]["currency_code"] == "KWD"


async def test_numbers_are_taken_as_the_platform_takes_them_with_a_finding(
    merchant: Merchant,
) -> None:
    line = {"sku": "A", "description": "B", "quantity": 1.111, "unit_price": 5.234}

    answer = await issued(merchant, invoice_items=[line])

    assert answer["amount"] == "5.815"
    assert set(await merchant.findings()) == {"amount_as_number"}


async def test_zeros_at_the_end_of_a_figure_change_nothing(merchant: Merchant) -> None:
    line = {**LINE, "unit_price": "3.0000", "tax_rate": "5.000", "tax_amount": "0.30"}

    answer = await issued(merchant, invoice_items=[line])

    assert answer["invoice_items"][0]["unit_price"] == "3.000"


async def test_a_number_is_used_once_only(merchant: Merchant) -> None:
    await issued(merchant)

    again = await issue(merchant)
    elsewhere = await issue(merchant.in_workspace("w2"))

    assert again.status == 400
    assert list(again.json) == ["invoice_number"]
    assert elsewhere.status == 201


async def test_an_instrument_is_refused_by_name(merchant: Merchant) -> None:
    card = {"instrument_type": "token", "payload": {"token": "tok-1"}}

    reply = await issue(merchant, payment_instrument=card)

    assert reply.status == 501
    assert "payment_instrument" in reply.json["detail"]
    assert "later version" in reply.json["detail"]


async def test_a_due_day_in_the_past_passes_with_a_finding(
    merchant: Merchant, payer: Payer
) -> None:
    answer = await issued(merchant, due_date="2025-12-31")

    assert answer["status"] == "sent"
    assert await merchant.findings() == ["invoice_due_in_the_past"]
    assert "Overdue" in (await shown(payer, answer)).text


async def test_an_invoice_is_paid_told_of_and_refunded_as_any_payment(
    merchant: Merchant, receiver: Receiver
) -> None:
    answer = await issued(
        merchant,
        order_no="A-1",
        customer_email="noura@example.com",
        notifications={"email": ["paid"]},
        webhook_url=receiver.url,
    )

    paid = await merchant.pay(answer, outcome="success")
    refunded = await merchant.refund(answer, "1.300")

    assert paid.json["state"] == "paid"
    assert refunded.status == 200
    assert await merchant.children_of(answer) == [("refunded", "1.300")]
    (delivery,) = await merchant.deliveries(event="paid")
    assert (delivery["event"], delivery["status"]) == ("paid", "delivered")
    (message,) = await merchant.messages()
    assert message["event"] == "paid"
    got = await merchant.call("GET", f"{CHECKOUT}{answer['session_id']}/")
    assert (got.json["amount"], got.json["order_no"]) == ("6.300", "A-1")


@pytest.mark.parametrize("method", ["PUT", "PATCH"])
@pytest.mark.parametrize("outcome", ["pending", "success"])
async def test_the_terms_of_an_invoice_are_immutable(
    merchant: Merchant, method: str, outcome: str
) -> None:
    answer = await issued(merchant)
    await merchant.pay(answer, outcome=outcome)
    body = merchant.checkout_body("9.000")

    reply = await merchant.call(method, f"{CHECKOUT}{answer['session_id']}/", body)

    assert reply.status == 400
    assert "immutable" in reply.json["detail"]
    got = await merchant.call("GET", f"{CHECKOUT}{answer['session_id']}/")
    assert got.json["amount"] == "6.300"


@pytest.mark.parametrize("language", ["en", "ar"])
async def test_the_created_messages_lead_to_the_invoice(
    merchant: Merchant, payer: Payer, language: str
) -> None:
    answer = await issued(
        merchant,
        language=language,
        customer_email="noura@example.com",
        customer_phone="+96550000000",
        notifications=ALL_NOTIFICATIONS,
    )

    messages = await merchant.messages(session_id=answer["session_id"])

    assert {each["channel"] for each in messages} == {"email", "sms", "whatsapp"}
    for each in messages:
        assert each["links"] == [answer["checkout_url"], answer["invoice_pdf_url"]]
        assert each["text"].endswith(answer["invoice_pdf_url"])
    (email,) = [each for each in messages if each["channel"] == "email"]
    assert html.escape(answer["invoice_pdf_url"]) in email["html"]
    assert (await payer.open(messages[0]["links"][1])).status == 200


async def test_the_page_shows_the_invoice_to_whoever_has_its_address(
    merchant: Merchant, payer: Payer
) -> None:
    answer = await issued(
        merchant,
        company_name="Bazaar & Sons",
        customer_first_name="Noura",
        invoice_items=[LINE, {**LINE, "discount_amount": "0.500", "description": "<b>Figs</b>"}],
        tax_rate="2.5",
        shipping_excl_tax="1.000",
        shipping_method="Courier",
    )

    page = await shown(payer, answer)

    assert page.status == 200
    assert page.heading == "Invoice INV-1"
    for words in (
        *("To be paid", "Bazaar & Sons, Noura", "2026-01-31", "<b>Figs</b>", "0.500 KWD"),
        *("Subtotal 12.075 KWD", "Tax (2.5%) 0.302 KWD", "Courier", "Total to pay 13.377 KWD"),
    ):
        assert words in page.text
    assert page.all("b") == []
    assert "script" not in page.headers["Content-Security-Policy"]
    (pay,) = [each for each in page.all("a") if each.text == "Go to the payment page"]
    assert (await payer.open(pay["href"])).heading == "Payment"


async def test_the_page_is_there_in_arabic_from_right_to_left(
    merchant: Merchant, payer: Payer
) -> None:
    answer = await issued(merchant, language="ar")

    page = await payer.open(answer["invoice_pdf_url"])

    (root,) = page.all("html")
    assert (root["lang"], root["dir"]) == ("ar", "rtl")
    assert page.heading == "فاتورة INV-1"
    assert page.all("bdi")


async def test_the_page_follows_the_payment(merchant: Merchant, payer: Payer) -> None:
    answer = await issued(merchant)
    await merchant.pay(answer, outcome="success")

    page = await shown(payer, answer)

    assert "Paid" in page.text
    assert "Go to the payment page" not in page.text


async def test_what_is_no_invoice_has_no_page(merchant: Merchant, payer: Payer) -> None:
    payment = await merchant.checkout()
    answer = await issued(merchant)
    await merchant.operate(answer, "delete")
    path = "/b/invoice/page/?session_id="

    for session_id in (payment["session_id"], answer["session_id"], "nothing", ""):
        assert (await payer.open(f"{path}{session_id}")).status == 404


async def test_a_scenario_is_found_by_the_amount_worked_out(merchant: Merchant) -> None:
    scenario = 'scenario: declines\nmatch: {amount: "6.300"}\npayment: [{outcome: failed}]\n'
    await merchant.control(
        "PUT", "/scenarios/declines", data=scenario.encode(), content_type="application/yaml"
    )

    answer = await issued(merchant)

    assert (await merchant.pay(answer)).json["state"] == "attempted"


_numbers = st.decimals(min_value=-1, max_value=10**6, places=3).map(str) | st.sampled_from(
    ["", "NaN", "1e3", "-0", "9" * 20, "0.0000000001", "٣"]
)
_names = st.sampled_from(
    [*("quantity", "unit_price", "tax_rate", "tax_amount", "discount_amount"), "total_incl_tax"]
)


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    line=st.dictionaries(_names, _numbers | st.integers() | st.none() | st.floats()),
    mode=st.sampled_from(["strict", "compatible", "off"]),
)
async def test_any_figures_are_worked_out_or_refused(
    merchant: Merchant, line: dict[str, object], mode: str
) -> None:
    await merchant.control("POST", "/reset")
    await merchant.control("PATCH", "/settings", {"validation": mode})

    reply = await issue(merchant, invoice_items=[{**LINE, **line}])

    assert reply.status in (201, 400), (reply.status, reply.body)
    if reply.status == 201:
        assert float(reply.json["amount"]) > 0
