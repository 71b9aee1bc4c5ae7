"""`ottu-sandbox scenario test`: plays scenarios and compares with what they expect."""

import asyncio
from collections.abc import Sequence

from sandbox.commands.scenario_files import load
from sandbox.playing.player import Played
from sandbox.playing.stage import stage
from sandbox.scenarios.model import Scenario


def run(paths: Sequence[str]) -> int:
    """Play what the paths name; return 0 when all is as expected, else 1."""
    loaded = load(paths)
    failed = asyncio.run(_play_all(loaded.scenarios))
    for problem in loaded.problems:
        print(problem)
    passed = len(loaded.scenarios) - failed
    unreadable = len({problem.file for problem in loaded.problems})
    counts = ((passed, "passed"), (failed, "failed"), (unreadable, "not readable"))
    print(", ".join(f"{count} {said}" for count, said in counts if count))
    return 1 if failed or unreadable else 0


async def _play_all(scenarios: Sequence[Scenario]) -> int:
    """Play and report each; return how many failed."""
    failed = 0
    async with stage() as played_on:
        for scenario in scenarios:
            played = await played_on.play(scenario)
            _report(played)
            failed += bool(played.differences)
    return failed


def _report(played: Played) -> None:
    scenario = played.scenario
    if not played.differences:
        remark = "" if scenario.expect else "  (expects nothing)"
        print(f"ok    {scenario.name}{remark}")
        return
    print(f"FAIL  {scenario.name}  ({scenario.source})")
    for difference in played.differences:
        for line in str(difference).splitlines():
            print(f"      {line}")
    print("      what was done:")
    for step, reply in played.steps:
        print(f"        {step} → {reply.status or reply.error}")
