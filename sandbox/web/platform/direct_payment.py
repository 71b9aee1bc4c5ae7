"""Direct payments: calls that pay by themselves, and their answers.

Source: FACTS 10; schemas `PaymentWebhook`, `ThreeDSecureRedirect`, `PaymentFailure`.
"""

from collections.abc import Mapping
from dataclasses import replace
from http import HTTPStatus
from typing import Any, Final

from sandbox.domain.operations import Refused
from sandbox.domain.settings import WebhookVersion
from sandbox.domain.states import AttemptState
from sandbox.domain.transactions import Attempt
from sandbox.engine import direct_steps
from sandbox.engine.attempts import Paid
from sandbox.engine.commands import DirectPayment, Instrument, NewPayment
from sandbox.engine.errors import UnknownSession
from sandbox.scenarios.model import Outcome
from sandbox.web.answers import Answer, as_json
from sandbox.web.errors import WrongFields
from sandbox.web.platform.call import PlatformCall
from sandbox.web.platform.instrument_codec import read_payment
from sandbox.web.platform.wallet import require_service

_NOT_PAID: Final = frozenset({AttemptState.FAILED, AttemptState.CANCELED, AttemptState.ERROR})
# The calls whose answer may be a 3-D Secure challenge; of a phone's wallets it is Google's.
_CHALLENGED: Final = frozenset({Instrument.GOOGLE_PAY})
# Where a checkout has the fields that direct calls have at the top.
_IN_CHECKOUT: Final[Mapping[str, tuple[str, ...]]] = {
    "token": ("payment_instrument", "payload", "token"),
    "pg_code": ("pg_codes",),
}


async def charge(call: PlatformCall) -> Answer:
    """Charge a saved card while the customer is away; its result is only answered here."""
    token = str(call.fields.get("token") or "")
    direct = DirectPayment(instrument=Instrument.SAVED_CARD, token=token, by_merchant=True)
    return _pay(call, direct)


async def pay_by_apple(call: PlatformCall) -> Answer:
    """Pay with what Apple Pay gave."""
    return _pay(call, _by_phone(call, Instrument.APPLE_PAY))


async def pay_by_google(call: PlatformCall) -> Answer:
    """Pay with what Google Pay gave; the answer may be a 3-D Secure challenge."""
    return _pay(call, _by_phone(call, Instrument.GOOGLE_PAY))


async def pay_from_wallet(call: PlatformCall) -> Answer:
    """Pay the whole of an open payment from its customer's wallet.

    Raises:
        NoWalletService: the merchant has none.
    """
    require_service(call)
    gateway = call.fields.get("pg_code") or None
    return _pay(call, DirectPayment(instrument=Instrument.WALLET, gateway=gateway))


async def confirm_cash(call: PlatformCall) -> Answer:
    """Take note that a payment's cash has been received."""
    return _pay(call, DirectPayment(instrument=Instrument.CASH))


def pay_at_once(call: PlatformCall, new: NewPayment, direct: DirectPayment) -> Answer:
    """Answer a checkout that pays in the same call (201).

    Raises:
        NoWalletService: it is to be paid from a wallet, and the merchant has none.
    """
    if direct.instrument is Instrument.WALLET:
        require_service(call)
    step = direct_steps.pay_at_once(call.services.engine, call.workspace, new, direct, call.now)
    if isinstance(step.result, Refused):
        return _refusal(step.result, _IN_CHECKOUT)
    return _answer(call, step.result, direct, HTTPStatus.CREATED, may_challenge=True)


def _pay(call: PlatformCall, direct: DirectPayment) -> Answer:
    session_id = str(call.fields.get("session_id") or "")
    engine = call.services.engine
    try:
        step = direct_steps.pay(engine, call.workspace, session_id, direct, call.now)
    except UnknownSession:
        raise WrongFields({"session_id": ["No payment has this session_id."]}) from None
    if isinstance(step.result, Refused):
        return _refusal(step.result, {})
    if step.result.attempt.state in _NOT_PAID:
        return _declined(step.result.attempt)
    may_challenge = direct.instrument in _CHALLENGED
    return _answer(call, step.result, direct, HTTPStatus.OK, may_challenge=may_challenge)


def _by_phone(call: PlatformCall, instrument: Instrument) -> DirectPayment:
    payload = call.fields.get("payload") or {}
    return read_payment(instrument, payload, call.fields.get("pg_code") or None)


def _refusal(refused: Refused, places: Mapping[str, tuple[str, ...]]) -> Answer:
    if not refused.field:
        return as_json({"detail": refused.reason, "result": "failed"}, HTTPStatus.BAD_REQUEST)
    errors: object = [refused.reason]
    for name in reversed(places.get(refused.field, (refused.field,))):
        errors = {name: errors}
    return as_json(errors, HTTPStatus.BAD_REQUEST)


def _declined(attempt: Attempt) -> Answer:
    said = {"code": attempt.gateway_code, "message": attempt.message}
    body: dict[str, Any] = {
        "detail": attempt.message or "The payment was declined",
        "result": "failed",
        "pg_response": {name: value for name, value in said.items() if value is not None},
    }
    return as_json(body, HTTPStatus.BAD_REQUEST)


def _answer(
    call: PlatformCall,
    paid: Paid,
    direct: DirectPayment,
    status: HTTPStatus,
    *,
    may_challenge: bool,
) -> Answer:
    """Answer the payment's result, as webhooks have it in the current form, or the challenge."""
    payment, attempt = paid.payment, paid.attempt
    if (
        may_challenge
        and attempt.state is AttemptState.PENDING
        and attempt.outcome == Outcome.CHALLENGE
    ):
        challenge = {
            "status": "3DS",
            "reference_number": attempt.reference_number,
            "form_of_payment": direct.instrument.value,
            "challenge_occurred": True,
            "method": "redirect",
            "redirect_url": payment.checkout_url,
            "order_no": payment.terms.order_no or "",
            "session_id": payment.session_id,
        }
        return as_json(challenge, status)
    context = call.services.engine.context
    own = call.workspace.settings_of(payment.session_id)
    settings = replace(own, webhook_version=WebhookVersion.CURRENT)
    gateway = context.gateways.named(attempt.gateway)
    rendered = context.renderer.payment(payment, attempt, gateway, settings, at=call.now)
    return Answer(status=status, body=rendered.body)
