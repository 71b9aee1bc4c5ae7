"""When the platform asks a gateway by itself how an open try of the payer ended (FACTS 9)."""

from datetime import timedelta
from typing import Final

from sandbox.domain.gateways import Gateway
from sandbox.domain.transactions import Attempt
from sandbox.engine.agenda import Task
from sandbox.engine.work import Work

MOST: Final = 3


def plan(
    work: Work,
    gateway: Gateway,
    attempt: Attempt,
    *,
    number: int = 1,
    ends_after: timedelta | None = None,
) -> None:
    """Put the inquiry of this number on the agenda, one interval from now.

    Only one at a time is there, so an open try costs one item. None is planned after the last, for
    a gateway that cannot be asked, or for a try that `ends_after` by itself before it.
    """
    interval = gateway.inquiry_interval
    if interval is None or number > MOST or (ends_after and ends_after <= interval):
        return
    work.schedule(Task.INQUIRE, attempt.reference_number, after=interval, number=number)
