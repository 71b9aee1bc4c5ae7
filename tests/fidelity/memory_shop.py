"""A merchant whose calls go to a sandbox over a connection that is only memory."""

import logging
from collections import Counter
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any, Final

import orjson

from sandbox.contract.checking import Contract
from sandbox.domain.clock import STOPPED_START, Clock
from sandbox.domain.settings import WorkspaceSettings
from sandbox.playing.connection import MemoryConnections
from sandbox.server import build
from sandbox.settings import ServerSettings
from sandbox.web.application import build_application
from sandbox.webhooks.sending import OutgoingWebhook, SendOutcome
from tests.http.contract_watch import ContractWatch

DEFAULT_URL: Final = "http://merchant.example.com/default"
OWN_URL: Final = "http://merchant.example.com/own"
# Real seconds after which a call counts as lost.
_PATIENCE: Final = 10.0


class Arrivals:
    """The merchant's receiver: it takes every webhook at once and counts what came where."""

    def __init__(self) -> None:
        self.counts: Counter[tuple[str, bytes]] = Counter()

    async def send(self, request: OutgoingWebhook) -> SendOutcome:
        self.counts[request.url, request.body] += 1
        return SendOutcome(status_code=200)


class Complaints(logging.Handler):
    """Keeps what the sandbox logs as an error, such as an item of the agenda that failed."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.said: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.said.append(self.format(record))


class Answer:
    """A status and a JSON value."""

    def __init__(self, status: int, value: Any) -> None:  # noqa: ANN401 - any JSON value
        self.status = status
        self.value = value

    @property
    def is_success(self) -> bool:
        return self.status < 300


class MemoryShop:
    """One merchant in a workspace of its own."""

    def __init__(
        self, connections: MemoryConnections, watch: ContractWatch, arrivals: Arrivals, name: str
    ) -> None:
        self.arrivals = arrivals
        self._connections = connections
        self._watch = watch
        self._key = {"Authorization": f"Api-Key {name}.secret"}

    async def call(
        self,
        method: str,
        path: str,
        body: object = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """Make a platform call; its answer has to fit the document."""
        answer = await self._ask(method, path, body, headers)
        content = b"" if answer.value is None else orjson.dumps(answer.value)
        kind = "application/json" if content else ""
        self._watch.answer(method, path.partition("?")[0], answer.status, kind, content)
        assert self._watch.violations == []
        return answer

    async def control(self, method: str, path: str, body: object = None) -> Answer:
        """Make a call of the control API."""
        return await self._ask(method, f"/__admin{path}", body, None)

    async def items(self, path: str) -> list[dict[str, Any]]:
        """Return a list of the control API."""
        answer = await self.control("GET", path)
        assert answer.status == 200, answer.value
        items: list[dict[str, Any]] = answer.value["items"]
        return items

    async def _ask(
        self, method: str, path: str, body: object, headers: Mapping[str, str] | None
    ) -> Answer:
        reply = await self._connections.call(method, path, body, {**self._key, **(headers or {})})
        assert reply.status is not None, (method, path, body, reply.error)
        assert reply.status < 500, (method, path, body, reply.value)
        return Answer(reply.status, reply.value)


class MemorySandbox:
    """A sandbox without a socket, on a stopped clock."""

    def __init__(
        self, connections: MemoryConnections, contract: Contract, arrivals: Arrivals
    ) -> None:
        self.complaints = Complaints()
        self._connections = connections
        self._contract = contract
        self._arrivals = arrivals
        self._shops = 0

    def new_shop(self) -> MemoryShop:
        """Return a merchant to whom nothing has happened yet."""
        self._shops += 1
        self._arrivals.counts.clear()
        watch = ContractWatch(self._contract)
        return MemoryShop(self._connections, watch, self._arrivals, f"shop-{self._shops}")

    async def forget(self, shop: MemoryShop) -> None:
        """Empty the merchant's workspace, which then gives way to others."""
        await shop.control("POST", "/reset")


@asynccontextmanager
async def memory_sandbox(contract: Contract) -> AsyncIterator[MemorySandbox]:
    """Build a sandbox; nothing of it leaves this process."""
    settings = ServerSettings(
        clock=Clock(stopped_at=STOPPED_START),
        seed=1,
        workspace=WorkspaceSettings(webhook_url=DEFAULT_URL),
    )
    arrivals = Arrivals()
    services = build(settings, arrivals)
    async with MemoryConnections(build_application(services), patience=_PATIENCE) as connections:
        sandbox = MemorySandbox(connections, contract, arrivals)
        logger = logging.getLogger("sandbox")
        logger.addHandler(sandbox.complaints)
        try:
            yield sandbox
        finally:
            logger.removeHandler(sandbox.complaints)
            await services.runner.close(0)
