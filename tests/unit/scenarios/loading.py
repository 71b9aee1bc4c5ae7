"""The loader as the program has it, and its complaints as a test wants to see them."""

from pathlib import Path
from typing import Final

from sandbox.scenarios.loader import ScenarioLoader
from sandbox.scenarios.problems import InvalidScenario, ScenarioProblem

CHECKOUT: Final = Path(__file__).resolve().parents[3]
LOADER: Final = ScenarioLoader((CHECKOUT / "specs" / "scenario.schema.json").read_bytes())


def problems_of(content: str | bytes) -> tuple[ScenarioProblem, ...]:
    """Return what is wrong with a text; nothing when it loads."""
    try:
        LOADER.load(content, source="shop.yaml")
    except InvalidScenario as error:
        return error.problems
    return ()
