"""A person pays: what the browser shows, and in which order things reach the shop."""

import re

import pytest
from playwright.async_api import Page, expect
from yarl import URL

from tests.browser.shop import Shop, Till

SUMMARY = re.compile(r"/b/checkout/redirect/summary/")


async def press(page: Page, name: str) -> None:
    await page.get_by_role("button", name=name).click()


async def test_the_webhook_arrives_before_the_payer_is_back(
    page: Page, till: Till, shop: Shop
) -> None:
    payment = await till.checkout()

    await page.goto(payment["checkout_url"])
    await press(page, "Pay 10.000 KWD")

    await expect(page.get_by_role("heading", name="Thank you")).to_be_visible()
    assert shop.happened == ["webhook paid", "payer is back"]
    assert dict(URL(page.url).query) == {
        "from": "sandbox",
        "order_no": "A-1",
        "reference_number": shop.payloads[0]["reference_number"],
        "session_id": payment["session_id"],
    }


@pytest.mark.parametrize("status", [201, 500])
async def test_a_webhook_answered_otherwise_leaves_the_payer_on_the_summary(
    page: Page, till: Till, shop: Shop, status: int
) -> None:
    shop.answers = status
    payment = await till.checkout()

    await page.goto(payment["checkout_url"])
    await press(page, "Pay")

    await expect(page).to_have_url(SUMMARY)
    await expect(page.get_by_role("heading", level=1)).to_have_text("Payment received")
    assert shop.happened == ["webhook paid"]


async def test_a_declined_payment_is_tried_again_and_paid(
    page: Page, till: Till, shop: Shop
) -> None:
    shop.answers = 201
    payment = await till.checkout()

    await page.goto(payment["payment_methods"][1]["redirect_url"])
    await expect(page.get_by_role("radio", name="MPGS")).to_be_checked()
    await page.get_by_label("Outcome").select_option("Declined")
    await press(page, "Pay")
    await expect(page.get_by_role("heading", level=1)).to_have_text("Payment not completed")
    await page.get_by_role("link", name="Try again").click()
    await press(page, "Pay")

    await expect(page.get_by_role("heading", level=1)).to_have_text("Payment received")
    await expect(page.get_by_role("listitem")).to_have_count(2)
    assert shop.happened == ["webhook attempted", "webhook paid"]


async def test_a_test_card_can_be_picked(page: Page, till: Till, shop: Shop) -> None:
    shop.answers = 201
    payment = await till.checkout(pg_codes=["knet", "standard"])

    await page.goto(payment["checkout_url"])
    await page.get_by_role("radio", name="Standard Test Cards").check()
    await (
        page.get_by_label("Test card", exact=True)
        .locator("visible=true")
        .select_option("5555555555554444")
    )
    await press(page, "Pay")

    await expect(page.get_by_text("555555******4444")).to_be_visible()
    assert shop.happened == ["webhook attempted"]


async def test_cancel_ends_the_attempt(page: Page, till: Till, shop: Shop) -> None:
    payment = await till.checkout()

    await page.goto(payment["checkout_url"])
    await page.get_by_label("Another card number").fill("not a card")
    await press(page, "Cancel")

    await expect(page.get_by_role("heading", name="Thank you")).to_be_visible()
    assert shop.payloads[0]["result"] == "canceled"


async def test_a_challenge_is_confirmed(page: Page, till: Till, shop: Shop) -> None:
    payment = await till.checkout()

    await page.goto(payment["checkout_url"])
    await page.get_by_label("Outcome").select_option("3-D Secure step")
    await press(page, "Pay")
    await expect(page.get_by_role("heading", level=1)).to_have_text("Confirm it is you")
    await press(page, "Confirm")

    await expect(page.get_by_role("heading", name="Thank you")).to_be_visible()
    assert shop.happened == ["webhook paid", "payer is back"]


async def test_a_slow_gateway_is_waited_for(page: Page, till: Till, shop: Shop) -> None:
    payment = await till.checkout(order_no="SLOW-1")

    await page.goto(payment["checkout_url"])
    await press(page, "Pay")

    await expect(page.get_by_role("heading", name="Thank you")).to_be_visible()
    assert shop.happened == ["webhook paid", "payer is back"]


async def test_a_double_click_pays_once(page: Page, till: Till, shop: Shop) -> None:
    payment = await till.checkout(order_no="SBX-FAIL-THEN-PAID")

    await page.goto(payment["checkout_url"])
    await page.get_by_role("button", name="Pay").dblclick()

    await expect(page.get_by_role("heading", name="Thank you")).to_be_visible()
    assert shop.happened[0] == "webhook attempted"
    assert "webhook paid" not in shop.happened


async def test_the_keyboard_is_enough(page: Page, till: Till, shop: Shop) -> None:
    payment = await till.checkout()

    await page.goto(payment["checkout_url"])
    await page.get_by_role("radio", name="KNET").focus()
    await page.keyboard.press("ArrowDown")
    await expect(page.get_by_role("radio", name="MPGS")).to_be_checked()
    await page.keyboard.press("Enter")

    await expect(page.get_by_role("heading", name="Thank you")).to_be_visible()
    assert shop.payloads[0]["gateway_account"] == "credit-card"
