"""One sandbox for all of these tests, which knows only the callers of a list; a workspace for each case."""

from collections.abc import AsyncIterator, Callable

import aiohttp
import pytest
import pytest_asyncio

from sandbox.contract.checking import Contract
from sandbox.server import Running, running
from tests.fidelity.scene import CALLERS, Scene
from tests.http.conftest import contract, watch
from tests.http.contract_watch import ContractWatch
from tests.http.platform.callers import settings_with

__all__ = ["contract", "watch"]

SceneOf = Callable[[str, str], Scene]


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def shared(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Running]:
    async with running(settings_with(tmp_path_factory.mktemp("callers"), CALLERS)) as started:
        yield started


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def line() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession(auto_decompress=False) as client:
        yield client


@pytest.fixture
def scene_of(
    shared: Running, line: aiohttp.ClientSession, watch: ContractWatch, contract: Contract
) -> SceneOf:
    """Return the scene of a call, by its key, in a workspace of this name."""

    def make(key: str, workspace: str) -> Scene:
        return Scene(contract.operations[key], line, shared.url, watch, workspace)

    return make
