"""A workspace: everything that belongs to one merchant or one test."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from sandbox.channels.outcomes import Report
from sandbox.domain.clock import Clock
from sandbox.domain.deliveries import Delivery
from sandbox.domain.findings import Finding
from sandbox.domain.messages import Message
from sandbox.domain.settings import WorkspaceSettings
from sandbox.domain.transactions import PaymentTransaction
from sandbox.engine.agenda import Agenda
from sandbox.engine.binding import Binding
from sandbox.engine.commands import Named
from sandbox.engine.errors import UnknownDelivery, UnknownMessage, UnknownOrder, UnknownSession
from sandbox.engine.lanes import Lanes
from sandbox.engine.ring import Ring
from sandbox.engine.tables import Tables
from sandbox.engine.timeline import TimelineEntry
from sandbox.engine.tracking import TrackedOperation
from sandbox.engine.work import Batch, agenda_items, merged_finding
from sandbox.scenarios.cursors import Used
from sandbox.scenarios.matching import MatchedScenarios
from sandbox.scenarios.model import Scenario

_MOST_FINDINGS: Final = 1000
_ELSEWHERE: Final = "further places"
_LONGEST_TIMELINE: Final = 2000
_MESSAGES_CAP: Final = 64 * 1024 * 1024
_DELIVERIES_CAP: Final = 64 * 1024 * 1024
# What a record takes beside its texts: measured, and rounded up.
_RECORD: Final = 1024


class Workspace:
    """Records of one workspace, their indexes, and the one way to change them: `apply`.

    `epoch` counts resets, so that late results of an earlier life can be told apart.

    Source: DESIGN (workspaces, storage).
    """

    def __init__(self, name: str, settings: WorkspaceSettings, clock: Clock) -> None:
        self.name = name
        self.epoch = 0
        self.clear(settings, clock)

    def clear(self, settings: WorkspaceSettings, clock: Clock) -> None:
        """Make the workspace as new."""
        self.epoch += 1
        self.settings = settings
        self.clock = clock
        self.sequence = 0
        self.transactions: dict[str, PaymentTransaction] = {}
        self.by_order_no: dict[str, list[str]] = {}
        self.parents: dict[str, str] = {}
        self.bindings: dict[str, Binding] = {}
        self.messages: Ring[Message] = Ring(_MESSAGES_CAP, _size_of_message)
        self.reports: dict[str, tuple[Report, ...]] = {}
        self.deliveries: Ring[Delivery] = Ring(_DELIVERIES_CAP, _size_of_delivery)
        self.delivery_ids: dict[str, list[str]] = {}
        self.lanes = Lanes()
        self.timelines: dict[str, list[TimelineEntry]] = {}
        self.tables = Tables()
        self.agenda = Agenda()
        self.findings: dict[tuple[str, str], Finding] = {}
        self.tracked: dict[tuple[str, str], TrackedOperation] = {}
        self.tracked_by_order_no: dict[tuple[str, str], TrackedOperation] = {}
        self.magic_failures: dict[tuple[str, str], int] = {}
        self.ordinals: dict[tuple[str, str], int] = {}
        self.scenarios = MatchedScenarios()
        self.pinned: Scenario | None = None
        self.next_scenario: Scenario | None = None
        self.faults_met: dict[str, Used] = {}

    @property
    def empty(self) -> bool:
        """Whether nothing was ever kept in it."""
        return not (self.sequence or self.findings or self.scenarios or self.pinned)

    def payment(self, session_id: str) -> PaymentTransaction:
        """Return the transaction with this session_id, hidden or not.

        Raises:
            UnknownSession: this workspace has none.
        """
        try:
            return self.transactions[session_id]
        except KeyError:
            raise UnknownSession from None

    def visible(self, session_id: str) -> PaymentTransaction:
        """Return the transaction with this session_id unless it was deleted.

        Raises:
            UnknownSession: this workspace has none, or it is hidden.
        """
        payment = self.payment(session_id)
        if payment.hidden:
            raise UnknownSession
        return payment

    def named(self, named: Named) -> PaymentTransaction:
        """Return the transaction meant: by session_id, else the newest of the order_no.

        Raises:
            UnknownSession: the session_id is not here.
            UnknownOrder: no visible transaction has the order_no.
        """
        if named.session_id:
            return self.visible(named.session_id)
        newest = self.newest_of(named.order_no)
        if not newest:
            raise UnknownOrder
        return self.transactions[newest]

    def newest_of(self, order_no: str | None) -> str:
        """Return the session_id of the newest visible transaction of an order_no, or nothing."""
        for session_id in reversed(self.by_order_no.get(order_no or "", ())):
            if not self.transactions[session_id].hidden:
                return session_id
        return ""

    def tracked_operation(self, named: Named, key: str) -> TrackedOperation | None:
        """Return the operation kept under a Tracking-Key for the transaction meant, or None.

        An order_no means its newest transaction, or the one that the operation has deleted.
        """
        session_id = named.session_id or self.newest_of(named.order_no)
        found = self.tracked.get((session_id, key))
        if found is None and named.order_no and not named.session_id:
            found = self.tracked_by_order_no.get((named.order_no, key))
            kept = self.transactions.get(found.session_id) if found else None
            if kept is not None and not kept.hidden:
                return None  # an earlier payment of that number, which is still there
        return found

    def settings_of(self, session_id: str) -> WorkspaceSettings:
        """Return the settings that hold for a payment: the workspace's with its scenario's over them."""
        binding = self.bindings.get(session_id)
        return self.settings if binding is None else binding.settings_over(self.settings)

    def message(self, message_id: str) -> Message:
        """Return the message with this id.

        Raises:
            UnknownMessage: this workspace has none.
        """
        message = self.messages.get(message_id)
        if message is None:
            raise UnknownMessage
        return message

    def delivery(self, delivery_id: str) -> Delivery:
        """Return the delivery with this id.

        Raises:
            UnknownDelivery: this workspace has none.
        """
        delivery = self.deliveries.get(delivery_id)
        if delivery is None:
            raise UnknownDelivery
        return delivery

    def deliveries_of(self, session_id: str) -> Iterator[Delivery]:
        """Yield the deliveries of one transaction, oldest first."""
        kept = map(self.deliveries.get, self.delivery_ids.get(session_id, ()))
        return (each for each in kept if each is not None)

    def apply(self, batch: Batch) -> int:
        """Make a step's changes visible, all at once; return their sequence number."""
        self.sequence += 1
        if batch.payment is not None and batch.removed is None:
            self._keep(batch.payment, batch.binding)
        if batch.removed is not None:
            self._forget(batch.removed)
        elif batch.payment is not None:
            timeline = self.timelines.setdefault(batch.payment.session_id, [])
            timeline.extend(batch.timeline)
            del timeline[:-_LONGEST_TIMELINE]
        self._keep_records(batch)
        self.ordinals.update(batch.ordinals)
        for tracked in batch.tracked:
            self.tracked[tracked.session_id, tracked.key] = tracked
            if tracked.order_no:
                self.tracked_by_order_no[tracked.order_no, tracked.key] = tracked
        for failed in batch.magic_failures:
            self.magic_failures[failed] = self.magic_failures.get(failed, 0) + 1
        for finding in batch.findings:
            self._keep_finding(finding)
        if batch.agenda:
            for item in agenda_items(batch, self.agenda.numbered(len(batch.agenda))):
                self.agenda.add(item)
        return self.sequence

    def _keep_records(self, batch: Batch) -> None:
        for record in batch.records:
            self.tables.keep(record)
        for record in batch.dropped:
            self.tables.drop(record)
        for delivery in batch.deliveries:
            if delivery.id not in self.deliveries:
                self.delivery_ids.setdefault(delivery.session_id, []).append(delivery.id)
            self.deliveries.keep(delivery)
        self.reports.update(batch.reports)
        for message in batch.messages:
            self.messages.keep(message)
            if message.finished:
                self.reports.pop(message.id, None)

    def _keep_finding(self, finding: Finding) -> None:
        key = (finding.code, finding.where)
        if key not in self.findings and len(self.findings) >= _MOST_FINDINGS:
            # What a caller varies without end is told once for all further places.
            finding = replace(finding, where=_ELSEWHERE)
            key = (finding.code, _ELSEWHERE)
        self.findings[key] = merged_finding(self.findings.get(key), finding)

    def _keep(self, payment: PaymentTransaction, binding: Binding | None) -> None:
        earlier = self.transactions.get(payment.session_id)
        self.transactions[payment.session_id] = payment
        if binding is not None:
            self.bindings[payment.session_id] = binding
        for child in payment.children:
            self.parents[child.session_id] = payment.session_id
        before = earlier.terms.order_no if earlier else None
        after = payment.terms.order_no
        if before != after:
            if before:
                self.by_order_no[before].remove(payment.session_id)
            if after:
                named = self.by_order_no.setdefault(after, [])
                named.append(payment.session_id)
                if earlier is not None and len(named) > 1:
                    # An update may give an older payment the number of a newer one.
                    ages = {each: age for age, each in enumerate(self.transactions)}
                    named.sort(key=ages.__getitem__)

    def _forget(self, session_id: str) -> None:
        gone = self.transactions.pop(session_id)
        self.bindings.pop(session_id, None)
        self.timelines.pop(session_id, None)
        if gone.terms.order_no:
            self.by_order_no[gone.terms.order_no].remove(session_id)


def _size_of_message(message: Message) -> int:
    # Each message holds on to the payment as it stood, with all that its merchant sent.
    details = len(message.payment.terms.details) if message.payment is not None else 0
    return _RECORD + len(message.subject) + len(message.text) + len(message.html) + details


def _size_of_delivery(delivery: Delivery) -> int:
    answers = sum(len(each.response_body) for each in delivery.tries)
    return _RECORD + len(delivery.body) + answers
