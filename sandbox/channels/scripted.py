"""What a scenario's channel step makes of a message.

Source: DESIGN (scenario language, channels).
"""

from typing import assert_never

from sandbox.channels.outcomes import (
    Outcome,
    accepted_only,
    delivered,
    failed_at_once,
    fails_later,
)
from sandbox.domain.events import Channel
from sandbox.scenarios.model import AcceptOnly, AcceptThenFail, Carriage, Deliver, Refuse


def outcome_of(channel: Channel, carriage: Carriage) -> Outcome:
    """Return what the provider reports when a scenario decides; it may use any code either way."""
    match carriage:
        case Deliver(after=after):
            return delivered(after)
        case Refuse(code=code, detail=detail):
            return failed_at_once(channel, code, detail)
        case AcceptThenFail(code=code, after=after, detail=detail):
            return fails_later(channel, code, after, detail)
        case AcceptOnly():
            return accepted_only()
        case _:
            assert_never(carriage)
