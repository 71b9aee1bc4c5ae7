"""Which step of a scenario comes next; what has been used up is the caller's to keep.

Lists of outcomes are used one by one and the last repeats. All functions are pure: they take the
counts so far and return the new ones, which never grow without bound.

Source: DESIGN (scenario language, precedence).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, TypeVar

from sandbox.domain.events import Event
from sandbox.scenarios.model import EVERY, ApiFault, ChannelStep, Send, WebhookRule

Step = TypeVar("Step")
Used = tuple[int, ...]
"""How often each item of a list was used; shorter than the list where nothing was used yet."""

# The short names of the calls that faults are most often wanted for.
SHORT_NAMES: Final = {
    "checkout": "create_payment_transaction_checkout",
    "operation": "public_operations",
    "notify": "message_notifications",
}


def step_at(steps: Sequence[Step], consumed: int) -> Step | None:
    """Return the step after `consumed` ones; the last repeats; None when there are none at all."""
    if not steps:
        return None
    return steps[min(consumed, len(steps) - 1)]


@dataclass(frozen=True, kw_only=True, slots=True)
class ChannelTurn:
    """What becomes of one message, and the counts after it."""

    step: ChannelStep | None
    used: Used


def channel_step_at(steps: Sequence[ChannelStep], used: Used, send: Send) -> ChannelTurn:
    """Return the step that a message takes, of all that wait for this kind of sending.

    A step without `send` serves both kinds. One with `send` is passed over by messages of the other
    kind and waits. Each step serves `times` messages; when no step is left, the last one that
    serves this kind repeats. The step is None when none serves it: the message then arrives.
    """
    counts = _counts(used, len(steps))
    serving = [n for n, step in enumerate(steps) if step.send in (None, send)]
    if not serving:
        return ChannelTurn(step=None, used=counts)
    chosen = next((n for n in serving if counts[n] < steps[n].times), None)
    if chosen is None:
        return ChannelTurn(step=steps[serving[-1]], used=counts)
    return ChannelTurn(step=steps[chosen], used=_one_more(counts, chosen))


@dataclass(frozen=True, kw_only=True, slots=True)
class WebhookTurn:
    """What becomes of one webhook, and the counts after it."""

    rule: WebhookRule | None
    used: Used


def webhook_rule_at(rules: Sequence[WebhookRule], used: Used, event: Event) -> WebhookTurn:
    """Return the rule that an event takes: the first, in the order written, that has any left.

    A rule has `times` uses; without `times` one when another rule for the same `on` follows, and
    no end otherwise. The rule is None when none is left: the webhook is then sent as usual.
    """
    counts = _counts(used, len(rules))
    for number, rule in enumerate(rules):
        if rule.on not in (event, EVERY):
            continue
        followed = any(later.on == rule.on for later in rules[number + 1 :])
        limit = _limit(rule.times, followed=followed)
        if limit is None:
            return WebhookTurn(rule=rule, used=counts)
        if counts[number] < limit:
            return WebhookTurn(rule=rule, used=_one_more(counts, number))
    return WebhookTurn(rule=None, used=counts)


@dataclass(frozen=True, kw_only=True, slots=True)
class FaultTurn:
    """What goes wrong with one call, and the counts after it."""

    fault: ApiFault | None
    used: Used


def api_fault_at(faults: Sequence[ApiFault], used: Used, operation_id: str) -> FaultTurn:
    """Return the fault that a call meets; None when it goes well.

    The counts are the calls that each fault has seen: those it let go well (`skip`) and those it
    took. Faults are asked in the order written; a call that one of them takes is not seen by the
    later ones. `times` is as in `webhook_rule_at`.
    """
    counts = _counts(used, len(faults))
    for number, fault in enumerate(faults):
        if not covers(fault, operation_id):
            continue
        followed = any(later.operation == fault.operation for later in faults[number + 1 :])
        limit = _limit(fault.times, followed=followed)
        seen = counts[number]
        if limit is not None and seen >= fault.skip + limit:
            continue
        if seen < fault.skip or limit is not None:
            counts = _one_more(counts, number)
        if seen >= fault.skip:
            return FaultTurn(fault=fault, used=counts)
    return FaultTurn(fault=None, used=counts)


def covers(fault: ApiFault, operation_id: str) -> bool:
    """Tell whether a fault is meant for an operation of the API document."""
    return fault.operation in (EVERY, operation_id) or (
        SHORT_NAMES.get(fault.operation) == operation_id
    )


def _limit(times: int | None, *, followed: bool) -> int | None:
    if times is not None:
        return times
    return 1 if followed else None


def _counts(used: Used, length: int) -> Used:
    return (used + (0,) * length)[:length]


def _one_more(counts: Used, number: int) -> Used:
    return (*counts[:number], counts[number] + 1, *counts[number + 1 :])
