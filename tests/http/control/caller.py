"""Calls of the control API, made by hand so that nothing about them is hidden."""

import json
from collections.abc import Mapping
from io import BytesIO
from typing import Any, Final

import aiohttp
from yarl import URL

from tests.http.merchant import Reply

PROBLEM: Final = "application/problem+json"
CHECKOUT: Final = {
    "type": "payment_request",
    "pg_codes": ["credit-card"],
    "amount": "10.000",
    "currency_code": "KWD",
}


class Control:
    """Makes calls below `/__admin`, without credentials unless headers bring them."""

    def __init__(self, session: aiohttp.ClientSession, url: str) -> None:
        self.url = url
        self._session = session

    async def call(
        self,
        method: str,
        path: str,
        body: object = None,
        *,
        data: bytes | BytesIO | None = None,
        headers: Mapping[str, str] | None = None,
        root: str = "/__admin",
    ) -> Reply:
        """Make a call; a body is sent as JSON, `data` as it is."""
        sent = dict(headers or {})
        if body is not None:
            data = json.dumps(body).encode()
            sent.setdefault("Content-Type", "application/json")
        async with self._session.request(
            method, URL(self.url + root + path, encoded=True), data=data, headers=sent
        ) as response:
            return Reply(response.status, dict(response.headers), await response.read())

    async def done(self, method: str, path: str, body: object = None) -> Any:  # noqa: ANN401 - any JSON value
        """Make a call that must succeed; return its answer."""
        reply = await self.call(method, path, body)
        assert reply.status in (200, 201), reply.body
        return reply.json

    async def refused(
        self,
        status: int,
        method: str,
        path: str,
        body: object = None,
        *,
        data: bytes | BytesIO | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> dict[str, Any]:
        """Make a call that must end in a problem of this status; return the problem."""
        reply = await self.call(method, path, body, data=data, headers=headers)
        assert reply.status == status, reply.body
        assert reply.headers["Content-Type"] == PROBLEM
        problem: dict[str, Any] = reply.json
        assert problem["status"] == status
        assert problem["type"].startswith("urn:ottu-sandbox:problem:")
        assert problem["title"]
        assert None not in problem.values()
        return problem

    async def put_yaml(self, path: str, text: str) -> Reply:
        """Put a scenario as YAML."""
        return await self.call(
            "PUT", path, data=text.encode(), headers={"Content-Type": "application/yaml"}
        )

    async def payment(self, **fields: object) -> dict[str, Any]:
        """Make a payment as staff would."""
        made: dict[str, Any] = await self.done("POST", "/transactions", {**CHECKOUT, **fields})
        return made

    async def pay(self, payment: Mapping[str, Any], **fields: object) -> dict[str, Any]:
        """Play the payer, who succeeds in trying."""
        path = f"/transactions/{payment['session_id']}/pay"
        answer: dict[str, Any] = await self.done("POST", path, fields)
        return answer

    async def trigger(self, payment: Mapping[str, Any], event: str, **fields: object) -> Any:  # noqa: ANN401 - any JSON value
        """Make an event happen to a payment."""
        path = f"/transactions/{payment['session_id']}/trigger"
        return await self.done("POST", path, {"event": event, **fields})

    async def items(self, path: str) -> list[dict[str, Any]]:
        """Return the items of a list, which its count must count."""
        answer = await self.done("GET", path)
        items: list[dict[str, Any]] = answer["items"]
        assert answer["count"] == len(items)
        return items
