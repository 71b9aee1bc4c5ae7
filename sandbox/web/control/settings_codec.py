"""Settings of a workspace between the wire and the domain.

Source: DESIGN (control API, settings).
"""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, Final

from sandbox.domain.durations import format_duration
from sandbox.domain.events import Channel
from sandbox.domain.settings import ChannelSettings, WorkspaceSettings
from sandbox.web.control.fields import pointer_to
from sandbox.web.errors import Problem

# The only value of settings on which no part of this version acts.
ONLY: Final[Mapping[str, object]] = {
    "webhook_format": "json",
    "webhook_mode": "push",
    "subscription_signature": False,
}


def write_settings(settings: WorkspaceSettings) -> dict[str, Any]:
    """Write every setting; a PATCH with the same values changes nothing."""
    statuses = settings.webhook_statuses
    return {
        "webhook_url": settings.webhook_url,
        "operations_webhook_url": settings.operations_webhook_url,
        "plugin_webhook_url": settings.plugin_webhook_url,
        "webhook_key": settings.webhook_key,
        "webhook_version": settings.webhook_version.value,
        "webhook_format": ONLY["webhook_format"],
        "webhook_mode": ONLY["webhook_mode"],
        "webhook_statuses": None if statuses is None else sorted(each.value for each in statuses),
        "webhook_timeout": format_duration(settings.webhook_timeout),
        "webhook_retries": settings.webhook_retries,
        "webhook_backoff": format_duration(settings.webhook_backoff),
        "webhook_grace": format_duration(settings.webhook_grace),
        "webhook_user_agent": settings.webhook_user_agent,
        "subscription_signature": ONLY["subscription_signature"],
        "ignore_ssl": settings.ignore_ssl,
        "notify_on_error": settings.notify_on_error,
        "emails": list(settings.emails),
        "multi_attempt": settings.multi_attempt,
        "expire_after": format_duration(settings.expire_after),
        "validation": settings.validation.value,
        "limits": settings.limits.value,
        "gateways": settings.gateways.value,
        "failure_channels": settings.failure_channels.value,
        "channels": {
            channel.value: _channel(settings.channels[channel])
            for channel in (Channel.SMS, Channel.EMAIL, Channel.WHATSAPP)
        },
        "wallet": settings.wallet,
        "public_key_calls": sorted(settings.public_key_calls),
        "ignore_findings": sorted(settings.ignore_findings),
    }


def read_changes(fields: Mapping[str, object]) -> dict[str, object]:
    """Return the changes that a PATCH asks for.

    Raises:
        Problem: a setting would get a value that comes with a later version (501).
    """
    for name, only in ONLY.items():
        if name in fields and fields[name] != only:
            raise Problem(
                HTTPStatus.NOT_IMPLEMENTED,
                "Not yet here",
                f"Setting `{name}`: other values than `{str(only).lower()}` come with a later version.",
                pointer=pointer_to(name),
            )
    return {name: value for name, value in fields.items() if name not in ONLY}


def _channel(settings: ChannelSettings) -> dict[str, Any]:
    return {
        "configured": settings.configured,
        "templates": {name: status.value for name, status in settings.templates.items()},
    }
