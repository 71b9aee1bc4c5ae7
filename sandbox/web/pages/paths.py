"""Addresses of the pages, as paths: a payer stays on the host by which the page was opened."""

from typing import Final
from urllib.parse import urlencode

from sandbox.channels.rendering import INVOICE_PATH, SUMMARY_PATH

START: Final = "/b/checkout/redirect/start/"
PAY: Final = "/b/checkout/redirect/pay/"
WAITING: Final = "/b/checkout/redirect/waiting/"
SUMMARY: Final = SUMMARY_PATH
INVOICE: Final = INVOICE_PATH
ICONS: Final = "/b/checkout/icons/"


def address(path: str, **query: str | int | None) -> str:
    """Return a path with a query; what is None or empty is left out."""
    given = {name: value for name, value in query.items() if value}
    return f"{path}?{urlencode(given)}"
