"""Contacts that make a message fail by themselves, without any scenario.

An email address says the failure in words: `mailboxfull.x2+any@sandbox.example.com` fails twice
and is then fine. A phone number says it in digits: `+9650000CCNN`, CC the failure, NN how many
times, 00 for always. SMS and WhatsApp share the payer's number, so each has digits of its own: a
number that fails by one of them is fine for the other.

Source: DESIGN (precedence, magic values).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from sandbox.channels.failures import Nature, failure_of
from sandbox.domain.events import Channel

MAGIC_DOMAIN: Final = "sandbox.example.com"
MAGIC_PREFIX: Final = "+9650000"

_EMAIL_NAMES: Final[Mapping[str, str]] = {
    "bounce": "5.1.1",
    "baddomain": "5.1.2",
    "mailboxfull": "4.2.2",
    "disabled": "5.2.1",
    "noanswer": "4.4.1",
    "toolarge": "5.3.4",
    "greylisted": "4.7.1",
    "refused": "5.7.1",
}
_SMS_DIGITS: Final[Mapping[str, str]] = {
    "01": "30001",
    "03": "30003",
    "04": "30004",
    "05": "30005",
    "06": "30006",
    "07": "30007",
    "08": "30008",
    "10": "21610",
    "11": "21211",
}
_WHATSAPP_DIGITS: Final[Mapping[str, str]] = {
    "50": "130429",
    "51": "131026",
    "52": "131047",
    "53": "131048",
    "54": "131049",
    "55": "131056",
    "56": "131042",
    "57": "132000",
    "58": "132001",
    "59": "132015",
    "60": "132016",
}
MAGIC_NAMES: Final[Mapping[Channel, Mapping[str, str]]] = {
    Channel.EMAIL: _EMAIL_NAMES,
    Channel.SMS: _SMS_DIGITS,
    Channel.WHATSAPP: _WHATSAPP_DIGITS,
}

_EMAIL: Final = re.compile(
    r"(?P<name>[a-z]+)(?:\.x(?P<times>[1-9][0-9]{0,3}))?(?:\+[^@]*)?@" + re.escape(MAGIC_DOMAIN),
    re.ASCII | re.IGNORECASE,
)
_PHONE: Final = re.compile(
    r"(?:\+|00)?" + re.escape(MAGIC_PREFIX[1:]) + r"(?P<name>[0-9]{2})(?P<times>[0-9]{2})", re.ASCII
)
_PHONE_PUNCTUATION: Final = str.maketrans("", "", " -().")


@dataclass(frozen=True, kw_only=True, slots=True)
class MagicContact:
    """A row of the table of magic contacts.

    `address` always fails; `address_of_some` shows where the number of failures stands, as N.
    """

    address: str
    address_of_some: str
    channel: Channel
    code: str
    meaning: str
    nature: Nature
    effect: str


def magic_failure(channel: Channel, address: str, already_failed: int) -> str | None:
    """Return the code with which a message to this address fails, or None if it arrives.

    `already_failed` counts earlier messages by this channel to this address that failed so. Phone
    numbers may be written with spaces and punctuation, and with `00` or nothing for the plus sign.
    """
    if channel is Channel.EMAIL:
        matched = _EMAIL.fullmatch(address.strip())
    else:
        matched = _PHONE.fullmatch(address.translate(_PHONE_PUNCTUATION))
    if matched is None:
        return None
    times = int(matched["times"] or 0)
    if times and already_failed >= times:
        return None
    return MAGIC_NAMES[channel].get(matched["name"].lower())


def magic_contacts() -> tuple[MagicContact, ...]:
    """Return every magic contact there is, as rows for people to read."""
    return tuple(
        _row(channel, name, code)
        for channel, names in MAGIC_NAMES.items()
        for name, code in names.items()
    )


def _row(channel: Channel, name: str, code: str) -> MagicContact:
    failure = failure_of(channel, code)
    if channel is Channel.EMAIL:
        address, of_some = f"{name}@{MAGIC_DOMAIN}", f"{name}.xN+any@{MAGIC_DOMAIN}"
    else:
        address, of_some = f"{MAGIC_PREFIX}{name}00", f"{MAGIC_PREFIX}{name}NN"
    effect = (
        "refused at once; the call that sends it fails"
        if failure.at_once
        else "accepted, then reported as failed"
    )
    return MagicContact(
        address=address,
        address_of_some=of_some,
        channel=channel,
        code=code,
        meaning=failure.meaning,
        nature=failure.nature,
        effect=effect,
    )
