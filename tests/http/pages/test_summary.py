"""How a payment stands, in words."""

import pytest

from tests.http.merchant import Merchant
from tests.http.pages.payer import START, SUMMARY, Payer


@pytest.mark.parametrize(
    ("outcome", "heading"),
    [
        ("success", "Payment received"),
        ("failed", "Payment not completed"),
        ("pending", "Payment in progress"),
        ("cod", "Cash on delivery"),
        ("authorized", "Amount reserved"),
    ],
)
async def test_the_state_is_told_in_words(
    merchant: Merchant, payer: Payer, outcome: str, heading: str
) -> None:
    payment = await merchant.checkout("10.000", "KWD", order_no="A-1")
    await payer.pay(payment, outcome=outcome)

    page = await payer.summary(payment)

    assert page.status == 200
    assert page.heading == heading
    assert "10.000 KWD" in page.text
    assert "A-1" in page.text
    assert payment["session_id"] in page.text


async def test_a_declined_payment_offers_another_try(merchant: Merchant, payer: Payer) -> None:
    payment = await merchant.checkout(redirect_url="https://shop.example.com/back")
    await payer.pay(payment, outcome="failed")

    summary = await payer.summary(payment)
    (again,) = [each for each in summary.all("a") if each["href"].startswith(START)]
    page = await payer.open(again["href"])

    assert again.text == "Try again"
    assert summary.all("a", href="https://shop.example.com/back")
    assert page.heading == "Payment"
    assert "The last attempt ended: Declined" in page.text


async def test_a_paid_payment_offers_no_other_try(merchant: Merchant, payer: Payer) -> None:
    payment = await merchant.checkout()
    await payer.pay(payment, outcome="success")

    summary = await payer.summary(payment)

    assert not [each for each in summary.all("a") if each["href"].startswith(START)]


async def test_every_attempt_is_listed(merchant: Merchant, payer: Payer) -> None:
    payment = await merchant.checkout(pg_codes=["knet", "standard"])
    await payer.pay(payment, gateway="knet", outcome="failed")
    await payer.pay(payment, gateway="standard", outcome="success")

    attempts = [each.text.split() for each in (await payer.summary(payment)).all("li")]

    assert [each[:3] for each in attempts] == [
        ["Attempt", "1", "Declined"],
        ["Attempt", "2", "Successful"],
    ]
    assert "KNET" in attempts[0]


async def test_refunds_are_listed(merchant: Merchant, payer: Payer) -> None:
    payment = await merchant.checkout("10.000", "KWD")
    await payer.pay(payment, outcome="success")
    await merchant.refund(payment, "4.000")

    summary = await payer.summary(payment)

    assert "Refunded 4.000 KWD" in summary.text
    assert summary.all("li")[-1].text.split()[:3] == ["Refunded", "4.000", "KWD"]


async def test_the_summary_speaks_arabic(merchant: Merchant, payer: Payer) -> None:
    payment = await merchant.checkout(language="ar")
    await payer.pay(payment, outcome="success")

    page = await payer.summary(payment)

    (root,) = page.all("html")
    assert (root["lang"], root["dir"]) == ("ar", "rtl")
    assert page.heading == "تم استلام الدفعة"


async def test_an_unknown_payment_has_no_summary(payer: Payer) -> None:
    page = await payer.open(f"{SUMMARY}?session_id={'0' * 40}")

    assert page.status == 404
