"""What a checkout says of charges to come, in the notations that merchants use."""

from datetime import date
from decimal import Decimal

import pytest

from sandbox.domain.agreements import Agreement
from sandbox.web.platform.agreement_codec import read_agreement, read_validity


@pytest.mark.parametrize("written", ["2027-12-31", "31/12/2027"])
def test_a_day_is_written_in_two_ways(written: str) -> None:
    agreement = read_agreement({"id": "A", "start_date": written, "expiry_date": written})

    assert agreement == Agreement(id="A", first_day=date(2027, 12, 31), last_day=date(2027, 12, 31))


def test_both_ends_of_an_agreement_are_days_of_charges() -> None:
    agreement = Agreement(first_day=date(2026, 1, 2), last_day=date(2026, 1, 3))

    allowed = [agreement.allows_day(date(2026, 1, day)) for day in (1, 2, 3, 4)]
    assert allowed == [False, True, True, False]


def test_the_largest_amount_is_allowed_itself() -> None:
    agreement = read_agreement({"max_amount_per_cycle": "4.750"})

    assert agreement is not None
    assert agreement.allows_amount(Decimal("4.750"))
    assert not agreement.allows_amount(Decimal("4.751"))


@pytest.mark.parametrize(
    "junk",
    [{}, {"id": 7}, {"id": ""}, {"start_date": "soon"}, {"max_amount_per_cycle": "NaN"}],
)
def test_what_cannot_be_read_sets_no_limit(junk: dict[str, object]) -> None:
    assert read_agreement(junk) == Agreement()


@pytest.mark.parametrize("nothing", [None, [], "A", 7])
def test_without_fields_there_is_no_agreement(nothing: object) -> None:
    assert read_agreement(nothing) is None


@pytest.mark.parametrize(
    ("value", "days"),
    [({"min_expiry_time": 60}, 60), ({"min_expiry_time": "x"}, None), (None, None)],
)
def test_a_demanded_validity_is_a_number_of_days(value: object, days: int | None) -> None:
    assert read_validity(value) == days
