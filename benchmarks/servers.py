"""The servers under measurement, as processes of their own on a core of their own."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import Final

from benchmarks import load

_CHECKOUT: Final = Path(__file__).resolve().parent.parent
_PATIENCE: Final = 30.0
COMMANDS: Final[Mapping[str, tuple[str, ...]]] = {
    "bare": ("-m", "benchmarks.bare"),
    "sandbox": ("-m", "sandbox", "serve", "--port", "0"),
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Cores:
    """The core that servers run on, and the core of the load; None where there is but one."""

    server: int | None = None
    load: int | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Server:
    """A server that answers. `start` is what it took from its start to its first answer, in ms."""

    name: str
    url: str
    pid: int
    start: float
    first_answer: bytes

    def resident(self) -> float:
        """Return its resident memory in MiB; 0 where the system does not tell."""
        status = Path(f"/proc/{self.pid}/status")
        if not status.exists():
            return 0.0
        line = next(one for one in status.read_text().splitlines() if one.startswith("VmRSS:"))
        return int(line.split()[1]) / 1024

    def worked(self) -> float:
        """Return the seconds that cores have worked for it; 0 where the system does not tell."""
        statistics = Path(f"/proc/{self.pid}/schedstat")
        if not statistics.exists():
            return 0.0
        return int(statistics.read_text().split()[0]) / 1e9


def divide_cores() -> Cores:
    """Keep this process, the load, to one core and leave another to the servers, if there are two."""
    if sys.platform != "linux":
        return Cores()
    usable = sorted(os.sched_getaffinity(0))
    if len(usable) == 1:
        return Cores()
    cores = Cores(server=usable[0], load=usable[1])
    os.sched_setaffinity(0, {usable[1]})
    return cores


@asynccontextmanager
async def started(name: str, cores: Cores, first_request: bytes) -> AsyncIterator[Server]:
    """Start a server, wait for its first answer, and end it."""
    began = perf_counter()
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *COMMANDS[name],
        cwd=_CHECKOUT,
        env=_environment(),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        if sys.platform == "linux" and cores.server is not None:
            os.sched_setaffinity(process.pid, {cores.server})
        url = await asyncio.wait_for(_ready(process), _PATIENCE)
        answer = await load.ask(url, first_request)
        start = (perf_counter() - began) * 1000
        yield Server(name=name, url=url, pid=process.pid, start=start, first_answer=answer)
    finally:
        await _end(process)


def _environment() -> dict[str, str]:
    """Return the environment without options of the sandbox; bytecode is kept, as installers do."""
    return {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("OTTU_SANDBOX_") and name != "PYTHONDONTWRITEBYTECODE"
    }


async def _ready(process: asyncio.subprocess.Process) -> str:
    line = await process.stdout.readline() if process.stdout else b""
    text, _, url = line.decode().strip().partition(" ready: ")
    if not url:
        raise RuntimeError(f"The server did not start: {text or 'it said nothing'}.")
    return url.split()[0]


async def _end(process: asyncio.subprocess.Process) -> None:
    if process.returncode is not None:
        return
    process.terminate()
    try:
        await asyncio.wait_for(process.wait(), _PATIENCE)
    except TimeoutError:
        process.kill()
        await process.wait()
