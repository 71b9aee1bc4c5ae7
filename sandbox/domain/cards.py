"""Saved cards: what is kept of a card, where it may pay, and how long.

Source: FACTS 10; schema `Card`.
"""

import enum
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

_DECEMBER: Final = 12
_CENTURY: Final = 2000
_FEWEST_DIGITS: Final = 12
# A card scheme by the first digits of its numbers (ISO/IEC 7812), the longest prefixes first.
_BRANDS: Final = (
    ("AMEX", re.compile(r"3[47]")),
    ("DINERS", re.compile(r"3(?:0[0-5]|[689])")),
    ("JCB", re.compile(r"35(?:2[89]|[3-8])")),
    ("MASTERCARD", re.compile(r"5[1-5]|2(?:22[1-9]|2[3-9]|[3-6]|7[01]|720)")),
    ("UNIONPAY", re.compile(r"62")),
    ("DISCOVER", re.compile(r"6(?:011|4[4-9]|5)")),
    ("VISA", re.compile(r"4")),
)
_EXPIRY: Final = re.compile(r"(0[1-9]|1[0-2])/(?:20)?([0-9]{2})", re.ASCII)


class Environment(enum.StrEnum):
    """Whether a card was saved at a gateway in test mode; here they all are."""

    SANDBOX = "sandbox"
    PRODUCTION = "production"


class NotAnExpiry(ValueError):
    """A card expires at the end of a month, written `MM/YY`."""


@dataclass(frozen=True, order=True, slots=True)
class Expiry:
    """The last month, of a year of four digits, in which a card pays."""

    year: int
    month: int

    @classmethod
    def parse(cls, text: str) -> "Expiry":
        """Read `MM/YY` or `MM/YYYY`.

        Raises:
            NotAnExpiry: it is neither.
        """
        found = _EXPIRY.fullmatch(text)
        if found is None:
            raise NotAnExpiry(text)
        return cls(_CENTURY + int(found[2]), int(found[1]))

    @property
    def end(self) -> datetime:
        """The first instant at which the card does not pay any more."""
        if self.month == _DECEMBER:
            return datetime(self.year + 1, 1, 1, tzinfo=UTC)
        return datetime(self.year, self.month + 1, 1, tzinfo=UTC)

    def is_over(self, at: datetime) -> bool:
        """Tell whether the month has passed."""
        return at >= self.end

    def is_within(self, days: int, at: datetime) -> bool:
        """Tell whether the card expires within so many days, or has expired."""
        return at + timedelta(days=days) >= self.end


USUAL_NUMBER: Final = "4242424242424242"
USUAL_EXPIRY: Final = Expiry(2030, 12)


@dataclass(frozen=True, kw_only=True, slots=True)
class CardFace:
    """What may be kept of a card: its masked number, its scheme if known, and its expiry."""

    number: str
    brand: str | None
    expiry: Expiry


@dataclass(frozen=True, kw_only=True, slots=True)
class Card:
    """A saved card of a customer; only the gateway that saved it can charge it.

    `token` stands for the card, in at most 50 characters. `agreements` are the ids of those that
    charge it; an agreement charges one card, and locks it against being forgotten. `ordinal` counts
    a customer's cards in the order in which they were saved.
    """

    token: str
    customer_id: str
    gateway: str
    gateway_name: str
    face: CardFace
    name_on_card: str | None
    cvv_required: bool
    ordinal: int
    is_preferred: bool = True
    agreements: tuple[str, ...] = ()
    environment: Environment = Environment.SANDBOX

    @property
    def id(self) -> str:
        """The identifier among saved cards: the token."""
        return self.token

    @property
    def is_locked(self) -> bool:
        """Whether an agreement needs the card."""
        return bool(self.agreements)


def preferred_first(cards: Iterable[Card]) -> list[Card]:
    """Return cards in the order of a list: the preferred one, then the newest."""
    return sorted(cards, key=lambda card: (not card.is_preferred, -card.ordinal))


def plain_number(number: str) -> str:
    """Return a card number without the spaces and hyphens that people write."""
    return number.replace(" ", "").replace("-", "")


def masked_number(number: str) -> str:
    """Keep the first six and last four digits of a card number, such as `450875******1019`."""
    plain = plain_number(number)
    if len(plain) < _FEWEST_DIGITS:
        return "****"
    return f"{plain[:6]}{'*' * (len(plain) - 10)}{plain[-4:]}"


def brand_of(number: str) -> str | None:
    """Return the scheme of a card number by its first digits; None when they tell none."""
    plain = plain_number(number)
    return next((brand for brand, prefix in _BRANDS if prefix.match(plain)), None)
