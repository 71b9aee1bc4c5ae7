"""What the formats of a document mean; the same for both validators, and none of them ever raises.

Each takes a text and says whether it has the format. Source: FACTS 3, 4 and 10; Django's own
validators, which the platform uses, except that a host needs no dot (`http://shop:8000` is fine).
"""

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from types import MappingProxyType
from typing import Final
from uuid import UUID

from sandbox.domain.durations import NotADuration, parse_duration
from sandbox.domain.web_addresses import is_web_address

_DECIMAL: Final = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)", re.ASCII)
_EMAIL: Final = re.compile(
    r"(?:[-!#$%&'*+/=?^_`{}|~0-9A-Z]+(?:\.[-!#$%&'*+/=?^_`{}|~0-9A-Z]+)*"
    r"|\"(?:[\001-\010\013\014\016-\037!#-\[\]-\177]|\\[\001-\011\013\014\016-\177])*\")"
    r"@(?:(?:[A-Z0-9](?:[A-Z0-9-]{0,61}[A-Z0-9])?\.)+(?!-)[A-Z0-9-]{2,63}(?<!-)|localhost"
    r"|\[[0-9A-F:.]{2,45}\])",
    re.IGNORECASE | re.ASCII,
)
_MAX_EMAIL: Final = 320
_DATE: Final = re.compile(r"[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}", re.ASCII)
_MOMENT: Final = re.compile(
    r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})[T ]([0-9]{1,2}):([0-9]{2})"
    r"(?::([0-9]{2})(?:[.,][0-9]{1,12})?)?\s*(?:Z|[+-][0-9]{2}(?::?[0-9]{2})?)?",
    re.ASCII,
)
_UUID: Final = re.compile(r"[0-9a-fA-F]{8}(?:-?[0-9a-fA-F]{4}){3}-?[0-9a-fA-F]{12}", re.ASCII)


def is_decimal(text: str) -> bool:
    """Tell whether a text is a decimal number in plain notation: `12.500`, no exponent."""
    return _DECIMAL.fullmatch(text) is not None


def is_email(text: str) -> bool:
    """Tell whether a text is an email address as Django sees it."""
    if len(text) > _MAX_EMAIL:
        return False
    if _EMAIL.fullmatch(text) is not None:
        return True
    user, at, domain = text.rpartition("@")
    if not at or domain.isascii():
        return False
    try:
        ascii_domain = domain.encode("idna").decode("ascii")
    except UnicodeError:
        return False
    return _EMAIL.fullmatch(f"{user}@{ascii_domain}") is not None


def is_date(text: str) -> bool:
    """Tell whether a text is a day that exists: `2026-01-31`."""
    if _DATE.fullmatch(text) is None:
        return False
    try:
        date(*map(int, text.split("-")))
    except ValueError:
        return False
    return True


def is_day_first_date(text: str) -> bool:
    """Tell whether a text is a day that exists, written `31/01/2026`."""
    return is_date("-".join(reversed(text.split("/")))) and "-" not in text


def is_moment(text: str) -> bool:
    """Tell whether a text is a day and time as DRF reads it; seconds and zone may be missing."""
    matched = _MOMENT.fullmatch(text)
    if matched is None:
        return False
    year, month, day, hour, minute, second = (int(part or 0) for part in matched.groups())
    try:
        datetime(year, month, day, hour, minute, second)  # noqa: DTZ001 - only asked if it exists
    except ValueError:
        return False
    return True


def is_uuid(text: str) -> bool:
    """Tell whether a text is a UUID, with or without its dashes."""
    if _UUID.fullmatch(text) is None:
        return False
    return bool(UUID(text).hex)


def is_duration(text: str) -> bool:
    """Tell whether a text is a duration: `[D ]HH:MM:SS`, `PT30M` or `30m`."""
    try:
        parse_duration(text)
    except (NotADuration, OverflowError):
        return False
    return True


FORMATS: Final[Mapping[str, Callable[[str], bool]]] = MappingProxyType(
    {
        "decimal": is_decimal,
        "email": is_email,
        "uri": is_web_address,
        "url": is_web_address,
        "date": is_date,
        "date-time": is_moment,
        "uuid": is_uuid,
        "duration": is_duration,
    }
)
