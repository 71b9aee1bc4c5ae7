"""The engine: every command as one synchronous step, with the instant as an argument."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime
from typing import TypeVar

from sandbox.domain.attachments import StoredFile
from sandbox.domain.clock import Clock
from sandbox.domain.deliveries import Delivery, DeliveryStatus
from sandbox.domain.findings import Note
from sandbox.domain.identifiers import DEFAULT_WORKSPACE, workspace_prefix
from sandbox.domain.messages import Message
from sandbox.domain.operations import Refused
from sandbox.domain.settings import WorkspaceSettings
from sandbox.domain.transactions import PaymentTerms, PaymentTransaction
from sandbox.domain.wallets import Account
from sandbox.engine import (
    attachments,
    attempts,
    choosing,
    due,
    inquiries,
    messages,
    operations,
    payments,
    template_notifications,
    tries,
    triggers,
    wallet_book,
)
from sandbox.engine.agenda import OUTLIVING, AgendaItem, Task
from sandbox.engine.attempts import Paid
from sandbox.engine.binding import Binding
from sandbox.engine.commands import Inquire, NewPayment, Notify, Operate, PayerTry, Resend, Upload
from sandbox.engine.context import Context
from sandbox.engine.errors import NotHeld, UnknownSession, WorkspacesFull
from sandbox.engine.messages import Resent
from sandbox.engine.operations import Performed
from sandbox.engine.ports import RenderedPayload, ScenarioLibrary, Storage
from sandbox.engine.timeline import Kind
from sandbox.engine.tries import TryOrder, TryResult
from sandbox.engine.triggers import Happening
from sandbox.engine.wallet_book import Adjust
from sandbox.engine.work import Step, Work
from sandbox.engine.workspace import Workspace
from sandbox.scenarios.model import Scenario

Result = TypeVar("Result")
_MOST_WORKSPACES = 1000


class Engine:
    """All workspaces, and what may be done in them.

    No method awaits, reads a clock or touches the outside: what is due later is on the agenda.
    """

    def __init__(
        self,
        context: Context,
        library: ScenarioLibrary,
        storage: Storage,
        settings: WorkspaceSettings,
        clock: Clock,
    ) -> None:
        self.context = context
        self.library = library
        self.workspaces: dict[str, Workspace] = {}
        self._storage = storage
        self._settings = settings
        self._clock = clock
        self._by_prefix: dict[str, list[Workspace]] = {}
        self._listeners: list[Callable[[Workspace], None]] = []
        # Control calls without any credentials mean this one, so it is always there.
        self.workspace(DEFAULT_WORKSPACE)

    def on_commit(self, listener: Callable[[Workspace], None]) -> None:
        """Call this after each step, with the workspace that it changed."""
        self._listeners.append(listener)

    def workspace(self, name: str) -> Workspace:
        """Return the workspace of a name, new if it is not there yet.

        Raises:
            WorkspacesFull: the table is full and no workspace is empty.
        """
        found = self.workspaces.get(name)
        if found is not None:
            return found
        if len(self.workspaces) >= _MOST_WORKSPACES:
            self._evict_an_empty_one()
        made = self.workspaces[name] = Workspace(name, self._settings, self._clock)
        self._by_prefix.setdefault(workspace_prefix(name), []).append(made)
        return made

    def workspace_of(self, session_id: str) -> Workspace:
        """Return the workspace that holds a transaction, or a child of one.

        Raises:
            UnknownSession: none does.
        """
        for workspace in self._by_prefix.get(session_id[:8], ()):
            if session_id in workspace.transactions or session_id in workspace.parents:
                return workspace
        raise UnknownSession

    def workspaces_at(self, prefix: str) -> tuple[Workspace, ...]:
        """Return the workspaces whose identifiers begin with these 8 digits; nearly always one."""
        return tuple(self._by_prefix.get(prefix, ()))

    def reset(self, workspace: Workspace) -> None:
        """Make a workspace as new; late results of its earlier life will be dropped."""
        workspace.clear(self._settings, self._clock)

    def create(
        self, workspace: Workspace, new: NewPayment, now: datetime
    ) -> Step[PaymentTransaction | Refused]:
        """Make a payment transaction.

        Raises:
            UnknownScenario: the call asks for a scenario that is not there.
        """
        scenario = choosing.for_checkout(workspace, self.library, new.scenario, new.fields)
        work = self._work(workspace, now)
        made = payments.create(self.context, work, new, scenario)
        if isinstance(made, PaymentTransaction) and not new.scenario:
            workspace.next_scenario = None
        return self._step(work, made)

    def update(
        self, workspace: Workspace, session_id: str, terms: PaymentTerms, now: datetime
    ) -> Step[PaymentTransaction | Refused]:
        """Change a payment that is not completed.

        Raises:
            UnknownSession, NotUpdatable.
        """
        work = self._work(workspace, now).take_up(workspace.visible(session_id))
        return self._step(work, payments.update(self.context, work, terms))

    def pay(
        self, workspace: Workspace, session_id: str, payer: PayerTry, now: datetime
    ) -> Step[Paid]:
        """Play the payer's next try and queue all that follows from it.

        Raises:
            UnknownSession, NotPayable, GatewayNotOffered, WalletCannotPay.
        """
        work = self._work(workspace, now).take_up(workspace.visible(session_id))
        return self._step(work, attempts.pay(self.context, work, payer))

    def operate(
        self, workspace: Workspace, command: Operate, now: datetime
    ) -> Step[Performed | Refused]:
        """Act on a payment; with a known Tracking-Key, only tell how that operation stands.

        Raises:
            UnknownSession, UnknownOrder.
        """
        tracked = self._tracked(workspace, command)
        if tracked is not None:
            work = self._work(workspace, now)
            if tracked.operation is not command.operation:
                work.find(operations.KEY_REUSED, session_id=command.named.session_id)
            return self._step(work, tracked)
        work = self._work(workspace, now).take_up(workspace.named(command.named))
        return self._step(work, operations.operate(self.context, work, command))

    def inquire(
        self, workspace: Workspace, command: Inquire, now: datetime
    ) -> Step[RenderedPayload | Refused]:
        """Tell how a payment stands, after asking its gateway where that may help.

        Raises:
            UnknownSession, UnknownOrder, TooManyCalls.
        """
        work = self._work(workspace, now).take_up(workspace.named(command.named))
        return self._step(work, inquiries.inquire(self.context, work, command))

    def adjust_wallet(
        self, workspace: Workspace, command: Adjust, now: datetime
    ) -> Step[Account | Refused]:
        """Book money in or out of a customer's wallet, as staff would."""
        work = self._work(workspace, now)
        return self._step(work, wallet_book.adjust(work, command))

    def resend(
        self, workspace: Workspace, command: Resend, now: datetime
    ) -> Step[Resent | tuple[Refused, ...]]:
        """Send the newest event's messages once more.

        Raises:
            UnknownSession, UnknownOrder.
        """
        work = self._work(workspace, now).take_up(workspace.named(command.named))
        return self._step(work, messages.resend(self.context, work, command.channels))

    def upload(
        self, workspace: Workspace, command: Upload, now: datetime
    ) -> Step[StoredFile | Refused]:
        """Keep a file, and let it go with a payment where one is named.

        Raises:
            UnknownSession, UnknownOrder.
        """
        work = self._work(workspace, now)
        if command.named is not None:
            work.take_up(workspace.named(command.named))
        return self._step(work, attachments.upload(work, command))

    def notify(self, workspace: Workspace, command: Notify, now: datetime) -> Step[Message]:
        """Send a message from a template by its name, without any transaction.

        Raises:
            UnknownScenario: the call asks for a scenario that is not there.
        """
        scenario = workspace.pinned
        if command.scenario:
            scenario = choosing.named(workspace, self.library, command.scenario)
        work = self._work(workspace, now)
        return self._step(
            work, template_notifications.notify(self.context, work, command, scenario)
        )

    def trigger(
        self, workspace: Workspace, session_id: str, happening: Happening, now: datetime
    ) -> Step[Refused | None]:
        """Make an event happen to a transaction.

        Raises:
            UnknownSession, UnknownMessage, NothingToTrigger, IllegalMove.
        """
        work = self._work(workspace, now).take_up(workspace.payment(session_id))
        return self._step(work, triggers.happen(self.context, work, happening))

    def assign(
        self, workspace: Workspace, session_id: str, scenario: Scenario, now: datetime
    ) -> Step[PaymentTransaction]:
        """Let a scenario decide a transaction's fate from here on."""
        work = self._work(workspace, now).take_up(workspace.payment(session_id))
        work.bind(Binding(scenario=scenario))
        work.payment = replace(work.payment, scenario=scenario.name)
        work.happened(Kind.SCENARIO, scenario=scenario.name)
        return self._step(work, work.payment)

    def run_due(self, workspace: Workspace, item: AgendaItem, now: datetime) -> None:
        """Do what an agenda item says; of a deleted transaction, only what had gone out already."""
        work = self._work(workspace, now)
        if item.session_id:
            payment = workspace.transactions.get(item.session_id)
            if payment is not None:
                work.take_up(payment)
            elif item.task not in OUTLIVING:
                return
        due.run(self.context, work, item)
        self._step(work, None)

    def begin_try(
        self, workspace: Workspace, delivery_id: str, number: int, now: datetime
    ) -> TryOrder | None:
        """Begin a webhook try; None when it must wait or is no longer wanted."""
        delivery = workspace.deliveries.get(delivery_id)
        if delivery is None:
            return None
        work = self._work_on(workspace, delivery, now)
        return self._step(work, tries.begin(work, delivery, number)).result

    def outlast_try(
        self, workspace: Workspace, delivery_id: str, number: int, now: datetime
    ) -> None:
        """Note that a try has used up the real grace: it will time out in virtual time."""
        delivery = workspace.delivery(delivery_id)
        work = self._work_on(workspace, delivery, now)
        tries.outlast(work, delivery, number)
        self._step(work, None)

    def finish_try(
        self,
        workspace: Workspace,
        delivery_id: str,
        number: int,
        result: TryResult,
        now: datetime,
    ) -> Delivery:
        """Keep what a try came to, and queue what follows."""
        delivery = workspace.delivery(delivery_id)
        work = self._work_on(workspace, delivery, now)
        return self._step(work, tries.finish(work, delivery, number, result)).result

    def send_again(self, workspace: Workspace, delivery_id: str, now: datetime) -> Delivery:
        """Send a delivery once more, under the next try number.

        Raises:
            UnknownDelivery.
        """
        delivery = workspace.delivery(delivery_id)
        return self._queue_again(workspace, delivery, now)

    def release(self, workspace: Workspace, delivery_id: str, now: datetime) -> Delivery:
        """Let a held delivery go.

        Raises:
            UnknownDelivery, NotHeld.
        """
        delivery = workspace.delivery(delivery_id)
        if delivery.status is not DeliveryStatus.HELD:
            raise NotHeld(f"The delivery is {delivery.status}; only a held one can be released.")
        return self._queue_again(workspace, delivery, now)

    def number_token(self, workspace: Workspace, client_id: str, now: datetime) -> Step[str]:
        """Count one more login token of a client; return its identifier."""
        work = self._work(workspace, now)
        return self._step(work, work.identify("token", client_id))

    def note(
        self,
        workspace: Workspace,
        notes: Iterable[Note],
        now: datetime,
        *,
        request_id: str | None = None,
        session_id: str | None = None,
    ) -> None:
        """Keep findings about a call, and the transaction that it was about."""
        work = self._work(workspace, now)
        for each in notes:
            work.find(each, request_id, session_id)
        if work.batch.findings:
            self._step(work, None)

    def begin(self, workspace: Workspace, now: datetime) -> Work:
        """Begin a step of a subject whose steps stand in a module of its own."""
        return self._work(workspace, now)

    def commit(self, work: Work, result: Result) -> Step[Result]:
        """End such a step; one that is not committed has changed nothing."""
        return self._step(work, result)

    def _queue_again(self, workspace: Workspace, delivery: Delivery, now: datetime) -> Delivery:
        work = self._work_on(workspace, delivery, now)
        waiting = replace(delivery, status=DeliveryStatus.WAITING, released_by_next=False)
        work.batch.deliveries.append(waiting)
        work.schedule(Task.BEGIN_TRY, delivery.id, after=now - now, number=len(delivery.tries) + 1)
        return self._step(work, waiting).result

    def _tracked(self, workspace: Workspace, command: Operate) -> Performed | None:
        if not command.tracking_key:
            return None
        tracked = workspace.tracked_operation(command.named, command.tracking_key)
        if tracked is None:
            return None
        payment = workspace.transactions.get(tracked.session_id)
        child = payment.child(tracked.child) if payment and tracked.child else None
        return Performed(operation=tracked.operation, payment=payment, child=child)

    def _work(self, workspace: Workspace, now: datetime) -> Work:
        return Work(workspace, now, self.context.seed)

    def _work_on(self, workspace: Workspace, delivery: Delivery, now: datetime) -> Work:
        work = self._work(workspace, now)
        payment = workspace.transactions.get(delivery.session_id)
        return work.take_up(payment) if payment is not None else work

    def _step(self, work: Work, result: Result) -> Step[Result]:
        """Commit: the one place where changes become visible, kept, and known to the runner."""
        self._storage.commit(work.batch)
        sequence = work.workspace.apply(work.batch)
        for listener in self._listeners:
            listener(work.workspace)
        return Step(result=result, changes=work.batch, sequence=sequence)

    def _evict_an_empty_one(self) -> None:
        for name, workspace in self.workspaces.items():
            if workspace.empty and name != DEFAULT_WORKSPACE:
                del self.workspaces[name]
                self._by_prefix[workspace_prefix(name)].remove(workspace)
                return
        raise WorkspacesFull
