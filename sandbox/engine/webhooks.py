"""Which webhooks an event sends, to which URLs, and what a scenario does to them."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from sandbox.domain.deliveries import Delivery, DeliveryKind, DeliveryStatus
from sandbox.domain.events import Event, event_of
from sandbox.domain.findings import Note, Severity
from sandbox.domain.gateways import Gateway
from sandbox.domain.settings import WebhookVersion, WorkspaceSettings
from sandbox.domain.transactions import Attempt, ChildTransaction, Initiator
from sandbox.engine import magic
from sandbox.engine.agenda import Task
from sandbox.engine.context import Context
from sandbox.engine.ports import RenderedPayload
from sandbox.engine.tampering import tampered
from sandbox.engine.timeline import Kind
from sandbox.engine.work import Work
from sandbox.scenarios.model import WebhookRule

_PLAIN = WebhookRule(on="*")
_Render = Callable[[WorkspaceSettings], RenderedPayload]


def payment_urls(own: str | None, settings: WorkspaceSettings) -> list[str]:
    """Return where payment webhooks go; the first decides the payer's page (FACTS 8)."""
    return _each_once(own or settings.webhook_url, settings.plugin_webhook_url)


def operation_urls(own: str | None, settings: WorkspaceSettings) -> list[str]:
    """Return where operation webhooks go; a payment's own URL only in the form of 2022."""
    if settings.webhook_version is not WebhookVersion.FORM_2022:
        own = None
    return _each_once(own, settings.operations_url, settings.plugin_webhook_url)


def tell_of_payment(context: Context, work: Work, attempt: Attempt, event: Event) -> None:
    """Send the payment webhook of an attempt that has ended."""
    urls = payment_urls(work.payment.terms.webhook_url, work.settings)
    if not urls and work.payment.terms.redirect_url:
        work.find(
            Note(
                code="redirect_without_webhook",
                severity=Severity.WARNING,
                where="redirect_url",
                message="The payment has a redirect_url but no webhook URL, so the payer is never redirected.",
                hint="Send `webhook_url` at checkout, or set it for the workspace; answer it with 200.",
            )
        )
    gateway = context.gateways.named(attempt.gateway)

    def render(settings: WorkspaceSettings) -> RenderedPayload:
        return context.renderer.payment(work.payment, attempt, gateway, settings, at=work.now)

    _Sending(context, work, DeliveryKind.PAYMENT, event).to(urls, render)


def tell_of_inquiry(
    context: Context, work: Work, attempt: Attempt | None, *, own: str | None, told_already: bool
) -> None:
    """Send the payment webhook because an inquiry asks for it, to its `own` URL if it names one.

    Where the inquiry has changed the payment, those who are `told_already` are not told twice.
    """
    usual = payment_urls(work.payment.terms.webhook_url, work.settings)
    urls = [own] if own else usual
    if not urls:
        work.find(
            Note(
                code="notify_without_webhook",
                severity=Severity.WARNING,
                where="inquiry: notify_webhook_url",
                message="The inquiry asks for the webhook, but there is no URL to send it to.",
                hint="Send `webhook_url` with the inquiry or at checkout, or set it for the workspace.",
            )
        )
    if told_already:
        urls = [url for url in urls if url not in usual]
    gateway = gateway_of(context, work)

    def render(settings: WorkspaceSettings) -> RenderedPayload:
        return context.renderer.payment(work.payment, attempt, gateway, settings, at=work.now)

    sending = _Sending(context, work, DeliveryKind.PAYMENT, event_of(work.payment.state))
    sending.to(urls, render, decides_page=False)


def tell_of_operation(context: Context, work: Work, child: ChildTransaction) -> None:
    """Send the operation webhook of a child transaction's state."""
    urls = operation_urls(work.payment.terms.webhook_url, work.settings)
    if not urls and work.payment.terms.webhook_url:
        work.find(
            Note(
                code="operations_url_missing",
                severity=Severity.WARNING,
                where="webhook_url",
                message="A payment's own webhook_url gets payment events only; this operation sent no webhook.",
                hint="Set `operations_webhook_url` (or `webhook_url`) for the workspace or the server.",
            )
        )
    gateway = context.gateways.named(child.gateway)

    def render(settings: WorkspaceSettings) -> RenderedPayload:
        return context.renderer.operation(work.payment, child, gateway, settings, at=work.now)

    _Sending(context, work, DeliveryKind.OPERATION, child.event).to(urls, render)


def tell_of_cancellation(context: Context, work: Work, initiator: Initiator | None) -> None:
    """Send the operation webhook of a cancel, which only the form of 2022 has (FACTS 8)."""
    if work.settings.webhook_version is not WebhookVersion.FORM_2022:
        return
    urls = operation_urls(work.payment.terms.webhook_url, work.settings)
    gateway = gateway_of(context, work)

    def render(settings: WorkspaceSettings) -> RenderedPayload:
        return context.renderer.cancellation(
            work.payment, initiator, gateway, settings, at=work.now
        )

    _Sending(context, work, DeliveryKind.OPERATION, Event.CANCELED).to(urls, render)


class _Sending:
    """One event on its way to every URL that wants it, as the scenario lets it."""

    def __init__(self, context: Context, work: Work, kind: DeliveryKind, event: Event) -> None:
        self._context = context
        self._work = work
        self._kind = kind
        self._event = event

    def to(self, urls: list[str], render: _Render, *, decides_page: bool = True) -> None:
        work = self._work
        wanted = work.settings.webhook_statuses
        if not urls or (wanted is not None and self._event not in wanted):
            return
        rule = self._rule()
        settings = work.settings
        if rule.version:
            settings = replace(settings, webhook_version=WebhookVersion(rule.version))
        payload = tampered(render(settings), rule.tamper)
        for position, url in enumerate(urls):
            first = self._queue(url, payload, rule, decides_page=decides_page and position == 0)
            for _ in range(1, 1 if rule.drop else rule.copies):
                self._queue(url, payload, rule, copy_of=first.id)
            if first.status is DeliveryStatus.WAITING:
                self._release_earlier(url, rule.delay)

    def _rule(self) -> WebhookRule:
        work = self._work
        if work.binding is not None:
            rule, work.binding = work.binding.next_webhook(self._event)
            if rule is not None:
                return rule
        if self._context.magic:
            return magic.webhook_rule(work.payment.terms.order_no) or _PLAIN
        return _PLAIN

    def _queue(
        self,
        url: str,
        payload: RenderedPayload,
        rule: WebhookRule,
        *,
        decides_page: bool = False,
        copy_of: str | None = None,
    ) -> Delivery:
        work = self._work
        status = DeliveryStatus.WAITING
        if rule.drop:
            status = DeliveryStatus.DROPPED
        elif rule.hold or rule.reorder:
            status = DeliveryStatus.HELD
        delivery = Delivery(
            id=work.identify("delivery", work.payment.session_id),
            session_id=work.payment.session_id,
            order_no=work.payment.terms.order_no,
            kind=self._kind,
            event=self._event,
            url=url,
            status=status,
            body=payload.body,
            content_type=payload.content_type,
            signature=payload.signature,
            at=work.now,
            decides_page=decides_page and self._kind is DeliveryKind.PAYMENT,
            copy_of=copy_of,
            released_by_next=rule.reorder,
        )
        work.batch.deliveries.append(delivery)
        work.happened(
            Kind.WEBHOOK, kind=self._kind, event=self._event, url=url, status=status, id=delivery.id
        )
        if status is DeliveryStatus.WAITING:
            work.schedule(Task.BEGIN_TRY, delivery.id, after=rule.delay, number=1)
        return delivery

    def _release_earlier(self, url: str, delay: timedelta) -> None:
        # A reordered webhook goes right after the transaction's next one to the same URL.
        work = self._work
        for earlier in list(work.workspace.deliveries_of(work.payment.session_id)):
            if earlier.released_by_next and earlier.url == url:
                freed = replace(earlier, status=DeliveryStatus.WAITING, released_by_next=False)
                work.batch.deliveries.append(freed)
                work.schedule(Task.BEGIN_TRY, earlier.id, after=delay, number=1)


def gateway_of(context: Context, work: Work) -> Gateway:
    """Return the gateway that the payment is about: that which paid, was tried last, or is first."""
    payment = work.payment
    last = payment.last_attempt
    code = payment.settled_by or (last.gateway if last else payment.terms.gateway_codes[0])
    return context.gateways.named(code)


def _each_once(*urls: str | None) -> list[str]:
    return list(dict.fromkeys(url for url in urls if url))
