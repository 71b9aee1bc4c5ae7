"""Bearer tokens of the sandbox's own login service: JWTs signed with a key of the seed.

Source: FACTS 2 (bearer); RFC 7519 (JWT), RFC 7518 (HS256).
"""

import base64
import binascii
import hmac
from collections.abc import Mapping
from typing import Final

import orjson

from sandbox.domain.identifiers import digest

_HEAD: Final = {"alg": "HS256", "typ": "JWT"}
_PARTS: Final = 3


class TokenSigner:
    """Signs tokens and knows its own again; the same seed gives the same key."""

    def __init__(self, seed: int) -> None:
        self._key = digest(seed, "login service", "signing key").encode()

    def sign(self, claims: Mapping[str, object]) -> str:
        """Return a token with these claims."""
        body = f"{_encoded(orjson.dumps(_HEAD))}.{_encoded(orjson.dumps(claims))}"
        return f"{body}.{self._signature(body)}"

    def signed(self, token: str) -> bool:
        """Tell whether a token is as it was signed here."""
        body, _, signature = token.rpartition(".")
        return hmac.compare_digest(_bytes(self._signature(body)), _bytes(signature))

    def _signature(self, body: str) -> str:
        return _encoded(hmac.digest(self._key, _bytes(body), "sha256"))


def claims_of(token: str) -> Mapping[str, object]:
    """Return the claims of a JWT without trusting them; a token of another kind has none."""
    parts = token.split(".")
    if len(parts) != _PARTS:
        return {}
    try:
        padded = parts[1] + "=" * (-len(parts[1]) % 4)
        claims: object = orjson.loads(base64.urlsafe_b64decode(padded))
    except (binascii.Error, ValueError):
        return {}
    return claims if isinstance(claims, dict) else {}


def _bytes(text: str) -> bytes:
    # A header may hold bytes that are no text.
    return text.encode("utf-8", "surrogateescape")


def _encoded(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
