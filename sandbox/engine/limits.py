"""Limits on calls at work: what is exceeded, what follows from that, and the counting.

Counters are records of the workspace. A call that is refused is not counted.

Source: FACTS 9.
"""

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from sandbox.domain.findings import Note, Severity
from sandbox.domain.limits import CallLog, Exceeded, Limit, exceeded, logged
from sandbox.domain.settings import LimitMode
from sandbox.engine.errors import TooManyCalls
from sandbox.engine.work import Work

BETWEEN_INQUIRIES: Final = Limit(
    name="between-inquiries",
    most=1,
    window=timedelta(minutes=30),
    finding="inquiry_too_often",
    reason="Between two inquiries about one transaction there must be 30 minutes.",
)
INQUIRIES_A_DAY: Final = Limit(
    name="inquiries-a-day",
    most=3,
    window=timedelta(hours=24),
    finding="inquiry_limit",
    reason="One transaction may be inquired about three times a day.",
)
INQUIRIES_A_MINUTE: Final = Limit(
    name="inquiries-a-minute",
    most=30,
    window=timedelta(minutes=1),
    finding="inquiry_limit",
    reason="No more than 30 inquiries a minute are answered in all.",
)

# How many new logs come between two sweeps of those that say nothing any more.
_SWEEP: Final = 256


def check(work: Work, limit: Limit, key: str = "") -> Exceeded | None:
    """Return what one more call would exceed; each key, such as a session_id, counts for itself."""
    return exceeded(limit, _log(work, limit, key), work.now)


def judge(work: Work, found: Sequence[Exceeded], where: str) -> None:
    """Let a call pass with a finding for each limit that it exceeds, or refuse it.

    Raises:
        TooManyCalls: the setting `limits` is `enforce`; the longest wait is told.
    """
    if found and work.settings.limits is LimitMode.ENFORCE:
        worst = max(found, key=lambda each: each.retry_after)
        raise TooManyCalls(worst.reason, worst.retry_after)
    for each in found:
        work.find(
            Note(
                code=each.finding,
                severity=Severity.WARNING,
                where=where,
                message=f"The platform answers 429 to this call. {each.reason}",
                hint="Wait as `Retry-After` says; the setting `limits: enforce` refuses such calls.",
            )
        )


def count(work: Work, limit: Limit, key: str = "") -> None:
    """Count a call that was let through."""
    log = _log(work, limit, key)
    work.keep(logged(limit, log, _id(limit, key), work.now))
    table = work.workspace.tables.of(CallLog)
    if log is None and len(table) % _SWEEP == _SWEEP - 1:
        for each in table.values():
            if each.until <= work.now:
                work.drop(each)


def _log(work: Work, limit: Limit, key: str) -> CallLog | None:
    return work.workspace.tables.of(CallLog).get(_id(limit, key))


def _id(limit: Limit, key: str) -> str:
    return f"{limit.name}:{key}"
