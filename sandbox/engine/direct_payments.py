"""Payments that a call itself makes: a saved card, a phone's wallet, cash; and checkout with them.

Source: FACTS 10 (direct payments), 5 (states), 8 (which of them send a webhook).
"""

from typing import Final

from sandbox.domain.cards import Card
from sandbox.domain.charges import Charge, check
from sandbox.domain.gateways import Gateway, GatewayMode
from sandbox.domain.identifiers import reference_number
from sandbox.domain.operations import Refused
from sandbox.domain.states import ACKNOWLEDGEABLE, PAYABLE, AttemptState, Cause, State
from sandbox.domain.transactions import Attempt, PaymentTerms, PaymentTransaction, PaymentType
from sandbox.domain.wallets import WALLET_GATEWAY
from sandbox.engine import attempts, events, payments
from sandbox.engine.attempts import Paid
from sandbox.engine.commands import DirectPayment, Instrument, NewPayment, PayerTry
from sandbox.engine.context import Context
from sandbox.engine.errors import WalletCannotPay
from sandbox.engine.timeline import Kind
from sandbox.engine.work import Work
from sandbox.scenarios.model import Outcome, Scenario

# Gateways that stand for money in hand, by their names.
_CASH: Final = frozenset({"cash", "cod"})
_UNKNOWN_TOKEN: Final = Refused(rule="token", reason="No saved card has this token.", field="token")
_NOT_CASH: Final = Refused(
    rule="state",
    reason="Only a payment whose cash is due, or one that offers cash and is not completed, can be "
    "confirmed as paid in cash.",
)


def pay(context: Context, work: Work, direct: DirectPayment) -> Paid | Refused:
    """Pay the payment that the step has taken up; refused before anything has changed."""
    if direct.instrument is Instrument.CASH:
        return _acknowledge_cash(context, work)
    state = work.payment.state
    if state not in PAYABLE:
        reason = f"A payment that is {state} takes no further try."
        return Refused(rule="state", reason=reason)
    if direct.instrument is Instrument.SAVED_CARD:
        return _charge(context, work, direct)
    if direct.instrument is Instrument.WALLET:
        return _take_from_wallet(context, work, direct)
    chosen = _gateway(context, work.payment.terms, direct)
    if isinstance(chosen, Refused):
        return chosen
    payer = PayerTry(gateway=chosen.code, device_token=direct.token)
    return attempts.pay(context, work, payer)


def pay_at_once(
    context: Context,
    work: Work,
    new: NewPayment,
    scenario: Scenario | None,
    direct: DirectPayment,
) -> Paid | Refused:
    """Make a payment and pay it in the same step; the caller drops the step when it is refused."""
    made = payments.create(context, work, new, scenario)
    return made if isinstance(made, Refused) else pay(context, work, direct)


def _is_by_merchant(terms: PaymentTerms, direct: DirectPayment) -> bool:
    """Tell whether nobody but the merchant takes part: a saved card, charged for an agreement."""
    charged = direct.instrument is Instrument.SAVED_CARD
    return charged and (direct.by_merchant or terms.payment_type is PaymentType.AUTO_DEBIT)


def _charge(context: Context, work: Work, direct: DirectPayment) -> Paid | Refused:
    card = work.kept(Card).get(direct.token)
    if card is None:
        return _UNKNOWN_TOKEN
    terms = work.payment.terms
    by_merchant = _is_by_merchant(terms, direct)
    gateway = context.gateways.named(card.gateway)
    charge = Charge(terms=terms, card=card, gateway=gateway, now=work.now)
    refused = check(charge, by_merchant=by_merchant)
    if refused is not None:
        return refused
    payer = PayerTry(gateway=gateway.code, saved_card=card, by_merchant=by_merchant)
    return attempts.pay(context, work, payer)


def _take_from_wallet(context: Context, work: Work, direct: DirectPayment) -> Paid | Refused:
    """Take the whole amount from the customer's own wallet."""
    terms = work.payment.terms
    gateway = _wallet_gateway(context, terms, direct)
    if isinstance(gateway, Refused):
        return gateway
    payer = PayerTry(gateway=gateway, use_wallet=True, wallet_amount=terms.amount)
    try:
        return attempts.pay(context, work, payer)
    except WalletCannotPay as refused:
        return Refused(rule="wallet", reason=str(refused))


def _wallet_gateway(context: Context, terms: PaymentTerms, direct: DirectPayment) -> str | Refused:
    """Choose through which gateway the wallet pays: as asked, its own, or the only one that can."""
    codes = terms.gateway_codes
    offered = ", ".join(codes)
    if direct.gateway is not None and direct.gateway not in codes:
        return _wrong_gateway(f"The payment offers {offered}; not `{direct.gateway}`.")
    # Where a gateway only authorizes, the wallet is hidden.
    able = [code for code in codes if context.gateways.named(code).mode is GatewayMode.PURCHASE]
    code = direct.gateway or (WALLET_GATEWAY if WALLET_GATEWAY in able else None)
    if code is None and len(able) > 1:
        return _wrong_gateway(
            f"The payment offers {offered}: say through which of them the wallet is to pay."
        )
    return code or (able or codes)[0]


def _gateway(context: Context, terms: PaymentTerms, direct: DirectPayment) -> Gateway | Refused:
    """Choose the gateway of a phone's wallet: as asked, the only one, or the one named like it."""
    codes = terms.gateway_codes
    if direct.gateway is not None and direct.gateway not in codes:
        return _wrong_gateway(f"The payment offers {', '.join(codes)}; not `{direct.gateway}`.")
    code = direct.gateway
    if code is None:
        named_so = [each for each in codes if direct.instrument.company in each.lower()]
        able = codes if len(codes) == 1 else named_so
        if len(able) != 1:
            return _wrong_gateway(
                f"The payment offers {', '.join(codes)}: say which of them is to be paid through."
            )
        code = able[0]
    gateway = context.gateways.named(code)
    if gateway.name in _CASH:
        return _wrong_gateway(f"`{code}` takes cash only.")
    if not gateway.takes(terms.currency_code):
        return _wrong_gateway(f"The gateway `{code}` does not take {terms.currency_code}.")
    return gateway


def _wrong_gateway(reason: str) -> Refused:
    return Refused(rule="gateway", reason=reason, field="pg_code")


def _acknowledge_cash(context: Context, work: Work) -> Paid | Refused:
    """Take note that the cash has been received: the payment is paid."""
    payment = work.payment
    gateway = _cash_gateway(context, payment)
    if gateway is None:
        return _NOT_CASH
    number = len(payment.attempts) + 1
    received = Attempt(
        number=number,
        gateway=gateway.code,
        state=AttemptState.SUCCESS,
        outcome=Outcome.SUCCESS,
        reference_number=reference_number(payment.session_id, number),
        started_at=work.now,
        ended_at=work.now,
        message="The cash was received",
    )
    work.happened(Kind.ATTEMPT_STARTED, number=number, gateway=gateway.code)
    work.happened(Kind.ATTEMPT_ENDED, number=number, outcome=received.outcome)
    paid = payment.with_attempt(received).settled_through(gateway.code)
    work.payment = paid.moved(Cause.PURCHASED)
    events.reach_state(context, work, received)
    return Paid(payment=work.payment, attempt=received)


def _cash_gateway(context: Context, payment: PaymentTransaction) -> Gateway | None:
    last = payment.last_attempt
    if payment.state is State.COD and last is not None:
        return context.gateways.named(last.gateway)
    if payment.state not in ACKNOWLEDGEABLE:
        return None
    offered = (context.gateways.named(code) for code in payment.terms.gateway_codes)
    return next((each for each in offered if each.name in _CASH), None)
