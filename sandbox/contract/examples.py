"""Make up answers that fit a document: its own examples, else values built from its schemas.

The same seed gives the same answer. Names, cities and sentences are Faker's, which is imported
when the first value is made.

Source: DESIGN (dependencies: answers of calls without state behind them).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import ceil, floor
from typing import TYPE_CHECKING, Any, Final

from sandbox.contract.document import Document
from sandbox.contract.example_texts import made_up_text
from sandbox.contract.merging import merged
from sandbox.contract.operations import JSON, OperationContract, is_json
from sandbox.contract.responses import response_name

if TYPE_CHECKING:
    from faker import Faker

_PROVIDERS: Final = ("address", "company", "lorem", "misc", "internet", "person")
# Below this depth only what is required is made, and below the other nothing at all.
_FULL_DEPTH: Final = 5
_DEEPEST: Final = 15
_LARGEST: Final = 1000


@dataclass(frozen=True, kw_only=True, slots=True)
class Example:
    """An answer of success; `media_type` is empty where it has no body."""

    status: int
    media_type: str
    value: object

    @property
    def is_json(self) -> bool:
        """Whether the value is sent as JSON; else it is sent as the text that it is."""
        return is_json(self.media_type)


class Examples:
    """Makes up answers of the operations of one document."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._fake: Faker | None = None

    def of(self, operation: OperationContract, seed: int) -> Iterator[Example]:
        """Yield answers for a call, the best first; none where no success is described.

        They are likely to fit the document, not certain to: a schema may say what no one can build.
        """
        status = operation.success_status
        name = response_name(operation, status)
        if name is None:
            return
        content = operation.responses[name]
        if not content:
            yield Example(status=status, media_type="", value=None)
            return
        media_type = _preferred(content)
        described = self._document.resolve(operation.source["responses"][name])["content"]
        for own in self._own_examples(described[media_type]):
            yield Example(status=status, media_type=media_type, value=own)
        schema = content[media_type]
        for is_full in (True, False):
            value = _Builder(self._document, self._faker(seed), is_full=is_full).value(
                "", schema, 0
            )
            yield Example(status=status, media_type=media_type, value=value)

    def _own_examples(self, media: Mapping[str, Any]) -> Iterator[object]:
        if "example" in media:
            yield media["example"]
        for each in (media.get("examples") or {}).values():
            named = self._document.resolve(each)
            if "value" in named:
                yield named["value"]
        schema = self._document.resolve(media.get("schema"))
        yield from _examples_of(schema)

    def _faker(self, seed: int) -> "Faker":
        if self._fake is None:
            from faker import Faker  # slow to import, and few calls need it

            providers = [f"faker.providers.{name}" for name in _PROVIDERS]
            self._fake = Faker("en_US", providers=providers)
        self._fake.seed_instance(seed)
        return self._fake


class _Builder:
    """Builds one value; `is_full` says with optional fields and the schema's own examples."""

    def __init__(self, document: Document, fake: "Faker", *, is_full: bool) -> None:
        self._document = document
        self._fake = fake
        self._is_full = is_full

    def value(self, name: str, schema: object, depth: int) -> Any:  # noqa: ANN401 - any JSON value
        """Return a value for a field of this name."""
        flat = self._flat(schema)
        given = _given(flat, with_examples=self._is_full)
        if given:
            return self._fake.random.choice(given)
        kind = _kind(flat)
        if kind == "object":
            return self._object(flat, depth)
        if kind == "array":
            return self._array(name, flat, depth)
        return self._scalar(kind, name, flat)

    def _scalar(self, kind: str, name: str, flat: Mapping[str, Any]) -> str | float | bool | None:
        match kind:
            case "integer":
                return self._whole(flat)
            case "number":
                return self._number(flat)
            case "boolean":
                return bool(self._fake.random.getrandbits(1))
            case "null":
                return None
            case _:
                return made_up_text(self._fake, name, flat)

    def _object(self, flat: Mapping[str, Any], depth: int) -> dict[str, Any]:
        required = flat.get("required", ())
        wanted = self._is_full and depth < _FULL_DEPTH
        if depth > _DEEPEST:
            return {}
        made: dict[str, Any] = {}
        for name, schema in flat.get("properties", {}).items():
            if (wanted or name in required) and not self._is_kept_out(schema):
                made[name] = self.value(name, schema, depth + 1)
        others = flat.get("additionalProperties", True)
        for name in required:
            if name not in made and name not in flat.get("properties", {}):
                made[name] = self.value(name, others, depth + 1)
        missing = min(flat.get("minProperties", 0), _LARGEST) - len(made)
        for number in range(missing):
            made[f"field_{number + 1}"] = self.value("", others, depth + 1)
        return made

    def _array(self, name: str, flat: Mapping[str, Any], depth: int) -> list[Any]:
        least = min(flat.get("minItems", 0), _LARGEST)
        wanted = 1 if self._is_full and depth < _FULL_DEPTH else 0
        first = [self.value(name, each, depth + 1) for each in flat.get("prefixItems", ())]
        count = max(least, min(wanted, flat.get("maxItems", wanted)), len(first))
        if depth > _DEEPEST or flat.get("items") is False:
            return first
        items = flat.get("items", True)
        made = list(first)
        tries = 0
        while len(made) < count and tries < count * 20:
            tries += 1
            one = self.value(name.removesuffix("s"), items, depth + 1)
            if not flat.get("uniqueItems") or one not in made:
                made.append(one)
        return made

    def _whole(self, flat: Mapping[str, Any]) -> int:
        step = flat.get("multipleOf", 1)
        step = step if isinstance(step, int) and step > 0 else 1
        low, high = _bounds(flat, step)
        return int(
            self._fake.random.randint(ceil(low / step), max(floor(high / step), ceil(low / step)))
            * step
        )

    def _number(self, flat: Mapping[str, Any]) -> float | int:
        if "multipleOf" in flat:
            return self._whole(flat) if isinstance(flat["multipleOf"], int) else flat["multipleOf"]
        low, high = _bounds(flat, 0.01)
        return (
            round(self._fake.random.uniform(low, high), 2) if high - low > 1 else (low + high) / 2
        )

    def _is_kept_out(self, schema: object) -> bool:
        return schema is False or self._flat(schema).get("writeOnly") is True

    def _flat(self, schema: object) -> dict[str, Any]:
        """Return a schema with its parts and one of its branches merged into it."""
        if not isinstance(schema, dict):
            return {}
        node = self._document.resolve(schema)
        flat = {keyword: said for keyword, said in node.items() if keyword not in _PARTS}
        for part in node.get("allOf", ()):
            flat = merged(flat, self._flat(part))
        for keyword in ("anyOf", "oneOf"):
            branches = [
                self._flat(branch) for branch in node.get(keyword, ()) if branch is not False
            ]
            said = [branch for branch in branches if branch.get("type") != "null"] or branches
            if said:
                flat = merged(flat, said[0])
        return flat


_PARTS: Final = frozenset({"allOf", "anyOf", "oneOf", "$ref"})


def _preferred(content: Mapping[str, Any]) -> str:
    """Return JSON where the document has it, else what it names first."""
    if JSON in content:
        return JSON
    return next(filter(is_json, content), next(iter(content)))


def _examples_of(schema: Mapping[str, Any]) -> Iterator[object]:
    if "example" in schema:
        yield schema["example"]
    several = schema.get("examples")
    if isinstance(several, list):
        yield from several


def _given(flat: Mapping[str, Any], *, with_examples: bool) -> list[Any]:
    """Return the values that a schema itself names: all of an enumeration, or one other."""
    if "const" in flat:
        return [flat["const"]]
    if flat.get("enum"):
        return [one for one in flat["enum"] if one is not None] or [None]
    return list(_examples_of(flat))[:1] if with_examples else []


def _kind(flat: Mapping[str, Any]) -> str:
    kinds = flat.get("type")
    if isinstance(kinds, list):
        kinds = next((kind for kind in kinds if kind != "null"), "null")
    if isinstance(kinds, str):
        return kinds
    for kind, keywords in _TELLING.items():
        if keywords & flat.keys():
            return kind
    return "string"


_TELLING: Final = {
    "object": {"properties", "required", "additionalProperties", "minProperties"},
    "array": {"items", "prefixItems", "minItems"},
    "number": {"minimum", "maximum", "multipleOf", "exclusiveMinimum", "exclusiveMaximum"},
}


def _bounds(flat: Mapping[str, Any], step: float) -> tuple[float, float]:
    """Return the least and the greatest number to make; open ends are a thousand away."""
    low, high = flat.get("minimum"), flat.get("maximum")
    if "exclusiveMinimum" in flat:
        low = max(flat["exclusiveMinimum"] + step, low if low is not None else -float("inf"))
    if "exclusiveMaximum" in flat:
        high = min(flat["exclusiveMaximum"] - step, high if high is not None else float("inf"))
    if low is None:
        low = min(1, high) if high is not None else 1
    if high is None:
        high = low + _LARGEST
    return low, max(low, high)
