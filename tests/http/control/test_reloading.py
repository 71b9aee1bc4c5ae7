"""Scenarios of `--scenarios` that change while the server answers."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from sandbox.domain.clock import STOPPED_START, Clock
from sandbox.server import Running, running
from sandbox.settings import ServerSettings
from tests.http.control.caller import Control

FAILS = "scenario: mine\nmatch: {order_no: 'A-*'}\npayment: [{outcome: failed}]\n"
SUCCEEDS = FAILS.replace("failed", "success")
PATIENCE = 20.0


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "mine.yaml").write_text(FAILS)
    return tmp_path


@pytest.fixture
async def server(folder: Path) -> AsyncIterator[Running]:
    settings = ServerSettings(
        port=0, seed=1, clock=Clock(stopped_at=STOPPED_START), scenarios=folder
    )
    async with running(settings) as started:
        yield started


@pytest.fixture
def control(session: aiohttp.ClientSession, server: Running) -> Control:
    return Control(session, server.url)


async def scenarios_of(control: Control) -> dict[str, Any]:
    health: dict[str, Any] = await control.done("GET", "/health")
    scenarios: dict[str, Any] = health["scenarios"]
    return scenarios


async def reloaded(control: Control, times: int) -> None:
    """Ask until the folder has been read again so often."""
    async with asyncio.timeout(PATIENCE):
        while (await scenarios_of(control))["reloads"] < times:
            pass


async def found_wrong(control: Control) -> list[dict[str, Any]]:
    """Ask until mistakes have been found."""
    async with asyncio.timeout(PATIENCE):
        while not (problems := (await scenarios_of(control))["problems"]):
            pass
    found: list[dict[str, Any]] = problems
    return found


async def test_a_changed_file_counts_for_new_payments_only(control: Control, folder: Path) -> None:
    before = await control.payment(order_no="A-1")

    (folder / "mine.yaml").write_text(SUCCEEDS)
    await reloaded(control, 1)
    after = await control.payment(order_no="A-2")

    assert (await control.pay(before))["state"] == "attempted"
    assert (await control.pay(after))["state"] == "paid"


async def test_files_come_and_go(control: Control, folder: Path) -> None:
    (folder / "deep").mkdir()
    (folder / "deep" / "other.yaml").write_text("scenario: other\n")
    (folder / "mine.yaml").unlink()
    await reloaded(control, 1)

    names = [each["name"] for each in await control.items("/scenarios")]

    assert "other" in names
    assert "mine" not in names
    assert (await control.payment(order_no="A-1"))["scenario"] is None


async def test_a_broken_file_keeps_the_old_ones_and_says_so(
    control: Control, folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (folder / "mine.yaml").write_text(SUCCEEDS + "paymnt: []\n")
    (folder / "new.yaml").write_text("scenario: new\n")

    problems = await found_wrong(control)

    assert problems == [
        {
            "file": "mine.yaml",
            "line": 4,
            "column": 1,
            "path": "paymnt",
            "message": "the key `paymnt` is unknown here",
            "hint": "did you mean `payment`?",
        }
    ]
    assert "mine.yaml:4:1: paymnt: the key `paymnt` is unknown here" in caplog.text
    payment = await control.payment(order_no="A-1")
    assert (await control.pay(payment))["state"] == "attempted"

    (folder / "mine.yaml").write_text(SUCCEEDS)
    await reloaded(control, 1)

    assert (await scenarios_of(control))["problems"] == []
    mended = await control.payment(order_no="A-2")
    assert (await control.pay(mended))["state"] == "paid"


async def test_a_pinned_scenario_is_pinned_in_its_new_form(control: Control, folder: Path) -> None:
    await control.done("POST", "/scenarios/mine/pin")

    (folder / "mine.yaml").write_text(SUCCEEDS)
    await reloaded(control, 1)
    changed = await control.payment()
    (folder / "mine.yaml").unlink()
    await reloaded(control, 2)

    assert (await control.pay(changed))["state"] == "paid"
    assert (await control.payment())["scenario"] is None


async def test_a_scenario_that_was_put_is_not_touched(control: Control, folder: Path) -> None:
    await control.put_yaml("/scenarios/mine", FAILS.replace("failed", "canceled"))
    await control.done("POST", "/scenarios/mine/pin")

    (folder / "mine.yaml").write_text(SUCCEEDS)
    await reloaded(control, 1)

    paid = await control.pay(await control.payment())
    assert paid["attempt"]["outcome"] == "canceled"
