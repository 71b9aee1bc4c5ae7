"""Virtual time: read, set, moved on, frozen and let go."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import aiohttp
import pytest

from sandbox.domain.clock import Clock
from sandbox.server import running
from sandbox.settings import ServerSettings
from tests.http.control.caller import Control
from tests.http.receiver import Receiver

START = "2026-01-01T00:00:00Z"


@pytest.fixture
async def real_time(
    session: aiohttp.ClientSession, server_settings: ServerSettings
) -> AsyncIterator[Control]:
    """A sandbox whose clock runs."""
    async with running(replace(server_settings, clock=Clock())) as started:
        yield Control(session, started.url)


async def test_a_stopped_clock_stands(control: Control) -> None:
    assert await control.done("GET", "/clock") == {
        "now": START,
        "mode": "stopped",
        "offset_seconds": 0.0,
    }


@pytest.mark.parametrize(
    ("body", "now"),
    [
        ({"by": "30m"}, "2026-01-01T00:30:00Z"),
        ({"by": "23h59m"}, "2026-01-01T23:59:00Z"),
        ({"by": "PT30M"}, "2026-01-01T00:30:00Z"),
        ({"by": "0s"}, START),
        ({"by": "250ms"}, "2026-01-01T00:00:00.250000Z"),
        ({"to": "2026-02-01T00:00:00Z"}, "2026-02-01T00:00:00Z"),
        ({"to": "2026-02-01T03:00:00+03:00"}, "2026-02-01T00:00:00Z"),
        ({"next": True}, START),
    ],
)
async def test_the_clock_is_moved_on(control: Control, body: object, now: str) -> None:
    assert (await control.done("POST", "/clock/advance", body))["now"] == now


async def test_next_goes_to_what_is_due_next(control: Control) -> None:
    await control.payment(expiration_time="01:00:00")
    await control.payment(expiration_time="02:00:00")

    clock = await control.done("POST", "/clock/advance", {"next": True})

    assert clock["now"] == "2026-01-01T01:00:00Z"
    assert [each["state"] for each in await control.items("/transactions")] == [
        "expired",
        "created",
    ]


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({}, None),
        ({"by": "1h", "to": START}, None),
        ({"by": "soon"}, "/by"),
        ({"by": 5}, "/by"),
        ({"by": "-1h"}, "/by"),
        ({"by": "999999999d"}, "/by"),
        ({"by": "999999999d" * 50}, "/by"),
        ({"to": "tomorrow"}, "/to"),
        ({"to": "9999-12-31T23:59:59Z"}, "/to"),
        ({"to": 0}, "/to"),
        ({"next": False}, "/next"),
        ({"next": "true"}, "/next"),
        ({"to": "2025-12-31T23:59:59Z"}, None),
        ({"bye": "1h"}, "/bye"),
    ],
)
async def test_a_wrong_advance_is_refused(
    control: Control, body: object, pointer: str | None
) -> None:
    problem = await control.refused(400, "POST", "/clock/advance", body)

    assert problem.get("pointer") == pointer
    assert (await control.done("GET", "/clock"))["now"] == START


async def test_two_advances_at_once_are_a_conflict(control: Control, receiver: Receiver) -> None:
    await control.done("PATCH", "/settings", {"webhook_grace": "500ms"})
    payment = await control.payment(webhook_url=receiver.url)
    receiver.hangs()
    await control.pay(payment, wait=False)
    first = asyncio.create_task(control.call("POST", "/clock/advance", {"by": "10s"}))
    while not receiver.bodies:
        await control.done("GET", "/clock")

    refused = [
        await control.call("POST", path, body)
        for path, body in (
            ("/clock/advance", {"by": "1m"}),
            ("/clock/resume", None),
            ("/clock/freeze", None),
            ("/clock", {"mode": "real"}),
        )
    ]

    assert [each.status for each in refused] == [409] * 4
    assert (await first).json["now"] == "2026-01-01T00:00:10Z"


async def test_a_fresh_clock_is_set_back_or_on(control: Control) -> None:
    back = await control.done("POST", "/clock", {"now": "2020-02-29T12:00:00Z"})
    on = await control.done("POST", "/clock", {"mode": "stopped", "now": "2030-01-01T00:00:00Z"})

    assert back == {"now": "2020-02-29T12:00:00Z", "mode": "stopped", "offset_seconds": 0.0}
    assert on["now"] == "2030-01-01T00:00:00Z"


async def test_a_clock_by_which_things_have_happened_only_goes_on(control: Control) -> None:
    await control.payment()

    problem = await control.refused(400, "POST", "/clock", {"now": "2025-01-01T00:00:00Z"})
    on = await control.done("POST", "/clock", {"now": "2026-01-03T00:00:00Z"})

    assert "reset" in problem["detail"]
    assert on["now"] == "2026-01-03T00:00:00Z"
    assert (await control.items("/transactions"))[0]["state"] == "expired"


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({}, None),
        ({"mode": "fast"}, "/mode"),
        ({"now": "now"}, "/now"),
        ({"now": "2026-01-01"}, "/now"),
    ],
)
async def test_a_wrong_setting_of_the_clock_is_refused(
    control: Control, body: object, pointer: str | None
) -> None:
    problem = await control.refused(400, "POST", "/clock", body)

    assert problem.get("pointer") == pointer


async def test_a_clock_runs_on_from_where_it_stood(control: Control) -> None:
    await control.done("POST", "/clock/advance", {"by": "1h"})

    running_on = await control.done("POST", "/clock/resume")
    frozen = await control.done("POST", "/clock/freeze")
    later = await control.done("GET", "/clock")

    assert running_on["mode"] == "real"
    assert running_on["offset_seconds"] != 0
    assert running_on["now"].startswith("2026-01-01T01:00:0")
    assert frozen["mode"] == "stopped"
    assert later == frozen


async def test_a_running_clock_is_moved_and_runs_on(real_time: Control) -> None:
    before = datetime.now(UTC)

    moved = await real_time.done("POST", "/clock/advance", {"by": "24h"})

    assert moved["mode"] == "real"
    now = datetime.fromisoformat(moved["now"])
    assert timedelta(hours=24) <= now - before < timedelta(hours=24, minutes=1)


async def test_a_running_clock_is_set_to_an_instant(real_time: Control) -> None:
    stopped = await real_time.done("POST", "/clock", {"mode": "stopped", "now": START})
    again = await real_time.done("POST", "/clock", {"mode": "real", "now": "2026-03-01T00:00:00Z"})
    resumed = await real_time.done("POST", "/clock", {"mode": "real"})

    assert stopped == {"now": START, "mode": "stopped", "offset_seconds": 0.0}
    assert again["mode"] == "real"
    assert again["now"].startswith("2026-03-01T00:00:0")
    assert resumed["now"].startswith("2026-03-01T00:00:0")


async def test_what_is_due_on_a_resumed_clock_happens(control: Control) -> None:
    await control.put_yaml(
        "/scenarios/soon",
        "scenario: soon\ntimeline: [{after: 20ms, on: created, do: expire}]\n",
    )
    await control.payment(extra={"sandbox_scenario": "soon"})

    await control.done("POST", "/clock/resume")

    async with asyncio.timeout(5):
        while (await control.items("/transactions"))[0]["state"] != "expired":
            pass


async def test_settle_waits_until_nothing_is_in_flight(
    control: Control, receiver: Receiver
) -> None:
    payment = await control.payment(webhook_url=receiver.url)
    await control.pay(payment, wait=False)

    settled = await control.done("POST", "/settle")

    assert settled["now"] == START
    assert [each["status"] for each in await control.items("/webhooks")] == ["delivered"]
    assert (await control.done("GET", "/health"))["counts"]["in_flight"] == 0


async def test_every_workspace_has_a_clock_of_its_own(control: Control) -> None:
    other = {"X-Sandbox-Workspace": "w1"}
    await control.call("POST", "/clock/advance", {"by": "1h"}, headers=other)

    assert (await control.done("GET", "/clock"))["now"] == START
