"""The result as tables for people, in Markdown."""

import platform
from collections.abc import Iterable, Iterator
from importlib.metadata import version
from statistics import median
from typing import Final

from benchmarks.goals import LEVELS, Goal, ratio
from benchmarks.rounds import CONNECTIONS, NAMES, Cell, Effort, Growth, Results
from benchmarks.servers import Cores

_CALLS: Final = ("notification", "checkout")
_SATURATED: Final = 0.9


def report(
    effort: Effort, cores: Cores, results: Results, growth: Growth, judged: Iterable[Goal]
) -> str:
    """Return everything that was measured, and which goals are met."""
    return "\n".join(
        [
            *_conditions(effort, cores),
            "",
            *_starts(results),
            "",
            *_rates(results),
            "",
            *_memory(growth),
            "",
            *_goals(judged),
        ]
    )


def _conditions(effort: Effort, cores: Cores) -> Iterator[str]:
    parts = ", ".join(f"{name} {version(name)}" for name in ("aiohttp", "uvloop", "orjson"))
    yield f"Python {platform.python_version()}, {parts}."
    pinned = "server on one core, load on another" if cores.server is not None else "cores shared"
    turns = effort.rounds * effort.turns
    yield f"{pinned.capitalize()}; medians of {turns} turns of {effort.seconds:g} s each."


def _starts(results: Results) -> Iterator[str]:
    yield "| server | start to first answer, ms | memory after start, MiB |"
    yield "|---|---:|---:|"
    for name in NAMES:
        start, memory = median(results.starts[name]), median(results.resident[name])
        yield f"| {name} | {start:.0f} | {memory:.0f} |"


def _rates(results: Results) -> Iterator[str]:
    yield "| call, connections | server | requests/s | p50 ms | p99 ms | CPU µs | x bare |"
    yield "|---|---|---:|---:|---:|---:|---:|"
    busy = False
    for call in _CALLS:
        for connections in CONNECTIONS:
            for name in NAMES:
                turns = results.turns[Cell(server=name, call=call, connections=connections)]
                rate = median(turn.seen.rate for turn in turns)
                p50, p99 = (median(turn.seen.percentile(at) for turn in turns) for at in (50, 99))
                work = median(turn.work for turn in turns)
                times = 1.0 if name == "bare" else ratio(results, call, connections)
                busy = busy or median(turn.seen.busy for turn in turns) > _SATURATED
                yield (
                    f"| {call}, {connections} | {name} | {rate:,.0f} "
                    f"| {p50:.2f} | {p99:.2f} | {work:.0f} | {times:.2f} |"
                )
    if busy:
        yield ""
        yield "The load was busy all the time in some runs, so servers were not the limit there."


def _memory(growth: Growth) -> Iterator[str]:
    yield "| kept transactions | memory before, MiB | after, MiB | each, KiB |"
    yield "|---:|---:|---:|---:|"
    yield (
        f"| {growth.transactions:,} | {growth.before:.0f} "
        f"| {growth.after:.0f} | {growth.each:.1f} |"
    )


def _goals(judged: Iterable[Goal]) -> Iterator[str]:
    yield f"| figure | measured | {' | '.join(LEVELS)} |"
    yield f"|---|---:|{'---|' * len(LEVELS)}"
    for goal in judged:
        verdicts = " | ".join(_verdict(goal, limit) for limit in goal.limits)
        yield f"| {goal.name} | {goal.figure:.2f} {goal.unit} | {verdicts} |"


def _verdict(goal: Goal, limit: float | None) -> str:
    if limit is None:
        return ""
    sign = "≤" if goal.at_most else "≥"
    return f"{sign} {limit:g} {'met' if goal.is_met(limit) else 'NOT met'}"
