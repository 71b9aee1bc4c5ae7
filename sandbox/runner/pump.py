"""What is under way for one workspace: tries in flight, and who waits for them."""

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from sandbox.engine.tries import TryOrder, TryResult
from sandbox.engine.workspace import Workspace

TryKey = tuple[str, int]


@dataclass(kw_only=True, slots=True)
class Flight:
    """A try in flight. `result` stays None when it has used up the grace of a stopped clock."""

    order: TryOrder
    epoch: int
    landed: asyncio.Event = field(default_factory=asyncio.Event)
    ended: bool = False
    result: TryResult | None = None


class Pump:
    """The runner's own state for one workspace.

    `flights` is in agenda order: their results are applied in this order on a clock that stands.
    """

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace
        self.flights: OrderedDict[TryKey, Flight] = OrderedDict()
        self._timer: asyncio.Handle | None = None
        self._rings_at = 0.0
        self.advancing = False
        self._hosts: dict[str, asyncio.Semaphore] = {}

    def host_limit(self, host: str, most: int) -> asyncio.Semaphore:
        """Return what limits the tries in flight to one host and port of this workspace."""
        return self._hosts.setdefault(host, asyncio.Semaphore(most))

    def landed(self) -> Iterator[tuple[TryKey, Flight]]:
        """Take out the flights from the front that have ended, in order."""
        while self.flights:
            key, flight = next(iter(self.flights.items()))
            if not flight.ended:
                return
            del self.flights[key]
            yield key, flight

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
