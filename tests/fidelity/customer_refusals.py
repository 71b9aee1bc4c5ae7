"""Refusals of methods, cards and direct payments."""

from collections.abc import Mapping
from typing import Any, Final

from tests.fidelity.refusals import (
    NOWHERE,
    OTHER,
    Arrange,
    Asked,
    Refusal,
    Shop,
    about,
    get,
    post,
    unpaid,
)
from tests.http.platform.charging import (
    APPLE_PAY,
    AUTO_DEBIT,
    CARDS,
    CASH,
    CUSTOMER,
    GOOGLE_PAY,
    MASTERCARD,
    agreement,
    apple_payload,
    google_payload,
)

_OLDER_AUTO_DEBIT: Final = "/b/pbl/v2/auto-debit/"
_OLDER_CASH: Final = "/b/pbl/v2/cash-payment/"
_WALLET: Final = "/b/pbl/v2/payment/wallet/"
_METHODS: Final = "/b/pbl/v2/payment-methods/"


async def _canceled(shop: Shop) -> Mapping[str, Any]:
    return await shop.canceled(pg_codes=["credit-card", "cash"], customer_id=CUSTOMER)


async def _of_customer(shop: Shop) -> Mapping[str, Any]:
    return await shop.merchant.checkout(customer_id=CUSTOMER)


async def _dear(shop: Shop) -> Mapping[str, Any]:
    return await shop.merchant.checkout("30.001", customer_id=CUSTOMER)


async def _in_riyal(shop: Shop) -> Mapping[str, Any]:
    return await shop.merchant.checkout("5.00", "SAR", customer_id=CUSTOMER)


async def _with_suspended_wallet(shop: Shop) -> Mapping[str, Any]:
    await shop.fill("0.001", status="suspended")
    return await shop.merchant.checkout(customer_id=CUSTOMER)


def _charge(
    path: str = AUTO_DEBIT,
    *,
    expiry: str = "12/30",
    token: str = "",
    advance: str = "",
    **fields: Any,  # noqa: ANN401 - any field of a checkout
) -> Arrange:
    """Return a charge of the card that an agreement has, for a payment with these fields."""

    async def arrange(shop: Shop) -> Asked:
        known = await shop.charging.subscribed("tea-club-3", card=MASTERCARD, expiry=expiry)
        if advance:
            await shop.merchant.clock.advance(advance)
        payment = await shop.charging.subscription("tea-club-3", **fields)
        body = {"session_id": payment["session_id"], "token": token or known}
        return Asked(method="POST", path=path, body=body)

    return arrange


def _forget(*, locked: bool, customer: str = CUSTOMER, token: str = "") -> Arrange:
    async def arrange(shop: Shop) -> Asked:
        charging = shop.charging
        known = (
            await charging.subscribed() if locked else (await charging.saved(MASTERCARD))["token"]
        )
        path = f"{CARDS}{token or known}/?customer_id={customer}&type=sandbox"
        return Asked(method="DELETE", path=path)

    return arrange


def _by_phone(path: str, payload: object, **fields: Any) -> Arrange:  # noqa: ANN401 - any field of a checkout
    async def arrange(shop: Shop) -> Asked:
        payment = await shop.merchant.checkout(**fields)
        body = {"session_id": payment["session_id"], "payload": payload, "pg_code": "taly"}
        return Asked(method="POST", path=path, body=body)

    return arrange


CUSTOMERS: Final = (
    Refusal(
        what="methods in an unknown currency",
        arrange=post(_METHODS, {"plugin": "e_commerce", "currencies": ["KWX"]}),
        field="currencies.0",
        says="not a known currency",
    ),
    Refusal(
        what="methods of no plugin", arrange=post(_METHODS, {}), field="plugin", says="required"
    ),
    Refusal(
        what="cards of nobody",
        arrange=post(CARDS, {"type": "sandbox"}),
        field="customer_id",
        says="required",
    ),
    Refusal(
        what="cards of an unknown environment",
        arrange=get(f"{CARDS}?customer_id={CUSTOMER}&type=moon"),
        field="type",
        says="moon",
    ),
    Refusal(what="forget a locked card", arrange=_forget(locked=True), says="agreement charges it"),
    Refusal(
        what="forget another customer's card",
        arrange=_forget(locked=False, customer=OTHER),
        status=404,
        says="no saved card with this token",
    ),
    Refusal(
        what="forget an unknown card",
        arrange=_forget(locked=False, token="tok_1"),
        status=404,
        says="no saved card with this token",
    ),
    *(
        Refusal(
            what=f"charge an unknown card ({path})",
            arrange=_charge(path, token="tok_1"),
            field="token",
            says="No saved card",
        )
        for path in (AUTO_DEBIT, _OLDER_AUTO_DEBIT)
    ),
    Refusal(
        what="charge another customer's card",
        arrange=_charge(customer_id=OTHER),
        field="token",
        says="another customer",
    ),
    Refusal(
        what="charge a card that has expired",
        arrange=_charge(expiry="02/26", advance="1440h"),
        field="token",
        says="has expired",
    ),
    Refusal(
        what="charge a card that expires soon",
        arrange=_charge(expiry="02/26", advance="840h"),
        field="token",
        says="30 days",
    ),
    Refusal(
        what="charge at another gateway",
        arrange=_charge(pg_codes=["mpgs"]),
        field="token",
        says="gateway that saved the card",
    ),
    Refusal(
        what="charge for another agreement",
        arrange=_charge(agreement=agreement("milk-club-1")),
        field="token",
        says="agreement does not charge this card",
    ),
    Refusal(
        what="charge more than agreed",
        arrange=_charge(agreement=agreement("tea-club-3", max_amount_per_cycle="1.000")),
        says="max_amount_per_cycle",
    ),
    Refusal(
        what="charge after the agreement's end",
        arrange=_charge(agreement=agreement("tea-club-3", expiry_date="31/12/2025")),
        says="`expiry_date`",
    ),
    Refusal(
        what="charge for a payment of no agreement",
        arrange=_charge(payment_type="one_off", agreement=None),
        says="auto_debit",
    ),
    Refusal(
        what="charge for an unknown payment",
        arrange=post(AUTO_DEBIT, {"session_id": NOWHERE, "token": "tok_1"}),
        field="session_id",
        says="No payment",
    ),
    Refusal(
        what="pay by phone through a gateway that is not offered",
        arrange=_by_phone(APPLE_PAY, apple_payload()),
        field="pg_code",
        says="not `taly`",
    ),
    Refusal(
        what="pay by phone in a currency that the gateway lacks",
        arrange=_by_phone(
            GOOGLE_PAY, google_payload(), amount="5.00", currency="SAR", pg_codes=["taly"]
        ),
        field="pg_code",
        says="does not take SAR",
    ),
    *(
        Refusal(
            what=f"pay a canceled payment by phone ({path})",
            arrange=about(path, _canceled, {"payload": payload}),
            says="is canceled",
        )
        for path, payload in ((APPLE_PAY, apple_payload()), (GOOGLE_PAY, google_payload()))
    ),
    *(
        Refusal(what=f"cash elsewhere ({path})", arrange=about(path, unpaid), says="cash")
        for path in (CASH, _OLDER_CASH)
    ),
    Refusal(what="cash for a canceled payment", arrange=about(CASH, _canceled), says="cash"),
    Refusal(what="pay from too small a wallet", arrange=about(_WALLET, _dear), says="wallet"),
    Refusal(
        what="pay from a wallet of nobody", arrange=about(_WALLET, unpaid), says="`customer_id`"
    ),
    Refusal(what="pay from a wallet in dinars", arrange=about(_WALLET, _in_riyal), says="currency"),
    Refusal(
        what="pay from a suspended wallet",
        arrange=about(_WALLET, _with_suspended_wallet),
        says="suspended",
    ),
    Refusal(
        what="pay from the wallet of a canceled payment",
        arrange=about(_WALLET, _canceled),
        says="is canceled",
    ),
    Refusal(
        what="pay without a wallet service",
        arrange=about(_WALLET, _of_customer, settings={"wallet": False}),
        status=503,
        says="no wallet service",
    ),
)
