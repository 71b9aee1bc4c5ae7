"""Invoices: issued once, together with the payment that collects them.

Source: FACTS 10 (invoices).
"""

from dataclasses import dataclass, replace
from datetime import datetime

from sandbox.domain.findings import Note, Severity
from sandbox.domain.gateways import GatewayMode
from sandbox.domain.invoices import Invoice, Priced
from sandbox.domain.operations import Refused
from sandbox.domain.reports import day_of
from sandbox.domain.transactions import PaymentTransaction
from sandbox.engine import choosing, payments
from sandbox.engine.commands import NewPayment
from sandbox.engine.context import Context
from sandbox.engine.engine import Engine
from sandbox.engine.errors import UnknownInvoice
from sandbox.engine.work import Step, Work
from sandbox.engine.workspace import Workspace


@dataclass(frozen=True, kw_only=True, slots=True)
class Issued:
    """A new invoice, and the payment that collects it."""

    invoice: Invoice
    payment: PaymentTransaction


def issue(
    engine: Engine, workspace: Workspace, new: NewPayment, priced: Priced, now: datetime
) -> Step[Issued | Refused]:
    """Issue an invoice; when that is refused, neither it nor a payment is made.

    Raises:
        UnknownScenario: the call asks for a scenario that is not there.
    """
    refused = _unfit(engine.context, workspace, new, priced)
    if refused is not None:
        return engine.commit(engine.begin(workspace, now), refused)
    scenario = choosing.for_checkout(workspace, engine.library, new.scenario, new.fields)
    terms = replace(new.terms, invoice_number=priced.draft.number)
    work = engine.begin(workspace, now)
    payment = payments.create(engine.context, work, replace(new, terms=terms), scenario)
    if isinstance(payment, Refused):
        return engine.commit(engine.begin(workspace, now), payment)
    if not new.scenario:
        workspace.next_scenario = None
    invoice = Invoice(
        id=priced.draft.number,
        serial=work.ordinal("invoice", ""),
        line_serials=tuple(work.ordinal("invoice line", "") for _ in priced.lines),
        session_id=payment.session_id,
        priced=priced,
        issued_at=now,
    )
    work.keep(invoice)
    _tell_of_past_day(work, invoice)
    return engine.commit(work, Issued(invoice=invoice, payment=payment))


def invoice_of(workspace: Workspace, payment: PaymentTransaction) -> Invoice:
    """Return the invoice that a payment collects.

    Raises:
        UnknownInvoice: it collects none.
    """
    invoice = workspace.tables.of(Invoice).get(payment.terms.invoice_number or "")
    if invoice is None:
        raise UnknownInvoice
    return invoice


def _unfit(
    context: Context, workspace: Workspace, new: NewPayment, priced: Priced
) -> Refused | None:
    if priced.draft.number in workspace.tables.of(Invoice):
        return Refused(
            rule="unique",
            field="invoice_number",
            reason=f"An invoice {priced.draft.number} has been issued already.",
        )
    gateways = (context.gateways.named(code) for code in new.terms.gateway_codes)
    authorizing = [f"`{each.code}`" for each in gateways if each.mode is GatewayMode.AUTHORIZE]
    if authorizing:
        return Refused(
            rule="gateway",
            field="pg_codes",
            reason="An invoice takes only gateways that charge at once; these only authorize: "
            f"{', '.join(authorizing)}.",
        )
    return None


def _tell_of_past_day(work: Work, invoice: Invoice) -> None:
    due = invoice.priced.draft.due
    if due < day_of(work.now):
        work.find(
            Note(
                code="invoice_due_in_the_past",
                severity=Severity.WARNING,
                where="create_invoice: due_date",
                message=f"The invoice was due on {due.isoformat()}, before it was issued.",
                hint="Send a `due_date` that is still to come by the workspace's clock.",
            )
        )
