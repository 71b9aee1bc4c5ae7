"""`ottu-sandbox trigger`: makes an event happen to a payment of a running sandbox.

Source: DESIGN (command line; control API, trigger).
"""

import sys
import time
from collections.abc import Mapping, Sequence
from typing import Any, Final
from urllib.parse import quote

from sandbox.commands.control_client import ControlClient, Refused

# Where no payment is named: what one must have gone through before the event can happen to it.
_BEFORE: Final[Mapping[str, Sequence[tuple[str, Mapping[str, Any]]]]] = {
    "late_success": [("pay", {"outcome": "pending"})],
    "late_failure": [("pay", {"outcome": "pending"})],
    "capture": [("pay", {"outcome": "authorized"})],
    "void": [("pay", {"outcome": "authorized"})],
    "refund": [("pay", {"outcome": "success"})],
    "refund_settled": [("pay", {}), ("trigger", {"event": "refund", "source": "input"})],
    "refund_rejected": [("pay", {}), ("trigger", {"event": "refund", "source": "input"})],
}
# A payment whose SMS is on its way, and whose refunds are queued.
_SCENARIO: Final = {
    "scenario": "made-for-a-trigger",
    "operations": {"refund": [{"result": "queued"}]},
    "channels": {"sms": [{"accept": True}]},
}
_CHECKOUT: Final = {
    "type": "payment_request",
    "amount": "10.000",
    "currency_code": "KWD",
    "pg_codes": ["credit-card"],
    "customer_phone": "+96550000000",
    "notifications": {"sms": ["created"]},
}
# Real seconds in which the webhooks of the event are waited for.
_LONGEST_WAIT: Final = 2.0
_PAUSE: Final = 0.05


def run(
    client: ControlClient, event: str, session_id: str | None, fields: Mapping[str, str]
) -> int:
    """Make the event happen, and print what came of it; return 1 where it is refused."""
    try:
        if session_id is None:
            session_id = _make(client, event)
        path = f"/transactions/{quote(session_id, safe='')}"
        before = len(client.get(path)["timeline"])
        client.send("POST", f"{path}/trigger", {"event": event, **fields})
        _wait_for_webhooks(client, session_id)
        after = client.get(path)
    except Refused as refused:
        print(refused, file=sys.stderr)
        return 1
    print(f"payment {session_id}: {after['state']}")
    for entry in after["timeline"][before:]:
        print(f"  {entry['at']}  {entry['text']}")
    return 0


def _make(client: ControlClient, event: str) -> str:
    """Make a payment to which the event can happen, and print what was done for that."""
    name = _SCENARIO["scenario"]
    client.send("PUT", f"/scenarios/{name}", _SCENARIO)
    try:
        made = client.send(
            "POST", "/transactions", _CHECKOUT, headers={"X-Sandbox-Scenario": str(name)}
        )
    finally:
        client.send("DELETE", f"/scenarios/{name}")
    session_id = str(made["session_id"])
    for call, body in _BEFORE.get(event, ()):
        client.send("POST", f"/transactions/{session_id}/{call}", body)
    print(f"made: payment {session_id}, {made['checkout_url']}")
    return session_id


def _wait_for_webhooks(client: ControlClient, session_id: str) -> None:
    """Let what is on its way arrive, so that it can be told of."""
    end = time.monotonic() + _LONGEST_WAIT
    path = f"/webhooks?status=waiting&session_id={quote(session_id, safe='')}"
    while client.get(path)["count"] and time.monotonic() < end:
        time.sleep(_PAUSE)
