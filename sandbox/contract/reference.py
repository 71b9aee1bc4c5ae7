"""The reference validator: openapi-core, imported only when it is chosen.

Slower by a factor of hundreds than the compiled one, and the measure of it: tests drive both with
the same bodies and demand the same answers.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from fractions import Fraction
from itertools import islice
from typing import Any, Final, TypeAlias

from sandbox.contract.formats import FORMATS
from sandbox.contract.patterns import as_python
from sandbox.contract.views import View
from sandbox.contract.violations import MOST_TOLD, Breach

# jsonschema comes without types
_Untyped: TypeAlias = Any
_Errors = Iterator[Any]


class ReferenceValidator:
    """Validates by openapi-core, with our formats and the patterns of ECMA-262."""

    def __init__(self) -> None:
        # these take a fifth of a second to import
        from jsonschema.validators import (  # type: ignore[import-untyped]  # noqa: PLC0415
            extend,
        )
        from openapi_core.validation.schemas.factories import (
            SchemaValidatorsFactory,
        )
        from openapi_schema_validator import OAS31Validator  # noqa: PLC0415

        self._factory = SchemaValidatorsFactory(extend(OAS31Validator, _KEYWORDS))
        self._validators: dict[View, Any] = {}

    def accepts(self, view: View, value: object) -> bool:
        """Tell whether a value fits."""
        return not self.breaches(view, value)

    def breaches(self, view: View, value: object) -> list[Breach]:
        """Return all that is wrong with a value."""
        if view not in self._validators:
            self._validators[view] = self._validator(view)
        found = _breaches(self._validators[view].iter_errors(value))
        return list(islice(found, MOST_TOLD + 1))

    def _validator(self, view: View) -> Any:  # noqa: ANN401 - a class that openapi-core makes
        from jsonschema_path import SchemaPath  # noqa: PLC0415 - slow to import

        document = SchemaPath.from_dict(
            {"openapi": "3.1.0", "$defs": view.schema["$defs"], "view": view.root}
        )
        checks = {name: _for_texts(check) for name, check in FORMATS.items()}
        return self._factory.create(document, document / "view", format_validators=checks).validator


def _for_texts(check: Callable[[str], bool]) -> Callable[[Any], bool]:
    return lambda value: not isinstance(value, str) or check(value)


def _breaches(errors: Iterable[Any]) -> Iterator[Breach]:
    for error in errors:
        keyword = error.validator if error.validator is not None else "falseSchema"
        location = tuple(error.absolute_path)
        if keyword in {"anyOf", "oneOf"}:
            branches: dict[int, list[Any]] = {}
            for inner in error.context:
                branches.setdefault(inner.schema_path[0], []).append(inner)
            told = tuple(tuple(_breaches(inner)) for inner in branches.values())
            yield Breach(keyword, location, None, error.instance, told or ((),))
        elif keyword in {"required", "dependentRequired", "additionalProperties"}:
            keyword = "required" if keyword == "dependentRequired" else keyword
            yield Breach(keyword, location, None, None)
        else:
            yield Breach(keyword, location, error.validator_value, error.instance)


class _Keywords:
    """Keywords that mean something else in Python, or that hide which field they mean.

    Python's `re` is not ECMA-262 and its floats are not decimal; the name of a missing field would
    only stand in a message. Each yields the errors of one keyword, as jsonschema wants it.
    """

    @staticmethod
    def pattern(_validator: _Untyped, wanted: str, value: _Untyped, _: _Untyped) -> _Errors:
        if isinstance(value, str) and as_python(wanted).search(value) is None:
            yield _error()

    @staticmethod
    def multiple_of(
        _validator: _Untyped, wanted: _Untyped, value: _Untyped, _: _Untyped
    ) -> _Errors:
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        if is_number and Fraction(repr(value)) % Fraction(repr(wanted)) != 0:
            yield _error()

    @staticmethod
    def required(_validator: _Untyped, wanted: list[str], value: _Untyped, _: _Untyped) -> _Errors:
        if isinstance(value, dict):
            yield from (_error(name) for name in wanted if name not in value)

    @staticmethod
    def dependent_required(
        validator: _Untyped, wanted: _Untyped, value: _Untyped, schema: _Untyped
    ) -> _Errors:
        for name, others in wanted.items():
            if isinstance(value, dict) and name in value:
                yield from _Keywords.required(validator, others, value, schema)

    @staticmethod
    def property_names(
        validator: _Untyped, wanted: _Untyped, value: _Untyped, _: _Untyped
    ) -> _Errors:
        for name in value if isinstance(value, dict) else ():
            if not validator.evolve(schema=wanted).is_valid(name):
                yield _error()

    @staticmethod
    def pattern_properties(
        validator: _Untyped, wanted: _Untyped, value: _Untyped, _: _Untyped
    ) -> _Errors:
        for written, inner in wanted.items():
            for name, one in value.items() if isinstance(value, dict) else ():
                if as_python(written).search(name):
                    yield from validator.descend(one, inner, path=name, schema_path=written)

    @staticmethod
    def additional_properties(
        validator: _Untyped, wanted: _Untyped, value: _Untyped, schema: _Untyped
    ) -> _Errors:
        patterns = [as_python(written) for written in schema.get("patternProperties", ())]
        for name, one in value.items() if isinstance(value, dict) else ():
            if name in schema.get("properties", ()) or any(p.search(name) for p in patterns):
                continue
            if wanted is False:
                yield _error(name)
            elif isinstance(wanted, dict):
                yield from validator.descend(one, wanted, path=name)


def _error(*path: str) -> Any:  # noqa: ANN401 - an exception of a package without types
    from jsonschema.exceptions import (  # type: ignore[import-untyped]  # noqa: PLC0415
        ValidationError,
    )

    return ValidationError("", path=path)


_KEYWORDS: Final[Mapping[str, Callable[[Any, Any, Any, Any], _Errors]]] = {
    "pattern": _Keywords.pattern,
    "multipleOf": _Keywords.multiple_of,
    "required": _Keywords.required,
    "dependentRequired": _Keywords.dependent_required,
    "propertyNames": _Keywords.property_names,
    "patternProperties": _Keywords.pattern_properties,
    "additionalProperties": _Keywords.additional_properties,
}
