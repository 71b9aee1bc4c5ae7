"""Inquiries in any rhythm: the platform's own never pester a gateway, and counters do not pile up."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from sandbox.domain.clock import Clock
from sandbox.domain.gateways import Gateway, GatewayCatalog
from sandbox.domain.limits import CallLog
from sandbox.domain.settings import WorkspaceSettings
from sandbox.domain.states import PAYABLE, State
from sandbox.domain.transactions import PaymentTerms, PaymentTransaction, TransactionType
from sandbox.engine.agenda import Task
from sandbox.engine.commands import Inquire, Named, NewPayment, PayerTry
from sandbox.engine.context import Context
from sandbox.engine.engine import Engine
from sandbox.engine.timeline import Kind
from sandbox.engine.workspace import Workspace
from sandbox.scenarios.library import BuiltInScenarios, ScenarioLibrary
from sandbox.scenarios.model import Finding, InquiryStep, Outcome, PaymentStep, Scenario
from sandbox.storage.memory import MemoryStorage
from sandbox.webhooks.rendering import PayloadRenderer
from tests.unit.scenarios.loading import CHECKOUT, LOADER

START = datetime(2026, 1, 1, tzinfo=UTC)
INTERVALS = {"quick": 8, "usual": None, "slow": 60, "never": 0}
GATEWAYS = [
    Gateway(code=code, name=code, title=code, inquiry_minutes=minutes)
    for code, minutes in INTERVALS.items()
]


class Shop:
    """One payment after another on an engine of its own, whose time the test moves."""

    def __init__(self) -> None:
        context = Context(seed=1, gateways=GatewayCatalog(GATEWAYS), renderer=PayloadRenderer())
        library = ScenarioLibrary(built_in=BuiltInScenarios(CHECKOUT / "scenarios", LOADER), own=())
        clock = Clock(stopped_at=START)
        self.engine = Engine(context, library, MemoryStorage(), WorkspaceSettings(), clock)
        self.workspace: Workspace = self.engine.workspace("shop")
        self.now = START

    def checkout(self, scenario: Scenario | None = None) -> PaymentTransaction:
        self.workspace.next_scenario = scenario
        terms = PaymentTerms(
            type=TransactionType.E_COMMERCE,
            amount=Decimal("10.000"),
            currency_code="KWD",
            gateway_codes=tuple(INTERVALS),
        )
        new = NewPayment(terms=terms, origin="http://127.0.0.1:8686")
        made = self.engine.create(self.workspace, new, self.now).result
        assert isinstance(made, PaymentTransaction)
        return made

    def pay(
        self, payment: PaymentTransaction, gateway: str, outcome: Outcome | None = None
    ) -> None:
        payer = PayerTry(gateway=gateway, outcome=outcome)
        self.engine.pay(self.workspace, payment.session_id, payer, self.now)

    def inquire(self, payment: PaymentTransaction) -> None:
        command = Inquire(named=Named(session_id=payment.session_id))
        self.engine.inquire(self.workspace, command, self.now)

    def advance(self, by: timedelta) -> None:
        target = self.now + by
        while (item := self.workspace.agenda.take(target)) is not None:
            self.now = item.due
            if item.task is not Task.BEGIN_TRY:
                self.engine.run_due(self.workspace, item, item.due)
        self.now = target

    def waiting(self) -> int:
        """How many inquiries of the platform are planned that would ask somebody."""
        references = {
            payment.last_attempt.reference_number
            for payment in self.workspace.transactions.values()
            if payment.last_attempt is not None and payment.state is State.PENDING
        }
        return sum(
            item.task is Task.INQUIRE and item.target in references
            for item in self.workspace.agenda
        )


def minutes(count: int) -> timedelta:
    return timedelta(minutes=count)


findings = st.lists(
    st.sampled_from([Finding.PENDING] * 4 + [Finding.FAILED, Finding.CANCELED, Finding.SUCCESS]),
    max_size=6,
)
steps = st.lists(
    st.one_of(
        st.integers(0, 90),  # minutes that pass
        st.just("inquire"),
        st.tuples(
            st.sampled_from(list(INTERVALS)),
            st.sampled_from([Outcome.PENDING, Outcome.PENDING, Outcome.CHALLENGE, Outcome.FAILED]),
        ),
    ),
    max_size=25,
)


def played(
    found: list[Finding], story: list[object]
) -> Iterator[tuple[Shop, PaymentTransaction, int]]:
    """Play a story step by step, and some hours more; tell how many inquiries are planned."""
    shop = Shop()
    inquiry = tuple(InquiryStep(finds=each) for each in found)
    session_id = shop.checkout(Scenario(name="story", inquiry=inquiry)).session_id
    for step in (*story, 300):
        payment = shop.workspace.payment(session_id)
        if isinstance(step, int):
            shop.advance(minutes(step))
        elif isinstance(step, tuple) and payment.state in PAYABLE:
            shop.pay(payment, *step)
        elif step == "inquire":
            shop.inquire(payment)
        yield shop, shop.workspace.payment(session_id), shop.waiting()


@settings(max_examples=300, deadline=None)
@given(found=findings, story=steps)
def test_a_gateway_is_asked_at_most_three_times_about_a_try_and_only_while_that_is_open(
    found: list[Finding], story: list[object]
) -> None:
    seen = list(played(found, story))
    shop, payment = seen[-1][:2]

    assert all(waiting <= 1 for *_, waiting in seen)
    timeline = shop.workspace.timelines[payment.session_id]
    state, started, gateway, asked = State.CREATED, START, "", 0
    for entry in timeline:
        if entry.kind is Kind.STATE:
            state = State(str(entry.data["state"]))
        elif entry.kind is Kind.ATTEMPT_STARTED:
            started, gateway, asked = entry.at, str(entry.data["gateway"]), 0
        elif entry.kind is Kind.INQUIRY and entry.data["by"] == "platform":
            asked += 1
            interval = minutes(INTERVALS[gateway] or 10)
            assert asked <= 3
            assert state is State.PENDING
            assert entry.at == started + asked * interval
            assert gateway != "never"


@settings(max_examples=50, deadline=None)
@given(pauses=st.lists(st.integers(0, 30), max_size=10))
def test_a_payment_that_stays_open_is_asked_about_exactly_three_times(pauses: list[int]) -> None:
    shop = Shop()
    payment = shop.checkout()
    shop.pay(payment, "quick", Outcome.PENDING)

    for each in (*pauses, 300):
        shop.advance(minutes(each))

    timeline = shop.workspace.timelines[payment.session_id]
    asked = [entry.at - START for entry in timeline if entry.kind is Kind.INQUIRY]
    assert asked == [minutes(each) for each in (8, 16, 24)]


def test_a_try_that_will_have_ended_by_then_plans_no_inquiry() -> None:
    shop = Shop()
    quick, slow = (PaymentStep(outcome=Outcome.SUCCESS, after=minutes(each)) for each in (8, 9))
    scenario = Scenario(name="story", payment=(quick, slow))
    payment = shop.checkout(scenario)

    shop.pay(payment, "quick")
    assert shop.waiting() == 0
    shop.pay(payment, "quick")
    assert shop.waiting() == 1


def test_counters_of_calls_that_are_long_past_do_not_pile_up() -> None:
    shop = Shop()
    for _ in range(30):
        for _ in range(40):
            payment = shop.checkout()
            shop.pay(payment, "quick", Outcome.SUCCESS)
            shop.inquire(payment)
        shop.advance(timedelta(hours=25))

    assert len(shop.workspace.tables.of(CallLog)) < 400
