"""Durations as callers write them, turned into exact spans of time."""

import re
from datetime import timedelta
from typing import Final

# Ten years; instants that lie much further ahead could not be written.
LONGEST_DURATION: Final = timedelta(days=3660)
_UNITS: Final = {
    "ms": timedelta(milliseconds=1),
    "s": timedelta(seconds=1),
    "m": timedelta(minutes=1),
    "h": timedelta(hours=1),
    "d": timedelta(days=1),
}
_SHORT: Final = re.compile(r"(?:[0-9]{1,9}(?:ms|s|m|h|d))+", re.ASCII)
_SHORT_PART: Final = re.compile(r"([0-9]{1,9})(ms|s|m|h|d)", re.ASCII)
_CLOCK: Final = re.compile(
    r"(?:(?P<days>[0-9]{1,5}) )?"
    r"(?P<hours>[0-9]{1,2}):(?P<minutes>[0-5][0-9]):(?P<seconds>[0-5][0-9])"
    r"(?:\.(?P<fraction>[0-9]{1,6}))?",
    re.ASCII,
)
_ISO_8601: Final = re.compile(
    r"P(?=.)(?:(?P<weeks>[0-9]{1,4})W)?(?:(?P<days>[0-9]{1,5})D)?"
    r"(?:T(?=.)(?:(?P<hours>[0-9]{1,6})H)?(?:(?P<minutes>[0-9]{1,7})M)?"
    r"(?:(?P<seconds>[0-9]{1,9})(?:\.(?P<fraction>[0-9]{1,6}))?S)?)?",
    re.ASCII,
)


class NotADuration(ValueError):
    """This text is not a duration."""


def parse_duration(text: str) -> timedelta:
    """Read `500ms`, `2s`, `1h30m`, `24h`, ISO 8601 `PT30M` or `[D ]HH:MM:SS`.

    Raises:
        NotADuration: the text has none of these forms.

    Source: FACTS 5 (`expiration_time`), DESIGN (scenario language).
    """
    if _SHORT.fullmatch(text):
        parts = _SHORT_PART.findall(text)
        try:
            return sum((int(count) * _UNITS[unit] for count, unit in parts), timedelta())
        except OverflowError:
            raise NotADuration(text) from None
    matched = _CLOCK.fullmatch(text) or _ISO_8601.fullmatch(text)
    if matched is None:
        raise NotADuration(text)
    parts_by_name = matched.groupdict()
    fraction = (parts_by_name.pop("fraction", None) or "").ljust(6, "0")
    whole = {name: int(digits) for name, digits in parts_by_name.items() if digits}
    return timedelta(**whole, microseconds=int(fraction))


def format_duration(span: timedelta) -> str:
    """Write a span as people do: `24h`, `1h30m`, `500ms`; whole units, largest first."""
    left = round(span / timedelta(milliseconds=1))
    parts = []
    for unit, size in (("h", 3_600_000), ("m", 60_000), ("s", 1000), ("ms", 1)):
        count, left = divmod(left, size)
        if count:
            parts.append(f"{count}{unit}")
    return "".join(parts) or "0s"


def clock_notation(span: timedelta) -> str:
    """Write a span as the platform does: `[D ]HH:MM:SS`, with six digits more where it is no whole."""
    days, seconds = span.days, span.seconds
    hours, seconds = divmod(seconds, 3600)
    minutes, seconds = divmod(seconds, 60)
    clock = f"{hours:02d}:{minutes:02d}:{seconds:02d}"
    if span.microseconds:
        clock = f"{clock}.{span.microseconds:06d}"
    return f"{days} {clock}" if days else clock
