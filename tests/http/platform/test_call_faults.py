"""Faults that a scenario puts on calls: who meets them, and what the journal says afterwards."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import aiohttp
import pytest

from sandbox.contract.checking import Contract
from sandbox.domain.clock import Clock
from sandbox.server import running
from sandbox.settings import ServerSettings
from tests.http.contract_watch import ContractWatch
from tests.http.merchant import CHECKOUT, Merchant


async def put(merchant: Merchant, **fault: object) -> Mapping[str, str]:
    """Put a scenario with one fault; return the header that asks for it."""
    scenario = {"scenario": "faulty", "api": [{"operation": "*", "times": 1, **fault}]}
    reply = await merchant.control("PUT", "/scenarios/faulty", scenario)
    assert reply.status == 201, reply.body
    return {"X-Sandbox-Scenario": "faulty"}


async def requests(merchant: Merchant) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = (await merchant.control("GET", "/requests")).json["items"]
    return items


async def test_a_status_after_the_effect_is_met_by_a_refused_call_too(merchant: Merchant) -> None:
    asked = await put(merchant, fault={"status": 503}, effect="after")

    refused = await merchant.call("POST", CHECKOUT, {"type": "auction"}, headers=asked)
    made = await merchant.call("POST", CHECKOUT, merchant.checkout_body(), headers=asked)

    assert (refused.status, made.status) == (503, 201)


@pytest.mark.parametrize("effect", ["before", "after"])
@pytest.mark.parametrize("kind", ["reset", "empty", "garbage"])
async def test_a_broken_connection_stands_in_the_journal_without_an_answer(
    merchant: Merchant, kind: str, effect: str
) -> None:
    asked = await put(merchant, fault=kind, effect=effect)

    with pytest.raises(aiohttp.ClientError):
        await merchant.call("POST", CHECKOUT, merchant.checkout_body(), headers=asked)

    (request,) = await requests(merchant)
    assert request["status"] == 0
    assert request["response"] == {"headers": {}, "body": ""}
    transactions = (await merchant.control("GET", "/transactions")).json
    assert transactions["count"] == (1 if effect == "after" else 0)


async def test_an_update_of_gateways_meets_the_fault_of_its_own_payment(
    merchant: Merchant,
) -> None:
    await merchant.control(
        "PUT",
        "/scenarios/second",
        {"scenario": "second", "api": [{"operation": "*", "skip": 1, "fault": {"status": 503}}]},
    )
    reply = await merchant.call(
        "POST",
        CHECKOUT,
        merchant.checkout_body(),
        headers={"X-Sandbox-Scenario": "second"},
    )

    changed = await merchant.call(
        "PATCH", f"{CHECKOUT}{reply.json['session_id']}/", {"pg_codes": ["knet"]}
    )

    assert (reply.status, changed.status) == (201, 503)


async def test_a_call_that_a_fault_held_up_happens_when_it_was_let_go(
    session: aiohttp.ClientSession, contract: Contract
) -> None:
    async with running(ServerSettings(port=0, seed=1, clock=Clock())) as server:
        merchant = Merchant(session, server.url, ContractWatch(contract))
        asked = await put(merchant, fault={"status": 503, "after": "300ms"}, effect="after")
        began = datetime.now(UTC)

        await merchant.call("POST", CHECKOUT, merchant.checkout_body(), headers=asked)

        (payment,) = (await merchant.control("GET", "/transactions")).json["items"]
        timeline = (await merchant.transaction(payment))["timeline"]
        made = datetime.fromisoformat(timeline[0]["at"])
        assert made >= began + timedelta(milliseconds=290)
