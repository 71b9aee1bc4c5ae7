"""Messages of a payment: sent by themselves at an event, or again by hand."""

from dataclasses import dataclass, replace
from datetime import timedelta

from sandbox.channels.failures import PROVIDERS
from sandbox.channels.magic import magic_failure
from sandbox.channels.outcomes import (
    Outcome,
    Report,
    delivered,
    fails,
    refused_by_configuration,
)
from sandbox.channels.scripted import outcome_of
from sandbox.channels.selection import (
    Recipients,
    amount_of_event,
    automatic_channels,
    newest_sendable_event,
    recipients,
    template_status,
)
from sandbox.channels.templates import template_name
from sandbox.domain.events import Channel, Event
from sandbox.domain.messages import Message, MessageStatus
from sandbox.domain.operations import Refused
from sandbox.domain.settings import FailureChannels
from sandbox.domain.transactions import PaymentTransaction
from sandbox.engine.context import Context
from sandbox.engine.timeline import Kind
from sandbox.engine.work import Work
from sandbox.scenarios.model import Send

_AT_ONCE = timedelta()


@dataclass(frozen=True, kw_only=True, slots=True)
class Resent:
    """What a resend did: its messages, in the order of the channels asked for.

    `failure_form` is the payment's setting for how an answer names the channels that failed.
    """

    messages: tuple[Message, ...]
    failure_form: FailureChannels

    @property
    def failed(self) -> tuple[Channel, ...]:
        """The channels whose provider refused the message at once."""
        return tuple(each.channel for each in self.messages if _refused(each))


def tell_payer(context: Context, work: Work, event: Event, amount: str) -> None:
    """Send the automatic messages of an event (FACTS 7)."""
    if not work.payment.terms.notifications:
        return
    for channel in automatic_channels(work.payment, event):
        who = recipients(work.payment, channel)
        if who is not None:
            _send(context, work, channel, who, event, amount, Send.AUTOMATIC)


def resend(
    context: Context, work: Work, channels: tuple[Channel, ...]
) -> Resent | tuple[Refused, ...]:
    """Send the newest event's message once more by each channel, to the contacts of now.

    Refused as a whole, one refusal a channel, when any has no contact or no event to tell of.

    Source: FACTS 7 (resend).
    """
    payment = work.payment
    planned: list[tuple[Channel, Recipients, Event]] = []
    refusals: list[Refused] = []
    for channel in dict.fromkeys(channels):
        who = recipients(payment, channel)
        event = newest_sendable_event(payment, channel)
        if who is None:
            refusals.append(_no_contact(channel))
        elif event is None:
            refusals.append(_no_event(channel))
        else:
            planned.append((channel, who, event))
    if refusals:
        return tuple(refusals)
    sent = [
        _send(context, work, channel, who, event, amount_of_event(payment, event), Send.RESEND)
        for channel, who, event in planned
    ]
    return Resent(messages=tuple(sent), failure_form=work.settings.failure_channels)


def report(work: Work, message: Message, reported: Report) -> None:
    """Keep what the provider reports of a message it had accepted."""
    if message.finished:
        work.happened(Kind.NOTHING, reason="the message had reached its end already.")
        return
    changed = replace(message, history=(*message.history, reported.step(work.now)))
    work.send(changed)
    _tell(work, changed)


def _no_contact(channel: Channel) -> Refused:
    contact = "customer_email" if channel is Channel.EMAIL else "customer_phone"
    return Refused(
        rule="contact",
        field="channels",
        reason=f"The payment has no `{contact}`, which {channel} needs.",
    )


def _no_event(channel: Channel) -> Refused:
    return Refused(
        rule="event",
        field="channels",
        reason=f"No event that {channel} is enabled for has happened to this payment yet.",
    )


def _send(
    context: Context,
    work: Work,
    channel: Channel,
    who: Recipients,
    event: Event,
    amount: str,
    send: Send,
) -> Message:
    payment = work.payment
    to, cc = who
    outcome = _outcome(context, work, channel, event, to, send)
    at_once = [each.step(work.now) for each in outcome.reports if each.after == _AT_ONCE]
    later = [each for each in outcome.reports if each.after > _AT_ONCE]
    message = Message(
        id=work.identify("message", payment.session_id),
        session_id=payment.session_id,
        order_no=payment.terms.order_no,
        channel=channel,
        to=to,
        cc=cc,
        event=event,
        template=template_name(channel, event, payment.terms.language),
        language=payment.terms.language,
        provider=PROVIDERS[channel],
        at=work.now,
        history=tuple(at_once),
        resent=send is Send.RESEND,
        amount=amount,
        payment=payment,
        attachments=_attachments(payment, channel),
    )
    work.send(message, tuple(later))
    _tell(work, message)
    return message


def _outcome(
    context: Context, work: Work, channel: Channel, event: Event, to: str, send: Send
) -> Outcome:
    settings = work.settings.channels[channel]
    unsent = refused_by_configuration(
        channel,
        configured=settings.configured,
        template=template_status(settings, channel, event, work.payment.terms.language),
        contact=to,
    )
    if unsent is not None:
        return unsent
    return carried(context, work, channel, to, send)


def carried(context: Context, work: Work, channel: Channel, to: str, send: Send) -> Outcome:
    """Return what becomes of a message that is handed to its provider (DESIGN, precedence)."""
    if work.binding is not None:
        step, work.binding = work.binding.next_message(channel, send)
        if step is not None:
            return outcome_of(channel, step.carriage)
    if context.magic:
        key = (channel.value, to)
        in_this_step = work.batch.magic_failures.count(key)
        code = magic_failure(channel, to, work.workspace.magic_failures.get(key, 0) + in_this_step)
        if code is not None:
            work.batch.magic_failures.append(key)
            return fails(channel, code)
    return delivered()


def _attachments(payment: PaymentTransaction, channel: Channel) -> tuple[str, ...]:
    file = payment.terms.attachment
    return (file.name,) if file is not None and channel is Channel.EMAIL else ()


def _refused(message: Message) -> bool:
    return message.history[0].status is MessageStatus.FAILED


def _tell(work: Work, message: Message) -> None:
    work.happened(
        Kind.MESSAGE,
        channel=message.channel,
        event=message.event,
        to=message.to,
        status=message.status,
        code=message.code,
        id=message.id,
    )
