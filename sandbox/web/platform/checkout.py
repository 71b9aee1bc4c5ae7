"""Checkout: make a payment transaction, read it, change it."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from sandbox.domain.operations import Refused
from sandbox.domain.transactions import PaymentTransaction
from sandbox.engine.commands import NewPayment
from sandbox.engine.work import Step
from sandbox.web.answers import Answer, as_json
from sandbox.web.errors import NotYetHere, WrongFields
from sandbox.web.platform.call import PlatformCall
from sandbox.web.platform.checkout_codec import answer_checkout, read_terms, write_terms


async def create(call: PlatformCall) -> Answer:
    """Make a payment transaction (201)."""
    if call.fields.get("payment_instrument"):
        raise NotYetHere("Paying in one step with `payment_instrument` comes with a later version.")
    terms = read_terms(call.fields, _known(call))
    new = NewPayment(
        terms=terms,
        origin=call.origin,
        fields=call.fields,
        initiator=call.caller.initiator,
        scenario=call.scenario,
    )
    step = call.services.engine.create(call.workspace, new, call.now)
    return _answer(call, step, HTTPStatus.CREATED)


async def retrieve(call: PlatformCall) -> Answer:
    """Tell how a payment stands."""
    payment = call.workspace.visible(call.path["session_id"])
    return as_json(answer_checkout(payment, call.services.engine.context.gateways))


async def replace(call: PlatformCall) -> Answer:
    """Change a payment to what the body says (PUT)."""
    return _update(call, call.fields)


async def modify(call: PlatformCall) -> Answer:
    """Change the fields that the body has (PATCH)."""
    current = write_terms(call.workspace.visible(call.path["session_id"]).terms)
    return _update(call, {**current, **call.fields})


def _update(call: PlatformCall, fields: Mapping[str, Any]) -> Answer:
    session_id = call.path["session_id"]
    terms = read_terms(fields, _known(call))
    step = call.services.engine.update(call.workspace, session_id, terms, call.now)
    return _answer(call, step, HTTPStatus.OK)


def _answer(
    call: PlatformCall, step: Step[PaymentTransaction | Refused], status: HTTPStatus
) -> Answer:
    if isinstance(step.result, Refused):
        raise WrongFields({step.result.field: [step.result.reason]})
    return as_json(answer_checkout(step.result, call.services.engine.context.gateways), status)


def _known(call: PlatformCall) -> frozenset[str]:
    return call.services.contract.declared_fields(call.operation) | {"extra"}
