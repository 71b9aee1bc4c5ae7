"""The requests that a document shows as examples are accepted once their ids are real."""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from sandbox.contract.document import load_document
from sandbox.contract.operations import operations_of
from tests.fidelity.published_examples import examples_of, outcomes, table
from tests.http.contract_watch import SPECS

DOCUMENT: Final = SPECS / "ottu.yaml"
# Examples of our own document that are refused on purpose, by call and name, with the answer's words.
REFUSED: Final[Mapping[tuple[str, str], str]] = {}
# A published document in small: ids as placeholders, examples in all places where they may stand.
SMALL: Final = """
openapi: 3.0.3
info: {title: Small, version: "1"}
paths:
  /b/pbl/v2/operation/:
    post:
      operationId: public_operations
      requestBody:
        content:
          application/json:
            schema: {$ref: "#/components/schemas/Operation"}
            examples:
              Refund: {value: {session_id: "<add it here>", operation: refund, amount: "3.000"}}
              Void: {$ref: "#/components/examples/Void"}
          application/x-www-form-urlencoded:
            schema: {type: object}
            example: {order_no: "<add it here>", operation: cancel}
      responses: {"200": {description: Done}}
  /b/checkout/v1/pymt-txn/:
    post:
      operationId: create_payment_transaction_checkout
      requestBody:
        content:
          application/json:
            schema: {type: object}
            example: {type: e_commerce, amount: "1.000", currency_code: KWD}
      responses: {"201": {description: Made}}
  /b/nowhere/:
    post:
      operationId: nowhere
      requestBody:
        content:
          application/json:
            schema: {type: object, examples: [{a: 1}]}
      responses: {"200": {description: Done}}
components:
  examples:
    Void: {value: {session_id: "<add it here>", operation: void}}
  schemas:
    Operation: {type: object, example: {session_id: "<add it here>", operation: expire}}
"""


async def test_every_example_of_our_own_document_is_accepted() -> None:
    found = await outcomes(DOCUMENT)

    refused = {
        (each.example.operation.key, each.example.name): each.reason
        for each in found
        if not each.accepted
    }
    assert refused == REFUSED
    assert len(found) == len(list(examples_of(load_document(DOCUMENT, None)))) > 0


def test_our_own_document_has_an_example_for_every_call_with_a_json_body() -> None:
    document = load_document(DOCUMENT, None)
    shown = {each.operation.key for each in examples_of(document)}

    bodies = {
        each.key for each in operations_of(document) if "application/json" in each.media_types
    }
    assert shown == bodies


async def test_examples_are_found_wherever_they_stand_and_reasons_are_told(tmp_path: Path) -> None:
    file = tmp_path / "small.yaml"
    file.write_text(SMALL, encoding="utf-8")

    found = await outcomes(file)

    operation = "`POST /b/pbl/v2/operation/`"
    assert table(found).splitlines()[2:] == [
        f"| {operation} | Refund | 200 | accepted |",
        f"| {operation} | Void | 200 | accepted |",
        f"| {operation} | of the schema | 200 | accepted |",
        f"| {operation} | example | 200 | accepted |",
        "| `POST /b/checkout/v1/pymt-txn/` | example | 400 | `pg_codes`: This field is required. |",
        "| `POST /b/nowhere/` | of the schema, 1 | 404 | The sandbox's document has no such call. |",
    ]
