"""What a payer sees who opens the payment link."""

import pytest

from tests.http.merchant import Merchant
from tests.http.pages.payer import START, Page, Payer


def labelled(page: Page) -> set[str]:
    return {each["for"] for each in page.all("label")}


async def test_the_page_shows_what_is_to_be_paid(merchant: Merchant, payer: Payer) -> None:
    payment = await merchant.checkout("10.000", "KWD", order_no="A-1")

    page = await payer.open(payment["checkout_url"])

    assert page.status == 200
    assert page.heading == "Payment"
    assert "10.000 KWD" in page.text
    assert "A-1" in page.text
    assert "no money moves" in page.html


async def test_the_link_works_without_its_trailing_slash(merchant: Merchant, payer: Payer) -> None:
    payment = await merchant.checkout()

    page = await payer.open(payment["checkout_url"].replace("/?", "?"))

    assert page.status == 200
    assert page.heading == "Payment"


async def test_each_payment_method_opens_the_page_with_its_gateway_chosen(
    merchant: Merchant, payer: Payer
) -> None:
    payment = await merchant.checkout(pg_codes=["knet", "credit-card", "never-heard-of"])

    chosen = [
        (await payer.open(method["redirect_url"])).chosen_gateway
        for method in payment["payment_methods"]
    ]

    assert chosen == ["knet", "credit-card", "never-heard-of"]


async def test_without_a_choice_or_with_a_wrong_one_the_first_gateway_is_chosen(
    merchant: Merchant, payer: Payer
) -> None:
    payment = await merchant.checkout(pg_codes=["knet", "credit-card"])

    plain = await payer.open(payment["checkout_url"])
    wrong = await payer.open(f"{payment['checkout_url']}&pg_code=benefit")

    assert plain.chosen_gateway == "knet"
    assert wrong.chosen_gateway == "knet"


async def test_the_test_cards_of_each_gateway_are_listed(merchant: Merchant, payer: Payer) -> None:
    payment = await merchant.checkout(currency="KWD", pg_codes=["cash", "standard"])

    page = await payer.open(payment["checkout_url"])

    (cards,) = page.all("select", name="card_1")
    assert "4242 4242 4242 4242" in cards.text
    assert "Declined" in cards.text
    assert not page.all("select", name="card_0")


async def test_every_control_has_a_label_and_every_choice_a_name(
    merchant: Merchant, payer: Payer
) -> None:
    payment = await merchant.checkout(pg_codes=["knet", "credit-card"])

    page = await payer.open(payment["checkout_url"])

    controls = [each for each in page.all("input") + page.all("select") if each["type"] != "hidden"]
    assert {each["id"] for each in controls} <= labelled(page)
    assert len({each["id"] for each in controls}) == len(controls)
    assert all(each.text.strip() for each in page.all("label") + page.all("legend"))
    assert all("alt" in each.attributes for each in page.all("img"))
    described = {one for each in controls for one in each["aria-describedby"].split()}
    assert described <= {each["id"] for each in page.all("p")}


async def test_an_arabic_payment_is_read_from_right_to_left(
    merchant: Merchant, payer: Payer
) -> None:
    payment = await merchant.checkout(language="ar", order_no="A-1")

    page = await payer.open(payment["checkout_url"])

    (root,) = page.all("html")
    assert (root["lang"], root["dir"]) == ("ar", "rtl")
    assert page.heading == "الدفع"
    assert {"10.000 KWD", "A-1"} <= {each.text for each in page.all("bdi")}
    assert "Noto Naskh Arabic" in page.html


async def test_the_language_can_be_switched_and_stays(merchant: Merchant, payer: Payer) -> None:
    payment = await merchant.checkout(language="ar")

    arabic = await payer.open(payment["checkout_url"])
    (switch,) = arabic.all("a", hreflang="en")
    english = await payer.open(switch["href"])
    after = await payer.pay(payment, lang="en", outcome="failed")

    assert english.heading == "Payment"
    assert [each["value"] for each in english.all("input", name="lang")] == ["en"]
    assert after.location.query["lang"] == "en"


async def test_what_a_merchant_sends_is_shown_as_text(merchant: Merchant, payer: Payer) -> None:
    order_no = "<script>alert(1)</script>\"'&\r\nSet-Cookie: a=b"
    payment = await merchant.checkout(order_no=order_no)

    page = await payer.open(payment["checkout_url"])
    summary = await payer.pay(payment, outcome="failed")

    assert not page.all("script")
    assert order_no.replace("\r\n", "\n") in [
        each.text.replace("\r\n", "\n") for each in page.all("bdi")
    ]
    assert "Set-Cookie" not in {**page.headers, **summary.headers}


async def test_an_unknown_payment_is_told_in_plain_words(payer: Payer) -> None:
    for query in ("", "?session_id=", "?session_id=" + "0" * 40, "?session_id=%ff%00"):
        page = await payer.open(START + query)

        assert page.status == 404
        assert page.heading == "This payment does not exist"


async def test_an_unknown_payment_is_told_in_the_language_of_the_browser(payer: Payer) -> None:
    preferred = await payer.open(START, **{"Accept-Language": "ar-KW,ar;q=0.9,en;q=0.8"})
    asked = await payer.open(f"{START}?lang=en", **{"Accept-Language": "ar"})

    assert preferred.heading == "عملية الدفع هذه غير موجودة"
    assert asked.heading == "This payment does not exist"


async def test_a_deleted_payment_is_unknown(merchant: Merchant, payer: Payer) -> None:
    payment = await merchant.checkout()
    await payer.pay(payment, outcome="success")
    await merchant.operate(payment, "delete")

    assert (await payer.open(payment["checkout_url"])).status == 404
    assert (await payer.summary(payment)).status == 404
    assert (await payer.pay(payment)).status == 404


@pytest.mark.parametrize("outcome", ["success", "authorized", "cod"])
async def test_a_completed_payment_leads_to_its_summary(
    merchant: Merchant, payer: Payer, outcome: str
) -> None:
    payment = await merchant.checkout()
    await payer.pay(payment, outcome=outcome)

    page = await payer.open(payment["checkout_url"])

    assert page.status == 303
    assert page.location.path == "/b/checkout/redirect/summary/"
    assert page.location.query["session_id"] == payment["session_id"]


async def test_a_canceled_payment_leads_to_its_summary(merchant: Merchant, payer: Payer) -> None:
    payment = await merchant.checkout()
    await merchant.operate(payment, "cancel")

    page = await payer.open(payment["checkout_url"])
    summary = await payer.open(str(page.location))

    assert summary.heading == "Payment canceled"


async def test_an_expired_payment_says_so(merchant: Merchant, payer: Payer) -> None:
    payment = await merchant.checkout(redirect_url="https://shop.example.com/back")
    await merchant.operate(payment, "expire")

    page = await payer.open(payment["checkout_url"])

    assert page.status == 200
    assert page.heading == "This payment link has expired"
    assert not page.all("form")
    assert page.all("a", href="https://shop.example.com/back")


async def test_pages_are_kept_nowhere_and_run_no_script(merchant: Merchant, payer: Payer) -> None:
    payment = await merchant.checkout()

    page = await payer.open(payment["checkout_url"])

    policy = page.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script-src" not in policy
    assert page.headers["Cache-Control"] == "no-store"
    assert page.headers["X-Content-Type-Options"] == "nosniff"
    assert "Set-Cookie" not in page.headers
