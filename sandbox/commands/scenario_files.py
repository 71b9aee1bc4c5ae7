"""The scenarios that a command is given: ready ones by name, files, and folders of files."""

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from sandbox import resources
from sandbox.domain.errors import SandboxError
from sandbox.scenarios.drafts import Draft
from sandbox.scenarios.inheritance import Family, Member
from sandbox.scenarios.library import BuiltInScenarios, draft_file, scenario_files
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

    Files may extend each other, files beside them in their folder, and the ready scenarios.

    Raises:
        UnknownScenarios: a path is neither file, folder nor the name of a ready scenario.
    """
    specs = resources.specs()
    loader = ScenarioLoader((specs / "scenario.schema.json").read_bytes(), os.environ)
    ready = BuiltInScenarios(resources.scenarios(), loader)
    family = Family(loader.finish, ready.parents)
    gathering = _Gathering(loader=loader, ready=ready, family=family)
    for path in paths or ready.files:
        if paths and Path(path).exists():
            gathering.take_files(_files(path))
        else:
            gathering.take_ready(path)
    return gathering.loaded()


@dataclass(kw_only=True, slots=True)
class _Gathering:
    """What the paths have named so far, in their order: drafts of files, and ready scenarios."""

    loader: ScenarioLoader
    ready: BuiltInScenarios
    family: Family
    found: list[Member | Scenario] = field(default_factory=list)
    problems: list[ScenarioProblem] = field(default_factory=list)
    read: list[Path] = field(default_factory=list)
    files: int = 0

    def take_files(self, files: Iterator[tuple[str, Path]]) -> None:
        """Read files; they may extend what is only named later."""
        for source, file in files:
            self.files += 1
            self.read.append(file)
            self.found += map(self.family.add, draft_file(file, self.loader, source=source))

    def take_ready(self, name: str) -> None:
        """Load the ready scenario of a name, or all cases of a ready file.

        Raises:
            UnknownScenarios: there is none.
        """
        try:
            found = self.ready.of_file(name)
            one = self.ready.find(name) if not found else None
        except InvalidScenario as error:
            self.problems += error.problems
            self.files += 1
            return
        if not found and one is None:
            near = nearest(name, self.ready.names)
            meant = f" Did you mean `{near}`?" if near else ""
            raise UnknownScenarios(
                f"{name}: there is no such file or folder, "
                f"and no ready scenario has this name.{meant}"
            )
        self.files += 1
        self.found += [one] if one else found

    def loaded(self) -> Loaded:
        """Return the scenarios; two of one name are a mistake."""
        for draft in self._beside():
            self.family.add(draft)
        scenarios: list[Scenario] = []
        problems: list[ScenarioProblem] = list(self.problems)
        seen: dict[str, str] = {}
        for each in self.found:
            if isinstance(each, Scenario):
                made: tuple[Scenario, ...] = (each,)
            else:
                made, wrong = self.family.scenarios([each])
                problems += wrong
            for scenario in made:
                if scenario.name in seen:
                    problems.append(_twin(scenario, scenario.source, seen[scenario.name]))
                else:
                    seen[scenario.name] = scenario.source
                    scenarios.append(scenario)
        return Loaded(
            scenarios=tuple(scenarios),
            problems=tuple(dict.fromkeys(problems)),
            files=self.files,
        )

    def _beside(self) -> Iterator[Draft]:
        """Read the other files of the folders, when one that was named extends a stranger."""
        members = [each for each in self.found if isinstance(each, Member)]
        if {each.extends for each in members} <= {"", *(each.name for each in members)}:
            return
        for folder in dict.fromkeys(file.parent for file in self.read):
            for name, file in scenario_files(folder):
                if "/" not in name and folder / name not in self.read:
                    yield from draft_file(file, self.loader, source=str(folder / name))


def _files(path: str) -> Iterator[tuple[str, Path]]:
    place = Path(path)
    if not place.is_dir():
        yield path, place
        return
    found = [place / inner for inner, _ in scenario_files(place)]
    if not found:
        raise UnknownScenarios(f"{path}: the folder has no YAML or JSON file.")
    yield from ((str(file), file) for file in found)


def _twin(scenario: Scenario, source: str, first: str) -> ScenarioProblem:
    return ScenarioProblem(
        file=source,
        line=1,
        column=1,
        path="scenario",
        message=f"the scenario `{scenario.name}` is also in {first}",
        hint="give one of the two another name",
    )
