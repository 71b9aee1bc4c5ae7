"""Everything that happened to a transaction, as people read it."""

import enum
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final


class Kind(enum.StrEnum):
    """What sort of thing happened."""

    STATE = "state"
    UPDATED = "updated"
    ATTACHED = "attached"
    OPENED = "opened"
    ATTEMPT_STARTED = "attempt_started"
    ATTEMPT_ENDED = "attempt_ended"
    INQUIRY = "inquiry"
    LOOKED_UP = "looked_up"
    OPERATION = "operation"
    OPERATION_REFUSED = "operation_refused"
    MESSAGE = "message"
    WEBHOOK = "webhook"
    TRY = "try"
    WALLET = "wallet"
    CARD_SAVED = "card_saved"
    AGREEMENT = "agreement"
    SCENARIO = "scenario"
    NOTHING = "nothing"


TEXTS: Final[Mapping[Kind, str]] = {
    Kind.STATE: "The payment is {state}.",
    Kind.UPDATED: "The merchant changed the payment.",
    Kind.ATTACHED: "The merchant attached the file {name}.",
    Kind.OPENED: "The payer opened the payment page.",
    Kind.ATTEMPT_STARTED: "Attempt {number} began at gateway {gateway}.",
    Kind.ATTEMPT_ENDED: "Attempt {number} ended: {outcome}.",
    Kind.INQUIRY: "The {by} asked gateway {gateway} how the payment ended: {found}.",
    Kind.LOOKED_UP: "How the payment stands was looked up, without asking a gateway: {state}.",
    Kind.OPERATION: "Operation {operation}: {state}.",
    Kind.OPERATION_REFUSED: "Operation {operation} was refused: {reason}",
    Kind.MESSAGE: "The {channel} message for `{event}` to {to} is {status}.",
    Kind.WEBHOOK: "The {kind} webhook for `{event}` to {url} is {status}.",
    Kind.TRY: "Try {number} of the webhook to {url}: {result}.",
    Kind.WALLET: "The wallet booked `{entry}`: {amount}.",
    Kind.CARD_SAVED: "The card {number} was saved as {token}.",
    Kind.AGREEMENT: "The agreement {agreement} now charges the card {number}.",
    Kind.SCENARIO: "Scenario {scenario} decides what happens.",
    Kind.NOTHING: "Nothing was changed: {reason}",
}


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    """One thing that happened at an instant of the workspace's clock."""

    at: datetime
    kind: Kind
    data: Mapping[str, str | int | None]

    @property
    def text(self) -> str:
        """The entry as a sentence."""
        return TEXTS[self.kind].format_map(self.data)
