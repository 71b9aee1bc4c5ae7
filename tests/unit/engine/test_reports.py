"""Reports take no more memory than they may, and an agenda always ends."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from sandbox.domain.clock import Clock
from sandbox.domain.gateways import Gateway, GatewayCatalog
from sandbox.domain.reports import Report
from sandbox.domain.settings import WorkspaceSettings
from sandbox.domain.transactions import PaymentTerms, TransactionType
from sandbox.engine.agenda import Task
from sandbox.engine.commands import NewPayment
from sandbox.engine.context import Context
from sandbox.engine.engine import Engine
from sandbox.engine.reports import FILES_CAP, dropped_reports
from sandbox.scenarios.library import BuiltInScenarios, ScenarioLibrary
from sandbox.storage.memory import MemoryStorage
from sandbox.webhooks.rendering import PayloadRenderer
from tests.unit.scenarios.loading import CHECKOUT, LOADER

START = datetime(2026, 1, 1, 12, tzinfo=UTC)
DAY = timedelta(days=1)
MEBIBYTE = 1024 * 1024
PLAIN = Gateway(code="plain", name="plain", title="plain")


@pytest.fixture
def engine() -> Engine:
    return Engine(
        Context(seed=1, gateways=GatewayCatalog([PLAIN]), renderer=PayloadRenderer()),
        ScenarioLibrary(built_in=BuiltInScenarios(CHECKOUT / "scenarios", LOADER), own=()),
        MemoryStorage(),
        WorkspaceSettings(),
        Clock(stopped_at=START),
    )


def make_payment(engine: Engine, now: datetime, size: int = 1) -> None:
    terms = PaymentTerms(
        type=TransactionType.E_COMMERCE,
        amount=Decimal(1),
        currency_code="KWD",
        gateway_codes=("plain",),
        customer_id="x" * size,
    )
    engine.create(engine.workspace("w"), NewPayment(terms=terms, origin="http://shop"), now)


def run_until(engine: Engine, instant: datetime) -> list[Task]:
    """Do what is due by an instant; return it."""
    workspace = engine.workspace("w")
    done = []
    while (item := workspace.agenda.take(instant)) is not None:
        engine.run_due(workspace, item, item.due)
        done.append(item.task)
    return done


def reports_of(engine: Engine) -> list[Report]:
    return list(engine.workspace("w").tables.of(Report).values())


def test_a_day_is_planned_once_and_nothing_follows_it(engine: Engine) -> None:
    for minutes in range(3):
        make_payment(engine, START + timedelta(minutes=minutes))

    done = run_until(engine, START + 1000 * DAY)

    assert done == [Task.MAKE_REPORT, Task.EXPIRE, Task.EXPIRE, Task.EXPIRE]
    assert len(engine.workspace("w").agenda) == 0
    assert [each.records for each in reports_of(engine)] == [3]


def test_a_payment_of_midnight_belongs_to_the_new_day(engine: Engine) -> None:
    midnight = datetime(2026, 1, 2, tzinfo=UTC)
    make_payment(engine, midnight - timedelta(microseconds=1))
    run_until(engine, midnight)
    make_payment(engine, midnight)
    run_until(engine, midnight + DAY)

    assert [(each.day.day, each.records) for each in reports_of(engine)] == [(1, 1), (2, 1)]


def test_the_oldest_reports_make_room_for_a_new_one(engine: Engine) -> None:
    for day in range(5):
        make_payment(engine, START + day * DAY, 5 * MEBIBYTE)
        run_until(engine, START + (day + 1) * DAY)

    kept = reports_of(engine)

    assert [each.day.day for each in kept] == [3, 4, 5]
    assert sum(len(each.content) for each in kept) <= FILES_CAP
    assert dropped_reports(engine.workspaces.values()) == 2


def test_a_report_that_is_too_large_leaves_a_finding_and_what_is_kept(engine: Engine) -> None:
    make_payment(engine, START)
    run_until(engine, START + DAY)
    make_payment(engine, START + DAY, FILES_CAP)

    run_until(engine, START + 2 * DAY)

    workspace = engine.workspace("w")
    assert [each.day.day for each in reports_of(engine)] == [1]
    assert [code for code, _ in workspace.findings] == ["report_too_large"]
    assert dropped_reports([workspace]) == 1
