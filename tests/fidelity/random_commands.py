"""What a merchant, a payer, staff and time may do, as values that Hypothesis can choose and shrink.

A payment is named by its place in the list of those made so far, newest first, modulo its length.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from hypothesis import strategies as st

CUSTOMERS: Final = ("noura-77", "sami-12")
AUTO_DEBIT: Final = "/b/pbl/v2/payment/auto-debit/"
AMOUNTS: Final = {"KWD": "10.000", "SAR": "10.00", "USD": "10.00"}
_PLACES: Final = st.integers(0, 4)
# The whole of a payment is 10; the last has too many digits for every currency.
_PARTS: Final = st.sampled_from((None, None, "0.01", "4", "6", "10", "10.01", "0", "0.00001"))
_KEYS: Final = st.sampled_from((None, None, "key-1", "key-2"))


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

    place: int
    fields: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class PayDirectly:
    """A call that pays by itself; `card` is a place in the list of saved cards."""

    place: int
    path: str
    card: int


@dataclass(frozen=True, slots=True)
class Operate:
    """An operation of the merchant, named by session or by order number."""

    place: int
    operation: str
    amount: str | None = None
    key: str | None = None
    destination: str | None = None
    by_order: bool = False


@dataclass(frozen=True, slots=True)
class Trigger:
    """An event that happens by itself."""

    place: int
    fields: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Update:
    """A change of a payment's terms."""

    place: int
    fields: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Inquire:
    """A question how a payment ended."""

    place: int
    notify: bool


@dataclass(frozen=True, slots=True)
class Resend:
    """The newest messages once more."""

    place: int
    channels: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Look:
    """A call that only reads: `outcome`, `methods` or `reports`."""

    place: int
    what: str


@dataclass(frozen=True, slots=True)
class ForgetCard:
    """A saved card is forgotten."""

    card: int


@dataclass(frozen=True, slots=True)
class Book:
    """Staff book money into a wallet or out of it."""

    customer: str
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
    ("mpgs-auth",),
    ("credit-card", "wallet", "cash"),
    ("tabby",),
    ("knet-fee",),
    ("wallet",),
    ("apple-pay",),
    ("never-seen",),
)
_ENDS: Final = (
    *("success", "success", "success", "authorized", "failed", "canceled"),
    *("error", "pending", "cod", "challenge"),
)
_check_out = st.builds(
    CheckOut,
    gateways=st.sampled_from(_GATEWAYS),
    payment_type=st.sampled_from(("one_off", "one_off", "one_off", "auto_debit", "save_card")),
    instrument=st.sampled_from((None, None, None, "token_pay", "apple_pay", "wallet")),
    customer=st.sampled_from((*CUSTOMERS, CUSTOMERS[0], None)),
    currency=st.sampled_from(("KWD", "KWD", *AMOUNTS)),
    order_no=st.sampled_from((None, "BAZAAR-1", "BAZAAR-2", "SBX-REFUND-QUEUED")),
    own_webhook=st.booleans(),
    contact=st.booleans(),
)
_try = st.builds(
    Pay,
    _PLACES,
    st.fixed_dictionaries(
        {},
        optional={
            "outcome": st.sampled_from(_ENDS),
            "card": st.sampled_from(("4242424242424242", "5555555555554444")),
            "save_card": st.just(value=True),
            "use_wallet": st.sampled_from((True, "2.5")),
            "currency": st.just("USD"),
            "fee": st.just("0.25"),
        },
    ),
)
_challenge = st.builds(
    Pay, _PLACES, st.booleans().map(lambda passed: {"challenge": passed})
)
_pay_directly = st.builds(
    PayDirectly,
    _PLACES,
    st.sampled_from(
        (
            *(AUTO_DEBIT, "/b/pbl/v2/auto-debit/"),
            *("/b/pbl/v2/payment/apple-pay/", "/b/pbl/v2/payment/google-pay/"),
            *("/b/pbl/v2/payment/cash/", "/b/pbl/v2/cash-payment/"),
            "/b/pbl/v2/payment/wallet/",
        )
    ),
    st.integers(0, 2),
)
_money_back = st.builds(
    Operate,
    _PLACES,
    st.sampled_from(("refund", "refund", "capture", "void")),
    amount=_PARTS,
    key=_KEYS,
    destination=st.sampled_from((None, None, "wallet", "pg")),
    by_order=st.booleans(),
)
_operate = st.builds(
    Operate,
    _PLACES,
    st.sampled_from(("cancel", "expire", "delete")),
    key=_KEYS,
    by_order=st.booleans(),
)
_trigger = st.builds(
    Trigger,
    _PLACES,
    st.one_of(
        st.builds(
            lambda event: {"event": event},
            st.sampled_from(
                (
                    *("late_success", "late_failure", "expire", "invalidate", "void"),
                    *("refund_settled", "refund_rejected", "message_delivered"),
                )
            ),
        ),
        st.builds(
            lambda event, amount: {"event": event, **({"amount": amount} if amount else {})},
            st.sampled_from(("capture", "refund")),
            _PARTS,
        ),
    ),
)
_update = st.builds(
    Update,
    _PLACES,
    st.sampled_from(
        (
            {"amount": "7.5"},
            {"customer_email": "somebody.else@example.com"},
            {"pg_codes": ["cash", "mpgs-auth"]},
            {"order_no": "BAZAAR-2"},
            {"currency_code": "SAR"},
            {"customer_id": CUSTOMERS[1]},
        )
    ),
)
_look = st.builds(Look, _PLACES, st.sampled_from(("outcome", "methods", "reports")))
_time = st.builds(Advance, st.sampled_from(("1s", "11m", "5h", "25h")))

_book = st.builds(
    Book,
    st.sampled_from(CUSTOMERS),
    st.sampled_from(("KWD", "SAR")),
    st.sampled_from(("3", "25", "100.5")),
    st.sampled_from(("credit", "credit", "debit")),
)
_any: Final[st.SearchStrategy[Command]] = st.one_of(
    _check_out,
    _try,
    _try,
    _challenge,
    _pay_directly,
    _money_back,
    _money_back,
    _operate,
    _trigger,
    _update,
    _look,
    _time,
    _book,
    st.builds(Issue, st.sampled_from(("INV-1", "INV-2"))),
    st.builds(Inquire, _PLACES, st.booleans()),
    st.builds(Resend, _PLACES, st.sampled_from((("email",), ("sms", "whatsapp")))),
    st.builds(ForgetCard, st.integers(0, 2)),
)


def _checkout(gateway: str, payment_type: str = "one_off") -> st.SearchStrategy[Command]:
    return st.builds(
        CheckOut,
        gateways=st.just((gateway,)),
        payment_type=st.just(payment_type),
        instrument=st.none(),
        customer=st.just(CUSTOMERS[0]),
        currency=st.just("KWD"),
        order_no=st.sampled_from((None, "BAZAAR-1", "SBX-REFUND-QUEUED")),
        own_webhook=st.booleans(),
        contact=st.booleans(),
    )


def _paid(**fields: object) -> st.SearchStrategy[Command]:
    return st.just(Pay(0, fields))


# Left to chance alone, few payments would come far enough for what follows them.
_scenes: Final[st.SearchStrategy[tuple[Command, ...]]] = st.one_of(
    st.tuples(_any),
    st.tuples(_any, _any),
    st.tuples(_checkout("credit-card"), _paid(outcome="success"), _money_back),
    st.tuples(_checkout("mpgs-auth"), _paid(), _money_back, _money_back),
    st.tuples(_checkout("credit-card"), _paid(card="4242424242424242", save_card=True)),
    st.tuples(
        _checkout("credit-card", "auto_debit"),
        _paid(card="4242424242424242"),
        _checkout("credit-card", "auto_debit"),
        st.builds(PayDirectly, st.just(0), st.just(AUTO_DEBIT), st.integers(0, 2)),
    ),
    st.tuples(_book, _checkout("credit-card"), _paid(use_wallet=True), _money_back),
    st.tuples(_book, _checkout("credit-card"), _paid(use_wallet=True, outcome="pending"), _any),
    st.tuples(_checkout("credit-card"), _paid(outcome="failed"), _any),
    st.tuples(_checkout("cash"), _paid(outcome="cod"), _any),
)
SEQUENCES: Final[st.SearchStrategy[list[Command]]] = st.lists(
    _scenes, min_size=6, max_size=14
).map(lambda scenes: [command for scene in scenes for command in scene])
