"""Whatever is called in whatever order, what the platform promises holds after each step."""

from collections.abc import AsyncIterator, Sequence
from random import Random
from typing import Final

import pytest
import pytest_asyncio

from sandbox.contract.checking import Contract
from tests.fidelity.memory_shop import MemorySandbox, memory_sandbox
from tests.fidelity.random_commands import Command, sequence
from tests.fidelity.sequence_player import SequencePlayer

LENGTH: Final = 40
SEQUENCES: Final = 60


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def sandbox(contract: Contract) -> AsyncIterator[MemorySandbox]:
    async with memory_sandbox(contract) as built:
        yield built


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize("seed", range(SEQUENCES))
async def test_every_sequence_of_calls_keeps_the_promises(
    sandbox: MemorySandbox, seed: int
) -> None:
    commands = sequence(Random(seed), LENGTH)  # noqa: S311 - chance that can be had again

    broken = await played(sandbox, commands)

    if broken is not None:
        shortest = await shortened(sandbox, commands)
        raise AssertionError("\n".join(map(str, shortest))) from await played(sandbox, shortest)


async def played(sandbox: MemorySandbox, commands: Sequence[Command]) -> AssertionError | None:
    """Play a sequence for a merchant to whom nothing has happened yet; return what it breaks."""
    shop = sandbox.new_shop()
    try:
        player = SequencePlayer(shop)
        for command in commands:
            await player.play(command)
        await player.end()
        assert sandbox.complaints.said == []
    except AssertionError as broken:
        return broken
    finally:
        sandbox.complaints.said.clear()
        await sandbox.forget(shop)
    return None


async def shortened(sandbox: MemorySandbox, commands: Sequence[Command]) -> list[Command]:
    """Leave out what a broken promise does not need."""
    kept = list(commands)
    for command in commands:
        without = [each for each in kept if each is not command]
        if await played(sandbox, without) is not None:
            kept = without
    return kept
