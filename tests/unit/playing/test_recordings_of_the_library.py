"""Every ready scenario, played, recorded and played again, brings the same."""

import asyncio
from collections.abc import Mapping

import pytest

from sandbox.commands.scenario_files import load
from sandbox.domain.clock import STOPPED_START, Clock
from sandbox.domain.settings import WorkspaceSettings
from sandbox.engine.recording import Recording, record
from sandbox.playing.connection import MemoryConnections
from sandbox.playing.player import Played, Player, workspace_of
from sandbox.playing.receiver import MemoryReceiver
from sandbox.playing.stage import stage
from sandbox.scenarios.writing import write_scenario
from sandbox.server import build
from sandbox.settings import ServerSettings
from sandbox.web.application import build_application
from tests.unit.scenarios.loading import LOADER

SETTINGS = ServerSettings(
    clock=Clock(stopped_at=STOPPED_START),
    seed=1,
    workspace=WorkspaceSettings(webhook_url="http://merchant.example.com/webhook"),
)
PATIENCE = 0.5


async def recorded() -> Mapping[str, Recording]:
    """Play the library, and record the last payment of each play that made one."""
    receiver = MemoryReceiver()
    services = build(SETTINGS, receiver)
    recordings = {}
    async with MemoryConnections(build_application(services), patience=PATIENCE) as connections:
        player = Player(connections, services.engine.context.gateways, receiver)
        for scenario in load(()).scenarios:
            workspace = services.engine.workspace(workspace_of(scenario))
            workspace.scenarios[scenario.name] = scenario
            await player.play(scenario)
            payment = next(reversed(workspace.transactions.values()), None)
            if payment is not None:
                recordings[scenario.name] = record(workspace, payment, "recorded")
    await services.runner.close(0)
    return recordings


async def played(recordings: Mapping[str, Recording]) -> Mapping[str, Played]:
    """Write each, read it and play it."""
    plays = {}
    async with stage() as playing:
        for name, recording in recordings.items():
            plays[name] = await playing.play(LOADER.load(write_scenario(recording.scenario)))
    return plays


@pytest.fixture(scope="module")
def recordings() -> Mapping[str, Recording]:
    return asyncio.run(recorded())


def test_what_is_recorded_plays_the_same(recordings: Mapping[str, Recording]) -> None:
    complete = {name: each for name, each in recordings.items() if not each.notes}

    plays = asyncio.run(played(complete))

    assert len(complete) > 20
    assert {name: each.differences for name, each in plays.items() if each.differences} == {}


def test_what_cannot_be_repeated_is_told(recordings: Mapping[str, Recording]) -> None:
    incomplete = {name: each for name, each in recordings.items() if each.notes}

    plays = asyncio.run(played(incomplete))

    different = {name for name, each in plays.items() if each.differences}
    assert different <= set(incomplete)
    assert all(each.notes for each in incomplete.values())
