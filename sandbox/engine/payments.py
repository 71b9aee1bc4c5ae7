"""Payments as the merchant makes and changes them, until they expire."""

import re
from typing import Final

from sandbox.domain.events import Event
from sandbox.domain.findings import Note, Severity
from sandbox.domain.identifiers import reference_number, session_id
from sandbox.domain.money import digits_beyond
from sandbox.domain.operations import Refused
from sandbox.domain.settings import GatewayPolicy
from sandbox.domain.states import (
    PAYABLE,
    Cause,
    State,
)
from sandbox.domain.transactions import PaymentTerms, PaymentTransaction
from sandbox.engine import cards, events, magic, reports
from sandbox.engine.agenda import Task
from sandbox.engine.binding import Binding
from sandbox.engine.commands import NewPayment
from sandbox.engine.context import Context
from sandbox.engine.errors import (
    InvoiceIsImmutable,
    NotUpdatable,
)
from sandbox.engine.timeline import Kind
from sandbox.engine.work import Work
from sandbox.scenarios.model import Scenario

_CODE: Final = re.compile(r"[-a-zA-Z0-9_]+", re.ASCII)


def create(
    context: Context, work: Work, new: NewPayment, scenario: Scenario | None
) -> PaymentTransaction | Refused:
    """Make a payment transaction, in state `created`.

    Refused when a gateway code is not listed and the settings demand it.
    """
    refused = _unusable(context, work, new.terms)
    if refused is not None:
        return refused
    parent = new.terms.order_no or ""
    identifier = session_id(
        context.seed,
        work.workspace.name,
        "transaction",
        parent,
        work.ordinal("transaction", parent),
    )
    if scenario is not None:
        work.bind(Binding(scenario=scenario))
        work.happened(Kind.SCENARIO, scenario=scenario.name)
    payment = PaymentTransaction(
        session_id=identifier,
        reference_number=reference_number(identifier),
        terms=new.terms,
        state=State.CREATED,
        created_at=work.now,
        expires_at=work.now + (new.terms.expires_in or work.settings.expire_after),
        origin=new.origin,
        several_attempts=work.settings.multi_attempt,
        initiator=new.initiator,
        scenario=scenario.name if scenario else None,
        events=(Event.CREATED,),
    )
    reports.plan(work)
    work.payment = payment
    _tell_of_unlisted(context, work)
    _expire_later(work)
    events.reach_state(context, work)
    return work.payment


def update(context: Context, work: Work, terms: PaymentTerms) -> PaymentTransaction | Refused:
    """Change what the merchant may change while the payment is not completed (FACTS 1).

    Raises:
        InvoiceIsImmutable: the payment collects an invoice.
        NotUpdatable: the payment is completed.
    """
    payment = work.payment
    if payment.terms.invoice_number is not None:
        raise InvoiceIsImmutable
    if payment.state not in PAYABLE:
        raise NotUpdatable(payment.state)
    refused = _unusable(context, work, terms)
    if refused is not None:
        return refused
    expires_at = payment.expires_at
    if terms.expires_in != payment.terms.expires_in:
        expires_at = payment.created_at + (terms.expires_in or work.settings.expire_after)
    work.payment = payment.with_terms(terms, expires_at)
    if expires_at != payment.expires_at:
        _expire_later(work)
    _tell_of_unlisted(context, work)
    work.happened(Kind.UPDATED)
    return work.payment


def expire(context: Context, work: Work, cause: Cause = Cause.EXPIRED) -> None:
    """Move the payment to expired (or invalided) with all that follows.

    Raises:
        IllegalMove: the payment cannot expire any more.
    """
    work.payment = work.payment.moved(cause)
    events.reach_state(context, work)
    order_no = work.payment.terms.order_no
    if context.magic and magic.pays_after_expiry(order_no, work.payment.events[-1]):
        work.schedule(Task.REPORT_LATE, work.payment.session_id, after=magic.LATE)


def _expire_later(work: Work) -> None:
    after = work.payment.expires_at - work.now
    work.schedule(Task.EXPIRE, work.payment.session_id, after=after)


def _unusable(context: Context, work: Work, terms: PaymentTerms) -> Refused | None:
    beyond = digits_beyond(terms.amount, terms.currency_code)
    if beyond:
        # An update may change the currency under an amount that was right before.
        reason = f"The amount has {beyond} more digits after the point than {terms.currency_code}."
        return Refused(rule="digits", field="amount", reason=reason)
    return _unlisted(context, work, terms) or cards.refuse_gateways(terms, context.gateways)


def _unlisted(context: Context, work: Work, terms: PaymentTerms) -> Refused | None:
    if not all(_CODE.fullmatch(code) for code in terms.gateway_codes):
        return Refused(
            rule="gateway",
            field="pg_codes",
            reason="A gateway code has only letters, digits, `-` and `_`.",
        )
    unlisted = _unlisted_codes(context, terms)
    if not unlisted or work.settings.gateways is GatewayPolicy.ANY:
        return None
    names = ", ".join(f"`{code}`" for code in unlisted)
    listed = ", ".join(context.gateways.codes())
    return Refused(
        rule="gateway",
        field="pg_codes",
        reason=f"The account has no gateway {names}. It has: {listed}.",
    )


def _unlisted_codes(context: Context, terms: PaymentTerms) -> list[str]:
    return [code for code in terms.gateway_codes if not context.gateways.knows(code)]


def _tell_of_unlisted(context: Context, work: Work) -> None:
    for code in _unlisted_codes(context, work.payment.terms):
        work.find(
            Note(
                code="unknown_gateway",
                severity=Severity.INFO,
                where=f"pg_codes: {code}",
                message=f"No gateway of the sandbox is listed as `{code}`; it stands for a generic one.",
                hint="Start with `--gateways listed` to refuse unlisted codes, as the platform does.",
            )
        )
