"""What a merchant, a payer, staff and time may do, as values; and sequences of them by chance.

A payment is named by its place in the list of those made so far, newest first, modulo its length; an
`apt` command means only those for which it makes sense, and is left out where there are none.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from random import Random
from typing import Final

CUSTOMERS: Final = ("noura-77", "sami-12")
AUTO_DEBIT: Final = "/b/pbl/v2/payment/auto-debit/"
AMOUNTS: Final = {"KWD": "10.000", "SAR": "10.00", "USD": "10.00"}


@dataclass(frozen=True, slots=True)
class Which:
    """A payment made before."""

    place: int
    apt: bool


@dataclass(frozen=True, slots=True)
class CheckOut:
    """A checkout; with an instrument it pays in the same call."""

    gateways: tuple[str, ...]
    payment_type: str
    instrument: str | None
    customer: str | None
    currency: str
    order_no: str | None
    own_webhook: bool
    contact: bool


@dataclass(frozen=True, slots=True)
class Issue:
    """An invoice; the same number may come again."""

    number: str


@dataclass(frozen=True, slots=True)
class Pay:
    """A try of the payer, or the end of a 3-D Secure step."""

    which: Which
    fields: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class PayDirectly:
    """A call that pays by itself; `card` is a place in the list of saved cards."""

    which: Which
    path: str
    card: int


@dataclass(frozen=True, slots=True)
class Operate:
    """An operation of the merchant, named by session or by order number."""

    which: Which
    operation: str
    amount: str | None = None
    key: str | None = None
    destination: str | None = None
    by_order: bool = False


@dataclass(frozen=True, slots=True)
class Trigger:
    """An event that happens by itself."""

    which: Which
    fields: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Update:
    """A change of a payment's terms."""

    which: Which
    fields: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Inquire:
    """A question how a payment ended."""

    which: Which
    notify: bool


@dataclass(frozen=True, slots=True)
class Resend:
    """The newest messages once more."""

    which: Which
    channels: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Look:
    """A call that only reads: `outcome`, `methods` or `reports`."""

    which: Which
    what: str


@dataclass(frozen=True, slots=True)
class ForgetCard:
    """A saved card is forgotten."""

    card: int


@dataclass(frozen=True, slots=True)
class Book:
    """Staff book money into a wallet or out of it."""

    customer_id: str
    currency: str
    amount: str
    direction: str


@dataclass(frozen=True, slots=True)
class Advance:
    """Time passes."""

    by: str


Command = (
    CheckOut
    | Issue
    | Pay
    | PayDirectly
    | Operate
    | Trigger
    | Update
    | Inquire
    | Resend
    | Look
    | ForgetCard
    | Book
    | Advance
)

_GATEWAYS: Final = (
    ("credit-card",),
    ("credit-card",),
    ("mpgs-auth",),
    ("credit-card", "wallet", "cash"),
    ("tabby",),
    ("knet-fee",),
    ("wallet",),
    ("apple-pay",),
    ("never-seen",),
)
_DIRECT: Final = (
    *(AUTO_DEBIT, "/b/pbl/v2/auto-debit/"),
    *("/b/pbl/v2/payment/apple-pay/", "/b/pbl/v2/payment/google-pay/"),
    *("/b/pbl/v2/payment/cash/", "/b/pbl/v2/cash-payment/"),
    "/b/pbl/v2/payment/wallet/",
)
_ENDS: Final = (
    *("success",) * 5,
    *("authorized", "authorized", "failed", "canceled"),
    *("error", "pending", "pending", "pending", "cod", "challenge"),
)
# The whole of a payment is 10; the last has too many digits for every currency.
_PARTS: Final = (None, None, "0.01", "4", "4", "6", "10", "10.01", "0", "0.00001")
_KEYS: Final = (None, None, None, "key-1", "key-2")
_EVENTS: Final = (
    *("late_success", "late_failure", "expire", "invalidate", "void"),
    *("refund_settled", "refund_rejected", "message_delivered", "capture", "refund"),
)
_UPDATES: Final[tuple[Mapping[str, object], ...]] = (
    {"amount": "7.5"},
    {"customer_email": "somebody.else@example.com"},
    {"pg_codes": ["cash", "mpgs-auth"]},
    {"order_no": "BAZAAR-2"},
    {"currency_code": "SAR"},
    {"customer_id": CUSTOMERS[1]},
)


def _which(chance: Random) -> Which:
    return Which(chance.choice((0, 0, 0, 1, 1, 2, 3, 4)), apt=chance.random() < 0.85)


def _check_out(chance: Random) -> CheckOut:
    payment_type = chance.choice(("one_off",) * 5 + ("auto_debit", "auto_debit", "save_card"))
    instrument = chance.choice((None,) * 7 + ("token", "apple_pay", "wallet"))
    # Half of the checkouts make sense, the others are put together by chance.
    apt = chance.random() < 0.5
    gateways = chance.choice(_GATEWAYS)
    if payment_type != "one_off" or instrument is not None:
        gateways = ("wallet",) if instrument == "wallet" else ("credit-card",)
    return CheckOut(
        gateways=gateways if apt else chance.choice(_GATEWAYS),
        payment_type=payment_type,
        instrument=instrument,
        customer=CUSTOMERS[0] if apt else chance.choice((*CUSTOMERS, None)),
        currency="KWD" if apt else chance.choice(tuple(AMOUNTS)),
        order_no=chance.choice((None, "BAZAAR-1", "BAZAAR-2", "SBX-REFUND-QUEUED")),
        own_webhook=chance.random() < 0.5,
        contact=chance.random() < 0.5,
    )


def _try(chance: Random) -> Pay:
    fields: dict[str, object] = {
        "outcome": chance.choice(_ENDS),
        "card": chance.choice(("4242424242424242", "5555555555554444")),
        "save_card": True,
        "use_wallet": chance.choice((True, "2.5")),
        "currency": "USD",
        "fee": "0.25",
    }
    often = {"outcome": 0.7, "card": 0.5, "use_wallet": 0.35}
    kept = {
        name: value for name, value in fields.items() if chance.random() < often.get(name, 0.15)
    }
    return Pay(_which(chance), kept)


def _operate(chance: Random) -> Operate:
    operation = chance.choice(("refund",) * 5 + ("capture",) * 3 + ("void",))
    if chance.random() < 0.3:
        return Operate(
            which=_which(chance),
            operation=chance.choice(("cancel", "expire", "delete")),
            key=chance.choice(_KEYS),
            by_order=chance.random() < 0.3,
        )
    return Operate(
        which=_which(chance),
        operation=operation,
        amount=chance.choice(_PARTS),
        key=chance.choice(_KEYS),
        destination=chance.choice((None, None, "wallet", "pg")),
        by_order=chance.random() < 0.3,
    )


def _trigger(chance: Random) -> Trigger:
    event = chance.choice(_EVENTS)
    amount = chance.choice(_PARTS) if event in ("capture", "refund") else None
    return Trigger(_which(chance), {"event": event, **({"amount": amount} if amount else {})})


def _book(chance: Random) -> Book:
    return Book(
        customer_id=chance.choice(CUSTOMERS),
        currency=chance.choice(("KWD", "KWD", "SAR")),
        amount=chance.choice(("3", "25", "100.5")),
        direction=chance.choice(("credit", "credit", "debit")),
    )


# Each with its weight.
_MAKERS: Final[Mapping[Callable[[Random], Command], int]] = {
    _check_out: 10,
    _try: 14,
    _operate: 16,
    _trigger: 6,
    _book: 4,
    lambda chance: Pay(_which(chance), {"challenge": chance.random() < 0.7}): 3,
    lambda chance: PayDirectly(_which(chance), chance.choice(_DIRECT), chance.randrange(3)): 6,
    lambda chance: Update(_which(chance), chance.choice(_UPDATES)): 4,
    lambda chance: Inquire(_which(chance), chance.random() < 0.5): 4,
    lambda chance: Resend(_which(chance), chance.choice((("email",), ("sms", "whatsapp")))): 2,
    lambda chance: Look(_which(chance), chance.choice(("outcome", "methods", "reports"))): 2,
    lambda chance: Issue(chance.choice(("INV-1", "INV-2"))): 2,
    lambda chance: ForgetCard(chance.randrange(3)): 2,
    lambda chance: Advance(chance.choice(("1s", "11m", "11m", "5h", "25h"))): 4,
}


def sequence(chance: Random, length: int) -> list[Command]:
    """Return so many commands; the same chance gives the same ones."""
    first = (Book(CUSTOMERS[0], "KWD", "25", "credit"), _check_out(chance), _check_out(chance))
    makers = chance.choices(list(_MAKERS), weights=list(_MAKERS.values()), k=length - len(first))
    return [*first, *(make(chance) for make in makers)]
