"""Lets a call wait for what a workspace's next steps bring."""

import asyncio
from collections.abc import Callable

from sandbox.engine.workspace import Workspace


class Commits:
    """Who waits for a workspace to change; the engine tells it of each step."""

    def __init__(self) -> None:
        self._waiting: dict[str, set[asyncio.Event]] = {}

    def notify(self, workspace: Workspace) -> None:
        """Let those who wait for the workspace look again."""
        for event in self._waiting.get(workspace.name, ()):
            event.set()

    async def until(self, workspace: Workspace, holds: Callable[[], bool], seconds: float) -> bool:
        """Wait until something holds, at most so many seconds of real time; tell whether it does."""
        changed = asyncio.Event()
        waiting = self._waiting.setdefault(workspace.name, set())
        waiting.add(changed)
        try:
            async with asyncio.timeout(seconds):
                while not holds():
                    await changed.wait()
                    changed.clear()
        except TimeoutError:
            return holds()
        finally:
            waiting.discard(changed)
            if not waiting and self._waiting.get(workspace.name) is waiting:
                del self._waiting[workspace.name]
        return True
