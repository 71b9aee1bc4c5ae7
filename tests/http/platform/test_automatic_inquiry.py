"""The platform's own inquiries about tries of the payer that were left open."""

import pytest

from tests.http.merchant import Merchant, StoppedClock
from tests.http.platform.inquiring import checkout_playing, inquire, inquiries_of, pending
from tests.http.receiver import Receiver


async def test_the_platform_asks_by_itself_three_times_one_interval_apart(
    merchant: Merchant, clock: StoppedClock, receiver: Receiver
) -> None:
    payment = await pending(merchant)

    await clock.advance("23h")

    asked = await inquiries_of(merchant, payment)
    assert [each["at"] for each in asked] == clock.seconds(660, 1320, 1980)
    assert {each["data"]["by"] for each in asked} == {"platform"}
    assert receiver.payloads == []


@pytest.mark.parametrize(
    ("gateway", "seconds"), [("knet", 480), ("my-own-bank", 600), ("qpay", 1200)]
)
async def test_each_gateway_is_asked_after_its_own_time(
    merchant: Merchant, clock: StoppedClock, gateway: str, seconds: int
) -> None:
    payment = await pending(merchant, "[{finds: success}]", pg_codes=[gateway])

    await clock.advance("1h")

    assert [each["at"] for each in await inquiries_of(merchant, payment)] == clock.seconds(seconds)


async def test_what_the_platform_finds_is_told_by_webhook(
    merchant: Merchant, clock: StoppedClock, receiver: Receiver
) -> None:
    payment = await pending(merchant, "[{finds: pending}, {finds: success}]")

    await clock.advance("21m")
    assert receiver.payloads == []
    await clock.advance("1m")

    assert [each["state"] for each in receiver.payloads] == ["paid"]
    assert await merchant.states_of(payment) == ["created", "pending", "paid"]
    await clock.advance("1h")
    assert len(await inquiries_of(merchant, payment)) == 2


async def test_calls_and_the_platforms_own_inquiries_take_from_one_list(
    merchant: Merchant, clock: StoppedClock
) -> None:
    payment = await pending(merchant, "[{finds: pending}, {finds: pending}, {finds: success}]")
    await clock.advance("11m")

    assert (await inquire(merchant, payment)).json["state"] == "pending"
    await clock.advance("11m")

    found = [
        (each["data"]["by"], each["data"]["found"])
        for each in await inquiries_of(merchant, payment)
    ]
    assert found == [("platform", "pending"), ("merchant", "pending"), ("platform", "success")]


async def test_a_new_try_of_the_payer_is_asked_about_instead_of_the_old_one(
    merchant: Merchant, clock: StoppedClock
) -> None:
    payment = await pending(merchant)
    await clock.advance("5m")
    await merchant.pay(payment, outcome="pending")

    await clock.advance("1h")

    asked = [each["at"] for each in await inquiries_of(merchant, payment)]
    assert asked == clock.seconds(960, 1620, 2280)


async def test_a_payment_that_is_over_is_asked_about_no_more(
    merchant: Merchant, clock: StoppedClock
) -> None:
    canceled = await pending(merchant)
    await merchant.operate(canceled, "cancel")
    expired = await pending(merchant, expiration_time="00:05:00")
    declined = await pending(merchant)
    await merchant.pay(declined, outcome="failed")

    await clock.advance("2h")

    for payment in (canceled, expired, declined):
        assert await inquiries_of(merchant, payment) == []


async def test_a_try_that_only_takes_its_time_is_not_asked_about(
    merchant: Merchant, clock: StoppedClock
) -> None:
    quick = await checkout_playing(merchant, "payment: [{outcome: success, after: 2m}]\n")
    await merchant.pay(quick, advance=False)
    slow = await checkout_playing(merchant, "payment: [{outcome: success, after: 15m}]\n")
    await merchant.pay(slow, advance=False)

    await clock.advance("1h")

    assert await inquiries_of(merchant, quick) == []
    assert len(await inquiries_of(merchant, slow)) == 1
    assert (await merchant.transaction(slow))["state"] == "paid"
