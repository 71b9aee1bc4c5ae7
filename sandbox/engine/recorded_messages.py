"""What became of a payment's messages, as a scenario's lists."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any, Final

from sandbox.channels.failures import FAILURES
from sandbox.channels.outcomes import refused_by_configuration
from sandbox.channels.selection import template_status
from sandbox.domain.events import Channel
from sandbox.domain.messages import Message, MessageStatus
from sandbox.domain.settings import WorkspaceSettings
from sandbox.engine.workspace import Workspace
from sandbox.scenarios.model import (
    NOW,
    AcceptOnly,
    AcceptThenFail,
    Carriage,
    ChannelStep,
    Deliver,
    Refuse,
    Send,
)

_MILLISECOND: Final = timedelta(milliseconds=1)


def messages_of(workspace: Workspace, session_id: str) -> list[Message]:
    """Return what went to the payer, oldest first; mails to the merchant are left out."""
    return [
        each
        for each in workspace.messages.values()
        if each.session_id == session_id and each.payment is not None
    ]


def expected_messages(messages: Sequence[Message]) -> tuple[Mapping[str, Any], ...]:
    """Return what a play must bring of messages."""
    return tuple(
        {
            "channel": each.channel.value,
            **({"event": each.event.value} if each.event else {}),
            "status": each.status.value,
            **({"code": each.code} if each.code else {}),
        }
        for each in messages
    )


def channel_lists(
    messages: Sequence[Message], settings: WorkspaceSettings
) -> dict[Channel, tuple[ChannelStep, ...]]:
    """Return each channel's list; a channel whose messages all arrived at once has none.

    What the merchant's configuration refused never came to a provider, so it stands in no list.
    """
    lists: dict[Channel, tuple[ChannelStep, ...]] = {}
    for channel in Channel:
        carried = [
            each
            for each in messages
            if each.channel is channel and not _refused_by_configuration(each, settings)
        ]
        if any(_carriage(each) != Deliver() for each in carried):
            lists[channel] = tuple(_merged(carried))
    return lists


def _merged(messages: Sequence[Message]) -> Iterator[ChannelStep]:
    """Yield a step for each run of messages to which the same happened."""
    both_kinds = len({each.resent for each in messages}) > 1
    current: ChannelStep | None = None
    for message in messages:
        send = Send.RESEND if message.resent else Send.AUTOMATIC
        step = ChannelStep(carriage=_carriage(message), send=send if both_kinds else None)
        if current is not None and replace(current, times=1) == step:
            current = replace(current, times=current.times + 1)
            continue
        if current is not None:
            yield current
        current = step
    if current is not None:
        yield current


def _carriage(message: Message) -> Carriage:
    first, last = message.history[0], message.history[-1]
    after = (last.at - first.at) // _MILLISECOND * _MILLISECOND
    code = last.code or ""
    known = FAILURES[message.channel].get(code)
    detail = None if known and known.detail == last.detail else last.detail
    if first.status is MessageStatus.FAILED:
        return Refuse(code=code, detail=detail)
    if last.status is MessageStatus.FAILED:
        return AcceptThenFail(code=code, after=after, detail=detail)
    if last.status is MessageStatus.DELIVERED:
        return Deliver(after=after)
    return AcceptOnly()


def arrives_late(message: Message) -> bool:
    """Tell whether the provider's last report took time of the workspace's clock."""
    return message.history[-1].at - message.history[0].at > NOW


def _refused_by_configuration(message: Message, settings: WorkspaceSettings) -> bool:
    channel = settings.channels[message.channel]
    if message.event is None:
        return False
    refused = refused_by_configuration(
        message.channel,
        configured=channel.configured,
        template=template_status(channel, message.channel, message.event, message.language),
        contact=message.to,
    )
    return refused is not None
