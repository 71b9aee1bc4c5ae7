"""The journal: what came in and what was answered, kept in a ring that is capped in bytes."""

from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

_CAP: Final = 16 * 1024 * 1024
_KEPT_BODY: Final = 64 * 1024
_OVERHEAD: Final = 600


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """One request with its answer; bodies are cut at 64 KiB. `at` is the workspace's instant.

    `number` counts the requests of the workspace, from 1. A `status` of 0 means that the caller got
    no answer: it hung up, or a fault broke the connection.
    """

    number: int
    at: datetime
    method: str
    path: str
    operation: str | None
    status: int
    duration_ms: float
    workspace: str
    request_headers: tuple[tuple[str, str], ...]
    request_body: bytes
    response_headers: tuple[tuple[str, str], ...]
    response_body: bytes
    violations: tuple[str, ...] = ()
    findings: tuple[str, ...] = ()


class Journal:
    """Requests of all workspaces, newest last; the oldest give way when the cap is reached."""

    def __init__(self) -> None:
        self._entries: deque[Entry] = deque()
        self._sizes: deque[int] = deque()
        self._size = 0
        self._numbers: dict[str, int] = {}
        self.dropped = 0

    def next_number(self, workspace: str) -> int:
        """Count a request of a workspace, from 1."""
        number = self._numbers[workspace] = self._numbers.get(workspace, 0) + 1
        return number

    def keep(self, entry: Entry) -> None:
        """Add an entry, cut to what is kept of bodies."""
        size = _size(entry)
        self._entries.append(entry)
        self._sizes.append(size)
        self._size += size
        while self._size > _CAP:
            self._entries.popleft()
            self._size -= self._sizes.popleft()
            self.dropped += 1

    def of(self, workspace: str) -> Iterator[Entry]:
        """Yield the entries of a workspace, oldest first."""
        return (entry for entry in self._entries if entry.workspace == workspace)

    def workspaces(self) -> Mapping[str, int]:
        """Return how many entries each workspace has."""
        counts: dict[str, int] = {}
        for entry in self._entries:
            counts[entry.workspace] = counts.get(entry.workspace, 0) + 1
        return counts

    def forget(self, workspace: str) -> None:
        """Drop the entries of a workspace."""
        kept = [entry for entry in self._entries if entry.workspace != workspace]
        self._entries = deque(kept)
        self._numbers.pop(workspace, None)
        self._sizes = deque(map(_size, kept))
        self._size = sum(self._sizes)


def cut(body: bytes) -> bytes:
    """Return a copy of what is kept of a body.

    A copy, because what orjson writes holds on to a buffer several times its size.
    """
    return bytes(memoryview(body)[:_KEPT_BODY])


def _size(entry: Entry) -> int:
    headers = (*entry.request_headers, *entry.response_headers)
    texts = (entry.path, *(text for pair in headers for text in pair), *entry.violations)
    bodies = len(entry.request_body) + len(entry.response_body)
    return _OVERHEAD + sum(map(len, texts)) + bodies
