"""Scenarios by name: the ready ones, loaded when first used, and those that hide them.

Folders are given as objects that list and open their files, a `pathlib.Path` or a resource of the
package; this module knows no place of its own.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from importlib.resources.abc import Traversable
from typing import Final

from sandbox.scenarios.loader import ScenarioLoader
from sandbox.scenarios.matching import MatchIndex
from sandbox.scenarios.model import Scenario
from sandbox.scenarios.problems import InvalidScenario, ScenarioProblem

_SUFFIXES: Final = (".yaml", ".yml", ".json")
_DEEPEST: Final = 16


def load_folder(folder: Traversable, loader: ScenarioLoader) -> tuple[Scenario, ...]:
    """Load every scenario of a folder and the folders in it, ordered by path.

    Names that begin with a dot are passed over, as are files that are neither YAML nor JSON.

    Raises:
        InvalidScenario: with the mistakes of all files, and two scenarios of one name.
    """
    if not folder.is_dir():
        raise InvalidScenario([_of_file(str(folder), "there is no such folder")])
    scenarios: list[Scenario] = []
    problems: list[ScenarioProblem] = []
    for path, file in scenario_files(folder):
        try:
            scenarios.append(load_file(file, loader, source=path, position=len(scenarios)))
        except InvalidScenario as error:
            problems += error.problems
    problems += _twins(scenarios)
    if problems:
        raise InvalidScenario(problems)
    return tuple(scenarios)


def load_file(
    file: Traversable, loader: ScenarioLoader, *, source: str, position: int = 0
) -> Scenario:
    """Load one file, named `source` in problems.

    Raises:
        InvalidScenario: with its mistakes, or the reason why it cannot be read.
    """
    try:
        content = file.read_bytes()
    except OSError as error:
        reason = f"it cannot be read: {error.strerror}"
        raise InvalidScenario([_of_file(source, reason)]) from None
    return loader.load(content, source=source, position=position)


class BuiltInScenarios:
    """The ready scenarios: each file is named after its scenario and loaded when first used."""

    def __init__(self, folder: Traversable, loader: ScenarioLoader) -> None:
        self._loader = loader
        self._files = {_stem(path): (path, file) for path, file in scenario_files(folder)}
        self._loaded: dict[str, Scenario] = {}

    @property
    def names(self) -> tuple[str, ...]:
        """All names, sorted; nothing is loaded for them."""
        return tuple(sorted(self._files))

    def find(self, name: str) -> Scenario | None:
        """Return the scenario of this name, or None.

        Raises:
            InvalidScenario: its file has mistakes, or another name inside.
        """
        if name not in self._loaded:
            if name not in self._files:
                return None
            path, file = self._files[name]
            scenario = load_file(file, self._loader, source=path)
            if scenario.name != name:
                said = f"it holds the scenario `{scenario.name}`"
                hint = f"name the file {scenario.name}.yaml, or the scenario {name}"
                raise InvalidScenario([_of_file(path, said, hint)])
            self._loaded[name] = scenario
        return self._loaded[name]


class ScenarioLibrary:
    """What every workspace can choose from: the merchant's scenarios, and the ready ones.

    A scenario of the merchant's hides a ready one of its name.
    """

    def __init__(self, *, built_in: BuiltInScenarios, own: Iterable[Scenario] = ()) -> None:
        self._built_in = built_in
        self._own: Mapping[str, Scenario] = {each.name: each for each in own}
        self._index = MatchIndex(self._own.values())

    def names(self) -> tuple[str, ...]:
        """Return all names, sorted, each once."""
        return tuple(sorted({*self._own, *self._built_in.names}))

    def named(self, name: str) -> Scenario | None:
        """Return the scenario of this name, or None.

        Raises:
            InvalidScenario: a ready scenario's file has mistakes.
        """
        return self._own.get(name) or self._built_in.find(name)

    def matching(self, fields: Mapping[str, object]) -> Scenario | None:
        """Return the merchant's first scenario whose `match` takes a checkout with these fields.

        Ready scenarios are never asked: they are chosen by name only.

        Source: DESIGN (precedence).
        """
        return self._index.first(fields)


def scenario_files(
    folder: Traversable, within: str = "", depth: int = 0
) -> Iterator[tuple[str, Traversable]]:
    """List scenario files by path, as `folder/file.yaml` relative to the folder asked for."""
    if not folder.is_dir():
        return
    for entry in sorted(folder.iterdir(), key=lambda each: each.name):
        path = f"{within}{entry.name}"
        if entry.name.startswith("."):
            continue
        if entry.is_dir():
            # A link that leads back up would never end.
            if depth < _DEEPEST:
                yield from scenario_files(entry, f"{path}/", depth + 1)
        elif entry.name.endswith(_SUFFIXES):
            yield path, entry


def _stem(path: str) -> str:
    return path.rsplit("/", 1)[-1].rsplit(".", 1)[0]


def _twins(scenarios: Sequence[Scenario]) -> Iterator[ScenarioProblem]:
    first: dict[str, Scenario] = {}
    for scenario in scenarios:
        twin = first.setdefault(scenario.name, scenario)
        if twin is not scenario:
            yield _of_file(
                scenario.source,
                f"the scenario `{scenario.name}` is also in {twin.source}",
                "give one of the two another name",
            )


def _of_file(file: str, message: str, hint: str = "") -> ScenarioProblem:
    return ScenarioProblem(file=file, line=1, column=1, path="", message=message, hint=hint)
