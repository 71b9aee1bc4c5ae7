"""What the sandbox is meant to reach, and whether it does."""

from collections.abc import Callable
from dataclasses import dataclass
from statistics import median
from typing import Final

from benchmarks.rounds import Cell, Growth, Results

LEVELS: Final = ("first goal", "goal", "stretch")


@dataclass(frozen=True, kw_only=True, slots=True)
class Goal:
    """A figure with its limits, one for each of `first goal`, `goal` and `stretch`.

    A limit of None means that there is no such goal. `at_most` says which side is good.
    """

    name: str
    figure: float
    unit: str
    limits: tuple[float | None, float | None, float | None]
    at_most: bool

    def is_met(self, limit: float) -> bool:
        """Tell whether the figure is on the good side of a limit."""
        return self.figure <= limit if self.at_most else self.figure >= limit


def ratio(results: Results, call: str, connections: int) -> float:
    """Return the sandbox's rate over that of the bare server: the median of neighbouring turns."""
    sandbox, bare = (
        results.turns[Cell(server=name, call=call, connections=connections)]
        for name in ("sandbox", "bare")
    )
    return median(one.seen.rate / other.seen.rate for one, other in zip(sandbox, bare, strict=True))


def goals(results: Results, growth: Growth) -> list[Goal]:
    """Return every goal with what was measured for it."""
    start = median(results.starts["sandbox"]) / median(results.starts["bare"])
    at_most = _maker(at_most=True)
    at_least = _maker(at_most=False)
    return [
        at_most("start to first answer", start, "x bare", (2.0, 1.25, 1.1)),
        at_least(
            "notification, 1 connection",
            ratio(results, "notification", 1),
            "x bare",
            (0.8, 1.0, 1.1),
        ),
        at_least(
            "notification, 32 connections",
            ratio(results, "notification", 32),
            "x bare",
            (0.8, 1.0, 1.1),
        ),
        at_least(
            "checkout, 1 connection", ratio(results, "checkout", 1), "x bare", (0.5, 0.75, 0.9)
        ),
        at_least(
            "checkout, 32 connections", ratio(results, "checkout", 32), "x bare", (0.5, 0.6, 0.8)
        ),
        at_most(
            "memory after start", median(results.resident["sandbox"]), "MiB", (80.0, 60.0, None)
        ),
        at_most("memory of a kept transaction", growth.each, "KiB", (None, 6.0, 2.0)),
        at_most("checkout p99, many kept", growth.p99, "ms", (None, 2.0, None)),
        at_most("longest stall, many kept", growth.longest, "ms", (None, 20.0, 5.0)),
        at_least("rate, last tenth of kept", growth.last_to_first, "x first", (None, 0.9, 0.97)),
    ]


def _maker(
    *, at_most: bool
) -> Callable[[str, float, str, tuple[float | None, float | None, float | None]], Goal]:
    def make(
        name: str,
        figure: float,
        unit: str,
        limits: tuple[float | None, float | None, float | None],
    ) -> Goal:
        return Goal(name=name, figure=figure, unit=unit, limits=limits, at_most=at_most)

    return make
