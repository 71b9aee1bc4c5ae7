"""Writes down what happened to a payment as the scenario that makes it happen again.

The timeline says what was done and what happened by itself; the records say how it ended. What was
done becomes the steps of the play, what happened by itself the lists of the scenario, and what
came of it the expectations. What no play can do is told in `notes`.

Source: DESIGN (scenario language).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from sandbox.domain.states import State
from sandbox.domain.transactions import PaymentTransaction
from sandbox.engine.recorded_checkout import settings_of
from sandbox.engine.recorded_messages import channel_lists, expected_messages, messages_of
from sandbox.engine.recorded_steps import RecordedSteps
from sandbox.engine.recorded_webhooks import recorded_webhooks
from sandbox.engine.timeline import Kind
from sandbox.engine.workspace import Workspace
from sandbox.scenarios.model import Scenario
from sandbox.scenarios.plays import Expect

_UNPLAYABLE: Final[Mapping[Kind, str]] = {
    Kind.UPDATED: "The merchant changed the payment; the play checks out with what it came to.",
    Kind.WALLET: "A wallet took part; a play begins with empty wallets.",
    Kind.ATTACHED: "The merchant attached a file; the play does without.",
    Kind.AGREEMENT: "An agreement was charged by a saved card; a play has none.",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Recording:
    """The scenario, and what of the payment's life it cannot repeat, in sentences."""

    scenario: Scenario
    notes: tuple[str, ...]


def record(workspace: Workspace, payment: PaymentTransaction, name: str) -> Recording:
    """Return the scenario of that `name` which repeats what has happened to the payment so far."""
    timeline = workspace.timelines.get(payment.session_id, [])
    binding = workspace.bindings.get(payment.session_id)
    settings = binding.settings_over(workspace.settings) if binding else workspace.settings
    messages = messages_of(workspace, payment.session_id)
    webhooks = recorded_webhooks(
        tuple(workspace.deliveries_of(payment.session_id)), timeline, settings
    )
    steps = RecordedSteps(workspace, payment, messages, webhooks)
    steps.follow(timeline)
    states = tuple(
        State(str(entry.data["state"])) for entry in timeline if entry.kind is Kind.STATE
    )
    kinds = {entry.kind for entry in timeline}
    notes = [said for kind, said in _UNPLAYABLE.items() if kind in kinds]
    if not webhooks.complete:
        notes.append("A webhook was sent again by hand, or its receiver could not be reached.")
    return Recording(
        scenario=Scenario(
            name=name,
            description=f"Recorded: {', then '.join(states)}.",
            settings=settings_of(payment, settings),
            payment=steps.payment_list(),
            operations=steps.operation_lists(),
            inquiry=steps.inquiry_list(),
            channels=channel_lists(messages, settings),
            webhooks=webhooks.rules,
            play=tuple(steps.play),
            expect=Expect(
                states=states,
                messages=expected_messages(messages),
                webhooks=webhooks.expected,
            ),
        ),
        notes=tuple(notes),
    )
