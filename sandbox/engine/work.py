"""One step at work: what it changes of the records, unseen by anybody until it is committed."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Generic, TypeVar

from sandbox.domain.deliveries import Delivery
from sandbox.domain.findings import Finding, Note
from sandbox.domain.identifiers import digest
from sandbox.domain.messages import Message
from sandbox.domain.settings import WorkspaceSettings
from sandbox.domain.transactions import PaymentTransaction
from sandbox.engine.agenda import AgendaItem, Task
from sandbox.engine.tables import Identified, Record
from sandbox.engine.timeline import Kind, TimelineEntry

if TYPE_CHECKING:
    from sandbox.channels.outcomes import Report
    from sandbox.engine.binding import Binding
    from sandbox.engine.tracking import TrackedOperation
    from sandbox.engine.workspace import Workspace

Result = TypeVar("Result")


@dataclass(kw_only=True, slots=True)
class Batch:
    """Everything that one step changes in one workspace; written all or none."""

    workspace: str
    at: datetime
    payment: PaymentTransaction | None = None
    removed: str | None = None
    binding: "Binding | None" = None
    messages: list[Message] = field(default_factory=list)
    reports: dict[str, "tuple[Report, ...]"] = field(default_factory=dict)
    deliveries: list[Delivery] = field(default_factory=list)
    timeline: list[TimelineEntry] = field(default_factory=list)
    agenda: list[tuple[datetime, Task, str, str, int]] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    records: list[Identified] = field(default_factory=list)
    dropped: list[Identified] = field(default_factory=list)
    tracked: "list[TrackedOperation]" = field(default_factory=list)
    magic_failures: list[tuple[str, str]] = field(default_factory=list)
    ordinals: dict[tuple[str, str], int] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True)
class Step(Generic[Result]):
    """What a step answers, what it changed, and its place in the workspace's history."""

    result: Result
    changes: Batch
    sequence: int


class Work:
    """Collects the changes of one step; reading it shows them, reading the workspace does not.

    `settings` are the workspace's, as the scenario of the transaction overrides them.
    """

    def __init__(self, workspace: "Workspace", now: datetime, seed: int) -> None:
        self.workspace = workspace
        self.now = now
        self.settings: WorkspaceSettings = workspace.settings
        self.batch = Batch(workspace=workspace.name, at=now)
        self._seed = seed

    def take_up(self, payment: PaymentTransaction) -> "Work":
        """Work on this payment from here on, under its scenario's settings."""
        self.batch.payment = payment
        self.batch.binding = self.workspace.bindings.get(payment.session_id)
        if self.batch.binding is not None:
            self.settings = self.batch.binding.settings_over(self.workspace.settings)
        return self

    def bind(self, binding: "Binding") -> None:
        """Let a scenario decide what happens to the payment."""
        self.batch.binding = binding
        self.settings = binding.settings_over(self.workspace.settings)

    @property
    def payment(self) -> PaymentTransaction:
        """The payment as this step has changed it so far."""
        if self.batch.payment is None:
            raise LookupError("this step has taken up no payment")
        return self.batch.payment

    @payment.setter
    def payment(self, changed: PaymentTransaction) -> None:
        self.batch.payment = changed

    @property
    def binding(self) -> "Binding | None":
        """The scenario bound to the payment, with what of it is used up."""
        return self.batch.binding

    @binding.setter
    def binding(self, changed: "Binding | None") -> None:
        self.batch.binding = changed

    def keep(self, record: Identified) -> None:
        """Keep a record, in the table of its kind."""
        self.batch.records.append(record)

    def drop(self, record: Identified) -> None:
        """Take a record out of the table of its kind."""
        self.batch.dropped.append(record)

    def kept(self, kind: type[Record]) -> dict[str, Record]:
        """Return the records of a kind by identifier, as this step has changed them so far."""
        table = dict(self.workspace.tables.of(kind))
        table.update((each.id, each) for each in self.batch.records if isinstance(each, kind))
        for each in self.batch.dropped:
            if isinstance(each, kind):
                table.pop(each.id, None)
        return table

    def identify(self, kind: str, parent: str) -> str:
        """Return the next identifier of a kind under a parent: 32 hex digits."""
        return digest(self._seed, self.workspace.name, kind, parent, self.ordinal(kind, parent))

    def ordinal(self, kind: str, parent: str) -> int:
        """Count one up and return it, from 1."""
        key = (kind, parent)
        ordinals = self.batch.ordinals
        ordinals[key] = ordinals.get(key, self.workspace.ordinals.get(key, 0)) + 1
        return ordinals[key]

    def happened(self, sort: Kind, /, **data: str | int | None) -> None:
        """Add to the payment's timeline."""
        self.batch.timeline.append(TimelineEntry(self.now, sort, data))

    def schedule(self, task: Task, target: str, *, after: timedelta, number: int = 0) -> None:
        """Put something on the agenda, that much later."""
        session_id = self.batch.payment.session_id if self.batch.payment else ""
        self.batch.agenda.append((self.now + after, task, session_id, target, number))

    def send(self, message: Message, reports: "tuple[Report, ...]" = ()) -> None:
        """Keep a message, with what the provider will report of it later."""
        self.batch.messages.append(message)
        for number, report in enumerate(reports):
            self.schedule(Task.REPORT_MESSAGE, message.id, after=report.after, number=number)
        if reports:
            self.batch.reports[message.id] = reports

    def find(
        self, note: Note, request_id: str | None = None, session_id: str | None = None
    ) -> None:
        """Tell the caller's developer about something to mend."""
        if note.code in self.settings.ignore_findings:
            return
        if self.batch.payment is not None:
            session_id = self.batch.payment.session_id
        self.batch.findings.append(
            Finding(
                id=digest(self._seed, self.workspace.name, "finding", note.code, note.where),
                at=self.now,
                code=note.code,
                severity=note.severity,
                where=note.where,
                message=note.message,
                hint=note.hint,
                session_id=session_id,
                request_id=request_id,
            )
        )


def merged_finding(kept: Finding | None, found: Finding) -> Finding:
    """Return the finding to keep: a repeated one is counted."""
    return found if kept is None else replace(found, at=kept.at, count=kept.count + found.count)


def agenda_items(batch: Batch, first_sequence: int) -> list[AgendaItem]:
    """Number a step's agenda entries in the order they were made."""
    return [
        AgendaItem(due, first_sequence + offset, task, session_id, target, number)
        for offset, (due, task, session_id, target, number) in enumerate(batch.agenda)
    ]
