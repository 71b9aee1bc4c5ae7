"""A customer with a wallet, as the merchant sees it."""

from collections.abc import Mapping
from typing import Any, Final

from tests.http.merchant import Merchant, Reply

CUSTOMER: Final = "noura-77"
ACCOUNTS: Final = "/b/wallet/ottu/v1/accounts/"
ENTRIES: Final = "/b/wallet/ottu/v1/entries/"
OPERATIONS: Final = "/b/wallet/ottu/v1/operations/"
PAYMENT: Final = "/b/pbl/v2/payment/wallet/"


class Wallet:
    """The wallet of one customer, as its merchant sees it."""

    def __init__(self, merchant: Merchant, customer: str = CUSTOMER) -> None:
        self.merchant = merchant
        self.customer = customer

    async def holds(self, amount: str, currency: str = "KWD", **fields: object) -> dict[str, Any]:
        """Book an amount as staff would; return the account."""
        body = {"customer_id": self.customer, "currency": currency, "amount": amount, **fields}
        reply = await self.merchant.control("POST", "/wallets", body)
        assert reply.status == 201, reply.body
        account: dict[str, Any] = reply.json
        return account

    async def checkout(
        self, amount: str = "10.000", currency: str = "KWD", **fields: object
    ) -> dict[str, Any]:
        """Make a payment of the customer's."""
        fields = {"customer_id": self.customer, **fields}
        return await self.merchant.checkout(amount, currency, **fields)

    async def pays(self, payment: Mapping[str, Any], **fields: object) -> Reply:
        """Play the payer, who uses the wallet."""
        return await self.merchant.pay(payment, **{"use_wallet": True, **fields})

    async def pays_directly(self, payment: Mapping[str, Any], **fields: object) -> Reply:
        """Pay by the call that asks nobody else."""
        body = {"session_id": payment["session_id"], **fields}
        return await self.merchant.call("POST", PAYMENT, body)

    async def balances(self, currency: str = "KWD") -> tuple[str, str]:
        """Return balance and available balance."""
        body = {"customer_id": self.customer, "currency": currency}
        (account,) = (await self.merchant.call("POST", ACCOUNTS, body)).json["results"]
        return account["balance"], account["available_balance"]

    async def entries(self, **fields: object) -> Reply:
        """List bookings, newest first."""
        body = {"customer_id": self.customer, "currency": "KWD", **fields}
        return await self.merchant.call("POST", ENTRIES, body)

    async def booked(self, **fields: object) -> list[tuple[str, str, str]]:
        """Return type, amount and status of bookings, oldest first."""
        results = (await self.entries(**fields)).json["results"]
        return [(each["entry_type"], each["amount"], each["status"]) for each in results[::-1]]

    async def refund(
        self, payment: Mapping[str, Any], amount: str | None = None, *, key: str = ""
    ) -> Reply:
        """Refund to the wallet."""
        fields = {} if amount is None else {"amount": amount}
        return await self.merchant.operate(
            payment, "refund", key=key, destination="wallet", **fields
        )
