"""Charges of saved cards: by the merchant, under an agreement, with nobody there."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.http.merchant import Merchant, StoppedClock
from tests.http.platform.charging import (
    AUTO_DEBIT,
    MASTERCARD,
    VISA,
    Charging,
    agreement,
)
from tests.http.receiver import Receiver, signature_of

KEY = "sandbox-webhook-key"
# They can be saved, and are declined when they are charged.
DECLINED_LATER = "4000000000000341"
POOR_LATER = "4000000000009995"


@pytest.fixture
def charging(merchant: Merchant) -> Charging:
    return Charging(merchant)


@pytest.mark.parametrize("path", [AUTO_DEBIT, "/b/pbl/v2/auto-debit/"])
async def test_a_charge_is_answered_with_its_result_and_sends_no_webhook(
    charging: Charging, receiver: Receiver, path: str
) -> None:
    token = await charging.subscribed()
    payment = await charging.subscription()
    arrived = len(receiver.payloads)

    reply = await charging.charge(payment, token, path)

    assert reply.status == 200
    result = reply.json
    assert (result["state"], result["result"], result["amount"]) == ("paid", "success", "4.750")
    assert result["signature"] == signature_of(result, KEY)
    assert result["token"]["token"] == token
    assert result["token"]["agreements"] == ["coffee-club-9"]
    assert result["agreement"]["id"] == "coffee-club-9"
    assert result["pg_params"]["card_number"] == "424242******4242"
    assert await charging.merchant.states_of(payment) == ["created", "pending", "paid"]
    await charging.merchant.control("POST", "/settle")
    assert len(receiver.payloads) == arrived
    assert await charging.merchant.deliveries(session_id=payment["session_id"]) == []


@pytest.mark.parametrize(
    ("card", "code", "reason"),
    [(DECLINED_LATER, "05", "declined"), (POOR_LATER, "51", "Insufficient funds")],
)
async def test_a_card_can_be_declined_when_it_is_charged(
    charging: Charging, receiver: Receiver, card: str, code: str, reason: str
) -> None:
    token = await charging.subscribed(card=card)
    payment = await charging.subscription()
    arrived = len(receiver.payloads)

    reply = await charging.charge(payment, token)

    assert reply.status == 400
    assert reply.json["result"] == "failed"
    assert reason in reply.json["detail"]
    assert reply.json["pg_response"]["code"] == code
    assert (await charging.merchant.transaction(payment))["state"] == "attempted"
    await charging.merchant.control("POST", "/settle")
    assert len(receiver.payloads) == arrived


async def test_a_scenario_decides_how_charges_end(charging: Charging) -> None:
    scenario = (
        "scenario: twice\npayment: [{outcome: failed, gateway_code: '54', message: Try again},"
        " {outcome: success}]\n"
    )
    await charging.merchant.control(
        "PUT", "/scenarios/twice", data=scenario.encode(), content_type="application/yaml"
    )
    token = await charging.subscribed()
    payment = await charging.subscription(extra={"sandbox_scenario": "twice"})

    first = await charging.charge(payment, token)
    second = await charging.charge(payment, token)

    assert (first.status, first.json["detail"]) == (400, "Try again")
    assert (second.status, second.json["state"]) == (200, "paid")
    assert await charging.merchant.states_of(payment) == [
        *("created", "pending", "attempted"),
        *("pending", "paid"),
    ]


async def test_nobody_passes_a_challenge_of_a_charge(charging: Charging) -> None:
    scenario = "scenario: asks\npayment: [{outcome: challenge}]\n"
    await charging.merchant.control(
        "PUT", "/scenarios/asks", data=scenario.encode(), content_type="application/yaml"
    )
    token = await charging.subscribed()
    payment = await charging.subscription(extra={"sandbox_scenario": "asks"})

    reply = await charging.charge(payment, token)

    assert (reply.status, reply.json["result"]) == (400, "failed")
    assert "3-D Secure" in reply.json["detail"]


@pytest.mark.parametrize(
    ("case", "field", "reason"),
    [
        ("session", "session_id", "No payment"),
        ("token", "token", "No saved card"),
        ("customer", "token", "another customer"),
        ("gateway", "token", "the gateway that saved the card"),
        ("type", "detail", "auto_debit"),
        ("agreement", "token", "does not charge this card"),
        ("day", "detail", "no charge today"),
        ("not begun", "detail", "no charge today"),
        ("amount", "detail", "max_amount_per_cycle"),
        ("state", "detail", "canceled"),
    ],
)
async def test_a_charge_that_cannot_be_is_refused_and_changes_nothing(
    charging: Charging, case: str, field: str, reason: str
) -> None:
    token = await charging.subscribed()
    fields: dict[str, dict[str, Any]] = {
        "customer": {"customer_id": "someone-else"},
        "gateway": {"pg_codes": ["credit_card"]},
        "agreement": {"agreement": agreement("another")},
        "day": {"agreement": agreement(expiry_date="2025-12-31")},
        "not begun": {"agreement": agreement(start_date="02/01/2026")},
        "amount": {"agreement": agreement(max_amount_per_cycle="4.749")},
        "type": {"payment_type": "one_off"},
    }
    payment = await charging.subscription(**fields.get(case, {}))
    if case == "state":
        await charging.merchant.operate(payment, "cancel")
    asked = {**payment, "session_id": "0" * 40} if case == "session" else payment
    before = await charging.merchant.transaction(payment)

    reply = await charging.charge(asked, "tok_unknown" if case == "token" else token)

    assert reply.status == 400, reply.body
    said = reply.json[field]
    assert reason in (said if field == "detail" else said[0])
    assert await charging.merchant.transaction(payment) == before


async def test_a_gateway_without_auto_debit_does_not_charge(charging: Charging) -> None:
    codes = ["checkoutcom"]
    first = await charging.subscription(pg_codes=codes)
    await charging.merchant.pay(first, card=VISA)
    (card,) = await charging.cards()
    assert card["cvv_required"] is True

    reply = await charging.charge(await charging.subscription(pg_codes=codes), card["token"])

    assert reply.status == 400
    assert "without the customer" in reply.json["detail"]


@pytest.mark.parametrize(
    ("passed", "criteria", "status"),
    [
        ("0h", None, 200),
        ("24h", None, 400),
        ("24h", {"min_expiry_time": 10}, 200),
        ("0h", {"min_expiry_time": 60}, 400),
        ("720h", {"min_expiry_time": 1}, 400),
    ],
)
async def test_a_card_that_expires_within_thirty_days_is_not_charged(
    charging: Charging,
    clock: StoppedClock,
    passed: str,
    criteria: dict[str, int] | None,
    status: int,
) -> None:
    # The clock begins with January, of 31 days.
    token = await charging.subscribed(expiry="01/26")
    await clock.advance(passed)
    payment = await charging.subscription(card_acceptance_criteria=criteria)

    reply = await charging.charge(payment, token)

    assert reply.status == status, reply.body
    if status == 400:
        assert "expires too soon" in reply.json["token"][0]


async def test_an_expired_card_is_told_so(charging: Charging, clock: StoppedClock) -> None:
    token = await charging.subscribed(expiry="01/26")
    await clock.advance("744h")

    reply = await charging.charge(await charging.subscription(), token)

    assert reply.json == {"token": ["The card has expired."]}


async def test_a_charge_under_an_agreement_with_another_card_leaves_it_there(
    charging: Charging,
) -> None:
    first = await charging.subscribed("coffee", card=VISA)
    second = await charging.subscribed("gym", card=MASTERCARD)

    refused = await charging.charge(await charging.subscription("coffee"), second)
    taken = await charging.charge(await charging.subscription("coffee"), first)

    assert (refused.status, taken.status) == (400, 200)
    agreements = {each["token"]: each["agreements"] for each in await charging.cards()}
    assert agreements == {first: ["coffee"], second: ["gym"]}


async def test_a_payment_in_person_moves_the_agreement_to_its_card(charging: Charging) -> None:
    visa = await charging.subscribed(card=VISA)
    mastercard = await charging.subscribed(card=MASTERCARD)

    old = await charging.charge(await charging.subscription(), visa)
    new = await charging.charge(await charging.subscription(), mastercard)

    assert (old.status, new.status) == (400, 200)


class _Steps:
    """What customers and merchant do, in any order."""

    names = st.sampled_from(["coffee", "gym"])
    cards = st.sampled_from([VISA, MASTERCARD, DECLINED_LATER])
    all = st.lists(
        st.one_of(
            st.tuples(
                st.just("customer pays"), names, cards, st.sampled_from(["success", "failed"])
            ),
            st.tuples(st.just("merchant charges"), names, cards, st.just("")),
            st.tuples(st.just("customer saves"), names, cards, st.just("")),
            st.tuples(st.just("merchant forgets"), names, cards, st.just("")),
        ),
        max_size=7,
    )


@given(steps=_Steps.all)
@settings(
    max_examples=25,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
async def test_an_agreement_always_has_one_card_and_a_charge_never_a_webhook(
    merchant: Merchant, steps: list[tuple[str, str, str, str]]
) -> None:
    await merchant.control("POST", "/reset")
    charging = Charging(merchant)
    charged_by: dict[str, str] = {}
    for deed, name, card, outcome in steps:
        kept = {each["number"][-4:]: each["token"] for each in await charging.cards()}
        token = kept.get(card[-4:], "unknown")
        if deed == "customer pays":
            payment = await charging.subscription(name)
            await merchant.pay(payment, card=card, outcome=outcome)
            if outcome == "success":
                charged_by[name] = card[-4:]
        elif deed == "merchant charges":
            payment = await charging.subscription(name)
            reply = await charging.charge(payment, token)
            good = charged_by.get(name) == card[-4:] and card != DECLINED_LATER
            assert reply.status == (200 if good else 400)
            assert await merchant.deliveries(session_id=payment["session_id"]) == []
        elif deed == "customer saves":
            await charging.saved(card, order_no="SBX-PAID")
        else:
            locked = card[-4:] in charged_by.values()
            expected = 404 if token == "unknown" else 400 if locked else 204
            assert (await charging.forget(token)).status == expected

        of_agreement = [
            (agreed, each["number"][-4:])
            for each in await charging.cards()
            for agreed in each["agreements"]
        ]
        assert sorted(of_agreement) == sorted(charged_by.items())


async def test_a_charge_that_was_left_undecided_is_told_when_it_is_settled(
    charging: Charging, receiver: Receiver
) -> None:
    scenario = b"scenario: slow\npayment: [{outcome: pending}]\n"
    await charging.merchant.control(
        "PUT", "/scenarios/slow", data=scenario, content_type="application/yaml"
    )
    token = await charging.subscribed()
    payment = await charging.subscription(extra={"sandbox_scenario": "slow"})
    arrived = len(receiver.payloads)

    reply = await charging.charge(payment, token)
    await charging.merchant.control("POST", "/settle")
    before = len(receiver.payloads)
    path = f"/transactions/{payment['session_id']}/trigger"
    await charging.merchant.control("POST", path, {"event": "late_success"})
    await charging.merchant.control("POST", "/settle")

    assert (reply.status, reply.json["state"], before) == (200, "pending", arrived)
    assert [each["state"] for each in receiver.payloads[arrived:]] == ["paid"]
    assert receiver.payloads[-1]["token"]["token"] == token
