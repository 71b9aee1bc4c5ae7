"""Drains agendas: what is due happens in its order, and webhook tries go out.

Source: DESIGN, time and the way of a request.
"""

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final, Protocol
from urllib.parse import urlsplit

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
        self.wake(workspace)
        return done

    async def first_answer(self, workspace: Workspace, delivery: Delivery) -> None:
        """Wait until the first try of a delivery has its answer, or none will come now.

        On a clock that stands this takes the real grace at most for each try before it.
        """
        while self.drain(workspace):
            pass
        while (
            flight := self._pump(workspace).in_lane(delivery.session_id, delivery.url)
        ) is not None:
            await flight.landed.wait()
            while self.drain(workspace):
                pass
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
            if did:
                await asyncio.sleep(0)
                continue
            flight = next(reversed(self._pump(workspace).flights.values()), None)
            if flight is None:
                return done
            await flight.landed.wait()

    def refuse_while_advancing(self, workspace: Workspace) -> None:
        """Refuse to touch a clock that is on its way.

        Raises:
            AlreadyAdvancing: an advance of this workspace is under way.
        """
        if self._pump(workspace).advancing:
            raise AlreadyAdvancing

    async def advance(self, workspace: Workspace, target: datetime) -> int:
        """Move the clock to an instant, doing all that falls due on the way; return how much.

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
        now = self.now(workspace)
        if target < now:
            raise TimeRunsForward(f"The clock is at {now.isoformat()} already.")
        running = not workspace.clock.stopped
        epoch = workspace.epoch
        pump.advancing = True
        workspace.clock = workspace.clock.frozen(self._real_now())
        try:
            return await self._advance(workspace, target, epoch)
        finally:
            pump.advancing = False
            if running and workspace.epoch == epoch:
                workspace.clock = workspace.clock.resumed(self._real_now())
            self.wake(workspace)

    def forget(self, workspace: Workspace) -> None:
        """Drop what is under way for a workspace that was reset."""
        pump = self._pump(workspace)
        pump.stop_timer()
        for flight in pump.flights.values():
            flight.ended = True
            flight.landed.set()
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

    def _do(self, workspace: Workspace, item: AgendaItem) -> None:
        if item.task is not Task.BEGIN_TRY:
            self._engine.run_due(workspace, item, item.due)
            return
        order = self._engine.begin_try(workspace, item.target, item.number, item.due)
        if order is None or self._closing:
            return
        flight = Flight(order=order, epoch=workspace.epoch)
        pump = self._pump(workspace)
        pump.flights[order.delivery_id, order.number] = flight
        task = asyncio.get_running_loop().create_task(self._fly(workspace, pump, flight))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _fly(self, workspace: Workspace, pump: Pump, flight: Flight) -> None:
        order = flight.order
        standing = workspace.clock.stopped
        limit = order.grace if standing else order.timeout
        async with pump.host_limit(urlsplit(order.url).netloc, _IN_FLIGHT_PER_HOST):
            outcome = await self._sender.send(_request(order, limit))
        if flight.epoch != workspace.epoch:
            return
        if not (standing and outcome.timed_out):
            flight.result = TryResult(
                status_code=outcome.status_code,
                error=outcome.error,
                timed_out=outcome.timed_out,
                headers=outcome.headers,
                body=outcome.body,
            )
        flight.ended = True
        if standing:
            landed = list(pump.landed())
        else:
            landed = [((order.delivery_id, order.number), flight)]
            del pump.flights[order.delivery_id, order.number]
        for _, each in landed:
            self._land(workspace, each)

    def _land(self, workspace: Workspace, flight: Flight) -> None:
        order = flight.order
        now = self.now(workspace)
        if order.delivery_id in workspace.deliveries:
            if flight.result is None:
                self._engine.outlast_try(workspace, order.delivery_id, order.number, now)
            else:
                self._engine.finish_try(
                    workspace, order.delivery_id, order.number, flight.result, now
                )
        flight.landed.set()


def _request(order: TryOrder, limit: timedelta) -> OutgoingWebhook:
    return OutgoingWebhook(
        url=order.url,
        headers={"Content-Type": order.content_type, "User-Agent": order.user_agent},
        body=order.body,
        timeout=limit.total_seconds(),
        ignore_ssl=order.ignore_ssl,
    )
