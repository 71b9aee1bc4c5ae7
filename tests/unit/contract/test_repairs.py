"""The known traps of a document are mended and told."""

from pathlib import Path

import pytest

from sandbox.contract.document import load_document
from sandbox.contract.spec_check import check_document
from sandbox.domain.settings import ValidationMode
from tests.unit.contract.awkward import AWKWARD, contract, write
from tests.unit.contract.conftest import SPECIFICATION

TRAPS = """openapi: 3.1.0
info: {title: Traps, version: "1"}
servers: [{url: "https://pay.example.com"}]
paths:
  /a/:
    parameters: [{$ref: "#/components/parameters/Key"}]
    get:
      operationId: same
      security: [{missing: []}, {basic: []}]
      parameters:
        - {name: authorization, in: header, schema: {type: string}}
        - {name: Tracking-Key, in: header, schema: {type: string}}
      responses: {"200": {description: fine}}
    post:
      operationId: same
      responses: {"400": {$ref: "#/components/responses/Client%20Errors"}}
components:
  parameters:
    Key: {name: Authorization, in: header, required: true, schema: {type: string}}
  responses:
    Client Errors: {description: bad}
    Client_Errors: {description: another}
  securitySchemes:
    basic: {type: http, scheme: basic}
  schemas:
    Old: {type: string, nullable: true}
    Bounds: {type: integer, minimum: 1, exclusiveMinimum: true}
    Default: {type: boolean, default: "yes"}
    Pattern: {type: string, pattern: "(?<unclosed"}
    Overlap:
      oneOf:
        - {type: object, properties: {detail: {type: string}}}
        - {type: object, additionalProperties: {type: array}}
    Apart:
      oneOf: [{type: string}, {type: object}]
    ToldApart:
      oneOf:
        - {type: object, required: [kind], properties: {kind: {enum: [a]}}}
        - {type: object, required: [kind], properties: {kind: {const: b}}}
    OneOfTwo:
      oneOf: [{required: [session_id]}, {required: [order_no]}]
"""


def test_every_trap_is_mended_and_told_with_its_place_and_line(tmp_path: Path) -> None:
    document = load_document(write(tmp_path, TRAPS))

    assert [(one.where, one.line) for one in document.repairs] == [
        ("/servers", 3),
        ("/components/schemas/Old", 26),
        ("/components/schemas/Bounds", 27),
        ("/components/schemas/Default/default", 28),
        ("/components/schemas/Pattern/pattern", 29),
        ("/components/schemas/Overlap/oneOf", 31),
        ("/paths/~1a~1/post/operationId", 15),
        ("/paths/~1a~1/get/security", 9),
        ("/paths/~1a~1/parameters/0", 6),
        ("/paths/~1a~1/get/parameters/0", 11),
        ("/components/responses/Client Errors", 21),
    ]


def test_what_is_mended_says_the_same_in_sound_words(tmp_path: Path) -> None:
    tree = load_document(write(tmp_path, TRAPS)).tree
    schemas = tree["components"]["schemas"]

    assert schemas["Old"] == {"type": ["string", "null"]}
    assert schemas["Bounds"] == {"type": "integer", "exclusiveMinimum": 1}
    assert "anyOf" in schemas["Overlap"]
    assert all("oneOf" in schemas[name] for name in ("Apart", "ToldApart", "OneOfTwo"))
    assert tree["servers"] == [{"url": "/"}]
    assert [one["name"] for one in tree["paths"]["/a/"]["get"]["parameters"]] == ["Tracking-Key"]
    assert tree["paths"]["/a/"]["get"]["security"] == [{"basic": []}]


def test_a_renamed_component_is_found_under_its_new_name(tmp_path: Path) -> None:
    tree = load_document(write(tmp_path, TRAPS)).tree

    reference = tree["paths"]["/a/"]["post"]["responses"]["400"]["$ref"]

    assert reference == "#/components/responses/Client_Errors_2"
    assert tree["components"]["responses"]["Client_Errors_2"] == {"description": "bad"}


def test_a_mended_document_is_openapi(tmp_path: Path) -> None:
    report = check_document(write(tmp_path, AWKWARD))

    assert report.errors == ()
    assert report.operations == 2
    assert len(report.repairs) == 6


def test_what_cannot_be_mended_is_left_in_the_report(tmp_path: Path) -> None:
    text = AWKWARD.replace("{description: fine}", "{}", 1)

    report = check_document(write(tmp_path, text))

    assert [one.where for one in report.errors] == ["/paths/~1b~1pay~1/post/responses/200"]


def test_a_document_without_traps_is_left_alone(tmp_path: Path) -> None:
    sound = 'openapi: 3.1.0\ninfo: {title: A, version: "1"}\npaths: {/a: {get: {responses: {}}}}\n'

    assert load_document(write(tmp_path, sound)).repairs == ()


@pytest.mark.parametrize("host", ["http://localhost:8686", "http://127.0.0.1/b", "/", "/base"])
def test_local_servers_are_no_trap(tmp_path: Path, host: str) -> None:
    text = TRAPS.replace("https://pay.example.com", host)

    assert "/servers" not in {one.where for one in load_document(write(tmp_path, text)).repairs}


def test_the_sandboxes_own_document_is_sound() -> None:
    report = check_document(SPECIFICATION)

    assert report.errors == ()
    assert report.operations >= 28


def test_an_older_document_with_fewer_calls_is_served(tmp_path: Path) -> None:
    served = contract(tmp_path)

    assert list(served.operations) == ["POST /b/pay/", "POST /b/tree/"]
    assert (served.title, served.version) == ("Awkward", "7")
    assert served.match("POST", "/b/tree").operation.operation_id == "pay_2"


EARLIER = """openapi: 3.1.0
info: {title: Earlier, version: "1"}
paths:
  /a/:
    post:
      parameters:
      tags:
      requestBody:
        content:
          application/json:
            schema:
              type: object
              required: [amount, session_id]
              properties:
                amount: {type: string}
      responses: {"200": {description: fine}}
"""


def test_keys_that_hold_nothing_and_names_required_without_being_there_are_dropped(
    tmp_path: Path,
) -> None:
    document = load_document(write(tmp_path, EARLIER))

    assert [(repair.line, repair.what) for repair in document.repairs] == [
        (6, "`parameters` holds nothing: dropped"),
        (7, "`tags` holds nothing: dropped"),
        (13, "`session_id` required but not declared: dropped"),
    ]
    served = contract(tmp_path, EARLIER)
    operation = served.match("POST", "/a").operation
    assert not served.check_body(operation, {"amount": "1"}, mode=ValidationMode.STRICT).violations
