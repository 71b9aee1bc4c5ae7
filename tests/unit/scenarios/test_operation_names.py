"""The calls that a fault may name are those of the API document."""

import json
from pathlib import Path
from typing import Final

from sandbox.contract.document import load_document
from sandbox.contract.operations import operations_of
from sandbox.scenarios.cursors import SHORT_NAMES

SPECS: Final = Path(__file__).parents[3] / "specs"


def test_every_call_of_the_document_and_nothing_else_can_be_named() -> None:
    schema = json.loads((SPECS / "scenario.schema.json").read_text(encoding="utf-8"))
    fault = json.dumps(schema)
    start = fault.index('"*", "checkout"')
    named = set(json.loads(f"[{fault[start : fault.index(']', start)]}]"))
    document = load_document(SPECS / "ottu.yaml")

    calls = {one.operation_id for one in operations_of(document)}
    assert named - {"*", "inquiry", *SHORT_NAMES} == calls - {"inquiry"}
