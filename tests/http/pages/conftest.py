"""A payer beside the merchant, and a scenario whose gateway takes its time."""

from pathlib import Path

import aiohttp
import pytest

from sandbox.domain.clock import STOPPED_START, Clock
from sandbox.server import Running
from sandbox.settings import ServerSettings
from tests.http.contract_watch import ContractWatch
from tests.http.merchant import Merchant
from tests.http.pages.payer import Payer

SLOW_GATEWAY = """
scenario: slow-gateway
match: {order_no: "SLOW-*"}
payment: [{outcome: success, after: 2s}]
"""


@pytest.fixture
def server_settings(tmp_path: Path) -> ServerSettings:
    (tmp_path / "slow-gateway.yaml").write_text(SLOW_GATEWAY)
    clock = Clock(stopped_at=STOPPED_START)
    return ServerSettings(port=0, seed=1, clock=clock, scenarios=tmp_path)


@pytest.fixture
def merchant_without_webhook(
    session: aiohttp.ClientSession, server: Running, watch: ContractWatch
) -> Merchant:
    return Merchant(session, server.url, watch)


@pytest.fixture
def payer(session: aiohttp.ClientSession, server: Running) -> Payer:
    return Payer(session, server.url)
