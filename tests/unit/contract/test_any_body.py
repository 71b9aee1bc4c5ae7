"""Whatever a caller sends, the contract answers and never falls over."""

from pathlib import Path
from typing import Any, Final

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sandbox.contract.checking import Contract
from sandbox.contract.needs import NEEDS
from sandbox.contract.shapes import drf_errors
from sandbox.domain.settings import ValidationMode
from tests.unit.contract.awkward import contract
from tests.unit.contract.calls import CHECKOUT

NAMES: Final = [
    *("amount", "currency_code", "pg_codes", "notifications", "SMS", "email", "agreement", "x"),
    *("payment_instrument", "payload", "method", "rows", "closed", "prices", "child", "state", ""),
]
SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(st.characters(), max_size=20),
    st.sampled_from(["1e3", "12.5", "KWD", "token", "paid", "\ud800", "\0", "1e999999999"]),
)
BODIES = st.recursive(
    SCALARS,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.dictionaries(st.one_of(st.sampled_from(NAMES), st.text(max_size=3)), inner, max_size=6),
    ),
    max_leaves=20,
)


@pytest.fixture(scope="module")
def awkward(tmp_path_factory: pytest.TempPathFactory) -> Contract:
    return contract(tmp_path_factory.mktemp("awkward"))


@settings(max_examples=300, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(body=BODIES, mode=st.sampled_from(ValidationMode), textual=st.booleans())
def test_any_value_of_json_is_judged(
    platform: Contract, awkward: Contract, body: object, mode: ValidationMode, *, textual: bool
) -> None:
    for served, keys in ((platform, [CHECKOUT]), (awkward, list(awkward.operations))):
        for key in keys:
            checked = served.check_body(served.operations[key], body, mode=mode, textual=textual)

            assert bool(drf_errors(checked.violations)) == bool(checked.violations)
            if mode is ValidationMode.OFF and key not in NEEDS:
                assert checked.violations == ()


@settings(max_examples=200, deadline=None)
@given(body=BODIES)
def test_what_passes_strictly_passes_compatibly_and_unchanged(
    awkward: Contract, body: object
) -> None:
    for operation in awkward.operations.values():
        if not awkward.check_body(operation, body, mode=ValidationMode.STRICT).violations:
            checked = awkward.check_body(operation, body, mode=ValidationMode.COMPATIBLE)

            assert checked.violations == ()
            assert checked.value is body


def test_a_body_as_deep_as_the_decoder_lets_through_is_judged(
    platform: Contract, tmp_path: Path
) -> None:
    for opening in ({"extra": 1}, {"payment_instrument": 1}, {"child": 1}):
        (name,) = opening
        body: Any = {"x": [1]}
        for _ in range(62):
            body = {name: body}
        for served in (platform, contract(tmp_path), contract(tmp_path, validator="reference")):
            for operation in list(served.operations.values())[:6]:
                for mode in ValidationMode:
                    served.check_body(operation, body, mode=mode)
