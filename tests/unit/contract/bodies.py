"""Bodies made from a view: valid ones, and the same with something wrong. Same seed, same bodies."""

import copy
import random
from collections.abc import Iterator
from typing import Any, Final

from sandbox.contract.patterns import as_python
from sandbox.contract.views import View

_TEXTS_BY_FORMAT: Final = {
    "decimal": ["12.500", "-1", "+.5", "0", "7."],
    "email": ["payer@example.com", "a.b+c@sub.example.org"],
    "uri": ["http://localhost:8000/x?y=1", "https://example.com"],
    "date": ["2026-01-31", "2024-2-29"],
    "date-time": ["2026-01-01 10:00", "2026-01-01T10:00:00.5+03:00", "2026-01-01T10:00:00Z"],
    "uuid": ["123e4567-e89b-12d3-a456-426614174000"],
    "duration": ["PT30M", "01:00:00"],
}
_TEXTS: Final = [
    "a b",
    "abc",
    "2026-01-31",
    "31/12/2026",
    "A-1",
    "é",
    "12",
    "#aB3",
    "a.pdf",
    "x_y",
    "1.5",
]
_WRONG: Final[list[Any]] = [
    *(None, True, False, 0, 1, -1, 1.0, 2.5, 10**12, 10**18, 1e300),
    *("", " ", "x", "x" * 3000, "1\n", "١٢", "é" * 128, "é" * 129, "😀" * 64, "😀" * 65),
    *("a@b", "a@b.co\n", "http://", "http://x\n", "ftp://x.y/", "2026-02-30", "2026-01-01T25:00"),
    *("1e3", "NaN", "Infinity", "1_000", ".", "-", "nil", "\0", "KW", "kw", "https://[::1]/"),
    *([], [1], [None], ["x", "x"], [[]], {}, {"a": 1}, {"": None}, [{}]),
]
_MAX_DEPTH: Final = 6

Path = tuple[str | int, ...]


class Bodies:
    """Makes bodies for one view."""

    def __init__(self, view: View, seed: str) -> None:
        self._definitions = view.schema["$defs"]
        self._root = view.root
        self._random = random.Random(seed)  # noqa: S311 - chosen by seed on purpose

    def valid(self) -> Any:  # noqa: ANN401 - any value of JSON
        """Return a body that fits the view."""
        return self._value(self._root, 0)

    def broken(self, body: Any) -> Any:  # noqa: ANN401 - any value of JSON
        """Return a copy of a body in which one to three things are changed, mostly for the worse."""
        broken = copy.deepcopy(body)
        for _ in range(self._random.choice((1, 1, 2, 3))):
            broken = self._change(broken)
        return broken

    def _change(self, body: Any) -> Any:  # noqa: ANN401 - any value of JSON
        places = list(_places(body))
        place = self._random.choice(places)
        if not place:
            if isinstance(body, dict) and self._random.random() < 0.9:
                body[self._random.choice(("unknown", "amont", "session_id", ""))] = self._wrong()
                return body
            return self._wrong()
        holder = body
        for step in place[:-1]:
            holder = holder[step]
        if self._random.random() < 0.3:
            del holder[place[-1]]
        elif isinstance(holder, list) and self._random.random() < 0.3:
            holder.append(copy.deepcopy(holder[0]))
        elif isinstance(holder[place[-1]], str) and self._random.random() < 0.4:
            holder[place[-1]] += self._random.choice(("\n", " ", "x" * 130, "٣", "@", "\u2028"))
        else:
            holder[place[-1]] = self._wrong()
        return body

    def _wrong(self) -> Any:  # noqa: ANN401 - any value of JSON
        return copy.deepcopy(self._random.choice(_WRONG))

    def _value(self, schema: Any, depth: int) -> Any:  # noqa: ANN401 - any value of JSON
        if not isinstance(schema, dict) or depth > 3 * _MAX_DEPTH:
            return "anything"
        schema = self._merged(schema)
        if "enum" in schema:
            return self._random.choice(schema["enum"])
        kinds = schema.get("type", "object" if "properties" in schema else "string")
        kind = kinds if isinstance(kinds, str) else self._random.choice(kinds)
        if kind in {"object", "array"}:
            return self._object(schema, depth) if kind == "object" else self._list(schema, depth)
        if kind in {"integer", "number"}:
            low = schema.get("minimum", schema.get("exclusiveMinimum", 0) + 1)
            return self._random.choice((low, float(low)))
        return {"boolean": True, "null": None}.get(kind, self._text(schema))

    def _list(self, schema: dict[str, Any], depth: int) -> list[Any]:
        count = 1 if schema.get("uniqueItems") else self._random.randint(1, 3)
        return [self._value(schema.get("items", True), depth + 1) for _ in range(count)]

    def _object(self, schema: dict[str, Any], depth: int) -> dict[str, Any]:
        required = schema.get("required", ())
        made: dict[str, Any] = dict.fromkeys(required, "anything")
        for name, inner in schema.get("properties", {}).items():
            wanted = self._random.random() < 0.4 and depth < _MAX_DEPTH
            if name in required or wanted:
                made[name] = self._value(inner, depth + 1)
        others = schema.get("additionalProperties")
        if isinstance(others, dict):
            made["key"] = self._value(others, depth + 1)
        return made

    def _merged(self, schema: dict[str, Any]) -> dict[str, Any]:
        """Lay a schema, what it refers to, its parts and one of its branches over one another."""
        merged: dict[str, Any] = {}
        pending: list[Any] = [schema]
        while pending:
            part = pending.pop()
            if not isinstance(part, dict):
                continue
            if "$ref" in part:
                pending.append(self._definitions[part["$ref"].removeprefix("#/$defs/")])
            pending.extend(part.get("allOf", ()))
            branches = [part[keyword] for keyword in ("anyOf", "oneOf") if keyword in part]
            pending.extend(map(self._random.choice, branches))
            for keyword, said in part.items():
                if keyword == "properties":
                    merged["properties"] = {**merged.get("properties", {}), **said}
                elif keyword == "required":
                    merged["required"] = [*merged.get("required", ()), *said]
                else:
                    merged.setdefault(keyword, said)
        return merged

    def _text(self, schema: dict[str, Any]) -> str:
        texts: list[str] = _TEXTS_BY_FORMAT.get(schema.get("format", ""), _TEXTS)
        if "pattern" in schema:
            wanted = as_python(schema["pattern"])
            texts = [one for one in [*texts, *_TEXTS] if wanted.search(one)] or ["?"]
        limit: int = schema.get("maxLength", 1000)
        text: str = self._random.choice([one for one in texts if len(one) <= limit] or ["x"])
        if "format" not in schema and "pattern" not in schema and self._random.random() < 0.1:
            text = "é" * min(limit, 300)
        shortest: int = schema.get("minLength", 0)
        return text.ljust(shortest, "z")


def _places(value: object, path: Path = ()) -> Iterator[Path]:
    yield path
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _places(inner, (*path, key))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _places(inner, (*path, index))
