"""First tries of one transaction to one URL go one after another (DESIGN, time)."""

from collections import deque


class Lanes:
    """Which delivery's first try is under way in each lane, and which wait behind it."""

    def __init__(self) -> None:
        self._busy: dict[tuple[str, str], str] = {}
        self._waiting: dict[tuple[str, str], deque[str]] = {}

    def enter(self, lane: tuple[str, str], delivery_id: str) -> bool:
        """Take the lane if it is free; else wait in it. Returns whether the lane was taken."""
        if self._busy.setdefault(lane, delivery_id) == delivery_id:
            return True
        self._waiting.setdefault(lane, deque()).append(delivery_id)
        return False

    def leave(self, lane: tuple[str, str], delivery_id: str) -> str | None:
        """Free the lane; return the delivery that comes next and now has it, or None."""
        if self._busy.get(lane) != delivery_id:
            return None
        waiting = self._waiting.get(lane)
        if not waiting:
            del self._busy[lane]
            self._waiting.pop(lane, None)
            return None
        self._busy[lane] = waiting.popleft()
        return self._busy[lane]
