"""A document made into drafts: one, or one for each case, with its variables put in."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from sandbox.scenarios import cases
from sandbox.scenarios.cases import Case, Cases, read_cases
from sandbox.scenarios.documents import Document
from sandbox.scenarios.drafts import Draft
from sandbox.scenarios.problems import ScenarioProblem
from sandbox.scenarios.variables import Filled, Variables, fill, holds_placeholder


@dataclass(frozen=True, kw_only=True, slots=True)
class Drafting:
    """Makes the drafts of one text.

    `read_in_place` gives what was put in the meaning that its place asks for.
    """

    text: str
    source: str
    position: int
    variables: Variables
    read_in_place: Callable[[Filled], None]

    def drafts(self, document: Document, problems: Sequence[ScenarioProblem]) -> tuple[Draft, ...]:
        """Return the drafts of a document, at least one; `problems` are those of its text."""
        value = document.value
        name = value.get("scenario") if isinstance(value, dict) else None
        base = name if isinstance(name, str) else ""
        if not isinstance(value, dict) or cases.KEY not in value:
            return (self._draft(document, base, Case(suffix="", each={}), self.position, problems),)
        found = read_cases(document, base, self.source)
        if not found.cases:
            told = (*problems, *found.problems)
            return (self._draft(document, base, Case(suffix="", each=None), self.position, told),)
        drafts = [
            self._draft(document, base, case, self.position + number, problems)
            for number, case in enumerate(found.cases)
        ]
        told = (*_unused(drafts, found, document), *_matching_alike(drafts))
        return tuple(replace(each, problems=(*each.problems, *told)) for each in drafts)

    def _draft(
        self,
        document: Document,
        base: str,
        case: Case,
        position: int,
        problems: Sequence[ScenarioProblem],
    ) -> Draft:
        filled = Filled(document=document)
        if holds_placeholder(self.text):
            filled = fill(document, replace(self.variables, each=case.each), self.source)
            self.read_in_place(filled)
        return Draft(
            name=f"{base}{case.suffix}",
            base=base,
            filled=filled,
            problems=(*problems, *filled.problems),
            text=self.text,
            source=self.source,
            position=position,
        )


def _unused(drafts: Sequence[Draft], found: Cases, document: Document) -> list[ScenarioProblem]:
    used = {name for each in drafts if each.filled for name in each.filled.used}
    return [
        drafts[0].problem(
            cases.variable_path(document, name),
            f"the variable `{name}` is used nowhere",
            f"write `${{each.{name}}}` where it belongs, or leave it out",
        )
        for name in found.known
        if name not in used
    ]


def _matching_alike(drafts: Sequence[Draft]) -> list[ScenarioProblem]:
    """Tell of cases that a checkout could never choose between."""
    seen: list[object] = []
    for draft in drafts:
        value = draft.filled.document.value if draft.filled else None
        match = value.get("match") if isinstance(value, Mapping) else None
        if match is not None and match in seen:
            said = "two cases match the same checkouts, so the first one would take them all"
            return [draft.problem(("match",), said, "use a variable of `for each` in it")]
        seen.append(match)
    return []
