"""Signing a webhook: the published check values, and what may never or must always matter."""

import random
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.webhooks.signature import (
    SIGNED_FIELDS,
    SIGNED_PATHS,
    sign,
    sign_subscription,
    signed_text,
    subscription_text,
)

KEY = "sandbox-webhook-key"
TEXTS = st.text(st.characters(codec="utf-8"), min_size=1)
PAYLOADS = st.dictionaries(st.sampled_from(SIGNED_FIELDS), TEXTS, min_size=1)


def test_the_published_payment_has_the_published_signature() -> None:
    payload = {
        "amount": "86.000",
        "currency_code": "KWD",
        "customer_first_name": "example-customer",
    }

    assert sign(payload, "pu9MpX3yPR") == (
        "6143b8ad4bd283540721ab000f6de746e722231aaaa90bc38f639081d3ff9f67"
    )


def test_the_published_subscription_has_the_published_signature() -> None:
    payload = {
        "amount": "100.000",
        "result": "success",
        "session_id": "sess-1",
        "token": {"token": "tok-1"},
    }

    assert sign_subscription(payload, "test-key") == (
        "46ba93a62680c8750567583bb8074e37ccaadc6f374268b78a0c574c8424baff"
    )


def test_eighteen_fields_are_signed_in_the_order_of_their_names() -> None:
    assert len(SIGNED_FIELDS) == 18
    assert list(SIGNED_FIELDS) == sorted(SIGNED_FIELDS)


def test_a_subscription_signs_eight_paths_more() -> None:
    assert len(SIGNED_PATHS) == 26
    assert set(SIGNED_FIELDS) < set(SIGNED_PATHS)
    assert list(SIGNED_PATHS) == sorted(SIGNED_PATHS)


def test_names_and_values_follow_each_other_with_nothing_between() -> None:
    payload = {"state": "paid", "amount": "5.00", "signature": "x", "extra": {"state": "no"}}

    assert signed_text(payload) == "amount5.00statepaid"


def test_a_subscription_signs_lines_of_path_and_value() -> None:
    payload = {
        "extra": {"autopay": {"subscription_id": "sub-1"}, "merchant_id": "", "other": "no"},
        "agreement": {"id": "A1"},
        "token": "not an object",
        "amount": "5.00",
    }

    assert subscription_text(payload) == (
        "agreement.id=A1\namount=5.00\nextra.autopay.subscription_id=sub-1"
    )


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (12, "12"),
        (12.5, "12.5"),
        (Decimal("12.500"), "12.500"),
        (10**30, "1" + "0" * 30),
        (0, "0"),
        (True, "true"),
        (False, "false"),
        (["a", 1], '["a",1]'),
    ],
)
def test_a_value_that_is_no_string_counts_as_its_json_text(value: object, text: str) -> None:
    assert signed_text({"amount": value}) == f"amount{text}"


@pytest.mark.parametrize("empty", ["", None, [], {}])
def test_an_empty_value_counts_as_absent(empty: object) -> None:
    assert signed_text({"amount": "1.00", "order_no": empty}) == "amount1.00"


@given(payload=PAYLOADS, seed=st.integers())
def test_the_order_of_fields_never_matters(payload: dict[str, str], seed: int) -> None:
    names = list(payload)
    random.Random(seed).shuffle(names)  # noqa: S311 - an order, not a secret

    assert sign({name: payload[name] for name in names}, KEY) == sign(payload, KEY)


@given(payload=PAYLOADS, names=st.sets(st.sampled_from(SIGNED_FIELDS)))
def test_empty_fields_never_matter(payload: dict[str, str], names: set[str]) -> None:
    with_empty: dict[str, object] = {**dict.fromkeys(names, ""), **payload}

    assert sign(with_empty, KEY) == sign(payload, KEY)


@given(payload=PAYLOADS, name=TEXTS.filter(lambda name: name not in SIGNED_FIELDS), value=TEXTS)
def test_other_fields_never_matter(payload: dict[str, str], name: str, value: str) -> None:
    assert sign({**payload, name: value}, KEY) == sign(payload, KEY)


@given(payload=PAYLOADS, value=TEXTS, data=st.data())
def test_a_change_of_any_signed_field_changes_the_signature(
    payload: dict[str, str], value: str, data: st.DataObject
) -> None:
    name = data.draw(st.sampled_from(sorted(payload)))
    changed = {**payload, name: payload[name] + value}

    assert sign(changed, KEY) != sign(payload, KEY)


@given(payload=PAYLOADS)
def test_another_key_gives_another_signature(payload: dict[str, str]) -> None:
    assert sign(payload, KEY) != sign(payload, KEY + "x")
