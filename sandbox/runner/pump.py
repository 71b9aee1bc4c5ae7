"""What is under way for one workspace: tries in flight, and who waits for them."""

import asyncio
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field

from sandbox.engine.tries import TryOrder, TryResult
from sandbox.engine.workspace import Workspace

TryKey = tuple[str, int]


@dataclass(kw_only=True, slots=True, eq=False)
class Flight:
    """A try in flight.

    `standing` says that the clock stands, so that it has the real grace to land; without a result
    by then it has outlasted the grace. `epoch` is the workspace's life that it belongs to.
    """

    order: TryOrder
    epoch: int
    standing: bool
    task: asyncio.Task[None] | None = None
    limit: asyncio.Timeout | None = None
    landed: asyncio.Event = field(default_factory=asyncio.Event)
    ended: bool = False
    result: TryResult | None = None

    def stand(self) -> None:
        """Let the flight land within the grace from now on: the clock has been stopped."""
        if self.standing or self.ended:
            return
        self.standing = True
        if self.limit is not None:
            grace = self.order.grace.total_seconds()
            self.limit.reschedule(asyncio.get_running_loop().time() + grace)


class Pump:
    """The runner's own state for one workspace.

    `flights` is in agenda order: their results are applied in this order on a clock that stands.
    """

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace
        self.flights: OrderedDict[TryKey, Flight] = OrderedDict()
        self.advancing = False
        self._timer: asyncio.TimerHandle | None = None
        self._rings_at = 0.0
        self._hosts: dict[str, asyncio.Semaphore] = {}

    def host_limit(self, host: str, most: int) -> asyncio.Semaphore:
        """Return what limits the tries in flight to one host and port of this workspace."""
        return self._hosts.setdefault(host, asyncio.Semaphore(most))

    def take_ended(self) -> Flight | None:
        """Take out a flight that has ended, or None; on a clock that stands only the one in front."""
        for key, flight in self.flights.items():
            if flight.ended:
                del self.flights[key]
                return flight
            if self.workspace.clock.stopped:
                return None
        return None

    def in_lane(self, session_id: str, url: str) -> Flight | None:
        """Return the flight of a transaction's first try to a URL, if one is under way."""
        return next(
            (
                flight
                for flight in self.flights.values()
                if flight.order.number == 1
                and flight.order.session_id == session_id
                and flight.order.url == url
            ),
            None,
        )

    def ring_in(self, delay: float, ring: Callable[[], None]) -> None:
        """Call `ring` after so many seconds, unless something earlier is planned already."""
        loop = asyncio.get_running_loop()
        when = loop.time() + delay
        if self._timer is not None:
            # Kept here, because uvloop's handle of a call at once does not know its time.
            if self._rings_at <= when:
                return
            self._timer.cancel()
        self._rings_at = when
        self._timer = loop.call_at(when, ring)

    def stop_timer(self) -> None:
        """Forget what was planned."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
