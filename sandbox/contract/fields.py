"""Find the fields of a body that the document does not declare, and texts that no database takes.

Source: FACTS 1 (unknown fields are ignored by the platform) and 11 (read-only properties).
"""

import difflib
from collections.abc import Iterator
from typing import Final

from sandbox.contract.outline import Outline
from sandbox.contract.violations import Location, Remark, Violation, Where

NULL_CHARACTER: Final = "\0"
_CONTAINERS: Final = frozenset({dict, list})
_UNDECLARED: Final = "undeclared_field"
_READ_ONLY: Final = "read_only_field"


def has_strays(outline: Outline, value: object) -> bool:
    """Tell quickly whether a body may have fields that `stray_fields` would name."""
    if isinstance(value, dict):
        if outline.is_empty:
            return False
        fields = outline.fields
        if outline.is_closed and not fields.keys() >= value.keys():
            return True
        for name, inner in value.items():
            if type(inner) in _CONTAINERS:
                place = fields.get(name)
                if place is None or has_strays(place, inner):
                    return True
    elif isinstance(value, list):
        for one in value:
            if type(one) in _CONTAINERS and has_strays(outline.items, one):
                return True
    return False


def stray_fields(
    outline: Outline, value: object, known: frozenset[str], location: Location = ()
) -> Iterator[Remark]:
    """Yield a remark for each field that means nothing here, with the nearest that does.

    `known` are names at the top that need no declaration. Objects that the document leaves open
    are not looked into.
    """
    if isinstance(value, list):
        items = outline.items
        for index, one in enumerate(value):
            if isinstance(one, dict | list):
                yield from stray_fields(items, one, frozenset(), (*location, index))
    elif isinstance(value, dict):
        fields = outline.fields
        for name, inner in value.items():
            place = fields.get(name)
            if place is None:
                if outline.is_closed and name not in known:
                    yield _stray(outline, name, (*location, name))
                if name in known or name in outline.kept_out:
                    continue
            if isinstance(inner, dict | list):
                place = place or outline.field(name)
                yield from stray_fields(place, inner, frozenset(), (*location, name))


def _stray(outline: Outline, name: str, location: Location) -> Remark:
    if name in outline.kept_out:
        return Remark(
            code=_READ_ONLY,
            location=location,
            message=f"The field `{name}` is read-only.",
            hint="Leave it out: the platform sets it and ignores what callers send.",
        )
    near = difflib.get_close_matches(name, outline.names, n=1)
    hint = f"Did you mean `{near[0]}`?" if near else "The platform ignores it: leave it out."
    return Remark(
        code=_UNDECLARED,
        location=location,
        message=f"The field `{name}` is not declared.",
        hint=hint,
    )


def as_violation(remark: Remark, *, where: Where = "body") -> Violation:
    """Turn a remark about a stray field into the violation it is in strict mode."""
    rule = "read_only" if remark.code == _READ_ONLY else "unknown"
    message = remark.message
    if remark.hint.startswith("Did"):
        message = f"{message} {remark.hint}"
    return Violation(where=where, location=remark.location, rule=rule, message=message)


def null_characters(value: object) -> Iterator[Violation]:
    """Yield a violation for each text, keys included, that holds a null character."""
    pending: list[tuple[Location, object]] = [((), value)]
    while pending:
        location, one = pending.pop()
        if isinstance(one, str):
            if NULL_CHARACTER in one:
                yield _null_character(location)
        elif isinstance(one, dict):
            for name, inner in one.items():
                if NULL_CHARACTER in name:
                    yield _null_character((*location, name))
                if isinstance(inner, str | dict | list):
                    pending.append(((*location, name), inner))
        elif isinstance(one, list):
            pending.extend(
                ((*location, index), inner)
                for index, inner in enumerate(one)
                if isinstance(inner, str | dict | list)
            )


def _null_character(location: Location) -> Violation:
    return Violation(
        location=location, rule="null_character", message="Null characters are not allowed."
    )
