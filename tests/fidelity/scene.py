"""One documented call, about to be made in a workspace where nothing else happens."""

from typing import Any, Final

import aiohttp

from sandbox.contract.operations import OperationContract
from tests.http.contract_watch import ContractWatch
from tests.http.merchant import API_KEY, Merchant, Reply
from tests.http.platform.callers import PASSWORD, basic

NOBODY: Final = {
    "session_id": "0" * 40,
    "token": "00000000-0000-4000-8000-000000000000",
    "channel": "sms",
}
_KEY: Final = API_KEY["Authorization"].partition(" ")[2]
CALLERS: Final = f"""
api_keys:
  - {{key: {_KEY}}}
users:
  - {{username: guest, password: {PASSWORD}}}
  - {{username: clerk, password: {PASSWORD}, permissions: [report.can_view_report]}}
"""
GUEST: Final = basic("guest")
CLERK: Final = basic("clerk")


class Scene:
    """A call of the document, and the merchant who makes it."""

    def __init__(
        self,
        operation: OperationContract,
        session: aiohttp.ClientSession,
        url: str,
        watch: ContractWatch,
        workspace: str,
    ) -> None:
        self.operation = operation
        self._session = session
        self._url = url
        self._watch = watch
        self._workspace = {"X-Sandbox-Workspace": workspace}
        self.merchant = self.seen_as(API_KEY["Authorization"])

    def seen_as(self, authorization: str | None) -> Merchant:
        """Return the merchant with other credentials in the same workspace; None for none at all."""
        shown = {} if authorization is None else {"Authorization": authorization}
        credentials = {**shown, **self._workspace}
        return Merchant(self._session, self._url, self._watch, credentials=credentials)

    def address(self, **parameters: str) -> str:
        """Return the call's path; parameters that are left out name nothing that is there."""
        return self.operation.path.format_map({**NOBODY, **parameters})

    async def call(self, body: object = None, query: str = "", **parameters: str) -> Reply:
        """Make the call."""
        address = self.address(**parameters) + query
        return await self.merchant.call(self.operation.method, address, body)

    async def play(self, scenario: str) -> None:
        """Let a scenario of this text decide what happens in the workspace."""
        name = scenario.partition(":")[2].partition("\n")[0].strip()
        put = await self.merchant.control(
            "PUT",
            f"/scenarios/{name}",
            data=scenario.encode(),
            content_type="application/yaml",
        )
        assert put.status in (200, 201), put.body
        pinned = await self.merchant.control("POST", f"/scenarios/{name}/pin")
        assert pinned.status == 200, pinned.body

    async def settings(self, **changes: Any) -> None:  # noqa: ANN401 - any setting
        """Change the workspace's settings."""
        reply = await self.merchant.control("PATCH", "/settings", changes)
        assert reply.status == 200, reply.body
