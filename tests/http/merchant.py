"""A merchant who talks to the sandbox over HTTP, as tests see it."""

import io
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Self

import aiohttp
from yarl import URL

from tests.http.contract_watch import ContractWatch

CHECKOUT: Final = "/b/checkout/v1/pymt-txn/"
OPERATION: Final = "/b/pbl/v2/operation/"
RESEND: Final = "/b/pbl/v2/message-notification/"
API_KEY: Final = {"Authorization": "Api-Key test"}
ALL_EVENTS: Final = [
    *("created", "paid", "canceled", "failed", "expired", "authorized"),
    *("voided", "refunded", "captured"),
]
ALL_NOTIFICATIONS: Final = {"email": ALL_EVENTS, "sms": ALL_EVENTS, "whatsapp": ALL_EVENTS[:6]}


@dataclass(frozen=True, slots=True)
class Reply:
    """A status, headers and a body."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:  # noqa: ANN401 - any JSON value
        """The body as a JSON value."""
        return json.loads(self.body)


class StoppedClock:
    """The clock of the merchant's workspace, which only the test moves."""

    def __init__(self, merchant: "Merchant") -> None:
        self._merchant = merchant

    async def advance(self, by: str) -> None:
        reply = await self._merchant.control("POST", "/clock/advance", {"by": by})
        assert reply.status == 200, reply.body

    @staticmethod
    def seconds(*offsets: int) -> list[str]:
        """Return instants so many seconds after the start of a stopped clock."""
        return [f"2026-01-01T00:{each // 60:02d}:{each % 60:02d}Z" for each in offsets]


class Merchant:
    """Calls of one merchant, in the workspace of its credentials."""

    def __init__(
        self,
        session: aiohttp.ClientSession,
        url: str,
        watch: ContractWatch,
        *,
        credentials: Mapping[str, str] = API_KEY,
        webhook_url: str | None = None,
    ) -> None:
        self.url = url
        self._session = session
        self._watch = watch
        self._credentials = credentials
        self._webhook_url = webhook_url
        self.clock = StoppedClock(self)

    def in_workspace(self, name: str) -> Self:
        """Return the same merchant with a key of another workspace."""
        return type(self)(
            self._session,
            self.url,
            self._watch,
            credentials={"Authorization": f"Api-Key {name}.secret"},
            webhook_url=self._webhook_url,
        )

    def as_user(self, credentials: str) -> Self:
        """Return the same merchant calling with other credentials."""
        return type(self)(
            self._session,
            self.url,
            self._watch,
            credentials={"Authorization": credentials},
            webhook_url=self._webhook_url,
        )

    async def call(
        self,
        method: str,
        path: str,
        body: object = None,
        *,
        headers: Mapping[str, str] | None = None,
        data: bytes | None = None,
    ) -> Reply:
        """Make a platform call; its answer is held against the document."""
        sent = {**self._credentials, **(headers or {})}
        if data is None and body is not None:
            data = json.dumps(body).encode()
            sent.setdefault("Content-Type", "application/json")
        reply = await self._send(method, path, sent, data)
        content_type = reply.headers.get("Content-Type", "")
        self._watch.answer(method, path.partition("?")[0], reply.status, content_type, reply.body)
        return reply

    async def control(
        self,
        method: str,
        path: str,
        body: object = None,
        *,
        data: bytes | None = None,
        content_type: str = "application/json",
    ) -> Reply:
        """Make a call of the control API in the merchant's workspace."""
        if data is None and body is not None:
            data = json.dumps(body).encode()
        sent = {**self._credentials, **({"Content-Type": content_type} if data else {})}
        return await self._send(method, f"/__admin{path}", sent, data)

    async def _send(
        self, method: str, path: str, headers: Mapping[str, str], data: bytes | None
    ) -> Reply:
        async with self._session.request(
            method,
            URL(self.url + path, encoded=True),
            headers=headers,
            data=None if data is None else io.BytesIO(data),
            allow_redirects=False,
        ) as response:
            return Reply(response.status, dict(response.headers), await response.read())

    async def checkout(
        self, amount: str = "10.000", currency: str = "KWD", **fields: object
    ) -> dict[str, Any]:
        """Make a payment that sends no message unless the fields say so; return the answer."""
        reply = await self.call("POST", CHECKOUT, self.checkout_body(amount, currency, **fields))
        assert reply.status == 201, reply.body
        answer: dict[str, Any] = reply.json
        return answer

    def checkout_body(
        self, amount: str = "10.000", currency: str = "KWD", **fields: object
    ) -> dict[str, object]:
        """Return the body of a checkout; a field of None is left out."""
        body: dict[str, object] = {
            "type": "payment_request",
            "pg_codes": ["credit-card"],
            "amount": amount,
            "currency_code": currency,
        }
        if self._webhook_url is not None:
            body["webhook_url"] = self._webhook_url
        return {name: value for name, value in {**body, **fields}.items() if value is not None}

    async def pay(self, payment: Mapping[str, Any], **fields: object) -> Reply:
        """Play the payer."""
        path = f"/transactions/{payment['session_id']}/pay"
        return await self.control("POST", path, fields)

    async def paid(
        self, amount: str = "10.000", currency: str = "KWD", **fields: object
    ) -> dict[str, Any]:
        """Make a payment and pay it."""
        payment = await self.checkout(amount, currency, **fields)
        reply = await self.pay(payment, outcome="success")
        assert reply.status == 200, reply.body
        return payment

    async def operate(
        self, payment: Mapping[str, Any], operation: str, *, key: str = "", **fields: object
    ) -> Reply:
        """Act on a payment."""
        body = {"session_id": payment["session_id"], "operation": operation, **fields}
        headers = {"Tracking-Key": key} if key else None
        return await self.call("POST", OPERATION, body, headers=headers)

    async def refund(
        self, payment: Mapping[str, Any], amount: str | None = None, *, key: str = ""
    ) -> Reply:
        """Refund a part of a payment, or all that is left."""
        fields = {} if amount is None else {"amount": amount}
        return await self.operate(payment, "refund", key=key, **fields)

    async def resend(self, payment: Mapping[str, Any], *channels: str) -> Reply:
        """Send the newest event's messages again."""
        body = {"session_id": payment["session_id"], "channels": list(channels)}
        return await self.call("POST", RESEND, body)

    async def transaction(self, payment: Mapping[str, Any]) -> dict[str, Any]:
        """Return the payment as the control API shows it."""
        reply = await self.control("GET", f"/transactions/{payment['session_id']}")
        assert reply.status == 200, reply.body
        transaction: dict[str, Any] = reply.json
        return transaction

    async def states_of(self, payment: Mapping[str, Any]) -> list[str]:
        """Return the states that the payment went through."""
        timeline = (await self.transaction(payment))["timeline"]
        return [each["data"]["state"] for each in timeline if each["kind"] == "state"]

    async def children_of(self, payment: Mapping[str, Any]) -> list[tuple[str, str]]:
        """Return state and amount of each child transaction, oldest first."""
        transaction = await self.transaction(payment)
        return [(each["state"], each["amount"]) for each in transaction["children"]]

    async def messages(self, **filters: str) -> list[dict[str, Any]]:
        """Return the messages of the workspace."""
        return await self._items("/messages", filters)

    async def deliveries(self, **filters: str) -> list[dict[str, Any]]:
        """Return the webhook deliveries of the workspace."""
        return await self._items("/webhooks", filters)

    async def findings(self) -> list[str]:
        """Return the codes of all findings of the workspace."""
        return [each["code"] for each in await self._items("/findings", {})]

    async def tries_of(self, payment: Mapping[str, Any]) -> list[dict[str, Any]]:
        """Return every try of every delivery of a payment."""
        deliveries = await self.deliveries(session_id=payment["session_id"])
        return [each for delivery in deliveries for each in delivery["tries"]]

    async def _items(self, path: str, filters: Mapping[str, str]) -> list[dict[str, Any]]:
        query = "&".join(f"{name}={value}" for name, value in filters.items())
        reply = await self.control("GET", f"{path}?{query}" if query else path)
        assert reply.status == 200, reply.body
        items: list[dict[str, Any]] = reply.json["items"]
        return items
