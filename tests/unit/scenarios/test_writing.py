"""A scenario that is written and read again is the same one."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.commands.scenario_files import load
from sandbox.scenarios.model import Scenario
from sandbox.scenarios.writing import write_scenario
from tests.unit.scenarios.loading import CHECKOUT, LOADER

DOCUMENT = (CHECKOUT / "docs" / "scenarios.md").read_text(encoding="utf-8")
SHOWN = [
    text
    for text in re.findall(r"^```yaml\n(.*?)^```$", DOCUMENT, re.DOTALL | re.MULTILINE)
    if "extends:" not in text and "${" not in text and "for each" not in text
]


@pytest.mark.parametrize("scenario", load(()).scenarios, ids=lambda each: each.name)
def test_every_ready_scenario_is_read_again_as_it_was(scenario: Scenario) -> None:
    assert LOADER.load(write_scenario(scenario), source=scenario.source) == scenario


@pytest.mark.parametrize("text", SHOWN)
def test_every_key_of_the_language_is_written(text: str) -> None:
    scenario = LOADER.load(text)

    assert LOADER.load(write_scenario(scenario)) == scenario


@given(st.text(max_size=40))
def test_any_text_is_written_so_that_it_is_read_again(text: str) -> None:
    wanted = text.encode("utf-8", "replace").decode()
    scenario = Scenario(name="a", description=f"it {wanted}")

    assert LOADER.load(write_scenario(scenario)).description == f"it {wanted}"


def test_what_is_written_is_what_people_write(tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text(
        write_scenario(
            LOADER.load("scenario: mine\npayment: [{outcome: failed, gateway_code: 51}]")
        )
    )

    assert file.read_text().splitlines() == [
        "scenario: mine",
        "payment:",
        '  - {outcome: failed, gateway_code: "51"}',
    ]
