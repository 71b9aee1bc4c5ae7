"""What a check finds: violations, which are refused, and remarks, which are told."""

from dataclasses import dataclass
from typing import Any, Final, Literal

# More than this is told of no body; who sends so many mistakes is not helped by more of them.
MOST_TOLD: Final = 100

Location = tuple[str | int, ...]
Where = Literal["body", "query", "path", "header"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Violation:
    """One breach of the contract.

    `location` leads to the value at fault: `("attachments", 0, "url")`; empty for the whole body.
    `rule` is one word: required, null, type, not_an_object, not_a_choice, format, pattern, unknown,
    max_length, min_length, max_items, min_items, minimum, maximum, read_only, ambiguous, more (there
    are further ones) and others.
    """

    where: Where = "body"
    location: Location
    rule: str
    message: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Remark:
    """Something that passes here and deserves a finding.

    `code` is one of coerced_value, amount_as_number, amount_notation, undeclared_field and
    read_only_field.
    """

    code: str
    location: Location
    message: str
    hint: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Checked:
    """A checked value: the same object where nothing had to be converted, otherwise a copy."""

    value: Any
    violations: tuple[Violation, ...] = ()
    remarks: tuple[Remark, ...] = ()


@dataclass(frozen=True, slots=True)
class Breach:
    """What a validator says, before it is put in words: a keyword of JSON Schema that failed.

    `argument` is what the keyword asks for, `value` what was there instead; `branches` has the
    breaches of each branch where `anyOf` or `oneOf` failed.
    """

    keyword: str
    location: Location
    argument: object
    value: object
    branches: tuple[tuple["Breach", ...], ...] = ()
