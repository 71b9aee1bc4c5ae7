"""Operations on a payment: cancel, expire, delete, capture, void, refund."""

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Final

from sandbox.domain.findings import Note, Severity
from sandbox.domain.gateways import Gateway, RefundMode
from sandbox.domain.identifiers import reference_number, session_id
from sandbox.domain.money import ZERO
from sandbox.domain.operations import (
    EXTERNAL,
    Attempted,
    Destination,
    FailedOperation,
    Operation,
    Refused,
    Source,
    check,
)
from sandbox.domain.states import SUCCEEDED, Cause, ChildState
from sandbox.domain.transactions import ChildTransaction, PaymentTransaction
from sandbox.engine import events, magic, wallets, webhooks
from sandbox.engine.agenda import Task
from sandbox.engine.commands import Operate
from sandbox.engine.context import Context
from sandbox.engine.timeline import Kind
from sandbox.engine.tracking import TrackedOperation
from sandbox.engine.work import Work
from sandbox.scenarios.model import OperationResult, OperationStep, Settlement

_DONE: Final = {
    Operation.CAPTURE: ChildState.PAID,
    Operation.VOID: ChildState.VOIDED,
    Operation.REFUND: ChildState.REFUNDED,
}
_SETTLED: Final = {
    Settlement.REFUNDED: ChildState.REFUNDED,
    Settlement.REJECTED: ChildState.REFUND_REJECTED,
}
# Our own data: how long a queued refund waits when nothing else says so.
_QUEUE_TIME: Final = timedelta(hours=24)


KEY_REUSED: Final = Note(
    code="tracking_key_reused",
    severity=Severity.ERROR,
    where="Tracking-Key",
    message="A Tracking-Key of one operation was sent with another; the first one's status was answered, "
    "and nothing was done.",
    hint="Send a new Tracking-Key for each operation.",
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Performed:
    """An operation as it stands: the payment, and the child that capture, void and refund made.

    `payment` is None when the operation has deleted it before.
    """

    operation: Operation
    payment: PaymentTransaction | None
    child: ChildTransaction | None = None


def operate(context: Context, work: Work, command: Operate) -> Performed | Refused:
    """Act on the payment that the step has taken up; keep the outcome under the Tracking-Key.

    Raises:
        IllegalMove: never for a call that passed the rules; then the tables contradict each other.

    Source: FACTS 6.
    """
    gateway = webhooks.gateway_of(context, work)
    amount = _amount(work.payment, command)
    to_wallet = _to_wallet(work.payment, command, amount)
    asked = Attempted(
        operation=command.operation,
        amount=amount,
        gateway=gateway,
        gateway_takes_currency=gateway.takes(work.payment.terms.currency_code)
        and not work.payment.is_paid_in_foreign_currency,
        source=command.source,
        destination=command.destination,
        to_wallet=to_wallet,
        wallet_takes=not to_wallet or wallets.takes_refund(work),
    )
    refused = check(work.payment, asked)
    if refused is not None:
        return _refuse(work, command, refused)
    if command.source is Source.GATEWAY and not gateway.reports_operations:
        work.find(_unreported(gateway))
    if command.operation in EXTERNAL:
        return _at_gateway(context, work, command, asked, gateway)
    return _here(context, work, command)


def settle(context: Context, work: Work, child_id: str, state: ChildState) -> None:
    """Settle a queued refund: done or rejected.

    Raises:
        IllegalMove: the child is not queued.
    """
    work.payment = work.payment.with_child_moved(child_id, state)
    child = work.payment.child(child_id)
    if child is not None:
        _reach(context, work, child)


def settle_when_due(context: Context, work: Work, child_id: str, *, rejected: bool) -> None:
    """Settle a queued refund whose time has come, unless something else has settled it before."""
    child = work.payment.child(child_id)
    if child is None or child.state is not ChildState.REFUND_QUEUED:
        work.happened(Kind.NOTHING, reason="the refund had been settled already.")
        return
    settle(context, work, child_id, ChildState.REFUND_REJECTED if rejected else ChildState.REFUNDED)


def _amount(payment: PaymentTransaction, command: Operate) -> Decimal:
    match command.operation:
        case Operation.VOID:
            return payment.terms.amount  # a sent amount is ignored: a void is of the whole
        case Operation.CAPTURE:
            return payment.capturable if command.amount is None else command.amount
        case Operation.REFUND:
            return payment.refundable if command.amount is None else command.amount
        case _:
            return payment.terms.amount


def _to_wallet(payment: PaymentTransaction, command: Operate, amount: Decimal) -> Decimal:
    """Return what of a refund goes to the wallet: all that is meant to, and what it had paid."""
    if command.operation is not Operation.REFUND:
        return ZERO
    if command.destination is Destination.WALLET:
        return amount
    return max(ZERO, min(amount, payment.refundable) - payment.refundable_by_gateway)


def _here(context: Context, work: Work, command: Operate) -> Performed:
    operation = command.operation
    if operation is Operation.DELETE:
        soft = work.payment.state in SUCCEEDED
        work.happened(Kind.OPERATION, operation=operation, state="hidden" if soft else "deleted")
        if soft:
            work.payment = work.payment.put_away()
        else:
            wallets.give_all_back(work)
            work.batch.removed = work.payment.session_id
    else:
        work.happened(Kind.OPERATION, operation=operation, state="done")
        cause = Cause.CANCELED if operation is Operation.CANCEL else Cause.EXPIRED
        work.payment = work.payment.moved(cause)
        events.reach_state(context, work)
        if operation is Operation.CANCEL:
            webhooks.tell_of_cancellation(context, work, command.initiator)
    _track(work, command, child=None)
    return Performed(operation=operation, payment=work.payment)


def _at_gateway(
    context: Context, work: Work, command: Operate, asked: Attempted, gateway: Gateway
) -> Performed | Refused:
    step = (
        _gateway_answer(context, work, command, gateway)
        if asked.asks_gateway
        else OperationStep(result=OperationResult.SUCCESS)
    )
    if step.result is OperationResult.FAILED:
        refused = _refused_by_gateway(context, work, asked, step, gateway)
        return _refuse(work, command, refused, gateway_code=step.gateway_code)
    queued = step.result is OperationResult.QUEUED and command.operation is Operation.REFUND
    payment = work.payment
    ordinal = work.ordinal("child", payment.session_id)
    identifier = session_id(context.seed, work.workspace.name, "child", payment.session_id, ordinal)
    child = ChildTransaction(
        session_id=identifier,
        operation=command.operation,
        state=ChildState.REFUND_QUEUED if queued else _DONE[command.operation],
        amount=asked.amount,
        reference_number=reference_number(identifier),
        gateway=gateway.code,
        at=work.now,
        source=command.source,
        initiator=command.initiator,
        gateway_code=step.gateway_code,
        message=step.message,
        extra=command.extra,
        to_wallet=asked.to_wallet,
    )
    work.payment = payment.with_child(child)
    _reach(context, work, child)
    if queued and step.settle is not None:
        rejected = step.settle is Settlement.REJECTED
        after = _QUEUE_TIME if step.after is None else step.after
        work.schedule(Task.SETTLE_CHILD, child.session_id, after=after, number=int(rejected))
    _track(work, command, child.session_id)
    return Performed(operation=command.operation, payment=work.payment, child=child)


def _refused_by_gateway(
    context: Context, work: Work, asked: Attempted, step: OperationStep, gateway: Gateway
) -> Refused:
    session_id = work.payment.session_id
    failed = FailedOperation(
        operation=asked.operation,
        amount=asked.amount - asked.to_wallet,
        reference_number=reference_number(work.identify("failed-operation", session_id)),
        at=work.now,
        gateway_code=step.gateway_code or "05",
        message=step.message or "The gateway refused the operation.",
    )
    said = context.renderer.failed_operation(work.payment, failed, gateway)
    return Refused(rule="gateway", reason=failed.message, gateway_response=said)


def _reach(context: Context, work: Work, child: ChildTransaction) -> None:
    if child.state is ChildState.REFUNDED and child.to_wallet:
        wallets.credit_refund(work, child)
    events.reach_operation(context, work, child)


def _gateway_answer(
    context: Context, work: Work, command: Operate, gateway: Gateway
) -> OperationStep:
    """Decide what the gateway answers: its own report, scenario, magic value, default."""
    done = OperationStep(result=OperationResult.SUCCESS)
    if command.source is Source.GATEWAY:
        return done
    if work.binding is not None:
        step, work.binding = work.binding.next_operation(command.operation)
        if step is not None:
            return step
    if context.magic:
        magic_step = magic.refund_step(work.payment.terms.order_no, command.operation)
        if magic_step is not None:
            return magic_step
    if command.operation is Operation.REFUND and gateway.refunds is RefundMode.QUEUED:
        return OperationStep(result=OperationResult.QUEUED, settle=Settlement.REFUNDED)
    return done


def _unreported(gateway: Gateway) -> Note:
    return Note(
        code="gateway_does_not_report",
        severity=Severity.WARNING,
        where=f"operation: {gateway.code}",
        message=(
            f"Gateway `{gateway.code}` does not tell of operations begun on its own side; the "
            "platform would not know of this one."
        ),
        hint="Use a gateway that reports, such as `credit-card`, or let the merchant begin it.",
    )


def _refuse(
    work: Work, command: Operate, refused: Refused, *, gateway_code: str | None = None
) -> Refused:
    by_gateway = refused.gateway_response is not None
    work.happened(
        Kind.OPERATION_REFUSED,
        operation=command.operation,
        reason=refused.reason,
        by="gateway" if by_gateway else "platform",
        amount=None if command.amount is None else format(command.amount, "f"),
        gateway_code=gateway_code,
    )
    return refused


def _track(work: Work, command: Operate, child: str | None) -> None:
    if command.tracking_key:
        work.batch.tracked.append(
            TrackedOperation(
                session_id=work.payment.session_id,
                key=command.tracking_key,
                operation=command.operation,
                child=child,
                order_no=work.payment.terms.order_no,
            )
        )
