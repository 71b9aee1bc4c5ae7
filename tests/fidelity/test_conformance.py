"""Each call gives each answer that the document promises of it."""

import pytest

from sandbox.contract.checking import Contract
from tests.fidelity.conformance_table import OWN, PAGE, TABLE, section, written
from tests.fidelity.conftest import SceneOf

CASES = [pytest.param(*case, id=f"{case[0]} {case[1]}") for case in TABLE]


@pytest.mark.asyncio(loop_scope="session")
@pytest.mark.parametrize(("key", "status"), CASES)
async def test_a_documented_status_is_answered(
    scene_of: SceneOf, contract: Contract, key: str, status: int
) -> None:
    operation = contract.operations[key]
    scene = scene_of(key, f"{operation.operation_id}-{status}")

    reply = await TABLE[key, status].provoke(scene, status)

    assert reply.status == status, reply.body
    content_type = reply.headers.get("Content-Type", "")
    assert contract.check_response(operation, status, content_type, reply.body) == []


def test_the_table_has_every_status_that_the_document_has(contract: Contract) -> None:
    documented = {
        (key, int(status))
        for key, operation in contract.operations.items()
        for status in operation.responses
    }

    assert set(TABLE) == documented


def test_every_call_succeeds_by_a_case_of_its_own(contract: Contract) -> None:
    successes = {key: next(iter(cases)) for key, cases in OWN.items()}

    assert successes == {
        key: operation.success_status for key, operation in contract.operations.items()
    }


def test_the_page_shows_the_table() -> None:
    shown = written(PAGE.read_text(encoding="utf-8"))

    assert shown == section(), (
        "docs/fidelity.md is behind: run `python -m tests.fidelity.conformance_table`"
    )
