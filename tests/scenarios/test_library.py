"""Every ready scenario plays as it says, and each line that it expects is really looked at."""

import asyncio
from collections.abc import Iterator, Mapping
from dataclasses import replace

import pytest

from sandbox.commands.scenario_files import load
from sandbox.domain.states import State
from sandbox.playing.player import Played
from sandbox.playing.stage import stage
from sandbox.scenarios.expectation import compare
from sandbox.scenarios.model import Scenario
from sandbox.scenarios.plays import Expect

Lines = tuple[Mapping[str, object], ...]

READY = {scenario.name: scenario for scenario in load(()).scenarios}


def expected_by(scenario: Scenario) -> Expect:
    return scenario.expect or Expect()


def altered(value: object) -> object:
    """Return a value of the same kind that nothing has."""
    if isinstance(value, Mapping):
        return {key: altered(each) for key, each in value.items()}
    return value + 1 if isinstance(value, int) else f"not {value}"


def with_lines(expect: Expect, name: str, lines: Lines) -> Expect:
    return replace(expect, **{name: lines})  # type: ignore[arg-type]  # messages, webhooks or answers


def alterations(scenario: Scenario) -> Iterator[tuple[str, Expect]]:
    """Change each expected line, and each field of it, one at a time; and leave each line out."""
    expect = expected_by(scenario)
    states = expect.states or ()
    for at in range(len(states)):
        wrong = State.CANCELED if states[at] is State.INVALIDED else State.INVALIDED
        yield f"states[{at}]", replace(expect, states=(*states[:at], wrong, *states[at + 1 :]))
        if states[at] is not State.PENDING:
            yield f"states[{at}] left out", replace(expect, states=states[:at] + states[at + 1 :])
    for name in ("messages", "webhooks", "answers"):
        lines: Lines = getattr(expect, name) or ()
        for at, line in enumerate(lines):
            for key, value in line.items():
                wrong_line = {**line, key: altered(value)}
                wrong_lines = (*lines[:at], wrong_line, *lines[at + 1 :])
                yield f"{name}[{at}].{key}", with_lines(expect, name, wrong_lines)
        if name != "messages" and getattr(expect, name) is not None:
            for at in range(len(lines)):
                fewer = lines[:at] + lines[at + 1 :]
                yield f"{name}[{at}] left out", with_lines(expect, name, fewer)
            more = (*lines, {"status": "more"})
            yield f"{name} with one more", with_lines(expect, name, more)


CHANGED = [(name, what) for name, each in READY.items() for what, _ in alterations(each)]


async def played(*scenarios: Scenario) -> Mapping[str, Played]:
    """Play scenarios one after another, on one stage."""
    async with stage() as play_on:
        return {scenario.name: await play_on.play(scenario) for scenario in scenarios}


@pytest.fixture(scope="module")
def plays() -> Mapping[str, Played]:
    """Play each ready scenario once."""
    return asyncio.run(played(*READY.values()))


@pytest.mark.parametrize("name", READY)
def test_a_ready_scenario_plays_as_it_says(plays: Mapping[str, Played], name: str) -> None:
    assert list(map(str, plays[name].differences)) == []


@pytest.mark.parametrize(("name", "what"), CHANGED)
def test_each_expected_line_counts(plays: Mapping[str, Played], name: str, what: str) -> None:
    wrong = dict(alterations(READY[name]))[what]

    assert compare(wrong, plays[name].observed)


def test_a_scenario_plays_the_same_alone_and_after_others(
    plays: Mapping[str, Played],
) -> None:
    name = "declined-then-paid"

    alone = asyncio.run(played(READY[name]))

    assert alone[name].observed == plays[name].observed


@pytest.mark.parametrize("name", READY)
def test_a_ready_scenario_expects_something_of_states_messages_and_webhooks(name: str) -> None:
    expect = expected_by(READY[name])

    assert expect.states
    assert expect.messages is not None
    assert expect.webhooks is not None
