"""`extends`: what a scenario takes over from another one, and which one that is.

A key of the child stands in place of the parent's, lists wholly; `settings`, `operations`,
`channels` and `expect` are joined key by key, one level deep. `null` takes away what the parent
has. The name, `match` and `for each` belong to their own file and are not taken over.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from sandbox.scenarios import cases
from sandbox.scenarios.drafts import Draft
from sandbox.scenarios.model import Scenario
from sandbox.scenarios.problems import InvalidScenario, ScenarioProblem, written
from sandbox.scenarios.variables import ValuePath
from sandbox.scenarios.wording import listing, nearest, shortened

KEY: Final = "extends"
JOINED: Final = ("settings", "operations", "channels", "expect")
INHERITED: Final = (
    *("description", "settings", "payment", "timeline", "operations", "inquiry"),
    *("channels", "webhooks", "api", "play", "expect"),
)
# Null is a value of some settings: no URL, all states.
_TAKEN_AWAY_IN: Final = ("operations", "channels", "expect")

Document = Mapping[str, object]
Finish = Callable[[Draft, Scenario | None, Sequence[ScenarioProblem]], Scenario]


@dataclass(frozen=True, kw_only=True, slots=True)
class Parents:
    """Scenarios from elsewhere that may be extended; `find` may raise InvalidScenario."""

    find: Callable[[str], Scenario | None]
    names: Callable[[], Iterable[str]]


NO_PARENTS: Final = Parents(find=lambda _: None, names=tuple)


def taken_away(document: Document) -> tuple[ValuePath, ...]:
    """Return where a child takes something of its parent away with `null`."""
    if KEY not in document:
        return ()
    found: list[ValuePath] = []
    for key, value in document.items():
        if value is None and key in INHERITED:
            found.append((key,))
        elif key in _TAKEN_AWAY_IN and isinstance(value, dict):
            found += [(key, inner) for inner, each in value.items() if each is None]
    return tuple(found)


def without(document: Document, paths: Iterable[ValuePath]) -> dict[str, object]:
    """Return a document without these values, and without mappings that this leaves empty."""
    left = dict(document)
    for key, *inner in paths:
        outer = left.get(str(key))
        if inner and isinstance(outer, dict):
            kept = {name: value for name, value in outer.items() if name != inner[0]}
            left[str(key)] = kept
            if kept:
                continue
        left.pop(str(key), None)
    return left


def joined(child: Document, parent: Document, name: str) -> Document:
    """Return what a valid child says together with what it takes over from its valid parent."""
    away = taken_away(child)
    inherited: dict[str, object] = {"scenario": name}
    inherited |= {key: value for key, value in parent.items() if key in INHERITED}
    whole = without(inherited, away)
    for key, value in without(child, away).items():
        earlier = whole.get(key)
        both = key in JOINED and isinstance(value, dict) and isinstance(earlier, dict)
        whole[key] = {**earlier, **value} if both else value  # type: ignore[dict-item]
    made = {key: value for key, value in whole.items() if key not in (KEY, cases.KEY)}
    return {**made, "scenario": name}


def not_there(draft: Draft, away: Iterable[ValuePath], parent: Scenario) -> list[ScenarioProblem]:
    """Tell of what a draft takes away from a parent that does not have it."""
    problems = []
    for path in away:
        inner: object = parent.document
        outer: Document = {}
        for key in path:
            outer = inner if isinstance(inner, Mapping) else {}
            inner = outer.get(str(key))
        if inner is None:
            said = f"`{parent.name}` has no `{written(path)}` that could be taken away"
            near = nearest(str(path[-1]), outer)
            hint = f"did you mean `{near}`?" if near else "write a value, or leave the key out"
            problems.append(draft.problem(path, said, hint))
    return problems


@dataclass(kw_only=True, slots=True, eq=False)
class Member:
    """A scenario of a family: its draft until it is finished, its result from then on."""

    name: str
    base: str
    extends: str
    position: int
    lacks_cases: bool
    draft: Draft | None
    result: Scenario | InvalidScenario | None = None


class Family:
    """The drafts of one place, each finished after the one that it extends.

    A draft finds its parent among the others first, then elsewhere. One that extends its own name
    means the one elsewhere, which it hides. Of two of one name the first counts.
    """

    def __init__(self, finish: Finish, elsewhere: Parents) -> None:
        self._members: dict[str, Member] = {}
        self._finish = finish
        self._elsewhere = elsewhere

    def add(self, draft: Draft) -> Member:
        """Take a draft in; one that extends nothing is finished, so that its text can go."""
        member = Member(
            name=draft.name,
            base=draft.base,
            extends=draft.extends,
            position=draft.position,
            lacks_cases=draft.lacks_cases,
            draft=draft,
        )
        self._members.setdefault(member.name, member)
        if not member.extends:
            self._complete(member)
        return member

    def scenario(self, member: Member) -> Scenario:
        """Return the scenario of a member, when all that it extends has been added.

        Raises:
            InvalidScenario: with the mistakes of the draft and of those that it extends.
        """
        line = [member]
        above = {member}
        while line[-1].draft is not None:
            parent = self._near(line[-1])
            if parent is None:
                self._complete(line[-1])
            elif parent in above:
                self._refuse_circle(line[line.index(parent) :])
            else:
                line.append(parent)
                above.add(parent)
        for each in reversed(line):
            self._complete(each)
        if isinstance(member.result, Scenario):
            return member.result
        raise member.result or InvalidScenario(())

    def scenarios(
        self, members: Iterable[Member]
    ) -> tuple[tuple[Scenario, ...], tuple[ScenarioProblem, ...]]:
        """Return the scenarios of members, and the mistakes of those that make none, each once."""
        found: list[Scenario] = []
        problems: list[ScenarioProblem] = []
        for member in members:
            try:
                found.append(self.scenario(member))
            except InvalidScenario as error:
                problems += error.problems
        return tuple(found), tuple(dict.fromkeys(problems))

    def _near(self, member: Member) -> Member | None:
        name = member.extends
        if not name or name == member.name:
            return None
        if name in self._members:
            return self._members[name]
        uncounted = (each for each in self._members.values() if each.lacks_cases)
        return next((each for each in uncounted if name.startswith(f"{each.base}-")), None)

    def _complete(self, member: Member) -> None:
        """Finish a member whose parent is finished, or stands elsewhere."""
        draft = member.draft
        if draft is None:
            return
        parent: Scenario | None = None
        problems: tuple[ScenarioProblem, ...] = ()
        near = self._near(member)
        try:
            if near is not None:
                parent = self.scenario(near)
            elif member.extends:
                parent = self._elsewhere.find(member.extends)
                problems = () if parent else (self._unknown(draft),)
        except InvalidScenario as error:
            problems = error.problems
        self._end(member, draft, parent, problems)

    def _end(
        self,
        member: Member,
        draft: Draft,
        parent: Scenario | None,
        problems: Sequence[ScenarioProblem],
    ) -> None:
        try:
            member.result = self._finish(draft, parent, problems)
        except InvalidScenario as error:
            member.result = error
        member.draft = None

    def _refuse_circle(self, circle: Sequence[Member]) -> None:
        """Tell of the circle once, in the first of its files."""
        first = min(range(len(circle)), key=lambda number: circle[number].position)
        way = " → ".join(each.name for each in (*circle[first:], *circle[:first], circle[first]))
        drafts = [(each, each.draft) for each in circle if each.draft is not None]
        problem = next(
            draft.problem((KEY,), f"it extends itself: {way}", _END_IT)
            for each, draft in drafts
            if each is circle[first]
        )
        for each, draft in drafts:
            self._end(each, draft, None, (problem,))

    def _unknown(self, draft: Draft) -> ScenarioProblem:
        name = draft.extends
        if name == draft.name:
            said = f"it extends itself, and no other scenario is named `{shortened(name)}`"
            return draft.problem((KEY,), said, _END_IT)
        known = sorted({*self._known(draft), *self._elsewhere.names()})
        of_name = [each for each in known if each.startswith(f"{name}-")]
        near = nearest(name, known)
        if any(each.base == name for each in self._members.values()):
            hint = f"it has several cases; name one: {listing(of_name)}"
        else:
            hint = f"did you mean `{near}`?" if near else f"it can be {listing(known)}"
        return draft.problem((KEY,), f"no scenario is named `{shortened(name)}`", hint)

    def _known(self, draft: Draft) -> Iterator[str]:
        return (name for name in self._members if name and name != draft.name)


_END_IT: Final = "let one of them extend nothing, or another one"
