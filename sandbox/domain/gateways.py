"""Payment gateways: what each can do, in which currencies."""

import enum
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Final

from sandbox.domain.operations import Operation
from sandbox.domain.pay_later import PayLater
from sandbox.domain.pricing import ExchangeRates, Fee, Pricing

# Where the published data do not say when a gateway is asked (FACTS 9).
_USUAL_INQUIRY_MINUTES: Final = 10


class GatewayMode(enum.StrEnum):
    """What a successful attempt does: takes the money, or only sets it aside."""

    PURCHASE = "purchase"
    AUTHORIZE = "authorize"


class RefundMode(enum.StrEnum):
    """Whether a refund is done at once or first waits in the gateway's queue (our own data)."""

    REALTIME = "realtime"
    QUEUED = "queued"


class DeviceWallet(enum.StrEnum):
    """A wallet in the payer's phone or browser, by the platform's name of the service."""

    APPLE_PAY = "apple_pay"
    GOOGLE_PAY = "google_pay"
    SAMSUNG_PAY = "samsung_pay"


@dataclass(frozen=True, kw_only=True, slots=True)
class TestCard:
    """A card number that a gateway's test system knows, and what paying with it does."""

    number: str
    outcome: str
    brand: str = ""
    gateway_code: str | None = None
    message: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Gateway:
    """A payment gateway as one merchant code names it.

    `currencies` is empty for a gateway that takes every currency. `inquiry_minutes` is 0 for one
    that cannot be asked how a payment ended, None where that is unknown. `tokenization` is whether it
    keeps cards, `auto_debit` whether it charges a kept card without the payer.
    `reports_operations` is whether it tells of captures, voids and refunds that were begun on its
    own side (our own data). `default_currency` is what a payer pays in whose payment's currency it
    does not take. `wallets` pay through it; `fee`, `pay_later` and `tags` are our own data.

    Source: FACTS 6, DESIGN (gateways).
    """

    code: str
    name: str
    title: str
    mode: GatewayMode = GatewayMode.PURCHASE
    currencies: frozenset[str] = frozenset()
    default_currency: str = "KWD"
    operations: frozenset[Operation] = frozenset({Operation.REFUND})
    refunds: RefundMode = RefundMode.REALTIME
    tokenization: bool = False
    auto_debit: bool = False
    reports_operations: bool = True
    inquiry_minutes: int | None = None
    flow: str = "redirect"
    fee: Fee | None = None
    pay_later: PayLater | None = None
    wallets: tuple[DeviceWallet, ...] = ()
    tags: tuple[str, ...] = ()
    test_cards: tuple[TestCard, ...] = ()
    generic: bool = False

    def takes(self, currency_code: str) -> bool:
        """Tell whether payments in this currency are the gateway's own."""
        return not self.currencies or currency_code in self.currencies

    @property
    def inquiry_interval(self) -> timedelta | None:
        """How long after a try the platform asks how it ended; None where it cannot ask."""
        minutes = self.inquiry_minutes
        if minutes is None:
            minutes = _USUAL_INQUIRY_MINUTES
        return timedelta(minutes=minutes) if minutes else None


class GatewayCatalog:
    """The gateways of `specs/gateways.yaml`, by merchant code, and the rates between currencies."""

    def __init__(self, gateways: Iterable[Gateway], rates: ExchangeRates | None = None) -> None:
        self._gateways: Mapping[str, Gateway] = {each.code: each for each in gateways}
        self.rates = rates or ExchangeRates()

    def price(self, gateway: Gateway, amount: Decimal, currency_code: str) -> Pricing:
        """Return how an amount is paid through a gateway, with its fee.

        A gateway that does not take the currency converts into its own, where there is a rate.
        """
        paid_in = currency_code if gateway.takes(currency_code) else gateway.default_currency
        priced = self.rates.price(amount, currency_code, paid_in, gateway.fee)
        return priced or Pricing(currency_code=currency_code)

    def knows(self, code: str) -> bool:
        """Tell whether a code names a gateway of the list."""
        return code in self._gateways

    def codes(self) -> tuple[str, ...]:
        """Return every listed code, in the order of the file."""
        return tuple(self._gateways)

    def named(self, code: str) -> Gateway:
        """Return the gateway of a code; an unlisted code stands for a generic one (FACTS 10)."""
        found = self._gateways.get(code)
        return found or Gateway(
            code=code,
            name=code,
            title=code,
            operations=frozenset({Operation.CAPTURE, Operation.VOID, Operation.REFUND}),
            tokenization=True,
            auto_debit=True,
            generic=True,
        )
