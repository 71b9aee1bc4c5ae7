"""Write violations in the shapes of Django REST framework's error answers. Source: FACTS 3."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Final

from sandbox.contract.violations import Violation

NON_FIELD: Final = "non_field_errors"


@dataclass(slots=True)
class _Place:
    """The messages about a value, and the places inside it."""

    messages: list[str] = field(default_factory=list)
    inner: dict[str | int, "_Place"] = field(default_factory=dict)


def drf_errors(violations: Iterable[Violation]) -> dict[str, Any]:
    """Return the body of a 400 answer: `{"amount": ["This field is required."]}`.

    Nested objects nest. Items of a list nest by position: `{"pg_codes": {"1": [...]}}` for plain
    items, a list with `{}` for the items in order where items are objects. What concerns a whole
    object stands under `non_field_errors`. No message occurs twice in one place; the order is that
    of the violations.
    """
    root = _Place()
    for violation in violations:
        place = root
        for step in violation.location:
            place = place.inner.setdefault(step, _Place())
        if violation.rule == "not_an_object" and violation.location:
            place = place.inner.setdefault(NON_FIELD, _Place())
        if violation.message not in place.messages:
            place.messages.append(violation.message)
    return _fields(root)


def _written(place: _Place) -> Any:  # noqa: ANN401 - a list of messages, of objects, or an object
    if not place.inner:
        return place.messages
    if all(isinstance(step, int) for step in place.inner) and not place.messages:
        return _items(place)
    return _fields(place)


def _fields(place: _Place) -> dict[str, Any]:
    if place.messages:
        whole = place.inner.setdefault(NON_FIELD, _Place())
        whole.messages = list(dict.fromkeys([*place.messages, *whole.messages]))
    return {str(step): _written(inner) for step, inner in place.inner.items()}


def _items(place: _Place) -> Any:  # noqa: ANN401 - as above
    numbered = {int(step): inner for step, inner in place.inner.items()}
    if not any(inner.inner for inner in numbered.values()):
        return {str(index): numbered[index].messages for index in sorted(numbered)}
    fields = {index: _fields(inner) for index, inner in numbered.items()}
    return [fields.get(index, {}) for index in range(max(numbered) + 1)]
