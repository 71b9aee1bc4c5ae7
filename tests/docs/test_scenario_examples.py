"""The examples of docs/scenarios.md that say what they expect play as they say."""

import asyncio
import re
from collections.abc import Mapping
from pathlib import Path

import pytest

from sandbox.commands.scenario_files import load
from sandbox.playing.player import Played
from sandbox.playing.stage import stage
from tests.cli.program import CHECKOUT

PAGE = (CHECKOUT / "docs" / "scenarios.md").read_text(encoding="utf-8")
EXAMPLES = [
    example
    for example in re.findall(r"^```yaml\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
    if "\nexpect:" in example
]
COMPOSED = [
    "declined-then-paid-told-late",
    "slow-shop",
    "text-arrives-late-sms",
    "text-arrives-late-whatsapp",
    "first-message-refused-sms-21211",
    "first-message-refused-email-5-1-2",
    "first-message-refused-whatsapp-132001",
]


async def play_all(folder: Path) -> Mapping[str, Played]:
    loaded = load([str(folder)])
    assert loaded.problems == ()
    async with stage() as play_on:
        return {each.name: await play_on.play(each) for each in loaded.scenarios}


@pytest.fixture(scope="module")
def plays(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Played]:
    """Play every example once, from files as a reader would write them."""
    folder = tmp_path_factory.mktemp("examples")
    for number, example in enumerate(EXAMPLES):
        (folder / f"{number}.yaml").write_text(example, encoding="utf-8")
    return asyncio.run(play_all(folder))


def test_an_example_plays_as_it_says(plays: Mapping[str, Played]) -> None:
    assert {name: list(map(str, each.differences)) for name, each in plays.items()} == {
        name: [] for name in plays
    }


@pytest.mark.parametrize("name", COMPOSED)
def test_an_example_of_composition_is_played_by_its_name(
    plays: Mapping[str, Played], name: str
) -> None:
    assert plays[name].steps
