"""The synchronous core stays synchronous: what import-linter cannot see, the syntax trees show.

Source: docs/architecture.md, the layers.
"""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import sandbox

PACKAGE = Path(sandbox.__file__).parent
CORE = ("domain", "scenarios", "channels", "engine")
OUTSIDE = frozenset(
    {"aiohttp", "asyncio", "random", "secrets", "socket", "threading", "time", "uuid", "uvloop"}
)
CLOCKS = frozenset({"now", "today", "utcnow"})
WAITS = (ast.Await, ast.AsyncFor, ast.AsyncFunctionDef, ast.AsyncWith)


def imports(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Line and top-level name of each module that is imported anywhere in the file."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield node.lineno, alias.name.partition(".")[0]
        elif isinstance(node, ast.ImportFrom):
            yield node.lineno, (node.module or "").partition(".")[0]


def reaches_outside(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Line and reason for each thing that the core must not do."""
    for line, module in imports(tree):
        if module in OUTSIDE:
            yield line, f"imports {module}"
    for node in ast.walk(tree):
        if isinstance(node, WAITS):
            yield node.lineno, "waits; the core is one synchronous step"
        elif isinstance(node, ast.comprehension) and node.is_async:
            yield node.iter.lineno, "waits; the core is one synchronous step"
        elif isinstance(node, ast.Attribute) and node.attr in CLOCKS and is_date(node.value):
            yield node.lineno, f"asks a clock with .{node.attr}; the instant is an argument"


def is_date(node: ast.expr) -> bool:
    """Whether it is the class `date` or `datetime`, by whatever module it is reached."""
    name = node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", None)
    return name in {"date", "datetime"}


def modules(layer: str) -> list[Path]:
    return sorted((PACKAGE / layer).rglob("*.py"))


def tree_of(path: Path) -> ast.AST:
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


@pytest.mark.parametrize("layer", CORE)
def test_the_core_reaches_for_no_loop_socket_clock_or_chance(layer: str) -> None:
    found = [
        f"{path.relative_to(PACKAGE)}:{line}: {what}"
        for path in modules(layer)
        for line, what in reaches_outside(tree_of(path))
    ]

    assert modules(layer)
    assert found == []


@pytest.mark.parametrize("paths", [modules("domain"), [PACKAGE / "resources.py"]])
def test_the_lowest_modules_import_the_standard_library_only(paths: list[Path]) -> None:
    allowed = sys.stdlib_module_names | {"sandbox"}

    found = [
        f"{path.relative_to(PACKAGE)}:{line}: imports {module}"
        for path in paths
        for line, module in imports(tree_of(path))
        if module not in allowed
    ]

    assert found == []


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("import asyncio", "imports asyncio"),
        ("def f():\n    from time import monotonic", "imports time"),
        ("import aiohttp.web as web", "imports aiohttp"),
        ("async def f(): ...", "waits; the core is one synchronous step"),
        ("x = datetime.now(UTC)", "asks a clock with .now; the instant is an argument"),
        ("f = dt.datetime.utcnow", "asks a clock with .utcnow; the instant is an argument"),
    ],
)
def test_the_check_itself_finds_what_it_looks_for(source: str, reason: str) -> None:
    assert [what for _, what in reaches_outside(ast.parse(source))] == [reason]
