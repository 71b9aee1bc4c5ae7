"""Limits on calls: so many within a span of time, counted on the workspace's clock."""

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, kw_only=True, slots=True)
class Limit:
    """At most `most` calls within any `window`.

    `finding` is the code of what a caller is told who exceeds it, `reason` the sentence.
    """

    name: str
    most: int
    window: timedelta
    finding: str
    reason: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Exceeded:
    """A limit that a call would exceed, and how long it would have to wait."""

    finding: str
    reason: str
    retry_after: timedelta


@dataclass(frozen=True, kw_only=True, slots=True)
class CallLog:
    """The instants of the newest calls under one limit, oldest first; no more than it allows.

    After `until` it says nothing any more.
    """

    id: str
    calls: tuple[datetime, ...]
    until: datetime


def exceeded(limit: Limit, log: CallLog | None, now: datetime) -> Exceeded | None:
    """Return what is exceeded by one more call now, or None."""
    if log is None or len(log.calls) < limit.most:
        return None
    left = log.calls[-limit.most] + limit.window - now
    if left <= timedelta():
        return None
    return Exceeded(finding=limit.finding, reason=limit.reason, retry_after=left)


def logged(limit: Limit, log: CallLog | None, log_id: str, now: datetime) -> CallLog:
    """Return the log with one more call."""
    calls = (*(log.calls if log else ()), now)[-limit.most :]
    return CallLog(id=log_id, calls=calls, until=now + limit.window)
