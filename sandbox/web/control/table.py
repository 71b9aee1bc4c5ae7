"""Every call of the control API: its handler, its parameters and its fields.

Source: DESIGN (control API).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from sandbox.web.answers import Answer
from sandbox.web.control import (
    clock,
    findings,
    health,
    magic,
    messages,
    payer,
    recordings,
    requests,
    scenarios,
    settings,
    transactions,
    triggers,
    wallets,
    webhooks,
)
from sandbox.web.control.call import ControlCall, Handler
from sandbox.web.control.lists import LATER_PARAMETERS
from sandbox.web.errors import NotYetHere

_NOTHING: Final[frozenset[str]] = frozenset()


@dataclass(frozen=True, kw_only=True, slots=True)
class ControlOperation:
    """One call. Names that are neither known nor of a later version are refused.

    `fields` of None means that the body is a document of its own, which the handler reads. Of a
    call that `is_later`, nothing is looked at.
    """

    handler: Handler
    fields: frozenset[str] | None = _NOTHING
    parameters: frozenset[str] = _NOTHING
    later_parameters: frozenset[str] = _NOTHING
    guarded: bool = True
    is_later: bool = False


def _call(handler: Handler, *fields: str) -> ControlOperation:
    return ControlOperation(handler=handler, fields=frozenset(fields))


def _document(handler: Handler) -> ControlOperation:
    return ControlOperation(handler=handler, fields=None)


def _list(handler: Handler, *filters: str) -> ControlOperation:
    return ControlOperation(
        handler=handler,
        parameters=frozenset({"session_id", "since", "limit", *filters}),
        later_parameters=LATER_PARAMETERS,
    )


def _later(call_name: str) -> ControlOperation:
    async def refuse(_: ControlCall) -> Answer:
        raise NotYetHere(f"`{call_name}` comes with a later version of the sandbox.")

    # Whatever its parameters and body will be, the call itself is what is missing.
    return ControlOperation(handler=refuse, is_later=True)


_ONE: Final = "/__admin/transactions/{session_id}"
_SCENARIO: Final = "/__admin/scenarios/{name}"
LATER: Final = (
    "POST /__admin/verify",
    "POST /__admin/workspaces",
    "POST /__admin/webhooks/explain",
    "GET /__admin/webhooks/next",
    "POST /__admin/webhooks/{id}/answer",
    "GET /__admin/ca.pem",
    "GET /__admin/openapi.yaml",
)
CALLS: Final[Mapping[str, ControlOperation]] = {
    "GET /livez": ControlOperation(handler=health.live, guarded=False),
    "GET /readyz": ControlOperation(handler=health.ready, guarded=False),
    "GET /__admin/health": _call(health.health),
    "GET /__admin/settings": _call(settings.show_settings),
    "PATCH /__admin/settings": _document(settings.change_settings),
    "GET /__admin/transactions": _list(
        transactions.list_transactions, "order_no", "state", "event"
    ),
    "POST /__admin/transactions": _document(transactions.make_transaction),
    f"GET {_ONE}": _call(transactions.show_transaction),
    f"POST {_ONE}/pay": _call(payer.pay, *payer.FIELDS),
    f"POST {_ONE}/trigger": _call(triggers.trigger, *triggers.FIELDS),
    f"PUT {_ONE}/scenario": _document(transactions.assign_scenario),
    f"GET {_ONE}/scenario": ControlOperation(
        handler=recordings.show_recording, parameters=recordings.PARAMETERS
    ),
    "GET /__admin/messages": _list(
        messages.list_messages, "order_no", "channel", "event", "status", "trace_id"
    ),
    "GET /__admin/webhooks": _list(webhooks.list_deliveries, "order_no", "event", "status"),
    "POST /__admin/webhooks/{id}/resend": _call(webhooks.resend_delivery),
    "POST /__admin/webhooks/{id}/release": _call(webhooks.release_delivery),
    "POST /__admin/wallets": _call(wallets.adjust_wallet, *wallets.FIELDS),
    "GET /__admin/requests": _list(requests.list_requests, "status"),
    "GET /__admin/findings": _list(findings.list_findings),
    "GET /__admin/clock": _call(clock.show_clock),
    "POST /__admin/clock": _call(clock.set_clock, *clock.SET_FIELDS),
    "POST /__admin/clock/advance": _call(clock.advance_clock, *clock.ADVANCE_FIELDS),
    "POST /__admin/clock/freeze": _call(clock.freeze_clock),
    "POST /__admin/clock/resume": _call(clock.resume_clock),
    "POST /__admin/settle": _call(clock.settle),
    "GET /__admin/scenarios": _call(scenarios.list_scenarios),
    f"GET {_SCENARIO}": _call(scenarios.show_scenario),
    f"PUT {_SCENARIO}": _document(scenarios.put_scenario),
    f"DELETE {_SCENARIO}": _call(scenarios.delete_scenario),
    f"POST {_SCENARIO}/pin": _call(scenarios.pin_scenario),
    f"DELETE {_SCENARIO}/pin": _call(scenarios.unpin_scenario),
    f"POST {_SCENARIO}/next": _call(scenarios.use_next),
    "POST /__admin/reset": ControlOperation(handler=health.reset, parameters=frozenset({"all"})),
    "GET /__admin/magic": _call(magic.show_magic),
    **{name: _later(name) for name in LATER},
}
