"""What holds after every step of every sequence, written here anew from FACTS 5, 6, 8 and 10.

All of it is seen as a merchant and a test see it: through the platform's calls and the control API.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from decimal import Decimal
from itertools import pairwise
from typing import Any, Final

from sandbox.domain.states import MOVES
from tests.fidelity.memory_shop import DEFAULT_URL, Answer, MemoryShop
from tests.fidelity.random_commands import CUSTOMERS
from tests.http.receiver import signature_of

ACCOUNTS: Final = "/b/wallet/ottu/v1/accounts/"
ENTRIES: Final = "/b/wallet/ottu/v1/entries/"
CHECKOUT: Final = "/b/checkout/v1/pymt-txn/"
KEY: Final = "sandbox-webhook-key"
_LEGAL: Final = {(before.value, after.value) for (before, _), after in MOVES.items()}
_KEPT_WHEN_DELETED: Final = frozenset({"paid", "authorized", "cod"})
_PAYABLE: Final = frozenset({"created", "pending", "attempted"})
_EVENTS: Final = {
    "paid": "captured",
    "voided": "voided",
    "refunded": "refunded",
    "refund_queued": "refund_queued",
    "refund_rejected": "refund_rejected",
}

Payment = Mapping[str, Any]
# Which webhook, by session_id, kind, event and URL.
Hook = tuple[str, str, str, str]


def total(payment: Payment, *states: str) -> Decimal:
    """Return the sum of a payment's children in these states."""
    amounts = (each["amount"] for each in payment["children"] if each["state"] in states)
    return sum(map(Decimal, amounts), Decimal())


class Rules:
    """What is known of one merchant's payments, to hold each new look at them against."""

    def __init__(self, shop: MemoryShop) -> None:
        self.payments: dict[str, Payment] = {}
        self.own_urls: dict[str, str] = {}
        self.deleted: set[str] = set()
        # Tries whose result is only answered: the merchant's own, with nobody there.
        self.untold: set[tuple[str, int]] = set()
        # Webhooks that an inquiry has asked for.
        self.asked_for: Counter[Hook] = Counter()
        self._shop = shop
        self._states: dict[str, list[str]] = {}
        self._expected: dict[str, Counter[Hook]] = {}
        self._hooks: list[dict[str, Any]] = []
        self._accounts: list[Any] = []
        self._reserved = False

    async def hold(self) -> set[str]:
        """Look at everything once more; return which payments have changed since the last look."""
        listed = await self._shop.items("/transactions")
        payments: dict[str, Payment] = {each["session_id"]: each for each in listed}
        changed = {one for one in payments if payments[one] != self.payments.get(one)}
        gone = self.payments.keys() - payments.keys()
        for session_id in gone:
            assert session_id in self.deleted
            assert self.payments[session_id]["state"] not in _KEPT_WHEN_DELETED
        for session_id in self.deleted & payments.keys():
            assert payments[session_id]["state"] in _KEPT_WHEN_DELETED, payments[session_id]
        self.payments = payments
        for session_id in changed:
            self._hold_money(payments[session_id])
        for session_id in changed:
            await self._hold_timeline(session_id)
        await self._hold_webhooks()
        await self._hold_wallets()
        return changed | gone

    async def hold_at_the_end(self) -> None:
        """Hold what only shows when nothing is under way any more."""
        settled = await self._shop.control("POST", "/settle")
        assert settled.status == 200, settled.value
        for session_id in self.payments:
            await self._hold_timeline(session_id)
        await self._hold_webhooks()
        hooks = await self._shop.items("/webhooks")
        assert [(each["status"], len(each["tries"])) for each in hooks] == [
            ("delivered", 1) for _ in hooks
        ]
        arrived = self._shop.arrivals.counts
        assert sum(arrived.values()) == len(hooks)
        self._accounts = []
        await self._hold_wallets()

    async def hold_found(self, session_id: str) -> None:
        """Hold that a payment is found unless it was deleted."""
        found = await self._shop.call("GET", f"{CHECKOUT}{session_id}/")
        assert found.status == (404 if session_id in self.deleted else 200)
        if found.is_success:
            assert found.value["state"] == self.payments[session_id]["state"]

    def newest_of(self, order_no: str) -> str | None:
        """Return the payment that an order number means."""
        named = [one for one, each in self.payments.items() if each["order_no"] == order_no]
        return next((each for each in reversed(named) if each not in self.deleted), None)

    def _hold_money(self, payment: Payment) -> None:
        amount = Decimal(payment["amount"])
        captured, voided = total(payment, "paid"), total(payment, "voided")
        outgoing = total(payment, "refunded", "refund_queued")
        assert captured <= amount, payment
        assert outgoing <= (amount if payment["state"] == "paid" else captured), payment
        assert voided in (0, amount), payment
        assert not (voided and captured), payment
        assert not captured or payment["state"] == "authorized", payment
        succeeded = [each for each in payment["attempts"] if each["state"] == "success"]
        assert succeeded or payment["state"] not in ("paid", "authorized"), payment

    async def _hold_timeline(self, session_id: str) -> None:
        shown = await self._shop.control("GET", f"/transactions/{session_id}")
        timeline = shown.value["timeline"]
        states = [each["data"]["state"] for each in timeline if each["kind"] == "state"]
        before = self._states.get(session_id, [])
        assert states[: len(before)] == before, "the past has changed"
        assert states[0] == "created"
        assert states[-1] == self.payments[session_id]["state"]
        for step in pairwise(states):
            assert step in _LEGAL, (step, states)
        self._states[session_id] = states
        self._expected[session_id] = self._webhooks_of(session_id, timeline)

    def _webhooks_of(self, session_id: str, timeline: Sequence[Mapping[str, Any]]) -> Counter[Hook]:
        """Count the webhooks that follow from what happened."""
        expected: Counter[Hook] = Counter()
        ended: int | None = None
        url = self.own_urls.get(session_id, DEFAULT_URL)
        for each in timeline:
            data = each["data"]
            if each["kind"] == "attempt_ended":
                ended = data["number"]
            elif each["kind"] == "nothing":
                ended = None
            elif each["kind"] == "state" and ended is not None:
                if (session_id, ended) not in self.untold:
                    expected[session_id, "payment", data["state"], url] += 1
                ended = None
            elif each["kind"] == "operation" and data["state"] in _EVENTS:
                expected[session_id, "operation", _EVENTS[data["state"]], DEFAULT_URL] += 1
        return expected

    async def _hold_webhooks(self) -> None:
        hooks = await self._shop.items("/webhooks")
        past = [each["payload"] for each in hooks[: len(self._hooks)]]
        assert past == [each["payload"] for each in self._hooks], "a payload has changed"
        counted = Counter((h["session_id"], h["kind"], h["event"], h["url"]) for h in hooks)
        expected = sum(self._expected.values(), Counter[Hook]()) + self.asked_for
        assert counted == expected
        for hook in hooks[len(self._hooks) :]:
            payload = hook["payload"]
            assert payload["signature"] == signature_of(payload, KEY)
            assert payload["session_id"] == hook["session_id"]
            if hook["kind"] == "payment":
                assert payload["state"] == hook["event"]
                assert payload["state"] in self._states[hook["session_id"]]
            else:
                assert _EVENTS[payload["txn"]["state"]] == hook["event"]
        self._hooks = hooks

    async def _hold_wallets(self) -> None:
        accounts = [
            account
            for customer in CUSTOMERS
            for account in (await self._listed(ACCOUNTS, {"customer_id": customer}))
        ]
        if accounts == self._accounts and not self._reserved:
            return
        self._accounts = accounts
        self._reserved = False
        for account in accounts:
            asked = {"customer_id": account["customer_id"], "currency": account["currency"]}
            entries = await self._listed(ENTRIES, asked)
            completed = [each for each in entries if each["status"] == "completed"]
            counted = [each for each in entries if each["status"] != "failed"]
            assert _sum(completed) == Decimal(account["balance"]), entries
            assert _sum(counted) == Decimal(account["available_balance"]), entries
            assert 0 <= Decimal(account["available_balance"]) <= Decimal(account["balance"])
            for entry in counted:
                if entry["status"] == "pending":
                    self._reserved = True
                    holder = self.payments.get(entry["session_id"])
                    assert holder is not None, entry
                    assert holder["state"] in _PAYABLE, entry

    async def _listed(self, path: str, body: Mapping[str, object]) -> list[dict[str, Any]]:
        listed: list[dict[str, Any]] = []
        place: object = {"per_page": 50}
        while place is not None:
            page: Answer = await self._shop.call("POST", path, {**body, "pagination": place})
            assert page.status == 200, page.value
            listed += page.value["results"]
            place = page.value["next"]
        return listed


def _sum(entries: Sequence[Mapping[str, Any]]) -> Decimal:
    signs = {"credit": 1, "debit": -1}
    return sum((signs[each["direction"]] * Decimal(each["amount"]) for each in entries), Decimal())
