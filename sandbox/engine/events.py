"""What follows when a payment reaches an event: timeline, messages, webhooks, scripted steps."""

from datetime import timedelta

from sandbox.domain.events import Event
from sandbox.domain.money import format_amount
from sandbox.domain.states import PAYABLE
from sandbox.domain.transactions import Attempt, ChildTransaction
from sandbox.engine import messages, wallets, webhooks
from sandbox.engine.agenda import Task
from sandbox.engine.context import Context
from sandbox.engine.timeline import Kind
from sandbox.engine.work import Work

_NO_DELAY = timedelta()


def reach_state(context: Context, work: Work, attempt: Attempt | None = None) -> None:
    """Do all that follows from the state that the payment has just reached.

    A payment webhook goes out only where an attempt has ended (FACTS 8).
    """
    event = work.payment.events[-1]
    work.happened(Kind.STATE, state=event)
    if work.payment.state not in PAYABLE:
        wallets.give_all_back(work)
    _follow(context, work, event, amount="")
    if attempt is not None:
        webhooks.tell_of_payment(context, work, attempt, event)


def reach_operation(context: Context, work: Work, child: ChildTransaction) -> None:
    """Do all that follows from an operation's child transaction having reached its state."""
    work.happened(Kind.OPERATION, operation=child.operation, state=child.state, id=child.session_id)
    amount = format_amount(child.amount, work.payment.terms.currency_code)
    _follow(context, work, child.event, amount)
    webhooks.tell_of_operation(context, work, child)


def _follow(context: Context, work: Work, event: Event, amount: str) -> None:
    messages.tell_payer(context, work, event, amount)
    if work.binding is None:
        return
    begun, work.binding = work.binding.due_timeline(event)
    for index in begun:
        step = work.binding.scenario.timeline[index]
        work.schedule(
            Task.PLAY_TIMELINE, work.payment.session_id, after=step.after or _NO_DELAY, number=index
        )
