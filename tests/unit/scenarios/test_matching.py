"""Which scenario a checkout gets by its fields."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.scenarios.matching import MatchIndex, matches
from sandbox.scenarios.model import Match, Scenario
from tests.unit.scenarios.loading import LOADER

REQUEST = {
    "type": "payment_request",
    "order_no": "OUTAGE-7",
    "amount": "22.000",
    "currency_code": "KWD",
    "customer_email": "ali@shop.example.com",
    "customer_phone": "+96550000000",
    "customer_id": "c-1",
    "pg_codes": ["knet", "mpgs-auth"],
    "extra": {"shop": "jahra-2"},
}


def match_of(written: str) -> Match:
    match = LOADER.load(f"{{scenario: a, match: {{{written}}}}}").match
    assert match is not None
    return match


def scenario(name: str, match: str, source: str = "a.yaml", position: int = 0) -> Scenario:
    return LOADER.load(
        f"{{scenario: {name}, match: {{{match}}}}}", source=source, position=position
    )


@pytest.mark.parametrize(
    "written",
    [
        'order_no: "OUTAGE-*"',
        'order_no: "OUTAGE-[5-9]"',
        'amount: ">= 10"',
        "amount: 22",
        'amount: "22.00"',
        'amount: "> 20, < 22.5, != 21"',
        "currency_code: KWD",
        'customer_email: "*@shop.example.com"',
        'customer_phone: "+965*"',
        "customer_id: c-?",
        "type: payment_request",
        "payment_type: one_off",
        "pg_codes: knet",
        'pg_codes: [apple-pay, "mpgs*"]',
        'extra: {shop: "jahra-*"}',
        'order_no: "OUTAGE-*", amount: "<= 22", currency_code: KWD',
    ],
)
def test_a_checkout_is_taken_when_all_that_is_named_holds(written: str) -> None:
    assert matches(match_of(written), REQUEST)


@pytest.mark.parametrize(
    "written",
    [
        'order_no: "outage-*"',
        "order_no: OUTAGE",
        'amount: "> 22"',
        'amount: "> 20, < 21"',
        "currency_code: SAR",
        "payment_type: save_card",
        "pg_codes: kpay",
        "extra: {shop: hawalli}",
        "extra: {branch: jahra}",
        'order_no: "OUTAGE-*", amount: "< 22"',
    ],
)
def test_a_checkout_is_passed_by_when_anything_does_not(written: str) -> None:
    assert not matches(match_of(written), REQUEST)


@pytest.mark.parametrize("amount", [22, 22.0, "22.000", "2.2e1", Decimal("22.0")])
def test_an_amount_is_compared_by_its_value(amount: object) -> None:
    assert matches(match_of("amount: 22"), {"amount": amount})


@pytest.mark.parametrize("amount", [None, "", "much", True, [22], {}, "NaN", "Infinity"], ids=repr)
def test_what_is_no_amount_matches_none(amount: object) -> None:
    assert not matches(match_of('amount: ">= 0"'), {"amount": amount})


@pytest.mark.parametrize("wrong", [None, [], {}, True, 5], ids=repr)
def test_fields_of_a_wrong_kind_match_nothing(wrong: object) -> None:
    request = dict.fromkeys(REQUEST, wrong)

    assert not matches(match_of("pg_codes: knet"), request)
    assert not matches(match_of("extra: {shop: a}"), request)
    assert not matches(match_of("order_no: OUTAGE-7"), request)


def test_the_first_by_source_and_position_wins() -> None:
    index = MatchIndex(
        [
            scenario("third", 'order_no: "*"', "b.yaml"),
            scenario("second", "order_no: OUTAGE-7", "a.yaml", 1),
            scenario("first", "currency_code: KWD", "a.yaml", 0),
        ]
    )

    assert_first(index, "first")


def test_a_number_written_out_comes_before_a_later_pattern() -> None:
    index = MatchIndex(
        [
            scenario("exact", "order_no: OUTAGE-7", "a.yaml"),
            scenario("pattern", 'order_no: "OUTAGE-*"', "b.yaml"),
        ]
    )

    assert_first(index, "exact")


def test_a_number_written_out_must_match_in_all_else_too() -> None:
    index = MatchIndex(
        [
            scenario("exact", 'order_no: OUTAGE-7, amount: "> 100"', "a.yaml"),
            scenario("pattern", 'order_no: "OUTAGE-*"', "b.yaml"),
        ]
    )

    assert_first(index, "pattern")


def test_a_scenario_without_match_is_never_chosen_by_a_request() -> None:
    assert MatchIndex([LOADER.load("scenario: a")]).first(REQUEST) is None


def assert_first(index: MatchIndex, name: str) -> None:
    found = index.first(REQUEST)
    assert found is not None
    assert found.name == name


PATTERNS = st.sampled_from(["A", "B", "A*", "*", "?", "[AB]"])


@given(
    st.lists(st.tuples(PATTERNS, st.sampled_from(["KWD", "SAR", "*"])), max_size=12),
    st.sampled_from(["A", "B", "AB", "C"]),
)
def test_the_index_never_answers_otherwise_than_one_after_another(
    written: list[tuple[str, str]], order_no: str
) -> None:
    scenarios = [
        scenario(f"s{n}", f'order_no: "{pattern}", currency_code: "{currency}"', "a", n)
        for n, (pattern, currency) in enumerate(written)
    ]
    request = {"order_no": order_no, "currency_code": "KWD"}
    expected = next(
        (each for each in scenarios if each.match and matches(each.match, request)), None
    )

    assert MatchIndex(scenarios).first(request) == expected
