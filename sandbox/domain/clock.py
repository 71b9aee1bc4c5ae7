"""A workspace's virtual time: real time moved by an offset, or stopped at an instant."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Final

STOPPED_START: Final = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, kw_only=True, slots=True)
class Clock:
    """The clock of one workspace. `stopped_at` is set when it stands still.

    Source: DESIGN, time.
    """

    offset: timedelta = timedelta()
    stopped_at: datetime | None = None

    @property
    def stopped(self) -> bool:
        """Whether time passes only when it is advanced."""
        return self.stopped_at is not None

    def read(self, real: datetime) -> datetime:
        """Return the workspace's instant at a real instant."""
        return self.stopped_at if self.stopped_at is not None else real + self.offset

    def frozen(self, real: datetime) -> "Clock":
        """Return the clock stopped where it is."""
        return replace(self, stopped_at=self.read(real))

    def resumed(self, real: datetime) -> "Clock":
        """Return the clock running on from where it stands."""
        return Clock(offset=self.read(real) - real)

    def moved_to(self, instant: datetime, real: datetime) -> "Clock":
        """Return the clock standing at, or running from, an instant."""
        if self.stopped:
            return replace(self, stopped_at=instant)
        return Clock(offset=instant - real)
