"""Cases of single calls about methods, cards, wallets, invoices and reports."""

from collections.abc import Mapping
from typing import Any, Final

from tests.fidelity.scene import CLERK, Scene
from tests.http.merchant import Reply
from tests.http.platform.charging import (
    CUSTOMER,
    Charging,
    apple_payload,
    google_payload,
)

OF_CUSTOMER: Final = f"?customer_id={CUSTOMER}&type=sandbox"
INVOICE: Final[Mapping[str, Any]] = {
    "type": "payment_request",
    "currency_code": "KWD",
    "pg_codes": ["knet"],
    "due_date": "2026-01-31",
    "invoice_number": "BAZAAR-INV-31",
    "invoice_items": [
        {
            "sku": "DATE-500",
            "description": "Dates, 500 g",
            "quantity": "2",
            "unit_price": "3.000",
            "tax_rate": "5",
            "currency_code": "KWD",
        }
    ],
}


async def methods(scene: Scene, _: int) -> Reply:
    """The gateways of the account are listed."""
    return await scene.call({"plugin": "e_commerce", "currencies": ["KWD"]})


async def cards_by_query(scene: Scene, _: int) -> Reply:
    """A customer has saved a card."""
    await Charging(scene.merchant).saved()
    return await scene.call(query=OF_CUSTOMER)


async def cards_of_nobody(scene: Scene, _: int) -> Reply:
    """The query does not say whose cards are meant."""
    return await scene.call()


async def cards_by_body(scene: Scene, _: int) -> Reply:
    """A customer has saved a card."""
    await Charging(scene.merchant).saved()
    return await scene.call({"customer_id": CUSTOMER, "type": "sandbox"})


async def forget(scene: Scene, _: int) -> Reply:
    """A saved card is forgotten."""
    card = await Charging(scene.merchant).saved()
    return await scene.call(query=OF_CUSTOMER, token=card["token"])


async def forget_locked(scene: Scene, _: int) -> Reply:
    """An agreement charges the card, so it is locked."""
    token = await Charging(scene.merchant).subscribed()
    return await scene.call(query=OF_CUSTOMER, token=token)


async def forget_unknown(scene: Scene, _: int) -> Reply:
    """The customer has no card with this token."""
    return await scene.call(query=OF_CUSTOMER)


async def charge(scene: Scene, _: int) -> Reply:
    """The card of an agreement is charged."""
    charging = Charging(scene.merchant)
    token = await charging.subscribed()
    payment = await charging.subscription()
    return await scene.call({"session_id": payment["session_id"], "token": token})


async def charge_unknown(scene: Scene, _: int) -> Reply:
    """No saved card has this token."""
    payment = await Charging(scene.merchant).subscription()
    return await scene.call({"session_id": payment["session_id"], "token": "tok_7f31c9a2"})


async def cash(scene: Scene, _: int) -> Reply:
    """The cash for a payment has been received."""
    payment = await scene.merchant.checkout(pg_codes=["cash"])
    return await scene.call({"session_id": payment["session_id"]})


async def cash_elsewhere(scene: Scene, _: int) -> Reply:
    """The payment cannot be paid in cash."""
    payment = await scene.merchant.checkout()
    return await scene.call({"session_id": payment["session_id"]})


async def apple(scene: Scene, _: int) -> Reply:
    """A phone's wallet pays."""
    return await _by_phone(scene, "apple-pay", apple_payload())


async def apple_declined(scene: Scene, _: int) -> Reply:
    """The token asks to be declined."""
    return await _by_phone(scene, "apple-pay", apple_payload("decline"))


async def google(scene: Scene, _: int) -> Reply:
    """A phone's wallet pays."""
    return await _by_phone(scene, "google-pay", google_payload())


async def google_declined(scene: Scene, _: int) -> Reply:
    """The token asks to be declined."""
    return await _by_phone(scene, "google-pay", google_payload("decline"))


async def _by_phone(scene: Scene, code: str, payload: dict[str, object]) -> Reply:
    payment = await scene.merchant.checkout(pg_codes=[code])
    return await scene.call({"session_id": payment["session_id"], "payload": payload})


async def wallet_pays(scene: Scene, _: int) -> Reply:
    """The customer's wallet pays the whole."""
    await _fill(scene)
    return await wallet_is_empty(scene, _)


async def wallet_is_empty(scene: Scene, _: int) -> Reply:
    """The customer has no money in a wallet."""
    payment = await scene.merchant.checkout(customer_id=CUSTOMER)
    return await scene.call({"session_id": payment["session_id"]})


async def invoice(scene: Scene, _: int) -> Reply:
    """An invoice is issued."""
    return await scene.call(INVOICE)


async def invoice_twice(scene: Scene, _: int) -> Reply:
    """The number has been used already."""
    await scene.call(INVOICE)
    return await scene.call(INVOICE)


async def accounts(scene: Scene, _: int) -> Reply:
    """The customer has an account."""
    await _fill(scene)
    return await scene.call({"customer_id": CUSTOMER})


async def entries(scene: Scene, _: int) -> Reply:
    """The customer's account has a booking."""
    await _fill(scene)
    return await scene.call({"customer_id": CUSTOMER, "currency": "KWD"})


async def entries_elsewhere(scene: Scene, _: int) -> Reply:
    """The customer has no account in this currency."""
    await _fill(scene)
    return await scene.call({"customer_id": CUSTOMER, "currency": "SAR"})


async def wallet_operation(scene: Scene, _: int) -> Reply:
    """The wallet has booked something."""
    await _fill(scene)
    return await scene.call({"operation_id": 1})


async def unknown_wallet_operation(scene: Scene, _: int) -> Reply:
    """The wallet has no operation with this number."""
    await _fill(scene)
    return await scene.call({"operation_id": 404})


async def without_wallet(scene: Scene, _: int) -> Reply:
    """The merchant has no wallet service."""
    payment = await scene.merchant.checkout(customer_id=CUSTOMER)
    await scene.settings(wallet=False)
    own: dict[str, dict[str, object]] = {
        "wallet_native_payment": {"session_id": payment["session_id"]},
        "wallet_accounts": {"customer_id": CUSTOMER},
        "wallet_entries": {"customer_id": CUSTOMER, "currency": "KWD"},
        "wallet_operation_details": {"operation_id": 1},
    }
    body = own.get(scene.operation.operation_id)
    return await scene.call(body, session_id=payment["session_id"])


async def _fill(scene: Scene) -> None:
    body = {"customer_id": CUSTOMER, "currency": "KWD", "amount": "30.000"}
    reply = await scene.merchant.control("POST", "/wallets", body)
    assert reply.status == 201, reply.body


async def reports(scene: Scene, _: int) -> Reply:
    """A day with payments has ended."""
    await scene.merchant.paid()
    await scene.merchant.clock.advance("24h")
    return await scene.call()


async def reports_by_wrong_limit(scene: Scene, _: int) -> Reply:
    """A page of no report is asked for."""
    return await scene.call(query="?limit=0")


async def download(scene: Scene, _: int) -> Reply:
    """The list has given a token."""
    return await scene.call(token=await _report_token(scene))


async def download_nonsense(scene: Scene, _: int) -> Reply:
    """The token is no token at all."""
    return await scene.call(token="nonsense")


async def download_of_another(scene: Scene, _: int) -> Reply:
    """The token was given to somebody else."""
    token = await _report_token(scene)
    return await scene.seen_as(CLERK).call("GET", scene.address(token=token))


async def download_unknown(scene: Scene, _: int) -> Reply:
    """No report has this token."""
    return await scene.call()


async def download_late(scene: Scene, _: int) -> Reply:
    """The token is older than 24 hours."""
    token = await _report_token(scene)
    await scene.merchant.clock.advance("25h")
    return await scene.call(token=token)


async def download_often(scene: Scene, _: int) -> Reply:
    """It is the 26th download within an hour, and limits are enforced."""
    await scene.settings(limits="enforce")
    token = await _report_token(scene)
    for _each in range(25):
        assert (await scene.call(token=token)).status == 200
    return await scene.call(token=token)


async def _report_token(scene: Scene) -> str:
    await scene.merchant.paid()
    await scene.merchant.clock.advance("24h")
    (report,) = (await scene.merchant.call("GET", "/b/api/v1/reports/files/")).json["results"]
    return str(report["download_action"]["url"]).split("/")[-3]
