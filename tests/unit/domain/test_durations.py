"""Durations in every notation that callers use."""

import contextlib
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.domain.durations import (
    NotADuration,
    clock_notation,
    format_duration,
    parse_duration,
)

spans = st.integers(min_value=0, max_value=99_999 * 86_400).map(
    lambda seconds: timedelta(seconds=seconds)
)


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("500ms", timedelta(milliseconds=500)),
        ("2s", timedelta(seconds=2)),
        ("1h30m", timedelta(minutes=90)),
        ("24h", timedelta(days=1)),
        ("PT30M", timedelta(minutes=30)),
        ("P1DT2H", timedelta(hours=26)),
        ("P2W", timedelta(weeks=2)),
        ("PT1.5S", timedelta(seconds=1.5)),
        ("00:30:00", timedelta(minutes=30)),
        ("1 02:00:00", timedelta(hours=26)),
        ("00:00:00.25", timedelta(milliseconds=250)),
    ],
)
def test_each_notation_is_read(text: str, span: timedelta) -> None:
    assert parse_duration(text) == span


@pytest.mark.parametrize(
    "text", ["", "soon", "1", "1x", "P", "PT", "-2s", "1h 30m", "25:61:00", "٢s", "9" * 20 + "s"]
)
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(NotADuration):
        parse_duration(text)


@given(st.text(max_size=40))
def test_no_text_ends_in_another_error(text: str) -> None:
    with contextlib.suppress(NotADuration):
        parse_duration(text)


@given(st.timedeltas(timedelta(), timedelta(days=3660)))
def test_an_instant_of_the_clock_is_written_exactly(span: timedelta) -> None:
    assert parse_duration(clock_notation(span)) == span


@given(spans)
def test_what_is_written_is_read_back(span: timedelta) -> None:
    assert parse_duration(format_duration(span)) == span
    assert parse_duration(clock_notation(span)) == span
