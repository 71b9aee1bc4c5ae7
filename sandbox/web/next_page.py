"""Where the payer goes after a try: back to the shop, to the summary, or on with 3-D Secure.

Source: FACTS 8.
"""

import enum
from dataclasses import dataclass
from http import HTTPStatus
from urllib.parse import urlencode

from sandbox.channels.rendering import summary_url
from sandbox.domain.deliveries import Delivery
from sandbox.domain.states import AttemptState, State
from sandbox.domain.transactions import PaymentTransaction
from sandbox.scenarios.model import Outcome


class PageKind(enum.StrEnum):
    """What sort of page comes next; none while the attempt is still to end."""

    REDIRECT = "redirect"
    SUMMARY = "summary"
    CHALLENGE = "challenge"
    NONE = "none"


@dataclass(frozen=True, kw_only=True, slots=True)
class NextPage:
    """The page that the payer sees next; `url` is None where there is none yet."""

    kind: PageKind
    url: str | None = None


def next_page(payment: PaymentTransaction, delivery: Delivery | None) -> NextPage:
    """Return the payer's next page.

    `delivery` is the webhook that decides it. Only a first try that was answered with 200 sends
    the payer to `redirect_url`; any other answer, none, or no webhook means the summary.
    """
    attempt = payment.last_attempt
    open_attempt = attempt is not None and attempt.state is AttemptState.PENDING
    if attempt is not None and open_attempt and payment.state is State.PENDING:
        if attempt.outcome == Outcome.CHALLENGE:
            return NextPage(kind=PageKind.CHALLENGE, url=payment.checkout_url)
        if attempt.outcome != Outcome.PENDING:
            return NextPage(kind=PageKind.NONE)
    if payment.terms.redirect_url and delivery is not None and _sends_back(delivery):
        url = _with_order(payment.terms.redirect_url, payment)
        return NextPage(kind=PageKind.REDIRECT, url=url)
    return NextPage(kind=PageKind.SUMMARY, url=summary_url(payment))


def _sends_back(delivery: Delivery) -> bool:
    return any(each.number == 1 and each.status_code == HTTPStatus.OK for each in delivery.tries)


def _with_order(url: str, payment: PaymentTransaction) -> str:
    """Add what names the payment to the query; what the merchant wrote there stays as it is."""
    added = {
        "order_no": payment.terms.order_no,
        "reference_number": payment.reference_number,
        "session_id": payment.session_id,
    }
    query = urlencode({name: value for name, value in added.items() if value})
    address, hash_sign, fragment = url.partition("#")
    joint = "&" if "?" in address else "?"
    return f"{address}{joint}{query}{hash_sign}{fragment}"
