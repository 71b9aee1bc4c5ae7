"""The invoice that a payer reads, and the way to it."""

import html
from collections.abc import Mapping
from typing import Any

import pytest

from tests.http.merchant import ALL_NOTIFICATIONS, Merchant
from tests.http.pages.payer import Page, Payer
from tests.http.platform.invoicing import LINE, issued


async def shown(payer: Payer, invoice: Mapping[str, Any], language: str = "en") -> Page:
    return await payer.open(f"{invoice['invoice_pdf_url']}&lang={language}")


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


async def test_a_due_day_in_the_past_passes_with_a_finding(
    merchant: Merchant, payer: Payer
) -> None:
    answer = await issued(merchant, due_date="2025-12-31")

    assert answer["status"] == "sent"
    assert await merchant.findings() == ["invoice_due_in_the_past"]
    assert "Overdue" in (await shown(payer, answer)).text
