"""Payment instruments between the wire and the engine's command.

Source: FACTS 10; schemas `PaymentInstrument`, `ApplePayNativePayment`, `GooglePayNativePayment`.
"""

from collections.abc import Mapping
from typing import Any, Final

from sandbox.engine.commands import DirectPayment, Instrument
from sandbox.web.errors import WrongFields

# What of a payload is the token; the rest tells of it.
_TOKENS: Final[Mapping[Instrument, tuple[tuple[str, ...], ...]]] = {
    Instrument.APPLE_PAY: (("paymentData", "data"), ("transactionIdentifier",)),
    Instrument.GOOGLE_PAY: (("paymentMethodData", "tokenizationData", "token"),),
    Instrument.SAMSUNG_PAY: (("token",),),
    Instrument.SAVED_CARD: (("token",),),
    # There is one wallet, whatever the merchant calls it.
    Instrument.WALLET: (),
}
_TYPES: Final[Mapping[str, Instrument]] = {
    "apple_pay": Instrument.APPLE_PAY,
    "google_pay": Instrument.GOOGLE_PAY,
    "samsung_pay": Instrument.SAMSUNG_PAY,
    "token": Instrument.SAVED_CARD,
    "wallet": Instrument.WALLET,
}
# The type may be left out: then a payload tells it by a field that only this type has.
_TOLD_BY: Final = (
    ("paymentData", "apple_pay"),
    ("paymentMethodData", "google_pay"),
    ("wallet_code", "wallet"),
)


def read_instrument(value: object) -> DirectPayment:
    """Return the payment that a checkout's `payment_instrument` makes.

    Raises:
        WrongFields: it is none; only without validation a caller comes so far with that.
    """
    fields = value if isinstance(value, Mapping) else {}
    payload = fields.get("payload")
    if not isinstance(payload, Mapping):
        raise WrongFields({"payment_instrument": {"payload": ["This field is required."]}})
    guessed = next((name for field, name in _TOLD_BY if field in payload), "token")
    instrument = _TYPES.get(str(fields.get("instrument_type") or guessed))
    if instrument is None:
        known = ", ".join(_TYPES)
        raise WrongFields(
            {"payment_instrument": {"instrument_type": [f"Expected one of {known}."]}}
        )
    return read_payment(instrument, payload)


def read_payment(
    instrument: Instrument, payload: Mapping[str, Any], gateway: str | None = None
) -> DirectPayment:
    """Return the payment that a token of a phone's wallet, or of a saved card, makes."""
    found = (_at(payload, path) for path in _TOKENS[instrument])
    token = " ".join(each for each in found if each)
    return DirectPayment(instrument=instrument, token=token, gateway=gateway)


def _at(payload: object, path: tuple[str, ...]) -> str:
    for name in path:
        payload = payload.get(name) if isinstance(payload, Mapping) else None
    return payload if isinstance(payload, str) else ""
