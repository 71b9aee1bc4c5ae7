"""The measurements: bare and sandbox in turns, so that what disturbs the machine disturbs both."""

import json
from collections.abc import Iterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from statistics import median
from typing import Final

from benchmarks import calls, load
from benchmarks.load import Measured
from benchmarks.servers import COMMANDS, Cores, Server, started

CONNECTIONS: Final = (1, 32)
NAMES: Final = tuple(COMMANDS)
_WARM_UP: Final = 300
# More than the journal keeps, so that its growth is not taken for that of the payments.
_JOURNAL: Final = 16_000
_KIB: Final = 1024


@dataclass(frozen=True, kw_only=True, slots=True)
class Effort:
    """How much is measured: rounds, starts a round, turns a round, seconds a turn, what is kept."""

    rounds: int = 5
    starts: int = 3
    turns: int = 4
    seconds: float = 0.5
    kept: int = 50_000


FULL: Final = Effort()
QUICK: Final = Effort(rounds=1, starts=1, turns=2, seconds=0.1, kept=1_000)


@dataclass(frozen=True, kw_only=True, slots=True)
class Cell:
    """One call at one number of connections, at one server."""

    server: str
    call: str
    connections: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Turn:
    """One server's turn: what the load saw, and the server's own work for a request, in µs."""

    seen: Measured
    work: float


@dataclass(kw_only=True, slots=True)
class Results:
    """Everything that was measured; starts in ms, memory in MiB, one item a start or a turn."""

    starts: dict[str, list[float]] = field(default_factory=lambda: {name: [] for name in NAMES})
    resident: dict[str, list[float]] = field(default_factory=lambda: {name: [] for name in NAMES})
    turns: dict[Cell, list[Turn]] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True)
class Growth:
    """What many kept transactions did: memory in MiB, and how the calls went meanwhile.

    `last_to_first` is the rate of the last tenth over that of the first. `longest` is the longest
    that a checkout took in a tenth, the median of the ten, as the very longest is mostly the
    machine's own; `p99` that of checkouts after them; both in ms.
    """

    transactions: int
    before: float
    after: float
    last_to_first: float
    longest: float
    p99: float

    @property
    def each(self) -> float:
        """KiB that a kept transaction takes."""
        return (self.after - self.before) * _KIB / self.transactions


async def measure(effort: Effort, cores: Cores) -> Results:
    """Measure starts, memory after start, and the rates and latencies of both calls."""
    results = Results()
    for name in NAMES:
        async with started(name, cores, next(calls.checkouts())):
            """Not counted: it warms the caches of the file system."""
    for _ in range(effort.rounds):
        for _ in range(effort.starts - 1):
            for name in NAMES:
                async with started(name, cores, next(calls.checkouts())) as server:
                    _note_start(results, server)
        async with AsyncExitStack() as stack:
            servers = [
                await stack.enter_async_context(started(name, cores, next(calls.checkouts())))
                for name in NAMES
            ]
            for server in servers:
                _note_start(results, server)
            await _measure_calls(effort, servers, results)
    return results


async def measure_growth(effort: Effort, cores: Cores) -> Growth:
    """Measure what the sandbox's kept transactions cost in memory and in time."""
    async with started("sandbox", cores, next(calls.checkouts())) as server:
        session_id = json.loads(server.first_answer)["session_id"]
        reads = calls.retrievals(session_id)
        await load.for_count(server.url, reads, _JOURNAL, connections=8)
        before = server.resident()
        requests = calls.checkouts()
        tenth = effort.kept // 10
        tenths = [
            await load.for_count(server.url, requests, tenth, connections=1) for _ in range(10)
        ]
        after = server.resident()
        last = await load.for_seconds(server.url, requests, effort.seconds, connections=1)
        return Growth(
            transactions=tenth * 10,
            before=before,
            after=after,
            last_to_first=tenths[-1].rate / tenths[0].rate,
            longest=median(each.longest for each in tenths),
            p99=last.percentile(99),
        )


async def _measure_calls(effort: Effort, servers: list[Server], results: Results) -> None:
    for call in ("notification", "checkout"):
        requests = {server.name: await _requests(server, call) for server in servers}
        for server in servers:
            await load.for_count(
                server.url, requests[server.name], _WARM_UP, connections=CONNECTIONS[0]
            )
        for connections in CONNECTIONS:
            for _ in range(effort.turns):
                for server in servers:
                    worked = server.worked()
                    seen = await load.for_seconds(
                        server.url, requests[server.name], effort.seconds, connections=connections
                    )
                    work = (server.worked() - worked) * 1e6 / len(seen.latencies)
                    cell = Cell(server=server.name, call=call, connections=connections)
                    results.turns.setdefault(cell, []).append(Turn(seen=seen, work=work))


async def _requests(server: Server, call: str) -> Iterator[bytes]:
    if call == "checkout":
        return calls.checkouts()
    made = json.loads(await load.ask(server.url, calls.checkout_told_by_email()))
    return calls.notifications(made["session_id"])


def _note_start(results: Results, server: Server) -> None:
    results.starts[server.name].append(server.start)
    results.resident[server.name].append(server.resident())
