"""What was expected, compared with what happened."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.domain.states import State
from sandbox.scenarios.expectation import Observed, compare
from sandbox.scenarios.plays import Expect
from tests.unit.scenarios.loading import LOADER

SMS_FAILED = {"channel": "sms", "event": "created", "status": "failed", "code": "30003"}
SMS_ARRIVED = {"channel": "sms", "event": "created", "status": "delivered", "text": "Pay 5.000 KWD"}
EMAIL = {"channel": "email", "event": "paid", "status": "delivered", "code": None}
PAID = {
    "kind": "payment",
    "event": "paid",
    "status": "delivered",
    "payload": {"state": "paid", "result": "success", "amount": "5.000"},
    "tries": [{"number": 1, "status_code": None}, {"number": 2, "status_code": 200}],
}
REFUNDED = {
    "kind": "operation",
    "event": "refunded",
    "status": "failed",
    "payload": {"result": "success", "txn": {"state": "refunded"}},
    "tries": [],
}


def expecting(written: str) -> Expect:
    expect = LOADER.load(f"{{scenario: a, expect: {{{written}}}}}").expect
    assert expect is not None
    return expect


def differences(written: str, observed: Observed) -> list[str]:
    return [str(each) for each in compare(expecting(written), observed)]


@pytest.mark.parametrize(
    ("expected", "states"),
    [
        ("created, paid", ["created", "pending", "paid"]),
        ("created, pending, paid", ["created", "pending", "paid"]),
        ("created, attempted, paid", ["created", "pending", "attempted", "pending", "paid"]),
        (
            "created, attempted, pending, paid",
            ["created", "pending", "attempted", "pending", "paid"],
        ),
    ],
)
def test_only_pending_may_be_left_out(expected: str, states: list[str]) -> None:
    assert differences(f"states: [{expected}]", Observed(states=states)) == []


@pytest.mark.parametrize(
    ("expected", "states"),
    [
        ("created, paid", ["created", "attempted", "paid"]),
        ("created, pending, paid", ["created", "paid"]),
        ("created", ["created", "paid"]),
        ("created, paid", ["created"]),
        ("paid, created", ["created", "paid"]),
        ("created", []),
    ],
)
def test_any_other_way_is_a_difference(expected: str, states: list[str]) -> None:
    assert len(differences(f"states: [{expected}]", Observed(states=states))) == 1


def test_a_difference_reads_from_expected_to_actual() -> None:
    told = differences("states: [created, paid]", Observed(states=["created", "attempted"]))

    assert told == [
        "states\n  expected: created → paid\n  actual:   created → attempted",
    ]


def test_messages_come_in_order_among_others() -> None:
    observed = Observed(messages=[EMAIL, SMS_FAILED, EMAIL, SMS_ARRIVED])

    assert differences("messages: [{status: failed, code: 30003}, {channel: sms}]", observed) == []
    assert differences('messages: [{text: "5.000"}]', observed) == []


def test_a_message_out_of_order_is_a_difference() -> None:
    (told,) = differences(
        "messages: [{status: delivered, channel: sms}, {status: failed}]",
        Observed(messages=[SMS_FAILED, SMS_ARRIVED]),
    )

    assert told.startswith("messages[1]\n  expected: {status: failed}\n")
    assert "{channel: sms, event: created, status: failed, code: 30003}" in told


def test_an_empty_list_of_messages_means_none() -> None:
    assert differences("messages: []", Observed()) == []
    assert len(differences("messages: []", Observed(messages=[EMAIL]))) == 1


def test_webhooks_are_looked_at_one_by_one() -> None:
    observed = Observed(webhooks=[PAID, REFUNDED])

    assert (
        differences(
            "webhooks: [{event: paid, state: paid, result: success, tries: 2}, {state: refunded}]",
            observed,
        )
        == []
    )
    assert (
        differences(
            "webhooks: [{tries: [null, 200], payload: {amount: '5.000'}}, {tries: 0}]", observed
        )
        == []
    )


def test_a_webhook_that_differs_shows_the_fields_asked_for() -> None:
    told = differences(
        "webhooks: [{event: paid}, {state: refunded, status: delivered}]",
        Observed(webhooks=[PAID, REFUNDED]),
    )

    assert [each.splitlines() for each in told] == [
        [
            "webhooks[1]",
            "  expected: {state: refunded, status: delivered}",
            "  actual:   {state: refunded, status: failed}",
        ]
    ]


def test_a_webhook_too_many_or_missing_is_a_difference() -> None:
    assert len(differences("webhooks: []", Observed(webhooks=[PAID, REFUNDED]))) == 2
    assert len(differences("webhooks: [{event: paid}]", Observed())) == 1
    assert differences("webhooks: []", Observed()) == []


def test_answers_are_compared_in_part() -> None:
    observed = Observed(
        answers=[{"status": 201, "body": {}}, {"status": 400, "body": {"a": 1, "b": [True, 2]}}]
    )

    assert differences("answers: [201, {body: {b: [true, 2]}}]", observed) == []
    assert len(differences("answers: [201, {body: {b: [1, 2]}}]", observed)) == 1


def test_findings_are_looked_for_by_code() -> None:
    observed = Observed(findings=["amount-not-compared", "unknown-field"])

    assert differences("findings: [unknown-field]", observed) == []
    assert len(differences("findings: [unknown-field, other]", observed)) == 1
    assert len(differences("findings: []", observed)) == 1


def test_what_is_not_expected_is_not_compared() -> None:
    observed = Observed(states=["created"], messages=[EMAIL], webhooks=[PAID], findings=["a"])

    assert compare(Expect(), observed) == []


@given(st.lists(st.sampled_from(list(State)), min_size=1))
def test_states_as_they_were_are_never_a_difference(states: list[State]) -> None:
    shortened = tuple(state for state in states if state is not State.PENDING)

    assert compare(Expect(states=tuple(states)), Observed(states=states)) == []
    assert compare(Expect(states=shortened), Observed(states=states)) == []
