"""Measure the sandbox beside a bare aiohttp server: `python -m benchmarks [--quick]`."""

import argparse
import asyncio

from benchmarks.goals import goals
from benchmarks.report import report
from benchmarks.rounds import FULL, QUICK, Effort, measure, measure_growth
from benchmarks.scenarios import measure_scenarios, scenario_goals
from benchmarks.servers import divide_cores


async def run(effort: Effort) -> str:
    """Measure all and return the report."""
    cores = divide_cores()
    results = await measure(effort, cores)
    growth = await measure_growth(effort, cores)
    judged = [*goals(results, growth), *scenario_goals(await measure_scenarios())]
    return report(effort, cores, results, growth, judged)


def main() -> None:
    """Print the report; figures decide nothing about the exit code, a broken server does."""
    parser = argparse.ArgumentParser(prog="benchmarks", description=__doc__)
    parser.add_argument(
        "--quick", action="store_true", help="a few seconds: does it run, not how fast"
    )
    effort = QUICK if parser.parse_args().quick else FULL
    with asyncio.Runner(loop_factory=_loop) as runner:
        print(runner.run(run(effort)))


def _loop() -> asyncio.AbstractEventLoop:
    import uvloop  # noqa: PLC0415 - not there on every platform

    return uvloop.new_event_loop()


if __name__ == "__main__":
    main()
