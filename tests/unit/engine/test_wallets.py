"""Whatever happens in whatever order, a wallet's books are right and nobody spends twice."""

from collections import Counter
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from sandbox.domain.clock import Clock
from sandbox.domain.errors import IllegalMove
from sandbox.domain.gateways import Gateway, GatewayCatalog, RefundMode
from sandbox.domain.operations import Destination, Operation
from sandbox.domain.settings import WorkspaceSettings
from sandbox.domain.states import PAYABLE, ChildState
from sandbox.domain.transactions import PaymentTerms, PaymentTransaction, TransactionType
from sandbox.domain.wallets import (
    Account,
    AccountStatus,
    Direction,
    Entry,
    EntryType,
    WalletOperation,
    WalletOperationStatus,
    available,
    balance,
)
from sandbox.engine.agenda import Task
from sandbox.engine.commands import Named, NewPayment, Operate, PayerTry
from sandbox.engine.context import Context
from sandbox.engine.engine import Engine
from sandbox.engine.errors import (
    NothingToTrigger,
    NotPayable,
    NotUpdatable,
    UnknownSession,
    WalletCannotPay,
)
from sandbox.engine.triggers import Happening, Trigger
from sandbox.engine.wallet_book import Adjust
from sandbox.scenarios.library import BuiltInScenarios, ScenarioLibrary
from sandbox.scenarios.model import Outcome
from sandbox.storage.memory import MemoryStorage
from sandbox.webhooks.rendering import PayloadRenderer
from tests.unit.scenarios.loading import CHECKOUT, LOADER

CUSTOMERS = ("a", "b")
MONEY_MOVES = frozenset(EntryType) - {EntryType.RESERVE, EntryType.RELEASE, EntryType.EXPIRE}
GATEWAYS = [
    Gateway(code="plain", name="plain", title="plain"),
    Gateway(code="wallet", name="wallet", title="wallet"),
    Gateway(code="slow", name="slow", title="slow", refunds=RefundMode.QUEUED),
]
OUTCOMES = st.sampled_from([Outcome.SUCCESS, Outcome.FAILED, Outcome.PENDING, Outcome.CHALLENGE])

amounts = st.decimals("0.001", "20", places=3)
customers = st.sampled_from(CUSTOMERS)
positions = st.integers(0, 50)


class Wallets(RuleBasedStateMachine):
    """Payers, staff and merchants at two customers' wallets, in one workspace."""

    def __init__(self) -> None:
        super().__init__()
        context = Context(seed=1, gateways=GatewayCatalog(GATEWAYS), renderer=PayloadRenderer())
        library = ScenarioLibrary(built_in=BuiltInScenarios(CHECKOUT / "scenarios", LOADER), own=())
        self.now = datetime(2026, 1, 1, tzinfo=UTC)
        self.engine = Engine(
            context, library, MemoryStorage(), WorkspaceSettings(), Clock(stopped_at=self.now)
        )
        self.workspace = self.engine.workspace("wallets")
        self.keyed: Counter[tuple[str, str]] = Counter()

    def payment(self, position: int) -> PaymentTransaction:
        payments = list(self.workspace.transactions.values())
        return payments[position % len(payments)]

    @rule(customer=customers, amount=amounts, direction=st.sampled_from(Direction))
    def staff_book(self, customer: str, amount: Decimal, direction: Direction) -> None:
        kinds = {
            Direction.CREDIT: EntryType.CREDIT_ADJUSTMENT,
            Direction.DEBIT: EntryType.DEBIT_ADJUSTMENT,
        }
        adjust = Adjust(
            customer_id=customer, currency_code="KWD", amount=amount, type=kinds[direction]
        )
        self.engine.adjust_wallet(self.workspace, adjust, self.now)

    @rule(customer=customers, status=st.sampled_from(AccountStatus))
    def staff_set_the_status(self, customer: str, status: AccountStatus) -> None:
        adjust = Adjust(customer_id=customer, currency_code="KWD", status=status)
        self.engine.adjust_wallet(self.workspace, adjust, self.now)

    @rule(customer=customers, amount=amounts)
    def checkout(self, customer: str, amount: Decimal) -> None:
        terms = PaymentTerms(
            type=TransactionType.E_COMMERCE,
            amount=amount,
            currency_code="KWD",
            gateway_codes=tuple(each.code for each in GATEWAYS),
            customer_id=customer,
        )
        self.engine.create(self.workspace, NewPayment(terms=terms, origin=""), self.now)

    @precondition(lambda self: self.workspace.transactions)
    @rule(
        position=positions,
        gateway=st.sampled_from([each.code for each in GATEWAYS]),
        outcome=OUTCOMES,
        amount=st.none() | amounts,
    )
    def pay(self, position: int, gateway: str, outcome: Outcome, amount: Decimal | None) -> None:
        payer = PayerTry(gateway=gateway, outcome=outcome, use_wallet=True, wallet_amount=amount)
        with suppress(NotPayable, UnknownSession, WalletCannotPay):
            self.engine.pay(self.workspace, self.payment(position).session_id, payer, self.now)

    @precondition(lambda self: self.workspace.transactions)
    @rule(position=positions, amount=amounts, customer=customers)
    def update(self, position: int, amount: Decimal, customer: str) -> None:
        payment = self.payment(position)
        terms = replace(payment.terms, amount=amount, customer_id=customer)
        with suppress(NotUpdatable, UnknownSession):
            self.engine.update(self.workspace, payment.session_id, terms, self.now)

    @precondition(lambda self: self.workspace.transactions)
    @rule(position=positions, passed=st.booleans())
    def end_the_challenge(self, position: int, passed: bool) -> None:  # noqa: FBT001 - drawn
        with suppress(NotPayable, NothingToTrigger, UnknownSession):
            session_id = self.payment(position).session_id
            self.engine.pay(self.workspace, session_id, PayerTry(challenge=passed), self.now)

    @precondition(lambda self: self.workspace.transactions)
    @rule(
        position=positions,
        trigger=st.sampled_from(
            [
                *(Trigger.LATE_SUCCESS, Trigger.LATE_FAILURE, Trigger.EXPIRE),
                *(Trigger.REFUND_SETTLED, Trigger.REFUND_REJECTED),
            ]
        ),
    )
    def happen(self, position: int, trigger: Trigger) -> None:
        with suppress(NothingToTrigger, IllegalMove):
            session_id = self.payment(position).session_id
            self.engine.trigger(self.workspace, session_id, Happening(trigger=trigger), self.now)

    @precondition(lambda self: self.workspace.transactions)
    @rule(
        position=positions,
        operation=st.sampled_from([Operation.CANCEL, Operation.EXPIRE, Operation.DELETE]),
    )
    def end(self, position: int, operation: Operation) -> None:
        payment = self.payment(position)
        if not payment.hidden:
            command = Operate(named=Named(session_id=payment.session_id), operation=operation)
            self.engine.operate(self.workspace, command, self.now)

    @precondition(lambda self: self.workspace.transactions)
    @rule(
        position=positions,
        amount=st.none() | amounts,
        destination=st.sampled_from(Destination),
        key=st.sampled_from(["", "k1", "k2"]),
    )
    def refund(
        self, position: int, amount: Decimal | None, destination: Destination, key: str
    ) -> None:
        payment = self.payment(position)
        if payment.hidden:
            return
        command = Operate(
            named=Named(session_id=payment.session_id),
            operation=Operation.REFUND,
            amount=amount,
            destination=destination,
            tracking_key=key or None,
        )
        self.engine.operate(self.workspace, command, self.now)
        made = len(self.workspace.payment(payment.session_id).children) - len(payment.children)
        self.keyed[payment.session_id, key] += made

    @rule(hours=st.integers(1, 30))
    def time_passes(self, hours: int) -> None:
        target = self.now + timedelta(hours=hours)
        while (item := self.workspace.agenda.take(target)) is not None:
            if item.task is not Task.BEGIN_TRY:
                self.engine.run_due(self.workspace, item, item.due)
        self.now = target

    @invariant()
    def books_are_right(self) -> None:
        for account in self.workspace.tables.of(Account).values():
            entries = self.entries(account)
            reserved = sum(
                each.amount
                for each in self.workspace.tables.of(WalletOperation).values()
                if each.account == account.id and each.status is WalletOperationStatus.PENDING
            )
            assert balance(entries) == sum(
                each.signed for each in entries if each.type in MONEY_MOVES
            )
            assert available(entries) == balance(entries) - reserved
            assert 0 <= available(entries) <= balance(entries)

    @invariant()
    def each_payment_took_its_share_once(self) -> None:
        debits: Counter[str | None] = Counter()
        for entry in self.workspace.tables.of(Entry).values():
            if entry.type is EntryType.DEBIT_PAYMENT:
                debits[entry.session_id] += entry.amount  # type: ignore[assignment]
        for payment in self.workspace.transactions.values():
            share = payment.wallet_share
            assert debits[payment.session_id] == (share.amount if share else 0)
            assert share is None or share.amount <= payment.terms.amount

    @invariant()
    def an_ended_payment_holds_nothing(self) -> None:
        held = {
            each.session_id
            for each in self.workspace.tables.of(WalletOperation).values()
            if each.status is WalletOperationStatus.PENDING
        }
        payable = {
            each.session_id
            for each in self.workspace.transactions.values()
            if each.state in PAYABLE
        }
        assert held <= payable

    @invariant()
    def a_refund_credits_once(self) -> None:
        assert all(count <= 1 for (_, key), count in self.keyed.items() if key)
        for payment in self.workspace.transactions.values():
            credited = sum(
                each.amount
                for each in self.workspace.tables.of(Entry).values()
                if each.type is EntryType.CREDIT_REFUND and each.session_id == payment.session_id
            )
            refunded = [each for each in payment.children if each.state is ChildState.REFUNDED]
            assert credited == sum(each.to_wallet for each in refunded)
            assert all(0 <= each.to_wallet <= each.amount for each in payment.children)
            assert payment.refundable >= 0
            assert payment.refundable_by_gateway >= 0

    def entries(self, account: Account) -> list[Entry]:
        return [
            each for each in self.workspace.tables.of(Entry).values() if each.account == account.id
        ]


TestWallets = Wallets.TestCase
TestWallets.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)
