"""Which messages an event sends, to whom, and what a resend repeats."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.channels.selection import (
    CHANNEL_ORDER,
    Recipients,
    amount_of_event,
    automatic_channels,
    newest_sendable_event,
    recipients,
    template_status,
)
from sandbox.domain.events import NOTIFIABLE, OPERATION_EVENTS, Channel, Event
from sandbox.domain.settings import ChannelSettings, TemplateStatus
from sandbox.domain.transactions import PaymentTransaction, TransactionType
from tests.unit.channels.payments import payment, refunded, terms

STATES = {"created", "paid", "canceled", "failed", "expired", "authorized"}
OPERATIONS = {"voided", "refunded", "captured"}

any_notifications = st.tuples(
    *(
        st.tuples(st.just(channel), st.frozensets(st.sampled_from(Event)))
        for channel in (Channel.WHATSAPP, Channel.SMS, Channel.EMAIL)
    )
)
any_terms = st.builds(
    terms,
    notifications=any_notifications,
    kind=st.sampled_from(TransactionType),
    email=st.sampled_from([None, "", "payer@example.com"]),
    phone=st.sampled_from([None, "", "+96550000000"]),
)
any_payment = st.builds(
    lambda agreed, events: payment(agreed, *events),
    any_terms,
    st.lists(st.sampled_from(Event), min_size=1, max_size=6),
)


def only(*channels: Channel, event: Event) -> tuple[tuple[Channel, frozenset[Event]], ...]:
    return tuple((channel, frozenset({event})) for channel in channels)


@pytest.mark.parametrize("event", Event)
def test_a_payment_request_sends_what_each_channel_can_tell_of(event: Event) -> None:
    everything = payment(terms())

    expected = [Channel.EMAIL, Channel.SMS] if event in STATES | OPERATIONS else []
    expected += [Channel.WHATSAPP] if event in STATES else []
    assert automatic_channels(everything, event) == tuple(expected)


@pytest.mark.parametrize("event", Event)
def test_a_shop_never_tells_its_payer_before_payment(event: Event) -> None:
    shop = payment(terms(kind=TransactionType.E_COMMERCE))

    by_request = automatic_channels(payment(terms()), event)
    assert automatic_channels(shop, event) == (() if event is Event.CREATED else by_request)


def test_only_enabled_channels_send_whatever_order_they_were_enabled_in() -> None:
    agreed = terms(notifications=only(Channel.WHATSAPP, Channel.EMAIL, event=Event.PAID))

    assert automatic_channels(payment(agreed), Event.PAID) == (Channel.EMAIL, Channel.WHATSAPP)
    assert automatic_channels(payment(agreed), Event.FAILED) == ()


def test_an_automatic_message_without_a_contact_is_left_out() -> None:
    assert automatic_channels(payment(terms(phone=None)), Event.PAID) == (Channel.EMAIL,)
    assert automatic_channels(payment(terms(email="")), Event.PAID) == (
        Channel.SMS,
        Channel.WHATSAPP,
    )


@given(made=any_payment, event=st.sampled_from(Event))
def test_nothing_is_ever_sent_that_the_channel_cannot_tell_of(
    made: PaymentTransaction, event: Event
) -> None:
    for channel in automatic_channels(made, event):
        assert event in NOTIFIABLE[channel]
        assert event in made.terms.notified_events(channel)
        assert recipients(made, channel)
    assert list(automatic_channels(made, event)) == [
        channel for channel in CHANNEL_ORDER if channel in automatic_channels(made, event)
    ]


@given(made=any_payment, event=st.sampled_from(sorted(OPERATION_EVENTS)))
def test_whatsapp_never_tells_of_operations(made: PaymentTransaction, event: Event) -> None:
    assert Channel.WHATSAPP not in automatic_channels(made, event)
    assert newest_sendable_event(made, Channel.WHATSAPP) not in OPERATION_EVENTS


@given(made=any_payment, channel=st.sampled_from(Channel))
def test_a_resend_never_tells_of_what_was_not_reached_enabled_or_sendable(
    made: PaymentTransaction, channel: Channel
) -> None:
    event = newest_sendable_event(made, channel)

    if event is not None:
        assert event in made.events
        assert event in made.terms.notified_events(channel)
        assert event in NOTIFIABLE[channel]


def test_after_a_refund_email_and_sms_tell_of_it_and_whatsapp_of_the_payment() -> None:
    made = refunded(payment(terms(), Event.CREATED, Event.PENDING, Event.PAID), "4.000")

    assert [newest_sendable_event(made, channel) for channel in CHANNEL_ORDER] == [
        Event.REFUNDED,
        Event.REFUNDED,
        Event.PAID,
    ]


def test_a_queued_refund_leaves_the_payment_as_the_newest_to_tell_of() -> None:
    made = payment(terms(), Event.CREATED, Event.PAID, Event.REFUND_QUEUED)

    assert newest_sendable_event(made, Channel.EMAIL) is Event.PAID


def test_a_resend_falls_back_to_the_newest_enabled_event() -> None:
    agreed = terms(notifications=only(Channel.SMS, event=Event.CREATED))
    made = payment(agreed, Event.CREATED, Event.PENDING, Event.PAID)

    assert newest_sendable_event(made, Channel.SMS) is Event.CREATED
    assert newest_sendable_event(made, Channel.EMAIL) is None


def test_a_resend_for_an_open_payment_of_a_shop_has_nothing_to_tell() -> None:
    shop = payment(terms(kind=TransactionType.E_COMMERCE), Event.CREATED, Event.PENDING)

    assert [newest_sendable_event(shop, channel) for channel in Channel] == [None] * 3


def test_copies_go_by_email_only_and_to_nobody_twice() -> None:
    made = payment(terms(copies=("b@example.com", "payer@example.com", "b@example.com", "a@x.com")))

    assert recipients(made, Channel.EMAIL) == Recipients(
        "payer@example.com", ("b@example.com", "a@x.com")
    )
    assert recipients(made, Channel.SMS) == Recipients("+96550000000", ())
    assert recipients(made, Channel.WHATSAPP) == Recipients("+96550000000", ())


def test_copies_alone_are_no_contact() -> None:
    assert recipients(payment(terms(email=None, copies=("a@x.com",))), Channel.EMAIL) is None


@pytest.mark.parametrize("channel", [Channel.SMS, Channel.WHATSAPP])
def test_without_a_phone_number_there_is_no_contact(channel: Channel) -> None:
    assert recipients(payment(terms(phone=None)), channel) is None


def test_the_message_of_an_operation_names_the_amount_of_its_newest_part() -> None:
    made = refunded(refunded(payment(terms(), Event.CREATED, Event.PAID), "4"), "2.5")

    assert amount_of_event(made, Event.REFUNDED) == "2.500"
    assert amount_of_event(made, Event.CAPTURED) == ""
    assert amount_of_event(made, Event.PAID) == ""
    assert made.refunded == Decimal("6.5")


@pytest.mark.parametrize("channel", Channel)
def test_templates_are_approved_unless_settings_say_otherwise(channel: Channel) -> None:
    status = template_status(ChannelSettings(), channel, Event.PAID, "en")

    assert status is TemplateStatus.APPROVED


def test_settings_may_name_a_template_by_its_event() -> None:
    settings = ChannelSettings(templates={"paid": TemplateStatus.MISSING})

    assert template_status(settings, Channel.SMS, Event.PAID, "ar") is TemplateStatus.MISSING
    assert template_status(settings, Channel.SMS, Event.FAILED, "ar") is TemplateStatus.APPROVED


def test_the_template_s_own_name_counts_for_more_than_its_event() -> None:
    settings = ChannelSettings(
        templates={
            "paid": TemplateStatus.PAUSED,
            "payment_paid_en": TemplateStatus.APPROVED,
            "payment-paid": TemplateStatus.MISSING,
        }
    )

    assert template_status(settings, Channel.WHATSAPP, Event.PAID, "en") is TemplateStatus.APPROVED
    assert template_status(settings, Channel.WHATSAPP, Event.PAID, "ar") is TemplateStatus.PAUSED
    assert template_status(settings, Channel.EMAIL, Event.PAID, "ar") is TemplateStatus.MISSING
