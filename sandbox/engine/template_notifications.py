"""Messages sent from a template by its name, without any transaction.

A scenario decides here when the call asks for one or the workspace has one pinned. How much of its
`channels` lists is used up belongs to the workspace; such messages count as sent by hand. Nothing is
sent once only: calls with the same `trace_id` each make a message.

Source: FACTS 7 (send-notification).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final

from sandbox.channels.failures import PROVIDERS
from sandbox.channels.notification_templates import NoTemplate
from sandbox.channels.notification_texts import Unfilled, fallback, fill
from sandbox.channels.outcomes import Outcome, failed_at_once, refused_by_configuration
from sandbox.channels.rendering import Rendered
from sandbox.domain.events import Channel
from sandbox.domain.messages import Message
from sandbox.domain.settings import TemplateStatus
from sandbox.engine.binding import Binding
from sandbox.engine.commands import Notify
from sandbox.engine.context import Context
from sandbox.engine.messages import carried
from sandbox.engine.work import Work
from sandbox.engine.workspace import Workspace
from sandbox.scenarios.cursors import Used
from sandbox.scenarios.model import Scenario, Send

_AT_ONCE: Final = timedelta()
_WORDLESS: Final = Rendered(text="", links=())
# WhatsApp fills in nothing itself: it counts parameters, and knows only templates it has approved.
_NO_TEMPLATE: Final = {Channel.WHATSAPP: "132001"}
_NOT_FILLED: Final = {Channel.WHATSAPP: "132000"}


@dataclass(frozen=True, kw_only=True, slots=True)
class ChannelsUsed:
    """How much of a scenario's `channels` the messages without a transaction have used up."""

    id: str
    scenario: Scenario
    channels: Mapping[Channel, Used] = field(default_factory=dict)


def notify(context: Context, work: Work, command: Notify, scenario: Scenario | None) -> Message:
    """Send one message from a template; its first status tells whether the provider took it."""
    for note in command.notes:
        work.find(note)
    if scenario is not None:
        work.bind(Binding(scenario=scenario, channels=_used(work, scenario)))
    rendered, outcome = _made(context, work, command)
    if scenario is not None and work.binding is not None:
        work.keep(ChannelsUsed(id=scenario.name, scenario=scenario, channels=work.binding.channels))
    at_once = (each for each in outcome.reports if each.after == _AT_ONCE)
    later = (each for each in outcome.reports if each.after > _AT_ONCE)
    message = Message(
        id=work.identify("message", command.trace_id or ""),
        session_id=None,
        order_no=None,
        channel=command.channel,
        to=command.to,
        cc=command.cc,
        bcc=command.bcc,
        event=None,
        template=command.template_id,
        language=command.language,
        provider=PROVIDERS[command.channel],
        at=work.now,
        history=tuple(each.step(work.now) for each in at_once),
        subject=rendered.subject,
        text=rendered.text,
        html=rendered.html,
        attachments=command.attachments,
        trace_id=command.trace_id,
        tags=command.tags,
    )
    work.send(message, tuple(later))
    return message


def begin_anew(workspace: Workspace, scenario: str) -> None:
    """Let the `channels` lists of a scenario begin at their first steps again."""
    used = workspace.tables.of(ChannelsUsed).get(scenario)
    if used is not None:
        workspace.tables.drop(used)


def _made(context: Context, work: Work, command: Notify) -> tuple[Rendered, Outcome]:
    """Return what the receiver reads and what becomes of it: configuration, template, provider."""
    channel = command.channel
    settings = work.settings.channels[channel]
    unsent = refused_by_configuration(
        channel,
        configured=settings.configured,
        template=settings.templates.get(command.template_id, TemplateStatus.APPROVED),
        contact=command.to,
    )
    if unsent is not None:
        return _WORDLESS, unsent
    template = context.notifications.find(command.template_id, channel, command.language)
    if isinstance(template, NoTemplate):
        code = _NO_TEMPLATE.get(channel, "template_missing")
        return _WORDLESS, failed_at_once(channel, code, template.reason)
    rendered = fill(template, channel, command.language, command.context, command.subject)
    if isinstance(rendered, Unfilled):
        # WhatsApp carries nothing but what was approved, so no other text can take its place.
        if not command.body or channel is Channel.WHATSAPP:
            code = _NOT_FILLED.get(channel, "template_not_filled")
            return _WORDLESS, failed_at_once(channel, code, rendered.reason)
        rendered = fallback(channel, command.body, command.subject)
    return rendered, carried(context, work, channel, command.to, Send.RESEND)


def _used(work: Work, scenario: Scenario) -> Mapping[Channel, Used]:
    """Return what is used up of this very scenario; a new one of its name begins anew."""
    used = work.kept(ChannelsUsed).get(scenario.name)
    return used.channels if used is not None and used.scenario == scenario else {}
