"""What providers report: accepted first or failed at once, then at most one word more."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.channels.failures import FAILURES, UnknownFailureCode
from sandbox.channels.outcomes import (
    Outcome,
    accepted_only,
    delivered,
    failed_at_once,
    fails,
    fails_later,
    refused_by_configuration,
)
from sandbox.channels.scripted import outcome_of
from sandbox.domain.events import Channel
from sandbox.domain.messages import MessageStatus, MessageStep
from sandbox.domain.settings import TemplateStatus
from sandbox.scenarios.model import AcceptOnly, AcceptThenFail, Carriage, Deliver, Refuse
from tests.unit.channels.payments import NOON

NOW = timedelta()
SOON = timedelta(seconds=30)
KNOWN = [(channel, code) for channel, failures in FAILURES.items() for code in failures]


def story(outcome: Outcome) -> list[tuple[str, str | None, timedelta]]:
    return [(report.status.value, report.code, report.after) for report in outcome.reports]


def test_without_a_script_a_message_is_accepted_and_arrives_at_once() -> None:
    assert story(delivered()) == [("accepted", None, NOW), ("delivered", None, NOW)]


def test_a_message_may_arrive_later() -> None:
    outcome = delivered(SOON)

    assert outcome.first.status is MessageStatus.ACCEPTED
    assert [report.after for report in outcome.later] == [SOON]


def test_a_message_may_never_be_heard_of_again() -> None:
    assert story(accepted_only()) == [("accepted", None, NOW)]


@pytest.mark.parametrize(("channel", "code"), KNOWN)
def test_a_failure_comes_when_its_code_has_it(channel: Channel, code: str) -> None:
    outcome = fails(channel, code)

    at_once = FAILURES[channel][code].at_once
    assert outcome.sent is not at_once
    assert story(outcome) == ([] if at_once else [("accepted", None, NOW)]) + [
        ("failed", code, NOW)
    ]
    assert outcome.reports[-1].detail == FAILURES[channel][code].detail


@pytest.mark.parametrize(("channel", "code"), KNOWN)
@pytest.mark.parametrize("after", [NOW, SOON])
def test_a_failure_with_a_time_always_comes_after_acceptance(
    channel: Channel, code: str, after: timedelta
) -> None:
    assert story(fails(channel, code, after)) == [("accepted", None, NOW), ("failed", code, after)]


def test_a_failure_that_usually_comes_later_may_be_played_at_once() -> None:
    outcome = failed_at_once(Channel.SMS, "30003")

    assert not outcome.sent
    assert story(outcome) == [("failed", "30003", NOW)]


def test_a_failure_may_have_words_of_its_own() -> None:
    assert failed_at_once(Channel.SMS, "30003", "Tower down.").first.detail == "Tower down."


def test_an_unknown_code_is_refused_where_the_table_must_decide() -> None:
    with pytest.raises(UnknownFailureCode):
        fails(Channel.SMS, "99999")


@given(channel=st.sampled_from(Channel), code=st.text(min_size=1, max_size=8))
def test_a_script_may_play_any_code_and_every_failure_has_words(
    channel: Channel, code: str
) -> None:
    for outcome in (failed_at_once(channel, code), fails_later(channel, code)):
        assert outcome.reports[-1].code == code
        assert outcome.reports[-1].detail


def test_a_report_becomes_a_step_of_the_history() -> None:
    report = failed_at_once(Channel.EMAIL, "5.1.2", "No such domain.").first

    assert report.step(NOON) == MessageStep(
        at=NOON, status=MessageStatus.FAILED, code="5.1.2", detail="No such domain."
    )


@pytest.mark.parametrize(
    ("carriage", "expected"),
    [
        (Deliver(after=SOON), [("accepted", None, NOW), ("delivered", None, SOON)]),
        (Refuse(code="30003"), [("failed", "30003", NOW)]),
        (
            AcceptThenFail(code="30001", after=SOON),
            [("accepted", None, NOW), ("failed", "30001", SOON)],
        ),
        (AcceptOnly(), [("accepted", None, NOW)]),
    ],
)
def test_a_scenario_decides_when_its_failures_come(
    carriage: Carriage, expected: list[tuple[str, str | None, timedelta]]
) -> None:
    assert story(outcome_of(Channel.SMS, carriage)) == expected


@pytest.mark.parametrize("carriage", [Refuse, AcceptThenFail])
def test_the_words_of_a_scenario_are_reported(carriage: type[Refuse | AcceptThenFail]) -> None:
    outcome = outcome_of(Channel.SMS, carriage(code="30003", detail="Tower down."))

    assert outcome.reports[-1].detail == "Tower down."


def test_a_complete_configuration_refuses_nothing() -> None:
    for channel in Channel:
        assert (
            refused_by_configuration(
                channel, configured=True, template=TemplateStatus.APPROVED, contact="somebody"
            )
            is None
        )


@pytest.mark.parametrize("channel", Channel)
def test_a_channel_without_a_provider_fails_before_anything_else(channel: Channel) -> None:
    refused = refused_by_configuration(
        channel, configured=False, template=TemplateStatus.MISSING, contact=None
    )

    assert refused is not None
    assert story(refused) == [("failed", "not_configured", NOW)]


@pytest.mark.parametrize(
    ("status", "whatsapp"),
    [
        (TemplateStatus.MISSING, "132001"),
        (TemplateStatus.REJECTED, "132001"),
        (TemplateStatus.UNLINKED, "132001"),
        (TemplateStatus.PAUSED, "132015"),
        (TemplateStatus.DISABLED, "132016"),
    ],
)
def test_an_unusable_template_fails_its_channel_at_once(
    status: TemplateStatus, whatsapp: str
) -> None:
    codes = {Channel.EMAIL: f"template_{status}", Channel.SMS: f"template_{status}"}
    for channel in Channel:
        refused = refused_by_configuration(
            channel, configured=True, template=status, contact="somebody"
        )

        assert refused is not None
        assert story(refused) == [("failed", codes.get(channel, whatsapp), NOW)]
        assert refused.first.detail


@pytest.mark.parametrize("channel", Channel)
@pytest.mark.parametrize("contact", [None, ""])
def test_a_missing_contact_fails_its_channel(channel: Channel, contact: str | None) -> None:
    refused = refused_by_configuration(
        channel, configured=True, template=TemplateStatus.APPROVED, contact=contact
    )

    assert refused is not None
    assert story(refused) == [("failed", "no_contact", NOW)]
