"""A sandbox on a free port with a stopped clock, a merchant, and the merchant's receiver."""

from collections.abc import AsyncIterator, Iterator

import aiohttp
import pytest

from sandbox.contract.checking import Contract
from sandbox.domain.clock import STOPPED_START, Clock
from sandbox.server import Running, running
from sandbox.settings import ServerSettings
from tests.http.contract_watch import SPECS, ContractWatch
from tests.http.merchant import Merchant, StoppedClock
from tests.http.receiver import Receiver, listening


@pytest.fixture(scope="session")
def contract() -> Contract:
    return Contract.load(SPECS / "ottu.yaml")


@pytest.fixture
def watch(contract: Contract) -> Iterator[ContractWatch]:
    watching = ContractWatch(contract)
    yield watching
    assert watching.violations == []


@pytest.fixture
async def receiver(watch: ContractWatch) -> AsyncIterator[Receiver]:
    async with listening(watch) as listener:
        yield listener


@pytest.fixture
def server_settings() -> ServerSettings:
    """Settings of the server; a test module may have its own."""
    return ServerSettings(port=0, seed=1, clock=Clock(stopped_at=STOPPED_START))


@pytest.fixture
async def server(server_settings: ServerSettings) -> AsyncIterator[Running]:
    async with running(server_settings) as started:
        yield started


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession(auto_decompress=False) as client:
        yield client


@pytest.fixture
def merchant(
    session: aiohttp.ClientSession, server: Running, watch: ContractWatch, receiver: Receiver
) -> Merchant:
    """A merchant with an API key, whose checkouts name the receiver."""
    return Merchant(session, server.url, watch, webhook_url=receiver.url)


@pytest.fixture
def clock(merchant: Merchant) -> StoppedClock:
    return merchant.clock
