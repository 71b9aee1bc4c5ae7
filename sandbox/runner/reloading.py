"""Scenarios of `--scenarios` read again when their files change, while the server answers.

Changes are found by looking at the files' times and sizes now and then: that works in containers
and on network folders too, and needs no other package. What is read anew counts for new
transactions; those under way play on what they started with. While any file has a mistake, all
scenarios stay as they were.

Source: DESIGN (precedence, scenarios).
"""

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from sandbox.engine import steering
from sandbox.engine.engine import Engine
from sandbox.scenarios.library import ScenarioLibrary, scenario_files
from sandbox.scenarios.model import Scenario
from sandbox.scenarios.problems import InvalidScenario, ScenarioProblem

logger = logging.getLogger(__name__)

_Marks = Mapping[str, tuple[int, int, int]]


class ScenarioReloader:
    """Keeps the merchant's scenarios as their folder has them.

    `load` reads the whole folder. `problems` are the mistakes that keep the folder's newest form
    from being used; `reloads` counts how often a new form was taken over.
    """

    def __init__(
        self,
        folder: Path,
        load: Callable[[], Sequence[Scenario]],
        library: ScenarioLibrary,
        engine: Engine,
    ) -> None:
        self.folder = folder
        self.problems: tuple[ScenarioProblem, ...] = ()
        self.reloads = 0
        self._load = load
        self._library = library
        self._engine = engine
        self._marks = _marks(folder)

    async def watch(self, interval: float) -> None:
        """Look every so many seconds, until cancelled."""
        while True:
            await asyncio.sleep(interval)
            try:
                await self.look()
            except Exception as failure:
                # A folder that cannot be looked at now may be there again the next time.
                logger.exception("scenarios of %s", self.folder, exc_info=failure)

    async def look(self) -> bool:
        """Take over what has changed; tell whether anything had."""
        marks = await asyncio.to_thread(_marks, self.folder)
        if marks == self._marks:
            return False
        self._marks = marks
        try:
            scenarios = await asyncio.to_thread(self._load)
        except InvalidScenario as invalid:
            self.problems = invalid.problems
            logger.warning("the scenarios stay as they were:\n%s", invalid)
            return True
        self.problems = ()
        self.reloads += 1
        before = self._library.replace_own(scenarios)
        now = {scenario.name: scenario for scenario in scenarios}
        for workspace in self._engine.workspaces.values():
            steering.take_over(workspace, before, now)
        logger.info("scenarios read again: %d in %s", len(scenarios), self.folder)
        return True


def _marks(folder: Path) -> _Marks:
    """Return what tells one form of each file from another; a file that is gone has none."""
    marks = {}
    for path, _ in scenario_files(folder):
        try:
            found = (folder / path).stat()
        except OSError:
            continue
        # The inode too, as editors put a new file in the place of the old one.
        marks[path] = (found.st_mtime_ns, found.st_size, found.st_ino)
    return marks
