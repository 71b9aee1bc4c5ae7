"""What became of a payment's webhooks, as a scenario's rules and a receiver's answers."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any, Final

from sandbox.domain.deliveries import Delivery, DeliveryKind, DeliveryStatus
from sandbox.domain.events import Event
from sandbox.domain.settings import WebhookVersion, WorkspaceSettings
from sandbox.engine.timeline import Kind, TimelineEntry
from sandbox.scenarios.model import NOW, Tamper, WebhookRule

_MILLISECOND: Final = timedelta(milliseconds=1)
# On a running clock a try begins a little after its event; a rule's delay is longer.
_NOTICED: Final = timedelta(seconds=1)
_OK: Final = 200


@dataclass(frozen=True, kw_only=True, slots=True)
class RecordedWebhooks:
    """Rules in order, what a play must bring, and how the receiver answered, try by try.

    `released` are the deliveries that were held until somebody let them go. `complete` is False
    where something was done that no play can do: a delivery was sent again by hand, or the receiver
    could not be reached.
    """

    rules: tuple[WebhookRule, ...]
    expected: tuple[Mapping[str, Any], ...]
    answers: tuple[int | None, ...]
    released: frozenset[str]
    complete: bool


def recorded_webhooks(
    deliveries: Sequence[Delivery], timeline: Sequence[TimelineEntry], settings: WorkspaceSettings
) -> RecordedWebhooks:
    """Tell from the deliveries of one payment, oldest first, what a scenario must say of them."""
    held = {
        str(entry.data["id"])
        for entry in timeline
        if entry.kind is Kind.WEBHOOK and entry.data["status"] == DeliveryStatus.HELD
    }
    seen: dict[Event, list[WebhookRule]] = {}
    released = set()
    for group in _events(deliveries):
        rule = _rule(group, deliveries, held, settings)
        seen.setdefault(group[0].event, []).append(rule)
        if rule.hold:
            released |= {each.id for each in group if each.tries}
    answers = _answers(deliveries)
    return RecordedWebhooks(
        rules=tuple(rule for event in seen for rule in _merged(seen[event])),
        expected=tuple(_expected(each, is_fine=not answers) for each in deliveries),
        answers=answers,
        released=frozenset(released),
        complete=not any(map(_sent_again_or_lost, deliveries)),
    )


def _events(deliveries: Sequence[Delivery]) -> list[list[Delivery]]:
    """Group deliveries by what they tell of: one event, to each URL, with its copies."""
    groups: list[list[Delivery]] = []
    for delivery in deliveries:
        last = groups[-1] if groups else []
        urls = {each.url for each in last}
        is_same = bool(last) and last[0].event is delivery.event and last[0].body == delivery.body
        if delivery.copy_of is not None or (is_same and delivery.url not in urls):
            last.append(delivery)
        else:
            groups.append([delivery])
    return groups


def _rule(
    group: Sequence[Delivery],
    deliveries: Sequence[Delivery],
    held: set[str],
    settings: WorkspaceSettings,
) -> WebhookRule:
    first = group[0]
    if first.status is DeliveryStatus.DROPPED:
        return WebhookRule(on=first.event, drop=True)
    waited = first.id in held
    reordered = waited and (first.released_by_next or _went_after_next(first, deliveries))
    return WebhookRule(
        on=first.event,
        copies=1 + sum(each.copy_of == first.id for each in group),
        delay=NOW if waited else _delay(first, deliveries),
        hold=waited and not reordered,
        reorder=reordered,
        tamper=_tamper(first),
        version=_version(first, settings),
    )


def _went_after_next(delivery: Delivery, deliveries: Sequence[Delivery]) -> bool:
    if not delivery.tries:
        return False
    begun = delivery.tries[0].at
    after = deliveries[deliveries.index(delivery) + 1 :]
    following = (each for each in after if each.url == delivery.url and each.copy_of is None)
    nearest = next(following, None)
    return nearest is not None and abs(begun - nearest.at) < _NOTICED


def _delay(delivery: Delivery, deliveries: Sequence[Delivery]) -> timedelta:
    """Return how long the first try waited by itself, not for an earlier webhook on its way."""
    if not delivery.tries:
        return NOW
    begun = delivery.tries[0].at
    waited = begun - delivery.at
    for earlier in deliveries[: deliveries.index(delivery)]:
        if earlier.url == delivery.url and earlier.tries and earlier.copy_of is None:
            first = earlier.tries[0]
            ended = first.at + timedelta(milliseconds=first.duration_ms or 0)
            if ended > delivery.at and abs(begun - ended) < _NOTICED:
                return NOW
    return waited // _MILLISECOND * _MILLISECOND if waited >= _NOTICED else NOW


def _tamper(delivery: Delivery) -> Tamper | None:
    fields = _fields(delivery)
    if fields.get("tampered") is True:
        return Tamper.BODY
    signature = fields.get("signature", "")
    if delivery.signature and signature != delivery.signature:
        return Tamper.SIGNATURE
    return Tamper.AMOUNT if fields.get("amount") == "0.001" else None


def _version(delivery: Delivery, settings: WorkspaceSettings) -> WebhookVersion | None:
    fields = _fields(delivery)
    of_payment = delivery.kind is DeliveryKind.PAYMENT
    is_old = "total_paid_amount" in fields if of_payment else "session_id" not in fields
    version = WebhookVersion.FORM_2022 if is_old else WebhookVersion.CURRENT
    return None if version is settings.webhook_version else version


def _fields(delivery: Delivery) -> Mapping[str, Any]:
    try:
        fields = json.loads(delivery.body)
    except ValueError:
        return {}
    return fields if isinstance(fields, dict) else {}


def _merged(rules: Sequence[WebhookRule]) -> list[WebhookRule]:
    """Return the rules of one event, each with how often it counts; none where all went as usual."""
    usual = WebhookRule(on=rules[0].on)
    merged: list[WebhookRule] = []
    for rule in rules:
        if merged and replace(merged[-1], times=None) == rule:
            merged[-1] = replace(merged[-1], times=(merged[-1].times or 0) + 1)
        else:
            merged.append(replace(rule, times=1))
    if replace(merged[-1], times=None) == usual:
        return merged[:-1]  # what no rule takes goes out as usual
    # The last one goes on, as the last outcome of every list does.
    return [*merged[:-1], replace(merged[-1], times=None)]


def _answers(deliveries: Sequence[Delivery]) -> tuple[int | None, ...]:
    """Return the receiver's answers in the order of the tries; nothing where all were 200."""
    tries = sorted(
        (each for delivery in deliveries for each in delivery.tries if each.answered),
        key=lambda each: each.at,
    )
    answers = [each.status_code for each in tries]
    if all(each == _OK for each in answers):
        return ()
    while len(answers) > 1 and answers[-1] == answers[-2]:
        answers.pop()
    return tuple(answers)


def _expected(delivery: Delivery, *, is_fine: bool) -> Mapping[str, Any]:
    said: dict[str, Any] = {"kind": delivery.kind.value, "event": delivery.event.value}
    if delivery.status is not DeliveryStatus.WAITING:
        said["status"] = delivery.status.value
        if delivery.tries and not is_fine:
            said["tries"] = [each.status_code for each in delivery.tries]
    return said


def _sent_again_or_lost(delivery: Delivery) -> bool:
    again = any(not each.timed_out for each in delivery.tries[:-1])
    lost = any(each.error is not None and not each.timed_out for each in delivery.tries)
    return again or lost
