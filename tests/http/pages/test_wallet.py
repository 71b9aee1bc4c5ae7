"""The payer's wallet on the payment page."""

from tests.http.merchant import Merchant
from tests.http.pages.payer import START, Payer

CUSTOMER = "noura-77"


async def holds(merchant: Merchant, amount: str) -> None:
    body = {"customer_id": CUSTOMER, "currency": "KWD", "amount": amount}
    assert (await merchant.control("POST", "/wallets", body)).status == 201


async def test_the_page_shows_what_the_wallet_has_and_pays_from_it(
    merchant: Merchant, payer: Payer
) -> None:
    await holds(merchant, "4.000")
    payment = await merchant.checkout(customer_id=CUSTOMER)

    page = await payer.open(f"{START}?session_id={payment['session_id']}")
    await payer.pay(payment, use_wallet="yes")

    (box,) = page.all("input", name="use_wallet")
    (label,) = page.all("label", **{"for": box["id"]})
    assert "4.000" in label.text
    assert "checked" not in box.attributes
    timeline = (await merchant.transaction(payment))["timeline"]
    booked = [each["text"] for each in timeline if each["kind"] == "wallet"]
    assert booked[-1] == "The wallet booked `debit_payment`: 4.000 KWD."


async def test_the_wallet_is_hidden_where_it_cannot_pay(merchant: Merchant, payer: Payer) -> None:
    await holds(merchant, "4.000")
    payments = [
        await merchant.checkout(),
        await merchant.checkout(customer_id="somebody-else"),
        await merchant.checkout("10.00", "SAR", customer_id=CUSTOMER),
        await merchant.checkout(customer_id=CUSTOMER, pg_codes=["mpgs-auth"]),
    ]

    for payment in payments:
        page = await payer.open(f"{START}?session_id={payment['session_id']}")
        assert page.all("input", name="use_wallet") == []

    served = await merchant.checkout(customer_id=CUSTOMER)
    await merchant.control("PATCH", "/settings", {"wallet": False})
    page = await payer.open(f"{START}?session_id={served['session_id']}")
    assert page.all("input", name="use_wallet") == []


async def test_a_wallet_that_cannot_pay_is_told_on_the_page(
    merchant: Merchant, payer: Payer
) -> None:
    await holds(merchant, "4.000")
    payment = await merchant.checkout(customer_id=CUSTOMER)

    page = await payer.pay(payment, use_wallet="yes", outcome="authorized")

    assert page.status == 400
    assert "The wallet cannot pay this." in page.text
    assert (await merchant.transaction(payment))["state"] == "created"


async def test_who_leaves_the_page_takes_nothing_from_the_wallet(
    merchant: Merchant, payer: Payer
) -> None:
    await holds(merchant, "4.000")
    payment = await merchant.checkout(customer_id=CUSTOMER)

    await payer.pay(payment, use_wallet="yes", outcome="canceled")

    timeline = (await merchant.transaction(payment))["timeline"]
    assert "wallet" not in [each["kind"] for each in timeline]
