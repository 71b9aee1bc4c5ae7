"""The wallet's own calls: what is in it, how that came about, and how payments ended."""

from typing import Any

import pytest

from tests.http.merchant import Merchant, StoppedClock
from tests.http.platform.wallet_owner import ACCOUNTS, CUSTOMER, ENTRIES, OPERATIONS, Wallet


@pytest.fixture
def wallet(merchant: Merchant) -> Wallet:
    return Wallet(merchant)


async def test_staff_book_in_and_out_and_never_below_nothing(
    merchant: Merchant, wallet: Wallet
) -> None:
    account = await wallet.holds("30")
    less = await wallet.holds("12.500", direction="debit")
    body = {"customer_id": CUSTOMER, "currency": "KWD", "amount": "17.501", "direction": "debit"}

    refused = await merchant.control("POST", "/wallets", body)

    assert (account["balance"], less["balance"]) == ("30.000", "17.500")
    assert (refused.status, refused.json["pointer"]) == (400, "/amount")
    assert await wallet.booked() == [
        ("credit_adjustment", "30.000", "completed"),
        ("debit_adjustment", "12.500", "completed"),
    ]


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"customer_id": None}, "/customer_id"),
        ({"currency": "KWT"}, "/currency"),
        ({"amount": "-1"}, "/amount"),
        ({"amount": "0"}, "/amount"),
        ({"amount": "1.0001"}, "/amount"),
        ({"status": "open"}, "/status"),
        ({"direction": "in"}, "/direction"),
        ({"status": "closed"}, "/amount"),
    ],
)
async def test_a_wrong_booking_is_refused_and_opens_no_account(
    merchant: Merchant, change: dict[str, object], pointer: str
) -> None:
    body = {"customer_id": CUSTOMER, "currency": "KWD", "amount": "1", **change}

    refused = await merchant.control("POST", "/wallets", body)

    assert (refused.status, refused.json["pointer"]) == (400, pointer)
    accounts = await merchant.call("POST", ACCOUNTS, {"customer_id": CUSTOMER})
    assert accounts.json == {"count": 0, "next": None, "previous": None, "results": []}


async def test_accounts_are_listed_by_currency_and_status(
    merchant: Merchant, wallet: Wallet
) -> None:
    for currency, amount in (("KWD", "1"), ("SAR", "2"), ("USD", "3")):
        await wallet.holds(amount, currency)
    await Wallet(merchant, "somebody-else").holds("9")
    await merchant.control(
        "POST", "/wallets", {"customer_id": CUSTOMER, "currency": "SAR", "status": "suspended"}
    )

    async def listed(**fields: object) -> list[tuple[str, str]]:
        reply = await merchant.call("POST", ACCOUNTS, {"customer_id": CUSTOMER, **fields})
        return [(each["currency"], each["balance"]) for each in reply.json["results"]]

    assert await listed() == [("KWD", "1.000"), ("SAR", "2.00"), ("USD", "3.00")]
    assert await listed(currency="USD") == [("USD", "3.00")]
    assert await listed(status="active") == [("KWD", "1.000"), ("USD", "3.00")]
    assert await listed(status="suspended") == [("SAR", "2.00")]


async def test_bookings_are_filtered(wallet: Wallet, clock: StoppedClock) -> None:
    await wallet.holds("30.000")
    await clock.advance("24h")
    payment = await wallet.checkout("10.000", pg_codes=["knet"])
    await wallet.pays(payment)

    async def count(**fields: object) -> int:
        counted: int = (await wallet.entries(**fields)).json["count"]
        return counted

    assert await count() == 4
    assert await count(entry_type="debit_payment") == 1
    assert await count(direction="credit") == 2
    assert await count(status="failed") == 0
    assert await count(session_id=payment["session_id"]) == 3
    assert await count(pg_code="knet") == 3
    assert (await count(provider="wallet_ottu"), await count(provider="other")) == (4, 0)
    assert await count(date_from="2026-01-02") == 3
    assert await count(date_to="2026-01-01") == 1
    assert await count(date_from="2026-01-02", date_to="2026-01-01") == 0


async def test_pages_stay_where_they_are_while_bookings_come_in(wallet: Wallet) -> None:
    for amount in range(1, 8):
        await wallet.holds(str(amount))

    async def page(pagination: object) -> tuple[list[str], dict[str, Any]]:
        reply = await wallet.entries(pagination=pagination)
        answer: dict[str, Any] = reply.json
        return [each["amount"][0] for each in answer["results"]], answer

    newest, first = await page({"per_page": 3})
    await wallet.holds("8")
    middle, second = await page(first["next"])
    await wallet.holds("9")
    oldest, third = await page(second["next"])
    back, _ = await page(third["previous"])
    front, again = await page({**second["previous"], "per_page": 50})

    assert (newest, middle, oldest) == (["7", "6", "5"], ["4", "3", "2"], ["1"])
    assert (first["previous"], third["next"], again["previous"]) == (None, None, None)
    assert (first["count"], third["count"]) == (3, 1)
    assert back == middle
    assert front == ["9", "8", "7", "6", "5"]


@pytest.mark.parametrize(
    ("pagination", "field"),
    [
        ({"cursor": 99}, "cursor"),
        ({"cursor": -1}, "cursor"),
        ({"cursor": "x"}, "cursor"),
        ({"per_page": 51}, "per_page"),
        ({"per_page": 0}, "per_page"),
        ({"direction": "up"}, "direction"),
    ],
)
async def test_a_wrong_place_in_a_list_is_a_field_error(
    merchant: Merchant, wallet: Wallet, pagination: dict[str, object], field: str
) -> None:
    await wallet.holds("1")

    entries = await wallet.entries(pagination=pagination)
    accounts = await merchant.call(
        "POST", ACCOUNTS, {"customer_id": CUSTOMER, "pagination": pagination}
    )

    assert (entries.status, list(entries.json["pagination"])) == (400, [field])
    assert (accounts.status, list(accounts.json["pagination"])) == (400, [field])


async def test_a_list_can_be_asked_for_by_a_form(merchant: Merchant, wallet: Wallet) -> None:
    for amount in ("1", "2", "3"):
        await wallet.holds(amount)

    reply = await merchant.call(
        "POST",
        ENTRIES,
        data=f"customer_id={CUSTOMER}&currency=KWD&pagination.per_page=2".encode(),
        headers={"Content-Type": "application/x-www-form-urlencoded"},
    )

    assert (reply.status, reply.json["count"]) == (200, 2)


async def test_an_unknown_operation_or_account_is_told(merchant: Merchant, wallet: Wallet) -> None:
    operation = await merchant.call("POST", OPERATIONS, {"operation_id": 1})
    entries = await wallet.entries()

    assert (operation.status, list(operation.json)) == (400, ["detail"])
    assert (entries.status, list(entries.json)) == (400, ["detail"])


async def test_without_a_wallet_service_the_wallet_s_calls_are_unavailable(
    merchant: Merchant, wallet: Wallet
) -> None:
    await wallet.holds("30.000")
    payment = await wallet.checkout("10.000")
    session_id = payment["session_id"]
    await merchant.control("PATCH", "/settings", {"wallet": False})

    answers = [
        await merchant.call("POST", ACCOUNTS, {"customer_id": CUSTOMER}),
        await wallet.entries(),
        await merchant.call("POST", OPERATIONS, {"operation_id": 1}),
        await merchant.call("GET", status_path(session_id)),
        await wallet.pays_directly(payment),
    ]

    assert [each.status for each in answers] == [503] * 5
    assert all(list(each.json) == ["detail"] for each in answers)
    assert (await wallet.pays(payment)).status == 400


def status_path(session_id: str) -> str:
    return f"/b/checkout/v1/wallet/payment-sessions/{session_id}/finalization-status/"


@pytest.mark.parametrize(
    ("outcome", "operation", "status"),
    [
        ("pending", "", "PENDING"),
        ("failed", "", "PENDING"),
        ("success", "", "SUCCEEDED"),
        ("success", "refund", "SUCCEEDED"),
        ("authorized", "", "SUCCEEDED"),
        ("cod", "", "SUCCEEDED"),
        ("pending", "expire", "FAILED"),
        ("pending", "cancel", "CANCELLED"),
        ("authorized", "void", "CANCELLED"),
    ],
)
async def test_the_wallet_is_told_how_a_payment_ended(
    merchant: Merchant, clock: StoppedClock, outcome: str, operation: str, status: str
) -> None:
    payment = await merchant.checkout(pg_codes=["credit-card"])
    await clock.advance("1h")
    await merchant.pay(payment, outcome=outcome)
    if operation:
        assert (await merchant.operate(payment, operation)).status == 200
    await clock.advance("1h")

    answer = await merchant.call("GET", status_path(payment["session_id"]))

    assert answer.json == {
        "status": status,
        "payment_transaction_id": payment["session_id"],
        "last_updated_at": "2026-01-01T01:00:00Z",
        "source": "inquiry",
    }


async def test_of_an_unknown_or_deleted_payment_no_end_is_told(merchant: Merchant) -> None:
    deleted = await merchant.paid()
    await merchant.operate(deleted, "delete")

    unknown = await merchant.call("GET", status_path("0" * 40))
    gone = await merchant.call("GET", status_path(deleted["session_id"]))

    assert (unknown.status, gone.status) == (404, 404)
    assert list(unknown.json) == ["detail"]


async def test_the_end_of_a_refund_is_told_by_its_own_session(merchant: Merchant) -> None:
    payment = await merchant.paid(order_no="SBX-REFUND-QUEUED-2")
    child = (await merchant.refund(payment)).json["txn"]["session_id"]

    answer = await merchant.call("GET", status_path(child))

    assert (answer.json["status"], answer.json["payment_transaction_id"]) == ("PENDING", child)


async def test_wallets_of_two_workspaces_never_meet(merchant: Merchant, wallet: Wallet) -> None:
    elsewhere = Wallet(merchant.in_workspace("w2"))
    await elsewhere.holds("5")

    await wallet.holds("7")

    assert await elsewhere.balances() == ("5.000", "5.000")
    assert await wallet.balances() == ("7.000", "7.000")
