"""A scenario bound to one transaction, with how much of it is used up."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from sandbox.domain.events import Channel, Event
from sandbox.domain.operations import Operation
from sandbox.domain.setting_changes import changed_settings
from sandbox.domain.settings import WorkspaceSettings
from sandbox.scenarios.cursors import Used, channel_step_at, step_at, webhook_rule_at
from sandbox.scenarios.model import (
    ChannelStep,
    InquiryStep,
    OperationStep,
    PaymentStep,
    Scenario,
    Send,
    WebhookRule,
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Binding:
    """What the transaction keeps of the scenario it started with; cursors count what is used.

    Source: DESIGN, precedence.
    """

    scenario: Scenario
    payments: int = 0
    operations: Mapping[Operation, int] = field(default_factory=dict)
    inquiries: int = 0
    channels: Mapping[Channel, Used] = field(default_factory=dict)
    webhooks: Used = ()
    timeline: frozenset[int] = frozenset()

    def settings_over(self, settings: WorkspaceSettings) -> WorkspaceSettings:
        """Return the workspace's settings with the scenario's own merged in."""
        if not self.scenario.settings:
            return settings
        return changed_settings(settings, self.scenario.settings)

    def next_payment(self) -> tuple[PaymentStep | None, "Binding"]:
        """Return how the payer's next try ends, if the scenario says so."""
        step = step_at(self.scenario.payment, self.payments)
        return step, self if step is None else replace(self, payments=self.payments + 1)

    def next_operation(self, operation: Operation) -> tuple[OperationStep | None, "Binding"]:
        """Return what the gateway answers to the next operation of this kind."""
        used = self.operations.get(operation, 0)
        step = step_at(self.scenario.operations.get(operation, ()), used)
        if step is None:
            return None, self
        return step, replace(self, operations={**self.operations, operation: used + 1})

    def next_inquiry(self) -> tuple[InquiryStep | None, "Binding"]:
        """Return what the gateway says when it is asked next, by the merchant or the platform."""
        step = step_at(self.scenario.inquiry, self.inquiries)
        return step, self if step is None else replace(self, inquiries=self.inquiries + 1)

    def next_message(self, channel: Channel, send: Send) -> tuple[ChannelStep | None, "Binding"]:
        """Return what becomes of the next message by this channel, sent this way."""
        steps = self.scenario.channels.get(channel, ())
        turn = channel_step_at(steps, self.channels.get(channel, ()), send)
        if turn.step is None:
            return None, self
        return turn.step, replace(self, channels={**self.channels, channel: turn.used})

    def next_webhook(self, event: Event) -> tuple[WebhookRule | None, "Binding"]:
        """Return the first rule for this event that is not used up."""
        turn = webhook_rule_at(self.scenario.webhooks, self.webhooks, event)
        return turn.rule, replace(self, webhooks=turn.used)

    def due_timeline(self, event: Event) -> tuple[tuple[int, ...], "Binding"]:
        """Return the timeline steps that the first arrival of this event starts."""
        begun = tuple(
            index
            for index, step in enumerate(self.scenario.timeline)
            if step.on is event and index not in self.timeline
        )
        return begun, replace(self, timeline=self.timeline | set(begun)) if begun else self
