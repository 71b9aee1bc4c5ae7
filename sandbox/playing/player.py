"""Plays one scenario as a merchant and a payer would, over HTTP, and tells what happened.

Source: DESIGN (command line, scenario language, control API).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from http import HTTPStatus
from typing import Final

from sandbox.domain.durations import format_duration
from sandbox.domain.gateways import GatewayCatalog
from sandbox.domain.states import PAYABLE, State
from sandbox.engine import automatic_inquiries
from sandbox.playing.checkout_fields import checkout_fields
from sandbox.playing.connection import MemoryConnections, Reply
from sandbox.playing.receiver import MemoryReceiver
from sandbox.playing.telling import describe, shown
from sandbox.scenarios.expectation import Difference, Observed, Record, compare
from sandbox.scenarios.matching import matches
from sandbox.scenarios.model import AcceptThenFail, Deliver, Scenario
from sandbox.scenarios.plays import (
    LOST,
    Advance,
    Checkout,
    Expect,
    Inquire,
    Operate,
    Pay,
    PlayStep,
    Receiver,
    Release,
    Resend,
    Trigger,
    Update,
)

_CHECKOUT: Final = "/b/checkout/v1/pymt-txn/"
_OPERATION: Final = "/b/pbl/v2/operation/"
_RESEND: Final = "/b/pbl/v2/message-notification/"
_INQUIRY: Final = "/b/pbl/v2/inquiry/"
_ADMIN: Final = "/__admin"
_NOW: Final = timedelta()
_LONGEST_NAME: Final = 64


@dataclass(frozen=True, kw_only=True, slots=True)
class Played:
    """A play: the answer to each step, what happened, and how that differs from what should."""

    scenario: Scenario
    steps: tuple[tuple[str, Reply], ...]
    observed: Observed
    differences: tuple[Difference, ...]


class Player:
    """Plays scenarios, each in a workspace of its own."""

    def __init__(
        self, connections: MemoryConnections, gateways: GatewayCatalog, receiver: MemoryReceiver
    ) -> None:
        self._connections = connections
        self._gateways = gateways
        self._receiver = receiver

    async def play(self, scenario: Scenario) -> Played:
        """Play a scenario, which its workspace must know, and compare with what it expects."""
        self._receiver.answer()
        game = _Game(self._connections, self._gateways, self._receiver, scenario)
        if scenario.play is None:
            await game.play_default()
        else:
            for step in scenario.play:
                await game.do(step)
        observed = await game.observe()
        expected = compare(scenario.expect or Expect(), observed)
        return Played(
            scenario=scenario,
            steps=tuple(game.steps),
            observed=observed,
            differences=(*game.differences, *expected),
        )


class _Game:
    """One play under way."""

    def __init__(
        self,
        connections: MemoryConnections,
        gateways: GatewayCatalog,
        receiver: MemoryReceiver,
        scenario: Scenario,
    ) -> None:
        self.steps: list[tuple[str, Reply]] = []
        self.differences: list[Difference] = []
        self._connections = connections
        self._gateways = gateways
        self._receiver = receiver
        self._scenario = scenario
        self._session_id = ""
        self._checkouts = 0

    async def play_default(self) -> None:
        """Check out, pay until that ends, and let everything planned happen."""
        reply = await self.do(Checkout())
        tries = max(1, len(self._scenario.payment))
        for _ in range(tries):
            reply = await self.do(Pay())
            if _kind_of_next(reply) == "challenge":
                reply = await self.do(Pay(fields={"challenge": True}))
            if _field(reply, "state") not in PAYABLE:
                break
        planned = _planned(self._scenario)
        if self._scenario.inquiry and _field(reply, "state") == State.PENDING:
            planned += self._until_last_inquiry()
        if planned:
            await self.do(Advance(by=planned))

    def _until_last_inquiry(self) -> timedelta:
        """Return how long the platform goes on asking the gateway of the default checkout."""
        fields = checkout_fields(self._scenario.match, {}, self._gateways, self._checkouts)
        codes = fields.get("pg_codes")
        code = str(codes[0]) if isinstance(codes, list) else ""
        return automatic_inquiries.MOST * (self._gateways.named(code).inquiry_interval or _NOW)

    async def do(self, step: PlayStep) -> Reply:
        """Do one step and keep its answer."""
        reply = await self._ask(step)
        self._keep(step, reply)
        return reply

    async def _ask(self, step: PlayStep) -> Reply:
        match step:
            case Checkout():
                return await self._check_out(step)
            case Advance():
                body = {"by": format_duration(step.by)}
                return await self._call("POST", f"{_ADMIN}/clock/advance", body)
            case Receiver():
                self._receiver.answer(*step.answers)
                return Reply(status=HTTPStatus.OK)
            case _ if not self._session_id:
                return Reply(status=None, error="not asked: no checkout has made a payment")
            case Pay() | Trigger() | Release():
                return await self._happen(step)
            case _:
                return await self._ask_about_payment(step)

    async def _happen(self, step: Pay | Trigger | Release) -> Reply:
        """Do what the payer does, or what happens by itself."""
        match step:
            case Pay():
                return await self._admin("pay", step.fields)
            case Trigger():
                return await self._admin("trigger", {"event": step.event, **step.fields})
            case Release():
                return await self._release(step)

    async def _ask_about_payment(self, step: Resend | Operate | Inquire | Update) -> Reply:
        """Make a call as the merchant."""
        match step:
            case Resend():
                channels = [channel.value for channel in step.channels]
                return await self._platform(_RESEND, {"channels": channels})
            case Operate():
                return await self._operate(step)
            case Inquire():
                return await self._platform(_INQUIRY, step.fields)
            case Update():
                path = f"{_CHECKOUT}{self._session_id}/"
                return await self._call("PATCH", path, dict(step.fields))

    def _keep(self, step: PlayStep, reply: Reply) -> None:
        number = len(self.steps)
        said = describe(step)
        self.steps.append((said, reply))
        if reply.status == HTTPStatus.NOT_IMPLEMENTED:
            self.differences.append(
                Difference(
                    about=f"step {number + 1}, {said}",
                    expected="a step that can be played",
                    actual=str(_field(reply, "detail") or "it comes with a later version"),
                )
            )

    async def observe(self) -> Observed:
        """Ask the control API for all that happened."""
        await self._call("POST", f"{_ADMIN}/settle")  # webhooks on their way arrive
        timeline: Sequence[Record] = ()
        if self._session_id:
            payment = await self._call("GET", f"{_ADMIN}/transactions/{self._session_id}")
            timeline = _records(_field(payment, "timeline"))
        answers = [{"status": reply.status or LOST, "body": reply.value} for _, reply in self.steps]
        return Observed(
            states=[_state(each) for each in timeline if each.get("kind") == "state"],
            messages=await self._items("messages"),
            webhooks=await self._items("webhooks"),
            answers=answers,
            findings=[str(each.get("code")) for each in await self._items("findings")],
        )

    async def _check_out(self, step: Checkout) -> Reply:
        self._checkouts += 1
        before = len(await self._items("transactions"))
        match = self._scenario.match
        fields = checkout_fields(match, step.fields, self._gateways, self._checkouts)
        if match is not None and not matches(match, fields):
            self.differences.append(
                Difference(
                    about=f"step {len(self.steps) + 1}, {describe(step)}",
                    expected="a checkout that the scenario's `match` takes",
                    actual=shown({name: fields.get(name) for name in _matched(self._scenario)}),
                )
            )
        header = {"X-Sandbox-Scenario": self._scenario.name}
        reply = await self._call("POST", _CHECKOUT, fields, header)
        # Asked of the control API, because a fault may have lost the answer and not the payment.
        payments = await self._items("transactions")
        if len(payments) > before:
            self._session_id = str(payments[-1].get("session_id"))
        return reply

    async def _operate(self, step: Operate) -> Reply:
        body: dict[str, object] = {"operation": step.operation.value}
        if step.amount is not None:
            body["amount"] = format(step.amount, "f")
        headers = {"Tracking-Key": step.tracking_key} if step.tracking_key else {}
        return await self._platform(_OPERATION, body, headers)

    async def _release(self, step: Release) -> Reply:
        held = (
            each
            for each in await self._items("webhooks?status=held")
            if step.event is None or each.get("event") == step.event
        )
        oldest = next(held, None)
        if oldest is None:
            return Reply(status=None, error="not asked: no such webhook is held")
        return await self._call("POST", f"{_ADMIN}/webhooks/{oldest['id']}/release")

    async def _platform(
        self, path: str, fields: Mapping[str, object], headers: Mapping[str, str] | None = None
    ) -> Reply:
        return await self._call("POST", path, {"session_id": self._session_id, **fields}, headers)

    async def _admin(self, what: str, fields: Mapping[str, object]) -> Reply:
        path = f"{_ADMIN}/transactions/{self._session_id}/{what}"
        return await self._call("POST", path, dict(fields))

    async def _items(self, what: str) -> Sequence[Record]:
        reply = await self._call("GET", f"{_ADMIN}/{what}")
        return _records(_field(reply, "items"))

    async def _call(
        self,
        method: str,
        path: str,
        body: object = None,
        headers: Mapping[str, str] | None = None,
    ) -> Reply:
        identity = {
            "Authorization": "Api-Key scenario-test",
            "X-Sandbox-Workspace": workspace_of(self._scenario),
        }
        return await self._connections.call(method, path, body, {**identity, **(headers or {})})


def workspace_of(scenario: Scenario) -> str:
    """Return the name of the workspace that a scenario is played in."""
    return scenario.name[:_LONGEST_NAME]


def _planned(scenario: Scenario) -> timedelta:
    """Return after how long all that a scenario plans has happened for sure."""
    reports = [
        carriage.after
        for steps in scenario.channels.values()
        for carriage in (step.carriage for step in steps)
        if isinstance(carriage, AcceptThenFail | Deliver)
    ]
    settled = [
        step.after or _NOW
        for steps in scenario.operations.values()
        for step in steps
        if step.settle
    ]
    return (
        sum((step.after for step in scenario.timeline), _NOW)
        + sum(settled, _NOW)
        + max((rule.delay for rule in scenario.webhooks), default=_NOW)
        + max(reports, default=_NOW)
    )


def _kind_of_next(reply: Reply) -> object:
    following = _field(reply, "next")
    return following.get("kind") if isinstance(following, Mapping) else None


def _field(reply: Reply, name: str) -> object:
    return reply.value.get(name) if isinstance(reply.value, Mapping) else None


def _records(value: object) -> Sequence[Record]:
    return [each for each in value if isinstance(each, Mapping)] if isinstance(value, list) else []


def _state(entry: Record) -> str:
    data = entry.get("data")
    return str(data.get("state")) if isinstance(data, Mapping) else ""


def _matched(scenario: Scenario) -> Sequence[str]:
    match = scenario.match
    if match is None:
        return ()
    others = (
        ("amount", match.amount),
        ("pg_codes", match.pg_codes),
        ("extra", match.extra),
    )
    return (*match.texts, *(name for name, wanted in others if wanted))
