"""How the platform signs a webhook, so that a merchant can tell it from a forged one."""

import hashlib
import hmac
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Final

import orjson

# The table is in the order in which the fields are signed: by name.
SIGNED_FIELDS: Final = (
    "amount",
    "currency_code",
    "customer_address_city",
    "customer_address_country",
    "customer_address_line1",
    "customer_address_line2",
    "customer_address_postal_code",
    "customer_address_state",
    "customer_email",
    "customer_first_name",
    "customer_last_name",
    "customer_phone",
    "gateway_account",
    "gateway_name",
    "order_no",
    "reference_number",
    "result",
    "state",
)

# A subscription's webhook signs eight places more; a dot leads into an object.
SIGNED_PATHS: Final = tuple(
    sorted(
        (
            *SIGNED_FIELDS,
            "agreement.id",
            "extra.autopay.subscription_id",
            "extra.merchant_id",
            "payment_type",
            "session_id",
            "token.customer_id",
            "token.pg_code",
            "token.token",
        )
    )
)


def sign(payload: Mapping[str, object], key: str) -> str:
    """Return the signature of a payment or operation webhook: 64 hex digits.

    Only the payload's own fields count; of an operation, `txn` is not protected.

    Source: FACTS 8.
    """
    return _digest(signed_text(payload), key)


def signed_text(payload: Mapping[str, object]) -> str:
    """Return what `sign` signs: name and value of each field, with nothing between.

    Absent and empty fields are left out. A value that is not a string counts as its JSON text
    (`12.5`, `true`); the platform itself signs strings only.

    Source: FACTS 8.
    """
    return "".join(
        name + value for name in SIGNED_FIELDS if (value := _text(payload.get(name))) is not None
    )


def sign_subscription(payload: Mapping[str, object], key: str) -> str:
    """Return the signature of a subscription's webhook: 64 hex digits.

    Source: FACTS 8.
    """
    return _digest(subscription_text(payload), key)


def subscription_text(payload: Mapping[str, object]) -> str:
    """Return what `sign_subscription` signs: `path=value` lines without a last line feed.

    Source: FACTS 8.
    """
    return "\n".join(f"{path}={value}" for path, value in _signed_paths(payload))


def _signed_paths(payload: Mapping[str, object]) -> Iterator[tuple[str, str]]:
    for path in SIGNED_PATHS:
        place: object = payload
        for name in path.split("."):
            place = place.get(name) if isinstance(place, Mapping) else None
        if (value := _text(place)) is not None:
            yield path, value


def _text(value: object) -> str | None:
    """Return the text that is signed for a value, or None where it counts as empty."""
    if isinstance(value, str):
        return value or None
    if value is None or value in ([], {}, ()):
        return None
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return orjson.dumps(value).decode()


def _digest(text: str, key: str) -> str:
    return hmac.new(key.encode(), text.encode(), hashlib.sha256).hexdigest()
