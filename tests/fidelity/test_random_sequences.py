"""Whatever is called in whatever order, what the platform promises holds after each step."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from random import Random
from typing import Final

import pytest
import pytest_asyncio

from sandbox.contract.checking import Contract
from tests.fidelity.memory_shop import MemorySandbox, memory_sandbox
from tests.fidelity.random_commands import CheckOut, Command, Operate, Pay, Update, Which, sequence
from tests.fidelity.sequence_player import SequencePlayer

LENGTH: Final = 40
SEQUENCES: Final = 60


NEWEST: Final = Which(0, apt=True)
ONE_BEFORE: Final = Which(1, apt=True)
PLAIN: Final = CheckOut(
    gateways=("credit-card",),
    payment_type="one_off",
    instrument=None,
    customer=None,
    currency="KWD",
    order_no=None,
    own_webhook=False,
    contact=False,
)
# What chance has found to be broken once.
FOUND: Final[dict[str, Sequence[Command]]] = {
    "an update gives an older payment the number of a newer one": (
        PLAIN,
        replace(PLAIN, order_no="BAZAAR-2"),
        Update(ONE_BEFORE, {"order_no": "BAZAAR-2"}),
        Operate(NEWEST, "cancel", by_order=True),
    ),
    "a payment is deleted twice by its number, under one Tracking-Key": (
        replace(PLAIN, order_no="BAZAAR-2"),
        Pay(NEWEST, {"outcome": "success"}),
        Operate(NEWEST, "delete", key="key-1", by_order=True),
        Operate(replace(NEWEST, apt=False), "delete", key="key-1", by_order=True),
    ),
}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def sandbox(contract: Contract) -> AsyncIterator[MemorySandbox]:
    async with memory_sandbox(contract) as built:
        yield built


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize("seed", range(SEQUENCES))
async def test_every_sequence_of_calls_keeps_the_promises(
    sandbox: MemorySandbox, seed: int
) -> None:
    await keeps_promises(sandbox, sequence(Random(seed), LENGTH))  # noqa: S311 - chance to be had again


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize("story", FOUND)
async def test_a_sequence_that_broke_a_promise_once_keeps_it(
    sandbox: MemorySandbox, story: str
) -> None:
    await keeps_promises(sandbox, FOUND[story])


async def keeps_promises(sandbox: MemorySandbox, commands: Sequence[Command]) -> None:
    """Play a sequence; where it breaks a promise, tell the shortest one that does."""
    if await played(sandbox, commands) is not None:
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
