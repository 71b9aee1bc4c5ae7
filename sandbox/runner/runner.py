"""Drains agendas: what is due happens in its order, and webhook tries go out.

Source: DESIGN, time and the way of a request.
"""

import asyncio
import logging
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Final, Protocol

from sandbox.domain.deliveries import Delivery
from sandbox.engine.agenda import AgendaItem, Task
from sandbox.engine.engine import Engine
from sandbox.engine.tries import TryOrder, TryResult
from sandbox.engine.workspace import Workspace
from sandbox.runner.errors import AlreadyAdvancing, TimeRunsForward, TooMuchDue
from sandbox.runner.pump import Flight, Pump
from sandbox.webhooks.sending import OutgoingWebhook, SendOutcome

logger = logging.getLogger(__name__)

_SLICE: Final = 64
_MOST_DUE: Final = 100_000
_IN_FLIGHT_PER_HOST: Final = 32
_SECOND: Final = timedelta(seconds=1)
# Lets a try that outlasts the grace be noted before those who wait for it go on.
_MARGIN: Final = 0.05
_LONGEST_TIMER: Final = timedelta(hours=1)


class Sender(Protocol):
    """Sends one webhook once; whatever goes wrong is an outcome, not an exception."""

    async def send(self, request: OutgoingWebhook) -> SendOutcome:
        """Post it, and tell what came of it."""


class Runner:
    """Owns the timers and the tries in flight of every workspace.

    `real_now` reads the real clock, in UTC. Close it to end all that is under way.
    """

    def __init__(self, engine: Engine, sender: Sender, real_now: Callable[[], datetime]) -> None:
        self._engine = engine
        self._sender = sender
        self._real_now = real_now
        self._pumps: dict[str, Pump] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._closing = False
        engine.on_commit(self.wake)

    def now(self, workspace: Workspace) -> datetime:
        """Return the instant of the workspace's clock."""
        return workspace.clock.read(self._real_now())

    def real_now(self) -> datetime:
        """Return the real instant."""
        return self._real_now()

    @property
    def in_flight(self) -> int:
        """How many tries are under way, in all workspaces."""
        return sum(len(pump.flights) for pump in self._pumps.values())

    def wake(self, workspace: Workspace) -> None:
        """Plan to drain the workspace's agenda when its first item falls due."""
        due = workspace.agenda.next_due()
        if due is None or self._closing:
            return
        pump = self._pump(workspace)
        left = due - self.now(workspace)
        if left > timedelta() and workspace.clock.stopped:
            return
        delay = max(timedelta(), min(left, _LONGEST_TIMER)).total_seconds()
        pump.ring_in(delay, lambda: self._ring(workspace))

    def drain(self, workspace: Workspace, most: int = _SLICE) -> int:
        """Do what is due by now, in order, at most so many items; return how many were done.

        Each item happens at the instant at which it fell due. Webhook tries are begun, not awaited.
        """
        done = 0
        now = self.now(workspace)
        while done < most and (item := workspace.agenda.take(now)) is not None:
            self._do(workspace, item)
            done += 1
        self._land_ended(workspace, self._pump(workspace))
        self.wake(workspace)
        return done

    async def first_answer(self, workspace: Workspace, delivery: Delivery) -> None:
        """Wait until the first try of a delivery has its answer, or none will come now.

        On a clock that stands this takes the real grace at most.
        """
        patience = None
        if workspace.clock.stopped:
            patience = workspace.settings.webhook_grace.total_seconds() + _MARGIN
        with suppress(TimeoutError):
            async with asyncio.timeout(patience):
                await self._first_answer(workspace, delivery)

    async def _first_answer(self, workspace: Workspace, delivery: Delivery) -> None:
        self._drain_all(workspace)
        pump = self._pump(workspace)
        while (flight := pump.in_lane(delivery.session_id, delivery.url)) is not None:
            await flight.landed.wait()
            self._drain_all(workspace)
            kept = workspace.deliveries.get(delivery.id)
            if kept is None or any(each.answered for each in kept.tries):
                return

    async def settle(self, workspace: Workspace) -> int:
        """Wait until nothing is due or in flight; return how many items were done."""
        done = 0
        while True:
            # A request meanwhile may add work; it is done too, in slices that let others in.
            did = self.drain(workspace)
            done += did
            if did or self._is_due(workspace):
                await asyncio.sleep(0)
                continue
            flight = next(reversed(self._pump(workspace).flights.values()), None)
            if flight is None:
                return done
            await flight.landed.wait()

    def is_advancing(self, workspace: Workspace) -> bool:
        """Tell whether an advance of the workspace's clock is under way."""
        return self._pump(workspace).advancing

    def refuse_while_advancing(self, workspace: Workspace) -> None:
        """Refuse to touch a clock that is on its way.

        Raises:
            AlreadyAdvancing: an advance of this workspace is under way.
        """
        if self.is_advancing(workspace):
            raise AlreadyAdvancing

    async def advance(self, workspace: Workspace, to: datetime | timedelta) -> int:
        """Move the clock to an instant or on by a span, doing all that falls due; return how much.

        The clock stands at each instant until every try begun at it has answered or used up the
        real grace. A running clock runs on from the target.

        Raises:
            AlreadyAdvancing: another advance of this workspace is under way.
            TimeRunsForward: the instant has passed.
            TooMuchDue: more than 100,000 items; the clock stays where it got to.
        """
        pump = self._pump(workspace)
        if pump.advancing:
            raise AlreadyAdvancing
        # Read once: on a clock that runs, even "now" would be in the past a moment later.
        real = self._real_now()
        now = workspace.clock.read(real)
        target = now + to if isinstance(to, timedelta) else to
        if target < now:
            raise TimeRunsForward(f"The clock is at {now.isoformat()} already.")
        running = not workspace.clock.stopped
        epoch = workspace.epoch
        pump.advancing = True
        workspace.clock = workspace.clock.frozen(real)
        self.clock_changed(workspace)
        try:
            return await self._advance(workspace, target, epoch)
        finally:
            pump.advancing = False
            if running and workspace.epoch == epoch:
                workspace.clock = workspace.clock.resumed(self._real_now())
            self.clock_changed(workspace)

    def clock_changed(self, workspace: Workspace) -> None:
        """Act on a clock that was stopped or set going: tries in flight follow it."""
        pump = self._pump(workspace)
        if workspace.clock.stopped:
            for flight in pump.flights.values():
                flight.stand()
        self._land_ended(workspace, pump)
        self.wake(workspace)

    def forget(self, workspace: Workspace) -> None:
        """Give up what is under way for a workspace that is reset."""
        pump = self._pumps.pop(workspace.name, None)
        if pump is None:
            return
        pump.stop_timer()
        for flight in pump.flights.values():
            if flight.task is not None:
                flight.task.cancel()
            flight.landed.set()
        # Whoever waited for one of them looks for it again.
        pump.flights.clear()

    async def close(self, patience: float) -> None:
        """End: let tries in flight finish for so many seconds, then give them up."""
        self._closing = True
        for pump in self._pumps.values():
            pump.stop_timer()
        if self._tasks:
            _, late = await asyncio.wait(self._tasks, timeout=patience)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    async def _advance(self, workspace: Workspace, target: datetime, epoch: int) -> int:
        done = 0
        while True:
            done += await self.settle(workspace)
            if workspace.epoch != epoch:
                return done
            if done > _MOST_DUE:
                raise TooMuchDue(
                    f"More than {_MOST_DUE:,} things fell due; the clock stands at "
                    f"{self.now(workspace).isoformat()}. Advance in smaller steps."
                )
            due = workspace.agenda.next_due()
            reached = due is None or due > target
            instant = target if due is None or reached else due
            workspace.clock = workspace.clock.moved_to(instant, self._real_now())
            if reached:
                return done

    def _ring(self, workspace: Workspace) -> None:
        self._pump(workspace).stop_timer()
        self.drain(workspace)

    def _pump(self, workspace: Workspace) -> Pump:
        pump = self._pumps.get(workspace.name)
        if pump is None or pump.workspace is not workspace:
            pump = self._pumps[workspace.name] = Pump(workspace)
        return pump

    def _is_due(self, workspace: Workspace) -> bool:
        due = workspace.agenda.next_due()
        return due is not None and due <= self.now(workspace)

    def _drain_all(self, workspace: Workspace) -> None:
        while self.drain(workspace) or self._is_due(workspace):
            pass

    def _do(self, workspace: Workspace, item: AgendaItem) -> None:
        try:
            if item.task is Task.BEGIN_TRY:
                self._begin_try(workspace, item)
            else:
                self._engine.run_due(workspace, item, item.due)
        except Exception as failure:
            # One item that cannot be done must not keep the others from their time.
            logger.exception("not done: %s of %s", item.task, item.target, exc_info=failure)

    def _begin_try(self, workspace: Workspace, item: AgendaItem) -> None:
        order = self._engine.begin_try(workspace, item.target, item.number, item.due)
        if order is None or self._closing:
            return
        standing = workspace.clock.stopped
        flight = Flight(order=order, epoch=workspace.epoch, standing=standing)
        pump = self._pump(workspace)
        pump.flights[order.delivery_id, order.number] = flight
        flight.task = asyncio.get_running_loop().create_task(self._fly(workspace, pump, flight))
        self._tasks.add(flight.task)
        flight.task.add_done_callback(self._tasks.discard)

    async def _fly(self, workspace: Workspace, pump: Pump, flight: Flight) -> None:
        try:
            flight.result = await self._send(pump, flight)
        except Exception as failure:
            # Whatever it is, the flight has to land: others wait behind it.
            logger.exception("webhook to %s", flight.order.url)
            flight.result = TryResult(error=f"not sent: {failure}")
        flight.ended = True
        if flight.epoch == workspace.epoch:
            self._land_ended(workspace, pump)

    async def _send(self, pump: Pump, flight: Flight) -> TryResult | None:
        """Send a try; None when the clock stands and the try has outlasted the grace."""
        order = flight.order
        async with pump.host_limit(_host_of(order.url), _IN_FLIGHT_PER_HOST):
            # Known only now: the clock may have been stopped while the flight waited for its turn.
            patience = order.grace if flight.standing else order.timeout + _SECOND
            try:
                async with asyncio.timeout(patience.total_seconds()) as flight.limit:
                    outcome = await self._sender.send(_request(order))
            except TimeoutError:
                return None
        if outcome.timed_out and flight.standing:
            return None
        return TryResult(
            status_code=outcome.status_code,
            error=outcome.error,
            timed_out=outcome.timed_out,
            headers=outcome.headers,
            body=outcome.body,
        )

    def _land_ended(self, workspace: Workspace, pump: Pump) -> None:
        """Apply the results of flights that have ended.

        On a clock that stands, first comes all that is due at its instant: else the order of things
        would depend on how fast a receiver answers.
        """
        while not (workspace.clock.stopped and self._is_due(workspace)):
            flight = pump.take_ended()
            if flight is None:
                return
            try:
                self._land(workspace, flight)
            finally:
                flight.landed.set()

    def _land(self, workspace: Workspace, flight: Flight) -> None:
        order = flight.order
        now = self.now(workspace)
        if order.delivery_id not in workspace.deliveries:
            return
        if flight.result is None:
            self._engine.outlast_try(workspace, order.delivery_id, order.number, now)
        else:
            self._engine.finish_try(workspace, order.delivery_id, order.number, flight.result, now)


def _host_of(url: str) -> str:
    return url.partition("://")[2].partition("/")[0].rpartition("@")[2].lower()


def _request(order: TryOrder) -> OutgoingWebhook:
    return OutgoingWebhook(
        url=order.url,
        headers={"Content-Type": order.content_type, "User-Agent": order.user_agent},
        body=order.body,
        timeout=order.timeout.total_seconds(),
        ignore_ssl=order.ignore_ssl,
    )
