"""Convert values as the platform's framework does, where their type is not that of the document.

Only what Django REST framework takes is converted; all else is left for the validator to refuse.
Source: FACTS 3 (coercion) and 4 (amounts); the fields of Django REST framework.
"""

import math
import re
from decimal import Decimal
from typing import Any, Final

from sandbox.contract.formats import is_decimal
from sandbox.contract.outline import Outline
from sandbox.contract.violations import MOST_TOLD, Location, Remark

_TRUE: Final = frozenset(
    {"true", "True", "TRUE", "t", "T", "yes", "Yes", "YES", "y", "Y", "on", "On", "ON", "1"}
)
_FALSE: Final = frozenset(
    {"false", "False", "FALSE", "f", "F", "no", "No", "NO", "n", "N", "off", "Off", "OFF", "0"}
)
_WHOLE: Final = re.compile(r"\s*([+-]?\d{1,18})(?:\.0*)?\s*")
_NUMBER: Final = re.compile(
    r"\s*[+-]?(?:\d{1,40}(?:\.\d{0,40})?|\.\d{1,40})(?:[eE][+-]?\d{1,2})?\s*"
)
_MAX_PLACES: Final = 40
# No list of the platform's is longer; what is in such a one is left for the validator to refuse.
_MOST_ITEMS: Final = 10_000
_LONG: Final = 10**_MAX_PLACES


class Converter:
    """Converts one value by an outline and remembers what it did.

    `is_text` says that the value came from a form, where every scalar is a text: reading a number
    out of one is no deviation. `is_lenient` allows what the framework allows beyond that; each
    such conversion leaves a remark. One of the two holds, or there is nothing to convert.
    """

    def __init__(self, *, is_text: bool, is_lenient: bool) -> None:
        self._is_text = is_text
        self._is_lenient = is_lenient
        self.remarks: list[Remark] = []

    def convert(self, outline: Outline, value: Any, location: Location = ()) -> Any:  # noqa: ANN401
        """Return the value as the document types it: the same object where nothing changed."""
        if isinstance(value, dict):
            return self._convert_fields(outline, value, location)
        if isinstance(value, list):
            if len(value) > _MOST_ITEMS:
                return value
            items = [
                self.convert(outline.items, one, (*location, index))
                for index, one in enumerate(value)
            ]
            same = all(new is old for new, old in zip(items, value, strict=True))
            return value if same else items
        if not outline.types or value is None:
            return value
        return self._convert_scalar(outline, value, location)

    def _convert_fields(
        self, outline: Outline, value: dict[str, Any], location: Location
    ) -> dict[str, Any]:
        converted: dict[str, Any] | None = None
        for name, inner in value.items():
            if name in outline.kept_out:
                continue
            new = self.convert(outline.field(name), inner, (*location, name))
            if new is not inner:
                converted = dict(value) if converted is None else converted
                converted[name] = new
        return value if converted is None else converted

    def _convert_scalar(self, outline: Outline, value: Any, location: Location) -> Any:  # noqa: ANN401
        types = outline.types
        if isinstance(value, str):
            if "string" in types:
                return self._plain_notation(outline, value, location)
            return self._read_text(outline, value, location)
        if self._is_lenient and not isinstance(value, bool):
            return self._convert_number(outline, value, location)
        return value

    def _plain_notation(self, outline: Outline, value: str, location: Location) -> str:
        if not self._is_lenient or "decimal" not in outline.formats or is_decimal(value):
            return value
        plain = plain_decimal(value)
        if plain is None:
            return value
        self._remark(
            "amount_notation",
            location,
            f'"{value}" was read as {plain}.',
            "Send plain ASCII digits with at most one point.",
        )
        return plain

    def _read_text(self, outline: Outline, value: str, location: Location) -> Any:  # noqa: ANN401
        new = _read(outline.types, value)
        if new is value and self._is_text:
            if value == "" and "null" in outline.types:
                return None
            if "array" in outline.types:
                return [self.convert(outline.items, value, (*location, 0))]
        elif new is not value and not self._is_text:
            self._remark(
                "coerced_value",
                location,
                f'The text "{value}" was read as {_json(new)}.',
                f"Send {_json(new)} without quotes.",
            )
        return new

    def _convert_number(self, outline: Outline, value: float, location: Location) -> Any:  # noqa: ANN401
        types = outline.types
        if "number" in types or ("integer" in types and value == value // 1):
            return value
        if "string" in types:
            text = plain_decimal(value)
            if text is None:
                return value
            if "decimal" in outline.formats:
                self._remark(
                    "amount_as_number",
                    location,
                    f"The amount came as the JSON number {text}.",
                    f'Send it as a text, "{text}": numbers lose digits on their way.',
                )
            else:
                self._remark(
                    "coerced_value",
                    location,
                    f"The number {text} was read as a text.",
                    f'Send "{text}" in quotes.',
                )
            return text
        if "boolean" in types and value in {0, 1}:
            self._remark(
                "coerced_value",
                location,
                f"The number {value} was read as {_json(bool(value))}.",
                f"Send {_json(bool(value))}.",
            )
            return bool(value)
        return value

    def _remark(self, code: str, location: Location, message: str, hint: str) -> None:
        if len(self.remarks) <= MOST_TOLD:
            self.remarks.append(Remark(code=code, location=location, message=message, hint=hint))


def plain_decimal(value: str | float) -> str | None:
    """Write a number in plain ASCII notation without exponent, digit for digit.

    None where it is no finite number, or one of more than 40 places.
    """
    if isinstance(value, str):
        if _NUMBER.fullmatch(value) is None:
            return None
        number = Decimal(value.strip())
    elif isinstance(value, int):
        if abs(value) >= _LONG:
            return None
        number = Decimal(value)
    elif math.isfinite(value):
        number = Decimal(repr(value))
    else:
        return None
    if not -_MAX_PLACES < number.adjusted() < _MAX_PLACES:
        return None
    return format(number, "f")


def _read(types: frozenset[str], text: str) -> Any:  # noqa: ANN401 - a scalar of JSON
    """Return the boolean or number that a text stands for; the text itself where it is none."""
    if "boolean" in types and text in _TRUE:
        return True
    if "boolean" in types and text in _FALSE:
        return False
    whole = _WHOLE.fullmatch(text)
    if whole is not None and types & {"integer", "number"}:
        return int(whole[1])
    if "number" in types and _NUMBER.fullmatch(text):
        return float(text)
    return text


def _json(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
