"""How often a merchant may ask how a payment ended."""

from tests.http.merchant import Merchant, Reply, StoppedClock
from tests.http.platform.inquiring import inquire, inquiries_of, pending


async def test_calls_beyond_the_limits_pass_with_findings_by_default(
    merchant: Merchant, clock: StoppedClock
) -> None:
    payment = await merchant.paid()

    assert (await inquire(merchant, payment)).status == 200
    assert await merchant.findings() == ["inquiry_too_early"]
    assert (await inquire(merchant, payment)).status == 200
    assert await merchant.findings() == ["inquiry_too_early", "inquiry_too_often"]
    for _ in range(2):
        await clock.advance("31m")
        assert (await inquire(merchant, payment)).status == 200
    assert "inquiry_limit" in await merchant.findings()


async def enforcing(merchant: Merchant) -> Merchant:
    reply = await merchant.control("PATCH", "/settings", {"limits": "enforce"})
    assert reply.status == 200, reply.body
    return merchant


def throttled(reply: Reply) -> int:
    """Return how many seconds a throttled call is to wait."""
    assert reply.status == 429, reply.body
    assert list(reply.json) == ["detail"]
    return int(reply.headers["Retry-After"])


async def test_the_first_ten_minutes_take_no_inquiry(
    merchant: Merchant, clock: StoppedClock
) -> None:
    await enforcing(merchant)
    payment = await merchant.paid()
    await clock.advance("30s")

    assert throttled(await inquire(merchant, payment)) == 570
    await clock.advance("9m30s")

    # The refused call did not count: half an hour between calls has not begun.
    assert (await inquire(merchant, payment)).status == 200


async def test_a_payment_that_nobody_tried_is_refused_for_that_and_not_for_its_age(
    merchant: Merchant, clock: StoppedClock
) -> None:
    await enforcing(merchant)
    payment = await merchant.checkout()

    assert (await inquire(merchant, payment)).status == 400
    await merchant.pay(payment)
    await clock.advance("10m")
    assert (await inquire(merchant, payment)).status == 200


async def test_half_an_hour_between_calls_and_three_a_day(
    merchant: Merchant, clock: StoppedClock
) -> None:
    await enforcing(merchant)
    payment = await merchant.paid()
    await clock.advance("10m")
    assert (await inquire(merchant, payment)).status == 200

    assert throttled(await inquire(merchant, payment)) == 1800
    await clock.advance("29m59s")
    assert throttled(await inquire(merchant, payment)) == 1
    await clock.advance("1s")
    assert (await inquire(merchant, payment)).status == 200
    await clock.advance("30m")
    assert (await inquire(merchant, payment)).status == 200
    await clock.advance("30m")
    wait = throttled(await inquire(merchant, payment))

    assert wait == 22 * 3600 + 1800
    await clock.advance(f"{wait - 1}s")
    assert throttled(await inquire(merchant, payment)) == 1
    await clock.advance("1s")
    assert (await inquire(merchant, payment)).status == 200


async def test_thirty_a_minute_over_all_payments_of_a_workspace(
    merchant: Merchant, clock: StoppedClock
) -> None:
    await enforcing(merchant)
    payments = [await merchant.paid() for _ in range(31)]
    other = await enforcing(merchant.in_workspace("other"))
    elsewhere = await other.paid()
    await clock.advance("10m")
    await other.clock.advance("10m")
    for payment in payments[:30]:
        assert (await inquire(merchant, payment)).status == 200

    assert throttled(await inquire(merchant, payments[30])) == 60
    assert (await inquire(other, elsewhere)).status == 200
    await clock.advance("1m")
    assert (await inquire(merchant, payments[30])).status == 200


async def test_the_platforms_own_inquiries_count_for_nothing(
    merchant: Merchant, clock: StoppedClock
) -> None:
    await enforcing(merchant)
    payment = await pending(merchant)
    await clock.advance("33m")
    assert len(await inquiries_of(merchant, payment)) == 3

    assert (await inquire(merchant, payment)).status == 200
