"""The scenarios that a command is given: ready ones by name, files, and folders of files."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.resources.abc import Traversable
from pathlib import Path

from sandbox import resources
from sandbox.domain.errors import SandboxError
from sandbox.scenarios.library import BuiltInScenarios, load_file, scenario_files
from sandbox.scenarios.loader import ScenarioLoader
from sandbox.scenarios.model import Scenario
from sandbox.scenarios.problems import InvalidScenario, ScenarioProblem
from sandbox.scenarios.wording import nearest


class UnknownScenarios(SandboxError):
    """A path leads nowhere, and no ready scenario has that name."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Loaded:
    """The scenarios in the order given, how many files were read, and what is wrong in them."""

    scenarios: tuple[Scenario, ...]
    problems: tuple[ScenarioProblem, ...]
    files: int


def load(paths: Sequence[str]) -> Loaded:
    """Load what the paths name; all ready scenarios when there are none.

    Raises:
        UnknownScenarios: a path is neither file, folder nor the name of a ready scenario.
    """
    specs = resources.specs()
    loader = ScenarioLoader((specs / "scenario.schema.json").read_bytes())
    ready = BuiltInScenarios(resources.scenarios(), loader)
    scenarios: list[Scenario] = []
    problems: list[ScenarioProblem] = []
    seen: dict[str, str] = {}
    files = 0
    for path in paths or ready.names:
        named = not Path(path).exists() and path in ready.names
        for source, file in [(path, None)] if named or not paths else _files(path, ready.names):
            files += 1
            try:
                scenario = _load(source, file, ready, loader)
            except InvalidScenario as error:
                problems += error.problems
                continue
            if scenario.name in seen:
                problems.append(_twin(scenario, source, seen[scenario.name]))
            else:
                seen[scenario.name] = source
                scenarios.append(scenario)
    return Loaded(scenarios=tuple(scenarios), problems=tuple(problems), files=files)


def _load(
    source: str, file: Traversable | None, ready: BuiltInScenarios, loader: ScenarioLoader
) -> Scenario:
    if file is not None:
        return load_file(file, loader, source=source)
    found = ready.find(source)
    if found is None:
        raise UnknownScenarios(f"{source}: no ready scenario has this name.")
    return found


def _files(path: str, ready: Sequence[str]) -> Iterator[tuple[str, Traversable]]:
    place = Path(path)
    if place.is_dir():
        found = [(str(place / inner), file) for inner, file in scenario_files(place)]
        if not found:
            raise UnknownScenarios(f"{path}: the folder has no YAML or JSON file.")
        yield from found
    elif place.exists():
        yield path, place
    else:
        near = nearest(path, ready)
        meant = f" Did you mean `{near}`?" if near else ""
        raise UnknownScenarios(
            f"{path}: there is no such file or folder, and no ready scenario has this name.{meant}"
        )


def _twin(scenario: Scenario, source: str, first: str) -> ScenarioProblem:
    return ScenarioProblem(
        file=source,
        line=1,
        column=1,
        path="scenario",
        message=f"the scenario `{scenario.name}` is also in {first}",
        hint="give one of the two another name",
    )
