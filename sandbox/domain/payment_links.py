"""Addresses that open a payment: the payment page, a short form of it, and its QR code.

Source: FACTS 1 (every address opens), 5 (`checkout_url`).
"""

import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import Final

# What the first 8 digits tell, the workspace, stays readable in every address (DESIGN, workspaces).
_PLACE_DIGITS: Final = 8
_CODE: Final = re.compile(r"[0-9a-f]{8}[-_0-9A-Za-z]{22}", re.ASCII)

SHORT_PATH: Final = "/p/"
QR_PATH: Final = "/b/checkout/qr/"
CANCEL_PATH: Final = "/b/checkout/redirect/cancel/"


def short_code(session_id: str) -> str:
    """Return a session_id in 30 signs: its first 8 digits, then the others as base64."""
    rest = urlsafe_b64encode(bytes.fromhex(session_id[_PLACE_DIGITS:])).rstrip(b"=")
    return session_id[:_PLACE_DIGITS] + rest.decode()


def session_of(code: str) -> str | None:
    """Return the session_id of a short code; None for what is none."""
    if not _CODE.fullmatch(code):
        return None
    return code[:_PLACE_DIGITS] + urlsafe_b64decode(code[_PLACE_DIGITS:] + "==").hex()
