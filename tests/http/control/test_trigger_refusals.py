"""Triggers that say what does not apply, or are about nothing that is there."""

from typing import Final

import pytest

from sandbox.engine.triggers import Trigger
from tests.http.control.caller import Control

# Which field says something about which event.
TAKES: Final[dict[str, set[str]]] = {
    "late_success": {"code"},
    "late_failure": {"code"},
    "capture": {"amount", "source", "initiator"},
    "void": {"source", "initiator"},
    "refund": {"amount", "source", "initiator"},
    "refund_settled": set(),
    "refund_rejected": set(),
    "expire": set(),
    "invalidate": set(),
    "message_delivered": {"message_id"},
    "message_failed": {"message_id", "code"},
}
FIELDS: Final[dict[str, object]] = {
    "amount": "1.000",
    "source": "pg",
    "initiator": {},
    "code": "05",
    "message_id": "0" * 32,
}


def test_every_event_is_tried_here() -> None:
    assert set(TAKES) == set(Trigger)


@pytest.mark.parametrize("event", TAKES)
@pytest.mark.parametrize("field", FIELDS)
async def test_a_field_that_says_nothing_about_the_event_is_refused(
    control: Control, event: str, field: str
) -> None:
    payment = await control.payment()
    path = f"/transactions/{payment['session_id']}/trigger"

    reply = await control.call("POST", path, {"event": event, field: FIELDS[field]})

    pointed_at = reply.json.get("pointer")
    if field in TAKES[event] - {"message_id"}:
        assert pointed_at is None
        assert reply.status in (200, 409)
    else:
        assert (reply.status, pointed_at) == (400, f"/{field}")


async def test_a_payment_that_nobody_knows_is_not_found(control: Control) -> None:
    path = f"/transactions/{'0' * 40}/trigger"

    await control.refused(404, "POST", path, {"event": "expire"})


async def test_a_misspelt_event_is_told_what_was_meant(control: Control) -> None:
    payment = await control.payment()
    path = f"/transactions/{payment['session_id']}/trigger"

    problem = await control.refused(400, "POST", path, {"event": "late_succes"})

    assert problem["pointer"] == "/event"
    assert "late_success" in f"{problem['detail']} {problem.get('hint', '')}"
