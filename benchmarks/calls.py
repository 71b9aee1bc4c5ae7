"""The two calls that are measured, as bytes on the wire."""

from collections.abc import Iterator
from itertools import count
from typing import Final

CHECKOUT: Final = "/b/checkout/v1/pymt-txn/"
NOTIFICATION: Final = "/b/pbl/v2/message-notification/"

# A checkout as a shop sends it: 1,000 bytes, no notifications, nobody is called back. A number of
# ten digits makes each order its own.
_ORDER: Final = (
    b'{"type": "e_commerce", "pg_codes": ["credit-card", "knet"], "amount": "24.500", '
    b'"currency_code": "KWD", "order_no": "SHOP-%010d", "customer_id": "customer-20481", '
    b'"customer_email": "noor@shop.example.com", "customer_phone": "+96550001234", '
    b'"customer_first_name": "Noor", "customer_last_name": "Al-Salem", "language": "en", '
    b'"redirect_url": "https://shop.example.com/orders/thanks", '
    b'"webhook_url": "https://shop.example.com/hooks/ottu", "expiration_time": "12:00:00", '
    b'"billing_address": {"line1": "Block 4, Street 12, Building 7", "line2": "Floor 3", '
    b'"city": "Kuwait City", "state": "Al Asimah", "country": "KW", "postal_code": "13001"}, '
    b'"shipping_address": {"first_name": "Noor", "last_name": "Al-Salem", "email": '
    b'"noor@shop.example.com", "phone": "+96550001234", "line1": "Block 9, Street 3", '
    b'"city": "Salmiya", "state": "Hawalli", "country": "KW", "postal_code": "22001"}, '
    b'"extra": {"cart": "c-55821", "store": "web", "campaign": "autumn", "note": "Ring the bell."}}'
)
# A payment of which only an email tells, so that the same message can be sent again and again.
_BY_EMAIL: Final = (
    b'{"type": "payment_request", "pg_codes": ["credit-card"], "amount": "10.000", '
    b'"currency_code": "KWD", "customer_email": "noor@shop.example.com", '
    b'"notifications": {"email": ["created"]}}'
)


def checkouts() -> Iterator[bytes]:
    """Yield requests that each make a payment transaction of their own, without end."""
    for number in count(1):
        yield _request("POST", CHECKOUT, _ORDER % number)


def checkout_told_by_email() -> bytes:
    """Return the request that makes the payment whose message `notifications` sends again."""
    return _request("POST", CHECKOUT, _BY_EMAIL)


def notifications(session_id: str) -> Iterator[bytes]:
    """Yield requests that send the email of a payment once more, without end."""
    body = b'{"channels": ["email"], "session_id": "%b"}' % session_id.encode()
    yield from _again(_request("POST", NOTIFICATION, body))


def retrievals(session_id: str) -> Iterator[bytes]:
    """Yield requests that read a payment and change nothing, without end."""
    yield from _again(_request("GET", f"{CHECKOUT}{session_id}/", b""))


def _again(request: bytes) -> Iterator[bytes]:
    while True:
        yield request


def _request(method: str, path: str, body: bytes) -> bytes:
    head = (
        f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Api-Key bench.key\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body
