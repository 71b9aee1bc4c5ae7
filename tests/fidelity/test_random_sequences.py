"""Whatever is called in whatever order, what the platform promises holds after each step."""

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import ExitStack

import pytest
from hypothesis import HealthCheck, given, settings

from sandbox.contract.checking import Contract
from tests.fidelity.memory_shop import MemorySandbox, memory_sandbox
from tests.fidelity.random_commands import SEQUENCES, Command
from tests.fidelity.sequence_player import SequencePlayer


class Stage:
    """A sandbox in a loop of its own, for tests that Hypothesis calls many times."""

    def __init__(self, runner: asyncio.Runner, sandbox: MemorySandbox) -> None:
        self._runner = runner
        self._sandbox = sandbox

    def play(self, commands: Sequence[Command]) -> None:
        """Play a sequence for a merchant to whom nothing has happened yet."""
        self._runner.run(self._play(commands))

    async def _play(self, commands: Sequence[Command]) -> None:
        shop = self._sandbox.new_shop()
        try:
            player = SequencePlayer(shop)
            for command in commands:
                await player.play(command)
            await player.end()
            assert self._sandbox.complaints.said == []
        finally:
            self._sandbox.complaints.said.clear()
            await self._sandbox.forget(shop)


@pytest.fixture
def stage(contract: Contract) -> Iterator[Stage]:
    with ExitStack() as stack:
        runner = stack.enter_context(asyncio.Runner())
        opened = memory_sandbox(contract)
        sandbox = runner.run(opened.__aenter__())
        stack.callback(lambda: runner.run(opened.__aexit__(None, None, None)))
        yield Stage(runner, sandbox)


@settings(
    max_examples=60,
    derandomize=True,
    database=None,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(commands=SEQUENCES)
def test_every_sequence_of_calls_keeps_the_promises(
    stage: Stage, commands: Sequence[Command]
) -> None:
    stage.play(commands)
