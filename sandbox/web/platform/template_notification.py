"""Messages sent from a template by its name: the two calls, their answer and their refusals.

Source: FACTS 7 (send-notification); `Notification` and `ChannelSpecificNotification` of
`specs/ottu.yaml`.
"""

import base64
import binascii
import re
from collections.abc import Iterator, Mapping
from http import HTTPStatus
from typing import Any, Final
from urllib.parse import unquote

from sandbox.channels.failures import FAILURES
from sandbox.contract.explaining import REQUIRED
from sandbox.contract.formats import is_email
from sandbox.domain.events import Channel
from sandbox.domain.findings import Note, Severity
from sandbox.domain.messages import Message, MessageStatus
from sandbox.engine.commands import Notify
from sandbox.web.answers import Answer, as_json
from sandbox.web.errors import WrongFields
from sandbox.web.platform.call import PlatformCall

_PHONE: Final = re.compile(r"(?:\+|00)[1-9](?:[ ().-]{0,2}[0-9]){6,14}", re.ASCII)
_EMAIL_ONLY: Final = ("cc", "bcc", "subject", "attachments")


async def send(call: PlatformCall) -> Answer:
    """Send by the channel that the body names."""
    return _send(call, call.fields.get("channel"))


async def send_by_channel(call: PlatformCall) -> Answer:
    """Send by the channel that the path names."""
    return _send(call, call.path["channel"])


def _send(call: PlatformCall, named: object) -> Answer:
    if named not in tuple(Channel):
        raise WrongFields({"channel": [f"Choose one of {', '.join(Channel)}."]})
    channel = Channel(str(named))
    wrong = {field: [message] for field, message in _wrong_fields(channel, call.fields)}
    if wrong:
        raise WrongFields(wrong)
    command = _read(call, channel)
    message = call.services.engine.notify(call.workspace, command, call.now).result
    if message.history[0].status is MessageStatus.FAILED:
        return as_json({"detail": _reason(message), "result": "failed"}, HTTPStatus.BAD_REQUEST)
    return as_json({"message": "Notification sent.", "result": "success"})


def _wrong_fields(channel: Channel, fields: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield what the document cannot say, because it depends on the channel."""
    if not _text(fields.get("template_id")):
        yield "template_id", REQUIRED
    to = _text(fields.get("to"))
    if not to:
        yield "to", REQUIRED
    elif channel is Channel.EMAIL and not is_email(to):
        yield "to", "Enter a valid email address."
    elif channel is not Channel.EMAIL and not _PHONE.fullmatch(to):
        yield "to", "Enter a valid phone number in international form, such as +96550000000."
    if channel is Channel.WHATSAPP and fields.get("unit_config") in (None, ""):
        yield "unit_config", f"{REQUIRED[:-1]} for whatsapp."


def _read(call: PlatformCall, channel: Channel) -> Notify:
    fields = call.fields
    context = fields.get("context")
    files = [each for each in _list(fields.get("attachments")) if isinstance(each, dict)]
    email = channel is Channel.EMAIL
    return Notify(
        channel=channel,
        template_id=_text(fields.get("template_id")),
        to=_text(fields.get("to")),
        language=_text(fields.get("language")) or "en",
        context=context if isinstance(context, dict) else {},
        subject=_text(fields.get("subject")) or None,
        body=_text(fields.get("body")) or None,
        cc=tuple(map(str, _list(fields.get("cc")))) if email else (),
        bcc=tuple(map(str, _list(fields.get("bcc")))) if email else (),
        attachments=tuple(_name(number, each) for number, each in enumerate(files, 1))
        if email
        else (),
        trace_id=_text(fields.get("trace_id")) or None,
        tags=tuple(map(str, _list(fields.get("tags")))),
        scenario=call.scenario,
        notes=tuple(_notes(call, channel, files)),
    )


def _notes(call: PlatformCall, channel: Channel, files: list[dict[str, Any]]) -> Iterator[Note]:
    asked = call.operation.operation_id
    said = call.fields.get("channel")
    if said is not None and said != channel:
        yield Note(
            code="channel_mismatch",
            severity=Severity.WARNING,
            where=f"{asked}: channel",
            message=f"The path says {channel} and the body {said}; the path counts.",
            hint="Leave `channel` out of the body, or use the same as in the path.",
        )
    if channel is not Channel.EMAIL:
        for name in _EMAIL_ONLY:
            if call.fields.get(name):
                yield Note(
                    code="email_only_field",
                    severity=Severity.WARNING,
                    where=f"{asked}: {name}",
                    message=f"`{name}` is for email only; {channel} does not carry it.",
                    hint=f"Leave `{name}` out.",
                )
        return
    for index, each in enumerate(files):
        content = each.get("content")
        if content and not _is_base64(_text(content)):
            yield Note(
                code="attachment_not_base64",
                severity=Severity.ERROR,
                where=f"{asked}: attachments.{index}.content",
                message="The content of the attachment is not Base64, so the file cannot be read.",
                hint="Send the bytes of the file as Base64, or its address as `url`.",
            )
        elif not content and not each.get("url"):
            yield Note(
                code="attachment_empty",
                severity=Severity.WARNING,
                where=f"{asked}: attachments.{index}",
                message="The attachment has neither `content` nor `url`.",
                hint="Send the bytes of the file as Base64 in `content`, or its address as `url`.",
            )


def _reason(message: Message) -> str:
    """Return why the message was not sent, with the provider's code where it is one."""
    detail = message.detail or "The message was not sent."
    code = message.code or ""
    ours = code not in FAILURES[message.channel] and not code[:1].isdecimal()
    return detail if ours or code in detail else f"{code}: {detail}"


def _name(number: int, file: Mapping[str, Any]) -> str:
    """Return the name that the receiver sees, by position where the call gives none."""
    address = re.split(r"[?#]", _text(file.get("url")))[0]
    name = _text(file.get("filename")) or unquote(address).rpartition("/")[2]
    return name or f"attachment-{number}"


def _is_base64(text: str) -> bool:
    try:
        base64.b64decode("".join(text.split()), validate=True)
    except (binascii.Error, ValueError):
        return False
    return True


def _text(value: object) -> str:
    """Return a text as it is; anything else that slipped through unchecked as none."""
    return value if isinstance(value, str) else ""


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []
