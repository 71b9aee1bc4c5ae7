"""What an agenda item does when its time has come; webhook tries are begun by the runner."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Final

from sandbox.domain.errors import IllegalMove
from sandbox.domain.operations import Operation, Source
from sandbox.domain.states import EXPIRABLE, Cause
from sandbox.engine import attempts, inquiries, messages, operations, payments, tries, wallets
from sandbox.engine.agenda import AgendaItem, Task
from sandbox.engine.commands import Named, Operate, PayerTry
from sandbox.engine.context import Context
from sandbox.engine.errors import NothingToTrigger, NotPayable, WalletCannotPay
from sandbox.engine.reports import make_report
from sandbox.engine.timeline import Kind
from sandbox.engine.work import Work
from sandbox.scenarios.model import Outcome, TimelineAction, TimelineStep


def run(context: Context, work: Work, item: AgendaItem) -> None:
    """Do what the item says, if the payment still is where the item expects it.

    The caller has taken up the item's payment, if the item concerns one.
    """
    _TASKS[item.task](context, work, item)


def _expire(context: Context, work: Work, _: AgendaItem) -> None:
    payment = work.payment
    # An update may have moved the end; the item of the new end is on the agenda too.
    if payment.state in EXPIRABLE and work.now >= payment.expires_at:
        payments.expire(context, work)


def _end_attempt(context: Context, work: Work, item: AgendaItem) -> None:
    attempts.end_attempt(context, work, item.number)


def _report_late(context: Context, work: Work, _: AgendaItem) -> None:
    try:
        attempts.report_late(context, work, Outcome.SUCCESS)
    except NothingToTrigger as refused:
        work.happened(Kind.NOTHING, reason=str(refused))


def _inquire(context: Context, work: Work, item: AgendaItem) -> None:
    inquiries.inquire_by_itself(context, work, item.target, item.number)


def _settle_child(context: Context, work: Work, item: AgendaItem) -> None:
    operations.settle_when_due(context, work, item.target, rejected=bool(item.number))


def _release_reservation(_: Context, work: Work, item: AgendaItem) -> None:
    wallets.lapse(work, item.number)


def _make_report(_: Context, work: Work, item: AgendaItem) -> None:
    make_report(work, item.target)


def _report_message(_: Context, work: Work, item: AgendaItem) -> None:
    reports = work.workspace.reports.get(item.target)
    if reports is not None:  # else the message has reached its end in another way
        messages.report(work, work.workspace.message(item.target), reports[item.number])


def _time_out_try(_: Context, work: Work, item: AgendaItem) -> None:
    seconds = work.settings.webhook_timeout / timedelta(seconds=1)
    tries.finish(
        work,
        work.workspace.delivery(item.target),
        item.number,
        tries.TryResult(error=f"no answer within {seconds:g} s", timed_out=True),
    )


def _play_timeline(context: Context, work: Work, item: AgendaItem) -> None:
    if work.binding is None:
        return
    step = work.binding.scenario.timeline[item.number]
    try:
        _ACTIONS[step.do](context, work, step)
    except (IllegalMove, NotPayable, NothingToTrigger, WalletCannotPay) as refused:
        work.happened(Kind.NOTHING, reason=f"timeline `{step.do}`: {refused}")


def _operation(operation: Operation) -> "_Action":
    def act(context: Context, work: Work, step: TimelineStep) -> None:
        operations.operate(
            context,
            work,
            Operate(
                named=Named(session_id=work.payment.session_id),
                operation=operation,
                amount=step.amount,
                source=Source(step.source or Source.INPUT),
            ),
        )

    return act


def _settle(*, rejected: bool) -> "_Action":
    def act(context: Context, work: Work, _: TimelineStep) -> None:
        for child in work.payment.children:
            operations.settle_when_due(context, work, child.session_id, rejected=rejected)

    return act


def _late(outcome: Outcome) -> "_Action":
    def act(context: Context, work: Work, step: TimelineStep) -> None:
        attempts.report_late(context, work, outcome, step.gateway_code)

    return act


def _leave(cause: Cause) -> "_Action":
    def act(context: Context, work: Work, _: TimelineStep) -> None:
        payments.expire(context, work, cause)

    return act


def _pay(context: Context, work: Work, step: TimelineStep) -> None:
    attempts.pay(context, work, PayerTry(gateway_code=step.gateway_code, message=step.message))


_Action = Callable[[Context, Work, TimelineStep], None]

_ACTIONS: Final[Mapping[TimelineAction, _Action]] = {
    TimelineAction.PAY: _pay,
    TimelineAction.LATE_SUCCESS: _late(Outcome.SUCCESS),
    TimelineAction.LATE_FAILURE: _late(Outcome.FAILED),
    TimelineAction.CAPTURE: _operation(Operation.CAPTURE),
    TimelineAction.VOID: _operation(Operation.VOID),
    TimelineAction.REFUND: _operation(Operation.REFUND),
    TimelineAction.CANCEL: _operation(Operation.CANCEL),
    TimelineAction.REFUND_SETTLED: _settle(rejected=False),
    TimelineAction.REFUND_REJECTED: _settle(rejected=True),
    TimelineAction.EXPIRE: _leave(Cause.EXPIRED),
    TimelineAction.INVALIDATE: _leave(Cause.INVALIDATED),
}

_TASKS: Final[Mapping[Task, Callable[[Context, Work, AgendaItem], None]]] = {
    Task.EXPIRE: _expire,
    Task.END_ATTEMPT: _end_attempt,
    Task.REPORT_LATE: _report_late,
    Task.INQUIRE: _inquire,
    Task.SETTLE_CHILD: _settle_child,
    Task.RELEASE_RESERVATION: _release_reservation,
    Task.MAKE_REPORT: _make_report,
    Task.REPORT_MESSAGE: _report_message,
    Task.TIME_OUT_TRY: _time_out_try,
    Task.PLAY_TIMELINE: _play_timeline,
}
