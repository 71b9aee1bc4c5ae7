"""Payments: all of them, one with its timeline, a new one, and a scenario for one."""

from http import HTTPStatus
from typing import Final

import orjson

from sandbox.contract.shapes import drf_errors
from sandbox.domain.events import Event
from sandbox.domain.operations import Refused
from sandbox.domain.settings import ValidationMode
from sandbox.domain.states import State
from sandbox.domain.transactions import Initiator, PaymentTransaction
from sandbox.engine import choosing
from sandbox.engine.commands import NewPayment
from sandbox.engine.errors import UnknownScenario
from sandbox.engine.workspace import Workspace
from sandbox.scenarios.model import Scenario
from sandbox.web.answers import Answer, as_json
from sandbox.web.control.call import ControlCall
from sandbox.web.control.fields import Fields, json_object
from sandbox.web.control.lists import answer_list, counted, fits, session_asked_for, since
from sandbox.web.control.scenario_documents import read_scenario
from sandbox.web.control.transaction_codec import write_transaction, write_with_timeline
from sandbox.web.control.workspace_choice import payment_of, workspace_of
from sandbox.web.errors import NotYetHere, WrongFields
from sandbox.web.platform.checkout_codec import read_terms
from sandbox.web.platform.pipeline import asked_scenario

STAFF: Final = Initiator(id=1, username="staff", email="staff@users.example.com")
_CHECKOUT: Final = "POST /b/checkout/v1/pymt-txn/"


async def list_transactions(call: ControlCall) -> Answer:
    """List payments, those that were deleted softly included."""
    session_id = session_asked_for(call)
    workspace = workspace_of(call, session_id=session_id)
    wanted = workspace.parents.get(session_id, session_id) if session_id else None
    order_no = call.parameters.text("order_no")
    state = call.parameters.choice("state", State)
    event = call.parameters.choice("event", Event)
    after = call.parameters.instant("since")
    matching = (
        each
        for each in workspace.transactions.values()
        if fits(wanted, each.session_id)
        and fits(order_no, each.terms.order_no)
        and fits(state, each.state)
        and (event is None or event in each.events)
        and since(after, each.created_at)
    )
    counts = counted(call, lambda each: each.transactions)
    return answer_list(call, workspace, matching, write_transaction, counts)


async def show_transaction(call: ControlCall) -> Answer:
    """Show one payment with the timeline of everything that happened to it."""
    workspace, payment = payment_of(call)
    return answer_transaction(workspace, payment)


async def make_transaction(call: ControlCall) -> Answer:
    """Make a payment as staff would from the dashboard, by the rules of checkout (201)."""
    services = call.services
    operation = services.contract.operations.get(_CHECKOUT)
    if operation is None:
        raise NotYetHere(f"The document that is served has no `{_CHECKOUT}`.")
    workspace = workspace_of(call)
    mode = workspace.settings.validation
    checked = services.contract.check_body(
        operation,
        json_object(call.body),
        # Without the document's help there is nothing that could be made a payment of.
        mode=ValidationMode.COMPATIBLE if mode is ValidationMode.OFF else mode,
    )
    if checked.violations:
        raise WrongFields(drf_errors(checked.violations))
    if checked.value.get("payment_instrument"):
        raise NotYetHere("Paying in one step with `payment_instrument` comes with a later version.")
    new = NewPayment(
        terms=read_terms(checked.value, services.contract.declared_fields(operation) | {"extra"}),
        origin=call.origin,
        fields=checked.value,
        initiator=STAFF,
        scenario=asked_scenario(call.headers, checked.value),
    )
    made = services.engine.create(workspace, new, services.runner.now(workspace)).result
    if isinstance(made, Refused):
        raise WrongFields({made.field: [made.reason]})
    return answer_transaction(workspace, made, HTTPStatus.CREATED)


async def assign_scenario(call: ControlCall) -> Answer:
    """Let a scenario decide a payment's fate from here on: one by its name, or one in the body."""
    workspace, payment = payment_of(call)
    scenario = _named(call, workspace) or read_scenario(call, workspace)
    services = call.services
    now = services.runner.now(workspace)
    changed = services.engine.assign(workspace, payment.session_id, scenario, now).result
    return answer_transaction(workspace, changed)


def answer_transaction(
    workspace: Workspace, payment: PaymentTransaction, status: HTTPStatus = HTTPStatus.OK
) -> Answer:
    """Answer a payment with its timeline."""
    timeline = workspace.timelines.get(payment.session_id, ())
    return as_json(write_with_timeline(payment, timeline), status)


def _named(call: ControlCall, workspace: Workspace) -> Scenario | None:
    """Return the scenario that the body only names, as `{"scenario": "name"}`."""
    try:
        value = orjson.loads(call.body)
    except orjson.JSONDecodeError:
        return None
    if not isinstance(value, dict) or set(value) != {"scenario"}:
        return None
    fields = Fields(value)
    fields.required("scenario")
    try:
        return choosing.named(workspace, call.services.engine.library, str(fields.text("scenario")))
    except UnknownScenario as unknown:
        raise fields.wrong("scenario", str(unknown)) from None
