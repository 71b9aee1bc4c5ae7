"""How calls are counted within a span of time, whatever their rhythm."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from sandbox.domain.limits import CallLog, Limit, exceeded, logged

START = datetime(2026, 1, 1, tzinfo=UTC)
INSTANT = timedelta(microseconds=1)

limits = st.builds(
    Limit,
    name=st.just("calls"),
    most=st.integers(1, 5),
    window=st.timedeltas(timedelta(seconds=1), timedelta(hours=1)),
    finding=st.just("too_many"),
    reason=st.just("Too many."),
)
pauses = st.lists(st.timedeltas(timedelta(), timedelta(minutes=30)), max_size=40)


@given(limit=limits, pauses=pauses)
def test_no_window_ever_holds_more_calls_than_the_limit_allows(
    limit: Limit, pauses: list[timedelta]
) -> None:
    now, log = START, None
    taken: list[datetime] = []
    for pause in pauses:
        now += pause
        if exceeded(limit, log, now) is None:
            log = logged(limit, log, "log", now)
            taken.append(now)

    for first, beyond in zip(taken, taken[limit.most :], strict=False):
        assert beyond - first >= limit.window


@given(limit=limits, pauses=pauses)
def test_a_refused_call_passes_exactly_when_it_was_told_to_come_again(
    limit: Limit, pauses: list[timedelta]
) -> None:
    now = START
    log: CallLog | None = None
    for pause in pauses:
        now += pause
        refused = exceeded(limit, log, now)
        if refused is None:
            log = logged(limit, log, "log", now)
        else:
            assert exceeded(limit, log, now + refused.retry_after - INSTANT)
            assert exceeded(limit, log, now + refused.retry_after) is None


@given(limit=limits, pauses=pauses)
def test_a_log_keeps_no_more_than_it_needs(limit: Limit, pauses: list[timedelta]) -> None:
    now = START
    log: CallLog | None = None
    for pause in pauses:
        now += pause
        log = logged(limit, log, "log", now)

        assert len(log.calls) <= limit.most
        assert exceeded(limit, log, log.until) is None
