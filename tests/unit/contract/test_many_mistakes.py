"""Of very many mistakes both validators tell the same number, and none is missed for the number."""

from typing import Any

import pytest

from sandbox.contract.checking import Contract
from sandbox.domain.settings import ValidationMode
from tests.unit.contract.calls import judge
from tests.unit.contract.conftest import SPECIFICATION


@pytest.fixture(scope="module")
def reference() -> Contract:
    return Contract.load(SPECIFICATION, validator="reference")


@pytest.mark.parametrize("mode", [ValidationMode.STRICT, ValidationMode.COMPATIBLE])
@pytest.mark.parametrize("count", [99, 100, 101, 1000, 1500])
def test_both_validators_tell_the_same_number(
    platform: Contract,
    reference: Contract,
    checkout: dict[str, Any],
    count: int,
    mode: ValidationMode,
) -> None:
    body = {**checkout, "email_recipients": ["nobody"] * count}

    ours = judge(platform, body, mode=mode).violations

    assert ours == judge(reference, body, mode=mode).violations
    assert len(ours) == min(count, 101)
    assert (ours[-1].rule == "more") is (count > 100)


def test_a_mistake_beyond_what_is_judged_in_detail_is_still_one(
    platform: Contract, reference: Contract, checkout: dict[str, Any]
) -> None:
    body = {**checkout, "email_recipients": [*["a@b.co"] * 5000, "nobody"]}

    (ours,) = judge(platform, body).violations

    assert ours.location == ("email_recipients",)
    assert judge(reference, body).violations == (ours,)


def test_a_long_list_of_good_values_passes(platform: Contract, checkout: dict[str, Any]) -> None:
    body = {**checkout, "email_recipients": ["a@b.co"] * 5000, "customer_email": "nobody"}

    assert [one.location for one in judge(platform, body).violations] == [("customer_email",)]
