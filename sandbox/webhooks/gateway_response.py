"""What a gateway would have answered: raw, in its own words, and normalised as `pg_params`.

Everything follows from the transaction's identifiers, so equal runs give equal answers.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Final, Literal

from sandbox.domain.gateways import Gateway, GatewayMode
from sandbox.domain.identifiers import digest
from sandbox.domain.money import format_amount
from sandbox.domain.operations import FailedOperation, Operation
from sandbox.domain.states import AttemptState, ChildState
from sandbox.domain.transactions import Attempt, ChildTransaction, PaymentTransaction

_Deed = Literal["purchase", "authorize", "capture", "void", "refund"]
_DEEDS: Final[Mapping[Operation, _Deed]] = {
    Operation.CAPTURE: "capture",
    Operation.VOID: "void",
    Operation.REFUND: "refund",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class GatewayAnswer:
    """One answer of a gateway: `response` in its own form, `params` by the platform's names.

    The names in `params` are a subset of schema `PGParams`.
    """

    response: Mapping[str, object]
    params: Mapping[str, object]


NO_ANSWER: Final = GatewayAnswer(response={}, params={})


@dataclass(frozen=True, kw_only=True, slots=True)
class _Exchange:
    """What was asked of a gateway and how it ended; `digits` is the source of its numbers."""

    deed: _Deed
    ended: AttemptState
    amount: str
    currency_code: str
    track_id: str
    at: datetime
    code: str | None
    message: str | None
    card: str | None
    brand: str
    digits: str

    @property
    def done(self) -> bool:
        return self.ended in (AttemptState.SUCCESS, AttemptState.COD)

    @property
    def auth_code(self) -> str:
        return self.digits[:6]

    @property
    def rrn(self) -> str:
        return f"{self.at:%y%j}"[1:] + self.digits[6:14]

    @property
    def payment_id(self) -> str:
        return "100" + self.digits[14:29]

    @property
    def transaction_id(self) -> str:
        return self.digits[24:39]


def answer_to_attempt(
    payment: PaymentTransaction, attempt: Attempt, gateway: Gateway
) -> GatewayAnswer:
    """Return what the gateway said about a try of the payer.

    A try that names no card is taken to use the first test card that succeeds. What the payer's
    wallet pays is not asked of the gateway; the fee is, and all in the currency that is paid in.
    """
    amount = attempt.paid_by_gateway(payment.terms.amount)
    if attempt.wallet is not None and not amount:
        return NO_ANSWER
    pricing = payment.pricing_of(attempt)
    deed: _Deed = "authorize" if gateway.mode is GatewayMode.AUTHORIZE else "purchase"
    brands = {masked(card.number): card.brand for card in gateway.test_cards}
    usual = next((card.number for card in gateway.test_cards if card.outcome == "success"), None)
    card = masked(attempt.card or usual or "") or None
    return _answer(
        gateway,
        _Exchange(
            deed=deed,
            ended=attempt.state,
            amount=format_amount(pricing.total(amount), pricing.currency_code),
            currency_code=pricing.currency_code,
            track_id=attempt.reference_number,
            at=attempt.ended_at or attempt.started_at,
            code=attempt.gateway_code,
            message=attempt.message,
            card=card,
            brand=brands.get(card or "", ""),
            digits=_digits(payment.session_id, "attempt", attempt.number),
        ),
    )


def answer_to_operation(
    payment: PaymentTransaction, child: ChildTransaction, gateway: Gateway
) -> GatewayAnswer:
    """Return what the gateway said about a capture, a void or a refund that it took.

    What of a refund goes to the customer's wallet is not asked of it.
    """
    amount = child.amount - child.to_wallet
    if child.to_wallet and not amount:
        return NO_ANSWER
    endings = {
        ChildState.REFUND_QUEUED: AttemptState.PENDING,
        ChildState.REFUND_REJECTED: AttemptState.FAILED,
    }
    ended = endings.get(child.state, AttemptState.SUCCESS)
    return _answer(
        gateway,
        _Exchange(
            deed=_DEEDS[child.operation],
            ended=ended,
            amount=_amount(payment, amount),
            currency_code=payment.terms.currency_code,
            track_id=child.reference_number,
            at=child.at,
            # What is still in the queue has no response code yet.
            code=None if ended is AttemptState.PENDING else child.gateway_code,
            message=child.message,
            card=None,
            brand="",
            digits=_digits(child.session_id, "operation"),
        ),
    )


def answer_to_failed_operation(
    payment: PaymentTransaction, failed: FailedOperation, gateway: Gateway
) -> GatewayAnswer:
    """Return what the gateway said about a capture, a void or a refund that it refused."""
    return _answer(
        gateway,
        _Exchange(
            deed=_DEEDS[failed.operation],
            ended=AttemptState.FAILED,
            amount=_amount(payment, failed.amount),
            currency_code=payment.terms.currency_code,
            track_id=failed.reference_number,
            at=failed.at,
            code=failed.gateway_code,
            message=failed.message,
            card=None,
            brand="",
            digits=_digits(failed.reference_number, "operation"),
        ),
    )


def masked(number: str) -> str:
    """Keep the first six and last four digits of a card number, such as `450875******1019`."""
    plain = number.replace(" ", "")
    if len(plain) <= 10:  # noqa: PLR2004 - six and four digits; nothing is left to hide
        return plain
    return plain[:6] + "*" * (len(plain) - 10) + plain[-4:]


def _amount(payment: PaymentTransaction, amount: Decimal) -> str:
    return format_amount(amount, payment.terms.currency_code)


def _digits(of: str, *parts: object) -> str:
    return format(int(digest(0, "gateway", of, *parts), 16), "039d")


def _answer(gateway: Gateway, exchange: _Exchange) -> GatewayAnswer:
    if exchange.ended is AttemptState.ERROR:
        # The gateway was not reached, so it said nothing in its own form.
        message = exchange.message or "The gateway could not be reached."
        return GatewayAnswer(
            response={"error": message}, params={"pg_message": message, "result": "ERROR"}
        )
    return _FAMILIES.get(gateway.name, _generic)(exchange)


def _words(exchange: _Exchange, done: str, *, failed: str, canceled: str, pending: str) -> str:
    return {
        AttemptState.FAILED: failed,
        AttemptState.CANCELED: canceled,
        AttemptState.PENDING: pending,
    }.get(exchange.ended, done)


def _said(**values: str | None) -> dict[str, object]:
    return {name: value for name, value in values.items() if value}


_ACQUIRER_WORDS: Final[Mapping[str, str]] = {
    "05": "DECLINED",
    "14": "DECLINED_INVALID_CARD",
    "41": "DECLINED_DO_NOT_CONTACT",
    "43": "DECLINED_DO_NOT_CONTACT",
    "51": "INSUFFICIENT_FUNDS",
    "54": "EXPIRED_CARD",
    "55": "DECLINED_INVALID_PIN",
    "61": "EXCEEDED_AMOUNT_LIMIT",
    "68": "TIMED_OUT",
    "91": "ACQUIRER_SYSTEM_ERROR",
}
_MPGS_TYPES: Final[Mapping[_Deed, tuple[str, str]]] = {
    "purchase": ("PAYMENT", "CAPTURED"),
    "authorize": ("AUTHORIZATION", "AUTHORIZED"),
    "capture": ("CAPTURE", "CAPTURED"),
    "void": ("VOID_AUTHORIZATION", "CANCELLED"),
    "refund": ("REFUND", "REFUNDED"),
}


def _mpgs(exchange: _Exchange) -> GatewayAnswer:
    rrn = exchange.rrn
    kind, status = _MPGS_TYPES[exchange.deed]
    code = exchange.code or ("00" if exchange.done else None)
    declined = _ACQUIRER_WORDS.get(code or "", "DECLINED")
    result = _words(exchange, "SUCCESS", failed="FAILURE", canceled="FAILURE", pending="PENDING")
    gateway_code = _words(
        exchange, "APPROVED", failed=declined, canceled="CANCELLED", pending="PENDING"
    )
    ended = _words(exchange, status, failed="FAILED", canceled="CANCELLED", pending="INITIATED")
    response: dict[str, object] = {
        "order": {
            "amount": exchange.amount,
            "currency": exchange.currency_code,
            "id": exchange.track_id,
            "status": ended,
        },
        "response": _said(
            acquirerCode=code, acquirerMessage=exchange.message, gatewayCode=gateway_code
        ),
        "result": result,
        "transaction": _said(
            amount=exchange.amount,
            authorizationCode=exchange.auth_code if exchange.done else None,
            currency=exchange.currency_code,
            id=exchange.transaction_id,
            receipt=rrn,
            type=kind,
        ),
    }
    if exchange.card:
        card = _said(brand=exchange.brand.upper(), number=exchange.card)
        response["sourceOfFunds"] = {"provided": {"card": card}, "type": "CARD"}
    params = _said(
        auth_code=exchange.auth_code if exchange.done else None,
        card_number=exchange.card,
        card_type=exchange.brand.upper(),
        decision=gateway_code,
        pg_message=_message(exchange),
        receipt_no=rrn,
        result=result,
        rrn=rrn,
        track_id=exchange.track_id,
        transaction_id=exchange.transaction_id,
    )
    return GatewayAnswer(response=response, params=params)


def _knet(exchange: _Exchange) -> GatewayAnswer:
    rrn = exchange.rrn
    done = {"void": "VOIDED", "refund": "REFUNDED"}.get(exchange.deed, "CAPTURED")
    result = _words(
        exchange, done, failed=f"NOT {done}", canceled="CANCELED", pending="INITIALIZED"
    )
    auth_code = exchange.auth_code if exchange.done else None
    response = _said(
        amt=exchange.amount,
        auth=auth_code,
        authRespCode=exchange.code or ("00" if exchange.done else None),
        avr="N",
        paymentid=exchange.payment_id,
        postdate=f"{exchange.at:%m%d}",
        ref=rrn,
        result=result,
        trackid=exchange.track_id,
        tranid=exchange.transaction_id,
    )
    params = _said(
        auth_code=auth_code,
        card_number=exchange.card,
        card_type="DEBIT" if exchange.card else None,
        payment_id=exchange.payment_id,
        pg_message=_message(exchange),
        post_date=f"{exchange.at:%m%d}",
        ref=rrn,
        result=result,
        track_id=exchange.track_id,
        transaction_id=exchange.transaction_id,
    )
    return GatewayAnswer(response=response, params=params)


def _generic(exchange: _Exchange) -> GatewayAnswer:
    approved = "ACCEPTED" if exchange.ended is AttemptState.COD else "APPROVED"
    result = _words(exchange, approved, failed="DECLINED", canceled="CANCELED", pending="PENDING")
    auth_code = exchange.auth_code if exchange.ended is AttemptState.SUCCESS else None
    response = _said(
        amount=exchange.amount,
        auth_code=auth_code,
        currency=exchange.currency_code,
        id=exchange.payment_id,
        message=exchange.message,
        reference=exchange.track_id,
        response_code=exchange.code or ("00" if exchange.done else None),
        status=result,
        type=exchange.deed,
    )
    params = _said(
        auth_code=auth_code,
        card_number=exchange.card,
        card_type=exchange.brand,
        payment_id=exchange.payment_id,
        pg_message=_message(exchange),
        post_date=f"{exchange.at:%Y-%m-%d}",
        ref=exchange.rrn,
        result=result,
        track_id=exchange.track_id,
        transaction_id=exchange.transaction_id,
    )
    return GatewayAnswer(response=response, params=params)


def _message(exchange: _Exchange) -> str | None:
    """Return the gateway's words, led by its code where it refused: `51 Insufficient funds`."""
    if exchange.done or exchange.code is None:
        return exchange.message
    return f"{exchange.code} {exchange.message or ''}".rstrip()


_FAMILIES: Final[Mapping[str, Callable[[_Exchange], GatewayAnswer]]] = {
    "cybersource": _mpgs,
    "kpay": _knet,
    "mpgs": _mpgs,
}
