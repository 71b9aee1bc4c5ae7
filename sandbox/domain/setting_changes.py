"""Changes to workspace settings, by a PATCH of settings, a scenario or the command line."""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from difflib import get_close_matches
from enum import StrEnum
from types import MappingProxyType
from typing import Final
from urllib.parse import urlsplit

from sandbox.domain.durations import LONGEST_DURATION, NotADuration, parse_duration
from sandbox.domain.errors import SandboxError
from sandbox.domain.events import Channel, Event
from sandbox.domain.settings import (
    ChannelSettings,
    FailureChannels,
    GatewayPolicy,
    LimitMode,
    TemplateStatus,
    ValidationMode,
    WebhookVersion,
    WorkspaceSettings,
)
from sandbox.domain.web_addresses import is_refused_address

# Settings of the platform that no part of this version acts on; refused by name, never ignored.
_NOT_YET: Final = frozenset({"webhook_format", "webhook_mode", "subscription_signature"})
_CALL: Final = re.compile(r"/?[^\s/]+(?:/[^\s/]+)*/?")


class InvalidSetting(SandboxError):
    """A setting has a wrong name or value."""

    def __init__(self, name: str, expected: str) -> None:
        super().__init__(f"Setting `{name}`: {expected}")
        self.name = name
        self.expected = expected


Reader = Callable[[str, object], object]


def _text(name: str, value: object) -> str:
    if isinstance(value, str) and value and not any(ord(letter) < ord(" ") for letter in value):
        return value
    raise InvalidSetting(name, "expected a text of one line that is not empty.")


def _url(name: str, value: object) -> str | None:
    if value is None or value == "":
        return None
    if isinstance(value, str):
        try:
            parts = urlsplit(value)
            _ = parts.port  # told only when it is read
            usable = parts.scheme in ("http", "https") and bool(parts.hostname)
        except ValueError:
            usable = False
        if usable and not any(letter.isspace() or ord(letter) < ord(" ") for letter in value):
            if is_refused_address(value):
                raise InvalidSetting(name, "webhooks go to no link-local or metadata address.")
            return value
    raise InvalidSetting(name, "expected a URL that begins with http:// or https://, or null.")


def _switch(name: str, value: object) -> bool:
    if isinstance(value, bool):
        return value
    raise InvalidSetting(name, "expected true or false.")


def _count(name: str, value: object) -> int:
    if isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= 100:  # noqa: PLR2004
        return value
    raise InvalidSetting(name, "expected a whole number from 1 to 100.")


def _duration(name: str, value: object) -> timedelta:
    if isinstance(value, str):
        try:
            span = parse_duration(value)
        except NotADuration:
            pass
        else:
            if span <= LONGEST_DURATION:
                return span
    raise InvalidSetting(
        name, "expected a duration such as `15s`, `24h` or `PT30M`, at most ten years."
    )


def _texts(name: str, value: object) -> tuple[str, ...]:
    if isinstance(value, list | tuple) and all(isinstance(each, str) for each in value):
        return tuple(value)
    raise InvalidSetting(name, "expected a list of texts.")


def _calls(name: str, value: object) -> frozenset[str]:
    expected = "expected a list of operation ids, or of paths as the document writes them."
    if not isinstance(value, list | tuple | set | frozenset):
        raise InvalidSetting(name, expected)
    if all(isinstance(each, str) and _CALL.fullmatch(each) for each in value):
        return frozenset(value)
    raise InvalidSetting(name, expected)


def _one_of(choices: type[StrEnum]) -> Reader:
    def read(name: str, value: object) -> object:
        try:
            return choices(str(value))
        except ValueError:
            listed = ", ".join(f"`{each}`" for each in choices)
            raise InvalidSetting(name, f"expected one of {listed}.") from None

    return read


def _statuses(name: str, value: object) -> frozenset[Event] | None:
    if value is None:
        return None
    read = _one_of(Event)
    return frozenset(Event(str(read(name, each))) for each in _texts(name, value))


def _channels(name: str, value: object) -> Mapping[Channel, ChannelSettings]:
    if not isinstance(value, Mapping):
        raise InvalidSetting(name, "expected an object with `sms`, `email` and `whatsapp`.")
    return {
        Channel(str(_one_of(Channel)(name, key))): _channel(f"{name}.{key}", each)
        for key, each in value.items()
    }


def _channel(name: str, value: object) -> ChannelSettings:
    if not isinstance(value, Mapping) or set(value) - {"configured", "templates"}:
        raise InvalidSetting(name, "expected an object with `configured` and `templates`.")
    templates = value.get("templates", {})
    if not isinstance(templates, Mapping):
        raise InvalidSetting(f"{name}.templates", "expected an object: event or name to status.")
    read = _one_of(TemplateStatus)
    return ChannelSettings(
        configured=_switch(f"{name}.configured", value.get("configured", True)),
        templates={
            str(key): TemplateStatus(str(read(f"{name}.templates.{key}", each)))
            for key, each in templates.items()
        },
    )


READERS: Final[Mapping[str, Reader]] = MappingProxyType(
    {
        "webhook_url": _url,
        "operations_webhook_url": _url,
        "plugin_webhook_url": _url,
        "webhook_key": _text,
        "webhook_version": _one_of(WebhookVersion),
        "webhook_statuses": _statuses,
        "webhook_timeout": _duration,
        "webhook_retries": _count,
        "webhook_backoff": _duration,
        "webhook_grace": _duration,
        "webhook_user_agent": _text,
        "ignore_ssl": _switch,
        "notify_on_error": _switch,
        "emails": _texts,
        "multi_attempt": _switch,
        "expire_after": _duration,
        "validation": _one_of(ValidationMode),
        "limits": _one_of(LimitMode),
        "gateways": _one_of(GatewayPolicy),
        "failure_channels": _one_of(FailureChannels),
        "channels": _channels,
        "wallet": _switch,
        "public_key_calls": _calls,
        "ignore_findings": lambda name, value: frozenset(_texts(name, value)),
    }
)


def changed_settings(
    settings: WorkspaceSettings, changes: Mapping[str, object]
) -> WorkspaceSettings:
    """Return the settings with these changes merged in; channels merge one by one.

    Raises:
        InvalidSetting: a name or value is wrong; nothing has changed.

    Source: DESIGN (control API, settings).
    """
    read: dict[str, object] = {}
    for name, value in changes.items():
        if name in _NOT_YET:
            raise InvalidSetting(name, "this version of the sandbox does not have it yet.")
        reader = READERS.get(name)
        if reader is None:
            nearest = get_close_matches(name, READERS, n=1)
            meant = f" Did you mean `{nearest[0]}`?" if nearest else ""
            raise InvalidSetting(name, f"there is no such setting.{meant}")
        read[name] = reader(name, value)
    channels = read.get("channels")
    if isinstance(channels, Mapping):
        read["channels"] = {**settings.channels, **channels}
    return replace(settings, **read)  # type: ignore[arg-type]  # each reader returns its field's type
