"""An identifier tells the workspace; only the sandbox's own header counts for more."""

from typing import Any

import pytest

from tests.http.control.caller import Control
from tests.http.merchant import Merchant

DEFAULT_KEY = {"Authorization": "Api-Key test"}


@pytest.fixture
async def payment(merchant: Merchant) -> dict[str, Any]:
    """A paid payment in workspace `w1`."""
    return await merchant.in_workspace("w1").paid()


async def test_a_payment_is_found_with_credentials_of_another_workspace(
    control: Control, payment: dict[str, Any]
) -> None:
    path = f"/transactions/{payment['session_id']}"

    found = await control.call("GET", path, headers=DEFAULT_KEY)
    triggered = await control.call(
        "POST", f"{path}/trigger", {"event": "refund"}, headers=DEFAULT_KEY
    )

    assert (found.status, triggered.status) == (200, 200)


async def test_lists_of_a_payment_are_those_of_its_workspace(
    control: Control, payment: dict[str, Any]
) -> None:
    path = f"/webhooks?session_id={payment['session_id']}"

    listed = await control.call("GET", path, headers=DEFAULT_KEY)

    assert listed.json["count"] == 1


async def test_a_delivery_is_found_with_credentials_of_another_workspace(
    control: Control, payment: dict[str, Any]
) -> None:
    listed = await control.call("GET", f"/webhooks?session_id={payment['session_id']}")
    path = f"/webhooks/{listed.json['items'][0]['id']}/resend"

    assert (await control.call("POST", path, headers=DEFAULT_KEY)).status == 200


async def test_the_header_counts_for_more(control: Control, payment: dict[str, Any]) -> None:
    problem = await control.refused(
        404,
        "GET",
        f"/transactions/{payment['session_id']}",
        headers={"X-Sandbox-Workspace": "w2"},
    )

    assert problem["hint"] == "Workspace `w1` has it."
