"""Messages that the payer would have got."""

from typing import Any

from sandbox.channels.rendering import render
from sandbox.channels.templates import MessageTemplates
from sandbox.domain.events import Channel, Event
from sandbox.domain.messages import Message, MessageStatus
from sandbox.web.answers import Answer
from sandbox.web.control.call import ControlCall
from sandbox.web.control.instants import write_instant
from sandbox.web.control.lists import answer_list, counted, fits, session_asked_for, since
from sandbox.web.control.workspace_choice import workspace_of


async def list_messages(call: ControlCall) -> Answer:
    """List messages; their texts are rendered now, from the payment as it stood at the event."""
    session_id = session_asked_for(call)
    workspace = workspace_of(call, session_id=session_id)
    wanted = workspace.parents.get(session_id, session_id) if session_id else None
    order_no = call.parameters.text("order_no")
    channel = call.parameters.choice("channel", Channel)
    event = call.parameters.choice("event", Event)
    status = call.parameters.choice("status", MessageStatus)
    trace_id = call.parameters.text("trace_id")
    after = call.parameters.instant("since")
    matching = (
        each
        for each in workspace.messages.values()
        if fits(wanted, each.session_id)
        and fits(order_no, each.order_no)
        and fits(channel, each.channel)
        and fits(event, each.event)
        and fits(status, each.status)
        and fits(trace_id, each.trace_id)
        and since(after, each.at)
    )
    templates = call.services.templates
    counts = counted(call, lambda each: each.messages)
    return answer_list(
        call, workspace, matching, lambda each: write_message(each, templates), counts
    )


def write_message(message: Message, templates: MessageTemplates) -> dict[str, Any]:
    """Write a message as the payer reads it, with all that its provider reported.

    Source: DESIGN (control API, message).
    """
    rendered = render(message, templates)
    return {
        "id": message.id,
        "session_id": message.session_id,
        "order_no": message.order_no,
        "channel": message.channel.value,
        "to": message.to,
        "cc": list(message.cc),
        "bcc": list(message.bcc),
        "event": message.event.value if message.event else None,
        "template": message.template,
        "language": message.language,
        "subject": rendered.subject,
        "text": rendered.text,
        "html": rendered.html,
        "links": list(rendered.links),
        "attachments": list(message.attachments),
        "trace_id": message.trace_id,
        "tags": list(message.tags),
        "provider": message.provider,
        "status": message.status.value,
        "code": message.code,
        "detail": message.detail,
        "at": write_instant(message.at),
        "history": [
            {"at": write_instant(step.at), "status": step.status.value, "code": step.code}
            for step in message.history
        ],
    }
