"""The payment form between the wire and the engine's command."""

import enum
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from aiohttp import web

from sandbox.domain.transactions import PaymentTransaction
from sandbox.engine.commands import PayerTry
from sandbox.scenarios.model import Outcome
from sandbox.web.decoding import FORM, MULTIPART, decode
from sandbox.web.errors import NotAllowed, UnsupportedMediaType
from sandbox.web.incoming import read_body

OUTCOMES: Final = (
    *(Outcome.SUCCESS, Outcome.FAILED, Outcome.CANCELED, Outcome.ERROR, Outcome.PENDING),
    *(Outcome.COD, Outcome.AUTHORIZED, Outcome.CHALLENGE),
)
_CARD: Final = re.compile(r"[0-9](?:[ -]?[0-9]){11,18}", re.ASCII)
_PASSED: Final = "passed"
_FAILED: Final = "failed"
_SAVE: Final = "yes"
_USE: Final = "yes"


class Mistake(enum.StrEnum):
    """What of the form cannot be taken; the pages have a sentence for each."""

    GATEWAY = "gateway"
    OUTCOME = "outcome"
    CARD = "card"
    WALLET = "wallet"


@dataclass(frozen=True, kw_only=True, slots=True)
class PayerForm:
    """What the payer filled in, as sent.

    `number` is that of the attempt which the form was shown for: sent twice, it counts once.
    `picked` is the test card picked under the chosen gateway, `card` one that was typed. `save` is
    whether the card is to be kept at that gateway, `use_wallet` whether the payer's wallet pays first.
    """

    number: int | None = None
    gateway: str = ""
    outcome: str = ""
    card: str = ""
    picked: str = ""
    challenge: bool | None = None
    save: bool = False
    use_wallet: bool = False


async def read_form(request: web.Request) -> Mapping[str, str]:
    """Return the fields of a form; of a name sent twice the last one counts.

    Raises:
        UnsupportedMediaType, NotAForm: the body is no form.
        BodyTooLarge, BrokenBody, CallerGone: it cannot be read.
    """
    if request.content_type not in (FORM, MULTIPART):
        raise UnsupportedMediaType("The payment form is sent as a form, not as anything else.")
    value = decode(request.headers["Content-Type"], await read_body(request)).value
    if not isinstance(value, dict):
        return {}
    lasts = ((name, each[-1] if isinstance(each, list) else each) for name, each in value.items())
    return {name: last for name, last in lasts if isinstance(last, str)}


def filled_in(fields: Mapping[str, str], offered: tuple[str, ...]) -> PayerForm:
    """Return the form of these fields; `offered` are the gateways in the order of the page."""
    gateway = fields.get("gateway", "")
    position = offered.index(gateway) if gateway in offered else ""
    picked = f"card_{position}"
    number = fields.get("number", "")
    challenge = {_PASSED: True, _FAILED: False}.get(fields.get("challenge", ""))
    return PayerForm(
        number=int(number) if re.fullmatch(r"[1-9][0-9]{0,5}", number, re.ASCII) else None,
        gateway=gateway,
        outcome=fields.get("outcome", ""),
        card=fields.get("card", "").strip(),
        picked=fields.get(picked, ""),
        challenge=challenge,
        save=fields.get(f"save_{position}") == _SAVE,
        use_wallet=fields.get("use_wallet") == _USE,
    )


def read_try(form: PayerForm, payment: PaymentTransaction) -> PayerTry | Mistake:
    """Return what the payer does, or the first thing of the form that cannot be taken."""
    if form.challenge is not None:
        return PayerTry(challenge=form.challenge)
    if form.gateway and form.gateway not in payment.terms.gateway_codes:
        return Mistake.GATEWAY
    if form.outcome and form.outcome not in OUTCOMES:
        return Mistake.OUTCOME
    outcome = Outcome(form.outcome) if form.outcome else None
    card = form.card or form.picked
    if outcome is Outcome.CANCELED:
        card = ""  # who leaves the page does not mend it first
    if card and not _CARD.fullmatch(card):
        return Mistake.CARD
    return PayerTry(
        outcome=outcome,
        gateway=form.gateway or None,
        card=card or None,
        save_card=form.save,
        # Who leaves the page takes nothing along.
        use_wallet=form.use_wallet and outcome is not Outcome.CANCELED,
    )


def refuse_foreign(request: web.Request, public_url: str | None) -> None:
    """Take a form only from a page of the sandbox's own; callers without a browser have no Origin.

    Raises:
        NotAllowed: the form comes from another site, or from a page that hides where it is.
    """
    origin = request.headers.get("Origin")
    if origin is None:
        return
    own = {request.host.lower()}
    if public_url:
        own.add(urlsplit(public_url).netloc.lower())
    # A proxy that ends TLS shows the payer https where the sandbox sees http: the host decides.
    if _host_of(origin) not in own:
        raise NotAllowed(
            f"The form's Origin is `{origin}`, and the sandbox is reached as `{request.host}`. "
            "Behind a proxy that changes the Host, start it with `--public-url`."
        )


def _host_of(origin: str) -> str:
    try:
        return urlsplit(origin).netloc.lower()
    except ValueError:
        return ""
