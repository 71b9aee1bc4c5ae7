"""A sandbox in memory, with a merchant's receiver that answers at once, to play scenarios on."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from sandbox.domain.clock import STOPPED_START, Clock
from sandbox.domain.settings import WorkspaceSettings
from sandbox.playing.connection import MemoryConnections
from sandbox.playing.player import Played, Player, workspace_of
from sandbox.playing.receiver import MemoryReceiver
from sandbox.scenarios.model import Scenario
from sandbox.server import build
from sandbox.settings import ServerSettings
from sandbox.web.application import build_application
from sandbox.web.services import Services

_RECEIVER: Final = "http://merchant.example.com/webhook"
# Real seconds after which a call counts as lost; only a fault of a scenario takes that long.
_PATIENCE: Final = 0.5


class Stage:
    """Plays one scenario after another, each in a workspace of its own."""

    def __init__(
        self, services: Services, connections: MemoryConnections, receiver: MemoryReceiver
    ) -> None:
        self._services = services
        self._player = Player(connections, services.engine.context.gateways, receiver)

    async def play(self, scenario: Scenario) -> Played:
        """Play a scenario; it need not be one of the library."""
        workspace = self._services.engine.workspace(workspace_of(scenario))
        workspace.scenarios[scenario.name] = scenario
        try:
            return await self._player.play(scenario)
        finally:
            # An empty workspace gives way to others, so any number of scenarios can be played.
            self._services.runner.forget(workspace)
            self._services.engine.reset(workspace)


@asynccontextmanager
async def stage() -> AsyncIterator[Stage]:
    """Build a sandbox on a stopped clock; nothing of it leaves this process."""
    settings = ServerSettings(
        clock=Clock(stopped_at=STOPPED_START),
        seed=1,
        workspace=WorkspaceSettings(webhook_url=_RECEIVER),
    )
    receiver = MemoryReceiver()
    services = build(settings, receiver)
    application = build_application(services)
    try:
        async with MemoryConnections(application, patience=_PATIENCE) as connections:
            yield Stage(services, connections, receiver)
    finally:
        await services.runner.close(0)
