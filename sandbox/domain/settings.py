"""Settings of one workspace: what the merchant would configure on the platform."""

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final

from sandbox.domain.events import Channel, Event

# What a payer's page calls by itself (FACTS 2): the browser SDK's question, and native payments.
PAGE_CALLS: Final = frozenset(
    {
        "/b/checkout/api/sdk/v1/pre-payment-option-check/{session_id}/",
        "/b/pbl/v2/payment/apple-pay/",
        "/b/pbl/v2/payment/google-pay/",
        "/b/pbl/v2/payment/wallet/",
    }
)


class WebhookVersion(enum.StrEnum):
    """The form of webhook payloads (FACTS 8)."""

    CURRENT = "current"
    FORM_2022 = "2022"


class ValidationMode(enum.StrEnum):
    """How strictly requests are held to the document (DESIGN, precedence)."""

    STRICT = "strict"
    COMPATIBLE = "compatible"
    OFF = "off"


class LimitMode(enum.StrEnum):
    """Whether exceeding a limit leaves a finding or is refused."""

    WARN = "warn"
    ENFORCE = "enforce"


class GatewayPolicy(enum.StrEnum):
    """What an unknown gateway code means: a generic gateway, or a field error (FACTS 10)."""

    ANY = "any"
    LISTED = "listed"


class FailureChannels(enum.StrEnum):
    """The form of `channels` in a failed message notification (FACTS 7)."""

    STRING = "string"
    LIST = "list"


class TemplateStatus(enum.StrEnum):
    """Where a message template stands with its provider."""

    APPROVED = "approved"
    MISSING = "missing"
    REJECTED = "rejected"
    PAUSED = "paused"
    DISABLED = "disabled"
    UNLINKED = "unlinked"


@dataclass(frozen=True, kw_only=True, slots=True)
class ChannelSettings:
    """Whether a channel has a provider, and the templates that are not approved, by event."""

    configured: bool = True
    templates: Mapping[str, TemplateStatus] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True)
class WorkspaceSettings:
    """All settings of a workspace with the platform's defaults.

    Source: DESIGN (control API, settings), FACTS 4 to 9.
    """

    webhook_url: str | None = None
    operations_webhook_url: str | None = None
    plugin_webhook_url: str | None = None
    webhook_key: str = "sandbox-webhook-key"
    webhook_version: WebhookVersion = WebhookVersion.CURRENT
    webhook_statuses: frozenset[Event] | None = None
    webhook_timeout: timedelta = timedelta(seconds=15)
    webhook_retries: int = 3
    webhook_backoff: timedelta = timedelta(seconds=5)
    webhook_grace: timedelta = timedelta(seconds=1)
    webhook_user_agent: str = (
        "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) "
        "Chrome/120.0.0.0 Safari/537.36"
    )
    ignore_ssl: bool = True
    notify_on_error: bool = False
    emails: tuple[str, ...] = ()
    multi_attempt: bool = True
    expire_after: timedelta = timedelta(hours=24)
    validation: ValidationMode = ValidationMode.COMPATIBLE
    limits: LimitMode = LimitMode.WARN
    gateways: GatewayPolicy = GatewayPolicy.ANY
    failure_channels: FailureChannels = FailureChannels.STRING
    channels: Mapping[Channel, ChannelSettings] = field(
        default_factory=lambda: dict.fromkeys(Channel, ChannelSettings())
    )
    wallet: bool = True
    public_key_calls: frozenset[str] = PAGE_CALLS
    ignore_findings: frozenset[str] = frozenset()

    @property
    def operations_url(self) -> str | None:
        """Where operation webhooks go (FACTS 8)."""
        return self.operations_webhook_url or self.webhook_url
