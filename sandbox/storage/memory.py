"""Storage of a sandbox that forgets everything when it stops."""

from sandbox.engine.work import Batch


class MemoryStorage:
    """Keeps nothing beside the engine's own records; a step is durable as soon as it is made."""

    def commit(self, batch: Batch) -> None:
        """Accept one step's changes."""
