"""Checkout: make a payment transaction, read it, change it."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, Final

from sandbox.contract.shapes import drf_errors
from sandbox.domain.operations import Refused
from sandbox.domain.transactions import PaymentTransaction
from sandbox.engine.commands import NewPayment
from sandbox.engine.work import Step
from sandbox.web.answers import Answer, as_json
from sandbox.web.errors import WrongFields
from sandbox.web.platform.attachment import with_attachment
from sandbox.web.platform.call import PlatformCall
from sandbox.web.platform.checkout_codec import (
    answer_checkout,
    asked_for,
    read_terms,
    write_terms,
)
from sandbox.web.platform.direct_payment import pay_at_once
from sandbox.web.platform.instrument_codec import read_instrument
from sandbox.web.platform.sdk_preload import write_preload

_PREPARED: Final = "preload_checkout_page"
_PAYS_ONCE: Final = "An instrument pays in the checkout call itself, not in an update."


async def create(call: PlatformCall) -> Answer:
    """Make a payment transaction (201); with a `payment_instrument`, pay it in the same call."""
    terms = with_attachment(call, read_terms(call.fields, _known(call)))
    new = NewPayment(
        terms=terms,
        origin=call.origin,
        fields=call.fields,
        initiator=call.caller.initiator,
        scenario=call.scenario,
    )
    instrument = call.fields.get("payment_instrument")
    if instrument:
        return pay_at_once(call, new, read_instrument(instrument))
    step = call.services.engine.create(call.workspace, new, call.now)
    return _answer(call, step, HTTPStatus.CREATED)


async def retrieve(call: PlatformCall) -> Answer:
    """Tell how a payment stands."""
    payment = call.workspace.visible(call.path["session_id"])
    return as_json(_shown(call, payment))


async def replace(call: PlatformCall) -> Answer:
    """Change a payment to what the body says (PUT)."""
    return _update(call, call.fields)


async def modify(call: PlatformCall) -> Answer:
    """Change the fields that the body has (PATCH); the whole must be a payment as before."""
    terms = call.workspace.visible(call.path["session_id"]).terms
    # In the digits of one currency an amount might not fit another.
    amount = format(terms.amount.normalize(), "f")
    merged = {**write_terms(terms), "amount": amount, **call.fields}
    mode = call.workspace.settings.validation
    violations = call.services.contract.check_merged(merged, mode=mode)
    if violations:
        raise WrongFields(drf_errors(violations))
    return _update(call, merged)


def _update(call: PlatformCall, fields: Mapping[str, Any]) -> Answer:
    session_id = call.path["session_id"]
    if fields.get("payment_instrument"):
        raise WrongFields({"payment_instrument": [_PAYS_ONCE]})
    current = call.workspace.visible(session_id).terms
    # The page is prepared while the payment is made; an update neither asks for it nor takes it back.
    fields = {**fields, _PREPARED: asked_for(current, _PREPARED)}
    terms = with_attachment(call, read_terms(fields, _known(call)), current.attachment)
    step = call.services.engine.update(call.workspace, session_id, terms, call.now)
    return _answer(call, step, HTTPStatus.OK)


def _answer(
    call: PlatformCall, step: Step[PaymentTransaction | Refused], status: HTTPStatus
) -> Answer:
    if isinstance(step.result, Refused):
        raise WrongFields({step.result.field: [step.result.reason]})
    return as_json(_shown(call, step.result), status)


def _shown(call: PlatformCall, payment: PaymentTransaction) -> dict[str, Any]:
    shown = answer_checkout(payment, call.services.engine.context.gateways)
    if asked_for(payment.terms, "include_sdk_setup_preload"):
        shown["sdk_setup_preload_payload"] = write_preload(call, payment)
    return shown


def _known(call: PlatformCall) -> frozenset[str]:
    return call.services.contract.declared_fields(call.operation) | {"extra"}
