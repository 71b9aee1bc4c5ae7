"""YAML or JSON text in, a scenario out; or every mistake in it at once, with place and mend."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from itertools import islice
from types import MappingProxyType
from typing import Final

import jsonschema_rs
from yaml import ScalarEvent

from sandbox.domain.durations import NotADuration, parse_duration
from sandbox.domain.setting_changes import READERS, InvalidSetting, changed_settings
from sandbox.domain.settings import WorkspaceSettings
from sandbox.scenarios import cases
from sandbox.scenarios.complaints import MAX_PROBLEMS, Complainer
from sandbox.scenarios.documents import Document, read
from sandbox.scenarios.drafting import Drafting
from sandbox.scenarios.drafts import Draft, unreadable
from sandbox.scenarios.inheritance import (
    NO_PARENTS,
    Family,
    Parents,
    joined,
    not_there,
    taken_away,
    without,
)
from sandbox.scenarios.meanings import read_in_place
from sandbox.scenarios.model import Scenario
from sandbox.scenarios.positions import START, Place, event_at, locate, place_of
from sandbox.scenarios.problems import InvalidScenario, PathKey, ScenarioProblem, written
from sandbox.scenarios.reading import read_scenario
from sandbox.scenarios.texts import TextProblem, Unreadable, checked, decode
from sandbox.scenarios.variables import (
    REQUEST_PREFIX,
    Filled,
    Variables,
    holds_placeholder,
)
from sandbox.scenarios.wording import listing, shortened

REQUEST: Final = "<request>"
_LONGEST: Final = timedelta(days=3660)
# Below these keys stands what a call or an answer carries, not the language.
_FREE: Final = frozenset({"checkout", "update", "inquire", "body", "payload", "initiator"})


class ScenarioLoader:
    """Reads scenarios by the rules of `specs/scenario.schema.json`, compiled once.

    `environment` is where `${NAME}` comes from.
    """

    def __init__(
        self, schema: str | bytes, environment: Mapping[str, str] = MappingProxyType({})
    ) -> None:
        self._schema: dict[str, object] = json.loads(schema)
        self._environment = environment
        self._validator = jsonschema_rs.validator_for(
            self._schema, formats={"sandbox-duration": is_duration}, validate_formats=True
        )

    def load(
        self,
        content: str | bytes,
        *,
        source: str = REQUEST,
        position: int = 0,
        parents: Parents = NO_PARENTS,
    ) -> Scenario:
        """Return the one scenario of a text; `source` names it in problems.

        `parents` has the scenarios that it may extend.

        Raises:
            InvalidScenario: with every mistake found, in the order of the text; also for a text
                with `for each`, which is several scenarios.
        """
        drafts = self.drafts(content, source=source, position=position)
        if drafts[0].has_cases:
            names = listing([each.name for each in drafts])
            said = f"it makes several scenarios ({names}), and here one is asked for"
            mend = "give each by itself, or keep the file in the folder of --scenarios"
            several = [drafts[0].problem((cases.KEY,), said, mend)]
            return self.finish(drafts[0], None, several)
        family = Family(self.finish, parents)
        return family.scenario(family.add(drafts[0]))

    def load_value(
        self,
        value: object,
        *,
        source: str = REQUEST,
        position: int = 0,
        parents: Parents = NO_PARENTS,
    ) -> Scenario:
        """Return the scenario of a JSON value that came inside something larger.

        Raises:
            InvalidScenario: as `load`; places count in the value written with indents.
        """
        try:
            text = json.dumps(value, indent=2)
        except (TypeError, ValueError, RecursionError):
            raise InvalidScenario([_problem(source, START, "it is not a JSON value")]) from None
        return self.load(text, source=source, position=position, parents=parents)

    def drafts(self, content: str | bytes, *, source: str, position: int = 0) -> tuple[Draft, ...]:
        """Return the scenarios of a text before they are joined with what they extend: at least one.

        Mistakes stand in the drafts, so that others that extend them can be told apart.
        """
        try:
            text = decode(content) if isinstance(content, bytes) else checked(content)
            document = read(text)
        except Unreadable as error:
            return (unreadable(source, _of_text(source, error.problem), position),)
        prefix = REQUEST_PREFIX if source == REQUEST else ""
        drafting = Drafting(
            source=source,
            text=text,
            position=position,
            variables=Variables(environment=self._environment, prefix=prefix),
            read_in_place=self._read_in_place,
        )
        return drafting.drafts(document, [_of_text(source, each) for each in document.problems])

    def finish(
        self, draft: Draft, parent: Scenario | None, troubles: Sequence[ScenarioProblem]
    ) -> Scenario:
        """Return the scenario of a draft, joined with the one that it extends.

        `troubles` are those met on the way to the parent.

        Raises:
            InvalidScenario: with the draft's own mistakes in the order of the text, and `troubles`.
        """
        filled = draft.filled
        value = filled.document.value if filled else None
        problems = [*draft.problems, *troubles]
        if filled is not None and isinstance(value, dict):
            away = taken_away(value)
            own = Document(value=without(value, away), tree=filled.document.tree)
            problems += self._problems(own, draft.source, filled)
            if parent is not None:
                problems += not_there(draft, away, parent)
            if not problems:
                return self._whole(draft, value, parent)
        elif filled is not None:
            problems += self._problems(filled.document, draft.source, filled)
        raise InvalidScenario(_in_order(problems, draft.source))

    def _whole(
        self, draft: Draft, value: Mapping[str, object], parent: Scenario | None
    ) -> Scenario:
        # A child and its parent are valid each; the schema has no rule over several keys that
        # one of them could break for the other.
        inherited = parent.document if parent else {}
        plain = parent is None and draft.name == draft.base
        document = value if plain else joined(value, inherited, draft.name)
        scenario = read_scenario(document, source=draft.source, position=draft.position)
        return replace(scenario, text=draft.text, document=document)

    def _problems(
        self, document: Document, source: str, filled: Filled
    ) -> Iterator[ScenarioProblem]:
        """Find what the schema and the settings have against a document.

        What could not be filled in has been told already.
        """
        problems: list[ScenarioProblem] = []
        if not self._validator.is_valid(document.value):
            complainer = Complainer(schema=self._schema, file=source, tree=document.tree)
            problems += complainer.problems(self._validator.iter_errors(document.value))
        told = {problem.path for problem in problems}
        problems += (
            problem
            for problem in (
                *islice(_lost_digits(document, source), MAX_PROBLEMS),
                *_settings(document, source),
            )
            if not any(path.startswith(problem.path) for path in told)
        )
        if not problems:
            return
        origins = {written(path): text for path, text in filled.origins.items()}
        for problem in problems:
            if problem.path in origins:
                origin = f" (from `{shortened(origins[problem.path])}`)"
                yield replace(problem, message=problem.message + origin)
            elif problem.path not in filled.unknown and not holds_placeholder(problem.path):
                yield problem

    def _read_in_place(self, filled: Filled) -> None:
        read_in_place(filled, self._validator)


def _in_order(problems: Sequence[ScenarioProblem], source: str) -> list[ScenarioProblem]:
    """Order problems by place, those of the file itself before those of files that it extends."""
    ordered = sorted(
        dict.fromkeys(problems),
        key=lambda each: (each.file != source, each.file, each.line, each.column, each.message),
    )
    return ordered[:MAX_PROBLEMS]


def is_duration(text: str) -> bool:
    """Tell whether a text is a duration that virtual time can hold: at most ten years."""
    try:
        return parse_duration(text) <= _LONGEST
    except (NotADuration, OverflowError):
        return False


def _lost_digits(document: Document, source: str) -> Iterator[ScenarioProblem]:
    for path in _numbers_with_a_point(document.value):
        event = event_at(document.tree, path)
        text = event.value if isinstance(event, ScalarEvent) else ""
        said = f"`{text}` is read as a number with a point, which loses digits"
        yield _problem(source, place_of(event), said, hint=f'quote it: "{text}"', path=path)


def _settings(document: Document, source: str) -> Iterator[ScenarioProblem]:
    """Find settings that the schema takes and a workspace would not, such as a bad URL."""
    settings = document.value.get("settings") if isinstance(document.value, dict) else None
    if not isinstance(settings, dict):
        return
    for name in READERS.keys() & settings.keys():
        try:
            changed_settings(WorkspaceSettings(), {name: settings[name]})
        except InvalidSetting as error:
            path = ("settings", name)
            yield _problem(source, locate(document.tree, path), error.expected, path=path)


def _numbers_with_a_point(document: object) -> Iterator[tuple[PathKey, ...]]:
    """Find numbers such as 5.000, which would arrive as 5.0 and not as their author reads them.

    The schema cannot see them all: to JSON Schema 5.0 is a whole number. In request and answer
    bodies, which are free, only amounts are meant.
    """
    waiting: list[tuple[tuple[PathKey, ...], object]] = [((), document)]
    while waiting:
        path, value = waiting.pop()
        if isinstance(value, dict):
            waiting += [((*path, key), each) for key, each in value.items()]
        elif isinstance(value, list):
            waiting += [((*path, number), each) for number, each in enumerate(value)]
        elif isinstance(value, float):
            free = not _FREE.isdisjoint(path)
            if not free or str(path[-1]).endswith("amount"):
                yield path


def _problem(
    source: str, place: Place, message: str, *, hint: str = "", path: Sequence[PathKey] = ()
) -> ScenarioProblem:
    return ScenarioProblem(
        file=source,
        line=place.line,
        column=place.column,
        path=written(path),
        message=message,
        hint=hint,
    )


def _of_text(source: str, problem: TextProblem) -> ScenarioProblem:
    return _problem(source, problem.place, problem.message, hint=problem.hint)
