"""What the sandbox itself sends is judged as well."""

from pathlib import Path

import pytest

from sandbox.contract.errors import UnknownWebhook
from tests.unit.contract.awkward import contract

DOCUMENT = """openapi: 3.1.0
info: {title: Answers, version: "1"}
paths:
  /b/a/:
    get:
      responses:
        "200":
          content:
            application/json: {schema: {$ref: "#/components/schemas/Payment"}}
        "201": {$ref: "#/components/responses/Made"}
        "204": {description: nothing}
        4XX:
          content: {application/json: {schema: {type: object, required: [detail]}}}
  /b/file/:
    get:
      responses:
        default: {content: {text/csv: {schema: {type: string, format: binary}}}}
webhooks:
  paid:
    post:
      requestBody: {content: {application/json: {schema: {$ref: "#/components/schemas/Payment"}}}}
components:
  responses:
    Made: {content: {application/json: {schema: {$ref: "#/components/schemas/Payment"}}}}
  schemas:
    Payment:
      type: object
      required: [id, secret]
      properties: {id: {type: integer, readOnly: true}, secret: {type: string, writeOnly: true}}
"""
JSON = "application/json"


@pytest.mark.parametrize(
    ("status", "content_type", "body", "rules"),
    [
        (200, JSON, {"id": 1}, []),
        (200, f"{JSON}; charset=utf-8", b'{"id": 1}', []),
        (200, JSON, b"{", ["content_type"]),
        (200, JSON, {}, ["required"]),
        (200, "text/html", b"<p>", ["content_type"]),
        (201, JSON, {"id": "1"}, ["type"]),
        (202, JSON, {"id": 1}, ["status"]),
        (202, JSON, {"detail": "x"}, ["status"]),
        (204, "", b"", []),
        (404, JSON, {"detail": "x"}, []),
        (404, JSON, {"x": "y"}, ["required"]),
        (500, JSON, {"detail": "x"}, []),
        (503, JSON, b'{"detail": "x"}', []),
        (500, JSON, {"amount": ["x"], "rows": [{}, {"a": ["b"]}], "b": {"c": ["d"]}}, []),
        (500, JSON, {"error": {"type": "x"}}, ["status"]),
        (500, "text/html", b"<p>", ["status"]),
    ],
)
def test_an_answer_is_judged_by_what_we_may_send(
    tmp_path: Path, status: int, content_type: str, body: object, rules: list[str]
) -> None:
    served = contract(tmp_path, DOCUMENT)

    found = served.check_response(served.operations["GET /b/a/"], status, content_type, body)

    assert [one.rule for one in found] == rules


def test_a_file_is_not_judged(tmp_path: Path) -> None:
    served = contract(tmp_path, DOCUMENT)

    assert served.check_response(served.operations["GET /b/file/"], 200, "text/csv", b"a,b") == []


def test_a_webhook_is_judged_by_what_we_may_send(tmp_path: Path) -> None:
    served = contract(tmp_path, DOCUMENT)

    assert served.check_webhook("paid", {"id": 1}) == []
    assert [one.location for one in served.check_webhook("paid", {})] == [("id",)]


def test_an_unknown_webhook_is_told(tmp_path: Path) -> None:
    with pytest.raises(UnknownWebhook, match="`refunded`"):
        contract(tmp_path, DOCUMENT).check_webhook("refunded", {})


def test_statuses_of_success_are_known(tmp_path: Path) -> None:
    operations = contract(tmp_path, DOCUMENT).operations

    assert operations["GET /b/a/"].success_status == 200
    assert operations["GET /b/file/"].success_status == 200
