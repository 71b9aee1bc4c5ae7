"""`ottu-sandbox scenario record`: the scenario of what happened to a payment, read from a server."""

import asyncio
import re
import sys
from pathlib import Path
from typing import Final
from urllib.parse import quote, urlencode

from sandbox import resources
from sandbox.commands.control_client import ControlClient, Refused
from sandbox.domain.errors import SandboxError
from sandbox.playing.player import Played
from sandbox.playing.stage import stage
from sandbox.scenarios.loader import ScenarioLoader
from sandbox.scenarios.model import Scenario

_NAME: Final = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*", re.ASCII)


class CannotWrite(SandboxError):
    """The scenario cannot be written to that file."""


def run(client: ControlClient, session_id: str, name: str | None, file: Path | None) -> int:
    """Write the scenario to the file or standard output; return 1 where it plays otherwise.

    Without a name, the scenario is named after the file.
    """
    if name is None and file is not None and _NAME.fullmatch(file.stem):
        name = file.stem
    query = f"?{urlencode({'name': name})}" if name else ""
    try:
        text = client.read(f"/transactions/{quote(session_id, safe='')}/scenario{query}")
    except Refused as refused:
        print(refused, file=sys.stderr)
        return 1
    _write(text, file)
    schema = (resources.specs() / "scenario.schema.json").read_bytes()
    played = asyncio.run(_play(ScenarioLoader(schema).load(text)))
    for difference in played.differences:
        print(difference, file=sys.stderr)
    if played.differences:
        print("The recorded scenario plays otherwise, as above.", file=sys.stderr)
        return 1
    return 0


def _write(text: bytes, file: Path | None) -> None:
    if file is None:
        print(text.decode(), end="", flush=True)
        return
    try:
        file.write_bytes(text)
    except OSError as error:
        raise CannotWrite(f"{file}: {error.strerror}.") from None
    print(f"written: {file}")


async def _play(scenario: Scenario) -> Played:
    async with stage() as played_on:
        return await played_on.play(scenario)
