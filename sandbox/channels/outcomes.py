"""What a provider will report for one message: accepted, delivered, failed, and when.

Source: FACTS 7.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sandbox.channels.failures import FAILURES, failure_of
from sandbox.domain.events import Channel
from sandbox.domain.messages import MessageStatus, MessageStep
from sandbox.domain.settings import TemplateStatus

NOW: Final = timedelta()


@dataclass(frozen=True, kw_only=True, slots=True)
class Report:
    """One report of the provider, `after` the message was handed to it (time of the workspace)."""

    after: timedelta = NOW
    status: MessageStatus
    code: str | None = None
    detail: str | None = None

    def step(self, at: datetime) -> MessageStep:
        """Return the report as a step of a message's history."""
        return MessageStep(at=at, status=self.status, code=self.code, detail=self.detail)


@dataclass(frozen=True, kw_only=True, slots=True)
class Outcome:
    """All that the provider will report for one message; the first report is immediate."""

    reports: tuple[Report, ...]

    @property
    def first(self) -> Report:
        """What the call that sends the message sees."""
        return self.reports[0]

    @property
    def later(self) -> tuple[Report, ...]:
        """What becomes known after the call was answered."""
        return self.reports[1:]

    @property
    def sent(self) -> bool:
        """Whether the provider took the message, so that the call succeeds (FACTS 7, resend)."""
        return self.first.status is not MessageStatus.FAILED


_ACCEPTED: Final = Report(status=MessageStatus.ACCEPTED)

# The codes are ours: the platform finds these faults before it asks a provider.
NOT_CONFIGURED: Final = "not_configured"
NO_CONTACT: Final = "no_contact"
_UNCONFIGURED: Final[Mapping[Channel, str]] = {
    Channel.EMAIL: "The merchant has no email provider.",
    Channel.SMS: "The merchant has no SMS provider.",
    Channel.WHATSAPP: "The merchant's WhatsApp authenticator is not set up.",
}
_CONTACTLESS: Final[Mapping[Channel, str]] = {
    Channel.EMAIL: "The customer's email address is missing.",
    Channel.SMS: "The customer's phone number is missing.",
    Channel.WHATSAPP: "The customer's phone number is missing.",
}
_TEMPLATE_REASONS: Final[Mapping[TemplateStatus, str]] = {
    TemplateStatus.MISSING: "There is no template for this event.",
    TemplateStatus.REJECTED: "The template for this event was rejected in review.",
    TemplateStatus.PAUSED: "The template for this event is paused.",
    TemplateStatus.DISABLED: "The template for this event is disabled.",
    TemplateStatus.UNLINKED: "The template's name and namespace are not linked to the platform.",
}
# WhatsApp knows only approved templates by name: what it has not approved, it does not find.
_WHATSAPP_TEMPLATE_CODES: Final[Mapping[TemplateStatus, str]] = {
    TemplateStatus.MISSING: "132001",
    TemplateStatus.REJECTED: "132001",
    TemplateStatus.UNLINKED: "132001",
    TemplateStatus.PAUSED: "132015",
    TemplateStatus.DISABLED: "132016",
}


_DELIVERED: Final = Outcome(reports=(_ACCEPTED, Report(status=MessageStatus.DELIVERED)))


def delivered(after: timedelta = NOW) -> Outcome:
    """Return an accepted message that arrives `after` that.

    Without a script every message ends so, at once: a stopped clock need not be advanced to see it.
    """
    if after == NOW:
        return _DELIVERED
    arrival = Report(after=after, status=MessageStatus.DELIVERED)
    return Outcome(reports=(_ACCEPTED, arrival))


def accepted_only() -> Outcome:
    """Return an accepted message that is never heard of again."""
    return Outcome(reports=(_ACCEPTED,))


def failed_at_once(channel: Channel, code: str, detail: str | None = None) -> Outcome:
    """Return a message that the provider refuses while the call waits, whatever the code."""
    return Outcome(reports=(_failure(channel, code, detail=detail),))


def fails_later(
    channel: Channel, code: str, after: timedelta = NOW, detail: str | None = None
) -> Outcome:
    """Return an accepted message that is reported as failed `after` that, whatever the code."""
    return Outcome(reports=(_ACCEPTED, _failure(channel, code, after=after, detail=detail)))


def fails(channel: Channel, code: str, after: timedelta | None = None) -> Outcome:
    """Return a failing message: at once or later as its code has it, later when `after` is given.

    Raises:
        UnknownFailureCode: the channel's provider has no such code.

    Source: FACTS 7 (some failures are answered at once).
    """
    if failure_of(channel, code).at_once and after is None:
        return failed_at_once(channel, code)
    return fails_later(channel, code, after or NOW)


def refused_by_configuration(
    channel: Channel, *, configured: bool, template: TemplateStatus, contact: str | None
) -> Outcome | None:
    """Return the failure that the merchant's own configuration causes, or None if it causes none.

    `contact` is the payer's address by this channel. No script can make such a message arrive.

    Source: FACTS 7 (a merchant may lack …).
    """
    if not configured:
        return _unsent(NOT_CONFIGURED, _UNCONFIGURED[channel])
    if template is not TemplateStatus.APPROVED:
        own_code = f"template_{template}"
        whatsapp = channel is Channel.WHATSAPP
        code = _WHATSAPP_TEMPLATE_CODES[template] if whatsapp else own_code
        return _unsent(code, _TEMPLATE_REASONS[template])
    if not contact:
        return _unsent(NO_CONTACT, _CONTACTLESS[channel])
    return None


def _failure(
    channel: Channel, code: str, *, after: timedelta = NOW, detail: str | None = None
) -> Report:
    known = FAILURES[channel].get(code)
    # A script may play a code of which only its author knows.
    words = detail or (known.detail if known else f"The provider reported {code}.")
    return Report(after=after, status=MessageStatus.FAILED, code=code, detail=words)


def _unsent(code: str, detail: str) -> Outcome:
    return Outcome(reports=(Report(status=MessageStatus.FAILED, code=code, detail=detail),))
