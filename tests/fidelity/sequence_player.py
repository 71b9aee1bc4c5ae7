"""Plays random commands one after another, and holds after each what always holds."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any, Final, assert_never

from tests.fidelity.memory_shop import DEFAULT_URL, OWN_URL, Answer, MemoryShop
from tests.fidelity.random_commands import (
    AMOUNTS,
    CUSTOMERS,
    Advance,
    Book,
    CheckOut,
    Command,
    ForgetCard,
    Inquire,
    Issue,
    Look,
    Operate,
    Pay,
    PayDirectly,
    Resend,
    Trigger,
    Update,
)
from tests.fidelity.sequence_rules import CHECKOUT, Payment, Rules
from tests.http.merchant import ALL_NOTIFICATIONS, OPERATION, RESEND
from tests.http.platform.charging import CARDS, agreement, apple_payload, google_payload

ToOne = Pay | PayDirectly | Trigger | Update | Inquire | Resend | Look
OfPayment = ToOne | Operate
INVOICE: Final = "/b/invoice/v1/invoice/"
INQUIRY: Final = "/b/pbl/v2/inquiry/"
METHODS: Final = "/b/pbl/v2/payment-methods/"
REPORTS: Final = "/b/api/v1/reports/files/"
OUTCOME: Final = "/b/checkout/v1/wallet/payment-sessions/{}/finalization-status/"
# How a payment has to stand, for the name of an operation or an event to make sense.
_NEEDS: Final = {
    **dict.fromkeys(("cancel", "expire", "invalidate"), "open"),
    **dict.fromkeys(("capture", "void"), "authorized"),
    **dict.fromkeys(("late_success", "late_failure"), "unsure"),
    **dict.fromkeys(("refund_settled", "refund_rejected"), "queued"),
    "refund": "settled",
}
_LINE: Final = {
    "sku": "DATE-500",
    "description": "Dates",
    "quantity": "2",
    "unit_price": "5",
    "currency_code": "KWD",
}
# What a call that was refused in this way may have changed all the same: a try was declined.
_DECLINED: Final = "pg_response"


class SequencePlayer:
    """One sequence, with what it has made so far."""

    def __init__(self, shop: MemoryShop) -> None:
        self._shop = shop
        self._rules = Rules(shop)
        self._made: list[str] = []
        self._cards: list[tuple[str, str]] = []
        # What each Tracking-Key did first, by session_id; and by the order_no of what it has deleted.
        self._tracked: dict[tuple[str, str], Mapping[str, Any]] = {}

    async def play(self, command: Command) -> None:
        """Do one thing, then hold everything against the rules."""
        if isinstance(command, OfPayment) and not self._candidates(command):
            return
        hooks = len(await self._shop.items("/webhooks"))
        answer, allowed = await self._do(command)
        changed = await self._rules.hold()
        await self._see_cards(changed)
        if isinstance(command, Advance):
            assert answer.status == 200, answer.value
            return
        assert changed <= allowed, (command, changed, allowed)
        for session_id in allowed:
            await self._rules.hold_found(session_id)
        if not answer.is_success and not _is_declined(answer):
            assert not changed, (command, answer.value)
            assert len(await self._shop.items("/webhooks")) == hooks, (command, answer.value)

    async def end(self) -> None:
        """Hold what only shows at the end."""
        await self._rules.hold_at_the_end()

    async def _do(self, command: Command) -> tuple[Answer, set[str]]:
        """Do it; return the answer, and which payments it may have changed."""
        match command:
            case CheckOut():
                return await self._check_out(command)
            case Issue():
                return await self._issue(command)
            case Operate():
                return await self._operate(command)
            case Book() | Advance():
                path = "/wallets" if isinstance(command, Book) else "/clock/advance"
                return await self._shop.control("POST", path, asdict(command)), set()
            case ForgetCard():
                return await self._forget(command), set()
            case _:
                return await self._do_to(self._meant(command), command)

    async def _do_to(self, session_id: str, command: ToOne) -> tuple[Answer, set[str]]:
        """Do it to this payment."""
        match command:
            case Pay() | Trigger():
                what = "pay" if isinstance(command, Pay) else "trigger"
                path = f"/transactions/{session_id}/{what}"
                answer = await self._shop.control("POST", path, command.fields)
            case PayDirectly():
                answer = await self._pay_directly(session_id, command)
            case Update():
                path = f"{CHECKOUT}{session_id}/"
                answer = await self._shop.call("PATCH", path, command.fields)
            case Inquire():
                answer = await self._inquire(session_id, command)
            case Resend():
                body = {"session_id": session_id, "channels": command.channels}
                return await self._shop.call("POST", RESEND, body), set()
            case Look():
                return await self._look(session_id, command), set()
            case never:
                assert_never(never)
        return answer, {session_id}

    def _candidates(self, command: OfPayment) -> list[str]:
        if not command.which.apt:
            return self._made
        known, deleted = self._rules.payments, self._rules.deleted
        there = (one for one in self._made if one in known and one not in deleted)
        return [one for one in there if is_apt(command, known[one])]

    def _meant(self, command: OfPayment) -> str:
        candidates = self._candidates(command)
        return candidates[-1 - command.which.place % len(candidates)]

    async def _check_out(self, command: CheckOut) -> tuple[Answer, set[str]]:
        amount = "0" if command.payment_type == "save_card" else AMOUNTS[command.currency]
        body: dict[str, Any] = {
            "type": "payment_request",
            "pg_codes": command.gateways,
            "amount": amount,
            "currency_code": command.currency,
            "payment_type": command.payment_type,
        }
        if command.payment_type == "auto_debit":
            body["agreement"] = agreement(f"club-{command.customer}")
        if command.customer:
            body["customer_id"] = command.customer
        if command.order_no:
            body["order_no"] = command.order_no
        if command.own_webhook:
            body["webhook_url"] = OWN_URL
        if command.contact:
            body |= {
                "customer_email": "noura@example.com",
                "customer_phone": "+96550000000",
                "notifications": ALL_NOTIFICATIONS,
            }
        if command.instrument:
            body["payment_instrument"] = {
                "instrument_type": command.instrument,
                "payload": self._instrument(command.instrument),
            }
        answer = await self._shop.call("POST", CHECKOUT, body)
        if not answer.is_success:
            return answer, set()
        session_id = answer.value["session_id"]
        self._made.append(session_id)
        if command.own_webhook:
            self._rules.own_urls[session_id] = OWN_URL
        if command.instrument == "token" and command.payment_type == "auto_debit":
            self._rules.untold.add((session_id, 1))
        return answer, {session_id}

    def _instrument(self, kind: str) -> dict[str, object]:
        if kind == "apple_pay":
            return apple_payload()
        if kind == "token":
            return {"token": self._card(0)[1]}
        return {"wallet_code": "wallet_ottu"}

    async def _issue(self, command: Issue) -> tuple[Answer, set[str]]:
        body = {
            "type": "payment_request",
            "currency_code": "KWD",
            "pg_codes": ["knet"],
            "due_date": "2026-02-01",
            "invoice_number": command.number,
            "invoice_items": [_LINE],
        }
        answer = await self._shop.call("POST", INVOICE, body)
        if not answer.is_success:
            return answer, set()
        self._made.append(answer.value["session_id"])
        return answer, {answer.value["session_id"]}

    async def _pay_directly(self, session_id: str, command: PayDirectly) -> Answer:
        body: dict[str, object] = {"session_id": session_id}
        if "auto-debit" in command.path:
            body["token"] = self._card(command.card)[1]
            known = self._rules.payments.get(session_id, {}).get("attempts", ())
            self._rules.untold.add((session_id, len(known) + 1))
        elif "apple" in command.path:
            body["payload"] = apple_payload()
        elif "google" in command.path:
            body["payload"] = google_payload()
        answer = await self._shop.call("POST", command.path, body)
        if not answer.is_success and not _is_declined(answer):
            known = self._rules.payments.get(session_id, {}).get("attempts", ())
            self._rules.untold.discard((session_id, len(known) + 1))
        return answer

    async def _operate(self, command: Operate) -> tuple[Answer, set[str]]:
        session_id = self._meant(command)
        payment = self._rules.payments.get(session_id)
        order_no = payment["order_no"] if payment and command.by_order else None
        body: dict[str, object] = {
            "operation": command.operation,
            **({"order_no": order_no} if order_no else {"session_id": session_id}),
            **({"amount": command.amount} if command.amount else {}),
            **({"destination": command.destination} if command.destination else {}),
        }
        headers = {"Tracking-Key": command.key} if command.key else None
        meant = self._rules.newest_of(order_no) if order_no else session_id
        answer = await self._shop.call("POST", OPERATION, body, headers)
        done = self._tracked.get((meant or "", command.key or ""))
        if done is None and order_no:
            done = self._tracked.get((order_no, command.key or ""))
        if done is not None:
            if not answer.is_success:  # an amount that no payment could have is refused before
                assert list(answer.value) == ["amount"], (command, answer.value)
                return answer, set()
            assert answer.value["operation"] == done["operation"]
            assert _child_of(answer) == _child_of(Answer(200, done))
            return answer, set()
        if not answer.is_success or meant is None:
            return answer, {meant} if meant else set()
        assert meant not in self._rules.deleted, (command, answer.value)
        if command.key:
            self._tracked[meant, command.key] = answer.value
        if command.operation == "delete":
            self._rules.deleted.add(meant)
            if command.key:
                # Sent again, the number may mean an older payment, which must not go as well.
                self._tracked[self._rules.payments[meant]["order_no"], command.key] = answer.value
        return answer, {meant}

    async def _inquire(self, session_id: str, command: Inquire) -> Answer:
        body = {"session_id": session_id, "notify_webhook_url": command.notify}
        answer = await self._shop.call("POST", INQUIRY, body)
        if answer.is_success and command.notify:
            url = self._rules.own_urls.get(session_id, DEFAULT_URL)
            self._rules.asked_for[session_id, "payment", answer.value["state"], url] += 1
        return answer

    async def _look(self, session_id: str, command: Look) -> Answer:
        if command.what == "outcome":
            return await self._shop.call("GET", OUTCOME.format(session_id))
        if command.what == "reports":
            return await self._shop.call("GET", REPORTS)
        body = {"plugin": "payment_request", "type": "sandbox", "currencies": ["KWD"]}
        return await self._shop.call("POST", METHODS, body)

    async def _forget(self, command: ForgetCard) -> Answer:
        customer, token = self._card(command.card)
        query = f"?customer_id={customer}&type=sandbox"
        answer = await self._shop.call("DELETE", f"{CARDS}{token}/{query}")
        if answer.is_success:
            again = await self._shop.call("DELETE", f"{CARDS}{token}/{query}")
            assert again.status == 404
        return answer

    def _card(self, place: int) -> tuple[str, str]:
        return self._cards[place % len(self._cards)] if self._cards else (CUSTOMERS[0], "no-card")

    async def _see_cards(self, changed: set[str]) -> None:
        if not changed:
            return
        self._cards = []
        for customer in CUSTOMERS:
            body = {"type": "sandbox", "customer_id": customer}
            cards = await self._shop.call("POST", CARDS, body)
            self._cards += [(customer, each["token"]) for each in cards.value]


def is_apt(command: OfPayment, payment: Payment) -> bool:
    """Tell whether a command makes sense for a payment as it stands."""
    state = payment["state"]
    children = {each["state"] for each in payment["children"]}
    standing: Mapping[str, bool] = {
        "open": state in ("created", "pending", "attempted"),
        "agreed": payment["payment_type"] == "auto_debit" and state == "created",
        "challenged": any(
            (each["outcome"], each["state"]) == ("challenge", "pending")
            for each in payment["attempts"]
        ),
        "cod": state == "cod",
        "unsure": state in ("pending", "attempted", "failed", "expired"),
        "authorized": state == "authorized",
        "settled": state == "paid" or "paid" in children,
        "queued": "refund_queued" in children,
        "any": True,
    }
    return standing[_needs(command)]


def _needs(command: OfPayment) -> str:
    needs = "any"
    match command:
        case Pay():
            needs = "challenged" if "challenge" in command.fields else "open"
        case PayDirectly():
            needs = "cod" if "cash" in command.path else "open"
            needs = "agreed" if "auto-debit" in command.path else needs
        case Update():
            needs = "open"
        case Operate():
            needs = _NEEDS.get(command.operation, needs)
        case Trigger():
            needs = _NEEDS.get(str(command.fields["event"]), needs)
        case _:
            pass
    return needs


def _is_declined(answer: Answer) -> bool:
    return isinstance(answer.value, Mapping) and _DECLINED in answer.value


def _child_of(answer: Answer) -> object:
    child = answer.value.get("txn")
    return child["session_id"] if child else None
