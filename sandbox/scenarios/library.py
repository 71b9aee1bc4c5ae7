"""Scenarios by name: the ready ones, loaded when first used, and those that hide them.

Folders are given as objects that list and open their files, a `pathlib.Path` or a resource of the
package; this module knows no place of its own.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from importlib.resources.abc import Traversable
from typing import Final

from sandbox.scenarios.cases import KEY as FOR_EACH
from sandbox.scenarios.drafts import Draft, unreadable
from sandbox.scenarios.inheritance import NO_PARENTS, Family, Member, Parents
from sandbox.scenarios.loader import ScenarioLoader
from sandbox.scenarios.matching import MatchIndex
from sandbox.scenarios.model import Scenario
from sandbox.scenarios.problems import InvalidScenario, ScenarioProblem

_SUFFIXES: Final = (".yaml", ".yml", ".json")
_DEEPEST: Final = 16


def load_folder(
    folder: Traversable, loader: ScenarioLoader, elsewhere: Parents = NO_PARENTS
) -> tuple[Scenario, ...]:
    """Load every scenario of a folder and the folders in it, ordered by path.

    Names that begin with a dot are passed over, as are files that are neither YAML nor JSON.
    Scenarios may extend others of the folder, and those `elsewhere`.

    Raises:
        InvalidScenario: with the mistakes of all files, and two scenarios of one name.
    """
    if not folder.is_dir():
        raise InvalidScenario([_of_file(str(folder), "there is no such folder")])
    family = Family(loader.finish, elsewhere)
    members: list[Member] = []
    for path, file in scenario_files(folder):
        drafts = draft_file(file, loader, source=path, position=len(members))
        members += map(family.add, drafts)
    scenarios, problems = family.scenarios(members)
    problems = (*problems, *_twins(scenarios))
    if problems:
        raise InvalidScenario(problems)
    return scenarios


def draft_file(
    file: Traversable, loader: ScenarioLoader, *, source: str, position: int = 0
) -> tuple[Draft, ...]:
    """Return what one file holds, named `source` in problems; at least one draft."""
    try:
        content = file.read_bytes()
    except OSError as error:
        problem = _of_file(source, f"it cannot be read: {error.strerror}")
        return (unreadable(source, problem, position),)
    return loader.drafts(content, source=source, position=position)


class BuiltInScenarios:
    """The ready scenarios: each file is named after its scenario and loaded when first used.

    A file with `for each` holds those whose names begin with its own.
    """

    def __init__(self, folder: Traversable, loader: ScenarioLoader) -> None:
        self._loader = loader
        self._files = {_stem(path): (path, file) for path, file in scenario_files(folder)}
        self._loaded: dict[str, tuple[Scenario, ...]] = {}
        self._names: tuple[str, ...] = ()

    @property
    def files(self) -> tuple[str, ...]:
        """The names of all files without their endings, sorted; nothing is read for them."""
        return tuple(sorted(self._files))

    @property
    def names(self) -> tuple[str, ...]:
        """All names, sorted; only files with `for each` are read for them.

        One that makes no cases has its mistakes told when it is asked for by its own name.
        """
        if not self._names:
            names: set[str] = set()
            for stem in self._files:
                drafts = self._drafts_of(stem) if self._may_have_cases(stem) else ()
                names |= {each.name for each in drafts if each.has_cases} or {stem}
            self._names = tuple(sorted(names))
        return self._names

    @property
    def parents(self) -> Parents:
        """The ready scenarios, for others to extend."""
        return Parents(find=self.find, names=lambda: self.names)

    def find(self, name: str) -> Scenario | None:
        """Return the scenario of this name, or None.

        Raises:
            InvalidScenario: its file has mistakes, or another name inside.
        """
        stem = name if name in self._files else self._file_with_case(name)
        return next((each for each in self.of_file(stem) if each.name == name), None)

    def of_file(self, stem: str) -> tuple[Scenario, ...]:
        """Return all scenarios of a file: one, or its cases; none where there is no such file.

        Raises:
            InvalidScenario: the file has mistakes, or another name inside.
        """
        if stem not in self._loaded:
            if stem not in self._files:
                return ()
            self._loaded[stem] = self._load(stem)
        return self._loaded[stem]

    def _load(self, stem: str) -> tuple[Scenario, ...]:
        drafts = self._drafts_of(stem)
        # There is nothing to extend beyond the ready ones; their names are for hints.
        strangers = Parents(find=lambda _: None, names=lambda: self.names)
        family = Family(self._loader.finish, strangers)
        members = [family.add(each) for each in drafts]
        for each in self._extended_by(drafts):
            family.add(each)
        scenarios, problems = family.scenarios(members)
        if problems:
            raise InvalidScenario(problems)
        base = drafts[0].base
        if base != stem:
            said = f"it holds the scenario `{base}`"
            hint = f"name the file {base}.yaml, or the scenario {stem}"
            raise InvalidScenario([_of_file(self._files[stem][0], said, hint)])
        return scenarios

    def _drafts_of(self, stem: str) -> tuple[Draft, ...]:
        path, file = self._files[stem]
        return draft_file(file, self._loader, source=path)

    def _extended_by(self, drafts: Sequence[Draft]) -> list[Draft]:
        """Return all that these drafts extend, over any number of files."""
        found = {draft.name: draft for draft in drafts}
        waiting = list(drafts)
        while waiting:
            name = waiting.pop().extends
            stem = name if name in self._files else self._file_with_case(name)
            further = self._drafts_of(stem) if stem else ()
            waiting += (each for each in further if each.name not in found)
            found |= {each.name: each for each in further if each.name not in found}
        return list(found.values())[len(drafts) :]

    def _file_with_case(self, name: str) -> str:
        """Return the file that may hold a scenario of this name among others, or nothing."""
        stems = [stem for stem in self._files if name.startswith(f"{stem}-")]
        return max((stem for stem in stems if self._may_have_cases(stem)), key=len, default="")

    def _may_have_cases(self, stem: str) -> bool:
        try:
            return FOR_EACH.encode() in self._files[stem][1].read_bytes()
        except OSError:
            return False


class ScenarioLibrary:
    """What every workspace can choose from: the merchant's scenarios, and the ready ones.

    A scenario of the merchant's hides a ready one of its name.
    """

    def __init__(self, *, built_in: BuiltInScenarios, own: Iterable[Scenario] = ()) -> None:
        self._built_in = built_in
        self._own: Mapping[str, Scenario] = {each.name: each for each in own}
        self._index = MatchIndex(self._own.values())

    def replace_own(self, own: Iterable[Scenario]) -> Mapping[str, Scenario]:
        """Take these as the merchant's scenarios from now on; return those that were, by name."""
        before = self._own
        self._own = {each.name: each for each in own}
        self._index = MatchIndex(self._own.values())
        return before

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
