"""What every step of the engine has at hand, and never changes."""

from dataclasses import dataclass, field

from sandbox.channels.notification_templates import NotificationTemplates
from sandbox.domain.gateways import GatewayCatalog
from sandbox.engine.ports import PayloadRenderer


@dataclass(frozen=True, kw_only=True, slots=True)
class Context:
    """The seed of identifiers, the gateways, the renderer of webhooks, and whether magic works.

    `notifications` are the templates of messages that concern no transaction.
    """

    seed: int
    gateways: GatewayCatalog
    renderer: PayloadRenderer
    magic: bool = True
    notifications: NotificationTemplates = field(default_factory=NotificationTemplates)
