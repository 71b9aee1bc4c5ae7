"""The payer's wish that a card be kept, on the payment page."""

from typing import Any

from tests.http.merchant import Merchant
from tests.http.pages.payer import Payer

CUSTOMER = "noura-77"


async def cards_of(merchant: Merchant) -> list[dict[str, Any]]:
    body = {"type": "sandbox", "customer_id": CUSTOMER}
    cards: list[dict[str, Any]] = (await merchant.call("POST", "/b/pbl/v2/card/", body)).json
    return cards


async def test_the_page_asks_where_a_card_can_be_kept(merchant: Merchant, payer: Payer) -> None:
    payment = await merchant.checkout(
        customer_id=CUSTOMER, pg_codes=["knet", "credit-card", "never-heard-of"]
    )

    page = await payer.open(payment["checkout_url"])

    assert [each["name"] for each in page.all("input", type="checkbox")] == ["save_1", "save_2"]


async def test_without_a_customer_nobody_is_asked(merchant: Merchant, payer: Payer) -> None:
    payment = await merchant.checkout()

    page = await payer.open(payment["checkout_url"])

    assert page.all("input", type="checkbox") == []


async def test_a_ticked_card_is_saved(merchant: Merchant, payer: Payer) -> None:
    payment = await merchant.checkout(customer_id=CUSTOMER, pg_codes=["knet", "credit-card"])

    await payer.pay(payment, gateway="credit-card", card="4242 4242 4242 4242", save_1="yes")

    (card,) = await cards_of(merchant)
    assert (card["number"], card["pg_code"]) == ("424242******4242", "credit-card")


async def test_a_tick_counts_for_the_chosen_gateway_only(merchant: Merchant, payer: Payer) -> None:
    payment = await merchant.checkout(customer_id=CUSTOMER, pg_codes=["knet", "credit-card"])

    page = await payer.pay(payment, gateway="knet", save_1="yes")

    assert page.status == 303
    assert await cards_of(merchant) == []


async def test_a_forged_tick_is_refused(merchant: Merchant, payer: Payer) -> None:
    payment = await merchant.checkout(customer_id=CUSTOMER, pg_codes=["knet"])

    page = await payer.pay(payment, gateway="knet", save_0="yes")

    assert page.status == 400
    assert (await merchant.transaction(payment))["attempts"] == []


async def test_the_tick_stays_when_the_form_is_shown_again(
    merchant: Merchant, payer: Payer
) -> None:
    payment = await merchant.checkout(customer_id=CUSTOMER)

    page = await payer.pay(payment, gateway="credit-card", card="12", save_0="yes")

    (box,) = page.all("input", type="checkbox")
    assert page.status == 400
    assert "checked" in box.attributes


async def test_a_payment_that_always_saves_says_so_and_asks_nobody(
    merchant: Merchant, payer: Payer
) -> None:
    payment = await merchant.checkout("0", payment_type="save_card", customer_id=CUSTOMER)

    page = await payer.open(payment["checkout_url"])
    await payer.pay(payment, gateway="credit-card")

    assert page.all("input", type="checkbox") == []
    assert "is saved" in page.text
    assert len(await cards_of(merchant)) == 1
