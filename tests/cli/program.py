"""The real program, started as a user starts it."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final

PROGRAM: Final = (sys.executable, "-m", "sandbox")
CHECKOUT: Final = Path(__file__).parents[2]
READY: Final = "ottu-sandbox ready: "
PATIENCE: Final = 60.0


@dataclass(frozen=True, slots=True)
class Ended:
    """What a program said until its end."""

    code: int
    out: str
    err: str


def environment(extra: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return this process's environment without settings of the sandbox, and with `extra`."""
    own = {name: text for name, text in os.environ.items() if not name.startswith("OTTU_SANDBOX_")}
    return {**own, "PYTHONPATH": str(CHECKOUT), **(extra or {})}


def run(
    *arguments: str, folder: Path = CHECKOUT, variables: Mapping[str, str] | None = None
) -> Ended:
    """Run a command to its end."""
    ended = subprocess.run(
        [*PROGRAM, *arguments],
        cwd=folder,
        env=environment(variables),
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE,
    )
    return Ended(ended.returncode, ended.stdout, ended.stderr)


class Server:
    """A sandbox in a process of its own."""

    def __init__(self, process: "subprocess.Popen[str]", url: str) -> None:
        self.url = url
        self._process = process

    def end(self, number: signal.Signals = signal.SIGTERM) -> Ended:
        """Tell it to end and wait for that."""
        self._process.send_signal(number)
        out, err = self._process.communicate(timeout=PATIENCE)
        return Ended(self._process.returncode, out, err)


@contextmanager
def serving(
    *arguments: str, folder: Path = CHECKOUT, variables: Mapping[str, str] | None = None
) -> Iterator[Server]:
    """Start a server on a free port and wait until it is ready."""
    process = subprocess.Popen(
        [*PROGRAM, "serve", "--port", "0", *arguments],
        cwd=folder,
        env=environment(variables),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        line = _first_line(process.stdout)
        assert line.startswith(READY), (line, process.stderr and process.stderr.read())
        yield Server(process, line.removeprefix(READY).rstrip("\n"))
    finally:
        process.kill()
        process.communicate(timeout=PATIENCE)


def _first_line(stream: IO[str] | None) -> str:
    return stream.readline() if stream is not None else ""


def lines(text: str) -> Sequence[str]:
    """Return the lines of a text that are not empty."""
    return [line for line in text.splitlines() if line.strip()]
