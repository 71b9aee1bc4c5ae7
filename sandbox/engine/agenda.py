"""What is due, and at what virtual time."""

import enum
import heapq
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final


class Task(enum.StrEnum):
    """What an agenda item does when its time comes."""

    EXPIRE = "expire"
    PLAY_TIMELINE = "play_timeline"
    END_ATTEMPT = "end_attempt"
    REPORT_LATE = "report_late"
    INQUIRE = "inquire"
    SETTLE_CHILD = "settle_child"
    RELEASE_RESERVATION = "release_reservation"
    MAKE_REPORT = "make_report"
    REPORT_MESSAGE = "report_message"
    BEGIN_TRY = "begin_try"
    TIME_OUT_TRY = "time_out_try"


# What has left the sandbox comes to its end even when its transaction is deleted meanwhile.
OUTLIVING: Final = frozenset({Task.REPORT_MESSAGE, Task.BEGIN_TRY, Task.TIME_OUT_TRY})


@dataclass(frozen=True, order=True, slots=True)
class AgendaItem:
    """One thing that is due; data only, so that it can be kept.

    `target` is the id of what it concerns (transaction, child, message, delivery, or an attempt's
    reference number); `number` the attempt, try, inquiry, report or timeline step. Items are
    ordered by due instant, then sequence.
    """

    due: datetime
    sequence: int
    task: Task
    session_id: str
    target: str
    number: int = 0


class Agenda:
    """The items of one workspace, in the order in which they fall due."""

    def __init__(self) -> None:
        self._heap: list[AgendaItem] = []
        self._numbered = 0

    def __len__(self) -> int:
        return len(self._heap)

    def __iter__(self) -> Iterator[AgendaItem]:
        return iter(sorted(self._heap))

    def numbered(self, count: int) -> int:
        """Set aside that many sequence numbers; return the first."""
        first = self._numbered
        self._numbered += count
        return first

    def add(self, item: AgendaItem) -> None:
        """Put an item in its place."""
        heapq.heappush(self._heap, item)

    def next_due(self) -> datetime | None:
        """Return when the next item falls due, or None."""
        return self._heap[0].due if self._heap else None

    def take(self, until: datetime) -> AgendaItem | None:
        """Remove and return the first item that is due by `until`, or None."""
        if self._heap and self._heap[0].due <= until:
            return heapq.heappop(self._heap)
        return None
