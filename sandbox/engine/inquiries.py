"""Inquiries: what a gateway says of a payment when the merchant or the platform asks.

Source: FACTS 9.
"""

from datetime import timedelta
from typing import Final

from sandbox.domain.findings import Note, Severity
from sandbox.domain.gateways import Gateway
from sandbox.domain.limits import Exceeded
from sandbox.domain.operations import Refused
from sandbox.domain.settings import WebhookVersion
from sandbox.domain.states import INQUIRABLE, SUCCEEDED, AttemptState, State
from sandbox.domain.transactions import Attempt, PaymentTransaction
from sandbox.engine import attempts, automatic_inquiries, limits, webhooks
from sandbox.engine.commands import Inquire
from sandbox.engine.context import Context
from sandbox.engine.ports import RenderedPayload
from sandbox.engine.timeline import Kind
from sandbox.engine.work import Work
from sandbox.scenarios.model import InquiryStep, Outcome

_WHERE: Final = "inquiry"
_EARLIEST: Final = timedelta(minutes=10)
_SUCCESSES: Final = frozenset({Outcome.SUCCESS, Outcome.AUTHORIZED})
_ENDED_WELL: Final = frozenset({AttemptState.SUCCESS, AttemptState.COD})
_NOTHING_TO_ASK: Final = {
    State.CREATED: "Nobody has tried to pay yet, so there is nothing to inquire about.",
    State.CANCELED: "A canceled payment has nothing to inquire about.",
    State.INVALIDED: "A payment that was made invalid has nothing to inquire about.",
}


def inquire(context: Context, work: Work, command: Inquire) -> RenderedPayload | Refused:
    """Answer the payload of the payment webhook, current form, after asking where that may help.

    A payment that has succeeded is answered without asking; the limits, which are those of the
    call, hold for it all the same. What is refused for its state is no call that counts.

    Raises:
        TooManyCalls: a limit is exceeded, and the settings enforce it.
    """
    refused = _NOTHING_TO_ASK.get(work.payment.state)
    if refused is not None:
        return Refused(rule="state", reason=refused)
    _hold_to_limits(work)
    before = work.payment.state
    if before in INQUIRABLE:
        _ask(context, work, by="merchant")
    else:
        work.happened(Kind.LOOKED_UP, state=before)
    settled = work.payment.state is not before
    told_by = _told_by(work.payment)
    _notify(context, work, command, told_by, settled=settled)
    return context.renderer.payment(
        work.payment,
        told_by,
        webhooks.gateway_of(context, work),
        work.settings,
        at=work.now,
        version=WebhookVersion.CURRENT,
    )


def inquire_by_itself(context: Context, work: Work, reference: str, number: int) -> None:
    """Ask about the try with this reference number, unless it is no longer what is waited for.

    `number` counts the inquiries about this try, from 1.
    """
    attempt = work.payment.last_attempt
    if attempt is None or attempt.reference_number != reference or not _open(work.payment):
        return
    _ask(context, work, by="platform")
    if _open(work.payment):
        gateway = context.gateways.named(attempt.gateway)
        automatic_inquiries.plan(work, gateway, attempt, number=number + 1)


def _open(payment: PaymentTransaction) -> bool:
    last = payment.last_attempt
    return (
        payment.state is State.PENDING and last is not None and last.state is AttemptState.PENDING
    )


def _hold_to_limits(work: Work) -> None:
    session_id = work.payment.session_id
    found = (
        _too_early(work),
        limits.check(work, limits.BETWEEN_INQUIRIES, session_id),
        limits.check(work, limits.INQUIRIES_A_DAY, session_id),
        limits.check(work, limits.INQUIRIES_A_MINUTE),
    )
    limits.judge(work, [each for each in found if each is not None], _WHERE)
    limits.count(work, limits.BETWEEN_INQUIRIES, session_id)
    limits.count(work, limits.INQUIRIES_A_DAY, session_id)
    limits.count(work, limits.INQUIRIES_A_MINUTE)


def _too_early(work: Work) -> Exceeded | None:
    left = work.payment.created_at + _EARLIEST - work.now
    if left <= timedelta():
        return None
    return Exceeded(
        finding="inquiry_too_early",
        reason="In its first 10 minutes a transaction takes no inquiry.",
        retry_after=left,
    )


def _ask(context: Context, work: Work, *, by: str) -> None:
    """Ask the gateway of the newest try that can be asked, and take in what it says."""
    gateway = _gateway_to_ask(context, work.payment)
    if gateway is None:
        work.happened(Kind.LOOKED_UP, state=work.payment.state)
        work.find(
            Note(
                code="gateway_cannot_be_asked",
                severity=Severity.INFO,
                where=f"{_WHERE}: {webhooks.gateway_of(context, work).code}",
                message="The gateway takes no inquiries; the answer is what the platform knows.",
                hint="Wait for the gateway's own report; asking more often changes nothing.",
            )
        )
        return
    step: InquiryStep | None = None
    if work.binding is not None:
        step, work.binding = work.binding.next_inquiry()
    last = work.payment.last_attempt
    known = last.state if last is not None else AttemptState.PENDING
    found = step.finds if step is not None else known
    work.happened(Kind.INQUIRY, by=by, gateway=gateway.code, found=found)
    if step is not None:
        _take_in(context, work, gateway, step)


def _gateway_to_ask(context: Context, payment: PaymentTransaction) -> Gateway | None:
    tried = tuple(each.gateway for each in reversed(payment.attempts))
    for code in tried or payment.terms.gateway_codes:
        gateway = context.gateways.named(code)
        if gateway.inquiry_interval is not None:
            return gateway
    return None


def _take_in(context: Context, work: Work, gateway: Gateway, step: InquiryStep) -> None:
    """Change the payment where the gateway tells more than was known.

    A success counts whenever it is found; another end only of a try that is still open there.
    """
    outcome = Outcome(step.finds)
    last = work.payment.last_attempt
    is_open = last is not None and last.open_at(gateway.code)
    if outcome is Outcome.PENDING or (outcome not in _SUCCESSES and not is_open):
        return
    attempts.report_late(
        context, work, outcome, step.gateway_code, message=step.message, gateway=gateway
    )


def _told_by(payment: PaymentTransaction) -> Attempt | None:
    """Return the try that tells how the payment stands: the one that succeeded, else the newest."""
    good = [each for each in payment.attempts if each.state in _ENDED_WELL]
    return good[-1] if good and payment.state in SUCCEEDED else payment.last_attempt


def _notify(
    context: Context, work: Work, command: Inquire, attempt: Attempt | None, *, settled: bool
) -> None:
    if command.notify:
        webhooks.tell_of_inquiry(
            context, work, attempt, own=command.webhook_url, told_already=settled
        )
    elif command.webhook_url:
        work.find(
            Note(
                code="webhook_url_unused",
                severity=Severity.WARNING,
                where=f"{_WHERE}: webhook_url",
                message="An inquiry's webhook_url is called only when notify_webhook_url is true.",
                hint="Send `notify_webhook_url: true` with it.",
            )
        )
