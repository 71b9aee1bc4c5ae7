"""The options of `ottu-sandbox serve`: one table for command line, environment and file.

Source: DESIGN, command line.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from sandbox.domain.clock import STOPPED_START, Clock

_LARGEST_PORT: Final = 65_535
_NUMBER: Final = re.compile(r"[0-9]{1,18}", re.ASCII)
_YEARS: Final = range(1970, 3000)
_WORDS: Final = {
    **dict.fromkeys(("1", "true", "yes", "on"), True),
    **dict.fromkeys(("0", "false", "no", "off"), False),
}


class WrongValue(ValueError):
    """A text is no value of its option; the message says what was expected."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Option:
    """One option of `serve`.

    `read` turns the text given into a value, and `field` of `ServerSettings` gets it. An option
    that is a setting of every `workspace` is judged as such a setting is. A `switch` takes no value
    on the command line. `later` marks what a later version brings.
    """

    name: str
    help: str
    metavar: str = ""
    default: str = ""
    field: str = ""
    read: Callable[[str], object] = str
    workspace: bool = False
    switch: bool = False
    secret: bool = False
    later: bool = False

    @property
    def flag(self) -> str:
        """The option on the command line."""
        return f"--{self.name}"

    @property
    def variable(self) -> str:
        """The option in the environment."""
        return f"{PREFIX}{self.key.upper()}"

    @property
    def key(self) -> str:
        """The option in the file, where it may also be written with hyphens."""
        return self.name.replace("-", "_")


PREFIX: Final = "OTTU_SANDBOX_"


def _port(text: str) -> int:
    if _NUMBER.fullmatch(text) and int(text) <= _LARGEST_PORT:
        return int(text)
    raise WrongValue(f"expected a whole number from 0 to {_LARGEST_PORT}; 0 picks a free port")


def _seed(text: str) -> int:
    if _NUMBER.fullmatch(text):
        return int(text)
    raise WrongValue("expected a whole number of at most 18 digits")


def _host(text: str) -> str:
    if text and not any(letter.isspace() or letter == "/" for letter in text):
        return text
    raise WrongValue("expected an address or a name of this machine, such as 127.0.0.1 or 0.0.0.0")


def _public_url(text: str) -> str:
    try:
        parts = urlsplit(text)
        usable = parts.scheme in ("http", "https") and bool(parts.hostname)
        usable = usable and (parts.port is None or parts.port > 0)
    except ValueError:
        usable = False
    plain = text.isascii() and text.isprintable() and not set(text) & set(" ?#@")
    if usable and plain:
        return text.rstrip("/")
    raise WrongValue("expected a URL such as https://sandbox.example.com, without query")


def _clock(text: str) -> Clock:
    if text == "real":
        return Clock()
    if text == "stopped":
        return Clock(stopped_at=STOPPED_START)
    try:
        instant = datetime.fromisoformat(text)
        if instant.tzinfo is not None and instant.year in _YEARS:
            return Clock(stopped_at=instant.astimezone(STOPPED_START.tzinfo))
    except (ValueError, OverflowError):
        pass
    raise WrongValue("expected `real`, `stopped` or an instant such as 2026-01-01T00:00:00Z")


def _path(text: str) -> Path:
    if text and "\0" not in text:
        return Path(text)
    raise WrongValue("expected a path")


def _token(text: str) -> str:
    if text and text.isascii() and text.isprintable() and " " not in text:
        return text
    raise WrongValue("expected visible ASCII characters without spaces, as a header carries them")


def _credentials(text: str) -> Path | None:
    if text == "any":
        return None
    if text and "\0" not in text:
        return Path(text)
    raise WrongValue("expected `any` or the path of a file that lists who may call")


def switched(text: str) -> bool:
    """Read a switch of the environment or the file.

    Raises:
        WrongValue: neither yes nor no.
    """
    try:
        return _WORDS[text.lower()]
    except KeyError:
        raise WrongValue("expected true or false") from None


def _off(text: str) -> bool:
    return not switched(text)


def _choice(*words: str) -> Callable[[str], str]:
    def read(text: str) -> str:
        if text in words:
            return text
        raise WrongValue(f"expected one of {', '.join(f'`{word}`' for word in words)}")

    return read


def _opens(text: str) -> bool:
    return _choice("loopback", "open")(text) == "open"


OPTIONS: Final = (
    Option(
        name="host",
        metavar="HOST",
        field="host",
        read=_host,
        default="127.0.0.1",
        help="address to listen on; 0.0.0.0 is every one of this machine",
    ),
    Option(
        name="port",
        metavar="PORT",
        field="port",
        read=_port,
        default="8686",
        help="port to listen on; 0 picks a free one, which the ready line tells",
    ),
    Option(name="tls-port", metavar="N", later=True, help="HTTPS beside HTTP"),
    Option(
        name="public-url",
        metavar="URL",
        field="public_url",
        read=_public_url,
        default="the Host of each call",
        help="what checkout_url and other addresses begin with",
    ),
    Option(
        name="spec",
        metavar="FILE",
        field="spec",
        read=_path,
        default="the sandbox's own",
        help="OpenAPI document to hold requests to",
    ),
    Option(
        name="scenarios",
        metavar="DIR",
        field="scenarios",
        read=_path,
        help="folder of your own scenarios, beside the ready ones; read again when its files change",
    ),
    Option(
        name="clock",
        metavar="real|stopped|INSTANT",
        field="clock",
        read=_clock,
        default="real",
        help="let time run, or stop it (at 2026-01-01T00:00:00Z or the instant) to be advanced",
    ),
    Option(
        name="seed",
        metavar="N",
        field="seed",
        read=_seed,
        default="random, and logged",
        help="what identifiers follow from; the same seed gives the same ones",
    ),
    Option(name="state-file", metavar="FILE", later=True, help="keep everything across restarts"),
    Option(
        name="webhook-url",
        workspace=True,
        metavar="URL",
        help="where webhooks go when a payment names no URL of its own; for operations always",
    ),
    Option(
        name="webhook-key",
        workspace=True,
        metavar="KEY",
        secret=True,
        default="sandbox-webhook-key",
        help="key that webhooks are signed with",
    ),
    Option(
        name="rewrite-webhook",
        metavar="FROM=TO",
        later=True,
        help="send webhooks for one address to another",
    ),
    Option(
        name="credentials",
        metavar="any|FILE",
        field="credentials",
        read=_credentials,
        default="any",
        help="who may call and what each may do: anybody everything, or what the FILE says",
    ),
    Option(
        name="gateways",
        workspace=True,
        metavar="any|listed",
        default="any",
        help="whether an unknown code in pg_codes stands for a generic gateway or is refused",
    ),
    Option(
        name="control-token",
        metavar="T",
        field="control_token",
        read=_token,
        secret=True,
        help="opens the control API to calls from elsewhere that carry it in X-Sandbox-Token",
    ),
    Option(
        name="control",
        metavar="loopback|open",
        field="control_open",
        read=_opens,
        default="loopback",
        help="who else may use the control API: this machine, or everybody (closed networks only)",
    ),
    Option(
        name="validation",
        workspace=True,
        metavar="compatible|strict|off",
        default="compatible",
        help="how strictly requests are held to the document",
    ),
    Option(
        name="validator",
        metavar="compiled|reference",
        field="validator",
        read=_choice("compiled", "reference"),
        default="compiled",
        help="what validates; the reference is slow and the measure of the other",
    ),
    Option(
        name="limits",
        workspace=True,
        metavar="warn|enforce",
        default="warn",
        help="whether going over a limit of the platform leaves a finding or is refused",
    ),
    Option(
        name="no-magic",
        field="magic",
        read=_off,
        switch=True,
        help="let order numbers, addresses and phones such as SBX-FAILED mean nothing special",
    ),
    Option(
        name="fail-on-findings",
        switch=True,
        later=True,
        help="end with 1 when there were findings",
    ),
)
