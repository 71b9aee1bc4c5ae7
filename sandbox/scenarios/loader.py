"""YAML or JSON text in, a scenario out; or every mistake in it at once, with place and mend."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from itertools import islice
from typing import Final

import jsonschema_rs
from yaml import ScalarEvent

from sandbox.domain.durations import NotADuration, parse_duration
from sandbox.domain.setting_changes import READERS, InvalidSetting, changed_settings
from sandbox.domain.settings import WorkspaceSettings
from sandbox.scenarios.complaints import MAX_PROBLEMS, Complainer
from sandbox.scenarios.documents import Document, read
from sandbox.scenarios.model import Scenario
from sandbox.scenarios.positions import START, Place, event_at, locate, place_of
from sandbox.scenarios.problems import InvalidScenario, PathKey, ScenarioProblem, written
from sandbox.scenarios.reading import read_scenario
from sandbox.scenarios.texts import TextProblem, Unreadable, checked, decode

REQUEST: Final = "<request>"
_LONGEST: Final = timedelta(days=3660)
# Below these keys stands what a call or an answer carries, not the language.
_FREE: Final = frozenset({"checkout", "update", "inquire", "body", "payload", "initiator"})


class ScenarioLoader:
    """Reads scenarios by the rules of `specs/scenario.schema.json`, compiled once."""

    def __init__(self, schema: str | bytes) -> None:
        self._schema: dict[str, object] = json.loads(schema)
        self._validator = jsonschema_rs.validator_for(
            self._schema, formats={"sandbox-duration": is_duration}, validate_formats=True
        )

    def load(self, content: str | bytes, *, source: str = REQUEST, position: int = 0) -> Scenario:
        """Return the scenario of a text; `source` names it in problems and orders it in matches.

        Raises:
            InvalidScenario: with every mistake found, in the order of the text.
        """
        try:
            text = decode(content) if isinstance(content, bytes) else checked(content)
            document = read(text)
        except Unreadable as error:
            raise InvalidScenario([_of_text(source, error.problem)]) from None
        problems = tuple(self._problems(document, source))
        if problems or not isinstance(document.value, Mapping):
            raise InvalidScenario(problems)
        scenario = read_scenario(document.value, source=source, position=position)
        return replace(scenario, text=text)

    def load_value(self, value: object, *, source: str = REQUEST, position: int = 0) -> Scenario:
        """Return the scenario of a JSON value that came inside something larger.

        Raises:
            InvalidScenario: as `load`; places count in the value written with indents.
        """
        try:
            text = json.dumps(value, indent=2)
        except (TypeError, ValueError, RecursionError):
            raise InvalidScenario([_problem(source, START, "it is not a JSON value")]) from None
        return self.load(text, source=source, position=position)

    def _problems(self, document: Document, source: str) -> list[ScenarioProblem]:
        problems = [_of_text(source, problem) for problem in document.problems]
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
        ordered = sorted(set(problems), key=lambda each: (each.line, each.column, each.message))
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
