"""Calls about saved cards, agreements and direct payments, as a merchant makes them."""

from typing import Any, Final

from tests.http.merchant import CHECKOUT, Merchant, Reply

CUSTOMER: Final = "noura-77"
VISA: Final = "4242424242424242"
MASTERCARD: Final = "5555555555554444"
AUTO_DEBIT: Final = "/b/pbl/v2/payment/auto-debit/"
APPLE_PAY: Final = "/b/pbl/v2/payment/apple-pay/"
GOOGLE_PAY: Final = "/b/pbl/v2/payment/google-pay/"
CASH: Final = "/b/pbl/v2/payment/cash/"
CARDS: Final = "/b/pbl/v2/card/"


def agreement(name: str = "coffee-club-9", **terms: object) -> dict[str, object]:
    return {
        "id": name,
        "type": "recurring",
        "amount_variability": "fixed",
        "frequency": "monthly",
        "cycle_interval_days": 28,
        "total_cycles": 12,
        "expiry_date": "31/12/2027",
        **terms,
    }


def apple_payload(data: str = "b3BhcXVl") -> dict[str, object]:
    return {
        "paymentData": {
            "version": "EC_v1",
            "data": data,
            "signature": "c2ln",
            "header": {
                "ephemeralPublicKey": "a2V5",
                "publicKeyHash": "aGFzaA==",
                "transactionId": "0c9d41e8",
            },
        },
        "paymentMethod": {"displayName": "Visa 1019", "network": "Visa", "type": "credit"},
        "transactionIdentifier": "0c9d41e8",
    }


def google_payload(token: str = "opaque-google-token") -> dict[str, object]:  # noqa: S107 - no secret
    return {
        "apiVersion": 2,
        "apiVersionMinor": 0,
        "paymentMethodData": {
            "type": "CARD",
            "description": "Visa 1019",
            "info": {"cardNetwork": "VISA", "cardDetails": "1019"},
            "tokenizationData": {"type": "PAYMENT_GATEWAY", "token": token},
        },
    }


class Charging:
    """What a merchant does with the saved cards of a customer."""

    def __init__(self, merchant: Merchant) -> None:
        self.merchant = merchant

    async def subscription(
        self, name: str = "coffee-club-9", amount: str = "4.750", **fields: object
    ) -> dict[str, Any]:
        """Make an unpaid payment of an agreement."""
        terms: dict[str, Any] = {
            "customer_id": CUSTOMER,
            "payment_type": "auto_debit",
            **fields,
        }
        terms.setdefault("agreement", agreement(name))
        return await self.merchant.checkout(amount, **terms)

    async def subscribed(
        self, name: str = "coffee-club-9", *, card: str = VISA, expiry: str = "12/30"
    ) -> str:
        """Let the customer pay for an agreement in person; return the token of the card."""
        payment = await self.subscription(name)
        paid = await self.merchant.pay(payment, card=card, card_expiry=expiry)
        assert paid.json["state"] == "paid", paid.body
        return str((await self.cards(agreement_id=name))[0]["token"])

    async def saved(self, card: str = VISA, **fields: object) -> dict[str, Any]:
        """Let the customer pay and tick that the card is to be kept; return it."""
        terms: dict[str, Any] = {"customer_id": CUSTOMER, **fields}
        payment = await self.merchant.checkout(**terms)
        paid = await self.merchant.pay(payment, card=card, save_card=True)
        assert paid.json["state"] == "paid", paid.body
        cards = await self.cards(customer_id=terms["customer_id"])
        return next(each for each in cards if each["number"][-4:] == card[-4:])

    async def cards(self, **fields: object) -> list[dict[str, Any]]:
        """List the customer's cards."""
        body = {"type": "sandbox", "customer_id": CUSTOMER, **fields}
        reply = await self.merchant.call("POST", CARDS, body)
        assert reply.status == 200, reply.body
        cards: list[dict[str, Any]] = reply.json
        return cards

    async def forget(
        self, token: str, customer: str = CUSTOMER, environment: str = "sandbox"
    ) -> Reply:
        """Forget a card."""
        path = f"{CARDS}{token}/?customer_id={customer}&type={environment}"
        return await self.merchant.call("DELETE", path)

    async def charge(self, payment: dict[str, Any], token: str, path: str = AUTO_DEBIT) -> Reply:
        """Charge a saved card without the customer."""
        body = {"session_id": payment["session_id"], "token": token}
        return await self.merchant.call("POST", path, body)

    async def pay_at_once(self, kind: str, payload: object, **fields: Any) -> Reply:  # noqa: ANN401 - any field
        """Check out with a payment instrument."""
        instrument = {"instrument_type": kind, "payload": payload}
        body = self.merchant.checkout_body(payment_instrument=instrument, **fields)
        return await self.merchant.call("POST", CHECKOUT, body)
