"""How providers fail: one table for each channel, and who the providers are.

Source: FACTS 7 (how providers really fail).
"""

import enum
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from sandbox.domain.errors import SandboxError
from sandbox.domain.events import Channel


class UnknownFailureCode(SandboxError):
    """The provider of this channel has no such failure code."""

    def __init__(self, channel: Channel, code: str) -> None:
        known = ", ".join(FAILURES[channel])
        super().__init__(
            f"The {channel} provider has no failure code `{code}`; it has these: {known}."
        )
        self.channel = channel
        self.code = code


class Nature(enum.StrEnum):
    """Whether sending again may help, never will, or needs the merchant's configuration mended."""

    TEMPORARY = "temporary"
    PERMANENT = "permanent"
    CONFIGURATION = "configuration"


@dataclass(frozen=True, kw_only=True, slots=True)
class ProviderFailure:
    """One way in which a provider fails.

    `meaning` is for tables, `detail` is what the provider reports. `at_once` failures are seen by
    the call that sends the message; the others come after the provider has accepted it.
    """

    code: str
    meaning: str
    detail: str
    nature: Nature
    at_once: bool


PROVIDERS: Final[Mapping[Channel, str]] = {
    Channel.EMAIL: "email-provider",
    Channel.SMS: "sms-provider",
    Channel.WHATSAPP: "whatsapp-cloud",
}


def _temporary(code: str, meaning: str, detail: str, *, at_once: bool = False) -> ProviderFailure:
    return ProviderFailure(
        code=code, meaning=meaning, detail=detail, nature=Nature.TEMPORARY, at_once=at_once
    )


def _permanent(code: str, meaning: str, detail: str, *, at_once: bool = False) -> ProviderFailure:
    return ProviderFailure(
        code=code, meaning=meaning, detail=detail, nature=Nature.PERMANENT, at_once=at_once
    )


def _configuration(code: str, meaning: str, detail: str) -> ProviderFailure:
    # A fault of the account or template is always found before anything is sent.
    return ProviderFailure(
        code=code, meaning=meaning, detail=detail, nature=Nature.CONFIGURATION, at_once=True
    )


def _by_code(failures: Iterable[ProviderFailure]) -> Mapping[str, ProviderFailure]:
    return {failure.code: failure for failure in failures}


_SMS: Final = (
    _temporary("30001", "queue overflow", "The sending queue is full.", at_once=True),
    _temporary("30003", "unreachable", "The handset is switched off or out of reach."),
    _permanent("30004", "blocked", "The recipient has blocked messages from this sender."),
    _permanent("30005", "unknown number", "The number is not in service."),
    _permanent("30006", "landline", "The number is a landline, which takes no text messages."),
    _permanent("30007", "filtered", "The carrier filtered the message as unwanted."),
    _temporary("30008", "unknown error", "The carrier gave no reason for the failure."),
    _permanent(
        "21610", "unsubscribed", "The recipient has unsubscribed from this sender.", at_once=True
    ),
    _permanent("21211", "invalid number", "The number is not a valid phone number.", at_once=True),
)
_EMAIL: Final = (
    _permanent("5.1.1", "no such mailbox", "550 5.1.1 No mailbox has this address."),
    _permanent(
        "5.1.2", "bad domain", "550 5.1.2 The domain of the address does not exist.", at_once=True
    ),
    _temporary("4.2.2", "mailbox full", "452 4.2.2 The mailbox is full.", at_once=True),
    _permanent("5.2.1", "mailbox disabled", "550 5.2.1 The mailbox takes no messages."),
    _temporary("4.4.1", "no answer", "451 4.4.1 The receiving host does not answer.", at_once=True),
    _permanent(
        "5.3.4", "too large", "552 5.3.4 The message is too large to be taken.", at_once=True
    ),
    _temporary("4.7.1", "greylisted", "451 4.7.1 Greylisted; try again later.", at_once=True),
    _permanent(
        "5.7.1", "refused", "550 5.7.1 The receiver's policy refuses the message.", at_once=True
    ),
)
_WHATSAPP: Final = (
    _temporary("130429", "rate limit", "Too many messages in a short time.", at_once=True),
    _permanent("131026", "undeliverable", "The number cannot receive WhatsApp messages."),
    _permanent(
        "131047", "outside the 24 h window", "The recipient last wrote more than 24 hours ago."
    ),
    _temporary("131048", "spam limit", "Limited, because recipients reported earlier messages."),
    _temporary("131049", "engagement limit", "Held back to keep the recipient's engagement."),
    _temporary("131056", "pair limit", "Too many messages from this sender to this recipient."),
    _configuration("131042", "payment issue", "The business account's payment method failed."),
    _configuration(
        "132000", "parameter count", "The number of parameters differs from the template's."
    ),
    _configuration(
        "132001", "no such template", "No approved template has this name in this language."
    ),
    _configuration("132015", "template paused", "The template is paused for low quality."),
    _configuration("132016", "template disabled", "The template was paused too often; disabled."),
)

FAILURES: Final[Mapping[Channel, Mapping[str, ProviderFailure]]] = {
    Channel.EMAIL: _by_code(_EMAIL),
    Channel.SMS: _by_code(_SMS),
    Channel.WHATSAPP: _by_code(_WHATSAPP),
}


def failure_of(channel: Channel, code: str) -> ProviderFailure:
    """Return the provider failure that a code stands for.

    Raises:
        UnknownFailureCode: the channel's provider has no such code.

    Source: FACTS 7.
    """
    try:
        return FAILURES[channel][code]
    except KeyError:
        raise UnknownFailureCode(channel, code) from None
