"""Invoices: the call that issues one (FACTS 10)."""

from http import HTTPStatus

from sandbox.channels.rendering import invoice_url
from sandbox.domain.invoices import Priced, priced
from sandbox.domain.money import format_amount
from sandbox.domain.operations import Refused
from sandbox.engine import invoices
from sandbox.engine.commands import NewPayment
from sandbox.web.answers import Answer, as_json
from sandbox.web.errors import NotYetHere, WrongFields
from sandbox.web.platform.attachment import with_attachment
from sandbox.web.platform.call import PlatformCall
from sandbox.web.platform.checkout_codec import answer_checkout, asked_for, read_terms
from sandbox.web.platform.invoice_codec import OWN, answer_invoice, read_draft, refusal_of
from sandbox.web.platform.sdk_preload import write_preload


async def create(call: PlatformCall) -> Answer:
    """Issue an invoice and make the payment that collects it (201)."""
    if call.fields.get("payment_instrument"):
        raise NotYetHere(
            "An invoice that is paid by its own call, with a `payment_instrument`, comes with a "
            "later version of the sandbox; leave it out and pay by `checkout_url`."
        )
    worked_out = priced(read_draft(call.fields))
    if not isinstance(worked_out, Priced):
        raise refusal_of(worked_out)
    amount = format_amount(worked_out.gross, worked_out.draft.currency_code)
    fields = {**call.fields, "amount": amount}
    known = call.services.contract.declared_fields(call.operation) - OWN | {"extra"}
    new = NewPayment(
        terms=with_attachment(call, read_terms(fields, known)),
        origin=call.origin,
        fields=fields,
        initiator=call.caller.initiator,
        scenario=call.scenario,
    )
    engine = call.services.engine
    issued = invoices.issue(engine, call.workspace, new, worked_out, call.now).result
    if isinstance(issued, Refused):
        raise WrongFields({issued.field: [issued.reason]})
    answer = answer_checkout(issued.payment, engine.context.gateways)
    if asked_for(issued.payment.terms, "include_sdk_setup_preload"):
        answer["sdk_setup_preload_payload"] = write_preload(call, issued.payment)
    return as_json(
        {
            **answer,
            **answer_invoice(issued.invoice),
            "invoice_pdf_url": invoice_url(issued.payment),
        },
        HTTPStatus.CREATED,
    )
