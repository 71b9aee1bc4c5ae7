"""Records that give way, oldest first, when they take up too much memory."""

from collections.abc import Callable, Iterator, ValuesView
from typing import Generic, Protocol, TypeVar


class Kept(Protocol):
    """A record with an identifier, which will change no more once it is finished."""

    @property
    def id(self) -> str:
        """The record's identifier."""

    @property
    def finished(self) -> bool:
        """Whether it may be dropped."""


Record = TypeVar("Record", bound=Kept)


class Ring(Generic[Record]):
    """Records by identifier, in the order in which they were first kept.

    `cap` is in bytes, as `size` estimates them. Unfinished records are never dropped, so what is
    kept may exceed the cap; `dropped` counts what gave way.

    Source: DESIGN, storage.
    """

    def __init__(self, cap: int, size: Callable[[Record], int]) -> None:
        self._cap = cap
        self._size = size
        self._records: dict[str, Record] = {}
        self._bytes = 0
        self._full_at = cap
        self.dropped = 0

    def __len__(self) -> int:
        return len(self._records)

    def __contains__(self, record_id: str) -> bool:
        return record_id in self._records

    def __iter__(self) -> Iterator[str]:
        return iter(self._records)

    def get(self, record_id: str) -> Record | None:
        """Return the record with this identifier, or None."""
        return self._records.get(record_id)

    def values(self) -> ValuesView[Record]:
        """Return all records, oldest first."""
        return self._records.values()

    def newest_first(self) -> Iterator[Record]:
        """Yield all records, newest first."""
        return reversed(self._records.values())

    def keep(self, record: Record) -> None:
        """Add a record, or change the one with its identifier."""
        earlier = self._records.get(record.id)
        if earlier is not None:
            self._bytes -= self._size(earlier)
        self._records[record.id] = record
        self._bytes += self._size(record)
        if self._bytes > self._full_at:
            self._make_room()

    def _make_room(self) -> None:
        # A tenth at once, so that a full ring is not searched anew for each record.
        tenth = self._cap // 10
        for record_id, record in list(self._records.items()):
            if self._bytes <= self._cap - tenth:
                break
            if record.finished:
                del self._records[record_id]
                self._bytes -= self._size(record)
                self.dropped += 1
        # Where too much is unfinished, the next search waits until another tenth has come.
        self._full_at = max(self._cap, self._bytes + tenth)
