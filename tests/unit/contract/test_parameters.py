"""Path, query and headers of a call."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from sandbox.contract.checking import Contract
from sandbox.contract.violations import Checked
from sandbox.domain.settings import ValidationMode
from tests.unit.contract.awkward import contract

DOCUMENT = """openapi: 3.1.0
info: {title: Parameters, version: "1"}
paths:
  /b/files/{token}/:
    parameters:
      - {name: limit, in: query, schema: {type: string}}
      - {name: token, in: path, required: true, schema: {type: string, pattern: '^[-\\w]+$'}}
    get:
      parameters:
        - {name: limit, in: query, schema: {type: integer, minimum: 1}}
        - {name: tags, in: query, schema: {type: array, items: {type: string, enum: [a, b]}}}
        - {name: ids, in: query, explode: false, schema: {type: array, items: {type: integer}}}
        - {name: full, in: query, schema: {type: boolean}}
        - {name: kind, in: query, required: true, schema: {enum: [x, y]}}
        - {name: Tracking-Key, in: header, schema: {type: string, maxLength: 5}}
        - {name: Authorization, in: header, required: true, schema: {type: string}}
        - {name: session, in: cookie, required: true, schema: {type: string}}
      responses: {}
"""


def check(
    folder: Path,
    *,
    token: str = "t",  # noqa: S107 - the name of a path parameter
    query: Mapping[str, list[str]] | None = None,
    headers: Mapping[str, str] | None = None,
    mode: ValidationMode = ValidationMode.COMPATIBLE,
) -> Checked:
    served = contract(folder, DOCUMENT)
    return served.check_parameters(
        served.match("GET", "/b/files/t").operation,
        path={"token": token},
        query={"kind": ["x"]} if query is None else query,
        headers=headers or {},
        mode=mode,
    )


def told(checked: Checked) -> list[tuple[str, tuple[Any, ...], str]]:
    return [(one.where, one.location, one.rule) for one in checked.violations]


def test_values_are_typed_as_the_document_says(tmp_path: Path) -> None:
    query = {
        "kind": ["x", "y"],
        "limit": ["5"],
        "tags": ["a", "b"],
        "ids": ["1,2"],
        "full": ["true"],
    }

    checked = check(tmp_path, query=query, headers={"tracking-key": "k", "X": "y"})

    assert told(checked) == []
    assert checked.remarks == ()
    assert checked.value == {
        "path": {"token": "t"},
        "query": {"limit": 5, "tags": ["a", "b"], "ids": [1, 2], "full": True, "kind": "y"},
        "header": {"Tracking-Key": "k"},
    }


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({}, ("query", ("kind",), "required")),
        ({"kind": []}, ("query", ("kind",), "required")),
        ({"kind": ["z"]}, ("query", ("kind",), "not_a_choice")),
        ({"kind": ["x"], "limit": ["0"]}, ("query", ("limit",), "minimum")),
        ({"kind": ["x"], "limit": ["many"]}, ("query", ("limit",), "type")),
        ({"kind": ["x"], "limit": [""]}, ("query", ("limit",), "type")),
        ({"kind": ["x"], "tags": ["a", "c"]}, ("query", ("tags", 1), "not_a_choice")),
    ],
)
def test_what_does_not_fit_is_told_with_its_place(
    tmp_path: Path, query: dict[str, list[str]], expected: tuple[str, tuple[Any, ...], str]
) -> None:
    assert told(check(tmp_path, query=query)) == [expected]


def test_path_and_headers_are_judged_too(tmp_path: Path) -> None:
    checked = check(tmp_path, token="a b", headers={"TRACKING-KEY": "toolong"})

    assert told(checked) == [
        ("path", ("token",), "pattern"),
        ("header", ("Tracking-Key",), "max_length"),
    ]


def test_undeclared_names_in_a_query_are_told(tmp_path: Path) -> None:
    query = {"kind": ["x"], "limt": ["1"]}

    lenient = check(tmp_path, query=query)
    strict = check(tmp_path, query=query, mode=ValidationMode.STRICT)

    assert [(one.code, one.hint) for one in lenient.remarks] == [
        ("undeclared_field", "Did you mean `limit`?")
    ]
    assert told(lenient) == []
    assert told(strict) == [("query", ("limt",), "unknown")]


def test_off_refuses_nothing(tmp_path: Path) -> None:
    checked = check(tmp_path, query={"limit": ["x"]}, mode=ValidationMode.OFF)

    assert told(checked) == []
    assert checked.value["query"] == {"limit": "x"}


def test_a_call_without_parameters_is_fine(platform: Contract) -> None:
    operation = platform.operations["POST /b/pbl/v2/inquiry/"]

    checked = platform.check_parameters(
        operation, path={}, query={}, headers={}, mode=ValidationMode.STRICT
    )

    assert checked.violations == ()
