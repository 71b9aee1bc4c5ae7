"""Memory stays bounded whatever merchants send along with their payments."""

from tests.http.merchant import Merchant


async def test_messages_of_large_payments_count_with_what_they_hold(merchant: Merchant) -> None:
    large = {"note": "x" * 4_500_000}
    for _ in range(20):
        await merchant.checkout(
            customer_phone="+96550000000", notifications={"sms": ["created"]}, extra=large
        )

    await merchant.control("POST", "/settle")

    # Twenty such payments are 90 MB, and messages may be 64 MB.
    assert (await merchant.control("GET", "/health")).json["dropped"]["messages"] > 0
