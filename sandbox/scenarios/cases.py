"""`for each`: one file, several scenarios, each named after the values that it is for.

A mapping of lists makes a case of every combination; a list of mappings names each case itself.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product
from typing import Final

from yaml import ScalarEvent

from sandbox.scenarios.documents import Document
from sandbox.scenarios.positions import Branch, event_at, locate
from sandbox.scenarios.problems import PathKey, ScenarioProblem, written
from sandbox.scenarios.texts import MAX_BYTES
from sandbox.scenarios.variables import holds_placeholder
from sandbox.scenarios.wording import shortened

KEY: Final = "for each"
MAX_CASES: Final = 100
MAX_NAME: Final = 64
_MAX_UNFOLDED: Final = 2 * MAX_BYTES
_VARIABLE: Final = re.compile(r"[a-z][a-z0-9_]*", re.ASCII)
_NOT_NAMING: Final = re.compile(r"[^a-z0-9]+", re.ASCII)


@dataclass(frozen=True, kw_only=True, slots=True)
class Case:
    """One scenario of a file: what its name ends in, and its variables as texts.

    `each` of None is that of a file whose `for each` cannot be read.
    """

    suffix: str
    each: Mapping[str, str] | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Cases:
    """What `for each` asks for; no cases where it cannot be read. `known` are its variables."""

    cases: tuple[Case, ...] = ()
    known: tuple[str, ...] = ()
    problems: tuple[ScenarioProblem, ...] = ()


def read_cases(document: Document, base: str, source: str) -> Cases:
    """Read the `for each` of a document that has one.

    What has not the form of the schema makes no cases, and no problem here: the schema tells it.
    """
    reader = _Reader(document=document, base=base, source=source)
    return reader.read()


def variable_path(document: Document, name: str) -> tuple[PathKey, ...]:
    """Return where a variable of `for each` is made."""
    value = document.value
    listed = isinstance(value, Mapping) and isinstance(value.get(KEY), list)
    return (KEY, 0, name) if listed else (KEY, name)


@dataclass(kw_only=True, slots=True)
class _Reader:
    document: Document
    base: str
    source: str
    problems: list[ScenarioProblem] = field(default_factory=list)

    def read(self) -> Cases:
        value = self.document.value
        asked = value.get(KEY) if isinstance(value, Mapping) else None
        if isinstance(asked, dict) and asked and all(map(_is_values, asked.values())):
            known = tuple(asked)
            size = 1
            for each in asked.values():
                size *= len(each)
            paths = self._combinations(asked) if size <= MAX_CASES else iter(())
        elif isinstance(asked, list) and asked and all(map(_is_case, asked)):
            known = tuple(asked[0])
            size = len(asked)
            paths = self._listed(asked) if size <= MAX_CASES else iter(())
        else:
            return Cases()
        if not all(map(_VARIABLE.fullmatch, known)):
            return Cases()
        tree = self.document.tree
        if size > MAX_CASES:
            self._complain((KEY,), f"it makes {size} cases, and {MAX_CASES} is the most")
        elif isinstance(tree, Branch) and size * tree.size > _MAX_UNFOLDED:
            self._complain((KEY,), "its cases unfold to more than 2 MiB", "split the scenario")
        else:
            cases = tuple(self._case(dict(zip(known, each, strict=True))) for each in paths)
            if not self.problems:
                self._check_names(cases)
            if not self.problems:
                return Cases(cases=tuple(case for case, _ in cases), known=known)
        return Cases(problems=tuple(self.problems))

    def _combinations(
        self, asked: Mapping[str, Sequence[object]]
    ) -> Iterator[tuple[tuple[PathKey, ...], ...]]:
        """Give, for each case, where the value of each variable stands."""
        return product(
            *([(KEY, name, number) for number in range(len(each))] for name, each in asked.items())
        )

    def _listed(
        self, asked: Sequence[Mapping[str, object]]
    ) -> Iterator[tuple[tuple[PathKey, ...], ...]]:
        known = asked[0].keys()
        for number, case in enumerate(asked):
            lacking = next((name for name in known if name not in case), None)
            further = next((name for name in case if name not in known), None)
            if lacking is not None:
                said = f"the case lacks `{lacking}`, which the first one has"
                self._complain((KEY, number), said, f"add `{lacking}:`")
            elif further is not None:
                said = f"the case has `{further}`, which the first one lacks"
                self._complain((KEY, number, further), said, "give all cases the same variables")
            else:
                yield tuple((KEY, number, name) for name in known)

    def _case(self, paths: Mapping[str, tuple[PathKey, ...]]) -> tuple[Case, tuple[PathKey, ...]]:
        """Return a case, and where the last value that names it stands."""
        each: dict[str, str] = {}
        suffix = ""
        at: tuple[PathKey, ...] = (KEY,)
        for name, at in paths.items():
            event = event_at(self.document.tree, at)
            text = event.value if isinstance(event, ScalarEvent) else ""
            slug = _NOT_NAMING.sub("-", text.lower()).strip("-")
            if holds_placeholder(text):
                said = "the values of `for each` name scenarios, so they cannot hold `${…}`"
                self._complain(at, said, "write the values out")
            elif not slug:
                said = f"`{shortened(text)}` gives the case no name"
                self._complain(at, said, "use a value with letters or digits")
            each[name] = text
            suffix += f"-{slug}"
        return Case(suffix=suffix, each=each), at

    def _check_names(self, cases: Sequence[tuple[Case, tuple[PathKey, ...]]]) -> None:
        seen: set[str] = set()
        for case, at in cases:
            name = f"{self.base}{case.suffix}"
            if len(name) > MAX_NAME:
                said = f"the case's name has more than {MAX_NAME} characters: {name}"
                self._complain(at, said, "shorten the scenario's name, or the value")
            elif name in seen:
                said = f"two cases have the name `{name}`"
                self._complain(at, said, "leave one out, or let their letters and digits differ")
            seen.add(name)

    def _complain(self, path: tuple[PathKey, ...], message: str, hint: str = "") -> None:
        place = locate(self.document.tree, path)
        problem = ScenarioProblem(
            file=self.source,
            line=place.line,
            column=place.column,
            path=written(path),
            message=message,
            hint=hint,
        )
        if problem not in self.problems:
            self.problems.append(problem)


def _is_values(values: object) -> bool:
    return isinstance(values, list) and bool(values) and all(map(_is_value, values))


def _is_case(case: object) -> bool:
    return isinstance(case, dict) and bool(case) and all(map(_is_value, case.values()))


def _is_value(value: object) -> bool:
    return isinstance(value, str | int | bool) and len(str(value)) <= MAX_NAME
