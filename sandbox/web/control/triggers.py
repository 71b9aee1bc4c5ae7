"""Events that a test makes happen to a payment."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Final

from sandbox.domain.operations import Source
from sandbox.domain.transactions import Initiator
from sandbox.engine.errors import UnknownMessage
from sandbox.engine.triggers import Happening, Trigger
from sandbox.engine.workspace import Workspace
from sandbox.web.answers import Answer
from sandbox.web.control.call import ControlCall
from sandbox.web.control.fields import Fields
from sandbox.web.control.transactions import STAFF, answer_transaction
from sandbox.web.control.workspace_choice import payment_of
from sandbox.web.errors import Problem

_OPERATION: Final = frozenset({"source", "initiator"})
# Which fields say something about which event; others would be ignored, so they are refused.
_APPLIES: Final[Mapping[Trigger, frozenset[str]]] = {
    Trigger.CAPTURE: _OPERATION | {"amount"},
    Trigger.REFUND: _OPERATION | {"amount"},
    Trigger.VOID: _OPERATION,
    Trigger.LATE_SUCCESS: frozenset({"code"}),
    Trigger.LATE_FAILURE: frozenset({"code"}),
    Trigger.MESSAGE_DELIVERED: frozenset({"message_id"}),
    Trigger.MESSAGE_FAILED: frozenset({"message_id", "code"}),
}
FIELDS: Final = frozenset({"event"}).union(*_APPLIES.values())


async def trigger(call: ControlCall) -> Answer:
    """Make an event happen with all that follows from it; the payment's state must allow it."""
    workspace, payment = payment_of(call)
    happening = _read(call.fields)
    _check_message(call.fields, workspace, happening, payment.session_id)
    services = call.services
    now = services.runner.now(workspace)
    refused = services.engine.trigger(workspace, payment.session_id, happening, now).result
    if refused is not None and refused.field:
        raise call.fields.wrong(refused.field, refused.reason)
    if refused is not None:
        raise Problem(HTTPStatus.CONFLICT, "Refused", refused.reason)
    return answer_transaction(workspace, workspace.payment(payment.session_id))


def _read(fields: Fields) -> Happening:
    fields.required("event")
    event = fields.choice("event", Trigger) or Trigger.LATE_SUCCESS
    applies = _APPLIES.get(event, frozenset())
    for name in fields.values:
        if name != "event" and name not in applies and name in fields:
            listed = ", ".join(f"`{each}`" for each in sorted(applies)) or "no further field"
            raise fields.wrong(name, f"it says nothing about `{event}`, which takes {listed}.")
    initiator = _initiator(fields)
    # What staff do begins here; without anybody to name, the gateway's side began it.
    default = Source.INPUT if initiator is not None else Source.GATEWAY
    return Happening(
        trigger=event,
        amount=fields.amount("amount"),
        source=fields.choice("source", Source) or default,
        initiator=initiator,
        code=fields.text("code"),
        message_id=fields.text("message_id"),
    )


def _initiator(fields: Fields) -> Initiator | None:
    """Read `{"id": 1, "username": "…", "email": "…"}`; what is left out is a staff user's."""
    value = fields.values.get("initiator")
    if value is None:
        return None
    if not isinstance(value, dict):
        said = "expected an object with `id`, `username` and `email`."
        raise fields.wrong("initiator", said)
    parts = Fields(value)
    parts.refuse_others(frozenset({"id", "username", "email"}), frozenset())
    number = parts.number("id")
    return Initiator(
        id=STAFF.id if number is None else number,
        username=parts.text("username") or STAFF.username,
        email=parts.text("email") or STAFF.email,
    )


def _check_message(
    fields: Fields, workspace: Workspace, happening: Happening, session_id: str
) -> None:
    if happening.message_id is None:
        return
    try:
        message = workspace.message(happening.message_id)
    except UnknownMessage as unknown:
        raise fields.wrong("message_id", (type(unknown).__doc__ or "").rstrip(".") + ".") from None
    if message.session_id != session_id:
        raise fields.wrong("message_id", "the message belongs to another payment.")
