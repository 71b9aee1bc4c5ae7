"""Refusals of invoices, of what the wallet tells, and of reports."""

from typing import Final

from tests.fidelity.customer_cases import INVOICE
from tests.fidelity.refusals import (
    ACCOUNTS,
    ENTRIES,
    NOWHERE,
    REPORTS,
    Arrange,
    Asked,
    Refusal,
    Shop,
    get,
    post,
)
from tests.fidelity.scene import CLERK
from tests.http.platform.charging import CUSTOMER

_ISSUE: Final = "/b/invoice/v1/invoice/"


async def _issued(shop: Shop) -> Asked:
    assert (await shop.merchant.call("POST", _ISSUE, INVOICE)).status == 201
    return Asked(method="POST", path=_ISSUE, body=INVOICE)


async def _token(shop: Shop) -> str:
    await shop.merchant.clock.advance("24h")
    (report,) = (await shop.merchant.call("GET", REPORTS)).json["results"]
    return f"{REPORTS}{str(report['download_action']['url']).split('/')[-3]}/download/"


async def _report_of_another(shop: Shop) -> Asked:
    return Asked(method="GET", path=await _token(shop), by=shop.scene.seen_as(CLERK))


async def _old_report(shop: Shop) -> Asked:
    path = await _token(shop)
    await shop.merchant.clock.advance("25h")
    return Asked(method="GET", path=path)


async def _report_too_often(shop: Shop) -> Asked:
    path = await _token(shop)
    for _each in range(25):
        assert (await shop.merchant.call("GET", path)).status == 200
    return Asked(method="GET", path=path, settings={"limits": "enforce"})


def _issue(**fields: object) -> Arrange:
    return post(_ISSUE, {**INVOICE, **fields})


PAPERS: Final = (
    Refusal(
        what="an invoice twice", arrange=_issued, field="invoice_number", says="issued already"
    ),
    Refusal(
        what="a total that is none",
        arrange=_issue(total_incl_tax="7.000"),
        field="total_incl_tax",
        says="6.300",
    ),
    Refusal(
        what="two discounts",
        arrange=_issue(discount_amount="1.000", discount_percentage="5"),
        field="discount_percentage",
        says="discount",
    ),
    Refusal(
        what="an invoice that is only authorized",
        arrange=_issue(pg_codes=["mpgs-auth"]),
        field="pg_codes",
        says="only authorize",
    ),
    Refusal(
        what="an invoice of nothing",
        arrange=_issue(invoice_items=[]),
        field="invoice_items",
        says="may not be empty",
    ),
    Refusal(
        what="an invoice that only saves a card",
        arrange=_issue(payment_type="save_card", customer_id=CUSTOMER),
        field="payment_type",
        says="takes no money",
    ),
    Refusal(
        what="accounts without a service",
        arrange=post(ACCOUNTS, {"customer_id": CUSTOMER}, settings={"wallet": False}),
        status=503,
        says="no wallet service",
    ),
    Refusal(
        what="accounts of nobody",
        arrange=post(ACCOUNTS, {}),
        field="customer_id",
        says="required",
    ),
    Refusal(
        what="entries of no account",
        arrange=post(ENTRIES, {"customer_id": CUSTOMER, "currency": "SAR"}),
        says="no wallet account in SAR",
    ),
    Refusal(
        what="an unknown operation of the wallet",
        arrange=post("/b/wallet/ottu/v1/operations/", {"operation_id": 404}),
        says="no operation with this number",
    ),
    Refusal(
        what="how nothing has ended",
        arrange=get(f"/b/checkout/v1/wallet/payment-sessions/{NOWHERE}/finalization-status/"),
        status=404,
        says="session_id",
    ),
    Refusal(
        what="a page of no reports",
        arrange=get(f"{REPORTS}?limit=0"),
        field="limit",
        says="1",
    ),
    Refusal(what="a report of nonsense", arrange=get(f"{REPORTS}x/download/"), says="UUID"),
    Refusal(
        what="a report of somebody else", arrange=_report_of_another, status=403, says="who listed"
    ),
    Refusal(what="a report too late", arrange=_old_report, status=410, says="24 hours"),
    Refusal(
        what="a report too often", arrange=_report_too_often, status=429, says="25 reports an hour"
    ),
)
