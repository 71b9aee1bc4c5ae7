"""Payment gateways: what each can do, in which currencies."""

import enum
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sandbox.domain.operations import Operation


class GatewayMode(enum.StrEnum):
    """What a successful attempt does: takes the money, or only sets it aside."""

    PURCHASE = "purchase"
    AUTHORIZE = "authorize"


class RefundMode(enum.StrEnum):
    """Whether a refund is done at once or first waits in the gateway's queue (our own data)."""

    REALTIME = "realtime"
    QUEUED = "queued"


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

    `currencies` is empty for a gateway that takes every currency.

    Source: FACTS 6, DESIGN (gateways).
    """

    code: str
    name: str
    title: str
    mode: GatewayMode = GatewayMode.PURCHASE
    currencies: frozenset[str] = frozenset()
    operations: frozenset[Operation] = frozenset({Operation.REFUND})
    refunds: RefundMode = RefundMode.REALTIME
    inquiry_minutes: int | None = 10
    flow: str = "redirect"
    test_cards: tuple[TestCard, ...] = ()
    generic: bool = False

    def takes(self, currency_code: str) -> bool:
        """Tell whether payments in this currency are the gateway's own."""
        return not self.currencies or currency_code in self.currencies


class GatewayCatalog:
    """The gateways of `specs/gateways.yaml`, by merchant code."""

    def __init__(self, gateways: Iterable[Gateway]) -> None:
        self._gateways: Mapping[str, Gateway] = {each.code: each for each in gateways}

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
            generic=True,
        )
