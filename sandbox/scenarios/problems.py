"""What is wrong with a scenario file: each problem with its place and its mend."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from sandbox.domain.errors import SandboxError

PathKey = str | int
_SHOWN: Final = 60


@dataclass(frozen=True, kw_only=True, slots=True)
class ScenarioProblem:
    """One mistake in a file; lines and columns count from 1.

    `path` leads to the value, such as `channels.sms[0].fail`; it is empty for the whole file.
    `hint` says what to write instead, where that is known.
    """

    file: str
    line: int
    column: int
    path: str
    message: str
    hint: str = ""

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}:{self.column}"
        what = f"{self.path}: {self.message}" if self.path else self.message
        return f"{where}: {what}; {self.hint}" if self.hint else f"{where}: {what}"


class InvalidScenario(SandboxError):
    """The scenario cannot be used as it is written."""

    def __init__(self, problems: Iterable[ScenarioProblem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(map(str, self.problems)))


def written(path: Iterable[PathKey]) -> str:
    """Write a path as people do: `channels.sms[0].fail`."""
    text = ""
    for key in path:
        if isinstance(key, int):
            text += f"[{key}]"
        else:
            text += f".{key[:_SHOWN]}" if text else key[:_SHOWN]
    return text
