"""Which step comes next, and what is used up by it."""

from dataclasses import dataclass
from itertools import accumulate

from hypothesis import given
from hypothesis import strategies as st

from sandbox.domain.events import Channel, Event
from sandbox.scenarios.cursors import (
    SHORT_NAMES,
    Used,
    api_fault_at,
    channel_step_at,
    step_at,
    webhook_rule_at,
)
from sandbox.scenarios.model import ApiFault, ChannelStep, Refuse, Send, WebhookRule
from tests.unit.scenarios.loading import LOADER

AUTOMATIC, RESEND = Send.AUTOMATIC, Send.RESEND


@dataclass
class Sender:
    """Sends message after message by one channel's list."""

    steps: tuple[ChannelStep, ...]
    used: Used = ()

    def send(self, *kinds: Send) -> list[str | None]:
        codes = []
        for kind in kinds:
            turn = channel_step_at(self.steps, self.used, kind)
            self.used = turn.used
            carriage = turn.step.carriage if turn.step else None
            codes.append(carriage.code if isinstance(carriage, Refuse) else None)
        return codes


def sender(steps: str) -> Sender:
    scenario = LOADER.load(f"{{scenario: a, channels: {{sms: [{steps}]}}}}")
    return Sender(scenario.channels[Channel.SMS])


def rules_met(rules: str, *events: Event) -> list[int | None]:
    """Return the number of the rule that each event takes."""
    listed = LOADER.load(f"{{scenario: a, webhooks: [{rules}]}}").webhooks
    used: Used = ()
    met = []
    for event in events:
        turn = webhook_rule_at(listed, used, event)
        used = turn.used
        met.append(listed.index(turn.rule) if turn.rule else None)
    return met


def faults_met(faults: str, *calls: str) -> list[int | None]:
    """Return the number of the fault that each call meets."""
    listed = LOADER.load(f"{{scenario: a, api: [{faults}]}}").api
    used: Used = ()
    met = []
    for call in calls:
        turn = api_fault_at(listed, used, SHORT_NAMES.get(call, call))
        used = turn.used
        met.append(listed.index(turn.fault) if turn.fault else None)
    return met


def test_the_last_step_repeats() -> None:
    assert [step_at("abc", consumed) for consumed in range(5)] == ["a", "b", "c", "c", "c"]


def test_no_steps_decide_nothing() -> None:
    assert step_at((), 3) is None


def test_an_outage_hits_automatic_messages_and_resends_alike() -> None:
    sms = sender('{fail: "30003", times: 3}, {deliver: 3s}')

    assert sms.send(AUTOMATIC, RESEND, AUTOMATIC, RESEND, RESEND) == [
        *["30003"] * 3,
        *[None] * 2,
    ]


def test_the_last_step_goes_on_whatever_its_times() -> None:
    assert sender("{fail: 30003, times: 2}").send(*[RESEND] * 4) == ["30003"] * 4


def test_a_step_waits_for_its_kind_and_lets_others_pass() -> None:
    sms = sender("{fail: 30001, send: resend}, {fail: 30003}, {fail: 30004}")

    assert sms.send(AUTOMATIC, AUTOMATIC, RESEND) == ["30003", "30004", "30001"]


def test_a_kind_without_steps_of_its_own_is_not_touched() -> None:
    sms = sender("{fail: 30003, send: resend}")

    assert sms.send(AUTOMATIC, RESEND, AUTOMATIC, RESEND) == [None, "30003", None, "30003"]


def test_each_kind_repeats_the_last_step_that_serves_it() -> None:
    sms = sender("{fail: 30001, send: automatic}, {fail: 30003, send: resend}, {fail: 30004}")

    assert sms.send(AUTOMATIC, RESEND, AUTOMATIC) == ["30001", "30003", "30004"]
    assert sms.send(RESEND, AUTOMATIC) == ["30004", "30004"]


def test_each_kind_repeats_its_own_step_when_none_serves_both() -> None:
    sms = sender("{fail: 30001, send: automatic}, {fail: 30003, send: resend}")

    assert sms.send(*[AUTOMATIC, RESEND] * 2) == ["30001", "30003", "30001", "30003"]


STEPS = st.lists(
    st.builds(
        ChannelStep,
        carriage=st.builds(Refuse, code=st.sampled_from(["1", "2", "3"])),
        times=st.integers(1, 4),
        send=st.sampled_from([None, AUTOMATIC, RESEND]),
    ),
    max_size=6,
)
KINDS = st.lists(st.sampled_from([AUTOMATIC, RESEND]), max_size=30)


@given(STEPS, KINDS)
def test_no_step_serves_more_than_its_times_and_no_count_shrinks(
    steps: list[ChannelStep], kinds: list[Send]
) -> None:
    used: Used = ()
    for kind in kinds:
        turn = channel_step_at(steps, used, kind)
        before = used or (0,) * len(steps)
        assert len(turn.used) == len(steps)
        assert all(map(int.__le__, before, turn.used))
        assert sum(turn.used) - sum(before) in (0, 1)
        assert all(count <= step.times for count, step in zip(turn.used, steps, strict=True))
        used = turn.used


@given(STEPS, KINDS)
def test_a_message_never_takes_a_step_of_the_other_kind(
    steps: list[ChannelStep], kinds: list[Send]
) -> None:
    used: Used = ()
    for kind in kinds:
        turn = channel_step_at(steps, used, kind)
        used = turn.used
        assert turn.step is None or turn.step.send in (None, kind)
        assert (turn.step is None) == all(each.send not in (None, kind) for each in steps)


@given(st.lists(st.integers(1, 4), min_size=1, max_size=5), st.integers(0, 25))
def test_without_send_a_list_reads_as_if_each_step_were_written_times_times(
    times: list[int], number: int
) -> None:
    steps = [
        ChannelStep(carriage=Refuse(code=str(n)), times=count) for n, count in enumerate(times)
    ]
    ends = list(accumulate(times))
    expected = next((n for n, end in enumerate(ends) if number < end), len(times) - 1)
    used: Used = ()
    turn = channel_step_at(steps, used, AUTOMATIC)
    for _ in range(number):
        turn = channel_step_at(steps, turn.used, AUTOMATIC)

    assert turn.step == steps[expected]


def test_a_webhook_rule_holds_for_every_event_of_its_name() -> None:
    met = rules_met("{on: paid, copies: 2}", Event.PAID, Event.REFUNDED, Event.PAID)

    assert met == [0, None, 0]


def test_rules_for_one_event_are_used_one_after_another() -> None:
    met = rules_met(
        "{on: attempted, drop: true}, {on: attempted, copies: 2}", *[Event.ATTEMPTED] * 3
    )

    assert met == [0, 1, 1]


def test_a_rule_with_times_ends_and_the_rule_for_all_events_takes_over() -> None:
    met = rules_met(
        '{on: attempted, drop: true, times: 2}, {on: "*", delay: 2s}',
        *[Event.ATTEMPTED] * 3,
        Event.PAID,
    )

    assert met == [0, 0, 1, 1]


def test_a_used_up_rule_leaves_webhooks_as_usual() -> None:
    assert rules_met("{on: paid, drop: true, times: 1}", *[Event.PAID] * 2) == [0, None]


def test_a_fault_hits_the_calls_after_those_it_skips() -> None:
    met = faults_met("{operation: notify, skip: 1, times: 2, fault: reset}", *["notify"] * 5)

    assert met == [None, 0, 0, None, None]


def test_faults_of_one_operation_are_met_one_after_another() -> None:
    met = faults_met(
        "{operation: checkout, fault: reset}, {operation: checkout, fault: empty}",
        *["checkout"] * 3,
    )

    assert met == [0, 1, 1]


def test_a_call_taken_by_one_fault_is_not_seen_by_the_next() -> None:
    met = faults_met(
        '{operation: notify, times: 1, fault: reset}, {operation: "*", skip: 1, fault: empty}',
        *("notify", "notify", "notify", "checkout"),
    )

    assert met == [0, None, 1, 1]


def test_a_fault_leaves_other_operations_alone() -> None:
    assert faults_met("{operation: notify, fault: reset}", "checkout", "inquiry") == [None, None]


def test_an_operation_may_be_named_by_its_id() -> None:
    assert faults_met("{operation: message_notifications, fault: reset}", "notify") == [0]


@given(
    st.lists(st.builds(WebhookRule, on=st.sampled_from([Event.PAID, Event.CREATED, "*"]))),
    st.lists(st.sampled_from([Event.PAID, Event.CREATED]), max_size=20),
)
def test_a_rule_never_takes_another_events_webhook(
    rules: list[WebhookRule], events: list[Event]
) -> None:
    used: Used = ()
    for event in events:
        turn = webhook_rule_at(rules, used, event)
        used = turn.used
        assert turn.rule is None or turn.rule.on in ("*", event)


def test_a_counter_of_an_endless_fault_does_not_grow() -> None:
    (fault,) = LOADER.load("{scenario: a, api: [{operation: notify, fault: reset}]}").api
    used: Used = ()
    for _ in range(10):
        used = api_fault_at([fault], used, "message_notifications").used

    assert isinstance(fault, ApiFault)
    assert used == (0,)
