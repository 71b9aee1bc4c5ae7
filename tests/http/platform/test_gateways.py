"""What differs from gateway to gateway: what each reports, and its own words when it refuses."""

from collections.abc import Mapping
from typing import Any

import pytest

from tests.http.merchant import Merchant, Reply, StoppedClock
from tests.http.receiver import Receiver


async def paid_playing(merchant: Merchant, scenario: str, **fields: Any) -> dict[str, Any]:  # noqa: ANN401 - any field of a checkout
    """Make a paid payment whose further fate a scenario of this text decides."""
    reply = await merchant.control(
        "PUT",
        "/scenarios/story",
        data=f"scenario: story\n{scenario}".encode(),
        content_type="application/yaml",
    )
    assert reply.status in (200, 201), reply.body
    return await merchant.paid(extra={"sandbox_scenario": "story"}, **fields)


async def refunded_at_the_gateway(merchant: Merchant, payment: Mapping[str, Any]) -> Reply:
    path = f"/transactions/{payment['session_id']}/trigger"
    return await merchant.control("POST", path, {"event": "refund", "amount": "4.000"})


async def test_a_refund_made_at_a_gateway_that_does_not_report_is_kept_with_a_finding(
    merchant: Merchant,
) -> None:
    payment = await merchant.paid(pg_codes=["knet"])

    assert (await refunded_at_the_gateway(merchant, payment)).status == 200

    assert await merchant.children_of(payment) == [("refunded", "4.000")]
    assert "gateway_does_not_report" in await merchant.findings()


async def test_a_scenario_may_refund_there_too_and_leaves_the_same_finding(
    merchant: Merchant, clock: StoppedClock
) -> None:
    payment = await paid_playing(
        merchant,
        "timeline: [{on: paid, after: 1m, do: refund, source: pg}]\n",
        pg_codes=["knet"],
    )

    await clock.advance("1m")

    assert await merchant.children_of(payment) == [("refunded", "10.000")]
    assert "gateway_does_not_report" in await merchant.findings()


async def test_a_merchants_own_refund_there_is_nothing_to_remark_on(merchant: Merchant) -> None:
    payment = await merchant.paid(pg_codes=["knet"])

    assert (await merchant.refund(payment)).status == 200

    assert "gateway_does_not_report" not in await merchant.findings()


async def test_a_gateway_that_reports_refunds_without_a_finding(merchant: Merchant) -> None:
    payment = await merchant.paid()

    assert (await refunded_at_the_gateway(merchant, payment)).status == 200

    assert "gateway_does_not_report" not in await merchant.findings()


async def test_a_refused_operation_brings_the_gateways_own_answer(merchant: Merchant) -> None:
    payment = await paid_playing(
        merchant,
        'operations: {refund: [{result: failed, gateway_code: "91", message: Issuer is out}]}\n',
    )

    refused = (await merchant.refund(payment, "4.000")).json

    assert (refused["detail"], refused["result"]) == ("Issuer is out", "failed")
    said = refused["pg_response"]
    assert said["result"] == "FAILURE"
    assert said["response"] == {
        "acquirerCode": "91",
        "acquirerMessage": "Issuer is out",
        "gatewayCode": "ACQUIRER_SYSTEM_ERROR",
    }
    assert (said["transaction"]["type"], said["transaction"]["amount"]) == ("REFUND", "4.000")


@pytest.mark.parametrize(
    ("gateway", "code_field", "words"),
    [("knet", "authRespCode", "NOT REFUNDED"), ("my-own-bank", "response_code", "DECLINED")],
)
async def test_each_family_refuses_in_its_own_words(
    merchant: Merchant, gateway: str, code_field: str, words: str
) -> None:
    payment = await paid_playing(
        merchant, "operations: {refund: [{result: failed}]}\n", pg_codes=[gateway]
    )

    first = (await merchant.refund(payment)).json["pg_response"]
    second = (await merchant.refund(payment)).json["pg_response"]

    assert first[code_field] == "05"
    assert words in first.values()
    # Each is an exchange of its own, with numbers of its own.
    assert first != second


async def test_a_queued_refund_has_no_code_until_it_is_rejected(
    merchant: Merchant, clock: StoppedClock, receiver: Receiver
) -> None:
    await merchant.control("PATCH", "/settings", {"webhook_url": receiver.url})
    payment = await paid_playing(
        merchant,
        'operations: {refund: [{result: queued, settle: rejected, after: 1h, gateway_code: "14"}]}\n',
    )

    queued = (await merchant.refund(payment)).json["pg_response"]
    await clock.advance("1h")
    rejected = receiver.payloads[-1]["pg_response"]

    assert (queued["result"], queued["response"]) == ("PENDING", {"gatewayCode": "PENDING"})
    assert rejected["response"]["acquirerCode"] == "14"
    assert rejected["response"]["gatewayCode"] == "DECLINED_INVALID_CARD"
    assert rejected["transaction"]["id"] == queued["transaction"]["id"]
