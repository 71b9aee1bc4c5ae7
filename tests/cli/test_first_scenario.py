"""What a newcomer writes from docs/scenarios.md alone, right and wrong."""

from pathlib import Path
from typing import Final

import pytest

from tests.cli.program import lines, run

STORY: Final = """\
scenario: expired-but-paid-late
description: Three SMS fail with different codes; the payment expires, and the gateway reports success later.
settings:
  expire_after: 24h
channels:
  sms:
    - {fail: "21211", message: Invalid number}
    - {fail: "30001", message: Queue overflow}
    - {accept: true, then: {fail: "30003", after: 5s, message: Unreachable}}
    - {deliver: 2s}
payment:
  - {outcome: failed, gateway_code: "51", message: Insufficient funds}
timeline:
  - {on: expired, after: 30m, do: late_success}
webhooks:
  - {on: attempted, reorder: true}
  - {on: paid, copies: 2}
play:
  - checkout: {amount: "10.000"}
  - resend: [sms]
  - resend: [sms]
  - advance: 10s
  - pay
  - advance: 24h
  - advance: 30m
  - advance: 1m
expect:
  states: [created, attempted, expired, paid]
  messages:
    - {channel: sms, event: created, status: failed, code: "21211", detail: Invalid number}
    - {channel: sms, event: created, status: failed, code: "30001"}
    - {channel: sms, event: created, status: failed, code: "30003"}
    - {channel: sms, event: paid, status: delivered}
  webhooks:
    - {event: attempted, state: attempted, tries: [200]}
    - {event: paid, state: paid, result: success, tries: [200]}
    - {event: paid, state: paid, result: success}
  answers: [201, 400, 200, 200, 200, 200, 200, 200]
"""


def test_the_story_works_at_the_first_run_and_every_time_after(tmp_path: Path) -> None:
    (tmp_path / "story.yaml").write_text(STORY)

    first = run("scenario", "test", "story.yaml", folder=tmp_path)
    again = run("scenario", "test", "story.yaml", folder=tmp_path)

    assert (first.code, lines(first.out)) == (0, ["ok    expired-but-paid-late", "1 passed"])
    assert first == again


@pytest.mark.parametrize(
    ("right", "wrong", "told"),
    [
        (
            "states: [created, attempted, expired, paid]",
            "states: [created, attempted, expired]",
            [
                "      states",
                "        expected: created → attempted → expired",
                "        actual:   created → pending → attempted → expired → paid",
            ],
        ),
        (
            'status: failed, code: "30003"}',
            'status: failed, code: "30008"}',
            ["        expected: {channel: sms, event: created, status: failed, code: 30008}"],
        ),
        (
            "{event: attempted, state: attempted, tries: [200]}",
            "{event: attempted, state: paid, tries: [500]}",
            [
                "      webhooks[0]",
                "        expected: {event: attempted, state: paid, tries: [500]}",
                "        actual:   {event: attempted, state: attempted, tries: [200]}",
            ],
        ),
        (
            "    - {event: paid, state: paid, result: success}\n",
            "",
            [
                "      webhooks[2]",
                "        expected: (none)",
                "        actual:   {kind: payment, event: paid, status: delivered}",
            ],
        ),
        (
            "answers: [201, 400,",
            "answers: [201, 200,",
            [
                "      answers[1]",
                "        expected: {status: 200}",
                "        actual:   {status: 400}",
            ],
        ),
    ],
    ids=["states", "message", "webhook", "one webhook too many", "answer"],
)
def test_a_wrong_expectation_fails_with_a_difference_that_can_be_read(
    tmp_path: Path, right: str, wrong: str, told: list[str]
) -> None:
    assert STORY.count(right) == 1
    (tmp_path / "story.yaml").write_text(STORY.replace(right, wrong))

    ended = run("scenario", "test", "story.yaml", folder=tmp_path)

    assert ended.code == 1
    assert lines(ended.out)[0] == "FAIL  expired-but-paid-late  (story.yaml)"
    assert [line for line in lines(ended.out) if line in told] == told
    assert "        resend sms → 400" in lines(ended.out)
    assert lines(ended.out)[-1] == "1 failed"
