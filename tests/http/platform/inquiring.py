"""A merchant who asks how payments ended, and payments to ask about."""

from collections.abc import Mapping
from typing import Any, Final

from tests.http.merchant import Merchant, Reply

INQUIRY: Final = "/b/pbl/v2/inquiry/"


async def inquire(merchant: Merchant, payment: Mapping[str, Any], **fields: object) -> Reply:
    return await merchant.call("POST", INQUIRY, {"session_id": payment["session_id"], **fields})


async def checkout_playing(merchant: Merchant, scenario: str, **fields: Any) -> dict[str, Any]:  # noqa: ANN401 - any field of a checkout
    """Make a payment whose fate a scenario of this text decides."""
    reply = await merchant.control(
        "PUT",
        "/scenarios/story",
        data=f"scenario: story\n{scenario}".encode(),
        content_type="application/yaml",
    )
    assert reply.status in (200, 201), reply.body
    return await merchant.checkout(extra={"sandbox_scenario": "story"}, **fields)


async def pending(merchant: Merchant, inquiry: str = "", **fields: Any) -> dict[str, Any]:  # noqa: ANN401 - any field of a checkout
    """Make a payment that its gateway leaves open, and that says this when it is asked."""
    found = f"inquiry: {inquiry}\n" if inquiry else ""
    story = f"payment: [{{outcome: pending}}]\n{found}"
    payment = await checkout_playing(merchant, story, **fields)
    assert (await merchant.pay(payment)).json["state"] == "pending"
    return payment


async def inquiries_of(merchant: Merchant, payment: Mapping[str, Any]) -> list[dict[str, Any]]:
    timeline = (await merchant.transaction(payment))["timeline"]
    return [each for each in timeline if each["kind"] == "inquiry"]
