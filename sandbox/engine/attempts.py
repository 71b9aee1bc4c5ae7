"""The payer's tries: how each begins, how it ends, and what the gateway reports late."""

from dataclasses import dataclass, replace
from typing import Final

from sandbox.domain.cards import masked_number, plain_number
from sandbox.domain.gateways import Gateway, GatewayMode
from sandbox.domain.identifiers import reference_number
from sandbox.domain.states import (
    ACKNOWLEDGEABLE,
    PAYABLE,
    AttemptState,
    Cause,
    State,
    cause_of,
)
from sandbox.domain.transactions import Attempt, PaymentTransaction
from sandbox.engine import automatic_inquiries, cards, events, magic, pricing, wallets
from sandbox.engine.agenda import Task
from sandbox.engine.commands import PayerTry
from sandbox.engine.context import Context
from sandbox.engine.errors import (
    GatewayNotOffered,
    NothingToTrigger,
    NotPayable,
)
from sandbox.engine.timeline import Kind
from sandbox.engine.work import Work
from sandbox.scenarios.model import Outcome, PaymentStep

# How an outcome ends an attempt; pending and challenge leave it open.
_ENDS: Final = {
    Outcome.SUCCESS: AttemptState.SUCCESS,
    Outcome.AUTHORIZED: AttemptState.SUCCESS,
    Outcome.FAILED: AttemptState.FAILED,
    Outcome.CANCELED: AttemptState.CANCELED,
    Outcome.ERROR: AttemptState.ERROR,
    Outcome.COD: AttemptState.COD,
}

MESSAGES: Final = {
    AttemptState.SUCCESS: "Approved",
    AttemptState.FAILED: "The payment was declined",
    AttemptState.CANCELED: "The payer canceled the payment",
    AttemptState.ERROR: "The gateway could not be reached",
    AttemptState.COD: "Cash is due on delivery",
    AttemptState.PENDING: "The gateway has not decided yet",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Paid:
    """The payment after a try of the payer, and that try."""

    payment: PaymentTransaction
    attempt: Attempt


def pay(context: Context, work: Work, payer: PayerTry) -> Paid:
    """Play the payer's next try: open the page, pick a gateway, and what follows.

    Raises:
        NotPayable: the payment takes no further try.
        GatewayNotOffered: the payment's `pg_codes` lack the gateway.
        WalletCannotPay: the payer's wallet does not have what is to be taken from it.
        CannotPrice: the payer cannot pay in the currency asked for, or with that fee.
        NothingToTrigger: a challenge is answered that nobody has posed.
    """
    payment = work.payment
    last = payment.last_attempt
    if payer.challenge is not None:
        if last is None or not _is_challenged(last):
            raise NothingToTrigger("No 3-D Secure step of this payment is under way.")
        step = PaymentStep(outcome=Outcome.SUCCESS if payer.challenge else Outcome.FAILED)
        return _end(context, work, last, step)
    if payment.state not in PAYABLE:
        raise NotPayable(payment.state)
    if payer.gateway and payer.gateway not in payment.terms.gateway_codes:
        raise GatewayNotOffered(payer.gateway, payment.terms.gateway_codes)
    gateway = context.gateways.named(payer.gateway or payment.terms.gateway_codes[0])
    step = _next_step(context, work, payer, gateway)
    if payer.by_merchant:
        step = cards.unattended(step)
    else:
        work.happened(Kind.OPENED)
    if payment.state is not State.PENDING:
        work.payment = payment.moved(Cause.OPENED)
        events.reach_state(context, work)
    number = len(payment.attempts) + 1
    share = wallets.reserve(work, payer, gateway, step.outcome)
    attempt = Attempt(
        number=number,
        gateway=gateway.code,
        state=AttemptState.PENDING,
        outcome=step.outcome,
        reference_number=reference_number(payment.session_id, number),
        started_at=work.now,
        gateway_code=step.gateway_code,
        message=step.message,
        card=payer.saved_card.face.number if payer.saved_card else _masked(payer.card),
        card_to_save=cards.face_to_save(payment.terms, payer, gateway),
        saved_card=payer.saved_card,
        wallet=share,
        pricing=pricing.price(context, payment, payer, gateway, share),
    )
    work.payment = work.payment.with_attempt(attempt)
    work.happened(Kind.ATTEMPT_STARTED, number=number, gateway=gateway.code, outcome=step.outcome)
    if step.outcome not in _ENDS:
        automatic_inquiries.plan(work, gateway, attempt)
        return Paid(payment=work.payment, attempt=attempt)
    if step.after:
        automatic_inquiries.plan(work, gateway, attempt, ends_after=step.after)
        work.schedule(Task.END_ATTEMPT, payment.session_id, after=step.after, number=number)
        return Paid(payment=work.payment, attempt=attempt)
    return _end(context, work, attempt, step, told=not payer.by_merchant)


def end_attempt(context: Context, work: Work, number: int) -> None:
    """End the attempt that a step with `after` left open, as that step says."""
    attempt = next((each for each in work.payment.attempts if each.number == number), None)
    if attempt is None or attempt.state is not AttemptState.PENDING:
        work.happened(Kind.NOTHING, reason="the attempt had ended already.")
        return
    step = PaymentStep(
        outcome=Outcome(attempt.outcome),
        gateway_code=attempt.gateway_code,
        message=attempt.message,
    )
    _end(context, work, attempt, step)


def report_late(
    context: Context,
    work: Work,
    outcome: Outcome,
    code: str | None = None,
    *,
    message: str | None = None,
    gateway: Gateway | None = None,
) -> None:
    """Let a gateway, that of the last try unless named, report how the payment ended.

    Raises:
        NothingToTrigger: the payment is completed; the gateway's report would change nothing.

    Source: FACTS 5 (late).
    """
    payment = work.payment
    if payment.state not in ACKNOWLEDGEABLE:
        raise NothingToTrigger(f"A payment that is {payment.state} takes no late report.")
    last = payment.last_attempt
    if gateway is None:
        gateway = context.gateways.named(last.gateway if last else payment.terms.gateway_codes[0])
    if last is None or not last.open_at(gateway.code):
        if outcome not in (Outcome.SUCCESS, Outcome.AUTHORIZED):
            raise NothingToTrigger("No attempt is open that could still fail.")
        number = len(payment.attempts) + 1
        share = last.wallet if last else None
        last = Attempt(
            number=number,
            gateway=gateway.code,
            state=AttemptState.PENDING,
            outcome=outcome,
            reference_number=reference_number(payment.session_id, number),
            started_at=work.now,
            wallet=share,
            pricing=pricing.price(context, payment, PayerTry(), gateway, share),
        )
        work.payment = payment.with_attempt(last)
    _end(context, work, last, PaymentStep(outcome=outcome, gateway_code=code, message=message))


def _next_step(context: Context, work: Work, payer: PayerTry, gateway: Gateway) -> PaymentStep:
    """Decide how a try ends: explicit, scenario, test card, magic value, default (DESIGN)."""
    if payer.outcome is not None:
        return PaymentStep(
            outcome=payer.outcome, gateway_code=payer.gateway_code, message=payer.message
        )
    if work.binding is not None:
        step, work.binding = work.binding.next_payment()
        if step is not None:
            return step
    for card in gateway.test_cards:
        if payer.card and card.number == plain_number(payer.card):
            return PaymentStep(
                outcome=Outcome(card.outcome), gateway_code=card.gateway_code, message=card.message
            )
    if context.magic:
        step = magic.direct_step(payer.device_token, payer.saved_card)
        if step is not None:
            return step
        step = magic.payment_step(work.payment.terms.order_no, len(work.payment.attempts))
        if step is not None:
            return step
    return PaymentStep(outcome=Outcome.SUCCESS)


def _end(
    context: Context, work: Work, attempt: Attempt, step: PaymentStep, *, told: bool = True
) -> Paid:
    """End an attempt with all that follows; not `told`, its result is only answered (FACTS 8)."""
    pays = _ENDS[step.outcome] is AttemptState.SUCCESS and _counts(work.payment, succeeded=True)
    attempt, step = wallets.end(work, attempt, step, pays=pays)
    state = _ENDS[step.outcome]
    gateway = context.gateways.named(attempt.gateway)
    ended = replace(
        attempt,
        state=state,
        outcome=step.outcome,
        ended_at=work.now,
        gateway_code=step.gateway_code,
        message=step.message or MESSAGES[state],
    )
    payment = work.payment.with_attempt(ended)
    work.payment = payment
    work.happened(
        Kind.ATTEMPT_ENDED,
        number=ended.number,
        outcome=step.outcome,
        gateway_code=ended.gateway_code,
        message=ended.message,
    )
    succeeded = state is AttemptState.SUCCESS
    if not _counts(payment, succeeded=succeeded):
        work.happened(Kind.NOTHING, reason=f"the payment was {payment.state} by then.")
        return Paid(payment=payment, attempt=ended)
    authorize = gateway.mode is GatewayMode.AUTHORIZE or step.outcome is Outcome.AUTHORIZED
    cause = cause_of(state, authorize=authorize, several_attempts=payment.several_attempts)
    if succeeded:
        ended = cards.kept(work, ended, gateway)
        payment = payment.with_attempt(ended).settled_through(gateway.code)
    work.payment = payment.moved(cause)
    events.reach_state(context, work, ended if told else None)
    return Paid(payment=work.payment, attempt=ended)


def _counts(payment: PaymentTransaction, *, succeeded: bool) -> bool:
    return payment.state is State.PENDING or (succeeded and payment.state in ACKNOWLEDGEABLE)


def _is_challenged(attempt: Attempt) -> bool:
    return attempt.state is AttemptState.PENDING and attempt.outcome == Outcome.CHALLENGE


def _masked(card: str | None) -> str | None:
    return None if card is None else masked_number(card)
