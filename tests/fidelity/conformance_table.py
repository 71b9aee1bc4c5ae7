"""Every call and every status that the document gives it, with what provokes that answer.

`python -m tests.fidelity.conformance_table` writes the table into docs/fidelity.md anew.
"""

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from tests.fidelity import customer_cases as customer
from tests.fidelity import payment_cases as payment
from tests.fidelity.causes import (
    EMPTY,
    GENERIC,
    GUEST_CALLS,
    MISSPELT,
    NOBODY,
    PLAYED,
    TOO_LARGE,
    WRONG_METHOD,
    WRONG_TYPE,
    Cause,
    How,
)

PAGE: Final = Path(__file__).parents[2] / "docs" / "fidelity.md"
TITLE: Final = "## Every call and every documented status"
TEST: Final = "tests/fidelity/test_conformance.py::test_a_documented_status_is_answered"

_ONE: Final = "/b/checkout/v1/pymt-txn/{session_id}/"
_DOWNLOAD: Final = "GET /b/api/v1/reports/files/{token}/download/"
_PAY: Final = "POST /b/pbl/v2/payment"
_WALLET: Final = "POST /b/wallet/ottu/v1"

# What only one call does: its success first, then refusals of its own.
OWN: Final[Mapping[str, Mapping[int, How]]] = {
    "POST /b/checkout/v1/pymt-txn/": {
        201: payment.checkout,
        503: payment.checkout_without_wallet,
    },
    f"GET {_ONE}": {200: payment.of_a_payment, 404: payment.unknown_payment},
    f"PUT {_ONE}": {
        200: payment.replace,
        400: payment.replace_paid,
        404: payment.replace_unknown,
    },
    f"PATCH {_ONE}": {
        200: payment.modify,
        400: payment.modify_paid,
        404: payment.unknown_payment,
    },
    "POST /b/checkout/v1/upload-attachment/": {
        200: payment.upload,
        400: payment.upload_program,
        413: payment.upload_large,
    },
    "POST /b/checkout/api/sdk/v1/pre-payment-option-check/{session_id}/": {
        200: payment.pay_later,
        400: payment.pay_later_elsewhere,
        404: payment.pay_later_unknown,
    },
    "POST /b/pbl/v2/message-notification/": {200: payment.resend},
    "POST /b/pbl/v2/send-notification/": {
        200: payment.notify,
        400: payment.notify_unknown_template,
    },
    "POST /b/pbl/v2/notifications/send/{channel}/": {
        200: payment.notify,
        400: payment.notify_unknown_template,
    },
    "POST /b/pbl/v2/operation/": {200: payment.refund, 400: payment.refund_unpaid},
    "POST /b/pbl/v2/inquiry/": {
        200: payment.inquire,
        400: payment.inquire_untried,
        404: payment.unknown_payment_in_body,
        429: payment.inquire_early,
    },
    "POST /b/pbl/v2/payment-methods/": {200: customer.methods},
    "GET /b/pbl/v2/card/": {200: customer.cards_by_query, 400: customer.cards_of_nobody},
    "POST /b/pbl/v2/card/": {200: customer.cards_by_body},
    "DELETE /b/pbl/v2/card/{token}/": {
        204: customer.forget,
        400: customer.forget_locked,
        404: customer.forget_unknown,
    },
    f"{_PAY}/auto-debit/": {200: customer.charge, 400: customer.charge_unknown},
    "POST /b/pbl/v2/auto-debit/": {200: customer.charge, 400: customer.charge_unknown},
    f"{_PAY}/cash/": {200: customer.cash, 400: customer.cash_elsewhere},
    "POST /b/pbl/v2/cash-payment/": {200: customer.cash, 400: customer.cash_elsewhere},
    f"{_PAY}/apple-pay/": {200: customer.apple, 400: customer.apple_declined},
    f"{_PAY}/google-pay/": {200: customer.google, 400: customer.google_declined},
    f"{_PAY}/wallet/": {
        200: customer.wallet_pays,
        400: customer.wallet_is_empty,
        503: customer.without_wallet,
    },
    "POST /b/invoice/v1/invoice/": {201: customer.invoice, 400: customer.invoice_twice},
    f"{_WALLET}/accounts/": {200: customer.accounts, 503: customer.without_wallet},
    f"{_WALLET}/entries/": {
        200: customer.entries,
        400: customer.entries_elsewhere,
        503: customer.without_wallet,
    },
    f"{_WALLET}/operations/": {
        200: customer.wallet_operation,
        400: customer.unknown_wallet_operation,
        503: customer.without_wallet,
    },
    "GET /b/checkout/v1/wallet/payment-sessions/{session_id}/finalization-status/": {
        200: payment.of_a_payment,
        404: payment.unknown_payment,
        503: customer.without_wallet,
    },
    "GET /b/api/v1/reports/files/": {
        200: customer.reports,
        400: customer.reports_by_wrong_limit,
    },
    _DOWNLOAD: {
        200: customer.download,
        400: customer.download_nonsense,
        403: customer.download_of_another,
        404: customer.download_unknown,
        410: customer.download_late,
        429: customer.download_often,
    },
}
# What every call has in common.
EVERYWHERE: Final[Mapping[int, Cause]] = {
    401: NOBODY,
    403: PLAYED,
    404: MISSPELT,
    405: WRONG_METHOD,
    413: TOO_LARGE,
    415: PLAYED,
    429: PLAYED,
    503: PLAYED,
}
# Calls with a body, and calls that need a permission.
WITH_BODY: Final = frozenset(key for key in OWN if key.startswith(("POST", "PUT", "PATCH")))
GUARDED: Final = (
    "POST /b/pbl/v2/operation/",
    "POST /b/pbl/v2/inquiry/",
    "GET /b/api/v1/reports/files/",
)
# Of these nothing is refused but what is missing or malformed.
ONLY_FIELDS: Final = (
    *("POST /b/checkout/v1/pymt-txn/", "POST /b/pbl/v2/message-notification/"),
    *("POST /b/pbl/v2/payment-methods/", "POST /b/pbl/v2/card/", f"{_WALLET}/accounts/"),
)


def _own_causes() -> dict[tuple[str, int], Cause]:
    return {
        (key, status): Cause(word="own", says=(how.__doc__ or "").strip(), provoke=how)
        for key, cases in OWN.items()
        for status, how in cases.items()
    }


TABLE: Final[Mapping[tuple[str, int], Cause]] = {
    **{(key, status): cause for key in OWN for status, cause in EVERYWHERE.items()},
    **{(key, 415): WRONG_TYPE for key in WITH_BODY},
    **{(key, 403): GUEST_CALLS for key in GUARDED},
    **{(key, 400): EMPTY for key in ONLY_FIELDS},
    ("POST /b/checkout/v1/pymt-txn/", 423): PLAYED,
    (_DOWNLOAD, 302): PLAYED,
    **_own_causes(),
}
_NONE: Final = "-"
_COLUMNS: Final = (400, 401, 403, 404, 405, 413, 415, 429, 503)


def section() -> str:
    """Return the section of docs/fidelity.md, from its title to its last line."""
    words = [
        f"| {cause.word} | {cause.says} |"
        for cause in (
            Cause(word="own", says="A case of this call alone; see below.", provoke=PLAYED.provoke),
            *GENERIC,
        )
    ]
    own = [
        f"| `{key}` | {status} | {cause.says} |"
        for (key, status), cause in sorted(_own_causes().items(), key=_in_order)
    ]
    return "\n".join(
        (
            TITLE,
            "",
            "Each cell is a test, which gets this answer from a running sandbox and holds its body to the document:",
            f"`{TEST}`",
            "with call and status in brackets, as in `[POST /b/pbl/v2/operation/ 403]`. The words say what provokes",
            f"the answer; `{_NONE}` stands where the document has no such answer. Another test compares the table with",
            "the document. `python -m tests.fidelity.conformance_table` writes this section.",
            "",
            f"| call | success | {' | '.join(map(str, _COLUMNS))} | others |",
            f"|{'---|' * (len(_COLUMNS) + 3)}",
            *(_row(key) for key in OWN),
            "",
            "| word | what happens |",
            "|---|---|",
            *words,
            "",
            "| call | status | its own case |",
            "|---|---|---|",
            *own,
            "",
        )
    )


def _row(key: str) -> str:
    causes = {status: cause for (of, status), cause in TABLE.items() if of == key}
    success = next(iter(OWN[key]))
    cells = [causes[status].word if status in causes else _NONE for status in _COLUMNS]
    rest = sorted(set(causes) - {success, *_COLUMNS})
    others = ", ".join(f"{status}: {causes[status].word}" for status in rest) or _NONE
    return f"| `{key}` | {success} | {' | '.join(cells)} | {others} |"


def _in_order(item: tuple[tuple[str, int], Cause]) -> tuple[int, int]:
    (key, status), _ = item
    return list(OWN).index(key), status


def written(page: str) -> str:
    """Return the section as a page has it; empty if it has none."""
    _, title, rest = page.partition(f"{TITLE}\n")
    return title and title + rest.partition("\n## ")[0].rstrip("\n") + "\n"


def main() -> None:
    """Write the section into docs/fidelity.md, in its place or at the end."""
    page = PAGE.read_text(encoding="utf-8")
    old = written(page)
    new = page.replace(old, section()) if old else f"{page.rstrip()}\n\n{section()}"
    PAGE.write_text(new, encoding="utf-8")
    sys.stdout.write(f"{len(TABLE)} answers of {len(OWN)} calls are in {PAGE.name}.\n")


if __name__ == "__main__":
    main()
