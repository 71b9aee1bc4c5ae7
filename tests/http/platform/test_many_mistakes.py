"""A body with very many mistakes is answered at once, with the first hundred of them."""

import asyncio
import json

import pytest

from tests.http.merchant import CHECKOUT, Merchant


@pytest.mark.parametrize("validation", ["compatible", "strict"])
@pytest.mark.parametrize(
    "fields",
    [
        {"pg_codes": [""] * 1_000_000},
        {"pg_codes": [None] * 500_000},
        {f"u{n}": 1 for n in range(100_000)},
        {"notifications": {f"c{n}": ["x"] for n in range(100_000)}},
        {"email_recipients": ["nobody"] * 300_000},
        {"order_no": "a\0", "extra": ["\0"] * 300_000},
    ],
    ids=["blanks", "nulls", "unknown fields", "channels", "addresses", "null characters"],
)
async def test_no_body_holds_up_other_callers(
    merchant: Merchant, validation: str, fields: dict[str, object]
) -> None:
    await merchant.control("PATCH", "/settings", {"validation": validation})
    body = json.dumps({**merchant.checkout_body(), **fields}).encode()
    sent = {"Content-Type": "application/json"}

    # A limit for a body that would hold the loop up for good, not a measurement.
    async with asyncio.timeout(20):
        call = asyncio.create_task(merchant.call("POST", CHECKOUT, data=body, headers=sent))
        await merchant.control("GET", "/health")
        reply = await call

    assert reply.status < 500


async def test_a_mistake_at_the_end_of_a_long_list_is_found(merchant: Merchant) -> None:
    recipients = [*["noura@example.com"] * 2000, "nobody"]

    reply = await merchant.call(
        "POST", CHECKOUT, merchant.checkout_body(email_recipients=recipients)
    )

    assert reply.status == 400
    assert "beyond the first 1000" in str(reply.json["email_recipients"])


async def test_the_first_hundred_mistakes_are_told_and_that_there_are_more(
    merchant: Merchant,
) -> None:
    reply = await merchant.call("POST", CHECKOUT, merchant.checkout_body(pg_codes=[""] * 200))

    (request,) = (await merchant.control("GET", "/requests")).json["items"]
    assert reply.status == 400
    assert len(reply.json["pg_codes"]) == 100
    assert "more" in reply.json["non_field_errors"][0]
    assert len(request["violations"]) == 100


async def test_of_a_hundred_and_more_unknown_fields_the_first_are_findings(
    merchant: Merchant,
) -> None:
    unknown = {f"u{n}": 1 for n in range(150)}

    reply = await merchant.call("POST", CHECKOUT, {**merchant.checkout_body(), **unknown})

    assert reply.status == 201
    assert len(await merchant.findings()) == 101
