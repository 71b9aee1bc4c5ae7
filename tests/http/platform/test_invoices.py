"""Invoices: issued once, worked out to the last digit, paid through their own payment."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.http.merchant import CHECKOUT, Merchant
from tests.http.platform.invoicing import DATES, LINE, issue, issued
from tests.http.receiver import Receiver


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
