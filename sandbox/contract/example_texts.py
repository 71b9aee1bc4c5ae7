"""Made-up texts for answers: by format, else by what a field is called, else by its pattern.

Everything follows from the seed; addresses lead to `example.com` and its like only (RFC 2606).
"""

import re
from base64 import b64encode
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from sandbox.contract.pattern_texts import text_for

if TYPE_CHECKING:
    from faker import Faker

_START: Final = datetime(2026, 1, 1, tzinfo=UTC)
_YEAR: Final = 365 * 24 * 3600
_HEX: Final = "^[0-9a-f]{%d}$"
_LONG_TEXT: Final = 1000
_SHORT: Final = 40

_Make = Callable[["Faker"], str]


def _moment(fake: "Faker") -> datetime:
    return _START + timedelta(seconds=fake.random.randrange(_YEAR))


def _hex(length: int) -> _Make:
    return lambda fake: text_for(_HEX % length, fake.random) or ""


def _amount(fake: "Faker") -> str:
    return f"{fake.random.randint(1, 250)}.{fake.random.randrange(1000):03d}"


def _address(fake: "Faker") -> str:
    return f"https://www.example.com/{fake.word()}"


def _number(fake: "Faker") -> str:
    return str(fake.random.randint(100_000, 999_999))


_BY_FORMAT: Final[Mapping[str, _Make]] = {
    "date-time": lambda fake: _moment(fake).isoformat().replace("+00:00", "Z"),
    "date": lambda fake: _moment(fake).date().isoformat(),
    "time": lambda fake: _moment(fake).strftime("%H:%M:%SZ"),
    "duration": lambda _: "PT30M",
    "email": lambda fake: fake.ascii_safe_email(),
    "uri": _address,
    "url": _address,
    "uri-reference": _address,
    "hostname": lambda _: "www.example.com",
    "ipv4": lambda _: "192.0.2.1",
    "ipv6": lambda _: "2001:db8::1",
    "uuid": lambda fake: str(fake.uuid4()),
    "decimal": _amount,
    "byte": lambda fake: b64encode(fake.word().encode()).decode(),
}
# The first that a field's name ends in counts.
_BY_NAME: Final[Mapping[str, _Make]] = {
    "email": lambda fake: fake.ascii_safe_email(),
    "first_name": lambda fake: fake.first_name(),
    "last_name": lambda fake: fake.last_name(),
    "username": lambda fake: fake.first_name().lower(),
    "company": lambda fake: fake.company(),
    "name": lambda fake: fake.name(),
    "phone": lambda fake: text_for("^[+]9655[0-9]{7}$", fake.random) or "",
    "mobile": lambda fake: text_for("^[+]9655[0-9]{7}$", fake.random) or "",
    "city": lambda fake: fake.city(),
    "country": lambda _: "KW",
    "postal_code": lambda fake: fake.postcode(),
    "street": lambda fake: fake.street_address(),
    "address": lambda fake: fake.street_address(),
    "line1": lambda fake: fake.street_address(),
    "currency": lambda _: "KWD",
    "currency_code": lambda _: "KWD",
    "language": lambda _: "en",
    "amount": _amount,
    "balance": _amount,
    "total": _amount,
    "fee": _amount,
    "url": _address,
    "session_id": _hex(40),
    "token": _hex(32),
    "id": _number,
    "number": _number,
    "_no": _number,
    "description": lambda fake: fake.sentence(),
    "message": lambda fake: fake.sentence(),
    "detail": lambda fake: fake.sentence(),
    "created_at": lambda fake: _moment(fake).isoformat().replace("+00:00", "Z"),
}


def made_up_text(fake: "Faker", name: str, schema: Mapping[str, Any]) -> str:
    """Return a text for a field; `schema` has `format`, `pattern` and lengths where it has any."""
    make = _BY_FORMAT.get(str(schema.get("format", "")))
    if make is None:
        ends = name.lower()
        make = next((found for end, found in _BY_NAME.items() if ends.endswith(end)), _word)
    text = make(fake)
    pattern = schema.get("pattern")
    text = _fitted(text, schema)
    with suppress(re.error):  # a document's patterns are not quite Python's
        # A pattern may take for ever to refuse a long text.
        doubtful = len(text) > _SHORT or re.search(str(pattern or ""), text) is None
        if isinstance(pattern, str) and doubtful:
            return text_for(pattern, fake.random) or text
    return text


def _word(fake: "Faker") -> str:
    return str(fake.word())


def _fitted(text: str, schema: Mapping[str, Any]) -> str:
    least = min(schema.get("minLength", 0), _LONG_TEXT)
    if len(text) < least:
        text = (text + "x" * least)[:least]
    most = schema.get("maxLength")
    return text if most is None else text[: int(most)]
