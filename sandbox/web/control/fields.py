"""Body fields and query parameters of a control call; a wrong one is a problem that points at it."""

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from difflib import get_close_matches
from enum import StrEnum
from http import HTTPStatus
from typing import Any, Final, Literal, TypeVar
from urllib.parse import parse_qsl

import orjson

from sandbox.domain.durations import NotADuration, parse_duration
from sandbox.web.control.instants import NotAnInstant, read_instant
from sandbox.web.errors import Problem

_AMOUNT: Final = re.compile(r"[0-9]{1,15}(?:\.[0-9]{1,9})?", re.ASCII)
_MOST_PARAMETERS: Final = 100
_LONGEST_NUMBER: Final = 9

Choice = TypeVar("Choice", bound=StrEnum)


class Fields:
    """Values by name, from a JSON body or from a query; null counts as left out.

    Every reader raises a `Problem` (400) for a value of a wrong kind.
    """

    def __init__(
        self, values: Mapping[str, object], place: Literal["body", "query"] = "body"
    ) -> None:
        self.values = values
        self._place = place

    def __contains__(self, name: str) -> bool:
        return self.values.get(name) is not None

    def wrong(self, name: str, detail: str, hint: str = "") -> Problem:
        """Return the problem of a value; its pointer leads there."""
        if self._place == "query":
            return Problem(
                HTTPStatus.BAD_REQUEST,
                "Wrong parameter",
                f"Parameter `{name}`: {detail}",
                hint=hint,
            )
        return Problem(
            HTTPStatus.BAD_REQUEST,
            "Wrong field",
            f"Field `{name}`: {detail}",
            hint=hint,
            pointer=pointer_to(name),
        )

    def required(self, name: str) -> None:
        """Refuse the call when the field is left out."""
        if name not in self:
            raise self.wrong(name, "it is required.")

    def text(self, name: str) -> str | None:
        """Return a text that is not empty."""
        value = self.values.get(name)
        if value is None or (isinstance(value, str) and value):
            return value
        raise self.wrong(name, "expected a text that is not empty.")

    def flag(self, name: str, *, default: bool) -> bool:
        """Return true or false."""
        value = self.values.get(name)
        if value is None:
            return default
        if isinstance(value, bool):
            return value
        if self._place == "query" and value in ("1", "true", "0", "false"):
            return value in ("1", "true")
        raise self.wrong(name, "expected true or false.")

    def choice(self, name: str, choices: type[Choice]) -> Choice | None:
        """Return one of the choices."""
        value = self.values.get(name)
        if value is None:
            return None
        known = [each.value for each in choices]
        if isinstance(value, str) and value in known:
            return choices(value)
        listed = ", ".join(f"`{each}`" for each in known)
        raise self.wrong(name, f"expected one of {listed}.", meant(str(value), known))

    def number(self, name: str) -> int | None:
        """Return a whole number that is not negative."""
        value = self.values.get(name)
        if isinstance(value, str) and value.isascii() and value.isdecimal():
            value = int(value) if len(value) <= _LONGEST_NUMBER else value
        if value is None or (isinstance(value, int) and not isinstance(value, bool) and value >= 0):
            return value
        raise self.wrong(name, "expected a whole number.")

    def amount(self, name: str) -> Decimal | None:
        """Return an amount in major units, written as a text or a number."""
        value = self.values.get(name)
        if value is None:
            return None
        if not isinstance(value, bool) and _AMOUNT.fullmatch(str(value)):
            return Decimal(str(value))
        raise self.wrong(name, 'expected an amount in major units, such as `"5.000"`.')

    def duration(self, name: str) -> timedelta | None:
        """Return a span of time."""
        value = self.values.get(name)
        if value is None:
            return None
        try:
            return parse_duration(value if isinstance(value, str) else "")
        except (NotADuration, OverflowError):
            said = "expected a duration such as `30m`, `23h59m` or `PT30M`."
            raise self.wrong(name, said) from None

    def instant(self, name: str) -> datetime | None:
        """Return an instant, in UTC."""
        value = self.values.get(name)
        if value is None:
            return None
        try:
            return read_instant(value if isinstance(value, str) else "")
        except NotAnInstant:
            said = "expected an instant such as `2026-01-01T00:00:00Z`, from the year 2000 to 9000."
            hint = ""
            if self._place == "query" and " " in str(value):
                hint = "In a query, write the sign `+` as `%2B`."
            raise self.wrong(name, said, hint) from None

    def refuse_others(self, known: frozenset[str], later: frozenset[str] = frozenset()) -> None:
        """Refuse names that the call does not have; those of a later version by name (501)."""
        what = "parameter" if self._place == "query" else "field"
        for name in self.values:
            if name in later:
                raise Problem(
                    HTTPStatus.NOT_IMPLEMENTED,
                    "Not yet here",
                    f"The {what} `{name}` comes with a later version of the sandbox.",
                    pointer="" if self._place == "query" else pointer_to(name),
                    hint=f"Leave `{name}` out.",
                )
            if name not in known:
                listed = ", ".join(f"`{each}`" for each in sorted(known))
                raise self.wrong(
                    name,
                    f"the call has no such {what}. It has {listed or 'none'}.",
                    meant(name, known | later),
                )


def json_object(body: bytes) -> dict[str, Any]:
    """Return a body as a JSON object; an empty body is an empty one.

    Raises:
        Problem: it is no JSON, or no object (400).
    """
    if not body:
        return {}
    try:
        value: object = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise Problem(
            HTTPStatus.BAD_REQUEST,
            "Not JSON",
            f"The body is not JSON: line {error.lineno}, column {error.colno}: {error.msg}.",
            hint="Send a JSON object.",
        ) from None
    if not isinstance(value, dict):
        raise Problem(HTTPStatus.BAD_REQUEST, "Not an object", "The body is not a JSON object.")
    return value


def query_values(query: str) -> dict[str, str]:
    """Return the parameters of a raw query string.

    Raises:
        Problem: it cannot be read, or names one parameter twice (400).
    """
    try:
        pairs = parse_qsl(query, keep_blank_values=True, max_num_fields=_MOST_PARAMETERS)
    except ValueError as error:
        raise Problem(
            HTTPStatus.BAD_REQUEST, "Wrong query", f"The query cannot be read: {error}."
        ) from None
    values = dict(pairs)
    for name in values:
        if sum(name == each for each, _ in pairs) > 1:
            raise Fields(values, "query").wrong(name, "it is given more than once.")
    return values


def pointer_to(*path: str) -> str:
    """Return the JSON pointer (RFC 6901) that leads to a value in the body."""
    return "".join("/" + each.replace("~", "~0").replace("/", "~1") for each in path)


def meant(name: str, known: frozenset[str] | list[str]) -> str:
    """Return `Did you mean …?` where a known name is near, else nothing."""
    nearest = get_close_matches(name, sorted(known), n=1)
    return f"Did you mean `{nearest[0]}`?" if nearest else ""
