"""A scenario between its file and its meaning: variables put in, its parent not yet looked up."""

from collections.abc import Sequence
from dataclasses import dataclass

from sandbox.scenarios.positions import START, locate
from sandbox.scenarios.problems import PathKey, ScenarioProblem, written
from sandbox.scenarios.variables import Filled


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Draft:
    """One scenario of a file, or one case of it.

    `name` has the case's suffix, `base` has not; both are empty where the file has no name.
    `filled` is None where the text cannot be read. `problems` are those of the text, its variables
    and its cases; the schema has not been asked yet.
    """

    name: str
    base: str
    filled: Filled | None
    problems: tuple[ScenarioProblem, ...]
    text: str
    source: str
    position: int

    @property
    def has_cases(self) -> bool:
        """Whether it is one case of a file that has several."""
        return self.name != self.base

    @property
    def lacks_cases(self) -> bool:
        """Whether it stands for all cases of a file whose `for each` cannot be read."""
        value = self.filled.document.value if self.filled else None
        return not self.has_cases and isinstance(value, dict) and "for each" in value

    @property
    def extends(self) -> str:
        """The name of the scenario that it takes over from; empty for none."""
        value = self.filled.document.value if self.filled else None
        name = value.get("extends") if isinstance(value, dict) else None
        known = isinstance(name, str) and self.filled and "extends" not in self.filled.unknown
        return str(name) if known else ""

    def problem(self, path: Sequence[PathKey], message: str, hint: str = "") -> ScenarioProblem:
        """Say what is wrong at a place of the file."""
        place = locate(self.filled.document.tree, path) if self.filled else START
        return ScenarioProblem(
            file=self.source,
            line=place.line,
            column=place.column,
            path=written(path),
            message=message,
            hint=hint,
        )


def unreadable(source: str, problem: ScenarioProblem, position: int = 0) -> Draft:
    """Return the draft of a text that is no document."""
    return Draft(
        name="",
        base="",
        filled=None,
        problems=(problem,),
        text="",
        source=source,
        position=position,
    )
