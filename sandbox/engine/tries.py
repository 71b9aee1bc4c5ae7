"""Tries of webhook deliveries: what to send, what came back, and what follows."""

import json
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final

from sandbox.domain.deliveries import Delivery, DeliveryStatus, Try
from sandbox.domain.events import Channel
from sandbox.domain.findings import Note, Severity
from sandbox.domain.messages import Message, MessageStatus, MessageStep
from sandbox.engine.agenda import Task
from sandbox.engine.timeline import Kind
from sandbox.engine.work import Work

DELIVERED: Final = frozenset({200, 201})
_AT_ONCE: Final = timedelta()


@dataclass(frozen=True, kw_only=True, slots=True)
class TryOrder:
    """One HTTP request that the runner shall send now. `timeout` is of the workspace's clock."""

    delivery_id: str
    session_id: str
    number: int
    url: str
    body: bytes
    content_type: str
    user_agent: str
    ignore_ssl: bool
    timeout: timedelta
    grace: timedelta


@dataclass(frozen=True, kw_only=True, slots=True)
class TryResult:
    """What a try came to: an answer, an error in plain words, or a timeout."""

    status_code: int | None = None
    error: str | None = None
    timed_out: bool = False
    headers: tuple[tuple[str, str], ...] = ()
    body: str = ""


def begin(work: Work, delivery: Delivery, number: int) -> TryOrder | None:
    """Begin a try; None when it must wait for an earlier webhook, or is no longer wanted.

    First tries of one (transaction, URL) go one after another; retries block nothing.
    """
    if delivery.status is not DeliveryStatus.WAITING:
        _let_next_begin(work, delivery)
        return None
    if any(each.number == number for each in delivery.tries):
        return None  # this try is under way, or over
    if number == 1 and not work.workspace.lanes.enter(_lane(delivery), delivery.id):
        return None
    begun = Try(number=number, at=work.now, url=delivery.url)
    work.batch.deliveries.append(replace(delivery, tries=(*delivery.tries, begun)))
    settings = work.settings
    return TryOrder(
        delivery_id=delivery.id,
        session_id=delivery.session_id,
        number=number,
        url=delivery.url,
        body=delivery.body,
        content_type=delivery.content_type,
        user_agent=settings.webhook_user_agent,
        ignore_ssl=settings.ignore_ssl,
        timeout=settings.webhook_timeout,
        grace=settings.webhook_grace,
    )


def outlast(work: Work, delivery: Delivery, number: int) -> None:
    """Give up waiting for a try that has used up the real grace: it times out in virtual time."""
    left = delivery.tries[-1].at + work.settings.webhook_timeout - work.now
    work.schedule(Task.TIME_OUT_TRY, delivery.id, after=max(left, _AT_ONCE), number=number)
    work.find(
        Note(
            code="receiver_slow",
            severity=Severity.WARNING,
            where=delivery.url,
            message=(
                "The receiver did not answer within the grace that a stopped clock gives it in real time; "
                "the try counts as a timeout."
            ),
            hint="Answer faster, or raise the setting `webhook_grace`.",
        )
    )


def finish(work: Work, delivery: Delivery, number: int, result: TryResult) -> Delivery:
    """Keep a try's result; only a timeout is tried again (FACTS 8)."""
    begun = next((each for each in delivery.tries if each.number == number), None)
    if begun is None or begun.answered:
        return delivery
    ended = replace(
        begun,
        status_code=result.status_code,
        error=result.error,
        timed_out=result.timed_out,
        duration_ms=round((work.now - begun.at) / timedelta(milliseconds=1)),
        response_headers=result.headers,
        response_body=result.body,
    )
    tries = tuple(ended if each.number == number else each for each in delivery.tries)
    again = result.timed_out and number < work.settings.webhook_retries
    status = DeliveryStatus.FAILED
    if result.status_code in DELIVERED:
        status = DeliveryStatus.DELIVERED
    elif again:
        status = DeliveryStatus.WAITING
    changed = replace(delivery, status=status, tries=tries)
    work.batch.deliveries.append(changed)
    said = result.error or f"answered {result.status_code}"
    work.happened(Kind.TRY, number=number, url=delivery.url, result=said, id=delivery.id)
    if again:
        work.schedule(
            Task.BEGIN_TRY, delivery.id, after=work.settings.webhook_backoff, number=number + 1
        )
    if number == 1:
        _let_next_begin(work, delivery)
    if status is DeliveryStatus.FAILED and work.settings.notify_on_error:
        _tell_merchant(work, changed, said)
    return changed


def _lane(delivery: Delivery) -> tuple[str, str]:
    return delivery.session_id, delivery.url


def _let_next_begin(work: Work, delivery: Delivery) -> None:
    following = work.workspace.lanes.leave(_lane(delivery), delivery.id)
    if following is not None:
        work.schedule(Task.BEGIN_TRY, following, after=_AT_ONCE, number=1)


def _tell_merchant(work: Work, delivery: Delivery, said: str) -> None:
    """Send the `notify_on_error` email, one to each configured address (FACTS 8)."""
    order = f" (order {delivery.order_no})" if delivery.order_no else ""
    text = (
        f"The {delivery.kind} webhook for `{delivery.event}` of payment {delivery.session_id}"
        f"{order} to {delivery.url} failed: {said}.\n\nWhat was sent:\n"
        f"{json.dumps(json.loads(delivery.body), indent=2, ensure_ascii=False)}\n"
    )
    for address in work.settings.emails:
        sent = (
            MessageStep(at=work.now, status=MessageStatus.ACCEPTED),
            MessageStep(at=work.now, status=MessageStatus.DELIVERED),
        )
        work.send(
            Message(
                id=work.identify("message", delivery.session_id),
                session_id=delivery.session_id,
                order_no=delivery.order_no,
                channel=Channel.EMAIL,
                to=address,
                event=delivery.event,
                template="webhook-failed",
                language="en",
                provider="email-provider",
                at=work.now,
                history=sent,
                subject=f"Webhook failed: {delivery.event}{order}",
                text=text,
            )
        )
