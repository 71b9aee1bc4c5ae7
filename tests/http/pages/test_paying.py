"""What follows when the payment form is sent."""

import io

import pytest
from yarl import URL

from tests.http.merchant import CHECKOUT, Merchant
from tests.http.pages.payer import PAY, START, SUMMARY, WAITING, Page, Payer
from tests.http.receiver import Receiver

BACK = "https://shop.example.com/back?lang=en"


async def state_of(merchant: Merchant, payment: dict[str, object]) -> str:
    reply = await merchant.call("GET", f"{CHECKOUT}{payment['session_id']}/")
    state: str = reply.json["state"]
    return state


def leads_to(page: Page, path: str) -> bool:
    return page.status == 303 and page.location.path == path and not page.location.absolute


async def test_after_200_the_payer_goes_to_the_shop(
    merchant: Merchant, payer: Payer, receiver: Receiver
) -> None:
    payment = await merchant.checkout(order_no="A-1", redirect_url=BACK)

    page = await payer.pay(payment, outcome="success")

    assert [each["state"] for each in receiver.payloads] == ["paid"]
    assert page.status == 303
    assert page.location.with_query(None) == URL(BACK).with_query(None)
    assert dict(page.location.query) == {
        "lang": "en",
        "order_no": "A-1",
        "reference_number": receiver.payloads[0]["reference_number"],
        "session_id": payment["session_id"],
    }


async def test_a_shop_may_have_an_address_of_any_letters(merchant: Merchant, payer: Payer) -> None:
    shop = "https://shop.example.com/عودة?a=%20b#c"
    payment = await merchant.checkout(redirect_url=shop)

    page = await payer.pay(payment, outcome="success")

    assert page.headers["Location"].isascii()
    assert page.location.path == "/عودة"
    assert page.location.query["a"] == " b"
    assert page.location.fragment == "c"


@pytest.mark.parametrize("status", [201, 302, 404, 500])
async def test_after_any_other_answer_the_payer_sees_the_summary(
    merchant: Merchant, payer: Payer, receiver: Receiver, status: int
) -> None:
    receiver.answers(status)
    payment = await merchant.checkout(redirect_url=BACK)

    page = await payer.pay(payment, outcome="success")

    assert leads_to(page, SUMMARY)
    assert len(receiver.bodies) == 1


async def test_a_receiver_that_hangs_costs_the_payer_the_grace_only(
    merchant: Merchant, payer: Payer, receiver: Receiver
) -> None:
    receiver.hangs()
    payment = await merchant.checkout(redirect_url=BACK)

    page = await payer.pay(payment, outcome="success")

    assert leads_to(page, SUMMARY)


async def test_without_a_webhook_the_payer_sees_the_summary(
    merchant_without_webhook: Merchant, payer: Payer
) -> None:
    payment = await merchant_without_webhook.checkout(redirect_url=BACK)

    page = await payer.pay(payment, outcome="success")

    assert leads_to(page, SUMMARY)


async def test_a_header_in_the_order_number_stays_in_the_query(
    merchant: Merchant, payer: Payer
) -> None:
    order_no = "A\r\nSet-Cookie: a=b&session_id=0"
    payment = await merchant.checkout(order_no=order_no, redirect_url=BACK)

    page = await payer.pay(payment, outcome="success")

    assert page.status == 303
    assert page.location.query["order_no"] == order_no
    assert page.location.query.getall("session_id") == [payment["session_id"]]
    assert "Set-Cookie" not in page.headers


@pytest.mark.parametrize(
    ("outcome", "state"),
    [
        ("success", "paid"),
        ("failed", "attempted"),
        ("canceled", "attempted"),
        ("error", "attempted"),
        ("pending", "pending"),
        ("cod", "cod"),
        ("authorized", "authorized"),
    ],
)
async def test_the_payer_may_choose_how_it_ends(
    merchant: Merchant, payer: Payer, outcome: str, state: str
) -> None:
    payment = await merchant.checkout()

    await payer.pay(payment, outcome=outcome)

    assert await state_of(merchant, payment) == state


async def test_left_as_scripted_the_order_number_decides(merchant: Merchant, payer: Payer) -> None:
    payment = await merchant.checkout(order_no="SBX-FAIL-THEN-PAID")

    await payer.pay(payment, outcome="")
    declined = await state_of(merchant, payment)
    await payer.pay(payment)

    assert declined == "attempted"
    assert await state_of(merchant, payment) == "paid"


async def test_a_card_that_is_picked_or_typed_decides(merchant: Merchant, payer: Payer) -> None:
    payment = await merchant.checkout(pg_codes=["knet", "standard"])

    await payer.pay(payment, gateway="standard", card_0="", card_1="5555555555554444")
    picked = await state_of(merchant, payment)
    await payer.pay(payment, gateway="standard", card="4242 4242 4242 4242")
    summary = await payer.summary(payment)

    assert picked == "attempted"
    assert await state_of(merchant, payment) == "paid"
    assert "424242******4242" in summary.text


async def test_a_card_picked_under_another_gateway_counts_for_nothing(
    merchant: Merchant, payer: Payer
) -> None:
    payment = await merchant.checkout(pg_codes=["cash", "standard"])

    await payer.pay(payment, gateway="cash", card_1="5555555555554444")

    assert await state_of(merchant, payment) == "paid"


@pytest.mark.parametrize(
    ("form", "problem"),
    [
        ({"gateway": "benefit"}, "cannot be made with that payment method"),
        ({"outcome": "rich"}, "outcome is not known"),
        ({"card": "1234"}, "12 to 19 digits"),
        ({"card": "<b>4242424242424242"}, "12 to 19 digits"),
    ],
)
async def test_a_form_with_a_mistake_is_shown_again(
    merchant: Merchant, payer: Payer, form: dict[str, str], problem: str
) -> None:
    payment = await merchant.checkout()

    page = await payer.post({"session_id": payment["session_id"], **form})

    assert page.status == 400
    assert problem in page.text
    assert page.all("div", role="alert")
    assert not page.all("b")
    assert await state_of(merchant, payment) == "created"


async def test_a_form_sent_twice_counts_once(
    merchant: Merchant, payer: Payer, receiver: Receiver
) -> None:
    payment = await merchant.checkout(order_no="SBX-FAIL-THEN-PAID", redirect_url=BACK)
    shown = await payer.open(payment["checkout_url"])
    (number,) = [each["value"] for each in shown.all("input", name="number")]

    first = await payer.pay(payment, number=number)
    second = await payer.pay(payment, number=number)

    assert first.location == second.location
    assert [each["state"] for each in receiver.payloads] == ["attempted"]


async def test_nothing_is_paid_twice(merchant: Merchant, payer: Payer, receiver: Receiver) -> None:
    payment = await merchant.checkout(redirect_url=BACK)

    await payer.pay(payment, outcome="success")
    again = await payer.pay(payment, outcome="success")

    assert leads_to(again, SUMMARY)
    assert len(receiver.bodies) == 1


@pytest.mark.parametrize(("answer", "state"), [("passed", "paid"), ("failed", "attempted")])
async def test_a_challenge_is_answered_on_a_page_of_its_own(
    merchant: Merchant, payer: Payer, receiver: Receiver, answer: str, state: str
) -> None:
    payment = await merchant.checkout(redirect_url=BACK)

    asked = await payer.pay(payment, outcome="challenge")
    shown = await payer.open(str(asked.location))
    (number,) = [each["value"] for each in shown.all("input", name="number")]
    first = await payer.pay(payment, challenge=answer, number=number)
    second = await payer.pay(payment, challenge=answer, number=number)

    assert leads_to(asked, START)
    assert {each["value"] for each in shown.all("button")} == {"passed", "failed"}
    assert first.location.host == "shop.example.com"
    assert second.location == first.location
    assert [each["state"] for each in receiver.payloads] == [state]


async def test_a_challenge_that_nobody_asked_for_starts_nothing(
    merchant: Merchant, payer: Payer
) -> None:
    payment = await merchant.checkout()

    page = await payer.pay(payment, challenge="passed")

    assert leads_to(page, SUMMARY)
    assert await state_of(merchant, payment) == "created"


async def test_a_gateway_that_takes_its_time_is_waited_for(
    merchant: Merchant, payer: Payer
) -> None:
    payment = await merchant.checkout(order_no="SLOW-1")

    page = await payer.pay(payment)
    waiting = await payer.open(str(page.location))
    reopened = await payer.open(payment["checkout_url"])

    assert leads_to(page, WAITING)
    assert waiting.heading == "The gateway is at work"
    assert "stands still" in waiting.text
    assert not waiting.all("meta", **{"http-equiv": "refresh"})
    assert reopened.location == page.location


async def test_once_the_gateway_has_decided_the_payer_goes_on(
    merchant: Merchant, payer: Payer
) -> None:
    payment = await merchant.checkout(order_no="SLOW-1", redirect_url=BACK)
    page = await payer.pay(payment)
    await merchant.clock.advance("2s")

    following = await payer.open(str(page.location))

    assert following.location.host == "shop.example.com"
    assert await state_of(merchant, payment) == "paid"


async def test_waiting_for_an_attempt_that_is_not_there_leads_to_the_page(
    merchant: Merchant, payer: Payer
) -> None:
    payment = await merchant.checkout()

    page = await payer.open(f"{WAITING}?session_id={payment['session_id']}&number=7")

    assert leads_to(page, START)


@pytest.mark.parametrize("origin", ["https://evil.example.com", "null", "http://[", ""])
async def test_a_form_from_another_site_is_refused(
    merchant: Merchant, payer: Payer, origin: str
) -> None:
    payment = await merchant.checkout()

    page = await payer.pay(payment, outcome="success", headers={"Origin": origin})

    assert page.status == 403
    assert page.heading == "This form came from another site"
    assert await state_of(merchant, payment) == "created"


@pytest.mark.parametrize("scheme", ["http", "https"])
async def test_a_form_from_the_own_page_is_taken_behind_tls_too(
    merchant: Merchant, payer: Payer, scheme: str
) -> None:
    payment = await merchant.checkout()
    origin = f"{scheme}://{URL(merchant.url).authority}"

    await payer.pay(payment, outcome="success", headers={"Origin": origin})

    assert await state_of(merchant, payment) == "paid"


@pytest.mark.parametrize(
    ("content_type", "body", "status"),
    [
        ("application/json", b'{"session_id": "0"}', 415),
        ("text/plain", b"session_id=0", 415),
        ("application/x-www-form-urlencoded", b"\xff=\xfe", 400),
        ("application/x-www-form-urlencoded; charset=nonsense", b"a=%ff", 400),
        ("multipart/form-data; boundary=x", b"nothing", 400),
        ("application/x-www-form-urlencoded", b"", 404),
        ("application/x-www-form-urlencoded", b"session_id[0]=0", 404),
    ],
)
async def test_a_body_that_is_no_form_is_told_on_a_page(
    payer: Payer, content_type: str, body: bytes, status: int
) -> None:
    page = await payer.post(body, headers={"Content-Type": content_type})

    assert page.status == status
    assert page.heading in ("This request cannot be read", "This payment does not exist")


async def test_a_form_far_too_large_is_refused(payer: Payer) -> None:
    form = {"Content-Type": "application/x-www-form-urlencoded"}

    page = await payer.post(io.BytesIO(b"card=" + b"4" * 6_000_000), headers=form)

    assert page.status == 413


async def test_who_opens_the_address_of_the_form_is_told_where_to_go(payer: Payer) -> None:
    page = await payer.open(PAY)

    assert page.status == 405
    assert page.headers["Allow"] == "POST"
    assert page.heading == "This address takes the payment form only"
