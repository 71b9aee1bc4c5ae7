"""The compiled validator says the same as openapi-core, of every body that we could think of."""

from functools import cache
from pathlib import Path
from typing import Final

import pytest

from sandbox.contract.checking import Contract
from sandbox.contract.explaining import explain
from sandbox.contract.outline import Outlines
from sandbox.contract.reference import ReferenceValidator
from sandbox.contract.validation import CompiledValidator
from sandbox.contract.views import Direction, Views
from tests.unit.contract.awkward import AWKWARD, write
from tests.unit.contract.bodies import Bodies

SPECIFICATION: Final = Path(__file__).parents[3] / "specs" / "ottu.yaml"
PER_OPERATION: Final = 400
VALID_ONES: Final = 20


@cache
def specification() -> Contract:
    return Contract.load(SPECIFICATION)


@cache
def reference() -> ReferenceValidator:
    return ReferenceValidator()


def assert_agreement(contract: Contract, key: str) -> None:
    schema = contract.operations[key].body_schema
    view = Views(contract.document).of(schema, Direction.REQUEST)
    outline = Outlines(contract.document, Direction.REQUEST).of([schema])
    compiled = CompiledValidator()
    made = Bodies(view, seed=key)
    bodies = [made.valid() for _ in range(VALID_ONES)]
    accepted = [compiled.accepts(view, body) for body in bodies]
    bodies += [made.broken(bodies[index % VALID_ONES]) for index in range(PER_OPERATION)]

    assert all(accepted), bodies[accepted.index(False)]
    for body in bodies:
        ours = explain(compiled.breaches(view, body), outline)
        theirs = explain(reference().breaches(view, body), outline)
        assert ours == theirs, body
        assert compiled.accepts(view, body) == (not ours), body


OPERATIONS: Final = [key for key, one in specification().operations.items() if one.has_body]


@pytest.mark.parametrize("key", OPERATIONS)
def test_they_agree_on_bodies_of(key: str) -> None:
    assert_agreement(specification(), key)


@pytest.mark.parametrize("key", ["POST /b/pay/", "POST /b/tree/"])
def test_they_agree_on_an_awkward_document(key: str, tmp_path: Path) -> None:
    contract = Contract.load(write(tmp_path, AWKWARD))

    for _ in range(3):
        assert_agreement(contract, key)
