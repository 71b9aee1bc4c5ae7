"""The play that repeats a payment's timeline, and the lists that the gateway's answers make."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, Final, TypeVar

from sandbox.domain.events import Channel
from sandbox.domain.messages import Message
from sandbox.domain.money import format_amount
from sandbox.domain.operations import EXTERNAL, Operation, Source
from sandbox.domain.states import ChildState, State
from sandbox.domain.transactions import ChildTransaction, PaymentTransaction
from sandbox.engine.attempts import MESSAGES
from sandbox.engine.recorded_checkout import checkout_fields
from sandbox.engine.recorded_messages import arrives_late
from sandbox.engine.recorded_timeline import (
    before,
    end_of,
    is_action,
    sends_webhook,
    settlement_of,
    start_of,
)
from sandbox.engine.recorded_webhooks import RecordedWebhooks
from sandbox.engine.timeline import Kind, TimelineEntry
from sandbox.engine.workspace import Workspace
from sandbox.scenarios.model import (
    Finding,
    InquiryStep,
    OperationResult,
    OperationStep,
    Outcome,
    PaymentStep,
    Settlement,
)
from sandbox.scenarios.plays import (
    Advance,
    Checkout,
    Inquire,
    Operate,
    Pay,
    PlayStep,
    Receiver,
    Release,
    Resend,
    Trigger,
)

_NOW: Final = timedelta()
_MILLISECOND: Final = timedelta(milliseconds=1)
# What a running clock lets pass between two calls says nothing about the payment.
_NOTICED: Final = timedelta(seconds=1)
_FINDINGS: Final = frozenset(Finding)
_SETTLEMENTS: Final = {
    ChildState.REFUNDED: (Settlement.REFUNDED, "refund_settled"),
    ChildState.REFUND_REJECTED: (Settlement.REJECTED, "refund_rejected"),
}
_Step = TypeVar("_Step")
_LATE: Final = {Outcome.SUCCESS: "late_success", Outcome.FAILED: "late_failure"}


class RecordedSteps:
    """Follows a timeline once; then `play` and the lists are there."""

    def __init__(
        self,
        workspace: Workspace,
        payment: PaymentTransaction,
        messages: Sequence[Message],
        webhooks: RecordedWebhooks,
    ) -> None:
        self.play: list[PlayStep] = []
        self._workspace = workspace
        self._payment = payment
        self._messages = {each.id: each for each in messages}
        self._webhooks = webhooks
        self._payments: list[PaymentStep] = []
        self._operations: dict[Operation, list[OperationStep]] = {}
        self._inquiries: list[InquiryStep] = []
        self._findings_known = True
        # How far the play's clock has come, and how far it has to come in any case.
        self._clock = payment.created_at
        self._due = payment.created_at
        self._caused = False
        self._inquired: TimelineEntry | None = None
        self._seen: set[str] = set()
        self._timeline: Sequence[TimelineEntry] = ()
        self._handlers: Mapping[Kind, Callable[[int, TimelineEntry], None]] = {
            Kind.ATTEMPT_STARTED: self._attempt_started,
            Kind.ATTEMPT_ENDED: self._attempt_ended,
            Kind.STATE: self._state,
            Kind.OPERATION: self._operation,
            Kind.OPERATION_REFUSED: self._refused,
            Kind.INQUIRY: self._inquiry,
            Kind.LOOKED_UP: self._looked_up,
            Kind.MESSAGE: self._message,
            Kind.TRY: self._try,
        }

    def payment_list(self) -> tuple[PaymentStep, ...]:
        """Return how the payer's tries ended."""
        return _without_repeats(self._payments)

    def operation_lists(self) -> Mapping[Operation, tuple[OperationStep, ...]]:
        """Return what the gateway answered to operations."""
        return {name: _without_repeats(steps) for name, steps in self._operations.items()}

    def inquiry_list(self) -> tuple[InquiryStep, ...]:
        """Return what the gateway found; nothing where a scenario could not say it."""
        return _without_repeats(self._inquiries) if self._findings_known else ()

    def follow(self, timeline: Sequence[TimelineEntry]) -> None:
        """Turn a timeline into steps, from its first entry to the last."""
        self._timeline = timeline
        if self._webhooks.answers:
            self.play.append(Receiver(answers=self._webhooks.answers))
        self.play.append(Checkout(fields=checkout_fields(self._payment)))
        for number, entry in enumerate(timeline):
            handler = self._handlers.get(entry.kind)
            if handler is not None:
                handler(number, entry)
        self._let_pass(self._due)

    def _do(self, at: datetime, step: PlayStep) -> None:
        self._let_pass(at if at - self._clock >= _NOTICED else self._due)
        self.play.append(step)

    def _let_pass(self, until: datetime) -> None:
        # Rounded up, so that what fell due by then falls due in the play as well.
        left = -(-(until - self._clock) // _MILLISECOND) * _MILLISECOND
        if left > _NOW:
            self.play.append(Advance(by=left))
            self._clock += left

    def _happens_by_itself(self, at: datetime) -> None:
        self._due = max(self._due, at)

    def _attempt_started(self, number: int, entry: TimelineEntry) -> None:
        end = end_of(self._timeline[number:], entry)
        outcome = Outcome(str(entry.data.get("outcome") or (end and end.data["outcome"])))
        after = None
        ended = end is not None and end.data["outcome"] == outcome
        if ended and end is not None:
            took = (end.at - entry.at) // _MILLISECOND * _MILLISECOND
            after = took or None
            self._payments.append(_payment_step(end, outcome, after))
        else:
            # What has not ended, or ended otherwise than it was going to, was left open.
            is_challenge = outcome is Outcome.CHALLENGE
            self._payments.append(
                PaymentStep(outcome=Outcome.CHALLENGE if is_challenge else Outcome.PENDING)
            )
        fields: dict[str, Any] = {}
        attempt = next(
            each for each in self._payment.attempts if each.number == entry.data["number"]
        )
        if attempt.gateway != self._payment.terms.gateway_codes[0]:
            fields["gateway"] = attempt.gateway
        if attempt.card_to_save is not None and self._payment.terms.customer_id:
            fields["save_card"] = True
        if attempt.pricing is not None and attempt.pricing.is_foreign:
            fields["currency"] = attempt.pricing.currency_code
        if after and end is not None and self._is_interrupted(number, end):
            fields["advance"] = False
        self._do(entry.at, Pay(fields=fields))
        if after and end is not None:
            if "advance" not in fields:
                self._clock += after  # `pay` itself lets the try end
            self._happens_by_itself(end.at)

    def _is_interrupted(self, number: int, end: TimelineEntry) -> bool:
        """Tell whether anybody did something before the try that began here has ended."""
        between = before(self._timeline[number + 1 :], end)
        return any(
            is_action(entry)
            or ((message := self._messages.get(str(entry.data.get("id")))) and message.resent)
            for entry in between
        )

    def _attempt_ended(self, number: int, entry: TimelineEntry) -> None:
        self._caused = True
        inquired, self._inquired = self._inquired, None
        started = start_of(self._timeline[:number], entry)
        outcome = Outcome(str(entry.data["outcome"]))
        foreseen = started.data.get("outcome") if started is not None else None
        if started is not None and foreseen in (outcome, None):
            return
        if inquired is not None and inquired.data["found"] == outcome and inquired.at == entry.at:
            said = _payment_step(entry, outcome, None)
            self._inquiries[-1] = InquiryStep(
                finds=Finding(outcome), gateway_code=said.gateway_code, message=said.message
            )
        elif foreseen == Outcome.CHALLENGE:
            self._do(entry.at, Pay(fields={"challenge": outcome is Outcome.SUCCESS}))
        elif outcome in _LATE:
            code = entry.data.get("gateway_code")
            self._trigger(entry.at, _LATE[outcome], **({"code": code} if code else {}))

    def _trigger(self, at: datetime, event: Any, **fields: Any) -> None:  # noqa: ANN401 - JSON values
        self._do(at, Trigger(event=event, fields=fields))

    def _state(self, _: int, entry: TimelineEntry) -> None:
        state = State(str(entry.data["state"]))
        if state in (State.CREATED, State.PENDING):
            return
        caused, self._caused = self._caused, False
        if caused:
            return
        if state is State.INVALIDED:
            self._trigger(entry.at, "invalidate")
        elif entry.at >= self._payment.expires_at:
            self._happens_by_itself(entry.at)
        else:
            self._trigger(entry.at, "expire")

    def _operation(self, number: int, entry: TimelineEntry) -> None:
        operation = Operation(str(entry.data["operation"]))
        if operation not in EXTERNAL:
            self._caused = operation is not Operation.DELETE
            self._do(entry.at, Operate(operation=operation))
            return
        child_id = str(entry.data["id"])
        child = self._payment.child(child_id)
        if child is None:
            return
        if child_id in self._seen:
            self._settled(entry, child)
            return
        self._seen.add(child_id)
        if child.source is Source.GATEWAY:
            self._trigger(entry.at, operation.value, **self._amount_of(child))
            return
        steps = self._operations.setdefault(operation, [])
        steps.append(self._answer(number, entry, child))
        amount = child.amount if self._amount_of(child) else None
        self._do(entry.at, Operate(operation=operation, amount=amount))

    def _amount_of(self, child: ChildTransaction) -> dict[str, str]:
        terms = self._payment.terms
        if child.operation is Operation.VOID or child.amount == terms.amount:
            return {}
        return {"amount": format_amount(child.amount, terms.currency_code)}

    def _answer(self, number: int, entry: TimelineEntry, child: ChildTransaction) -> OperationStep:
        """Return what the gateway answered at once, and when that settled."""
        queued = entry.data["state"] == ChildState.REFUND_QUEUED
        settle, after = None, None
        if queued:
            later = settlement_of(self._timeline[number + 1 :], child.session_id)
            if later is not None and later.at - entry.at >= _MILLISECOND:
                settle = _SETTLEMENTS[child.state][0]
                after = (later.at - entry.at) // _MILLISECOND * _MILLISECOND
        return OperationStep(
            result=OperationResult.QUEUED if queued else OperationResult.SUCCESS,
            settle=settle,
            after=after,
            gateway_code=child.gateway_code,
            message=child.message,
        )

    def _settled(self, entry: TimelineEntry, child: ChildTransaction) -> None:
        if entry.at - child.at >= _MILLISECOND:
            self._happens_by_itself(entry.at)
        else:
            self._trigger(entry.at, _SETTLEMENTS[child.state][1])

    def _refused(self, _: int, entry: TimelineEntry) -> None:
        # What the platform itself refused has left nothing behind.
        if entry.data.get("by") != "gateway":
            return
        operation = Operation(str(entry.data["operation"]))
        code, amount = entry.data["gateway_code"], entry.data["amount"]
        self._operations.setdefault(operation, []).append(
            OperationStep(
                result=OperationResult.FAILED,
                gateway_code=None if code is None else str(code),
                message=str(entry.data["reason"]),
            )
        )
        asked = None if amount is None else Decimal(str(amount))
        self._do(entry.at, Operate(operation=operation, amount=asked))

    def _inquiry(self, number: int, entry: TimelineEntry) -> None:
        found = str(entry.data["found"])
        self._inquired = entry
        if found in _FINDINGS:
            self._inquiries.append(InquiryStep(finds=Finding(found)))
        else:
            self._findings_known = False
        if entry.data["by"] == "platform":
            self._happens_by_itself(entry.at)
        else:
            self._looked_up(number, entry)

    def _looked_up(self, number: int, entry: TimelineEntry) -> None:
        told = sends_webhook(self._timeline[number + 1 :])
        self._do(entry.at, Inquire(fields={"notify_webhook_url": True} if told else {}))

    def _message(self, number: int, entry: TimelineEntry) -> None:
        message = self._messages.get(str(entry.data["id"]))
        if message is None:
            return
        if message.id in self._seen:
            if arrives_late(message):
                self._happens_by_itself(entry.at)
            return
        self._seen.add(message.id)
        if not message.resent:
            return
        last = self.play[-1]
        previous = self._timeline[number - 1]
        together = previous.kind is Kind.MESSAGE and previous.at == entry.at
        if together and isinstance(last, Resend) and message.channel not in last.channels:
            self.play[-1] = Resend(channels=(*last.channels, Channel(message.channel)))
        else:
            self._do(entry.at, Resend(channels=(message.channel,)))

    def _try(self, _: int, entry: TimelineEntry) -> None:
        delivery = self._workspace.deliveries.get(str(entry.data["id"]))
        if delivery is None:
            return
        if delivery.id in self._webhooks.released and delivery.id not in self._seen:
            self._seen.add(delivery.id)
            self._do(delivery.tries[0].at, Release(event=delivery.event))
        if entry.at - delivery.at >= _NOTICED:
            self._happens_by_itself(entry.at)


def _payment_step(end: TimelineEntry, outcome: Outcome, after: timedelta | None) -> PaymentStep:
    code, said = end.data.get("gateway_code"), end.data.get("message")
    is_usual = said in (None, *MESSAGES.values())
    return PaymentStep(
        outcome=outcome,
        gateway_code=None if code is None else str(code),
        message=None if is_usual else str(said),
        after=after,
    )


def _without_repeats(steps: Sequence[_Step]) -> tuple[_Step, ...]:
    """Leave out what the last step of a list, which repeats, says anyway."""
    kept = list(steps)
    while len(kept) > 1 and kept[-1] == kept[-2]:
        kept.pop()
    return tuple(kept)
