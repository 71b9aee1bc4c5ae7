"""The default checkout is one that the scenario's `match` takes."""

import pytest

from sandbox import resources
from sandbox.gateway_file import read_gateways
from sandbox.playing.checkout_fields import checkout_fields
from sandbox.scenarios.matching import matches
from tests.unit.scenarios.loading import LOADER

GATEWAYS = read_gateways((resources.specs() / "gateways.yaml").read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    "match",
    [
        'order_no: "OUTAGE-*"',
        'order_no: "[!a]?[0-9]-[]x]*"',
        'amount: ">= 10, < 500"',
        'amount: "< 3"',
        'amount: "!= 10, > 9.998, < 10"',
        'amount: "22"',
        "currency_code: SAR",
        'currency_code: "A*"',
        'customer_email: "*@shop.example.com"',
        'customer_phone: "+965*"',
        'customer_phone: "+9665*"',
        'customer_id: "customer-?"',
        "type: e_commerce",
        'type: "e*"',
        "payment_type: auto_debit",
        'pg_codes: [knet, "mpgs*"]',
        'pg_codes: ["apple*"]',
        'pg_codes: ["own-code-*"]',
        'extra: {shop: "jahra-*", branch: "7"}',
    ],
)
def test_it_is_one_that_the_match_takes(match: str) -> None:
    wanted = LOADER.load(f"scenario: a\nmatch: {{{match}}}\n").match
    assert wanted is not None

    fields = checkout_fields(wanted, {}, GATEWAYS, 1)

    assert matches(wanted, fields)


def test_a_currency_of_the_play_gives_the_amount_its_digits() -> None:
    amounts = {
        currency: checkout_fields(None, {"currency_code": currency}, GATEWAYS, 1)["amount"]
        for currency in ("KWD", "SAR", "JPY", "ZZZ")
    }

    assert amounts == {"KWD": "10.000", "SAR": "10.00", "JPY": "10", "ZZZ": "10"}


def test_fields_of_the_play_come_over_the_default_and_null_takes_away() -> None:
    fields = checkout_fields(
        None, {"order_no": "mine", "customer_email": None, "language": "ar"}, GATEWAYS, 2
    )

    assert (fields["order_no"], fields["language"]) == ("mine", "ar")
    assert "customer_email" not in fields
