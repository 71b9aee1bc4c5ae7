"""Invoices that tests issue."""

from typing import Any, Final

from tests.http.merchant import Merchant, Reply

INVOICE: Final = "/b/invoice/v1/invoice/"
DATES: Final = {"sku": "DATE-500", "description": "Dates, 500 g", "quantity": "2"}
LINE: Final = {**DATES, "unit_price": "3.000", "tax_rate": "5", "currency_code": "KWD"}


def invoice_body(**fields: object) -> dict[str, object]:
    """Return the body of an invoice; a field of None is left out."""
    body: dict[str, object] = {
        "type": "payment_request",
        "currency_code": "KWD",
        "pg_codes": ["knet"],
        "due_date": "2026-01-31",
        "invoice_number": "INV-1",
        "invoice_items": [LINE],
    }
    return {name: value for name, value in {**body, **fields}.items() if value is not None}


async def issue(merchant: Merchant, **fields: object) -> Reply:
    return await merchant.call("POST", INVOICE, invoice_body(**fields))


async def issued(merchant: Merchant, **fields: object) -> dict[str, Any]:
    reply = await issue(merchant, **fields)
    assert reply.status == 201, reply.body
    answer: dict[str, Any] = reply.json
    return answer
