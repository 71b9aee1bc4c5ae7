"""Events that a test makes happen to an existing transaction."""

import enum
from dataclasses import dataclass
from decimal import Decimal

from sandbox.channels.failures import FAILURES
from sandbox.channels.outcomes import Report
from sandbox.domain.messages import Message, MessageStatus
from sandbox.domain.operations import Operation, Refused, Source
from sandbox.domain.states import Cause, ChildState
from sandbox.domain.transactions import Initiator
from sandbox.engine import attempts, messages, operations, payments
from sandbox.engine.commands import Named, Operate
from sandbox.engine.context import Context
from sandbox.engine.errors import NothingToTrigger
from sandbox.engine.work import Work
from sandbox.scenarios.model import Outcome


class Trigger(enum.StrEnum):
    """What may be made to happen (DESIGN, control API)."""

    LATE_SUCCESS = "late_success"
    LATE_FAILURE = "late_failure"
    CAPTURE = "capture"
    VOID = "void"
    REFUND = "refund"
    REFUND_SETTLED = "refund_settled"
    REFUND_REJECTED = "refund_rejected"
    EXPIRE = "expire"
    INVALIDATE = "invalidate"
    MESSAGE_DELIVERED = "message_delivered"
    MESSAGE_FAILED = "message_failed"


@dataclass(frozen=True, kw_only=True, slots=True)
class Happening:
    """A trigger with what belongs to it; `code` is a gateway's or a provider's."""

    trigger: Trigger
    amount: Decimal | None = None
    source: Source = Source.GATEWAY
    initiator: Initiator | None = None
    code: str | None = None
    message_id: str | None = None


_OPERATIONS = {
    Trigger.CAPTURE: Operation.CAPTURE,
    Trigger.VOID: Operation.VOID,
    Trigger.REFUND: Operation.REFUND,
}
_SETTLEMENTS = {
    Trigger.REFUND_SETTLED: ChildState.REFUNDED,
    Trigger.REFUND_REJECTED: ChildState.REFUND_REJECTED,
}
_CAUSES = {Trigger.EXPIRE: Cause.EXPIRED, Trigger.INVALIDATE: Cause.INVALIDATED}
_REPORTS = {
    Trigger.MESSAGE_DELIVERED: MessageStatus.DELIVERED,
    Trigger.MESSAGE_FAILED: MessageStatus.FAILED,
}
_LATE = {Trigger.LATE_SUCCESS: Outcome.SUCCESS, Trigger.LATE_FAILURE: Outcome.FAILED}


def happen(context: Context, work: Work, happening: Happening) -> Refused | None:
    """Make the event happen with all that follows; return why an operation was refused, or None.

    Raises:
        NothingToTrigger: the transaction has nothing to which the event could happen.
        IllegalMove: the payment's state does not allow it.
    """
    trigger = happening.trigger
    if trigger in _LATE:
        attempts.report_late(context, work, _LATE[trigger], happening.code)
    elif trigger in _OPERATIONS:
        outcome = operations.operate(
            context,
            work,
            Operate(
                named=Named(session_id=work.payment.session_id),
                operation=_OPERATIONS[trigger],
                amount=happening.amount,
                initiator=happening.initiator,
                source=happening.source,
            ),
        )
        return outcome if isinstance(outcome, Refused) else None
    elif trigger in _SETTLEMENTS:
        operations.settle(context, work, _queued_child(work), _SETTLEMENTS[trigger])
    elif trigger in _CAUSES:
        payments.expire(context, work, _CAUSES[trigger])
    else:
        _report_message(work, happening)
    return None


def _queued_child(work: Work) -> str:
    for child in work.payment.children:
        if child.state is ChildState.REFUND_QUEUED:
            return child.session_id
    raise NothingToTrigger("No refund of this payment is queued.")


def _report_message(work: Work, happening: Happening) -> None:
    message = _unfinished_message(work, happening.message_id)
    status = _REPORTS[happening.trigger]
    code = happening.code
    known = FAILURES[message.channel].get(code or "")
    detail = known.detail if known else None
    messages.report(work, message, Report(status=status, code=code, detail=detail))


def _unfinished_message(work: Work, message_id: str | None) -> Message:
    if message_id:
        return work.workspace.message(message_id)
    for message in reversed(list(work.workspace.messages.values())):
        if message.session_id == work.payment.session_id and not message.finished:
            return message
    raise NothingToTrigger("Every message of this payment has reached its end.")
