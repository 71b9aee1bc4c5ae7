"""What a document must be, and how it is told when it is not."""

import subprocess
import sys
from pathlib import Path

import pytest

from sandbox.contract.document import load_document
from sandbox.contract.errors import DocumentError
from sandbox.contract.source import MAX_BYTES, read_source
from tests.unit.contract.awkward import AWKWARD, contract, write

MINIMAL = """openapi: 3.1.0
info: {title: Small, version: "1"}
paths:
  /a/:
    get:
      responses: {200: {description: fine}}
"""


def refusal(folder: Path, text: str, name: str = "document.yaml") -> DocumentError:
    with pytest.raises(DocumentError) as refused:
        load_document(write(folder, text, name))
    return refused.value


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        ("a: b: c\n", 1, "mapping values are not allowed"),
        ("openapi: 3.1.0\n\t- x\n", 2, "found a tab"),
        ("- a\n- b\n", 1, "no mapping"),
        ("", 1, "no mapping"),
        ("a: \0\n", 1, "control characters"),
        ("swagger: '2.0'\npaths: {}\n", 1, "no OpenAPI 3 document"),
        ("openapi: 3.1.0\nx: !!python/object:os.system y\n", 2, "could not determine"),
        ("openapi: 3.1.0\npaths: {}\nopenapi: 3.0.0\n", 3, "`openapi` stands twice"),
        ("openapi: 3.1.0\n? [a]\n: b\n", 2, "no plain text"),
        ("openapi: 3.1.0\npaths: {}\n", 1, "no paths"),
        ("openapi: 3.1.0\npaths:\n  - a\n", 2, "must be a mapping"),
        ("openapi: 3.1.0\npaths:\n  a/: {}\n", 3, "no leading slash"),
        ("openapi: 3.1.0\npaths:\n  /a/:\n    get: 5\n", 4, "must be a mapping"),
        (f"{MINIMAL}components:\n  schemas:\n    A: 5\n", 9, "must be a mapping"),
        (f"{MINIMAL}components:\n  schemas:\n    A:\n      type: file\n", 10, "`file` is no type"),
        (
            f"{MINIMAL}components:\n  schemas:\n    A:\n      enum: []\n      allOf: []\n",
            11,
            "no JSON",
        ),
        (f"{MINIMAL}components:\n  schemas:\n    A:\n      $ref: '#/nowhere'\n", 10, "to nothing"),
        (f"{MINIMAL}components:\n  schemas:\n    A:\n      $ref: 'x.yaml#/A'\n", 10, "another"),
    ],
)
def test_a_refused_document_is_told_with_line_and_reason(
    tmp_path: Path, text: str, line: int, reason: str
) -> None:
    told = refusal(tmp_path, text)

    assert reason in told.reason
    assert told.line == line
    assert str(told).startswith(f"{told.file}:{line}: ")
    assert told.advice


def test_a_json_file_with_a_mistake_is_told_as_json(tmp_path: Path) -> None:
    told = refusal(tmp_path, '{"openapi": "3.1.0",\n "paths": }', "document.json")

    assert "not JSON" in told.reason
    assert told.line == 2


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(DocumentError, match="cannot be read"):
        load_document(tmp_path / "nowhere.yaml")


def test_a_file_that_is_no_text_is_told_with_its_line(tmp_path: Path) -> None:
    file = tmp_path / "document.yaml"
    file.write_bytes(b"openapi: 3.1.0\ninfo: \xe9\n")

    with pytest.raises(DocumentError, match="UTF-8") as refused:
        load_document(file)

    assert refused.value.line == 2


def test_a_huge_file_is_refused_unread(tmp_path: Path) -> None:
    file = tmp_path / "document.yaml"
    file.write_bytes(bytes(range(256)) * (10_000_000 // 256))

    with pytest.raises(DocumentError, match=f"{MAX_BYTES // 1_000_000} MB"):
        load_document(file)


@pytest.mark.parametrize("text", ["[" * 100_000, "- " * 100_000, "{a: " * 50_000])
def test_endless_nesting_is_refused_before_it_overflows_the_stack(
    tmp_path: Path, text: str
) -> None:
    assert "deeper than" in refusal(tmp_path, text).reason


def test_deep_json_is_refused_too(tmp_path: Path) -> None:
    depth = 200
    schema = '{"items": ' * depth + "{}" + "}" * depth
    text = f'{{"openapi": "3.1.0", "paths": {{"/a/": {{}}}}, "components": {{"schemas": {{"A": {schema}}}}}}}'

    assert "deeper than" in refusal(tmp_path, text, "document.json").reason


def test_aliases_that_multiply_are_refused_at_once(tmp_path: Path) -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 12)]

    told = refusal(tmp_path, "\n".join(lines))

    assert "aliases" in told.reason


def test_an_alias_that_contains_itself_is_refused(tmp_path: Path) -> None:
    assert "contains itself" in refusal(tmp_path, "a: &a [*a]\n").reason


def test_ordinary_aliases_and_merges_are_fine(tmp_path: Path) -> None:
    text = "a: &a {x: 1, y: 2}\nb: {<<: *a, y: 3}\n"

    assert read_source(write(tmp_path, text)).tree == {"a": {"x": 1, "y": 2}, "b": {"x": 1, "y": 3}}


def test_yaml_means_what_json_can_say(tmp_path: Path) -> None:
    text = "a: NO\nb: 2026-01-01\nc: 010\nd: 1e3\ne: ~\nf: true\n200: x\ng: 0x1F\nh: .inf\n"

    assert read_source(write(tmp_path, text)).tree == {
        "a": "NO",
        "b": "2026-01-01",
        "c": 10,
        "d": 1000.0,
        "e": None,
        "f": True,
        "200": "x",
        "g": "0x1F",
        "h": ".inf",
    }


@pytest.mark.parametrize(
    "schemas",
    [
        "A: {$ref: '#/components/schemas/A'}",
        "A: {allOf: [{$ref: '#/components/schemas/B'}]}\n    B: {oneOf: [{$ref: '#/components/schemas/A'}]}",
        "A: {not: {anyOf: [{$ref: '#/components/schemas/A'}]}}",
    ],
)
def test_a_schema_that_is_only_itself_is_refused(tmp_path: Path, schemas: str) -> None:
    told = refusal(tmp_path, f"{MINIMAL}components:\n  schemas:\n    {schemas}\n")

    assert "refers to itself" in told.reason


def test_a_schema_that_contains_itself_is_fine(tmp_path: Path) -> None:
    tree = contract(tmp_path).operations["POST /b/tree/"]

    assert tree.body_schema == {"$ref": "#/components/schemas/Tree"}


def test_json_and_yaml_say_the_same(tmp_path: Path) -> None:
    yaml = load_document(write(tmp_path, MINIMAL))
    json = load_document(
        write(
            tmp_path,
            '{"openapi": "3.1.0", "info": {"title": "Small", "version": "1"},'
            '"paths": {"/a/": {"get": {"responses": {"200": {"description": "fine"}}}}}}',
            "document.json",
        )
    )

    assert json.tree == yaml.tree
    assert (json.title, json.version) == ("Small", "1")


def test_loading_does_not_import_what_only_judges_documents(tmp_path: Path) -> None:

    file = write(tmp_path, AWKWARD)
    program = (
        "import sys, pathlib; from sandbox.contract.checking import Contract;"
        "Contract.load(pathlib.Path(sys.argv[1]));"
        "print([m for m in sys.modules if m.startswith(('openapi', 'jsonschema.'))])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, str(file)], capture_output=True, text=True, check=True
    )

    assert done.stdout == "[]\n"
