"""Each side is judged by what it may send."""

from collections.abc import Callable
from pathlib import Path

import pytest

from sandbox.contract.document import load_document
from sandbox.contract.validation import CompiledValidator
from sandbox.contract.views import Direction, Views
from tests.unit.contract.awkward import write

DOCUMENT = """openapi: 3.1.0
info: {title: Views, version: "1"}
paths: {/a/: {}}
components:
  schemas:
    Base:
      type: object
      required: [id, name, secret]
      properties:
        id: {type: integer, readOnly: true}
        name: {type: string}
        secret: {type: string, writeOnly: true}
    Named: {$ref: "#/components/schemas/Base"}
    Stamp: {type: string, readOnly: true}
    Derived:
      allOf: [{$ref: "#/components/schemas/Base"}]
      required: [id, stamp, more]
      properties:
        stamp: {allOf: [{$ref: "#/components/schemas/Stamp"}]}
        more: {$ref: "#/components/schemas/Named"}
    Hiding:
      allOf: [{$ref: "#/components/schemas/Base"}]
      properties: {name: {type: string, readOnly: true}}
    Listing: {type: array, items: {$ref: "#/components/schemas/Base"}}
    Either: {anyOf: [{$ref: "#/components/schemas/Base"}, {type: "null"}]}
    Below: {$ref: "#/components/schemas/Derived/properties/more"}
    Beside:
      $ref: "#/components/schemas/Base"
      required: [other]
    Never: false
    Anything: {type: object, properties: {x: {$ref: "#/components/schemas/Never"}}}
"""
FROM_CALLER = {"name": "n", "secret": "s"}
FROM_US = {"name": "n", "id": 1}


def accepts(folder: Path, name: str, direction: Direction, value: object) -> bool:
    document = load_document(write(folder, DOCUMENT))
    view = Views(document).of({"$ref": f"#/components/schemas/{name}"}, direction)
    return CompiledValidator().accepts(view, value)


@pytest.mark.parametrize(
    ("name", "wrap"),
    [
        ("Base", lambda one: one),
        ("Named", lambda one: one),
        ("Listing", lambda one: [one]),
        ("Either", lambda one: one),
        ("Below", lambda one: one),
        ("Beside", lambda one: {**one, "other": 1}),
    ],
)
def test_each_side_needs_only_what_it_may_send(
    tmp_path: Path, name: str, wrap: Callable[[object], object]
) -> None:
    assert accepts(tmp_path, name, Direction.REQUEST, wrap(FROM_CALLER))
    assert accepts(tmp_path, name, Direction.RESPONSE, wrap(FROM_US))
    assert not accepts(tmp_path, name, Direction.REQUEST, wrap({"name": "n"}))
    assert not accepts(tmp_path, name, Direction.RESPONSE, wrap({"name": "n"}))


def test_read_only_names_are_found_through_all_parts(tmp_path: Path) -> None:
    body = {**FROM_CALLER, "more": FROM_CALLER}

    assert accepts(tmp_path, "Derived", Direction.REQUEST, body)
    assert not accepts(tmp_path, "Derived", Direction.REQUEST, FROM_CALLER)


def test_a_schema_around_may_keep_out_what_an_inner_one_asks_for(tmp_path: Path) -> None:
    assert accepts(tmp_path, "Hiding", Direction.REQUEST, {"secret": "s"})
    assert not accepts(tmp_path, "Base", Direction.REQUEST, {"secret": "s"})


def test_what_stands_beside_a_reference_counts(tmp_path: Path) -> None:
    assert not accepts(tmp_path, "Beside", Direction.REQUEST, FROM_CALLER)


def test_schemas_may_be_true_or_false(tmp_path: Path) -> None:
    assert accepts(tmp_path, "Anything", Direction.REQUEST, {})
    assert not accepts(tmp_path, "Anything", Direction.REQUEST, {"x": 1})


def test_a_view_holds_only_what_it_refers_to(tmp_path: Path) -> None:
    document = load_document(write(tmp_path, DOCUMENT))

    view = Views(document).of({"$ref": "#/components/schemas/Either"}, Direction.REQUEST)

    assert list(view.schema["$defs"]) == ["Either", "Base"]


def test_a_long_chain_of_components_is_no_trouble(tmp_path: Path) -> None:
    links = [
        f"    L{n}: {{type: object, properties: {{next: {{$ref: '#/components/schemas/L{n + 1}'}}}}}}"
        for n in range(1500)
    ]
    text = "\n".join([DOCUMENT.partition("components:")[0], "components:", "  schemas:", *links])
    document = load_document(write(tmp_path, f"{text}\n    L1500: {{type: string}}\n"))

    view = Views(document).of({"$ref": "#/components/schemas/L0"}, Direction.REQUEST)

    assert len(view.schema["$defs"]) == 1501
