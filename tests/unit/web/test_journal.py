"""The journal keeps no more than its cap, whatever makes an entry large."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from sandbox.web.journal import Entry, Journal

SMALL = Entry(
    number=1,
    at=datetime(2026, 1, 1, tzinfo=UTC),
    method="GET",
    path="/b/",
    operation=None,
    status=400,
    duration_ms=1.0,
    workspace="default",
    request_headers=(),
    request_body=b"",
    response_headers=(),
    response_body=b"",
)
MEGABYTE = 1024 * 1024


@pytest.mark.parametrize(
    "large",
    [
        replace(SMALL, violations=("x" * MEGABYTE,)),
        replace(SMALL, path="/" * MEGABYTE),
        replace(SMALL, request_headers=(("a", "x" * MEGABYTE),)),
        replace(SMALL, response_headers=(("a", "x" * MEGABYTE),)),
        replace(SMALL, request_body=b"x" * MEGABYTE),
        replace(SMALL, response_body=b"x" * MEGABYTE),
    ],
)
def test_whatever_makes_an_entry_large_counts(large: Entry) -> None:
    journal = Journal()

    for _ in range(20):
        journal.keep(large)

    assert len(list(journal.of("default"))) == 15
    assert journal.dropped == 5
