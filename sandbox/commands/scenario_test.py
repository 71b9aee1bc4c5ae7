"""`ottu-sandbox scenario test`: plays scenarios and compares with what they expect."""

import asyncio
from collections.abc import Iterator, Sequence
from pathlib import Path
from time import perf_counter

from sandbox.commands import junit
from sandbox.commands.scenario_files import load
from sandbox.playing.player import Played
from sandbox.playing.stage import stage
from sandbox.scenarios.model import Scenario
from sandbox.scenarios.problems import ScenarioProblem


def run(paths: Sequence[str], report: Path | None = None) -> int:
    """Play what the paths name; return 0 when all is as expected, else 1.

    With `report`, what came of it is written there as JUnit XML too.
    """
    loaded = load(paths)
    cases = asyncio.run(_play_all(loaded.scenarios))
    for problem in loaded.problems:
        print(problem)
    failed = sum(bool(case.failure) for case in cases)
    unreadable = list(_unreadable(loaded.problems))
    if report is not None:
        junit.write([*cases, *unreadable], report)
    counts = (
        (len(cases) - failed, "passed"),
        (failed, "failed"),
        (len(unreadable), "not readable"),
    )
    print(", ".join(f"{count} {said}" for count, said in counts if count))
    return 1 if failed or unreadable else 0


async def _play_all(scenarios: Sequence[Scenario]) -> list[junit.Case]:
    """Play and report each; return what came of them."""
    cases = []
    async with stage() as played_on:
        for scenario in scenarios:
            began = perf_counter()
            played = await played_on.play(scenario)
            told = "\n".join(_told(played)) if played.differences else ""
            _report(scenario, told)
            cases.append(
                junit.Case(
                    name=scenario.name,
                    source=scenario.source,
                    seconds=perf_counter() - began,
                    failure=told,
                )
            )
    return cases


def _report(scenario: Scenario, told: str) -> None:
    if not told:
        remark = "" if scenario.expect else "  (expects nothing)"
        print(f"ok    {scenario.name}{remark}")
        return
    print(f"FAIL  {scenario.name}  ({scenario.source})")
    for line in told.splitlines():
        print(f"      {line}")


def _told(played: Played) -> Iterator[str]:
    """Yield what differs and what was done, line by line."""
    for difference in played.differences:
        yield str(difference)
    yield "what was done:"
    for step, reply in played.steps:
        yield f"  {step} → {reply.status or reply.error}"


def _unreadable(problems: Sequence[ScenarioProblem]) -> Iterator[junit.Case]:
    """Yield a case for each file with mistakes."""
    for file in dict.fromkeys(problem.file for problem in problems):
        said = "\n".join(str(problem) for problem in problems if problem.file == file)
        yield junit.Case(name=Path(file).stem, source=file, error=said)
